//! What a server makes of a `Range` in bytes (RFC 9110 sections 14.1.2 and 14.2).

use super::without_outer_whitespace;

/// The bounds that a server sets, and the departures that it chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
// Each is a switch of its own, as each departure is asked for by itself.
#[allow(clippy::struct_excessive_bools)]
pub struct RangePolicy {
    /// How many ranges a set may have.
    pub max_ranges: usize,
    /// How often a range may reach back to where its predecessor ends, or before.
    pub max_reversals: usize,
    /// How many bytes all ranges together may have, if that is bounded at all.
    pub max_bytes: Option<u64>,
    /// What is no ranges-specifier is a 416 in the place of the whole.
    pub malformed_is_416: bool,
    /// More than `max_ranges` are a 416 in the place of the whole.
    pub excess_is_416: bool,
    /// Of a set, the first satisfiable range is all that counts.
    pub first_only: bool,
    /// Of empty content the whole is sent, never a 416.
    pub empty_is_200: bool,
    /// There may be whitespace on either side of the `-`.
    pub spaces_around_hyphen: bool,
}

impl Default for RangePolicy {
    fn default() -> Self {
        Self {
            max_ranges: 16,
            max_reversals: 1,
            max_bytes: None,
            malformed_is_416: false,
            excess_is_416: false,
            first_only: false,
            empty_is_200: false,
            spaces_around_hyphen: false,
        }
    }
}

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RangeAnswer {
    /// The whole, with status 200.
    Whole(Why),
    /// 416 (Range Not Satisfiable).
    Unsatisfiable,
    /// 206 (Partial Content), with the first and the last position of each part,
    /// in the order requested.
    Parts(Vec<(u64, u64)>),
}

/// Why the whole is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is no `Range`.
    Absent,
    /// The conditions, the method or the status do not let it be applied.
    NotApplied,
    /// Its unit is not `bytes`.
    OtherUnit,
    /// It is no ranges-specifier.
    Malformed,
    /// More ranges than `max_ranges`.
    TooMany,
    /// There is no content of which a part could be sent.
    Empty,
    /// More reversals than `max_reversals`.
    OutOfOrder,
    /// More bytes than `max_bytes`, or than the whole has.
    TooLong,
}

/// A number of any length: digits, and no zero in front.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number(Vec<u8>);

impl Number {
    /// `1*DIGIT`
    fn read(text: &[u8]) -> Option<Self> {
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let significant = text.iter().skip_while(|&&digit| digit == b'0');
        Some(Self(significant.copied().collect()))
    }

    fn is_less_than(&self, other: &Self) -> bool {
        (self.0.len(), &self.0) < (other.0.len(), &other.0)
    }

    /// Exactly where it fits, and otherwise more than any position.
    fn or_beyond(&self) -> u128 {
        let digits = std::str::from_utf8(&self.0).unwrap_or_default();
        match digits.len() {
            0 => 0,
            1..=38 => digits.parse().unwrap_or(u128::MAX),
            _ => u128::MAX,
        }
    }
}

/// `range-spec = int-range / suffix-range / other-range`, without the last, which
/// bytes do not have.
enum Spec {
    FromTo(Number, Option<Number>),
    Last(Number),
}

impl Spec {
    /// `int-range = first-pos "-" [ last-pos ]`,
    /// `suffix-range = "-" suffix-length`
    fn read(member: &[u8], spaces_around_hyphen: bool) -> Option<Self> {
        let hyphen = member.iter().position(|&byte| byte == b'-')?;
        let mut before = member[..hyphen].to_vec();
        let mut after = member[hyphen + 1..].to_vec();
        if spaces_around_hyphen {
            before = without_outer_whitespace(&before);
            after = without_outer_whitespace(&after);
        }
        if before.is_empty() {
            return Number::read(&after).map(Self::Last);
        }
        let first = Number::read(&before)?;
        if after.is_empty() {
            return Some(Self::FromTo(first, None));
        }
        let last = Number::read(&after)?;
        // Section 14.1.1: "An int-range is invalid if the last-pos value is
        // present and less than first-pos."
        if last.is_less_than(&first) {
            return None;
        }
        Some(Self::FromTo(first, Some(last)))
    }

    /// Section 14.1.2: "an int-range is satisfiable if its first-pos is less than
    /// the current length of the selected representation, a suffix-range is
    /// satisfiable if the suffix-length is non-zero".
    fn is_satisfiable(&self, complete_length: u64) -> bool {
        match self {
            Self::FromTo(first, _) => first.or_beyond() < u128::from(complete_length),
            Self::Last(length) => length.or_beyond() > 0,
        }
    }

