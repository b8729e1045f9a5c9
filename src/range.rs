//! Range requests (RFC 9110 section 14): Range read and resolved against a length, Content-Range
//! read and written.

use core::cmp::Ordering;
use core::fmt;
use core::iter;
use core::slice;

use crate::precedence::Decision;

/// What the answer to a GET carries of the selected representation, by its Range
/// ([RFC 9110 section 14.2]): the last thing to find out, after the conditions.
///
/// It is exhaustive on purpose: a server handles every outcome.
///
/// ```
/// use http_conditional::{Decision, RangeResponse};
///
/// fn respond(decision: Decision, range: Option<&[u8]>, content: &[u8]) -> String {
///     match RangeResponse::new(decision, range, content.len() as u64) {
///         RangeResponse::Whole => format!("200, {} bytes", content.len()),
///         RangeResponse::Part(part) => format!(
///             "206, Content-Range: {}, {} bytes",
///             part.content_range(),
///             part.range().len()
///         ),
///         RangeResponse::Parts(parts) => format!("206, multipart/byteranges of {}", parts.len()),
///         RangeResponse::Unsatisfiable(content_range) => {
///             format!("416, Content-Range: {content_range}")
///         }
///     }
/// }
///
/// let content = b"0123456789";
/// let perform = |range: &'static [u8]| respond(Decision::Perform, Some(range), content);
/// assert_eq!(perform(b"bytes=-4"), "206, Content-Range: bytes 6-9/10, 4 bytes");
/// assert_eq!(perform(b"bytes=0-0,-1"), "206, multipart/byteranges of 2");
/// assert_eq!(perform(b"bytes=10-"), "416, Content-Range: bytes */10");
/// assert_eq!(perform(b"pages=1-2"), "200, 10 bytes");
/// ```
///
/// [RFC 9110 section 14.2]: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
#[derive(Clone, Debug)]
#[must_use]
pub enum RangeResponse<'a> {
    /// 200 with the whole representation: there is no Range, or it is ignored.
    Whole,
    /// 206 with one part, and with [`Part::content_range`] as its `Content-Range`.
    Part(Part),
    /// 206 with several parts, as `multipart/byteranges`: each part has a `Content-Range` of its
    /// own, and the header section of the response has none.
    Parts(Parts<'a>),
    /// 416, with this `Content-Range`: no range lies within the representation.
    Unsatisfiable(ContentRange),
}

impl<'a> RangeResponse<'a> {
    /// Applies a Range, where it applies, to a representation that is `complete_length` bytes
    /// long, by the default [`RangePolicy`].
    ///
    /// `range` is the value of the field, `None` where the request has none. `complete_length`
    /// counts the bytes of the content of the 200 response, with its content coding applied.
    ///
    /// | request | response |
    /// |---|---|
    /// | any decision but [`Perform`](Decision::Perform) | [`Whole`](Self::Whole) |
    /// | no Range, another unit than `bytes`, a malformed set | `Whole` |
    /// | a set that the policy does not permit | `Whole` |
    /// | no range of the set is satisfiable | [`Unsatisfiable`](Self::Unsatisfiable) |
    /// | a satisfiable set, and no content to take a part of | `Whole` |
    /// | one satisfiable range, of one or of several | [`Part`](Self::Part) |
    /// | several satisfiable ranges | [`Parts`](Self::Parts), in the order requested |
    ///
    /// A server may always ignore a Range, so `Whole` is the safe way out of every doubt. It is
    /// the response to [`NotModified`](Decision::NotModified) and
    /// [`PreconditionFailed`](Decision::PreconditionFailed) too: those two have no content of
    /// the representation at all, and are to be answered before this is asked.
    pub fn new(decision: Decision, range: Option<&'a [u8]>, complete_length: u64) -> Self {
        Self::with_policy(decision, range, complete_length, RangePolicy::new())
    }

    /// As [`new`](Self::new), with other bounds on what a Range may ask for.
    pub fn with_policy(
        decision: Decision,
        range: Option<&'a [u8]>,
        complete_length: u64,
        policy: RangePolicy,
    ) -> Self {
        let (Decision::Perform, Some(value)) = (decision, range) else {
            return Self::Whole;
        };
        // 14.2: MUST ignore a unit that is not understood; MAY ignore a malformed set.
        let Ok(ranges) = Ranges::parse(value) else {
            return Self::Whole;
        };
        if ranges.count() > policy.max_ranges {
            return Self::Whole;
        }
        if !ranges.is_satisfiable(complete_length) {
            return Self::Unsatisfiable(ContentRange::unsatisfied(complete_length));
        }
        let resolved = ranges.resolve(complete_length);
        let Some(remaining) = policy.permitted_parts(resolved.clone()) else {
            return Self::Whole;
        };
        Self::of_parts(Parts {
            source: Source::Requested(resolved),
            complete_length,
            remaining,
        })
    }

