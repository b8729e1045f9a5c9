//! Against other crates, on the inputs where they are right by the RFC. Each exclusion says why.
#![cfg(feature = "dates")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use headers::Header;
use http::HeaderValue;
use http_conditional::{Decision, EntityTag, HttpDate, Representation, evaluate};
use proptest::prelude::*;
use proptest::sample::select;

/// 2026-06-15T00:00:00Z.
const JUNE_2026: i64 = 1_781_481_600;

fn parse(value: &str) -> Option<i64> {
    let now = HttpDate::from_unix(JUNE_2026).ok();
    HttpDate::parse(value.as_bytes(), now)
        .ok()
        .map(HttpDate::to_unix)
}

fn unix(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .try_into()
        .unwrap()
}

/// The same instant in the three formats.
fn spellings(date: HttpDate) -> [String; 3] {
    const LONG: [&str; 7] = [
        "Sunday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
    ];
    let imf = date.to_string();
    let long = LONG
        .into_iter()
        .find(|name| name.starts_with(&imf[..3]))
        .unwrap();
    let rfc850 = format!(
        "{long}, {}-{}-{} {} GMT",
        &imf[5..7],
        &imf[8..11],
        &imf[14..16],
        &imf[17..25]
    );
    let day = match &imf[5..6] {
        "0" => format!(" {}", &imf[6..7]),
        _ => imf[5..7].to_owned(),
    };
    let asctime = format!(
        "{} {} {day} {} {}",
        &imf[..3],
        &imf[8..11],
        &imf[17..25],
        &imf[12..16]
    );
    [imf, rfc850, asctime]
}

/// Neither of the two date crates goes back further.
const FIRST: i64 = 0;
/// For rfc850 from 1977 to 2069: before and after, their fixed pivot of 1970 is not what the rule
/// of 50 years says in 2026.
const RFC850: std::ops::Range<i64> = 220_924_800..3_155_760_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn httpdate_reads_and_writes_the_same(unix_time in FIRST..=HttpDate::MAX.to_unix()) {
        let date = HttpDate::from_unix(unix_time).unwrap();
        let time = UNIX_EPOCH + Duration::from_secs(unix_time.unsigned_abs());
        prop_assert_eq!(httpdate::fmt_http_date(time), date.to_string());
        let [imf, rfc850, asctime] = spellings(date);
        for value in [imf, asctime] {
            prop_assert_eq!(httpdate::parse_http_date(&value).ok().map(unix), parse(&value));
            prop_assert_eq!(parse(&value), Some(unix_time));
        }
        if RFC850.contains(&unix_time) {
            prop_assert_eq!(httpdate::parse_http_date(&rfc850).ok().map(unix), parse(&rfc850));
            prop_assert_eq!(parse(&rfc850), Some(unix_time));
        }
    }

    #[test]
    fn date_header_reads_and_writes_the_same(unix_time in FIRST..=HttpDate::MAX.to_unix()) {
        let date = HttpDate::from_unix(unix_time).unwrap();
        let mut buffer = [0; 29];
        date_header::format(unix_time.unsigned_abs(), &mut buffer).unwrap();
        prop_assert_eq!(buffer, date.encode());
        let [imf, rfc850, asctime] = spellings(date);
        let theirs = |value: &str| {
            date_header::parse(value.as_bytes()).ok().and_then(|unix| i64::try_from(unix).ok())
        };
        for value in [imf, asctime] {
            prop_assert_eq!(theirs(&value), parse(&value));
        }
        if RFC850.contains(&unix_time) {
            prop_assert_eq!(theirs(&rfc850), parse(&rfc850));
        }
    }

    /// A damaged IMF-fixdate is as valid to the one as to the other. Left out: `:60`, which the
    /// grammar has and httpdate does not, and the years before 1970.
    #[test]
    fn httpdate_refuses_the_same(
        unix_time in FIRST..=HttpDate::MAX.to_unix(),
        at in 0..29_usize,
        byte in 0x21..=0x7e_u8,
    ) {
        let mut value = HttpDate::from_unix(unix_time).unwrap().encode();
        value[at] = byte;
        let value = str::from_utf8(&value).unwrap();
        prop_assume!(!value.contains(":60 "));
        let seen = parse(value).filter(|&seen| seen >= FIRST);
        prop_assert_eq!(httpdate::parse_http_date(value).ok().map(unix), seen, "{}", value);
    }

    /// Lists of tags without obs-text (one such byte empties headers' list), without a space
    /// inside a tag (it panics), and well-formed (it does not tell malformed from absent).
    #[test]
    fn headers_matches_the_same_tags(
        lines in prop::collection::vec(
            prop::collection::vec((any::<bool>(), "[!#-~]{0,4}"), 1..4), 1..3),
        picked in any::<prop::sample::Index>(),
        current in (any::<bool>(), select(vec!["a", "zz", ""])),
        present in any::<bool>(),
    ) {
        let text = |(weak, opaque): &(bool, String)| {
            format!("{}\"{opaque}\"", if *weak { "W/" } else { "" })
        };
        let all: Vec<_> = lines.iter().flatten().collect();
        let current = if present {
            text(all[picked.index(all.len())])
        } else {
            text(&(current.0, current.1.to_owned()))
        };
        let lines: Vec<HeaderValue> = lines
            .iter()
            .map(|line| line.iter().map(text).collect::<Vec<_>>().join(", ").parse().unwrap())
            .collect();
        let selected = Representation::current().etag(EntityTag::parse(current.as_bytes()).unwrap());
        let theirs: headers::ETag = current.parse().unwrap();

        let if_match = headers::IfMatch::decode(&mut lines.iter()).unwrap();
        let ours = evaluate("PUT", selected, lines.iter().map(|line| ("If-Match", line)));
        prop_assert_eq!(if_match.precondition_passes(&theirs), ours == Decision::Perform);

        let if_none_match = headers::IfNoneMatch::decode(&mut lines.iter()).unwrap();
        let ours = evaluate("GET", selected, lines.iter().map(|line| ("If-None-Match", line)));
        prop_assert_eq!(if_none_match.precondition_passes(&theirs), ours == Decision::Perform);
    }

    /// The date fields, from 1970 on.
    #[test]
    fn headers_compares_the_same_dates(field in 0..4_000_000_000_i64, distance in -2..=2_i64) {
        let modified = field + distance;
        prop_assume!(modified >= 0);
        let value = HttpDate::from_unix(field).unwrap().to_string();
        let line: HeaderValue = value.parse().unwrap();
        let time = UNIX_EPOCH + Duration::from_secs(modified.unsigned_abs());
        let selected = Representation::current().last_modified(HttpDate::from_unix(modified).unwrap());

        let theirs = headers::IfModifiedSince::decode(&mut [&line].into_iter()).unwrap();
        let ours = evaluate("GET", selected, [("If-Modified-Since", &value)]);
        prop_assert_eq!(theirs.is_modified(time), ours == Decision::Perform);

        let theirs = headers::IfUnmodifiedSince::decode(&mut [&line].into_iter()).unwrap();
        let ours = evaluate("PUT", selected, [("If-Unmodified-Since", &value)]);
        prop_assert_eq!(theirs.precondition_passes(time), ours == Decision::Perform);
    }
}
