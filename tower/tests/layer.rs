//! The layer in front of services of every kind, without a socket.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_http_conditional::{CodedTags, CodingSpares, ConditionalBody, ConditionalLayer};

const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const PLAIN: ConditionalLayer = ConditionalLayer::new();
const DIGEST: ConditionalLayer = ConditionalLayer::new().digest_up_to(10);

type Fields<'a> = &'a [(&'a str, &'a str)];

fn request(method: &str, fields: Fields) -> Request<()> {
    let mut request = Request::builder().method(method);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

fn response<C>(status: u16, fields: Fields, content: C) -> Response<C> {
    let mut response = Response::builder().status(status);
    for (name, value) in fields {
        response = response.header(*name, *value);
    }
    response.body(content).unwrap()
}

/// The response to the request, where the inner service answers by this function.
async fn ask<C>(
    layer: ConditionalLayer,
    request: Request<()>,
    inner: impl Fn(Request<()>) -> Response<C>,
) -> Response<ConditionalBody<C>>
where
    C: Body<Data = Bytes> + Send + 'static,
    C::Error: Send,
{
    let inner = service_fn(|request| ready(Ok::<_, Infallible>(inner(request))));
    let Ok(response) = layer.layer(inner).oneshot(request).await;
    response
}

async fn data<C: Body>(response: Response<ConditionalBody<C>>) -> Bytes
where
    C::Error: std::fmt::Debug,
{
    response.into_body().collect().await.unwrap().to_bytes()
}

/// Content that comes in frames, and tells what became of it.
struct Frames {
    left: VecDeque<Result<Frame<Bytes>, &'static str>>,
    hint: SizeHint,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    polled: AtomicUsize,
    dropped: AtomicUsize,
}

impl Seen {
    fn polled(&self) -> usize {
        self.polled.load(Ordering::SeqCst)
    }

    fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }
}

