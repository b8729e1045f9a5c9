//! What was current, kept for later (RFC 9110 section 8.8).

use http::header::HeaderValue;
use http_conditional::{EntityTag, HttpDate, Representation};

/// All that a [`Representation`] says, without its borrows.
#[derive(Clone, Debug)]
pub(crate) struct State {
    exists: bool,
    tag: Option<HeaderValue>,
    modified: Option<HttpDate>,
    has_strong_date: bool,
    brothers: Vec<HeaderValue>,
}

impl State {
    pub(crate) fn of(current: Representation<'_>) -> Self {
        let brothers = current.brothers().iter();
        Self {
            exists: current.exists(),
            tag: current.entity_tag().map(HeaderValue::from),
            modified: current.modified(),
            has_strong_date: current.strongly_modified().is_some(),
            brothers: brothers.map(|&tag| tag.into()).collect(),
        }
    }

    /// Lends the representation. It cannot be returned, because the tags of the brothers are in a
    /// list that is made for it.
    pub(crate) fn lend<R>(&self, to: impl FnOnce(Representation<'_>) -> R) -> R {
        let brothers: Vec<_> = self.brothers.iter().filter_map(tag).collect();
        let mut current = if self.exists {
            Representation::current()
        } else {
            Representation::ABSENT
        };
        current = current
            .maybe_etag(self.tag.as_ref().and_then(tag))
            .also(&brothers);
        to(match self.modified {
            Some(date) if self.has_strong_date => current.strong_last_modified(date),
            date => current.maybe_last_modified(date),
        })
    }
}

fn tag(value: &HeaderValue) -> Option<EntityTag<'_>> {
    EntityTag::parse(value.as_bytes()).ok()
}
