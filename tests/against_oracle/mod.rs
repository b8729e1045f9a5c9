//! The same case, put to the crate and to the oracle.

// Every test target that includes this module uses another part of it.
#![allow(dead_code, unreachable_pub)]

#[path = "../oracle/mod.rs"]
pub mod oracle;

use http_conditional::{
    Decision, EntityTag, Guard, HttpDate, Method, Policy, Preconditions, RangePolicy,
    RangeResponse, Representation, Step, WholeReason,
};
use oracle::{RangeAnswer, Why};

/// A request against a state, in the oracle's terms.
#[derive(Debug, Clone)]
pub struct Case {
    pub request: oracle::Request,
    pub state: oracle::State,
    /// The status without conditions; `None` for what a server usually answers.
    pub status: Option<u16>,
    pub policy: oracle::Policy,
}

pub fn date(unix: i64) -> HttpDate {
    HttpDate::from_unix(unix).unwrap()
}

/// How much of a test to do: a small part, so that `cargo test` stays quick, or with `FULL_TESTS`
/// in the environment all of it, as `.ci/run` does.
pub fn part<T>(small: T, full: T) -> T {
    if std::env::var_os("FULL_TESTS").is_some() {
        full
    } else {
        small
    }
}

/// What the oracle calls a policy, as the crate's.
pub fn policy(of: &oracle::Policy) -> Policy {
    let mut policy = Policy::new();
    if let Some(now) = of.now {
        policy = policy.now(date(now));
    }
    if of.exact_if_modified_since {
        policy = policy.exact_if_modified_since();
    }
    if of.weak_if_match {
        policy = policy.weak_if_match();
    }
    if of.lenient_entity_tags {
        policy = policy.lenient_entity_tags();
    }
    if of.case_insensitive_dates {
        policy = policy.case_insensitive_dates();
    }
    if of.lenient_dates {
        policy = policy.lenient_dates();
    }
    if of.if_range_by_date {
        policy = policy.if_range_by_date();
    }
    policy
}

/// What the oracle calls a policy for ranges, as the crate's.
pub fn range_policy(of: &oracle::RangePolicy) -> RangePolicy {
    let mut policy = RangePolicy::new()
        .max_ranges(of.max_ranges)
        .max_reversals(of.max_reversals);
    if let Some(most) = of.max_bytes {
        policy = policy.max_bytes(most);
    }
    if of.malformed_is_416 {
        policy = policy.malformed_is_416();
    }
    if of.excess_is_416 {
        policy = policy.excess_is_416();
    }
    if of.first_only {
        policy = policy.first_only();
    }
    if of.empty_is_200 {
        policy = policy.empty_is_200();
    }
    if of.spaces_around_hyphen {
        policy = policy.spaces_around_hyphen();
    }
    policy
}

/// What the crate sends, in the oracle's terms.
pub fn sent(response: RangeResponse<'_>) -> RangeAnswer {
    match response {
        RangeResponse::Whole(reason) => RangeAnswer::Whole(why(reason)),
        RangeResponse::Unsatisfiable(_) => RangeAnswer::Unsatisfiable,
        RangeResponse::Part(part) => {
            RangeAnswer::Parts(vec![(part.range().first(), part.range().last())])
        }
        RangeResponse::Parts(parts) => {
            let positions = parts.map(|part| (part.range().first(), part.range().last()));
            RangeAnswer::Parts(positions.collect())
        }
    }
}

fn why(reason: WholeReason) -> Why {
    match reason {
        WholeReason::NoRange => Why::Absent,
        WholeReason::Decision => Why::NotApplied,
        WholeReason::Unit => Why::OtherUnit,
        WholeReason::Malformed(_) => Why::Malformed,
        WholeReason::TooMany => Why::TooMany,
        WholeReason::Empty => Why::Empty,
        WholeReason::Reversals => Why::OutOfOrder,
        WholeReason::TooLong => Why::TooLong,
        other => panic!("no oracle knows {other:?}"),
    }
}

