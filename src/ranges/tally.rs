//! What a set of ranges asks for, counted as it is read (RFC 9110 sections 14.1.2 and 17.15).

use super::spec::RangeSpec;
use super::{ByteRange, RangePolicy, WholeReason};
use crate::bytes::BY_WORDS;

/// How many parts are kept while the set is read, so that it need not be read again to send them.
/// That saves a third of the instructions for a set of three. On small processors the memory is
/// worth more.
pub(super) const KEPT: usize = if BY_WORDS { 3 } else { 1 };

/// Counts up the ranges of a set, one after the other, in a representation of known length. So the
/// set is read only once to find out whether it is well-formed, whether it is permitted, and what
/// it asks for.
pub(super) struct Tally {
    complete_length: u64,
    pub(super) parts: usize,
    /// The first parts, of those that there are.
    pub(super) kept: [ByteRange; KEPT],
    /// Of the part before, once there is one.
    last: u64,
    /// Parts that begin at or before the byte that the part before them ends with.
    reversals: usize,
    /// How many bytes the parts may still have.
    unsent: u64,
    is_too_long: bool,
    /// Whether a range is satisfiable although it has no byte: a suffix of empty content.
    pub(super) is_satisfied_by_nothing: bool,
}

impl Tally {
    pub(super) fn new(complete_length: u64, policy: RangePolicy) -> Self {
        Self {
            complete_length,
            parts: 0,
            kept: [ByteRange::default(); KEPT],
            last: 0,
            reversals: 0,
            unsent: complete_length.min(policy.max_bytes),
            is_too_long: false,
            is_satisfied_by_nothing: false,
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn add(&mut self, spec: RangeSpec) {
        let range = if let Some(range) = spec.resolve(self.complete_length) {
            range
        } else {
            self.is_satisfied_by_nothing |= spec.is_satisfiable(self.complete_length);
            return;
        };
        if let Some(place) = self.kept.get_mut(self.parts) {
            *place = range;
        }
        self.is_too_long |= range.len() > self.unsent;
        self.unsent = self.unsent.saturating_sub(range.len());
        if self.parts > 0 && range.first() <= self.last {
            self.reversals += 1;
        }
        self.last = range.last();
        self.parts += 1;
    }

    /// Why not all parts may be sent.
    pub(super) fn excess(&self, policy: RangePolicy) -> Option<WholeReason> {
        if self.is_too_long {
            Some(WholeReason::TooLong)
        } else if self.reversals > policy.max_reversals {
            Some(WholeReason::Reversals)
        } else {
            None
        }
    }
}
