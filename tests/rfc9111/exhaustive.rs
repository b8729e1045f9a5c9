//! What is finite, gone through in full, against models that are written from the text, with sets
//! and lists, and know nothing of how the crate does it.

use std::collections::BTreeSet;

use http_conditional::cache::{
    AfterMerged, Answer, ValidationRequest, combine, evaluate, select_for_update,
};

use super::*;

/// The tag of a response: none, one that is well-formed, or one without quotes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Tag {
    None,
    Of(&'static str, bool),
    Malformed,
}

/// Its modification date, in seconds after `T`, and whether it is a strong validator.
type Modified = Option<(i64, bool)>;

#[derive(Clone, Copy, Debug)]
struct One {
    status: u16,
    tag: Tag,
    modified: Modified,
    length: Option<u64>,
}

const TAGS: [Tag; 5] = [
    Tag::None,
    Tag::Of("a", false),
    Tag::Of("a", true),
    Tag::Of("b", false),
    Tag::Malformed,
];

impl One {
    fn response(self) -> Response<'static> {
        let response = Response::new(self.status);
        let response = match self.tag {
            Tag::None => response,
            Tag::Of("a", false) => response.fields([("ETag", "\"a\"")]),
            Tag::Of("a", true) => response.fields([("ETag", "W/\"a\"")]),
            Tag::Of(..) => response.fields([("ETag", "\"b\"")]),
            Tag::Malformed => response.fields([("ETag", "a")]),
        };
        let response = match self.modified {
            None => response,
            Some((at, strong)) => {
                let response = response.last_modified(date(T + at));
                let later = T + at + i64::from(strong);
                response.date(date(later)).clocks(Clocks::Same)
            }
        };
        match self.length {
            None => response,
            Some(length) => response.complete_length(length),
        }
    }

    fn is_success(self) -> bool {
        self.status / 100 == 2
    }

    fn well_formed(self) -> Option<(&'static str, bool)> {
        match self.tag {
            Tag::Of(opaque, weak) => Some((opaque, weak)),
            Tag::None | Tag::Malformed => None,
        }
    }

    fn seconds(self) -> Option<i64> {
        self.modified.map(|(at, _)| at)
    }

    fn strong_date(self) -> Option<i64> {
        self.modified
            .filter(|(_, strong)| *strong)
            .map(|(at, _)| at)
    }
}

/// RFC 9111 section 4.3.4: what is updated. All were made at the same time, or nobody knows when.
fn updated(not_modified: One, stored: &[One]) -> Vec<usize> {
    let successes: Vec<usize> = (0..stored.len())
        .filter(|&at| stored[at].is_success())
        .collect();
    let other_tag = |one: One| {
        matches!(
            (one.well_formed(), not_modified.well_formed()),
            (Some((tag, _)), Some((other, _))) if tag != other
        )
    };
    let strong_tag = not_modified.well_formed().filter(|(_, weak)| !weak);
    let strongly: Vec<usize> = successes
        .iter()
        .copied()
        .filter(|&at| {
            let one = stored[at];
            let by_tag = strong_tag.is_some() && one.well_formed() == strong_tag;
            let by_date = one.strong_date().is_some()
                && one.strong_date() == not_modified.seconds()
                && !other_tag(one);
            by_tag || by_date
        })
        .collect();
    if strong_tag.is_some() || !strongly.is_empty() {
        return strongly;
    }
    if not_modified.well_formed().is_none() && not_modified.modified.is_none() {
        return match successes[..] {
            [only]
                if stored[only].well_formed().is_none()
                    && stored[only].modified.is_none()
                    // A tag that is none says nothing, but to somebody who has the same.
                    && (not_modified.tag == Tag::None || stored[only].tag == Tag::Malformed) =>
            {
                vec![only]
            }
            _ => Vec::new(),
        };
    }
    let mut weakly: Vec<usize> = successes
        .into_iter()
        .filter(|&at| {
            let one = stored[at];
            match (one.well_formed(), not_modified.well_formed()) {
                (Some((tag, _)), Some((other, _))) => tag == other,
                _ => one.modified.is_some() && one.seconds() == not_modified.seconds(),
            }
        })
        .collect();
    // The most recent, which is told by the Date that stands beside a Last-Modified here.
    let made = |at: &usize| {
        stored[*at]
            .modified
            .map(|(at, strong)| at + i64::from(strong))
    };
    weakly.sort_by_key(|at| std::cmp::Reverse(made(at)));
    weakly.truncate(1);
    weakly
}

