//! Does one thing over and over, for `.ci/counts` to count the instructions of: `counts NAME N`.
//! Without arguments it lists the names.

use std::hint::black_box;

use http::HeaderMap;
use http_conditional::{
    Decision, EntityTag, HttpDate, RangeResponse, Representation, ResponseHead, evaluate,
};

const TAG: &str = "\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"";
const OTHER: &str = "\"00000000000000000000000000000000\"";
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const UNIX: i64 = 784_111_777;

type Work = Box<dyn Fn()>;

fn list(tags: usize, last: &str) -> String {
    let others = (1..tags).map(|number| format!("\"{number:032x}\""));
    others
        .chain([last.to_owned()])
        .collect::<Vec<_>>()
        .join(", ")
}

fn date(value: &'static str) -> Work {
    let now = HttpDate::from_unix(1_781_481_600).ok();
    Box::new(move || {
        let _ = black_box(HttpDate::parse(black_box(value.as_bytes()), now));
    })
}

fn decision(expected: Decision, conditions: &[(&'static str, &str)]) -> Work {
    let mut headers: HeaderMap = (0..14)
        .map(|number| format!("x-field-{number}"))
        .map(|name| {
            (
                name.parse().expect("a name"),
                "value".parse().expect("a value"),
            )
        })
        .collect();
    for (name, value) in conditions {
        headers.insert(*name, value.parse().expect("a value"));
    }
    let date = HttpDate::from_unix(UNIX).unwrap_or(HttpDate::MIN);
    let current = Representation::current()
        .etag(EntityTag::from_static(TAG))
        .strong_last_modified(date);
    assert_eq!(evaluate("GET", current, &headers), expected);
    Box::new(move || {
        let _ = black_box(evaluate(
            black_box("GET"),
            black_box(current),
            black_box(&headers),
        ));
    })
}

fn work() -> Vec<(&'static str, Work)> {
    let all: &[(&str, &str)] = &[
        ("if-match", TAG),
        ("if-unmodified-since", DATE),
        ("if-none-match", OTHER),
        ("if-modified-since", DATE),
        ("range", "bytes=0-1"),
        ("if-range", TAG),
    ];
    let first = [TAG, &list(9, OTHER)].join(", ");
    vec![
        ("read-imf-fixdate", date(DATE)),
        ("read-rfc850-date", date("Sunday, 06-Nov-94 08:49:37 GMT")),
        ("read-asctime-date", date("Sun Nov  6 08:49:37 1994")),
        ("read-no-date", date("Sun, 06 Nov 1994 08:49:37 UTC")),
        (
            "write-imf-fixdate",
            Box::new(|| {
                let _ = black_box(HttpDate::from_unix(black_box(UNIX)).map(HttpDate::encode));
            }),
        ),
        ("no-condition", decision(Decision::Perform, &[])),
        (
            "one-tag-hit",
            decision(Decision::NotModified, &[("if-none-match", TAG)]),
        ),
        (
            "one-tag-miss",
            decision(Decision::Perform, &[("if-none-match", OTHER)]),
        ),
        (
            "ten-tags-first",
            decision(Decision::NotModified, &[("if-none-match", &first)]),
        ),
        (
            "ten-tags-last",
            decision(Decision::NotModified, &[("if-none-match", &list(10, TAG))]),
        ),
        (
            "a-thousand-tags",
            decision(Decision::Perform, &[("if-none-match", &list(1_000, OTHER))]),
        ),
        (
            "a-kib-of-spaces",
            decision(Decision::Perform, &[("if-none-match", &" ".repeat(1_024))]),
        ),
        (
            "a-kib-of-commas",
            decision(Decision::Perform, &[("if-none-match", &",".repeat(1_024))]),
        ),
        (
            "if-modified-since-hit",
            decision(Decision::NotModified, &[("if-modified-since", DATE)]),
        ),
        ("all-six-fields", decision(Decision::Perform, all)),
        (
            "two-ranges",
            Box::new(|| {
                let range: &[u8] = b"bytes=0-99, 200-299";
                let _ = black_box(RangeResponse::new(
                    Decision::Perform,
                    Some(black_box(range)),
                    1_000,
                ));
            }),
        ),
        (
            "fields-of-304",
            Box::new(|| {
                let head = ResponseHead::NotModified { has_etag: true };
                for name in ["ETag", "Content-Type", "Set-Cookie"] {
                    let _ = black_box(head.keeps(black_box(name.as_bytes())));
                }
            }),
        ),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo bench` has arguments of its own for every bench; they are no number.
    let times = arguments.get(2).and_then(|times| times.parse().ok());
    match (&arguments[..], times) {
        ([_, name, _], Some(times)) => {
            let (_, work) = work()
                .into_iter()
                .find(|(known, _)| known == name)
                .expect("a name from the list");
            for _ in 0_u32..times {
                work();
            }
        }
        _ => {
            for (name, _) in work() {
                println!("{name}");
            }
        }
    }
}
