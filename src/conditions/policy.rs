//! What a server knows or chooses beside the request and the representation.

use super::Field;
use crate::validators::{Case, HttpDate, Quotes};

/// The clock, and the departures from RFC 9110 that real deployments ask for. Each is off unless
/// it is asked for by name.
///
/// ```
/// use http_conditional::{HttpDate, Method, Policy, Preconditions, Representation};
///
/// let policy = Policy::new()
///     .now(HttpDate::from_unix(1_781_481_600)?)
///     .exact_if_modified_since();
/// let preconditions = Preconditions::with_policy(Method::Get, Representation::ABSENT, policy);
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[must_use]
pub struct Policy {
    pub(crate) now: Option<HttpDate>,
    pub(crate) departures: Departures,
}

impl Policy {
    /// No clock, no departure.
    pub const fn new() -> Self {
        Self {
            now: None,
            departures: Departures(0),
        }
    }

    /// The current time, by which the two-digit year of an rfc850-date is read (section 5.6.7).
    /// It has no other effect: a date in the future is compared like any other.
    ///
    /// Without it the reference is the representation's modification date, and without that
    /// either such a date is invalid.
    pub const fn now(self, now: HttpDate) -> Self {
        Self {
            now: Some(now),
            ..self
        }
    }

    /// If-Modified-Since is false only where its date is exactly the modification date, as
    /// section 13.1.3 permits: for resources that may be rolled back to an older version.
    pub const fn exact_if_modified_since(self) -> Self {
        self.with(Departures::EXACT_IF_MODIFIED_SINCE)
    }

    /// If-Match compares weakly, against section 13.1.1, so that a weak tag can guard a write:
    /// `OData` asks for it.
    pub const fn weak_if_match(self) -> Self {
        self.with(Departures::WEAK_IF_MATCH)
    }

    /// A request may give an entity tag without its quotes, as `v1` or `W/v1`, against section
    /// 8.8.3. Such a tag ends before a comma, white space or a quote.
    pub const fn unquoted_entity_tags(self) -> Self {
        self.with(Departures::UNQUOTED_ENTITY_TAGS)
    }

    /// The letters of a date may be in either case, as RFC 9111 section 4.2 asks of caches.
    pub const fn case_insensitive_dates(self) -> Self {
        self.with(Departures::CASE_INSENSITIVE_DATES)
    }

    /// The role of a cache, which leaves some fields to the origin server.
    pub(crate) const fn role_of_cache(self) -> Self {
        self.with(Departures::CACHE)
    }

    /// What is given as the modification date is when the stored response was made or received.
    pub(crate) const fn date_for_modified(self) -> Self {
        self.with(Departures::DATE_FOR_MODIFIED)
    }

    const fn with(self, departure: u8) -> Self {
        Self {
            departures: Departures(self.departures.0 | departure),
            ..self
        }
    }
}

/// The departures that were asked for, and the role that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Departures(u8);

impl Departures {
    const EXACT_IF_MODIFIED_SINCE: u8 = 1;
    const WEAK_IF_MATCH: u8 = 2;
    const UNQUOTED_ENTITY_TAGS: u8 = 4;
    const CASE_INSENSITIVE_DATES: u8 = 8;
    const CACHE: u8 = 16;
    const DATE_FOR_MODIFIED: u8 = 32;

    pub(crate) const fn exact_if_modified_since(self) -> bool {
        self.0 & Self::EXACT_IF_MODIFIED_SINCE != 0
    }

    pub(crate) const fn weak_if_match(self) -> bool {
        self.0 & Self::WEAK_IF_MATCH != 0
    }

    pub(crate) const fn quotes(self) -> Quotes {
        if self.0 & Self::UNQUOTED_ENTITY_TAGS == 0 {
            Quotes::Required
        } else {
            Quotes::Optional
        }
    }

    pub(crate) const fn case(self) -> Case {
        if self.0 & Self::CASE_INSENSITIVE_DATES == 0 {
            Case::Sensitive
        } else {
            Case::Insensitive
        }
    }

    /// Whether the field applies to an origin server only, and this is a cache (RFC 9111 section
    /// 4.3.2).
    pub(crate) const fn leaves_to_origin(self, field: Field) -> bool {
        self.0 & Self::CACHE != 0 && matches!(field, Field::IfMatch | Field::IfUnmodifiedSince)
    }

    pub(crate) const fn has_date_for_modified(self) -> bool {
        self.0 & Self::DATE_FOR_MODIFIED != 0
    }
}
