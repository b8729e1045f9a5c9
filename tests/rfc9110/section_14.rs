//! RFC 9110 section 14, range requests, with section 17.15, which is about their abuse.
//! Content-Range is in `section_14_4.rs`.

use http_conditional::{
    ByteRange, Decision, EntityTag, InvalidRangesKind, Method, Preconditions, RangePolicy,
    RangeResponse, Ranges, Representation, evaluate,
};

/// The response in words, such as `206 bytes 0-4/10` or `206 bytes 0-0/10 + bytes 9-9/10`.
fn words(response: RangeResponse<'_>) -> String {
    match response {
        RangeResponse::Whole(_) => "200".to_owned(),
        RangeResponse::Part(part) => format!("206 {}", part.content_range()),
        RangeResponse::Parts(parts) => {
            let parts: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
            format!("206 {}", parts.join(" + "))
        }
        RangeResponse::Unsatisfiable(content_range) => format!("416 {content_range}"),
    }
}

/// The response to a GET with this Range, whose conditions let it through.
fn get(range: &str, complete_length: u64) -> String {
    let range = Some(range.as_bytes());
    words(RangeResponse::new(
        Decision::Perform,
        range,
        complete_length,
    ))
}

fn get_by(policy: RangePolicy, range: &str, complete_length: u64) -> String {
    let range = Some(range.as_bytes());
    let response = RangeResponse::with_policy(Decision::Perform, range, complete_length, policy);
    words(response)
}

/// The response to a request as it comes, for a representation of 10 bytes with this tag.
fn request(method: &str, tag: &'static str, fields: &[(&str, &str)]) -> String {
    let selected = Representation::current().etag(EntityTag::from_static(tag));
    let decision = evaluate(method, selected, fields.iter().copied());
    if let Some(status) = decision.status() {
        return status.to_string();
    }
    let range = fields.iter().find(|(name, _)| *name == "Range");
    let range = range.map(|(_, value)| value.as_bytes());
    words(RangeResponse::new(decision, range, 10))
}

fn kind(range: &str) -> (InvalidRangesKind, usize) {
    let error = Ranges::parse(range.as_bytes()).unwrap_err();
    (error.kind(), error.index())
}

/// 9110-14-01: a server that does not support ranges answers as to a plain GET.
#[test]
fn ranges_are_optional() {
    let unsupported = RangePolicy::new().max_ranges(0);
    for range in ["bytes=0-1", "bytes=0-0,2-2", "bytes=50-", "bytes=-0", "x"] {
        assert_eq!(get_by(unsupported, range, 10), "200");
        // There is nothing to reject either.
        let rejecting = unsupported.malformed_is_416().excess_is_416();
        assert_eq!(get_by(rejecting, range, 10), "200");
        assert_eq!(get_by(rejecting.first_only(), range, 10), "200");
    }
}

/// 9110-14.1-01: `bytes` in either case.
#[test]
fn range_units_are_case_insensitive() {
    for range in ["bytes=0-1", "Bytes=0-1", "BYTES=0-1", "bYtEs=0-1"] {
        assert_eq!(get(range, 10), "206 bytes 0-1/10");
    }
}

