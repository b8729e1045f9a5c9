//! The explanation in words (section 13.2.2): every reason that it can give, and what it says of
//! each step where another one decided.

use http_conditional::Policy;

use super::*;

const RANGE: (&str, &str) = ("Range", "bytes=0-1");

/// A representation with `"a"`, modified at T, both strong.
fn current() -> Representation<'static> {
    tagged("\"a\"").strong_last_modified(date(T))
}

fn first_line(preconditions: &Preconditions<'_>) -> String {
    let text = preconditions.explain().to_string();
    text.lines().next().unwrap().to_owned()
}

/// The line of a step, without its number and field; `>` before it where the step decided.
fn line(preconditions: &Preconditions<'_>, number: usize) -> String {
    let text = preconditions.explain().to_string();
    let line = text.lines().nth(number).unwrap();
    let (head, phrase) = line.split_once(": ").unwrap();
    assert!(head.contains(&format!(" {number}. ")), "{line}");
    let mark = if head.starts_with('>') { "> " } else { "" };
    format!("{mark}{phrase}")
}

/// The line of the step that a field has.
fn line_of(
    method: &str,
    field: (&str, &str),
    others: &[(&str, &str)],
    selected: Representation<'_>,
) -> String {
    let fields = [&[field], others].concat();
    line(&preconditions(method, &fields, selected), step_of(field.0))
}

fn step_of(name: &str) -> usize {
    let steps = [
        "If-Match",
        "If-Unmodified-Since",
        "If-None-Match",
        "If-Modified-Since",
        "If-Range",
        "Range",
    ];
    1 + steps.iter().position(|step| *step == name).unwrap()
}

fn with_policy<'r>(
    method: &str,
    fields: &[(&str, &str)],
    selected: Representation<'r>,
    policy: Policy,
) -> Preconditions<'r> {
    let mut preconditions = Preconditions::with_policy(Method::from(method), selected, policy);
    preconditions.extend(fields.iter().copied());
    preconditions
}

/// 9110-13.2.1-02, 9110-13.2.1-04, 9110-13.2.1-09: why no condition decided.
#[test]
fn the_first_line_says_why_nothing_stood_against_it() {
    let if_match = [("If-Match", "\"a\"")];
    let get = preconditions("GET", &if_match, current());
    assert_eq!(
        first_line(&get),
        "200 OK, not 304: no condition was sent (RFC 9110 section 13.2.2, step 3)"
    );
    let put = preconditions("PUT", &if_match, current());
    assert_eq!(
        first_line(&put),
        "perform the method: no condition prevents it"
    );

    assert_eq!(
        first_line(&get.unconditional_status(404)),
        "the answer as without conditions: that is neither 2xx nor 412, so no condition counts \
         (RFC 9110 section 13.2.1)"
    );
    assert_eq!(line(&get.unconditional_status(404), 1), "not looked at");

    assert_eq!(
        first_line(&get.unconditional_status(412)),
        "412 Precondition Failed: the answer is that even without conditions \
         (RFC 9110 section 13.2.1)"
    );

    let options = preconditions("OPTIONS", &if_match, current());
    assert_eq!(
        first_line(&options),
        "perform the method: conditions do not apply to it (RFC 9110 section 13.2.1)"
    );
    assert_eq!(line(&options, 1), "not looked at");
    assert_eq!(line(&options, 2), "absent");
    // A Range beside them changes nothing.
    for (method, status) in [("OPTIONS", 200), ("GET", 404), ("PUT", 403)] {
        let fields = [RANGE, if_match[0]];
        let with = preconditions(method, &fields, current()).unconditional_status(status);
        let without = preconditions(method, &if_match, current()).unconditional_status(status);
        assert_eq!(first_line(&with), first_line(&without), "{method}");
    }
    // An answer to HEAD has no content.
    let head = preconditions("HEAD", &[RANGE], current());
    assert_eq!(
        first_line(&head),
        "200 OK, not 304: no condition was sent (RFC 9110 section 13.2.2, step 3)"
    );

    // 14.2: what is written has no ranges.
    let put = preconditions("PUT", &[RANGE], current());
    assert_eq!(
        first_line(&put),
        "perform the method, ignoring Range: no condition prevents it"
    );
}

