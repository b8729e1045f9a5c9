//! The layer and its settings.

use http_conditional::{HttpDate, Policy, RangePolicy, ReplyPolicy};
use tower_layer::Layer;

use crate::digest::Digesting;
use crate::service::Conditional;

/// Makes services [`Conditional`]: responses to GET, HEAD and QUERY become 304, 412, 206 or 416 if
/// the request asks for it and their validators allow it.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_http_conditional::ConditionalLayer;
///
/// let router: Router = Router::new()
///     .route("/", get(|| async { ([("etag", "\"v1\"")], "Hello.") }))
///     .layer(ConditionalLayer::new());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ConditionalLayer {
    options: Options,
}

/// What the layer was told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    conditions: Option<Policy>,
    ranges: RangePolicy,
    gap: Option<u64>,
    keeps_last_modified: bool,
    pub(crate) clock: Option<fn() -> HttpDate>,
    pub(crate) leaves_fields: bool,
    pub(crate) explains: bool,
    pub(crate) coded_tags: CodedTags,
    pub(crate) coding_after: Option<CodingSpares>,
    pub(crate) digesting: Option<Digesting>,
}

/// What happens to a strong entity tag if the response has a content coding. The same tag may be
/// sent with the uncoded content, and the two must not share a strong tag ([RFC 9110 section
/// 8.8.3.3]).
///
/// [RFC 9110 section 8.8.3.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
///
/// ```
/// use tower_http_conditional::{CodedTags, ConditionalLayer};
///
/// let layer = ConditionalLayer::new().coded_tags(CodedTags::AsTheyAre);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodedTags {
    /// It becomes weak, `W/"v1"`: enough for a 304, but not for If-Match or If-Range.
    #[default]
    Weak,
    /// It gets the name of the coding at its end, `"v1--gzip"`, and stays strong. So that a PUT
    /// with the tag of a compressed GET matches, the inner service sees
    ///
    /// - If-Match without the name;
    /// - in If-None-Match of a method that writes, one tag more: the one without the name.
    ///
    /// The layer itself judges GET, HEAD and QUERY by the fields as they came, because it knows the
    /// coding of the response: a GET with `If-Match: "v1--gzip"` gets a 412 if the response is not
    /// compressed, and a download is never resumed with another coding.
    ///
    /// Only one layer may do this, and it has to be outside the compressing layer.
    Suffixed,
    /// It stays as it is. For services that make a tag for each coding themselves, such as
    /// `ServeDir` with precompressed files.
    AsTheyAre,
}

/// What a compressing layer outside this one leaves alone.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_http::compression::CompressionLayer;
/// use tower_http_conditional::{CodingSpares, ConditionalLayer};
///
/// let router: Router = Router::new()
///     .route("/", get(|| async { ([("etag", "\"v1\"")], "Hello.") }))
///     .layer(ConditionalLayer::new().coding_may_follow(CodingSpares::WhatIsShort))
///     .layer(CompressionLayer::new());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodingSpares {
    /// Short content of known length, as tower-http's `CompressionLayer` does directly outside this
    /// layer.
    ///
    /// A 304 to a client that accepts a coding then tells the first that asks, which is the
    /// compressing layer, that it is empty. It tells nobody else: axum's `Router` would write the
    /// length, 0, into the 304. So nothing in between may ask. If something does, such as a layer
    /// that counts bytes, use [`WhatStaysShort`](Self::WhatStaysShort), or the 304 is compressed.
    WhatIsShort,
    /// The same, with other layers in between. A 304 then tells everybody that it is empty, and
    /// axum's `Router` writes `content-length: 0` into it, over HTTP/2 and for HEAD, which section
    /// 8.6 forbids.
    WhatStaysShort,
    /// Every 304, whatever its length: with [`is_coded`](crate::is_coded()) as a predicate of
    /// `CompressionLayer`, or because a proxy compresses. A 304 then has the right `content-length`
    /// or none.
    NotModified,
}

