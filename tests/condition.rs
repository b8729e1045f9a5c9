//! The condition of a request as data: a store that compares by it alone comes to what the
//! evaluation of the request comes to, whatever the state.
#![cfg(feature = "dates")]

mod against_oracle;

use against_oracle::{Case, crate_says, date, oracle, oracle_says, owned, part};
use http_conditional::{
    Condition, EntityTag, Exclusion, Field, HttpDate, ListedTags, Method, Policy, Requirement,
};
use oracle::{Answer, State, Tag};
use proptest::prelude::*;
use proptest::sample::select;

const T: i64 = 783_459_811;
/// 2026-06-15T00:00:00Z.
const JUNE_2026: i64 = 1_781_481_600;

type FieldLines = Vec<(Vec<u8>, Vec<u8>)>;

fn condition(case: &Case) -> Condition<impl IntoIterator<Item = (&Vec<u8>, &Vec<u8>)> + Clone> {
    let method = Method::from_bytes(&case.request.method);
    let now = date(case.policy.now.unwrap());
    let fields = case.request.fields.iter();
    Condition::new(
        method,
        fields.map(|(name, value)| (name, value)),
        now,
        against_oracle::policy(&case.policy),
    )
}

/// A store that knows its own state and is given nothing but the condition.
struct Store<'s> {
    state: &'s State,
    /// By it the store knows whether the others that it has count beside the selected one.
    method: oracle::Method,
}

impl Store<'_> {
    fn answer<'a, F>(&self, condition: &Condition<F>) -> Answer
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        let refused = if self.method.retrieves() {
            Answer::NotModified
        } else {
            Answer::PreconditionFailed
        };
        let (requirement, exclusion) = match condition {
            Condition::Always => (None, None),
            Condition::Never => return Answer::PreconditionFailed,
            Condition::Requires(requirement) => (Some(requirement), None),
            Condition::Excludes(exclusion) => (None, Some(exclusion)),
            Condition::Both(requirement, exclusion) => (Some(requirement), Some(exclusion)),
        };
        if requirement.is_some_and(|requirement| !self.meets(requirement)) {
            Answer::PreconditionFailed
        } else if exclusion.is_some_and(|exclusion| self.is_excluded(exclusion)) {
            refused
        } else {
            Answer::Perform
        }
    }

    fn meets<'a, F>(&self, requirement: &Requirement<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        match requirement {
            Requirement::Exists => oracle::anything_exists(self.method, self.state),
            // What a store does: byte for byte, the mark of a weak tag included.
            Requirement::Matches(tags) => {
                let mine = oracle::compared_tags(self.method, self.state);
                let tags = listed(tags);
                assert!(
                    tags.iter().all(|tag| !tag.weak),
                    "a weak tag matches nothing"
                );
                tags.iter().any(|tag| mine.contains(&tag))
            }
            Requirement::MatchesWeakly(tags) => self.has_the_opaque_tag_of_one(tags),
            Requirement::UnmodifiedSince(since) => {
                self.modified().is_none_or(|modified| modified <= *since)
            }
            _ => panic!("a requirement that the test does not know"),
        }
    }

    fn is_excluded<'a, F>(&self, exclusion: &Exclusion<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        match exclusion {
            Exclusion::Exists => oracle::anything_exists(self.method, self.state),
            Exclusion::Matches(tags) => self.has_the_opaque_tag_of_one(tags),
            Exclusion::UnmodifiedSince(since) => {
                self.modified().is_some_and(|modified| modified <= *since)
            }
            Exclusion::ModifiedAt(when) => self.modified() == Some(*when),
            _ => panic!("an exclusion that the test does not know"),
        }
    }

    fn has_the_opaque_tag_of_one<'a, F>(&self, tags: &ListedTags<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        let mine = oracle::compared_tags(self.method, self.state);
        let has = |tag: &Tag| mine.iter().any(|mine| mine.opaque == tag.opaque);
        listed(tags).iter().any(has)
    }

    fn modified(&self) -> Option<HttpDate> {
        self.state.last_modified.map(date)
    }
}

/// The tags; never none, and `only` is the one that is alone.
fn listed<'a, F>(tags: &ListedTags<F>) -> Vec<Tag>
where
    F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
{
    let all: Vec<Tag> = tags.iter().map(owned).collect();
    assert!(!all.is_empty());
    let only = tags.only().map(owned);
    assert_eq!(only.as_ref(), all.first().filter(|_| all.len() == 1));
    all
}

