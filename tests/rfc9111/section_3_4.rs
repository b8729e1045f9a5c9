//! Section 3.4: combining partial content (and RFC 9110 section 15.3.7.3).

use http_conditional::cache::{CombinedFields, combine};

use super::*;

fn part(tag: &'static str) -> Response<'static> {
    Response::new(206).etag(EntityTag::from_static(tag))
}

fn can_combine(one: Response<'_>, other: Response<'_>) -> bool {
    combine(one, [other]).is_some()
}

fn combined_fields<const N: usize>(
    new: Response<'_>,
    stored: [Response<'_>; N],
) -> Option<CombinedFields> {
    Some(combine(new, stored)?.fields())
}

/// 9111-3.4-01, 9110-15.3.7.3-01, 9110-15.3.7.3-02: they may be combined where they share a
/// strong validator, and only there.
#[test]
fn one_strong_validator() {
    let bare = Response::new(206);
    let dated = |after| {
        let response = bare.last_modified(date(T)).date(date(T + after));
        response.clocks(Clocks::Same)
    };
    for (one, other, expected) in [
        (part("\"a\""), part("\"a\""), true),
        (part("\"a\""), tagged("\"a\""), true),
        (part("\"a\""), part("\"b\""), false),
        (part("\"a\""), part("W/\"a\""), false),
        (part("W/\"a\""), part("W/\"a\""), false),
        (part("\"a\""), bare, false),
        (bare, bare, false),
        (dated(1), dated(9), true),
        (dated(1), dated(0), false),
        (dated(0), dated(0), false),
        (dated(1), dated(1).clocks(Clocks::Untrusted), false),
        (dated(1), dated(1).last_modified(date(T - 1)), false),
        // A tag that differs is not made up for by a date.
        (
            dated(1).etag(EntityTag::from_static("\"a\"")),
            dated(1).etag(EntityTag::from_static("\"b\"")),
            false,
        ),
        (
            dated(1).etag(EntityTag::from_static("\"a\"")),
            dated(1),
            true,
        ),
    ] {
        assert_eq!(can_combine(one, other), expected, "{one:?} {other:?}");
        assert_eq!(can_combine(other, one), expected, "{other:?} {one:?}");
    }
}

/// 9110-15.3.7.3-01: where the lengths contradict each other, or a response has no content of
/// the representation, nothing is combined.
#[test]
fn no_contradiction() {
    let one = part("\"a\"").complete_length(10);
    assert!(can_combine(one, part("\"a\"").complete_length(10)));
    assert!(can_combine(one, part("\"a\"")));
    assert!(!can_combine(one, part("\"a\"").complete_length(11)));
    for status in [203, 304, 404, 412, 416, 500] {
        let other = Response::new(status).etag(EntityTag::from_static("\"a\""));
        assert!(
            !can_combine(one, other) && !can_combine(other, one),
            "{status}"
        );
    }
}

/// 9110-15.3.7.3-03: the fields of a new 200 are used; 9110-15.3.7.3-04: with a stored 200, those
/// of the newest 200; 9110-15.3.7.3-05: otherwise those of the newest part.
#[test]
fn whose_fields() {
    let at = |response: Response<'static>, after| response.date(date(T + after));
    let parts = [
        at(part("\"a\""), 1),
        at(part("\"a\""), 3),
        at(part("\"b\""), 5),
        at(part("\"a\""), 2),
    ];
    assert_eq!(
        combined_fields(tagged("\"a\""), parts),
        Some(CombinedFields::New)
    );
    assert_eq!(
        combined_fields(part("\"a\""), parts),
        Some(CombinedFields::Updated(1))
    );
    assert_eq!(combined_fields(part("\"z\""), parts), None);
    assert_eq!(combined_fields(tagged("\"z\""), parts), None);
    assert_eq!(combined_fields(part("W/\"a\""), parts), None);

    let with_200 = [
        at(part("\"a\""), 9),
        at(tagged("\"a\""), 1),
        at(tagged("\"a\""), 2),
        at(tagged("\"b\""), 3),
    ];
    assert_eq!(
        combined_fields(part("\"a\""), with_200),
        Some(CombinedFields::Updated(2))
    );
    assert_eq!(
        combined_fields(tagged("\"a\""), with_200),
        Some(CombinedFields::New)
    );
}

/// 9111-3.4-02, 9110-15.3.7.3-05: the stored fields are updated by the rules of section 3.2, and
/// the new Content-Range is not among them.
#[test]
fn the_update() {
    let result = updated(
        &[
            ("ETag", "\"a\""),
            ("Content-Range", "bytes 0-4/10"),
            ("Content-Length", "5"),
            ("X-Old", "1"),
            ("Expires", "0"),
        ],
        &[
            ("ETag", "\"a\""),
            ("Content-Range", "bytes 5-9/10"),
            ("Content-Length", "5"),
            ("Expires", "1"),
        ],
    );
    let expected = [
        ("Content-Range", "bytes 0-4/10"),
        ("Content-Length", "5"),
        ("X-Old", "1"),
        ("ETag", "\"a\""),
        ("Expires", "1"),
    ];
    assert_eq!(result, fields(&expected));
}
