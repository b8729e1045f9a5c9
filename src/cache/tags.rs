//! The list of entity tags in a request (RFC 9111 sections 4.3.1 and 4.3.2): those of a client, and
//! those of stored responses.

use core::iter;

use crate::cache::response::Response;
use crate::cache::stored::{Each, Stored};
use crate::ranges::RangePolicy;
use crate::validators::{EntityTag, EntityTagList, EntityTags};

/// The lines of an If-None-Match that is not there.
pub type NoLines<'a> = [&'a [u8]; 0];

/// What a list of entity tags is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'a, C> {
    pub(super) client: Client<C>,
    pub(super) stored: Stored<'a>,
    pub(super) which: Which<'a>,
}

/// The client's own If-None-Match.
#[derive(Clone, Copy, Debug)]
pub(super) enum Client<C> {
    NotMerged,
    Any,
    /// Lines that have been checked.
    Lines(C),
}

/// Whose tags are listed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'a> {
    /// Those of what could answer the request, if it is current.
    Covering(Option<&'a [u8]>, RangePolicy),
    /// Strong ones: a weak one matches nothing in If-Match.
    Strong,
}

impl Which<'_> {
    pub(super) fn includes(self, response: Response<'_>) -> bool {
        // RFC 9110 15.4.5: a 304 stands for a success.
        response.is_success()
            && match self {
                Self::Covering(range, policy) => response.covers_with(range, policy),
                Self::Strong => response.entity_tag().map_or(false, |tag| !tag.is_weak()),
            }
    }
}

impl<'a, C, T> List<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    pub(super) fn tags(&self) -> MergedTags<'a, C> {
        MergedTags {
            list: self.clone(),
            client: self.client_tags(),
            stored: self.stored.each().enumerate(),
        }
    }

    pub(super) fn client_tags(&self) -> Option<EntityTagList<'a, C::IntoIter>> {
        let lines = match &self.client {
            Client::Lines(lines) => lines.clone(),
            Client::NotMerged | Client::Any => return None,
        };
        match EntityTags::from_lines(lines) {
            Ok(Some(EntityTags::List(tags))) => Some(tags),
            _ => None,
        }
    }
}

/// The tags of a list: first those of a client, if they are merged, and then those of stored
/// responses; made by [`ValidationRequest::tags`](crate::cache::ValidationRequest::tags) and
/// [`MergedRequest::tags`](crate::cache::MergedRequest::tags).
#[derive(Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct MergedTags<'a, C: IntoIterator = NoLines<'a>> {
    list: List<'a, C>,
    /// Those that are still to come.
    client: Option<EntityTagList<'a, C::IntoIter>>,
    stored: iter::Enumerate<Each<'a>>,
}

impl<'a, C, T> MergedTags<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    pub(super) fn next_stored(&mut self) -> Option<EntityTag<'a>> {
        let list = &self.list;
        self.stored.find_map(|(place, response)| {
            let tag = response.entity_tag()?;
            let same =
                |other: EntityTag<'_>| other.is_weak() == tag.is_weak() && other.weak_eq(tag);
            let has_same = |other: Response<'_>| {
                other.entity_tag().map_or(false, same) && list.which.includes(other)
            };
            let is_new = list.which.includes(response)
                && !list.client_tags().into_iter().flatten().any(same)
                && !list.stored.each().take(place).any(has_same);
            is_new.then_some(tag)
        })
    }
}

impl<'a, C, T> Iterator for MergedTags<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    type Item = EntityTag<'a>;

    fn next(&mut self) -> Option<EntityTag<'a>> {
        if let Some(tag) = self.client.as_mut().and_then(Iterator::next) {
            return Some(tag);
        }
        self.client = None;
        self.next_stored()
    }
}