    /// Merges parts that overlap, that are adjacent, or that lie no more than `gap` bytes apart,
    /// as section 15.3.7.2 permits. It suggests a gap that is smaller than the overhead of a
    /// part, which is around 80 bytes. The parts keep the order in which they were requested, a
    /// merged one standing where its first did.
    ///
    /// `lent` is where the merged ranges are kept. As many places as the policy permits ranges
    /// are always enough, which is [`RangePolicy::DEFAULT_MAX_RANGES`] by default; where there
    /// are too few, be it only until a later range joins two of them, the response is
    /// [`Whole`](Self::Whole), and nothing is lost.
    ///
    /// The time it takes grows with the number of ranges times the length of `lent`.
    ///
    /// ```
    /// use http_conditional::{ByteRange, Decision, RangePolicy, RangeResponse};
    ///
    /// let range: &[u8] = b"bytes=0-99, 5000-5999, 150-199";
    /// let mut lent = [ByteRange::default(); RangePolicy::DEFAULT_MAX_RANGES];
    /// let response = RangeResponse::new(Decision::Perform, Some(range), 10_000);
    /// let RangeResponse::Parts(parts) = response.coalesce(80, &mut lent) else {
    ///     unreachable!();
    /// };
    /// let content_ranges: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
    /// assert_eq!(content_ranges, ["bytes 0-199/10000", "bytes 5000-5999/10000"]);
    /// ```
    pub fn coalesce(self, gap: u64, lent: &'a mut [ByteRange]) -> Self {
        let Self::Parts(parts) = self else {
            return self;
        };
        let complete_length = parts.complete_length;
        let merged = coalesce(parts.map(Part::range), gap, lent);
        let Some(ranges) = merged.and_then(|used| lent.get(..used)) else {
            return Self::Whole;
        };
        Self::of_parts(Parts {
            source: Source::Coalesced(ranges.iter().copied()),
            complete_length,
            remaining: ranges.len(),
        })
    }

    fn of_parts(parts: Parts<'a>) -> Self {
        let mut rest = parts.clone();
        match (rest.next(), rest.remaining) {
            // Of an empty representation no part can be sent: Content-Range has no way to say it.
            (None, _) => Self::Whole,
            // 15.3.7.2: MUST NOT be multipart where one range was requested, and MAY be where
            // several were and one is left.
            (Some(part), 0) => Self::Part(part),
            (Some(_), _) => Self::Parts(parts),
        }
    }
}

/// Bounds on what a Range may ask for. Where a set goes beyond them, the Range is ignored and the
/// whole representation sent, as section 14.2 permits.
///
/// The default is safe against a small request that makes a server send, seek or compute without
/// measure (section 17.15, CVE-2011-3192): up to [16](Self::DEFAULT_MAX_RANGES) ranges, of which
/// [one](Self::DEFAULT_MAX_REVERSALS) may reach back. Whatever the policy, ranges that are longer
/// together than the whole representation are answered with the whole, and the time to find that
/// out is linear in the length of the field value.
///
/// ```
/// use http_conditional::{Decision, RangePolicy, RangeResponse};
///
/// let range: &[u8] = b"bytes=0-0,2-2,4-4";
/// let one_by_one = RangePolicy::new().max_ranges(1);
/// assert!(matches!(
///     RangeResponse::with_policy(Decision::Perform, Some(range), 10, one_by_one),
///     RangeResponse::Whole
/// ));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct RangePolicy {
    max_ranges: usize,
    max_reversals: usize,
}

impl RangePolicy {
    /// How many ranges a set may have by default: 16.
    pub const DEFAULT_MAX_RANGES: usize = 16;
    /// How many ranges of a set may reach back by default: 1.
    pub const DEFAULT_MAX_REVERSALS: usize = 1;

    /// The default bounds.
    pub const fn new() -> Self {
        Self {
            max_ranges: Self::DEFAULT_MAX_RANGES,
            max_reversals: Self::DEFAULT_MAX_REVERSALS,
        }
    }

    /// How many ranges a set may have, the unsatisfiable ones counted too. With 0, ranges are
    /// not supported at all.
    pub const fn max_ranges(self, ranges: usize) -> Self {
        Self {
            max_ranges: ranges,
            ..self
        }
    }

