//! Everything that is finite, against the naive oracle: a part of it, or all of it with
//! `FULL_TESTS=1 cargo test --release --test exhaustive`.
#![cfg(feature = "dates")]

mod against_oracle;

use against_oracle::{
    Case, crate_says, date, oracle, oracle_says, owned, part, range_policy, sent,
};
use http_conditional::{Decision, EntityTag, EntityTags, HttpDate, Method, RangeResponse};

const T: i64 = 783_459_811;
/// 2026-06-15T00:00:00Z.
const JUNE_2026: i64 = 1_781_481_600;

/// The cartesian product of choices, as a number is written in digits of different bases.
struct Choices {
    rest: usize,
}

impl Choices {
    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        let choice = choices[self.rest % choices.len()].clone();
        self.rest /= choices.len();
        choice
    }
}

/// 9110-13.2.2-01, 9110-15.4.5-01, 9110-15.5.13-01, 10008-02, 10008-03, 10008-04, 10008-05: every combination of method, answer without conditions, state and
/// fields.
#[test]
fn every_combination_of_state_and_fields() {
    let at = |unix| Some(date(unix).to_string());
    let text = |value: &str| Some(value.to_owned());
    let methods = ["GET", "HEAD", "QUERY", "PUT", "PROPFIND", "TRACE"];
    let statuses = [None, Some(200), Some(204), Some(412), Some(301)];
    let tags = [None, Some("\"a\""), Some("W/\"a\"")];
    let last_modified = [None, Some(false), Some(true)];
    let lists = [
        None,
        text("\"x\", \"a\""),
        text("\"x\""),
        text("*"),
        text("\"a\", x"),
        text("W/\"a\""),
    ];
    let dates = [None, at(T - 1), at(T), at(T + 1), text("never")];
    let if_range = [None, text("\"a\""), text("\"x\""), at(T), text("x")];
    let ranges = [0, 1, 2];
    // There is one absent state; the others have a tag or none, a date or none.
    let states = 1 + tags.len() * last_modified.len();
    let total = methods.len()
        * statuses.len()
        * states
        * lists.len().pow(2)
        * dates.len().pow(2)
        * if_range.len()
        * ranges.len();
    // A prime, so that a part takes a bit of everything.
    let stride = part(997, 1);
    let mut seen = [0_usize; 6];
    let mut cases = 0;
    for number in (0..total).step_by(stride) {
        let mut choices = Choices { rest: number };
        let method = choices.of(&methods);
        let unconditional = choices.of(&statuses);
        let state = choices.of(&(0..states).collect::<Vec<_>>());
        let mut state = Choices {
            rest: state.wrapping_sub(1),
        };
        let exists = state.rest != usize::MAX;
        let etag = state.of(&tags).filter(|_| exists);
        let strong = state.of(&last_modified).filter(|_| exists);
        let mut fields = Vec::new();
        let mut add = |name: &str, value: Option<String>| {
            fields.extend(value.map(|value| (name.into(), value.into_bytes())));
        };
        add("If-Range", choices.of(&if_range));
        add("If-Modified-Since", choices.of(&dates));
        add("If-None-Match", choices.of(&lists));
        add("If-Unmodified-Since", choices.of(&dates));
        add("If-Match", choices.of(&lists));
        for _ in 0..choices.of(&ranges) {
            add("Range", text("bytes=0-1"));
        }
        assert_eq!(choices.rest, 0);
        let case = Case {
            request: oracle::Request {
                method: method.into(),
                fields,
            },
            state: oracle::State {
                exists,
                etag: etag.and_then(|tag| oracle::parse_tag(tag.as_bytes())),
                last_modified: strong.map(|_| T),
                last_modified_is_strong: strong == Some(true),
                also: Vec::new(),
            },
            status: unconditional,
            policy: oracle::Policy::default(),
        };
        let said = crate_says(&case, &case.request.fields);
        assert_eq!(said, oracle_says(&case), "{case:?}");
        seen[said.deciding_step.map_or(0, usize::from)] += 1;
        cases += 1;
    }
    println!("{cases} of {total} combinations; decided by no step and by each: {seen:?}");
    assert!(
        seen.iter().all(|&count| count > 0),
        "every step decides somewhere: {seen:?}"
    );
}

/// Every kind of method, by some of its names.
const METHODS: [&str; 16] = [
    "GET", "HEAD", "QUERY", "PROPFIND", "REPORT", "SEARCH", "PRI", "PUT", "POST", "DELETE", "FOO",
    "query", "OPTIONS", "TRACE", "CONNECT", "",
];

