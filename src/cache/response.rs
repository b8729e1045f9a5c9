//! A response that a cache has stored, or has just received (RFC 9111 section 3).

use core::fmt;

use crate::cache::known::{Known, content_length, read_date};
use crate::line::LentLine;
use crate::padded::pad;
use crate::ranges::{ByteRange, ContentRange};
use crate::response::Clocks;
use crate::validators::{EntityTag, HttpDate, Representation};

/// What a cache knows about a response: a stored one, or a 304 or other response that has just come
/// ([RFC 9111 section 3]).
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
    entity_tag: Known<'a, EntityTag<'a>>,
    last_modified: Known<'a, HttpDate>,
    date: Known<'a, HttpDate>,
    complete_length: Known<'a, u64>,
    received: Option<HttpDate>,
    /// `None` where the content is complete.
    parts: Option<&'a [ByteRange]>,
    clocks: Clocks,
    status: u16,
}

impl<'a> Response<'a> {
    /// A response with this status code and complete content, of which nothing else is known so
    /// far. A 206 has no content until you give its [`parts`](Self::parts).
    ///
    /// Call the methods below in any order.
    pub const fn new(status: u16) -> Self {
        Self {
            entity_tag: Known::Nothing,
            last_modified: Known::Nothing,
            date: Known::Nothing,
            complete_length: Known::Nothing,
            received: None,
            parts: if status == 206 { Some(&[]) } else { None },
            clocks: Clocks::Untrusted,
            status,
        }
    }

    /// Its entity tag: the value of `ETag`.
    pub const fn etag(self, tag: EntityTag<'a>) -> Self {
        Self {
            entity_tag: Known::Told(tag),
            ..self
        }
    }

    /// Its modification date: the value of `Last-Modified`.
    ///
    /// It counts as a strong validator if the response's [`date`](Self::date) and
    /// [`clocks`](Self::clocks) make it one ([`HttpDate::is_strong`]).
    pub const fn last_modified(self, date: HttpDate) -> Self {
        Self {
            last_modified: Known::Told(date),
            ..self
        }
    }

    /// When the origin server made it: the value of `Date`.
    ///
    /// If you have a clock and add a missing `Date` (RFC 9110 section 6.6.1), give that as
    /// [`received`](Self::received) instead: it is not from the origin server's clock.
    pub const fn date(self, date: HttpDate) -> Self {
        Self {
            date: Known::Told(date),
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

    /// What is known about the clocks that wrote `Last-Modified` and `Date`;
    /// [`Untrusted`](Clocks::Untrusted) by default, so that no date is a strong validator.
    pub const fn clocks(self, clocks: Clocks) -> Self {
        Self { clocks, ..self }
    }

    /// The length of the complete content in bytes: the `Content-Length` of a 200 or of a HEAD,
    /// the complete length in the `Content-Range` of a 206.
    pub const fn complete_length(self, bytes: u64) -> Self {
        Self {
            complete_length: Known::Told(bytes),
            ..self
        }
    }

    /// Only these parts of the content are there, in ascending order: those of a 206, or the
    /// beginning of a 200 that broke off. Parts may overlap or adjoin.
    ///
    /// If they are out of order, a part that is there may count as missing, but never the other way
    /// round.
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

    /// Takes `ETag`, `Last-Modified`, `Date` and the complete length from these field lines of its
    /// header section: an `&http::HeaderMap`, say. Leave out the trailer section: its fields are
    /// not mixed into those of the header section (RFC 9111 section 3.1).
    ///
    /// What you told [`etag`](Self::etag) and the others counts for more than a field line. A field
    /// that is malformed, or that has more than one line, counts as absent, and
    /// [`malformed`](Self::malformed) names it. Dates are read in upper and lower case, as section
    /// 4.2 asks of a cache, and two-digit years by the time when the response was
    /// [`received`](Self::received).
    ///
    /// ```
    /// use http_conditional::cache::Response;
    ///
    /// let fields = [("ETag", "\"v1\""), ("Date", "yesterday"), ("Content-Length", "12")];
    /// let response = Response::new(200).fields(fields);
    /// assert_eq!(response.entity_tag().unwrap().to_string(), "\"v1\"");
    /// assert_eq!(response.time(), None);
    /// ```
    pub fn fields<L: LentLine<'a>>(mut self, fields: impl IntoIterator<Item = L>) -> Self {
        for line in fields {
            let (name, value) = (line.name(), line.lent_value());
            if name.eq_ignore_ascii_case(b"ETag") {
                self.entity_tag.add(value);
            } else if name.eq_ignore_ascii_case(b"Last-Modified") {
                self.last_modified.add(value);
            } else if name.eq_ignore_ascii_case(b"Date") {
                self.date.add(value);
            } else if name.eq_ignore_ascii_case(self.length_field().as_bytes()) {
                self.complete_length.add(value);
            }
        }
        self
    }

    /// Which field has the complete length.
    const fn length_field(self) -> &'static str {
        if self.status == 206 {
            "Content-Range"
        } else {
            "Content-Length"
        }
    }

