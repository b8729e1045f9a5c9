//! In hyper without a framework, which writes what it is told.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::{Layer, service_fn};
use tower_http_conditional::ConditionalLayer;

use crate::client::{Answer, BOTH, Http, Lines, ask_twice};

/// Content of a length that is known, said, or not known; none where it is a HEAD, as some services
/// do it; and a 304 of the service's own.
async fn inner(
    request: Request<Incoming>,
) -> Result<Response<BoxBody<Bytes, Infallible>>, Infallible> {
    let response = Response::builder().header("etag", "\"v1\"");
    let stream = || {
        let frames = ["01234", "56789"].map(|data| Ok(Frame::data(Bytes::from(data))));
        BodyExt::boxed(StreamBody::new(futures_util::stream::iter(frames)))
    };
    let response = match request.uri().path() {
        "/known" => response.body(Full::from("0123456789").boxed()),
        "/said" => response.header("content-length", "10").body(stream()),
        "/head" if request.method() == "HEAD" => response.body(Empty::new().boxed()),
        "/304" => response.status(304).body(Empty::new().boxed()),
        _ => response.body(stream()),
    };
    Ok(response.unwrap())
}

async fn start(layer: ConditionalLayer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let service = TowerToHyperService::new(layer.layer(service_fn(inner)));
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                server
                    .serve_connection(TokioIo::new(stream), service)
                    .await
                    .unwrap();
            });
        }
    });
    address
}

async fn send(
    address: SocketAddr,
    http: Http,
    method: &str,
    path: &str,
    lines: Lines<'_>,
) -> Answer {
    let uri = format!("http://example.com{path}");
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    ask_twice(address, http, request.body(Full::default()).unwrap()).await
}

/// RFC 9110 section 8.6: no Content-Length, or the right one.
#[tokio::test]
async fn lengths() {
    for layer in [
        ConditionalLayer::new(),
        ConditionalLayer::new().digest_up_to(100),
    ] {
        let address = start(layer).await;
        for http in BOTH {
            for (path, is_known) in [
                ("/known", true),
                ("/said", true),
                ("/unknown", false),
                ("/head", false),
            ] {
                let length = is_known.then_some("10");
                let whole = send(address, http, "GET", path, &[]).await;
                assert_eq!(
                    (whole.status.as_u16(), &whole.content[..]),
                    (200, &b"0123456789"[..])
                );
                assert_eq!(whole.field("content-length"), length, "{http:?} {path}");
                let head = send(address, http, "HEAD", path, &[]).await;
                assert_eq!((head.status.as_u16(), &head.content[..]), (200, &b""[..]));
                assert_eq!(head.field("content-length"), length, "{http:?} {path}");
                for method in ["GET", "HEAD"] {
                    let same =
                        send(address, http, method, path, &[("if-none-match", "\"v1\"")]).await;
                    assert_eq!(same.status, 304);
                    let said = same.field("content-length");
                    assert!(
                        said.is_none() || said == length,
                        "{http:?} {method} {path}: {said:?}"
                    );
                    let own = send(address, http, method, "/304", &[]).await;
                    assert_eq!(
                        (own.status.as_u16(), own.field("content-length")),
                        (304, None)
                    );
                }
                let failed = send(address, http, "GET", path, &[("if-match", "\"x\"")]).await;
                assert_eq!(
                    (
                        failed.status.as_u16(),
                        failed.field("content-length").unwrap_or("0")
                    ),
                    (412, "0")
                );
            }
        }
    }
}