/// 9110-9.1-01, 9110-9.2.1-01, 10008-07: which method is which, and which ones are safe.
#[test]
fn every_method() {
    let compare = |name: &[u8]| {
        let seen = Method::from_bytes(name);
        let expected = oracle::Method::of(name);
        let same = match seen {
            Method::Get => expected == oracle::Method::Get,
            Method::Head => expected == oracle::Method::Head,
            Method::Query => expected == oracle::Method::Query,
            Method::OtherSafe => expected == oracle::Method::OtherSafe,
            Method::Other => expected == oracle::Method::Other,
            Method::Exempt => expected == oracle::Method::Exempt,
            Method::Connect => expected == oracle::Method::Connect,
            _ => false,
        };
        assert!(same, "{name:?}: {seen:?}, not {expected:?}");
        assert_eq!(seen.is_safe(), expected.is_safe(), "{name:?}");
    };
    for name in METHODS {
        let name = name.as_bytes();
        compare(name);
        for at in 0..name.len() {
            compare(&name[..at]);
            compare(&name[at..]);
            for byte in 0..=255 {
                let mut edited = name.to_vec();
                edited[at] = byte;
                compare(&edited);
                edited.insert(at, name[at]);
                compare(&edited);
            }
        }
        for byte in 0..=255 {
            compare(&[name, &[byte]].concat());
        }
    }
}

/// 9110-13.1.1-26, 9110-13.1.2-16: every method, with every verdict of the two lists, where there are
/// other representations beside the selected one, and where there is nothing selected.
#[test]
fn every_combination_of_brothers() {
    let tag = |text: &str| oracle::parse_tag(text.as_bytes()).unwrap();
    let statuses = [None, Some(200), Some(412)];
    // The first is for nothing selected.
    let selected = [None, Some(None), Some(Some("\"a\"")), Some(Some("W/\"a\""))];
    let brothers: [&[&str]; 7] = [
        &[],
        &["\"a\""],
        &["\"b\""],
        &["W/\"b\""],
        &["W/\"a\""],
        &["\"b\"", "\"c\""],
        &["W/\"c\"", "\"c\""],
    ];
    let lists = [
        None,
        Some("\"a\""),
        Some("\"b\""),
        Some("W/\"b\""),
        Some("\"x\", W/\"c\", \"c\""),
        Some("\"x\""),
        Some(""),
        Some("*"),
        Some("\"b"),
    ];
    let policies = [(false, false), (true, false), (false, true)];
    let total = METHODS.len()
        * statuses.len()
        * selected.len()
        * brothers.len()
        * lists.len().pow(2)
        * policies.len();
    let mut seen = [0_usize; 6];
    let stride = part(47, 1);
    for number in (0..total).step_by(stride) {
        let mut choices = Choices { rest: number };
        let method = choices.of(&METHODS);
        let status = choices.of(&statuses);
        let etag = choices.of(&selected);
        let also = choices.of(&brothers);
        let mut fields = Vec::new();
        for name in ["If-None-Match", "If-Match"] {
            let value = choices.of(&lists);
            fields.extend(value.map(|value| (name.into(), value.into())));
        }
        let (weak_if_match, lenient_entity_tags) = choices.of(&policies);
        assert_eq!(choices.rest, 0);
        let case = Case {
            request: oracle::Request {
                method: method.into(),
                fields,
            },
            state: oracle::State {
                exists: etag.is_some(),
                etag: etag.flatten().map(tag),
                also: also.iter().map(|text| tag(text)).collect(),
                ..oracle::State::default()
            },
            status,
            policy: oracle::Policy {
                weak_if_match,
                lenient_entity_tags,
                ..oracle::Policy::default()
            },
        };
        let said = crate_says(&case, &case.request.fields);
        assert_eq!(said, oracle_says(&case), "{case:?}");
        seen[said.deciding_step.map_or(0, usize::from)] += 1;
    }
    println!("{total} combinations; decided by no step and by each: {seen:?}");
    assert!([0, 1, 3].iter().all(|&step| seen[step] > 0), "{seen:?}");
}

const ALPHABET: [u8; 11] = *b"\", \tWw/*a\x80\x7f";

