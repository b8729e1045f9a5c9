//! For tower: a layer that makes any service conditional, by the `ETag` and the `Last-Modified`
//! that its responses carry.
//!
//! The inner service is asked for the response to the same request without its conditions, since
//! it is on that response that they depend: only a 2xx is ever turned into a 304 or a 412
//! (RFC 9110 section 13.2.1). So the conditional fields are taken off the request, and Range with
//! them, as it applies after them (section 13.2.2): what the inner service has made a 206 or a
//! 416 could not be made whole again. The layer applies the Range itself, to the 200, where that
//! says `Accept-Ranges: bytes` and has a length.
//!
//! It leaves alone:
//!
//! - every method but GET and HEAD. To judge a write by its response would be to judge it after it
//!   was performed: who writes has to evaluate, with a lock held until the write is done.
//! - a request without a condition, whether it has a Range or not.
//! - the content. It goes through as it comes, and where it is not wanted it is dropped unread: a
//!   304 saves the transfer, not the work of the inner service.
//!
//! What changes the content, as compression does, belongs inside of this layer, and what evaluates
//! conditions itself, by what only it knows, outside of it.

use std::future::ready;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_util::stream;
use http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, RANGE,
};
use http::response::Parts;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use http_conditional::{
    Decision, EntityTag, Field, HttpDate, Method, Part, Preconditions, RangePolicy, RangeResponse,
    Representation, ResponseHead,
};
use sha2::{Digest, Sha256};
use tower_layer::Layer;
use tower_service::Service;

/// The content of a response, with the errors of the inner service's.
pub type Content<E> = UnsyncBoxBody<Bytes, E>;

/// Makes services [`Conditional`].
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ConditionalLayer {
    digest_up_to: Option<u64>,
}

impl ConditionalLayer {
    /// Takes the validators from the responses, and makes none.
    pub const fn new() -> Self {
        Self { digest_up_to: None }
    }

    /// Makes a strong entity tag for a 200 that has none, from a digest of its content, where
    /// that is known to be no longer than this many bytes. Content without a known end, such as
    /// a stream of events, is never waited for.
    ///
    /// The inner service sees a GET for a HEAD then: the tag is in the content.
    pub const fn digest_up_to(self, bytes: u64) -> Self {
        Self {
            digest_up_to: Some(bytes),
        }
    }
}

impl<S> Layer<S> for ConditionalLayer {
    type Service = Conditional<S>;

    fn layer(&self, inner: S) -> Conditional<S> {
        Conditional {
            inner,
            layer: *self,
        }
    }
}

/// A service whose responses to GET and HEAD are conditional.
#[derive(Clone, Debug)]
pub struct Conditional<S> {
    inner: S,
    layer: ConditionalLayer,
}

impl<S, B, C> Service<Request<B>> for Conditional<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Future: Send + 'static,
    C: Body<Data = Bytes> + Send + 'static,
    C::Error: Send,
{
    type Response = Response<Content<C::Error>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let retrieval = Retrieval::take(&mut request, self.layer);
        // Called here, and not in the future: it is this service that was polled to be ready.
        let response = self.inner.call(request);
        Box::pin(async move {
            let (head, content) = response.await?.into_parts();
            let content = content.boxed_unsync();
            Ok(match retrieval {
                Some(retrieval) => retrieval.answer(head, content).await,
                None => Response::from_parts(head, content),
            })
        })
    }
}

/// What the layer has to know of a GET or HEAD.
struct Retrieval {
    method: Method,
    /// The conditional fields, and Range; none if there is no condition.
    lines: Vec<(Field, HeaderName, HeaderValue)>,
    digest_up_to: Option<u64>,
}

impl Retrieval {
    /// Turns the request into the one that the inner service is to answer; `None` where that is
    /// the request as it is, whatever it carries.
    fn take<B>(request: &mut Request<B>, layer: ConditionalLayer) -> Option<Self> {
        let method = Method::from(request.method().as_str());
        if !matches!(method, Method::Get | Method::Head) {
            return None;
        }
        let lines = request.headers().iter().filter_map(|(name, value)| {
            let field = Field::from_name(name.as_str().as_bytes())?;
            Some((field, name.clone(), value.clone()))
        });
        let mut lines: Vec<_> = lines.collect();
        if lines.iter().all(|(field, _, _)| *field == Field::Range) {
            lines.clear();
        }
        for (_, name, _) in &lines {
            request.headers_mut().remove(name);
        }
        if method == Method::Head && layer.digest_up_to.is_some() {
            *request.method_mut() = http::Method::GET;
            // 14.2: it has no meaning for HEAD, but would have for GET.
            request.headers_mut().remove(RANGE);
        }
        Some(Self {
            method,
            lines,
            digest_up_to: layer.digest_up_to,
        })
    }

