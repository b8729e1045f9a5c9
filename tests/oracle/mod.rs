//! A naive reading of RFC 9110 sections 13 and 14.2, and of RFC 10008 where it speaks of them, to
//! test the crate against.
//!
//! It favours being obviously right over being fast: every field is first
//! collected into owned lines, then parsed into plain owned data, and only then
//! are the numbered steps of section 13.2.2 followed one by one.

// Every test target that includes this module uses another part of it.
#![allow(dead_code, unused_imports, unreachable_pub)]

mod date;
mod evaluate;
mod method;
mod ranges;
mod tags;

pub use date::{DateReading, format_date, parse_date, read_date};
pub use evaluate::{Guard, anything_exists, compared_tags, evaluate, guard, malformed};
pub use method::Method;
pub use ranges::{RangeAnswer, RangePolicy, Why, answer_range};
pub use tags::{TagReading, Tags, parse_tag, parse_tags};

/// What the oracle knows of the selected representation.
///
/// When `exists` is false, `etag` and `last_modified` count as `None`. `also`
/// counts all the same: it is about other representations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Whether the target has a current representation.
    pub exists: bool,
    /// Its entity tag, if it has one.
    pub etag: Option<Tag>,
    /// Its modification date in Unix seconds, if it has one.
    pub last_modified: Option<i64>,
    /// Whether that date is a strong validator (section 8.8.2.2).
    pub last_modified_is_strong: bool,
    /// The entity tags of other current representations of the same resource.
    pub also: Vec<Tag>,
}

/// An entity tag (section 8.8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Whether the tag carries the weakness mark `W/`.
    pub weak: bool,
    /// The bytes between the double quotes.
    pub opaque: Vec<u8>,
}

/// The opt-in departures, and the clock that two-digit years need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
// Each is a switch of its own, as each departure is asked for by itself.
#[allow(clippy::struct_excessive_bools)]
pub struct Policy {
    /// The current time in Unix seconds, for two-digit years only.
    pub now: Option<i64>,
    /// `If-Modified-Since` is false only when the dates are equal.
    pub exact_if_modified_since: bool,
    /// `If-Match` uses the weak comparison.
    pub weak_if_match: bool,
    /// Tags without their double quotes are accepted, and GET, HEAD and QUERY
    /// pass over what is malformed in a list.
    pub lenient_entity_tags: bool,
    /// Letters in dates may be in either case.
    pub case_insensitive_dates: bool,
    /// Five near misses of an HTTP-date are accepted (see [`DateReading`]).
    pub lenient_dates: bool,
    /// A date in `If-Range` need not be strong.
    pub if_range_by_date: bool,
}

/// A request: a method and its header section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, byte for byte.
    pub method: Vec<u8>,
    /// Name and value of every field line, in order of arrival.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What the server is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Perform the method; a `Range`, if there is one, may be applied.
    Perform,
    /// Perform the method as if `Range` were not there.
    PerformIgnoringRange,
    /// Answer 304 (Not Modified).
    NotModified,
    /// Answer 412 (Precondition Failed).
    PreconditionFailed,
}

/// An answer and the step it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What the server is to do.
    pub answer: Answer,
    /// The step of section 13.2.2 (1 to 5) that ended the evaluation early;
    /// `None` when step 6 was reached or no condition was evaluated at all.
    pub deciding_step: Option<u8>,
}

/// Strips the whitespace around a field line value (section 5.5): SP and HTAB,
/// nothing else (section 5.6.3).
fn without_outer_whitespace(value: &[u8]) -> Vec<u8> {
    let mut rest = value;
    while let [b' ' | b'\t', after @ ..] = rest {
        rest = after;
    }
    while let [before @ .., b' ' | b'\t'] = rest {
        rest = before;
    }
    rest.to_vec()
}
