//! Preconditions (RFC 9110 section 13): the decision, the deciding field, what is malformed and
//! whether a write is guarded are what the oracle says, and neither the order of fields, nor the
//! lines they come in, nor other fields make a difference. The explanation names the tag that
//! matches, and says where a 412 may become a 2xx.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::{Explanation, Field, Step};
use http_conditional_fuzz::against_oracle::oracle::{self, Answer, Method, Tag, TagReading, Tags};
use http_conditional_fuzz::against_oracle::{
    Case, Said, brothers, crate_says, oracle_says, preconditions,
};
use http_conditional_fuzz::input::{self, Lines};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    /// In which order the fields come, those that take no part last.
    order: [u8; 6],
    case: Case,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            order: Arbitrary::arbitrary(u)?,
            case: Arbitrary::arbitrary(u)?,
        })
    }
}

fuzz_target!(|input: Input| {
    let Input { order, case } = input;
    let fields = &case.request.fields;
    let seen = crate_says(&case, fields);
    assert_eq!(seen, oracle_says(&case));
    for others in [reordered(fields, order), split(fields), known(fields)] {
        assert_eq!(crate_says(&case, &others), seen);
    }

    let brothers = brothers(&case);
    let mut preconditions = preconditions(&case, &brothers);
    preconditions.extend(fields.iter().map(|(name, value)| (name, value)));
    let status = match seen.answer {
        Answer::Perform | Answer::PerformIgnoringRange => None,
        Answer::NotModified => Some(304),
        Answer::PreconditionFailed => Some(412),
    };
    assert_eq!(preconditions.decide().status(), status);
    let explanation = preconditions.explain();
    let explained = explanation.to_string();
    let marked = explained.lines().filter(|line| line.starts_with('>'));
    let kept = explanation.kept_from_304();
    let is_marked = seen.deciding_step.is_some() || kept.is_some();
    assert_eq!(marked.count(), usize::from(is_marked));
    if let Some(step) = kept {
        may_keep_from_304(&case, &seen, step);
    }
    assert_eq!(
        explanation.allows_already_applied(),
        may_be_applied_already(&case, &seen)
    );
    names_match(&case, &explanation);
});

/// Sections 13.1.1 and 13.1.4: the condition was false, and the request was to change the state.
/// Whether a method does that which is in no specification, only its server knows.
fn may_be_applied_already(case: &Case, seen: &Said) -> bool {
    let is_safe = Method::of(&case.request.method).is_safe();
    matches!(seen.deciding_step, Some(1 | 2)) && !is_safe
}

/// Only what is answered in full may have been a 304. If-None-Match, where it is there, is what that
/// depends on, and otherwise If-Modified-Since; where neither is there, either could have asked for
/// it.
fn may_keep_from_304(case: &Case, seen: &Said, step: Step) {
    assert!(Method::of(&case.request.method).retrieves());
    assert!(matches!(
        seen.answer,
        Answer::Perform | Answer::PerformIgnoringRange
    ));
    let has = |field| {
        let mut fields = case.request.fields.iter();
        fields.any(|(name, _)| Field::from_name(name) == Some(field))
    };
    if has(Field::IfNoneMatch) {
        assert_eq!(step, Step::IfNoneMatch);
    } else if has(Field::IfModifiedSince) {
        assert_eq!(step, Step::IfModifiedSince);
    }
}

/// Of several tags that match, the first is named, by its place in the whole list.
fn names_match(case: &Case, explanation: &Explanation<'_>) {
    let method = Method::of(&case.request.method);
    let current = oracle::compared_tags(method, &case.state);
    if current.is_empty() {
        return;
    }
    let reading = match case.policy.lenient_entity_tags {
        false => TagReading::Strict,
        true if method.retrieves() => TagReading::PassingOver,
        true => TagReading::Unquoted,
    };
    for step in explanation.steps() {
        let compares_weakly = match step.step() {
            Step::IfMatch => case.policy.weak_if_match,
            Step::IfNoneMatch => true,
            _ => continue,
        };
        let name = step.step().field().name().as_bytes();
        let lines = case.request.fields.iter();
        let lines = lines.filter(|(other, _)| other.eq_ignore_ascii_case(name));
        let lines: Vec<Vec<u8>> = lines.map(|(_, value)| value.clone()).collect();
        let tags = match oracle::parse_tags(&lines, reading) {
            Some(Tags::List(tags)) if !tags.is_empty() => tags,
            _ => continue,
        };
        let text = step.to_string();
        if text.starts_with("not reached") || text.starts_with("not looked at") {
            assert!(!step.decided());
            continue;
        }
        let matches = |tag: &Tag| {
            current.iter().any(|current| {
                tag.opaque == current.opaque && (compares_weakly || !tag.weak && !current.weak)
            })
        };
        let named = match tags.iter().position(matches) {
            Some(place) => format!(": number {} matches, so ", place + 1),
            None => ": none matches, so ".to_owned(),
        };
        // No tag has a space: it is not the tag that says so.
        assert!(text.contains(&named), "{text}");
    }
}

/// The lines of one field keep their order.
fn reordered(lines: &Lines, order: [u8; 6]) -> Lines {
    let rank = |(name, _): &(Vec<u8>, Vec<u8>)| {
        Field::from_name(name).map_or(u8::MAX, |field| order[field as usize])
    };
    let mut reordered = lines.clone();
    reordered.sort_by_key(rank);
    reordered
}

/// Every list of tags with each member in a line of its own.
fn split(lines: &Lines) -> Lines {
    let split_line = |(name, value): &(Vec<u8>, Vec<u8>)| -> Lines {
        let values = match Field::from_name(name) {
            Some(Field::IfMatch | Field::IfNoneMatch) => input::split_at_commas(value),
            _ => vec![value.clone()],
        };
        values
            .into_iter()
            .map(|value| (name.clone(), value))
            .collect()
    };
    lines.iter().flat_map(split_line).collect()
}

/// Without the fields that take no part.
fn known(lines: &Lines) -> Lines {
    let is_known = |(name, _): &&(Vec<u8>, Vec<u8>)| Field::from_name(name).is_some();
    lines.iter().filter(is_known).cloned().collect()
}
