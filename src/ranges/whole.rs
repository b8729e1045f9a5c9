//! Why the whole representation is sent (RFC 9110 section 14.2).

use super::InvalidRanges;

/// Why the whole representation is sent and not a part of it: for a log, and to tell why a download
/// starts again from the beginning.
///
/// ```
/// use http_conditional::{Decision, RangeResponse, WholeReason};
///
/// let range: Option<&[u8]> = Some(b"pages=1-2");
/// let response = RangeResponse::new(Decision::Perform, range, 100);
/// assert!(matches!(response, RangeResponse::Whole(WholeReason::Unit)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WholeReason {
    /// The request has no Range.
    NoRange,
    /// The decision is not [`Perform`](crate::Decision::Perform): If-Range is false, say.
    Decision,
    /// The unit is not `bytes`, and section 14.2 demands that the Range be ignored.
    Unit,
    /// The set is malformed.
    Malformed(InvalidRanges),
    /// The representation is empty.
    Empty,
    /// The set has more ranges than the policy permits.
    TooMany,
    /// More ranges reach back than the policy permits.
    Reversals,
    /// The ranges together are longer than the representation, or than the policy permits.
    TooLong,
    /// The memory lent to [`coalesce`](crate::RangeResponse::coalesce) was too short.
    NoRoom,
}
