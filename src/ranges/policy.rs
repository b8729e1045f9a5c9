//! Bounds on what a Range may ask for (RFC 9110 sections 14.2 and 17.15).

use super::{ByteRange, ResolvedRanges};

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
    pub(super) max_ranges: usize,
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
    pub(super) fn permitted_parts(self, resolved: ResolvedRanges<'_>) -> Option<usize> {
        let mut parts = 0;
        let mut reversals = 0;
        let mut unsent = resolved.complete_length;
        let mut previous: Option<ByteRange> = None;
        for range in resolved {
            parts += 1;
            unsent = unsent.checked_sub(range.len())?;
            if matches!(previous, Some(previous) if range.first() <= previous.last()) {
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
