//! Sending a validation request (RFC 9111 section 4.3.1): the fields that it has.

use core::fmt;
use core::iter;

use crate::buffer::BufferTooSmall;
use crate::cache::response::Response;
use crate::cache::select::{AfterNotModified, reuse};
use crate::conditions::Field;
use crate::validators::{EntityTag, EntityTagList, EntityTags, HttpDate, InvalidEntityTag};

/// A request that asks whether stored responses are still current: which conditional fields it
/// has ([RFC 9111 section 4.3.1]).
///
/// The rest of it is the request that is to be answered, or one made from the stored method,
/// target URI and the request fields that `Vary` nominates. These fields replace those of the
/// same names in it, and `If-None-Match` or `If-Modified-Since` that is not among them is left
/// out: it is for the client, and evaluated against the stored response once that is current
/// ([`evaluate`](crate::cache::evaluate)).
///
/// | field | value | where |
/// |---|---|---|
/// | `If-None-Match` | all entity tags, in order, each once | there is one |
/// | `If-Modified-Since` | `Last-Modified` | one response is validated, and the request has no Range |
/// | `If-Range` | `Last-Modified` | one response is validated that has no entity tag, the request has a Range, and the date is a strong validator |
///
/// A response whose content does not cover the request, as [`Response::covers`] tells, is not
/// validated: a 304 would be of no use. Without a validator there is no field, and the request is
/// not conditional.
///
/// ```
/// use http_conditional::cache::{Response, ValidationRequest};
///
/// let fields = [
///     ("ETag", "W/\"v1\""),
///     ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
/// ];
/// let request = ValidationRequest::new([Response::new(200).fields(fields)]);
/// let lines: Vec<_> = request.fields().map(|field| format!("{}: {field}", field.name())).collect();
/// assert_eq!(
///     lines,
///     [
///         "If-None-Match: W/\"v1\"",
///         "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
///     ]
/// );
/// ```
///
/// Nothing is stored, so each tag is compared with those before it: the time grows with the
/// number of stored responses times the length of the list.
///
/// [RFC 9111 section 4.3.1]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1
#[derive(Clone, Debug)]
#[must_use]
pub struct ValidationRequest<'a, S, C = NoLines<'a>> {
    list: List<'a, S, C>,
    or_date: bool,
}

/// The lines of an If-None-Match that is not there.
type NoLines<'a> = [&'a [u8]; 0];

/// What a list of entity tags is made of.
#[derive(Clone, Debug)]
struct List<'a, S, C> {
    client: Client<C>,
    stored: S,
    /// Whether only those are listed that cover the request, by its Range.
    covering: bool,
    range: Option<&'a [u8]>,
}

/// The client's own If-None-Match.
#[derive(Clone, Debug)]
enum Client<C> {
    NotMerged,
    Any,
    /// Lines that have been checked.
    Lines(C),
}

impl<'a, S> ValidationRequest<'a, S>
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    /// A request that validates these stored responses, all of the same URI: as a rule those that
    /// could answer it, were they fresh.
    pub fn new(stored: impl IntoIterator<Item = Response<'a>, IntoIter = S>) -> Self {
        Self {
            list: List {
                client: Client::NotMerged,
                stored: stored.into_iter(),
                covering: true,
                range: None,
            },
            or_date: false,
        }
    }

    /// Merges the client's If-None-Match into the list, before the stored tags, so that one
    /// request asks for both ([RFC 9111 section 4.3.2]). `lines` are its lines; without one,
    /// nothing is merged. A stored tag that is the same as one of the client's, byte for byte and
    /// as strong, is not repeated; a `*` is kept as it is, without the stored tags.
    ///
    /// What comes back is for [`after_not_modified`](Self::after_not_modified) to tell apart.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{EntityTag, Field};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.append("if-none-match", "\"a\"".parse()?);
    /// let lines = headers.get_all("if-none-match");
    ///
    /// let stored = ["\"b\"", "\"a\""].map(|tag| Response::new(200).etag(EntityTag::from_static(tag)));
    /// let request = ValidationRequest::new(stored).merge(&lines)?;
    /// let field = request.field(Field::IfNoneMatch).unwrap();
    /// assert_eq!(field.to_string(), "\"a\", \"b\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidEntityTag`] where the field is malformed, as by `a` or by `*, "a"`
    /// ([`EntityTags::from_lines`]): it cannot be merged, and the request is forwarded as it is.
    ///
    /// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
    pub fn merge<C, T>(self, lines: C) -> Result<ValidationRequest<'a, S, C>, InvalidEntityTag>
    where
        C: IntoIterator<Item = &'a T> + Clone,
        T: AsRef<[u8]> + ?Sized + 'a,
    {
        let client = match EntityTags::from_lines(lines.clone())? {
            None => Client::NotMerged,
            Some(EntityTags::Any) => Client::Any,
            Some(EntityTags::List(_)) => Client::Lines(lines),
        };
        Ok(ValidationRequest {
            list: List {
                client,
                stored: self.list.stored,
                covering: self.list.covering,
                range: self.list.range,
            },
            or_date: self.or_date,
        })
    }
}

