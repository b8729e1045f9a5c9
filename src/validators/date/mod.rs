//! HTTP-date (RFC 9110 section 5.6.7).

mod calendar;
mod invalid;
mod reading;
#[cfg(feature = "std")]
mod system_time;
mod words;
mod writing;
mod wrong;

use core::fmt;
use core::num::NonZeroI64;

use calendar::{DAYS_PER_400_YEARS, SECONDS_PER_DAY};

use words::OtherZone;

pub use invalid::{InvalidDate, InvalidDateKind, OutOfRange};
pub(crate) use reading::{Received, Spelling};

/// An instant in UTC with a resolution of one second, from year 0000 to year 9999: what an
/// HTTP-date can express ([RFC 9110 section 5.6.7]).
///
/// ```
/// use http_conditional::HttpDate;
///
/// let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", None)?;
/// assert_eq!(date.to_unix(), 784_111_777);
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// # Ok::<(), http_conditional::InvalidDate>(())
/// ```
///
/// With the feature `http`, it goes where a `HeaderValue` goes: `.header("last-modified", date)`.
///
/// [RFC 9110 section 5.6.7]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(
    // Seconds since 0000-01-01T00:00:00Z, plus one: never zero, so that an Option<HttpDate> takes
    // 8 bytes, and never negative, so that the calendar needs no floored division.
    NonZeroI64,
);

/// Seconds from 0000-01-01T00:00:00Z to 1970-01-01T00:00:00Z: 719,528 days.
const UNIX_EPOCH: i64 = 719_528 * SECONDS_PER_DAY;

/// Days from 0000-01-01 to 10000-01-01: 25 cycles of 400 years.
const DAYS: i64 = 25 * DAYS_PER_400_YEARS as i64;

const ONE: NonZeroI64 = match NonZeroI64::new(1) {
    Some(one) => one,
    None => panic!("1 is 0"),
};

impl HttpDate {
    /// 0000-01-01T00:00:00Z, the earliest date that four digits can write.
    pub const MIN: Self = Self::from_start(0);
    /// 9999-12-31T23:59:59Z, the latest date that four digits can write.
    pub const MAX: Self = Self::from_start(DAYS * SECONDS_PER_DAY - 1);

    /// The date that lies `seconds` after 1970-01-01T00:00:00Z, or before it when negative.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// assert_eq!(HttpDate::from_unix(0)?.to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// assert_eq!(HttpDate::from_unix(-1)?.to_string(), "Wed, 31 Dec 1969 23:59:59 GMT");
    /// assert!(HttpDate::from_unix(253_402_300_800).is_err()); // the year 10000
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] before the year 0000 (`-62_167_219_201` and less) and after the year 9999
    /// (`253_402_300_800` and more).
    pub const fn from_unix(seconds: i64) -> Result<Self, OutOfRange> {
        if seconds < Self::MIN.to_unix() || seconds > Self::MAX.to_unix() {
            return Err(OutOfRange(()));
        }
        Ok(Self::from_start(seconds + UNIX_EPOCH))
    }

    /// Seconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub const fn to_unix(self) -> i64 {
        self.since_start() - UNIX_EPOCH
    }

    /// Reads a field value that is one HTTP-date, in any of the three formats that a recipient
    /// has to understand.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let now = HttpDate::from_unix(1_781_481_600).ok(); // June 2026
    /// for value in [
    ///     "Sun, 06 Nov 1994 08:49:37 GMT",  // IMF-fixdate
    ///     "Sunday, 06-Nov-94 08:49:37 GMT", // rfc850-date, obsolete
    ///     "Sun Nov  6 08:49:37 1994",       // asctime-date, obsolete
    /// ] {
    ///     assert_eq!(HttpDate::parse(value.as_bytes(), now)?.to_unix(), 784_111_777);
    /// }
    /// # Ok::<(), http_conditional::InvalidDate>(())
    /// ```
    ///
    /// `now` only matters for the two-digit year of an rfc850-date: the date is taken to be in the
    /// century of `now`, or in the one before if it would be more than 50 years ahead of `now`.
    /// Without a clock, pass `None`: such a date is then an error.
    ///
    /// `23:59:60`, the leap second, reads as `23:59:59`.
    ///
    /// White space around it is ignored: it is not part of a field value (section 5.5). A line end
    /// is not ignored.
    ///
    /// # Errors
    ///
    /// [`InvalidDate`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `Sun, 6 Nov 1994 08:49:37 GMT` | [`Day`](InvalidDateKind::Day) |
    /// | `Sun, 31 Feb 2021 00:00:00 GMT` | [`Day`](InvalidDateKind::Day) |
    /// | `Mon, 06 Nov 1994 08:49:37 GMT` | [`Weekday`](InvalidDateKind::Weekday) |
    /// | `sun, 06 nov 1994 08:49:37 gmt` | [`DayName`](InvalidDateKind::DayName) |
    /// | `Sun, 06 Nov 1994 24:00:00 GMT` | [`Hour`](InvalidDateKind::Hour) |
    /// | `Sun, 06 Nov 1994 08:49:37 +0000` | [`Zone`](InvalidDateKind::Zone) |
    /// | `Sunday, 06-Nov-94 08:49:37 GMT` without `now` | [`Century`](InvalidDateKind::Century) |
    pub fn parse(field_value: &[u8], now: Option<HttpDate>) -> Result<Self, InvalidDate> {
        match words::imf_fixdate(field_value) {
            Some(Ok(date)) => Ok(date),
            Some(Err(OtherZone)) => Err(InvalidDate::new(InvalidDateKind::Zone, OtherZone::INDEX)),
            None => Self::read::<true>(field_value, now, Spelling::EXACT),
        }
    }

    /// Like [`parse`](Self::parse), but reads upper and lower case, as RFC 9111 section 4.2 asks of
    /// caches. Nothing else is relaxed.
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// let value = b"SUN, 06 nov 1994 08:49:37 gmt";
    /// assert!(HttpDate::parse(value, None).is_err());
    /// assert_eq!(HttpDate::parse_ignore_ascii_case(value, None)?.to_unix(), 784_111_777);
    /// # Ok::<(), http_conditional::InvalidDate>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_ignore_ascii_case(
        field_value: &[u8],
        now: Option<HttpDate>,
    ) -> Result<Self, InvalidDate> {
        match words::imf_fixdate(field_value) {
            Some(Ok(date)) => Ok(date),
            _ => Self::read::<false>(field_value, now, Spelling::ANY_CASE),
        }
    }

    /// The date that lies `seconds` after the start of the year 0000; the caller has checked that
    /// it lies in 0..=9999.
    const fn from_start(seconds: i64) -> Self {
        match NonZeroI64::new(seconds + 1) {
            Some(stored) => Self(stored),
            None => Self(ONE), // not reached: seconds is not negative
        }
    }

    const fn since_start(self) -> i64 {
        self.0.get() - 1
    }

    /// Days since 0000-01-01.
    // 0..=2,465,386,874
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    const fn days(self) -> u32 {
        // A day is 128 times 675 seconds: a division of 64 bits costs small processors a lot.
        (self.since_start() >> 7) as u32 / 675
    }

    /// Seconds since midnight.
    // 0..=86,399
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation)]
    const fn second_of_day(self) -> u32 {
        // The difference is right although both numbers are cut to 32 bits.
        (self.since_start() as u32).wrapping_sub(self.days().wrapping_mul(SECONDS_PER_DAY as u32))
    }
}

impl fmt::Debug for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpDate({self})")
    }
}
