//! Bounds on what a Range may ask for (RFC 9110 sections 14.2 and 17.15).

use super::WholeReason;

/// Bounds on what a Range may ask for, and what to answer if it asks for more or is malformed. By
/// default such a Range is ignored and the whole representation sent, as section 14.2 permits;
/// [`WholeReason`] says why.
///
/// The default protects against small requests that make a server send, seek or compute without
/// limit (section 17.15, CVE-2011-3192): up to [16](Self::DEFAULT_MAX_RANGES) ranges, of which
/// [one](Self::DEFAULT_MAX_REVERSALS) may reach back. Whatever the policy, ranges that together are
/// longer than the whole representation are not sent, and finding that out takes time linear in the
/// length of the field value.
///
/// ```
/// use http_conditional::{Decision, RangePolicy, RangeResponse, WholeReason};
///
/// let range: &[u8] = b"bytes=0-0,2-2,4-4";
/// let one_by_one = RangePolicy::new().max_ranges(1);
/// assert!(matches!(
///     RangeResponse::with_policy(Decision::Perform, Some(range), 10, one_by_one),
///     RangeResponse::Whole(WholeReason::TooMany)
/// ));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
// Each is a choice of its own.
#[allow(clippy::struct_excessive_bools)]
pub struct RangePolicy {
    max_ranges: usize,
    pub(super) max_reversals: usize,
    pub(super) max_bytes: u64,
    malformed_is_416: bool,
    excess_is_416: bool,
    pub(super) empty_is_200: bool,
    pub(super) first_only: bool,
    pub(super) white_space: bool,
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
            max_bytes: u64::MAX,
            malformed_is_416: false,
            excess_is_416: false,
            empty_is_200: false,
            first_only: false,
            white_space: false,
        }
    }

    /// How many ranges a set may have, including unsatisfiable ones. With 0, ranges are not
    /// supported at all: the whole is always sent.
    pub const fn max_ranges(self, ranges: usize) -> Self {
        Self {
            max_ranges: ranges,
            ..self
        }
    }

    /// How many of the ranges may begin at or before the byte that the range before them ends
    /// with: they overlap it, or they are out of order.
    ///
    /// The other ranges ascend, so no byte is sent more often than this number plus one: by
    /// default, at most two ranges overlap anywhere. Clients should list ranges in ascending order,
    /// unless they need a later part first (section 14.2).
    pub const fn max_reversals(self, ranges: usize) -> Self {
        Self {
            max_reversals: ranges,
            ..self
        }
    }

    /// How many bytes the ranges of a set may have together. By default the only bound is the
    /// length of the representation.
    pub const fn max_bytes(self, bytes: u64) -> Self {
        Self {
            max_bytes: bytes,
            ..self
        }
    }

    /// Answers 416 to a malformed set such as `bytes=9-0` or `bytes=a-b`, rather than sending the
    /// whole. A unit other than `bytes` is still ignored: section 14.2 demands that.
    pub const fn malformed_is_416(self) -> Self {
        Self {
            malformed_is_416: true,
            ..self
        }
    }

    /// Answers 416 to a set with more than [`max_ranges`](Self::max_ranges), rather than sending
    /// the whole.
    pub const fn excess_is_416(self) -> Self {
        Self {
            excess_is_416: true,
            ..self
        }
    }

    /// Answers 200 if the representation is empty, rather than 416: for clients that ask for
    /// `bytes=0-` of everything.
    pub const fn empty_is_200(self) -> Self {
        Self {
            empty_is_200: true,
            ..self
        }
    }

    /// Sends only the first satisfiable range of a set, so that nothing is ever sent as
    /// `multipart/byteranges`; the request may then ask for any number of ranges. A server may send
    /// a part of what was asked for (section 15.3.7).
    pub const fn first_only(self) -> Self {
        Self {
            first_only: true,
            ..self
        }
    }

    /// Allows white space around the hyphen, as in `bytes=0 - 4`, against section 14.1.1.
    pub const fn spaces_around_hyphen(self) -> Self {
        Self {
            white_space: true,
            ..self
        }
    }

    /// How many ranges a set may have, where one or all of them are sent.
    pub(super) const fn most_ranges(self) -> usize {
        if self.first_only && self.max_ranges > 0 {
            usize::MAX
        } else {
            self.max_ranges
        }
    }

    /// Whether to answer 416 where no part is sent for this reason.
    pub(super) const fn is_unsatisfiable(self, reason: WholeReason) -> bool {
        // With 0, ranges are not supported: nothing is malformed, and there is nothing to exceed.
        let asks_for_416 = match reason {
            WholeReason::Malformed(_) => self.malformed_is_416,
            WholeReason::TooMany => self.excess_is_416,
            _ => false,
        };
        asks_for_416 && self.max_ranges > 0
    }
}

impl Default for RangePolicy {
    fn default() -> Self {
        Self::new()
    }
}
