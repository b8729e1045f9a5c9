//! The extractor for axum: the conditions of a request, to be evaluated by its handler (RFC 9110
//! section 13.2.1, RFC 6585 section 3).

use std::convert::Infallible;

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use http::StatusCode;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http_body::SizeHint;
use http_conditional::{
    Decision, EntityTag, Field, Fields, Guard, HttpDate, Method, Policy, Preconditions,
    Representation, ResponseHead,
};

use crate::body::ConditionalBody;
use crate::reasons::Reasons;

/// The conditions of a request, for a handler that evaluates them itself: a PUT, PATCH or DELETE,
/// which has to do so while holding the lock or the transaction in which it writes; or a GET whose
/// response is expensive to make.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
///
/// use axum::extract::{Path, State};
/// use axum::http::StatusCode;
/// use http_conditional::{EntityTag, Representation};
/// use tower_http_conditional::{Conditions, Refused};
///
/// struct Note { tag: String, text: String }
/// type Notes = Arc<Mutex<HashMap<String, Note>>>;
///
/// async fn put_note(
///     State(notes): State<Notes>,
///     Path(name): Path<String>,
///     conditions: Conditions,
///     text: String,
/// ) -> Result<StatusCode, Refused> {
///     let mut notes = notes.lock().unwrap();
///     let current = notes.get(&name);
///     let state = current.map_or(Representation::ABSENT, |_| Representation::current());
///     let passed = conditions.require_guard().evaluate(state, || {
///         EntityTag::parse(current?.tag.as_bytes()).ok()
///     })?;
///     // The lock is held from the look at the note to the end of the write.
///     # let tag = String::from("\"v2\"");
///     notes.insert(name, Note { tag, text });
///     Ok(passed.status_of_put())
/// }
/// # let _: axum::Router = axum::Router::new()
/// #     .route("/{name}", axum::routing::put(put_note)).with_state(Notes::default());
/// ```
///
/// Inside a [`ConditionalLayer`](crate::ConditionalLayer) a GET, HEAD or QUERY has no conditions
/// left, unless the layer [leaves them](crate::ConditionalLayer::leaving_fields).
#[derive(Clone, Debug)]
#[must_use]
pub struct Conditions {
    method: Method,
    /// The conditional fields, and Range.
    lines: Vec<(HeaderName, HeaderValue)>,
    now: HttpDate,
    /// With the time.
    policy: Policy,
    least_guard: Guard,
    explains: bool,
}

