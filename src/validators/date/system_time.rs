//! `SystemTime` to and from HTTP-date: the bridge to file systems and to other crates.

use std::time::{Duration, SystemTime};

use super::super::etag::is_known;
use super::{HttpDate, OutOfRange};

/// The clock of this machine, and times of its file system. With the feature `std`.
impl HttpDate {
    /// The current time, by the clock of this machine: for [`Policy::now`](crate::Policy::now) and
    /// for `Date`. A clock that is set beyond the year 9999 gives [`MAX`](Self::MAX).
    ///
    /// ```
    /// use http_conditional::HttpDate;
    ///
    /// assert!(HttpDate::now().to_unix() > 1_700_000_000);
    /// ```
    #[must_use]
    pub fn now() -> Self {
        Self::nearest(SystemTime::now())
    }

    fn nearest(time: SystemTime) -> Self {
        let limit = if time < SystemTime::UNIX_EPOCH {
            Self::MIN
        } else {
            Self::MAX
        };
        Self::try_from(time).unwrap_or(limit)
    }

    /// This time, rounded down to the second; [`None`] outside the years 0 to 9999. It does what
    /// `TryFrom` does, under a name that is easier to find.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use http_conditional::HttpDate;
    ///
    /// let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_900);
    /// let date = HttpDate::from_system_time(modified);
    /// assert_eq!(date.map(HttpDate::to_unix), Some(784_111_777));
    /// ```
    #[must_use]
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        Self::try_from(time).ok()
    }

    /// When a file was last modified, for `Last-Modified`. Like
    /// [`from_system_time`](Self::from_system_time), but [`None`] also for 0 and 1 second after the
    /// Unix epoch, which images and package stores set: that is not when the file changed, and a
    /// client that believed it would never get the next version.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use http_conditional::HttpDate;
    ///
    /// let set = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    /// assert_eq!(HttpDate::of_file(set), None);
    /// ```
    #[must_use]
    pub fn of_file(modified: SystemTime) -> Option<Self> {
        Self::from_system_time(modified).filter(|date| is_known(date.to_unix()))
    }
}

/// Rounded down to the second, before 1970 too. Do this once, and use the result both for
/// `Last-Modified` and for the evaluation, so that what the client sends back matches.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use http_conditional::HttpDate;
///
/// let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_900);
/// assert_eq!(HttpDate::try_from(modified)?.to_unix(), 784_111_777);
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
impl TryFrom<SystemTime> for HttpDate {
    type Error = OutOfRange;

    fn try_from(time: SystemTime) -> Result<Self, OutOfRange> {
        let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()),
            Err(error) => {
                let before = error.duration();
                let whole = before
                    .as_secs()
                    .saturating_add(u64::from(before.subsec_nanos() != 0));
                i64::try_from(whole).map(|seconds| -seconds)
            }
        };
        Self::from_unix(seconds.map_err(|_| OutOfRange(()))?)
    }
}

/// Fails only where the platform's clock does not reach that far back.
impl TryFrom<HttpDate> for SystemTime {
    type Error = OutOfRange;

    fn try_from(date: HttpDate) -> Result<Self, OutOfRange> {
        let distance = Duration::from_secs(date.to_unix().unsigned_abs());
        let time = if date.to_unix() < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or(OutOfRange(()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::HttpDate;

    #[test]
    fn a_clock_that_is_set_too_far_gives_the_nearest_date() {
        let far = Duration::from_secs(1_000_000_000_000);
        let before = SystemTime::UNIX_EPOCH.checked_sub(far);
        let after = SystemTime::UNIX_EPOCH.checked_add(far);
        // Not every platform has such times.
        assert!(before.map_or(true, |time| HttpDate::nearest(time) == HttpDate::MIN));
        assert!(after.map_or(true, |time| HttpDate::nearest(time) == HttpDate::MAX));
        let epoch = HttpDate::nearest(SystemTime::UNIX_EPOCH);
        assert_eq!(epoch.to_unix(), 0);
    }
}
