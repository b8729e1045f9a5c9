//! The library as it is on small processors, against itself as it is elsewhere: every answer is the
//! same, down to the place of an error and the words of an explanation. Both are held to the oracle,
//! too, which shares no code with them: `exhaustive`, `laws` and `vectors`.
//!
//! `FULL_TESTS=1` tries fifty times as many cases, best with `--release`.

#[cfg(not(http_conditional_small))]
compile_error!("the library is held to itself here: build.rs has not set the cfg");

/// What one build of the library says, as text.
macro_rules! said_by {
    ($name:ident, $library:ident) => {
        mod $name {
            use $library::{
                EntityTag, EntityTags, Field, HttpDate, Method, Policy, Preconditions,
                Representation, evaluate,
            };

            pub fn of_request(case: &super::Case) -> String {
                let tag = |text: &Option<Vec<u8>>| {
                    let text: &'static [u8] = text.clone()?.leak();
                    EntityTag::parse(text).ok()
                };
                let date = |unix: Option<i64>| unix.and_then(|unix| HttpDate::from_unix(unix).ok());
                let brothers: Vec<EntityTag<'_>> = case
                    .brothers
                    .iter()
                    .filter_map(|text| EntityTag::parse(text).ok())
                    .collect();
                let mut current = if case.exists {
                    let current = Representation::current();
                    let current = current.maybe_etag(tag(&case.etag));
                    match date(case.last_modified) {
                        Some(date) if case.strong_date => current.strong_last_modified(date),
                        date => current.maybe_last_modified(date),
                    }
                } else {
                    Representation::ABSENT
                };
                current = current.also(&brothers);
                let mut policy = Policy::new();
                let departures: [fn(Policy) -> Policy; 6] = [
                    Policy::weak_if_match,
                    Policy::lenient_entity_tags,
                    Policy::exact_if_modified_since,
                    Policy::lenient_dates,
                    Policy::if_range_by_date,
                    Policy::case_insensitive_dates,
                ];
                for (place, departs) in departures.into_iter().enumerate() {
                    if case.departures >> place & 1 == 1 {
                        policy = departs(policy);
                    }
                }
                if let Some(now) = date(case.now) {
                    policy = policy.now(now);
                }
                let method = Method::from_bytes(&case.method);
                let mut preconditions = Preconditions::with_policy(method, current, policy);
                preconditions.extend(&case.fields);
                let plain = evaluate(method, current, &case.fields);
                format!(
                    "{method:?} {plain:?} {:?} {:?} {:?} {:?}\n{}",
                    preconditions.decide(),
                    preconditions.present(),
                    preconditions.malformed(),
                    preconditions.guards_write(),
                    preconditions.explain_with(&case.fields),
                )
            }

            pub fn of_value(value: &[u8], now: Option<i64>) -> String {
                let now = now.and_then(|unix| HttpDate::from_unix(unix).ok());
                let date = HttpDate::parse(value, now);
                let in_any_case = HttpDate::parse_ignore_ascii_case(value, now);
                let written = date.map(|date| date.to_string());
                let tags = match EntityTags::parse(value) {
                    Ok(EntityTags::List(tags)) => Ok(tags.map(|tag| format!("{tag:?}")).collect()),
                    Ok(EntityTags::Any) => Ok(vec!["*".to_owned()]),
                    Err(error) => Err(error),
                };
                format!(
                    "{date:?} {in_any_case:?} {written:?} {tags:?} {:?} {:?} {:?}",
                    EntityTag::parse(value),
                    EntityTag::strong(value),
                    Field::from_name(value)
                )
            }
        }
    };
}

said_by!(small, http_conditional);
said_by!(elsewhere, elsewhere);

