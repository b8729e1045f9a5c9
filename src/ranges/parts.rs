//! The parts that a 206 carries (RFC 9110 section 15.3.7).

use core::iter;
use core::slice;

use super::{ByteRange, ContentRange, ResolvedRanges};

/// A part of a representation that a 206 response carries: a range, and the length of the whole.
///
/// ```
/// use http_conditional::{Decision, RangeResponse};
///
/// let range: &[u8] = b"bytes=2-3";
/// let response = RangeResponse::new(Decision::Perform, Some(range), 10);
/// let RangeResponse::Part(part) = response else {
///     unreachable!();
/// };
/// assert_eq!(part.range().of(b"0123456789"), Some(b"23".as_slice()));
/// assert_eq!(part.content_range().to_string(), "bytes 2-3/10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    range: ByteRange,
    /// Above `range.last`.
    complete_length: Option<u64>,
}

impl Part {
    /// The caller has resolved the range against the length.
    pub(super) const fn new(range: ByteRange, complete_length: u64) -> Self {
        Self::of_stored(range, Some(complete_length))
    }

    /// A part of what a cache holds, where the complete length may not be known. The range lies
    /// within it, where it is.
    pub(crate) const fn of_stored(range: ByteRange, complete_length: Option<u64>) -> Self {
        Self {
            range,
            complete_length,
        }
    }

    /// Which bytes the part is. Its [`len`](ByteRange::len) is the `Content-Length` of a response
    /// with this one part.
    #[must_use]
    pub const fn range(self) -> ByteRange {
        self.range
    }

    /// The `Content-Range` of the part: in the header section of a response with this one part,
    /// in the body part where there are several.
    #[must_use]
    pub const fn content_range(self) -> ContentRange {
        ContentRange::of_part(self.range, self.complete_length)
    }

    /// Both as one, with all that lies between them, if they overlap or lie no more than `gap`
    /// bytes apart. They are parts of the same representation.
    pub(crate) fn joined(self, other: Self, gap: u64) -> Option<Self> {
        self.range.is_near(other.range, gap).then(|| Self {
            range: self.range.hull(other.range),
            ..self
        })
    }
}

/// The parts of a 206 response with several, in order; their number is known.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct Parts<'a> {
    pub(super) source: Source<'a>,
    pub(super) complete_length: u64,
    pub(super) remaining: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Source<'a> {
    /// The first `n` of these are the parts, and which comes next. Left out on small processors,
    /// because it takes 200 bytes of code on a Cortex-M0.
    #[cfg(all(target_pointer_width = "64", not(http_conditional_small)))]
    Kept([ByteRange; super::tally::KEPT], usize),
    Requested(ResolvedRanges<'a>),
    Coalesced(iter::Copied<slice::Iter<'a, ByteRange>>),
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        self.remaining = self.remaining.checked_sub(1)?;
        let range = match &mut self.source {
            #[cfg(all(target_pointer_width = "64", not(http_conditional_small)))]
            Source::Kept(ranges, at) => {
                let range = ranges.get(*at).copied();
                *at += 1;
                range
            }
            Source::Requested(ranges) => ranges.next(),
            Source::Coalesced(ranges) => ranges.next(),
        }?;
        Some(Part {
            range,
            complete_length: Some(self.complete_length),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.remaining, Some(self.remaining))
    }
}

impl ExactSizeIterator for Parts<'_> {
    fn len(&self) -> usize {
        self.remaining
    }
}
impl iter::FusedIterator for Parts<'_> {}