/// What follows for the client, who may have tags of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Client {
    None,
    Any,
    Lists(&'static str),
}

fn after(client: Client, not_modified: One, stored: &[One], byte_for_byte: bool) -> AfterMerged {
    let tag = not_modified.well_formed().map(|(opaque, _)| opaque);
    let successes: Vec<usize> = (0..stored.len())
        .filter(|&at| stored[at].is_success())
        .collect();
    match client {
        Client::Any => return AfterMerged::Forward,
        Client::Lists(listed) => {
            // A stored tag that is not the listed one is sent too.
            let is_new = |&at: &usize| {
                let tag = stored[at].well_formed();
                tag.is_some() && tag != Some((listed, false))
            };
            if tag == Some(listed) || tag.is_none() && !successes.iter().any(is_new) {
                return AfterMerged::Forward;
            }
        }
        Client::None => {}
    }
    let made = |at: usize| {
        stored[at]
            .modified
            .map(|(at, strong)| at + i64::from(strong))
    };
    let updated = updated(not_modified, stored);
    let latest = updated.iter().copied().map(made).max();
    if let Some(&place) = updated.iter().find(|&&at| Some(made(at)) == latest) {
        return AfterMerged::Reuse(place);
    }
    let as_is = if let Some(tag) = tag {
        let twins: Vec<usize> = successes
            .into_iter()
            .filter(|&at| {
                stored[at]
                    .well_formed()
                    .is_some_and(|(opaque, _)| opaque == tag)
            })
            .collect();
        twins
    } else if client != Client::None {
        Vec::new()
    } else if let [only] = successes[..] {
        let one = stored[only];
        let asked = one.well_formed().is_some()
            || one.modified.is_some()
            || byte_for_byte && one.tag == Tag::Malformed;
        let other_tag = not_modified.tag == Tag::Malformed && one.tag != Tag::Malformed;
        let other_date = not_modified.modified.is_some()
            && one.modified.is_some()
            && not_modified.seconds() != one.seconds();
        if asked && !other_tag && !other_date {
            vec![only]
        } else {
            Vec::new()
        }
    } else {
        Vec::new()
    };
    match as_is[..] {
        [place] => AfterMerged::ReuseAsIs(place),
        _ => AfterMerged::Retry,
    }
}

/// 9111-4.3.4-02, 9111-4.3.4-03, 9111-4.3.4-04, 9111-4.3.4-05, 9111-4.3.4-06, 9111-4.3.2-13: every
/// 304 with every one, and every two, of stored responses, and every kind of a client's list.
#[test]
fn every_304() {
    let dates: [Modified; 4] = [None, Some((0, false)), Some((0, true)), Some((1, false))];
    let one = |status, tag, modified| One {
        status,
        tag,
        modified,
        length: None,
    };
    let mut ones = Vec::new();
    for status in [200, 404] {
        for tag in TAGS {
            ones.extend(dates.map(|modified| one(status, tag, modified)));
        }
    }
    let mut not_modified = Vec::new();
    for tag in TAGS {
        for modified in [None, Some((0, false)), Some((1, false))] {
            not_modified.push(one(304, tag, modified));
        }
    }
    let mut sets: Vec<Vec<One>> = ones.iter().map(|&one| vec![one]).collect();
    for &first in &ones {
        sets.extend(ones.iter().map(|&second| vec![first, second]));
    }
    let mut seen = BTreeSet::new();
    for stored in &sets {
        let responses: Vec<_> = stored.iter().map(|one| one.response()).collect();
        for &newer in &not_modified {
            let expected = updated(newer, stored);
            let real = select_for_update(newer.response(), responses.iter().copied());
            assert!(real.eq(expected), "{newer:?} {stored:?}");
            for byte_for_byte in [false, true] {
                let mut request = ValidationRequest::of(&responses);
                if byte_for_byte {
                    request = request.byte_for_byte();
                }
                for client in [
                    Client::None,
                    Client::Any,
                    Client::Lists("a"),
                    Client::Lists("z"),
                ] {
                    let lines: &[&str] = match client {
                        Client::None => &[],
                        Client::Any => &["*"],
                        Client::Lists("a") => &["\"a\""],
                        Client::Lists(_) => &["\"z\""],
                    };
                    let lines = lines.iter().copied();
                    let merged = request.merge(lines).unwrap();
                    let real = merged.after_not_modified(newer.response());
                    let expected = after(client, newer, stored, byte_for_byte);
                    assert_eq!(real, expected, "{client:?} {newer:?} {stored:?}");
                    seen.insert(format!("{real:?}"));
                }
            }
        }
    }
    // Nothing that can come of it has been left out.
    let all = [
        "Forward",
        "Retry",
        "Reuse(0)",
        "Reuse(1)",
        "ReuseAsIs(0)",
        "ReuseAsIs(1)",
    ];
    assert!(
        seen.iter().eq(all.iter().collect::<BTreeSet<_>>()),
        "{seen:?}"
    );
}