impl ConditionalLayer {
    /// Judges by the validators in the responses, and removes the conditional fields and Range from
    /// the requests.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new();
    /// let request = Request::get("/").header("if-none-match", "\"v1\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.status(), 304);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn new() -> Self {
        Self {
            options: Options::NEW,
        }
    }

    /// Departures from the RFC. A clock in it is replaced by the layer's own.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use http_conditional::Policy;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "W/\"v1\"").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().conditions(Policy::new().weak_if_match());
    /// let request = Request::get("/").header("if-match", "W/\"v1\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// // Without the departure it would be a 412.
    /// assert_eq!(response.status(), 200);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn conditions(mut self, conditions: Policy) -> Self {
        self.options.conditions = Some(conditions);
        self
    }

    /// Bounds on what a Range may ask for. Because the content is never held back, ranges that are
    /// out of order or overlap are answered with the whole, whatever
    /// [`max_reversals`](RangePolicy::max_reversals) says.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use http_conditional::RangePolicy;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().ranges(RangePolicy::new().malformed_is_416());
    /// let request = Request::get("/").header("range", "bytes=2-1").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.status(), 416);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn ranges(mut self, ranges: RangePolicy) -> Self {
        self.options.ranges = ranges;
        self
    }

    /// Parts with no more than `gap` bytes between them are sent as one.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().coalescing(2);
    /// let request = Request::get("/").header("range", "bytes=0-1, 4-5").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.headers()["content-range"], "bytes 0-5/10");
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn coalescing(mut self, gap: u64) -> Self {
        self.options.gap = Some(gap);
        self
    }

    /// A 304 keeps `Last-Modified` beside `ETag`.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"")
    ///         .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().keeping_last_modified();
    /// let request = Request::get("/").header("if-none-match", "\"v1\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.status(), 304);
    /// assert!(response.headers().contains_key("last-modified"));
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn keeping_last_modified(mut self) -> Self {
        self.options.keeps_last_modified = true;
        self
    }

    /// The clock, by default the system's. A `Last-Modified` in the future becomes now; with `None`
    /// it stays as it is.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use http_conditional::HttpDate;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("last-modified", "Fri, 31 Dec 9999 23:59:59 GMT").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().clock(Some(|| HttpDate::from_unix(0).expect("1970")));
    /// let request = Request::get("/").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.headers()["last-modified"], "Thu, 01 Jan 1970 00:00:00 GMT");
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn clock(mut self, clock: Option<fn() -> HttpDate>) -> Self {
        self.options.clock = clock;
        self
    }

    /// Leaves the conditional fields and Range in the request, for an inner service that saves work
    /// with them. Its 206, 304, 412 and 416 are left alone, right or wrong; its 200 is judged as
    /// usual.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Empty;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|request: Request<()>| async move {
    ///     let status = if request.headers().contains_key("if-none-match") { 304 } else { 200 };
    ///     Response::builder().status(status).body(Empty::<Bytes>::new())
    /// });
    /// let layer = ConditionalLayer::new().leaving_fields();
    /// let request = Request::get("/").header("if-none-match", "\"v1\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.status(), 304);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn leaving_fields(mut self) -> Self {
        self.options.leaves_fields = true;
        self
    }

    /// Leaves the [`Reasons`](crate::Reasons) of each response in its extensions, whether or not
    /// the request has a condition. The [`Decision`](http_conditional::Decision) is there anyway if
    /// the request has a condition or a Range.
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
    /// let request = Request::get("/").header("if-none-match", "\"v0\"").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// let reasons: &Reasons = response.extensions().get().unwrap();
    /// assert_eq!(reasons.decision(), Decision::Perform);
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn explaining(mut self) -> Self {
        self.options.explains = true;
        self
    }

    /// What happens to the strong tag of a response with a content coding.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// use tower_http_conditional::CodedTags;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"")
    ///         .header("content-encoding", "gzip").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().coded_tags(CodedTags::Suffixed);
    /// let request = Request::get("/").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert_eq!(response.headers()["etag"], "\"v1--gzip\"");
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn coded_tags(mut self, coded_tags: CodedTags) -> Self {
        self.options.coded_tags = coded_tags;
        self
    }

    /// Says that something outside this layer may compress, which this layer cannot see. If the
    /// client accepts any coding, every tag is then weak, and a 304 has no `content-length`. Every
    /// response says `vary: accept-encoding`.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tower_http::compression::CompressionLayer;
    /// use tower_http::compression::predicate::{DefaultPredicate, Predicate};
    /// use tower_http_conditional::{CodingSpares, ConditionalLayer, is_coded};
    ///
    /// let router: Router = Router::new()
    ///     .route("/", get(|| async { ([("etag", "\"v1\"")], "Hello.") }))
    ///     .layer(ConditionalLayer::new().coding_may_follow(CodingSpares::NotModified))
    ///     .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_coded)));
    /// ```
    pub const fn coding_may_follow(mut self, spares: CodingSpares) -> Self {
        self.options.coding_after = Some(spares);
        self
    }

    /// Makes a strong entity tag for a 200 that has none, from a digest of its content, if that is
    /// known to be no longer than this many bytes. Content of unknown length, such as a stream of
    /// events, is never waited for.
    ///
    /// The inner service then sees a GET instead of a HEAD, because the tag is made of the content.
    ///
    /// The content is held back until all of it is there. Such a tag saves the transfer, but none
    /// of the work.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new().digest_up_to(64 * 1024);
    /// let request = Request::get("/").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// assert!(response.headers().contains_key("etag"));
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "digest")]
    #[cfg_attr(docsrs, doc(cfg(feature = "digest")))]
    pub const fn digest_up_to(mut self, bytes: u64) -> Self {
        self.options.digesting = Some(Digesting::sha256(bytes));
        self
    }
}

impl<S> Layer<S> for ConditionalLayer {
    type Service = Conditional<S>;

    fn layer(&self, inner: S) -> Conditional<S> {
        Conditional::new(inner, self.options)
    }
}

impl Options {
    const NEW: Self = Self {
        conditions: None,
        ranges: RangePolicy::new(),
        gap: None,
        keeps_last_modified: false,
        clock: Some(HttpDate::now),
        leaves_fields: false,
        explains: false,
        coded_tags: CodedTags::Weak,
        coding_after: None,
        digesting: None,
    };

    /// Whether a response to a request without conditions is sent as it is, without a look at its
    /// length.
    pub(crate) const fn leave_whole(&self) -> bool {
        self.digesting.is_none() && self.coding_after.is_none() && !self.explains
    }

    /// With the time, or without if it makes no difference.
    pub(crate) fn conditions(&self, tells_time: bool) -> Policy {
        match (self.clock, self.conditions) {
            // The user's policy may have a clock, which must be replaced.
            (Some(clock), conditions) if tells_time || conditions.is_some() => {
                conditions.unwrap_or_default().now(clock())
            }
            (_, conditions) => conditions.unwrap_or_default(),
        }
    }

    pub(crate) fn reply(&self, conditions: Policy) -> ReplyPolicy {
        let mut policy = ReplyPolicy::new()
            .conditions(conditions)
            // Content that has gone through cannot be sent again.
            .ranges(self.ranges.max_reversals(0));
        if let Some(gap) = self.gap {
            policy = policy.coalescing(gap);
        }
        if self.keeps_last_modified {
            policy = policy.keeping_last_modified();
        }
        policy
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::NEW
    }
}
