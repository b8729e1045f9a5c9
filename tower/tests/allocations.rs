//! What the layer takes from the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::Full;
use tower::{Layer, Service};
use tower_http_conditional::ConditionalLayer;

/// Counts what this thread asks for.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all of it is passed on to the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Gives the response that it was made with.
#[derive(Clone)]
struct Inner(Option<Response<Full<Bytes>>>);

impl Service<Request<()>> for Inner {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(self.0.take().expect("one call")))
    }
}

fn inner() -> Inner {
    let response = Response::builder()
        .header("content-type", "text/plain")
        .header("etag", "\"v1\"")
        .header("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("cache-control", "no-cache")
        .body(Full::from("0123456789"));
    Inner(Some(response.unwrap()))
}

fn request(method: &str, lines: &[(&'static str, &'static str)]) -> Request<()> {
    let mut request = Request::builder().method(method).body(()).unwrap();
    for name in ["host", "user-agent", "accept", "accept-encoding", "cookie"] {
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static("x"));
    }
    for (name, value) in lines {
        request
            .headers_mut()
            .insert(*name, HeaderValue::from_static(value));
    }
    request
}

/// Allocations from the call to the end of the content, and the status.
fn count<S, B>(mut service: S, request: Request<()>) -> (usize, u16)
where
    S: Service<Request<()>, Response = Response<B>, Error = Infallible>,
    B: Body<Error = Infallible>,
{
    let mut context = Context::from_waker(Waker::noop());
    let before = COUNT.get();
    let future = pin!(service.call(request));
    let Poll::Ready(Ok(response)) = future.poll(&mut context) else {
        unreachable!("it is ready");
    };
    let (head, body) = response.into_parts();
    let mut body = pin!(body);
    while let Poll::Ready(Some(_)) = body.as_mut().poll_frame(&mut context) {}
    (COUNT.get() - before, head.status.as_u16())
}

#[test]
fn a_request_without_conditions_costs_none() {
    let boxed = count(tower::util::BoxService::new(inner()), request("GET", &[]));
    assert_eq!(boxed, (1, 200), "it counts");

    for layer in [
        ConditionalLayer::new(),
        ConditionalLayer::new().leaving_fields(),
    ] {
        for method in ["GET", "PUT"] {
            let (alone, _) = count(inner(), request(method, &[]));
            let layered = count(layer.layer(inner()), request(method, &[]));
            assert_eq!((layered, alone), ((0, 200), 0), "{method}");
        }
    }
    // The value of Content-Length, which nobody else can say of a HEAD.
    let layered = count(ConditionalLayer::new().layer(inner()), request("HEAD", &[]));
    assert_eq!(layered, (2, 200));
}

/// What is kept of the request, its lines, and three for the decision in the extensions.
#[test]
fn a_304_costs_few() {
    let lines = [("if-none-match", "\"v1\"")];
    let (layered, status) = count(
        ConditionalLayer::new().layer(inner()),
        request("GET", &lines),
    );
    assert_eq!(status, 304);
    assert_eq!(layered, 5);
}
