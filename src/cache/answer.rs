//! Handling a received validation request (RFC 9111 section 4.3.2): a client's conditions and its
//! Range, evaluated against a stored response.

use crate::cache::content::StoredParts;
use crate::cache::response::Response;
use crate::conditions::{Decision, Explanation, Field, Fields, Method, Policy, Preconditions};
use crate::line::LentLine;
use crate::ranges::{ByteRange, ContentRange, Part, RangePolicy};

/// Evaluates the conditions and the Range of a client's request against the stored response that a
/// cache chose for it: what the client gets, by the rules of [RFC 9111 section 4.3.2].
///
/// `stored` is a response that may be reused for the request without asking the origin server: one
/// that is fresh, that may be served stale, or that has just been validated; the [most
/// recent](crate::cache::most_recent) of several. If there is none, it is `None`. `fields` are the
/// field lines of the request's header section, as [`evaluate`](crate::evaluate) takes them, but
/// borrowed: an `&http::HeaderMap` will do, and so will an array of pairs of strings.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{Answer, Response, evaluate};
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("if-none-match", "\"v1\"".parse()?);
/// let stored = Response::new(200).etag(EntityTag::from_static("\"v1\""));
///
/// assert_eq!(evaluate("GET", Some(stored), &headers), Answer::NotModified);
/// assert_eq!(evaluate("GET", None, &headers), Answer::Forward);
/// assert_eq!(evaluate("PUT", Some(stored), &headers), Answer::Forward);
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
///
/// This is [`Evaluation::new`], [`extend`](Extend::extend) and [`Evaluation::answer`].
///
/// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
pub fn evaluate<'r, L: LentLine<'r>>(
    method: impl Into<Method>,
    stored: Option<Response<'r>>,
    fields: impl IntoIterator<Item = L>,
) -> Answer<'r> {
    let mut evaluation = Evaluation::new(method.into(), stored);
    evaluation.extend(fields);
    evaluation.answer()
}

/// What a cache does with a client's request: which status it sends, and which of its bytes.
///
/// Every byte that it names is stored. If the stored response is incomplete and lacks something
/// that is asked for, the answer is [`Forward`](Self::Forward).
///
/// It is exhaustive on purpose: a cache handles every outcome.
///
/// ```
/// use http_conditional::ByteRange;
/// use http_conditional::cache::{Answer, Response, evaluate};
///
/// fn respond(answer: Answer<'_>) -> String {
///     match answer {
///         Answer::Forward => "ask the origin server".to_owned(),
///         Answer::NotModified => "304".to_owned(),
///         Answer::Whole => "200 with all of it".to_owned(),
///         Answer::Part(part) => format!("206, Content-Range: {}", part.content_range()),
///         Answer::Parts(parts) => format!("206, multipart/byteranges of {}", parts.len()),
///         Answer::Unsatisfiable(content_range) => format!("416, Content-Range: {content_range}"),
///     }
/// }
///
/// let parts = [ByteRange::new(0, 99).unwrap()];
/// let stored = Response::new(206).parts(&parts).complete_length(1000);
/// let get = |range: &'static str| respond(evaluate("GET", Some(stored), [("Range", range)]));
/// assert_eq!(get("bytes=10-19"), "206, Content-Range: bytes 10-19/1000");
/// assert_eq!(get("bytes=0-9, 20-29"), "206, multipart/byteranges of 2");
/// assert_eq!(get("bytes=90-109"), "ask the origin server");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Answer<'a> {
    /// Forward the request together with its conditions: another server has to evaluate them, or
    /// the stored response cannot answer it.
    Forward,
    /// Send 304 Not Modified, with the fields of the stored response that belong into it.
    NotModified,
    /// Send the stored response with all of its content, as if there were no Range: with 200, or
    /// with the stored status if that is neither 200 nor 206. In answer to a HEAD, leave out the
    /// content.
    Whole,
    /// Send 206 with one part, and with [`Part::content_range`] as its `Content-Range`.
    Part(Part),
    /// Send 206 with several parts, as `multipart/byteranges`.
    Parts(StoredParts<'a>),
    /// Send 416 with this `Content-Range`: all of the content is there, and no range lies within
    /// it.
    Unsatisfiable(ContentRange),
}

