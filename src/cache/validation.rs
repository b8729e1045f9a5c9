//! Sending a validation request (RFC 9111 section 4.3.1): its fields, and what a 304 in answer to
//! it means (section 4.3.4).

use crate::cache::conditional_field::{ConditionalField, ConditionalFields, Value};
use crate::cache::merged::MergedRequest;
use crate::cache::response::Response;
use crate::cache::select::{tags_differ, updated};
use crate::cache::stored::{Stored, only};
use crate::cache::tags::{Client, List, MergedTags, Which};
use crate::conditions::Field;
use crate::ranges::RangePolicy;
use crate::validators::{EntityTags, InvalidEntityTag};

/// A request that asks whether stored responses are still current: which conditional fields it
/// has ([RFC 9111 section 4.3.1]), and what a 304 in answer to it means.
///
/// The rest of it is the client's request, or one made from the stored method, target URI and the
/// request fields that `Vary` nominates. These fields replace those of the same names in it. Leave
/// out a client's `If-None-Match` or `If-Modified-Since` that is not among them: evaluate it
/// against the stored response once that is current ([`evaluate`](crate::cache::evaluate)).
///
/// | field | value | where |
/// |---|---|---|
/// | `If-None-Match` | all entity tags, in order, each once | there is one |
/// | `If-Modified-Since` | `Last-Modified` | one response is validated, and the request has no Range |
/// | `If-Range` | `Last-Modified` | one response is validated that has no entity tag, the request has a Range, and the date is a strong validator |
///
/// A response whose content does not cover the request ([`Response::covers`]) is not validated: a
/// 304 would be of no use. Nor is one that is not 2xx: a 304 stands for a success, so it could not
/// say that a redirection or an error is current. Without a validator there is no field, and the
/// request is not conditional.
///
/// ```
/// use http_conditional::cache::{Response, ValidationRequest};
///
/// let fields = [
///     ("ETag", "W/\"v1\""),
///     ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
/// ];
/// let request = ValidationRequest::new(Response::new(200).fields(fields));
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
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ValidationRequest<'a> {
    stored: Stored<'a>,
    range: Option<&'a [u8]>,
    ranges: RangePolicy,
    or_date: bool,
    byte_for_byte: bool,
}

impl<'a> ValidationRequest<'a> {
    /// A request that validates this one stored response.
    pub const fn new(stored: Response<'a>) -> Self {
        Self::with(Stored::one(stored))
    }

