//! The cache's side (RFC 9111 sections 3 and 4.3): what a stored response answers and how that is
//! explained, what a 304 updates and what the update stores, which fields a request to the origin
//! server has and what its answer means, each against a naive model.
#![no_main]

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::iter;

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::cache::{
    AfterMerged, Answer, CombinedFields, ConditionalField, Evaluation, OnValidation, Response,
    SelectionRequest, StorableFields, ValidationRequest, combine, evaluate, invalidates,
    invalidates_also, most_recent, on_head, select_for_update,
};
use http_conditional::{
    ByteRange, Decision, Explanation, Field, HttpDate, Method, Step, StepExplanation,
};
use http_conditional_fuzz::against_oracle::oracle::{self, Tags};
use http_conditional_fuzz::against_oracle::{Case, date, owned};
use http_conditional_fuzz::input::Lines;
use http_conditional_fuzz::policy;
use http_conditional_fuzz::range::{read_content_range, without_ows};
use http_conditional_fuzz::stored::{self, Sent, Served, Stored, lines_of};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    stored: Vec<Stored>,
    received: Stored,
    case: Case,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let head = u8::arbitrary(u)?;
        let stored = (0..head % 5).map(|_| Stored::arbitrary(u));
        let mut stored = stored.collect::<Result<Vec<_>>>()?;
        let mut received = Stored::arbitrary(u)?;
        let case = Case::arbitrary(u)?;
        // The lines are near the validators of the case: those of what is stored, half of the time.
        if let Some(first) = stored.first_mut().filter(|_| head / 5 % 2 != 0) {
            first.tag.clone_from(&case.state.etag);
            first.modified = case.state.last_modified;
        }
        // What is received agrees with it, half of the time: there are rules that begin there.
        if let Some(first) = stored.first().filter(|_| head >= 0x80) {
            received.tag.clone_from(&first.tag);
            received.modified = first.modified;
        }
        Ok(Self {
            stored,
            received,
            case,
        })
    }
}

fuzz_target!(|input: Input| {
    let Input {
        stored,
        received,
        case,
    } = &input;
    answers(case, stored.first());
    selects(received, stored);
    for range in ranges(case) {
        for or_date in [false, true] {
            validates(case, stored, received, range, or_date);
        }
        chooses(stored, range);
        for one in stored {
            covers(one, range);
        }
    }
    combines(received, stored);
    freshens(&case.request.fields);
    reads_fields(received, &case.request.fields);
    also_invalidates(&case.request.fields);
    let statuses = stored.iter().chain([received]).map(|one| one.status);
    for status in statuses.chain(case.status) {
        follows(&case.request.method, status);
    }
});

const FIELDS: [Field; 6] = [
    Field::IfMatch,
    Field::IfNoneMatch,
    Field::IfModifiedSince,
    Field::IfUnmodifiedSince,
    Field::IfRange,
    Field::Range,
];

/// No Range, and each that the request has.
fn ranges(case: &Case) -> impl Iterator<Item = Option<&[u8]>> {
    let ranges = lines_of(&case.request.fields, "Range");
    iter::once(None).chain(ranges.into_iter().map(Some))
}

fn answers(case: &Case, stored: Option<&Stored>) {
    let method = Method::from_bytes(&case.request.method);
    let response = stored.map(Stored::response);
    let evaluation = Evaluation::with_policy(method, response, policy(&case.policy));
    answers_as(case, stored, evaluation);

    // Section 4.2: a cache reads dates in either case.
    let by_default = Case {
        policy: oracle::Policy {
            case_insensitive_dates: true,
            ..Default::default()
        },
        ..case.clone()
    };
    answers_as(&by_default, stored, Evaluation::new(method, response));
    assert_eq!(
        Served::of(evaluate(method, response, lines(case))),
        stored::answer(&by_default, stored).0
    );
}

fn lines(case: &Case) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = case.request.fields.iter();
    lines.map(|(name, value)| (&name[..], &value[..]))
}

