//! What is said of values (sections 13.1 and 13.2.2): both sides of a comparison that failed, and
//! what was probably meant.

use http_conditional::{HttpDate, Policy, Remark, RemarkKind, Step};

use super::*;

type Lines<'a> = [(&'a str, &'a str)];

fn kind(method: &str, lines: &Lines<'_>, selected: Representation<'_>) -> Option<RemarkKind> {
    let explained = preconditions(method, lines, selected);
    let explained = explained.explain_with(lines);
    let field = Field::from_name(lines[0].0.as_bytes()).unwrap();
    explained.remark(field).map(Remark::kind)
}

fn text(method: &str, lines: &Lines<'_>, selected: Representation<'_>) -> String {
    let explained = preconditions(method, lines, selected);
    let explained = explained.explain_with(lines);
    explained.to_string()
}

/// What is said of the one field that is sent.
fn remark(method: &str, line: (&str, &str), selected: Representation<'_>) -> Option<String> {
    let text = text(method, &[line], selected);
    let mut remarks = text.lines().filter(|line| line.starts_with("     "));
    let remark = remarks.next().map(|line| line.trim().to_owned());
    assert_eq!(remarks.next(), None);
    remark
}

/// 9110-13.1.2-02: a tag that is nearly the current one, by what tells the two apart.
#[test]
fn a_tag_that_is_nearly_the_current_one() {
    let current = tagged("\"a1\"");
    for (value, expected) in [
        ("\"b\"", RemarkKind::Differs),
        ("\"b\", \"c\"", RemarkKind::Differs),
        ("a1", RemarkKind::Quotes),
        ("'a1'", RemarkKind::Quotes),
        ("\u{201c}a1\u{201d}", RemarkKind::Quotes),
        ("\"\"a1\"\"", RemarkKind::Quotes),
        ("\\\"a1\\\"", RemarkKind::Quotes),
        ("\"a1", RemarkKind::Quotes),
        ("W/a1", RemarkKind::Quotes),
        ("\"A1\"", RemarkKind::Case),
        ("\"b\", \"A1\"", RemarkKind::Case),
        ("\"a 1\"", RemarkKind::WhiteSpace),
        ("\"a1-gzip\"", RemarkKind::Suffix),
        ("\"a1--gzip\"", RemarkKind::Suffix),
        ("W/\"a1;br\"", RemarkKind::Suffix),
        ("\"a1gzip\"", RemarkKind::Differs),
        ("\"a1-\"", RemarkKind::Differs),
        ("\"*\"", RemarkKind::QuotedStar),
    ] {
        let line = [("If-None-Match", value)];
        assert_eq!(kind("GET", &line, current), Some(expected), "{value}");
    }
    let compressed = tagged("\"a1-gzip\"");
    let line = [("If-Match", "\"a1\"")];
    assert_eq!(kind("PUT", &line, compressed), Some(RemarkKind::Suffix));
}

/// 9110-13.1.1-11, 9110-13.1.5-13: a tag that would match if it were not for `W/`.
#[test]
fn a_weak_tag_where_only_strong_ones_match() {
    for (sent, current) in [
        ("W/\"a\"", "\"a\""),
        ("\"a\"", "W/\"a\""),
        ("W/\"a\"", "W/\"a\""),
    ] {
        let current = tagged(current);
        let if_match = [("If-Match", sent)];
        assert_eq!(
            kind("PUT", &if_match, current),
            Some(RemarkKind::WeakMark),
            "{sent}"
        );
        let if_range = [("If-Range", sent), ("Range", "bytes=0-1")];
        assert_eq!(
            kind("GET", &if_range, current),
            Some(RemarkKind::WeakMark),
            "{sent}"
        );
        assert_eq!(kind("GET", &[("If-None-Match", sent)], current), None);
    }
}

/// A field that means what it says gets no remark.
#[test]
fn nothing_is_said_of_what_needs_no_word() {
    let current = tagged("\"a\"");
    for line in [
        ("If-None-Match", "\"a\""),
        ("If-None-Match", "\"b\", \"a\""),
        ("If-None-Match", "*"),
        ("If-None-Match", ""),
        ("If-Match", "\"a\""),
        ("If-Modified-Since", T),
        ("If-Range", T),
        ("Range", "bytes=0-1"),
    ] {
        assert_eq!(kind("GET", &[line], current), None, "{line:?}");
    }
    assert_eq!(
        kind(
            "GET",
            &[("If-None-Match", "\"b\"")],
            Representation::current()
        ),
        None
    );
}

