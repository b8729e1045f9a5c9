//! What stored content can answer (RFC 9111 section 3.3): all of it, parts of it, or nothing.

use core::iter;
use core::slice;

use crate::cache::answer::Answer;
use crate::cache::response::Response;
use crate::conditions::Decision;
use crate::ranges::{ByteRange, Part, Parts, RangePolicy, RangeResponse, coalesce};

impl<'a> Response<'a> {
    /// Whether the stored content can answer a request with this `Range`, or with none ([RFC 9111
    /// section 3.3]): it is complete, or every satisfiable range of the request lies within its
    /// parts, and the default [`RangePolicy`] permits sending those ranges.
    ///
    /// A Range that is malformed or in a unit other than `bytes` is ignored, so it asks for the
    /// whole. A suffix, or a range without an end, lies within the parts only if the complete
    /// length is known. The time it takes is linear in the length of the value and in the number of
    /// parts.
    ///
    /// ```
    /// use http_conditional::ByteRange;
    /// use http_conditional::cache::Response;
    ///
    /// let parts = [ByteRange::new(0, 9).unwrap()];
    /// let broken_off = Response::new(200).parts(&parts);
    /// assert!(broken_off.covers(Some(b"bytes=0-0, 8-9")));
    /// assert!(!broken_off.covers(Some(b"bytes=5-")));
    /// assert!(broken_off.complete_length(10).covers(Some(b"bytes=5-")));
    /// ```
    ///
    /// [RFC 9111 section 3.3]: https://www.rfc-editor.org/rfc/rfc9111#section-3.3
    #[must_use]
    pub fn covers(self, range: Option<&[u8]>) -> bool {
        self.covers_with(range, RangePolicy::new())
    }

    /// Like [`covers`](Self::covers), with another policy on which ranges are sent.
    ///
    /// ```
    /// use http_conditional::cache::Response;
    /// use http_conditional::{ByteRange, RangePolicy};
    ///
    /// let parts = [ByteRange::new(0, 9).unwrap()];
    /// let stored = Response::new(206).parts(&parts);
    /// let one_by_one = RangePolicy::new().max_ranges(1);
    /// assert!(!stored.covers_with(Some(b"bytes=0-0, 8-9"), one_by_one));
    /// ```
    #[must_use]
    pub fn covers_with(self, range: Option<&[u8]>, policy: RangePolicy) -> bool {
        !matches!(self.content(range, policy), Answer::Forward)
    }

    /// What the content answers to a GET with this `Range`, if no condition prevents it;
    /// [`Forward`](Answer::Forward) if something that the request asks for is not there.
    pub(super) fn content(self, range: Option<&'a [u8]>, policy: RangePolicy) -> Answer<'a> {
        let complete = self.is_complete();
        let held = match self.held() {
            Some(parts) if !complete => Some(parts),
            _ => None,
        };
        let all = if complete {
            Answer::Whole
        } else {
            Answer::Forward
        };
        // Without a length, a range without an end goes up to the largest number, and the length of
        // complete content is unknown.
        let length = match (self.length(), held) {
            (Some(length), _) => length,
            (None, Some(_)) => u64::MAX,
            (None, None) => return all,
        };
        match RangeResponse::with_policy(Decision::Perform, range, length, policy) {
            RangeResponse::Part(part) if holds(held, iter::once(part.range())) => {
                Answer::Part(Part::of_stored(part.range(), self.length()))
            }
            RangeResponse::Parts(parts) if holds(held, parts.clone().map(Part::range)) => {
                Answer::Parts(StoredParts {
                    source: Source::Requested(parts),
                    complete_length: self.length(),
                    held,
                })
            }
            RangeResponse::Unsatisfiable(content_range) if complete => {
                Answer::Unsatisfiable(content_range)
            }
            // The whole, which may or may not be there; or something that is not there.
            _ => all,
        }
    }

    /// Whether the content is there from its first byte to its last.
    pub(super) fn is_complete(self) -> bool {
        let last = self.length().map(|length| length.checked_sub(1));
        match (self.held(), last) {
            (None, _) | (Some(_), Some(None)) => true,
            (Some(_), Some(Some(last))) => {
                ByteRange::new(0, last).map_or(false, |all| holds(self.held(), iter::once(all)))
            }
            (Some(_), None) => false,
        }
    }
}

/// Whether all of these ranges lie within what is held, where `None` holds everything.
///
/// It goes on from where the range before was found, so it goes through the parts once, and once
/// more for each range that begins before the one before it.
fn holds(held: Option<&[ByteRange]>, mut ranges: impl Iterator<Item = ByteRange>) -> bool {
    let parts = match held {
        Some(parts) => parts,
        None => return true,
    };
    let mut runs = Runs { rest: parts };
    let mut run = runs.next();
    let mut begun = 0;
    ranges.all(|range| {
        if range.first() < begun {
            runs = Runs { rest: parts };
            run = runs.next();
        }
        begun = range.first();
        while let Some((first, last)) = run {
            if first <= range.first() && range.last() <= last {
                return true;
            }
            run = runs.next();
        }
        false
    })
}

/// The first and last bytes of what is held without a gap. If the parts are out of order, there are
/// more runs than necessary.
struct Runs<'a> {
    rest: &'a [ByteRange],
}

