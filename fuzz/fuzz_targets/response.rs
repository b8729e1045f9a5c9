//! What a server sends once it has decided (RFC 9110 section 15): what becomes of each field of the
//! 200 is what a model says that has the RFC's lists; methods are told by their names; a date is
//! sent, and is strong, as sections 8.8.2.1 and 8.8.2.2 say; and a representation is what it was
//! told to be.
#![no_main]

use std::num::{NonZeroU8, NonZeroU32};

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::{
    Carries, Clocks, EntityTag, HttpDate, Method, Modified, Representation, ResponseHead,
};
use http_conditional_fuzz::against_oracle::oracle::{self, State, Tag};
use http_conditional_fuzz::against_oracle::{date, owned};
use http_conditional_fuzz::input;
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    name: Vec<u8>,
    method: Vec<u8>,
    modified: i64,
    /// The `Date` of the response.
    sent: Option<i64>,
    /// How many seconds the clocks may be apart.
    gap: NonZeroU32,
    one: Told,
    other: Told,
}

/// What a representation is told, one after the other.
#[derive(Debug)]
struct Told {
    is_absent_at_first: bool,
    validators: Vec<Validator>,
}

#[derive(Debug)]
enum Validator {
    Tag(Tag),
    Date(i64),
    StrongDate(i64),
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            name: input::near_word(u, &NAMES)?,
            method: input::near_word(u, &METHODS)?,
            modified: input::instant(u)?,
            sent: input::option(u, input::instant)?,
            gap: match u8::arbitrary(u)? {
                few @ 1..8 => NonZeroU8::new(few).unwrap().into(),
                _ => Arbitrary::arbitrary(u)?,
            },
            one: Arbitrary::arbitrary(u)?,
            other: Arbitrary::arbitrary(u)?,
        })
    }
}

impl<'a> Arbitrary<'a> for Told {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let head = u8::arbitrary(u)?;
        let validators = (0..head >> 1 & 3).map(|_| {
            Ok(match u8::arbitrary(u)? % 3 {
                0 => Validator::Tag(input::tag(u)?),
                1 => Validator::Date(input::instant(u)?),
                _ => Validator::StrongDate(input::instant(u)?),
            })
        });
        Ok(Self {
            is_absent_at_first: head & 1 != 0,
            validators: validators.collect::<Result<_>>()?,
        })
    }
}

fuzz_target!(|input: Input| {
    for has in [false, true] {
        carries(ResponseHead::NotModified { has_etag: has }, &input);
        carries(ResponseHead::Part { if_range: has }, &input);
        carries(ResponseHead::Parts { if_range: has }, &input);
    }
    carries(ResponseHead::PreconditionFailed, &input);
    carries(ResponseHead::RangeNotSatisfiable, &input);

    is_told_by_its_name(&input.method);
    is_sent(input.modified, input.sent);
    is_strong(input.modified, input.sent, input.gap);

    let (one, one_state) = built(&input.one);
    let (other, other_state) = built(&input.other);
    let share = share_strong_validator(&one_state, &other_state);
    assert_eq!(one.shares_strong_validator(other), share);
    assert_eq!(other.shares_strong_validator(one), share);
});

/// What a 304 and a 206 have to have where the 200 has it (sections 15.4.5 and 15.3.7).
const REQUIRED: [&str; 6] = [
    "content-location",
    "date",
    "etag",
    "vary",
    "cache-control",
    "expires",
];
/// Representation metadata (sections 8.3 to 8.8, RFC 6266, RFC 9530 and what came before it).
const REPRESENTATION: [&str; 9] = [
    "content-type",
    "content-encoding",
    "content-language",
    "content-location",
    "last-modified",
    "etag",
    "content-disposition",
    "repr-digest",
    "digest",
];
/// What is true of the bytes of one message only (section 8.6, RFC 9112 section 6.1, RFC 9530,
/// RFC 2616 section 14.15).
const MESSAGE: [&str; 5] = [
    "content-length",
    "transfer-encoding",
    "trailer",
    "content-digest",
    "content-md5",
];
/// For how long a response may be used (RFC 9111 section 5, RFC 9213).
const FRESHNESS: [&str; 5] = [
    "cache-control",
    "expires",
    "age",
    "cdn-cache-control",
    "surrogate-control",
];

