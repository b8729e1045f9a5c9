//! What becomes of the 200 to a GET or HEAD, field by field.

use http_conditional::{
    ByteRange, Content, Decision, HttpDate, Policy, RangePolicy, Reply, ReplyPolicy,
};

use super::{Lines, respond, respond_to, written};

const POLICY: ReplyPolicy = ReplyPolicy::new();
const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const OK: Lines = &[
    ("Content-Type", "text/plain"),
    ("Content-Length", "10"),
    ("ETag", "\"v1\""),
    ("Last-Modified", OLD),
    ("Vary", "accept-encoding"),
    ("Vary", "accept-language"),
    ("Set-Cookie", "a=b"),
    ("Set-Cookie", "c=d"),
    ("Cache-Control", "no-cache"),
];

fn part(first: u64, last: u64) -> Content {
    Content::Part(ByteRange::new(first, last).unwrap())
}

#[test]
fn what_has_no_condition_goes_out_as_it_is() {
    let (status, lines, content) = respond("GET", &[("Host", "a")], OK, &POLICY);
    assert_eq!((status, content), (200, Content::Whole));
    assert_eq!(lines.len(), OK.len());
    assert_eq!(respond("HEAD", &[], OK, &POLICY).2, Content::Head);
}

#[test]
fn a_200_says_its_length() {
    let of = |lines: Lines, length| written(&respond_to("GET", &[], 200, lines, length, &POLICY).1);
    assert_eq!(of(&[], Some(10)), ["content-length: 10"]);
    assert_eq!(of(&[], None), [""; 0]);
    assert_eq!(
        of(&[("Content-Length", "11")], Some(10)),
        ["content-length: 10"]
    );
    // What the field says is left only where it is the number as it would be written.
    for other in ["", "0", "1", "010", "11", "20", "110", "1o", "10 0"] {
        let line: Lines = &[("content-length", other)];
        assert_eq!(of(line, Some(10)), ["content-length: 10"], "{other:?}");
        assert_eq!(of(line, Some(0)), ["content-length: 0"], "{other:?}");
    }
    assert_eq!(
        of(&[("content-length", " 10")], Some(10)),
        ["content-length:  10"]
    );
    let twice: Lines = &[("content-length", "10"), ("content-length", "10")];
    assert_eq!(of(twice, Some(10)), ["content-length: 10"]);
    assert_eq!(
        of(&[("content-length", "11")], None),
        ["content-length: 11"]
    );
    let head = respond_to("HEAD", &[], 200, &[], Some(u64::MAX), &POLICY);
    assert_eq!(written(&head.1), ["content-length: 18446744073709551615"]);
}

/// RFC 9112 section 6.2: never beside a Transfer-Encoding.
#[test]
fn a_chunked_200_does_not() {
    let chunked: Lines = &[("Transfer-Encoding", "chunked")];
    let (_, lines, _) = respond("GET", &[], chunked, &POLICY);
    assert_eq!(written(&lines), ["Transfer-Encoding: chunked"]);
    // A part of it is framed anew.
    let (_, lines, _) = respond("GET", &[("range", "bytes=2-3")], chunked, &POLICY);
    assert_eq!(
        written(&lines),
        ["content-range: bytes 2-3/10", "content-length: 2"]
    );
}

/// 9110-15.4.5-02, 9110-8.6-02: with the length of the 200, since some servers write a wrong one
/// where there is none.
#[test]
fn a_304_keeps_what_a_cache_needs_and_every_line_of_it() {
    for method in ["GET", "HEAD", "QUERY"] {
        let (status, lines, content) =
            respond(method, &[("If-None-Match", "W/\"v1\"")], OK, &POLICY);
        assert_eq!((status, content), (304, Content::None));
        assert_eq!(
            written(&lines),
            [
                "Content-Length: 10",
                "ETag: \"v1\"",
                "Vary: accept-encoding",
                "Vary: accept-language",
                "Set-Cookie: a=b",
                "Set-Cookie: c=d",
                "Cache-Control: no-cache",
            ]
        );
    }
}

