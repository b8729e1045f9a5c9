//! The selected representation and its validators (RFC 9110 section 8.8).

use super::{EntityTag, HttpDate, PackedDate};
use crate::bytes::is_name;
use crate::line::{LentLine, Only};

/// What you know about the selected representation of the target resource when the conditions are
/// evaluated: whether there is one, and its validators ([RFC 9110 section 8.8]).
///
/// Existence and validators are two different things: `*` asks only whether it exists, and a
/// representation may exist and have no validator.
///
/// ```
/// use http_conditional::{EntityTag, HttpDate, Representation};
///
/// let missing = Representation::ABSENT;
/// let bare = Representation::current();
/// let usual = Representation::current()
///     .etag(EntityTag::from_static("\"v1\""))
///     .last_modified(HttpDate::from_unix(784_111_777)?);
/// assert!(!missing.exists() && bare.exists() && usual.exists());
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
///
/// [RFC 9110 section 8.8]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8
#[derive(Clone, Copy)]
#[must_use]
pub struct Representation<'a> {
    // Flat rather than an Option<EntityTag>, whose padding would cost 8 bytes.
    pub(super) opaque_tag: Option<&'a [u8]>,
    pub(super) last_modified: PackedDate,
    pub(super) brothers: &'a [EntityTag<'a>],
    pub(super) weak_tag: bool,
    pub(super) strong_date: bool,
    pub(super) exists: bool,
}

impl<'a> Representation<'a> {
    /// There is no current representation: a GET would find nothing, a PUT would create one.
    pub const ABSENT: Self = Self {
        opaque_tag: None,
        last_modified: PackedDate(None),
        brothers: &[],
        weak_tag: false,
        strong_date: false,
        exists: false,
    };

    /// There is a current representation, without any validator so far.
    pub const fn current() -> Self {
        Self {
            exists: true,
            ..Self::ABSENT
        }
    }

    /// Its current entity tag: the value of `ETag` in a 200 response.
    ///
    /// Whatever has a validator exists: called on [`ABSENT`](Self::ABSENT), this says that there is
    /// a current representation after all.
    pub const fn etag(self, tag: EntityTag<'a>) -> Self {
        Self {
            opaque_tag: Some(tag.opaque()),
            weak_tag: tag.is_weak(),
            exists: true,
            ..self
        }
    }

    /// Like [`etag`](Self::etag), if there is a tag.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Representation};
    ///
    /// let stored: Option<&[u8]> = Some(b"\"v1\"");
    /// let tag = stored.and_then(|value| EntityTag::parse(value).ok());
    /// let current = Representation::current().maybe_etag(tag).maybe_last_modified(None);
    /// assert!(current.entity_tag().is_some() && current.modified().is_none());
    /// ```
    pub const fn maybe_etag(self, tag: Option<EntityTag<'a>>) -> Self {
        match tag {
            Some(tag) => self.etag(tag),
            None => self,
        }
    }