/// Every string over the alphabet up to a length.
fn every_string(longest: usize, mut visit: impl FnMut(&[u8])) -> usize {
    let mut count = 0;
    for length in 0..=longest {
        let total = ALPHABET.len().pow(u32::try_from(length).unwrap());
        let mut string = vec![0; length];
        for number in 0..total {
            let mut choices = Choices { rest: number };
            string.fill_with(|| choices.of(&ALPHABET));
            visit(&string);
        }
        count += total;
    }
    count
}

/// 9110-5.6.1.2-04, 9110-8.8.3-01, 9110-8.8.3-02, 9110-13.1.1-01: every list, and every tag, over a reduced alphabet.
#[test]
fn every_list_over_a_reduced_alphabet() {
    let (mut lists, mut tags, mut wildcards) = (0_usize, 0, 0);
    let count = every_string(part(4, 7), |string| {
        let expected = oracle::parse_tag(string);
        tags += usize::from(expected.is_some());
        assert_eq!(
            EntityTag::parse(string).ok().map(owned),
            expected,
            "{string:?}"
        );

        match (
            EntityTags::parse(string),
            oracle::parse_tags(&[string.to_vec()], oracle::TagReading::Strict),
        ) {
            (Ok(EntityTags::Any), Some(oracle::Tags::Any)) => wildcards += 1,
            (Ok(EntityTags::List(seen)), Some(oracle::Tags::List(expected))) => {
                assert!(seen.map(owned).eq(expected), "{string:?}");
                lists += 1;
            }
            (Err(error), None) => assert!(error.index() <= string.len(), "{string:?}"),
            (seen, expected) => panic!("{string:?}: {seen:?}, but {expected:?}"),
        }
    });
    println!("{count} strings: {lists} lists, {tags} tags, {wildcards} wildcards");
    assert!(lists > 0 && tags > 0 && wildcards > 0);
}

/// Every list over the reduced alphabet, in the fold, in two lines, with and without leniency, for a
/// method that passes over what is malformed and for one that does not.
#[test]
fn every_field_over_a_reduced_alphabet() {
    let state = oracle::State {
        exists: true,
        etag: oracle::parse_tag(b"\"a\""),
        ..oracle::State::default()
    };
    let mut case = Case {
        request: oracle::Request {
            method: b"PUT".to_vec(),
            fields: Vec::new(),
        },
        state,
        status: None,
        policy: oracle::Policy::default(),
    };
    let (mut number, stride) = (0_usize, part(7, 1));
    let count = every_string(part(4, 5), |string| {
        number += 1;
        if number % stride != 0 {
            return;
        }
        for (lenient, method) in [(false, "PUT"), (true, "PUT"), (true, "GET")] {
            case.policy.lenient_entity_tags = lenient;
            case.request.method = method.into();
            for name in ["If-Match", "If-None-Match"] {
                for cut in 0..=string.len() {
                    let (first, second) = string.split_at(cut);
                    case.request.fields = vec![(name.into(), first.to_vec())];
                    if cut < string.len() {
                        case.request.fields.push((name.into(), second.to_vec()));
                    }
                    let said = crate_says(&case, &case.request.fields);
                    assert_eq!(said, oracle_says(&case), "{case:?}");
                }
            }
            case.request.fields = vec![
                (b"Range".to_vec(), b"bytes=0-1".to_vec()),
                (b"If-Range".to_vec(), string.to_vec()),
            ];
            case.request.method = b"GET".to_vec();
            let said = crate_says(&case, &case.request.fields);
            assert_eq!(said, oracle_says(&case), "{case:?}");
        }
    });
    println!("{count} strings");
}

fn parse(value: &[u8], now: Option<i64>, ignore_case: bool) -> Option<i64> {
    let now = now.map(date);
    let parsed = if ignore_case {
        HttpDate::parse_ignore_ascii_case(value, now)
    } else {
        HttpDate::parse(value, now)
    };
    parsed.ok().map(HttpDate::to_unix)
}

fn oracle_parse(value: &[u8], now: Option<i64>, ignore_case: bool) -> Option<i64> {
    oracle::parse_date(value, now, ignore_case).map(|(unix, _)| unix)
}

/// 9110-5.6.7-22, 9111-4.2-03, 5322-3.3-01: every day of 10,000 years is written as the oracle writes it, and reads back.
#[test]
fn every_day() {
    let mut days = 0;
    for unix in (HttpDate::MIN.to_unix()..=HttpDate::MAX.to_unix()).step_by(86_400 * part(367, 1)) {
        let written = date(unix).encode();
        let expected = oracle::format_date(unix).unwrap();
        assert_eq!(written, expected.as_bytes(), "{unix}");
        assert_eq!(parse(&written, None, false), Some(unix));
        days += 1;
    }
    println!("{days} days");
}