    /// A request that validates these stored responses of one URI: as a rule those that could
    /// answer it if they were fresh.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{EntityTag, Field};
    ///
    /// let stored = ["\"b\"", "\"a\""].map(|tag| Response::new(200).etag(EntityTag::from_static(tag)));
    /// let request = ValidationRequest::of(&stored);
    /// let field = request.field(Field::IfNoneMatch).unwrap();
    /// assert_eq!(field.to_string(), "\"b\", \"a\"");
    /// ```
    pub const fn of(stored: &'a [Response<'a>]) -> Self {
        Self::with(Stored::several(stored))
    }

    const fn with(stored: Stored<'a>) -> Self {
        Self {
            stored,
            range: None,
            ranges: RangePolicy::new(),
            or_date: false,
            byte_for_byte: false,
        }
    }

    /// The request has this Range, or none. It decides which of the stored responses cover the
    /// request; the Range itself stays in the request as it is.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{ByteRange, EntityTag};
    ///
    /// let parts = [ByteRange::new(0, 9).unwrap()];
    /// let part = Response::new(206).etag(EntityTag::from_static("\"p\"")).parts(&parts);
    /// let asks = |range| ValidationRequest::new(part).for_range(range).fields().count();
    /// assert_eq!(asks(Some(b"bytes=0-4".as_slice())), 1);
    /// assert_eq!(asks(Some(b"bytes=0-99".as_slice())), 0);
    /// assert_eq!(asks(None), 0);
    /// ```
    pub const fn for_range(mut self, range: Option<&'a [u8]>) -> Self {
        self.range = range;
        self
    }

    /// Which ranges the cache sends: the policy given to [`Evaluation::range_policy`].
    ///
    /// [`Evaluation::range_policy`]: crate::cache::Evaluation::range_policy
    pub const fn range_policy(mut self, ranges: RangePolicy) -> Self {
        self.ranges = ranges;
        self
    }

    /// If there is no Last-Modified for If-Modified-Since, sends the stored `Date` instead, or else
    /// the time when the response was received, as RFC 9110 section 13.1.3 permits. It helps with
    /// servers that evaluate If-Modified-Since but send no validator.
    pub const fn or_date(mut self) -> Self {
        self.or_date = true;
        self
    }

    /// If one response is validated, sends its `ETag` and its `Last-Modified` as they came, byte
    /// for byte, even if they are malformed. There are servers that send `ETag: abc` without
    /// quotes, or a date in `UTC`, and compare what comes back as text.
    ///
    /// Without this, malformed validators are not sent, and dates are sent in the one format that
    /// RFC 9110 section 5.6.7 prescribes.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    ///
    /// let fields = [("ETag", "abc"), ("Last-Modified", "Sunday, 06-Nov-94 08:49:37 GMT")];
    /// let request = ValidationRequest::new(Response::new(200).fields(fields));
    /// assert_eq!(request.fields().count(), 0);
    /// let values: Vec<_> = request.byte_for_byte().fields().map(|field| field.to_string()).collect();
    /// assert_eq!(values, ["abc", "Sunday, 06-Nov-94 08:49:37 GMT"]);
    /// ```
    pub const fn byte_for_byte(mut self) -> Self {
        self.byte_for_byte = true;
        self
    }

    /// Merges the client's If-None-Match into the list, before the stored tags, so that one
    /// request asks for both ([RFC 9111 section 4.3.2]). `lines` are its lines; without one,
    /// nothing is merged. A stored tag that is the same as one of the client's, byte for byte and
    /// as strong, is not repeated; a `*` is kept as it is, without the stored tags.
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
    /// let request = ValidationRequest::of(&stored).merge(&lines)?;
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
    pub fn merge<C, T>(self, lines: C) -> Result<MergedRequest<'a, C>, InvalidEntityTag>
    where
        C: IntoIterator<Item = &'a T> + Clone,
        T: AsRef<[u8]> + ?Sized + 'a,
    {
        let client = match EntityTags::from_lines(lines.clone())? {
            None => Client::NotMerged,
            Some(EntityTags::Any) => Client::Any,
            Some(EntityTags::List(_)) => Client::Lines(lines),
        };
        Ok(MergedRequest {
            request: self,
            client,
        })
    }

    /// The conditional fields of the request, each once; none if there is no validator to ask with.
    pub fn fields(&self) -> ConditionalFields<'a> {
        let date = self.field(Field::IfModifiedSince);
        ConditionalFields {
            first: self.field(Field::IfNoneMatch),
            second: date.or_else(|| self.field(Field::IfRange)),
        }
    }

    /// One of the fields, if the request has it.
    #[must_use]
    pub fn field(&self, field: Field) -> Option<ConditionalField<'a>> {
        let one = only(self.validated()).map(|(_, one)| one);
        let as_received = |line: Option<&'a [u8]>| match line {
            Some([]) | None => None,
            Some(line) if self.byte_for_byte => Some(Value::AsReceived(line)),
            Some(_) => None,
        };
        let value = match (field, one) {
            (Field::IfNoneMatch, one) => {
                let line = one.and_then(Response::etag_line);
                as_received(line).or_else(|| self.list(Client::NotMerged).value())?
            }
            (Field::IfModifiedSince, Some(one)) if self.range.is_none() => {
                let fallback = if self.or_date { one.time() } else { None };
                let date = one.modified().or(fallback);
                as_received(one.last_modified_line()).or_else(|| date.map(Value::Date))?
            }
            // 13.1.5: MUST NOT be there without a Range, nor with a date if there is a tag.
            (Field::IfRange, Some(one)) if self.range.is_some() && one.entity_tag().is_none() => {
                Value::Date(one.strongly_modified()?)
            }
            _ => return None,
        };
        Some(ConditionalField { field, value })
    }

    /// The tags of If-None-Match: the stored ones, in order, each once.
    pub fn tags(&self) -> MergedTags<'a> {
        self.list(Client::NotMerged).tags()
    }

    /// What a 304 in answer to this request means ([RFC 9111 section 4.3.4]). Which of the stored
    /// responses it updates is a separate question: see
    /// [`select_for_update`](crate::cache::select_for_update).
    ///
    /// ```
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{AfterNotModified, Response, ValidationRequest};
    ///
    /// let response = |status, tag| Response::new(status).etag(EntityTag::from_static(tag));
    /// let request = ValidationRequest::new(response(200, "W/\"b\""));
    /// let after = |not_modified| request.after_not_modified(not_modified);
    /// assert_eq!(after(response(304, "W/\"b\"")), AfterNotModified::Reuse(0));
    /// assert_eq!(after(response(304, "\"b\"")), AfterNotModified::ReuseAsIs(0));
    /// assert_eq!(after(Response::new(304)), AfterNotModified::ReuseAsIs(0));
    /// assert_eq!(after(response(304, "\"z\"")), AfterNotModified::Retry);
    /// ```
    ///
    /// [RFC 9111 section 4.3.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4
    pub fn after_not_modified(&self, not_modified: Response<'_>) -> AfterNotModified {
        if let Some(place) = self.updated(not_modified) {
            return AfterNotModified::Reuse(place);
        }
        let as_is = match not_modified.entity_tag() {
            Some(_) => self.only_twin(not_modified),
            None => self.only_asked_about(not_modified),
        };
        as_is.map_or(AfterNotModified::Retry, AfterNotModified::ReuseAsIs)
    }

    /// The most recent of those that a 304 updates and that could answer the request.
    pub(super) fn updated(&self, not_modified: Response<'_>) -> Option<usize> {
        let which = self.which();
        updated(not_modified, self.stored.each(), |one| which.includes(one))
    }

    /// The only one that was asked about by a tag that is the 304's by weak comparison.
    pub(super) fn only_twin(&self, not_modified: Response<'_>) -> Option<usize> {
        let twins = self
            .validated()
            .filter(|(_, one)| one.entity_tag().is_some() && !tags_differ(not_modified, *one));
        only(twins).map(|(place, _)| place)
    }

    /// The only one that was asked about, by whatever validator, unless the 304 names another: its
    /// tag is malformed, if it has one.
    fn only_asked_about(&self, not_modified: Response<'_>) -> Option<usize> {
        let (place, one) = only(self.validated())?;
        let (tag, date) = (not_modified.etag_line(), not_modified.modified());
        let same_line = tag.is_none() || tag == one.etag_line();
        let same_date = date.is_none() || one.modified().is_none() || one.modified() == date;
        // An If-Range is no question that a 304 could answer.
        let mut asked = self.fields().map(|field| field.field());
        let is_asked = asked.any(|field| field != Field::IfRange);
        (is_asked && same_line && same_date).then_some(place)
    }

    fn validated(&self) -> impl Iterator<Item = (usize, Response<'a>)> {
        let which = self.which();
        let stored = self.stored.each().enumerate();
        stored.filter(move |(_, one)| which.includes(*one))
    }

    fn which(&self) -> Which<'a> {
        Which::Covering(self.range, self.ranges)
    }

    pub(super) fn list<C>(&self, client: Client<C>) -> List<'a, C> {
        List {
            client,
            stored: self.stored,
            which: self.which(),
        }
    }
}

