//! `src/bin/axum.rs`, and its extractor.

mod common;

use std::cell::Cell;

use axum::extract::FromRequestParts;
use axum::http::Request;
use common::Server;
use frameworks::conditions::Conditions;
use http_conditional::{Decision, EntityTag, Representation};

common::rules::rules!("axum");

#[test]
fn ranges() {
    let server = Server::start(PROGRAM, &[]);
    common::rules::ranges(&server);
    common::rules::several_ranges_are_ignored(&server);
}

/// RFC 6585 section 3.
#[test]
fn a_write_without_a_guard_is_428_where_one_is_required() {
    let server = Server::start(PROGRAM, &["--require-precondition"]);
    let mut client = server.connect();
    // There is nothing yet that could be lost.
    let tag = client.put("/notes/new", "", "One.").etag().to_owned();
    for (line, status) in [
        (String::new(), 428),
        ("If-None-Match: \"x\"\r\n".to_owned(), 428),
        ("If-Unmodified-Since: yesterday\r\n".to_owned(), 428),
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        ("If-Match: x\r\n".to_owned(), 412),
        (format!("If-Match: {tag}\r\n"), 204),
        ("If-Match: *\r\n".to_owned(), 204),
    ] {
        let response = client.put("/notes/new", &line, "Two.");
        assert_eq!(response.status, status, "{line}");
    }
}

/// The digest of the content is not made for a request that does not compare tags.
#[tokio::test]
async fn the_entity_tag_is_asked_for_only_where_it_is_compared() {
    for (method, name, value, asked, decision) in [
        ("PUT", "host", "example.com", false, Decision::Perform),
        ("PUT", "if-match", "*", false, Decision::Perform),
        (
            "PUT",
            "if-none-match",
            "*",
            false,
            Decision::PreconditionFailed,
        ),
        (
            "GET",
            "if-modified-since",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            false,
            Decision::Perform,
        ),
        ("PUT", "if-match", "\"v1\"", true, Decision::Perform),
        (
            "PUT",
            "if-match",
            "\"v2\"",
            true,
            Decision::PreconditionFailed,
        ),
        (
            "GET",
            "if-none-match",
            "\"v2\", W/\"v1\"",
            true,
            Decision::NotModified,
        ),
        ("GET", "if-range", "\"v1\"", true, Decision::Perform),
    ] {
        let request = Request::builder().method(method).header(name, value);
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let conditions = Conditions::from_request_parts(&mut parts, &())
            .await
            .unwrap();
        let calls = Cell::new(0);
        let preconditions = conditions.against(Representation::current(), || {
            calls.set(calls.get() + 1);
            Some(EntityTag::from_static("\"v1\""))
        });
        assert_eq!(preconditions.decide(), decision, "{name}: {value}");
        assert_eq!(calls.get(), usize::from(asked), "{name}: {value}");
    }
}
