//! A response that a cache has, or has just received (RFC 9111 section 3).

use core::fmt;

use crate::bytes::trim_ows;
use crate::ranges::{ByteRange, ContentRange, Ranges};
use crate::response::Clocks;
use crate::validators::{EntityTag, HttpDate, Representation};

/// What is to be known of a response on the cache's side: of one that is stored, and of a 304 or
/// another one that has just come ([RFC 9111 section 3]).
///
/// ```
/// use http_conditional::cache::Response;
/// use http_conditional::{ByteRange, Clocks, EntityTag, HttpDate};
///
/// let now = HttpDate::from_unix(784_111_800)?;
/// let complete = Response::new(200)
///     .etag(EntityTag::from_static("\"v1\""))
///     .last_modified(HttpDate::from_unix(784_111_777)?)
///     .date(now)
///     .clocks(Clocks::Same);
/// assert!(complete.strongly_modified().is_some());
///
/// // The same from a header section, as it came.
/// let mut headers = http::HeaderMap::new();
/// headers.insert("etag", "\"v1\"".parse()?);
/// let partial = Response::new(206).received(now).fields(&headers);
/// let parts = [ByteRange::default()];
/// assert!(partial.parts(&parts).covers(Some(b"bytes=0-0")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 9111 section 3]: https://www.rfc-editor.org/rfc/rfc9111#section-3
#[derive(Clone, Copy)]
#[must_use]
pub struct Response<'a> {
    entity_tag: Option<EntityTag<'a>>,
    last_modified: Option<HttpDate>,
    date: Option<HttpDate>,
    received: Option<HttpDate>,
    /// `None` where the content is complete.
    parts: Option<&'a [ByteRange]>,
    complete_length: Option<u64>,
    clocks: Clocks,
    status: u16,
}

impl<'a> Response<'a> {
    /// A response with this status code and complete content, of which nothing else is known so
    /// far. A 206 has no content either until [`parts`](Self::parts) tells.
    pub const fn new(status: u16) -> Self {
        Self {
            entity_tag: None,
            last_modified: None,
            date: None,
            received: None,
            parts: if status == 206 { Some(&[]) } else { None },
            complete_length: None,
            clocks: Clocks::Untrusted,
            status,
        }
    }

    /// Its entity tag: the value of `ETag`.
    pub const fn etag(self, tag: EntityTag<'a>) -> Self {
        Self {
            entity_tag: Some(tag),
            ..self
        }
    }

    /// Its modification date: the value of `Last-Modified`.
    ///
    /// It counts as a strong validator where the response's [`date`](Self::date) and
    /// [`clocks`](Self::clocks) make it one ([`HttpDate::is_strong`]).
    pub const fn last_modified(self, date: HttpDate) -> Self {
        Self {
            last_modified: Some(date),
            ..self
        }
    }

    /// When the origin server made it: the value of `Date`.
    ///
    /// A cache that has a clock and adds a missing `Date` (RFC 9110 section 6.6.1) gives that one
    /// as [`received`](Self::received): another clock than the origin server's wrote it.
    pub const fn date(self, date: HttpDate) -> Self {
        Self {
            date: Some(date),
            ..self
        }
    }

    /// When it was received, by the cache's own clock. It stands in for a missing `Date`.
    pub const fn received(self, received: HttpDate) -> Self {
        Self {
            received: Some(received),
            ..self
        }
    }

    /// What is known of the clocks that wrote `Last-Modified` and `Date`;
    /// [`Untrusted`](Clocks::Untrusted) by default, so that no date is a strong validator.
    pub const fn clocks(self, clocks: Clocks) -> Self {
        Self { clocks, ..self }
    }

    /// The length of the complete content in bytes: the `Content-Length` of a 200 or of a HEAD,
    /// the complete length in the `Content-Range` of a 206.
    pub const fn complete_length(self, bytes: u64) -> Self {
        Self {
            complete_length: Some(bytes),
            ..self
        }
    }

    /// Only these parts of the content are there, in ascending order: those of a 206, or the
    /// beginning of a 200 that broke off.
    ///
    /// Out of order, a part may be taken for missing, but never for there.
    ///
    /// ```
    /// use http_conditional::ByteRange;
    /// use http_conditional::cache::Response;
    ///
    /// let parts = [ByteRange::new(0, 4).unwrap(), ByteRange::new(5, 9).unwrap()];
    /// let stored = Response::new(206).parts(&parts).complete_length(100);
    /// assert!(stored.covers(Some(b"bytes=2-7")));
    /// assert!(!stored.covers(Some(b"bytes=-1")));
    /// assert!(!stored.covers(None));
    /// ```
    pub const fn parts(self, parts: &'a [ByteRange]) -> Self {
        Self {
            parts: Some(parts),
            ..self
        }
    }

