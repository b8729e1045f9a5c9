//! Laws of range requests: what the crate says equals what a naive model says, byte by byte, and
//! no input makes it panic.

use std::collections::BTreeSet;

use http_conditional::{
    ByteRange, ContentRange, Decision, InvalidRangesKind, Parts, RangePolicy, RangeResponse, Ranges,
};
use proptest::prelude::*;
use proptest::sample::select;

/// A member of a set, in the model's terms.
#[derive(Debug, Clone, Copy)]
enum Spec {
    Int(u128, Option<u128>),
    Suffix(u128),
}

impl Spec {
    fn written(self) -> String {
        match self {
            Self::Int(first, None) => format!("{first}-"),
            Self::Int(first, Some(last)) => format!("{first}-{last}"),
            Self::Suffix(length) => format!("-{length}"),
        }
    }

    fn is_valid(self) -> bool {
        !matches!(self, Self::Int(first, Some(last)) if last < first)
    }

    fn is_satisfiable(self, complete_length: u128) -> bool {
        match self {
            Self::Int(first, _) => first < complete_length,
            Self::Suffix(length) => length > 0,
        }
    }

    /// Every position of the representation that it means, asked one by one.
    fn positions(self, complete_length: u64) -> BTreeSet<u64> {
        let is_meant = |position: u128| match self {
            Self::Int(first, None) => position >= first,
            Self::Int(first, Some(last)) => position >= first && position <= last,
            Self::Suffix(length) => position + length >= u128::from(complete_length),
        };
        (0..complete_length)
            .filter(|&position| is_meant(position.into()))
            .collect()
    }
}

fn positions(range: ByteRange) -> BTreeSet<u64> {
    (range.first()..=range.last()).collect()
}

fn small_spec() -> impl Strategy<Value = Spec> {
    let number = || 0..30_u128;
    prop_oneof![
        (number(), proptest::option::of(number())).prop_map(|(first, last)| Spec::Int(first, last)),
        number().prop_map(Spec::Suffix),
    ]
}

fn valid_small_specs(count: usize) -> impl Strategy<Value = Vec<Spec>> {
    let valid = small_spec().prop_filter("valid", |spec| spec.is_valid());
    proptest::collection::vec(valid, 1..=count)
}

/// What may stand between two members.
fn separator() -> impl Strategy<Value = &'static str> {
    select(vec![",", ", ", " ,", "\t,\t", ",,", ", , ,"])
}

fn field_value(specs: &[Spec], separators: &[&str]) -> String {
    let mut value = "bytes=".to_owned();
    for (place, spec) in specs.iter().enumerate() {
        if place > 0 {
            value.push_str(separators[place % separators.len()]);
        }
        value.push_str(&spec.written());
    }
    value
}

/// The response that the table at `RangeResponse::new` and the bounds of the policy call for.
fn model(specs: &[Spec], complete_length: u64, ranges: usize, reversals: usize) -> Model {
    let parts: Vec<_> = specs
        .iter()
        .map(|spec| spec.positions(complete_length))
        .filter(|positions| !positions.is_empty())
        .collect();
    let satisfiable = |spec: &Spec| spec.is_satisfiable(complete_length.into());
    let reach_back = |pair: &&[BTreeSet<u64>]| pair[1].first() <= pair[0].last();
    let sum: usize = parts.iter().map(BTreeSet::len).sum();
    if specs.len() > ranges {
        Model::Whole
    } else if !specs.iter().any(satisfiable) {
        Model::Unsatisfiable
    } else if parts.is_empty()
        || sum as u64 > complete_length
        || parts.windows(2).filter(reach_back).count() > reversals
    {
        Model::Whole
    } else {
        Model::Parts(parts)
    }
}

#[derive(Debug, PartialEq)]
enum Model {
    Whole,
    Unsatisfiable,
    Parts(Vec<BTreeSet<u64>>),
}

impl Model {
    fn of(response: RangeResponse<'_>, complete_length: u64) -> Self {
        match response {
            RangeResponse::Whole(_) => Self::Whole,
            RangeResponse::Unsatisfiable(content_range) => {
                assert_eq!(content_range, ContentRange::unsatisfied(complete_length));
                Self::Unsatisfiable
            }
            RangeResponse::Part(part) => {
                let content_range = ContentRange::satisfied(part.range(), Some(complete_length));
                assert_eq!(Some(part.content_range()), content_range);
                Self::Parts(vec![positions(part.range())])
            }
            RangeResponse::Parts(parts) => {
                assert!(parts.len() > 1);
                Self::Parts(collected(parts))
            }
        }
    }
}