/// `unseen` has seen no field yet.
fn answers_as(case: &Case, stored: Option<&Stored>, unseen: Evaluation<'_>) {
    let mut evaluation = unseen;
    evaluation.extend(lines(case));
    let explanation = evaluation.explain();
    let step = explanation.and_then(|explained| explained.step());
    let answer = evaluation.answer();
    let seen = (Served::of(answer.clone()), step.map(Step::number));
    assert_eq!(seen, stored::answer(case, stored));
    assert_eq!(explanation.is_none(), answer == Answer::Forward);
    let is_304 = explanation.map(|it| it.decision()) == Some(Decision::NotModified);
    assert_eq!(is_304, answer == Answer::NotModified);
    if let Some(stored) = stored {
        for gap in [0, 1, 80] {
            merges(answer.clone(), gap, stored);
        }
    }
    if let (Some(explanation), Some(stored)) = (explanation, stored) {
        explains(explanation, stored);
    }

    let mut malformed: Vec<_> = evaluation.malformed().iter().map(Field::name).collect();
    malformed.sort_unstable();
    let malformed: Vec<_> = malformed
        .iter()
        .map(|name| name.to_ascii_lowercase())
        .collect();
    assert_eq!(malformed, stored::malformed(case, stored));
    let asks_origin = ["If-Match", "If-Unmodified-Since"]
        .iter()
        .any(|name| !lines_of(&case.request.fields, name).is_empty());
    assert_eq!(evaluation.asks_origin(), asks_origin);

    // Any order of the names gives the same answer.
    let mut reversed: Vec<_> = lines(case).collect();
    reversed.sort_by_key(|(name, _)| Reverse(name.to_ascii_lowercase()));
    let mut evaluation = unseen;
    evaluation.extend(reversed);
    assert_eq!(evaluation.answer(), answer);
}

/// What was to be sent is sent, and what lies between only where it is stored.
fn merges(answer: Answer<'_>, gap: u64, stored: &Stored) {
    let before = Served::of(answer.clone());
    for places in [1, 16] {
        let mut lent = [ByteRange::default(); 16];
        let after = Served::of(answer.clone().coalesce(gap, &mut lent[..places]));
        let (Served::Parts(before), Served::Parts(after)) = (&before, &after) else {
            assert_eq!(before, after);
            continue;
        };
        assert!(stored.holds(after));
        let within = |&(first, last): &(u64, u64)| {
            let mut merged = after.iter();
            merged.any(|&(from, to)| from <= first && last <= to)
        };
        assert!(before.iter().all(within));
        let bounds = |parts: &[(u64, u64)]| {
            let first = parts.iter().map(|(first, _)| *first).min();
            (first, parts.iter().map(|(_, last)| *last).max())
        };
        assert_eq!(bounds(before), bounds(after));
        assert!(after.len() <= before.len());
    }
}

/// An explanation calls the date by which a stored response was judged what it is.
fn explains(explanation: Explanation<'_>, stored: &Stored) {
    const MODIFIED: &str = "modification date";
    const MADE: &str = "when the stored response was made";
    let text = explanation.to_string();
    let of_none = format!("no {MODIFIED}");
    let (tells_modified, tells_made) = (
        text.replace(&of_none, "").contains(MODIFIED),
        text.contains(MADE),
    );
    assert!(!tells_modified || stored.modified.is_some());
    assert!(!tells_made || stored.modified.is_none() && stored.time().is_some());
    let mut steps = explanation
        .steps()
        .into_iter()
        .filter(StepExplanation::decided);
    if let Some(step) = steps.find(|step| step.step() == Step::IfModifiedSince) {
        let (what, unix) = match stored.modified {
            Some(modified) => (MODIFIED, Some(modified)),
            None => (MADE, stored.time()),
        };
        let judged_by = oracle::format_date(unix.unwrap()).unwrap();
        assert!(step.to_string().contains(&format!("{what}, {judged_by}, ")));
    }
}

fn selects(not_modified: &Stored, stored: &[Stored]) {
    let candidates = || stored.iter().map(Stored::response);
    let updated: Vec<usize> = select_for_update(not_modified.response(), candidates()).collect();
    assert_eq!(updated, stored::updates(not_modified, stored));
    let all: Vec<usize> = (0..stored.len()).collect();
    assert_eq!(most_recent(candidates()), stored::most_recent(stored, &all));
}

