//! RFC 9110 section 15, what responses carry, with sections 6.6.1 and 8.6 as far as they speak of
//! those responses.

use http_conditional::{
    ByteRange, Carries, Decision, EntityTag, HttpDate, Method, RangePolicy, RangeResponse,
    Representation, ResponseHead, evaluate,
};
use proptest::prelude::*;
use proptest::sample::select;

const T: i64 = 783_459_811;

/// The fields of a 200 that has all that a 200 can have, and some that do not belong there.
const FIELDS: [&str; 34] = [
    "Accept-Ranges",
    "Access-Control-Allow-Origin",
    "Age",
    "CDN-Cache-Control",
    "Cache-Control",
    "Connection",
    "Content-Digest",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-MD5",
    "Content-Range",
    "Content-Security-Policy",
    "Content-Type",
    "Date",
    "Digest",
    "ETag",
    "Expires",
    "Last-Modified",
    "Link",
    "Repr-Digest",
    "Server",
    "Server-Timing",
    "Set-Cookie",
    "Strict-Transport-Security",
    "Surrogate-Control",
    "Trailer",
    "Transfer-Encoding",
    "Vary",
    "Via",
    "X-Content-Type-Options",
    "X-Unknown",
];

/// Those that section 15.4.5 and section 15.3.7 name.
const SIX: [&str; 6] = [
    "Cache-Control",
    "Content-Location",
    "Date",
    "ETag",
    "Expires",
    "Vary",
];

/// What says how the representation is to be taken, and is not among the six (section 8).
const METADATA: [&str; 7] = [
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "Digest",
    "Last-Modified",
    "Repr-Digest",
];

/// What is right for one message and its content only.
const MESSAGE: [&str; 5] = [
    "Content-Digest",
    "Content-Length",
    "Content-MD5",
    "Trailer",
    "Transfer-Encoding",
];

/// What no specification counts as metadata of a representation.
const OTHERS: [&str; 12] = [
    "Accept-Ranges",
    "Access-Control-Allow-Origin",
    "Connection",
    "Content-Security-Policy",
    "Link",
    "Server",
    "Server-Timing",
    "Set-Cookie",
    "Strict-Transport-Security",
    "Via",
    "X-Content-Type-Options",
    "X-Unknown",
];

const HEADS: [ResponseHead; 8] = [
    ResponseHead::NotModified { has_etag: true },
    ResponseHead::NotModified { has_etag: false },
    ResponseHead::Part { if_range: true },
    ResponseHead::Part { if_range: false },
    ResponseHead::Parts { if_range: true },
    ResponseHead::Parts { if_range: false },
    ResponseHead::PreconditionFailed,
    ResponseHead::RangeNotSatisfiable,
];

fn that(head: ResponseHead, carries: Carries) -> Vec<&'static str> {
    FIELDS
        .into_iter()
        .filter(|name| head.carries(name.as_bytes()) == carries)
        .collect()
}

