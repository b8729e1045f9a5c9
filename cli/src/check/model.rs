//! How a server with known faults answers (RFC 9110 section 13.2.2, and where servers leave it):
//! a set of quirks, and the answer that follows from them. What a real server answers is explained
//! by the smallest set of quirks that predicts it.

use std::collections::BTreeSet;

use http_conditional::HttpDate;

use super::faults::Fault;
use super::message::{Line, Request};

/// What the server has for the target.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) exists: bool,
    /// The value of `ETag`.
    pub(super) tag: Option<Vec<u8>>,
    /// Last-Modified, in seconds since 1970.
    pub(super) modified: Option<i64>,
    pub(super) length: u64,
    /// Whether ranges are served.
    pub(super) ranges: bool,
    /// The clock, for years of two digits.
    pub(super) now: i64,
}

/// What came, as far as conditions decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    /// 200, or another success with the whole.
    Whole,
    /// 206.
    Part,
    /// 304.
    NotModified,
    /// 412.
    Failed,
    /// 416.
    Unsatisfied,
    /// 400, or another answer that says that the request is bad.
    Rejected,
    /// 404 or 410.
    Missing,
    /// 5xx, or no answer.
    Broken,
    Other(u16),
}

impl Answer {
    pub(super) const fn of_status(status: u16) -> Self {
        match status {
            206 => Self::Part,
            200..=299 => Self::Whole,
            304 => Self::NotModified,
            412 => Self::Failed,
            416 => Self::Unsatisfied,
            404 | 410 => Self::Missing,
            400 | 403 | 413 | 414 | 422 | 431 => Self::Rejected,
            500..=599 => Self::Broken,
            other => Self::Other(other),
        }
    }
}

/// The quirks: those of the faults that change how conditions are judged.
pub(super) const QUIRKS: &[Fault] = &[
    Fault::HeadIgnored,
    // Before the next, which explains as much where there is no tag.
    Fault::IfNoneMatchStar,
    Fault::IfNoneMatchIgnored,
    Fault::IfModifiedSinceIgnored,
    Fault::IfMatchIgnored,
    Fault::IfUnmodifiedSinceIgnored,
    Fault::IfRangeIgnored,
    Fault::RangeFirst,
    Fault::BothHaveToHold,
    Fault::IfModifiedSinceBeside,
    Fault::IfMatchWeak,
    Fault::IfMatchMalformedIgnored,
    Fault::IfMatchBytesIgnored,
    Fault::IfMatchEmptyIgnored,
    Fault::IfMatchListUnread,
    Fault::IfMatchLineUnread,
    Fault::IfMatchEmptyMembers,
    Fault::IfMatchWeakSpoils,
    Fault::IfMatchStar,
    Fault::IfUnmodifiedSinceBesideIfMatch,
    Fault::IfUnmodifiedSinceInvalid,
    Fault::IfUnmodifiedSinceLines,
    Fault::IfUnmodifiedSinceExact,
    Fault::IfUnmodifiedSinceNoDate,
    Fault::IfRangeWeak,
    Fault::IfRangeDateLater,
    Fault::IfRangeMalformed,
    Fault::IfRangeRefuses,
    Fault::IfNoneMatchStrong,
    Fault::IfNoneMatchCommas,
    Fault::IfNoneMatchListUnread,
    Fault::IfNoneMatchFirstLine,
    Fault::IfNoneMatchLastLine,
    Fault::IfNoneMatchSpacing,
    Fault::IfNoneMatchTabs,
    Fault::IfNoneMatchEmptyMembers,
    Fault::IfNoneMatchBytes,
    Fault::IfNoneMatchBackslash,
    Fault::IfNoneMatchRefuses,
    Fault::IfNoneMatchInside,
    Fault::IfNoneMatchCase,
    Fault::IfNoneMatchMalformedIgnored,
    Fault::IfNoneMatchEmptyIgnored,
    Fault::IfModifiedSinceFormats,
    Fault::IfModifiedSinceAlways,
    Fault::IfModifiedSinceInvalid,
    Fault::IfModifiedSinceLines,
    Fault::IfUnmodifiedSinceSuppresses,
    Fault::IfMatchSuppresses,
    Fault::IfRangeFirst,
    Fault::OrderOfSteps,
    Fault::ConditionsFirst,
    Fault::RangeOnHead,
    Fault::RangeUnit,
    Fault::RangeLastPos,
    Fault::RangesRefused,
    Fault::RangeLongSuffix,
    Fault::RangeHuge,
    Fault::LinesRefused,
];

