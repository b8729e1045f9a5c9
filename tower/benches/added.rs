//! What the layer adds to a request: to one without conditions, and to one whose answer is 304.
//! `cargo bench -p tower-http-conditional --bench added`.

#![allow(missing_docs)] // criterion's macros

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;
use tower::{Layer, Service};
use tower_http_conditional::ConditionalLayer;

/// So few that requests and responses stay in the cache: pages that the system has to clear for more
/// of them would be most of what is measured.
const BATCH: BatchSize = BatchSize::NumIterations(64);

/// Gives back the response that is in the request.
#[derive(Clone)]
struct Inner;

impl Service<Request<Response<Full<Bytes>>>> for Inner {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Response<Full<Bytes>>>) -> Self::Future {
        ready(Ok(black_box(request).into_body()))
    }
}

/// As a browser sends it, for a page as a server sends it.
fn request(lines: &[(&'static str, &'static str)]) -> Request<Response<Full<Bytes>>> {
    let response = Response::builder()
        .header("content-type", "text/html; charset=utf-8")
        .header("etag", "\"5994471abb01112afcc18159f6cc74b4\"")
        .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("cache-control", "no-cache")
        .header("vary", "accept-encoding")
        .body(Full::from("Hello."))
        .unwrap();
    let mut request = Request::new(response);
    for name in [
        "host",
        "connection",
        "cache-control",
        "user-agent",
        "accept",
        "sec-fetch-site",
        "sec-fetch-mode",
        "sec-fetch-dest",
        "referer",
        "accept-encoding",
        "accept-language",
        "cookie",
    ] {
        let fields = request.headers_mut();
        fields.insert(name, HeaderValue::from_static("as it comes"));
    }
    for (name, value) in lines {
        let fields = request.headers_mut();
        fields.insert(*name, HeaderValue::from_static(value));
    }
    request
}

fn respond<S, B>(service: &mut S, request: Request<Response<Full<Bytes>>>) -> Response<B>
where
    S: Service<Request<Response<Full<Bytes>>>, Response = Response<B>, Error = Infallible>,
{
    let mut context = Context::from_waker(Waker::noop());
    match pin!(service.call(request)).poll(&mut context) {
        Poll::Ready(Ok(response)) => response,
        _ => unreachable!("it is ready"),
    }
}

fn added(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("added");
    for (name, lines) in [
        ("without conditions", &[][..]),
        (
            "304",
            &[("if-none-match", "\"5994471abb01112afcc18159f6cc74b4\"")],
        ),
    ] {
        let request = request(lines);
        group.bench_function(format!("{name}, inner service alone"), |bencher| {
            let mut service = Inner;
            bencher.iter_batched(
                || request.clone(),
                |request| respond(&mut service, request),
                BATCH,
            );
        });
        group.bench_function(format!("{name}, layer"), |bencher| {
            let mut service = ConditionalLayer::new().layer(Inner);
            bencher.iter_batched(
                || request.clone(),
                |request| respond(&mut service, request),
                BATCH,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, added);
criterion_main!(benches);
