//! What Rust asks for where something panics and there is no std. `.ci/panic-free` proves that nothing here reaches it.

/// Never called.
#[cfg(not(panic_free))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Nobody defines what it calls: it links only where no panic is left.
#[cfg(panic_free)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_can_be_reached() -> !;
    }
    a_panic_can_be_reached()
}

/// The precompiled core of a host names it; nothing unwinds.
#[cfg(all(panic_free, not(any(target_os = "none", target_family = "wasm"))))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// Panics where it is given a 0, so that the proof is seen to fail.
#[cfg(panic_free)]
#[unsafe(no_mangle)]
extern "C" fn deliberate(number: u32) -> u32 {
    7 / number
}