/// 9110-5.6.7-09: every second of a day.
#[test]
fn every_second_of_a_day() {
    for second in 0..86_400 {
        let written = date(T - T % 86_400 + second).encode();
        let time = format!(
            "{:02}:{:02}:{:02}",
            second / 3600,
            second / 60 % 60,
            second % 60
        );
        assert_eq!(&written[17..25], time.as_bytes());
        assert_eq!(parse(&written, None, false), Some(T - T % 86_400 + second));
    }
    // And every time that two digits each can write.
    for number in 0..1_000_000_u32 {
        if number % u32::try_from(part(7, 1)).unwrap() == 0 {
            let time = format!(
                "{:02}:{:02}:{:02}",
                number / 10_000,
                number / 100 % 100,
                number % 100
            );
            let value = format!("Sat, 29 Oct 1994 {time} GMT");
            let seen = parse(value.as_bytes(), None, false);
            assert_eq!(seen, oracle_parse(value.as_bytes(), None, false), "{value}");
        }
    }
}

/// 9110-5.6.7-16, 9110-5.6.7-17, 9110-5.6.7-18, 9110-5.6.7-20: every two-digit year, as the reference moves over 10,000
/// years, on the day and at the second where the rule turns.
#[test]
fn every_two_digit_year() {
    const DAYS: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    let mut dates = 0;
    // Steps of a mean year, so that the day and the time of day move with the years.
    for now in (HttpDate::MIN.to_unix()..=HttpDate::MAX.to_unix())
        .step_by(31_556_952 * part(331, 1))
        .chain([JUNE_2026])
    {
        let written = date(now).to_string();
        let (day, month, time) = (&written[5..7], &written[8..11], &written[17..25]);
        for two_digits in 0..100 {
            for time in [time, "00:00:00", "23:59:60"] {
                for name in DAYS {
                    let value = format!("{name}, {day}-{month}-{two_digits:02} {time} GMT");
                    let seen = parse(value.as_bytes(), Some(now), false);
                    let expected = oracle_parse(value.as_bytes(), Some(now), false);
                    assert_eq!(seen, expected, "{value} at {written}");
                    dates += usize::from(seen.is_some());
                }
            }
        }
    }
    println!("{dates} valid dates");
    assert!(dates > 0);
}

/// 9110-5.6.7-04, 9110-5.6.7-05, 9110-5.6.7-06, 9110-5.6.7-07, 9110-5.6.7-14: every edit of one byte, in all three formats.
#[test]
fn every_edit_of_one_byte() {
    let (mut edits, mut valid) = (0, 0);
    let mut compare = |value: &[u8]| {
        for ignore_case in [false, true] {
            for now in [None, Some(JUNE_2026)] {
                let seen = parse(value, now, ignore_case);
                let expected = oracle_parse(value, now, ignore_case);
                assert_eq!(seen, expected, "{:?}", String::from_utf8_lossy(value));
                edits += 1;
                valid += usize::from(seen.is_some());
            }
        }
    };
    for value in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Wednesday, 29-Feb-12 23:59:59 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sat Dec 31 23:59:60 2016",
        "Tue, 29 Feb 2000 00:00:00 GMT",
    ] {
        let value = value.as_bytes();
        compare(value);
        for at in 0..value.len() {
            let mut edited = value.to_vec();
            for byte in 0..=255 {
                edited[at] = byte;
                compare(&edited);
            }
            let mut shorter = value.to_vec();
            shorter.remove(at);
            compare(&shorter);
            compare(&value[..at]);
            compare(&value[at..]);
            if at > 0 {
                let mut swapped = value.to_vec();
                swapped.swap(at - 1, at);
                compare(&swapped);
            }
        }
        for at in 0..=value.len() {
            for byte in 0..=255 {
                let mut longer = value.to_vec();
                longer.insert(at, byte);
                compare(&longer);
            }
        }
    }
    println!("{edits} comparisons, {valid} of them of valid dates");
    assert!(valid > 0);
}

/// Both policies of dates, each on and off.
const DATE_POLICIES: [(bool, bool); 4] =
    [(false, false), (true, false), (false, true), (true, true)];