/// The parts, whose number has to be what they say, all the way.
fn collected(mut parts: Parts<'_>) -> Vec<BTreeSet<u64>> {
    let mut all = Vec::new();
    let count = parts.len();
    while let Some(part) = parts.next() {
        all.push(positions(part.range()));
        assert_eq!(parts.len(), count - all.len());
        assert_eq!(parts.size_hint(), (parts.len(), Some(parts.len())));
    }
    assert_eq!(all.len(), count);
    assert!(parts.next().is_none());
    all
}

/// Merged one by one with whatever is near, until nothing is; in the order of the first request
/// for any of it.
fn coalesced(parts: &[BTreeSet<u64>], gap: u64) -> Vec<BTreeSet<u64>> {
    let mut merged = parts.to_vec();
    let near = |a: &BTreeSet<u64>, b: &BTreeSet<u64>| {
        let reach = |a: &BTreeSet<u64>, b: &BTreeSet<u64>| a.last() < b.first();
        let between = |a: &BTreeSet<u64>, b: &BTreeSet<u64>| b.first().unwrap() - a.last().unwrap();
        !(reach(a, b) && between(a, b) > gap + 1 || reach(b, a) && between(b, a) > gap + 1)
    };
    'again: loop {
        for i in 0..merged.len() {
            for j in i + 1..merged.len() {
                if near(&merged[i], &merged[j]) {
                    let other = merged.remove(j);
                    merged[i].extend(other);
                    let (first, last) = (merged[i].first(), merged[i].last());
                    merged[i] = (*first.unwrap()..=*last.unwrap()).collect();
                    continue 'again;
                }
            }
        }
        return merged;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// 9110-14.1.1-01, 9110-14.1.1-03, 9110-14.1.1-04, 9110-14.1.2-01 to 9110-14.1.2-06: a set
    /// means what its members mean, position by position, with any white space and any empty
    /// members between them, and is invalid if one of them is.
    #[test]
    fn resolves_byte_by_byte(
        specs in proptest::collection::vec(small_spec(), 1..8),
        separators in proptest::collection::vec(separator(), 1..4),
        complete_length in 0..25_u64,
    ) {
        let value = field_value(&specs, &separators);
        let ranges = Ranges::parse(value.as_bytes());
        prop_assert_eq!(ranges.is_ok(), specs.iter().all(|spec| spec.is_valid()), "{}", value);
        if let Ok(ranges) = ranges {
            let satisfiable = |spec: &Spec| spec.is_satisfiable(complete_length.into());
            prop_assert_eq!(ranges.count(), specs.len());
            prop_assert_eq!(
                ranges.is_satisfiable(complete_length),
                specs.iter().any(satisfiable)
            );
            let resolved: Vec<_> = ranges.resolve(complete_length).map(positions).collect();
            let expected: Vec<_> = specs
                .iter()
                .map(|spec| spec.positions(complete_length))
                .filter(|positions| !positions.is_empty())
                .collect();
            prop_assert_eq!(resolved, expected, "{}", value);
        } else {
            prop_assert_eq!(ranges.unwrap_err().kind(), InvalidRangesKind::Order);
        }
    }

    /// 9110-14.1.1-02, 9110-14.1.2-07: numbers of up to 38 digits, against 128-bit arithmetic.
    #[test]
    fn numbers_of_any_size(
        first in big_number(),
        last in proptest::option::of(big_number()),
        suffix: bool,
        complete_length in prop_oneof![any::<u64>(), 0..5_u64, u64::MAX - 5..=u64::MAX],
        zeros in 0..30_usize,
    ) {
        let spec = if suffix { Spec::Suffix(first) } else { Spec::Int(first, last) };
        let zeros = "0".repeat(zeros);
        let value = match spec {
            Spec::Suffix(length) => format!("bytes=-{zeros}{length}"),
            Spec::Int(first, None) => format!("bytes={zeros}{first}-"),
            Spec::Int(first, Some(last)) => format!("bytes={first}-{zeros}{last}"),
        };
        let Ok(ranges) = Ranges::parse(value.as_bytes()) else {
            prop_assert!(!spec.is_valid(), "{}", value);
            return Ok(());
        };
        prop_assert!(spec.is_valid(), "{}", value);
        let complete = u128::from(complete_length);
        prop_assert_eq!(ranges.is_satisfiable(complete_length), spec.is_satisfiable(complete));
        let expected = (complete > 0 && spec.is_satisfiable(complete)).then(|| match spec {
            Spec::Int(first, last) => (first, last.unwrap_or(u128::MAX).min(complete - 1)),
            Spec::Suffix(length) => (complete - length.min(complete), complete - 1),
        });
        let resolved = ranges.resolve(complete_length).next();
        let resolved = resolved.map(|range| (range.first().into(), range.last().into()));
        prop_assert_eq!(resolved, expected, "{}", value);
    }

    /// 9110-14.2-05, 9110-14.2-11, 9110-14.2-12, 9110-15.3.7.2-09: the response is the model's,
    /// for every policy.
    #[test]
    fn responds_as_the_model(
        specs in valid_small_specs(6),
        complete_length in 0..25_u64,
        ranges in 0..7_usize,
        reversals in 0..4_usize,
    ) {
        let value = field_value(&specs, &[","]);
        let policy = RangePolicy::new().max_ranges(ranges).max_reversals(reversals);
        let response = RangeResponse::with_policy(
            Decision::Perform,
            Some(value.as_bytes()),
            complete_length,
            policy,
        );
        prop_assert_eq!(
            Model::of(response, complete_length),
            model(&specs, complete_length, ranges, reversals),
            "{}", value
        );
    }

    /// 9110-17.15-01: no byte is sent more often than the reversals permit, and never more bytes
    /// than the whole has.
    #[test]
    fn amplification_is_bounded(
        specs in valid_small_specs(12),
        complete_length in 0..60_u64,
        reversals in 0..4_usize,
    ) {
        let value = field_value(&specs, &[","]);
        let policy = RangePolicy::new().max_reversals(reversals);
        let response = RangeResponse::with_policy(
            Decision::Perform,
            Some(value.as_bytes()),
            complete_length,
            policy,
        );
        if let Model::Parts(parts) = Model::of(response, complete_length) {
            prop_assert!(parts.iter().map(BTreeSet::len).sum::<usize>() as u64 <= complete_length);
            for position in 0..complete_length {
                let times = parts.iter().filter(|part| part.contains(&position)).count();
                prop_assert!(times <= reversals + 1, "{}", value);
            }
        }
    }

    /// 9110-15.3.7.2-05: coalescing gives the union of the sets, with the gaps filled, in the
    /// order requested; where there are too few places it gives the whole, and never less.
    #[test]
    fn coalesces_as_the_model(
        specs in valid_small_specs(8),
        complete_length in 1..60_u64,
        gap in prop_oneof![0..6_u64, Just(u64::MAX - 1), Just(u64::MAX)],
        places in 0..10_usize,
    ) {
        let value = field_value(&specs, &[","]);
        let policy = RangePolicy::new().max_reversals(usize::MAX);
        let response = RangeResponse::with_policy(
            Decision::Perform,
            Some(value.as_bytes()),
            complete_length,
            policy,
        );
        let mut lent = vec![ByteRange::default(); places];
        let merged = Model::of(response.clone().coalesce(gap, &mut lent), complete_length);
        let expected = match Model::of(response, complete_length) {
            Model::Parts(parts) if parts.len() > 1 => {
                let expected = coalesced(&parts, gap.min(100));
                if places < expected.len() || places < parts.len() && merged == Model::Whole {
                    Model::Whole
                } else {
                    Model::Parts(expected)
                }
            }
            unchanged => unchanged,
        };
        prop_assert_eq!(merged, expected, "{} {}", value, gap);
    }

    /// No bytes make it panic, and an error points into the value.
    #[test]
    fn any_bytes(
        noise in proptest::collection::vec(any::<u8>(), 0..40),
        shaped in "[ \t]?[bB]?ytes=?[0-9 ,\t=-]{0,24}",
        complete_length in prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)],
        gap: u64,
        places in 0..4_usize,
    ) {
        for value in [noise.as_slice(), shaped.as_bytes()] {
            match Ranges::parse(value) {
                Ok(ranges) => prop_assert!(ranges.count() > 0),
                Err(error) => prop_assert!(error.index() <= value.len()),
            }
            if let Err(error) = ContentRange::parse(value) {
                prop_assert!(error.index() <= value.len());
            }
            let mut lent = vec![ByteRange::default(); places];
            let response = RangeResponse::new(Decision::Perform, Some(value), complete_length);
            match response.coalesce(gap, &mut lent) {
                RangeResponse::Whole(_) | RangeResponse::Unsatisfiable(_) => {}
                RangeResponse::Part(part) => prop_assert!(part.range().last() < complete_length),
                RangeResponse::Parts(mut parts) => {
                    prop_assert!(parts.all(|part| part.range().last() < complete_length));
                }
            }
        }
    }
}

fn big_number() -> impl Strategy<Value = u128> {
    let max = u128::from(u64::MAX);
    prop_oneof![
        0..6_u128,
        max - 6..max + 6,
        0..10_u128.pow(38),
        any::<u64>().prop_map(u128::from),
    ]
}
