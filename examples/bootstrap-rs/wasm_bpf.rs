// SPDX-License-Identifier: BSD-2-Clause
//! The host functions of wasm-bpf (docs/abi.md) for Rust modules: objects, programs, maps, events.
//!
//! Needs `core` alone: no `std`, no allocator, no other crate. A module that uses it is linked with `--export-table`,
//! since the host calls closures back through the function table.
//!
//! ```ignore
//! let object = Object::open(include_bytes!("foo.bpf.o"))?.load()?;
//! object.attach_all()?;
//! let events = object.map("events")?;
//! let mut place = [0; 256];
//! loop {
//!     object.poll(&events, &mut place, 100, |bytes| {
//!         if let Some(event) = read::<Event>(bytes) { /* ... */ }
//!         ControlFlow::Continue(())
//!     })?;
//! }
//! ```
#![no_std]

use core::ffi::c_void;
use core::fmt;
use core::mem::{size_of, MaybeUninit};
use core::ops::ControlFlow;

mod host {
    use core::ffi::c_void;

    pub type Sample = extern "C" fn(*mut c_void, *const u8, u32) -> i32;

    #[link(wasm_import_module = "wasm_bpf")]
    extern "C" {
        pub fn wasm_bpf_object_open(elf: *const u8, size: u32, options: *const c_void) -> i64;
        pub fn wasm_bpf_object_load(object: u64) -> i32;
        pub fn wasm_bpf_object_find(object: u64, kind: i32, name: *const u8) -> i32;
        pub fn wasm_bpf_object_get(object: u64, kind: i32, index: i32, property: i32) -> i64;
        pub fn wasm_bpf_map_value(object: u64, map: i32, operation: i32, data: *mut u8, size: u32) -> i32;
        pub fn wasm_bpf_attach(object: u64, kind: i32, index: i32, options: *const c_void) -> i32;
        pub fn wasm_attach_bpf_program(object: u64, name: *const u8, target: *const u8) -> i32;
        pub fn wasm_bpf_map_operate(map: i32, cmd: i32, key: *const u8, value: *mut u8, next_key: *mut u8, flags: u64) -> i32;
        pub fn wasm_bpf_buffer_poll(
            object: u64,
            map: i32,
            sample: Sample,
            context: *mut c_void,
            data: *mut u8,
            size: u32,
            timeout_ms: i32,
        ) -> i32;
        pub fn wasm_close_bpf_object(object: u64) -> i32;
    }
}

// Kinds and properties of wasm_bpf_object_get, operations of wasm_bpf_map_value, commands of wasm_bpf_map_operate.
const OBJECT: i32 = 0;
const MAP: i32 = 1;
const PROGRAM: i32 = 2;
const OBJECT_PROGRAMS: i32 = 2;
const MAP_KEY_SIZE: i32 = 2;
const MAP_FD: i32 = 13;
const MAP_VALUE_BYTES: i32 = 16;
const PROGRAM_AUTOLOAD: i32 = 5;
const PROGRAM_AUTOATTACH: i32 = 6;
const PROGRAM_ATTACHES_ITSELF: i32 = 9;
const VALUE_READ: i32 = 0;
const VALUE_WRITE: i32 = 1;
const LOOKUP: i32 = 1;
const UPDATE: i32 = 2;
const DELETE: i32 = 3;
const NEXT_KEY: i32 = 4;

/// An error number of the kernel: 1 is EPERM, 2 ENOENT, 4 EINTR.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub i32);

impl Errno {
    pub const ENOENT: Errno = Errno(2);
    pub const EINTR: Errno = Errno(4);
    pub const EINVAL: Errno = Errno(22);
    pub const ENAMETOOLONG: Errno = Errno(36);

    fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "EPERM",
            2 => "ENOENT",
            4 => "EINTR",
            7 => "E2BIG",
            9 => "EBADF",
            11 => "EAGAIN",
            12 => "ENOMEM",
            13 => "EACCES",
            14 => "EFAULT",
            16 => "EBUSY",
            17 => "EEXIST",
            19 => "ENODEV",
            22 => "EINVAL",
            28 => "ENOSPC",
            36 => "ENAMETOOLONG",
            95 => "EOPNOTSUPP",
            _ => return None,
        })
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "error {}", self.0),
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub type Result<T> = core::result::Result<T, Errno>;

fn checked(result: i32) -> Result<i32> {
    if result < 0 { Err(Errno(-result)) } else { Ok(result) }
}

fn checked_long(result: i64) -> Result<i64> {
    if result < 0 { Err(Errno(-result as i32)) } else { Ok(result) }
}

/// A C string of at most 255 bytes, without an allocator; longer ones, and such with a zero inside, are errors.
struct Name([u8; 256]);

impl Name {
    fn of(text: &str) -> Result<Name> {
        let mut bytes = [0; 256];
        if text.len() >= bytes.len() {
            return Err(Errno::ENAMETOOLONG);
        }
        if text.as_bytes().contains(&0) {
            return Err(Errno::EINVAL);
        }
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Name(bytes))
    }

    fn as_ptr(&self) -> *const u8 {
        self.0.as_ptr()
    }
}

/// What the programs of a BPF object put into maps and buffers, byte for byte.
///
/// # Safety
/// `#[repr(C)]`, and any bytes are a value: no references, no `bool`, `char` or enumeration.
pub unsafe trait Plain: Copy {}

/// The value in the first bytes of an event, at any alignment; `None` if there are fewer bytes than it has.
pub fn read<T: Plain>(bytes: &[u8]) -> Option<T> {
    if bytes.len() < size_of::<T>() {
        return None;
    }
    // SAFETY: there are as many bytes, and any bytes are a T.
    Some(unsafe { bytes.as_ptr().cast::<T>().read_unaligned() })
}

/// The text before the first zero of a C array; `?` where it is not UTF-8.
pub fn text(bytes: &[u8]) -> &str {
    let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
    core::str::from_utf8(&bytes[..end]).unwrap_or("?")
}

/// An object that the kernel knows nothing of yet: what its data sections begin with can still be changed.
pub struct OpenObject(Handle);

/// A loaded object. When it goes out of scope its programs are detached and everything is freed.
pub struct Object(Handle);

struct Handle(u64);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: takes a number.
        unsafe { host::wasm_close_bpf_object(self.0) };
    }
}

impl Handle {
    fn get(&self, kind: i32, index: i32, property: i32) -> Result<i64> {
        // SAFETY: takes numbers.
        checked_long(unsafe { host::wasm_bpf_object_get(self.0, kind, index, property) })
    }

    fn find(&self, kind: i32, name: &str) -> Result<i32> {
        let name = Name::of(name)?;
        // SAFETY: a C string that lives until the return.
        checked(unsafe { host::wasm_bpf_object_find(self.0, kind, name.as_ptr()) })
    }
}

impl Object {
    /// Reads an ELF object; why it is refused goes to standard error.
    pub fn open(elf: &[u8]) -> Result<OpenObject> {
        // SAFETY: the host reads these bytes before it returns.
        let handle = unsafe { host::wasm_bpf_object_open(elf.as_ptr(), elf.len() as u32, core::ptr::null()) };
        checked_long(handle).map(|handle| OpenObject(Handle(handle as u64)))
    }

    /// Attaches one program as its section name says.
    pub fn attach(&self, program: &str) -> Result<()> {
        let index = self.0.find(PROGRAM, program)?;
        // SAFETY: no options.
        checked(unsafe { host::wasm_bpf_attach(self.0 .0, 0, index, core::ptr::null()) }).map(drop)
    }

    /// Attaches one program to an interface, a cgroup, `path:symbol`, a function: docs/abi.md has what fits which type.
    pub fn attach_to(&self, program: &str, target: &str) -> Result<()> {
        let (program, target) = (Name::of(program)?, Name::of(target)?);
        // SAFETY: C strings that live until the return.
        checked(unsafe { host::wasm_attach_bpf_program(self.0 .0, program.as_ptr(), target.as_ptr()) }).map(drop)
    }