impl<'a, S, C, T> ValidationRequest<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// The request has this Range, or none. Its value is what decides which of the stored
    /// responses cover it; the Range itself stays in the request as it is.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{ByteRange, EntityTag};
    ///
    /// let parts = [ByteRange::new(0, 9).unwrap()];
    /// let part = Response::new(206).etag(EntityTag::from_static("\"p\"")).parts(&parts);
    /// let asks = |range| ValidationRequest::new([part]).for_range(range).fields().count();
    /// assert_eq!(asks(Some(b"bytes=0-4".as_slice())), 1);
    /// assert_eq!(asks(Some(b"bytes=0-99".as_slice())), 0);
    /// assert_eq!(asks(None), 0);
    /// ```
    pub const fn for_range(mut self, range: Option<&'a [u8]>) -> Self {
        self.list.range = range;
        self
    }

    /// Where If-Modified-Since would be sent if there were a Last-Modified, sends the stored
    /// `Date` instead, or failing that when the response was received, as RFC 9110 section 13.1.3
    /// permits. It is of use with servers that evaluate If-Modified-Since and send no validator.
    pub const fn or_date(mut self) -> Self {
        self.or_date = true;
        self
    }

    /// The conditional fields of the request, each once; none where there is nothing to ask with.
    pub fn fields(&self) -> impl Iterator<Item = ConditionalField<'a, S, C>> + '_ {
        [Field::IfNoneMatch, Field::IfModifiedSince, Field::IfRange]
            .into_iter()
            .filter_map(|field| self.field(field))
    }

    /// One of the fields, if the request has it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ConditionalField<'a, S, C>> {
        let range = self.list.range;
        let value = match (field, self.only()) {
            (Field::IfNoneMatch, _) => self.list.value()?,
            (Field::IfModifiedSince, Some(only)) if range.is_none() => {
                let fallback = if self.or_date { only.time() } else { None };
                Value::Date(only.modified().or(fallback)?)
            }
            // 13.1.5: MUST NOT be there without a Range, nor with a date if there is a tag.
            (Field::IfRange, Some(only)) if range.is_some() && only.entity_tag().is_none() => {
                Value::Date(only.strongly_modified()?)
            }
            _ => return None,
        };
        Some(ConditionalField { field, value })
    }

    /// The tags of If-None-Match: the client's, in order, where they are merged, and then the
    /// stored ones that are not among them, in order, each once.
    pub fn tags(&self) -> MergedTags<'a, S, C> {
        self.list.tags()
    }

    /// What a 304 in answer to this request means to the client whose request is to be answered
    /// ([RFC 9111 section 4.3.2]). Which of the stored responses it updates is a question of its
    /// own, for [`select_for_update`](crate::cache::select_for_update).
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{AfterNotModified, Response, ValidationRequest};
    ///
    /// let response = |status, tag| Response::new(status).etag(EntityTag::from_static(tag));
    /// let request = ValidationRequest::new([response(200, "\"b\"")]).merge(["\"a\""])?;
    /// let after = |tag| request.after_not_modified(response(304, tag));
    /// assert_eq!(after("\"a\""), AfterNotModified::Forward);
    /// assert_eq!(after("\"b\""), AfterNotModified::Reuse(0));
    /// assert_eq!(after("\"z\""), AfterNotModified::Retry);
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
    pub fn after_not_modified(&self, not_modified: Response<'_>) -> AfterNotModified {
        let is_for_client = match (&self.list.client, not_modified.entity_tag()) {
            (Client::NotMerged, _) => false,
            (Client::Any, _) => true,
            (Client::Lines(_), Some(tag)) => {
                let mut listed = self.list.client_tags().into_iter().flatten();
                listed.any(|listed| listed.weak_eq(tag))
            }
            // It can be about no other where no stored tag was sent.
            (Client::Lines(_), None) => self.tags().next_stored().is_none(),
        };
        if is_for_client {
            return AfterNotModified::Forward;
        }
        let range = self.list.range;
        reuse(not_modified, self.list.stored.clone(), |one| {
            one.covers(range)
        })
    }

    /// The stored response that is validated, where it is the only one.
    fn only(&self) -> Option<Response<'a>> {
        if !matches!(self.list.client, Client::NotMerged) {
            return None; // the client's responses are validated as well
        }
        let stored = self.list.stored.clone();
        let mut validated = stored.filter(|one| one.covers(self.list.range));
        let only = validated.next()?;
        validated.next().is_none().then_some(only)
    }
}

