//! A validation request that also asks for the client (RFC 9111 section 4.3.2).

use crate::cache::conditional_field::{ConditionalField, ConditionalFields};
use crate::cache::response::Response;
use crate::cache::tags::{Client, MergedTags};
use crate::cache::validation::{AfterNotModified, ValidationRequest};
use crate::conditions::Field;

/// A request that asks whether stored responses are current, and whether the client's are: its
/// If-None-Match lists the tags of both ([RFC 9111 section 4.3.2]). Made by
/// [`ValidationRequest::merge`].
///
/// If the client sent an If-None-Match, that is the only conditional field.
///
/// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct MergedRequest<'a, C> {
    pub(super) request: ValidationRequest<'a>,
    pub(super) client: Client<C>,
}

impl<'a, C, T> MergedRequest<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// The conditional fields of the request, each once; none if there is no validator to ask with.
    pub fn fields(&self) -> ConditionalFields<'a, C> {
        let date = self.field(Field::IfModifiedSince);
        ConditionalFields {
            first: self.field(Field::IfNoneMatch),
            second: date.or_else(|| self.field(Field::IfRange)),
        }
    }

    /// One of the fields, if the request has it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ConditionalField<'a, C>> {
        match (&self.client, field) {
            (Client::NotMerged, _) => {
                let field = self.request.field(field)?;
                Some(field.with_lines())
            }
            (_, Field::IfNoneMatch) => {
                let value = self.request.list(self.client.clone()).value()?;
                Some(ConditionalField { field, value })
            }
            // The client's responses are validated as well, so it is not about one alone.
            _ => None,
        }
    }

    /// The tags of If-None-Match: the client's, in order, and then the stored ones that are not
    /// among them, in order, each once.
    pub fn tags(&self) -> MergedTags<'a, C> {
        self.request.list(self.client.clone()).tags()
    }

    /// What a 304 in answer to this request means for the client that is waiting ([RFC 9111 section
    /// 4.3.2]). Which of the stored responses it updates is a separate question: see
    /// [`select_for_update`](crate::cache::select_for_update).
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{AfterMerged, Response, ValidationRequest};
    ///
    /// let response = |status, tag| Response::new(status).etag(EntityTag::from_static(tag));
    /// let request = ValidationRequest::new(response(200, "\"b\"")).merge(["\"a\""])?;
    /// let after = |tag| request.after_not_modified(response(304, tag));
    /// assert_eq!(after("\"a\""), AfterMerged::Forward);
    /// assert_eq!(after("\"b\""), AfterMerged::Reuse(0));
    /// assert_eq!(after("\"z\""), AfterMerged::Retry);
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
    pub fn after_not_modified(&self, not_modified: Response<'_>) -> AfterMerged {
        let list = self.request.list(self.client.clone());
        let is_for_client = match (&self.client, not_modified.entity_tag()) {
            (Client::NotMerged, _) => {
                return self.request.after_not_modified(not_modified).into();
            }
            (Client::Any, _) => true,
            (Client::Lines(_), Some(tag)) => {
                let mut listed = list.client_tags().into_iter().flatten();
                listed.any(|listed| listed.weak_eq(tag))
            }
            // It can be about no other where no stored tag was sent.
            (Client::Lines(_), None) => list.tags().next_stored().is_none(),
        };
        if is_for_client {
            return AfterMerged::Forward;
        }
        if let Some(place) = self.request.updated(not_modified) {
            return AfterMerged::Reuse(place);
        }
        // Without a tag it may be about what the client has.
        let twin = match not_modified.entity_tag() {
            Some(_) => self.request.only_twin(not_modified),
            None => None,
        };
        twin.map_or(AfterMerged::Retry, AfterMerged::ReuseAsIs)
    }
}

/// What a 304 in answer to a merged request means for the client that is waiting; made by
/// [`MergedRequest::after_not_modified`].
///
/// It is exhaustive on purpose: a cache handles every outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum AfterMerged {
    /// Forward the 304: it is about a representation that the client has.
    ///
    /// This happens if the client's list has the 304's tag, by weak comparison; if it is `*`; and
    /// if the 304 has no tag and no stored tag was added to the list.
    Forward,
    /// As [`AfterNotModified::Reuse`]. A client that did not list its tag gets a 200, as section
    /// 4.3.2 of RFC 9111 requires.
    Reuse(usize),
    /// As [`AfterNotModified::ReuseAsIs`].
    ReuseAsIs(usize),
    /// As [`AfterNotModified::Retry`].
    Retry,
}

impl From<AfterNotModified> for AfterMerged {
    fn from(after: AfterNotModified) -> Self {
        match after {
            AfterNotModified::Reuse(place) => Self::Reuse(place),
            AfterNotModified::ReuseAsIs(place) => Self::ReuseAsIs(place),
            AfterNotModified::Retry => Self::Retry,
        }
    }
}