    /// How many of the ranges may begin at or before the byte that the range before them ends
    /// with: they overlap it, or they are out of order.
    ///
    /// The rest of the set ascends, so no byte is sent more often than this number plus one: by
    /// default, no more than two ranges overlap anywhere. Clients should list ranges in ascending
    /// order, unless they need a later part first (section 14.2).
    pub const fn max_reversals(self, ranges: usize) -> Self {
        Self {
            max_reversals: ranges,
            ..self
        }
    }

    /// How many parts it takes to send these, if they may be sent.
    fn permitted_parts(self, resolved: ResolvedRanges<'_>) -> Option<usize> {
        let mut parts = 0;
        let mut reversals = 0;
        let mut unsent = resolved.complete_length;
        let mut previous: Option<ByteRange> = None;
        for range in resolved {
            parts += 1;
            unsent = unsent.checked_sub(range.len())?;
            if previous.is_some_and(|previous| range.first <= previous.last) {
                reversals += 1;
            }
            previous = Some(range);
        }
        (reversals <= self.max_reversals).then_some(parts)
    }
}

impl Default for RangePolicy {
    fn default() -> Self {
        Self::new()
    }
}

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
    complete_length: u64,
}

impl Part {
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
        ContentRange {
            range: Some(self.range),
            complete_length: Some(self.complete_length),
        }
    }
}

/// The parts of a 206 response with several, in order; their number is known.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct Parts<'a> {
    source: Source<'a>,
    complete_length: u64,
    remaining: usize,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    Requested(ResolvedRanges<'a>),
    Coalesced(iter::Copied<slice::Iter<'a, ByteRange>>),
}

impl Iterator for Parts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let range = match &mut self.source {
            Source::Requested(ranges) => ranges.next(),
            Source::Coalesced(ranges) => ranges.next(),
        }?;
        self.remaining = self.remaining.saturating_sub(1);
        Some(Part {
            range,
            complete_length: self.complete_length,
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

/// Merges what overlaps or lies no more than `gap` bytes apart, into the front of `lent`; says how
/// many places that took, and `None` where there were too few.
fn coalesce(
    ranges: impl Iterator<Item = ByteRange>,
    gap: u64,
    lent: &mut [ByteRange],
) -> Option<usize> {
    let mut used = 0;
    for range in ranges {
        let mut merged = range;
        let mut place = None;
        let mut kept = 0;
        // Those in use are further apart than the gap. So what is near to the merged range is
        // near to `range` itself, and once through them is enough.
        for index in 0..used {
            let other = *lent.get(index)?;
            if range.is_near(other, gap) {
                merged = merged.hull(other);
                if place.is_some() {
                    continue;
                }
                place = Some(kept);
            }
            *lent.get_mut(kept)? = other;
            kept += 1;
        }
        let place = place.unwrap_or(kept);
        *lent.get_mut(place)? = merged;
        used = kept.max(place + 1);
    }
    Some(used)
}

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
    /// The bytes from `first` to `last`. `None` where `last` is less than `first`, or is
    /// [`u64::MAX`]: content that long has a length that is no [`u64`].
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
    #[expect(clippy::len_without_is_empty, reason = "it is never empty")]
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
    const fn is_near(self, other: Self, gap: u64) -> bool {
        let (low, high) = if self.first <= other.first {
            (self, other)
        } else {
            (other, self)
        };
        high.first.saturating_sub(low.last).saturating_sub(1) <= gap
    }

    /// Both, and all that lies between them.
    fn hull(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
        }
    }
}

/// The first byte alone, to fill a slice that is lent to [`RangeResponse::coalesce`].
impl Default for ByteRange {
    fn default() -> Self {
        Self { first: 0, last: 0 }
    }
}

/// A valid set of byte ranges, as `Range` asks for it ([RFC 9110 section 14.2]).
///
/// It borrows the field value and reads it again as often as it is asked: any number of ranges
/// takes no memory.
///
/// ```
/// use http_conditional::{InvalidRangesKind, Ranges};
///
/// let ranges = Ranges::parse(b"bytes=0-4, 50-, -3")?;
/// assert_eq!(ranges.count(), 3);
/// let resolved: Vec<_> = ranges.resolve(10).map(|range| (range.first(), range.last())).collect();
/// assert_eq!(resolved, [(0, 4), (7, 9)]);
/// # Ok::<(), http_conditional::InvalidRanges>(())
/// ```
///
/// ```abnf
/// ranges-specifier = range-unit "=" range-set
/// range-set        = 1#range-spec
/// range-spec       = int-range / suffix-range
/// int-range        = first-pos "-" [ last-pos ]
/// first-pos        = 1*DIGIT
/// last-pos         = 1*DIGIT
/// suffix-range     = "-" suffix-length
/// suffix-length    = 1*DIGIT
/// ```
///
/// The unit may come in either case. Empty members are passed over, as in every list (section
/// 5.6.1.2), and so is white space after the `=`, which an example of section 14.1.2 has though
/// the grammar has not. A number may have any number of digits.
///
/// [RFC 9110 section 14.2]: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
#[derive(Clone, Copy)]
#[must_use]
pub struct Ranges<'a> {
    /// What follows the `=`.
    set: &'a [u8],
    count: usize,
}

