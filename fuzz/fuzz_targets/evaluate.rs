//! Preconditions (RFC 9110 section 13): the decision, the deciding field, what is malformed and
//! whether a write is guarded are what the oracle says, and neither the order of fields, nor the
//! lines they come in, nor other fields make a difference.
#![no_main]

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::Field;
use http_conditional_fuzz::bridge::{Case, crate_says, oracle_says, preconditions};
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

    let mut preconditions = preconditions(&case);
    preconditions.extend(fields.iter().map(|(name, value)| (name, value)));
    let explained = preconditions.explain().to_string();
    let marked = explained.lines().filter(|line| line.starts_with('>'));
    assert_eq!(marked.count(), usize::from(seen.deciding_step.is_some()));
});

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