    /// A current representation with the validators in the `ETag` and `Last-Modified` of these
    /// fields, which are those of a 2xx. So you evaluate what clients have seen.
    ///
    /// A field that is malformed, or has several lines, counts as absent.
    ///
    /// ```
    /// use http_conditional::Representation;
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("etag", "\"v1\"".parse()?);
    /// headers.insert("last-modified", "yesterday".parse()?);
    /// let current = Representation::of_fields(&headers);
    /// assert_eq!(current.entity_tag().map(|tag| tag.opaque()), Some(b"v1".as_slice()));
    /// assert_eq!(current.modified(), None);
    /// # Ok::<(), http::header::InvalidHeaderValue>(())
    /// ```
    pub fn of_fields<L: LentLine<'a>>(fields_of_the_200: impl IntoIterator<Item = L>) -> Self {
        let (mut etag, mut last_modified) = (Only::default(), Only::default());
        for line in fields_of_the_200 {
            if is_name(line.name(), b"etag") {
                etag.line(line.lent_value());
            } else if is_name(line.name(), b"last-modified") {
                last_modified.line(line.lent_value());
            }
        }
        Self::of_values(etag, last_modified)
    }

    /// What these values of `ETag` and `Last-Modified` say.
    pub(crate) fn of_values(etag: Only<'a>, last_modified: Only<'a>) -> Self {
        let tag = etag.value().and_then(|value| EntityTag::parse(value).ok());
        let date = last_modified.value();
        let date = date.and_then(|value| HttpDate::parse(value, None).ok());
        Self::current().maybe_etag(tag).maybe_last_modified(date)
    }

    /// The entity tags of the other current representations of the same resource: the same content
    /// in other content codings or formats, or under the tag that a proxy in front of you makes out
    /// of yours (Apache's `-gzip`).
    ///
    /// A client that writes may have any of them. So for every method but GET, HEAD and QUERY,
    /// If-Match is true if it matches the selected representation or one of these (section 13.1.1),
    /// and If-None-Match is false if it matches any of them. If there is no selected representation
    /// but one of these, the resource counts as existing. GET, HEAD and QUERY ask for the selected
    /// representation, and only that counts for them.
    ///
    /// ```
    /// use http_conditional::{Decision, EntityTag, Representation, evaluate};
    ///
    /// let brothers = [EntityTag::from_static("\"v1-gzip\"")];
    /// let current = Representation::current()
    ///     .etag(EntityTag::from_static("\"v1\""))
    ///     .also(&brothers);
    ///
    /// let of_the_compressed = [("If-Match", "\"v1-gzip\"")];
    /// assert_eq!(evaluate("PUT", current, of_the_compressed), Decision::Perform);
    /// assert_eq!(evaluate("GET", current, of_the_compressed), Decision::PreconditionFailed);
    /// ```
    pub const fn also(self, brothers: &'a [EntityTag<'a>]) -> Self {
        Self { brothers, ..self }
    }

    /// The entity tags that [`also`](Self::also) took.
    #[must_use]
    pub const fn brothers(self) -> &'a [EntityTag<'a>] {
        self.brothers
    }

    /// Whether there is a current representation.
    #[must_use]
    pub const fn exists(self) -> bool {
        self.exists
    }

    /// The entity tag, if there is one.
    #[must_use]
    pub const fn entity_tag(self) -> Option<EntityTag<'a>> {
        match self.opaque_tag {
            Some(opaque) => Some(EntityTag::from_parts(opaque, self.weak_tag)),
            None => None,
        }
    }

    /// Whether both are the same by a strong validator, so that a client or a cache may combine
    /// parts of the two ([RFC 9110 section 15.3.7.3]).
    ///
    /// If both have entity tags, those decide; otherwise the modification dates do, which have to
    /// be strong, see [`HttpDate::is_strong`].
    ///
    /// ```
    /// use http_conditional::{EntityTag, Representation};
    ///
    /// let strong = Representation::current().etag(EntityTag::from_static("\"v1\""));
    /// let weak = Representation::current().etag(EntityTag::from_static("W/\"v1\""));
    /// assert!(strong.shares_strong_validator(strong));
    /// assert!(!weak.shares_strong_validator(weak));
    /// ```
    ///
    /// [RFC 9110 section 15.3.7.3]: https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.3
    #[must_use]
    pub fn shares_strong_validator(self, other: Representation<'_>) -> bool {
        match (self.entity_tag(), other.entity_tag()) {
            (Some(tag), Some(other)) => tag.strong_eq(other),
            _ => match (self.strongly_modified(), other.strongly_modified()) {
                (Some(date), Some(other)) => date == other,
                _ => false,
            },
        }
    }
}

impl core::fmt::Debug for Representation<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Representation")
            .field("exists", &self.exists)
            .field("entity_tag", &self.entity_tag())
            .field("last_modified", &self.modified())
            .field("strong_date", &self.strong_date)
            .field("brothers", &self.brothers)
            .finish()
    }
}
