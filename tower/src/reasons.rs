//! Why a response is what it is, kept for later.

use std::fmt;

use http::StatusCode;
use http::header::{ACCEPT_RANGES, HeaderMap, HeaderName, HeaderValue};
use http_conditional::{
    Decision, Explanation, Method, Policy, Preconditions, ReplyPolicy, Representation, reply_head,
};

use crate::state::State;

/// Why the response to a request is what it is: what the request asked, and what was current. It is
/// kept in the extensions of the response, and put into words only on demand.
///
/// [`Display`](fmt::Display) writes the decision and its reason on the first line, then a line for
/// each step of RFC 9110 section 13.2.2. If a Range counts, and the content is sent whole all the
/// same, the first line begins with why. For a 206 of the inner service's own there is one line.
/// All of it is printable ASCII, whatever the client sent.
///
/// ```
/// use http::{Request, Response};
/// use http_body_util::Empty;
/// use bytes::Bytes;
/// use tower::{Layer, ServiceExt, service_fn};
/// use tower_http_conditional::{ConditionalLayer, Reasons};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let inner = service_fn(|_| async {
///     Response::builder().header("etag", "\"v1\"").body(Empty::<Bytes>::new())
/// });
/// let service = ConditionalLayer::new().explaining().layer(inner);
/// let request = Request::builder().header("if-none-match", "v1").body(())?;
/// let response = service.oneshot(request).await?;
///
/// let reasons: &Reasons = response.extensions().get().unwrap();
/// let first = reasons.to_string().lines().next().unwrap().to_owned();
/// assert_eq!(
///     first,
///     "200 OK, not 304: If-None-Match is malformed (RFC 9110 section 13.2.2, step 3)"
/// );
/// # Ok::<(), http::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reasons {
    method: Method,
    lines: Vec<(HeaderName, HeaderValue)>,
    /// That of the response without conditions; `None` where it is not known yet.
    status: Option<StatusCode>,
    current: State,
    conditions: Policy,
    no_part: Option<NoPart>,
}

/// Why the content is sent whole although the Range counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoPart {
    /// The response takes no ranges.
    Refused,
    UnknownLength,
    /// It is malformed, say, or out of order.
    UnfitRange,
}

impl Reasons {
    /// Where this is the response without conditions.
    pub(crate) fn of_response(
        method: Method,
        lines: &[(HeaderName, HeaderValue)],
        status: StatusCode,
        fields: &HeaderMap,
        conditions: Policy,
    ) -> Self {
        // As for everybody, so that a Last-Modified in the future is the one that was judged.
        let (mut fields, policy) = (fields.clone(), ReplyPolicy::new().conditions(conditions));
        let nothing = HeaderMap::new();
        let _ = reply_head(method, &nothing, status, &mut fields, None, &policy);
        let current = Representation::of_fields(&fields);
        Self {
            status: Some(status),
            ..Self::of_state(method, lines, current, conditions)
        }
    }

    /// Where this is what is there, or nothing.
    pub(crate) fn of_state(
        method: Method,
        lines: &[(HeaderName, HeaderValue)],
        current: Representation<'_>,
        conditions: Policy,
    ) -> Self {
        Self {
            method,
            lines: lines.to_vec(),
            status: None,
            current: State::of(current),
            conditions,
            no_part: None,
        }
    }

    /// The content is sent whole although the Range counts.
    pub(crate) fn without_part(&mut self, no_part: NoPart) {
        self.no_part = Some(no_part);
    }

    /// The decision that they explain.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use http_conditional::Decision;
    /// use tower_http_conditional::Reasons;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().explaining();
    /// let request = Request::get("/").header("if-match", "\"v0\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// let reasons: &Reasons = response.extensions().get().unwrap();
    /// assert_eq!(reasons.decision(), Decision::PreconditionFailed);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decision(&self) -> Decision {
        self.with_preconditions(|preconditions| preconditions.decide())
    }

    /// Calls `then` with the reasons as data.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use http_conditional::Step;
    /// use tower_http_conditional::Reasons;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().explaining();
    /// let request = Request::get("/").header("if-match", "\"v0\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// let reasons: &Reasons = response.extensions().get().unwrap();
    /// let step = reasons.with_explanation(|explanation| explanation.step());
    /// assert_eq!(step, Some(Step::IfMatch));
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_explanation<R>(&self, then: impl FnOnce(Explanation<'_>) -> R) -> R {
        self.with_preconditions(|preconditions| then(preconditions.explain()))
    }

    fn with_preconditions<R>(&self, then: impl FnOnce(Preconditions<'_>) -> R) -> R {
        self.current.lend(|current| {
            let mut preconditions =
                Preconditions::with_policy(self.method, current, self.conditions);
            if let Some(status) = self.status {
                preconditions = preconditions.unconditional_status(status.as_u16());
            }
            if !self.is_own_part() {
                preconditions.extend(&self.lines);
            }
            then(preconditions)
        })
    }

    /// Whether it is a 206 of the inner service's own: nothing was applied to that.
    fn is_own_part(&self) -> bool {
        self.status == Some(StatusCode::PARTIAL_CONTENT)
    }

    /// Whether anybody subscribes to the event.
    pub(crate) fn are_traced() -> bool {
        #[cfg(feature = "tracing")]
        return tracing::enabled!(target: "tower_http_conditional", tracing::Level::DEBUG);
        #[cfg(not(feature = "tracing"))]
        false
    }

    /// The event, where the response has this status.
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables, clippy::unused_self))]
    pub(crate) fn trace(&self, status: StatusCode) {
        #[cfg(feature = "tracing")]
        tracing::debug!(
            target: "tower_http_conditional",
            status = status.as_u16(),
            decision = ?self.decision(),
            reasons = %self,
            "judged"
        );
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_own_part() {
            return f
                .write_str("206 Partial Content: the inner service's own, which is left as it is");
        }
        if let Some(no_part) = self.no_part {
            let because = no_part.because();
            write!(
                f,
                "200 OK with the whole content, because {because}. Otherwise: "
            )?;
        }
        self.with_preconditions(|preconditions| preconditions.explain_with(&self.lines).fmt(f))?;
        if self.no_part.is_some() {
            // The last line is about Range.
            f.write_str(", but not to this response")?;
        }
        Ok(())
    }
}

impl NoPart {
    /// Where the response has these fields, and content of this length.
    pub(crate) fn of(fields: &HeaderMap, length: Option<u64>) -> Self {
        let mut units = fields
            .get_all(ACCEPT_RANGES)
            .iter()
            .map(HeaderValue::as_bytes);
        if units.any(|unit| unit.trim_ascii().eq_ignore_ascii_case(b"none")) {
            Self::Refused
        } else if length.is_none() {
            Self::UnknownLength
        } else {
            Self::UnfitRange
        }
    }

    const fn because(self) -> &'static str {
        match self {
            Self::Refused => "the response says Accept-Ranges: none",
            Self::UnknownLength => "the length of the content is not known",
            Self::UnfitRange => "the Range is not one that is answered with parts",
        }
    }
}
