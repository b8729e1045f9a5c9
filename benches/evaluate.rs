//! A whole decision over a browser's request, against the same decision composed by hand from
//! headers' types, each first asserted to come to the same; against walking the header map and
//! doing nothing; and how it grows with the input: the time per byte stays flat, whatever the
//! bytes are.

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
    LastModified,
};
use http::HeaderMap;
use http_conditional::{Decision, EntityTag, HttpDate, Representation, evaluate};

const TAG: &str = "\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"";
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// Made beforehand, as headers' types are.
const CURRENT: Representation<'static> = Representation::current()
    .etag(EntityTag::from_static(TAG))
    .strong_last_modified(match HttpDate::from_unix(784_111_777) {
        Ok(date) => date,
        Err(_) => HttpDate::MIN,
    });

/// The 14 field lines that a browser sends with every request.
fn browser() -> HeaderMap {
    [
        ("host", "www.example.com"),
        ("connection", "keep-alive"),
        (
            "sec-ch-ua",
            "\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"",
        ),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", "\"Linux\""),
        ("upgrade-insecure-requests", "1"),
        (
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
        ),
        (
            "accept",
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
        ),
        ("sec-fetch-site", "none"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-user", "?1"),
        ("sec-fetch-dest", "document"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-GB,en;q=0.9"),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            name.parse().expect("a name"),
            value.parse().expect("a value"),
        )
    })
    .collect()
}

/// The steps of section 13.2.2, composed from headers' types, as a framework's user would.
fn composed(method: &str, headers: &HeaderMap, etag: &ETag, modified: SystemTime) -> Decision {
    let safe = matches!(method, "GET" | "HEAD");
    if let Some(if_match) = headers.typed_get::<IfMatch>() {
        if !if_match.precondition_passes(etag) {
            return Decision::PreconditionFailed;
        }
    } else if let Some(since) = headers.typed_get::<IfUnmodifiedSince>() {
        if !since.precondition_passes(modified) {
            return Decision::PreconditionFailed;
        }
    }
    if let Some(if_none_match) = headers.typed_get::<IfNoneMatch>() {
        if !if_none_match.precondition_passes(etag) {
            return if safe {
                Decision::NotModified
            } else {
                Decision::PreconditionFailed
            };
        }
    } else if let Some(since) = headers.typed_get::<IfModifiedSince>().filter(|_| safe) {
        if !since.is_modified(modified) {
            return Decision::NotModified;
        }
    }
    if method == "GET" && headers.contains_key("range") {
        if let Some(if_range) = headers.typed_get::<IfRange>() {
            if if_range.is_modified(Some(etag), Some(&LastModified::from(modified))) {
                return Decision::PerformIgnoringRange;
            }
        }
    }
    Decision::Perform
}

fn decisions(c: &mut Criterion) {
    let hit = TAG;
    let etag: ETag = TAG.parse().expect("a tag");
    let modified = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let miss = "\"00000000000000000000000000000000\"";
    for (name, conditions, expected) in [
        ("no condition", &[][..], Decision::Perform),
        (
            "If-None-Match hit",
            &[("if-none-match", hit)],
            Decision::NotModified,
        ),
        (
            "If-None-Match miss",
            &[("if-none-match", miss)],
            Decision::Perform,
        ),
        (
            "If-Modified-Since hit",
            &[("if-modified-since", DATE)],
            Decision::NotModified,
        ),
        (
            "all six fields",
            &[
                ("if-match", hit),
                ("if-unmodified-since", DATE),
                ("if-none-match", miss),
                ("if-modified-since", DATE),
                ("range", "bytes=0-1"),
                ("if-range", hit),
            ],
            Decision::Perform,
        ),
    ] {
        let mut headers = browser();
        for (name, value) in conditions {
            headers.insert(*name, value.parse().expect("a value"));
        }
        assert_eq!(evaluate("GET", CURRENT, &headers), expected, "{name}");
        assert_eq!(
            composed("GET", &headers, &etag, modified),
            expected,
            "{name}"
        );
        let mut group = c.benchmark_group(format!("decision: {name}"));
        group.bench_function("http-conditional", |b| {
            b.iter(|| evaluate(black_box("GET"), black_box(CURRENT), black_box(&headers)));
        });
        group.bench_function("headers", |b| {
            b.iter(|| {
                composed(
                    black_box("GET"),
                    black_box(&headers),
                    &etag,
                    black_box(modified),
                )
            });
        });
        group.bench_function("walking the map", |b| {
            b.iter(|| {
                for (name, value) in black_box(&headers) {
                    black_box((name.as_str(), value.as_bytes()));
                }
            });
        });
        group.finish();
    }
}

/// Doubling the input doubles the time: compare the throughputs.
fn growth(c: &mut Criterion) {
    for (name, unit) in [
        ("tags", "\"0123456789abcdef0123456789abcdef\", "),
        ("quotes", "\""),
        ("commas", ","),
        ("spaces", " "),
        ("letters", "a"),
    ] {
        for field in ["If-None-Match", "If-Modified-Since", "If-Range"] {
            let mut group = c.benchmark_group(format!("growth of {name} in {field}"));
            group.warm_up_time(Duration::from_millis(300));
            group.measurement_time(Duration::from_secs(1));
            for length in [1 << 14, 1 << 16, 1 << 18, 1 << 20] {
                let value = unit.repeat(length / unit.len());
                group.throughput(Throughput::Bytes(length as u64));
                group.bench_with_input(BenchmarkId::from_parameter(length), &value, |b, value| {
                    b.iter(|| evaluate("GET", CURRENT, [(field, black_box(value))]));
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, decisions, growth);
criterion_main!(benches);
