//! What the answer to a GET has of the content, according to its Range (RFC 9110 section 14.2).

use super::coalesce::coalesce;
use super::parts::Source;
use super::tally::Tally;
use super::{
    ByteRange, ContentRange, InvalidRangesKind, Part, Parts, RangePolicy, Ranges, WholeReason,
};
use crate::conditions::Decision;

/// What the answer to a GET or QUERY has of the selected representation, according to its Range
/// ([RFC 9110 section 14.2]). Find this out last, after the conditions.
///
/// It is exhaustive on purpose: a server handles every outcome.
///
/// ```
/// use http_conditional::{Decision, RangeResponse};
///
/// fn respond(decision: Decision, range: Option<&[u8]>, content: &[u8]) -> String {
///     match RangeResponse::new(decision, range, content.len() as u64) {
///         RangeResponse::Whole(_) => format!("200, {} bytes", content.len()),
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
    Whole(WholeReason),
    /// 206 with one part, and with [`Part::content_range`] as its `Content-Range`.
    Part(Part),
    /// 206 with several parts, as `multipart/byteranges`: each part has a `Content-Range` of its
    /// own, and the header section of the response has none.
    Parts(Parts<'a>),
    /// 416, with this `Content-Range`: no range lies within the representation.
    Unsatisfiable(ContentRange),
}

impl<'a> RangeResponse<'a> {
    /// Applies a Range to a representation that is `complete_length` bytes long, by the default
    /// [`RangePolicy`].
    ///
    /// `range` is the value of the field, `None` if the request has none. `complete_length` counts
    /// the bytes of the content of the 200 response, with its content coding applied.
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
    /// A server may always ignore a Range, so `Whole` is the safe answer in every doubtful case. It
    /// is also the result for [`NotModified`](Decision::NotModified) and
    /// [`PreconditionFailed`](Decision::PreconditionFailed), but those have no content of the
    /// representation at all: answer them before you ask for this.
    pub fn new(decision: Decision, range: Option<&'a [u8]>, complete_length: u64) -> Self {
        Self::with_policy(decision, range, complete_length, RangePolicy::new())
    }

    /// Like [`new`](Self::new), with other bounds on what a Range may ask for.
    pub fn with_policy(
        decision: Decision,
        range: Option<&'a [u8]>,
        complete_length: u64,
        policy: RangePolicy,
    ) -> Self {
        match Self::decide(decision, range, complete_length, policy) {
            Ok(response) => response,
            Err(reason) if policy.is_unsatisfiable(reason) => {
                Self::Unsatisfiable(ContentRange::unsatisfied(complete_length))
            }
            Err(reason) => Self::Whole(reason),
        }
    }

    /// The response, or why no part is sent.
    fn decide(
        decision: Decision,
        range: Option<&'a [u8]>,
        complete_length: u64,
        policy: RangePolicy,
    ) -> Result<Self, WholeReason> {
        let value = range.ok_or(WholeReason::NoRange)?;
        if decision != Decision::Perform {
            return Err(WholeReason::Decision);
        }
        let mut tally = Tally::new(complete_length, policy);
        let each = |spec| tally.add(spec);
        let ranges = Ranges::read(value, policy.white_space, each).map_err(|error| {
            match error.kind() {
                // 14.2: MUST ignore a unit that is not understood; MAY ignore a malformed set.
                InvalidRangesKind::Unit => WholeReason::Unit,
                _ => WholeReason::Malformed(error),
            }
        })?;
        if ranges.count() > policy.most_ranges() {
            return Err(WholeReason::TooMany);
        }
        if tally.parts == 0 {
            // A part of an empty representation cannot be sent, although a suffix is satisfiable:
            // Content-Range has no way to say it.
            let is_empty = complete_length == 0;
            if is_empty && policy.empty_is_200 || tally.is_satisfied_by_nothing {
                return Err(WholeReason::Empty);
            }
            let content_range = ContentRange::unsatisfied(complete_length);
            return Ok(Self::Unsatisfiable(content_range));
        }
        let first = Part::new(tally.kept[0], complete_length);
        if policy.first_only {
            return if first.range().len() > policy.max_bytes {
                Err(WholeReason::TooLong)
            } else {
                Ok(Self::Part(first))
            };
        }
        if let Some(reason) = tally.excess(policy) {
            return Err(reason);
        }
        let source = match tally.parts {
            // 15.3.7.2: MUST NOT be multipart where one range was requested, and MAY be where
            // several were and one is left.
            1 => return Ok(Self::Part(first)),
            #[cfg(all(target_pointer_width = "64", not(http_conditional_small)))]
            parts if parts <= super::tally::KEPT => Source::Kept(tally.kept, 0),
            _ => Source::Requested(ranges.resolve(complete_length)),
        };
        Ok(Self::Parts(Parts {
            source,
            complete_length,
            remaining: tally.parts,
        }))
    }

    /// Merges parts that overlap, that are adjacent, or that lie no more than `gap` bytes apart, as
    /// section 15.3.7.2 permits. It suggests a gap that is smaller than the overhead of a part,
    /// which is around 80 bytes. The parts keep the order in which they were requested; a merged
    /// one takes the place of its first.
    ///
    /// The merged ranges are kept in `lent`. As many places as the policy permits ranges are always
    /// enough: [`RangePolicy::DEFAULT_MAX_RANGES`] by default. If there are too few, even if only
    /// until a later range joins two of them, the response is [`Whole`](Self::Whole), which is
    /// always correct.
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
        let parts = match self {
            Self::Parts(parts) => parts,
            _ => return self,
        };
        let complete_length = parts.complete_length;
        let is_near = |one: ByteRange, other| one.is_near(other, gap);
        let merged = coalesce(parts.map(Part::range), is_near, lent);
        match merged.and_then(|used| lent.get(..used)) {
            None => Self::Whole(WholeReason::NoRoom),
            Some([range]) => Self::Part(Part::new(*range, complete_length)),
            Some(ranges) => Self::Parts(Parts {
                source: Source::Coalesced(ranges.iter().copied()),
                complete_length,
                remaining: ranges.len(),
            }),
        }
    }
}
