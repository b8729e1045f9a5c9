//! Section 8.8.3: entity tags, and how two of them compare. Also section 2.2: what is written
//! follows the grammar.

use http_conditional::{EntityTag, InvalidEntityTagKind};

use super::*;

fn kind(value: &[u8]) -> (InvalidEntityTagKind, usize) {
    let error = EntityTag::parse(value).unwrap_err();
    (error.kind(), error.index())
}

fn tag(value: &'static str) -> EntityTag<'static> {
    EntityTag::from_static(value)
}

/// 9110-8.8.3-01, 9110-8.8.3-04, 9110-8.8.3-08: strong, weak and empty tags.
#[test]
fn tags_are_strong_or_weak() {
    assert_eq!(
        (tag("\"xyzzy\"").opaque(), tag("\"xyzzy\"").is_weak()),
        (&b"xyzzy"[..], false)
    );
    assert_eq!(
        (tag("W/\"xyzzy\"").opaque(), tag("W/\"xyzzy\"").is_weak()),
        (&b"xyzzy"[..], true)
    );
    assert_eq!(
        (tag("\"\"").opaque(), tag("\"\"").is_weak()),
        (&b""[..], false)
    );
    assert_eq!(
        (tag("W/\"\"").opaque(), tag("W/\"\"").is_weak()),
        (&b""[..], true)
    );
    assert_eq!(
        decide("GET", &[("If-None-Match", "\"\"")], tagged("\"\"")),
        NOT_MODIFIED
    );
}

/// 9110-8.8.3-02: the mark is `W/` and nothing else.
#[test]
fn the_mark_is_exact() {
    for value in ["w/\"a\"", "W\"a\"", "W/W/\"a\"", "/\"a\"", "W/a"] {
        assert!(EntityTag::parse(value.as_bytes()).is_err(), "{value}");
    }
}

/// 9110-8.8.3-03: which of the 256 bytes may stand in a tag.
#[test]
fn etagc_is_exact() {
    for byte in 0..=255_u8 {
        let allowed = byte == 0x21 || (0x23..=0x7e).contains(&byte) || byte >= 0x80;
        assert_eq!(
            EntityTag::parse(&[b'"', byte, b'"']).is_ok(),
            allowed,
            "{byte:#x}"
        );
        assert_eq!(EntityTag::strong(&[byte]).is_ok(), allowed, "{byte:#x}");
        assert_eq!(EntityTag::weak(&[byte]).is_ok(), allowed, "{byte:#x}");
        // At any place in a longer tag.
        for at in 0..20 {
            let mut value = *b"\"abcdefghijklmnopqrst\"";
            value[1 + at] = byte;
            assert_eq!(
                EntityTag::parse(&value).is_ok(),
                allowed,
                "{byte:#x} at {at}"
            );
        }
    }
}

/// 9110-8.8.3-05: the quotes are part of it.
#[test]
fn quotes_are_required() {
    for value in [
        "xyzzy", "'xyzzy'", "\"xyzzy", "xyzzy\"", "", "\"", "W/", "W/\"",
    ] {
        assert!(EntityTag::parse(value.as_bytes()).is_err(), "{value}");
    }
    let fields = [("If-None-Match", "xyzzy")];
    assert_eq!(decide("GET", &fields, tagged("\"xyzzy\"")), PERFORM);
}

/// 9110-8.8.3-06: bytes are compared as they are.
#[test]
fn bytes_are_compared_as_they_are() {
    for (one, other) in [
        ("\"%41\"", "\"A\""),
        ("\"a\"", "\"A\""),
        ("\"\u{e9}\"", "\"e\u{301}\""),
    ] {
        assert!(!tag(one).weak_eq(tag(other)));
        assert!(tag(one).strong_eq(tag(one)));
    }
}

/// 9110-8.8.3-07: a backslash is read.
#[test]
fn a_backslash_is_read() {
    assert_eq!(tag(r#""a\b""#).opaque(), br"a\b");
}

/// 9110-8.8.3-12: a comma is an ordinary character.
#[test]
fn a_comma_is_an_ordinary_character() {
    let fields = [("If-None-Match", "\"a,b\", \"c\"")];
    assert_eq!(decide("GET", &fields, tagged("\"a,b\"")), NOT_MODIFIED);
    assert_eq!(decide("GET", &fields, tagged("\"c\"")), NOT_MODIFIED);
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), PERFORM);
    assert_eq!(decide("GET", &fields, tagged("\"b\"")), PERFORM);
}

/// 9110-8.8.3-14: `*` is no tag, and `"*"` is one like any other.
#[test]
fn the_wildcard_is_no_tag() {
    assert_eq!(kind(b"*"), (InvalidEntityTagKind::OpeningQuote, 0));
    let fields = [("If-None-Match", "\"*\"")];
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), PERFORM);
    assert_eq!(decide("GET", &fields, tagged("\"*\"")), NOT_MODIFIED);
}

