//! The condition of a request as data (RFC 9110 section 13.1): a naive store that compares by it
//! comes to what the oracle decides, whatever its state.
#![no_main]

use http_conditional::{Condition, Exclusion, HttpDate, ListedTags, Method, Requirement};
use http_conditional_fuzz::against_oracle::oracle::{
    Answer, Method as Asked, State, Tag, anything_exists, compared_tags,
};
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
    let asked = Asked::of(&case.request.method);
    if asked.retrieves() && !case.state.exists {
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
    let method = Method::from_bytes(&case.request.method);
    let store = Store {
        state: &case.state,
        asked,
    };
    let condition = Condition::new(method, lines, date(now), policy);
    let (requires, excludes) = match &condition {
        Condition::Always => (true, false),
        Condition::Never => (false, false),
        Condition::Requires(requirement) => (store.is_met(requirement), false),
        Condition::Excludes(exclusion) => (true, store.is_excluded(exclusion)),
        Condition::Both(requirement, exclusion) => {
            (store.is_met(requirement), store.is_excluded(exclusion))
        }
    };
    let answer = match (requires, excludes) {
        (true, false) => Answer::Perform,
        (true, true) if asked.retrieves() => Answer::NotModified,
        _ => Answer::PreconditionFailed,
    };
    assert_eq!(answer, oracle_says(&case).answer, "{condition:?}");
});

/// What a store has, and the method that says whether all of it counts.
struct Store<'s> {
    state: &'s State,
    asked: Asked,
}

impl Store<'_> {
    fn is_met<'a, F>(&self, requirement: &Requirement<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        match requirement {
            Requirement::Exists => anything_exists(self.asked, self.state),
            Requirement::Matches(tags) => {
                let listed = all_of(tags);
                assert!(listed.iter().all(|tag| !tag.weak));
                let mine = compared_tags(self.asked, self.state);
                listed.iter().any(|tag| mine.contains(&tag))
            }
            Requirement::MatchesWeakly(tags) => self.matches_weakly(tags),
            Requirement::UnmodifiedSince(date) => self.is_unmodified_since(*date).unwrap_or(true),
            _ => panic!("a requirement that the target does not know"),
        }
    }

    fn is_excluded<'a, F>(&self, exclusion: &Exclusion<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        match exclusion {
            Exclusion::Exists => anything_exists(self.asked, self.state),
            Exclusion::Matches(tags) => self.matches_weakly(tags),
            Exclusion::UnmodifiedSince(date) => self.is_unmodified_since(*date).unwrap_or(false),
            Exclusion::ModifiedAt(date) => self.state.last_modified == Some(date.to_unix()),
            _ => panic!("an exclusion that the target does not know"),
        }
    }

    /// `None` where there is no modification date.
    fn is_unmodified_since(&self, date: HttpDate) -> Option<bool> {
        let modified = self.state.last_modified;
        modified.map(|modified| modified <= date.to_unix())
    }

    fn matches_weakly<'a, F>(&self, tags: &ListedTags<F>) -> bool
    where
        F: IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)> + Clone,
    {
        let mine = compared_tags(self.asked, self.state);
        let is_mine = |tag: &Tag| mine.iter().any(|mine| mine.opaque == tag.opaque);
        all_of(tags).iter().any(is_mine)
    }
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
