//! Lists of entity tags against headers, each on the same field lines, and each first asserted to
//! come to the same; and against visiting nothing but the quotes, the least that anybody has to do.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headers::Header;
use http::HeaderValue;
use http_conditional::{Decision, EntityTag, Representation, evaluate};

const CURRENT: &str = "\"5b1c2d0e9f8a7b6c5d4e3f2a1b0c9d8e\"";

/// Made beforehand, as headers' tag is.
const SELECTED: Representation<'static> =
    Representation::current().etag(EntityTag::from_static(CURRENT));

/// A tag of 34 bytes, quotes included, that is not the current one.
fn other(number: usize) -> String {
    format!("\"{number:032x}\"")
}

fn list(tags: impl Iterator<Item = String>) -> HeaderValue {
    tags.collect::<Vec<_>>()
        .join(", ")
        .parse()
        .expect("a value")
}

fn ours(lines: &[HeaderValue]) -> bool {
    let lines = lines.iter().map(|line| ("if-none-match", line));
    evaluate("GET", black_box(SELECTED), lines) == Decision::Perform
}

fn theirs(lines: &[HeaderValue], current: &headers::ETag) -> bool {
    headers::IfNoneMatch::decode(&mut lines.iter())
        .is_ok_and(|field| field.precondition_passes(current))
}

fn lists(c: &mut Criterion) {
    let current: headers::ETag = CURRENT.parse().expect("a tag");
    let ten = |matching: Option<usize>| {
        list((0..10).map(|at| {
            if Some(at) == matching {
                CURRENT.to_owned()
            } else {
                other(at)
            }
        }))
    };
    let hit = CURRENT.parse::<HeaderValue>().expect("a value");
    for (name, lines, passes) in [
        ("1 tag, hit", vec![hit.clone()], false),
        ("1 tag, miss", vec![list([other(1)].into_iter())], true),
        ("10 tags, first", vec![ten(Some(0))], false),
        ("10 tags, last", vec![ten(Some(9))], false),
        ("10 tags, absent", vec![ten(None)], true),
        ("2 lines", vec![list([other(1)].into_iter()), hit], false),
        ("1000 tags", vec![list((0..1000).map(other))], true),
        // headers takes such a line for a list; that it is malformed comes to the same here.
        (
            "64 KiB of quotes",
            vec!["\"".repeat(1 << 16).parse().expect("a value")],
            true,
        ),
        (
            "64 KiB of spaces",
            vec![" ".repeat(1 << 16).parse().expect("a value")],
            true,
        ),
        (
            "64 KiB of commas",
            vec![",".repeat(1 << 16).parse().expect("a value")],
            true,
        ),
    ] {
        assert_eq!(ours(&lines), passes, "{name}");
        assert_eq!(theirs(&lines, &current), passes, "{name}");
        let mut group = c.benchmark_group(format!("tags: {name}"));
        group.bench_function("http-conditional", |b| b.iter(|| ours(black_box(&lines))));
        group.bench_function("headers", |b| {
            b.iter(|| theirs(black_box(&lines), &current));
        });
        group.bench_function("memchr", |b| {
            b.iter(|| {
                let quotes = |line: &HeaderValue| {
                    memchr::memchr_iter(b'"', line.as_bytes()).fold(0, |all, at| all ^ at)
                };
                black_box(&lines).iter().map(quotes).sum::<usize>()
            });
        });
        group.finish();
    }
}

/// The time per byte stays flat as the list grows.
fn growth(c: &mut Criterion) {
    let mut group = c.benchmark_group("tags: growth");
    for count in [1, 10, 100, 1_000, 10_000] {
        let lines = [list((0..count).map(other))];
        assert!(ours(&lines));
        group.throughput(Throughput::Bytes(lines[0].len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &lines, |b, lines| {
            b.iter(|| ours(black_box(lines)));
        });
    }
    group.finish();
}

criterion_group!(benches, lists, growth);
criterion_main!(benches);
