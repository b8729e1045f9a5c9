//! The whole response: `Reply` as data, and over the types of the crate `http`.
#![cfg(feature = "dates")]

mod admit;
mod building;
#[cfg(feature = "http")]
mod header_map;
mod model;
mod multipart;
mod retrieval;

use http_conditional::{Change, Content, Reply, ReplyPolicy};

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

/// The lines with the changes made, in the simplest way.
fn changed<'r>(
    mut lines: Vec<(String, String)>,
    changes: impl Iterator<Item = Change<'r>>,
) -> Vec<(String, String)> {
    for change in changes {
        match change {
            Change::Remove(name) => {
                let before = lines.len();
                lines.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
                assert!(lines.len() < before, "{name} was not there");
            }
            Change::Set(name, value) => {
                let is_there = |(other, _): &(String, String)| other.eq_ignore_ascii_case(name);
                assert!(!lines.iter().any(is_there), "{name} is still there");
                lines.push((name.to_owned(), value.to_string()));
            }
        }
    }
    lines
}

/// As `name: value`, to compare with.
fn written(lines: &[(String, String)]) -> Vec<String> {
    let written = lines.iter().map(|(name, value)| format!("{name}: {value}"));
    written.collect()
}