fn validates(
    case: &Case,
    stored: &[Stored],
    not_modified: &Stored,
    range: Option<&[u8]>,
    or_date: bool,
) {
    let client = lines_of(&case.request.fields, "If-None-Match");
    let candidates: Vec<_> = stored.iter().map(Stored::response).collect();
    let mut request = ValidationRequest::of(&candidates).for_range(range);
    if or_date {
        request = request.or_date();
    }
    let merged = request.merge(client.iter().copied());
    let expected = stored::validation(&client, stored, range, or_date);
    assert_eq!(merged.is_ok(), expected.is_some());
    if let (Ok(merged), Some(expected)) = (merged, expected) {
        asks(merged.fields(), |field| merged.field(field), &expected);
        if let Some(Tags::List(tags)) = stored::merged(&client, stored, range) {
            assert!(merged.tags().map(owned).eq(tags));
        }
        let after = merged.after_not_modified(not_modified.response());
        let expected = stored::after_not_modified(&client, stored, range, or_date, not_modified);
        assert_eq!(after, expected);
    }
    let alone = stored::validation(&[], stored, range, or_date);
    asks(
        request.fields(),
        |field| request.field(field),
        &alone.unwrap(),
    );
    // Nothing of it came as a field line, so there is nothing to send byte for byte.
    let exact = request.byte_for_byte();
    let sent: Vec<_> = request.fields().map(|field| written(&field)).collect();
    assert!(exact.fields().map(|field| written(&field)).eq(sent));
    let after = request.after_not_modified(not_modified.response());
    let expected = stored::after_not_modified(&[], stored, range, or_date, not_modified);
    assert_eq!(AfterMerged::from(after), expected);
    if let [one] = candidates[..] {
        let single = ValidationRequest::new(one).for_range(range);
        let single = if or_date { single.or_date() } else { single };
        assert_eq!(single.after_not_modified(not_modified.response()), after);
    }
}

fn chooses(stored: &[Stored], range: Option<&[u8]>) {
    let candidates: Vec<_> = stored.iter().map(Stored::response).collect();
    let request = SelectionRequest::of(&candidates).for_range(range);
    let sent: Vec<_> = request.fields().map(|field| written(&field)).collect();
    assert_eq!(sent, Vec::from_iter(stored::selection(stored, range)));
    for field in FIELDS {
        let one = request.field(field).map(|field| written(&field));
        assert_eq!(one.as_ref(), named(&sent, field));
    }
}

/// The request has these fields and no other.
fn asks<'a, C, T>(
    fields: impl Iterator<Item = ConditionalField<'a, C>>,
    by_name: impl Fn(Field) -> Option<ConditionalField<'a, C>>,
    expected: &[Sent],
) where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    let sent: Vec<_> = fields.map(|field| written(&field)).collect();
    assert_eq!(sent, expected);
    for field in FIELDS {
        let one = by_name(field).map(|field| written(&field));
        assert_eq!(one.as_ref(), named(&sent, field));
    }
}

fn named(sent: &[Sent], field: Field) -> Option<&Sent> {
    sent.iter().find(|(name, _)| *name == field.name())
}

/// The field as it is sent: it fits where it says that it does, and nowhere else.
fn written<'a, C, T>(field: &ConditionalField<'a, C>) -> Sent
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    let length = field.encoded_len();
    let mut buffer = vec![b' '; length + 1];
    let value = field.encode(&mut buffer).unwrap().to_vec();
    assert_eq!(buffer[..length], value);
    assert_eq!(buffer[length..], [b' ']);
    assert_eq!(field.encode(&mut buffer[..length]), Ok(&value[..]));
    for too_short in [0, length / 2, length - 1] {
        let error = field.encode(&mut buffer[..too_short]).unwrap_err();
        assert_eq!(error.needed(), length);
    }
    if let Ok(text) = str::from_utf8(&value) {
        assert_eq!(field.to_string(), text);
    }
    assert_eq!(field.name(), field.field().name());
    (field.name(), value)
}