/// Whether the data comes to what the evaluator and the oracle come to. Range, which is no part
/// of the condition, makes no difference here.
fn holds(case: &Case) -> Result<(), String> {
    let method = oracle::Method::of(&case.request.method);
    let condition = condition(case);
    // Where a GET, HEAD or QUERY finds nothing, no condition counts (section 13.2.1).
    let store = if method.retrieves() && !case.state.exists {
        Answer::Perform
    } else {
        let state = &case.state;
        Store { state, method }.answer(&condition)
    };
    let perform = |answer| match answer {
        Answer::PerformIgnoringRange => Answer::Perform,
        answer => answer,
    };
    let evaluated = perform(crate_says(case, &case.request.fields).answer);
    let expected = perform(oracle_says(case).answer);
    if store == evaluated && store == expected {
        Ok(())
    } else {
        Err(format!(
            "{store:?} by the data, {evaluated:?} by evaluation, {expected:?} by the oracle: {case:?}"
        ))
    }
}

fn policies() -> Vec<oracle::Policy> {
    let bits = [false, true];
    let mut policies = Vec::new();
    for exact_if_modified_since in bits {
        for weak_if_match in bits {
            for lenient_entity_tags in bits {
                for case_insensitive_dates in bits {
                    for lenient_dates in bits {
                        policies.push(oracle::Policy {
                            now: Some(JUNE_2026),
                            exact_if_modified_since,
                            weak_if_match,
                            lenient_entity_tags,
                            case_insensitive_dates,
                            lenient_dates,
                            if_range_by_date: false,
                        });
                    }
                }
            }
        }
    }
    policies
}

fn states() -> Vec<State> {
    let tag = |text: &str| oracle::parse_tag(text.as_bytes()).unwrap();
    let brothers = vec![tag("W/\"b\""), tag("\"b\"")];
    let mut states = vec![
        State::default(),
        State {
            also: brothers.clone(),
            ..State::default()
        },
        State {
            exists: true,
            etag: Some(tag("\"a\"")),
            also: brothers,
            ..State::default()
        },
    ];
    for etag in [None, Some("\"a\""), Some("W/\"a\""), Some("\"b\"")] {
        for last_modified in [None, Some(T), Some(T + 1)] {
            states.push(State {
                exists: true,
                etag: etag.map(tag),
                last_modified,
                ..State::default()
            });
        }
    }
    states
}

/// Field lines of this name, by the choices of their values.
fn lines(name: &str, choices: &[&[&str]]) -> Vec<FieldLines> {
    let line = |value: &&str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    let field = |values: &&[&str]| values.iter().map(line).collect();
    choices.iter().map(field).collect()
}

/// 9110-13.1.1-01, 9110-13.1.2-01, 9110-13.1.3-01, 9110-13.1.4-01, 9110-13.2.2-01: every request of these against every
/// state.
#[test]
fn a_store_that_compares_by_the_data_alone_comes_to_the_same() {
    let tags: &[&[&str]] = &[
        &[],
        &["*"],
        &["* ", ""],
        &[""],
        &["\"a\""],
        &["W/\"a\""],
        &["\"x\", W/\"a\""],
        &["\"x\"", "\"a\", \"b\""],
        &["\"a\"", "*"],
        &["\"a\", "],
        &["a"],
        &["\"a\", \"b"],
        &["\"b\""],
    ];
    let dates: &[&[&str]] = &[
        &[],
        &["Sat, 29 Oct 1994 19:43:31 GMT"],
        &[" Sat, 29 Oct 1994 19:43:32 GMT"],
        &["Saturday, 29-Oct-94 19:43:31 GMT"],
        &["sat, 29 oct 1994 19:43:31 gmt"],
        &["Sun, 29 Oct 1994 19:43:31 UTC; length=1"],
        &["yesterday"],
        &["Sat, 29 Oct 1994 19:43:31 GMT"; 2],
    ];
    let (if_match, if_none_match) = (lines("If-Match", tags), lines("if-none-match", tags));
    let if_modified = lines("If-Modified-Since", dates);
    let if_unmodified = lines("IF-UNMODIFIED-SINCE", dates);
    let (states, policies) = (states(), policies());
    let mut kinds = [0_usize; 5];
    let mut number = 0_usize;
    for method in ["GET", "HEAD", "QUERY", "PUT", "DELETE", "OPTIONS"] {
        for first in &if_match {
            for second in &if_unmodified {
                for third in &if_none_match {
                    for fourth in &if_modified {
                        number += 1;
                        let fields = [first, second, third, fourth].map(Clone::clone);
                        let mut case = Case {
                            request: oracle::Request {
                                method: method.into(),
                                fields: fields.concat(),
                            },
                            state: State::default(),
                            status: None,
                            policy: policies[number % policies.len()].clone(),
                        };
                        kinds[match condition(&case) {
                            Condition::Always => 0,
                            Condition::Never => 1,
                            Condition::Requires(_) => 2,
                            Condition::Excludes(_) => 3,
                            Condition::Both(..) => 4,
                        }] += 1;
                        // Each state in its turn, where it is a part of them.
                        let step = part(37, 1);
                        for state in states.iter().skip(number % step).step_by(step) {
                            case.state = state.clone();
                            holds(&case).unwrap();
                        }
                    }
                }
            }
        }
    }
    assert!(kinds.iter().all(|&count| count > 100), "{kinds:?}");
}