/// 9110-14.1.1-01: the grammar of a ranges-specifier, empty members included.
#[test]
fn ranges_specifier() {
    for (range, count) in [
        ("bytes=0-499", 1),
        ("bytes=0-0,-1", 2),
        ("bytes=500-600, 601-999", 2),
        ("bytes=500-700,601-999", 2),
        ("bytes=0-1,,3-4", 2),
        ("bytes=,0-1 ,\t, 3-4\t,", 2),
        ("bytes=9500-", 1),
        ("bytes=-500", 1),
        ("bytes=007-0007", 1),
    ] {
        assert_eq!(
            Ranges::parse(range.as_bytes()).unwrap().count(),
            count,
            "{range}"
        );
    }
    for (range, expected) in [
        ("", (InvalidRangesKind::Equals, 0)),
        ("bytes", (InvalidRangesKind::Equals, 5)),
        ("bytes 0-1", (InvalidRangesKind::Equals, 5)),
        ("bytes =0-1", (InvalidRangesKind::Equals, 5)),
        ("=0-1", (InvalidRangesKind::Equals, 0)),
        ("bytes=", (InvalidRangesKind::Empty, 6)),
        ("bytes=, ,", (InvalidRangesKind::Empty, 9)),
        ("bytes=a-b", (InvalidRangesKind::Digits, 6)),
        ("bytes=-", (InvalidRangesKind::Digits, 7)),
        ("bytes=--1", (InvalidRangesKind::Digits, 7)),
        ("bytes=+1-2", (InvalidRangesKind::Digits, 6)),
        ("bytes=*", (InvalidRangesKind::Digits, 6)),
        ("bytes=5", (InvalidRangesKind::Hyphen, 7)),
        ("bytes=0 -1", (InvalidRangesKind::Hyphen, 7)),
        ("bytes=0x0-1", (InvalidRangesKind::Hyphen, 7)),
        ("bytes=0- 1", (InvalidRangesKind::Comma, 9)),
        ("bytes=0-1-2", (InvalidRangesKind::Comma, 9)),
        ("bytes=0-1;", (InvalidRangesKind::Comma, 9)),
        ("bytes=0-1 3-4", (InvalidRangesKind::Comma, 10)),
        ("bytes=0-1\n", (InvalidRangesKind::Comma, 9)),
        ("bytes=0-1\u{a0}", (InvalidRangesKind::Comma, 9)),
    ] {
        assert_eq!(kind(range), expected, "{range:?}");
        assert_eq!(get(range, 10), "200", "{range:?}");
    }
}

/// 9110-14.1.1-02: a range that ends before it begins is invalid, not unsatisfiable, also where
/// both numbers are beyond what an integer holds.
#[test]
fn last_before_first_is_invalid() {
    for range in [
        "bytes=6-2",
        "bytes=60-59",
        "bytes=10-9",
        "bytes=010-9",
        "bytes=99999999999999999999999-99999999999999999999998",
        "bytes=18446744073709551616-18446744073709551615",
        "bytes=100000000000000000000000-99999999999999999999999",
    ] {
        assert_eq!(kind(range), (InvalidRangesKind::Order, 6));
        assert_eq!(get(range, 10), "200");
    }
    for range in [
        "bytes=99999999999999999999998-99999999999999999999999",
        "bytes=99999999999999999999999-099999999999999999999999",
    ] {
        assert_eq!(get(range, 10), "416 bytes */10");
    }
}

/// 9110-14.1.1-03: one invalid member makes the whole set invalid, wherever it stands.
#[test]
fn one_invalid_member_invalidates_the_set() {
    assert_eq!(kind("bytes=0-1,6-2"), (InvalidRangesKind::Order, 10));
    assert_eq!(kind("bytes=6-2,0-1"), (InvalidRangesKind::Order, 6));
    assert_eq!(kind("bytes=0-1, abc"), (InvalidRangesKind::Digits, 11));
    assert_eq!(kind("bytes=abc, 0-1"), (InvalidRangesKind::Digits, 6));
    assert_eq!(get("bytes=0-1,6-2", 10), "200");
}

/// 9110-14.1.1-04: a set is satisfiable if one of its members is.
#[test]
fn one_satisfiable_member_is_enough() {
    assert_eq!(get("bytes=50-60,0-1", 10), "206 bytes 0-1/10");
    assert_eq!(get("bytes=0-1,50-60,-0", 10), "206 bytes 0-1/10");
    assert_eq!(get("bytes=50-60", 10), "416 bytes */10");
    assert_eq!(get("bytes=50-60,-0,10-", 10), "416 bytes */10");
}

