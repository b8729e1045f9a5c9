//! How much of the stack has ever been in use.

use cortex_m_rt::STACK_PAINT_VALUE;

unsafe extern "C" {
    static _stack_end: u32;
    static _stack_start: u32;
}

/// In bytes. What is still painted, from the far end on, has never been used.
pub fn high_water_mark() -> u32 {
    let start = &raw const _stack_start;
    let mut place = &raw const _stack_end;
    // SAFETY: all of it is RAM that is there, and only read.
    while place < start && unsafe { place.read_volatile() } == STACK_PAINT_VALUE {
        place = place.wrapping_add(1);
    }
    start.addr().wrapping_sub(place.addr()) as u32
}