impl Conditions {
    /// Those of a request with this method and these fields.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "\"v0\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert_eq!(refused.status(), 412);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(method: &http::Method, fields: &HeaderMap) -> Self {
        let lines = fields
            .iter()
            .filter(|(name, _)| Field::from_name(name.as_ref()).is_some())
            .map(|(name, value)| (name.clone(), value.clone()));
        let now = HttpDate::now();
        Self {
            method: method.into(),
            lines: lines.collect(),
            now,
            policy: Policy::new().now(now),
            least_guard: Guard::None,
            explains: false,
        }
    }

    /// Departures from the RFC. A clock in it is replaced by [`now`](Self::now).
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Policy, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "W/\"v1\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields).policy(Policy::new().weak_if_match());
    /// let tag = || Some(EntityTag::from_static("W/\"v1\""));
    /// assert!(conditions.evaluate(Representation::current(), tag).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy.now(self.now);
        self
    }

    /// The time, by default the system's. It tells the century of a date with a year of two digits.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{HttpDate, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let line = ("if-unmodified-since".parse()?, "Tuesday, 06-Nov-46 08:49:37 GMT".parse()?);
    /// let conditions = Conditions::new(&Method::PUT, &HeaderMap::from_iter([line]))
    ///     .now(HttpDate::from_unix(784_111_777)?)
    ///     .require_guard();
    /// let state = Representation::current().last_modified(HttpDate::from_unix(784_111_777)?);
    /// // In 1994 the year is 1946, and that day was no Tuesday: the date is malformed, and no guard.
    /// assert_eq!(conditions.evaluate(state, || None).unwrap_err().status(), 428);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn now(mut self, now: HttpDate) -> Self {
        self.now = now;
        self.policy = self.policy.now(now);
        self
    }

    /// A write over something that exists has to guard against lost updates, or it is refused with
    /// 428.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([]);
    /// let conditions = Conditions::new(&Method::PUT, &fields).require_guard();
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert_eq!(refused.status(), 428);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn require_guard(mut self) -> Self {
        self.least_guard = Guard::Date;
        self
    }

    /// Like [`require_guard`](Self::require_guard), but a date is not enough: with a date, the
    /// second of two writes within a second overwrites the first.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{HttpDate, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-unmodified-since".parse()?, "Sun, 06 Nov 1994 08:49:37 GMT".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields).require_strong_guard();
    /// let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", None)?;
    /// let state = Representation::current().last_modified(date);
    /// let refused = conditions.evaluate(state, || None).unwrap_err();
    /// assert_eq!(refused.status(), 428);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn require_strong_guard(mut self) -> Self {
        self.least_guard = Guard::Strong;
        self
    }

    /// Leaves the [`Reasons`] in the extensions of the response: of [`Refused`], and of
    /// whatever [`Passed`] is returned with.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use axum::response::IntoResponse;
    /// use tower_http_conditional::{Conditions, Reasons};
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "\"v0\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields).explaining();
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert!(refused.into_response().extensions().get::<Reasons>().is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explaining(mut self) -> Self {
        self.explains = true;
        self
    }

    /// The conditional fields of the request, and Range, as they came: for example for
    /// [`reply`](http_conditional::reply()), which applies the Range to a 200.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("range".parse()?, "bytes=0-1".parse()?)]);
    /// let conditions = Conditions::new(&Method::GET, &fields);
    /// assert_eq!(conditions.lines(), [("range".parse()?, "bytes=0-1".parse()?)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lines(&self) -> &[(HeaderName, HeaderValue)] {
        &self.lines
    }

    /// Whether the request may go on. `state` is what is there now, without its tag, or
    /// [`Representation::ABSENT`].
    ///
    /// `tag` is called only if a condition compares tags or the response has the tag, so that a tag
    /// that is slow to make does not slow down other requests.
    ///
    /// # Errors
    ///
    /// [`Refused`], with the response: 412 or 428 to a write, 304 or 412 to a GET, HEAD or QUERY.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "*".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let nothing = conditions.evaluate(Representation::ABSENT, || None);
    /// assert_eq!(nothing.unwrap_err().status(), 412);
    /// let tag = || -> Option<EntityTag> { unreachable!("a star asks for no tag") };
    /// assert!(conditions.evaluate(Representation::current(), tag).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn evaluate<'c>(
        &self,
        state: Representation<'c>,
        tag: impl FnOnce() -> Option<EntityTag<'c>>,
    ) -> Result<Passed, Refused> {
        let mut tag = Some(tag);
        let mut current = state;
        let mut add_tag = |current: &mut Representation<'c>| {
            if let Some(tag) = tag.take().filter(|_| current.exists()) {
                if let Some(tag) = tag() {
                    *current = current.etag(tag);
                }
            }
        };
        if self.compare_tags() {
            add_tag(&mut current);
        }
        let preconditions = self.against(current);
        let decision = preconditions.decide();
        // One of the other representations is enough for the resource to exist.
        let exists = current.exists() || !current.brothers().is_empty();
        let can_lose = self.method == Method::Other && exists;
        let status = match decision {
            Decision::NotModified => Some(StatusCode::NOT_MODIFIED),
            Decision::PreconditionFailed => Some(StatusCode::PRECONDITION_FAILED),
            Decision::Perform | Decision::PerformIgnoringRange => (can_lose
                && preconditions.guards_write() < self.least_guard)
                .then_some(StatusCode::PRECONDITION_REQUIRED),
        };
        if status.is_some() {
            add_tag(&mut current);
        }
        let reasons = || Reasons::of_state(self.method, &self.lines, current, self.policy);
        let reasons = (self.explains || Reasons::are_traced()).then(reasons);
        if let Some(reasons) = &reasons {
            reasons.trace(status.unwrap_or(StatusCode::OK));
        }
        let reasons = reasons.filter(|_| self.explains);
        let Some(status) = status else {
            return Ok(Passed {
                decision,
                existed: exists,
                reasons,
            });
        };
        // 15.4.5: a 304 has no Last-Modified where it has a tag.
        let head = ResponseHead::not_modified(current);
        let is_not_modified = status == StatusCode::NOT_MODIFIED;
        let mut fields = HeaderMap::new();
        for (name, value) in current.fields() {
            if !is_not_modified || head.keeps(name.as_bytes()) {
                fields.insert(HeaderName::from_static(name), value.into());
            }
        }
        Err(Refused(Box::new(Refusal {
            status,
            fields,
            decision,
            reasons,
        })))
    }

    fn against<'c>(&self, current: Representation<'c>) -> Preconditions<'c> {
        let mut preconditions = Preconditions::with_policy(self.method, current, self.policy);
        preconditions.extend(self.lines.iter());
        preconditions
    }

    /// Whether a tag makes a difference to a condition.
    fn compare_tags(&self) -> bool {
        let needs_no_quotes = self.policy == self.policy.lenient_entity_tags();
        self.lines.iter().any(|(name, value)| {
            let value = value.as_bytes().trim_ascii();
            match Field::from_name(name.as_ref()) {
                Some(Field::IfMatch | Field::IfNoneMatch) => value != b"*",
                Some(Field::IfRange) => needs_no_quotes || value.contains(&b'"'),
                _ => false,
            }
        })
    }

    /// Which of the conditional fields, and Range, the request has.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::Field;
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "*".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// assert!(conditions.present().contains(Field::IfMatch));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn present(&self) -> Fields {
        self.against(Representation::current()).present()
    }
}

impl<S: Sync> FromRequestParts<S> for Conditions {
    /// The values may be any bytes: malformed ones are evaluated to the safe side.
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::new(&parts.method, &parts.headers))
    }
}