fn covers(stored: &Stored, range: Option<&[u8]>) {
    let response = stored.response();
    let covers = stored.covers(range);
    assert_eq!(response.covers(range), covers);
    // Out of order, a part may be taken for missing, but never for there.
    let mut parts = stored.parts.clone().unwrap_or_default();
    for _ in 0..parts.len() {
        parts.rotate_left(1);
        assert!(covers || !response.parts(&parts).covers(range));
        let reversed: Vec<_> = parts.iter().rev().copied().collect();
        assert!(covers || !response.parts(&reversed).covers(range));
    }
}

/// Sections 4.3.3 and 4.4: what follows from a status.
fn follows(method: &[u8], status: u16) {
    if let Some(expected) = stored::on_validation(status) {
        assert_eq!(OnValidation::of(status), expected);
    }
    let expected = stored::invalidates(method, status);
    assert_eq!(invalidates(Method::from_bytes(method), status), expected);
}

fn combines(received: &Stored, stored: &[Stored]) {
    for one in stored {
        let (left, right) = (received.response(), one.response());
        let combines = combine(left, [right]).is_some();
        assert_eq!(combine(right, [left]).is_some(), combines);
        assert_eq!(on_head(left, right), stored::on_head(received, one));
    }
    let candidates = stored.iter().map(Stored::response);
    let combination = combine(received.response(), candidates);
    let seen = combination
        .as_ref()
        .map(|it| (it.places().collect::<Vec<_>>(), it.complete_length()));
    assert_eq!(seen, stored::combine(received, stored));
    let (Some(combination), Some((with, _))) = (combination, seen) else {
        return;
    };
    let complete = with
        .iter()
        .copied()
        .filter(|&place| stored[place].status == 200);
    let complete: Vec<usize> = complete.collect();
    // Section 3.4: the fields of the newest complete one, or of the new one where that is it.
    let expected = if received.status == 200 {
        CombinedFields::New
    } else {
        let preferred = if complete.is_empty() {
            &with
        } else {
            &complete
        };
        CombinedFields::Updated(stored::most_recent(stored, preferred).unwrap())
    };
    assert_eq!(combination.fields(), expected);
}

/// Section 4.4: what else is invalidated is of the same origin, and all that is.
fn also_invalidates(lines: &Lines) {
    const NAMES: [&str; 3] = ["Location", "content-LOCATION", "Link"];
    let fields = || {
        let values = lines.iter().map(|(_, value)| value);
        NAMES.iter().cycle().zip(values)
    };
    for target in [
        "http://example.com:80/a",
        "https://u@[::1]?b",
        "coap://a",
        "/a",
    ] {
        let expected: Vec<&[u8]> = fields()
            .filter(|(name, _)| **name != "Link")
            .map(|(_, value)| without_ows(value))
            .filter(|value| is_of_origin(target, value))
            .collect();
        let also = invalidates_also(target, fields().map(|(name, value)| (*name, value)));
        assert_eq!(also.collect::<Vec<_>>(), expected);
    }
}

/// By the regular expression of RFC 3986 appendix B, where a colon in the first segment ends a
/// scheme in any case.
fn is_of_origin(target: &str, reference: &[u8]) -> bool {
    let parts = |reference: &'_ str| -> (Option<String>, Option<String>) {
        let end = reference.find([':', '/', '?', '#']);
        let scheme = end.filter(|&end| reference[end..].starts_with(':'));
        let rest = scheme.map_or(reference, |end| &reference[end + 1..]);
        let authority = rest.strip_prefix("//");
        let authority = authority.and_then(|rest| rest.split(['/', '?', '#']).next());
        (
            scheme.map(|end| reference[..end].to_ascii_lowercase()),
            authority.map(str::to_ascii_lowercase),
        )
    };
    let host_and_port = |scheme: &str, authority: &str| {
        let after = authority.rsplit('@').next().unwrap().to_owned();
        let colon = after
            .rfind(':')
            .filter(|&colon| !after[colon..].contains(']'));
        let host = after[..colon.unwrap_or(after.len())].to_owned();
        let own = match scheme {
            "http" => "80",
            "https" => "443",
            _ => "",
        };
        let port = colon.map_or("", |colon| &after[colon + 1..]);
        (host, if port.is_empty() { own } else { port }.to_owned())
    };
    let plain = |&byte: &u8| (0x21..=0x7e).contains(&byte) && byte != b'\\';
    if reference.is_empty() || !reference.iter().all(plain) {
        return false;
    }
    let (Some(scheme), Some(authority)) = parts(target) else {
        return false;
    };
    match parts(str::from_utf8(reference).unwrap()) {
        (None, None) => true,
        (Some(_), None) => false,
        (other, Some(other_authority)) => {
            let (host, port) = host_and_port(&scheme, &other_authority);
            !host.is_empty()
                && other.is_none_or(|other| other == scheme)
                && (host, port) == host_and_port(&scheme, &authority)
        }
    }
}

