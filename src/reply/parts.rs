//! The parts of a reply, with neighbours merged into one (RFC 9110 section 15.3.7.2).

use core::iter;

use crate::ranges::{Part, Parts};

/// The parts that a [`Reply`](crate::Reply) sends, in order, for a
/// [`Multipart`](crate::Multipart) to be made of.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ReplyParts<'a> {
    parts: Parts<'a>,
    /// Read, and not yet known to be complete.
    held: Option<Part>,
    /// `None` where no parts are merged.
    gap: Option<u64>,
}

impl<'a> ReplyParts<'a> {
    pub(super) fn new(mut parts: Parts<'a>, gap: Option<u64>) -> Self {
        let held = parts.next();
        Self { parts, held, gap }
    }

    /// The first part, and whether it is the only one.
    pub(super) fn first(&self) -> Option<(Part, bool)> {
        let mut parts = self.clone();
        let first = parts.next()?;
        Some((first, parts.held.is_none()))
    }
}

impl Iterator for ReplyParts<'_> {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let mut part = self.held?;
        loop {
            self.held = self.parts.next();
            let joined = |next: Part| part.joined(next, self.gap?);
            match self.held.and_then(joined) {
                Some(both) => part = both,
                None => return Some(part),
            }
        }
    }
}

impl iter::FusedIterator for ReplyParts<'_> {}