impl<'a> Ranges<'a> {
    /// Reads the value of a `Range` field.
    ///
    /// # Errors
    ///
    /// [`InvalidRanges`] where the unit is not `bytes`, or where any member of the set is
    /// malformed, wherever it stands. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `pages=1-2` | [`Unit`](InvalidRangesKind::Unit) |
    /// | `bytes 0-4`, `bytes`, `=0-4` | [`Equals`](InvalidRangesKind::Equals) |
    /// | `bytes=`, `bytes=,` | [`Empty`](InvalidRangesKind::Empty) |
    /// | `bytes=a-b`, `bytes=-`, `bytes=0-4, bytes=6-9` | [`Digits`](InvalidRangesKind::Digits) |
    /// | `bytes=5`, `bytes=0 -4` | [`Hyphen`](InvalidRangesKind::Hyphen) |
    /// | `bytes=0-4 6-9`, `bytes=0-4;` | [`Comma`](InvalidRangesKind::Comma) |
    /// | `bytes=6-2` | [`Order`](InvalidRangesKind::Order) |
    ///
    /// Two Range lines joined by a comma are malformed too, since the second one begins with its
    /// unit again.
    pub fn parse(field_value: &'a [u8]) -> Result<Self, InvalidRanges> {
        let mut value = field_value;
        while let [b' ' | b'\t', rest @ ..] = value {
            value = rest;
        }
        let error = |kind, rest: &[u8]| InvalidRanges {
            kind,
            index: field_value.len() - rest.len(),
        };
        let (unit, rest) = split_range_unit(value);
        let ([_, ..], [b'=', set @ ..]) = (unit, rest) else {
            return Err(error(InvalidRangesKind::Equals, rest));
        };
        if !unit.eq_ignore_ascii_case(BYTES) {
            return Err(error(InvalidRangesKind::Unit, value));
        }
        let mut count = 0;
        for member in Members::of(set) {
            match member {
                Ok(_) => count += 1,
                Err((kind, rest)) => return Err(error(kind, rest)),
            }
        }
        if count == 0 {
            return Err(error(InvalidRangesKind::Empty, &[]));
        }
        Ok(Self { set, count })
    }

    /// How many ranges are asked for, satisfiable or not: at least one.
    #[must_use]
    pub const fn count(self) -> usize {
        self.count
    }

    /// Whether any of the ranges is satisfiable (section 14.1.2) by a representation that is
    /// `complete_length` bytes long: one that begins before its end, or one from its end that is
    /// not empty.
    ///
    /// ```
    /// use http_conditional::Ranges;
    ///
    /// assert!(Ranges::parse(b"bytes=50-60, 9-")?.is_satisfiable(10));
    /// assert!(!Ranges::parse(b"bytes=10-, -0")?.is_satisfiable(10));
    /// // Of no content, a range from its end is satisfiable, though it has no byte.
    /// assert!(Ranges::parse(b"bytes=-5")?.is_satisfiable(0));
    /// assert_eq!(Ranges::parse(b"bytes=-5")?.resolve(0).next(), None);
    /// # Ok::<(), http_conditional::InvalidRanges>(())
    /// ```
    #[must_use]
    pub fn is_satisfiable(self, complete_length: u64) -> bool {
        self.specs().any(|spec| match spec {
            RangeSpec::Int { first, .. } => first < complete_length,
            RangeSpec::Suffix { length } => length > 0,
        })
    }

    /// The bytes that the satisfiable ranges mean in a representation that is `complete_length`
    /// bytes long, in the order requested: cut off at its end, counted from its end where the
    /// range is a suffix. They may overlap.
    pub fn resolve(self, complete_length: u64) -> ResolvedRanges<'a> {
        ResolvedRanges {
            members: Members::of(self.set),
            complete_length,
        }
    }

    fn specs(self) -> impl Iterator<Item = RangeSpec> {
        Members::of(self.set).filter_map(Result::ok)
    }
}

impl fmt::Debug for Ranges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ranges(bytes={})", self.set.escape_ascii())
    }
}

/// The satisfiable ranges of a set; made by [`Ranges::resolve`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ResolvedRanges<'a> {
    members: Members<'a>,
    complete_length: u64,
}

