//! One service of each kind, with the layer around it: what the tests drive over sockets, curl and
//! Chromium.

use std::convert::Infallible;
use std::future::ready;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    LAST_MODIFIED, SET_COOKIE, UPGRADE, VARY,
};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, get_service};
use http_body_util::BodyExt;
use http_conditional::{EntityTag, HttpDate, Representation};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::services::ServeDir;
use tower_http_conditional::{
    CodedTags, CodingSpares, ConditionalLayer, Conditions, Refused, is_coded,
};

/// The path of each kind that has the content [`text`], and whether it has Last-Modified and
/// whether its content is coded for who accepts gzip.
pub(crate) const KINDS: [Kind; 9] = [
    Kind::new("/handler"),
    Kind::new("/leaving"),
    Kind::new("/streamed"),
    Kind::new("/directory/text.html"),
    Kind::new("/digest").undated(),
    Kind::new("/outside").coded(),
    Kind::new("/suffixed").coded(),
    Kind::new("/inside").coded(),
    Kind::new("/inside-plain").coded(),
];

/// A kind of service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) path: &'static str,
    pub(crate) is_dated: bool,
    pub(crate) is_coded: bool,
}

impl Kind {
    const fn new(path: &'static str) -> Self {
        Self {
            path,
            is_dated: true,
            is_coded: false,
        }
    }

    const fn undated(self) -> Self {
        Self {
            is_dated: false,
            ..self
        }
    }

    const fn coded(self) -> Self {
        Self {
            is_coded: true,
            ..self
        }
    }
}

/// What all of them serve: 100 lines or so of a page.
pub(crate) fn text() -> Bytes {
    let lines: Vec<_> = (0..100).map(|line| format!("<p>Line {line}.\n")).collect();
    // With an icon of its own, so that a browser asks for no other.
    format!(
        "<!doctype html><title>text</title><link rel=icon href=data:,>\n{}",
        lines.concat()
    )
    .into()
}

const MODIFIED: i64 = 1_577_836_800;

fn fields() -> HeaderMap {
    let date = HttpDate::from_unix(MODIFIED).expect("2020");
    HeaderMap::from_iter([
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (CONTENT_TYPE, HeaderValue::from_static("text/html")),
        (ETAG, HeaderValue::from_static("\"v1\"")),
        (LAST_MODIFIED, date.into()),
    ])
}

async fn handler() -> impl IntoResponse {
    (fields(), text())
}

/// With this tag, or none.
fn tagged(tag: Option<&'static str>) -> impl IntoResponse {
    let mut fields = fields();
    fields.remove(ETAG);
    fields.extend(tag.map(|tag| (ETAG, HeaderValue::from_static(tag))));
    (fields, text())
}

/// Frames of a few bytes each, whose length only the field says.
async fn streamed() -> impl IntoResponse {
    let mut fields = fields();
    fields.insert(CONTENT_LENGTH, text().len().into());
    (fields, Body::new(Frames(text())))
}

struct Frames(Bytes);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        let length = self.0.len().min(100);
        let data = self.0.split_to(length);
        Poll::Ready((length > 0).then(|| Ok(http_body::Frame::data(data))))
    }
}

async fn digest() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/html")], text())
}

/// Two events, and then it waits for nothing.
async fn events() -> impl IntoResponse {
    let content = Frames(Bytes::from_static(b"data: one\n\ndata: two\n\n"));
    ([(CONTENT_TYPE, "text/event-stream")], Body::new(content))
}

async fn cookies() -> impl IntoResponse {
    let mut response = (fields(), text()).into_response();
    for cookie in ["a=1", "b=2"] {
        let fields = response.headers_mut();
        fields.append(SET_COOKIE, HeaderValue::from_static(cookie));
    }
    for name in ["accept", "cookie"] {
        response
            .headers_mut()
            .append(VARY, HeaderValue::from_static(name));
    }
    response
}

