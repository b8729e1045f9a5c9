//! RFC 9110 section 14.4, Content-Range.

use http_conditional::{
    ByteRange, ContentRange, Decision, FieldValue, InvalidContentRange, InvalidContentRangeKind,
    RangeResponse,
};
use proptest::prelude::*;

/// 9110-14.4-01: the grammar of Content-Range; 9110-14.4-05: the complete length, or `*` where it
/// is not known.
#[test]
fn content_range() {
    let range = ByteRange::new(0, 4).unwrap();
    for (written, content_range) in [
        ("bytes 0-4/10", ContentRange::satisfied(range, Some(10))),
        ("bytes 0-4/5", ContentRange::satisfied(range, Some(5))),
        ("bytes 0-4/*", ContentRange::satisfied(range, None)),
        ("bytes */10", Some(ContentRange::unsatisfied(10))),
        ("bytes */0", Some(ContentRange::unsatisfied(0))),
    ] {
        let content_range = content_range.unwrap();
        assert_eq!(content_range.to_string(), written);
        let mut buffer = [0; ContentRange::MAX_LEN];
        assert_eq!(content_range.encode(&mut buffer), written.as_bytes());
        assert_eq!(ContentRange::parse(written.as_bytes()), Ok(content_range));
    }
    let longest = ByteRange::new(u64::MAX - 1, u64::MAX - 1).unwrap();
    let longest = ContentRange::satisfied(longest, Some(u64::MAX)).unwrap();
    let written = "bytes 18446744073709551614-18446744073709551614/18446744073709551615";
    assert_eq!(longest.to_string(), written);
    assert_eq!(ContentRange::MAX_LEN, written.len());
    assert_eq!(
        format!("{:>14}", ContentRange::unsatisfied(10)),
        "    bytes */10"
    );
    for (value, kind, index) in [
        ("", InvalidContentRangeKind::Space, 0),
        ("bytes", InvalidContentRangeKind::Space, 5),
        ("bytes=0-4/10", InvalidContentRangeKind::Space, 5),
        ("bytes\t0-4/10", InvalidContentRangeKind::Space, 5),
        (" 0-4/10", InvalidContentRangeKind::Space, 4),
        ("bytes  0-4/10", InvalidContentRangeKind::Digits, 6),
        ("bytes -4/10", InvalidContentRangeKind::Digits, 6),
        ("bytes 0-/10", InvalidContentRangeKind::Digits, 8),
        ("bytes 0-4/", InvalidContentRangeKind::Digits, 10),
        ("bytes */*", InvalidContentRangeKind::Digits, 8),
        ("bytes 0/10", InvalidContentRangeKind::Hyphen, 7),
        ("bytes 0-4", InvalidContentRangeKind::Slash, 9),
        ("bytes *", InvalidContentRangeKind::Slash, 7),
        ("bytes 0-4/10 x", InvalidContentRangeKind::End, 12),
        ("bytes 0-4/*0", InvalidContentRangeKind::End, 11),
        (
            "bytes 0-4/10, bytes 5-9/10",
            InvalidContentRangeKind::End,
            12,
        ),
    ] {
        let error = ContentRange::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.index()), (kind, index), "{value:?}");
    }
}

/// 9110-14.4-05: numbers of every length, and every two digits that may follow each other. Nothing
/// is written beyond them, nor to a buffer that is too short.
#[test]
fn numbers() {
    for power in (0..20).map(|digits| 10_u64.pow(digits)) {
        for pair in 0..=101 {
            let number = power.saturating_mul(pair);
            for number in [number.saturating_sub(1), number, number.saturating_add(7)] {
                let written = format!("bytes */{number}");
                let value = FieldValue::from(ContentRange::unsatisfied(number));
                let mut buffer = [b'x'; FieldValue::MAX_LEN];
                assert_eq!(value.encode(&mut buffer), Ok(written.as_bytes()));
                assert!(buffer[written.len()..].iter().all(|&byte| byte == b'x'));
                let error = value.encode(&mut buffer[..written.len() - 1]).unwrap_err();
                assert_eq!(error.needed(), written.len());
            }
        }
    }
}

/// 9110-14.4-02: another unit is not bytes, and nothing to put together with them.
#[test]
fn content_range_in_another_unit() {
    for value in ["pages 1-2/3", "pages */3", "x y"] {
        let error = ContentRange::parse(value.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), InvalidContentRangeKind::Unit);
    }
}

/// 9110-14.1-01: the unit in either case.
#[test]
fn content_range_unit_is_case_insensitive() {
    let content_range = ContentRange::parse(b"BYTES 0-1/10").unwrap();
    assert_eq!(content_range.to_string(), "bytes 0-1/10");
}