/// The satisfiable ranges of a set, as they are asked for.
fn resolve(specs: &[&str], length: Option<u64>) -> Vec<(u64, u64)> {
    let end = length.unwrap_or(u64::MAX);
    let mut ranges = Vec::new();
    for spec in specs {
        let (first, last) = spec.split_once('-').unwrap();
        let (first, last) = match (first, last) {
            ("", suffix) => {
                let suffix: u64 = suffix.parse().unwrap();
                (end - suffix.min(end), end - u64::from(suffix > 0))
            }
            (first, "") => (first.parse().unwrap(), u64::MAX),
            (first, last) => (first.parse().unwrap(), last.parse().unwrap()),
        };
        if first < end && *spec != "-0" {
            ranges.push((first, last.min(end - 1)));
        }
    }
    ranges
}

/// Section 3.3, with the default policy: up to sixteen ranges, one of which may reach back, and no
/// more bytes than there are.
fn served(specs: &[&str], held: &BTreeSet<u64>, length: Option<u64>) -> String {
    let complete = length.is_some_and(|length| (0..length).all(|byte| held.contains(&byte)));
    let ranges = resolve(specs, length);
    let reversals = ranges.windows(2).filter(|pair| pair[1].0 <= pair[0].1);
    let asked: u64 = ranges.iter().fold(0, |sum: u64, (first, last)| {
        sum.saturating_add(last - first + 1)
    });
    let permitted = reversals.count() <= 1 && length.is_none_or(|length| asked <= length);
    // No more than is held, so that what never ends is not counted through.
    let has =
        |&(first, last): &(u64, u64)| last < 10 && (first..=last).all(|byte| held.contains(&byte));
    match (complete, permitted, &ranges[..]) {
        (true, _, []) => format!("416 bytes */{}", length.unwrap()),
        (true, false, _) => "200".to_owned(),
        (false, false, _) | (false, _, []) => "forward".to_owned(),
        (_, true, ranges) if ranges.iter().all(has) => {
            let length = length.map_or("*".to_owned(), |length| length.to_string());
            let parts = ranges
                .iter()
                .map(|(first, last)| format!("bytes {first}-{last}/{length}"));
            format!("206 {}", parts.collect::<Vec<_>>().join(", "))
        }
        _ => "forward".to_owned(),
    }
}