/// What a 304 in answer to a validation request means; made by
/// [`ValidationRequest::after_not_modified`].
///
/// It is exhaustive on purpose: a cache handles every outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum AfterNotModified {
    /// Update the stored response at this place, counted from zero, and answer from it:
    /// [`evaluate`](crate::cache::evaluate) says what the client gets.
    Reuse(usize),
    /// Answer from the stored response at this place, and update nothing: section 4.3.4 forbids it
    /// here. The origin server has just said that the response is current, so it may be used, but
    /// it is no fresher than before.
    ///
    /// This happens if the 304 cannot be about another one:
    ///
    /// - One stored response was asked about, it has a validator, and the 304 names none. RFC 9110
    ///   section 15.4.5 permits that if there is no tag, and many servers do it.
    /// - One stored response was asked about by a weak tag such as `W/"v1"`, and the 304 names the
    ///   same tag without `W/`. nginx does that if it compresses: it weakens the tag of the 200 but
    ///   not that of the 304. (The other way round, a weak tag in the 304 updates what is stored
    ///   with the strong one, by weak comparison.)
    ReuseAsIs(usize),
    /// The 304 is of no use: it is not about a stored response that could answer the request, or
    /// it does not say which. Repeat the request with the client's own conditions alone.
    Retry,
}
