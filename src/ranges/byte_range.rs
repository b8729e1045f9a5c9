//! A range of bytes (RFC 9110 section 14.1.2).

use core::ops::{Range, RangeInclusive};

/// A range of bytes: the positions of its first and its last, counted from zero and both included
/// ([RFC 9110 section 14.1.2]). It has at least one byte.
///
/// ```
/// use http_conditional::ByteRange;
///
/// let range = ByteRange::new(5, 9).unwrap();
/// assert_eq!((range.first(), range.last(), range.len()), (5, 9, 5));
/// assert_eq!(range.of(b"0123456789abc"), Some(b"56789".as_slice()));
/// assert_eq!(ByteRange::new(9, 5), None);
/// ```
///
/// [RFC 9110 section 14.1.2]: https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ByteRange {
    first: u64,
    /// No less than `first`, and less than [`u64::MAX`].
    last: u64,
}

impl ByteRange {
    /// The bytes from `first` to `last`. `None` if `last` is less than `first`, or is
    /// [`u64::MAX`]: the length of content that long does not fit into a [`u64`].
    #[must_use]
    pub const fn new(first: u64, last: u64) -> Option<Self> {
        if first <= last && last < u64::MAX {
            Some(Self { first, last })
        } else {
            None
        }
    }

    /// The position of the first byte.
    #[must_use]
    pub const fn first(self) -> u64 {
        self.first
    }

    /// The position of the last byte.
    #[must_use]
    pub const fn last(self) -> u64 {
        self.last
    }

    /// The number of bytes, which is never 0.
    #[must_use]
    // It is never empty.
    #[allow(clippy::len_without_is_empty)]
    pub const fn len(self) -> u64 {
        self.last - self.first + 1
    }

    /// These bytes of content that is in memory; `None` where it does not reach that far.
    #[must_use]
    pub fn of(self, content: &[u8]) -> Option<&[u8]> {
        let first = usize::try_from(self.first).ok()?;
        let last = usize::try_from(self.last).ok()?;
        content.get(first..=last)
    }

    /// Whether the two overlap or lie no more than `gap` bytes apart.
    pub(crate) const fn is_near(self, other: Self, gap: u64) -> bool {
        let (low, high) = if self.first <= other.first {
            (self, other)
        } else {
            (other, self)
        };
        high.first.saturating_sub(low.last).saturating_sub(1) <= gap
    }

    /// Both, and all that lies between them.
    pub(crate) fn hull(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

/// From the first byte to the one after the last, as slices and files are cut. The last is never
/// [`u64::MAX`], so this cannot overflow.
///
/// ```
/// use core::ops::Range;
/// use http_conditional::ByteRange;
///
/// let range = ByteRange::new(2, 3).map(Range::from);
/// assert_eq!(range, Some(2..4));
/// ```
impl From<ByteRange> for Range<u64> {
    fn from(range: ByteRange) -> Self {
        range.first..range.last + 1
    }
}

impl From<ByteRange> for RangeInclusive<u64> {
    fn from(range: ByteRange) -> Self {
        range.first..=range.last
    }
}

/// The first byte alone, to fill a slice that you lend to
/// [`RangeResponse::coalesce`](crate::RangeResponse::coalesce).
impl Default for ByteRange {
    fn default() -> Self {
        Self { first: 0, last: 0 }
    }
}