impl Iterator for ResolvedRanges<'_> {
    type Item = ByteRange;

    fn next(&mut self) -> Option<ByteRange> {
        let complete_length = self.complete_length;
        let mut specs = self.members.by_ref().filter_map(Result::ok);
        specs.find_map(|spec| spec.resolve(complete_length))
    }
}

impl iter::FusedIterator for ResolvedRanges<'_> {}

/// One member of a set. A number that is no [`u64`] is [`u64::MAX`], which no length is above.
#[derive(Clone, Copy, Debug)]
enum RangeSpec {
    /// `last` is [`u64::MAX`] where it is left out.
    Int {
        first: u64,
        last: u64,
    },
    Suffix {
        length: u64,
    },
}

impl RangeSpec {
    fn resolve(self, complete_length: u64) -> Option<ByteRange> {
        let end = complete_length.checked_sub(1)?;
        let (first, last) = match self {
            Self::Suffix { length: 0 } => return None,
            Self::Suffix { length } => (complete_length.saturating_sub(length), end),
            Self::Int { first, last } => (first, last.min(end)),
        };
        ByteRange::new(first, last)
    }
}

/// What is wrong, and what is left of the set from there on.
type WrongAt<'a> = (InvalidRangesKind, &'a [u8]);

/// The members of a set, read lazily; it ends after the first error.
#[derive(Clone, Debug)]
struct Members<'a> {
    rest: &'a [u8],
    first: bool,
}

impl<'a> Members<'a> {
    const fn of(set: &'a [u8]) -> Self {
        Self {
            rest: set,
            first: true,
        }
    }

    /// Skips white space and empty members; says whether there was a comma.
    fn skip_to_member(&mut self) -> bool {
        let mut comma = false;
        while let [byte @ (b' ' | b'\t' | b','), rest @ ..] = self.rest {
            comma |= *byte == b',';
            self.rest = rest;
        }
        comma
    }

    /// One range-spec off the front, and what follows it.
    fn member(&self) -> Result<(RangeSpec, &'a [u8]), WrongAt<'a>> {
        let digits = |bytes| Number::split_first(bytes).ok_or((InvalidRangesKind::Digits, bytes));
        if let [b'-', rest @ ..] = self.rest {
            let (length, rest) = digits(rest)?;
            let length = length.saturating();
            return Ok((RangeSpec::Suffix { length }, rest));
        }
        let (first, rest) = digits(self.rest)?;
        let [b'-', rest @ ..] = rest else {
            return Err((InvalidRangesKind::Hyphen, rest));
        };
        let (last, rest) = match Number::split_first(rest) {
            // 14.1.1: an int-range is invalid if its last-pos is less than its first-pos.
            Some((last, _)) if last < first => return Err((InvalidRangesKind::Order, self.rest)),
            Some((last, rest)) => (last.saturating(), rest),
            None => (u64::MAX, rest),
        };
        let first = first.saturating();
        Ok((RangeSpec::Int { first, last }, rest))
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<RangeSpec, WrongAt<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let comma = self.skip_to_member();
        if self.rest.is_empty() {
            return None;
        }
        let member = if comma || self.first {
            self.member()
        } else {
            Err((InvalidRangesKind::Comma, self.rest))
        };
        self.first = false;
        Some(match member {
            Ok((spec, rest)) => {
                self.rest = rest;
                Ok(spec)
            }
            Err(error) => {
                self.rest = &[];
                Err(error)
            }
        })
    }
}

/// The range unit that counts bytes.
const BYTES: &[u8] = b"bytes";

/// A range unit off the front of `bytes`, empty where there is none, and what follows it.
///
/// ```abnf
/// range-unit = token
/// token      = 1*tchar
/// tchar      = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`"
///            / "|" / "~" / DIGIT / ALPHA
/// ```
fn split_range_unit(bytes: &[u8]) -> (&[u8], &[u8]) {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let end = bytes.iter().position(|byte| !is_tchar(byte));
    end.and_then(|end| bytes.split_at_checked(end))
        .unwrap_or((bytes, &[]))
}

/// A decimal number with any number of digits (1*DIGIT).
#[derive(Clone, Copy, PartialEq, Eq)]
struct Number<'a> {
    /// From the first that is not a zero: none where the number is 0.
    digits: &'a [u8],
}

impl<'a> Number<'a> {
    /// A number off the front of `bytes`, and what follows it; `None` where there is no digit.
    fn split_first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let end = bytes.iter().position(|byte| !byte.is_ascii_digit());
        let (mut digits, rest) = bytes.split_at_checked(end.unwrap_or(bytes.len()))?;
        if digits.is_empty() {
            return None;
        }
        while let [b'0', significant @ ..] = digits {
            digits = significant;
        }
        Some((Self { digits }, rest))
    }

    fn value(self) -> Option<u64> {
        self.digits.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit & 0x0f))
        })
    }

    fn saturating(self) -> u64 {
        self.value().unwrap_or(u64::MAX)
    }
}