/// A request for the very representation that is stored, or one of several: which conditional
/// fields it has, so that no other is received in its place ([RFC 9111 section 4.3.1], where it
/// is called representation selection).
///
/// | stored | with a Range | without |
/// |---|---|---|
/// | one, with a strong entity tag | `If-Range` | `If-Match` |
/// | one, with a weak entity tag | `If-Match` | `If-Match` |
/// | one without a tag, with a strong `Last-Modified` | `If-Range` | `If-Unmodified-Since` |
/// | one without a tag, with a weak `Last-Modified` | `If-Unmodified-Since` | `If-Unmodified-Since` |
/// | one without a validator | none | none |
/// | several | `If-Match` with all tags | `If-Match` with all tags |
///
/// With If-Range the answer is the part that is asked for, or the whole of what has taken its
/// place; with the two others it is 412 where the representation is another one. A weak tag never
/// goes into If-Range; into If-Match it does, though no server may find that it matches: so the
/// wrong representation cannot come. Where there is no field there is no way to ask, and parts
/// that came could not be put together ([`Response::can_combine`]).
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{Response, SelectionRequest};
///
/// // The beginning has been received before the connection broke; this asks for the rest.
/// let stored = Response::new(206).etag(EntityTag::from_static("\"v1\""));
/// let request = SelectionRequest::new([stored]).for_range(Some(b"bytes=4096-"));
/// let lines: Vec<_> = request.fields().map(|field| format!("{}: {field}", field.name())).collect();
/// assert_eq!(lines, ["If-Range: \"v1\""]);
/// ```
///
/// [RFC 9111 section 4.3.1]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1
#[derive(Clone, Debug)]
#[must_use]
pub struct SelectionRequest<'a, S> {
    list: List<'a, S, NoLines<'a>>,
}

impl<'a, S> SelectionRequest<'a, S>
where
    S: Iterator<Item = Response<'a>> + Clone,
{
    /// A request for the representations of these stored responses, complete or not.
    pub fn new(stored: impl IntoIterator<Item = Response<'a>, IntoIter = S>) -> Self {
        Self {
            list: List {
                client: Client::NotMerged,
                stored: stored.into_iter(),
                covering: false,
                range: None,
            },
        }
    }

    /// The request has this Range, or none.
    pub const fn for_range(mut self, range: Option<&'a [u8]>) -> Self {
        self.list.range = range;
        self
    }

    /// The conditional fields of the request: one at most.
    pub fn fields(&self) -> impl Iterator<Item = ConditionalField<'a, S>> {
        let fields = [Field::IfRange, Field::IfMatch, Field::IfUnmodifiedSince];
        fields
            .into_iter()
            .find_map(|field| self.field(field))
            .into_iter()
    }

    /// One of the fields, if the request has it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ConditionalField<'a, S>> {
        let mut stored = self.list.stored.clone();
        let only = stored.next().filter(|_| stored.next().is_none());
        let if_range = match only {
            Some(only) if self.list.range.is_some() => match only.entity_tag() {
                // 13.1.5: MUST NOT be a weak tag, nor a date if there is a tag.
                Some(tag) if tag.is_weak() => None,
                Some(tag) => Some(Value::Tag(tag)),
                None => only.strongly_modified().map(Value::Date),
            },
            _ => None,
        };
        let value = match (field, only) {
            (Field::IfRange, _) => if_range?,
            _ if if_range.is_some() => return None,
            (Field::IfMatch, _) => self.list.value()?,
            (Field::IfUnmodifiedSince, Some(only)) if only.entity_tag().is_none() => {
                Value::Date(only.modified()?)
            }
            _ => return None,
        };
        Some(ConditionalField { field, value })
    }
}

/// A conditional field of a request, and its value; made by [`ValidationRequest::fields`] and
/// [`SelectionRequest::fields`].
///
/// [`Display`](fmt::Display) writes the value; for tags that are not UTF-8 use
/// [`encode`](Self::encode), which writes them byte for byte.
#[derive(Clone, Debug)]
#[must_use]
pub struct ConditionalField<'a, S, C = NoLines<'a>> {
    field: Field,
    value: Value<'a, S, C>,
}