#[test]
fn a_304_has_the_length_that_is_known() {
    let matching: Lines = &[("if-none-match", "*")];
    let of = |status, lines, length| {
        written(&respond_to("GET", matching, status, lines, length, &POLICY).1)
    };
    assert_eq!(of(200, &[], Some(10)), ["content-length: 10"]);
    assert_eq!(
        of(200, &[("content-length", "9")], Some(10)),
        ["content-length: 10"]
    );
    assert_eq!(
        of(200, &[("content-length", "9")], None),
        ["content-length: 9"]
    );
    assert_eq!(of(200, &[], None), [""; 0]);
    // That is how long the part is, not the whole.
    let part: Lines = &[("content-length", "2"), ("content-range", "bytes 2-3/10")];
    assert_eq!(of(206, part, Some(2)), [""; 0]);
}

/// r5: by choice, Last-Modified stays beside `ETag`.
#[test]
fn last_modified_in_a_304() {
    let has_date = |ok, policy: &ReplyPolicy| {
        let (status, lines, _) = respond("GET", &[("if-none-match", "*")], ok, policy);
        assert_eq!(status, 304);
        lines.iter().any(|(name, _)| name == "Last-Modified")
    };
    let without_tag = &OK[3..];
    assert!(!has_date(OK, &POLICY));
    assert!(has_date(OK, &POLICY.keeping_last_modified()));
    assert!(has_date(without_tag, &POLICY));
}

#[test]
fn a_412_and_a_416_have_content_of_their_own() {
    let refused: [(Lines, u16, &[&str]); 2] = [
        (&[("If-Match", "\"v2\"")], 412, &[]),
        (
            &[("Range", "bytes=10-")],
            416,
            &["content-range: bytes */10"],
        ),
    ];
    for (request, status, own) in refused {
        let response = respond("GET", request, OK, &POLICY);
        assert_eq!((response.0, response.2), (status, Content::None));
        let kept = [
            "ETag: \"v1\"",
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
            "Vary: accept-encoding",
            "Vary: accept-language",
            "Set-Cookie: a=b",
            "Set-Cookie: c=d",
        ];
        assert_eq!(written(&response.1), [&kept, own].concat());
    }
}

/// 9110-15.3.7-02, 9110-15.3.7-03, 9110-15.3.7-04.
#[test]
fn a_part_has_all_of_it_or_what_the_client_lacks() {
    let (status, lines, content) = respond("GET", &[("Range", "bytes=2-3")], OK, &POLICY);
    assert_eq!((status, content), (206, part(2, 3)));
    assert_eq!(
        written(&lines)[..2],
        ["Content-Type: text/plain", "ETag: \"v1\""]
    );
    assert_eq!(
        written(&lines)[lines.len() - 2..],
        ["content-range: bytes 2-3/10", "content-length: 2"]
    );
    assert_eq!(lines.len(), OK.len() + 1);

    let request: Lines = &[("Range", "bytes=2-3"), ("If-Range", "\"v1\"")];
    let (_, lines, _) = respond("GET", request, OK, &POLICY);
    let names: Vec<_> = lines.iter().map(|(name, _)| name.as_str()).collect();
    assert!(!names.contains(&"Content-Type") && !names.contains(&"Last-Modified"));
    assert!(names.contains(&"ETag") && names.contains(&"content-range"));

    let differs: Lines = &[("Range", "bytes=2-3"), ("If-Range", "\"v2\"")];
    assert_eq!(respond("GET", differs, OK, &POLICY).0, 200);
    // 10008: for QUERY as for GET. 9110-14.2-02: for no other method.
    assert_eq!(
        respond("QUERY", &[("Range", "bytes=2-3")], OK, &POLICY).0,
        206
    );
    assert_eq!(
        respond("HEAD", &[("Range", "bytes=2-3")], OK, &POLICY).0,
        200
    );
}

