//! The panic handler, which Rust requires if there is no std. `.ci/panic-free` proves that nothing here reaches it.

/// Never called.
#[cfg(not(panic_free))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// It calls a function that does not exist, so a program links only if no panic can be reached.
#[cfg(panic_free)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_can_be_reached() -> !;
    }
    a_panic_can_be_reached()
}

/// The precompiled core of the host refers to it, though nothing unwinds.
#[cfg(all(panic_free, not(any(target_os = "none", target_family = "wasm"))))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// Panics if `number` is 0. It shows that the proof can fail.
#[cfg(panic_free)]
#[unsafe(no_mangle)]
extern "C" fn deliberate(number: u32) -> u32 {
    7 / number
}