/// Case e6: a star in quotes is written as a tag, and is one.
#[test]
fn a_quoted_star_is_pointed_out() {
    let create = ("If-None-Match", "\"*\"");
    assert_eq!(decide("PUT", &[create], tagged("\"a\"")), PERFORM);
    for selected in [tagged("\"a\""), Representation::current()] {
        let said = remark("PUT", create, selected).unwrap();
        assert!(
            said.ends_with(": a tag; without quotes, * matches whatever is current"),
            "{said}"
        );
    }
}

/// 9110-13.1.5-09: what is read as a date is not called a tag, however it is written; two tags are
/// no If-Range, nor are two lines.
#[test]
fn an_if_range_is_a_date_or_a_tag() {
    let range = ("Range", "bytes=0-1");
    let said = |policy: Policy, lines: &Lines<'_>| {
        let selected =
            modified("Thu, 15 Jan 2026 08:49:37 GMT").etag(EntityTag::from_static("\"a\""));
        let mut get = Preconditions::with_policy(Method::Get, selected, policy);
        get.extend(lines.iter().copied());
        let explained = get.explain_with(lines);
        explained.remark(Field::IfRange).map(Remark::kind)
    };
    let june_2026 = HttpDate::from_unix(1_781_481_600).unwrap();
    let dated = Policy::new().now(june_2026);
    let if_range = |value| ("If-Range", value);
    // Its century decides which weekday it is.
    let obsolete = if_range("Thursday, 15-Jan-26 08:49:37 GMT");
    assert_eq!(said(dated, &[range, obsolete]), None);
    let unknown = if_range("Monday, 15-Jan-26 08:49:37 GMT");
    let without_clock = preconditions("GET", &[range, unknown], tagged("\"a\""));
    let explained = without_clock.explain_with([range, unknown]);
    assert!(explained.remark(Field::IfRange).is_none());
    let utc = if_range("Thu, 15 Jan 2026 08:49:37 UTC");
    assert_eq!(said(dated.lenient_dates(), &[range, utc]), None);
    let invalid = Some(RemarkKind::InvalidEntityTag(
        EntityTag::parse(utc.1.as_bytes()).unwrap_err(),
    ));
    assert_eq!(said(dated, &[range, utc]), invalid);

    let two = if_range("\"x\", \"y\"");
    let invalid = Some(RemarkKind::InvalidEntityTag(
        EntityTag::parse(two.1.as_bytes()).unwrap_err(),
    ));
    assert_eq!(said(dated, &[range, two]), invalid);
    let tag = if_range("\"x\"");
    assert_eq!(said(dated, &[range, tag]), Some(RemarkKind::Differs));
    assert_eq!(said(dated, &[range, tag, tag]), None);
}

/// A date on two lines is malformed for that, and not for what it says.
#[test]
fn two_dates_are_not_looked_at() {
    let lenient = Policy::new().lenient_dates();
    let line = ("If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 UTC");
    let mut get = Preconditions::with_policy(Method::Get, modified(T), lenient);
    get.extend([line, line]);
    let explained = get.explain_with([line, line]);
    assert!(explained.remark(Field::IfModifiedSince).is_none());
}

/// 9110-5.6.7-16: nothing is wrong with a date that was read by a departure, or by the clock.
#[test]
fn a_date_that_was_read_is_not_malformed() {
    let june_2026 = HttpDate::from_unix(1_781_481_600).unwrap();
    let dated = Policy::new().now(june_2026);
    let said = |policy: Policy, line| {
        let mut get = Preconditions::with_policy(Method::Get, modified(T), policy);
        get.extend([line]);
        let explained = get.explain_with([line]);
        explained.remark(Field::IfModifiedSince).is_some()
    };
    let utc = ("If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 UTC");
    assert!(said(dated, utc));
    assert!(!said(dated.lenient_dates(), utc));
    let obsolete = ("If-Modified-Since", "Saturday, 29-Oct-94 19:43:31 GMT");
    assert!(!said(dated, obsolete));
}