/// Sections 3.1 and 3.2: what an update stores of these fields.
fn freshens(newer: &Lines) {
    let connection = lines_of(newer, "Connection");
    let nominated: BTreeSet<Vec<u8>> = connection
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','))
        .map(|name| without_ows(name).to_ascii_lowercase())
        .collect();
    let of_the_connection = [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "transfer-encoding",
        "upgrade",
    ]
    .map(str::as_bytes);
    let not_updated = ["content-length", "content-range", "trailer", "etag"].map(str::as_bytes);
    let rules = StorableFields::new(connection.iter()).except(&["ETag"]);
    let known = of_the_connection.iter().chain(&not_updated).copied();
    let newer = newer.iter().map(|(name, _)| name.as_slice());
    for name in newer
        .chain(known)
        .chain(nominated.iter().map(Vec::as_slice))
    {
        let lower = name.to_ascii_lowercase();
        let is_stored = !of_the_connection.contains(&&lower[..]) && !nominated.contains(&lower);
        assert_eq!(rules.stores(name), is_stored);
        assert_eq!(
            rules.updates(name),
            is_stored && !not_updated.contains(&&lower[..])
        );
    }
}

/// A response as its field lines tell: those that are malformed or repeated count as absent.
fn reads_fields(before: &Stored, lines: &Lines) {
    let response = Response::new(before.status);
    let response = response.fields(lines.iter().map(|(name, value)| (name, value)));
    // The order of the calls makes no difference.
    let response = match before.received {
        Some(unix) => response.received(date(unix)),
        None => response,
    };
    let only = |field: &str| match lines_of(lines, field)[..] {
        [value] => Some(without_ows(value)),
        _ => None,
    };
    let read_date = |value: &[u8], now| oracle::parse_date(value, now, true).map(|(unix, _)| unix);
    let tag = only("ETag").and_then(oracle::parse_tag);
    assert_eq!(response.entity_tag().map(owned), tag);
    let made = only("Date").and_then(|value| read_date(value, before.received));
    assert_eq!(
        response.time().map(HttpDate::to_unix),
        made.or(before.received)
    );
    let reference = before.received.or(made);
    let modified = only("Last-Modified").and_then(|value| read_date(value, reference));
    assert_eq!(response.modified().map(HttpDate::to_unix), modified);
    let length = if before.status == 206 {
        only("Content-Range").and_then(|value| read_content_range(value)?.1)
    } else {
        let digits = only("Content-Length").filter(|value| value.iter().all(u8::is_ascii_digit));
        digits.and_then(|value| str::from_utf8(value).ok()?.parse().ok())
    };
    assert_eq!(response.length(), length);

    let is_there = |field: &str| !lines_of(lines, field).is_empty();
    let length_field = if before.status == 206 {
        "Content-Range"
    } else {
        "Content-Length"
    };
    let has_length = if before.status == 206 {
        only(length_field).and_then(read_content_range).is_some()
    } else {
        length.is_some()
    };
    let read = [
        ("ETag", tag.is_some()),
        ("Last-Modified", modified.is_some()),
        ("Date", made.is_some()),
        (length_field, has_length),
    ];
    let malformed = read
        .into_iter()
        .filter(|(name, is_read)| is_there(name) && !is_read);
    assert!(
        response
            .malformed()
            .names()
            .eq(malformed.map(|(name, _)| name))
    );
}
