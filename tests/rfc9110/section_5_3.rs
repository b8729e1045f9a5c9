//! Sections 5.1 to 5.5: field names, field lines and field values.

use http_conditional::{EntityTag, EntityTags, Field, HttpDate, InvalidEntityTagKind};

use super::*;

/// 9110-5.1-01: names compare without regard to case.
#[test]
fn names_are_case_insensitive() {
    for name in ["If-None-Match", "if-none-match", "IF-NONE-MATCH"] {
        assert_eq!(
            decide("GET", &[(name, "\"a\"")], tagged("\"a\"")),
            NOT_MODIFIED
        );
    }
    for field in [
        Field::IfMatch,
        Field::IfNoneMatch,
        Field::IfModifiedSince,
        Field::IfUnmodifiedSince,
        Field::IfRange,
        Field::Range,
    ] {
        let name = field.name();
        assert_eq!(Field::from_name(name.as_bytes()), Some(field));
        assert_eq!(
            Field::from_name(name.to_uppercase().as_bytes()),
            Some(field)
        );
        assert_eq!(
            Field::from_name(name.to_lowercase().as_bytes()),
            Some(field)
        );
        // With any other byte in any place it is another field, such as CR for the hyphen.
        for at in 0..name.len() {
            for byte in 0..=255_u8 {
                let mut other = name.as_bytes().to_vec();
                other[at] = byte;
                let same = byte.eq_ignore_ascii_case(&name.as_bytes()[at]);
                let expected = same.then_some(field);
                assert_eq!(Field::from_name(&other), expected, "{other:?}");
            }
        }
    }
    for name in [
        "",
        "If",
        "If-",
        "Ranges",
        "If-Match ",
        "If_Match",
        "Accept",
        "X-Range",
    ] {
        assert_eq!(Field::from_name(name.as_bytes()), None);
    }
}

/// 9110-5.1-03, 9110-13.1-03: a field that is not known has no influence.
#[test]
fn unknown_fields_are_passed_over() {
    for field in [("If-Foo", "\"a\""), ("If", "(<lock>)"), ("ETag", "\"b\"")] {
        assert_eq!(decide("GET", &[field], tagged("\"a\"")), PERFORM);
        assert_eq!(
            decide("GET", &[field, ("If-None-Match", "\"a\"")], tagged("\"a\"")),
            NOT_MODIFIED
        );
    }
}

/// 9110-5.2-01, 9110-5.2-02, 9110-5.3-01: lines of one name are one list, in order.
#[test]
fn several_lines_are_one_list() {
    let split = [
        ("If-None-Match", "\"a\""),
        ("If-None-Match", "W/\"b\", \"c\""),
    ];
    let whole = [("If-None-Match", "\"a\", W/\"b\", \"c\"")];
    for current in ["\"a\"", "\"b\"", "\"c\""] {
        assert_eq!(decide("GET", &split, tagged(current)), NOT_MODIFIED);
        assert_eq!(decide("GET", &whole, tagged(current)), NOT_MODIFIED);
    }
    assert_eq!(decide("GET", &split, tagged("\"d\"")), PERFORM);
}

/// 9110-5.3-04: `*` beside any other line of its field is malformed, in either order.
#[test]
fn the_wildcard_stands_alone() {
    for other in ["\"a\"", "*", "", ","] {
        for lines in [["*", other], [other, "*"]] {
            assert!(is_malformed("If-Match", &lines), "{lines:?}");
            let fields = lines.map(|line| ("If-Match", line));
            assert_eq!(decide("PUT", &fields, tagged("\"a\"")), FAILED);
        }
    }
}

/// 9110-5.3-05: a later line can change everything: nothing is decided before the last one.
#[test]
fn nothing_is_decided_before_the_last_line() {
    let fields = [
        ("If-Unmodified-Since", BEFORE_T),
        ("If-Unmodified-Since", T1),
    ];
    assert_eq!(decide("PUT", &fields[..1], modified(T)), FAILED);
    assert_eq!(decide("PUT", &fields, modified(T)), PERFORM);
}