/// What the crate makes of the date in a field, against the oracle: whether it is one, and which
/// second it is, as a write is let through by that second and stopped by the next. Whether it is
/// one.
fn compare_in_a_field(
    value: &[u8],
    now: Option<i64>,
    (ignore_case, lenient): (bool, bool),
) -> bool {
    let reading = oracle::DateReading {
        ignore_case,
        lenient,
    };
    let expected = oracle::read_date(value, now, reading);
    let mut case = Case {
        request: oracle::Request {
            method: b"PUT".to_vec(),
            fields: vec![(b"If-Unmodified-Since".to_vec(), value.to_vec())],
        },
        state: oracle::State {
            exists: true,
            ..oracle::State::default()
        },
        status: None,
        policy: oracle::Policy {
            now,
            case_insensitive_dates: ignore_case,
            lenient_dates: lenient,
            ..oracle::Policy::default()
        },
    };
    let unix = expected.map_or(T, |(unix, _)| unix);
    for last_modified in [unix, (unix + 1).min(HttpDate::MAX.to_unix())] {
        case.state.last_modified = Some(last_modified);
        let said = crate_says(&case, &case.request.fields);
        assert_eq!(said, oracle_says(&case), "{case:?}");
    }
    expected.is_some()
}

/// 9110-5.6.7-04 to 9110-5.6.7-08, 9110-5.6.7-21: every date with any of the departures that a
/// lenient reader knows, and with their neighbours that it does not, one beside the other.
#[test]
fn every_departure_beside_every_other() {
    // A Sunday and a Saturday, of which the one has a day of one digit.
    let days = [
        ("6", "Nov", "Sunday", "Monday"),
        ("29", "Oct", "Saturday", "Friday"),
    ];
    let zones = [
        "GMT", "UTC", "+0000", "-0000", "EST", "+0100", "0000", "UT", "",
    ];
    let tails = [
        "",
        "; length=5922",
        "; length=0",
        "; length=",
        "; length=x",
        ";length=5",
        "; length=1; length=2",
        "; size=5",
        ";",
    ];
    let pads = ["0", "", " "];
    let formats = [0, 1, 2];
    let cases: [fn(String) -> String; 3] = [
        |value| value,
        |value| value.to_ascii_lowercase(),
        |value| value.to_ascii_uppercase(),
    ];
    let stride = part(17, 1);
    let total = days.len()
        * 2
        * zones.len()
        * tails.len()
        * pads.len()
        * formats.len()
        * cases.len()
        * DATE_POLICIES.len();
    let mut valid = [0_usize; 4];
    for number in (0..total).step_by(stride) {
        let mut choices = Choices { rest: number };
        let (day, month, fits, does_not) = choices.of(&days);
        let weekday = choices.of(&[fits, does_not]);
        let zone = choices.of(&zones);
        let tail = choices.of(&tails);
        let pad = choices.of(&pads);
        let format = choices.of(&formats);
        let letters = choices.of(&cases);
        let policy = choices.of(&[0, 1, 2, 3]);
        assert_eq!(choices.rest, 0);
        let (short, time) = (&weekday[..3], "08:49:37");
        let zone = if zone.is_empty() {
            String::new()
        } else {
            format!(" {zone}")
        };
        let value = match format {
            0 => format!("{short}, {pad}{day} {month} 1994 {time}{zone}{tail}"),
            1 => format!("{weekday}, {pad}{day}-{month}-94 {time}{zone}{tail}"),
            _ => format!("{short} {month} {pad}{day} {time} 1994{zone}{tail}"),
        };
        let value = letters(value);
        let read = compare_in_a_field(value.as_bytes(), Some(JUNE_2026), DATE_POLICIES[policy]);
        valid[policy] += usize::from(read);
    }
    println!("{total} dates; valid by policy: {valid:?}");
    assert!(valid.iter().all(|&count| count > 0) && valid[2] > valid[0]);
}

/// 9110-5.6.7-21: every edit of two bytes into those that dates and their departures consist of.
#[test]
fn every_edit_of_two_bytes() {
    const LETTERS: &[u8] = b"0139 ,;:=+-GUn";
    let (mut edits, mut valid) = (0_usize, 0_usize);
    let stride = part(97, 1);
    for value in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 +0000",
        "Sunday, 06-Nov-94 08:49:37 UTC",
        "Sun Nov  6 08:49:37 1994",
        "Sun Nov 6 08:49:37 1994; length=0",
    ] {
        let value = value.as_bytes();
        for first in 0..value.len() {
            for second in first + 1..value.len() {
                for number in 0..LETTERS.len().pow(2) {
                    edits += 1;
                    if edits % stride != 0 {
                        continue;
                    }
                    let mut choices = Choices { rest: number };
                    let mut edited = value.to_vec();
                    edited[first] = choices.of(LETTERS);
                    edited[second] = choices.of(LETTERS);
                    let read = compare_in_a_field(&edited, Some(JUNE_2026), (false, true));
                    valid += usize::from(read);
                }
            }
        }
    }
    println!("{edits} edits, {valid} valid dates seen");
    assert!(valid > 0);
}