/// The request may go on; made by [`Conditions::evaluate`].
///
/// Returned with a response, as `(passed, response)`, it leaves the decision in its extensions.
///
/// ```
/// use http::{HeaderMap, Method};
/// use http_conditional::Representation;
/// use tower_http_conditional::{Conditions, Passed};
///
/// let fields = HeaderMap::from_iter([]);
/// let conditions = Conditions::new(&Method::PUT, &fields);
/// let passed: Passed = conditions.evaluate(Representation::ABSENT, || None)
///     .map_err(|refused| refused.status().to_string())?;
/// assert!(passed.creates());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Passed {
    decision: Decision,
    existed: bool,
    reasons: Option<Reasons>,
}

impl Passed {
    /// [`Perform`](Decision::Perform) or [`PerformIgnoringRange`](Decision::PerformIgnoringRange).
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{Decision, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let passed = conditions.evaluate(Representation::ABSENT, || None).unwrap();
    /// assert_eq!(passed.decision(), Decision::Perform);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether there is nothing yet, so that a PUT creates what it writes.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::Representation;
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let passed = conditions.evaluate(Representation::current(), || None).unwrap();
    /// assert!(!passed.creates());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn creates(&self) -> bool {
        !self.existed
    }

    /// The status of the response to a PUT that has no content: 201 where it created something, and
    /// 204 where it replaced something (RFC 9110 section 9.3.4).
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::Representation;
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let passed = conditions.evaluate(Representation::ABSENT, || None).unwrap();
    /// assert_eq!(passed.status_of_put(), 201);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn status_of_put(&self) -> StatusCode {
        if self.existed {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::CREATED
        }
    }
}

impl IntoResponseParts for Passed {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.extensions_mut().insert(self.decision);
        if let Some(reasons) = self.reasons {
            parts.extensions_mut().insert(reasons);
        }
        Ok(parts)
    }
}

/// The request must not go on; made by [`Conditions::evaluate`]. It is a response: 412, 428 or 304
/// with the current validators, which a client needs to go on from there.
///
/// A 304 needs the `Cache-Control`, `Content-Location`, `Expires` and `Vary` that the 200 would
/// have: return it with them, as in `([("cache-control", "no-cache")], refused).into_response()`.
///
/// ```
/// use http::{HeaderMap, Method};
/// use http_conditional::{EntityTag, Representation};
/// use axum::response::IntoResponse;
/// use tower_http_conditional::{Conditions, Refused};
///
/// let fields = HeaderMap::from_iter([("if-match".parse()?, "\"v0\"".parse()?)]);
/// let conditions = Conditions::new(&Method::PUT, &fields);
/// let tag = || Some(EntityTag::from_static("\"v1\""));
/// let refused: Refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
/// let response = refused.into_response();
/// assert_eq!((response.status().as_u16(), &response.headers()["etag"]), (412, &"\"v1\"".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Refused(Box<Refusal>);

#[derive(Clone, Debug)]
struct Refusal {
    status: StatusCode,
    fields: HeaderMap,
    decision: Decision,
    reasons: Option<Reasons>,
}

impl Refused {
    /// 412, 428 or 304.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-none-match".parse()?, "\"v1\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::GET, &fields);
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert_eq!(refused.status(), 304);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The validators of what is there now. Remove them for clients that may write but not read.
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "\"v0\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let mut refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert!(refused.fields_mut().remove("etag").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fields_mut(&mut self) -> &mut HeaderMap {
        &mut self.0.fields
    }

    /// The decision about the conditions. With a 428 it is [`Perform`](Decision::Perform).
    ///
    /// ```
    /// use http::{HeaderMap, Method};
    /// use http_conditional::{Decision, EntityTag, Representation};
    /// use tower_http_conditional::Conditions;
    ///
    /// let fields = HeaderMap::from_iter([("if-match".parse()?, "\"v0\"".parse()?)]);
    /// let conditions = Conditions::new(&Method::PUT, &fields);
    /// let tag = || Some(EntityTag::from_static("\"v1\""));
    /// let refused = conditions.evaluate(Representation::current(), tag).unwrap_err();
    /// assert_eq!(refused.decision(), Decision::PreconditionFailed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decision(&self) -> Decision {
        self.0.decision
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let refusal = *self.0;
        let text = match refusal.status {
            StatusCode::NOT_MODIFIED => None,
            StatusCode::PRECONDITION_REQUIRED => Some(
                "Nothing was changed: send If-Match with the entity tag of the version that you replace.\n",
            ),
            _ => Some("It is not what the request expects.\n"),
        };
        let mut response = match text {
            Some(text) => text.into_response(),
            // axum writes `content-length: 0` into a 304 if the content is known to be empty.
            None => Body::new(ConditionalBody::<Body>::nothing(SizeHint::new())).into_response(),
        };
        *response.status_mut() = refusal.status;
        response.headers_mut().extend(refusal.fields);
        response.extensions_mut().insert(refusal.decision);
        if let Some(reasons) = refusal.reasons {
            response.extensions_mut().insert(reasons);
        }
        response
    }
}
