//! Fields of a response with a single value (RFC 9110 section 5.5), as a cache knows them.

use crate::bytes::trim_ows;
use crate::validators::HttpDate;

/// The value of a field, and where it comes from: what the caller said directly counts for more
/// than a field line, whichever came first. Lines are read when their value is needed, because how
/// a date reads may depend on what becomes known later.
#[derive(Clone, Copy)]
pub(super) enum Known<'a, T> {
    Nothing,
    Told(T),
    /// The only line, without white space around it.
    Line(&'a [u8]),
    Repeated,
}

impl<'a, T: Copy> Known<'a, T> {
    pub(super) fn add(&mut self, line: &'a [u8]) {
        *self = match *self {
            Self::Nothing => Self::Line(trim_ows(line)),
            Self::Line(_) | Self::Repeated => Self::Repeated,
            Self::Told(value) => Self::Told(value),
        };
    }

    pub(super) fn get(self, read: impl FnOnce(&'a [u8]) -> Option<T>) -> Option<T> {
        match self {
            Self::Told(value) => Some(value),
            Self::Line(line) => read(line),
            Self::Nothing | Self::Repeated => None,
        }
    }

    pub(super) fn line(self) -> Option<&'a [u8]> {
        match self {
            Self::Line(line) => Some(line),
            Self::Nothing | Self::Told(_) | Self::Repeated => None,
        }
    }

    pub(super) const fn is_there(self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// Section 4.2 of RFC 9111 asks a cache to read dates in upper and lower case.
pub(super) fn read_date(line: &[u8], now: Option<HttpDate>) -> Option<HttpDate> {
    HttpDate::parse_ignore_ascii_case(line, now).ok()
}

/// ```abnf
/// Content-Length = 1*DIGIT
/// ```
pub(super) fn content_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0_u64, |length, byte| match byte {
        b'0'..=b'9' => length.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}
