//! Entity tags made of what applications have (RFC 9110 section 8.8.3.1), by value.

use core::fmt;

use super::EntityTag;
use crate::bytes::hex_digit;

/// An entity tag made of something that an application has: the version of a row, a UUID, the time
/// of the last change, or what the file system knows. It owns its bytes.
///
/// ```
/// use http_conditional::{Representation, SmallTag};
///
/// let version = SmallTag::from_number(42);
/// let current = Representation::current().etag(version.as_tag());
/// assert_eq!(version.to_string(), "\"42\"");
/// ```
///
/// # Strong or weak
///
/// A strong tag changes whenever a byte of the content does, so that If-Match can guard a write and
/// a download can be resumed. A weak one is enough for a 304.
///
/// | made of | is | because |
/// |---|---|---|
/// | a number or a UUID that every write changes | strong | no write leaves it as it was |
/// | a time, or the size and time of a file | weak | two writes may fall into one tick of the clock, and some programs set the time back |
///
/// [`strong`](Self::strong) makes the second kind strong. Use it if you know better: every write
/// has a time of its own, as with a column that a trigger increments; or a file is replaced as a
/// whole, by renaming, and its time has nanoseconds and is older than one tick of the clock (two
/// seconds are enough on every file system in use). Do not use it if programs write into the file
/// while it is served, or keep the time of what they copy, as `cp -p`, `rsync -t` and `tar` do.
///
/// If one row has several content codings or formats, add something that tells them apart: a tag
/// belongs to one representation, not to a row (section 8.8.3.3).
#[derive(Clone, Copy)]
pub struct SmallTag {
    opaque: [u8; MAX_LEN],
    /// At most `MAX_LEN`.
    length: u8,
    weak: bool,
}

/// Two numbers of 64 bits and one of 32, in hexadecimal, with a hyphen between them.
const MAX_LEN: usize = 16 + 1 + 16 + 1 + 8;

impl SmallTag {
    const EMPTY: Self = Self {
        opaque: [0; MAX_LEN],
        length: 0,
        weak: false,
    };

    /// A strong tag that is this number in decimal: the version of a row, or a counter that every
    /// write changes.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        let mut digits = 1;
        let mut rest = number / 10;
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        let mut tag = Self::EMPTY;
        tag.length = digits;
        let mut rest = number;
        while digits > 0 {
            digits -= 1;
            tag.opaque[digits as usize % MAX_LEN] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        tag
    }

    /// A strong tag that is this number as 32 hexadecimal digits: a UUID that is new with every
    /// write.
    ///
    /// ```
    /// use http_conditional::SmallTag;
    ///
    /// let tag = SmallTag::from_uuid(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);
    /// assert_eq!(tag.to_string(), "\"67e5504410b1426f9247bb680e5fe0c8\"");
    /// ```
    #[must_use]
    pub const fn from_uuid(uuid: u128) -> Self {
        let mut tag = Self::EMPTY;
        let mut rest = uuid;
        let mut index = 32;
        while index > 0 {
            index -= 1;
            tag.opaque[index] = hex_digit((rest & 15) as u8);
            rest >>= 4;
        }
        tag.length = 32;
        tag
    }

    /// A weak tag that says when a row was last changed, in seconds since the Unix epoch and
    /// nanoseconds after that: `updated_at`. [`None`] for the seconds 0 and 1, which mean that
    /// nobody knows the time.
    ///
    /// ```
    /// use http_conditional::SmallTag;
    ///
    /// let tag = SmallTag::from_updated_at(784_111_777, 500_000_000).unwrap();
    /// assert_eq!(tag.to_string(), "W/\"2ebc98a1-1dcd6500\"");
    /// assert!(SmallTag::from_updated_at(0, 0).is_none());
    /// ```
    #[must_use]
    pub fn from_updated_at(seconds: i64, nanoseconds: u32) -> Option<Self> {
        let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
        let tag = EntityTag::from_size_and_modified(0, seconds, nanoseconds, &mut buffer);
        // Without the size, and the hyphen after it.
        let opaque = tag.opaque().get("0-".len()..).unwrap_or_default();
        is_known(seconds).then(|| Self::copied(opaque, true))
    }

    /// A weak tag from what a file system knows: the size in bytes, and the time of the last
    /// modification, as [`EntityTag::from_size_and_modified`] makes it. [`None`] for 0 and 1 second
    /// after the Unix epoch, which images and package stores set: that says nothing about when the
    /// file was changed, and all files have the same.
    ///
    /// The same goes for `Last-Modified`: use [`HttpDate::of_file`](crate::HttpDate::of_file).
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use http_conditional::SmallTag;
    ///
    /// let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_500);
    /// let tag = SmallTag::of_file(4096, modified).unwrap();
    /// assert_eq!(tag.to_string(), "W/\"1000-2ebc98a1-1dcd6500\"");
    /// // If each version is a new file that is renamed into place.
    /// assert_eq!(tag.strong().to_string(), "\"1000-2ebc98a1-1dcd6500\"");
    /// assert!(SmallTag::of_file(4096, SystemTime::UNIX_EPOCH).is_none());
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn of_file(size: u64, modified: std::time::SystemTime) -> Option<Self> {
        let (seconds, nanoseconds) = since_epoch(modified)?;
        let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
        let tag = EntityTag::from_size_and_modified(size, seconds, nanoseconds, &mut buffer);
        is_known(seconds).then(|| Self::copied(tag.opaque(), true))
    }

    /// The same tag, strong, with your promise that it changes with every byte of the content: see
    /// [above](Self#strong-or-weak).
    #[must_use]
    pub const fn strong(self) -> Self {
        Self {
            weak: false,
            ..self
        }
    }

    /// The tag, borrowed.
    #[must_use]
    pub fn as_tag(&self) -> EntityTag<'_> {
        let opaque = self.opaque.get(..self.length.into());
        EntityTag::from_parts(opaque.unwrap_or_default(), self.weak)
    }

    /// The caller has checked that it is all etagc, and not too long.
    fn copied(opaque: &[u8], weak: bool) -> Self {
        let mut tag = Self {
            weak,
            ..Self::EMPTY
        };
        for (place, byte) in tag.opaque.iter_mut().zip(opaque) {
            *place = *byte;
            tag.length += 1;
        }
        tag
    }
}

/// Whether something may have been changed at this time: images and package stores set all times to
/// 0 or 1, so that what they make does not depend on when.
pub(crate) const fn is_known(seconds: i64) -> bool {
    !matches!(seconds, 0 | 1)
}

/// Whole seconds since the Unix epoch, rounded down, and the nanoseconds after that.
#[cfg(feature = "std")]
fn since_epoch(time: std::time::SystemTime) -> Option<(i64, u32)> {
    let (is_before, distance) = match time.duration_since(std::time::SystemTime::UNIX_EPOCH) {
        Ok(after) => (false, after),
        Err(error) => (true, error.duration()),
    };
    let whole = i64::try_from(distance.as_secs()).ok()?;
    Some(match (is_before, distance.subsec_nanos()) {
        (false, nanoseconds) => (whole, nanoseconds),
        (true, 0) => (-whole, 0),
        // One second less than `-whole`, which is what `!` gives.
        (true, nanoseconds) => (!whole, 1_000_000_000 - nanoseconds),
    })
}

/// Writes the field value, as [`EntityTag`] does.
impl fmt::Display for SmallTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}

impl fmt::Debug for SmallTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_tag().fmt(f)
    }
}