/// 9110-8.8.3.2-01 to 9110-8.8.3.2-07: the RFC's table, both ways round.
/// 9110-8.8.3.2-02, 9110-8.8.3.2-03, 9110-8.8.3.2-04, 9110-8.8.3.2-05, 9110-8.8.3.2-06
#[test]
fn the_comparison_table() {
    for (one, other, strong, weak) in [
        ("W/\"1\"", "W/\"1\"", false, true),
        ("W/\"1\"", "W/\"2\"", false, false),
        ("W/\"1\"", "\"1\"", false, true),
        ("\"1\"", "\"1\"", true, true),
        ("\"1\"", "\"2\"", false, false),
        ("W/\"1\"", "\"2\"", false, false),
        ("\"1\"", "\"11\"", false, false),
        ("\"\"", "\"1\"", false, false),
    ] {
        let (one, other) = (tag(one), tag(other));
        assert_eq!(
            (one.strong_eq(other), other.strong_eq(one)),
            (strong, strong)
        );
        assert_eq!((one.weak_eq(other), other.weak_eq(one)), (weak, weak));
    }
}

/// 9110-8.8.1-09, 9110-8.8.1-10: a strong validator serves every condition, a weak one only If-None-Match.
#[test]
fn weak_tags_serve_if_none_match_only() {
    let range = ("Range", "bytes=0-1");
    assert_eq!(
        decide("GET", &[("If-None-Match", "\"1\"")], tagged("\"1\"")),
        NOT_MODIFIED
    );
    assert_eq!(
        decide("PUT", &[("If-Match", "\"1\"")], tagged("\"1\"")),
        PERFORM
    );
    assert_eq!(
        decide("GET", &[range, ("If-Range", "\"1\"")], tagged("\"1\"")),
        PERFORM
    );
    let weak = "W/\"1\"";
    assert_eq!(
        decide("GET", &[("If-None-Match", weak)], tagged(weak)),
        NOT_MODIFIED
    );
    assert_eq!(decide("PUT", &[("If-Match", weak)], tagged(weak)), FAILED);
    assert_eq!(
        decide("GET", &[range, ("If-Range", weak)], tagged(weak)),
        IGNORING_RANGE
    );
}

/// 9110-8.8.1-04: weakness is what the mark says, never guessed from the tag.
#[test]
fn weakness_is_only_the_mark() {
    assert!(!tag("\"W/\"").is_weak());
    assert!(!EntityTag::strong(b"W/").unwrap().is_weak());
    assert!(EntityTag::weak(b"").unwrap().is_weak());
}

/// 9110-2.2-01: what the grammar cannot say is refused, and nothing is written.
#[test]
fn what_is_no_tag_is_not_written() {
    for opaque in ["a\"b", "a b", "a\x7f"] {
        assert!(EntityTag::strong(opaque.as_bytes()).is_err());
        assert!(EntityTag::weak(opaque.as_bytes()).is_err());
    }
    let mut buffer = [b'#'; 6];
    assert_eq!(
        tag("W/\"abc\"").encode(&mut buffer).unwrap_err().needed(),
        7
    );
    assert_eq!(&buffer, b"######");
    assert_eq!(tag("W/\"ab\"").encode(&mut buffer).unwrap(), b"W/\"ab\"");
    assert_eq!(tag("\"ab\"").encode(&mut buffer).unwrap(), b"\"ab\"");
    assert_eq!(&buffer, b"\"ab\"b\"");
}

/// 9110-8.8.3.1-01: tags are echoed byte for byte, obs-text too.
#[test]
fn tags_are_echoed_byte_for_byte() {
    let value = b"W/\"\x80\xff,\\!\"";
    let mut buffer = [0; 16];
    assert_eq!(
        EntityTag::parse(value)
            .unwrap()
            .encode(&mut buffer)
            .unwrap(),
        value
    );
    // Display is exact for text, and lossy for what is not UTF-8.
    assert_eq!(tag("\"\u{e9}\"").to_string(), "\"\u{e9}\"");
    assert_eq!(
        EntityTag::parse(b"\"a\xffb\"").unwrap().to_string(),
        "\"a\u{fffd}b\""
    );
    assert_eq!(
        format!("{:?}", EntityTag::parse(b"W/\"a\xff\"").unwrap()),
        r#"EntityTag(W/"a\xff")"#
    );
}

