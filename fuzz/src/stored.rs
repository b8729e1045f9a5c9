//! A response on the cache's side, and naive models of the rules of RFC 9111 sections 3 and 4,
//! written from the text with lists and sets.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use arbitrary::{Arbitrary, Result, Unstructured};
use http_conditional::cache::{AfterMerged, Answer, OnHead, OnValidation, Response};
use http_conditional::{ByteRange, Clocks, EntityTag};

use crate::against_oracle::oracle::{
    self, Answer as Decision, Request, State, Tag, TagReading, Tags,
};
use crate::against_oracle::{Case, date};
use crate::input::{self, Lines};
use crate::range;

/// What is known of a response.
#[derive(Clone, Debug)]
pub struct Stored {
    pub status: u16,
    pub tag: Option<Tag>,
    pub modified: Option<i64>,
    pub date: Option<i64>,
    pub received: Option<i64>,
    pub clocks: Clocks,
    pub length: Option<u64>,
    /// `None` where nothing is said of parts.
    pub parts: Option<Vec<ByteRange>>,
}

const STATUSES: [u16; 6] = [200, 200, 206, 304, 404, 412];

/// From here up, the byte of a status says one of `OTHER_STATUSES`, and that of the clocks one of
/// `SECONDS`.
const OTHER: u8 = 0xc0;

/// Beside and between those that a rule names.
const OTHER_STATUSES: [u16; 26] = [
    199, 201, 203, 204, 205, 207, 226, 299, 300, 301, 303, 305, 308, 399, 400, 410, 499, 500, 501,
    503, 504, 505, 511, 599, 600, 999,
];

/// How far clocks may be apart: by what one byte or two can just count, and a second more or less.
const SECONDS: [u32; 8] = [1, 60, 255, 256, 257, 258, 65_537, u32::MAX];

impl<'a> Arbitrary<'a> for Stored {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let status = match u8::arbitrary(u)? {
            byte @ OTHER.. => OTHER_STATUSES[usize::from(byte - OTHER) % OTHER_STATUSES.len()],
            byte => STATUSES[usize::from(byte) % STATUSES.len()],
        };
        let tag = input::option(u, input::tag)?;
        let modified = input::option(u, input::instant)?;
        let mut date = input::option(u, input::instant)?;
        let received = input::option(u, input::instant)?;
        let clocks = u8::arbitrary(u)?;
        let seconds = if clocks < OTHER {
            u32::from(clocks % 4)
        } else {
            SECONDS[usize::from(clocks) % SECONDS.len()]
        };
        if clocks >= 0xe0 {
            // As much later than Last-Modified as the clocks may be apart, or a second less.
            let gap = i64::from(seconds) - i64::from(clocks >> 4 & 1);
            date = modified.map(|modified| (modified + gap).min(input::LAST));
        }
        let clocks = match NonZeroU32::new(seconds) {
            None => Clocks::Untrusted,
            Some(NonZeroU32::MIN) if clocks < OTHER => Clocks::Same,
            Some(seconds) => Clocks::Within(seconds),
        };
        let length = input::option(u, |u| Ok(u64::from(u8::arbitrary(u)? % 32)))?;
        let parts = input::option(u, parts)?;
        Ok(Self {
            status,
            tag,
            modified,
            date,
            received,
            clocks,
            length,
            parts,
        })
    }
}

/// Up to three parts in ascending order, a byte for each.
fn parts(u: &mut Unstructured<'_>) -> Result<Vec<ByteRange>> {
    let mut parts = Vec::new();
    for _ in 0..u8::arbitrary(u)? % 4 {
        let byte = u8::arbitrary(u)?;
        let first = u64::from(byte & 0x0f);
        parts.extend(ByteRange::new(first, first + u64::from(byte >> 4)));
    }
    parts.sort_by_key(|part| part.first());
    Ok(parts)
}