    /// `ETag`, `Last-Modified`, `Date` and the complete length, as these field lines of its header
    /// section say. An `&http::HeaderMap` is such a thing as it is. The trailer section is not to
    /// be given: its fields are not mixed into those of the header section (RFC 9111 section 3.1).
    ///
    /// A field that is malformed, or that has more than one line, counts as absent. Dates are
    /// read in either case, as section 4.2 asks of a cache; to read a two-digit year, the time
    /// when the response was [`received`](Self::received) has to be there before.
    ///
    /// ```
    /// use http_conditional::cache::Response;
    ///
    /// let fields = [("ETag", "\"v1\""), ("Date", "yesterday"), ("Content-Length", "12")];
    /// let response = Response::new(200).fields(fields);
    /// assert_eq!(response.entity_tag().unwrap().to_string(), "\"v1\"");
    /// assert_eq!(response.time(), None);
    /// ```
    pub fn fields<N, V>(self, fields: impl IntoIterator<Item = (N, &'a V)>) -> Self
    where
        N: AsRef<[u8]>,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let length_field: &[u8] = if self.status == 206 {
            b"Content-Range"
        } else {
            b"Content-Length"
        };
        let mut lines = [
            Singleton::Absent,
            Singleton::Absent,
            Singleton::Absent,
            Singleton::Absent,
        ];
        for (name, value) in fields {
            let [etag, last_modified, date, length] = &mut lines;
            let name = name.as_ref();
            let line = if name.eq_ignore_ascii_case(b"ETag") {
                etag
            } else if name.eq_ignore_ascii_case(b"Last-Modified") {
                last_modified
            } else if name.eq_ignore_ascii_case(b"Date") {
                date
            } else if name.eq_ignore_ascii_case(length_field) {
                length
            } else {
                continue;
            };
            line.add(trim_ows(value.as_ref()));
        }
        let [etag, last_modified, date, length] = lines.map(Singleton::value);
        let read_date = |value: Option<&[u8]>, now| {
            value.and_then(|value| HttpDate::parse_ignore_ascii_case(value, now).ok())
        };
        let date = read_date(date, self.received);
        Self {
            entity_tag: etag.and_then(|value| EntityTag::parse(value).ok()),
            last_modified: read_date(last_modified, self.received.or(date)),
            date,
            complete_length: length.and_then(|value| {
                if self.status == 206 {
                    ContentRange::parse(value).ok()?.complete_length()
                } else {
                    content_length(value)
                }
            }),
            ..self
        }
    }

    /// The entity tag, if there is one.
    #[must_use]
    pub const fn entity_tag(self) -> Option<EntityTag<'a>> {
        self.entity_tag
    }

    /// The modification date, if there is one, strong or weak.
    #[must_use]
    pub const fn modified(self) -> Option<HttpDate> {
        self.last_modified
    }

    /// The modification date, if there is one and it is a strong validator by the rule for caches
    /// and clients (RFC 9110 section 8.8.2.2). When the response was received plays no part.
    #[must_use]
    pub const fn strongly_modified(self) -> Option<HttpDate> {
        match self.last_modified {
            Some(modified) if modified.is_strong(self.date, self.clocks) => Some(modified),
            _ => None,
        }
    }

    /// When it was made: its `Date`, or failing that when it was received.
    #[must_use]
    pub const fn time(self) -> Option<HttpDate> {
        match self.date {
            Some(date) => Some(date),
            None => self.received,
        }
    }

    /// The length of the complete content in bytes, if it is known.
    #[must_use]
    pub const fn length(self) -> Option<u64> {
        self.complete_length
    }