/// A tag is padded by its characters, whichever its pieces are, as the standard library pads text.
#[test]
fn a_tag_is_padded_as_text_is() {
    for value in ["\"\"", "W/\"a\"", "\"\u{e9}\u{e9}\"", "W/\"\u{e9},b\""] {
        let tag = tag(value);
        for width in 0..20 {
            assert_eq!(format!("{tag:width$}"), format!("{value:width$}"));
            assert_eq!(format!("{tag:-<width$}"), format!("{value:-<width$}"));
            assert_eq!(format!("{tag:-^width$}"), format!("{value:-^width$}"));
            assert_eq!(format!("{tag:->width$}"), format!("{value:->width$}"));
        }
    }
}

/// 9110-8.8.1-02, 9110-8.8.1-08: a tag from a digest is strong, valid, and the same every time.
#[test]
fn tags_from_a_digest_are_strong() {
    let mut buffer = [0; 64];
    let digest: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8 + 7).unwrap());
    let made = EntityTag::from_digest(&digest, &mut buffer).unwrap();
    assert!(!made.is_weak());
    assert_eq!(
        made.opaque(),
        b"070f171f272f373f474f575f676f777f878f979fa7afb7bfc7cfd7dfe7eff7ff"
    );
    assert!(EntityTag::parse(made.to_string().as_bytes()).is_ok());
    assert_eq!(
        EntityTag::from_digest(&digest, &mut [0; 63])
            .unwrap_err()
            .needed(),
        64
    );
    assert_eq!(EntityTag::from_digest(&[], &mut []).unwrap().opaque(), b"");
}

/// 9110-8.8.3-09: a tag from size and modification time is weak.
#[test]
fn tags_from_size_and_time_are_weak() {
    let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
    for (size, seconds, nanoseconds, expected) in [
        (0, 0, 0, "W/\"0-0-0\""),
        (
            4096,
            784_111_777,
            500_000_000,
            "W/\"1000-2ebc98a1-1dcd6500\"",
        ),
        (1, -1, 1, "W/\"1-ffffffffffffffff-1\""),
        (
            u64::MAX,
            i64::MAX,
            u32::MAX,
            "W/\"ffffffffffffffff-7fffffffffffffff-ffffffff\"",
        ),
        (
            u64::MAX,
            -1,
            u32::MAX,
            "W/\"ffffffffffffffff-ffffffffffffffff-ffffffff\"",
        ),
        (
            0x0012_3456_789a_bcde,
            0xf,
            0x10,
            "W/\"123456789abcde-f-10\"",
        ),
    ] {
        let made = EntityTag::from_size_and_modified(size, seconds, nanoseconds, &mut buffer);
        assert!(made.is_weak());
        assert_eq!(made.to_string(), expected);
        assert!(EntityTag::parse(expected.as_bytes()).is_ok());
    }
}

/// 9110-8.8.3.3-01, 9110-3.2-01: the tag of another coding of the same data is another tag.
#[test]
fn codings_have_tags_of_their_own() {
    let fields = [("If-None-Match", "\"v1-gzip\"")];
    assert_eq!(decide("GET", &fields, tagged("\"v1-identity\"")), PERFORM);
    assert_eq!(decide("GET", &fields, tagged("\"v1-gzip\"")), NOT_MODIFIED);
}

/// An error says what is wrong and where.
#[test]
fn errors_say_what_and_where() {
    for (value, expected) in [
        ("", (InvalidEntityTagKind::OpeningQuote, 0)),
        ("a", (InvalidEntityTagKind::OpeningQuote, 0)),
        ("W/a", (InvalidEntityTagKind::OpeningQuote, 2)),
        ("\"abc", (InvalidEntityTagKind::ClosingQuote, 4)),
        ("W/\"", (InvalidEntityTagKind::ClosingQuote, 3)),
        ("W/\"a b\"", (InvalidEntityTagKind::Character, 4)),
        ("\"a\"b", (InvalidEntityTagKind::End, 3)),
        ("\"a\" x", (InvalidEntityTagKind::End, 3)),
    ] {
        assert_eq!(kind(value.as_bytes()), expected, "{value}");
    }
    assert_eq!(EntityTag::strong(b"ab\"").unwrap_err().index(), 2);
}

/// A literal that is no tag does not get far.
#[test]
#[should_panic(expected = "not an entity tag")]
fn a_bad_literal_panics() {
    let _ = EntityTag::from_static("v1");
}

/// The longest tag of a file has its 42 characters, none of which is cut off.
#[cfg(feature = "std")]
#[test]
fn the_longest_tag_of_a_file() {
    use std::time::{Duration, SystemTime};
    let far = SystemTime::UNIX_EPOCH.checked_sub(Duration::new(1, 1));
    let tag = far.and_then(|time| http_conditional::SmallTag::of_file(u64::MAX, time));
    let length = tag.map(|tag| tag.as_tag().opaque().len());
    assert_eq!(length, Some(42));
}
