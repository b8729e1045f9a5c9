//! HTTP-dates against httpdate and `date_header`, each on the same bytes, and each first asserted
//! to come to the same.

use std::hint::black_box;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use criterion::{Criterion, criterion_group, criterion_main};
use http_conditional::HttpDate;

const UNIX: i64 = 784_111_777;

fn httpdate_parse(value: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(value).ok()
}

fn read(c: &mut Criterion) {
    let now = HttpDate::from_unix(1_781_481_600).ok();
    for (name, value, expected) in [
        ("IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", Some(UNIX)),
        ("rfc850-date", "Sunday, 06-Nov-94 08:49:37 GMT", Some(UNIX)),
        ("asctime-date", "Sun Nov  6 08:49:37 1994", Some(UNIX)),
    ] {
        let ours = HttpDate::parse(value.as_bytes(), now).ok();
        assert_eq!(ours.map(HttpDate::to_unix), expected);
        let time = expected.map(|unix| UNIX_EPOCH + Duration::from_secs(unix.unsigned_abs()));
        assert_eq!(httpdate_parse(value), time);
        let theirs = date_header::parse(value.as_bytes()).ok();
        assert_eq!(theirs, expected.map(i64::unsigned_abs));

        let mut group = c.benchmark_group(format!("read {name}"));
        group.bench_function("http-conditional", |b| {
            b.iter(|| HttpDate::parse(black_box(value.as_bytes()), now));
        });
        group.bench_function("date_header", |b| {
            b.iter(|| date_header::parse(black_box(value.as_bytes())));
        });
        group.bench_function("httpdate", |b| b.iter(|| httpdate_parse(black_box(value))));
        group.finish();
    }
}

/// What is no date, by each mistake of its own. `date_header` takes some of it for a date, and is
/// measured where it does not.
fn refuse(c: &mut Criterion) {
    let now = HttpDate::from_unix(1_781_481_600).ok();
    for (name, value) in [
        ("another zone", "Sun, 06 Nov 1994 08:49:37 UTC"),
        ("no such month", "Sun, 06 Noo 1994 08:49:37 GMT"),
        ("no such day name", "Sum, 06 Nov 1994 08:49:37 GMT"),
        ("the wrong day name", "Mon, 06 Nov 1994 08:49:37 GMT"),
        ("no such day", "Thu, 31 Feb 1994 08:49:37 GMT"),
        ("hyphens", "Sun, 06-Nov-1994 08:49:37 GMT"),
        ("dots in the time", "Sun, 06 Nov 1994 08.49.37 GMT"),
        ("hour 24", "Sun, 06 Nov 1994 24:49:37 GMT"),
        ("a letter among the digits", "Sun, 06 Nov 1994 08:4x:37 GMT"),
        ("lower case", "sun, 06 nov 1994 08:49:37 gmt"),
        ("one byte too few", "Sun, 06 Nov 1994 08:49:37 GM"),
        ("one byte too many", "Sun, 06 Nov 1994 08:49:37 GMT;"),
        ("one digit of the day", "Sun, 6 Nov 1994 08:49:37 GMT"),
        ("ISO 8601", "1994-11-06T08:49:37Z"),
        ("a word", "yesterday"),
        ("a number", "784111777"),
        ("nothing", ""),
    ] {
        assert!(HttpDate::parse(value.as_bytes(), now).is_err(), "{name}");
        assert_eq!(httpdate_parse(value), None, "{name}");
        let mut group = c.benchmark_group(format!("refuse {name}"));
        group.bench_function("http-conditional", |b| {
            b.iter(|| HttpDate::parse(black_box(value.as_bytes()), now));
        });
        group.bench_function("httpdate", |b| b.iter(|| httpdate_parse(black_box(value))));
        if date_header::parse(value.as_bytes()).is_err() {
            group.bench_function("date_header", |b| {
                b.iter(|| date_header::parse(black_box(value.as_bytes())));
            });
        }
        group.finish();
    }
}

fn write(c: &mut Criterion) {
    use std::io::Write;

    let date = HttpDate::from_unix(UNIX).unwrap_or(HttpDate::MIN);
    let theirs = httpdate::HttpDate::from(UNIX_EPOCH + Duration::from_secs(UNIX.unsigned_abs()));
    let mut buffer = [0; 29];
    date_header::format(UNIX.unsigned_abs(), &mut buffer).expect("in range");
    assert_eq!(buffer, date.encode());
    assert_eq!(theirs.to_string().as_bytes(), buffer);

    // From an instant to 29 bytes. httpdate's two steps are the conversion from SystemTime, and
    // Display into a buffer.
    let mut group = c.benchmark_group("write IMF-fixdate");
    group.bench_function("http-conditional", |b| {
        b.iter(|| HttpDate::from_unix(black_box(UNIX)).map(HttpDate::encode));
    });
    group.bench_function("date_header", |b| {
        b.iter(|| date_header::format(black_box(UNIX.unsigned_abs()), &mut buffer));
    });
    group.bench_function("httpdate", |b| {
        b.iter(|| {
            let time = UNIX_EPOCH + Duration::from_secs(black_box(UNIX.unsigned_abs()));
            let mut buffer = [0; 29];
            write!(&mut buffer[..], "{}", httpdate::HttpDate::from(time)).map(|()| buffer)
        });
    });
    group.finish();
}

criterion_group!(benches, read, refuse, write);
criterion_main!(benches);