impl Iterator for Runs<'_> {
    type Item = (u64, u64);

    fn next(&mut self) -> Option<(u64, u64)> {
        let (begin, mut rest) = self.rest.split_first()?;
        let (first, mut last) = (begin.first(), begin.last());
        while let Some((part, after)) = rest.split_first() {
            // No byte after the last one is skipped: that is less than u64::MAX.
            if part.first() < first || part.first() > last + 1 {
                break;
            }
            last = last.max(part.last());
            rest = after;
        }
        self.rest = rest;
        Some((first, last))
    }
}

/// The parts of a 206 that is answered from what is stored: an iterator over [`Part`]s, in order.
/// Their number is known, and all of their bytes are there.
///
/// ```
/// use http_conditional::ByteRange;
/// use http_conditional::cache::{Answer, Response, evaluate};
///
/// let parts = [ByteRange::new(0, 9).unwrap(), ByteRange::new(50, 59).unwrap()];
/// let stored = Response::new(206).parts(&parts).complete_length(100);
/// let Answer::Parts(parts) = evaluate("GET", Some(stored), [("Range", "bytes=0-1,52-53")]) else {
///     unreachable!();
/// };
/// let content_ranges: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
/// assert_eq!(content_ranges, ["bytes 0-1/100", "bytes 52-53/100"]);
/// ```
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct StoredParts<'a> {
    source: Source<'a>,
    complete_length: Option<u64>,
    /// `None` where everything is.
    held: Option<&'a [ByteRange]>,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    Requested(Parts<'a>),
    Merged(iter::Copied<slice::Iter<'a, ByteRange>>),
}

impl<'a> StoredParts<'a> {
    /// As [`Answer::coalesce`] says.
    pub(super) fn coalesce(self, gap: u64, lent: &'a mut [ByteRange]) -> Answer<'a> {
        let held = self.held;
        let unmerged = self.clone();
        let near = |one: ByteRange, other: ByteRange| {
            one.is_near(other, gap) && holds(held, iter::once(one.hull(other)))
        };
        let merged = coalesce(self.map(Part::range), near, lent);
        let ranges = match merged.and_then(|used| lent.get(..used)) {
            Some(ranges) => ranges,
            None => return Answer::Parts(unmerged),
        };
        match ranges {
            [only] => Answer::Part(Part::of_stored(*only, unmerged.complete_length)),
            _ => Answer::Parts(Self {
                source: Source::Merged(ranges.iter().copied()),
                ..unmerged
            }),
        }
    }
}

impl Iterator for StoredParts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let range = match &mut self.source {
            Source::Requested(parts) => parts.next()?.range(),
            Source::Merged(ranges) => ranges.next()?,
        };
        Some(Part::of_stored(range, self.complete_length))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.source {
            Source::Requested(parts) => parts.size_hint(),
            Source::Merged(ranges) => ranges.size_hint(),
        }
    }
}

impl ExactSizeIterator for StoredParts<'_> {}
impl iter::FusedIterator for StoredParts<'_> {}

/// Two are equal where they have the same parts to come.
impl PartialEq for StoredParts<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.clone().eq(other.clone())
    }
}

impl Eq for StoredParts<'_> {}