impl Frames {
    fn new(data: &[&'static str]) -> (Self, Arc<Seen>) {
        let seen = Arc::new(Seen::default());
        let frames = data
            .iter()
            .map(|data| Ok(Frame::data(Bytes::from_static(data.as_bytes()))));
        let content = Self {
            left: frames.collect(),
            hint: SizeHint::with_exact(data.iter().map(|data| data.len() as u64).sum()),
            seen: Arc::clone(&seen),
        };
        (content, seen)
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        self.seen.polled.fetch_add(1, Ordering::SeqCst);
        Poll::Ready(self.left.pop_front())
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.seen.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// A service whose content can be given once.
async fn ask_once(
    layer: ConditionalLayer,
    request: Request<()>,
    fields: Fields<'_>,
    content: Frames,
) -> Response<ConditionalBody<Frames>> {
    let content = Mutex::new(Some(content));
    ask(layer, request, |_| {
        let content = content.lock().unwrap().take();
        response(200, fields, content.expect("one request"))
    })
    .await
}

/// RFC 9110 section 13.2.1: only a 2xx becomes a 304 or a 412.
#[tokio::test]
async fn the_status_without_conditions_is_the_gate() {
    let fields = [
        ("etag", "\"v1\""),
        ("content-type", "text/plain"),
        ("content-length", "5"),
        ("vary", "accept"),
        ("vary", "cookie"),
        ("set-cookie", "a=b"),
        ("x-other", "y"),
    ];
    for status in [
        200, 201, 203, 204, 206, 226, 301, 304, 307, 401, 404, 410, 412, 416, 500, 503,
    ] {
        for method in ["GET", "HEAD"] {
            for (name, value, expected) in [
                ("if-none-match", "W/\"x\", W/\"v1\"", 304),
                ("if-none-match", "\"x\"", 200),
                ("if-match", "\"x\"", 412),
                ("if-match", "\"v1\"", 200),
            ] {
                let response = ask(PLAIN, request(method, &[(name, value)]), |_| {
                    response(status, &fields, Full::from("12345"))
                })
                .await;
                let expected = if (200..300).contains(&status) && status != 206 && expected != 200 {
                    expected
                } else {
                    status
                };
                assert_eq!(response.status(), expected, "{status} {name}: {value}");
                let mut names: Vec<_> = response.headers().keys().map(HeaderName::as_str).collect();
                names.sort_unstable();
                if expected == status {
                    let all = response.headers();
                    assert_eq!((names.len(), all.len()), (6, fields.len()), "{names:?}");
                    let content = if method == "HEAD" { "" } else { "12345" };
                    assert_eq!(data(response).await, content);
                } else {
                    let length = (status == 200 && expected == 304).then_some("content-length");
                    let stays = length
                        .into_iter()
                        .chain(["etag", "set-cookie", "vary", "x-other"]);
                    assert_eq!(names, stays.collect::<Vec<_>>());
                    assert_eq!(response.headers().get_all("vary").iter().count(), 2);
                    assert!(response.body().is_end_stream());
                }
            }
        }
    }
}

/// What has been performed is not judged.
#[tokio::test]
async fn a_write_is_left_alone() {
    let fields = [
        ("if-match", "\"x\""),
        ("if-none-match", "*"),
        ("range", "bytes=0-1"),
    ];
    for method in ["PUT", "POST", "PATCH", "DELETE", "OPTIONS", "get"] {
        for layer in [PLAIN, DIGEST] {
            let response = ask(layer, request(method, &fields), |request| {
                assert_eq!(request.method().as_str(), method);
                assert_eq!(request.headers().len(), fields.len());
                response(200, &[("accept-ranges", "bytes")], Full::from("12345"))
            })
            .await;
            assert_eq!(response.status(), 200);
            assert!(!response.headers().contains_key("etag"));
            assert_eq!(data(response).await, "12345");
        }
    }
}

/// Sections 13.2.2 and 14.2: the inner service is asked for the 200 that the conditions and the
/// Range are applied to; without a condition it has the Range to itself.
#[tokio::test]
async fn what_the_inner_service_sees() {
    for (sent, seen) in [
        (&[("range", "bytes=0-1"), ("x", "1")][..], &["x"][..]),
        (
            &[("range", "bytes=0-1"), ("x", "1"), ("if-range", "\"v1\"")],
            &["x"],
        ),
        (
            &[
                ("if-match", "*"),
                ("if-match", "*"),
                ("if-none-match", "\"x\""),
                ("x", "1"),
                ("if-modified-since", OLD),
                ("if-unmodified-since", "x"),
                ("range", "bytes=0-1"),
                ("x", "2"),
            ],
            &["x", "x"],
        ),
    ] {
        for method in ["GET", "HEAD"] {
            ask(PLAIN, request(method, sent), |request| {
                let names: Vec<_> = request.headers().iter().map(|(name, _)| name).collect();
                assert_eq!(names, seen);
                assert_eq!(request.method(), method);
                response(404, &[], Full::from(""))
            })
            .await;
        }
    }
    // The tag is in the content, and that is to be whole.
    let head = request("HEAD", &[("range", "bytes=0-1"), ("x", "1")]);
    ask(DIGEST, head, |request| {
        let names: Vec<_> = request.headers().iter().map(|(name, _)| name).collect();
        assert_eq!(
            (request.method().as_str(), names.as_slice()),
            ("GET", &[&HeaderName::from_static("x")][..])
        );
        response(200, &[], Full::from(""))
    })
    .await;
    // Where they are left to it, what it makes of them stays.
    let leaving = PLAIN.leaving_fields();
    for status in [206, 304, 412, 416] {
        let inner = |request: Request<()>| {
            assert_eq!(request.headers().len(), 2);
            response(
                status,
                &[("content-range", "x"), ("etag", "\"v1\"")],
                Full::from("12"),
            )
        };
        let lines = [("range", "bytes=0-1"), ("if-none-match", "\"v1\"")];
        let alone = ask(leaving, request("GET", &lines), inner).await;
        assert_eq!(alone.status(), status);
        assert_eq!(alone.headers()["content-range"], "x");
    }
}

#[tokio::test]
async fn content_that_is_not_wanted_is_dropped_unread() {
    for (name, value, status) in [("if-none-match", "\"v1\"", 304), ("if-match", "\"x\"", 412)] {
        let (content, seen) = Frames::new(&["123", "45"]);
        let fields = [("etag", "\"v1\""), ("content-length", "5")];
        let request = request("GET", &[(name, value)]);
        let response = ask_once(PLAIN, request, &fields, content).await;
        assert_eq!(response.status(), status);
        assert_eq!((seen.polled(), seen.dropped()), (0, 1));
        // 8.6: that of the 200, in its place.
        assert_eq!(
            response.headers().contains_key("content-length"),
            status == 304
        );
    }
}

#[tokio::test]
async fn content_goes_through_as_it_comes() {
    let (mut content, seen) = Frames::new(&["123", "45"]);
    let trailers = HeaderMap::from_iter([("x".parse().unwrap(), "y".parse().unwrap())]);
    content.left.push_back(Ok(Frame::trailers(trailers)));
    content.left.push_back(Err("broken"));
    let request = request("GET", &[("if-none-match", "\"x\"")]);
    let response = ask_once(PLAIN, request, &[("etag", "\"v1\"")], content).await;
    let mut content = response.into_body();
    assert_eq!(content.size_hint().exact(), Some(5));
    for (number, frame) in ["123", "45"].into_iter().enumerate() {
        assert_eq!(seen.polled(), number);
        let data = content.frame().await.unwrap().unwrap().into_data();
        assert_eq!(data.unwrap(), frame);
    }
    assert!(content.frame().await.unwrap().unwrap().is_trailers());
    assert_eq!(content.frame().await.unwrap().unwrap_err(), "broken");
}

/// Sections 13.1.5 and 15.3.7.
#[tokio::test]
async fn a_part_is_cut_out_of_the_200() {
    let fields = [
        ("accept-ranges", "bytes"),
        ("etag", "\"v1\""),
        ("last-modified", OLD),
        ("content-length", "10"),
        ("content-type", "text/plain"),
    ];
    for (range, part, polled) in [
        ("bytes=0-0", "0", 1),
        ("bytes=2-4", "234", 2),
        ("bytes=4-5", "45", 2),
        ("bytes=3-", "3456789", 4),
        ("bytes=-1", "9", 4),
        ("bytes=0-", "0123456789", 4),
    ] {
        for (name, value) in [("if-range", "\"v1\""), ("if-match", "\"v1\"")] {
            let (content, seen) = Frames::new(&["012", "345", "", "6789"]);
            let request = request("GET", &[("range", range), (name, value)]);
            let response = ask_once(PLAIN, request, &fields, content).await;
            assert_eq!(response.status(), 206, "{range}");
            let head = response.headers().clone();
            assert_eq!(head["content-length"], part.len().to_string());
            let first: usize = "0123456789".find(part).unwrap();
            let last = first + part.len() - 1;
            assert_eq!(head["content-range"], format!("bytes {first}-{last}/10"));
            assert_eq!(head.contains_key("content-type"), name != "if-range");
            assert_eq!(response.size_hint().exact(), Some(part.len() as u64));
            let mut content = response.into_body();
            let mut received = Vec::new();
            while let Some(frame) = content.frame().await {
                let data = frame.unwrap().into_data().unwrap();
                assert!(!data.is_empty());
                received.extend_from_slice(&data);
            }
            assert_eq!(received, part.as_bytes(), "{range}");
            assert_eq!(seen.polled(), polled, "{range}");
        }
    }
    for (lines, status) in [
        (&[("range", "bytes=2-4"), ("if-range", "\"x\"")][..], 200),
        (&[("range", "bytes=2-4"), ("if-range", OLD)], 200),
        (&[("range", "bytes=10-"), ("if-range", "\"x\"")], 200),
        (&[("range", "bytes=10-"), ("if-range", "\"v1\"")], 416),
        (&[("range", "bytes=2-2,0-0"), ("if-range", "\"v1\"")], 200),
        (&[("if-range", "\"x\"")], 200),
        (&[("range", "bytes=10-"), ("if-none-match", "\"v1\"")], 304),
    ] {
        let (content, _) = Frames::new(&["0123456789"]);
        let response = ask_once(PLAIN, request("GET", lines), &fields, content).await;
        assert_eq!(response.status(), status, "{lines:?}");
        let content_range = response.headers().get("content-range").cloned();
        match status {
            200 => assert_eq!(data(response).await, "0123456789"),
            416 => assert_eq!(content_range.unwrap(), "bytes */10"),
            _ => assert_eq!(content_range, None),
        }
    }
}

/// A part ends where the content ends too early, or breaks: as the whole would.
#[tokio::test]
async fn a_part_of_broken_content_is_broken() {
    let fields = [("accept-ranges", "bytes"), ("etag", "\"v1\"")];
    let lines = [("range", "bytes=2-7"), ("if-range", "\"v1\"")];
    let (mut content, _) = Frames::new(&["0123"]);
    content.hint = SizeHint::with_exact(10);
    let mut part = ask_once(PLAIN, request("GET", &lines), &fields, content)
        .await
        .into_body();
    assert_eq!(
        part.frame().await.unwrap().unwrap().into_data().unwrap(),
        "23"
    );
    assert!(!part.is_end_stream());
    assert!(part.frame().await.is_none());

    let (mut content, _) = Frames::new(&["0123"]);
    content.hint = SizeHint::with_exact(10);
    content.left.push_back(Err("broken"));
    let part = ask_once(PLAIN, request("GET", &lines), &fields, content).await;
    assert_eq!(part.into_body().collect().await.unwrap_err(), "broken");
}

/// Where the layer does not take a part itself, the 200 is right too.
#[tokio::test]
async fn no_part_of_what_has_no_length_or_no_ranges() {
    let lines = [("range", "bytes=2-4"), ("if-range", "\"v1\"")];
    for (accepts, hint, status) in [
        (Some("bytes"), SizeHint::with_exact(10), 206),
        (Some("none"), SizeHint::with_exact(10), 200),
        (None, SizeHint::with_exact(10), 206),
        (Some("bytes"), SizeHint::new(), 200),
    ] {
        let (mut content, _) = Frames::new(&["0123456789"]);
        content.hint = hint;
        let mut fields = vec![("etag", "\"v1\"")];
        fields.extend(accepts.map(|unit| ("accept-ranges", unit)));
        let response = ask_once(PLAIN, request("GET", &lines), &fields, content).await;
        assert_eq!(response.status(), status, "{accepts:?}");
    }
    for status in [201, 203, 206] {
        let fields = [("etag", "\"v1\""), ("accept-ranges", "bytes")];
        let response = ask(PLAIN, request("GET", &lines), |_| {
            response(status, &fields, Full::from("0123456789"))
        })
        .await;
        assert_eq!(response.status(), status);
        assert_eq!(data(response).await.len(), 10);
    }
}

/// Section 8.8: what is not one well-formed validator is none, and none is made up.
#[tokio::test]
async fn validators_are_taken_as_they_are() {
    for (fields, condition, status) in [
        (&[("etag", "v1")][..], ("if-none-match", "\"v1\""), 200),
        (&[("etag", "v1")], ("if-none-match", "*"), 304),
        (
            &[("etag", "\"v1\""), ("etag", "\"v1\"")],
            ("if-none-match", "\"v1\""),
            200,
        ),
        (&[], ("if-none-match", "\"v1\""), 200),
        (&[], ("if-match", "*"), 200),
        (&[], ("if-match", "\"v1\""), 412),
        (&[], ("if-modified-since", OLD), 200),
        (&[("last-modified", OLD)], ("if-modified-since", OLD), 304),
        (
            &[("etag", "\"v1\""), ("last-modified", OLD)],
            ("if-modified-since", OLD),
            304,
        ),
        (&[("last-modified", "x")], ("if-modified-since", OLD), 200),
        (&[("etag", "W/\"v1\"")], ("if-none-match", "\"v1\""), 304),
        (&[("etag", "W/\"v1\"")], ("if-match", "W/\"v1\""), 412),
    ] {
        let response = ask(PLAIN, request("GET", &[condition]), |_| {
            response(200, fields, Full::from("12345"))
        })
        .await;
        assert_eq!(response.status(), status, "{fields:?} {condition:?}");
        let tags = response.headers().get_all("etag").iter().count();
        assert_eq!(
            tags,
            fields.iter().filter(|(name, _)| *name == "etag").count()
        );
        // 15.4.5: it helps to update a cache where there is no tag.
        if status == 304 {
            let modified = fields.contains(&("last-modified", OLD)) && tags == 0;
            assert_eq!(response.headers().contains_key("last-modified"), modified);
        }
    }
}

/// A layer that compresses asks first how long a response is, and spares what is short. What writes
/// the response asks after it, and would write what it is told (RFC 9110 section 8.6).
#[tokio::test]
async fn a_304_is_short_to_who_compresses() {
    let asking = |codings| {
        let lines = [("if-none-match", "\"v1\""), ("accept-encoding", codings)];
        request("GET", &lines)
    };
    let inner = |_| response(200, &[("etag", "\"v1\"")], Full::from("12345"));
    for (spares, codings, lengths) in [
        (CodingSpares::WhatIsShort, "gzip", [Some(0), None, None]),
        (CodingSpares::WhatStaysShort, "gzip", [Some(0); 3]),
        (CodingSpares::NotModified, "gzip", [None; 3]),
        // Nobody will compress it.
        (CodingSpares::WhatIsShort, "identity", [None; 3]),
        (CodingSpares::WhatStaysShort, "identity", [None; 3]),
    ] {
        let layer = PLAIN.coding_may_follow(spares);
        let response = ask(layer, asking(codings), inner).await;
        assert_eq!(response.status(), 304);
        assert!(!response.headers().contains_key("content-length"));
        // To write it down is not to ask.
        assert!(!format!("{:?}", response.body()).is_empty());
        let body = response.into_body();
        let asked = [(); 3].map(|()| body.size_hint().exact());
        assert_eq!(asked, lengths, "{spares:?} {codings}");
        assert!(body.is_end_stream());
    }
}

/// Not even for what is empty, as the content of the response to a HEAD is.
#[tokio::test]
async fn no_tag_is_made_unless_asked_for() {
    for method in ["GET", "HEAD"] {
        for content in ["", "12345"] {
            let inner = |_| response(200, &[], Full::from(content));
            let response = ask(PLAIN, request(method, &[]), inner).await;
            assert!(!response.headers().contains_key("etag"), "{method}");
            let content = if method == "HEAD" { "" } else { content };
            assert_eq!(data(response).await, content);
        }
    }
}

const SHA256_OF_12345: &str = "\"5994471abb01112afcc18159f6cc74b4\"";

/// A tag is made where it is asked for, from content that is known to end soon.
#[tokio::test]
async fn a_tag_by_digest() {
    let inner = |_| response(200, &[], Full::from("12345"));
    for (method, content) in [("GET", "12345"), ("HEAD", "")] {
        let response = ask(DIGEST, request(method, &[]), inner).await;
        assert_eq!(response.headers()["etag"], SHA256_OF_12345);
        assert_eq!(data(response).await, content);
        for (name, value, status) in [
            ("if-none-match", SHA256_OF_12345, 304),
            ("if-match", SHA256_OF_12345, 200),
            ("if-match", "\"x\"", 412),
        ] {
            let response = ask(DIGEST, request(method, &[(name, value)]), inner).await;
            assert_eq!(response.status(), status, "{method} {name}");
            assert_eq!(response.headers()["etag"], SHA256_OF_12345);
            // What writes the response sees the content of a GET.
            let length = response.headers().get("content-length").cloned();
            let says_length = status == 200 && method == "HEAD";
            assert_eq!(length, says_length.then(|| "5".parse().unwrap()));
            if status == 200 {
                assert_eq!(response.body().size_hint().exact(), Some(5));
            }
        }
    }
    let lines = [("range", "bytes=1-2"), ("if-range", SHA256_OF_12345)];
    let part = ask(DIGEST, request("GET", &lines), |_| {
        response(200, &[("accept-ranges", "bytes")], Full::from("12345"))
    })
    .await;
    assert_eq!(
        (part.status().as_u16(), data(part).await),
        (206, "23".into())
    );

    for (status, fields, content) in [
        (404, &[][..], "12345"),
        (206, &[], "12345"),
        (200, &[("etag", "\"v1\"")], "12345"),
        (200, &[], "12345678901"),
    ] {
        for method in ["GET", "HEAD"] {
            let inner = |_| response(status, fields, Full::from(content));
            let response = ask(DIGEST, request(method, &[]), inner).await;
            assert_eq!(response.status(), status);
            let tag = response
                .headers()
                .get("etag")
                .map(|tag| tag.to_str().unwrap());
            assert_eq!(tag, fields.first().map(|(_, tag)| *tag));
            let seen = if method == "HEAD" { "" } else { content };
            assert_eq!(data(response).await, seen);
        }
    }
}

#[tokio::test]
async fn a_digest_waits_for_nothing_endless_and_loses_nothing() {
    // No end is known: it is not read before it is sent.
    let (mut content, seen) = Frames::new(&["1"]);
    content.hint = SizeHint::new();
    let response = ask_once(DIGEST, request("GET", &[]), &[], content).await;
    assert!(!response.headers().contains_key("etag"));
    assert_eq!(seen.polled(), 0);

    let (mut content, _) = Frames::new(&["123", "45"]);
    let trailers = HeaderMap::from_iter([("x".parse().unwrap(), "y".parse().unwrap())]);
    content
        .left
        .push_back(Ok(Frame::trailers(trailers.clone())));
    let response = ask_once(DIGEST, request("GET", &[]), &[], content).await;
    assert_eq!(response.headers()["etag"], SHA256_OF_12345);
    assert_eq!(response.size_hint().exact(), Some(5));
    let collected = response.into_body().collect().await.unwrap();
    assert_eq!(collected.trailers(), Some(&trailers));

    let (mut content, _) = Frames::new(&["123"]);
    content.left.push_back(Err("broken"));
    let response = ask_once(DIGEST, request("GET", &[]), &[], content).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.into_body().collect().await.unwrap_err(), "broken");
}

/// A service that takes a call only when it was polled to be ready, and whose clones were not.
struct OnceReady {
    ready: bool,
    refusals: usize,
}

impl Clone for OnceReady {
    fn clone(&self) -> Self {
        Self {
            ready: false,
            refusals: 0,
        }
    }
}

impl Service<Request<()>> for OnceReady {
    type Response = Response<Full<Bytes>>;
    type Error = &'static str;
    type Future = Ready<Result<Self::Response, &'static str>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        if self.refusals > 0 {
            self.refusals -= 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<()>) -> Self::Future {
        assert!(
            std::mem::take(&mut self.ready),
            "called without being ready"
        );
        ready(Err("refused"))
    }
}

#[tokio::test]
async fn the_service_that_was_ready_is_the_one_that_is_called() {
    let inner = OnceReady {
        ready: false,
        refusals: 2,
    };
    let mut service = PLAIN.layer(inner);
    for _ in 0..2 {
        let ready = service.ready().await.unwrap();
        let answer = ready.call(request("GET", &[("if-match", "*")])).await;
        assert_eq!(answer.unwrap_err(), "refused");
    }
    let mut clone = service.clone();
    let answer = clone.ready().await.unwrap().call(request("GET", &[])).await;
    assert_eq!(answer.unwrap_err(), "refused");
}

/// tower-http's `ServeDir` has strong tags, but reads one line of If-None-Match and no If-Range.
#[tokio::test]
async fn a_directory_becomes_safe_to_resume_from() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let bare = tower_http::services::ServeDir::new(directory);
    let layered = PLAIN.layer(bare.clone());
    let get = |fields: Fields| {
        let (parts, ()) = request("GET", fields).into_parts();
        let mut request = Request::from_parts(parts, Full::<Bytes>::default());
        *request.uri_mut() = "/lib.rs".parse().unwrap();
        request
    };
    let first = layered.clone().oneshot(get(&[])).await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    let whole = first.into_body().collect().await.unwrap().to_bytes();