/// A stored response of a test vector, whose content is complete or covers all ranges that the
/// vectors ask for; `false` where an input cannot say it.
pub fn put_stored(out: &mut Vec<u8>, stored: &Stored) -> bool {
    let sayable = put_status(out, stored.status);
    input::put_option(out, stored.tag.as_ref(), input::put_tag);
    for instant in [stored.modified, stored.date, stored.received] {
        input::put_option(out, instant, input::put_instant);
    }
    out.push((stored.clocks == Clocks::Same).into());
    out.push(0); // no length
    let parts = stored.parts.is_some();
    out.extend(if parts { &[1, 1, 0xf0][..] } else { &[0] });
    sayable
}

fn put_status(out: &mut Vec<u8>, status: u16) -> bool {
    if input::put_one_of(out, &STATUSES, &status) {
        return true;
    }
    let place = (OTHER..)
        .zip(OTHER_STATUSES)
        .find(|(_, other)| *other == status);
    out.extend(place.map(|(place, _)| place));
    place.is_some()
}

impl Stored {
    pub fn response(&self) -> Response<'_> {
        let mut response = Response::new(self.status).clocks(self.clocks);
        if let Some(tag) = &self.tag {
            let tag = if tag.weak {
                EntityTag::weak(&tag.opaque)
            } else {
                EntityTag::strong(&tag.opaque)
            };
            response = response.etag(tag.expect("etagc"));
        }
        if let Some(unix) = self.modified {
            response = response.last_modified(date(unix));
        }
        if let Some(unix) = self.date {
            response = response.date(date(unix));
        }
        if let Some(unix) = self.received {
            response = response.received(date(unix));
        }
        if let Some(length) = self.length {
            response = response.complete_length(length);
        }
        match &self.parts {
            Some(parts) => response.parts(parts),
            None => response,
        }
    }

    /// RFC 9110 section 8.8.2.2: the stored Date is later, by as much as the clocks may differ.
    fn is_strongly_modified(&self) -> bool {
        let (Some(modified), Some(date)) = (self.modified, self.date) else {
            return false;
        };
        match self.clocks {
            Clocks::Untrusted => false,
            Clocks::Same => date > modified,
            Clocks::Within(seconds) => date >= modified + i64::from(seconds.get()),
            _ => panic!("clocks that the model does not know"),
        }
    }

    /// When it was made, or failing that received.
    pub fn time(&self) -> Option<i64> {
        self.date.or(self.received)
    }

    /// The positions that are there; `None` where all are.
    fn positions(&self) -> Option<BTreeSet<u64>> {
        match &self.parts {
            None if self.status == 206 => Some(BTreeSet::new()),
            None => None,
            Some(parts) => Some(
                parts
                    .iter()
                    .flat_map(|part| part.first()..=part.last())
                    .collect(),
            ),
        }
    }

    /// Section 3.3, with the default policy of a server: all that is asked for is there, and may
    /// be sent.
    pub fn content(&self, range: Option<&[u8]>) -> Served {
        let positions = self.positions();
        let has = |first: u64, last: u64| match &positions {
            None => true,
            // More than there can be need not be counted through.
            Some(held) => last - first < 64 && (first..=last).all(|at| held.contains(&at)),
        };
        let is_complete = match self.length {
            _ if positions.is_none() => true,
            Some(0) => true,
            Some(length) => has(0, length - 1),
            None => false,
        };
        let all = if is_complete {
            Served::Whole
        } else {
            Served::Forward
        };
        let specs = match range.and_then(range::read) {
            Some(specs) if specs.len() <= 16 => specs,
            _ => return all,
        };
        if is_complete && self.length.is_none() {
            return all;
        }
        let length = self.length.unwrap_or(u64::MAX);
        if !specs.iter().any(|spec| spec.is_satisfiable(length)) {
            return if is_complete {
                Served::Unsatisfiable
            } else {
                Served::Forward
            };
        }
        let number = |number: u128| u64::try_from(number).expect("within the length");
        let ranges: Vec<(u64, u64)> = specs
            .iter()
            .map(|spec| spec.bytes(length))
            .filter(|bytes| !bytes.is_empty())
            .map(|bytes| (number(bytes.start), number(bytes.end - 1)))
            .collect();
        let sum: u128 = ranges
            .iter()
            .map(|(first, last)| u128::from(last - first) + 1)
            .sum();
        let back = ranges.windows(2).filter(|pair| pair[1].0 <= pair[0].1);
        let permitted = sum <= u128::from(length) && back.count() <= 1 && !ranges.is_empty();
        match permitted {
            false => all,
            true if is_complete || ranges.iter().all(|&(first, last)| has(first, last)) => {
                Served::Parts(ranges)
            }
            true => Served::Forward,
        }
    }

    pub fn covers(&self, range: Option<&[u8]>) -> bool {
        self.content(range) != Served::Forward
    }

    /// Whether each of these is stored.
    pub fn holds(&self, ranges: &[(u64, u64)]) -> bool {
        let Some(held) = self.positions() else {
            return true;
        };
        let within = |at: &u64| held.contains(at);
        let is_complete = self.content(None) == Served::Whole;
        is_complete
            || ranges
                .iter()
                .all(|&(first, last)| (first..=last).take(64).all(|at| within(&at)))
    }

    /// RFC 9110 section 15.4.5: a 304 stands for a success.
    fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// Section 4.3.2: how the stored response stands to an origin server's rules. Without a
    /// Last-Modified, its Date or the time of receipt takes that place, and is weak.
    fn state(&self) -> State {
        State {
            exists: true,
            etag: self.tag.clone(),
            last_modified: self.modified.or(self.time()),
            last_modified_is_strong: self.is_strongly_modified(),
            also: Vec::new(),
        }
    }
}

