//! The departures from RFC 9110 that the library knows, as options, so that one can try each.

use clap::Args;
use http_conditional::{HttpDate, Policy};

/// Where a program may depart from RFC 9110.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Departures from RFC 9110")]
#[allow(clippy::struct_excessive_bools)] // an option each
pub(crate) struct Departures {
    /// If-Match compares weakly, as OData, FHIR and SCIM ask for
    #[arg(long)]
    weak_if_match: bool,
    /// Read tags without quotes, and in a GET skip what is not a tag
    #[arg(long)]
    lenient_entity_tags: bool,
    /// Read dates that are nearly HTTP-dates: `UTC` for `GMT`, a one-digit day
    #[arg(long)]
    lenient_dates: bool,
    /// Read dates in upper and lower case
    #[arg(long)]
    case_insensitive_dates: bool,
    /// Answer 304 only if If-Modified-Since is exactly the modification date
    #[arg(long)]
    exact_if_modified_since: bool,
    /// Let If-Range resume by date, though two versions made in one second have the same date
    #[arg(long)]
    if_range_by_date: bool,
}

type Depart = fn(Policy) -> Policy;

impl Departures {
    /// The policy, with the time that it is.
    pub(crate) fn policy(self, now: Option<HttpDate>) -> Policy {
        let mut policy = Policy::new();
        if let Some(now) = now {
            policy = policy.now(now);
        }
        let chosen: [(bool, Depart); 6] = [
            (self.weak_if_match, Policy::weak_if_match),
            (self.lenient_entity_tags, Policy::lenient_entity_tags),
            (self.lenient_dates, Policy::lenient_dates),
            (self.case_insensitive_dates, Policy::case_insensitive_dates),
            (
                self.exact_if_modified_since,
                Policy::exact_if_modified_since,
            ),
            (self.if_range_by_date, Policy::if_range_by_date),
        ];
        chosen
            .into_iter()
            .filter(|(is_chosen, _)| *is_chosen)
            .fold(policy, |policy, (_, depart)| depart(policy))
    }
}
