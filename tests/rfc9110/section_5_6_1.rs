//! Sections 5.6.1 to 5.6.4: lists, white space, and what an opaque tag is not.

use http_conditional::{EntityTag, EntityTags, InvalidEntityTag, InvalidEntityTagKind};

use super::*;

/// The tags of a list value, as they would be written.
fn list(value: &[u8]) -> Result<Vec<String>, InvalidEntityTag> {
    match EntityTags::parse(value)? {
        EntityTags::Any => Ok(vec!["*".to_owned()]),
        EntityTags::List(tags) => Ok(tags.map(|tag| tag.to_string()).collect()),
    }
}

fn kind(value: &[u8]) -> (InvalidEntityTagKind, usize) {
    let error = list(value).unwrap_err();
    (error.kind(), error.index())
}

/// 9110-5.6.1-01, 9110-13.1.1-01, 9110-13.1.2-01: `#entity-tag` allows no member, one, and many.
#[test]
fn lists_have_any_number_of_members() {
    assert_eq!(list(b"").unwrap(), [""; 0]);
    assert_eq!(list(b"\"a\"").unwrap(), ["\"a\""]);
    assert_eq!(
        list(b"W/\"xyzzy\", W/\"r2d2xxxx\", W/\"c3piozzzz\"").unwrap(),
        ["W/\"xyzzy\"", "W/\"r2d2xxxx\"", "W/\"c3piozzzz\""]
    );
    assert!(matches!(EntityTags::parse(b"*").unwrap(), EntityTags::Any));
    assert!(list(b"a").is_err());
    assert_eq!(kind(b"*, \"a\""), (InvalidEntityTagKind::Wildcard, 0));
}

/// 9110-5.6.1.2-01, 9110-5.6.1.2-03, 9110-5.6.1.2-04: empty elements are skipped and not counted.
#[test]
fn empty_elements_are_skipped() {
    assert_eq!(list(b", \"a\" ,, ,\t\"b\" ,").unwrap(), ["\"a\"", "\"b\""]);
    assert_eq!(
        list(b"W/\"a\" ,,\tW/\"b\"").unwrap(),
        ["W/\"a\"", "W/\"b\""]
    );
    assert_eq!(list(b"\"a\",,\"b\"").unwrap().len(), 2);
    assert_eq!(list(b", ,").unwrap().len(), 0);
    assert_eq!(list(b"\"a\",\"b\"").unwrap().len(), 2);
    assert_eq!(list(b"\"a\" ,\"b\",").unwrap().len(), 2);
    assert_eq!(list(b"\"a\" , ,\"b\",\"c\"").unwrap().len(), 3);
    assert_eq!(kind(b"\"a\" \"b\""), (InvalidEntityTagKind::Comma, 4));
    assert_eq!(kind(b"\"a\"\"b\""), (InvalidEntityTagKind::Comma, 3));
}

/// 9110-5.6.1.2-02: 64 KiB of commas are no tags at all.
#[test]
fn commas_alone_are_an_empty_list() {
    assert_eq!(list(",".repeat(65_536).as_bytes()).unwrap().len(), 0);
}

/// 9110-5.6.1.2-05, 9110-13.1.1-13, 9110-13.1.2-12: an empty value is a valid list of no tags.
#[test]
fn an_empty_value_is_a_valid_list() {
    for value in ["", ",", " , ,\t"] {
        assert!(!is_malformed("If-Match", &[value]));
        assert!(!is_malformed("If-None-Match", &[value]));
        assert_eq!(
            decide("PUT", &[("If-Match", value)], tagged("\"a\"")),
            FAILED
        );
        assert_eq!(
            decide("GET", &[("If-None-Match", value)], tagged("\"a\"")),
            PERFORM
        );
        assert_eq!(
            decide("PUT", &[("If-None-Match", value)], tagged("\"a\"")),
            PERFORM
        );
    }
}

/// 9110-5.6.3-01, 9110-5.6.3-04: white space is SP and HTAB, in any amount, and nothing else.
#[test]
fn white_space_is_sp_and_htab() {
    assert_eq!(list(b"\"a\" \t ,\t\t \"b\"").unwrap(), ["\"a\"", "\"b\""]);
    for byte in (0..=0xff).filter(|byte| !b" \t,\"W".contains(byte)) {
        let value = [b'"', b'a', b'"', byte, b',', b'"', b'b', b'"'];
        assert!(list(&value).is_err(), "{byte:#x}");
        let value = [byte, b'"', b'a', b'"'];
        assert!(list(&value).is_err(), "{byte:#x}");
    }
}

/// 9110-5.6.3-09: no white space within a tag.
#[test]
fn no_white_space_within_a_tag() {
    assert_eq!(kind(b"W/ \"a\""), (InvalidEntityTagKind::OpeningQuote, 2));
    assert!(list(b"W /\"a\"").is_err());
    assert!(list(b"\" a\"").is_err());
}

/// 9110-5.6.4-01, 9110-5.6.4-02: an opaque tag is no quoted-string: a backslash escapes nothing.
#[test]
fn a_backslash_is_an_ordinary_character() {
    assert_eq!(EntityTag::parse(br#""a\""#).unwrap().opaque(), br"a\");
    assert_eq!(kind(br#""a\"b""#), (InvalidEntityTagKind::Comma, 4));
    assert!(EntityTag::parse(b"\"a b\"").is_err());
    assert!(EntityTag::parse(b"\"a\tb\"").is_err());
}

/// 9110-5.6.4-03, 9110-5.6.4-04: nothing is unescaped to compare, nothing is escaped to write.
#[test]
fn nothing_is_escaped() {
    let fields = [("If-None-Match", r#""a\b""#)];
    assert_eq!(decide("GET", &fields, tagged(r#""ab""#)), PERFORM);
    assert_eq!(decide("GET", &fields, tagged(r#""a\b""#)), NOT_MODIFIED);
    assert_eq!(
        EntityTag::strong(br"a\\b").unwrap().to_string(),
        r#""a\\b""#
    );
}

/// 9110-2.4-02: one malformed member makes the whole field malformed, wherever it stands.
#[test]
fn one_malformed_member_spoils_the_list() {
    for value in [
        "bogus, \"a\", \"b\"",
        "\"a\", bogus, \"b\"",
        "\"a\", \"b\", bogus",
        "\"a\", \"b",
        "\"a\", *",
        "\"a\", w/\"b\"",
    ] {
        assert!(is_malformed("If-Match", &[value]), "{value}");
        assert_eq!(
            decide("PUT", &[("If-Match", value)], tagged("\"a\"")),
            FAILED
        );
        assert_eq!(
            decide("GET", &[("If-None-Match", value)], tagged("\"a\"")),
            PERFORM
        );
    }
    // In a later line too.
    let lines = [("If-Match", "\"a\""), ("If-Match", "bogus")];
    assert_eq!(decide("PUT", &lines, tagged("\"a\"")), FAILED);
    let lines = [("If-Match", "bogus"), ("If-Match", "\"a\"")];
    assert_eq!(decide("PUT", &lines, tagged("\"a\"")), FAILED);
}

/// A tag cannot span two lines, however a recipient might join them.
#[test]
fn a_tag_does_not_span_lines() {
    let lines = [("If-None-Match", "\"a"), ("If-None-Match", "b\"")];
    assert_eq!(decide("GET", &lines, tagged("\"a,b\"")), PERFORM);
    assert!(is_malformed("If-None-Match", &["\"a", "b\""]));
}
