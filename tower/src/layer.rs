//! What the layer is made of and told.

use http_conditional::{HttpDate, Policy, RangePolicy, ReplyPolicy};
use tower_layer::Layer;

use crate::digest::Digesting;
use crate::service::Conditional;

/// Makes services [`Conditional`]: the responses to GET, HEAD and QUERY become 304, 412, 206 or 416
/// where the request asks for it and their validators allow it.
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
    conditions: Policy,
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

/// What becomes of a strong entity tag where the response has a content coding: the same tag may
/// go out with the content as it is, and a strong tag must not stand for both ([RFC 9110 section
/// 8.8.3.3]).
///
/// [RFC 9110 section 8.8.3.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodedTags {
    /// It becomes weak, `W/"v1"`: enough for a 304, but not for If-Match or If-Range.
    #[default]
    Weak,
    /// It gets the name of the coding at its end, `"v1--gzip"`, and stays strong. The name is taken
    /// off again where a request comes back with it, so that a PUT with the tag of a compressed GET
    /// finds its resource:
    ///
    /// - in If-Match, for every method;
    /// - in If-None-Match of a method that writes, where the tag without the name is put beside it;
    /// - that of GET, HEAD and QUERY, and If-Range, are judged by the layer itself, which knows
    ///   which coding the response has. So what is resumed is never another coding.
    ///
    /// This has to be the only layer that does it, and has to be outside of what compresses.
    Suffixed,
    /// It stays as it is. For services that make a tag of their own for each coding, such as
    /// `ServeDir` with precompressed files.
    AsTheyAre,
}

/// What a compressing layer outside of this one leaves alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodingSpares {
    /// What is known to be short, as tower-http's `CompressionLayer` does. A 304 then has to be
    /// known to be empty, and axum's `Router` says `content-length: 0` in it, over HTTP/2 and for
    /// HEAD.
    WhatIsShort,
    /// Every 304, whatever its length: with [`is_coded`](crate::is_coded()) as a predicate of
    /// `CompressionLayer`, or because what compresses is a proxy. A 304 then has no
    /// `content-length`, or the right one.
    NotModified,
}

impl ConditionalLayer {
    /// Judges by the validators in the responses, and takes the conditional fields and Range off
    /// the requests.
    pub const fn new() -> Self {
        Self {
            options: Options::NEW,
        }
    }

    /// Departures from the RFC. A clock in it is replaced by the layer's own.
    pub const fn conditions(mut self, conditions: Policy) -> Self {
        self.options.conditions = conditions;
        self
    }

    /// Bounds on what a Range may ask for. As the content is never held back, ranges that are out
    /// of order or overlap are answered with the whole, whatever
    /// [`max_reversals`](RangePolicy::max_reversals) says.
    pub const fn ranges(mut self, ranges: RangePolicy) -> Self {
        self.options.ranges = ranges;
        self
    }

    /// Parts with no more than `gap` bytes between them are sent as one.
    pub const fn coalescing(mut self, gap: u64) -> Self {
        self.options.gap = Some(gap);
        self
    }

    /// A 304 keeps `Last-Modified` beside `ETag`.
    pub const fn keeping_last_modified(mut self) -> Self {
        self.options.keeps_last_modified = true;
        self
    }

    /// What the time is: the clock of the system unless told otherwise. A `Last-Modified` in the
    /// future becomes now; with `None` it goes out as it is.
    pub const fn clock(mut self, clock: Option<fn() -> HttpDate>) -> Self {
        self.options.clock = clock;
        self
    }

    /// Leaves the conditional fields and Range on the request, for an inner service that saves work
    /// by them. What it makes a 206, 304, 412 or 416 is left alone, right or wrong; what it answers
    /// with a 200 is judged as ever.
    pub const fn leaving_fields(mut self) -> Self {
        self.options.leaves_fields = true;
        self
    }

    /// Leaves the [`Reasons`](crate::Reasons) of each response in its extensions, where there is a
    /// condition and where there is none. The [`Decision`](http_conditional::Decision) is there in
    /// any case, where there is a condition or a Range.
    pub const fn explaining(mut self) -> Self {
        self.options.explains = true;
        self
    }

    /// What becomes of the strong tag of a response with a content coding.
    pub const fn coded_tags(mut self, coded_tags: CodedTags) -> Self {
        self.options.coded_tags = coded_tags;
        self
    }

    /// Says that what compresses is outside of this layer, where the layer cannot see whether it
    /// does. So where the client accepts any coding, every tag goes out weak, and a 304 says no
    /// `content-length`. And every response says `vary: accept-encoding`.
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

    /// Makes a strong entity tag for a 200 that has none, from a digest of its content, where that
    /// is known to be no longer than this many bytes. Content of unknown length, such as a stream
    /// of events, is never waited for.
    ///
    /// The inner service sees a GET for a HEAD then: the tag is in the content.
    ///
    /// The content is held back until all of it is there. Such a tag saves the transfer, and none
    /// of the work.
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
        conditions: Policy::new(),
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

    pub(crate) fn conditions_now(&self) -> Policy {
        match self.clock {
            Some(clock) => self.conditions.now(clock()),
            None => self.conditions,
        }
    }

    pub(crate) fn reply(&self, conditions: Policy) -> ReplyPolicy {
        let mut policy = ReplyPolicy::new()
            .conditions(conditions)
            // What has gone by cannot be sent again.
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
