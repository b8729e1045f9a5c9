//! What the crate promises beside the RFC: no allocation, a bounded size, auto traits, and that
//! other crates' header types are taken as they are.
#![cfg(feature = "dates")]

mod allocations;

use std::fmt::{self, Display, Write as _};
use std::mem::size_of;

use http_conditional::{
    ContentRange, Decision, EntityTag, EntityTags, Explanation, Field, Fields, HttpDate, Method,
    Policy, Preconditions, Representation, evaluate,
};

use self::allocations::allocations;

fn current() -> Representation<'static> {
    Representation::current()
        .etag(EntityTag::from_static("\"v2\""))
        .last_modified(HttpDate::from_unix(784_111_777).unwrap())
}

const FIELDS: [(&str, &str); 7] = [
    ("Host", "example.com"),
    ("If-Match", "\"v1\", \"v2\""),
    ("If-Unmodified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"),
    ("If-None-Match", "W/\"v1\", \"v3\""),
    ("If-Modified-Since", "Sun Nov  6 08:49:36 1994"),
    ("Range", "bytes=0-1"),
    ("If-Range", "\"v2\""),
];

#[test]
fn nothing_is_allocated() {
    assert_eq!(allocations(|| drop(vec![1, 2, 3])), 1, "the counter counts");

    let mut decision = None;
    let seen = allocations(|| decision = Some(evaluate("GET", current(), FIELDS)));
    assert_eq!(decision, Some(Decision::Perform));
    assert_eq!(seen, 0);

    let headers = header_map();
    let seen = allocations(|| decision = Some(evaluate("GET", current(), &headers)));
    assert_eq!(decision, Some(Decision::Perform));
    assert_eq!(seen, 0);

    let hostile = "\"".repeat(1 << 20);
    let seen = allocations(|| {
        let mut preconditions = Preconditions::new(Method::Get, current());
        for (name, _) in FIELDS {
            preconditions.field(name.as_bytes(), hostile.as_bytes());
        }
        decision = Some(preconditions.decide());
        assert_eq!(preconditions.explain().decision(), preconditions.decide());
    });
    assert_eq!(decision, Some(Decision::PreconditionFailed));
    assert_eq!(seen, 0);
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(size_of::<HttpDate>(), 8);
    assert_eq!(size_of::<Option<HttpDate>>(), 8);
    assert_eq!(size_of::<Decision>(), 1);
    if cfg!(target_pointer_width = "64") {
        assert!(size_of::<Preconditions<'_>>() <= 96);
        assert!(size_of::<Representation<'_>>() <= 48);
        assert!(size_of::<EntityTag<'_>>() <= 24);
        assert!(size_of::<Explanation<'_>>() <= 104);
    }
}

#[test]
fn types_go_where_they_are_needed() {
    fn shared<T: Copy + Send + Sync + Unpin + std::panic::UnwindSafe + std::fmt::Debug>() {}
    shared::<Preconditions<'static>>();
    shared::<Representation<'static>>();
    shared::<EntityTag<'static>>();
    shared::<Explanation<'static>>();
    shared::<HttpDate>();
    shared::<Decision>();
    shared::<Method>();
    shared::<Policy>();
    shared::<Field>();
    shared::<Fields>();
}

#[cfg(any(feature = "std", feature = "core-error"))]
#[test]
fn errors_are_errors() {
    fn error<T: std::error::Error + Copy + Eq + Send + Sync + 'static>() {}
    error::<http_conditional::InvalidDate>();
    error::<http_conditional::InvalidEntityTag>();
    error::<http_conditional::InvalidRanges>();
    error::<http_conditional::InvalidContentRange>();
    error::<http_conditional::OutOfRange>();
    error::<http_conditional::BufferTooSmall>();
}

#[test]
fn what_can_be_const_is_const() {
    const TAG: EntityTag<'static> = EntityTag::from_static("W/\"v1\"");
    const DATE: HttpDate = match HttpDate::from_unix(784_111_777) {
        Ok(date) => date,
        Err(_) => HttpDate::MIN,
    };
    const WRITTEN: [u8; 29] = DATE.encode();
    const CURRENT: Representation<'static> = Representation::current()
        .etag(TAG)
        .strong_last_modified(DATE);
    static EMPTY: Preconditions<'static> =
        Preconditions::with_policy(Method::Get, CURRENT, Policy::new().now(DATE));
    assert_eq!(&WRITTEN, b"Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(EMPTY.decide(), Decision::Perform);
}

fn header_map() -> http::HeaderMap {
    FIELDS
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect::<http::HeaderMap>()
}

#[test]
fn a_header_map_is_taken_as_it_is() {
    let mut request = http::Request::put("/").body(()).unwrap();
    let headers = request.headers_mut();
    headers.append("if-match", "\"v1\"".parse().unwrap());
    headers.append("if-match", "\"v2\"".parse().unwrap());
    let method = request.method().as_str();
    assert_eq!(
        evaluate(method, current(), request.headers()),
        Decision::Perform
    );
    let other = Representation::current().etag(EntityTag::from_static("\"v3\""));
    assert_eq!(
        evaluate(method, other, request.headers()),
        Decision::PreconditionFailed
    );

    // Its lines of one name, as a list to push down.
    let lines = request.headers().get_all("if-match");
    let tags = EntityTags::from_lines(&lines).unwrap();
    let Some(EntityTags::List(tags)) = tags else {
        panic!("expected a list");
    };
    assert_eq!(
        tags.map(EntityTag::opaque).collect::<Vec<_>>(),
        [b"v1", b"v2"]
    );
    let absent = request.headers().get_all("if-none-match");
    let absent = EntityTags::from_lines(&absent);
    assert!(absent.unwrap().is_none());
}

#[test]
fn httparse_takes_one_closure() {
    let head =
        b"GET / HTTP/1.1\r\nHost: a\r\nIF-NONE-MATCH: \"v1\"\r\nIf-None-Match: W/\"v2\"\r\n\r\n";
    let mut fields = [httparse::EMPTY_HEADER; 8];
    let mut request = httparse::Request::new(&mut fields);
    assert!(request.parse(head).unwrap().is_complete());
    let decision = evaluate(
        request.method.unwrap(),
        current(),
        request
            .headers
            .iter()
            .map(|field| (field.name, field.value)),
    );
    assert_eq!(decision, Decision::NotModified);
}

/// 9110-2.4-01: no departure is on unless it is asked for.
#[test]
fn departures_are_off_by_default() {
    assert_eq!(Policy::default(), Policy::new());
    let weak = Representation::current().etag(EntityTag::from_static("W/\"a\""));
    let dated = Representation::current().last_modified(HttpDate::from_unix(784_111_776).unwrap());
    for (method, field, selected, strict, departure, otherwise) in [
        (
            Method::Other,
            ("If-Match", "W/\"a\""),
            weak,
            Decision::PreconditionFailed,
            Policy::new().weak_if_match(),
            Decision::Perform,
        ),
        (
            Method::Get,
            ("If-None-Match", "a"),
            weak,
            Decision::Perform,
            Policy::new().lenient_entity_tags(),
            Decision::NotModified,
        ),
        (
            Method::Get,
            ("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"),
            dated,
            Decision::NotModified,
            Policy::new().exact_if_modified_since(),
            Decision::Perform,
        ),
        (
            Method::Get,
            ("If-Modified-Since", "sun, 06 nov 1994 08:49:37 gmt"),
            dated,
            Decision::Perform,
            Policy::new().case_insensitive_dates(),
            Decision::NotModified,
        ),
    ] {
        for (policy, expected) in [(Policy::new(), strict), (departure, otherwise)] {
            let mut preconditions = Preconditions::with_policy(method, selected, policy);
            preconditions.extend([field]);
            assert_eq!(preconditions.decide(), expected, "{field:?} {policy:?}");
        }
    }
}

/// Nor is one switched off by asking for it again.
#[test]
fn departures_may_be_asked_for_twice() {
    let once = Policy::new().weak_if_match();
    assert_eq!(once.weak_if_match(), once);
}

/// What has a validator exists.
#[test]
fn a_validator_says_that_there_is_a_representation() {
    let date = HttpDate::from_unix(784_111_777).unwrap();
    let absent = Representation::ABSENT;
    assert!(!absent.exists());
    assert!(absent.etag(EntityTag::from_static("\"a\"")).exists());
    assert!(absent.last_modified(date).exists());
    assert!(absent.strong_last_modified(date).exists());
}

#[test]
fn a_representation_shows_what_is_known_of_it() {
    assert_eq!(
        format!("{:?}", current()),
        "Representation { exists: true, entity_tag: Some(EntityTag(\"v2\")), \
         last_modified: Some(HttpDate(Sun, 06 Nov 1994 08:49:37 GMT)), strong_date: false, brothers: [] }"
    );
}

/// 9110-5.1-03: names that are not known are passed over, however long they are.
#[test]
fn other_names_are_passed_over() {
    for length in 0..=64 {
        let mut get = Preconditions::new(Method::Get, current());
        get.field("x".repeat(length).as_bytes(), b"*");
        assert_eq!(get.decide(), Decision::Perform);
        assert_eq!(get.explain().field(), None);
    }
}

#[test]
fn errors_are_sentences() {
    let now = HttpDate::from_unix(784_111_777).unwrap();
    for (value, what, index) in [
        (
            "Son, 06 Nov 1994",
            "expected the English name of a day of the week",
            0,
        ),
        (
            "Sun, 06-Nov 1994",
            "expected other punctuation or a single space",
            7,
        ),
        (
            "Sun, 6 Nov 1994",
            "expected two digits of a day that the month has",
            5,
        ),
        ("Sun, 06 nov 1994", "expected `Jan` to `Dec`", 8),
        ("Sun, 06 Nov 199x", "expected the digits of a year", 14),
        ("Sun, 06 Nov 1994 24", "expected an hour, `00` to `23`", 17),
        (
            "Sun, 06 Nov 1994 08:60",
            "expected a minute, `00` to `59`",
            20,
        ),
        (
            "Sun, 06 Nov 1994 08:49:61",
            "expected a second, `00` to `59`",
            23,
        ),
        ("Sun, 06 Nov 1994 08:49:37 UTC", "expected `GMT`", 26),
        (
            "Sun, 06 Nov 1994 08:49:37 GMT,",
            "expected nothing more",
            29,
        ),
        (
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "the date falls on another day of the week than named",
            0,
        ),
    ] {
        let error = HttpDate::parse(value.as_bytes(), Some(now)).unwrap_err();
        let sentence = format!("not an HTTP-date: {what} at byte {index}");
        assert_eq!(error.to_string(), sentence, "{value}");
    }
    let error = HttpDate::parse(b"Sunday, 06-Nov-94 08:49:37 GMT", None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "not an HTTP-date: a two-digit year, and no clock to tell its century by, at byte 15"
    );
    assert_eq!(
        HttpDate::from_unix(i64::MAX).unwrap_err().to_string(),
        "the time is outside the years 0000 to 9999, which are all that an HTTP-date has"
    );

    for (value, what, index) in [
        ("a", "expected `\"` or `W/\"`", 0),
        ("\"a", "expected the closing `\"`", 2),
        ("\"a b\"", "a character that a tag may not contain,", 2),
        ("\"a\",", "expected nothing after it", 3),
    ] {
        let error = EntityTag::parse(value.as_bytes()).unwrap_err();
        let sentence = format!("not an entity tag: {what} at byte {index}");
        assert_eq!(error.to_string(), sentence, "{value}");
    }
    for (value, what, index) in [
        ("\"a\" \"b\"", "expected a comma between two tags", 4),
        ("\"a\", *", "`*` in a list, where it has to be alone,", 5),
    ] {
        let error = EntityTags::parse(value.as_bytes()).unwrap_err();
        let sentence = format!("not an entity tag: {what} at byte {index}");
        assert_eq!(error.to_string(), sentence, "{value}");
    }
    assert_eq!(
        EntityTag::from_static("\"a\"")
            .encode(&mut [0; 2])
            .unwrap_err()
            .to_string(),
        "the buffer is too small: 3 bytes needed"
    );
}

/// A writer that has room for so many bytes.
struct Room(usize);

impl fmt::Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn what_is_written_stops_where_the_writer_does() {
    fn stops(written: impl Display) {
        let length = written.to_string().len();
        for room in 0..length {
            assert!(
                write!(Room(room), "{written}").is_err(),
                "{written}: {room}"
            );
        }
        assert!(write!(Room(length), "{written}").is_ok());
    }
    let fields = [
        ("If-Match", "*"),
        ("If-None-Match", "\"v1\", \"v3\""),
        ("If-Modified-Since", "x"),
        ("If-Range", "x"),
        ("Range", "bytes=0-1"),
    ];
    let mut get = Preconditions::new(Method::Get, current());
    get.extend(fields);
    stops(get.explain());
    for tags in ["\"v1\"", "\"v1\", \"v2\""] {
        let mut put = Preconditions::new(Method::Other, current());
        put.extend([("If-Match", tags)]);
        stops(put.explain());
        stops(put.unconditional_status(404).explain());
        stops(put.unconditional_status(412).explain());
        let mut options = Preconditions::new(Method::Exempt, current());
        options.extend([("If-Match", tags)]);
        stops(options.explain());
    }
    for (name, value) in [
        ("If-None-Match", "\"v1\""),
        ("If-None-Match", "v2"),
        ("If-None-Match", "\"\u{e9}\""),
        ("If-None-Match", "\"v2\", \"\u{e9}\u{1}"),
        ("Range", "bytes=0-1"),
        ("Host", "a"),
    ] {
        let fields = [(name, value), ("If-Modified-Since", "x")];
        let mut get = Preconditions::new(Method::Get, current());
        get.extend(fields);
        stops(get.explain_with(fields));
        stops(get.explain());
        stops(format_args!(
            "{:>300}",
            get.explain_with(fields).explanation().steps()[2]
        ));
    }
    let long = format!("\"{}\"", "x".repeat(200));
    let brothers = [EntityTag::from_static("\"b\"")];
    for selected in [
        Representation::current().etag(EntityTag::parse(long.as_bytes()).unwrap()),
        current().also(&brothers),
        Representation::current().also(&brothers),
    ] {
        let fields = [("If-Match", "\"v1\"")];
        let mut put = Preconditions::new(Method::Other, selected);
        put.extend(fields);
        stops(put.explain());
        stops(put.explain_with(fields));
    }
    stops(get.malformed());
    stops(format_args!(
        "{:^40}",
        EntityTag::parse(b"W/\"a\xffb\"").unwrap()
    ));
    stops(EntityTag::parse(b"W/\"a\xffb\"").unwrap());
    stops(HttpDate::from_unix(784_111_777).unwrap());
    stops(ContentRange::unsatisfied(10));
    #[cfg(feature = "cache")]
    {
        use http_conditional::cache::{Response, ValidationRequest};

        let stored =
            ["\"a\"", "W/\"b\""].map(|tag| Response::new(200).etag(EntityTag::from_static(tag)));
        let request = ValidationRequest::of(&stored);
        stops(request.field(Field::IfNoneMatch).unwrap());
        let fields = [("ETag", b"a\xffb".as_slice()), ("Date", b"x")];
        let stored = Response::new(200).fields(fields);
        let request = ValidationRequest::new(stored).byte_for_byte();
        stops(request.field(Field::IfNoneMatch).unwrap());
        stops(stored.malformed());
    }
}

/// A name is the whole name, however long the one is that ends like it.
#[test]
fn a_longer_name_is_another_method() {
    for name in [
        "PROPFIND", "OPTIONS", "CONNECT", "REPORT", "QUERY", "TRACE", "HEAD", "GET",
    ] {
        assert_ne!(Method::from_bytes(name.as_bytes()), Method::Other);
        for zeros in 0..=8 {
            for more in [1, 8] {
                let longer = ["X".repeat(more), "\0".repeat(zeros), name.to_owned()].concat();
                assert_eq!(
                    Method::from_bytes(longer.as_bytes()),
                    Method::Other,
                    "{longer:?}"
                );
                let longer = [name.to_owned(), "X".repeat(more), "\0".repeat(zeros)].concat();
                assert_eq!(
                    Method::from_bytes(longer.as_bytes()),
                    Method::Other,
                    "{longer:?}"
                );
            }
        }
    }
}

#[test]
fn sets_of_fields_are_listed() {
    let mut preconditions = Preconditions::new(Method::Get, current());
    preconditions.extend([("If-Range", "x"), ("If-Match", "x"), ("If-None-Match", "*")]);
    let malformed = preconditions.malformed();
    assert_eq!(malformed.to_string(), "If-Match, If-Range");
    assert_eq!(format!("{malformed:?}"), "{IfMatch, IfRange}");
    assert_eq!(
        malformed.iter().collect::<Vec<_>>(),
        [Field::IfMatch, Field::IfRange]
    );
    assert!(Fields::default().is_empty() && !malformed.is_empty());
}

#[cfg(feature = "std")]
mod system_time {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;

    /// 9110-8.8.2.1-07: cut to the second before, on either side of 1970.
    #[test]
    fn sub_seconds_are_cut_off() {
        let nanosecond = Duration::from_nanos(1);
        for (time, unix) in [
            (UNIX_EPOCH, 0),
            (UNIX_EPOCH + Duration::from_millis(1_999), 1),
            (UNIX_EPOCH - nanosecond, -1),
            (UNIX_EPOCH - Duration::from_secs(1), -1),
            (UNIX_EPOCH - Duration::from_secs(1) - nanosecond, -2),
            (
                UNIX_EPOCH + Duration::from_millis(783_459_811_900),
                783_459_811,
            ),
        ] {
            assert_eq!(HttpDate::try_from(time).unwrap().to_unix(), unix);
        }
    }

    #[test]
    fn extremes_are_errors() {
        let year_10000 = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        assert!(HttpDate::try_from(year_10000).is_err());
        assert!(HttpDate::try_from(year_10000 - Duration::from_nanos(1)).is_ok());
        let year_0 = UNIX_EPOCH - Duration::from_secs(62_167_219_200);
        assert_eq!(HttpDate::try_from(year_0).unwrap(), HttpDate::MIN);
        assert!(HttpDate::try_from(year_0 - Duration::from_nanos(1)).is_err());
        let farthest = i64::MAX.unsigned_abs();
        for time in [
            UNIX_EPOCH.checked_add(Duration::from_secs(farthest)),
            UNIX_EPOCH.checked_sub(Duration::from_secs(farthest)),
            UNIX_EPOCH.checked_sub(Duration::from_secs(farthest + 1)),
        ] {
            assert!(HttpDate::try_from(time.unwrap()).is_err());
        }
    }

    #[test]
    fn there_and_back() {
        for unix in [0, 1, -1, 784_111_777, -62_167_219_200, 253_402_300_799] {
            let date = HttpDate::from_unix(unix).unwrap();
            let time = SystemTime::try_from(date).unwrap();
            assert_eq!(HttpDate::try_from(time), Ok(date));
            if unix >= 0 {
                assert_eq!(httpdate::fmt_http_date(time), date.to_string());
            }
        }
    }
}

#[cfg(feature = "heapless")]
mod heapless {
    use http_conditional::EntityTagBuf;

    use super::*;

    #[test]
    fn a_tag_is_kept_whole_or_not_at_all() {
        let tag = EntityTag::from_static("W/\"1234\"");
        let kept = EntityTagBuf::<4>::try_from(tag).unwrap();
        assert!(kept.as_tag().weak_eq(tag) && kept.as_tag().is_weak());
        assert_eq!(kept.to_string(), "W/\"1234\"");
        assert_eq!(format!("{kept:?}"), "EntityTag(W/\"1234\")");
        assert_eq!(EntityTagBuf::<3>::try_from(tag).unwrap_err().needed(), 4);
        assert_eq!(EntityTagBuf::<0>::try_from(tag).unwrap_err().needed(), 4);
    }

    #[test]
    fn a_digest_becomes_a_tag() {
        let kept = EntityTagBuf::<4>::from_digest(&[0xab, 0x01]).unwrap();
        assert_eq!(kept.as_tag().opaque(), b"ab01");
        assert!(!kept.as_tag().is_weak());
        assert_eq!(
            EntityTagBuf::<3>::from_digest(&[0xab, 0x01])
                .unwrap_err()
                .needed(),
            4
        );
    }
}

/// What is written in pieces is padded as a whole, as what comes in one piece is.
#[test]
fn a_width_is_honoured() {
    fn padded(written: impl Display) {
        let bare = written.to_string();
        let missing = 3;
        let width = bare.chars().count() + missing;
        assert_eq!(format!("{written:width$}"), format!("{bare}   "), "{bare}");
        assert_eq!(format!("{written:>width$}"), format!("   {bare}"), "{bare}");
        assert_eq!(
            format!("{written:-^width$}"),
            format!("-{bare}--"),
            "{bare}"
        );
        assert_eq!(format!("{written:1}"), bare);
    }
    let mut get = Preconditions::new(Method::Get, current());
    for (name, value) in FIELDS {
        get.field(name.as_bytes(), value.as_bytes());
    }
    padded(get.decide());
    padded(Field::IfMatch);
    padded(
        [Field::IfMatch, Field::Range]
            .into_iter()
            .collect::<Fields>(),
    );
    for step in get.explain().steps() {
        padded(step);
    }
    padded(get.explain_with(FIELDS).remark(Field::IfNoneMatch).unwrap());
    padded(HttpDate::MAX);
    padded(HttpDate::parse(b"Sun", None).unwrap_err());
    padded(HttpDate::from_unix(i64::MAX).unwrap_err());
    for tag in [&b"W/\"a\""[..], b"\"\xff\xe4\"", "\"ä\"".as_bytes()] {
        padded(EntityTag::parse(tag).unwrap());
    }
    padded(EntityTag::parse(b"a").unwrap_err());
    padded(EntityTag::from_static("\"a\"").encode(&mut []).unwrap_err());
    padded(ContentRange::unsatisfied(10));
    padded(ContentRange::parse(b"bytes").unwrap_err());
    padded(http_conditional::Ranges::parse(b"bytes").unwrap_err());
    #[cfg(feature = "cache")]
    {
        use http_conditional::cache::{Response, ValidationRequest};

        let twice = [("Date", "x"), ("Date", "x"), ("ETag", "x"), ("ETag", "x")];
        padded(Response::new(200).fields(twice).malformed());
        let stored = Response::new(200).etag(EntityTag::from_static("W/\"b\""));
        for field in ValidationRequest::new(stored).fields() {
            padded(field);
        }
    }
}