/// 9110-13.1.1-14, 9110-13.1.3-03: what is malformed is said with its place.
#[test]
fn what_is_malformed_is_said_with_its_place() {
    let current = tagged("\"a\"");
    assert_eq!(
        remark("PUT", ("If-Match", "\"b\", c"), current).unwrap(),
        "sent \"b\", c, current \"a\": not an entity tag: expected `\"` or `W/\"` at byte 5"
    );
    assert_eq!(
        remark(
            "GET",
            ("If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 CET"),
            current
        )
        .unwrap(),
        "sent Sat, 29 Oct 1994 19:43:31 CET: not an HTTP-date: expected `GMT` at byte 26"
    );
    // A field that is not looked at gets no remark in the text.
    let both = [
        ("If-Modified-Since", "yesterday"),
        ("If-None-Match", "\"b\""),
    ];
    assert!(!text("GET", &both, current).contains("yesterday"));
}

/// Case p14: control characters and changes of direction do not reach a terminal, nor does a value
/// of any length.
#[test]
fn any_value_is_safe_for_a_terminal() {
    let long = format!("\"{}\"", "x".repeat(10_000));
    for value in [
        "\"\u{9b}31m\"",
        "\"\u{202e}\"",
        "\"\x1b[31m\"",
        "\"\x7f\"",
        &long,
    ] {
        for (selected, sent) in [
            (tagged("\"a\""), value),
            (tagged("\"\u{9b}\u{202e}\""), "\"b\""),
        ] {
            for name in ["If-Match", "If-None-Match", "If-Range", "If-Modified-Since"] {
                let text = text("GET", &[(name, sent), ("Range", "bytes=0-1")], selected);
                assert!(
                    text.lines()
                        .all(|line| line.bytes().all(|b| (b' '..=b'~').contains(&b)))
                );
                assert!(text.len() < 1_500, "{}", text.len());
            }
        }
    }
    for (length, after) in [(95, ""), (96, ""), (97, "... (97 bytes)")] {
        let value = format!("\"{}\"", "x".repeat(length - 2));
        let said = remark("PUT", ("If-Match", &value), tagged("\"a\"")).unwrap();
        let shown = &value[..length.min(96)];
        let expected = format!("sent {shown}{after}, current \"a\": another tag");
        assert_eq!(said, expected);
    }
    let said = remark("PUT", ("If-Match", "\"\u{9b}\""), tagged("\"a\"")).unwrap();
    assert_eq!(said, "sent \"\\xc2\\x9b\", current \"a\": another tag");
}

/// The step that prevented a 304, where one did.
#[test]
fn what_kept_a_304_away() {
    let both = modified(T).etag(EntityTag::from_static("\"a\""));
    let nothing = Representation::current();
    for (method, lines, selected, step) in [
        ("GET", &[][..], both, Some(Step::IfNoneMatch)),
        ("QUERY", &[], both, Some(Step::IfNoneMatch)),
        ("GET", &[], modified(T), Some(Step::IfModifiedSince)),
        ("HEAD", &[], nothing, Some(Step::IfNoneMatch)),
        (
            "GET",
            &[("If-None-Match", "\"b\"")],
            both,
            Some(Step::IfNoneMatch),
        ),
        (
            "GET",
            &[("If-None-Match", "b")],
            modified(T),
            Some(Step::IfNoneMatch),
        ),
        (
            "GET",
            &[("If-Modified-Since", BEFORE_T)],
            both,
            Some(Step::IfModifiedSince),
        ),
        (
            "GET",
            &[("If-Modified-Since", "x")],
            both,
            Some(Step::IfModifiedSince),
        ),
        ("GET", &[("If-None-Match", "\"a\"")], both, None),
        ("GET", &[("If-Match", "\"b\"")], both, None),
        ("GET", &[], Representation::ABSENT, None),
        ("PUT", &[("If-None-Match", "\"b\"")], both, None),
        ("OPTIONS", &[("If-None-Match", "\"b\"")], both, None),
    ] {
        let explanation = preconditions(method, lines, selected).explain();
        assert_eq!(explanation.kept_from_304(), step, "{method} {lines:?}");
        if step.is_some() {
            let text = explanation.to_string();
            assert!(text.starts_with("200 OK, not 304: "), "{text}");
        }
    }
}

