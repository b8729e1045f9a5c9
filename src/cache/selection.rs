//! A request for more of the stored representation, and for no other (RFC 9111 section 4.3.1).

use crate::cache::conditional_field::{ConditionalField, ConditionalFields, Value};
use crate::cache::response::Response;
use crate::cache::stored::{Stored, only};
use crate::cache::tags::{Client, List, NoLines, Which};
use crate::conditions::Field;

/// A request for exactly the representation that is stored, or one of several: which conditional
/// field it needs, so that no other comes instead ([RFC 9111 section 4.3.1] calls this
/// representation selection).
///
/// | stored | with a Range | without |
/// |---|---|---|
/// | one, with a strong entity tag | `If-Range` | `If-Match` |
/// | one without a tag, with a strong `Last-Modified` | `If-Range` | `If-Unmodified-Since` |
/// | one with a weak tag and a `Last-Modified`, or without a tag and with a weak one | `If-Unmodified-Since` | `If-Unmodified-Since` |
/// | one with a weak entity tag alone, or without a validator | none | none |
/// | several | `If-Match` with all strong tags | `If-Match` with all strong tags |
///
/// With If-Range the answer is the part that you ask for, or the whole of a newer representation;
/// with the two others it is 412 if the representation has changed. A weak tag is never sent,
/// because it may not match. If there is no field, the parts that you got could not be combined
/// ([`combine`](crate::cache::combine)): ask for the whole.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{Response, SelectionRequest};
///
/// // The beginning has been received before the connection broke; this asks for the rest.
/// let stored = Response::new(206).etag(EntityTag::from_static("\"v1\""));
/// let request = SelectionRequest::new(stored).for_range(Some(b"bytes=4096-"));
/// let lines: Vec<_> = request.fields().map(|field| format!("{}: {field}", field.name())).collect();
/// assert_eq!(lines, ["If-Range: \"v1\""]);
/// ```
///
/// [RFC 9111 section 4.3.1]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct SelectionRequest<'a> {
    stored: Stored<'a>,
    range: Option<&'a [u8]>,
}

impl<'a> SelectionRequest<'a> {
    /// A request for the representation of this stored response, complete or not.
    pub const fn new(stored: Response<'a>) -> Self {
        Self {
            stored: Stored::one(stored),
            range: None,
        }
    }

    /// A request for the representation of one of these stored responses, complete or not.
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{Response, SelectionRequest};
    ///
    /// let stored = ["\"a\"", "W/\"b\"", "\"c\""];
    /// let stored = stored.map(|tag| Response::new(206).etag(EntityTag::from_static(tag)));
    /// let request = SelectionRequest::of(&stored);
    /// let lines: Vec<_> = request.fields().map(|field| format!("{}: {field}", field.name())).collect();
    /// assert_eq!(lines, ["If-Match: \"a\", \"c\""]);
    /// ```
    pub const fn of(stored: &'a [Response<'a>]) -> Self {
        Self {
            stored: Stored::several(stored),
            range: None,
        }
    }

    /// The request has this Range, or none.
    pub const fn for_range(mut self, range: Option<&'a [u8]>) -> Self {
        self.range = range;
        self
    }

    /// The conditional fields of the request: one at most.
    pub fn fields(&self) -> ConditionalFields<'a> {
        let fields = [Field::IfRange, Field::IfMatch, Field::IfUnmodifiedSince];
        ConditionalFields {
            first: fields.into_iter().find_map(|field| self.field(field)),
            second: None,
        }
    }

    /// One of the fields, if the request has it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ConditionalField<'a>> {
        let one = only(self.stored.each()).filter(|one| one.is_success());
        let strong_tag = one.and_then(|one| one.entity_tag().filter(|tag| !tag.is_weak()));
        let if_range = match one {
            Some(one) if self.range.is_some() => match one.entity_tag() {
                // 13.1.5: MUST NOT be a weak tag, nor a date if there is a tag.
                Some(_) => strong_tag.map(Value::Tag),
                None => one.strongly_modified().map(Value::Date),
            },
            _ => None,
        };
        let value = match (field, one) {
            (Field::IfRange, _) => if_range?,
            _ if if_range.is_some() => return None,
            (Field::IfMatch, _) => self.strong_tags().value()?,
            (Field::IfUnmodifiedSince, Some(one)) if strong_tag.is_none() => {
                Value::Date(one.modified()?)
            }
            _ => return None,
        };
        Some(ConditionalField { field, value })
    }

    fn strong_tags(&self) -> List<'a, NoLines<'a>> {
        List {
            client: Client::NotMerged,
            stored: self.stored,
            which: Which::Strong,
        }
    }
}
