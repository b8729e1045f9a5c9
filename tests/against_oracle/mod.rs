//! The same case, put to the crate and to the oracle.

// Every test target that includes this module uses another part of it.
#![allow(dead_code, unreachable_pub)]

#[path = "../oracle/mod.rs"]
pub mod oracle;

use http_conditional::{
    Decision, EntityTag, HttpDate, Method, Policy, Preconditions, Representation, Step,
};

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
    if of.unquoted_entity_tags {
        policy = policy.unquoted_entity_tags();
    }
    if of.case_insensitive_dates {
        policy = policy.case_insensitive_dates();
    }
    policy
}

pub fn preconditions(case: &Case) -> Preconditions<'_> {
    let state = &case.state;
    let mut selected = if state.exists {
        Representation::current()
    } else {
        Representation::ABSENT
    };
    if state.exists {
        if let Some(tag) = &state.etag {
            let tag = if tag.weak {
                EntityTag::weak(&tag.opaque)
            } else {
                EntityTag::strong(&tag.opaque)
            };
            selected = selected.etag(tag.unwrap());
        }
        if let Some(unix) = state.last_modified {
            selected = if state.last_modified_is_strong {
                selected.strong_last_modified(date(unix))
            } else {
                selected.last_modified(date(unix))
            };
        }
    }
    let method = Method::from_bytes(case.request.method.as_slice());
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
    pub guards_write: bool,
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
    let mut preconditions = preconditions(case);
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
        guards_write: preconditions.guards_write(),
    }
}

pub fn oracle_says(case: &Case) -> Said {
    // What a server answers without conditions, where the case does not say.
    let missing = !case.state.exists && matches!(&case.request.method[..], b"GET" | b"HEAD");
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
        guards_write: oracle::guards_write(&case.request, &case.state, &case.policy),
    }
}

/// A tag in the oracle's terms.
pub fn owned(tag: EntityTag<'_>) -> oracle::Tag {
    oracle::Tag {
        weak: tag.is_weak(),
        opaque: tag.opaque().to_vec(),
    }
}
