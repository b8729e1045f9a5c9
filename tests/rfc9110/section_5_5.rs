//! Section 5.5: what a field value is.

use http_conditional::{ContentRange, EntityTag, EntityTags, HttpDate, Ranges};

use super::*;

const AROUND: [(&str, &str); 4] = [(" ", ""), ("", "\t"), ("\t \t", "  "), ("  ", "\t")];

/// 9110-5.5-02: every parser passes over the white space around a value, and says the place of what
/// is wrong as if it were a part of the value.
#[test]
fn white_space_around_a_value_is_no_part_of_it() {
    for (before, after) in AROUND {
        let around = |value: &str| format!("{before}{value}{after}").into_bytes();
        let shift = before.len();

        assert_eq!(HttpDate::parse(&around(T), None), Ok(date(T)));
        assert_eq!(
            HttpDate::parse_ignore_ascii_case(&around(T), None),
            Ok(date(T))
        );
        let error = HttpDate::parse(&around("Sat, 29 Oct 1994 19:43:31 UTC"), None).unwrap_err();
        assert_eq!(error.index(), shift + 26);
        let error = HttpDate::parse(&around("Sat, 29 Oct 1994"), None).unwrap_err();
        assert_eq!(error.index(), shift + 16);

        let value = around("W/\"a\"");
        let tag = EntityTag::parse(&value).unwrap();
        assert_eq!((tag.opaque(), tag.is_weak()), (&b"a"[..], true));
        assert_eq!(
            EntityTag::parse(&around("\"a")).unwrap_err().index(),
            shift + 2
        );
        assert_eq!(EntityTag::parse(&around("a")).unwrap_err().index(), shift);

        assert!(matches!(
            EntityTags::parse(&around("*")),
            Ok(EntityTags::Any)
        ));
        assert!(matches!(
            EntityTags::parse(&around("\"a\", \"b\"")),
            Ok(EntityTags::List(_))
        ));
        assert_eq!(
            EntityTags::parse(&around("\"a\", b")).unwrap_err().index(),
            shift + 5
        );

        assert_eq!(Ranges::parse(&around("bytes=0-4, 6-")).unwrap().count(), 2);
        assert_eq!(
            Ranges::parse(&around("bytes=0-4, 6")).unwrap_err().index(),
            shift + 12
        );
        assert_eq!(
            Ranges::parse(&around("bytes=")).unwrap_err().index(),
            shift + 6
        );

        assert_eq!(
            ContentRange::parse(&around("bytes 0-4/10")),
            ContentRange::parse(b"bytes 0-4/10")
        );
        let error = ContentRange::parse(&around("bytes 0-4")).unwrap_err();
        assert_eq!(error.index(), shift + 9);
    }
}

/// 9110-5.5-02: a line end is not white space, and white space within a value stays.
#[test]
fn nothing_else_is_passed_over() {
    for value in ["\r\n\"a\"", "\"a\"\n", "\u{a0}\"a\""] {
        assert!(EntityTag::parse(value.as_bytes()).is_err(), "{value:?}");
    }
    assert!(HttpDate::parse(format!("{T}\r\n").as_bytes(), None).is_err());
    assert!(ContentRange::parse(b"bytes 0-4/10\n").is_err());
    assert!(Ranges::parse(b"\nbytes=0-4").is_err());
    assert!(EntityTag::parse(b"\" a\"").is_err());
    assert!(ContentRange::parse(b"bytes 0-4 /10").is_err());
}