/// A request against a state.
#[derive(Debug)]
pub struct Case {
    method: Vec<u8>,
    exists: bool,
    etag: Option<Vec<u8>>,
    brothers: Vec<Vec<u8>>,
    last_modified: Option<i64>,
    strong_date: bool,
    departures: u32,
    now: Option<i64>,
    fields: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Numbers that are the same each time (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn any<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn maybe(&mut self) -> bool {
        self.below(2) == 0
    }
}

const METHODS: [&str; 14] = [
    "GET", "HEAD", "QUERY", "PUT", "DELETE", "PROPFIND", "REPORT", "SEARCH", "PRI", "OPTIONS",
    "TRACE", "CONNECT", "get", "QUERYX",
];
const NAMES: [&str; 9] = [
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
    "if-matcH",
    "If-Matcx",
    "Host",
];
const TAGS: [&str; 8] = [
    "\"v1\"",
    "W/\"v1\"",
    "\"v2\"",
    "\"\"",
    "\"5b1c2d0e9f8a7b6c\"",
    "\"5b1c2d0e9f8a7b6d\"",
    "\"a,b\u{e9}\"",
    "W/\"5b1c2d0e9f8a7b6c5d4e3f2a\"",
];
const PIECES: [&str; 18] = [
    "*",
    ",",
    ", ",
    " ",
    "\t",
    "v1",
    "W/v1",
    "w/\"v1\"",
    "\"",
    "W/",
    "\u{7f}",
    "\"a b\"",
    "; length=9",
    "GMT",
    // Longer than the words that are passed over.
    "         ",
    "\t\t\t\t\t\t\t\t\t\t",
    ",,,,,,,,,,,",
    " ,\t , ,, \t\t,,  ,",
];
const UNIX: i64 = 784_111_777;

fn date(numbers: &mut Numbers) -> String {
    const DAYS: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    // Around one second, or anywhere.
    let unix = if numbers.maybe() {
        UNIX + i64::try_from(numbers.below(3)).expect("less than 3") - 1
    } else {
        i64::try_from(numbers.below(1 << 30)).expect("30 bits") * 235 - 50_000_000_000
    };
    let fixdate = elsewhere_date(unix);
    let (name, rest) = fixdate.split_at(3);
    let [day, month, year, time] = [&rest[2..4], &rest[5..8], &rest[9..13], &rest[14..22]];
    match numbers.below(4) {
        0 | 1 => fixdate,
        2 => {
            let long = DAYS
                .into_iter()
                .find(|long| long.starts_with(name))
                .unwrap_or("");
            format!("{long}, {day}-{month}-{} {time} GMT", &year[2..])
        }
        _ => format!(
            "{name} {month} {:>2} {time} {year}",
            day.trim_start_matches('0')
        ),
    }
}

fn elsewhere_date(unix: i64) -> String {
    ::elsewhere::HttpDate::from_unix(unix)
        .expect("within the years")
        .to_string()
}

fn value(numbers: &mut Numbers) -> Vec<u8> {
    let mut value = String::new();
    match numbers.below(4) {
        0 => value = date(numbers),
        1 => value.push_str(numbers.any(&TAGS)),
        2 => {
            for _ in 0..numbers.below(5) {
                value.push_str(numbers.any(&TAGS));
                value.push_str(numbers.any(&[", ", ",", " ,\t", ""]));
            }
        }
        _ => {
            for _ in 0..numbers.below(5) {
                let piece = if numbers.maybe() {
                    numbers.any(&TAGS)
                } else {
                    numbers.any(&PIECES)
                };
                value.push_str(piece);
            }
        }
    }
    let mut value = value.into_bytes();
    // One byte of four values is another.
    if numbers.below(4) == 0 && !value.is_empty() {
        let place = numbers.below(value.len());
        value[place] = numbers.any(b"\"*, \tGgSs069:-\x7f\x80\xff\0");
    }
    value
}

fn case(numbers: &mut Numbers) -> Case {
    let mut maybe_tag =
        |one: usize| (numbers.below(one) != 0).then(|| numbers.any(&TAGS).as_bytes().to_vec());
    let (etag, brother) = (maybe_tag(4), maybe_tag(2));
    let mut maybe_date = || {
        numbers
            .maybe()
            .then(|| UNIX + i64::try_from(numbers.below(2)).expect("a bit"))
    };
    let (last_modified, now) = (maybe_date(), maybe_date());
    let departures = if numbers.maybe() {
        0
    } else {
        1 << numbers.below(6) | 1 << numbers.below(6)
    };
    let fields = 1 + numbers.below(4);
    Case {
        method: numbers.any(&METHODS).as_bytes().to_vec(),
        exists: numbers.below(8) != 0,
        etag,
        brothers: brother.into_iter().collect(),
        last_modified,
        strong_date: numbers.maybe(),
        departures,
        now,
        fields: (0..fields)
            .map(|_| (numbers.any(&NAMES).as_bytes().to_vec(), value(numbers)))
            .collect(),
    }
}

fn part(small: u32) -> u32 {
    if std::env::var_os("FULL_TESTS").is_some() {
        50 * small
    } else {
        small
    }
}

#[test]
fn requests_are_answered_alike() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut conditional = 0;
    for _ in 0..part(20_000) {
        let case = case(&mut numbers);
        let said = small::of_request(&case);
        assert_eq!(said, elsewhere::of_request(&case), "{case:?}");
        conditional += u32::from(!said.contains(" Perform Perform "));
    }
    // Not all of them are about nothing.
    assert!(conditional > part(4_000), "{conditional}");
}

#[test]
fn values_are_read_alike() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let mut dates = 0;
    for _ in 0..part(40_000) {
        let (value, now) = (value(&mut numbers), numbers.maybe().then_some(UNIX));
        let said = small::of_value(&value, now);
        assert_eq!(
            said,
            elsewhere::of_value(&value, now),
            "{:?}",
            String::from_utf8_lossy(&value)
        );
        dates += u32::from(said.starts_with("Ok"));
    }
    assert!(dates > part(2_000), "{dates}");
}

/// Every day that an HTTP-date can say is written and read alike.
#[test]
fn days_are_alike() {
    for unix in (-62_167_219_200_i64..=253_402_300_799).step_by(if part(1) == 1 {
        8_640_011
    } else {
        86_399
    }) {
        let text = ::http_conditional::HttpDate::from_unix(unix)
            .expect("within the years")
            .to_string();
        assert_eq!(text, elsewhere_date(unix));
        let read = ::http_conditional::HttpDate::parse(text.as_bytes(), None)
            .map(::http_conditional::HttpDate::to_unix);
        assert_eq!(read, Ok(unix));
    }
}

/// Numbers of every length are written digit by digit as `Display` writes them.
#[test]
fn numbers_are_written() {
    let powers = (0..20).map(|digits| 10_u64.pow(digits));
    for number in powers.flat_map(|power| [power - 1, power, power.saturating_mul(7)]) {
        let value = ::http_conditional::ContentRange::unsatisfied(number);
        assert_eq!(value.to_string(), format!("bytes */{number}"));
    }
}
