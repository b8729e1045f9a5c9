//! What stands for the time of day on a device that never knows it: see `time.rs`. Without the
//! feature `dates` the crate reads no date, and nothing has one.

use http_conditional::{Policy, Representation};

pub const CLOCK: Option<&[u8]> = None;

#[derive(Default)]
pub struct Clock;

impl Clock {
    pub fn set(&mut self, _: &[u8]) -> bool {
        false
    }

    pub fn now(&self) -> Now {
        Now
    }
}

#[derive(Clone, Copy)]
pub struct Now;

impl Now {
    pub const UNKNOWN: Self = Self;

    pub fn is_known(self) -> bool {
        false
    }

    pub fn policy(self) -> Policy {
        Policy::new()
    }

    pub fn text(self) -> Option<[u8; 29]> {
        None
    }

    pub fn date(self, current: Representation<'_>, _: Self) -> Representation<'_> {
        current
    }
}

pub fn last_modified(_: Representation<'_>) -> Option<[u8; 29]> {
    None
}