/// What a cache sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    Forward,
    NotModified,
    Whole,
    /// One or more, by their first and last positions.
    Parts(Vec<(u64, u64)>),
    Unsatisfiable,
}

impl Served {
    pub fn of(answer: Answer<'_>) -> Self {
        let bounds = |range: ByteRange| (range.first(), range.last());
        match answer {
            Answer::Forward => Self::Forward,
            Answer::NotModified => Self::NotModified,
            Answer::Whole => Self::Whole,
            Answer::Part(part) => Self::Parts(vec![bounds(part.range())]),
            Answer::Parts(parts) => {
                assert!(parts.len() > 1);
                Self::Parts(parts.map(|part| bounds(part.range())).collect())
            }
            Answer::Unsatisfiable(_) => Self::Unsatisfiable,
        }
    }
}

/// The values of a field, in order.
pub fn lines_of<'a>(lines: &'a Lines, field: &str) -> Vec<&'a [u8]> {
    lines
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(field.as_bytes()))
        .map(|(_, value)| value.as_slice())
        .collect()
}

/// What a cache answers, and at which step of RFC 9110 section 13.2.2 that was decided.
pub fn answer(case: &Case, stored: Option<&Stored>) -> (Served, Option<u8>) {
    const FORWARD: (Served, Option<u8>) = (Served::Forward, None);
    let Some(stored) = stored else {
        return FORWARD;
    };
    let Request { method, fields } = &case.request;
    let ranges = lines_of(fields, "Range");
    let range = match (&method[..], &ranges[..]) {
        (b"GET" | b"QUERY", [range]) => Some(*range),
        (b"GET" | b"HEAD" | b"QUERY", _) => None,
        _ => return FORWARD,
    };
    if !stored.covers(range) {
        return FORWARD;
    }
    // If-Match and If-Unmodified-Since are for origin servers.
    let is_evaluated = |name: &[u8]| {
        !name.eq_ignore_ascii_case(b"If-Match")
            && !name.eq_ignore_ascii_case(b"If-Unmodified-Since")
    };
    let fields = fields.iter().filter(|(name, _)| is_evaluated(name));
    let request = Request {
        method: method.clone(),
        fields: fields.cloned().collect(),
    };
    let verdict = oracle::evaluate(&request, &stored.state(), stored.status, &case.policy);
    let answer = match verdict.answer {
        Decision::NotModified => Served::NotModified,
        Decision::Perform => stored.content(range),
        // The 412 is the stored response itself.
        Decision::PerformIgnoringRange | Decision::PreconditionFailed => stored.content(None),
    };
    let step = verdict.deciding_step.filter(|_| answer != Served::Forward);
    (answer, step)
}