    async fn answer<E: Send + 'static>(
        &self,
        mut head: Parts,
        mut content: Content<E>,
    ) -> Response<Content<E>> {
        if head.status == StatusCode::OK && !head.headers.contains_key(ETAG) {
            content = self.digest(&mut head.headers, content).await;
        }
        if self.method == Method::Head && self.digest_up_to.is_some() {
            say_length(&mut head, &content);
            content = empty();
        }
        match self.decide(&head) {
            Decision::NotModified => {
                let has_etag = head.headers.contains_key(ETAG);
                bare(head, ResponseHead::NotModified { has_etag })
            }
            Decision::PreconditionFailed => bare(head, ResponseHead::PreconditionFailed),
            Decision::Perform => self.perform(head, content),
            Decision::PerformIgnoringRange => Response::from_parts(head, content),
        }
    }

    /// The conditions against the validators of the response. Without conditions, and where the
    /// status is not 2xx, it is `Perform`.
    fn decide(&self, head: &Parts) -> Decision {
        if !head.status.is_success() {
            return Decision::Perform;
        }
        let mut preconditions = Preconditions::new(self.method, representation(&head.headers))
            .unconditional_status(head.status.as_u16());
        preconditions.extend(self.lines.iter().map(|(_, name, value)| (name, value)));
        preconditions.decide()
    }

    /// The response of the inner service, or the part of it that Range asks for.
    fn perform<E: 'static>(&self, mut head: Parts, content: Content<E>) -> Response<Content<E>> {
        let range = self.value(Field::Range).filter(|_| {
            head.status == StatusCode::OK
                && only(&head.headers, &ACCEPT_RANGES).is_some_and(|unit| unit == b"bytes")
        });
        let (Some(range), Some(length)) = (range, length(&head.headers, &content)) else {
            return Response::from_parts(head, content);
        };
        let one = RangePolicy::new().max_ranges(1);
        match RangeResponse::with_policy(Decision::Perform, Some(range), length, one) {
            RangeResponse::Part(part) => {
                let if_range = self.value(Field::IfRange).is_some();
                keep(&mut head.headers, ResponseHead::Part { if_range });
                let content_range = field_value(part.content_range().to_string());
                head.headers.insert(CONTENT_RANGE, content_range);
                head.headers
                    .insert(CONTENT_LENGTH, part.range().len().into());
                head.status = StatusCode::PARTIAL_CONTENT;
                Response::from_parts(head, PartOf::new(content, part).boxed_unsync())
            }
            RangeResponse::Unsatisfiable(content_range) => {
                let mut response = bare(head, ResponseHead::RangeNotSatisfiable);
                let content_range = field_value(content_range.to_string());
                response.headers_mut().insert(CONTENT_RANGE, content_range);
                response
            }
            RangeResponse::Whole(_) | RangeResponse::Parts(_) => {
                Response::from_parts(head, content)
            }
        }
    }

    fn value(&self, field: Field) -> Option<&[u8]> {
        let mut lines = self.lines.iter();
        let line = lines.find(|(other, _, _)| *other == field);
        line.map(|(_, _, value)| value.as_bytes())
    }

    /// Reads short content to its end, and adds the tag that is made from it.
    async fn digest<E: Send + 'static>(
        &self,
        fields: &mut HeaderMap,
        content: Content<E>,
    ) -> Content<E> {
        let longest = content.size_hint().upper();
        let is_short = longest
            .zip(self.digest_up_to)
            .is_some_and(|(longest, limit)| longest <= limit);
        if !is_short {
            return content;
        }
        let collected = match content.collect().await {
            Ok(collected) => collected,
            // The response fails in its content, as it would have without the layer.
            Err(error) => return StreamBody::new(stream::once(ready(Err(error)))).boxed_unsync(),
        };
        let trailers = collected.trailers().cloned();
        let data = collected.to_bytes();
        let mut buffer = [0; 32];
        let digest = Sha256::digest(&data);
        let tag = EntityTag::from_digest(&digest[..16], &mut buffer).expect("two digits a byte");
        fields.insert(ETAG, field_value(tag.to_string()));
        Full::new(data)
            .with_trailers(ready(trailers.map(Ok)))
            .map_err(|never| match never {})
            .boxed_unsync()
    }
}

