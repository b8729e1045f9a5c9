//! Range requests (RFC 9110 section 14): a set means what a naive model says it means, position by
//! position; the response and what is merged of it are the model's, and keep what is promised of the
//! default policy; Content-Range reads as the model reads it, and is written as the model writes it.
#![no_main]

use std::ops::Range;

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::{
    ByteRange, ContentRange, Decision, Part, Parts, RangePolicy, RangeResponse, Ranges,
};
use http_conditional_fuzz::against_oracle::{oracle, range_policy, sent};
use http_conditional_fuzz::input;
use http_conditional_fuzz::range::{Said, Spec, read, read_content_range, written};
use libfuzzer_sys::fuzz_target;

#[derive(Debug)]
struct Input {
    /// Small enough to ask every position, or any.
    complete_length: u64,
    max_ranges: usize,
    max_reversals: usize,
    gap: u64,
    /// How many ranges there is room for when they are merged.
    places: usize,
    /// A bit for each departure. It takes no byte of its own, so that the corpus keeps its meaning.
    departures: u8,
    decision: Decision,
    value: Vec<u8>,
}

/// Lengths up to this one are gone through byte by byte.
const SMALL: u64 = 64;

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let complete_length = match u8::arbitrary(u)? {
            0xf0.. => u64::arbitrary(u)?,
            small => u64::from(small) % (SMALL + 1),
        };
        let [ranges, reversals, gap, places, decision]: [u8; 5] = Arbitrary::arbitrary(u)?;
        let prefix: &[u8] = match decision >> 2 & 3 {
            0 | 1 => b"bytes=",
            2 => b"bytes ",
            _ => b"",
        };
        let value = input::text(u, b"0123456789----,, \t=/*")?;
        Ok(Self {
            complete_length,
            max_ranges: usize::from(ranges % 20),
            max_reversals: usize::from(reversals % 5),
            gap: match gap {
                0xff => u64::MAX,
                0xc0.. => 1 << (gap & 0x3f),
                small => u64::from(small % 8),
            },
            places: usize::from(places % 20),
            departures: places ^ gap,
            decision: match (decision & 3, decision >> 4 & 3) {
                (0, 2) => Decision::NotModified,
                (0, 3) => Decision::PreconditionFailed,
                (0, _) => Decision::PerformIgnoringRange,
                _ => Decision::Perform,
            },
            value: [prefix, &value].concat(),
        })
    }
}

fuzz_target!(|input: Input| {
    means_what_it_says(&input.value, input.complete_length);
    reads_content_range(&input.value);
    responds_as_the_model(&input);
    responds_as_the_oracle(&input);
    responds_by_default_as_promised(&input);
});

fn means_what_it_says(value: &[u8], complete_length: u64) {
    let specs = read(value);
    let ranges = match (Ranges::parse(value), &specs) {
        (Ok(ranges), Some(_)) => ranges,
        (Err(error), None) => return assert!(error.index() <= value.len()),
        (seen, _) => panic!("{seen:?}, and not {specs:?}"),
    };
    let specs = specs.unwrap_or_default();
    assert_eq!(ranges.count(), specs.len());
    let is_satisfiable = specs
        .iter()
        .any(|spec| spec.is_satisfiable(complete_length));
    assert_eq!(ranges.is_satisfiable(complete_length), is_satisfiable);

    let satisfiable = |spec: &&Spec| spec.is_satisfiable(complete_length) && complete_length > 0;
    let content: Vec<u8> = (0..complete_length.min(SMALL))
        .zip(0..)
        .map(|(_, byte)| byte)
        .collect();
    let mut resolved = ranges.resolve(complete_length);
    for spec in specs.iter().filter(satisfiable) {
        let range = resolved.next().expect("as many as are satisfiable");
        let (first, last) = (range.first(), range.last());
        assert!(first <= last && last < complete_length);
        assert_eq!(range.len(), last - first + 1);
        takes_its_bytes(range, &content);
        takes_its_bytes(range, &content[1..]);
        // All positions, or those around the ends.
        let positions: Vec<u64> = if complete_length <= SMALL {
            (0..complete_length).collect()
        } else {
            vec![
                0,
                first.saturating_sub(1),
                first,
                last,
                last + 1,
                complete_length - 1,
            ]
        };
        for position in positions {
            let is_meant = spec.means(position, complete_length);
            assert_eq!(
                (first..=last).contains(&position),
                is_meant,
                "{position} of {spec:?}"
            );
        }
    }
    assert_eq!(resolved.next(), None);
}

