//! The whole response: `Reply` as data, and over the types of the crate `http`.
#![cfg(feature = "dates")]

mod admit;
mod building;
mod check;
#[cfg(feature = "http")]
mod header_map;
mod model;
mod multipart;
mod retrieval;

use check::changed;
use http_conditional::{Content, Reply, ReplyPolicy};

type Lines<'a> = &'a [(&'a str, &'a str)];

/// A response: its status, its lines in order, and what of the content goes out.
type Response = (u16, Vec<(String, String)>, Content);

/// What goes out in place of a 200 of ten bytes with these lines.
fn respond(method: &str, request: Lines, ok: Lines, policy: &ReplyPolicy) -> Response {
    respond_to(method, request, 200, ok, Some(10), policy)
}

fn respond_to(
    method: &str,
    request: Lines,
    status: u16,
    ok: Lines,
    length: Option<u64>,
    policy: &ReplyPolicy,
) -> Response {
    let reply = Reply::new(method, request, status, ok, length, policy);
    let lines = ok
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let lines = changed(lines.collect(), reply.changes());
    (reply.status(), lines, *reply.content())
}

/// As `name: value`, to compare with.
fn written(lines: &[(String, String)]) -> Vec<String> {
    let written = lines.iter().map(|(name, value)| format!("{name}: {value}"));
    written.collect()
}