    /// The first and the last position, where there is one.
    fn positions(&self, complete_length: u64) -> Option<(u64, u64)> {
        let end = u128::from(complete_length);
        let (first, after_last) = match self {
            Self::FromTo(first, None) => (first.or_beyond(), end),
            Self::FromTo(first, Some(last)) => (
                first.or_beyond(),
                end.min(last.or_beyond().saturating_add(1)),
            ),
            Self::Last(length) => (end.saturating_sub(length.or_beyond()), end),
        };
        if first >= after_last {
            return None;
        }
        Some((
            u64::try_from(first).ok()?,
            u64::try_from(after_last - 1).ok()?,
        ))
    }
}

/// Section 5.6.2: `tchar`.
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `ranges-specifier = range-unit "=" range-set`, `range-unit = token`,
/// `range-set = 1#range-spec`
fn read(value: &[u8], spaces_around_hyphen: bool) -> Result<Vec<Spec>, Why> {
    let value = without_outer_whitespace(value);
    let unit: Vec<u8> = value
        .iter()
        .copied()
        .take_while(|&byte| is_tchar(byte))
        .collect();
    if unit.is_empty() || value.get(unit.len()) != Some(&b'=') {
        return Err(Why::Malformed);
    }
    // Section 14.1: "Range units are case-insensitive". Section 14.2: "An origin
    // server MUST ignore a Range header field that contains a range unit it does
    // not understand."
    if !unit.eq_ignore_ascii_case(b"bytes") {
        return Err(Why::OtherUnit);
    }
    let mut specs = Vec::new();
    for member in value[unit.len() + 1..].split(|&byte| byte == b',') {
        let member = without_outer_whitespace(member);
        if !member.is_empty() {
            specs.push(Spec::read(&member, spaces_around_hyphen).ok_or(Why::Malformed)?);
        }
    }
    if specs.is_empty() {
        return Err(Why::Malformed);
    }
    Ok(specs)
}

/// The answer to a request that would get 200 without its `Range`. `applies` is
/// whether the evaluation lets the `Range` be applied; `range` is its one line.
#[must_use]
pub fn answer_range(
    applies: bool,
    range: Option<&[u8]>,
    complete_length: u64,
    policy: &RangePolicy,
) -> RangeAnswer {
    let Some(range) = range else {
        return RangeAnswer::Whole(Why::Absent);
    };
    if !applies {
        return RangeAnswer::Whole(Why::NotApplied);
    }

    // Section 14.2: "A server that supports range requests MAY ignore or reject a
    // Range header field that contains an invalid ranges-specifier (Section
    // 14.1.1), a ranges-specifier with more than two overlapping ranges, or a set
    // of many small ranges that are not listed in ascending order".
    let mut specs = match read(range, policy.spaces_around_hyphen) {
        Ok(specs) => specs,
        // Section 14: "Range requests are an OPTIONAL feature"; with 0 there are none, so there is
        // nothing in the request to reject.
        Err(Why::Malformed) if policy.malformed_is_416 && policy.max_ranges > 0 => {
            return RangeAnswer::Unsatisfiable;
        }
        Err(why) => return RangeAnswer::Whole(why),
    };

    // As if the others had not been asked for.
    if policy.first_only {
        let first = specs
            .iter()
            .position(|spec| spec.is_satisfiable(complete_length));
        specs = specs.into_iter().skip(first.unwrap_or(0)).take(1).collect();
    }

    if specs.len() > policy.max_ranges {
        // With 0 there are no ranges, and nothing that could be exceeded.
        return if policy.excess_is_416 && policy.max_ranges > 0 {
            RangeAnswer::Unsatisfiable
        } else {
            RangeAnswer::Whole(Why::TooMany)
        };
    }

    // Section 14.2: "A server that supports range requests MAY ignore a Range
    // header field when the selected representation has no content".
    if complete_length == 0 && policy.empty_is_200 {
        return RangeAnswer::Whole(Why::Empty);
    }

    // Section 14.1.1: "If a valid range-set contains at least one range-spec that
    // is satisfiable ... then the ranges-specifier is satisfiable".
    if !specs
        .iter()
        .any(|spec| spec.is_satisfiable(complete_length))
    {
        return RangeAnswer::Unsatisfiable;
    }

    let parts: Vec<(u64, u64)> = specs
        .iter()
        .filter_map(|spec| spec.positions(complete_length))
        .collect();
    // A suffix of no content is satisfiable, but there is nothing to send.
    if parts.is_empty() {
        return RangeAnswer::Whole(Why::Empty);
    }

    let sum: u128 = parts
        .iter()
        .map(|&(first, last)| u128::from(last - first) + 1)
        .sum();
    let most = policy
        .max_bytes
        .map_or(complete_length, |most| most.min(complete_length));
    if sum > u128::from(most) {
        return RangeAnswer::Whole(Why::TooLong);
    }

    let reversals = parts
        .windows(2)
        .filter(|pair| pair[1].0 <= pair[0].1)
        .count();
    if reversals > policy.max_reversals {
        return RangeAnswer::Whole(Why::OutOfOrder);
    }
    RangeAnswer::Parts(parts)
}