    /// Attaches every program whose section name says where; others are for [`Object::attach_to`].
    pub fn attach_all(&self) -> Result<()> {
        for index in 0..self.0.get(OBJECT, 0, OBJECT_PROGRAMS)? as i32 {
            let has = |property| Ok(self.0.get(PROGRAM, index, property)? != 0);
            if has(PROGRAM_AUTOLOAD)? && has(PROGRAM_AUTOATTACH)? && has(PROGRAM_ATTACHES_ITSELF)? {
                // SAFETY: no options.
                checked(unsafe { host::wasm_bpf_attach(self.0 .0, 0, index, core::ptr::null()) })?;
            }
        }
        Ok(())
    }

    pub fn map(&self, name: &str) -> Result<Map> {
        let index = self.0.find(MAP, name)?;
        Ok(Map {
            fd: self.0.get(MAP, index, MAP_FD)? as i32,
            key_size: self.0.get(MAP, index, MAP_KEY_SIZE)? as usize,
            value_size: self.0.get(MAP, index, MAP_VALUE_BYTES)? as usize,
        })
    }

    /// Waits for events of a ring buffer or perf event array and calls `event` with the bytes of each.
    ///
    /// `place` is where the host puts them: an event that is longer is cut, and that is said on standard error.
    /// `timeout_ms` 0 does not wait, a negative one waits for ever. The number of events, 0 at the time limit,
    /// [`Errno::EINTR`] after Ctrl-C. `ControlFlow::Break` leaves the other events for the next call.
    pub fn poll<F>(&self, map: &Map, place: &mut [u8], timeout_ms: i32, event: F) -> Result<u32>
    where
        F: FnMut(&[u8]) -> ControlFlow<()>,
    {
        let mut context = Context { event, count: 0, stopped: false };
        // SAFETY: the host writes at most place.len() bytes to place and calls sample::<F> with this context on this
        // stack; nothing else uses the two meanwhile.
        let result = unsafe {
            host::wasm_bpf_buffer_poll(
                self.0 .0,
                map.fd,
                sample::<F>,
                (&mut context as *mut Context<F>).cast(),
                place.as_mut_ptr(),
                place.len() as u32,
                timeout_ms,
            )
        };
        match result {
            _ if context.stopped => Ok(context.count),
            -27 => Err(Errno::EINTR), // in WASI's number, as older modules have it
            _ => checked(result).map(|count| count as u32),
        }
    }
}

struct Context<F> {
    event: F,
    count: u32,
    stopped: bool,
}

extern "C" fn sample<F: FnMut(&[u8]) -> ControlFlow<()>>(context: *mut c_void, data: *const u8, size: u32) -> i32 {
    // SAFETY: poll gave this context, and the host has put so many bytes there.
    let (context, bytes) = unsafe { (&mut *context.cast::<Context<F>>(), core::slice::from_raw_parts(data, size as usize)) };
    context.count += 1;
    if (context.event)(bytes).is_break() {
        context.stopped = true;
        return -1;
    }
    0
}

impl OpenObject {
    /// What a data section (`.rodata`, `.data`, `.bss`) begins with: as many bytes as fit, and how many it has.
    pub fn initial_value(&self, section: &str, bytes: &mut [u8]) -> Result<usize> {
        let map = self.0.find(MAP, section)?;
        // SAFETY: the host writes at most so many bytes.
        checked(unsafe { host::wasm_bpf_map_value(self.0 .0, map, VALUE_READ, bytes.as_mut_ptr(), bytes.len() as u32) })
            .map(|size| size as usize)
    }