/// The malformed fields of a request to a cache, in lower case and sorted.
pub fn malformed(case: &Case, stored: Option<&Stored>) -> Vec<&'static str> {
    let state = stored.map(Stored::state).unwrap_or_default();
    oracle::malformed(&case.request, &state, &case.policy)
}

/// Section 4.3.4, its three rules one after the other: the places of what a 304 updates.
pub fn updates(not_modified: &Stored, stored: &[Stored]) -> Vec<usize> {
    let opaque = |one: &Stored| one.tag.clone().map(|tag| tag.opaque);
    let other_tag = |one: &Stored| {
        one.tag.is_some() && not_modified.tag.is_some() && opaque(one) != opaque(not_modified)
    };
    let strong_tag = not_modified.tag.clone().filter(|tag| !tag.weak);
    let shares_strong = |one: &Stored| {
        let same_tag = strong_tag.is_some() && one.tag == strong_tag;
        let same_date = one.is_strongly_modified() && one.modified == not_modified.modified;
        same_tag || same_date && !other_tag(one)
    };
    let corresponds = |one: &Stored| {
        let both_tags = one.tag.is_some() && not_modified.tag.is_some();
        let same_date = one.modified.is_some() && one.modified == not_modified.modified;
        if both_tags {
            !other_tag(one)
        } else {
            same_date
        }
    };
    let places_of = |is_wanted: &dyn Fn(&Stored) -> bool| -> Vec<usize> {
        (0..stored.len())
            .filter(|&at| stored[at].is_success() && is_wanted(&stored[at]))
            .collect()
    };
    let sharing = places_of(&shares_strong);
    if strong_tag.is_some() || !sharing.is_empty() {
        return sharing;
    }
    let has_none = |one: &Stored| one.tag.is_none() && one.modified.is_none();
    if has_none(not_modified) {
        return match places_of(&|_| true)[..] {
            [only] if has_none(&stored[only]) => vec![only],
            _ => Vec::new(),
        };
    }
    most_recent(stored, &places_of(&corresponds))
        .into_iter()
        .collect()
}

/// Of the responses at these places, the one that was made last, and the first of several.
pub fn most_recent(stored: &[Stored], places: &[usize]) -> Option<usize> {
    let mut latest: Option<usize> = None;
    for &place in places {
        if latest.is_none_or(|latest| stored[place].time() > stored[latest].time()) {
            latest = Some(place);
        }
    }
    latest
}