/// The first line of every answer, with its reason.
// A row for each reason.
#[allow(clippy::too_many_lines)]
#[test]
fn the_first_line_is_the_answer_and_its_reason() {
    let both = modified(T).etag(EntityTag::from_static("\"a\""));
    let range = ("Range", "bytes=0-1");
    for (method, lines, selected, expected) in [
        (
            "GET",
            &[("If-None-Match", "\"a\"")][..],
            both,
            "304 Not Modified: If-None-Match names the current tag",
        ),
        (
            "GET",
            &[("If-None-Match", "*")],
            both,
            "304 Not Modified: If-None-Match is `*`, and there is a current representation",
        ),
        (
            "GET",
            &[("If-None-Match", "a")],
            both,
            "200 OK, not 304: If-None-Match is malformed",
        ),
        (
            "GET",
            &[("If-None-Match", "")],
            both,
            "200 OK, not 304: If-None-Match is an empty list",
        ),
        (
            "GET",
            &[("If-None-Match", "\"b\"")],
            both,
            "200 OK, not 304: If-None-Match does not name the current tag",
        ),
        (
            "GET",
            &[("If-None-Match", "\"a\"")],
            modified(T),
            "200 OK, not 304: the representation has no tag for If-None-Match to name",
        ),
        (
            "GET",
            &[("If-Modified-Since", T)],
            both,
            "304 Not Modified: it was not modified after the date in If-Modified-Since",
        ),
        (
            "GET",
            &[("If-Modified-Since", BEFORE_T)],
            both,
            "200 OK, not 304: it was modified after the date in If-Modified-Since",
        ),
        (
            "GET",
            &[("If-Modified-Since", "x")],
            both,
            "200 OK, not 304: If-Modified-Since is malformed",
        ),
        (
            "GET",
            &[("If-Modified-Since", T)],
            tagged("\"a\""),
            "200 OK, not 304: no modification date is known",
        ),
        (
            "PUT",
            &[("If-Match", "\"b\"")],
            both,
            "412 Precondition Failed: If-Match does not name the current tag",
        ),
        (
            "PUT",
            &[("If-Match", "")],
            both,
            "412 Precondition Failed: If-Match is an empty list",
        ),
        (
            "PUT",
            &[("If-Match", "b")],
            both,
            "412 Precondition Failed: If-Match is malformed",
        ),
        (
            "PUT",
            &[("If-Match", "\"b\"")],
            modified(T),
            "412 Precondition Failed: the representation has no tag for If-Match to name",
        ),
        (
            "PUT",
            &[("If-Match", "\"b\"")],
            Representation::ABSENT,
            "412 Precondition Failed: there is no current representation for If-Match to name",
        ),
        (
            "PUT",
            &[("If-Unmodified-Since", BEFORE_T)],
            both,
            "412 Precondition Failed: it was modified after the date in If-Unmodified-Since",
        ),
        (
            "GET",
            &[range],
            both,
            "206 Partial Content, if the Range can be satisfied, not 304: no condition was sent",
        ),
        (
            "GET",
            &[range, ("If-Range", "\"b\"")],
            both,
            "200 OK with the whole content: If-Range names another tag",
        ),
        (
            "GET",
            &[range, ("If-Range", "W/\"a\"")],
            both,
            "200 OK with the whole content: If-Range and the current tag match only weakly",
        ),
        (
            "GET",
            &[range, ("If-Range", "\"b\"")],
            modified(T),
            "200 OK with the whole content: If-Range names a tag, and the representation has none",
        ),
        (
            "GET",
            &[range, ("If-Range", BEFORE_T)],
            both,
            "200 OK with the whole content: If-Range has another date",
        ),
        (
            "GET",
            &[range, ("If-Range", T)],
            both,
            "200 OK with the whole content: the date in If-Range is not a strong validator",
        ),
        (
            "GET",
            &[range, ("If-Range", T)],
            tagged("\"a\""),
            "200 OK with the whole content: If-Range has a date, and no modification date is known",
        ),
        (
            "GET",
            &[range, ("If-Range", "x")],
            both,
            "200 OK with the whole content: If-Range is malformed",
        ),
    ] {
        let text = preconditions(method, lines, selected).explain().to_string();
        let first = text.lines().next().unwrap();
        let expected = format!("{expected} (RFC 9110 section 13.2.2, step ");
        assert!(first.starts_with(&expected), "{first}");
    }
    let exactly = Policy::new().exact_if_modified_since();
    let mut get = Preconditions::with_policy(Method::Get, both, exactly);
    get.extend([("If-Modified-Since", BEFORE_T)]);
    assert!(get.explain().to_string().starts_with(
        "200 OK, not 304: it was not modified at exactly the date in If-Modified-Since"
    ));
}