/// 9110-14.1.1-05: two Range lines are invalid together; neither is used alone.
#[test]
fn two_lines_are_invalid() {
    let joined = "bytes=0-1, bytes=2-3";
    assert_eq!(kind(joined), (InvalidRangesKind::Digits, 11));
    assert_eq!(get(joined, 10), "200");
    let lines = [("Range", "bytes=0-1"), ("Range", "bytes=2-3")];
    assert_eq!(request("GET", "\"a\"", &lines), "200");
}

/// 9110-14.1.1-06: white space after the `=` is tolerated, as an example of section 14.1.2 has
/// it.
#[test]
fn white_space_after_the_equals_sign() {
    let ranges = Ranges::parse(b"bytes= 0-999, 4500-5499, -1000").unwrap();
    let lengths: Vec<_> = ranges.resolve(10_000).map(ByteRange::len).collect();
    assert_eq!(lengths, [1000, 1000, 1000]);
    assert_eq!(get("bytes=\t 0-1", 10), "206 bytes 0-1/10");
}

/// 9110-14.1.2-01: positions count from zero, and the last one is included.
#[test]
fn positions_are_zero_based_and_inclusive() {
    let range = Ranges::parse(b"bytes=0-4").unwrap().resolve(10).next();
    let range = range.unwrap();
    assert_eq!((range.first(), range.last(), range.len()), (0, 4, 5));
    assert_eq!(range.of(b"0123456789"), Some(b"01234".as_slice()));
    assert_eq!(range.of(b"0123"), None);
}

/// 9110-14.1.2-02: cut at the end; 9110-14.1.2-03: a suffix longer than the representation;
/// 9110-14.1.2-04: satisfiable where it begins before the end; 9110-14.1.2-05: satisfiable where
/// the suffix is not empty.
#[test]
fn ranges_at_the_end() {
    for (range, expected) in [
        ("bytes=5-", "206 bytes 5-9/10"),
        ("bytes=5-9", "206 bytes 5-9/10"),
        ("bytes=5-10", "206 bytes 5-9/10"),
        ("bytes=5-99", "206 bytes 5-9/10"),
        ("bytes=-10", "206 bytes 0-9/10"),
        ("bytes=-11", "206 bytes 0-9/10"),
        ("bytes=-99", "206 bytes 0-9/10"),
        ("bytes=9-", "206 bytes 9-9/10"),
        ("bytes=10-", "416 bytes */10"),
        ("bytes=10-10", "416 bytes */10"),
        ("bytes=-1", "206 bytes 9-9/10"),
        ("bytes=-0", "416 bytes */10"),
        ("bytes=-00", "416 bytes */10"),
    ] {
        assert_eq!(get(range, 10), expected, "{range}");
    }
}

/// 9110-14.1.2-06: of no content, only a suffix that is not empty is satisfiable. 9110-14.2-07:
/// the Range is ignored then, as there is no part to send.
#[test]
fn zero_length_content() {
    for (range, satisfiable, response) in [
        ("bytes=-5", true, "200"),
        ("bytes=0-,-5", true, "200"),
        ("bytes=0-", false, "416 bytes */0"),
        ("bytes=0-0", false, "416 bytes */0"),
        ("bytes=-0", false, "416 bytes */0"),
    ] {
        let ranges = Ranges::parse(range.as_bytes()).unwrap();
        assert_eq!(ranges.is_satisfiable(0), satisfiable, "{range}");
        assert_eq!(ranges.resolve(0).count(), 0, "{range}");
        assert_eq!(get(range, 0), response, "{range}");
    }
}

