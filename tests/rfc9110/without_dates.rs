//! Without the feature `dates`: a date field is ignored, as for a resource without a modification
//! date, and all else is evaluated as ever.

use http_conditional::{Field, Guard, Representation};

use crate::{
    BEFORE_T, FAILED, IGNORING_RANGE, NOT_MODIFIED, PERFORM, SAFE, T, T1, UNSAFE, decide,
    decided_by, is_malformed, preconditions, tagged,
};

const DATES: [&str; 4] = [BEFORE_T, T, T1, "yesterday"];

/// 9110-13.1.3-06: ignored without a modification date, whatever the date.
#[test]
fn if_modified_since_is_ignored() {
    for value in DATES {
        for method in SAFE.into_iter().chain(UNSAFE) {
            let fields = [("If-Modified-Since", value)];
            assert_eq!(decide(method, &fields, tagged("\"a\"")), PERFORM);
        }
    }
}

/// 9110-13.1.4-04: ignored without a modification date; so it guards no write.
#[test]
fn if_unmodified_since_is_ignored_and_guards_nothing() {
    for value in DATES {
        let fields = [("If-Unmodified-Since", value)];
        for method in UNSAFE {
            assert_eq!(decide(method, &fields, tagged("\"a\"")), PERFORM);
        }
        let put = preconditions("PUT", &fields, tagged("\"a\""));
        assert_eq!(put.guards_write(), Guard::None);
    }
}

/// Whether a value is a date is not known, so none is malformed; but two lines are more than a date
/// field has.
#[test]
fn a_date_field_is_malformed_only_in_two_lines() {
    for name in ["If-Modified-Since", "If-Unmodified-Since", "If-Range"] {
        assert!(!is_malformed(name, &[T]), "{name}");
        assert!(!is_malformed(name, &["yesterday"]), "{name}");
        assert!(is_malformed(name, &[T, T]), "{name}");
    }
    assert!(is_malformed("If-Range", &["\"a"]));
}

/// 9110-13.1.5-13: an If-Range that is no tag is false.
#[test]
fn an_if_range_with_a_date_is_false() {
    for value in DATES {
        let fields = [("Range", "bytes=0-1"), ("If-Range", value)];
        assert_eq!(
            decided_by("GET", &fields, tagged("\"a\"")),
            (IGNORING_RANGE, Some(Field::IfRange))
        );
    }
    let fields = [("Range", "bytes=0-1"), ("If-Range", "\"a\"")];
    assert_eq!(decide("GET", &fields, tagged("\"a\"")), PERFORM);
}

/// Tags decide as ever, beside dates and without them.
#[test]
fn entity_tags_decide() {
    for (name, value, method, decision) in [
        ("If-None-Match", "\"a\"", "GET", NOT_MODIFIED),
        ("If-None-Match", "\"b\"", "GET", PERFORM),
        ("If-None-Match", "*", "PUT", FAILED),
        ("If-Match", "\"a\"", "PUT", PERFORM),
        ("If-Match", "\"b\"", "PUT", FAILED),
    ] {
        let fields = [
            ("If-Modified-Since", T),
            ("If-Unmodified-Since", T),
            (name, value),
        ];
        assert_eq!(
            decide(method, &fields, tagged("\"a\"")),
            decision,
            "{name}: {value}"
        );
        assert_eq!(
            decide(method, &fields[2..], tagged("\"a\"")),
            decision,
            "{name}: {value}"
        );
    }
}

#[test]
fn the_explanation_says_that_no_dates_are_read() {
    let fields = [
        ("If-Unmodified-Since", T),
        ("If-Modified-Since", T),
        ("If-Range", T),
        ("Range", "bytes=0-1"),
    ];
    let explanation = preconditions("GET", &fields, Representation::current()).explain();
    assert_eq!(
        explanation.to_string(),
        "\
200 OK with the whole content: If-Range has no tag, and this build reads no dates (RFC 9110 section 13.2.2, step 5)
  1. If-Match: absent
  2. If-Unmodified-Since: this build reads no dates, so it is ignored
  3. If-None-Match: absent
  4. If-Modified-Since: this build reads no dates, so it is ignored
> 5. If-Range: not a tag, and this build reads no dates, so the condition is false: perform the method, ignoring Range
  6. Range: ignored, because If-Range is false"
    );
}

/// What a date means nobody says where none is read; of a tag all is said as ever.
#[test]
fn nothing_is_said_of_the_value_of_a_date() {
    for (name, value) in [
        ("If-Range", T),
        ("If-Range", "yesterday"),
        ("If-Modified-Since", T),
        ("If-Unmodified-Since", "yesterday"),
    ] {
        for lines in [&[(name, value)][..], &[(name, value), (name, value)]] {
            let get = preconditions("GET", lines, tagged("\"a\""));
            let field = Field::from_name(name.as_bytes()).unwrap();
            let explained = get.explain_with(lines);
            assert!(explained.remark(field).is_none(), "{name}: {value}");
            assert_eq!(explained.to_string(), get.explain().to_string());
        }
    }
    let lines = [("If-Range", "\"A\""), ("Range", "bytes=0-1")];
    let get = preconditions("GET", &lines, tagged("\"a\""));
    let remark = get.explain_with(&lines).remark(Field::IfRange).unwrap();
    assert_eq!(
        remark.to_string(),
        "sent \"A\", current \"a\": the same except for upper and lower case, which counts"
    );
}

/// A modification date that is not read is no validator, and none that two
/// representations could share.
#[test]
fn a_modification_date_is_no_validator() {
    let read = |tag| Representation::of_fields([("ETag", tag), ("Last-Modified", T)]);
    let names = read("\"a\"").fields().map(|(name, _)| name);
    assert!(names.eq(["etag"]));
    assert_eq!(read("no tag").fields().count(), 0);
    assert!(read("\"a\"").shares_strong_validator(read("\"a\"")));
    assert!(!read("\"a\"").shares_strong_validator(read("\"b\"")));
    assert!(!read("no tag").shares_strong_validator(read("no tag")));
}