/// The tags of an If-None-Match that asks for the client's and the stored ones at once: `None`
/// where the client's field is malformed.
pub fn merged(client: &[&[u8]], stored: &[Stored], range: Option<&[u8]>) -> Option<Tags> {
    let lines: Vec<Vec<u8>> = client.iter().map(|line| line.to_vec()).collect();
    let mut tags = match oracle::parse_tags(&lines, TagReading::Strict)? {
        Tags::Any => return Some(Tags::Any),
        Tags::List(tags) => tags,
    };
    let covering = stored
        .iter()
        .filter(|one| one.is_success() && one.covers(range));
    for tag in covering.filter_map(|one| one.tag.clone()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Some(Tags::List(tags))
}

/// A conditional field as it is sent: its name and its value.
pub type Sent = (&'static str, Vec<u8>);

fn tags_value(tags: &[Tag]) -> Vec<u8> {
    let values: Vec<_> = tags.iter().map(input::tag_value).collect();
    values.join(&b", "[..])
}

fn date_value(unix: i64) -> Vec<u8> {
    let text = oracle::format_date(unix).expect("a year of four digits");
    text.into_bytes()
}

/// Section 4.3.1: the fields of a request that validates these and asks for the client's tags as
/// well. `or_date` is whether the Date may be sent for a Last-Modified that is not there (RFC 9110
/// section 13.1.3). `None` where the client's field is malformed.
pub fn validation(
    client: &[&[u8]],
    stored: &[Stored],
    range: Option<&[u8]>,
    or_date: bool,
) -> Option<Vec<Sent>> {
    let mut fields = Vec::new();
    match merged(client, stored, range)? {
        Tags::Any => fields.push(("If-None-Match", b"*".to_vec())),
        Tags::List(tags) if tags.is_empty() => {}
        Tags::List(tags) => fields.push(("If-None-Match", tags_value(&tags))),
    }
    let validated: Vec<&Stored> = stored
        .iter()
        .filter(|one| one.is_success() && one.covers(range))
        .collect();
    // With the client's list, what the client has is validated too.
    let ([only], true) = (&validated[..], client.is_empty()) else {
        return Some(fields);
    };
    if range.is_none() {
        let date = if or_date {
            only.modified.or(only.time())
        } else {
            only.modified
        };
        fields.extend(date.map(|date| ("If-Modified-Since", date_value(date))));
    } else if only.tag.is_none() && only.is_strongly_modified() {
        // RFC 9110 section 13.1.5: no date where there is a tag, and none that is weak.
        let date = only.modified.map(date_value);
        fields.extend(date.map(|date| ("If-Range", date)));
    }
    Some(fields)
}

/// Section 4.3.1: the field of a request for these representations and no other.
pub fn selection(stored: &[Stored], range: Option<&[u8]>) -> Option<Sent> {
    let mut strong = Vec::new();
    let tagged = stored.iter().filter(|one| one.is_success());
    for tag in tagged.filter_map(|one| one.tag.clone()) {
        if !tag.weak && !strong.contains(&tag) {
            strong.push(tag);
        }
    }
    match (stored, &strong[..]) {
        ([_], [tag]) if range.is_some() => Some(("If-Range", input::tag_value(tag))),
        ([only], []) if only.is_success() => {
            // RFC 9110 section 13.1.5: no date where there is a tag, however weak.
            let if_range = range.is_some() && only.tag.is_none() && only.is_strongly_modified();
            let name = if if_range {
                "If-Range"
            } else {
                "If-Unmodified-Since"
            };
            Some((name, date_value(only.modified?)))
        }
        (_, []) => None,
        (_, tags) => Some(("If-Match", tags_value(tags))),
    }
}

/// What a 304 in answer to such a request means to the client (sections 4.3.2 and 4.3.4); its field
/// is not malformed. `or_date` is as for [`validation`].
pub fn after_not_modified(
    client: &[&[u8]],
    stored: &[Stored],
    range: Option<&[u8]>,
    or_date: bool,
    not_modified: &Stored,
) -> AfterMerged {
    let lines: Vec<Vec<u8>> = client.iter().map(|line| line.to_vec()).collect();
    let Some(Tags::List(tags)) = oracle::parse_tags(&lines, TagReading::Strict) else {
        return AfterMerged::Forward;
    };
    let is_clients = if let Some(tag) = &not_modified.tag {
        tags.iter().any(|listed| listed.opaque == tag.opaque)
    } else {
        let added = merged(client, stored, range);
        !client.is_empty() && added == Some(Tags::List(tags))
    };
    if is_clients {
        return AfterMerged::Forward;
    }
    let asked: Vec<usize> = (0..stored.len())
        .filter(|&place| stored[place].is_success() && stored[place].covers(range))
        .collect();
    let usable: Vec<usize> = updates(not_modified, stored)
        .into_iter()
        .filter(|place| asked.contains(place))
        .collect();
    if let Some(place) = most_recent(stored, &usable) {
        return AfterMerged::Reuse(place);
    }
    let about: Vec<usize> = match (&not_modified.tag, &asked[..]) {
        (Some(tag), asked) => {
            let is_twin = |place: &usize| {
                let stored = stored[*place].tag.as_ref();
                stored.is_some_and(|stored| stored.opaque == tag.opaque)
            };
            asked.iter().copied().filter(is_twin).collect()
        }
        (None, [only]) if client.is_empty() => {
            let one = &stored[*only];
            let dates = (one.modified, not_modified.modified);
            let same_date = !matches!(dates, (Some(one), Some(other)) if one != other);
            let by_date = one.modified.is_some() || or_date && one.time().is_some();
            let asked = one.tag.is_some() || range.is_none() && by_date;
            if asked && same_date {
                vec![*only]
            } else {
                vec![]
            }
        }
        _ => vec![],
    };
    match about[..] {
        [place] => AfterMerged::ReuseAsIs(place),
        _ => AfterMerged::Retry,
    }
}

/// Section 4.3.5: each validator and the length are the same, as far as the HEAD has them.
pub fn on_head(head: &Stored, stored: &Stored) -> OnHead {
    let matches = (head.tag.is_none() || head.tag == stored.tag)
        && (head.modified.is_none() || head.modified == stored.modified)
        && (head.length.is_none() || head.length == stored.length);
    match (head.status, matches) {
        (200, true) => OnHead::Update,
        (200, false) => OnHead::MarkStale,
        _ => OnHead::Keep,
    }
}

/// Section 3.4: the places of those that are combined with a new response, and the complete length.
/// All of them have one strong validator in common, and no two contradict each other.
pub fn combine(new: &Stored, stored: &[Stored]) -> Option<(Vec<usize>, Option<u64>)> {
    let has_content = |one: &Stored| matches!(one.status, 200 | 206);
    let tags_differ = |one: &Stored, other: &Stored| {
        one.tag.is_some() && other.tag.is_some() && one.tag != other.tag
    };
    let lengths_differ = |one: &Stored, other: &Stored| {
        one.length.is_some() && other.length.is_some() && one.length != other.length
    };
    let places_of = |is_wanted: &dyn Fn(&Stored) -> bool| -> Vec<usize> {
        (0..stored.len())
            .filter(|&place| has_content(&stored[place]) && is_wanted(&stored[place]))
            .collect()
    };
    let strong = new.tag.clone().filter(|tag| !tag.weak);
    let mut places = places_of(&|one| strong.is_some() && one.tag == strong);
    if places.is_empty() {
        places = places_of(&|one| {
            new.is_strongly_modified()
                && one.is_strongly_modified()
                && one.modified == new.modified
                && !tags_differ(new, one)
        });
    }
    let mut all: Vec<&Stored> = places.iter().map(|&place| &stored[place]).collect();
    all.insert(0, new);
    let contradict = all.iter().any(|one| {
        all.iter()
            .any(|other| tags_differ(one, other) || lengths_differ(one, other))
    });
    if places.is_empty() || contradict || !has_content(new) {
        return None;
    }
    Some((places, all.iter().find_map(|one| one.length)))
}

/// Section 4.3.3: what a response to a validation request means; `None` where the status is that
/// of no final response.
pub fn on_validation(status: u16) -> Option<OnValidation> {
    match (status, status / 100) {
        (304, _) => Some(OnValidation::Freshen),
        (_, 5) => Some(OnValidation::ForwardOrServeStale),
        (_, 2..=4) => Some(OnValidation::Use),
        _ => None,
    }
}

/// Section 4.4: no error, in answer to a method that RFC 9110 section 9.2.1 does not name as safe.
pub fn invalidates(method: &[u8], status: u16) -> bool {
    let is_safe = oracle::Method::of(method).is_safe();
    !is_safe && [2, 3].contains(&(status / 100))
}