/// 9110-14.1.2-07: numbers of any size.
#[test]
fn numbers_beyond_u64() {
    let huge = "9".repeat(1000);
    assert_eq!(get(&format!("bytes=0-{huge}"), 10), "206 bytes 0-9/10");
    assert_eq!(get(&format!("bytes=-{huge}"), 10), "206 bytes 0-9/10");
    assert_eq!(get(&format!("bytes={huge}-"), 10), "416 bytes */10");
    assert_eq!(get(&format!("bytes={huge}-"), u64::MAX), {
        format!("416 bytes */{}", u64::MAX)
    });
    let zeros = "0".repeat(1000);
    let padded = format!("bytes={zeros}1-{zeros}2");
    assert_eq!(get(&padded, 10), "206 bytes 1-2/10");
    assert_eq!(
        get("bytes=0-18446744073709551615", u64::MAX),
        "206 bytes 0-18446744073709551614/18446744073709551615"
    );
    assert_eq!(
        get("bytes=18446744073709551614-", u64::MAX),
        "206 bytes 18446744073709551614-18446744073709551614/18446744073709551615"
    );
    assert_eq!(
        get("bytes=18446744073709551615-", u64::MAX),
        "416 bytes */18446744073709551615"
    );
}

/// 9110-14.1.2-09: no other-range in bytes.
#[test]
fn bytes_have_no_other_ranges() {
    assert_eq!(kind("bytes=foo"), (InvalidRangesKind::Digits, 6));
    assert_eq!(kind("bytes=0-1,foo"), (InvalidRangesKind::Digits, 10));
}

/// 9110-14.2-01: a Range may be ignored: it is permission that a decision gives, and a policy
/// may withhold it.
#[test]
fn range_may_be_ignored() {
    assert_eq!(get("bytes=0-0,2-2", 10), "206 bytes 0-0/10 + bytes 2-2/10");
    let single = RangePolicy::new().max_ranges(1);
    assert_eq!(get_by(single, "bytes=0-0,2-2", 10), "200");
    assert_eq!(get_by(single, "bytes=0-0", 10), "206 bytes 0-0/10");
}

/// 9110-14.2-02: only GET has a use for Range.
#[test]
fn range_is_for_get_only() {
    let range = [("Range", "bytes=0-1")];
    assert_eq!(request("GET", "\"a\"", &range), "206 bytes 0-1/10");
    for method in ["HEAD", "POST", "PUT", "DELETE", "FOO", "get", "OPTIONS"] {
        assert_eq!(request(method, "\"a\"", &range), "200", "{method}");
    }
}

/// 9110-14.2-03: a unit that is not understood is ignored, and known as such.
#[test]
fn other_units_are_ignored() {
    for range in ["pages=1-2", "byte=0-1", "bytes2=0-1", "seconds=1.5-2", "x="] {
        assert_eq!(kind(range), (InvalidRangesKind::Unit, 0));
        assert_eq!(
            request("GET", "\"a\"", &[("Range", range)]),
            "200",
            "{range}"
        );
    }
}

/// 9110-14.2-05, 9110-17.15-01: invalid sets, sets that overlap too much and sets that are
/// scattered out of order are ignored by default; what a sensible client asks for is not.
#[test]
fn egregious_sets_are_ignored() {
    let many = |count: u64, step: u64| {
        let ranges: Vec<_> = (0..count)
            .map(|n| format!("{0}-{0}", n * step % 1009))
            .collect();
        format!("bytes={}", ranges.join(","))
    };
    for (range, whole) in [
        (many(16, 2), false),
        (many(17, 2), true),
        (many(16, 800), true),
        ("bytes=0-,0-,0-,0-".to_owned(), true),
        ("bytes=0-,-1".to_owned(), true),
        ("bytes=0-99,50-149,100-199".to_owned(), true),
        ("bytes=0-99,0-99,0-99".to_owned(), true),
        ("bytes=50-59,30-39,10-19".to_owned(), true),
        ("bytes=0-99,50-149".to_owned(), false),
        ("bytes=-100,0-99,200-299".to_owned(), false),
        (format!("bytes=0-0{}", ",".repeat(100_000)), false),
        (format!("bytes=5-{}", ",5-".repeat(100_000)), true),
    ] {
        assert_eq!(get(&range, 1009) == "200", whole, "{range:.50}");
    }
    let lenient = RangePolicy::new().max_ranges(100).max_reversals(2);
    assert_ne!(get_by(lenient, &many(17, 2), 1009), "200");
    assert_ne!(get_by(lenient, "bytes=50-59,30-39,10-19", 1009), "200");
    // More than the whole is never sent, whatever the policy.
    let boundless = RangePolicy::new()
        .max_ranges(usize::MAX)
        .max_reversals(usize::MAX);
    assert_eq!(
        get_by(boundless, "bytes=0-5,4-9", 12).matches('+').count(),
        1
    );
    assert_eq!(get_by(boundless, "bytes=0-5,4-9", 11), "200");
}

