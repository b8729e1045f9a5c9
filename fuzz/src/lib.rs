//! What the fuzz targets share: how their inputs are read, and the naive models that they compare
//! the crate with. The oracle for preconditions, tags and dates is that of the crate's own tests.

#[path = "../../tests/bridge/mod.rs"]
pub mod bridge;
pub mod input;
pub mod range;
pub mod stored;

use http_conditional::Policy;

/// The crate's policy for the oracle's.
pub fn policy(policy: &bridge::oracle::Policy) -> Policy {
    let mut made = Policy::new();
    if let Some(now) = policy.now {
        made = made.now(bridge::date(now));
    }
    for (is_wanted, departure) in [
        (
            policy.exact_if_modified_since,
            Policy::exact_if_modified_since as fn(_) -> _,
        ),
        (policy.weak_if_match, Policy::weak_if_match),
        (policy.unquoted_entity_tags, Policy::unquoted_entity_tags),
        (
            policy.case_insensitive_dates,
            Policy::case_insensitive_dates,
        ),
    ] {
        if is_wanted {
            made = departure(made);
        }
    }
    made
}
