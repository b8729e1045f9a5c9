//! The ranges of a set, applied to a representation (RFC 9110 section 14.1.2).

use core::iter;

use super::ByteRange;
use super::spec::Members;

/// The satisfiable ranges of a set; made by [`Ranges::resolve`](crate::Ranges::resolve).
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ResolvedRanges<'a> {
    pub(super) members: Members<'a>,
    pub(super) complete_length: u64,
}

impl Iterator for ResolvedRanges<'_> {
    type Item = ByteRange;

    fn next(&mut self) -> Option<ByteRange> {
        // A copy, so that it stays in registers.
        let mut members = self.members.clone();
        // All members are well-formed: the set has been read.
        let specs = iter::from_fn(|| members.advance().ok().flatten());
        let range = { specs }.find_map(|spec| spec.resolve(self.complete_length));
        self.members = members;
        range
    }
}

impl iter::FusedIterator for ResolvedRanges<'_> {}