/// 9110-14.4-06, 9110-14.4-07: a last position below the first, or a complete length not above
/// the last, is invalid, however long the numbers are; it can neither be read nor made.
#[test]
fn invalid_content_range() {
    for (value, kind, index) in [
        ("bytes 5-4/10", InvalidContentRangeKind::Order, 6),
        ("bytes 5-4/*", InvalidContentRangeKind::Order, 6),
        ("bytes 0-10/10", InvalidContentRangeKind::CompleteLength, 11),
        ("bytes 0-9/0", InvalidContentRangeKind::CompleteLength, 10),
        ("bytes 0-0/0", InvalidContentRangeKind::CompleteLength, 10),
        (
            "bytes 99999999999999999999999-99999999999999999999998/*",
            InvalidContentRangeKind::Order,
            6,
        ),
        (
            "bytes 0-99999999999999999999999/99999999999999999999999",
            InvalidContentRangeKind::CompleteLength,
            32,
        ),
    ] {
        let error = ContentRange::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.index()), (kind, index), "{value}");
    }
    assert!(ContentRange::parse(b"bytes 0-9/10").is_ok());
    let range = ByteRange::new(0, 9).unwrap();
    assert!(ContentRange::satisfied(range, Some(10)).is_some());
    assert!(ContentRange::satisfied(range, Some(9)).is_none());
    assert!(ByteRange::new(5, 4).is_none());
}

/// Valid, but more than a `u64` says: an error rather than another number.
#[test]
fn numbers_beyond_u64() {
    for (value, index) in [
        ("bytes 0-18446744073709551615/*", 8),
        ("bytes 0-18446744073709551616/*", 8),
        ("bytes 18446744073709551616-18446744073709551616/*", 27),
        ("bytes 0-4/18446744073709551616", 10),
        ("bytes */18446744073709551616", 8),
    ] {
        let error = ContentRange::parse(value.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), InvalidContentRangeKind::TooLarge, "{value}");
        assert_eq!(error.index(), index, "{value}");
    }
    let padded = ContentRange::parse(b"bytes 00-004/00000000000000000000000010").unwrap();
    assert_eq!(padded.to_string(), "bytes 0-4/10");
    assert_eq!(ByteRange::new(0, u64::MAX), None);
}

/// 9110-14.4-08, 9110-14.4-09, 9110-15.5.17-02: the Content-Range of a 416 states the length that
/// the representation has now.
#[test]
fn unsatisfied_range() {
    for (complete_length, written) in [(1234, "bytes */1234"), (47_022, "bytes */47022")] {
        let response = RangeResponse::new(
            Decision::Perform,
            Some(b"bytes=50000-".as_slice()),
            complete_length,
        );
        let RangeResponse::Unsatisfiable(content_range) = response else {
            panic!("{response:?}");
        };
        assert_eq!(content_range.to_string(), written);
        assert_eq!(content_range.range(), None);
        assert_eq!(content_range.complete_length(), Some(complete_length));
    }
}

/// Errors are sentences.
#[test]
fn errors() {
    let error = |value: &str| {
        ContentRange::parse(value.as_bytes())
            .unwrap_err()
            .to_string()
    };
    for (value, what) in [
        ("x 0-1/2", "a range unit other than `bytes`, at byte 0"),
        ("bytes", "expected a range unit and a space at byte 5"),
        ("bytes x", "expected a digit at byte 6"),
        ("bytes 0", "expected `-` at byte 7"),
        ("bytes 0-1", "expected `/` at byte 9"),
        ("bytes 0-1/2,", "expected nothing more at byte 11"),
        (
            "bytes 1-0/2",
            "a range that ends before it begins, at byte 6",
        ),
        (
            "bytes 0-1/1",
            "a range that goes beyond the complete length, at byte 10",
        ),
        (
            "bytes */99999999999999999999",
            "a number too large for 64 bits, at byte 8",
        ),
    ] {
        let sentence = format!("not a Content-Range in bytes: {what}");
        assert_eq!(error(value), sentence);
    }
}

/// Any number, and often one at the edge.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_u64, any::<u64>(), u64::MAX - 3..=u64::MAX]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// 9110-14.4-01: what is written reads back as the same.
    #[test]
    fn written_reads_back(first in number(), last in number(), length in number(), known: bool) {
        let content_range = ByteRange::new(first, last)
            .and_then(|range| ContentRange::satisfied(range, known.then_some(length)))
            .unwrap_or(ContentRange::unsatisfied(length));
        let written = content_range.to_string();
        prop_assert_eq!(ContentRange::parse(written.as_bytes()), Ok(content_range));
    }

    /// 9110-14.4-06: numbers as they come are read by the grammar and by the two rules, and by
    /// nothing else.
    #[test]
    fn reads_by_the_rules(first in number(), last in number(), length in number(), known: bool) {
        let length_written = if known { length.to_string() } else { "*".to_owned() };
        let value = format!("bytes {first}-{last}/{length_written}");
        let expected = if last < first {
            Err(InvalidContentRangeKind::Order)
        } else if known && length <= last {
            Err(InvalidContentRangeKind::CompleteLength)
        } else if last == u64::MAX {
            Err(InvalidContentRangeKind::TooLarge)
        } else {
            Ok((first, last, known.then_some(length)))
        };
        let read = ContentRange::parse(value.as_bytes()).map(|content_range| {
            let range = content_range.range().unwrap();
            (range.first(), range.last(), content_range.complete_length())
        });
        prop_assert_eq!(read.map_err(InvalidContentRange::kind), expected, "{}", value);
    }

    /// No bytes make it panic, and an error points into the value.
    #[test]
    fn any_bytes(value in "(bytes|x)?[ =]?[0-9*]{0,3}[-]?[0-9]{0,3}[/]?[0-9*]{0,3}\\PC{0,3}") {
        if let Err(error) = ContentRange::parse(value.as_bytes()) {
            prop_assert!(error.index() <= value.len());
        }
    }
}
