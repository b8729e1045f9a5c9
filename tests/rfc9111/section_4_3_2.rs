//! Section 4.3.2: handling a received validation request.

use http_conditional::cache::{
    AfterMerged, AfterNotModified, Answer, Evaluation, ValidationRequest, evaluate,
};
use http_conditional::{Decision, Field, Method, Policy, Representation};

use super::*;

const RANGE: (&str, &str) = ("Range", "bytes=0-1");

fn answer<'a>(stored: Response<'a>, fields: &[(&str, &'a str)]) -> Answer<'a> {
    evaluate("GET", Some(stored), fields.iter().copied())
}

/// 9111-4.3.2-01, 9110-13.1.2-18: the conditions of a request that a stored 200 or 206 can satisfy are evaluated
/// against its validators.
#[test]
fn conditions_are_evaluated() {
    let parts = [range(0, 9)];
    let partial = Response::new(206)
        .parts(&parts)
        .etag(EntityTag::from_static("\"a\""));
    for (tags, expected) in [
        ("\"a\"", Answer::NotModified),
        ("W/\"a\"", Answer::NotModified),
        ("\"x\", \"a\"", Answer::NotModified),
        ("\"x\"", Answer::Whole),
        ("", Answer::Whole),
        ("a", Answer::Whole),
        ("\"a\", *", Answer::Whole),
    ] {
        let condition = ("If-None-Match", tags);
        assert_eq!(answer(tagged("\"a\""), &[condition]), expected, "{tags}");
        assert_eq!(answer(tagged("W/\"a\""), &[condition]), expected, "{tags}");
        assert_eq!(
            evaluate("HEAD", Some(tagged("\"a\"")), [condition]),
            expected,
            "{tags}"
        );
        let part = sent(&answer(partial, &[condition, RANGE]));
        let expected = match expected {
            Answer::NotModified => "304",
            _ => "206 bytes 0-1/*",
        };
        assert_eq!(part, expected, "{tags}");
    }
    assert_eq!(answer(tagged("\"a\""), &[]), Answer::Whole);
    assert_eq!(
        answer(modified(), &[("If-Modified-Since", T_TEXT)]),
        Answer::NotModified
    );
}

/// 9111-4.3.2-02: If-Match and If-Unmodified-Since are not evaluated, whatever they say; that they
/// are there can be told.
#[test]
fn conditions_for_the_origin_server_are_not_evaluated() {
    let stored = modified().etag(EntityTag::from_static("\"a\""));
    let long_ago = "Thu, 01 Jan 1970 00:00:00 GMT";
    for condition in [
        ("If-Match", "\"x\""),
        ("If-Match", "*"),
        ("If-Match", ""),
        ("If-Match", "malformed"),
        ("If-Unmodified-Since", long_ago),
        ("If-Unmodified-Since", "malformed"),
    ] {
        assert_eq!(answer(stored, &[condition]), Answer::Whole, "{condition:?}");
        let and_tag = [condition, ("If-None-Match", "\"a\"")];
        assert_eq!(
            answer(stored, &and_tag),
            Answer::NotModified,
            "{condition:?}"
        );
        let and_date = [condition, ("If-Modified-Since", T_TEXT)];
        assert_eq!(
            answer(stored, &and_date),
            Answer::NotModified,
            "{condition:?}"
        );
        let mut evaluation = Evaluation::new(Method::Get, Some(stored));
        assert!(!evaluation.asks_origin());
        evaluation.extend([condition]);
        assert!(evaluation.asks_origin());
        let malformed = evaluation.malformed();
        assert_eq!(malformed.is_empty(), condition.1 != "malformed");
    }
}

/// 9111-4.3.2-03: nor is anything in a request that a stored response cannot answer.
#[test]
fn what_cannot_be_answered_is_forwarded() {
    for method in [
        "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO", "get",
    ] {
        for condition in [
            ("If-None-Match", "\"a\""),
            ("If-None-Match", "*"),
            ("If-None-Match", "x"),
        ] {
            assert_eq!(
                evaluate(method, Some(tagged("\"a\"")), [condition]),
                Answer::Forward
            );
        }
        assert_eq!(
            evaluate(method, Some(modified()), [("If-Modified-Since", T_TEXT)]),
            Answer::Forward
        );
    }
    // A part, where the whole is asked for, or more than is there.
    let parts = [range(0, 9)];
    let partial = Response::new(206)
        .parts(&parts)
        .etag(EntityTag::from_static("\"a\""));
    let tag = ("If-None-Match", "\"a\"");
    assert_eq!(answer(partial, &[tag]), Answer::Forward);
    assert_eq!(
        answer(partial, &[tag, ("Range", "bytes=5-10")]),
        Answer::Forward
    );
    assert_eq!(answer(partial, &[tag, RANGE, RANGE]), Answer::Forward);
    assert_eq!(
        answer(partial, &[RANGE, ("If-Range", "\"b\"")]),
        Answer::Forward
    );
    let same = answer(partial, &[RANGE, ("If-Range", "\"a\"")]);
    assert_eq!(sent(&same), "206 bytes 0-1/*");
    assert_eq!(evaluate("HEAD", Some(partial), [RANGE]), Answer::Forward);
}

/// A Range is the field of that name, and a second line of it makes it none.
#[test]
fn only_a_range_is_a_range() {
    let stored = Response::new(200).complete_length(10);
    for (fields, expected) in [
        (&[("X-Range", "bytes=0-1")][..], "200"),
        (&[("If-Range", "bytes=0-1")], "200"),
        (&[("X-Range", "bytes=2-3"), RANGE], "206 bytes 0-1/10"),
        (&[RANGE, ("X-Range", "bytes=2-3")], "206 bytes 0-1/10"),
        (&[RANGE, RANGE], "200"),
        (&[RANGE, ("Range", "bytes=2-3")], "200"),
    ] {
        assert_eq!(sent(&answer(stored, fields)), expected, "{fields:?}");
    }
}

/// 9111-4.3.2-04: nor is anything where nothing is stored.
#[test]
fn nothing_is_stored() {
    for method in ["GET", "HEAD", "PUT"] {
        for condition in [
            ("If-None-Match", "*"),
            ("If-None-Match", "\"a\""),
            ("If-Match", "*"),
            ("If-Modified-Since", T_TEXT),
            ("X", "y"),
        ] {
            assert_eq!(evaluate(method, None, [condition]), Answer::Forward);
        }
    }
    assert!(Evaluation::new(Method::Get, None).explain().is_none());
}

/// 9111-4.3.2-05: the precedence that is left: If-None-Match before If-Modified-Since.
#[test]
fn precedence() {
    let stored = modified().etag(EntityTag::from_static("\"a\""));
    let fields = [
        ("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:30 GMT"),
        ("If-None-Match", "\"x\""),
        ("If-Modified-Since", T_TEXT),
    ];
    assert_eq!(answer(stored, &fields), Answer::Whole);
    let mut reversed = fields;
    reversed.reverse();
    assert_eq!(answer(stored, &reversed), Answer::Whole);
}

/// 9111-4.3.2-06: the response that the cache chose is the one that counts.
#[test]
fn the_chosen_response_counts() {
    let condition = [("If-None-Match", "\"a\"")];
    assert_eq!(answer(tagged("\"b\""), &condition), Answer::Whole);
    assert_eq!(answer(tagged("\"a\""), &condition), Answer::NotModified);
}

/// 9111-4.3.2-07: If-Modified-Since counts only where If-None-Match is absent.
#[test]
fn presence_switches_the_date_off() {
    let stored = modified().etag(EntityTag::from_static("\"a\""));
    let since = ("If-Modified-Since", T_TEXT);
    assert_eq!(answer(stored, &[since]), Answer::NotModified);
    for tags in ["\"x\"", "", ",", "malformed"] {
        assert_eq!(
            answer(stored, &[since, ("If-None-Match", tags)]),
            Answer::Whole,
            "{tags}"
        );
    }
    let earlier = ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(
        answer(stored, &[earlier, ("If-None-Match", "\"a\"")]),
        Answer::NotModified
    );
}

/// 9111-4.3.2-08, 9110-6.6.1-05: without Last-Modified, the stored Date, or failing that the time
/// of receipt.
#[test]
fn the_date_instead_of_last_modified() {
    let bare = Response::new(200);
    let since = [("If-Modified-Since", T_TEXT)];
    for (stored, expected) in [
        (bare.date(date(T)), Answer::NotModified),
        (bare.date(date(T + 1)), Answer::Whole),
        (bare.received(date(T)), Answer::NotModified),
        (bare.received(date(T + 1)), Answer::Whole),
        (
            bare.date(date(T)).received(date(T + 1)),
            Answer::NotModified,
        ),
        (bare.date(date(T + 1)).received(date(T)), Answer::Whole),
        (
            modified().date(date(T + 9)).received(date(T + 9)),
            Answer::NotModified,
        ),
        (bare.last_modified(date(T + 1)).date(date(T)), Answer::Whole),
        (bare, Answer::Whole),
    ] {
        assert_eq!(answer(stored, &since), expected, "{stored:?}");
    }
    // An origin server without a modification date ignores it.
    let origin = http_conditional::evaluate("GET", Representation::current(), since);
    assert_eq!(origin, Decision::Perform);
}

/// 9111-4.3.2-02, 9111-4.3.2-08: the explanation says what a cache does otherwise than an origin
/// server.
#[test]
fn the_explanation_is_that_of_a_cache() {
    let lines = |stored, fields: &[(&str, &str)]| {
        let mut evaluation = Evaluation::new(Method::Get, Some(stored));
        evaluation.extend(fields.iter().copied());
        let text = evaluation.explain().unwrap().to_string();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let without = Response::new(200).date(date(T));
    let lines_without = lines(
        without,
        &[("If-Match", "*"), ("If-Modified-Since", T_TEXT), RANGE],
    );
    assert_eq!(
        lines_without[1],
        "  1. If-Match: left to the origin server, as this is a cache"
    );
    assert_eq!(lines_without[2], "  2. If-Unmodified-Since: absent");
    assert_eq!(
        lines_without[4],
        format!(
            "> 4. If-Modified-Since: {T_TEXT}; when the stored response was made, {T_TEXT}, \
             is exactly that, so the condition is false: 304 Not Modified"
        )
    );
    assert_eq!(
        lines(without, &[RANGE, ("If-Range", T_TEXT)])[5],
        "> 5. If-Range: a date, but the stored response has no modification date, \
         so the condition is false: perform the method, ignoring Range"
    );
    // A tag is said to be one, and so is what is malformed.
    for (value, said) in [
        ("\"a\"", "a tag, but the representation has none"),
        ("a", "malformed"),
    ] {
        assert!(lines(without, &[RANGE, ("If-Range", value)])[5].contains(said));
    }
}

/// What is known of a stored response can be shown.
#[test]
fn a_response_shows_what_is_known_of_it() {
    let shown = format!("{:?}", strongly_modified());
    for known in [
        "status: 200",
        "entity_tag: None",
        "last_modified: Some(HttpDate(Sat, 29 Oct 1994 19:43:31 GMT))",
        "date: Some(HttpDate(Sat, 29 Oct 1994 19:43:32 GMT))",
        "received: None",
        "parts: None",
        "complete_length: None",
        "clocks: Same",
    ] {
        assert!(shown.contains(known), "{shown}");
    }
}

/// 9111-4.3.2-09, 9110-8.8.2.2-04: If-Range is evaluated against the chosen response, by the
/// strong comparison, and with the strength that its own Date gives its Last-Modified.
#[test]
fn if_range() {
    let ranged = |stored: Response<'static>, if_range| {
        let stored = stored.complete_length(10);
        sent(&answer(stored, &[RANGE, ("If-Range", if_range)]))
    };
    let part = "206 bytes 0-1/10";
    assert_eq!(ranged(tagged("\"a\""), "\"a\""), part);
    assert_eq!(ranged(tagged("\"a\""), "\"b\""), "200");
    assert_eq!(ranged(tagged("W/\"a\""), "W/\"a\""), "200");
    assert_eq!(ranged(strongly_modified(), T_TEXT), part);
    assert_eq!(ranged(modified(), T_TEXT), "200");
    let equal = modified().date(date(T)).clocks(Clocks::Same);
    assert_eq!(ranged(equal, T_TEXT), "200");
    // A Date that stands in for Last-Modified makes no If-Range true.
    let dated = Response::new(200).date(date(T)).clocks(Clocks::Same);
    assert_eq!(ranged(dated, T_TEXT), "200");
    // Nor does it where the exact date of the last modification would.
    let by_date = |stored: Response<'static>| {
        let policy = Policy::new().if_range_by_date();
        let stored = stored.complete_length(10);
        let mut evaluation = Evaluation::with_policy(Method::Get, Some(stored), policy);
        evaluation.extend([RANGE, ("If-Range", T_TEXT)]);
        sent(&evaluation.answer())
    };
    assert_eq!(by_date(modified()), part);
    assert_eq!(by_date(dated), "200");
    assert_eq!(by_date(Response::new(200).received(date(T))), "200");
    assert_eq!(
        answer(tagged("\"a\""), &[("If-Range", "\"b\"")]),
        Answer::Whole
    );
}

/// 9111-4.3.2-10: `*` is false against any stored response that may be reused.
#[test]
fn the_asterisk() {
    for stored in [tagged("\"a\""), Response::new(200), modified()] {
        assert_eq!(
            answer(stored, &[("If-None-Match", "*")]),
            Answer::NotModified
        );
    }
}

/// A stored response that is not a success is what the origin server would have sent, conditions
/// or not (RFC 9110 section 13.2.1).
#[test]
fn other_stored_statuses() {
    for (status, expected) in [
        (203, Answer::NotModified),
        (301, Answer::Whole),
        (404, Answer::Whole),
        (410, Answer::Whole),
        (412, Answer::Whole),
    ] {
        let stored = Response::new(status).etag(EntityTag::from_static("\"a\""));
        assert_eq!(
            answer(stored, &[("If-None-Match", "\"a\"")]),
            expected,
            "{status}"
        );
    }
}

#[test]
fn an_answer_explains_itself() {
    let explain = |stored, fields: &[(&str, &'static str)]| {
        let mut evaluation = Evaluation::new(Method::Get, Some(stored));
        evaluation.extend(fields.iter().copied());
        let explanation = evaluation.explain()?;
        let is_304 = explanation.decision() == Decision::NotModified;
        assert_eq!(is_304, evaluation.answer() == Answer::NotModified);
        Some((explanation.field(), explanation.to_string()))
    };
    let since = ("If-Modified-Since", T_TEXT);
    let (field, text) = explain(modified(), &[("If-Match", "x"), since]).unwrap();
    assert_eq!(field, Some(Field::IfModifiedSince));
    assert!(text.contains("1. If-Match: left to the origin server, as this is a cache"));
    assert!(text.contains("the modification date, Sat"), "{text}");
    let dated = Response::new(200).date(date(T));
    let (_, text) = explain(dated, &[since, RANGE, ("If-Range", T_TEXT)]).unwrap();
    assert!(
        text.contains("when the stored response was made, Sat"),
        "{text}"
    );
    let (field, text) = explain(dated, &[RANGE, ("If-Range", T_TEXT)]).unwrap();
    assert_eq!(field, Some(Field::IfRange));
    assert!(text.contains("has no modification date"), "{text}");
    // Nor does the first line speak of a modification date where there is none.
    let exactly = Policy::new().exact_if_modified_since();
    let mut evaluation = Evaluation::with_policy(Method::Get, Some(dated), exactly);
    evaluation.extend([("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")]);
    let text = evaluation.explain().unwrap().to_string();
    assert!(!text.contains("modification date"), "{text}");
}

fn union<const N: usize>(client: &str, stored: [Response<'_>; N], range: Option<&[u8]>) -> String {
    let request = ValidationRequest::of(&stored).for_range(range);
    let request = request.merge([client]).unwrap();
    let field = request.field(Field::IfNoneMatch);
    field.map_or_else(String::new, |field| field.to_string())
}

/// 9111-4.3.2-11, 9110-13.1.2-19: the client's tags, and then the stored ones that are not among
/// them; `*` stays alone, and what is malformed, as `*` beside something else, cannot be merged.
#[test]
fn the_union() {
    let stored = [tagged("\"b\""), tagged("\"a\""), tagged("\"b\"")];
    assert_eq!(union("\"a\"", stored, None), "\"a\", \"b\"");
    assert_eq!(union("", stored, None), "\"b\", \"a\"");
    assert_eq!(
        union("\"x\",, W/\"a\"", stored, None),
        "\"x\", W/\"a\", \"b\", \"a\""
    );
    assert_eq!(union("\"b\", \"a\"", stored, None), "\"b\", \"a\"");
    assert_eq!(union("\"x\"", [modified()], None), "\"x\"");
    assert_eq!(union("*", stored, None), "*");
    for malformed in [
        ["\"a\", b", "\"c\""],
        ["*, \"a\"", ""],
        ["*", "\"a\""],
        ["*", "*"],
    ] {
        assert!(ValidationRequest::of(&stored).merge(malformed).is_err());
    }
    // Several lines are one list; none is no list.
    let request = ValidationRequest::of(&stored)
        .merge(["\"x\"", "\"b\""])
        .unwrap();
    let tags: Vec<String> = request.tags().map(|tag| tag.to_string()).collect();
    assert_eq!(tags, ["\"x\"", "\"b\"", "\"a\""]);
    let request = ValidationRequest::of(&stored)
        .merge([] as [&str; 0])
        .unwrap();
    assert_eq!(request.tags().count(), 2);

    let request = ValidationRequest::of(&stored).merge(["*"]).unwrap();
    let mut buffer = [0; 1];
    let field = request.field(Field::IfNoneMatch).unwrap();
    assert_eq!(field.encode(&mut buffer), Ok(b"*".as_slice()));
}

/// 9111-4.3.2-11: a client without a list adds nothing, whatever else is asked.
#[test]
fn nothing_is_merged() {
    let malformed = [("ETag", "abc"), ("Last-Modified", "yesterday")];
    let malformed = Response::new(200).fields(malformed);
    for (stored, range, expected) in [
        (tagged("\"a\""), None, "If-None-Match: \"a\""),
        (
            modified(),
            None,
            "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
        ),
        (
            strongly_modified(),
            Some(&b"bytes=0-1"[..]),
            "If-Range: Sat, 29 Oct 1994 19:43:31 GMT",
        ),
        (
            malformed,
            None,
            "If-None-Match: abc, If-Modified-Since: yesterday",
        ),
    ] {
        let request = ValidationRequest::new(stored)
            .for_range(range)
            .byte_for_byte();
        let merged = request.merge([""; 0]).unwrap();
        let lines = merged
            .fields()
            .map(|field| format!("{}: {field}", field.name()));
        assert_eq!(lines.collect::<Vec<_>>().join(", "), expected);
        assert_eq!(merged.tags().count(), request.tags().count());
        assert_eq!(
            request.tags().count(),
            usize::from(expected.contains("\"a\""))
        );
    }
}

/// 9111-4.3.2-12: the tag of a part is in the union only if the request is for a range that the
/// part has.
#[test]
fn the_tag_of_a_part() {
    let parts = [range(0, 9)];
    let partial = Response::new(206)
        .parts(&parts)
        .etag(EntityTag::from_static("\"p\""));
    for (asked, expected) in [
        (Some("bytes=0-4"), "\"a\", \"p\""),
        (Some("bytes=0-99"), "\"a\""),
        (Some("bytes=5-"), "\"a\""),
        (Some("nonsense"), "\"a\""),
        (None, "\"a\""),
    ] {
        assert_eq!(
            union("\"a\"", [partial], asked.map(str::as_bytes)),
            expected,
            "{asked:?}"
        );
    }
    // Nor without a client's list.
    assert_eq!(ValidationRequest::new(partial).fields().count(), 0);
    // A part that does not count does not hide the same tag of a response that does.
    let complete = tagged("\"p\"");
    assert_eq!(union("\"a\"", [partial, complete], None), "\"a\", \"p\"");
}

/// 9111-4.3.2-13: a 304 with a tag that the client did not list becomes a 200 from the stored
/// response; one with a tag that it did list is forwarded. The comparison is weak.
#[test]
fn a_304_that_the_client_did_not_ask_for() {
    let older = tagged("\"b\"").date(date(T));
    let newer = tagged("\"b\"").date(date(T + 1));
    let stored = [tagged("\"c\""), older, newer];
    let after = |client: &'static str, not_modified: Response<'_>| {
        let request = ValidationRequest::of(&stored).merge([client]).unwrap();
        request.after_not_modified(not_modified)
    };
    let with = |tag| Response::new(304).etag(EntityTag::from_static(tag));
    assert_eq!(after("\"a\"", with("\"b\"")), AfterMerged::Reuse(2));
    assert_eq!(after("\"a\"", with("\"c\"")), AfterMerged::Reuse(0));
    assert_eq!(after("\"a\"", with("W/\"b\"")), AfterMerged::Reuse(2));
    assert_eq!(after("", with("\"b\"")), AfterMerged::Reuse(2));
    assert_eq!(after("\"a\"", with("\"a\"")), AfterMerged::Forward);
    assert_eq!(after("\"a\"", with("W/\"a\"")), AfterMerged::Forward);
    assert_eq!(after("W/\"b\"", with("\"b\"")), AfterMerged::Forward);
    assert_eq!(after("*", with("\"b\"")), AfterMerged::Forward);
    // Nobody asked for this one.
    assert_eq!(after("\"a\"", with("\"z\"")), AfterMerged::Retry);
    // Which of them it is about, it does not say.
    assert_eq!(after("\"a\"", Response::new(304)), AfterMerged::Retry);

    // And then the client gets a 200: it did not list that tag.
    assert_eq!(answer(newer, &[("If-None-Match", "\"a\"")]), Answer::Whole);
}

/// 9111-4.3.2-13: where no list is merged, or no stored tag was added to it.
#[test]
fn a_304_without_a_union() {
    let bare = Response::new(200);
    let plain = ValidationRequest::new(modified());
    let dated = Response::new(304).last_modified(date(T));
    assert_eq!(plain.after_not_modified(dated), AfterNotModified::Reuse(0));
    let other = Response::new(304).last_modified(date(T + 1));
    assert_eq!(plain.after_not_modified(other), AfterNotModified::Retry);
    let plain = ValidationRequest::new(bare);
    assert_eq!(
        plain.after_not_modified(Response::new(304)),
        AfterNotModified::Reuse(0)
    );
    let merged = ValidationRequest::new(bare).merge(["\"a\""]).unwrap();
    assert_eq!(
        merged.after_not_modified(Response::new(304)),
        AfterMerged::Forward
    );

    // A part cannot be reused for what it does not have.
    let parts = [range(0, 9)];
    let partial = tagged("\"p\"").parts(&parts);
    let whole = ValidationRequest::new(partial);
    let not_modified = Response::new(304).etag(EntityTag::from_static("\"p\""));
    assert_eq!(
        whole.after_not_modified(not_modified),
        AfterNotModified::Retry
    );
    let part = whole.for_range(Some(b"bytes=1-2"));
    assert_eq!(
        part.after_not_modified(not_modified),
        AfterNotModified::Reuse(0)
    );
}
