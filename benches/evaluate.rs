//! A whole decision over a browser's request, against the same decision composed by hand from
//! headers' types, each first asserted to come to the same; against walking the header map and
//! doing nothing; and how it grows with the input: the time per byte stays flat, whatever the
//! bytes are.

mod request;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use http_conditional::evaluate;
use request::{CURRENT, composed, current, requests};

fn decisions(c: &mut Criterion) {
    let (etag, modified) = current();
    for (name, headers) in requests() {
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