    let stale = [
        ("range", "bytes=2-"),
        ("if-range", "\"of another version\""),
    ];
    let glued = bare.oneshot(get(&stale)).await.unwrap();
    assert_eq!(glued.status(), 206);
    let answer = layered.clone().oneshot(get(&stale)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.into_body().collect().await.unwrap().to_bytes(),
        whole
    );

    let fresh = [("range", "bytes=2-"), ("if-range", &tag)];
    let answer = layered.clone().oneshot(get(&fresh)).await.unwrap();
    assert_eq!(answer.status(), 206);
    let part = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(part, whole[2..]);

    let lines = [("if-none-match", "\"x\""), ("if-none-match", &tag)];
    let answer = layered.oneshot(get(&lines)).await.unwrap();
    assert_eq!(answer.status(), 304);
}

/// Section 8.8.3.3: a strong tag never goes out for two codings, whatever the coding is.
#[tokio::test]
async fn the_tag_of_coded_content() {
    let suffixed = PLAIN.coded_tags(CodedTags::Suffixed);
    let as_it_is = PLAIN.coded_tags(CodedTags::AsTheyAre);
    for (coding, weak, with_suffix) in [
        ("identity", "\"v1\"", "\"v1\""),
        ("", "\"v1\"", "\"v1\""),
        ("gzip", "W/\"v1\"", "\"v1--gzip\""),
        ("GZip", "W/\"v1\"", "\"v1--gzip\""),
        ("identity, br", "W/\"v1\"", "\"v1--br\""),
        // Those that have no name of their own.
        ("unheard-of", "W/\"v1\"", "W/\"v1\""),
        ("gzip, br", "W/\"v1\"", "W/\"v1\""),
    ] {
        for (layer, expected) in [(PLAIN, weak), (suffixed, with_suffix), (as_it_is, "\"v1\"")] {
            let answer = ask(layer, request("GET", &[]), |_| {
                let fields = [("etag", "\"v1\""), ("content-encoding", coding)];
                response(200, &fields, Full::<Bytes>::default())
            })
            .await;
            assert_eq!(answer.headers()["etag"], expected, "{coding}");
        }
    }
}

/// Section 13.1.1: If-Match of a GET is about the response that it would get. The inner service, which
/// knows one tag for all codings, sees that one.
#[tokio::test]
async fn a_suffix_is_judged_as_it_came() {
    let suffixed = PLAIN.coded_tags(CodedTags::Suffixed);
    let line = [("if-match", "\"v1--gzip\"")];
    for (layer, method, sees) in [
        (suffixed, "GET", None),
        (suffixed.leaving_fields(), "GET", Some("\"v1\"")),
        (suffixed, "PUT", Some("\"v1\"")),
    ] {
        for (coding, of_get) in [("identity", 412), ("br", 412), ("gzip", 200)] {
            let answer = ask(layer, request(method, &line), |request| {
                let seen = request.headers().get("if-match");
                assert_eq!(seen.map(|value| value.to_str().unwrap()), sees);
                let fields = [("etag", "\"v1\""), ("content-encoding", coding)];
                response(200, &fields, Full::<Bytes>::default())
            })
            .await;
            let status = if method == "GET" { of_get } else { 200 };
            assert_eq!(answer.status(), status, "{method} {coding}");
        }
    }
}
