// SPDX-License-Identifier: BSD-2-Clause
//! bootstrap's user space in Rust: the same BPF object, the same lines as ../bootstrap/bootstrap.c prints.
use core::mem::{align_of, size_of};
use core::ops::ControlFlow;
use std::process::exit;
use std::time::{SystemTime, UNIX_EPOCH};

use wasm_bpf::{read, text, Errno, Object, Plain};

static BPF: &[u8] = include_bytes!("../bootstrap/bootstrap.bpf.o");

/// ../bootstrap/bootstrap.h's `struct event`. Fixed-width members have the same offsets in Rust, C and BPF.
#[derive(Clone, Copy)]
#[repr(C)]
struct Event {
    duration_ns: u64,
    pid: i32,
    ppid: i32,
    exit_code: u32,
    is_exit: i32,
    comm: [u8; 16],
    filename: [u8; 128],
}

// What C has: the compiler stops where one of them is not so.
const _: () = assert!(size_of::<Event>() == 168);
const _: () = assert!(align_of::<Event>() == 8);

// SAFETY: repr(C), numbers and bytes alone, no padding.
unsafe impl Plain for Event {}

const USAGE: &str = "usage: bootstrap-rs [-d MS]
Prints a line for every process that starts and for every process that ends.
  -d, --duration MS   only ends of processes that lived at least MS milliseconds
  -h, --help          this text";

fn print_event(event: &Event) {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let kind = if event.is_exit != 0 { "EXIT" } else { "EXEC" };
    print!("{hour:02}:{minute:02}:{second:02} {kind:<5} {:<16} {:<7} {:<7} ", text(&event.comm), event.pid, event.ppid);
    if event.is_exit == 0 {
        println!("{}", text(&event.filename));
        return;
    }
    match event.exit_code & 0x7f {
        0 => print!("[{}]", event.exit_code >> 8 & 0xff),
        signal => print!("[signal {signal}]"),
    }
    if event.duration_ns != 0 {
        print!(" ({}ms)", event.duration_ns / 1_000_000);
    }
    println!();
}

fn run(min_duration_ms: u64) -> wasm_bpf::Result<()> {
    let mut object = Object::open(BPF)?;
    // The object's only read-only variable, min_duration_ns: `gen skeleton -o json` lists names, offsets and sizes.
    object.set_initial_value(".rodata", &min_duration_ms.saturating_mul(1_000_000).to_le_bytes())?;
    let object = object.load()?;
    object.attach_all()?;
    let events = object.map("rb")?;

    println!("{:<8} {:<5} {:<16} {:<7} {:<7} {}", "TIME", "EVENT", "COMM", "PID", "PPID", "FILENAME/EXIT CODE");
    let mut place = [0; size_of::<Event>()];
    loop {
        let polled = object.poll(&events, &mut place, 100, |bytes| {
            if let Some(event) = read(bytes) {
                print_event(&event);
            }
            ControlFlow::Continue(())
        });
        match polled {
            Ok(_) => {}
            Err(Errno::EINTR) => return Ok(()), // Ctrl-C
            Err(e) => return Err(e),
        }
    }
}

fn main() {
    let mut min_duration_ms = 0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => {
                println!("{USAGE}");
                return;
            }
            "-d" | "--duration" => {
                let value = arguments.next().unwrap_or_default();
                match value.parse() {
                    Ok(number) => min_duration_ms = number,
                    Err(_) => {
                        eprintln!("bootstrap-rs: {argument} {value}: not a number of milliseconds");
                        exit(2);
                    }
                }
            }
            _ => {
                eprintln!("{USAGE}");
                exit(2);
            }
        }
    }
    if let Err(e) = run(min_duration_ms) {
        eprintln!("bootstrap-rs: {e}");
        exit(1);
    }
}
