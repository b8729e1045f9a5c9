//! What a server knows or chooses beside the request and the representation.

use super::{Field, Method};
use crate::validators::{HttpDate, Reading, Spelling};

/// The clock, and the departures from RFC 9110 that real deployments need. Each is off unless you
/// ask for it by name.
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

    /// If-Match compares weakly, against section 13.1.1, so that a weak tag can guard a write:
    /// `OData`, FHIR and SCIM ask for it.
    ///
    /// The risk: a weak tag may stay the same while the bytes change, and then one client
    /// overwrites what another has written.
    pub const fn weak_if_match(self) -> Self {
        self.with(Departures::WEAK_IF_MATCH)
    }

    /// Reads lists of entity tags leniently, against section 8.8.3: for clients that cannot be
    /// changed, such as some of S3's.
    ///
    /// A tag may come without its quotes, as `v1` or `W/v1`; it then ends before a comma, white
    /// space or a quote. For GET, HEAD and QUERY a member that is still not a tag is skipped, and
    /// the others count. For every other method it still makes the field malformed, so that a write
    /// that its client meant to guard is refused rather than let through.
    ///
    /// The risk: a client that has mangled its tags gets a 304 instead of the content that a
    /// malformed field would have got.
    pub const fn lenient_entity_tags(self) -> Self {
        self.with(Departures::LENIENT_ENTITY_TAGS)
    }

    const fn with(self, departure: u8) -> Self {
        Self {
            departures: Departures(self.departures.0 | departure),
            ..self
        }
    }
}

/// Dates.
#[cfg(feature = "dates")]
impl Policy {
    /// The current time, by which the two-digit year of an rfc850-date is read (section 5.6.7).
    /// In the evaluation it has no other effect: a date in the future is compared like any other.
    /// `reply` uses it for a `Last-Modified` in the future, too.
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

    /// Reads dates leniently, against section 5.6.7: a day of the week that does not fit the date,
    /// the zones `UTC`, `+0000` and `-0000` for `GMT`, a day of one digit, and `; length=` with a
    /// number behind it, as old browsers and crawlers add.
    ///
    /// S3 clients and crawlers send such dates. Without this, their If-Unmodified-Since is ignored,
    /// as section 13.1.4 demands, and the write goes ahead although the client believes it to be
    /// guarded.
    ///
    /// The risk: where the day of the week and the date contradict each other, the date is
    /// believed, and it may be the one that is wrong.
    pub const fn lenient_dates(self) -> Self {
        self.with(Departures::LENIENT_DATES)
    }

    /// If-Range is true for the exact modification date even where that is a weak validator,
    /// against section 13.1.5: downloads of files without a strong tag can be resumed then. Many
    /// well-known servers do so.
    ///
    /// The risk: if a file changes twice within one second and a download began in between, the
    /// client puts it together from two versions.
    pub const fn if_range_by_date(self) -> Self {
        self.with(Departures::IF_RANGE_BY_DATE)
    }

    /// Reads dates in upper and lower case, as RFC 9111 section 4.2 asks of caches.
    pub const fn case_insensitive_dates(self) -> Self {
        self.with(Departures::CASE_INSENSITIVE_DATES)
    }
}

/// The role of a cache.
#[cfg(feature = "cache")]
impl Policy {
    /// The role of a cache, which leaves some fields to the origin server.
    pub(crate) const fn role_of_cache(self) -> Self {
        self.with(Departures::CACHE)
    }

    /// The modification date given is really the time when the stored response was made or
    /// received. It makes no If-Range true, whatever was asked for.
    pub(crate) const fn date_for_modified(self) -> Self {
        let departures = self.departures.0 & !Departures::IF_RANGE_BY_DATE;
        Self {
            departures: Departures(departures),
            ..self
        }
        .with(Departures::DATE_FOR_MODIFIED)
    }
}

/// The departures that were asked for, and the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(crate) struct Departures(u8);

impl Departures {
    const EXACT_IF_MODIFIED_SINCE: u8 = 1;
    const WEAK_IF_MATCH: u8 = 2;
    const LENIENT_ENTITY_TAGS: u8 = 4;
    const CASE_INSENSITIVE_DATES: u8 = 8;
    const CACHE: u8 = 16;
    const DATE_FOR_MODIFIED: u8 = 32;
    const LENIENT_DATES: u8 = 64;
    const IF_RANGE_BY_DATE: u8 = 128;

    pub(crate) const fn exact_if_modified_since(self) -> bool {
        self.0 & Self::EXACT_IF_MODIFIED_SINCE != 0
    }

    pub(crate) const fn weak_if_match(self) -> bool {
        self.0 & Self::WEAK_IF_MATCH != 0
    }

    /// How lists of entity tags are read.
    pub(crate) const fn entity_tags(self, method: Method) -> Reading {
        if self.0 & Self::LENIENT_ENTITY_TAGS == 0 {
            Reading::Strict
        } else if method.can_be_not_modified() {
            Reading::PassingOver
        } else {
            Reading::Unquoted
        }
    }

    pub(crate) const fn if_range_by_date(self) -> bool {
        self.0 & Self::IF_RANGE_BY_DATE != 0
    }

    /// How dates are read.
    pub(crate) const fn dates(self) -> Spelling {
        Spelling {
            any_case: self.0 & Self::CASE_INSENSITIVE_DATES != 0,
            lenient: self.0 & Self::LENIENT_DATES != 0,
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
