//! Properties, and naive models of the rules, written from the text with sets and strings.

use std::collections::{BTreeMap, BTreeSet};

use http_conditional::cache::{
    Answer, Evaluation, OnHead, SelectionRequest, ValidationRequest, combine, evaluate, on_head,
    select_for_update,
};
use http_conditional::{Decision, EntityTags, Field, Method};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// A response as a test makes it up, with few enough values that they often coincide.
#[derive(Clone, Debug)]
struct Model {
    /// Opaque tag, and whether it is weak.
    tag: Option<(&'static str, bool)>,
    modified: Option<i64>,
    date: Option<i64>,
    received: Option<i64>,
    trusted: bool,
    length: Option<u64>,
    parts: Option<Vec<ByteRange>>,
}

fn model() -> impl Strategy<Value = Model> {
    let tag = option::of((select(vec!["", "a", "a,b"]), any::<bool>()));
    let time = || option::of(0_i64..3);
    let parts = option::weighted(0.3, vec((0_u64..12, 0_u64..4), 0..3));
    let parts = parts.prop_map(|parts| {
        let mut parts: Vec<_> = parts?
            .into_iter()
            .map(|(at, more)| range(at, at + more))
            .collect();
        parts.sort_by_key(|part| part.first());
        Some(parts)
    });
    let length = option::of(14_u64..18);
    (tag, time(), time(), time(), any::<bool>(), length, parts).prop_map(
        |(tag, modified, date, received, trusted, length, parts)| Model {
            tag,
            modified,
            date,
            received,
            trusted,
            length,
            parts,
        },
    )
}

impl Model {
    fn response(&self, status: u16) -> Response<'_> {
        let mut response = Response::new(status);
        if let Some((opaque, weak)) = self.tag {
            let tag = if weak {
                EntityTag::weak
            } else {
                EntityTag::strong
            };
            response = response.etag(tag(opaque.as_bytes()).unwrap());
        }
        if let Some(seconds) = self.modified {
            response = response.last_modified(date(T + seconds));
        }
        if let Some(seconds) = self.date {
            response = response.date(date(T + seconds));
        }
        if let Some(seconds) = self.received {
            response = response.received(date(T + seconds));
        }
        if self.trusted {
            response = response.clocks(Clocks::Same);
        }
        if let Some(length) = self.length {
            response = response.complete_length(length);
        }
        match &self.parts {
            Some(parts) => response.parts(parts),
            None => response,
        }
    }

    fn is_strongly_modified(&self) -> bool {
        let later =
            matches!((self.modified, self.date), (Some(modified), Some(date)) if date > modified);
        later && self.trusted
    }

    fn tag_text(&self) -> Option<String> {
        self.tag.map(|(opaque, weak)| text(opaque, weak))
    }

    fn time(&self) -> Option<i64> {
        self.date.or(self.received)
    }

    /// The bytes that are there, as far as these tests ask for any.
    fn bytes(&self) -> BTreeSet<u64> {
        match &self.parts {
            None => (0..=40).collect(),
            Some(parts) => parts
                .iter()
                .flat_map(|part| part.first()..=part.last())
                .collect(),
        }
    }

    fn is_complete(&self) -> bool {
        let all = |length| (0..length).all(|byte| self.bytes().contains(&byte));
        self.parts.is_none() || self.length.is_some_and(all)
    }

    /// Whether a Range of one int-range, `first-last`, is covered.
    fn covers(&self, first: u64, last: u64) -> bool {
        let end = self.length.map_or(last, |length| last.min(length - 1));
        self.is_complete() || first <= end && (first..=end).all(|byte| self.bytes().contains(&byte))
    }
}

const NAMES: [&str; 4] = ["If-None-Match", "If-Modified-Since", "Range", "If-Range"];
const STORED_NAMES: [&str; 5] = ["A", "b", "Content-Length", "Content-X", "X-Hop"];
const NEWER_NAMES: [&str; 6] = ["a", "B", "content-length", "Content-X", "x-hop", "TE"];

fn text(opaque: &str, weak: bool) -> String {
    format!("{}\"{opaque}\"", if weak { "W/" } else { "" })
}

