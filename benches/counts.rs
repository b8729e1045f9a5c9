//! Does one thing over and over, for `.ci/counts` to count the instructions of: `counts NAME N`.
//! Without arguments it lists the names.

mod request;

use std::hint::black_box;

use http::HeaderMap;
use http_conditional::{
    ByteRange, Change, Content, ContentRange, Decision, EntityTag, FieldValue, HttpDate,
    RangeResponse, Reply, ReplyPolicy, Representation, ResponseHead, evaluate,
};
use request::{ALL_SIX, DATE, OTHER, TAG};

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

/// A decision about the request of a browser, and the same composed from headers' types.
fn beside_headers() -> Vec<(&'static str, Work)> {
    let names = [
        ("browser-no-condition", "headers-no-condition"),
        ("browser-one-tag-hit", "headers-one-tag-hit"),
        ("browser-one-tag-miss", "headers-one-tag-miss"),
        ("browser-date-hit", "headers-date-hit"),
        ("browser-all-six-fields", "headers-all-six-fields"),
    ];
    let mut all: Vec<(&str, Work)> = vec![];
    for ((ours, theirs), (_, headers)) in names.into_iter().zip(request::requests()) {
        let of_ours = headers.clone();
        all.push((
            ours,
            Box::new(move || {
                let _ = black_box(evaluate(
                    black_box("GET"),
                    black_box(request::CURRENT),
                    black_box(&of_ours),
                ));
            }),
        ));
        let (etag, modified) = request::current();
        all.push((
            theirs,
            Box::new(move || {
                let method = black_box("GET");
                let modified = black_box(modified);
                let headers = black_box(&headers);
                let _ = black_box(request::composed(method, headers, &etag, modified));
            }),
        ));
    }
    all
}

/// The positions of all that a Range asks for, of 10,000 bytes.
fn positions(range: &'static str, sum: u64) -> Work {
    let resolve =
        |range: &str| match RangeResponse::new(Decision::Perform, Some(range.as_bytes()), 10_000) {
            RangeResponse::Part(part) => part.range().first() + part.range().last(),
            RangeResponse::Parts(parts) => parts
                .map(|part| part.range().first() + part.range().last())
                .sum(),
            _ => 0,
        };
    assert_eq!(resolve(range), sum);
    Box::new(move || {
        let _ = black_box(resolve(black_box(range)));
    })
}

fn content_range() -> Work {
    let write = |range, buffer: &mut [u8; ContentRange::MAX_LEN]| {
        let value = ContentRange::satisfied(range, Some(10_000));
        value.map_or(0, |value| value.encode(buffer).len())
    };
    let range = ByteRange::new(1_000, 1_999).expect("a range");
    assert_eq!(write(range, &mut [0; ContentRange::MAX_LEN]), 21);
    Box::new(move || {
        let mut buffer = [0; ContentRange::MAX_LEN];
        black_box(write(black_box(range), &mut buffer));
        black_box(&buffer);
    })
}

/// A response of ten fields, and the request of a player: what to do to the fields, each value
/// written, and which bytes to send.
fn part() -> Work {
    let request = [
        ("host", "www.example.com"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("accept", "*/*"),
        ("accept-language", "en-GB,en;q=0.9"),
        ("range", "bytes=1000-1999"),
        ("connection", "keep-alive"),
        ("sec-fetch-dest", "video"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-site", "same-origin"),
        ("accept-encoding", "identity"),
    ];
    let ok = [
        ("content-type", "video/mp4"),
        ("content-length", "10000"),
        ("etag", TAG),
        ("last-modified", DATE),
        ("cache-control", "max-age=3600"),
        ("accept-ranges", "bytes"),
        ("date", DATE),
        ("server", "example"),
        ("vary", "accept-encoding"),
        ("x-content-type-options", "nosniff"),
    ];
    let policy = ReplyPolicy::new();
    let answer = move |request: &[(&str, &str)], buffer: &mut [u8]| {
        let reply = Reply::new("GET", request, 200, ok, Some(10_000), &policy);
        let mut changed = 0;
        for change in reply.changes() {
            changed += match change {
                Change::Remove(name) => name.len(),
                Change::Set(name, value) => {
                    name.len() + value.encode(buffer).map_or(0, <[u8]>::len)
                }
            };
        }
        (reply.status(), changed, reply.into_content())
    };
    let content = Content::Part(ByteRange::new(1_000, 1_999).expect("a range"));
    let buffer = &mut [0; FieldValue::MAX_LEN];
    assert_eq!(answer(&request, buffer), (206, 66, content));
    Box::new(move || {
        let mut buffer = [0; FieldValue::MAX_LEN];
        let _ = black_box(answer(black_box(&request), &mut buffer));
        black_box(&buffer);
    })
}

fn work() -> Vec<(&'static str, Work)> {
    let first = [TAG, &list(9, OTHER)].join(", ");
    let mut work: Vec<(&str, Work)> = vec![
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
        ("all-six-fields", decision(Decision::Perform, &ALL_SIX)),
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
        ("one-range", positions("bytes=1000-1999", 2_999)),
        (
            "three-ranges",
            positions("bytes=0-99, 200-299, -400", 99 + 499 + 9_600 + 9_999),
        ),
        ("write-content-range", content_range()),
        ("reply-206", part()),
        (
            "fields-of-304",
            Box::new(|| {
                let head = ResponseHead::NotModified { has_etag: true };
                for name in ["ETag", "Content-Type", "Set-Cookie"] {
                    let _ = black_box(head.keeps(black_box(name.as_bytes())));
                }
            }),
        ),
    ];
    work.extend(beside_headers());
    work
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
