//! The tables of the guide that say why a request gets what it gets, evaluated row by row.
#![cfg(feature = "dates")]

mod markdown_tables;

use http_conditional::{Decision, EntityTag, HttpDate, Preconditions, Representation};
use markdown_tables::{code, request, rows};

const ANSWERS: &str = include_str!("../src/guide/answers.md");

const HEADER: &str = "| request | current | it says | because |";

/// The date that the tables call `L`.
const L: i64 = 784_111_777;

fn date(unix: i64) -> HttpDate {
    HttpDate::from_unix(unix).unwrap()
}

/// What a field value of the tables stands for.
fn value(value: &str) -> String {
    match value {
        "L" => date(L).to_string(),
        "L-1" => date(L - 1).to_string(),
        "L+1" => date(L + 1).to_string(),
        _ => value.to_owned(),
    }
}

fn representation(cell: &str) -> Representation<'_> {
    let mut current = Representation::ABSENT;
    for validator in code(cell) {
        current = match validator {
            "L" => current.last_modified(date(L)),
            tag => current.etag(EntityTag::parse(tag.as_bytes()).unwrap()),
        };
    }
    current
}

/// Holds every row under a heading to the status code that it is about; `None` where the method
/// is performed.
fn check(heading: &str, status: Option<u16>, least: usize) {
    let (_, section) = ANSWERS.split_once(heading).expect(heading);
    let section = section.split("\n# ").next().unwrap();
    let rows = rows(section, HEADER);
    assert!(rows.len() >= least, "{heading} has {} rows", rows.len());
    for row in rows {
        let [cell, current, says, _] = row[..] else {
            panic!("not a row: {row:?}");
        };
        let (method, fields) = request(cell);
        let mut preconditions = Preconditions::new(method.into(), representation(current));
        preconditions.extend(fields.into_iter().map(|(name, text)| (name, value(text))));
        let explanation = preconditions.explain();
        assert_eq!(explanation.decision().status(), status, "{cell}");
        let text = explanation.to_string();
        let says = code(says).next().unwrap();
        assert!(text.contains(says), "{cell}: {says:?} is not in:\n{text}");
    }
}

#[test]
fn why_a_200() {
    check("# Why a 200?", Decision::Perform.status(), 14);
}

#[test]
fn why_a_304() {
    check("# Why a 304?", Some(304), 7);
}

#[test]
fn why_a_412() {
    check("# Why a 412?", Some(412), 11);
}

#[test]
fn why_it_was_written() {
    check("# Why was it written?", Decision::Perform.status(), 8);
}
