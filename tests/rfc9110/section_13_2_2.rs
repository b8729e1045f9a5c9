//! Section 13.2.2: precedence. Also what sections 14.2, 15.4.5 and 15.5.13 say of the outcome.

use http_conditional::Step;

use super::*;

/// A representation with `"a"`, modified at T, both strong.
fn current() -> Representation<'static> {
    tagged("\"a\"").strong_last_modified(date(T))
}

/// 9110-13.2.2-02, 9110-13.2.2-06: a true If-Match goes on at step 3.
#[test]
fn a_true_if_match_skips_step_2() {
    let fields = [("If-Match", "\"a\""), ("If-Unmodified-Since", BEFORE_T)];
    assert_eq!(decide("PUT", &fields, current()), PERFORM);
    let fields = [fields[0], fields[1], ("If-None-Match", "\"a\"")];
    assert_eq!(
        decided_by("GET", &fields, current()),
        (NOT_MODIFIED, Some(Field::IfNoneMatch))
    );
}

/// 9110-13.2.2-03, 9110-13.2.2-18: a false If-Match ends it.
#[test]
fn a_false_if_match_ends_it() {
    let fields = [("If-Match", "\"x\""), ("If-None-Match", "\"y\"")];
    assert_eq!(
        decided_by("PUT", &fields, current()),
        (FAILED, Some(Field::IfMatch))
    );
    let fields = [("If-Match", "\"x\""), ("If-None-Match", "\"a\"")];
    assert_eq!(
        decided_by("GET", &fields, current()),
        (FAILED, Some(Field::IfMatch))
    );
}

/// 9110-13.2.2-04: a true If-Unmodified-Since goes on at step 3.
#[test]
fn a_true_if_unmodified_since_goes_on() {
    let fields = [("If-Unmodified-Since", T), ("If-None-Match", "\"a\"")];
    assert_eq!(decide("GET", &fields, current()), NOT_MODIFIED);
}

/// 9110-13.2.2-05: a false If-Unmodified-Since ends it.
#[test]
fn a_false_if_unmodified_since_ends_it() {
    let fields = [("If-Unmodified-Since", BEFORE_T), ("If-Modified-Since", T)];
    let expected = (FAILED, Some(Field::IfUnmodifiedSince));
    assert_eq!(decided_by("GET", &fields, current()), expected);
}

/// 9110-13.2.2-07: a true If-None-Match leaves step 4 out.
#[test]
fn a_true_if_none_match_skips_step_4() {
    let fields = [("If-None-Match", "\"x\""), ("If-Modified-Since", T1)];
    assert_eq!(decide("GET", &fields, current()), PERFORM);
}

/// 9110-13.2.2-09: a false If-None-Match is 412 where it is neither GET nor HEAD.
#[test]
fn a_false_if_none_match_is_412_for_a_put() {
    let fields = [("If-Match", "\"a\""), ("If-None-Match", "\"a\"")];
    assert_eq!(
        decided_by("PUT", &fields, current()),
        (FAILED, Some(Field::IfNoneMatch))
    );
}

/// 9110-13.2.2-10: a true If-Modified-Since goes on at step 5.
#[test]
fn a_true_if_modified_since_goes_on() {
    let fields = [
        ("If-Modified-Since", BEFORE_T),
        ("Range", "bytes=0-1"),
        ("If-Range", "\"a\""),
    ];
    assert_eq!(decide("GET", &fields, current()), PERFORM);
    let fields = [fields[0], fields[1], ("If-Range", "\"b\"")];
    assert_eq!(
        decided_by("GET", &fields, current()),
        (IGNORING_RANGE, Some(Field::IfRange))
    );
}

/// 9110-13.2.2-11: a false If-Modified-Since is 304.
#[test]
fn a_false_if_modified_since_is_304() {
    let fields = [("If-Match", "\"a\""), ("If-Modified-Since", T)];
    let expected = (NOT_MODIFIED, Some(Field::IfModifiedSince));
    assert_eq!(decided_by("GET", &fields, current()), expected);
}

/// 9110-13.2.2-14: a true If-Range lets the Range through, satisfiable or not.
#[test]
fn satisfiability_is_not_asked_here() {
    let fields = [("Range", "bytes=50-"), ("If-Range", "\"a\"")];
    assert_eq!(decide("GET", &fields, current()), PERFORM);
}

/// 9110-13.2.2-15: without conditions, every method is performed.
#[test]
fn without_conditions_everything_is_performed() {
    for method in SAFE
        .into_iter()
        .chain(UNSAFE)
        .chain(["CONNECT", "OPTIONS", "TRACE"])
    {
        for selected in [current(), Representation::current(), Representation::ABSENT] {
            assert_eq!(decided_by::<&str>(method, &[], selected), (PERFORM, None));
        }
    }
}

/// 9110-13.2.2-17, 9110-14.2-02: only a GET has a Range.
#[test]
fn only_a_get_has_a_range() {
    let fields = [("Range", "bytes=0-1"), ("If-Range", "\"b\"")];
    for method in ["HEAD", "POST", "PUT", "FOO", "OPTIONS"] {
        assert_eq!(
            decided_by(method, &fields[..1], current()),
            (IGNORING_RANGE, None)
        );
        assert_eq!(
            decided_by(method, &fields, current()),
            (IGNORING_RANGE, None)
        );
    }
}

/// 9110-13.2.2-19: a 304 or 412 wins over the Range.
#[test]
fn a_304_wins_over_the_range() {
    let range = [("Range", "bytes=0-1"), ("If-Range", "\"a\"")];
    let fields = [("If-None-Match", "\"a\""), range[0], range[1]];
    assert_eq!(decide("GET", &fields, current()), NOT_MODIFIED);
    let fields = [
        ("If-None-Match", "W/\"a\""),
        range[0],
        ("If-Range", "\"b\""),
    ];
    assert_eq!(decide("GET", &fields, current()), NOT_MODIFIED);
    let fields = [("If-Match", "\"b\""), range[0], range[1]];
    assert_eq!(decide("GET", &fields, current()), FAILED);
}

