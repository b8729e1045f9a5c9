//! The condition of a request as data (RFC 9110 section 13.1): a naive store that compares by it
//! comes to what the oracle decides, whatever its state.
#![no_main]

use http_conditional::{Condition, Exclusion, HttpDate, ListedTags, Method, Requirement};
use http_conditional_fuzz::against_oracle::oracle::{Answer, State, Tag};
use http_conditional_fuzz::against_oracle::{Case, date, oracle_says, owned};
use http_conditional_fuzz::input::{FIRST, LAST};
use http_conditional_fuzz::policy;
use libfuzzer_sys::fuzz_target;

/// 2026-06-15T00:00:00Z, where the case has no clock.
const JUNE_2026: i64 = 1_781_481_600;

fuzz_target!(|case: Case| {
    let mut case = case;
    // The clock of a policy does not count beside the one that is given by itself.
    let mut policy = policy(&case.policy);
    if let Some(now) = case.policy.now {
        policy = policy.now(date(if now < JUNE_2026 { LAST } else { FIRST }));
    }
    let now = *case.policy.now.get_or_insert(JUNE_2026);
    let is_get_or_head = matches!(&case.request.method[..], b"GET" | b"HEAD");
    if is_get_or_head && !case.state.exists {
        return; // 404, whatever the condition
    }
    case.status = Some(200);
    // Range is no part of the condition.
    let is_range = |name: &[u8]| name.eq_ignore_ascii_case(b"Range");
    case.request.fields.retain(|(name, _)| !is_range(name));

    let lines = case
        .request
        .fields
        .iter()
        .map(|(name, value)| (name, value));
    let method = Method::from_bytes(&case.request.method[..]);
    let condition = Condition::new(method, lines, date(now), policy);
    let (requires, excludes) = match &condition {
        Condition::Always => (true, false),
        Condition::Never => (false, false),
        Condition::Requires(requirement) => (is_met(requirement, &case.state), false),
        Condition::Excludes(exclusion) => (true, is_excluded(exclusion, &case.state)),
        Condition::Both(requirement, exclusion) => {
            let is_met = is_met(requirement, &case.state);
            (is_met, is_excluded(exclusion, &case.state))
        }
    };
    let answer = match (requires, excludes) {
        (true, false) => Answer::Perform,
        (true, true) if is_get_or_head => Answer::NotModified,
        _ => Answer::PreconditionFailed,
    };
    assert_eq!(answer, oracle_says(&case).answer, "{condition:?}");
});

fn is_met<'a, F>(requirement: &Requirement<F>, state: &State) -> bool
where
    F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
{
    match requirement {
        Requirement::Exists => state.exists,
        Requirement::Matches(tags) => {
            let listed = all_of(tags);
            assert!(listed.iter().all(|tag| !tag.weak));
            state
                .etag
                .as_ref()
                .is_some_and(|current| listed.contains(current))
        }
        Requirement::MatchesWeakly(tags) => matches_weakly(tags, state),
        Requirement::UnmodifiedSince(date) => is_unmodified_since(*date, state).unwrap_or(true),
    }
}

fn is_excluded<'a, F>(exclusion: &Exclusion<F>, state: &State) -> bool
where
    F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
{
    match exclusion {
        Exclusion::Exists => state.exists,
        Exclusion::Matches(tags) => matches_weakly(tags, state),
        Exclusion::UnmodifiedSince(date) => is_unmodified_since(*date, state).unwrap_or(false),
        Exclusion::ModifiedAt(date) => state.last_modified == Some(date.to_unix()),
    }
}

/// `None` where there is no modification date.
fn is_unmodified_since(date: HttpDate, state: &State) -> Option<bool> {
    state
        .last_modified
        .map(|modified| modified <= date.to_unix())
}

fn matches_weakly<'a, F>(tags: &ListedTags<F>, state: &State) -> bool
where
    F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
{
    let same = |tag: &Tag| {
        let current = state.etag.as_ref();
        current.is_some_and(|current| current.opaque == tag.opaque)
    };
    all_of(tags).iter().any(same)
}

/// One at least, and by itself where it is the only one.
fn all_of<'a, F>(tags: &ListedTags<F>) -> Vec<Tag>
where
    F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
{
    let all: Vec<Tag> = tags.iter().map(owned).collect();
    assert!(!all.is_empty());
    let only = (all.len() == 1).then(|| all[0].clone());
    assert_eq!(tags.only().map(owned), only);
    all
}
