//! What the file system says about one version of a file, and the validators that may be made of
//! it (RFC 9110 sections 8.8.1 and 8.8.2).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

/// A file that changed less than this long ago may change again and keep the time in its stamp:
/// some file systems count time in steps of two seconds, and clocks of file servers differ a
/// little.
const RECENT: Duration = Duration::from_secs(2);

/// Size and times of a file, which tell its versions apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    modified: Option<Time>,
    /// When the content or anything else about the file was changed: set by the system, and by
    /// nobody else. Not every system has it.
    changed: Option<Time>,
    /// Device and inode, which are not in any tag: they tell files apart, on this machine only.
    place: Option<(u64, u64)>,
}

/// Seconds and nanoseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Time(i64, u32);

/// What a tag made of a stamp is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Every change has another stamp. One exception cannot be seen: what is written through mmap
    /// to a page that was written to before, and is not on the disk yet, keeps the times.
    Strong,
    /// A change may have the same stamp.
    Weak,
    /// It changed just now, and may change again without another stamp.
    Recent,
    /// There is no time to go by.
    None,
}

impl Stamp {
    #[cfg(unix)]
    pub(crate) fn of(metadata: &cap_std::fs::Metadata) -> Self {
        use cap_std::fs::MetadataExt;

        Self {
            size: metadata.size(),
            modified: Time::new(metadata.mtime(), metadata.mtime_nsec()),
            changed: Time::new(metadata.ctime(), metadata.ctime_nsec()),
            place: Some((metadata.dev(), metadata.ino())),
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &cap_std::fs::Metadata) -> Self {
        let modified = metadata.modified().ok();
        let since = modified.and_then(|time| time.into_std().duration_since(UNIX_EPOCH).ok());
        Self {
            size: metadata.len(),
            modified: since.and_then(|since| {
                let seconds = i64::try_from(since.as_secs()).ok()?;
                Time::new(seconds, since.subsec_nanos().into())
            }),
            changed: None,
            place: None,
        }
    }

    /// One that differs by its size.
    #[cfg(test)]
    pub(crate) fn of_size(size: u64) -> Self {
        Self {
            size,
            modified: None,
            changed: None,
            place: None,
        }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn of_statx(found: &rustix::fs::Statx) -> Self {
        let time = |time: rustix::fs::StatxTimestamp| Time::new(time.tv_sec, time.tv_nsec.into());
        let device = rustix::fs::makedev(found.stx_dev_major, found.stx_dev_minor);
        Self {
            size: found.stx_size,
            modified: time(found.stx_mtime),
            changed: time(found.stx_ctime),
            place: Some((device, found.stx_ino)),
        }
    }

    /// `None` where it is no regular file.
    #[cfg(unix)]
    pub(crate) fn of_open(file: &std::fs::File) -> std::io::Result<Option<Self>> {
        use std::os::unix::fs::MetadataExt;

        let metadata = file.metadata()?;
        Ok(metadata.is_file().then(|| Self {
            size: metadata.size(),
            modified: Time::new(metadata.mtime(), metadata.mtime_nsec()),
            changed: Time::new(metadata.ctime(), metadata.ctime_nsec()),
            place: Some((metadata.dev(), metadata.ino())),
        }))
    }

    #[cfg(not(unix))]
    pub(crate) fn of_open(file: &std::fs::File) -> std::io::Result<Option<Self>> {
        let metadata = cap_std::fs::Metadata::from_file(file)?;
        Ok(metadata.is_file().then(|| Self::of(&metadata)))
    }

    /// Whether an open file, which had this stamp, still has the same content. One that another has
    /// taken the name of has it, although that changes the time of its last change.
    pub(crate) fn is_still(&self, file: &std::fs::File) -> std::io::Result<bool> {
        let Some(now) = Self::of_open(file)? else {
            return Ok(false);
        };
        let same_but_unlinked = Self {
            changed: self.changed,
            ..now
        };
        Ok(now == *self || (same_but_unlinked == *self && is_unlinked(file)?))
    }

    /// When the content was last written, as far as that is known. Image builders and package
    /// stores set the times 0 and 1: they are no dates.
    pub(crate) fn modified(&self) -> Option<SystemTime> {
        let Time(seconds, nanoseconds) = self.modified?;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let start = if seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)
        } else {
            UNIX_EPOCH.checked_add(whole)
        };
        start?.checked_add(Duration::from_nanos(nanoseconds.into()))
    }

    /// Whether this was written after `other`, or at the same time.
    pub(crate) fn is_as_new_as(&self, other: &Self) -> bool {
        let order = |stamp: &Self| stamp.modified.map(|Time(seconds, nanos)| (seconds, nanos));
        order(self) >= order(other)
    }