/// A request as a test makes it up.
#[derive(Clone, Debug)]
struct Request {
    method: &'static str,
    /// One or two lines of tags; `None` in place of one is `*`.
    if_none_match: Option<Vec<(&'static str, bool)>>,
    any: bool,
    if_modified_since: Option<i64>,
    origin: Option<(&'static str, &'static str)>,
    range: Option<(u64, u64)>,
    if_range: Option<Result<(&'static str, bool), i64>>,
}

fn request() -> impl Strategy<Value = Request> {
    let tag = || (select(vec!["", "a", "a,b", "x"]), any::<bool>());
    let origin = select(vec![
        ("If-Match", "\"x\""),
        ("If-Match", "garbage"),
        ("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ]);
    let if_range = prop_oneof![tag().prop_map(Ok), (0_i64..3).prop_map(Err)];
    (
        select(vec!["GET", "GET", "GET", "HEAD", "PUT", "OPTIONS"]),
        option::of(vec(tag(), 0..3)),
        prop::bool::weighted(0.1),
        option::of(0_i64..3),
        option::of(origin),
        option::of((0_u64..12, 0_u64..6)),
        option::of(if_range),
    )
        .prop_map(
            |(method, if_none_match, any, if_modified_since, origin, range, if_range)| Request {
                method,
                if_none_match,
                any,
                if_modified_since,
                origin,
                range: range.map(|(at, more)| (at, at + more)),
                if_range,
            },
        )
}

impl Request {
    fn fields(&self) -> Fields {
        let mut lines = Vec::new();
        if let Some(tags) = &self.if_none_match {
            let tags: Vec<String> = tags
                .iter()
                .map(|&(opaque, weak)| text(opaque, weak))
                .collect();
            let value = if self.any {
                "*".to_owned()
            } else {
                tags.join(", ")
            };
            lines.push(("If-None-Match".to_owned(), value));
        }
        if let Some(since) = self.if_modified_since {
            lines.push(("If-Modified-Since".to_owned(), date(T + since).to_string()));
        }
        if let Some((name, value)) = self.origin {
            lines.push((name.to_owned(), value.to_owned()));
        }
        if let Some((first, last)) = self.range {
            lines.push(("Range".to_owned(), format!("bytes={first}-{last}")));
        }
        match self.if_range {
            Some(Ok((opaque, weak))) => lines.push(("If-Range".to_owned(), text(opaque, weak))),
            Some(Err(since)) => lines.push(("If-Range".to_owned(), date(T + since).to_string())),
            None => {}
        }
        lines
    }
}

/// What is sent, in a naive model's words.
#[derive(Clone, Debug, PartialEq)]
enum Sent {
    Forward,
    NotModified,
    Whole,
    Range(u64, u64),
    Unsatisfiable,
}

impl Sent {
    fn of(answer: &Answer<'_>) -> Self {
        match answer {
            Answer::Forward => Self::Forward,
            Answer::NotModified => Self::NotModified,
            Answer::Whole => Self::Whole,
            Answer::Part(part) => Self::Range(part.range().first(), part.range().last()),
            Answer::Parts(_) => panic!("one range was asked for"),
            Answer::Unsatisfiable(_) => Self::Unsatisfiable,
        }
    }
}

/// Section 4.3.2, read from top to bottom.
fn answer(request: &Request, stored: Option<&Model>) -> Sent {
    let Some(stored) = stored else {
        return Sent::Forward;
    };
    if !matches!(request.method, "GET" | "HEAD") {
        return Sent::Forward;
    }
    let range = request.range.filter(|_| request.method == "GET");
    let satisfied = match range {
        None => stored.is_complete(),
        Some((first, last)) => stored.covers(first, last),
    };
    if !satisfied {
        return Sent::Forward;
    }
    if let Some(tags) = &request.if_none_match {
        let same = |(opaque, _): &(&str, bool)| stored.tag.is_some_and(|(tag, _)| tag == *opaque);
        if request.any || tags.iter().any(same) {
            return Sent::NotModified;
        }
    } else if let Some(since) = request.if_modified_since {
        let modified = stored.modified.or(stored.date).or(stored.received);
        if modified.is_some_and(|modified| modified <= since) {
            return Sent::NotModified;
        }
    }
    let if_range = match request.if_range {
        None => true,
        Some(Ok((opaque, weak))) => !weak && stored.tag == Some((opaque, false)),
        Some(Err(since)) => stored.is_strongly_modified() && stored.modified == Some(since),
    };
    match (range, stored.length) {
        (None, _) => Sent::Whole,
        (Some((first, last)), Some(length)) if if_range => match (first < length, last < length) {
            (true, true) => Sent::Range(first, last),
            (true, false) => Sent::Range(first, length - 1),
            (false, _) => Sent::Unsatisfiable,
        },
        (Some((first, last)), None) if if_range && !stored.is_complete() => {
            Sent::Range(first, last)
        }
        // Where the length is not known a range of it cannot be told.
        (Some(_), _) if stored.is_complete() => Sent::Whole,
        (Some(_), _) => Sent::Forward,
    }
}

/// Section 4.3.4, with its three rules one after the other.
fn updates(not_modified: &Model, stored: &[Model]) -> Vec<usize> {
    let places = || stored.iter().enumerate();
    let opaque = |one: &Model| one.tag.map(|(opaque, _)| opaque);
    let contradicts = |one: &Model| match (opaque(one), opaque(not_modified)) {
        (Some(tag), Some(other)) => tag != other,
        _ => false,
    };
    let strong_tag = not_modified.tag.filter(|(_, weak)| !weak);
    let shares = |one: &Model| {
        let date = one.is_strongly_modified() && one.modified == not_modified.modified;
        strong_tag.is_some() && one.tag == strong_tag || date && !contradicts(one)
    };
    let sharing: Vec<usize> = places()
        .filter(|(_, one)| shares(one))
        .map(|(at, _)| at)
        .collect();
    if strong_tag.is_some() || !sharing.is_empty() {
        return sharing;
    }
    if not_modified.tag.is_none() && not_modified.modified.is_none() {
        return match stored {
            [only] if only.tag.is_none() && only.modified.is_none() => vec![0],
            _ => vec![],
        };
    }
    let corresponds = |one: &Model| match (one.tag, not_modified.tag) {
        (Some((tag, _)), Some((other, _))) => tag == other,
        _ => one.modified.is_some() && one.modified == not_modified.modified,
    };
    let mut matching: Vec<(usize, Option<i64>)> = places()
        .filter(|(_, one)| corresponds(one))
        .map(|(at, one)| (at, one.time()))
        .collect();
    matching.sort_by_key(|&(at, time)| (std::cmp::Reverse(time), at));
    matching.first().map(|&(at, _)| at).into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// 9111-4.3.2-01, 9111-4.3.2-02, 9111-4.3.2-03, 9111-4.3.2-05, 9111-4.3.2-07,
    /// 9111-4.3.2-08, 9111-4.3.2-09: the same answer as the naive model.
    #[test]
    fn answers_as_the_model_does(request in request(), stored in option::weighted(0.9, model())) {
        let response = stored.as_ref().map(|stored| stored.response(200));
        let fields = request.fields();
        let real = evaluate(request.method, response, lent(&fields));
        prop_assert_eq!(Sent::of(&real), answer(&request, stored.as_ref()));
    }

    /// Order, other fields and the number of lines make no difference, and the answer and its
    /// explanation agree.
    #[test]
    fn order_does_not_matter(
        request in request(),
        stored in model(),
        order in vec(any::<Index>(), 8),
    ) {
        let response = Some(stored.response(200));
        let as_given = request.fields();
        let expected = evaluate(request.method, response, lent(&as_given));
        let mut fields = request.fields();
        fields.push(("X-Unknown".to_owned(), "\"a\"".to_owned()));
        if request.if_none_match.is_some() && !request.any {
            fields.push(("if-none-match".to_owned(), ",".to_owned()));
        }
        for (place, index) in order.iter().enumerate() {
            let length = fields.len();
            fields.swap(place % length, index.index(length));
        }
        let mut evaluation = Evaluation::new(Method::from(request.method), response);
        evaluation.extend(lent(&fields));
        let explained = evaluation.explain().map(|explanation| explanation.decision());
        let consistent = match &expected {
            Answer::Forward => explained.is_none(),
            Answer::NotModified => explained == Some(Decision::NotModified),
            Answer::Part(_) | Answer::Parts(_) | Answer::Unsatisfiable(_) => {
                explained == Some(Decision::Perform)
            }
            Answer::Whole => {
                matches!(explained, Some(Decision::Perform | Decision::PerformIgnoringRange))
            }
        };
        prop_assert!(consistent, "{:?} {:?}", explained, expected);
        prop_assert_eq!(evaluation.answer(), expected);
    }

    /// Any bytes get an answer.
    #[test]
    fn any_bytes_get_an_answer(
        stored in option::of(model()),
        lines in vec((select(NAMES.to_vec()), vec(any::<u8>(), 0..40)), 0..5),
    ) {
        let response = stored.as_ref().map(|stored| stored.response(206));
        let mut evaluation = Evaluation::new(Method::Get, response);
        evaluation.extend(lines.iter().map(|(name, value)| (name, value)));
        let _ = evaluation.answer();
        let fields = lines.iter().map(|(_, value)| ("Date", value));
        let _ = Response::new(200).fields(fields);
        let connection = lines.iter().map(|(_, value)| value);
        let _ = StorableFields::new(connection).updates(b"X");
    }

    /// 9111-4.3.4-02, 9111-4.3.4-03, 9111-4.3.4-04, 9111-4.3.4-05, 9111-4.3.4-06,
    /// 9111-4.3.4-09: the same selection as the naive model.
    #[test]
    fn selects_as_the_model_does(not_modified in model(), stored in vec(model(), 0..5)) {
        let candidates = stored.iter().map(|one| one.response(200));
        let real: Vec<usize> = select_for_update(not_modified.response(304), candidates).collect();
        prop_assert_eq!(real, updates(&not_modified, &stored));
    }

    /// 9111-4.3.2-11, 9110-5.6.1.1-01, 9110-5.6.1.1-02: a merged list is the union, in order, and
    /// reads back as it was written.
    #[test]
    fn the_union_is_a_set(
        client in option::of(vec((select(vec!["", "a", "a,b", "x"]), any::<bool>()), 0..4)),
        stored in vec(model(), 0..5),
    ) {
        let client: Option<Vec<String>> = client.map(|tags| {
            tags.into_iter().map(|(opaque, weak)| text(opaque, weak)).collect()
        });
        let mut expected = client.clone().unwrap_or_default();
        for tag in stored.iter().filter(|one| one.is_complete()).filter_map(Model::tag_text) {
            if !expected.contains(&tag) {
                expected.push(tag);
            }
        }
        // Each tag in a line of its own.
        let lines = client.unwrap_or_default();
        let stored: Vec<_> = stored.iter().map(|one| one.response(200)).collect();
        let request = ValidationRequest::of(&stored).merge(&lines).unwrap();
        let field = request.field(Field::IfNoneMatch);
        let Some(field) = field else {
            prop_assert!(expected.is_empty());
            return Ok(());
        };
        let written = field.to_string();
        prop_assert_eq!(&written, &expected.join(", "));
        let mut buffer = vec![0; field.encoded_len()];
        prop_assert_eq!(field.encode(&mut buffer).unwrap(), written.as_bytes());
        let Ok(EntityTags::List(tags)) = EntityTags::parse(written.as_bytes()) else {
            panic!("not a list: {written}");
        };
        let read: Vec<String> = tags.map(|tag| tag.to_string()).collect();
        prop_assert_eq!(read, expected);
        prop_assert!(!written.contains(",,"));
        prop_assert!(!written.starts_with(',') && !written.ends_with(','));
    }

    /// 9110-13.1.5-03, 9110-13.1.5-06, 9110-13.1.5-07, 9110-5.3-03: what a request may have.
    #[test]
    fn requests_are_well_formed(stored in vec(model(), 0..3), ranged in any::<bool>()) {
        let range = ranged.then_some(b"bytes=1-2".as_slice());
        let responses: Vec<_> = stored.iter().map(|one| one.response(200)).collect();
        let validation = ValidationRequest::of(&responses).for_range(range);
        let selection = SelectionRequest::of(&responses).for_range(range);
        let validation: Vec<_> = validation
            .fields()
            .map(|field| (field.field(), field.to_string()))
            .collect();
        let selection: Vec<_> = selection
            .fields()
            .map(|field| (field.field(), field.to_string()))
            .collect();
        let names: BTreeSet<_> = validation.iter().map(|(field, _)| field.name()).collect();
        prop_assert_eq!(names.len(), validation.len());
        for (field, value) in validation.iter().chain(&selection) {
            match field {
                Field::IfRange => {
                    prop_assert!(ranged && !value.starts_with("W/"));
                    let has_date = stored.iter().any(|one| {
                        one.tag.is_none() && one.is_strongly_modified()
                            && one.modified.is_some_and(|at| date(T + at).to_string() == *value)
                    });
                    let has_tag = stored.iter().any(|one| one.tag_text().as_ref() == Some(value));
                    prop_assert!(has_date || has_tag);
                }
                Field::IfModifiedSince => prop_assert!(!ranged),
                _ => {}
            }
        }
        let has_validator = stored.iter().any(|one| one.tag.is_some() || one.modified.is_some());
        prop_assert!(has_validator || validation.is_empty() && selection.is_empty());
    }

    /// 9111-3.3-05, 9110-14.1.2-04: covered means that every byte of what can be satisfied is there,
    /// if anything can, and that the policy lets the ranges be sent, which it does with those that
    /// ascend.
    #[test]
    fn covers_as_a_set_of_bytes_does(stored in model(), asked in vec((0_u64..14, 0_u64..5), 1..4)) {
        let mut end = 0;
        let asked: Vec<_> = asked
            .into_iter()
            .map(|(at, more)| {
                let first = end + at % 5;
                end = first + more + 1;
                (first, first + more)
            })
            .collect();
        let members = asked.iter().map(|(first, last)| format!("{first}-{last}"));
        let value = format!("bytes={}", members.collect::<Vec<_>>().join(","));
        let satisfiable = |&(first, _): &(u64, u64)| stored.length.is_none_or(|length| first < length);
        let mut to_send = asked.iter().copied().filter(satisfiable).peekable();
        let expected = stored.is_complete()
            || to_send.peek().is_some() && to_send.all(|(first, last)| stored.covers(first, last));
        let all = [range(0, 40)];
        let parts = stored.parts.as_deref().unwrap_or(&all);
        let response = stored.response(206).parts(parts);
        prop_assert_eq!(response.covers(Some(value.as_bytes())), expected);
    }

    /// 9111-3.2-01, 9111-3.2-02, 9111-3.2-03, 9111-3.2-08: an update is a union of maps.
    #[test]
    fn updates_as_maps_do(
        stored in vec((select(STORED_NAMES.to_vec()), 0_u8..4), 0..6),
        newer in vec((select(NEWER_NAMES.to_vec()), 4_u8..8), 0..6),
        nominated in any::<bool>(),
    ) {
        let as_fields = |lines: &[(&str, u8)]| -> Fields {
            lines.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect()
        };
        let as_map = |fields: &Fields| {
            let mut map = BTreeMap::<String, Vec<String>>::new();
            for (name, value) in fields {
                map.entry(name.to_ascii_lowercase()).or_default().push(value.clone());
            }
            map
        };
        let stored = as_fields(&stored);
        let mut newer = as_fields(&newer);
        if nominated {
            newer.push(("Connection".to_owned(), "x-HOP".to_owned()));
        }
        let mut expected = as_map(&stored);
        let mut added = as_map(&newer);
        added.retain(|name, _| {
            let never = ["connection", "content-length", "te"];
            let hop = nominated && name == "x-hop";
            !(hop || never.contains(&name.as_str()))
        });
        expected.extend(added);
        prop_assert_eq!(as_map(&updated_except(&stored, &newer, &[])), expected);
    }

    /// 9111-4.3.5-02, 9111-4.3.5-03: each validator and the length, if received, is the same.
    #[test]
    fn a_head_matches_or_not(head in model(), stored in model()) {
        let matches = (head.tag.is_none() || head.tag == stored.tag)
            && (head.modified.is_none() || head.modified == stored.modified)
            && (head.length.is_none() || head.length == stored.length);
        let expected = if matches { OnHead::Update } else { OnHead::MarkStale };
        prop_assert_eq!(on_head(head.response(200), stored.response(200)), expected);
    }

    /// 9111-3.4-01: combining is symmetric, and a strong validator is shared.
    #[test]
    fn combining_takes_a_strong_validator(one in model(), other in model()) {
        let (left, right) = (one.response(206), other.response(206));
        let combined = combine(left, [right]).is_some();
        prop_assert_eq!(combined, combine(right, [left]).is_some());
        if combined {
            let strong_tag = one.tag.is_some_and(|(_, weak)| !weak) && one.tag == other.tag;
            let strong_date = one.is_strongly_modified() && other.is_strongly_modified()
                && one.modified == other.modified;
            prop_assert!(strong_tag || strong_date);
        }
    }
}
