//! The cache's side (RFC 9111 sections 3 and 4.3): what a stored response answers, what a 304
//! updates and what the update stores, what a validation request asks and what its 304 means, each
//! against a naive model.
#![no_main]

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::cache::{
    CombinedFields, Evaluation, Response, StorableFields, ValidationRequest, combined_fields,
    evaluate, most_recent, on_head, select_for_update,
};
use http_conditional::{Field, HttpDate, Method, Step};
use http_conditional_fuzz::bridge::oracle::{self, Tags};
use http_conditional_fuzz::bridge::{Case, date, owned};
use http_conditional_fuzz::input::{self, Lines};
use http_conditional_fuzz::policy;
use http_conditional_fuzz::range::{read_content_range, without_ows};
use http_conditional_fuzz::stored::{self, Stored, lines_of};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    stored: Vec<Stored>,
    received: Stored,
    case: Case,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let count = u8::arbitrary(u)? % 5;
        let stored = (0..count).map(|_| Stored::arbitrary(u));
        Ok(Self {
            stored: stored.collect::<Result<_>>()?,
            received: Arbitrary::arbitrary(u)?,
            case: Arbitrary::arbitrary(u)?,
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
    asks(case, stored, received);
    combines(received, stored);
    freshens(&case.request.fields);
    reads_fields(received, &case.request.fields);
});

fn answers(case: &Case, stored: Option<&Stored>) {
    let method = Method::from(&case.request.method[..]);
    let response = stored.map(Stored::response);
    let mut evaluation = Evaluation::with_policy(method, response, policy(&case.policy));
    let lines = || {
        case.request
            .fields
            .iter()
            .map(|(name, value)| (name, value))
    };
    evaluation.extend(lines());
    let explanation = evaluation.explain();
    let step = explanation.and_then(|explained| explained.step());
    let seen = (evaluation.decide(), step.map(Step::number));
    assert_eq!(seen, stored::answer(case, stored));
    // A stored 412 is served as it is, and explained as what it says.
    if stored.is_none_or(|stored| stored.status != 412) {
        assert_eq!(explanation.map(|it| it.decision()), seen.0.decision());
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

    let by_default = oracle::Policy {
        case_insensitive_dates: true,
        ..Default::default()
    };
    if case.policy == by_default {
        assert_eq!(evaluate(method, response, lines()), seen.0);
    }
    // Any order of the names gives the same answer.
    let mut reversed: Vec<_> = lines().collect();
    reversed.sort_by_key(|(name, _)| std::cmp::Reverse(name.to_ascii_lowercase()));
    let mut evaluation = Evaluation::with_policy(method, response, policy(&case.policy));
    evaluation.extend(reversed);
    assert_eq!(evaluation.decide(), seen.0);
}

fn selects(not_modified: &Stored, stored: &[Stored]) {
    let candidates = || stored.iter().map(Stored::response);
    let updated: Vec<usize> = select_for_update(not_modified.response(), candidates()).collect();
    assert_eq!(updated, stored::updates(not_modified, stored));
    let all: Vec<usize> = (0..stored.len()).collect();
    assert_eq!(most_recent(candidates()), stored::most_recent(stored, &all));
}

fn asks(case: &Case, stored: &[Stored], not_modified: &Stored) {
    let client = lines_of(&case.request.fields, "If-None-Match");
    let ranges = lines_of(&case.request.fields, "Range");
    let range = ranges.first().copied();
    let candidates = || stored.iter().map(Stored::response);
    let request = ValidationRequest::new(candidates()).merge(client.iter().copied());
    let expected = stored::merged(&client, stored, range);
    assert_eq!(request.is_ok(), expected.is_some());
    let (Ok(request), Some(expected)) = (request, expected) else {
        return;
    };
    let request = request.for_range(range);
    let written = request.field(Field::IfNoneMatch).map(|field| {
        let mut buffer = vec![0; field.encoded_len()];
        let written = field.encode(&mut buffer).unwrap().to_vec();
        if let Ok(text) = str::from_utf8(&written) {
            assert_eq!(field.to_string(), text);
        }
        written
    });
    let value = match &expected {
        Tags::Any => Some(b"*".to_vec()),
        Tags::List(tags) if tags.is_empty() => None,
        Tags::List(tags) => {
            assert!(request.tags().map(owned).eq(tags.iter().cloned()));
            let values: Vec<_> = tags.iter().map(input::tag_value).collect();
            Some(values.join(&b", "[..]))
        }
    };
    assert_eq!(written, value);

    let after = request.after_not_modified(not_modified.response());
    let expected = stored::after_not_modified(&client, stored, range, not_modified);
    assert_eq!(after, expected);
}

fn combines(received: &Stored, stored: &[Stored]) {
    for one in stored {
        let (left, right) = (received.response(), one.response());
        assert_eq!(left.can_combine(right), stored::can_combine(received, one));
        assert_eq!(right.can_combine(left), left.can_combine(right));
        assert_eq!(on_head(left, right), stored::on_head(received, one));
    }
    let can_combine = |place: &usize| stored::can_combine(received, &stored[*place]);
    let with: Vec<usize> = (0..stored.len()).filter(can_combine).collect();
    let complete = with
        .iter()
        .copied()
        .filter(|&place| stored[place].status == 200);
    let complete: Vec<usize> = complete.collect();
    // Section 3.4: the fields of the newest complete one, or of the new one where that is it.
    let expected = if with.is_empty() {
        CombinedFields::NotCombined
    } else if received.status == 200 {
        CombinedFields::New
    } else {
        let preferred = if complete.is_empty() {
            &with
        } else {
            &complete
        };
        CombinedFields::Updated(stored::most_recent(stored, preferred).unwrap())
    };
    let candidates = stored.iter().map(Stored::response);
    assert_eq!(combined_fields(received.response(), candidates), expected);
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
    let response = match before.received {
        Some(unix) => response.received(date(unix)),
        None => response,
    };
    let response = response.fields(lines.iter().map(|(name, value)| (name, value)));
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
}
