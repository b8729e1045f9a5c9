//! The time of day: a device with no battery does not know it until it is told.

use http_conditional::{HttpDate, Modified, Policy, Representation};

use crate::clock;

/// Where a PUT with an HTTP-date sets it.
pub const CLOCK: Option<&[u8]> = Some(b"/clock");

#[derive(Default)]
pub struct Clock {
    /// What was set, and when, in seconds since power-on.
    set: Option<(HttpDate, u32)>,
}

impl Clock {
    /// Says whether it is a date.
    pub fn set(&mut self, text: &[u8]) -> bool {
        let date = HttpDate::parse(text.trim_ascii(), self.now().0);
        if let Ok(date) = date {
            self.set = Some((date, clock::seconds()));
        }
        date.is_ok()
    }

    pub fn now(&self) -> Now {
        Now(self.set.and_then(|(date, at)| {
            let passed = clock::seconds().wrapping_sub(at);
            HttpDate::from_unix(date.to_unix() + i64::from(passed)).ok()
        }))
    }
}

/// The time, as far as it is known.
#[derive(Clone, Copy)]
pub struct Now(Option<HttpDate>);

impl Now {
    pub const UNKNOWN: Self = Self(None);

    pub fn is_known(self) -> bool {
        self.0.is_some()
    }

    pub fn policy(self) -> Policy {
        self.0.map_or(Policy::new(), |now| Policy::new().now(now))
    }

    /// For a `Date`.
    pub fn text(self) -> Option<[u8; 29]> {
        self.0.map(HttpDate::encode)
    }

    /// With a `Last-Modified`, if this was when it was written, and nobody can see it before
    /// (RFC 9110 section 8.8.2.1).
    pub fn date(self, current: Representation<'_>, now: Self) -> Representation<'_> {
        let written = self.0.map(Modified::Noted);
        current.maybe_last_modified(written.and_then(|written| written.last_modified(now.0)))
    }
}

/// The value of a `Last-Modified`.
pub fn last_modified(of: Representation<'_>) -> Option<[u8; 29]> {
    of.modified().map(HttpDate::encode)
}