    /// The fields whose lines count as absent, because they are malformed or there is more than one
    /// of them. To send such validators rather than none, use
    /// [`byte_for_byte`](crate::cache::ValidationRequest::byte_for_byte).
    ///
    /// ```
    /// use http_conditional::cache::Response;
    ///
    /// let fields = [("ETag", "v1"), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 UTC")];
    /// let response = Response::new(200).fields(fields);
    /// assert_eq!(response.malformed().to_string(), "ETag, Last-Modified");
    /// ```
    #[must_use]
    pub fn malformed(self) -> MalformedFields {
        let fields = [
            (self.entity_tag.is_there(), self.entity_tag().is_some()),
            (self.last_modified.is_there(), self.modified().is_some()),
            (self.date.is_there(), self.made().is_some()),
            (self.complete_length.is_there(), self.length_is_readable()),
        ];
        MalformedFields {
            names: ["ETag", "Last-Modified", "Date", self.length_field()],
            malformed: fields.map(|(is_there, is_read)| is_there && !is_read),
        }
    }

    /// The entity tag, if there is one.
    #[must_use]
    pub fn entity_tag(self) -> Option<EntityTag<'a>> {
        self.entity_tag.get(|line| EntityTag::parse(line).ok())
    }

    /// The line of `ETag`, if it comes from fields and there is exactly one, well-formed or not.
    pub(super) fn etag_line(self) -> Option<&'a [u8]> {
        self.entity_tag.line()
    }

    /// The modification date, if there is one, strong or weak.
    #[must_use]
    pub fn modified(self) -> Option<HttpDate> {
        let now = self.received.or_else(|| self.made());
        self.last_modified.get(|line| read_date(line, now))
    }

    /// The line of `Last-Modified`, if it comes from fields and there is exactly one, well-formed
    /// or not.
    pub(super) fn last_modified_line(self) -> Option<&'a [u8]> {
        self.last_modified.line()
    }

    /// The modification date, if there is one and it is a strong validator by the rule for caches
    /// and clients (RFC 9110 section 8.8.2.2). When the response was received plays no part.
    #[must_use]
    pub fn strongly_modified(self) -> Option<HttpDate> {
        let modified = self.modified();
        modified.filter(|modified| modified.is_strong(self.made(), self.clocks))
    }

    /// Its `Date`.
    fn made(self) -> Option<HttpDate> {
        self.date.get(|line| read_date(line, self.received))
    }

    /// When it was made: its `Date`, or failing that when it was received.
    #[must_use]
    pub fn time(self) -> Option<HttpDate> {
        self.made().or(self.received)
    }

    /// The length of the complete content in bytes, if it is known.
    #[must_use]
    pub fn length(self) -> Option<u64> {
        self.complete_length.get(|line| {
            if self.status == 206 {
                ContentRange::parse(line).ok()?.complete_length()
            } else {
                content_length(line)
            }
        })
    }

    /// A Content-Range may lack the complete length.
    fn length_is_readable(self) -> bool {
        match self.complete_length.line() {
            Some(line) if self.status == 206 => ContentRange::parse(line).is_ok(),
            _ => self.length().is_some(),
        }
    }

    /// The status code.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.status
    }

    /// Whether it is a success. A 304 stands for one (RFC 9110 section 15.4.5), so it can say
    /// nothing about a stored redirection or error.
    pub(super) const fn is_success(self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// Which parts of the content are there; `None` where all of it is.
    pub(super) const fn held(self) -> Option<&'a [ByteRange]> {
        self.parts
    }

    /// The representation in this response, with its validators; the modification date is strong if
    /// [`strongly_modified`](Self::strongly_modified) says so.
    pub fn representation(self) -> Representation<'a> {
        let mut representation = Representation::current();
        if let Some(tag) = self.entity_tag() {
            representation = representation.etag(tag);
        }
        match (self.modified(), self.strongly_modified()) {
            (_, Some(date)) => representation.strong_last_modified(date),
            (Some(date), None) => representation.last_modified(date),
            (None, None) => representation,
        }
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("entity_tag", &self.entity_tag())
            .field("last_modified", &self.modified())
            .field("date", &self.made())
            .field("received", &self.received)
            .field("parts", &self.parts)
            .field("complete_length", &self.length())
            .field("clocks", &self.clocks)
            .finish()
    }
}

/// The fields of a response that count as absent, because they are malformed or repeated; made by
/// [`Response::malformed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedFields {
    names: [&'static str; 4],
    malformed: [bool; 4],
}

impl MalformedFields {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.names().next().is_none()
    }

    /// Their names: `ETag`, `Last-Modified`, `Date`, and `Content-Length` or, of a 206,
    /// `Content-Range`.
    ///
    /// ```
    /// use http_conditional::cache::Response;
    ///
    /// let twice = [("Date", "Sun, 06 Nov 1994 08:49:37 GMT"); 2];
    /// assert!(Response::new(200).fields(twice).malformed().names().eq(["Date"]));
    /// ```
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let names = self.names.into_iter().zip(self.malformed);
        names.filter_map(|(name, malformed)| malformed.then_some(name))
    }
}

/// Writes the names, separated by a comma and a space.
impl fmt::Display for MalformedFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| {
            for (place, name) in self.names().enumerate() {
                f.write_str(if place == 0 { "" } else { ", " })?;
                f.write_str(name)?;
            }
            Ok(())
        })
    }
}

/// Which of these stored responses is the most recent, by its [`time`](Response::time): the one
/// that a cache uses if several fit a request ([RFC 9111 section 4]), counted from zero. Of several
/// that are equally recent, it is the first; one whose time is not known counts as the oldest.
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