fn field_line() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let names = vec![
        "If-Match",
        "If-None-Match",
        "if-none-match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
        "Host",
    ];
    let values = prop_oneof![
        4 => prop::collection::vec(
            select(vec!["\"a\"", "W/\"a\"", "\"b\"", "\"a,b\"", "\"\"", "", "a", "W/b", "\"a", "*"]),
            0..4,
        ).prop_map(|members| members.join(", ").into_bytes()),
        3 => (-1_i64..=1).prop_map(|distance| date(T + distance).to_string().into_bytes()),
        1 => select(vec![
            "Saturday, 29-Oct-94 19:43:31 GMT",
            "Monday, 29-Oct-94 19:43:31 GMT",
            "Sat Oct 29 19:43:31 1994",
            "sat, 29 oct 1994 19:43:31 gmt",
            "Sat, 29 Oct 1994 19:43:31 -0000",
            "Tue, 1 Nov 1994 19:43:31 GMT; length=3",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ];
    (select(names), values).prop_map(|(name, value)| (name.as_bytes().to_vec(), value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(part(1_000, 20_000)))]

    /// 9110-13.2.2-01: whatever the lines are, and however many there are of a field.
    #[test]
    fn whatever_the_lines(
        method in select(vec!["GET", "HEAD", "QUERY", "PUT", "DELETE", "PROPFIND", "put", "TRACE"]),
        fields in prop::collection::vec(field_line(), 0..6),
        state in select(states()),
        policy in select(policies()),
    ) {
        let request = oracle::Request { method: method.into(), fields };
        let case = Case { request, state, status: None, policy };
        holds(&case).map_err(TestCaseError::fail)?;
    }
}

/// What no state makes true is known without asking a store, and so is what every state does.
#[test]
fn some_conditions_need_no_store() {
    let now = date(JUNE_2026);
    for value in ["", " , ", "W/\"a\"", "W/\"a\", W/\"b\"", "\"a", "*, *"] {
        let condition = Condition::new("PUT", [("If-Match", value)], now, Policy::new());
        assert!(
            matches!(condition, Condition::Never),
            "{value}: {condition:?}"
        );
    }
    let condition = Condition::new("PUT", [("If-None-Match", "\"a")], now, Policy::new());
    assert!(matches!(condition, Condition::Never), "{condition:?}");
    for (method, name, value) in [
        ("PUT", "If-None-Match", " ,"),
        ("GET", "If-None-Match", "\"a"),
        ("PUT", "If-Modified-Since", "Sat, 29 Oct 1994 19:43:31 GMT"),
        ("PUT", "If-Unmodified-Since", "yesterday"),
        ("OPTIONS", "If-Match", "\"a\""),
        ("PUT", "If-Range", "\"a\""),
    ] {
        let condition = Condition::new(method, [(name, value)], now, Policy::new());
        assert!(
            matches!(condition, Condition::Always),
            "{name}: {condition:?}"
        );
    }
}

/// The fields of an `http::HeaderMap` are lent as they are, and so is an array of pairs.
#[test]
fn header_maps_and_arrays_lend_their_fields() {
    let now = date(JUNE_2026);
    let mut headers = http::HeaderMap::new();
    headers.append("if-match", "\"a\"".parse().unwrap());
    headers.append("if-match", "\"b\", \"c\"".parse().unwrap());
    let Condition::Requires(Requirement::Matches(tags)) =
        Condition::new("PUT", &headers, now, Policy::new())
    else {
        panic!("a list is required");
    };
    let opaque: Vec<&[u8]> = tags.iter().map(EntityTag::opaque).collect();
    assert_eq!(opaque, [b"a", b"b", b"c"]);

    let fields = [(Field::IfNoneMatch.name(), "*")];
    let condition = Condition::new("PUT", fields, now, Policy::new());
    assert!(matches!(condition, Condition::Excludes(Exclusion::Exists)));
}
