//! RFC 9111, section by section: each test names the requirements that it proves.
#![cfg(feature = "cache")]

mod allocation;
#[path = "../allocations/mod.rs"]
mod allocations;
mod cases;
mod exhaustive;
mod laws;
mod section_3_1;
mod section_3_2;
mod section_3_3;
mod section_3_4;
mod section_4;
mod section_4_2;
mod section_4_3_1;
mod section_4_3_2;
mod section_4_3_3;
mod section_4_3_4;
mod section_4_3_5;
mod section_4_4;

use http_conditional::cache::{Answer, Response, StorableFields};
use http_conditional::{ByteRange, Clocks, EntityTag, HttpDate};

/// Sat, 29 Oct 1994 19:43:31 GMT.
const T: i64 = 783_459_811;
const T_TEXT: &str = "Sat, 29 Oct 1994 19:43:31 GMT";

fn date(unix: i64) -> HttpDate {
    HttpDate::from_unix(unix).unwrap()
}

fn range(first: u64, last: u64) -> ByteRange {
    ByteRange::new(first, last).unwrap()
}

/// A 200 with this entity tag.
fn tagged(tag: &'static str) -> Response<'static> {
    Response::new(200).etag(EntityTag::from_static(tag))
}

/// A 200 that was last modified at `T`.
fn modified() -> Response<'static> {
    Response::new(200).last_modified(date(T))
}

/// A 200 whose modification date, `T`, is a strong validator.
fn strongly_modified() -> Response<'static> {
    modified().date(date(T + 1)).clocks(Clocks::Same)
}

/// What is sent, as a line: a status, and which bytes.
fn sent(answer: &Answer<'_>) -> String {
    match answer {
        Answer::Forward => "forward".to_owned(),
        Answer::NotModified => "304".to_owned(),
        Answer::Whole => "200".to_owned(),
        Answer::Part(part) => format!("206 {}", part.content_range()),
        Answer::Parts(parts) => {
            let ranges = parts.clone().map(|part| part.content_range().to_string());
            format!("206 {}", ranges.collect::<Vec<_>>().join(", "))
        }
        Answer::Unsatisfiable(content_range) => format!("416 {content_range}"),
    }
}

type Fields = Vec<(String, String)>;

fn fields(lines: &[(&str, &str)]) -> Fields {
    let lines = lines.iter();
    lines
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The field lines, lent.
fn lent(fields: &Fields) -> impl Iterator<Item = (&str, &String)> {
    fields.iter().map(|(name, value)| (name.as_str(), value))
}

/// The values of a field, in order.
fn lines_of<'a>(fields: &'a Fields, name: &str) -> Vec<&'a str> {
    let lines = fields.iter();
    lines
        .filter(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .collect()
}

/// The stored fields, updated from newer ones; `except` is not.
fn updated_except(stored: &Fields, newer: &Fields, except: &[&str]) -> Fields {
    let connection = lines_of(newer, "Connection");
    let rules = StorableFields::new(connection.iter()).except(except);
    let taken: Fields = newer
        .iter()
        .filter(|(name, _)| rules.updates(name.as_bytes()))
        .cloned()
        .collect();
    let kept = stored
        .iter()
        .filter(|(name, _)| lines_of(&taken, name).is_empty());
    kept.cloned().chain(taken.iter().cloned()).collect()
}

fn updated(stored: &[(&str, &str)], newer: &[(&str, &str)]) -> Fields {
    updated_except(&fields(stored), &fields(newer), &[])
}