/// 9110-14.2-09: Range comes after the preconditions, and only where the answer would be 200.
#[test]
fn range_comes_last() {
    let range = ("Range", "bytes=0-1");
    let not_modified = [range, ("If-None-Match", "\"a\"")];
    assert_eq!(request("GET", "\"a\"", &not_modified), "304");
    let failed = [range, ("If-Match", "\"b\"")];
    assert_eq!(request("GET", "\"a\"", &failed), "412");
    for status in [204, 301, 404] {
        let mut get =
            Preconditions::new(Method::Get, Representation::current()).unconditional_status(status);
        get.field(b"Range", b"bytes=0-1");
        let response = RangeResponse::new(get.decide(), Some(b"bytes=0-1"), 10);
        assert_eq!(words(response), "200", "not a part of the answer, {status}");
    }
    // Nor can a part come of a decision that is not to perform the method.
    for decision in [
        Decision::PerformIgnoringRange,
        Decision::NotModified,
        Decision::PreconditionFailed,
    ] {
        for range in [b"bytes=0-1".as_slice(), b"bytes=50-", b"x"] {
            assert_eq!(words(RangeResponse::new(decision, Some(range), 10)), "200");
        }
    }
}

/// 9110-14.2-10, 9110-13.1.5-17: a false If-Range means the whole, even where the Range is
/// unsatisfiable; a true one lets the Range apply. 9110-13.2.2-14: a true If-Range with an
/// unsatisfiable Range is a 416.
#[test]
fn if_range_gates_range() {
    for (range, if_range, response) in [
        ("bytes=0-4", "\"a\"", "206 bytes 0-4/10"),
        ("bytes=0-4", "\"b\"", "200"),
        ("bytes=9999-", "\"b\"", "200"),
        ("bytes=9999-", "\"a\"", "416 bytes */10"),
    ] {
        let fields = [("Range", range), ("If-Range", if_range)];
        assert_eq!(request("GET", "\"a\"", &fields), response);
    }
}

/// 9110-14.2-11: a satisfiable set gives 206; 9110-14.2-12, 9110-15.5.17-01: an unsatisfiable one
/// gives 416.
#[test]
fn partial_content_or_not_satisfiable() {
    assert_eq!(
        request("GET", "\"a\"", &[("Range", "bytes=0-4")]),
        "206 bytes 0-4/10"
    );
    assert_eq!(
        request("GET", "\"a\"", &[("Range", "bytes=50-")]),
        "416 bytes */10"
    );
    assert_eq!(request("GET", "\"a\"", &[]), "200");
}

/// 9110-14.5-01: a partial PUT that is not supported is a 400, and conditions do not come into it.
#[test]
fn partial_put() {
    let selected = Representation::current().etag(EntityTag::from_static("\"a\""));
    let mut put = Preconditions::new(Method::Other, selected).unconditional_status(400);
    put.field(b"Content-Range", b"bytes 0-4/10");
    put.field(b"If-Match", b"\"x\"");
    assert_eq!(put.decide(), Decision::Perform);
}

#[test]
fn the_default_policy_is_the_usual_one() {
    assert_eq!(
        format!("{:?}", RangePolicy::default()),
        format!("{:?}", RangePolicy::new())
    );
}

/// A set is shown as it came.
#[test]
fn debug() {
    let ranges = Ranges::parse(b"Bytes= 0-4").unwrap();
    assert_eq!(format!("{ranges:?}"), "Ranges(bytes= 0-4)");
}