/// 9110-13.2.2-20, 9110-14.2-09: a Range without If-Range waits for the other steps.
#[test]
fn a_range_waits_for_the_other_steps() {
    let range = ("Range", "bytes=0-1");
    assert_eq!(
        decide("GET", &[range, ("If-None-Match", "\"x\"")], current()),
        PERFORM
    );
    assert_eq!(
        decide("GET", &[range, ("If-None-Match", "\"a\"")], current()),
        NOT_MODIFIED
    );
    for status in [201, 204, 404, 500] {
        let get = preconditions("GET", &[range], current()).unconditional_status(status);
        assert_eq!(get.decide(), IGNORING_RANGE, "{status}");
    }
}

/// 9110-14.1.1-05: of two Range lines neither is used.
#[test]
fn two_range_lines_are_ignored() {
    let fields = [("Range", "bytes=0-1"), ("Range", "bytes=2-3")];
    assert_eq!(decide("GET", &fields, current()), IGNORING_RANGE);
    let fields = [fields[0], fields[1], ("If-Range", "\"a\"")];
    assert_eq!(decide("GET", &fields, current()), IGNORING_RANGE);
}

/// 9110-13.2.2-01, 9110-15.4.5-01, 9110-15.5.13-01: every combination of field states, against the steps as they are numbered.
#[test]
fn every_combination_of_field_states() {
    let if_match = [
        None,
        Some("\"a\""),
        Some("\"x\""),
        Some("*"),
        Some("garbage"),
    ];
    let dates = [None, Some(T1), Some(T), Some(BEFORE_T), Some("garbage")];
    let if_range = [None, Some("\"a\""), Some("\"x\""), Some("garbage")];
    let mut combinations = 0;
    for method in ["GET", "HEAD", "PUT"] {
        for im in if_match {
            for ius in dates {
                for inm in if_match {
                    for ims in dates {
                        for ir in if_range {
                            for range in [None, Some("bytes=0-1")] {
                                let fields: Vec<(&str, &str)> = [
                                    ("If-Range", ir),
                                    ("If-Modified-Since", ims),
                                    ("If-None-Match", inm),
                                    ("If-Unmodified-Since", ius),
                                    ("If-Match", im),
                                    ("Range", range),
                                ]
                                .into_iter()
                                .filter_map(|(name, value)| Some((name, value?)))
                                .collect();
                                let safe = method != "PUT";
                                let step_1 = matches!(im, Some("\"x\"" | "garbage"));
                                let step_2 = im.is_none() && ius == Some(BEFORE_T);
                                let step_3 = matches!(inm, Some("\"a\"" | "*"))
                                    || (!safe && inm == Some("garbage"));
                                let step_4 = safe && inm.is_none() && matches!(ims, Some(T | T1));
                                let step_5 = method == "GET"
                                    && range.is_some()
                                    && matches!(ir, Some("\"x\"" | "garbage"));
                                let expected = if step_1 {
                                    (FAILED, Some(Field::IfMatch))
                                } else if step_2 {
                                    (FAILED, Some(Field::IfUnmodifiedSince))
                                } else if step_3 {
                                    let decision = if safe { NOT_MODIFIED } else { FAILED };
                                    (decision, Some(Field::IfNoneMatch))
                                } else if step_4 {
                                    (NOT_MODIFIED, Some(Field::IfModifiedSince))
                                } else if step_5 {
                                    (IGNORING_RANGE, Some(Field::IfRange))
                                } else if range.is_some() && method != "GET" {
                                    (IGNORING_RANGE, None)
                                } else {
                                    (PERFORM, None)
                                };
                                let seen = decided_by(method, &fields, current());
                                assert_eq!(seen, expected, "{method} {fields:?}");
                                combinations += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(combinations, 3 * 5 * 5 * 5 * 5 * 4 * 2);
}

/// The explanation walks the steps in their order and marks the one that decided.
#[test]
fn the_explanation_walks_the_steps() {
    let fields = [
        ("If-None-Match", "\"b\", W/\"a\", \"c\""),
        ("If-Modified-Since", T),
        ("If-Unmodified-Since", T1),
        ("Range", "bytes=0-1"),
    ];
    let explanation = preconditions("GET", &fields, current()).explain();
    assert_eq!(explanation.step(), Some(Step::IfNoneMatch));
    assert_eq!(
        explanation.to_string(),
        "\
304 Not Modified: If-None-Match names the current tag (RFC 9110 section 13.2.2, step 3)
  1. If-Match: absent
  2. If-Unmodified-Since: Sat, 29 Oct 1994 19:43:32 GMT; the modification date, \
Sat, 29 Oct 1994 19:43:31 GMT, is before that, so the condition is true
> 3. If-None-Match: 3 tags, compared weakly with \"a\": number 2 matches, \
so the condition is false: 304 Not Modified
  4. If-Modified-Since: ignored, because If-None-Match is present
  5. If-Range: absent
  6. Range: not reached"
    );
    let steps: Vec<_> = explanation
        .steps()
        .iter()
        .map(|step| (step.step().number(), step.step().field(), step.decided()))
        .collect();
    assert_eq!(
        steps,
        [
            (1, Field::IfMatch, false),
            (2, Field::IfUnmodifiedSince, false),
            (3, Field::IfNoneMatch, true),
            (4, Field::IfModifiedSince, false),
            (5, Field::IfRange, false),
        ]
    );
}
