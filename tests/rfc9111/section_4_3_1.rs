//! Section 4.3.1: sending a validation request.

use http_conditional::Field;
use http_conditional::cache::{ConditionalField, SelectionRequest, ValidationRequest};

use super::*;

const RANGE: Option<&[u8]> = Some(b"bytes=0-4");

/// The fields of a request that validates these.
fn validate<const N: usize>(stored: [Response<'_>; N]) -> Vec<String> {
    validate_range(stored, None)
}

fn validate_range<const N: usize>(stored: [Response<'_>; N], range: Option<&[u8]>) -> Vec<String> {
    let request = ValidationRequest::of(&stored).for_range(range);
    let fields = request.fields();
    fields
        .map(|field| format!("{}: {field}", field.name()))
        .collect()
}

/// The fields of a request that asks for one of these and no other.
fn select<const N: usize>(stored: [Response<'_>; N], range: Option<&[u8]>) -> Vec<String> {
    let request = SelectionRequest::of(&stored).for_range(range);
    let fields = request.fields();
    fields
        .map(|field| format!("{}: {field}", field.name()))
        .collect()
}

fn both(tag: &'static str) -> Response<'static> {
    modified().etag(EntityTag::from_static(tag))
}

/// 9111-4.3.1-01: what is added to the request are conditions, and no other field.
#[test]
fn nothing_but_conditions() {
    let stored = [
        both("\"a\""),
        tagged("W/\"b\""),
        strongly_modified(),
        Response::new(200),
    ];
    let all = [
        Field::IfMatch,
        Field::IfNoneMatch,
        Field::IfModifiedSince,
        Field::IfUnmodifiedSince,
        Field::IfRange,
    ];
    for one in stored {
        for range in [None, RANGE] {
            let validation = ValidationRequest::new(one).for_range(range);
            let selection = SelectionRequest::new(one).for_range(range);
            let fields = validation.fields().map(|field| field.field());
            for field in fields.chain(selection.fields().map(|field| field.field())) {
                assert!(all.contains(&field));
            }
            assert!(validation.field(Field::Range).is_none());
            assert!(selection.field(Field::Range).is_none());
        }
    }
}

/// 9111-4.3.1-02: the values are those of the stored responses, unchanged; without a validator
/// there is none.
#[test]
fn values_come_from_what_is_stored() {
    let odd = "\"a,b\\\", W/\"\", \"W/\", \"ä\"";
    let stored = [
        tagged("\"a,b\\\""),
        tagged("W/\"\""),
        tagged("\"W/\""),
        tagged("\"ä\""),
    ];
    assert_eq!(validate(stored), [format!("If-None-Match: {odd}")]);
    assert!(validate([Response::new(200)]).is_empty());
    assert!(validate([]).is_empty());
    assert!(select([Response::new(200)], None).is_empty());
    assert!(select([], RANGE).is_empty());

    // Bytes that are no text.
    let latin = EntityTag::parse(b"\"\xe9\xff,\"").unwrap();
    let stored = [Response::new(200).etag(latin), tagged("\"b\"")];
    let request = ValidationRequest::of(&stored);
    let field = request.field(Field::IfNoneMatch).unwrap();
    let mut buffer = [0xaa; 16];
    assert_eq!(
        field.encode(&mut buffer),
        Ok(b"\"\xe9\xff,\", \"b\"".as_slice())
    );
    assert_eq!(field.encoded_len(), 10);
    assert_eq!(buffer[10..], [0xaa; 6]);
    for length in 0..10 {
        let error = field.encode(&mut buffer[..length]).unwrap_err();
        assert_eq!(error.needed(), 10);
    }
}

/// 9111-4.3.1-03: Last-Modified goes into If-Modified-Since for validation, and into
/// If-Unmodified-Since or If-Range for selection.
#[test]
fn where_the_date_goes() {
    assert_eq!(
        validate([modified()]),
        [format!("If-Modified-Since: {T_TEXT}")]
    );
    assert_eq!(
        select([modified()], None),
        [format!("If-Unmodified-Since: {T_TEXT}")]
    );
    assert_eq!(
        select([modified()], RANGE),
        [format!("If-Unmodified-Since: {T_TEXT}")]
    );
    assert_eq!(
        select([strongly_modified()], RANGE),
        [format!("If-Range: {T_TEXT}")]
    );
}

/// 9111-4.3.1-04: tags go into If-None-Match for validation, and into If-Match or If-Range for
/// selection; 9110-13.1.1-22: a `*` is no tag, and so not among them.
#[test]
fn where_the_tags_go() {
    assert!(EntityTag::parse(b"*").is_err());
    let any = Response::new(200).fields([("ETag", "*")]);
    assert_eq!(select([any, tagged("\"a\"")], None), ["If-Match: \"a\""]);
    assert_eq!(select([any], None), [] as [&str; 0]);
    let two = [tagged("\"b\""), tagged("W/\"a\"")];
    assert_eq!(validate(two), ["If-None-Match: \"b\", W/\"a\""]);
    assert_eq!(select(two, None), ["If-Match: \"b\""]);
    assert_eq!(select(two, RANGE), ["If-Match: \"b\""]);
    assert_eq!(select([tagged("\"b\"")], RANGE), ["If-Range: \"b\""]);
    assert_eq!(select([both("\"b\"")], None), ["If-Match: \"b\""]);
    assert_eq!(
        select([tagged("\"b\""), Response::new(200)], RANGE),
        ["If-Match: \"b\""]
    );
}

/// 9111-4.3.1-05, 9110-13.1.2-03: every tag of what is validated is sent, weak or not.
#[test]
fn every_tag_is_sent() {
    assert_eq!(validate([both("W/\"a\"")])[0], "If-None-Match: W/\"a\"");
    let stored = [
        tagged("\"a\""),
        modified(),
        tagged("W/\"a\""),
        both("\"c\""),
    ];
    assert_eq!(validate(stored), ["If-None-Match: \"a\", W/\"a\", \"c\""]);
    assert_eq!(
        validate_range(stored, RANGE),
        ["If-None-Match: \"a\", W/\"a\", \"c\""]
    );
}

/// 9111-4.3.1-06, 9111-4.3.1-08: both validators are sent where one response is validated as a
/// whole; of several, or for a range, the date is not.
#[test]
fn both_validators() {
    assert_eq!(
        validate([both("\"a\"")]),
        [
            "If-None-Match: \"a\"".to_owned(),
            format!("If-Modified-Since: {T_TEXT}")
        ]
    );
    assert_eq!(
        validate([both("\"a\""), tagged("\"b\"")]),
        ["If-None-Match: \"a\", \"b\""]
    );
    assert_eq!(
        validate_range([both("\"a\"")], RANGE),
        ["If-None-Match: \"a\""]
    );
    assert!(validate([modified(), modified()]).is_empty());
    assert!(validate([modified(), Response::new(200)]).is_empty());
    // Merged with a client's list, more than the one is validated.
    let merged = ValidationRequest::new(both("\"a\""))
        .merge(["\"x\""])
        .unwrap();
    assert!(merged.field(Field::IfModifiedSince).is_none());
}

/// 9111-4.3.1-07, 9110-13.1.5-07, 9110-8.8.2.2-01: for a range and without a tag, a strong date
/// goes into If-Range, and a weak one never.
#[test]
fn the_date_for_a_range() {
    let if_range = [format!("If-Range: {T_TEXT}")];
    assert_eq!(validate_range([strongly_modified()], RANGE), if_range);
    assert_eq!(select([strongly_modified()], RANGE), if_range);
    for weak in [
        modified(),
        modified().date(date(T)).clocks(Clocks::Same),
        modified().date(date(T + 1)),
        modified().received(date(T + 1)).clocks(Clocks::Same),
    ] {
        assert!(validate_range([weak], RANGE).is_empty());
        assert_eq!(
            select([weak], RANGE),
            [format!("If-Unmodified-Since: {T_TEXT}")]
        );
    }
    // There is a tag, so no date, however strong it is.
    let tag = EntityTag::from_static("W/\"a\"");
    assert_eq!(
        validate_range([strongly_modified().etag(tag)], RANGE),
        ["If-None-Match: W/\"a\""]
    );
    assert_eq!(
        select([strongly_modified().etag(tag)], RANGE),
        [format!("If-Unmodified-Since: {T_TEXT}")]
    );
    let tag = EntityTag::from_static("\"a\"");
    assert_eq!(
        select([strongly_modified().etag(tag)], RANGE),
        ["If-Range: \"a\""]
    );
}

/// 9110-13.1.5-03: no If-Range without a Range; 9110-13.1.5-06: and none with a weak tag.
#[test]
fn if_range_needs_a_range_and_a_strong_tag() {
    for stored in [tagged("\"a\""), strongly_modified(), tagged("W/\"a\"")] {
        assert!(
            ValidationRequest::new(stored)
                .field(Field::IfRange)
                .is_none()
        );
        assert!(
            SelectionRequest::new(stored)
                .field(Field::IfRange)
                .is_none()
        );
    }
    let weak = SelectionRequest::new(tagged("W/\"a\"")).for_range(RANGE);
    assert!(weak.field(Field::IfRange).is_none());
    let weak = ValidationRequest::new(tagged("W/\"a\"")).for_range(RANGE);
    assert!(weak.field(Field::IfRange).is_none());
}

/// 9111-4.3.1-01: what is asked for by name is what the request has, and one field selects.
#[test]
fn a_field_by_name_is_one_of_the_fields() {
    let strongly_modified_too = strongly_modified().etag(EntityTag::from_static("\"a\""));
    for stored in [
        both("\"a\""),
        both("W/\"a\""),
        modified(),
        strongly_modified(),
        strongly_modified_too,
        Response::new(200),
    ] {
        for range in [None, RANGE] {
            let request = SelectionRequest::new(stored).for_range(range);
            let sent: Vec<_> = request.fields().map(|field| field.field()).collect();
            for field in [Field::IfRange, Field::IfMatch, Field::IfUnmodifiedSince] {
                assert_eq!(request.field(field).is_some(), sent.contains(&field));
            }
        }
    }
}

/// 9111-4.3.1-02: a value is encoded as it is displayed, into a buffer that has room for it.
#[test]
fn values_are_encoded_as_displayed() {
    fn encodes<'a, C, T>(field: Option<ConditionalField<'a, C>>, expected: &str)
    where
        C: IntoIterator<Item = &'a T> + Clone,
        T: AsRef<[u8]> + ?Sized + 'a,
    {
        let field = field.unwrap();
        let length = expected.len();
        let mut buffer = [0; 64];
        assert_eq!(field.to_string(), expected);
        assert_eq!(field.encode(&mut buffer), Ok(expected.as_bytes()));
        assert_eq!(field.encoded_len(), length);
        let error = field.encode(&mut buffer[..length - 1]).unwrap_err();
        assert_eq!(error.needed(), length);
    }
    let tags = [tagged("\"a\""), tagged("W/\"b\"")];
    let list = ValidationRequest::of(&tags);
    let any = list.merge(["*"]).unwrap();
    encodes(list.field(Field::IfNoneMatch), "\"a\", W/\"b\"");
    encodes(any.field(Field::IfNoneMatch), "*");
    let one = |stored| SelectionRequest::new(stored).for_range(RANGE);
    encodes(one(tagged("\"a\"")).field(Field::IfRange), "\"a\"");
    encodes(one(strongly_modified()).field(Field::IfRange), T_TEXT);
}

/// 9110-13.1.3-16: the stored Last-Modified, and Date or the time of receipt only if asked for.
#[test]
fn the_stored_date_is_sent_if_asked_for() {
    let if_modified_since = |stored: Response<'_>| {
        let plain = ValidationRequest::new(stored);
        let field = plain
            .field(Field::IfModifiedSince)
            .map(|field| field.to_string());
        let or_date = ValidationRequest::new(stored).or_date();
        let fallback = or_date
            .field(Field::IfModifiedSince)
            .map(|field| field.to_string());
        (field, fallback)
    };
    let text = |unix| Some(date(unix).to_string());
    let bare = Response::new(200);
    assert_eq!(
        if_modified_since(modified().date(date(T + 5))),
        (text(T), text(T))
    );
    assert_eq!(
        if_modified_since(bare.date(date(T + 5))),
        (None, text(T + 5))
    );
    assert_eq!(
        if_modified_since(bare.received(date(T + 6))),
        (None, text(T + 6))
    );
    let dated = bare.date(date(T + 5)).received(date(T + 6));
    assert_eq!(if_modified_since(dated), (None, text(T + 5)));
    assert_eq!(if_modified_since(bare), (None, None));
}

/// 9110-5.3-03: no field comes twice, nor in more than one line.
#[test]
fn each_field_once() {
    let stored = [both("\"a\""), strongly_modified(), tagged("\"a\"")];
    for count in 0..=3 {
        for range in [None, RANGE] {
            let some = &stored[..count];
            let validation = ValidationRequest::of(some).for_range(range);
            let mut names: Vec<_> = validation.fields().map(|field| field.name()).collect();
            let length = names.len();
            names.dedup();
            assert_eq!(names.len(), length);
            assert!(SelectionRequest::of(some).for_range(range).fields().count() <= 1);
        }
    }
}

/// 9110-5.6.1.1-01, 9110-5.6.1.1-02, 9110-5.6.3-02, 9110-5.6.3-03: a list has no empty element,
/// one space after each comma and no other white space; an empty one is not sent at all.
#[test]
fn lists_as_senders_write_them() {
    let stored = [
        Response::new(200),
        tagged("\"a\""),
        modified(),
        tagged("W/\"b\""),
        Response::new(200),
    ];
    assert_eq!(validate(stored), ["If-None-Match: \"a\", W/\"b\""]);
    assert!(validate([Response::new(200), modified()]).is_empty());
    let merged = ValidationRequest::new(modified()).merge([" , ,"]).unwrap();
    assert_eq!(merged.fields().count(), 0);
}