/// The validators that the fields of a 2xx say.
fn representation(fields: &HeaderMap) -> Representation<'_> {
    let mut representation = Representation::current();
    if let Some(tag) = only(fields, &ETAG).and_then(|value| EntityTag::parse(value).ok()) {
        representation = representation.etag(tag);
    }
    let modified = only(fields, &LAST_MODIFIED);
    if let Some(date) = modified.and_then(|value| HttpDate::parse(value, None).ok()) {
        representation = representation.last_modified(date);
    }
    representation
}

/// The value of a field that has one line; more than one say nothing that could be relied on.
fn only<'f>(fields: &'f HeaderMap, name: &HeaderName) -> Option<&'f [u8]> {
    let mut lines = fields.get_all(name).iter();
    let value = lines.next()?;
    lines.next().is_none().then_some(value.as_bytes())
}

/// How long the content is, if that is known: content that is read from a file may not know it
/// itself, but the field says it.
fn length<E>(fields: &HeaderMap, content: &Content<E>) -> Option<u64> {
    let said = || {
        let value = only(fields, &CONTENT_LENGTH)?;
        std::str::from_utf8(value).ok()?.parse().ok()
    };
    content.size_hint().exact().or_else(said)
}

/// The head of the 2xx, made that of a response without content.
fn bare<E: 'static>(mut head: Parts, other: ResponseHead) -> Response<Content<E>> {
    keep(&mut head.headers, other);
    head.status = match other {
        ResponseHead::NotModified { .. } => StatusCode::NOT_MODIFIED,
        ResponseHead::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        _ => StatusCode::RANGE_NOT_SATISFIABLE,
    };
    let content = match other {
        ResponseHead::NotModified { .. } => Nothing(PhantomData).boxed_unsync(),
        _ => empty(),
    };
    Response::from_parts(head, content)
}

fn keep(fields: &mut HeaderMap, head: ResponseHead) {
    let names: Vec<_> = fields.keys().cloned().collect();
    for name in names {
        if !head.keeps(name.as_ref()) {
            fields.remove(name);
        }
    }
}

/// The response to a HEAD says the length of that to a GET.
fn say_length<E>(head: &mut Parts, content: &Content<E>) {
    if let (StatusCode::OK, Some(length)) = (head.status, content.size_hint().exact()) {
        let field = head.headers.entry(CONTENT_LENGTH);
        field.or_insert(length.into());
    }
}

fn empty<E: 'static>() -> Content<E> {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// No content, and no length: axum says that of [`Empty`] in the response to a HEAD, where a 304
/// has the length of the 200, or none (RFC 9110 section 8.6).
struct Nothing<E>(PhantomData<fn() -> E>);

impl<E> Body for Nothing<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

fn field_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("ASCII without control characters")
}

/// A part of the content: what comes before it is read and dropped, what comes after it is not
/// read.
struct PartOf<E> {
    content: Content<E>,
    /// Bytes before the part.
    before: u64,
    /// Bytes of the part that are left.
    left: u64,
}

impl<E> PartOf<E> {
    fn new(content: Content<E>, part: Part) -> Self {
        Self {
            content,
            before: part.range().first(),
            left: part.range().len(),
        }
    }
}

impl<E> Body for PartOf<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        while self.left > 0 {
            let Some(frame) = ready!(Pin::new(&mut self.content).poll_frame(context)?) else {
                break;
            };
            let Ok(mut data) = frame.into_data() else {
                continue;
            };
            let before = at_most(self.before, data.len());
            data.advance(before);
            self.before -= before as u64;
            data.truncate(at_most(self.left, data.len()));
            self.left -= data.len() as u64;
            if !data.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn at_most(bytes: u64, length: usize) -> usize {
    usize::try_from(bytes).map_or(length, |bytes| bytes.min(length))
}
