// What DwarfTest looks up: a check that the compiler inlines into its caller.
#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

mod math {
    #[inline(always)]
    pub fn checked(a: i32, b: i32) -> i32 {
        if b == 0 {
            core::arch::wasm32::unreachable()
        }
        a.wrapping_div(b)
    }

    #[inline(never)]
    pub fn middle(a: i32, b: i32) -> i32 {
        checked(a, b).wrapping_add(1)
    }
}

#[no_mangle]
pub extern "C" fn run(b: i32) -> i32 {
    math::middle(100, b).wrapping_mul(2)
}
