//! Time since power-on.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;

const CORE_HZ: u32 = if cfg!(feature = "microbit") {
    16_000_000
} else {
    25_000_000
};
const TICKS_PER_SECOND: u32 = 100;

static TICKS: AtomicU32 = AtomicU32::new(0);
static SECONDS: AtomicU32 = AtomicU32::new(0);

#[exception]
fn SysTick() {
    // Nothing else writes them, and a Cortex-M0 has no read-modify-write.
    let ticks = TICKS.load(Ordering::Relaxed).wrapping_add(1);
    TICKS.store(ticks, Ordering::Relaxed);
    if ticks % TICKS_PER_SECOND == 0 {
        let seconds = SECONDS.load(Ordering::Relaxed).wrapping_add(1);
        SECONDS.store(seconds, Ordering::Relaxed);
    }
}

pub fn start(mut systick: SYST) {
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(CORE_HZ / TICKS_PER_SECOND - 1);
    systick.clear_current();
    systick.enable_interrupt();
    systick.enable_counter();
}

/// For measuring how long something takes.
#[derive(Clone, Copy)]
pub struct Stopwatch(u32);

impl Stopwatch {
    pub fn start() -> Self {
        Self(TICKS.load(Ordering::Relaxed))
    }

    pub fn milliseconds(self) -> u32 {
        TICKS.load(Ordering::Relaxed).wrapping_sub(self.0) * (1000 / TICKS_PER_SECOND)
    }
}

/// Seconds since power-on.
#[cfg(feature = "dates")]
pub fn seconds() -> u32 {
    SECONDS.load(Ordering::Relaxed)
}
