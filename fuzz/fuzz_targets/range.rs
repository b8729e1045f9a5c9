//! Range requests (RFC 9110 section 14): a set means what a naive model says it means, position by
//! position; the response and what is merged of it are the model's; Content-Range reads as the
//! model reads it, and back as it was written.
#![no_main]

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::{
    ByteRange, ContentRange, Decision, Parts, RangePolicy, RangeResponse, Ranges,
};
use http_conditional_fuzz::input;
use http_conditional_fuzz::range::{Spec, read, read_content_range};
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
            gap: if gap == 0xff {
                u64::MAX
            } else {
                u64::from(gap % 8)
            },
            places: usize::from(places % 20),
            decision: match decision & 3 {
                0 => Decision::PerformIgnoringRange,
                _ => Decision::Perform,
            },
            value: [prefix, &value].concat(),
        })
    }
}

fuzz_target!(|input: Input| {
    means_what_it_says(&input.value, input.complete_length);
    reads_content_range(&input.value);
    if input.complete_length <= SMALL {
        responds_as_the_model(&input);
    }
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
    let mut resolved = ranges.resolve(complete_length);
    for spec in specs.iter().filter(satisfiable) {
        let range = resolved.next().expect("as many as are satisfiable");
        let (first, last) = (range.first(), range.last());
        assert!(first <= last && last < complete_length);
        assert_eq!(range.len(), last - first + 1);
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

fn reads_content_range(value: &[u8]) {
    let seen = ContentRange::parse(value);
    let said = seen.ok().map(|seen| {
        let range = seen.range().map(|range| (range.first(), range.last()));
        (range, seen.complete_length())
    });
    assert_eq!(said, read_content_range(value));
    match seen {
        Err(error) => assert!(error.index() <= value.len()),
        Ok(seen) => {
            let made = match (seen.range(), seen.complete_length()) {
                (Some(range), complete_length) => ContentRange::satisfied(range, complete_length),
                (None, complete_length) => complete_length.map(ContentRange::unsatisfied),
            };
            assert_eq!(made, Some(seen));
            let mut buffer = [0; ContentRange::MAX_LEN];
            let written = seen.encode(&mut buffer);
            assert_eq!(seen.to_string().as_bytes(), written);
            assert_eq!(ContentRange::parse(written), Ok(seen));
        }
    }
}

/// A response, with each part as the set of its positions.
#[derive(Clone, Debug, PartialEq)]
enum Model {
    Whole,
    Unsatisfiable,
    Parts(Vec<BTreeSet<u64>>),
}

fn responds_as_the_model(input: &Input) {
    let complete_length = input.complete_length;
    let policy = RangePolicy::new()
        .max_ranges(input.max_ranges)
        .max_reversals(input.max_reversals);
    let response =
        RangeResponse::with_policy(input.decision, Some(&input.value), complete_length, policy);
    let expected = model(input);
    assert_eq!(seen(response.clone(), complete_length), expected);

    let mut lent = vec![ByteRange::default(); input.places];
    let merged = seen(response.coalesce(input.gap, &mut lent), complete_length);
    match expected {
        Model::Parts(parts) if parts.len() > 1 => {
            let all = coalesced(&parts, input.gap);
            // Where there is too little room, nothing is merged and nothing lost.
            let may_be_whole = input.places < parts.len();
            let fits = all.len() <= input.places;
            assert!(
                merged == Model::Whole && may_be_whole || merged == Model::Parts(all) && fits,
                "{merged:?}"
            );
        }
        unchanged => assert_eq!(merged, unchanged),
    }
}

/// As the table at `RangeResponse::new` and the bounds of the policy call for.
fn model(input: &Input) -> Model {
    let complete_length = input.complete_length;
    let specs = match (input.decision, read(&input.value)) {
        (Decision::Perform, Some(specs)) if specs.len() <= input.max_ranges => specs,
        _ => return Model::Whole,
    };
    if !specs
        .iter()
        .any(|spec| spec.is_satisfiable(complete_length))
    {
        return Model::Unsatisfiable;
    }
    let positions = |spec: &Spec| -> BTreeSet<u64> {
        (0..complete_length)
            .filter(|&position| spec.means(position, complete_length))
            .collect()
    };
    let mut parts: Vec<_> = specs.iter().map(positions).collect();
    parts.retain(|part| !part.is_empty());
    let sum: usize = parts.iter().map(BTreeSet::len).sum();
    let reaches_back = |pair: &&[BTreeSet<u64>]| pair[1].first() <= pair[0].last();
    let reversals = parts.windows(2).filter(reaches_back).count();
    if parts.is_empty() || sum as u64 > complete_length || reversals > input.max_reversals {
        return Model::Whole;
    }
    Model::Parts(parts)
}

fn seen(response: RangeResponse<'_>, complete_length: u64) -> Model {
    match response {
        RangeResponse::Whole => Model::Whole,
        RangeResponse::Unsatisfiable(content_range) => {
            assert_eq!(content_range, ContentRange::unsatisfied(complete_length));
            Model::Unsatisfiable
        }
        RangeResponse::Part(part) => {
            let content_range = ContentRange::satisfied(part.range(), Some(complete_length));
            assert_eq!(Some(part.content_range()), content_range);
            Model::Parts(vec![positions(part.range())])
        }
        RangeResponse::Parts(parts) => Model::Parts(all_of(parts)),
    }
}

fn positions(range: ByteRange) -> BTreeSet<u64> {
    (range.first()..=range.last()).collect()
}

/// Parts whose number is what they say, all the way.
fn all_of(mut parts: Parts<'_>) -> Vec<BTreeSet<u64>> {
    let mut all = Vec::new();
    assert!(parts.len() > 1);
    for remaining in (0..parts.len()).rev() {
        all.push(positions(parts.next().expect("as many as it says").range()));
        assert_eq!(parts.len(), remaining);
    }
    assert!(parts.next().is_none());
    all
}

/// Two by two, until no two are near; each where its first part stood.
fn coalesced(parts: &[BTreeSet<u64>], gap: u64) -> Vec<BTreeSet<u64>> {
    let ends = |part: &BTreeSet<u64>| (*part.first().unwrap(), *part.last().unwrap());
    let mut merged = parts.to_vec();
    loop {
        let pairs = (0..merged.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
        let near = pairs.into_iter().find(|&(one, other)| {
            let ((first, last), (other_first, other_last)) =
                (ends(&merged[one]), ends(&merged[other]));
            let between = |end: u64, start: u64| start.saturating_sub(end).saturating_sub(1);
            between(last, other_first).max(between(other_last, first)) <= gap
        });
        let Some((one, other)) = near else {
            return merged;
        };
        let other = ends(&merged.remove(other));
        let (first, last) = ends(&merged[one]);
        merged[one] = (first.min(other.0)..=last.max(other.1)).collect();
    }
}
