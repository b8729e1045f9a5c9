//! Reads hostile values of one length, once each, for `.ci/counts` to count the instructions of:
//! `growth NAME BYTES`; `growth nothing BYTES` makes the values and reads none. Without arguments it
//! lists the names.

use std::hint::black_box;

use http_conditional::cache::{Evaluation, Response, StorableFields, ValidationRequest};
use http_conditional::{
    ByteRange, Condition, ContentRange, Decision, EntityTag, EntityTags, Exclusion, Field,
    HttpDate, Method, Policy, RangePolicy, RangeResponse, Ranges, Representation, Requirement,
    cache, evaluate,
};

const TAG: EntityTag<'_> = EntityTag::from_static("\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"");
const DATE: HttpDate = HttpDate::MIN;

/// What the values repeat: what is well-formed up to any length, and what is found out to be
/// malformed at the first byte, or at the last.
const UNITS: [&str; 16] = [
    "\"0123456789abcdef0123456789abcdef\", ",
    "\"\",",
    "W/\"a\",",
    "W/",
    "\"",
    "\\\"",
    ",",
    " ",
    " ,",
    "a",
    "a,",
    "0",
    "0-0,",
    "9-,",
    "-1,",
    "\u{e9}",
];

type Read = fn(&[u8]);

/// The value as one line, and each of its members as a line.
fn in_lines(value: &[u8], mut read: impl FnMut(Vec<&[u8]>)) {
    read(vec![value]);
    read(value.split_inclusive(|&byte| byte == b',').collect());
}

fn evaluated(name: &str, value: &[u8]) {
    let current = Representation::current()
        .etag(TAG)
        .strong_last_modified(DATE);
    let stored = Response::new(200).etag(TAG).last_modified(DATE);
    in_lines(value, |lines| {
        for method in ["GET", "PUT"] {
            let lines = lines.iter().map(|line| (name, line));
            let _ = black_box(evaluate(method, current, lines.clone()));
            let _ = black_box(cache::evaluate(method, Some(stored), lines));
        }
    });
}

fn condition(name: &str, value: &[u8]) {
    in_lines(value, |lines| {
        let fields: Vec<(&str, &[u8])> = lines.into_iter().map(|line| (name, line)).collect();
        let lent = fields.iter().map(|(name, line)| (*name, *line));
        let tags = match Condition::new("PUT", lent, DATE, Policy::new()) {
            Condition::Requires(Requirement::Matches(tags))
            | Condition::Excludes(Exclusion::Matches(tags)) => tags.iter().count(),
            _ => 0,
        };
        black_box(tags);
    });
}

fn range(value: &[u8]) {
    for complete_length in [1_000, u64::MAX] {
        let response = RangeResponse::new(Decision::Perform, Some(value), complete_length);
        let _ = black_box(response);
        if let Ok(ranges) = Ranges::parse(value) {
            black_box(ranges.resolve(complete_length).count());
        }
    }
    // As many parts as there may be ranges, and all ranges within them or none.
    let parts: Vec<ByteRange> = (0..value.len() as u64 / 4)
        .filter_map(|at| ByteRange::new(at * 4, at * 4 + 1))
        .collect();
    let unbounded = RangePolicy::new().max_ranges(usize::MAX);
    for parts in [&parts[..], &[]] {
        let stored = Response::new(206).parts(parts);
        for stored in [stored, stored.complete_length(1_000)] {
            black_box(stored.covers(Some(value)));
            let mut evaluation = Evaluation::new(Method::Get, Some(stored)).range_policy(unbounded);
            evaluation.field(b"Range", value);
            let _ = black_box(evaluation.answer());
            for _ in 0..9 {
                evaluation.field(b"Range", value);
            }
            let _ = black_box(evaluation.answer());
        }
    }
}

fn content_range(value: &[u8]) {
    let _ = black_box(ContentRange::parse(value));
}

fn tags(value: &[u8]) {
    if let Ok(EntityTags::List(tags)) = EntityTags::parse(value) {
        black_box(tags.count());
    }
    let mut buffer = vec![0; 2 * value.len() + 2];
    let read = [
        EntityTag::parse(value),
        EntityTag::strong(value),
        EntityTag::weak(value),
    ];
    for tag in read.into_iter().flatten() {
        black_box(tag.weak_eq(TAG));
        let _ = black_box(tag.encode(&mut buffer));
    }
    let _ = black_box(EntityTag::from_digest(value, &mut buffer));
}

fn validation(value: &[u8]) {
    let stored = Response::new(200).etag(TAG);
    in_lines(value, |lines| {
        if let Ok(request) = ValidationRequest::new(stored).merge(lines.iter()) {
            let field = request.field(Field::IfNoneMatch);
            black_box(field.map(|field| field.encoded_len()));
        }
        let fields = lines.iter().map(|line| ("ETag", line));
        let _ = black_box(Response::new(206).fields(fields));
        black_box(StorableFields::new(lines.iter()).stores(b"X-Field"));
    });
}

/// What is read, and what the value begins with.
fn reads() -> [(&'static str, &'static str, Read); 13] {
    [
        ("if-match", "", |value| evaluated("If-Match", value)),
        ("if-none-match", "", |value| {
            evaluated("If-None-Match", value);
        }),
        ("if-modified-since", "", |value| {
            evaluated("If-Modified-Since", value);
        }),
        ("if-unmodified-since", "", |value| {
            evaluated("If-Unmodified-Since", value);
        }),
        ("if-range", "", |value| evaluated("If-Range", value)),
        ("unknown-field", "", |value| evaluated("X-Field", value)),
        ("condition", "", |value| {
            condition("If-Match", value);
            condition("If-None-Match", value);
        }),
        ("dates", "Sun, ", |value| {
            let _ = black_box(HttpDate::parse(value, Some(DATE)));
            let _ = black_box(HttpDate::parse_ignore_ascii_case(value, Some(DATE)));
        }),
        ("entity-tags", "", tags),
        ("range", "bytes=", range),
        ("content-range", "bytes ", content_range),
        ("content-range-length", "bytes 0-0/", content_range),
        ("cache", "", validation),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo bench` has arguments of its own for every bench; they are no number.
    let bytes = arguments.get(2).and_then(|bytes| bytes.parse().ok());
    match (&arguments[..], bytes) {
        ([_, name, _], Some::<usize>(bytes)) => {
            let nothing: (&str, &str, Read) = ("nothing", "", |_| ());
            let (_, prefix, read) = reads()
                .into_iter()
                .chain([nothing])
                .find(|(known, ..)| known == name)
                .expect("a name from the list");
            for unit in UNITS {
                read(
                    [prefix, &unit.repeat(bytes / unit.len())]
                        .concat()
                        .as_bytes(),
                );
            }
        }
        _ => {
            for (name, ..) in reads() {
                println!("{name}");
            }
        }
    }
}