/// A server that sends one part at most.
#[test]
fn several_ranges_are_the_whole_or_one_part() {
    let of = |value, policy: &ReplyPolicy| {
        let (status, _, content) = respond("GET", &[("Range", value)], OK, policy);
        (status, content)
    };
    assert_eq!(of("bytes=0-1,8-9", &POLICY), (200, Content::Whole));
    // One of them is there.
    assert_eq!(of("bytes=0-1,10-11", &POLICY), (206, part(0, 1)));
    assert_eq!(
        of("bytes=0-1,3-4", &POLICY.coalescing(1)),
        (206, part(0, 4))
    );
    assert_eq!(
        of("bytes=0-1,4-5", &POLICY.coalescing(1)),
        (200, Content::Whole)
    );
    assert_eq!(
        of("bytes=3-4,0-1,2-2", &POLICY.coalescing(1)),
        (206, part(0, 4))
    );
    let none = POLICY.ranges(RangePolicy::new().max_ranges(0));
    assert_eq!(of("bytes=0-1", &none), (200, Content::Whole));
}

#[test]
fn no_range_of_what_has_no_known_length_or_refuses_ranges() {
    let range: Lines = &[("Range", "bytes=2-3")];
    let none: Lines = &[("Accept-Ranges", " none\t")];
    let bytes: Lines = &[("Accept-Ranges", "bytes")];
    assert_eq!(respond_to("GET", range, 200, OK, None, &POLICY).0, 200);
    assert_eq!(respond("GET", range, none, &POLICY).0, 200);
    assert_eq!(respond("GET", range, bytes, &POLICY).0, 206);
    // 14.3: it is this field that refuses them, in any of its lines.
    let another: Lines = &[
        ("Content-Security-Policy", "none"),
        ("X-Robots-Tag", "none"),
    ];
    assert_eq!(respond("GET", range, another, &POLICY).0, 206);
    let first: Lines = &[("Accept-Ranges", "none"), ("Accept-Ranges", "bytes")];
    assert_eq!(respond("GET", range, first, &POLICY).0, 200);
}

/// 9110-13.2.1-02, and 9110-13.2.1-03: conditions count where the response is 2xx, a Range where it
/// is 200.
#[test]
fn other_statuses() {
    let failing: Lines = &[("If-Match", "\"v2\""), ("Range", "bytes=2-3")];
    let ranged = &failing[1..];
    for status in [199, 301, 304, 401, 404, 412, 416, 500] {
        for request in [failing, ranged] {
            let (now, lines, content) = respond_to("GET", request, status, OK, Some(10), &POLICY);
            assert_eq!((now, content), (status, Content::Whole));
            assert_eq!(lines.len(), OK.len());
        }
        let head = respond_to("HEAD", failing, status, OK, Some(10), &POLICY);
        assert_eq!((head.0, head.2), (status, Content::Head));
    }
    for status in [203, 204, 206, 226, 299] {
        assert_eq!(
            respond_to("GET", failing, status, OK, Some(10), &POLICY).0,
            412
        );
        let (now, lines, content) = respond_to("GET", ranged, status, &[], Some(10), &POLICY);
        assert_eq!((now, content), (status, Content::Whole));
        assert_eq!(lines, []);
    }
}

/// A write that is judged by its response has been performed.
#[test]
fn other_methods_go_through() {
    let request: Lines = &[("If-Match", "\"v2\""), ("If-None-Match", "*")];
    for method in [
        "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "get", "PROPFIND",
    ] {
        for status in [200, 201, 204] {
            let (now, lines, content) = respond_to(method, request, status, OK, Some(5), &POLICY);
            assert_eq!((now, content), (status, Content::Whole), "{method}");
            assert_eq!(lines.len(), OK.len());
        }
    }
}

