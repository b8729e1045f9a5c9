//! Range and Content-Range against `http_range` and `http_range_header`, each on the same bytes, and
//! each first asserted to come to the same; and against what the standard library writes.

use std::hint::black_box;
use std::io::Write;

use criterion::{Criterion, criterion_group, criterion_main};
use http_conditional::{ByteRange, ContentRange, Decision, RangeResponse};
use http_range::HttpRange;
use http_range_header::parse_range_header;

/// The length of the content.
const LENGTH: u64 = 10_000;

/// The positions of all that is asked for, added up, so that each range is resolved; `None` where
/// nothing can be sent.
fn ours(range: &str) -> Option<u64> {
    let positions = |part: ByteRange| part.first() + part.last();
    match RangeResponse::new(Decision::Perform, Some(range.as_bytes()), LENGTH) {
        RangeResponse::Part(part) => Some(positions(part.range())),
        RangeResponse::Parts(parts) => Some(parts.map(|part| positions(part.range())).sum()),
        RangeResponse::Whole(_) | RangeResponse::Unsatisfiable(_) => None,
    }
}

/// The crate `http_range`.
fn http_range(range: &str) -> Option<u64> {
    let ranges = HttpRange::parse_bytes(range.as_bytes(), LENGTH).ok()?;
    let positions = |range: &HttpRange| range.start + (range.start + range.length - 1);
    Some(ranges.iter().map(positions).sum())
}

/// The crate `http_range_header`.
fn http_range_header(range: &str) -> Option<u64> {
    let ranges = parse_range_header(range).ok()?.validate(LENGTH).ok()?;
    Some(ranges.iter().map(|range| range.start() + range.end()).sum())
}

fn read(c: &mut Criterion) {
    for (name, range, expected) in [
        ("one range", "bytes=1000-1999", Some(2_999)),
        ("one to the end", "bytes=9500-", Some(9_500 + 9_999)),
        ("one suffix", "bytes=-400", Some(9_600 + 9_999)),
        (
            "three ranges",
            "bytes=0-99, 200-299, -400",
            Some(99 + 499 + 9_600 + 9_999),
        ),
        ("a malformed one", "bytes=1000-x", None),
        ("one that is beyond the end", "bytes=20000-", None),
    ] {
        assert_eq!(ours(range), expected, "{name}");
        assert_eq!(http_range(range), expected, "{name}");
        assert_eq!(http_range_header(range), expected, "{name}");
        let mut group = c.benchmark_group(format!("Range: {name}"));
        group.bench_function("http-conditional", |b| b.iter(|| ours(black_box(range))));
        group.bench_function("http-range", |b| b.iter(|| http_range(black_box(range))));
        group.bench_function("http-range-header", |b| {
            b.iter(|| http_range_header(black_box(range)));
        });
        group.finish();
    }
}

fn write(c: &mut Criterion) {
    let range = ByteRange::new(1_000, 1_999).expect("a range");
    let written = "bytes 1000-1999/10000";
    let value = ContentRange::satisfied(range, Some(LENGTH)).expect("a range within");
    let mut buffer = [0; ContentRange::MAX_LEN];
    assert_eq!(value.encode(&mut buffer), written.as_bytes());
    write!(&mut buffer[..], "bytes {}-{}/{LENGTH}", 1_000, 1_999).expect("room");
    assert_eq!(&buffer[..written.len()], written.as_bytes());

    let mut group = c.benchmark_group("write Content-Range");
    group.bench_function("http-conditional", |b| {
        b.iter(|| {
            let value = ContentRange::satisfied(black_box(range), Some(LENGTH));
            value.map_or(0, |value| value.encode(&mut buffer).len())
        });
    });
    group.bench_function("std's write!", |b| {
        b.iter(|| {
            let range = black_box(range);
            let (first, last) = (range.first(), range.last());
            write!(&mut buffer[..], "bytes {first}-{last}/{LENGTH}")
        });
    });
    group.finish();
}

criterion_group!(benches, read, write);
criterion_main!(benches);