    /// Sets all bytes of a data section; EINVAL if it has more or fewer.
    pub fn set_initial_value(&mut self, section: &str, bytes: &[u8]) -> Result<()> {
        let map = self.0.find(MAP, section)?;
        // SAFETY: this operation reads alone.
        checked(unsafe { host::wasm_bpf_map_value(self.0 .0, map, VALUE_WRITE, bytes.as_ptr() as *mut u8, bytes.len() as u32) })
            .map(drop)
    }

    /// Makes the maps and loads the programs; why the kernel refuses them goes to standard error.
    pub fn load(self) -> Result<Object> {
        // SAFETY: takes a number.
        checked(unsafe { host::wasm_bpf_object_load(self.0 .0) })?;
        Ok(Object(self.0))
    }
}

/// A map of a loaded object, to be used while that is there: EBADF later.
pub struct Map {
    fd: i32,
    key_size: usize,
    value_size: usize,
}

impl Map {
    pub fn key_size(&self) -> usize {
        self.key_size
    }

    /// Bytes of a value: of a per-CPU map, of the values of all possible CPUs, each rounded up to 8.
    pub fn value_size(&self) -> usize {
        self.value_size
    }

    /// The value of a key, or `None`.
    pub fn get<V: Plain>(&self, key: &[u8]) -> Result<Option<V>> {
        if size_of::<V>() != self.value_size {
            return Err(Errno::EINVAL);
        }
        let mut value = MaybeUninit::<V>::uninit();
        match self.operate(LOOKUP, key, value.as_mut_ptr().cast(), core::ptr::null_mut(), 0) {
            // SAFETY: the host has written all bytes, and any bytes are a V.
            Ok(()) => Ok(Some(unsafe { value.assume_init() })),
            Err(Errno::ENOENT) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// As [`Map::get`] into bytes: `false` if there is no such key.
    pub fn get_bytes(&self, key: &[u8], value: &mut [u8]) -> Result<bool> {
        if value.len() != self.value_size {
            return Err(Errno::EINVAL);
        }
        match self.operate(LOOKUP, key, value.as_mut_ptr(), core::ptr::null_mut(), 0) {
            Ok(()) => Ok(true),
            Err(Errno::ENOENT) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Sets a key's value; flags 0 in any case, 1 only where there is none yet, 2 only where there is one.
    pub fn set(&self, key: &[u8], value: &[u8], flags: u64) -> Result<()> {
        if value.len() != self.value_size {
            return Err(Errno::EINVAL);
        }
        self.operate(UPDATE, key, value.as_ptr() as *mut u8, core::ptr::null_mut(), flags)
    }

    pub fn delete(&self, key: &[u8]) -> Result<()> {
        self.operate(DELETE, key, core::ptr::null_mut(), core::ptr::null_mut(), 0)
    }

    /// The key after `key`, or the first one, into `next`; `false` after the last.
    pub fn next_key(&self, key: Option<&[u8]>, next: &mut [u8]) -> Result<bool> {
        if next.len() != self.key_size {
            return Err(Errno::EINVAL);
        }
        let result = match key {
            Some(key) => self.operate(NEXT_KEY, key, core::ptr::null_mut(), next.as_mut_ptr(), 0),
            // SAFETY: no key; the host writes a key's bytes.
            None => checked(unsafe {
                host::wasm_bpf_map_operate(self.fd, NEXT_KEY, core::ptr::null(), core::ptr::null_mut(), next.as_mut_ptr(), 0)
            })
            .map(drop),
        };
        match result {
            Ok(()) => Ok(true),
            Err(Errno::ENOENT) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// `value` and `next` are null or have room for a value and a key.
    fn operate(&self, cmd: i32, key: &[u8], value: *mut u8, next: *mut u8, flags: u64) -> Result<()> {
        if key.len() != self.key_size {
            return Err(Errno::EINVAL);
        }
        // SAFETY: the sizes are those of the map; an update reads value alone.
        checked(unsafe { host::wasm_bpf_map_operate(self.fd, cmd, key.as_ptr(), value, next, flags) }).map(drop)
    }
}