/// A set of quirks.
pub(super) type Quirks = BTreeSet<Fault>;

/// What a field of tags says.
enum Tags<'a> {
    Absent,
    Any,
    List(Vec<&'a [u8]>),
    Malformed,
}

/// The answer that a server with these quirks gives.
pub(super) fn answer(quirks: &Quirks, state: &State, request: &Request) -> Answer {
    Server {
        quirks,
        state,
        request,
    }
    .answer()
}

struct Server<'a> {
    quirks: &'a Quirks,
    state: &'a State,
    request: &'a Request,
}

impl Server<'_> {
    fn has(&self, quirk: Fault) -> bool {
        self.quirks.contains(&quirk)
    }

    fn answer(&self) -> Answer {
        let head = self.request.method == "HEAD";
        if self.has(Fault::LinesRefused) && self.has_several_lines() {
            return Answer::Rejected;
        }
        if !self.state.exists {
            let hidden = self.has(Fault::ConditionsFirst);
            return match (hidden, self.changing_step(), self.caching_step()) {
                (true, Some(answer), _) | (true, None, Some(answer)) => answer,
                _ => Answer::Missing,
            };
        }
        if head && self.has(Fault::HeadIgnored) {
            return Answer::Whole;
        }
        let resumed = self.has(Fault::IfRangeFirst) && self.if_range() == Some(true);
        if self.has(Fault::RangeFirst) || resumed {
            let ranged = self.range_step(head);
            if ranged != Answer::Whole {
                return ranged;
            }
        }
        let steps = [self.changing_step(), self.caching_step()];
        let decided = if self.has(Fault::OrderOfSteps) {
            steps[1].or(steps[0])
        } else {
            steps[0].or(steps[1])
        };
        decided.unwrap_or_else(|| self.range_step(head))
    }

    fn has_several_lines(&self) -> bool {
        let names = [
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range",
            "range",
        ];
        names
            .iter()
            .any(|name| self.request.values(name).count() > 1)
    }

    /// Steps 1 and 2.
    fn changing_step(&self) -> Option<Answer> {
        let matches = self.if_match();
        let unmodified = || {
            if self.has(Fault::IfUnmodifiedSinceIgnored) {
                return None;
            }
            self.if_unmodified_since()
        };
        let holds = match matches {
            Some(true) if self.has(Fault::IfUnmodifiedSinceBesideIfMatch) => {
                unmodified().unwrap_or(true)
            }
            Some(holds) => holds,
            None => unmodified().unwrap_or(true),
        };
        (!holds).then_some(Answer::Failed)
    }

    /// Steps 3 and 4.
    fn caching_step(&self) -> Option<Answer> {
        let not_modified = if self.has(Fault::IfNoneMatchRefuses) {
            Answer::Failed
        } else {
            Answer::NotModified
        };
        let modified = || self.if_modified_since();
        let held = self.request.has("if-unmodified-since")
            && !self.request.has("if-match")
            && self.if_unmodified_since() == Some(true);
        let matched = self.has(Fault::IfMatchSuppresses) && self.if_match() == Some(true);
        if matched || (held && self.has(Fault::IfUnmodifiedSinceSuppresses)) {
            return None;
        }
        let lines = self.request.values("if-modified-since").count();
        let dated = self.state.modified.is_some() && lines == 1;
        match self.if_none_match() {
            Some(false)
                if self.has(Fault::BothHaveToHold) && dated && modified() != Some(false) =>
            {
                None
            }
            Some(false) => Some(not_modified),
            Some(true) if !self.has(Fault::IfModifiedSinceBeside) => None,
            _ => (modified() == Some(false)).then_some(Answer::NotModified),
        }
    }

    fn if_match(&self) -> Option<bool> {
        if self.has(Fault::IfMatchIgnored) {
            return None;
        }
        let mut lines: Vec<&[u8]> = self.request.values("if-match").collect();
        if self.has(Fault::IfMatchLineUnread) {
            lines.truncate(1);
        }
        let tags = tags(&lines);
        let value = lines.join(&b", "[..]);
        if self.has(Fault::IfMatchEmptyIgnored) && value.is_empty() {
            return None;
        }
        if self.has(Fault::IfMatchBytesIgnored) && !value.is_ascii() {
            return None;
        }
        let spoiled = self.has(Fault::IfMatchEmptyMembers) && has_empty_member(&value);
        let members = match tags {
            Tags::Absent => return None,
            Tags::Any => return Some(self.state.exists && !self.has(Fault::IfMatchStar)),
            Tags::Malformed if self.has(Fault::IfMatchMalformedIgnored) => return None,
            Tags::Malformed => return Some(false),
            Tags::List(_) if spoiled => return Some(false),
            Tags::List(members) => members,
        };
        if self.has(Fault::IfMatchListUnread) && members.len() > 1 {
            return Some(false);
        }
        let weak_allowed = self.has(Fault::IfMatchWeak);
        let current = self.state.tag.as_deref();
        for member in members {
            if is_weak(member) && self.has(Fault::IfMatchWeakSpoils) {
                return Some(false);
            }
            let strong = !is_weak(member) && !current.is_some_and(is_weak);
            let equal = current.is_some_and(|current| opaque(current) == opaque(member));
            if equal && (strong || weak_allowed) {
                return Some(true);
            }
        }
        Some(false)
    }

    fn if_unmodified_since(&self) -> Option<bool> {
        let lines: Vec<&[u8]> = self.request.values("if-unmodified-since").collect();
        if lines.len() > 1 && !self.has(Fault::IfUnmodifiedSinceLines) {
            return None;
        }
        let value = *lines.first()?;
        let Some(modified) = self.state.modified else {
            let refused = self.has(Fault::IfUnmodifiedSinceNoDate) && self.state.exists;
            return refused.then_some(false);
        };
        let Some((date, _)) = self.date(value) else {
            return self.has(Fault::IfUnmodifiedSinceInvalid).then_some(false);
        };
        if self.has(Fault::IfUnmodifiedSinceExact) {
            return Some(modified == date);
        }
        Some(modified <= date)
    }

    fn if_none_match(&self) -> Option<bool> {
        if self.has(Fault::IfNoneMatchIgnored) {
            return None;
        }
        let mut lines: Vec<&[u8]> = self.request.values("if-none-match").collect();
        if self.has(Fault::IfNoneMatchFirstLine) {
            lines.truncate(1);
        }
        if self.has(Fault::IfNoneMatchLastLine) && lines.len() > 1 {
            lines.drain(..lines.len() - 1);
        }
        let value = lines.join(&b", "[..]);
        if lines.is_empty() || (self.has(Fault::IfNoneMatchEmptyIgnored) && value.is_empty()) {
            return None;
        }
        let current = self.state.tag.as_deref();
        let spoiled = (self.has(Fault::IfNoneMatchEmptyMembers) && has_empty_member(&value))
            || (self.has(Fault::IfNoneMatchBytes) && !value.is_ascii())
            || (self.has(Fault::IfNoneMatchBackslash) && contains(&value, b"\\\""))
            || (self.has(Fault::IfNoneMatchTabs) && self.has_tab("if-none-match"))
            || (self.has(Fault::IfNoneMatchCommas) && self.tag_has_comma());
        let inside = self.has(Fault::IfNoneMatchInside)
            && current.is_some_and(|current| contains(&value, inner(current)));
        let members = match tags(&lines) {
            Tags::Absent => return None,
            Tags::Any => return Some(!self.state.exists || self.has(Fault::IfNoneMatchStar)),
            _ if inside => return Some(false),
            Tags::Malformed if self.has(Fault::IfNoneMatchMalformedIgnored) => return None,
            Tags::Malformed => return Some(true),
            Tags::List(_) if spoiled => return Some(true),
            Tags::List(members) => members,
        };
        if self.has(Fault::IfNoneMatchListUnread) && members.len() > 1 {
            return Some(true);
        }
        let several = members.len() > 1;
        if self.has(Fault::IfNoneMatchSpacing) && several && members.join(&b", "[..]) != value {
            return Some(true);
        }
        let Some(current) = current else {
            return Some(true);
        };
        let matches = |member: &&[u8]| {
            let (ours, theirs) = (opaque(current), opaque(member));
            let strong = !is_weak(member) && !is_weak(current);
            let equal = if self.has(Fault::IfNoneMatchCase) {
                ours.eq_ignore_ascii_case(theirs)
            } else {
                ours == theirs
            };
            equal && (strong || !self.has(Fault::IfNoneMatchStrong))
        };
        Some(!members.iter().any(matches))
    }

    fn has_tab(&self, name: &str) -> bool {
        let tab = |(other, value): &Line| {
            other.eq_ignore_ascii_case(name.as_bytes()) && value.contains(&b'\t')
        };
        self.request.lines.iter().any(tab)
    }

    fn tag_has_comma(&self) -> bool {
        let current = self.state.tag.as_deref();
        current.is_some_and(|current| current.contains(&b','))
    }

    fn if_modified_since(&self) -> Option<bool> {
        if self.has(Fault::IfModifiedSinceIgnored) {
            return None;
        }
        let lines: Vec<&[u8]> = self.request.values("if-modified-since").collect();
        if lines.len() > 1 && !self.has(Fault::IfModifiedSinceLines) {
            return None;
        }
        let value = *lines.first()?;
        let modified = self.state.modified?;
        let Some((date, old_format)) = self.date(value) else {
            return self.has(Fault::IfModifiedSinceInvalid).then_some(false);
        };
        if old_format && self.has(Fault::IfModifiedSinceFormats) {
            return None;
        }
        if self.has(Fault::IfModifiedSinceAlways) {
            return Some(false);
        }
        Some(modified > date)
    }

    /// Step 5, and Range.
    fn range_step(&self, head: bool) -> Answer {
        if head && !self.has(Fault::RangeOnHead) {
            return Answer::Whole;
        }
        let ranges: Vec<&[u8]> = self.request.values("range").collect();
        let [range] = ranges[..] else {
            return Answer::Whole;
        };
        if !self.state.ranges {
            return Answer::Whole;
        }
        match self.if_range() {
            None | Some(true) => {}
            Some(false) if self.has(Fault::IfRangeRefuses) => return Answer::Failed,
            Some(false) => return Answer::Whole,
        }
        let Some(equals) = range.iter().position(|&byte| byte == b'=') else {
            return Answer::Whole;
        };
        let (unit, set) = (&range[..equals], &range[equals + 1..]);
        if !unit.eq_ignore_ascii_case(b"bytes") {
            return if self.has(Fault::RangeUnit) {
                Answer::Unsatisfied
            } else {
                Answer::Whole
            };
        }
        self.resolved(set)
    }

    fn resolved(&self, set: &[u8]) -> Answer {
        let number = |digits: &[u8]| {
            let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
            let text = std::str::from_utf8(digits).ok().filter(|_| all)?;
            Some(text.parse().unwrap_or(u64::MAX))
        };
        if set.contains(&b',') && self.has(Fault::RangesRefused) {
            return Answer::Unsatisfied;
        }
        let mut satisfiable = false;
        for spec in set.split(|&byte| byte == b',') {
            let spec = spec.trim_ascii();
            let Some(dash) = spec.iter().position(|&byte| byte == b'-') else {
                return Answer::Whole;
            };
            let (first, last) = (&spec[..dash], &spec[dash + 1..]);
            let huge = first.len().max(last.len()) > 19 && self.has(Fault::RangeHuge);
            satisfiable |= match (number(first), number(last)) {
                _ if huge => false,
                (None, Some(suffix)) if first.is_empty() => {
                    let long = suffix > self.state.length && self.has(Fault::RangeLongSuffix);
                    suffix > 0 && self.state.length > 0 && !long
                }
                (Some(first), None) if last.is_empty() => first < self.state.length,
                (Some(first), Some(last)) if first <= last => {
                    let beyond = last >= self.state.length && self.has(Fault::RangeLastPos);
                    first < self.state.length && !beyond
                }
                _ => return Answer::Whole,
            };
        }
        if satisfiable {
            Answer::Part
        } else {
            Answer::Unsatisfied
        }
    }

    fn if_range(&self) -> Option<bool> {
        let lines: Vec<&[u8]> = self.request.values("if-range").collect();
        let value = *lines.first()?;
        if self.has(Fault::IfRangeIgnored) {
            return None;
        }
        let malformed = self.has(Fault::IfRangeMalformed);
        if lines.len() > 1 {
            return Some(malformed);
        }
        if let Tags::List(members) = tags(&lines) {
            if let [tag] = members[..]
                && tag == value
            {
                return Some(self.if_range_tag(tag));
            }
            return Some(malformed);
        }
        let Some((date, _)) = self.date(value) else {
            return Some(malformed);
        };
        let Some(modified) = self.state.modified else {
            return Some(false);
        };
        Some(modified < date && self.has(Fault::IfRangeDateLater))
    }

    fn if_range_tag(&self, tag: &[u8]) -> bool {
        let Some(current) = self.state.tag.as_deref() else {
            return false;
        };
        let strong = !is_weak(tag) && !is_weak(current);
        opaque(tag) == opaque(current) && (strong || self.has(Fault::IfRangeWeak))
    }

    /// The instant, and whether it is in one of the old formats.
    fn date(&self, value: &[u8]) -> Option<(i64, bool)> {
        let now = HttpDate::from_unix(self.state.now).ok();
        let date = HttpDate::parse(value, now).ok()?;
        Some((date.to_unix(), value.get(3) != Some(&b',')))
    }
}

