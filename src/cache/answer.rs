//! Handling a received validation request (RFC 9111 section 4.3.2): a client's conditions,
//! evaluated against a stored response.

use crate::cache::response::Response;
use crate::conditions::{Decision, Explanation, Field, Fields, Method, Policy, Preconditions};

/// Evaluates the conditions of a client's request against the stored response that a cache chose
/// for it: what the client gets, by the rules of [RFC 9111 section 4.3.2].
///
/// `stored` is a response that may be reused for the request without asking the origin server:
/// one that is fresh, that may be served stale, or that has just been validated; the
/// [most recent](crate::cache::most_recent) of several. Without one it is `None`. `fields` are the
/// field lines of the request's header section, as [`evaluate`](crate::evaluate) takes them.
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
/// This is [`Evaluation::new`], [`extend`](Extend::extend) and [`Evaluation::decide`].
///
/// [RFC 9111 section 4.3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.2
pub fn evaluate<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    method: impl Into<Method>,
    stored: Option<Response<'_>>,
    fields: impl IntoIterator<Item = (N, V)>,
) -> Answer {
    let mut evaluation = Evaluation::new(method.into(), stored);
    evaluation.extend(fields);
    evaluation.decide()
}

/// What a cache does with a client's request.
///
/// It is exhaustive on purpose: a cache handles every outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Answer {
    /// Forward the request, its conditions with it: they are for another server to evaluate, or
    /// the stored response cannot answer it.
    Forward,
    /// Send the stored response. If there is a Range, it applies.
    Serve,
    /// Send the stored response, as if there were no Range.
    ServeIgnoringRange,
    /// Send 304 Not Modified, with the fields of the stored response that belong into it.
    NotModified,
}

impl Answer {
    /// As a server's [`Decision`], for [`RangeResponse`](crate::RangeResponse) and what else
    /// follows; `None` where the request is forwarded.
    #[must_use]
    pub const fn decision(self) -> Option<Decision> {
        match self {
            Self::Forward => None,
            Self::Serve => Some(Decision::Perform),
            Self::ServeIgnoringRange => Some(Decision::PerformIgnoringRange),
            Self::NotModified => Some(Decision::NotModified),
        }
    }
}

/// The conditions of one request to a cache, folded over its field lines one by one, as
/// [`Preconditions`] does it for a server.
///
/// The differences are those of [RFC 9111 section 4.3.2]:
///
/// - The request is forwarded where nothing is stored, where the method is neither GET nor HEAD,
///   and where the stored response is incomplete and does not cover the request
///   ([`Response::covers`]).
/// - If-Match and If-Unmodified-Since are for origin servers and are not evaluated.
/// - Without a `Last-Modified` in the stored response, If-Modified-Since is compared with its
///   `Date`, or failing that with the time when it was received.
/// - Whether a date in If-Range is a strong validator follows from the stored response
///   ([`Response::strongly_modified`]).
/// - Dates are read in either case (section 4.2).
///
/// A stored response other than 2xx is served whatever the conditions say, as the origin server
/// would have sent it.
///
/// ```
/// use http_conditional::cache::{Answer, Evaluation, Response};
/// use http_conditional::{HttpDate, Method};
///
/// let stored = Response::new(200).date(HttpDate::from_unix(784_111_777)?);
/// let mut evaluation = Evaluation::new(Method::Get, Some(stored));
/// evaluation.field(b"If-Modified-Since", b"Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(evaluation.decide(), Answer::NotModified);
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
    /// Whether the content that is stored answers the request without a Range.
    covers_whole: bool,
    /// The same with the Range, where one has been seen.
    covers_range: bool,
}

impl<'r> Evaluation<'r> {
    /// The conditions of a request with this method, of which no field has been seen yet, against
    /// the stored response that the cache chose, if there is one.
    pub fn new(method: Method, stored: Option<Response<'r>>) -> Self {
        Self::with_policy(method, stored, Policy::new().case_insensitive_dates())
    }

    /// As [`new`](Self::new), with a clock or with departures from the RFC. Dates are read in
    /// either case only if the policy says so.
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
        let covers_whole = matches!(stored, Some(stored) if stored.covers(None));
        Self {
            preconditions,
            stored,
            method,
            covers_whole,
            covers_range: covers_whole,
        }
    }

    /// Takes one field line of the request's header section into account, as
    /// [`Preconditions::field`] does.
    pub fn field(&mut self, name: &[u8], value: &[u8]) {
        if !self.covers_whole && Field::from_name(name) == Some(Field::Range) {
            self.covers_range = matches!(self.stored, Some(stored) if stored.covers(Some(value)));
        }
        self.preconditions.field(name, value);
    }

    /// What the cache is to do with the request, once all its field lines have been seen.
    pub fn decide(&self) -> Answer {
        let covered = match self.method {
            // Two Range lines are no Range, and ask for the whole.
            Method::Get | Method::Query if self.malformed().contains(Field::Range) => {
                self.covers_whole
            }
            Method::Get | Method::Query => self.covers_range,
            Method::Head => self.covers_whole,
            // RFC 9111 section 4: unsafe methods MUST be written through.
            Method::OtherSafe | Method::Other | Method::Exempt | Method::Connect => false,
        };
        if !covered {
            return Answer::Forward;
        }
        match self.preconditions.decide() {
            Decision::NotModified => Answer::NotModified,
            Decision::PerformIgnoringRange if self.covers_whole => Answer::ServeIgnoringRange,
            // 3.3: MUST NOT answer with an incomplete response what asks for the whole.
            Decision::PerformIgnoringRange => Answer::Forward,
            // The 412 is the stored response itself: no condition that gives one is evaluated.
            Decision::Perform | Decision::PreconditionFailed => Answer::Serve,
        }
    }

    /// The fields that were present and malformed, as [`Preconditions::malformed`] tells.
    #[must_use]
    pub const fn malformed(&self) -> Fields {
        self.preconditions.malformed()
    }

    /// Whether the request has an If-Match or an If-Unmodified-Since, which only the origin server
    /// evaluates. A cache may ignore them; one that would rather have them respected forwards the
    /// request.
    ///
    /// ```
    /// use http_conditional::Method;
    /// use http_conditional::cache::{Answer, Evaluation, Response};
    ///
    /// let mut evaluation = Evaluation::new(Method::Get, Some(Response::new(200)));
    /// evaluation.field(b"If-Match", b"\"v1\"");
    /// assert_eq!(evaluation.decide(), Answer::Serve);
    /// assert!(evaluation.asks_origin());
    /// ```
    #[must_use]
    pub const fn asks_origin(&self) -> bool {
        let present = self.preconditions.present;
        present.contains(Field::IfMatch) || present.contains(Field::IfUnmodifiedSince)
    }

    /// Why the stored response answers as it does, step by step; `None` where the request is
    /// forwarded. Its [`Decision`] is [`Answer::decision`], in a server's words; of a stored 412 it
    /// says that, where to the cache it is one more response to be served.
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
        match self.decide() {
            Answer::Forward => None,
            _ => Some(self.preconditions.explain()),
        }
    }
}

/// Takes field lines into account, as [`Evaluation::field`] does with one.
impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Extend<(N, V)> for Evaluation<'_> {
    fn extend<T: IntoIterator<Item = (N, V)>>(&mut self, fields: T) {
        for (name, value) in fields {
            self.field(name.as_ref(), value.as_ref());
        }
    }
}