/// Those that a walk through the content meets, where it reaches as far as the last of them.
fn takes_its_bytes(range: ByteRange, content: &[u8]) {
    let is_meant = |position: u64| range.first() <= position && position <= range.last();
    let met: Vec<u8> = (0..)
        .zip(content)
        .filter_map(|(position, &byte)| is_meant(position).then_some(byte))
        .collect();
    let reaches = range.last() < content.len() as u64;
    assert_eq!(range.of(content), reaches.then_some(&met[..]));
}

fn reads_content_range(value: &[u8]) {
    let seen = ContentRange::parse(value);
    assert_eq!(seen.ok().map(said), read_content_range(value));
    match seen {
        Err(error) => assert!(error.index() <= value.len()),
        Ok(seen) => {
            let made = match (seen.range(), seen.complete_length()) {
                (Some(range), complete_length) => ContentRange::satisfied(range, complete_length),
                (None, complete_length) => complete_length.map(ContentRange::unsatisfied),
            };
            assert_eq!(made, Some(seen));
            is_written_byte_for_byte(seen);
        }
    }
}

fn said(content_range: ContentRange) -> Said {
    let range = content_range.range();
    let positions = range.map(|range| (range.first(), range.last()));
    (positions, content_range.complete_length())
}

fn is_written_byte_for_byte(content_range: ContentRange) {
    let expected = written(said(content_range));
    let mut buffer = [0; ContentRange::MAX_LEN];
    assert_eq!(content_range.encode(&mut buffer), expected.as_bytes());
    assert_eq!(content_range.to_string(), expected);
    assert_eq!(ContentRange::parse(expected.as_bytes()), Ok(content_range));
}

/// A response, with each part as the bytes from one position up to another.
#[derive(Clone, Debug, PartialEq)]
enum Model {
    Whole,
    Unsatisfiable,
    Parts(Vec<Range<u128>>),
}

fn responds_as_the_model(input: &Input) {
    let policy = RangePolicy::new()
        .max_ranges(input.max_ranges)
        .max_reversals(input.max_reversals);
    let value = Some(&input.value[..]);
    let response = RangeResponse::with_policy(input.decision, value, input.complete_length, policy);
    let expected = model(input, input.max_ranges, input.max_reversals);
    assert_eq!(seen(response.clone(), input.complete_length), expected);
    merges_as_the_model(response, expected, input, input.places);
}

/// By any policy.
fn responds_as_the_oracle(input: &Input) {
    let departs = |bit: u8| input.departures >> bit & 1 != 0;
    let policy = oracle::RangePolicy {
        max_ranges: input.max_ranges,
        max_reversals: input.max_reversals,
        max_bytes: departs(5).then_some(input.gap),
        malformed_is_416: departs(0),
        excess_is_416: departs(1),
        first_only: departs(2),
        empty_is_200: departs(3),
        spaces_around_hyphen: departs(4),
    };
    let applies = input.decision == Decision::Perform;
    let value = Some(&input.value[..]);
    let expected = oracle::answer_range(applies, value, input.complete_length, &policy);
    let policy = range_policy(&policy);
    let response = RangeResponse::with_policy(input.decision, value, input.complete_length, policy);
    assert_eq!(sent(response), expected);
}

/// In the numbers of the documentation.
fn responds_by_default_as_promised(input: &Input) {
    let complete_length = input.complete_length;
    let response = RangeResponse::new(input.decision, Some(&input.value), complete_length);
    let seen = seen(response.clone(), complete_length);
    if seen != Model::Whole {
        assert!(read(&input.value).is_some_and(|specs| specs.len() <= 16));
    }
    if let Model::Parts(parts) = &seen {
        // Where most overlap, one of them begins.
        for part in parts {
            let overlapping = parts.iter().filter(|other| other.contains(&part.start));
            assert!(overlapping.count() <= 2);
        }
        assert!(sum(parts) <= u128::from(complete_length));
    }
    let expected = model(input, 16, 1);
    assert_eq!(seen, expected);
    merges_as_the_model(response, expected, input, RangePolicy::DEFAULT_MAX_RANGES);
}