    /// What a tag of this stamp is worth at that time.
    pub(crate) fn worth(&self, now: SystemTime) -> Worth {
        let Some(last) = self.changed.or(self.modified) else {
            return Worth::None;
        };
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let settled = now.checked_sub(RECENT).is_some_and(|limit| {
            let limit = (i64::try_from(limit.as_secs()), limit.subsec_nanos());
            matches!(limit, (Ok(seconds), nanos) if (last.0, last.1) <= (seconds, nanos))
        });
        if !settled {
            return Worth::Recent;
        }
        match self.changed {
            // Read-only images have one time for both, which is the same in the next image.
            Some(Time(_, 0)) if self.changed == self.modified => Worth::Weak,
            Some(_) => Worth::Strong,
            None => Worth::Weak,
        }
    }

    /// The characters of a tag: the same for the same size and times, also after a restart. They
    /// tell nothing about them.
    ///
    /// The tag of a recent file is another one than that of the same file later, as a change in
    /// between would not be seen.
    pub(crate) fn opaque(&self, worth: Worth, coding: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(b"http-conditional 1\0");
        hash.update(coding);
        hash.update([0, u8::from(worth == Worth::Recent)]);
        hash.update(self.size.to_le_bytes());
        for time in [self.modified, self.changed] {
            let Time(seconds, nanoseconds) = time.unwrap_or(Time(i64::MIN, 0));
            hash.update(seconds.to_le_bytes());
            hash.update(nanoseconds.to_le_bytes());
        }
        hex(&hash.finalize()[..16])
    }
}

#[cfg(unix)]
fn is_unlinked(file: &std::fs::File) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    Ok(file.metadata()?.nlink() == 0)
}

#[cfg(not(unix))]
fn is_unlinked(_: &std::fs::File) -> std::io::Result<bool> {
    Ok(false)
}

impl Time {
    fn new(seconds: i64, nanoseconds: i64) -> Option<Self> {
        let nanoseconds = u32::try_from(nanoseconds).ok()?;
        (!matches!(seconds, 0 | 1)).then_some(Self(seconds, nanoseconds))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 0xf] {
            digits.extend(char::from_digit(digit.into(), 16));
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn stamp(modified: (i64, i64), changed: (i64, i64)) -> Stamp {
        Stamp {
            size: 10,
            modified: Time::new(modified.0, modified.1),
            changed: Time::new(changed.0, changed.1),
            place: None,
        }
    }

    fn worth(modified: (i64, i64), changed: (i64, i64)) -> Worth {
        let now = UNIX_EPOCH + Duration::from_secs(NOW);
        stamp(modified, changed).worth(now)
    }

    /// 9110-8.8.1-01: a tag is strong only where no other content can have it.
    #[test]
    fn a_strong_tag_takes_a_time_that_is_over() {
        let now = i64::try_from(NOW).unwrap();
        for (modified, changed, expected) in [
            ((5, 1), (now - 10, 1), Worth::Strong),
            ((5, 1), (now - 2, 0), Worth::Strong),
            // As git's index has it: it may change once more at the same time.
            ((5, 1), (now - 2, 1), Worth::Recent),
            ((5, 1), (now, 0), Worth::Recent),
            ((5, 1), (now + 100, 0), Worth::Recent),
            // One time for both, in whole seconds.
            ((5, 0), (5, 0), Worth::Weak),
            ((0, 0), (5, 0), Worth::Strong),
            // The time that package stores set means nothing.
            ((0, 0), (0, 0), Worth::None),
            ((1, 0), (1, 0), Worth::None),
            // A system that does not say when it changed.
            ((5, 1), (0, 0), Worth::Weak),
        ] {
            assert_eq!(
                worth(modified, changed),
                expected,
                "{modified:?} {changed:?}"
            );
        }
    }

    #[test]
    fn times_0_and_1_are_no_dates() {
        assert_eq!(stamp((0, 0), (5, 5)).modified(), None);
        assert_eq!(stamp((1, 7), (5, 5)).modified(), None);
        let before = UNIX_EPOCH - Duration::from_millis(100);
        assert_eq!(stamp((-1, 900_000_000), (5, 5)).modified(), Some(before));
    }

    #[test]
    fn any_difference_makes_another_tag() {
        let tag = |stamp: Stamp| stamp.opaque(Worth::Strong, "");
        let one = stamp((5, 1), (6, 1));
        let mut all = vec![
            tag(one),
            one.opaque(Worth::Recent, ""),
            one.opaque(Worth::Strong, "gzip"),
        ];
        all.push(tag(Stamp { size: 11, ..one }));
        all.push(tag(stamp((5, 2), (6, 1))));
        all.push(tag(stamp((5, 1), (6, 2))));
        all.push(tag(stamp((6, 1), (5, 1))));
        all.push(tag(stamp((5, 1), (0, 0))));
        // Device and inode are left out: they may differ on another machine with the same files.
        let place = Some((1, 2));
        assert_eq!(tag(one), tag(Stamp { place, ..one }));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