    /// The status code.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.status
    }

    /// The representation that it is a response of, with its validators; the modification date is
    /// a strong one where [`strongly_modified`](Self::strongly_modified) says so.
    pub const fn representation(self) -> Representation<'a> {
        let mut representation = Representation::current();
        if let Some(tag) = self.entity_tag {
            representation = representation.etag(tag);
        }
        match (self.last_modified, self.strongly_modified()) {
            (_, Some(date)) => representation.strong_last_modified(date),
            (Some(date), None) => representation.last_modified(date),
            (None, None) => representation,
        }
    }

    /// Whether the content that is there answers a request with this `Range`, or with none
    /// ([RFC 9111 section 3.3]): it is complete, or every range that is asked for and satisfiable
    /// lies within its parts.
    ///
    /// A Range that is malformed or in another unit than `bytes` asks for the whole, as it is
    /// ignored; and a suffix, or a range without an end, lies within the parts only where the
    /// complete length is known. The time it takes grows with the number of ranges asked for,
    /// times the number of parts.
    ///
    /// ```
    /// use http_conditional::ByteRange;
    /// use http_conditional::cache::Response;
    ///
    /// let parts = [ByteRange::new(0, 9).unwrap()];
    /// let broken_off = Response::new(200).parts(&parts);
    /// assert!(broken_off.covers(Some(b"bytes=0-0, 8-9")));
    /// assert!(!broken_off.covers(Some(b"bytes=5-")));
    /// assert!(broken_off.complete_length(10).covers(Some(b"bytes=5-")));
    /// ```
    ///
    /// [RFC 9111 section 3.3]: https://www.rfc-editor.org/rfc/rfc9111#section-3.3
    #[must_use]
    pub fn covers(self, range: Option<&[u8]>) -> bool {
        if self.is_complete() {
            return true;
        }
        let ranges = match range.map(Ranges::parse) {
            Some(Ok(ranges)) => ranges,
            _ => return false,
        };
        // Without a length, a range without an end goes on as far as a number can say.
        let mut ranges = ranges
            .resolve(self.complete_length.unwrap_or(u64::MAX))
            .peekable();
        ranges.peek().is_some() && ranges.all(|range| self.has(range.first(), range.last()))
    }

    /// Whether the content is there from its first byte to its last.
    fn is_complete(self) -> bool {
        let last = self.complete_length.map(|length| length.checked_sub(1));
        match (self.parts, last) {
            (None, _) | (Some(_), Some(None)) => true,
            (Some(_), Some(Some(last))) => self.has(0, last),
            (Some(_), None) => false,
        }
    }

    /// Whether these bytes are among the parts.
    fn has(self, first: u64, last: u64) -> bool {
        // All from `first` on and before this one have been found.
        let mut next = Some(first);
        for part in self.parts.unwrap_or_default() {
            if matches!(next, Some(position) if part.first() <= position && position <= part.last())
            {
                next = part.last().checked_add(1);
            }
        }
        next.map_or(true, |position| position > last)
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("entity_tag", &self.entity_tag)
            .field("last_modified", &self.last_modified)
            .field("date", &self.date)
            .field("received", &self.received)
            .field("parts", &self.parts)
            .field("complete_length", &self.complete_length)
            .field("clocks", &self.clocks)
            .finish()
    }
}

/// The lines of a field that may have one.
enum Singleton<'a> {
    Absent,
    Line(&'a [u8]),
    Repeated,
}

impl<'a> Singleton<'a> {
    fn add(&mut self, value: &'a [u8]) {
        *self = match self {
            Self::Absent => Self::Line(value),
            Self::Line(_) | Self::Repeated => Self::Repeated,
        };
    }

    fn value(self) -> Option<&'a [u8]> {
        match self {
            Self::Line(value) => Some(value),
            Self::Absent | Self::Repeated => None,
        }
    }
}

/// ```abnf
/// Content-Length = 1*DIGIT
/// ```
fn content_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0_u64, |length, byte| match byte {
        b'0'..=b'9' => length.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

/// Which of these stored responses is the most recent, by its [`time`](Response::time): the one
/// that a cache uses where several suit a request ([RFC 9111 section 4]), counted from zero. Of
/// several that are equally recent, it is the first; one whose time is not known is older than
/// any other.
///
/// ```
/// use http_conditional::HttpDate;
/// use http_conditional::cache::{Response, most_recent};
///
/// let stored = [784_111_777, 784_111_778]
///     .map(|seconds| Response::new(200).date(HttpDate::from_unix(seconds).unwrap()));
/// assert_eq!(most_recent(stored), Some(1));
/// ```
///
/// [RFC 9111 section 4]: https://www.rfc-editor.org/rfc/rfc9111#section-4
#[must_use]
pub fn most_recent<'a>(stored: impl IntoIterator<Item = Response<'a>>) -> Option<usize> {
    most_recent_of(stored.into_iter().enumerate())
}

/// As [`most_recent`], of responses whose places are given.
pub(super) fn most_recent_of<'a>(
    stored: impl Iterator<Item = (usize, Response<'a>)>,
) -> Option<usize> {
    // `max_by_key` would give the last of those that are equal.
    let later = |best: (usize, Option<HttpDate>), next: (usize, Option<HttpDate>)| {
        if next.1 > best.1 { next } else { best }
    };
    let times = stored.map(|(place, response)| (place, response.time()));
    times.reduce(later).map(|(place, _)| place)
}