/// All of these, and what is none of them.
const NAMES: [&str; 34] = [
    "Date",
    "ETag",
    "Vary",
    "Cache-Control",
    "Expires",
    "Age",
    "CDN-Cache-Control",
    "Surrogate-Control",
    "Content-Location",
    "Last-Modified",
    "Content-Type",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Digest",
    "Repr-Digest",
    "Content-Digest",
    "Content-Length",
    "Content-MD5",
    "Trailer",
    "Transfer-Encoding",
    "Content-Range",
    "Accept-Ranges",
    "Access-Control-Allow-Origin",
    "Allow",
    "Connection",
    "Content-Security-Policy",
    "Link",
    "Location",
    "Retry-After",
    "Server",
    "Set-Cookie",
    "Warning",
    "WWW-Authenticate",
];

fn carries(head: ResponseHead, input: &Input) {
    let expected = expected(head, &input.name);
    assert_eq!(head.carries(&input.name), expected, "{head:?}");
    let is_as_in_the_200 = expected == Carries::Required || expected == Carries::Allowed;
    assert_eq!(head.keeps(&input.name), is_as_in_the_200);

    // Section 6.4.1.
    let is_304 = matches!(head, ResponseHead::NotModified { .. });
    let is_head = input.method == b"HEAD";
    let method = Method::from_bytes(&input.method);
    assert_eq!(head.allows_content(method), !is_304 && !is_head);
}

fn expected(head: ResponseHead, name: &[u8]) -> Carries {
    let name = name.to_ascii_lowercase();
    let is_one_of = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
    let is = |known| is_one_of(&[known]);
    match head {
        ResponseHead::NotModified { .. } if is_one_of(&REQUIRED) => Carries::Required,
        // Section 15.4.5: it helps a cache where there is no tag.
        ResponseHead::NotModified { has_etag: false } if is("last-modified") => Carries::Allowed,
        ResponseHead::NotModified { .. } => {
            if is_one_of(&REPRESENTATION) || is_one_of(&MESSAGE) || is("content-range") {
                Carries::Omitted
            } else {
                Carries::Allowed
            }
        }
        // Section 15.3.7.2: in each of the parts instead.
        ResponseHead::Parts { .. } if is("content-range") => Carries::Omitted,
        ResponseHead::Parts { .. } if is("content-type") => Carries::Own,
        ResponseHead::Part { if_range } | ResponseHead::Parts { if_range } => {
            if is_one_of(&MESSAGE) || is("content-range") {
                Carries::Own
            } else if is_one_of(&REQUIRED) {
                Carries::Required
            } else if !is_one_of(&REPRESENTATION) {
                Carries::Allowed
            } else if if_range {
                Carries::Omitted
            } else {
                Carries::Required
            }
        }
        // Section 6.6.1.
        _ if is("date") => Carries::Required,
        // Section 14.4: of the two, only a 416 gives it a meaning.
        ResponseHead::PreconditionFailed if is("content-range") => Carries::Omitted,
        // Section 8.8: they are the selected representation's in any response.
        _ if is_one_of(&["etag", "last-modified"]) => Carries::Allowed,
        _ => {
            let speaks_of_content = is_one_of(&REPRESENTATION) || is_one_of(&MESSAGE);
            if speaks_of_content || is_one_of(&FRESHNESS) || is("content-range") {
                Carries::Own
            } else {
                Carries::Allowed
            }
        }
    }
}

/// Those of section 9 that select or modify no representation, those that are safe and do, others,
/// and what a careless reader takes for one of them.
const METHODS: [&str; 18] = [
    "GET", "HEAD", "CONNECT", "OPTIONS", "TRACE", "PUT", "POST", "DELETE", "PATCH", "GET ",
    " HEAD", "TRACE\n", "QUERY", "PROPFIND", "REPORT", "SEARCH", "PRI", "QUERY ",
];