/// Errors are sentences.
#[test]
fn errors() {
    let error = |range: &str| Ranges::parse(range.as_bytes()).unwrap_err().to_string();
    for (range, what) in [
        ("x=0-1", "a range unit other than `bytes`, at byte 0"),
        ("bytes", "expected a range unit and `=` at byte 5"),
        ("bytes=", "expected a range at byte 6"),
        ("bytes=x", "expected a digit at byte 6"),
        ("bytes=1", "expected `-` at byte 7"),
        (
            "bytes=1-1 1-1",
            "expected a comma between two ranges at byte 10",
        ),
        ("bytes=1-0", "a range that ends before it begins, at byte 6"),
    ] {
        assert_eq!(error(range), format!("not a set of byte ranges: {what}"));
    }
}

/// 9110-14.1.2-02, 9110-14.1.2-04: the parts of a set without a policy: those that are satisfiable,
/// cut at the end, and as many as there are said to be.
#[test]
fn parts_without_a_policy() {
    let parts = Ranges::parse(b"bytes=5-99, 50-, 0-1, -3")
        .unwrap()
        .parts(10);
    assert_eq!(parts.len(), 3);
    let content_ranges: Vec<_> = parts.map(|part| part.content_range().to_string()).collect();
    assert_eq!(
        content_ranges,
        ["bytes 5-9/10", "bytes 0-1/10", "bytes 7-9/10"]
    );
    assert_eq!(Ranges::parse(b"bytes=10-").unwrap().parts(10).len(), 0);
}

/// A range as the ranges of the standard library.
#[test]
fn ranges_of_the_standard_library() {
    let range = ByteRange::new(2, 4).unwrap();
    assert_eq!(std::ops::RangeInclusive::from(range), 2..=4);
    assert_eq!(std::ops::Range::from(range), 2..5);
}

/// Up to three parts are kept as the set is read, and beyond that the set is read again: both give
/// the same parts in the same order.
#[test]
fn any_number_of_parts() {
    let members = ["0-0", "2-3", "-500", "600-699", "800-", "900-900"];
    for count in 2..=members.len() {
        let value = format!("bytes={}", members[..count].join(", "));
        let policy = http_conditional::RangePolicy::new().max_reversals(usize::MAX);
        let response = http_conditional::RangeResponse::with_policy(
            http_conditional::Decision::Perform,
            Some(value.as_bytes()),
            1_000,
            policy,
        );
        let ranges = http_conditional::Ranges::parse(value.as_bytes()).expect("a set");
        let expected: Vec<_> = ranges.parts(1_000).collect();
        match response {
            http_conditional::RangeResponse::Parts(parts) => {
                assert_eq!((parts.len(), expected.len()), (count, count));
                assert_eq!(parts.collect::<Vec<_>>(), expected);
            }
            other => panic!("{value}: {other:?}"),
        }
    }
}

/// A number of twenty digits is read with a look at the largest; leading zeros count for nothing.
#[test]
fn numbers_around_the_largest() {
    let range = |value: &str| {
        let response = http_conditional::RangeResponse::new(
            http_conditional::Decision::Perform,
            Some(value.as_bytes()),
            u64::MAX,
        );
        match response {
            http_conditional::RangeResponse::Part(part) => {
                Some((part.range().first(), part.range().last()))
            }
            _ => None,
        }
    };
    let end = u64::MAX - 1;
    let first = 9_999_999_999_999_999_999;
    assert_eq!(range("bytes=9999999999999999999-"), Some((first, end)));
    assert_eq!(range("bytes=00000000000000000000000005-6"), Some((5, 6)));
    assert_eq!(range("bytes=18446744073709551614-"), Some((end, end)));
    assert_eq!(range("bytes=18446744073709551615-"), None);
    assert_eq!(range("bytes=0-18446744073709551616"), Some((0, end)));
    assert!(
        http_conditional::Ranges::parse(b"bytes=18446744073709551617-18446744073709551616")
            .is_err()
    );
    assert!(
        http_conditional::Ranges::parse(b"bytes=18446744073709551616-0018446744073709551617")
            .is_ok()
    );
}
