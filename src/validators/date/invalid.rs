//! What is wrong with a date: a value that is not an HTTP-date, or a time that an HTTP-date cannot
//! express (RFC 9110 section 5.6.7).

use core::fmt;

use crate::invalid::Invalid;

/// Why a field value is not an HTTP-date, and where.
///
/// ```
/// use http_conditional::{HttpDate, InvalidDateKind};
///
/// let error = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 UTC", None).unwrap_err();
/// assert_eq!(error.kind(), InvalidDateKind::Zone);
/// assert_eq!(error.index(), 26);
/// assert_eq!(error.to_string(), "not an HTTP-date: expected `GMT` at byte 26");
/// ```
pub type InvalidDate = Invalid<InvalidDateKind>;

/// What is wrong with a value that is not an HTTP-date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidDateKind {
    /// Not the name of a day: `Sun` to `Sat`, or `Sunday` to `Saturday` before a two-digit year.
    DayName,
    /// Not the punctuation or the single space that the format has there.
    Separator,
    /// Not two digits, or not a day of that month in that year.
    Day,
    /// Not `Jan` to `Dec`.
    Month,
    /// Not four digits, or two in an rfc850-date.
    Year,
    /// Not `00` to `23`.
    Hour,
    /// Not `00` to `59`.
    Minute,
    /// Not `00` to `59`, nor `60` in `23:59:60`.
    Second,
    /// Not `GMT`.
    Zone,
    /// More bytes after the date.
    End,
    /// The date does not fall on that day of the week.
    Weekday,
    /// A two-digit year, and no clock that tells its century.
    Century,
}

impl fmt::Display for InvalidDateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DayName => "not an HTTP-date: expected the English name of a day of the week",
            Self::Separator => "not an HTTP-date: expected other punctuation or a single space",
            Self::Day => "not an HTTP-date: expected two digits of a day that the month has",
            Self::Month => "not an HTTP-date: expected `Jan` to `Dec`",
            Self::Year => "not an HTTP-date: expected the digits of a year",
            Self::Hour => "not an HTTP-date: expected an hour, `00` to `23`",
            Self::Minute => "not an HTTP-date: expected a minute, `00` to `59`",
            Self::Second => "not an HTTP-date: expected a second, `00` to `59`",
            Self::Zone => "not an HTTP-date: expected `GMT`",
            Self::End => "not an HTTP-date: expected nothing more",
            Self::Weekday => {
                "not an HTTP-date: the date falls on another day of the week than named"
            }
            Self::Century => {
                "not an HTTP-date: a two-digit year, and no clock to tell its century by,"
            }
        })
    }
}

/// A number of seconds outside the years 0000 to 9999, which no HTTP-date can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OutOfRange(pub(crate) ());

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("the time is outside the years 0000 to 9999, which are all that an HTTP-date has")
    }
}

#[cfg(any(feature = "std", feature = "core-error"))]
impl crate::error::Error for OutOfRange {}