/// 9110-5.6.7-21: every edit of one byte in what a lenient reader reads, insertions and removals too.
#[test]
fn every_edit_of_one_byte_of_a_lenient_date() {
    let (mut edits, mut valid) = (0_usize, 0_usize);
    let stride = part(5, 1);
    let mut compare = |value: &[u8]| {
        edits += 1;
        if edits % stride == 0 {
            for policy in [(false, true), (true, true)] {
                valid += usize::from(compare_in_a_field(value, Some(JUNE_2026), policy));
            }
        }
    };
    for value in [
        "Mon, 6 Nov 1994 08:49:37 UTC; length=12",
        "Sun, 06 Nov 1994 08:49:37 -0000",
        "Monday, 6-Nov-94 08:49:37 +0000; length=1",
        "Mon Nov 6 08:49:37 1994; length=1",
        "Sun, 31 Dec 2016 23:59:60 UTC",
    ] {
        let value = value.as_bytes();
        compare(value);
        for at in 0..value.len() {
            let mut edited = value.to_vec();
            for byte in 0..=255 {
                edited[at] = byte;
                compare(&edited);
                let mut longer = value.to_vec();
                longer.insert(at, byte);
                compare(&longer);
            }
            let mut shorter = value.to_vec();
            shorter.remove(at);
            compare(&shorter);
            compare(&value[..at]);
            compare(&value[at..]);
        }
        for byte in 0..=255 {
            compare(&[value, &[byte]].concat());
        }
    }
    println!("{edits} edits, {valid} valid dates seen");
    assert!(valid > 0);
}

/// 9110-14.1.1-01, 9110-14.2-05, 9110-14.2-07: every set over a reduced alphabet, of contents of a few
/// lengths, by every policy.
#[test]
fn every_set_of_ranges_by_every_policy() {
    const DIGITS: [u8; 6] = *b"012-, ";
    let bits = [false, true];
    let mut policies = Vec::new();
    for number in 0..3 * 2 * 3 * 32 {
        let mut choices = Choices { rest: number };
        policies.push(oracle::RangePolicy {
            max_ranges: choices.of(&[16, 0, 1]),
            max_reversals: choices.of(&[1, 0]),
            max_bytes: choices.of(&[None, Some(1), Some(2)]),
            malformed_is_416: choices.of(&bits),
            excess_is_416: choices.of(&bits),
            first_only: choices.of(&bits),
            empty_is_200: choices.of(&bits),
            spaces_around_hyphen: choices.of(&bits),
        });
    }
    let mut seen = [0_usize; 3];
    let mut sets = 0_usize;
    let (longest, in_full) = part((4, 2), (6, 4));
    for length in 0..=longest {
        for number in 0..DIGITS.len().pow(u32::try_from(length).unwrap()) {
            let mut choices = Choices { rest: number };
            let mut value = b"bytes=".to_vec();
            value.extend((0..length).map(|_| choices.of(&DIGITS)));
            for complete_length in [0, 1, 3] {
                sets += 1;
                // All policies of short sets, and of longer ones each in its turn.
                let stride = if length < in_full { 1 } else { 97 };
                for policy in policies.iter().skip(sets % stride).step_by(stride) {
                    let expected =
                        oracle::answer_range(true, Some(&value), complete_length, policy);
                    let response = RangeResponse::with_policy(
                        Decision::Perform,
                        Some(&value),
                        complete_length,
                        range_policy(policy),
                    );
                    let text = String::from_utf8_lossy(&value);
                    seen[match expected {
                        oracle::RangeAnswer::Whole(_) => 0,
                        oracle::RangeAnswer::Parts(_) => 1,
                        oracle::RangeAnswer::Unsatisfiable => 2,
                    }] += 1;
                    let seen = sent(response);
                    assert_eq!(seen, expected, "{text} of {complete_length}: {policy:?}");
                }
            }
        }
    }
    println!("{sets} sets: {seen:?} whole, in part, unsatisfiable");
    assert!(seen.iter().all(|&count| count > 0));
}