/// Switches to a protocol that sends back what it gets.
async fn upgrade(mut request: Request) -> Response {
    if request.headers().get(UPGRADE).is_none() {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    }
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut stream = TokioIo::new(upgrade.await.expect("an upgrade"));
        let mut bytes = [0; 4];
        stream.read_exact(&mut bytes).await.expect("four bytes");
        stream.write_all(&bytes).await.expect("sent");
    });
    let fields = [(CONNECTION, "upgrade"), (UPGRADE, "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, fields).into_response()
}

/// One note, with the number of times that it was written.
type Note = Arc<Mutex<(u64, Bytes)>>;

async fn get_note(State(note): State<Note>) -> impl IntoResponse {
    let note = note.lock().expect("no panic");
    ([(ETAG, format!("\"{}\"", note.0))], note.1.clone())
}

async fn put_note(
    State(note): State<Note>,
    conditions: Conditions,
    text: Bytes,
) -> Result<impl IntoResponse, Refused> {
    let mut note = note.lock().expect("no panic");
    let tag = format!("\"{}\"", note.0);
    let conditions = conditions.require_guard().explaining();
    let passed = conditions.evaluate(Representation::current(), || {
        EntityTag::parse(tag.as_bytes()).ok()
    })?;
    *note = (note.0 + 1, text);
    Ok((
        StatusCode::NO_CONTENT,
        passed,
        [(ETAG, format!("\"{}\"", note.0))],
    ))
}

/// What is asked and what is sent is the same.
async fn query(method: Method, request: Body) -> impl IntoResponse {
    let asked = request
        .collect()
        .await
        .map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
    let mut fields = fields();
    fields.insert(
        "x-method",
        HeaderValue::from_str(method.as_str()).expect("a token"),
    );
    (fields, asked)
}

/// All of them; the directory is this one, with a file `text.html`.
pub(crate) fn router(directory: &Path) -> Router {
    let layer = ConditionalLayer::new();
    let note = Note::new(Mutex::new((1, text())));
    let directory = get_service(ServeDir::new(directory));
    Router::new()
        .merge(Router::new().route("/handler", get(handler)).layer(layer))
        .merge(
            Router::new()
                .route("/leaving", get(handler))
                .layer(layer.leaving_fields()),
        )
        .merge(Router::new().route("/streamed", get(streamed)).layer(layer))
        .merge(
            Router::new()
                .nest_service("/directory", directory)
                .layer(layer),
        )
        .merge(
            Router::new()
                .route("/digest", get(digest))
                .layer(layer.digest_up_to(1 << 20)),
        )
        .merge(
            Router::new()
                .route("/outside", get(handler))
                .route("/outside-streamed", get(streamed))
                .layer(CompressionLayer::new())
                .layer(layer.explaining()),
        )
        .merge(
            Router::new()
                .route("/suffixed", get(handler))
                .route("/suffixed-note", get(get_note).put(put_note))
                .layer(CompressionLayer::new())
                .layer(layer.coded_tags(CodedTags::Suffixed))
                .with_state(note.clone()),
        )
        .merge(
            Router::new()
                .route("/inside", get(handler))
                .layer(layer.coding_may_follow(CodingSpares::NotModified))
                .layer(
                    CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_coded)),
                ),
        )
        .merge(
            Router::new()
                .route("/inside-plain", get(handler))
                .layer(layer.coding_may_follow(CodingSpares::WhatIsShort))
                .layer(CompressionLayer::new()),
        )
        .merge(
            Router::new()
                .route("/comma", get(|| ready(tagged(Some("\"a,b\"")))))
                .route("/weak", get(|| ready(tagged(Some("W/\"v1\"")))))
                .route("/untagged", get(|| ready(tagged(None))))
                .route("/events", get(events))
                .route("/cookies", get(cookies))
                .route("/upgrade", any(upgrade))
                .route("/query", any(query))
                .route("/note", get(get_note).put(put_note))
                .route(
                    "/broken",
                    get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, fields()) }),
                )
                .layer(layer)
                .with_state(note),
        )
}