#[derive(Clone, Debug)]
enum Value<'a, S, C> {
    Any,
    /// It has at least one tag.
    Tags(List<'a, S, C>),
    Tag(EntityTag<'a>),
    Date(HttpDate),
}

impl<'a, S, C, T> ConditionalField<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// Which field it is.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// The field's name, as the RFC spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field.name()
    }

    /// The number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match &self.value {
            Value::Any => 1,
            Value::Tag(tag) => tag.encoded_len(),
            Value::Date(date) => date.encode().len(),
            Value::Tags(list) => {
                let lengths = list.tags().map(|tag| tag.encoded_len().saturating_add(2));
                lengths.fold(0, usize::saturating_add).saturating_sub(2)
            }
        }
    }

    /// Writes the value to the front of `buffer`, every tag byte for byte as it was received, and
    /// returns what was written.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{EntityTag, Field};
    ///
    /// let tag = EntityTag::parse(b"\"caf\xe9\"")?; // ISO-8859-1
    /// let request = ValidationRequest::new([Response::new(200).etag(tag)]);
    /// let field = request.field(Field::IfNoneMatch).unwrap();
    /// let mut buffer = [0; 64];
    /// assert_eq!(field.encode(&mut buffer), Ok(b"\"caf\xe9\"".as_slice()));
    /// assert_eq!(field.encode(&mut []).unwrap_err().needed(), 6);
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than [`encoded_len`](Self::encoded_len).
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let needed = self.encoded_len();
        let buffer = buffer
            .get_mut(..needed)
            .ok_or(BufferTooSmall::new(needed))?;
        match &self.value {
            Value::Any => buffer.fill(b'*'),
            Value::Tag(tag) => {
                let _ = tag.encode(buffer)?;
            }
            Value::Date(date) => {
                for (place, byte) in buffer.iter_mut().zip(date.encode()) {
                    *place = byte;
                }
            }
            Value::Tags(list) => {
                let mut rest = &mut *buffer;
                for tag in list.tags() {
                    let length = tag.encode(rest)?.len();
                    let after = rest.get_mut(length..).unwrap_or_default();
                    rest = match after {
                        [comma, space, next @ ..] => {
                            *comma = b',';
                            *space = b' ';
                            next
                        }
                        end => end,
                    };
                }
            }
        }
        Ok(buffer)
    }
}

impl<'a, S, C, T> fmt::Display for ConditionalField<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Any => f.write_str("*"),
            Value::Tag(tag) => tag.fmt(f),
            Value::Date(date) => date.fmt(f),
            Value::Tags(list) => {
                for (place, tag) in list.tags().enumerate() {
                    f.write_str(if place == 0 { "" } else { ", " })?;
                    tag.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl<'a, S, C, T> List<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// `None` where there is no tag: a list is never sent empty.
    fn value(&self) -> Option<Value<'a, S, C>> {
        if let Client::Any = self.client {
            return Some(Value::Any);
        }
        self.tags().next()?;
        Some(Value::Tags(self.clone()))
    }

    fn tags(&self) -> MergedTags<'a, S, C> {
        MergedTags {
            list: self.clone(),
            client: self.client_tags(),
            stored: self.stored.clone().enumerate(),
        }
    }

    fn client_tags(&self) -> Option<EntityTagList<'a, C::IntoIter>> {
        let lines = match &self.client {
            Client::Lines(lines) => lines,
            _ => return None,
        };
        match EntityTags::from_lines(lines.clone()) {
            Ok(Some(EntityTags::List(tags))) => Some(tags),
            _ => None,
        }
    }

    fn includes(&self, response: Response<'_>) -> bool {
        !self.covering || response.covers(self.range)
    }
}

/// The tags of a list, those of a client first, where they are merged, and then those of stored
/// responses; made by [`ValidationRequest::tags`].
#[derive(Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct MergedTags<'a, S, C: IntoIterator = NoLines<'a>> {
    list: List<'a, S, C>,
    /// Those that are still to come.
    client: Option<EntityTagList<'a, C::IntoIter>>,
    stored: iter::Enumerate<S>,
}

impl<'a, S, C, T> MergedTags<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    fn next_stored(&mut self) -> Option<EntityTag<'a>> {
        let list = &self.list;
        self.stored.find_map(|(place, response)| {
            let tag = response.entity_tag()?;
            let same =
                |other: EntityTag<'_>| other.is_weak() == tag.is_weak() && other.weak_eq(tag);
            let has_same = |other: Response<'_>| {
                other.entity_tag().map_or(false, same) && list.includes(other)
            };
            let is_new = list.includes(response)
                && !list.client_tags().into_iter().flatten().any(same)
                && !list.stored.clone().take(place).any(has_same);
            is_new.then_some(tag)
        })
    }
}

impl<'a, S, C, T> Iterator for MergedTags<'a, S, C>
where
    S: Iterator<Item = Response<'a>> + Clone,
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
