//! Time since power-on, and the time of day once somebody has set it.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::exception;
use http_conditional::HttpDate;

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

/// The time of day: a device with no battery does not know it until it is told.
#[derive(Default)]
pub struct Clock {
    /// What was set, and when, in seconds since power-on.
    set: Option<(HttpDate, u32)>,
}

impl Clock {
    pub fn set(&mut self, now: HttpDate) {
        self.set = Some((now, SECONDS.load(Ordering::Relaxed)));
    }

    pub fn now(&self) -> Option<HttpDate> {
        let (date, at) = self.set?;
        let passed = SECONDS.load(Ordering::Relaxed).wrapping_sub(at);
        HttpDate::from_unix(date.to_unix() + i64::from(passed)).ok()
    }
}