impl Ord for Number<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.digits.len().cmp(&other.digits.len());
        lengths.then_with(|| self.digits.cmp(other.digits))
    }
}

impl PartialOrd for Number<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The value of `Content-Range` ([RFC 9110 section 14.4]), in bytes: which range a part is and how
/// long the whole, or only how long the whole is, in a 416.
///
/// [`Display`](fmt::Display) and [`encode`](Self::encode) write it.
///
/// ```
/// use http_conditional::{ByteRange, ContentRange};
///
/// let content_range = ContentRange::parse(b"bytes 0-4/10")?;
/// assert_eq!(content_range.range(), ByteRange::new(0, 4));
/// assert_eq!(content_range.complete_length(), Some(10));
/// assert_eq!(content_range.to_string(), "bytes 0-4/10");
/// # Ok::<(), http_conditional::InvalidContentRange>(())
/// ```
///
/// ```abnf
/// Content-Range     = range-unit SP ( range-resp / unsatisfied-range )
/// range-resp        = incl-range "/" ( complete-length / "*" )
/// incl-range        = first-pos "-" last-pos
/// unsatisfied-range = "*/" complete-length
/// complete-length   = 1*DIGIT
/// ```
///
/// [RFC 9110 section 14.4]: https://www.rfc-editor.org/rfc/rfc9110#section-14.4
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentRange {
    /// `None` in an unsatisfied-range.
    range: Option<ByteRange>,
    /// Above the last position of `range`; `Some` where that is `None`.
    complete_length: Option<u64>,
}

impl ContentRange {
    /// This range of a representation that is `complete_length` bytes long, `None` where that is
    /// not known. It should be stated unless it is hard to find out (section 14.4).
    ///
    /// `None` where the range does not lie within that length: a recipient would have to take
    /// that for invalid.
    ///
    /// ```
    /// use http_conditional::{ByteRange, ContentRange};
    ///
    /// let range = ByteRange::new(0, 4).unwrap();
    /// let unknown = ContentRange::satisfied(range, None).unwrap();
    /// assert_eq!(unknown.to_string(), "bytes 0-4/*");
    /// assert_eq!(ContentRange::satisfied(range, Some(4)), None);
    /// ```
    #[must_use]
    pub const fn satisfied(range: ByteRange, complete_length: Option<u64>) -> Option<Self> {
        match complete_length {
            Some(complete_length) if complete_length <= range.last => None,
            _ => Some(Self {
                range: Some(range),
                complete_length,
            }),
        }
    }

    /// What a 416 says: that the representation is `complete_length` bytes long now.
    ///
    /// ```
    /// use http_conditional::ContentRange;
    ///
    /// assert_eq!(ContentRange::unsatisfied(47_022).to_string(), "bytes */47022");
    /// ```
    #[must_use]
    pub const fn unsatisfied(complete_length: u64) -> Self {
        Self {
            range: None,
            complete_length: Some(complete_length),
        }
    }