/// The brothers are mentioned where they were compared.
#[test]
fn brothers_are_mentioned() {
    let brothers = [EntityTag::from_static("\"a-gzip\"")];
    let current = tagged("\"a\"").also(&brothers);
    let said = |method, selected, value| {
        let name = if method == "GET" {
            "If-None-Match"
        } else {
            "If-Match"
        };
        text(method, &[(name, value)], selected)
    };
    assert!(said("PUT", current, "\"a-gzip\"").contains(
        "1 tag, compared strongly with \"a\" and the tags of 1 other representations: \
         number 1 matches"
    ));
    assert!(said("GET", current, "\"b\"").contains("1 tag, compared weakly with \"a\": none"));
    // The tag of a brother matches, so there is nothing to say of it; for GET it does not count.
    let brothers_tag = "\"a-gzip\"";
    assert_eq!(remark("PUT", ("If-Match", brothers_tag), current), None);
    assert_eq!(
        remark("PUT", ("If-None-Match", brothers_tag), current),
        None
    );
    let remarked = kind("GET", &[("If-None-Match", brothers_tag)], current);
    assert_eq!(remarked, Some(RemarkKind::Suffix));
    let untagged = Representation::current().also(&brothers);
    assert!(said("PUT", untagged, "\"b\"").contains(
        "1 tag, compared strongly with the tags of 1 other representations: none matches"
    ));
}

/// 9110-13.1.1-02: what is said in words can be had as values too: what was sent, what is current,
/// and how they differ.
#[test]
fn a_remark_has_both_values() {
    let current = tagged("\"a1\"");
    for (value, sent, said) in [
        ("\"b\"", "\"b\"", "another tag"),
        ("\"b\", \"c\"", "\"b\"", "another tag"),
        (
            "\"b\", 'a1'",
            "\"b\", 'a1'",
            "not an entity tag: expected `\"` or `W/\"` at byte 5",
        ),
        (
            "a1",
            "a1",
            "the same except for the quotes, which are part of a tag",
        ),
        (
            "\"b\", \"A1\"",
            "\"A1\"",
            "the same except for upper and lower case, which counts",
        ),
        (
            "\"a\ta1\"",
            "\"a\ta1\"",
            "not an entity tag: a character that a tag may not contain, at byte 2",
        ),
        (
            "W/\"a1\"",
            "W/\"a1\"",
            "the same but weak, and a weak tag never matches here",
        ),
        // The first of several that are near.
        (
            "\"b\", W/\"a1\", \"A1\", \"c\"",
            "W/\"a1\"",
            "the same but weak, and a weak tag never matches here",
        ),
        (
            "\"b\", \"a1-gzip\"",
            "\"a1-gzip\"",
            "the same except for the end; a proxy that compresses may have added it",
        ),
    ] {
        let lines = [("If-Match", value)];
        let put = preconditions("PUT", &lines, current);
        let explained = put.explain_with(&lines);
        let remark = explained.remark(Field::IfMatch).unwrap();
        assert_eq!(remark.sent(), sent.as_bytes());
        assert!(
            remark
                .current()
                .unwrap()
                .strong_eq(EntityTag::from_static("\"a1\""))
        );
        let shown = sent.replace('\t', "\\x09");
        assert_eq!(
            remark.to_string(),
            format!("sent {shown}, current \"a1\": {said}")
        );
        // The rest of the explanation is the one without values.
        assert_eq!(
            explained.explanation().to_string(),
            put.explain().to_string()
        );
        assert_eq!(explained.explanation().decision(), FAILED);
    }
    // White space within a tag is no tag, whatever it is the same as.
    let spaced = [("If-Match", "\"a 1\"")];
    let put = preconditions("PUT", &spaced, current);
    let remark = put.explain_with(&spaced).remark(Field::IfMatch).unwrap();
    assert_eq!(
        remark.to_string(),
        "sent \"a 1\", current \"a1\": the same except for white space"
    );
    // A date is compared with none.
    let since = [("If-Unmodified-Since", "yesterday")];
    let put = preconditions("PUT", &since, current);
    let remark = put
        .explain_with(&since)
        .remark(Field::IfUnmodifiedSince)
        .unwrap();
    assert_eq!(remark.sent(), b"yesterday");
    assert!(remark.current().is_none());
}