/// 9110-8.8.2.1-05: with a clock, a date in the future becomes now; in the evaluation too.
#[test]
fn last_modified_in_the_future() {
    let now = HttpDate::parse(OLD.as_bytes(), None).unwrap();
    let with_clock = POLICY.conditions(Policy::new().now(now));
    let future: Lines = &[("Last-Modified", "Sun, 06 Nov 1994 08:49:38 GMT")];
    let since: Lines = &[("If-Modified-Since", OLD)];

    let (status, lines, _) = respond_to("GET", &[], 200, future, None, &with_clock);
    assert_eq!(
        (status, written(&lines)),
        (200, vec![format!("last-modified: {OLD}")])
    );
    let (status, lines, _) = respond_to("GET", since, 200, future, None, &with_clock);
    assert_eq!(
        (status, written(&lines)),
        (304, vec![format!("last-modified: {OLD}")])
    );
    let range: Lines = &[("Range", "bytes=0-0")];
    let (_, lines, _) = respond("GET", range, future, &with_clock);
    assert_eq!(
        written(&lines),
        [
            "content-range: bytes 0-0/10".to_owned(),
            "content-length: 1".to_owned(),
            format!("last-modified: {OLD}")
        ]
    );
    // What is no later than the clock goes out as it was written.
    let other_format: Lines = &[("Last-Modified", "Sun Nov  6 08:49:37 1994")];
    let (_, lines, _) = respond_to("GET", &[], 200, other_format, None, &with_clock);
    assert_eq!(written(&lines), ["Last-Modified: Sun Nov  6 08:49:37 1994"]);
    // Where it does not go out, it is not put in.
    let tagged: Lines = &[future[0], ("ETag", "\"v1\"")];
    let (_, lines, _) = respond_to(
        "GET",
        &[("if-none-match", "*")],
        200,
        tagged,
        None,
        &with_clock,
    );
    assert_eq!(written(&lines), ["ETag: \"v1\""]);

    let (status, lines, _) = respond_to("GET", since, 200, future, None, &POLICY);
    assert_eq!((status, lines.len()), (200, 1));
}

/// What could not be relied on is no validator.
#[test]
fn validators_that_are_malformed_or_doubled() {
    for ok in [
        &[("ETag", "v1")] as Lines,
        &[("ETag", "\"v1\""), ("ETag", "\"v1\"")],
        &[("Last-Modified", OLD), ("last-modified", OLD)],
        &[("Last-Modified", "yesterday")],
    ] {
        for request in [
            &[("If-None-Match", "\"v1\"")] as Lines,
            &[("If-Modified-Since", OLD)],
        ] {
            assert_eq!(respond("GET", request, ok, &POLICY).0, 200, "{ok:?}");
        }
        assert_eq!(
            respond("GET", &[("If-Match", "\"v1\"")], ok, &POLICY).0,
            412
        );
    }
    // White space around a value is none of it.
    let spaced: Lines = &[("ETag", " \"v1\"\t")];
    assert_eq!(
        respond("GET", &[("If-None-Match", "\"v1\"")], spaced, &POLICY).0,
        304
    );
}

#[test]
fn the_decision_is_at_hand() {
    let decision = |request: Lines| Reply::new("GET", request, 200, OK, None, &POLICY).decision();
    assert_eq!(decision(&[]), Decision::Perform);
    assert_eq!(decision(&[("If-None-Match", "*")]), Decision::NotModified);
    let ignoring: Lines = &[("Range", "bytes=0-0"), ("If-Range", "\"x\"")];
    assert_eq!(decision(ignoring), Decision::PerformIgnoringRange);
}

/// Lines in every shape that programs have them in.
#[test]
fn lines_of_any_shape() {
    let owned = vec![("If-None-Match".to_owned(), b"\"v1\"".to_vec())];
    let header = http::HeaderMap::from_iter([(
        http::header::IF_NONE_MATCH,
        http::HeaderValue::from_static("\"v1\""),
    )]);
    let lent = [("If-None-Match", "\"v1\"")];
    let ok = OK.to_vec();
    for reply in [
        Reply::new("GET", &owned, 200, OK, None, &POLICY),
        Reply::new("GET", owned.iter(), 200, OK.iter().copied(), None, &POLICY),
        Reply::new("GET", &header, 200, OK, None, &POLICY),
        Reply::new("GET", lent, 200, &ok, None, &POLICY),
        Reply::new(&http::Method::GET, lent.iter(), 200, OK, None, &POLICY),
        Reply::new(&"GET".to_owned(), &lent[..], 200, OK, None, &POLICY),
    ] {
        assert_eq!(reply.status(), 304);
    }
}
