//! The programs of the guide's pages "Servers" and "Frameworks": each is a file here, is run here or
//! in another test, and is on its page as it is.

#[path = "guide/actix.rs"]
mod actix;
#[path = "guide/nothing.rs"]
mod nothing;

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

const SERVERS: &str = include_str!("../../../src/guide/servers.md");
const FRAMEWORKS: &str = include_str!("../../../src/guide/frameworks.md");

#[track_caller]
fn is_on(page: &str, code: &str) {
    let block = format!("```rust,ignore\n{code}```\n");
    assert!(
        page.contains(&block),
        "the page has another program:\n{code}"
    );
}

#[test]
fn the_pages_programs_are_these() {
    is_on(SERVERS, include_str!("guide/actix.rs"));
    is_on(FRAMEWORKS, include_str!("guide/nothing.rs"));
    // tests/string_comparison.rs runs it.
    let (_, code) = include_str!("../src/bin/config.rs")
        .split_once("\n\n")
        .unwrap();
    is_on(SERVERS, code);
}

/// The status, the tag, and the content that the page's handler for actix-web sends.
async fn hello(method: &str, name: &str, value: &str) -> (u16, String, Vec<u8>) {
    let app = App::new().route("/", web::route().to(actix::hello));
    let app = init_service(app).await;
    let request = TestRequest::default()
        .method(method.parse().unwrap())
        .insert_header((name, value));
    let response = call_service(&app, request.to_request()).await;
    let tag = response
        .headers()
        .get("etag")
        .map(|tag| tag.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    (
        status,
        tag.unwrap_or_default(),
        read_body(response).await.to_vec(),
    )
}

#[actix_web::test]
async fn actix_web() {
    let tag = || "\"v1\"".to_owned();
    assert_eq!(
        hello("GET", "accept", "*/*").await,
        (200, tag(), b"Hello.".to_vec())
    );
    assert_eq!(
        hello("GET", "if-none-match", "W/\"v1\"").await,
        (304, tag(), vec![])
    );
    assert_eq!(hello("GET", "if-match", "\"v0\"").await.0, 412);
    assert_eq!(
        hello("GET", "range", "bytes=1-2").await,
        (206, tag(), b"el".to_vec())
    );
    assert_eq!(hello("GET", "range", "bytes=6-").await.0, 416);
    assert_eq!(
        hello("HEAD", "if-none-match", "*").await,
        (304, tag(), vec![])
    );
}

/// `Router` adds the length 0 to a 304 without content, and none to one with the page's content.
#[actix_web::test]
async fn axum_adds_no_length_to_content_of_unknown_length() {
    let answer = |content: fn() -> Body| async move {
        let handler = move || async move { (StatusCode::NOT_MODIFIED, content()) };
        let app = TowerToHyperService::new(Router::new().route("/", get(handler)));
        app.call(Request::new(Body::empty())).await.unwrap()
    };
    assert_eq!(answer(Body::empty).await.headers()["content-length"], "0");
    let response = answer(nothing::nothing).await;
    assert!(!response.headers().contains_key("content-length"));
    let content = response.into_body().collect().await.unwrap();
    assert!(content.to_bytes().is_empty());
}
