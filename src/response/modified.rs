//! Last-Modified in a response (RFC 9110 section 8.8.2): what an origin server may send, and
//! whether it is a strong validator for those who receive it.

use core::num::NonZeroU32;

use crate::validators::HttpDate;

/// When a resource was last modified, and who says so: what `Last-Modified` is made of ([RFC 9110
/// section 8.8.2.1]).
///
/// Put the same date into the [`Representation`](crate::Representation) that conditions are
/// evaluated against.
///
/// ```
/// use http_conditional::{HttpDate, Modified};
///
/// let now = HttpDate::from_unix(784_111_777)?;
/// let future = HttpDate::from_unix(4_070_908_800)?;
/// assert_eq!(Modified::Noted(future).last_modified(Some(now)), Some(now));
/// // A device without a clock cannot have noted anything, but it can have been told.
/// assert_eq!(Modified::Noted(now).last_modified(None), None);
/// assert_eq!(Modified::Assigned(now).last_modified(None), Some(now));
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
///
/// [RFC 9110 section 8.8.2.1]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum Modified {
    /// This machine noted the date, as its file system does.
    Noted(HttpDate),
    /// Another system assigned the date to the resource: one that has a clock, such as the origin
    /// of a mirrored file or the machine that built a firmware image.
    Assigned(HttpDate),
}

impl Modified {
    /// The date to send as `Last-Modified`, if any may be sent. `now` is the `Date` of the
    /// response, `None` without a clock.
    ///
    /// With a clock, a date in the future becomes `now`. Without one, only a date that another
    /// system assigned may be sent.
    #[must_use]
    pub const fn last_modified(self, now: Option<HttpDate>) -> Option<HttpDate> {
        match (self, now) {
            // 8.8.2.1: MUST NOT be later than Date, and MUST be replaced by it.
            (Self::Noted(date) | Self::Assigned(date), Some(now)) => {
                Some(if date.to_unix() > now.to_unix() {
                    now
                } else {
                    date
                })
            }
            // 8.8.2.1: MUST NOT be generated without a clock, unless some other system did.
            (Self::Assigned(date), None) => Some(date),
            (Self::Noted(_), None) => None,
        }
    }
}

/// What a client or a cache knows of the clocks that wrote the `Last-Modified` and the `Date` of
/// a response (RFC 9110 section 8.8.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
#[non_exhaustive]
pub enum Clocks {
    /// Nothing: do not trust them.
    Untrusted,
    /// There is reason to believe that they are the same clock.
    Same,
    /// They may be two clocks, but are unlikely to be this many seconds apart. It is a matter of
    /// judgement: RFC 7232 had 60 seconds, and RFC 9110 no longer gives a number.
    Within(NonZeroU32),
}

impl HttpDate {
    /// Whether this `Last-Modified`, of a response that a client or a cache has, is a strong
    /// validator ([RFC 9110 section 8.8.2.2]): the response's `Date` is later by at least one
    /// second, and by at least as much as the clocks may be apart.
    ///
    /// Without a `Date` it is never strong. A date that is not strong must not be used in If-Range,
    /// nor for putting parts together.
    ///
    /// ```
    /// use http_conditional::{Clocks, HttpDate};
    ///
    /// let last_modified = HttpDate::from_unix(784_111_777)?;
    /// let date = HttpDate::from_unix(784_111_778)?;
    /// assert!(last_modified.is_strong(Some(date), Clocks::Same));
    /// assert!(!last_modified.is_strong(Some(last_modified), Clocks::Same));
    /// assert!(!last_modified.is_strong(Some(date), Clocks::Untrusted));
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    ///
    /// For an origin server, the date alone does not tell: see
    /// [`Representation::strong_last_modified`](crate::Representation::strong_last_modified).
    ///
    /// [RFC 9110 section 8.8.2.2]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
    #[must_use]
    pub const fn is_strong(self, date: Option<HttpDate>, clocks: Clocks) -> bool {
        let gap = match clocks {
            Clocks::Untrusted => return false,
            Clocks::Same => 1,
            Clocks::Within(seconds) => seconds.get() as i64,
        };
        match date {
            Some(date) => date.to_unix() - self.to_unix() >= gap,
            None => false,
        }
    }
}