/// 9110-5.3-06: the order of fields with different names is irrelevant: all 720 orders.
#[test]
fn the_order_of_fields_is_irrelevant() {
    fn permutations(
        items: &[(&'static str, &'static str)],
    ) -> Vec<Vec<(&'static str, &'static str)>> {
        if items.is_empty() {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for at in 0..items.len() {
            let mut rest = items.to_vec();
            let first = rest.remove(at);
            for mut tail in permutations(&rest) {
                tail.insert(0, first);
                all.push(tail);
            }
        }
        all
    }
    for (if_match, expected) in [
        ("\"x\"", (FAILED, Some(Field::IfMatch))),
        ("\"a\"", (NOT_MODIFIED, Some(Field::IfNoneMatch))),
    ] {
        let orders = permutations(&[
            ("If-Match", if_match),
            ("If-Unmodified-Since", BEFORE_T),
            ("If-None-Match", "\"a\""),
            ("If-Modified-Since", T1),
            ("Range", "bytes=0-1"),
            ("If-Range", "\"b\""),
        ]);
        assert_eq!(orders.len(), 720);
        for fields in orders {
            let selected = tagged("\"a\"").last_modified(date(T));
            assert_eq!(decided_by("GET", &fields, selected), expected, "{fields:?}");
        }
    }
}

/// 9110-5.4-01, 9110-2.3-02: no list is too long, and none is cut: 100,000 tags in one line, the match last.
#[test]
fn a_list_has_no_longest_length() {
    let mut list = "\"0123456789abcdef0123456789abcdef\", ".repeat(100_000);
    let selected = tagged("\"last\"");
    assert_eq!(
        decide("GET", &[("If-None-Match", &list)], selected),
        PERFORM
    );
    list.push_str("\"last\"");
    assert_eq!(
        decide("GET", &[("If-None-Match", &list)], selected),
        NOT_MODIFIED
    );
    assert_eq!(decide("PUT", &[("If-Match", &list)], selected), PERFORM);
    list.push_str(", oops");
    assert_eq!(decide("PUT", &[("If-Match", &list)], selected), FAILED);
}

/// 9110-2.3-01, 9110-5.6.1.2-02: a mebibyte of anything in any field gets its answer.
#[test]
fn a_mebibyte_gets_an_answer() {
    for name in [
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
    ] {
        for unit in [
            "\"", ",", " ", "a", "\"\"", "\"\",", "*", "W/", ", \t", "\u{ff}", "\0",
        ] {
            let value = unit.repeat((1 << 20) / unit.len());
            let selected = tagged("\"a\"").last_modified(date(T));
            let valid_list = ["\"\",", ",", " ", ", \t"].contains(&unit);
            let expected = match name {
                "If-Match" => FAILED,
                "If-None-Match" if !valid_list => FAILED,
                "Range" => IGNORING_RANGE,
                _ => PERFORM,
            };
            assert_eq!(
                decide("PUT", &[(name, &value)], selected),
                expected,
                "{name} {unit}"
            );
        }
    }
}

/// 9110-5.5-01, 9110-5.5-04, 9110-5.5-05: CR, LF, NUL and other control characters never stand in a tag.
#[test]
fn control_characters_are_malformed() {
    for byte in (0..=0x20).chain([0x7f]) {
        let value = [b'"', b'a', byte, b'b', b'"'];
        let error = EntityTag::parse(&value).unwrap_err();
        assert_eq!(
            (error.kind(), error.index()),
            (InvalidEntityTagKind::Character, 2)
        );
        assert!(is_malformed("If-None-Match", &[value]));
    }
}

/// 9110-5.5-02: white space around a value is not part of it.
#[test]
fn outer_white_space_is_stripped() {
    let dated = modified(T);
    assert_eq!(
        decide("GET", &[("If-None-Match", "\t \"a\" \t")], tagged("\"a\"")),
        NOT_MODIFIED
    );
    assert_eq!(
        decide("PUT", &[("If-Match", " *\t")], tagged("\"a\"")),
        PERFORM
    );
    let padded = format!(" \t{T} ");
    assert_eq!(
        decide("GET", &[("If-Modified-Since", &padded)], dated),
        NOT_MODIFIED
    );
    let fields = [("Range", "bytes=0-1"), ("If-Range", " \"a\"\t")];
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), PERFORM);
}

/// 9110-5.5-03: bytes from 0x80 on are opaque, valid UTF-8 or not.
#[test]
fn obs_text_is_opaque() {
    let selected = Representation::current().etag(EntityTag::strong(b"\xff\xfe").unwrap());
    assert_eq!(
        decide("GET", &[("If-None-Match", b"\"\xff\xfe\"")], selected),
        NOT_MODIFIED
    );
    assert_eq!(
        decide("GET", &[("If-None-Match", b"\"\xff\xff\"")], selected),
        PERFORM
    );
}

/// 9110-5.5-06, 9110-8.8.2-02, 9110-8.8.3-11: a singleton with two members is an error, never its first or last member.
#[test]
fn singletons_have_one_member() {
    let two = format!("{T}, {T}");
    assert!(HttpDate::parse(two.as_bytes(), None).is_err());
    assert!(EntityTag::parse(b"\"a\", \"b\"").is_err());
    for name in ["If-Modified-Since", "If-Unmodified-Since", "If-Range"] {
        assert!(!is_malformed(name, &[T]));
        assert!(is_malformed(name, &[T, T]));
        assert!(is_malformed(name, &[two.as_str()]));
    }
    assert!(is_malformed("Range", &["bytes=0-1", "bytes=0-1"]));
}

/// 9110-5.3-01, 9110-5.3-04: the lines of a field are one list, in which `*` stands alone.
#[test]
fn lines_are_read_as_one_list() {
    let read = |lines: &[&'static str]| match EntityTags::from_lines(lines) {
        Ok(None) => Ok("absent".to_owned()),
        Ok(Some(EntityTags::Any)) => Ok("any".to_owned()),
        Ok(Some(EntityTags::List(tags))) => Ok(format!("{} tags", tags.count())),
        Err(error) => Err(error.kind()),
    };
    assert_eq!(read(&[]), Ok("absent".to_owned()));
    assert_eq!(read(&[""]), Ok("0 tags".to_owned()));
    assert_eq!(read(&["\"a\"", "\"b\", \"c\""]), Ok("3 tags".to_owned()));
    assert_eq!(read(&["*"]), Ok("any".to_owned()));
    for lines in [["*", ""], ["", "*"], ["*", "*"], ["\"a\"", "*"]] {
        assert_eq!(read(&lines), Err(InvalidEntityTagKind::Wildcard));
    }
    let unquoted = Err(InvalidEntityTagKind::OpeningQuote);
    assert_eq!(read(&["\"a\"", "b"]), unquoted);
    assert_eq!(read(&["b", "\"a\""]), unquoted);
}