impl<'a> Answer<'a> {
    /// Merges parts that overlap, that are adjacent, or that lie no more than `gap` bytes apart,
    /// as [`RangeResponse::coalesce`](crate::RangeResponse::coalesce) does, but only where all that
    /// lies between them is stored too.
    ///
    /// The merged ranges are kept in `lent`, which needs as many places as the policy permits
    /// ranges. If there are too few, nothing is merged. The time it takes grows with the number of
    /// parts times the length of `lent`, times the number of stored parts.
    ///
    /// ```
    /// use http_conditional::cache::{Answer, Response, evaluate};
    /// use http_conditional::{ByteRange, RangePolicy};
    ///
    /// let parts = [(0, 19), (50, 59)].map(|(first, last)| ByteRange::new(first, last).unwrap());
    /// let stored = Response::new(206).parts(&parts).complete_length(100);
    /// let mut lent = [ByteRange::default(); RangePolicy::DEFAULT_MAX_RANGES];
    /// let range = [("Range", "bytes=0-1, 8-9, 50-59")];
    /// let Answer::Parts(parts) = evaluate("GET", Some(stored), range).coalesce(80, &mut lent) else {
    ///     unreachable!();
    /// };
    /// let content_ranges: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
    /// assert_eq!(content_ranges, ["bytes 0-9/100", "bytes 50-59/100"]);
    /// ```
    pub fn coalesce(self, gap: u64, lent: &'a mut [ByteRange]) -> Self {
        match self {
            Self::Parts(parts) => parts.coalesce(gap, lent),
            other => other,
        }
    }
}

/// The conditions and the Range of one request to a cache, folded over its field lines one by one,
/// as [`Preconditions`] does for a server.
///
/// The differences are those of [RFC 9111 section 4.3.2]:
///
/// - The request is forwarded if nothing is stored, if the method is neither GET, HEAD nor QUERY,
///   and if the stored response is incomplete and does not cover the request
///   ([`Response::covers`]).
/// - If-Match and If-Unmodified-Since are for origin servers and are not evaluated.
/// - Without a `Last-Modified` in the stored response, If-Modified-Since is compared with its
///   `Date`, or else with the time when it was received.
/// - Whether a date in If-Range is a strong validator follows from the stored response
///   ([`Response::strongly_modified`]).
/// - Dates are read in either case (section 4.2).
///
/// A stored response other than 2xx is served whatever the conditions say, because the origin
/// server would have sent it too.
///
/// ```
/// use http_conditional::cache::{Answer, Evaluation, Response};
/// use http_conditional::{HttpDate, Method};
///
/// let stored = Response::new(200).date(HttpDate::from_unix(784_111_777)?);
/// let mut evaluation = Evaluation::new(Method::Get, Some(stored));
/// evaluation.field(b"If-Modified-Since", b"Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(evaluation.answer(), Answer::NotModified);
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
///
/// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Evaluation<'r> {
    preconditions: Preconditions<'r>,
    stored: Option<Response<'r>>,
    method: Method,
    /// The first line of Range; a second one makes it malformed.
    range: Option<&'r [u8]>,
    ranges: RangePolicy,
}

impl<'r> Evaluation<'r> {
    /// The conditions of a request with this method, before any of its fields, against the stored
    /// response that the cache chose, if there is one.
    pub fn new(method: Method, stored: Option<Response<'r>>) -> Self {
        Self::with_policy(method, stored, Policy::new().case_insensitive_dates())
    }

    /// Like [`new`](Self::new), with a clock or with departures from the RFC. Dates are read in
    /// upper and lower case only if the policy says so.
    pub fn with_policy(method: Method, stored: Option<Response<'r>>, policy: Policy) -> Self {
        let policy = policy.role_of_cache();
        let preconditions = match stored {
            None => Preconditions::with_policy(method, crate::Representation::ABSENT, policy),
            Some(stored) => {
                let selected = stored.representation();
                // 4.3.2: SHOULD use Date, or the time of receipt, where Last-Modified is absent.
                // As a weak date it makes no If-Range true.
                let (selected, policy) = match (stored.modified(), stored.time()) {
                    (None, Some(time)) => {
                        (selected.last_modified(time), policy.date_for_modified())
                    }
                    _ => (selected, policy),
                };
                Preconditions::with_policy(method, selected, policy)
                    .unconditional_status(stored.status())
            }
        };
        Self {
            preconditions,
            stored,
            method,
            range: None,
            ranges: RangePolicy::new(),
        }
    }