/// What is merged, with so many places lent for it.
fn merges_as_the_model(response: RangeResponse<'_>, expected: Model, input: &Input, places: usize) {
    let mut lent = vec![ByteRange::default(); places];
    let merged = response.coalesce(input.gap, &mut lent);
    let merged = seen(merged, input.complete_length);
    let parts = match expected {
        Model::Parts(parts) if parts.len() > 1 => parts,
        unchanged => return assert_eq!(merged, unchanged),
    };
    // As far as any of the parts.
    let merged_up_to = |reached| coalesced(&parts[..reached], input.gap);
    let fits = (1..=parts.len()).all(|reached| merged_up_to(reached).len() <= places);
    let all = merged_up_to(parts.len());
    let expected = if fits {
        Model::Parts(all)
    } else {
        Model::Whole
    };
    assert_eq!(merged, expected);
}

/// As the table at `RangeResponse::new` and the bounds of the policy call for.
fn model(input: &Input, max_ranges: usize, max_reversals: usize) -> Model {
    let complete_length = input.complete_length;
    let specs = match (input.decision, read(&input.value)) {
        (Decision::Perform, Some(specs)) if specs.len() <= max_ranges => specs,
        _ => return Model::Whole,
    };
    if !specs
        .iter()
        .any(|spec| spec.is_satisfiable(complete_length))
    {
        return Model::Unsatisfiable;
    }
    let mut parts: Vec<_> = specs
        .iter()
        .map(|spec| spec.bytes(complete_length))
        .collect();
    parts.retain(|part| !part.is_empty());
    let reaches_back = |pair: &&[Range<u128>]| pair[1].start < pair[0].end;
    let reversals = parts.windows(2).filter(reaches_back).count();
    let is_too_long = sum(&parts) > u128::from(complete_length);
    if parts.is_empty() || is_too_long || reversals > max_reversals {
        return Model::Whole;
    }
    Model::Parts(parts)
}

fn sum(parts: &[Range<u128>]) -> u128 {
    parts.iter().map(|part| part.end - part.start).sum()
}

fn seen(response: RangeResponse<'_>, complete_length: u64) -> Model {
    match response {
        RangeResponse::Whole(_) => Model::Whole,
        RangeResponse::Unsatisfiable(content_range) => {
            assert_eq!(said(content_range), (None, Some(complete_length)));
            is_written_byte_for_byte(content_range);
            Model::Unsatisfiable
        }
        RangeResponse::Part(part) => Model::Parts(vec![bytes(part, complete_length)]),
        RangeResponse::Parts(parts) => Model::Parts(all_of(parts, complete_length)),
    }
}

/// The bytes of a part, whose Content-Range says the same.
fn bytes(part: Part, complete_length: u64) -> Range<u128> {
    let (first, last) = (part.range().first(), part.range().last());
    let positions = Some((first, last));
    let content_range = part.content_range();
    assert_eq!(said(content_range), (positions, Some(complete_length)));
    is_written_byte_for_byte(content_range);
    let unknown = ContentRange::satisfied(part.range(), None).expect("within any length");
    assert_eq!(said(unknown), (positions, None));
    is_written_byte_for_byte(unknown);
    u128::from(first)..u128::from(last) + 1
}

/// Parts whose number is what they say, all the way.
fn all_of(mut parts: Parts<'_>, complete_length: u64) -> Vec<Range<u128>> {
    let mut all = Vec::new();
    assert!(parts.len() > 1);
    for remaining in (0..parts.len()).rev() {
        let part = parts.next().expect("as many as it says");
        all.push(bytes(part, complete_length));
        assert_eq!(parts.len(), remaining);
    }
    assert!(parts.next().is_none());
    all
}

/// Two by two, until no two are near; each where its first part stood.
fn coalesced(parts: &[Range<u128>], gap: u64) -> Vec<Range<u128>> {
    let mut merged = parts.to_vec();
    loop {
        let pairs = (0..merged.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
        let near = pairs.into_iter().find(|&(one, other)| {
            let (one, other) = (&merged[one], &merged[other]);
            one.start.max(other.start) <= one.end.min(other.end) + u128::from(gap)
        });
        let Some((one, other)) = near else {
            return merged;
        };
        let other = merged.remove(other);
        let one = &mut merged[one];
        *one = one.start.min(other.start)..one.end.max(other.end);
    }
}