fn sorted<const N: usize>(groups: [&[&'static str]; N]) -> Vec<&'static str> {
    let mut names = groups.concat();
    names.sort_unstable();
    names
}

/// 9110-15.4.5-02: of the metadata, exactly six fields are in a 304.
#[test]
fn not_modified_has_six_fields() {
    let head = ResponseHead::NotModified { has_etag: true };
    assert_eq!(that(head, Carries::Required), SIX);
    assert_eq!(
        that(head, Carries::Allowed),
        sorted([&OTHERS, &["Age", "CDN-Cache-Control", "Surrogate-Control"]])
    );
    assert_eq!(that(head, Carries::Own), [""; 0]);
}

/// 9110-15.4.5-03: other metadata is left out, but for Last-Modified where there is no `ETag`.
/// 9110-14.4-10: no Content-Range.
#[test]
fn not_modified_leaves_the_rest_out() {
    let with = ResponseHead::NotModified { has_etag: true };
    let without = ResponseHead::NotModified { has_etag: false };
    assert_eq!(
        that(with, Carries::Omitted),
        sorted([&METADATA, &MESSAGE, &["Content-Range"]])
    );
    for name in FIELDS {
        let is_last_modified = name == "Last-Modified";
        let differs = with.carries(name.as_bytes()) != without.carries(name.as_bytes());
        assert_eq!(differs, is_last_modified, "{name}");
    }
    assert!(without.keeps(b"Last-Modified"));
    assert!(!with.keeps(b"Last-Modified"));
}

/// 9110-8.6-02: no Content-Length in a 304, so none that is not the 200's.
#[test]
fn not_modified_has_no_content_length() {
    for has_etag in [true, false] {
        let head = ResponseHead::NotModified { has_etag };
        assert_eq!(head.carries(b"Content-Length"), Carries::Omitted);
    }
}

/// 9110-8.6-04: a HEAD that comes to a 304 or 412 does so as the GET does, and has no Content-Length
/// of the 200.
#[test]
fn head_has_no_content_length_of_the_200() {
    for truths in truths() {
        let decision = decide("HEAD", truths).0;
        assert_eq!(decision, decide("GET", truths).0);
        let head = match decision {
            Decision::NotModified => ResponseHead::NotModified { has_etag: true },
            Decision::PreconditionFailed => ResponseHead::PreconditionFailed,
            _ => continue,
        };
        assert!(!head.keeps(b"Content-Length"));
        assert!(!head.allows_content(Method::Head));
    }
}

/// 9110-15.4.5-05: a 304 has no content and no trailers, whatever the method.
#[test]
fn not_modified_has_no_content() {
    for has_etag in [true, false] {
        let head = ResponseHead::NotModified { has_etag };
        assert!(!head.allows_content(Method::Get));
        assert!(!head.allows_content(Method::Head));
        assert!(!head.keeps(b"Trailer"));
    }
    for head in HEADS {
        let is_304 = matches!(head, ResponseHead::NotModified { .. });
        assert_eq!(head.allows_content(Method::Get), !is_304);
        assert_eq!(head.allows_content(Method::Other), !is_304);
        assert!(!head.allows_content(Method::Head));
    }
}

/// 9110-15.3.7-02: the six are in every 206.
#[test]
fn partial_content_has_six_fields() {
    for if_range in [true, false] {
        for head in [
            ResponseHead::Part { if_range },
            ResponseHead::Parts { if_range },
        ] {
            for name in SIX {
                assert_eq!(head.carries(name.as_bytes()), Carries::Required);
            }
            for name in OTHERS {
                assert_eq!(head.carries(name.as_bytes()), Carries::Allowed);
            }
            // They count or frame the content of the 200, not that of the 206.
            for name in MESSAGE {
                assert_eq!(head.carries(name.as_bytes()), Carries::Own);
            }
        }
    }
}

/// 9110-15.3.7-03: after an If-Range, other metadata of the representation is left out.
#[test]
fn partial_content_after_if_range() {
    let part = ResponseHead::Part { if_range: true };
    assert_eq!(that(part, Carries::Required), SIX);
    assert_eq!(that(part, Carries::Omitted), METADATA);
    let parts = ResponseHead::Parts { if_range: true };
    assert_eq!(that(parts, Carries::Required), SIX);
}

/// 9110-15.3.7-04: without an If-Range, all metadata of the representation is there.
#[test]
fn partial_content_without_if_range() {
    let part = ResponseHead::Part { if_range: false };
    assert_eq!(that(part, Carries::Required), sorted([&SIX, &METADATA]));
    assert_eq!(that(part, Carries::Omitted), [""; 0]);
}

/// 9110-15.3.7.1-01: one part comes with its Content-Range, If-Range or not; it is the server's
/// to write, as the 200 has none.
#[test]
fn one_part_has_a_content_range() {
    for if_range in [true, false] {
        let head = ResponseHead::Part { if_range };
        assert_eq!(head.carries(b"Content-Range"), Carries::Own);
        assert!(!head.keeps(b"Content-Range"));
    }
}

/// 9110-15.3.7.2-01: several parts come with a Content-Type of their own, If-Range or not;
/// 9110-15.3.7.2-02: and with no Content-Range in the header section.
#[test]
fn several_parts_have_their_own_content_type() {
    for if_range in [true, false] {
        let head = ResponseHead::Parts { if_range };
        assert_eq!(head.carries(b"Content-Type"), Carries::Own);
        assert!(!head.keeps(b"Content-Type"));
        assert_eq!(head.carries(b"Content-Range"), Carries::Omitted);
    }
}

/// 9110-15.3.7.2-06: one requested range never makes several parts; 9110-15.3.7.2-07: of several,
/// one that is left makes one part; 9110-15.3.7.2-09: parts come in the order requested.
#[test]
fn parts_as_requested() {
    let parts = |range: &'static str| -> Vec<(u64, u64)> {
        let ends = |range: ByteRange| (range.first(), range.last());
        match RangeResponse::new(Decision::Perform, Some(range.as_bytes()), 100) {
            RangeResponse::Part(part) => vec![ends(part.range())],
            RangeResponse::Parts(parts) => {
                assert!(parts.len() > 1);
                parts.map(|part| ends(part.range())).collect()
            }
            response => panic!("{response:?}"),
        }
    };
    assert_eq!(parts("bytes=,5-9,"), [(5, 9)]);
    assert_eq!(parts("bytes=100-,5-9,-0"), [(5, 9)]);
    assert_eq!(parts("bytes=90-,200-,5-9"), [(90, 99), (5, 9)]);
}

/// 9110-15.3.7.2-05, 9110-15.3.7.2-09: overlapping, adjacent and nearly adjacent ranges are merged
/// where the first of them stood, and where one is left it is a response with one part.
#[test]
fn coalescing() {
    let coalesce = |range: &'static str, gap, places: usize| {
        let mut lent = vec![ByteRange::default(); places];
        let policy = RangePolicy::new().max_reversals(16);
        let range = Some(range.as_bytes());
        let response = RangeResponse::with_policy(Decision::Perform, range, 100, policy);
        match response.coalesce(gap, &mut lent) {
            RangeResponse::Whole(_) => "whole".to_owned(),
            RangeResponse::Part(part) => format!("one {}", part.content_range()),
            RangeResponse::Parts(parts) => {
                let parts: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
                parts.join(", ")
            }
            RangeResponse::Unsatisfiable(_) => "unsatisfiable".to_owned(),
        }
    };
    for (range, gap, expected) in [
        ("bytes=0-9,5-14", 0, "one bytes 0-14/100"),
        ("bytes=0-9,10-19", 0, "one bytes 0-19/100"),
        ("bytes=0-9,11-19", 0, "bytes 0-9/100, bytes 11-19/100"),
        ("bytes=0-9,11-19", 1, "one bytes 0-19/100"),
        ("bytes=50-59,0-9,60-69", 0, "bytes 50-69/100, bytes 0-9/100"),
        (
            "bytes=0-9,50-59,20-29,5-25",
            0,
            "bytes 0-29/100, bytes 50-59/100",
        ),
        (
            "bytes=50-59,0-9,20-29,8-21",
            0,
            "bytes 50-59/100, bytes 0-29/100",
        ),
        ("bytes=0-9,3-4", 0, "one bytes 0-9/100"),
        ("bytes=0-9", 99, "one bytes 0-9/100"),
        ("bytes=100-", 99, "unsatisfiable"),
    ] {
        assert_eq!(coalesce(range, gap, 4), expected, "{range}");
    }
    // Too few places: the whole, rather than some of the parts.
    assert_eq!(coalesce("bytes=0-9,20-29,40-49", 0, 2), "whole");
    assert_eq!(coalesce("bytes=0-9,20-29", 0, 0), "whole");
    assert_eq!(coalesce("bytes=0-9,5-14,10-19", 0, 1), "one bytes 0-19/100");
}

/// 9110-6.6.1-02: Date is in all of them.
#[test]
fn date_is_in_every_response() {
    for head in HEADS {
        assert_eq!(head.carries(b"Date"), Carries::Required);
    }
}

/// 9110-14.4-10: a 412 has no Content-Range; 9110-15.5.17-02: a 416 has one. Both have their own
/// content, and no freshness that would let a cache use them again.
#[test]
fn errors_are_other_responses() {
    let failed = ResponseHead::PreconditionFailed;
    let unsatisfiable = ResponseHead::RangeNotSatisfiable;
    assert_eq!(failed.carries(b"Content-Range"), Carries::Omitted);
    assert_eq!(unsatisfiable.carries(b"Content-Range"), Carries::Own);
    for head in [failed, unsatisfiable] {
        assert_eq!(that(head, Carries::Required), ["Date"]);
        assert_eq!(
            that(head, Carries::Allowed),
            sorted([&OTHERS, &["ETag", "Last-Modified", "Vary"]])
        );
        for name in [
            "Cache-Control",
            "Expires",
            "Content-Type",
            "Content-Location",
        ] {
            assert!(!head.keeps(name.as_bytes()), "{name}");
        }
    }
}

/// A request with some conditions, and which of them are true by the RFC's words.
fn decide(method: &str, conditions: [Option<bool>; 4]) -> (Decision, [Option<bool>; 4]) {
    let date = HttpDate::from_unix(T).unwrap();
    let selected = Representation::current()
        .etag(EntityTag::from_static("\"a\""))
        .last_modified(date);
    let (before, after) = (date, HttpDate::from_unix(T - 1).unwrap());
    let values = [
        ("If-Match", "\"a\"".to_owned(), "\"b\"".to_owned()),
        ("If-Unmodified-Since", before.to_string(), after.to_string()),
        ("If-None-Match", "\"b\"".to_owned(), "\"a\"".to_owned()),
        ("If-Modified-Since", after.to_string(), before.to_string()),
    ];
    let fields = values.iter().zip(conditions);
    let fields = fields.filter_map(|((name, when_true, when_false), truth)| {
        Some((*name, if truth? { when_true } else { when_false }))
    });
    (evaluate(method, selected, fields), conditions)
}

fn truths() -> impl Iterator<Item = [Option<bool>; 4]> {
    let each = [None, Some(false), Some(true)];
    (0..81_usize).map(move |n| [n, n / 3, n / 9, n / 27].map(|digit| each[digit % 3]))
}

/// 9110-15.4.5-01: a 304 is for GET and HEAD only, and only where If-None-Match is false, or
/// If-Modified-Since is without an If-None-Match.
#[test]
fn when_not_modified() {
    let mut seen = 0;
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "FOO", "OPTIONS"] {
        for truths in truths() {
            let (decision, [_, _, none_match, modified_since]) = decide(method, truths);
            if decision == Decision::NotModified {
                seen += 1;
                assert!(["GET", "HEAD"].contains(&method));
                let false_date = none_match.is_none() && modified_since == Some(false);
                assert!(none_match == Some(false) || false_date);
            }
        }
    }
    assert!(seen > 0);
}

