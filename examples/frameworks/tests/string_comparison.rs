//! The table of the guide's page `tutorial`: what goes wrong where a handler compares the digest with
//! the whole value of If-None-Match. Both columns are computed here: the one by that comparison, the
//! other by the README's handler over a socket.

mod common;
#[path = "../../../tests/markdown_tables/mod.rs"]
mod markdown_tables;
#[path = "../src/bin/config.rs"]
#[allow(dead_code)] // its `main`
mod program;

use std::net::SocketAddr;

use common::Client;
use markdown_tables::rows;
use sha2::{Digest, Sha256};

const README: &str = include_str!("../../../README.md");
const TUTORIAL: &str = include_str!("../../../src/guide/tutorial.md");
const PROGRAM: &str = include_str!("../src/bin/config.rs");

/// What both programs have as their configuration when they start.
const CONFIG: &str = r#"{"theme":"dark"}"#;

/// A row: the request, and the status codes that the table says.
#[derive(Debug)]
struct Row {
    method: String,
    /// The field lines, with the digest in the place of `D`.
    lines: Vec<(String, String)>,
    naive: u16,
    by_the_rfc: u16,
}

fn table() -> Vec<Row> {
    let header = "| request | string comparison | RFC 9110 | what went wrong |";
    let rows = rows(TUTORIAL, header);
    rows.iter().map(|cells| row(cells)).collect()
}

fn row(cells: &[&str]) -> Row {
    let [cell, naive, by_the_rfc, _] = *cells else {
        panic!("not a row: {cells:?}");
    };
    let (method, fields) = markdown_tables::request(cell);
    let fields = fields.into_iter();
    Row {
        method: method.to_owned(),
        lines: fields
            .map(|(name, value)| (name.to_owned(), value.replace('D', &digest())))
            .collect(),
        naive: naive.parse().expect(cell),
        by_the_rfc: by_the_rfc.parse().expect(cell),
    }
}

fn digest() -> String {
    let digest = Sha256::digest(CONFIG);
    let digits: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// The handlers of the tutorials, that compare strings. Both frameworks join several lines.
fn naive(row: &Row) -> u16 {
    let lines = row.lines.iter();
    let values: Vec<&str> = lines
        .filter(|(name, _)| name == "If-None-Match")
        .map(|(_, value)| value.as_str())
        .collect();
    if values.join(", ") == digest() {
        304
    } else if row.method == "PUT" {
        204
    } else {
        200
    }
}

/// The README's handler, asked over a socket.
async fn handler(row: &Row) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async { axum::serve(listener, program::app()).await });
    let request = request(row);
    let answer = tokio::task::spawn_blocking(move || ask(address, &request)).await;
    server.abort();
    answer.unwrap()
}

fn request(row: &Row) -> String {
    let lines = row.lines.iter();
    let lines: Vec<String> = lines
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!(
        "{} /api/config HTTP/1.1\r\nHost: a\r\n{}Content-Length: 2\r\n\r\n{{}}",
        row.method,
        lines.concat()
    )
}

fn ask(address: SocketAddr, request: &str) -> u16 {
    let mut client = Client::connect(address);
    client.send(request);
    let method = request.split(' ').next().unwrap_or_default();
    let answer = client.receive(method);
    // What the status says is what happened.
    let now = client.get("/api/config", "");
    let expected = if answer.status == 204 { "{}" } else { CONFIG };
    assert_eq!(now.content, expected.as_bytes(), "after {request}");
    answer.status
}

#[tokio::test]
async fn the_table_is_true() {
    let rows = table();
    assert!(rows.len() >= 12, "{} rows", rows.len());
    for row in rows {
        assert_eq!(naive(&row), row.naive, "string comparison: {row:?}");
        assert_eq!(handler(&row).await, row.by_the_rfc, "RFC 9110: {row:?}");
    }
}

/// What the README's lines for curl show: a 304 and a 204 for the tag of the GET, a 412 once it is old, and
/// the 204's own tag guards the next write.
#[tokio::test]
async fn the_tag_of_an_answer_guards_the_next_write() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async { axum::serve(listener, program::app()).await });
    let asked = tokio::task::spawn_blocking(move || {
        let mut client = Client::connect(address);
        let first = client.head("/api/config", "");
        let [by_tag, guarded] = ["If-None-Match", "If-Match"]
            .map(|name| format!("{name}: {}\r\n", first.text("etag").unwrap()));
        assert_eq!(client.get("/api/config", by_tag).status, 304);
        let written = client.put("/api/config", &guarded, "{}");
        assert_eq!(written.status, 204);
        let late = client.put("/api/config", guarded, "[]");
        assert_eq!(late.status, 412);
        assert_eq!(late.text("etag"), written.text("etag"));
        let guarded = format!("If-Match: {}\r\n", written.text("etag").unwrap());
        assert_eq!(client.put("/api/config", guarded, "[]").status, 204);
    });
    asked.await.unwrap();
    server.abort();
}

#[test]
fn the_readmes_handler_is_the_example() {
    let (_, code) = PROGRAM.split_once("\n\n").unwrap();
    let block = format!("```rust,ignore\n{code}```\n");
    assert!(README.contains(&block), "src/bin/config.rs has changed");
}
