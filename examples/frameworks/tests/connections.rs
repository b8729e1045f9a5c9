//! Every response is followed by a second request on the same connection, which finds its response
//! where the first one ends: through axum's Router, and with hyper alone.

mod common;

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use common::{Client, Server};
use futures_util::stream;
use http::{Request, Response, StatusCode};
use http_conditional::{Boundary, ContentInParts, Piece, ReplyPolicy, reply_in_parts};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

const DIGITS: &[u8] = b"0123456789";

const LINES: [&str; 10] = [
    "",
    "If-None-Match: \"v1\"\r\n",
    "If-None-Match: \"x\"\r\n",
    "If-Match: \"x\"\r\n",
    "Range: bytes=2-3\r\n",
    "Range: bytes=2-3\r\nIf-Range: \"v1\"\r\n",
    "Range: bytes=2-3\r\nIf-Range: \"x\"\r\n",
    "Range: bytes=0-1,8-\r\n",
    "Range: bytes=10-\r\n",
    "Range: bytes=a\r\n",
];

/// Content whose length nobody knows before its end.
fn streamed(data: &'static [u8]) -> Body {
    let chunks = data
        .chunks(4)
        .map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk)));
    Body::from_stream(stream::iter(chunks))
}

/// `/digits` knows how long it is, `/streamed` does not, and everything else is not there.
async fn answer<B>(request: Request<B>) -> Response<Body> {
    let length = match request.uri().path() {
        "/digits" => Some(10),
        "/streamed" => None,
        _ => {
            let mut response = Response::new(Body::from("Nothing is here."));
            *response.status_mut() = StatusCode::NOT_FOUND;
            return response;
        }
    };
    let mut response = Response::builder()
        .header("etag", "\"v1\"")
        .body(())
        .unwrap();
    let (method, lines, policy) = (request.method(), request.headers(), ReplyPolicy::new());
    let boundary = || Boundary::new(b"B").unwrap();
    let mut content = reply_in_parts(method, lines, &mut response, length, &policy, boundary);
    let body = match (length, &content) {
        // Not Body::empty(): that is known to be of length 0, and axum says so for a HEAD.
        (None, ContentInParts::None) => streamed(b""),
        (None, _) => streamed(DIGITS),
        (Some(length), _) => {
            let mut bytes = Vec::new();
            while let Some(piece) = content.next_piece(length) {
                bytes.extend_from_slice(match piece {
                    Piece::Framing(bytes) => bytes,
                    Piece::Content(range) => range.of(DIGITS).unwrap(),
                });
            }
            bytes.into()
        }
    };
    response.map(|()| body)
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Asks for all, and twice on the same connection.
fn ask(address: SocketAddr) {
    let mut client = Client::connect(address);
    for (path, length) in [
        ("/digits", Some("10")),
        ("/streamed", None),
        ("/none", Some("16")),
    ] {
        for lines in LINES {
            let got = client.get(path, lines);
            assert_eq!(client.get("/digits", "").content, DIGITS);
            let head = client.head(path, lines);
            assert_eq!(client.get("/digits", "").content, DIGITS);

            let status = match (path, lines) {
                ("/none", _) => 404,
                (_, lines) if lines.starts_with("If-None-Match: \"v1") => 304,
                (_, lines) if lines.starts_with("If-Match") => 412,
                ("/streamed", _) => 200,
                (_, lines) if lines.contains("bytes=10-") => 416,
                (_, lines) if lines.contains("If-Range: \"x\"") || lines.contains("=a") => 200,
                (_, lines) if lines.contains("Range") => 206,
                _ => 200,
            };
            assert_eq!(got.status, status, "{path} {lines}");
            // 14.2: a Range means something for GET only.
            let of_head = if lines.starts_with("Range") && status != 404 {
                200
            } else {
                status
            };
            assert_eq!(head.status, of_head, "{path} {lines}");
            // 8.6: what GET would get, or nothing at all.
            let said = head.text("content-length");
            match of_head {
                412 => assert!(matches!(said, None | Some("0")), "{path} {lines}: {said:?}"),
                304 | 200 => assert_eq!(said, length, "{path} {lines}"),
                _ => assert!(said.is_none() || said == length, "{path} {lines}: {said:?}"),
            }
        }
    }
}

#[tokio::test]
async fn with_hyper_alone() {
    let (listener, address) = listener().await;
    let client = tokio::task::spawn_blocking(move || ask(address));
    let (stream, _) = listener.accept().await.unwrap();
    let service = service_fn(async |request| Ok::<_, Infallible>(answer(request).await));
    http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await
        .unwrap();
    client.await.unwrap();
}

#[tokio::test]
async fn through_the_router_of_axum() {
    let (listener, address) = listener().await;
    let router = Router::new().route("/{name}", get(answer));
    let server = tokio::spawn(async { axum::serve(listener, router).await });
    tokio::task::spawn_blocking(move || ask(address))
        .await
        .unwrap();
    server.abort();
}

/// The programs, as far as they go.
#[test]
fn of_the_programs() {
    for program in [
        env!("CARGO_BIN_EXE_axum"),
        env!("CARGO_BIN_EXE_hyper"),
        env!("CARGO_BIN_EXE_actix"),
        env!("CARGO_BIN_EXE_picoserve"),
        env!("CARGO_BIN_EXE_tower"),
    ] {
        let server = Server::start(program, &[]);
        let mut client = server.connect();
        let tag = client.get("/notes/first", "").etag().to_owned();
        for lines in LINES {
            let lines = lines.replace("\"v1\"", &tag);
            for path in ["/notes/first", "/notes/none"] {
                client.get(path, &lines);
                assert_eq!(client.get("/notes/first", "").content, b"The first note.\n");
                let head = client.head(path, &lines);
                assert_eq!(client.get("/notes/first", "").content, b"The first note.\n");
                // Never the length of something else.
                let length = head.text("content-length");
                let is_right = match head.status {
                    200 | 304 => matches!(length, None | Some("16")),
                    _ => true,
                };
                assert!(is_right, "{program}: {path} {lines}{length:?}");
            }
        }
    }
}