/// What is near each other, merged until nothing is.
fn merged(mut ranges: Vec<(u64, u64)>, gap: u64, held: &BTreeSet<u64>) -> BTreeSet<(u64, u64)> {
    loop {
        let mut pairs = (0..ranges.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        let near = pairs.find(|&(one, other)| {
            let (low, high) = (
                ranges[one].min(ranges[other]),
                ranges[one].max(ranges[other]),
            );
            let between = low.1 + 1..high.0;
            between.clone().count() as u64 <= gap
                && between.into_iter().all(|at| held.contains(&at))
        });
        let Some((one, other)) = near else {
            return ranges.into_iter().collect();
        };
        let other = ranges.remove(other);
        let one = ranges.remove(one - 1);
        ranges.push((one.0.min(other.0), one.1.max(other.1)));
    }
}

/// 9111-3.3-05: every set of stored bytes of five, held in one part for each run or in one for each
/// byte, every two of twelve ranges, and some three: no byte that is not stored, and none too few.
#[test]
fn every_range_of_every_stored_part() {
    const SPECS: [&str; 12] = [
        "0-0", "0-1", "1-2", "1-3", "2-", "3-9", "4-4", "5-5", "9-", "-0", "-1", "-3",
    ];
    let mut sets: Vec<Vec<&str>> = SPECS.iter().map(|spec| vec![*spec]).collect();
    for first in SPECS {
        for second in SPECS {
            sets.push(vec![first, second]);
            // Three of those that differ most.
            let [third, fourth, fifth] = ["0-1", "2-", "-1"];
            if [first, second]
                .iter()
                .all(|spec| ["0-0", "1-2", "4-4", "-3"].contains(spec))
            {
                sets.extend([third, fourth, fifth].map(|spec| vec![first, second, spec]));
            }
        }
    }
    for bits in 0_u64..32 {
        let held: BTreeSet<u64> = (0..5).filter(|at| bits >> at & 1 != 0).collect();
        let bytes: Vec<ByteRange> = held.iter().map(|&at| range(at, at)).collect();
        let mut runs: Vec<ByteRange> = Vec::new();
        for &at in &held {
            match runs.last_mut() {
                Some(run) if run.last() + 1 == at => *run = range(run.first(), at),
                _ => runs.push(range(at, at)),
            }
        }
        for length in [None, Some(5), Some(6)] {
            for parts in [&bytes, &runs] {
                let stored = Response::new(206).parts(parts);
                let stored = length.map_or(stored, |length| stored.complete_length(length));
                for specs in &sets {
                    let value = format!("bytes={}", specs.join(","));
                    let answer = evaluate("GET", Some(stored), [("Range", &value)]);
                    let expected = served(specs, &held, length);
                    assert_eq!(sent(&answer), expected, "{value} of {runs:?}/{length:?}");
                    let covers = stored.covers(Some(value.as_bytes()));
                    assert_eq!(covers, answer != Answer::Forward);
                    if let Answer::Parts(_) = answer {
                        for gap in 0..3 {
                            let mut lent = [ByteRange::default(); 3];
                            let real = match answer.clone().coalesce(gap, &mut lent) {
                                Answer::Part(part) => vec![part],
                                Answer::Parts(parts) => parts.collect(),
                                other => panic!("{other:?}"),
                            };
                            let real: Vec<_> = real
                                .iter()
                                .map(|part| (part.range().first(), part.range().last()))
                                .collect();
                            let expected = merged(resolve(specs, length), gap, &held);
                            assert_eq!(real.len(), expected.len());
                            assert_eq!(real.into_iter().collect::<BTreeSet<_>>(), expected);
                        }
                    }
                }
            }
        }
    }
}

/// Section 3.4: all that have one strong validator in common with the new one; nothing where any
/// two of them contradict each other.
fn combined(new: One, stored: &[One]) -> Option<Vec<usize>> {
    let has_content = |one: One| [200, 206].contains(&one.status);
    let contradict = |one: One, other: One| {
        let tags = one.well_formed().is_some()
            && other.well_formed().is_some()
            && one.well_formed() != other.well_formed();
        let lengths = one.length.is_some() && other.length.is_some() && one.length != other.length;
        (tags, lengths)
    };
    let places = |is_wanted: &dyn Fn(One) -> bool| -> Vec<usize> {
        (0..stored.len())
            .filter(|&at| has_content(stored[at]) && is_wanted(stored[at]))
            .collect()
    };
    let strong_tag = new.well_formed().filter(|(_, weak)| !weak);
    let mut members = places(&|one| strong_tag.is_some() && one.well_formed() == strong_tag);
    if members.is_empty() {
        members = places(&|one| {
            new.strong_date().is_some()
                && one.strong_date() == new.strong_date()
                && !contradict(new, one).0
        });
    }
    let mut all: Vec<One> = members.iter().map(|&at| stored[at]).collect();
    all.push(new);
    let mut pairs = all
        .iter()
        .flat_map(|&one| all.iter().map(move |&other| contradict(one, other)));
    let agreed = !pairs.any(|(tags, lengths)| tags || lengths);
    (has_content(new) && !members.is_empty() && agreed).then_some(members)
}

/// 9111-3.4-01, 9110-15.3.7.3-01: every new response with every two stored ones.
#[test]
fn every_combination() {
    let mut ones = vec![One {
        status: 404,
        tag: Tag::Of("a", false),
        modified: Some((0, true)),
        length: None,
    }];
    for tag in &TAGS[..4] {
        for modified in [None, Some((0, false)), Some((0, true)), Some((1, true))] {
            for length in [None, Some(10), Some(11)] {
                ones.push(One {
                    status: 206,
                    tag: *tag,
                    modified,
                    length,
                });
            }
        }
    }
    for &new in &ones {
        for &first in &ones {
            for &second in &ones {
                let stored = [first, second];
                let combination = combine(new.response(), stored.map(One::response));
                let real = combination.map(|combination| combination.places().collect::<Vec<_>>());
                assert_eq!(real, combined(new, &stored), "{new:?} {stored:?}");
            }
        }
    }
}