/// 9110-15.5.13-01: a 412 is for a false If-Match or If-Unmodified-Since, or for a false
/// If-None-Match on a method other than GET and HEAD.
#[test]
fn when_precondition_failed() {
    let mut seen = 0;
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "FOO", "OPTIONS"] {
        for truths in truths() {
            let (decision, [matched, unmodified_since, none_match, _]) = decide(method, truths);
            if decision == Decision::PreconditionFailed {
                seen += 1;
                let safe = ["GET", "HEAD"].contains(&method);
                assert!(
                    matched == Some(false)
                        || unmodified_since == Some(false)
                        || none_match == Some(false) && !safe
                );
            }
        }
    }
    assert!(seen > 0);
}

/// 9110-6.6.1-07: a Date in the request plays no part.
#[test]
fn date_of_the_request_plays_no_part() {
    let selected = Representation::current().last_modified(HttpDate::from_unix(T).unwrap());
    for if_modified_since in [T - 1, T, T + 1] {
        let since = HttpDate::from_unix(if_modified_since).unwrap().to_string();
        let bare = evaluate("GET", selected, [("If-Modified-Since", &since)]);
        for date in ["", "x", "Sun, 06 Nov 1994 08:49:37 GMT", &since] {
            let fields = [("Date", date), ("If-Modified-Since", since.as_str())];
            assert_eq!(evaluate("GET", selected, fields), bare);
        }
    }
}