/// 9110-13.2.2-12, 9110-13.2.2-13, 9110-13.2.2-17, 9110-13.2.2-19, 9110-13.2.2-20: what becomes
/// of Range, and why.
#[test]
fn the_last_line_says_what_becomes_of_range() {
    let range = |method: &str, others: &[(&str, &str)]| line_of(method, RANGE, others, current());
    assert_eq!(
        line(&preconditions("GET", &[("X", "")], current()), 6),
        "absent"
    );
    assert_eq!(range("GET", &[]), "applies");
    assert_eq!(range("GET", &[("If-Range", "\"a\"")]), "applies");
    assert_eq!(range("GET", &[("If-None-Match", "\"a\"")]), "not reached");
    assert_eq!(range("GET", &[("If-Match", "\"b\"")]), "not reached");
    assert_eq!(
        range("GET", &[("If-Range", "\"b\"")]),
        "ignored, because If-Range is false"
    );
    assert_eq!(
        range("GET", &[RANGE]),
        "ignored, because it has more than one line"
    );
    for method in ["HEAD", "PUT"] {
        assert_eq!(
            range(method, &[]),
            "ignored, because the method is neither GET nor QUERY"
        );
    }
    let get = preconditions("GET", &[RANGE, ("If-Range", "\"b\"")], current());
    assert_eq!(
        line(&get.unconditional_status(204), 6),
        "ignored, because the answer would not be 200"
    );
    assert_eq!(
        line(&get.unconditional_status(204), 5),
        "ignored, because the answer would not be 200"
    );
}

/// 9110-13.1.1-02, 9110-13.1.1-14, 9110-13.1.2-02, 9110-13.1.2-13: what a list of tags is compared with, and how it went.
#[test]
fn tags() {
    for (selected, value, said) in [
        (
            current(),
            "\"b\"",
            "1 tag, compared strongly with \"a\": none matches",
        ),
        (
            current(),
            "W/\"a\", \"b\"",
            "2 tags, compared strongly with \"a\": none matches",
        ),
        (current(), "", "an empty list"),
        (
            Representation::current(),
            "\"a\"",
            "1 tag, but the representation has none",
        ),
        (
            Representation::ABSENT,
            "\"a\"",
            "1 tag, but there is no current representation",
        ),
        (
            Representation::ABSENT,
            "*",
            "`*`, and there is no current representation",
        ),
        (current(), "a", "malformed"),
    ] {
        assert_eq!(
            line_of("PUT", ("If-Match", value), &[], selected),
            format!("> {said}, so the condition is false: 412 Precondition Failed")
        );
    }
    for (value, said) in [
        (
            "\"b\", \"a\", \"a\"",
            "3 tags, compared strongly with \"a\": number 2 matches",
        ),
        ("*", "`*`, and there is a current representation"),
    ] {
        assert_eq!(
            line_of("PUT", ("If-Match", value), &[], current()),
            format!("{said}, so the condition is true")
        );
    }
    assert_eq!(
        line_of("GET", ("If-None-Match", "\"b\""), &[], current()),
        "> 1 tag, compared weakly with \"a\": none matches, so the condition is true"
    );
    assert_eq!(
        line_of("GET", ("If-None-Match", "b"), &[], current()),
        "> malformed, so the condition is true"
    );
    let put = with_policy(
        "PUT",
        &[("If-Match", "W/\"a\"")],
        current(),
        Policy::new().weak_if_match(),
    );
    assert_eq!(
        line(&put, 1),
        "1 tag, compared weakly with \"a\": number 1 matches, so the condition is true"
    );
}

/// 9110-13.1.3-03, 9110-13.1.3-06, 9110-13.1.3-14, 9110-13.1.4-03, 9110-13.1.4-04: how two dates lie to each other, and what is ignored.
#[test]
fn dates() {
    let is = |order: &str| format!("the modification date, {T}, is {order}");
    for (value, order, becomes) in [
        (BEFORE_T, "after that", "so the condition is true"),
        (
            T,
            "exactly that",
            "so the condition is false: 304 Not Modified",
        ),
        (
            T1,
            "before that",
            "so the condition is false: 304 Not Modified",
        ),
    ] {
        assert_eq!(
            line_of("GET", ("If-Modified-Since", value), &[], current()),
            format!("> {value}; {}, {becomes}", is(order))
        );
    }
    let exactly = Policy::new().exact_if_modified_since();
    for (value, order) in [
        (BEFORE_T, "after that"),
        (T1, "not exactly that, but before it"),
    ] {
        let get = with_policy("GET", &[("If-Modified-Since", value)], current(), exactly);
        assert_eq!(
            line(&get, 4),
            format!("> {value}; {}, so the condition is true", is(order))
        );
    }
    // The policy is about If-Modified-Since alone.
    let put = with_policy("PUT", &[("If-Unmodified-Since", T1)], current(), exactly);
    assert_eq!(
        line(&put, 2),
        format!("{T1}; {}, so the condition is true", is("before that"))
    );
    assert_eq!(
        line_of("PUT", ("If-Unmodified-Since", BEFORE_T), &[], current()),
        format!(
            "> {BEFORE_T}; {}, so the condition is false: 412 Precondition Failed",
            is("after that")
        )
    );
    for (name, mark) in [("If-Modified-Since", "> "), ("If-Unmodified-Since", "")] {
        assert_eq!(
            line_of("GET", (name, T), &[], tagged("\"a\"")),
            format!("{mark}{T}, but there is no modification date, so it is ignored")
        );
        assert_eq!(
            line_of("GET", (name, "yesterday"), &[], current()),
            format!("{mark}malformed, so it is ignored")
        );
        assert_eq!(
            line_of("GET", (name, T), &[(name, T)], current()),
            format!("{mark}on more than one line, which is not valid, so it is ignored")
        );
    }
}

