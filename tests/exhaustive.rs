//! Everything that is finite, against the naive oracle: a part of it, or all of it with
//! `FULL_TESTS=1 cargo test --release --test exhaustive`.

mod against_oracle;

use against_oracle::{Case, crate_says, date, oracle, oracle_says, owned, part};
use http_conditional::{EntityTag, EntityTags, HttpDate};

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

/// 9110-13.2.2-01, 9110-15.4.5-01, 9110-15.5.13-01: every combination of method, answer without conditions, state and
/// fields.
#[test]
fn every_combination_of_state_and_fields() {
    let at = |unix| Some(date(unix).to_string());
    let text = |value: &str| Some(value.to_owned());
    let methods = ["GET", "HEAD", "PUT", "TRACE"];
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
            oracle::parse_tags(&[string.to_vec()], false),
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

/// Every list over the reduced alphabet, in the fold, in two lines, with and without quotes.
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
    let count = every_string(part(3, 5), |string| {
        for unquoted in [false, true] {
            case.policy.unquoted_entity_tags = unquoted;
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
            case.request.method = b"PUT".to_vec();
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