    /// Which ranges the cache sends. If the policy does not permit those that are asked for, all of
    /// the stored response is sent if it is complete, and otherwise the request is forwarded.
    ///
    /// ```
    /// use http_conditional::cache::{Answer, Evaluation, Response};
    /// use http_conditional::{Method, RangePolicy};
    ///
    /// let stored = Response::new(200).complete_length(10);
    /// let evaluation = Evaluation::new(Method::Get, Some(stored));
    /// let mut one_by_one = evaluation.range_policy(RangePolicy::new().max_ranges(1));
    /// one_by_one.field(b"Range", b"bytes=0-0, 2-2");
    /// assert_eq!(one_by_one.answer(), Answer::Whole);
    /// ```
    pub const fn range_policy(mut self, ranges: RangePolicy) -> Self {
        self.ranges = ranges;
        self
    }

    /// Takes one field line of the request's header section into account, as
    /// [`Preconditions::field`] does. The value of Range is kept.
    pub fn field(&mut self, name: &[u8], value: &'r [u8]) {
        if self.range.is_none() && Field::from_name(name) == Some(Field::Range) {
            self.range = Some(value);
        }
        self.preconditions.field(name, value);
    }

    /// What the cache should do with the request, once all its field lines have been seen.
    pub fn answer(&self) -> Answer<'r> {
        let stored = match (self.stored, self.method) {
            (Some(stored), Method::Get | Method::Head | Method::Query) => stored,
            // RFC 9111 section 4: unsafe methods MUST be written through.
            _ => return Answer::Forward,
        };
        let whole = stored.content(None, self.ranges);
        // Two Range lines count as no Range, and ask for the whole.
        let range = self
            .range
            .filter(|_| self.method != Method::Head && !self.malformed().contains(Field::Range));
        let ranged = match range {
            Some(_) => stored.content(range, self.ranges),
            None => whole.clone(),
        };
        // 4.3.2: MUST NOT be evaluated where the request cannot be answered.
        if ranged == Answer::Forward {
            return Answer::Forward;
        }
        match self.preconditions.decide() {
            Decision::NotModified => Answer::NotModified,
            Decision::Perform => ranged,
            // 3.3: MUST NOT answer with an incomplete response what asks for the whole. The 412 is
            // the stored response itself: no condition that gives one is evaluated.
            Decision::PerformIgnoringRange | Decision::PreconditionFailed => whole,
        }
    }

    /// The fields that were present and malformed, as [`Preconditions::malformed`] tells.
    #[must_use]
    pub const fn malformed(&self) -> Fields {
        self.preconditions.malformed()
    }

    /// Whether the request has an If-Match or an If-Unmodified-Since, which only the origin server
    /// evaluates. A cache may ignore them; to have them respected, forward the request.
    ///
    /// ```
    /// use http_conditional::Method;
    /// use http_conditional::cache::{Answer, Evaluation, Response};
    ///
    /// let mut evaluation = Evaluation::new(Method::Get, Some(Response::new(200)));
    /// evaluation.field(b"If-Match", b"\"v1\"");
    /// assert_eq!(evaluation.answer(), Answer::Whole);
    /// assert!(evaluation.asks_origin());
    /// ```
    #[must_use]
    pub const fn asks_origin(&self) -> bool {
        let present = self.preconditions.present();
        present.contains(Field::IfMatch) || present.contains(Field::IfUnmodifiedSince)
    }

    /// Why the stored response answers as it does, step by step; `None` if the request is
    /// forwarded. For a stored 412 it says so, although to the cache that is a response like any
    /// other.
    ///
    /// ```
    /// use http_conditional::cache::{Evaluation, Response};
    /// use http_conditional::{EntityTag, Field, Method};
    ///
    /// let stored = Response::new(200).etag(EntityTag::from_static("\"v1\""));
    /// let mut evaluation = Evaluation::new(Method::Get, Some(stored));
    /// evaluation.field(b"If-Match", b"\"v0\"");
    /// evaluation.field(b"If-None-Match", b"\"v1\"");
    /// let explanation = evaluation.explain().unwrap();
    /// assert_eq!(explanation.field(), Some(Field::IfNoneMatch));
    /// let lines = explanation.to_string();
    /// assert!(lines.contains("1. If-Match: left to the origin server, as this is a cache"));
    /// ```
    #[must_use]
    pub fn explain(&self) -> Option<Explanation<'r>> {
        match self.answer() {
            Answer::Forward => None,
            _ => Some(self.preconditions.explain()),
        }
    }
}

/// Takes field lines into account, as [`Evaluation::field`] does with one.
impl<'r, L: LentLine<'r>> Extend<L> for Evaluation<'r> {
    fn extend<T: IntoIterator<Item = L>>(&mut self, fields: T) {
        for line in fields {
            self.field(line.name(), line.lent_value());
        }
    }
}