/// Reads the lines of a field of tags.
fn tags<'a>(lines: &[&'a [u8]]) -> Tags<'a> {
    match lines {
        [] => return Tags::Absent,
        [line] if *line == b"*" => return Tags::Any,
        _ => {}
    }
    let mut members = Vec::new();
    for line in lines {
        let mut rest = *line;
        loop {
            rest = rest.trim_ascii_start();
            let Some(&first) = rest.first() else { break };
            if first == b',' {
                rest = &rest[1..];
                continue;
            }
            let mark = if rest.starts_with(b"W/") { 2 } else { 0 };
            let length = match rest[mark..] {
                [b'"', ref after @ ..] => {
                    let end = after.iter().position(|&byte| byte == b'"');
                    end.map(|end| mark + end + 2)
                }
                _ => None,
            };
            let Some(length) = length else {
                return Tags::Malformed;
            };
            let (tag, after) = rest.split_at(length);
            if tag.iter().any(|&byte| byte <= b' ' || byte == 0x7f) {
                return Tags::Malformed;
            }
            members.push(tag);
            rest = after.trim_ascii_start();
            if !matches!(rest.first(), None | Some(b',')) {
                return Tags::Malformed;
            }
        }
    }
    Tags::List(members)
}

/// Whether the value has a member that is empty, outside quotes, beside one that is not.
fn has_empty_member(value: &[u8]) -> bool {
    let mut quoted = false;
    let (mut empty, mut seen_empty, mut seen_other) = (true, false, false);
    for &byte in value {
        match byte {
            b',' if !quoted => {
                seen_empty |= empty;
                empty = true;
            }
            b' ' | b'\t' if !quoted => {}
            _ => {
                quoted ^= byte == b'"';
                empty = false;
                seen_other = true;
            }
        }
    }
    seen_other && (seen_empty || empty)
}

pub(super) fn is_weak(tag: &[u8]) -> bool {
    tag.starts_with(b"W/")
}

/// The tag without its mark of weakness.
pub(super) fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

/// What is between the quotes.
pub(super) fn inner(tag: &[u8]) -> &[u8] {
    let tag = opaque(tag);
    tag.get(1..tag.len().saturating_sub(1)).unwrap_or_default()
}

pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}