/// 9110-15.3.7.3-01, 9110-15.3.7.3-02: parts go together where both have the same strong
/// validator.
#[test]
fn combining_parts() {
    let date = HttpDate::from_unix(T).unwrap();
    let later = HttpDate::from_unix(T + 1).unwrap();
    let bare = Representation::current();
    let tag = |tag| bare.etag(EntityTag::from_static(tag));
    for (one, other, together) in [
        (tag("\"a\""), tag("\"a\""), true),
        (tag("W/\"a\""), tag("W/\"a\""), false),
        (tag("\"a\""), tag("W/\"a\""), false),
        (tag("\"a\""), tag("\"b\""), false),
        (tag("\"a\""), bare, false),
        (bare, bare, false),
        (Representation::ABSENT, Representation::ABSENT, false),
        (
            bare.strong_last_modified(date),
            bare.strong_last_modified(date),
            true,
        ),
        (
            bare.strong_last_modified(date),
            bare.strong_last_modified(later),
            false,
        ),
        (
            bare.strong_last_modified(date),
            bare.last_modified(date),
            false,
        ),
        (bare.last_modified(date), bare.last_modified(date), false),
        (
            tag("\"a\"").strong_last_modified(date),
            tag("\"b\"").strong_last_modified(date),
            false,
        ),
        (
            tag("\"a\"").strong_last_modified(date),
            bare.strong_last_modified(date),
            true,
        ),
    ] {
        assert_eq!(
            one.shares_strong_validator(other),
            together,
            "{one:?} {other:?}"
        );
        assert_eq!(
            other.shares_strong_validator(one),
            together,
            "{one:?} {other:?}"
        );
    }
}