/// Case-sensitive, and the whole of it (section 9.1).
fn is_told_by_its_name(name: &[u8]) {
    let expected = match oracle::Method::of(name) {
        oracle::Method::Get => Method::Get,
        oracle::Method::Head => Method::Head,
        oracle::Method::Query => Method::Query,
        oracle::Method::OtherSafe => Method::OtherSafe,
        oracle::Method::Other => Method::Other,
        oracle::Method::Exempt => Method::Exempt,
        oracle::Method::Connect => Method::Connect,
    };
    assert_eq!(Method::from_bytes(name), expected);
    assert_eq!(expected.is_safe(), oracle::Method::of(name).is_safe());
    if let Ok(text) = str::from_utf8(name) {
        assert_eq!(Method::from(text), expected);
    }
}

/// Section 8.8.2.1: never later than `Date`; without a clock, only what another system assigned.
fn is_sent(modified: i64, now: Option<i64>) {
    let clock = now.map(date);
    let seen = |modified: Modified| modified.last_modified(clock).map(HttpDate::to_unix);
    let not_later = now.map(|now| modified.min(now));
    assert_eq!(seen(Modified::Noted(date(modified))), not_later);
    let assigned = not_later.or(Some(modified));
    assert_eq!(seen(Modified::Assigned(date(modified))), assigned);
}

/// Section 8.8.2.2: a `Date` that is later by a second at least, and by what the clocks differ.
fn is_strong(modified: i64, sent: Option<i64>, gap: NonZeroU32) {
    let seen = |clocks| date(modified).is_strong(sent.map(date), clocks);
    let is_later_by = |seconds: u32| sent.is_some_and(|sent| sent >= modified + i64::from(seconds));
    assert!(!seen(Clocks::Untrusted));
    assert_eq!(seen(Clocks::Same), is_later_by(1));
    assert_eq!(seen(Clocks::Within(gap)), is_later_by(gap.get()));
}

/// The representation, and what it has to be, after each step.
fn built(told: &Told) -> (Representation<'_>, State) {
    let (mut seen, mut state) = (Representation::current(), State::default());
    if told.is_absent_at_first {
        seen = Representation::ABSENT;
    }
    state.exists = !told.is_absent_at_first;
    is_as_told(seen, &state);
    for validator in &told.validators {
        seen = match validator {
            Validator::Tag(Tag { weak: true, opaque }) => {
                seen.etag(EntityTag::weak(opaque).unwrap())
            }
            Validator::Tag(tag) => seen.etag(EntityTag::strong(&tag.opaque).unwrap()),
            Validator::Date(unix) => seen.last_modified(date(*unix)),
            Validator::StrongDate(unix) => seen.strong_last_modified(date(*unix)),
        };
        // What has a validator exists.
        state.exists = true;
        match validator {
            Validator::Tag(tag) => state.etag = Some(tag.clone()),
            Validator::Date(unix) | Validator::StrongDate(unix) => {
                state.last_modified = Some(*unix);
                state.last_modified_is_strong = matches!(validator, Validator::StrongDate(_));
            }
        }
        is_as_told(seen, &state);
    }
    (seen, state)
}

fn is_as_told(seen: Representation<'_>, state: &State) {
    is(seen, state);
    // Section 9.3.4: no validator says that what was sent is there, unless it is.
    is(seen.after_put(true), state);
    let bare = State {
        exists: state.exists,
        ..State::default()
    };
    is(seen.after_put(false), &bare);
}

fn is(seen: Representation<'_>, state: &State) {
    assert_eq!(seen.exists(), state.exists);
    assert_eq!(seen.entity_tag().map(owned), state.etag);
    let (modified, strongly) = (seen.modified(), seen.strongly_modified());
    assert_eq!(modified.map(HttpDate::to_unix), state.last_modified);
    assert_eq!(strongly.map(HttpDate::to_unix), strong_date(state));
}

fn strong_date(state: &State) -> Option<i64> {
    state
        .last_modified
        .filter(|_| state.last_modified_is_strong)
}

/// Section 15.3.7.3: tags decide where both have one.
fn share_strong_validator(one: &State, other: &State) -> bool {
    if let (Some(one), Some(other)) = (&one.etag, &other.etag) {
        return !one.weak && !other.weak && one.opaque == other.opaque;
    }
    strong_date(one).is_some() && strong_date(one) == strong_date(other)
}
