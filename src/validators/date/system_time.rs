//! `SystemTime` to and from HTTP-date: the bridge to file systems and to other crates.

use std::time::{Duration, SystemTime};

use super::{HttpDate, OutOfRange};

/// Cut to the whole second before it, on either side of 1970. Do this once, and use the result
/// both for `Last-Modified` and for the evaluation, so that a client's copy of the one matches
/// the other.
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