proptest! {
    /// Names are case-insensitive (RFC 9110 section 5.1), and what is kept follows from the
    /// class.
    #[test]
    fn names_in_any_case(
        head in select(HEADS.to_vec()),
        name in select(FIELDS.to_vec()),
        upper in proptest::collection::vec(any::<bool>(), 32),
    ) {
        let mixed: Vec<u8> = name
            .bytes()
            .zip(upper)
            .map(|(byte, upper)| if upper { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() })
            .collect();
        prop_assert_eq!(head.carries(&mixed), head.carries(name.as_bytes()));
        let kept = matches!(head.carries(name.as_bytes()), Carries::Required | Carries::Allowed);
        prop_assert_eq!(head.keeps(&mixed), kept);
    }

    /// A name that is not known is no concern of the RFC.
    #[test]
    fn unknown_names(head in select(HEADS.to_vec()), name: Vec<u8>) {
        let known = FIELDS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        prop_assume!(!known);
        prop_assert_eq!(head.carries(&name), Carries::Allowed);
    }
}

/// 9110-15.4.5-03: `Last-Modified` stays in a 304 where there is no `ETag`, or where it is asked for;
/// nothing else changes, and no other response does.
#[test]
fn last_modified_is_kept_by_choice() {
    let tagged = Representation::current().etag(EntityTag::from_static("\"a\""));
    let with = ResponseHead::not_modified(tagged);
    let without = ResponseHead::not_modified(Representation::current());
    assert_eq!(with, ResponseHead::NotModified { has_etag: true });
    assert_eq!(without, ResponseHead::NotModified { has_etag: false });
    for head in HEADS {
        let expected = match head {
            ResponseHead::NotModified { .. } => without,
            other => other,
        };
        assert_eq!(head.keeping_last_modified(), expected);
    }
}