/// A tag of the oracle's, lent to the crate.
pub fn lent(tag: &oracle::Tag) -> EntityTag<'_> {
    let tag = if tag.weak {
        EntityTag::weak(&tag.opaque)
    } else {
        EntityTag::strong(&tag.opaque)
    };
    tag.unwrap()
}

/// The tags of the representations beside the selected one, to be lent to [`preconditions`].
pub fn brothers(case: &Case) -> Vec<EntityTag<'_>> {
    case.state.also.iter().map(lent).collect()
}

/// What is selected, beside the tags of the others.
pub fn selected<'c>(case: &'c Case, brothers: &'c [EntityTag<'c>]) -> Representation<'c> {
    let state = &case.state;
    let mut selected = if state.exists {
        Representation::current()
    } else {
        Representation::ABSENT
    };
    if !brothers.is_empty() {
        selected = selected.also(brothers);
    }
    if state.exists {
        if let Some(tag) = &state.etag {
            selected = selected.etag(lent(tag));
        }
        if let Some(unix) = state.last_modified {
            selected = if state.last_modified_is_strong {
                selected.strong_last_modified(date(unix))
            } else {
                selected.last_modified(date(unix))
            };
        }
    }
    selected
}

pub fn preconditions<'c>(case: &'c Case, brothers: &'c [EntityTag<'c>]) -> Preconditions<'c> {
    let method = Method::from_bytes(&case.request.method);
    let selected = selected(case, brothers);
    let preconditions = Preconditions::with_policy(method, selected, policy(&case.policy));
    match case.status {
        Some(status) => preconditions.unconditional_status(status),
        None => preconditions,
    }
}

/// What the crate says: decision, deciding step, malformed fields, guard.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    pub answer: oracle::Answer,
    pub deciding_step: Option<u8>,
    pub malformed: Vec<String>,
    pub guard: oracle::Guard,
}

fn answer(decision: Decision) -> oracle::Answer {
    match decision {
        Decision::Perform => oracle::Answer::Perform,
        Decision::PerformIgnoringRange => oracle::Answer::PerformIgnoringRange,
        Decision::NotModified => oracle::Answer::NotModified,
        Decision::PreconditionFailed => oracle::Answer::PreconditionFailed,
    }
}

pub fn crate_says(case: &Case, fields: &[(Vec<u8>, Vec<u8>)]) -> Said {
    let brothers = brothers(case);
    let mut preconditions = preconditions(case, &brothers);
    preconditions.extend(fields.iter().map(|(name, value)| (name, value)));
    let explanation = preconditions.explain();
    assert_eq!(explanation.decision(), preconditions.decide());
    assert!(!explanation.to_string().is_empty());
    let mut malformed: Vec<String> = preconditions
        .malformed()
        .iter()
        .map(|field| field.name().to_ascii_lowercase())
        .collect();
    malformed.sort();
    Said {
        answer: answer(preconditions.decide()),
        deciding_step: explanation.step().map(Step::number),
        malformed,
        guard: match preconditions.guards_write() {
            Guard::None => oracle::Guard::None,
            Guard::Date => oracle::Guard::Date,
            Guard::Strong => oracle::Guard::Strong,
        },
    }
}

pub fn oracle_says(case: &Case) -> Said {
    // What a server answers without conditions, where the case does not say.
    let retrieves = oracle::Method::of(&case.request.method).retrieves();
    let missing = !case.state.exists && retrieves;
    let status = case.status.unwrap_or(if missing { 404 } else { 200 });
    let verdict = oracle::evaluate(&case.request, &case.state, status, &case.policy);
    let mut malformed: Vec<String> = oracle::malformed(&case.request, &case.state, &case.policy)
        .into_iter()
        .map(str::to_owned)
        .collect();
    malformed.sort();
    Said {
        answer: verdict.answer,
        deciding_step: verdict.deciding_step,
        malformed,
        guard: oracle::guard(&case.request, &case.state, &case.policy),
    }
}

/// A tag in the oracle's terms.
pub fn owned(tag: EntityTag<'_>) -> oracle::Tag {
    oracle::Tag {
        weak: tag.is_weak(),
        opaque: tag.opaque().to_vec(),
    }
}