    /// Reads the value of a `Content-Range` field.
    ///
    /// The value is what stands between the white space that may surround a field value
    /// (section 5.5), and nothing else.
    ///
    /// A client does not put the content of a response whose `Content-Range` is invalid, or has a
    /// unit that it does not understand, together with what it has (section 14.4).
    ///
    /// # Errors
    ///
    /// [`InvalidContentRange`] says what is wrong and where. All of these are invalid:
    ///
    /// | value | kind |
    /// |---|---|
    /// | `pages 1-2/3` | [`Unit`](InvalidContentRangeKind::Unit) |
    /// | `bytes=0-4/10`, `bytes` | [`Space`](InvalidContentRangeKind::Space) |
    /// | `bytes -4/10`, `bytes 0-4/`, `bytes */*` | [`Digits`](InvalidContentRangeKind::Digits) |
    /// | `bytes 4/10` | [`Hyphen`](InvalidContentRangeKind::Hyphen) |
    /// | `bytes 0-4` | [`Slash`](InvalidContentRangeKind::Slash) |
    /// | `bytes 0-4/10, bytes 5-9/10` | [`End`](InvalidContentRangeKind::End) |
    /// | `bytes 5-4/10` | [`Order`](InvalidContentRangeKind::Order) |
    /// | `bytes 0-10/10` | [`CompleteLength`](InvalidContentRangeKind::CompleteLength) |
    /// | `bytes */99999999999999999999` | [`TooLarge`](InvalidContentRangeKind::TooLarge) |
    pub fn parse(field_value: &[u8]) -> Result<Self, InvalidContentRange> {
        let error = |kind, rest: &[u8]| InvalidContentRange {
            kind,
            index: field_value.len() - rest.len(),
        };
        let digits = |bytes| {
            Number::split_first(bytes).ok_or_else(|| error(InvalidContentRangeKind::Digits, bytes))
        };
        let (unit, rest) = split_range_unit(field_value);
        let ([_, ..], [b' ', range_at @ ..]) = (unit, rest) else {
            return Err(error(InvalidContentRangeKind::Space, rest));
        };
        if !unit.eq_ignore_ascii_case(BYTES) {
            return Err(error(InvalidContentRangeKind::Unit, field_value));
        }
        let (range, rest) = if let [b'*', rest @ ..] = range_at {
            (None, rest)
        } else {
            let (first, rest) = digits(range_at)?;
            let [b'-', last_at @ ..] = rest else {
                return Err(error(InvalidContentRangeKind::Hyphen, rest));
            };
            let (last, rest) = digits(last_at)?;
            // 14.4: invalid if the last-pos is less than the first-pos.
            if last < first {
                return Err(error(InvalidContentRangeKind::Order, range_at));
            }
            (Some((first, last, last_at)), rest)
        };
        let [b'/', length_at @ ..] = rest else {
            return Err(error(InvalidContentRangeKind::Slash, rest));
        };
        let (complete_length, rest) = if let ([b'*', rest @ ..], Some(_)) = (length_at, range) {
            (None, rest)
        } else {
            let (complete_length, rest) = digits(length_at)?;
            (Some(complete_length), rest)
        };
        if !rest.is_empty() {
            return Err(error(InvalidContentRangeKind::End, rest));
        }
        // 14.4: invalid if the complete-length is less than or equal to the last-pos.
        if let (Some(complete_length), Some((_, last, _))) = (complete_length, range) {
            if complete_length <= last {
                return Err(error(InvalidContentRangeKind::CompleteLength, length_at));
            }
        }
        let too_large = |rest| error(InvalidContentRangeKind::TooLarge, rest);
        let range = match range {
            Some((first, last, last_at)) => Some(
                ByteRange::new(first.saturating(), last.saturating())
                    .ok_or_else(|| too_large(last_at))?,
            ),
            None => None,
        };
        let complete_length = match complete_length {
            Some(number) => Some(number.value().ok_or_else(|| too_large(length_at))?),
            None => None,
        };
        Ok(Self {
            range,
            complete_length,
        })
    }

    /// Which bytes the response or the body part carries; `None` in a 416, which carries none.
    #[must_use]
    pub const fn range(self) -> Option<ByteRange> {
        self.range
    }

    /// How many bytes the whole representation has; `None` where it is not known.
    #[must_use]
    pub const fn complete_length(self) -> Option<u64> {
        self.complete_length
    }

    /// The number of bytes that [`encode`](Self::encode) writes at most.
    pub const MAX_LEN: usize = CONTENT_RANGE_MAX_LEN;

    /// Writes the field value to the front of `buffer` and returns what was written: ASCII.
    ///
    /// ```
    /// use http_conditional::ContentRange;
    ///
    /// let mut buffer = [0; ContentRange::MAX_LEN];
    /// assert_eq!(ContentRange::unsatisfied(10).encode(&mut buffer), b"bytes */10");
    /// ```
    #[must_use]
    pub fn encode(self, buffer: &mut [u8; CONTENT_RANGE_MAX_LEN]) -> &[u8] {
        let mut numbers = [[0; MAX_DIGITS]; 3];
        let [first, last, complete_length] = &mut numbers;
        let complete_length = match self.complete_length {
            Some(number) => decimal(number, complete_length),
            None => b"*",
        };
        let range: [&[u8]; 3] = match self.range {
            Some(range) => [decimal(range.first, first), b"-", decimal(range.last, last)],
            None => [b"*", b"", b""],
        };
        let pieces = iter::once(BYTES)
            .chain(iter::once(b" ".as_slice()))
            .chain(range)
            .chain([b"/", complete_length]);
        let mut length = 0;
        for (place, byte) in buffer.iter_mut().zip(pieces.flatten()) {
            *place = *byte;
            length += 1;
        }
        buffer.get(..length).unwrap_or_default()
    }
}

/// The most digits that a [`u64`] has.
const MAX_DIGITS: usize = 20;
const CONTENT_RANGE_MAX_LEN: usize = "bytes -/".len() + 3 * MAX_DIGITS;