/// 9110-5.3-04: tags may be on several lines, and what is wrong is the member that is none; but `*`
/// has to be alone.
#[test]
fn tags_on_several_lines() {
    for (lines, said) in [
        (["\"x\"", "b"], "malformed"),
        (["b", "\"x\""], "malformed"),
        (["*", "\"x\""], "on more than one line, which is not valid"),
        (["\"x\"", "*"], "on more than one line, which is not valid"),
    ] {
        let lines = lines.map(|value| ("If-None-Match", value));
        assert_eq!(
            line_of("GET", lines[0], &lines[1..], current()),
            format!("> {said}, so the condition is true"),
            "{lines:?}"
        );
    }
}

/// 9110-13.1.5-09, 9110-13.1.5-15, 9110-13.1.5-16, 9110-13.1.5-19: what an If-Range is compared with, and how it went.
#[test]
fn if_range() {
    let weakly_modified = modified(T);
    for (selected, value, said) in [
        (current(), "\"b\"", "a tag other than the current one"),
        (
            current(),
            "W/\"a\"",
            "a tag that matches the current one only weakly",
        ),
        (
            weakly_modified,
            "\"a\"",
            "a tag, but the representation has none",
        ),
        (current(), T1, "a date other than the modification date"),
        (
            weakly_modified,
            T,
            "the modification date, which is not known to be a strong validator",
        ),
        (
            tagged("\"a\""),
            T,
            "a date, but the representation has no modification date",
        ),
        (current(), "a", "malformed"),
    ] {
        assert_eq!(
            line_of("GET", ("If-Range", value), &[RANGE], selected),
            format!("> {said}, so the condition is false: perform the method, ignoring Range")
        );
    }
    for (value, said) in [
        (
            "\"a\"",
            "a tag, the same as the current one by strong comparison",
        ),
        (T, "a date, exactly the modification date"),
    ] {
        assert_eq!(
            line_of("GET", ("If-Range", value), &[RANGE], current()),
            format!("{said}, so the condition is true")
        );
    }
}

/// 9110-13.1.3-02, 9110-13.1.3-05, 9110-13.1.4-02, 9110-13.1.5-04, 9110-13.2.2-17: a field that
/// another one, the method or a missing Range switches off says so.
#[test]
fn fields_that_are_switched_off() {
    let since = ("If-Modified-Since", BEFORE_T);
    let unmodified = ("If-Unmodified-Since", T);
    let if_range = ("If-Range", "\"b\"");
    let superseded = "ignored, because If-Match is present";
    for tags in ["\"a\"", "\"b\""] {
        // Even where evaluation ended before it was its turn.
        assert_eq!(
            line_of("GET", unmodified, &[("If-Match", tags)], current()),
            superseded
        );
    }
    assert_eq!(
        line_of("GET", since, &[("If-None-Match", "\"b\"")], current()),
        "ignored, because If-None-Match is present"
    );
    assert_eq!(
        line_of("PUT", since, &[], current()),
        "ignored, because the method is not GET, HEAD or QUERY"
    );
    assert_eq!(
        line_of("HEAD", if_range, &[RANGE], current()),
        "ignored, because the method is neither GET nor QUERY"
    );
    assert_eq!(
        line_of("GET", if_range, &[], current()),
        "ignored, because there is no Range"
    );
    let ended = ("If-Match", "\"b\"");
    for field in [since, if_range] {
        assert_eq!(
            line_of("GET", field, &[ended, RANGE], current()),
            "not reached"
        );
    }
}

/// 9110-13.2.1-04: a condition that is false does not decide where the answer is a 412 already,
/// unless it is a 412 of its own.
#[test]
fn a_412_from_elsewhere_is_not_decided_by_a_304() {
    let get = preconditions("GET", &[("If-None-Match", "*")], current()).unconditional_status(412);
    assert_eq!(
        line(&get, 3),
        "`*`, and there is a current representation, so the condition is false"
    );
    let put = preconditions("PUT", &[("If-None-Match", "*")], current()).unconditional_status(412);
    assert_eq!(
        line(&put, 3),
        "> `*`, and there is a current representation, so the condition is false: \
         412 Precondition Failed"
    );
}
