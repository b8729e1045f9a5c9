//! The ranges of a set, as a representation satisfies them (RFC 9110 section 14.1.2).

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
        let complete_length = self.complete_length;
        let mut specs = self.members.by_ref().filter_map(Result::ok);
        specs.find_map(|spec| spec.resolve(complete_length))
    }
}

impl iter::FusedIterator for ResolvedRanges<'_> {}