fn decimal(number: u64, buffer: &mut [u8; MAX_DIGITS]) -> &[u8] {
    let mut rest = number;
    let mut start = 0;
    for (index, place) in buffer.iter_mut().enumerate().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
        start = index;
        if rest == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

/// Writes the field value, as [`ContentRange::encode`] does.
impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; Self::MAX_LEN];
        f.pad(core::str::from_utf8(self.encode(&mut buffer)).unwrap_or_default())
    }
}

/// Why a value is not a set of byte ranges, and where.
///
/// ```
/// use http_conditional::{InvalidRangesKind, Ranges};
///
/// let error = Ranges::parse(b"bytes=0-4, 6-2").unwrap_err();
/// assert_eq!(error.kind(), InvalidRangesKind::Order);
/// assert_eq!(error.index(), 11);
/// assert_eq!(
///     error.to_string(),
///     "not a set of byte ranges: a range that ends before it begins, at byte 11"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidRanges {
    kind: InvalidRangesKind,
    index: usize,
}

impl InvalidRanges {
    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> InvalidRangesKind {
        self.kind
    }

    /// Where the part that is wrong begins: bytes from the start of the field value, its length
    /// where something is missing at the end.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }
}

/// What is wrong with a value that is not a set of byte ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRangesKind {
    /// A unit other than `bytes`: whether the rest is well-formed is for others to say, and the
    /// field is to be ignored (section 14.2).
    Unit,
    /// No unit with `=` after it.
    Equals,
    /// No range at all.
    Empty,
    /// No digit where a position or a length begins.
    Digits,
    /// No `-` after a first position.
    Hyphen,
    /// More bytes after a range, without a comma between them.
    Comma,
    /// A range whose last position is less than its first.
    Order,
}

impl fmt::Display for InvalidRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            InvalidRangesKind::Unit => "a range unit other than `bytes`,",
            InvalidRangesKind::Equals => "expected a range unit and `=`",
            InvalidRangesKind::Empty => "expected a range",
            InvalidRangesKind::Digits => "expected a digit",
            InvalidRangesKind::Hyphen => "expected `-`",
            InvalidRangesKind::Comma => "expected a comma between two ranges",
            InvalidRangesKind::Order => "a range that ends before it begins,",
        };
        write!(f, "not a set of byte ranges: {what} at byte {}", self.index)
    }
}

impl core::error::Error for InvalidRanges {}

/// Why a value is not a `Content-Range` in bytes, and where.
///
/// ```
/// use http_conditional::{ContentRange, InvalidContentRangeKind};
///
/// let error = ContentRange::parse(b"bytes 0-10/10").unwrap_err();
/// assert_eq!(error.kind(), InvalidContentRangeKind::CompleteLength);
/// assert_eq!(error.index(), 11);
/// assert_eq!(
///     error.to_string(),
///     "not a Content-Range in bytes: a complete length that the range goes beyond, at byte 11"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidContentRange {
    kind: InvalidContentRangeKind,
    index: usize,
}

impl InvalidContentRange {
    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> InvalidContentRangeKind {
        self.kind
    }

    /// Where the part that is wrong begins: bytes from the start of the field value, its length
    /// where something is missing at the end.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }
}

/// What is wrong with a value that is not a `Content-Range` in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidContentRangeKind {
    /// A unit other than `bytes`.
    Unit,
    /// No unit with a single space after it.
    Space,
    /// No digit where a position or the complete length begins.
    Digits,
    /// No `-` after the first position.
    Hyphen,
    /// No `/` before the complete length.
    Slash,
    /// More bytes after the complete length.
    End,
    /// The last position is less than the first.
    Order,
    /// The complete length is not above the last position.
    CompleteLength,
    /// Valid, but a number is larger than this crate can hold.
    TooLarge,
}

impl fmt::Display for InvalidContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            InvalidContentRangeKind::Unit => "a range unit other than `bytes`,",
            InvalidContentRangeKind::Space => "expected a range unit and a space",
            InvalidContentRangeKind::Digits => "expected a digit",
            InvalidContentRangeKind::Hyphen => "expected `-`",
            InvalidContentRangeKind::Slash => "expected `/`",
            InvalidContentRangeKind::End => "expected nothing more",
            InvalidContentRangeKind::Order => "a range that ends before it begins,",
            InvalidContentRangeKind::CompleteLength => {
                "a complete length that the range goes beyond,"
            }
            InvalidContentRangeKind::TooLarge => "a number too large for 64 bits,",
        };
        write!(
            f,
            "not a Content-Range in bytes: {what} at byte {}",
            self.index
        )
    }
}

impl core::error::Error for InvalidContentRange {}
