//! Any request, any 200 and any policy against a naive model of RFC 9110: what goes out is a
//! response that it allows, its lengths are exact, and no line of a kept field is lost.

use http_conditional::{
    Boundary, ByteRange, ContentInParts, Decision, HttpDate, Method, Multipart, Part, Piece,
    Policy, Preconditions, RangePolicy, Ranges, Reply, ReplyPolicy, Representation,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::changed;

type Line = (String, String);

const T: [&str; 3] = [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "yesterday",
];
const TAGS: [&str; 6] = ["\"v1\"", "W/\"v1\"", "\"v2\"", "*", "v1", "\"v2\", \"v1\""];
const RANGES: [&str; 14] = [
    "bytes=0-1",
    "bytes=0-1,3-4",
    "bytes=0-1, 8-",
    "bytes=4-5,0-1",
    "bytes=8-,4-5,0-1",
    "bytes=-3",
    "bytes=-0",
    "bytes=100-",
    "bytes=0-0,100-",
    "bytes=0-,0-",
    "bytes=1-0",
    "bytes=",
    "pages=0-1",
    "bytes=0-1,1-2,2-3,3-4",
];
const NAMES: [&str; 27] = [
    "age",
    "cache-control",
    "cdn-cache-control",
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "digest",
    "expires",
    "repr-digest",
    "surrogate-control",
    "trailer",
    "transfer-encoding",
    "vary",
    "set-cookie",
    "x-unknown",
    "link",
    "accept-ranges",
    "etag",
    "last-modified",
    "content-length",
    "allow",
];

fn line(
    names: &'static [&'static str],
    values: &'static [&'static str],
) -> impl Strategy<Value = Line> {
    (select(names), select(values)).prop_map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn request() -> impl Strategy<Value = Vec<Line>> {
    let tags = line(
        &["If-Match", "if-none-match", "If-None-Match", "If-Range"],
        &TAGS,
    );
    let dates = line(
        &["If-Modified-Since", "If-Unmodified-Since", "If-Range"],
        &T,
    );
    let ranges = || line(&["Range", "range"], &RANGES);
    let other = line(&["Host", "Accept"], &["a"]);
    vec(prop_oneof![tags, dates, ranges(), ranges(), other], 0..5)
}

fn ok() -> impl Strategy<Value = Vec<Line>> {
    let any = line(&NAMES, &["1", "none", "a/b"]);
    let etag = line(&["ETag"], &["\"v1\"", "W/\"v1\"", "v1"]);
    let date = line(&["Last-Modified"], &T);
    let length = line(&["Content-Length"], &["10", "11"]);
    vec(
        prop_oneof![4 => any, 2 => etag, 1 => date, 1 => length],
        0..12,
    )
}

/// What the model needs of the policy, and the policy.
#[derive(Clone, Copy, Debug)]
struct Chosen {
    policy: ReplyPolicy,
    now: Option<HttpDate>,
    keeps_last_modified: bool,
    gap: Option<u64>,
    only_if_shorter: bool,
}

fn policy() -> impl Strategy<Value = Chosen> {
    (any::<[bool; 4]>(), 0_u64..3, 0_usize..4).prop_map(|(switches, gap, reversals)| {
        let now = HttpDate::parse(T[0].as_bytes(), None)
            .ok()
            .filter(|_| switches[0]);
        let gap = Some(gap).filter(|_| switches[1]);
        let mut policy = ReplyPolicy::new().ranges(RangePolicy::new().max_reversals(reversals));
        if let Some(now) = now {
            policy = policy.conditions(Policy::new().now(now));
        }
        if let Some(gap) = gap {
            policy = policy.coalescing(gap);
        }
        if switches[2] {
            policy = policy.keeping_last_modified();
        }
        if switches[3] {
            policy = policy.only_if_shorter();
        }
        Chosen {
            policy,
            now,
            keeps_last_modified: switches[2],
            gap,
            only_if_shorter: switches[3],
        }
    })
}

fn values<'l>(lines: &'l [Line], name: &str) -> Vec<&'l str> {
    let same = lines
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name));
    same.map(|(_, value)| value.as_str()).collect()
}

/// What may be in a response of this kind, by name: the lists of section 15, written out.
fn is_kept(name: &str, status: u16, in_parts: bool, if_range: bool, last_modified: bool) -> bool {
    let message = [
        "content-length",
        "content-digest",
        "content-md5",
        "trailer",
        "transfer-encoding",
    ];
    let metadata = [
        "content-type",
        "content-encoding",
        "content-language",
        "content-disposition",
        "repr-digest",
        "digest",
    ];
    let freshness = [
        "cache-control",
        "expires",
        "age",
        "cdn-cache-control",
        "surrogate-control",
    ];
    let (message, metadata, freshness) = (
        message.contains(&name),
        metadata.contains(&name),
        freshness.contains(&name),
    );
    match (status, name) {
        (206, "content-type") if in_parts => false,
        (206, "last-modified") => !if_range,
        (304, "last-modified") => last_modified,
        (412 | 416, "content-location" | "content-range") | (206 | 304, "content-range") => false,
        (206, _) if metadata => !if_range,
        (304, _) if metadata => false,
        (412 | 416, _) if metadata || freshness => false,
        (206 | 304 | 412 | 416, _) if message => false,
        _ => true,
    }
}

fn is_within(one: ByteRange, range: ByteRange) -> bool {
    range.first() <= one.first() && one.last() <= range.last()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_response_is_one_that_may_go_out(
        method in select(&["GET", "HEAD", "QUERY", "PUT", "OPTIONS"][..]),
        request in request(),
        status in select(&[200_u16, 200, 200, 203, 206, 404][..]),
        ok in ok(),
        length in select(&[None, Some(0_u64), Some(10), Some(300)][..]),
        chosen in policy(),
    ) {
        let boundary = Boundary::from_random(7);
        let media_type = values(&ok, "content-type").first().copied().map(str::to_owned);
        let mut asked = false;
        let reply = Reply::in_parts(method, &request, status, &ok, length, &chosen.policy, |parts| {
            asked = true;
            let parts: Vec<Part> = parts.collect();
            Multipart::new(parts.into_iter(), media_type.clone(), boundary)
        });
        let lines = changed(ok.clone(), reply.changes());
        let length = length.filter(|_| status == 200);
        let judged = matches!(method, "GET" | "HEAD" | "QUERY") && (200..300).contains(&status);

        // The conditions, by the evaluator, which has models of its own.
        let mut fields: Vec<Line> = ok.clone();
        let dates = values(&ok, "last-modified");
        let parsed = |value: &str| HttpDate::parse(value.as_bytes(), None).ok();
        let future = match (&dates[..], chosen.now) {
            ([date], Some(now)) => parsed(date).filter(|date| *date > now).map(|_| now),
            _ => None,
        };
        if let Some(now) = future {
            fields.retain(|(name, _)| !name.eq_ignore_ascii_case("last-modified"));
            fields.push(("last-modified".into(), now.to_string()));
        }
        let selected = Representation::of_fields(&fields);
        let policy = chosen.now.map_or(Policy::new(), |now| Policy::new().now(now));
        let mut preconditions = Preconditions::with_policy(Method::from(method), selected, policy)
            .unconditional_status(status);
        preconditions.extend(&request);
        let decision = if judged { preconditions.decide() } else { Decision::Perform };
        prop_assert_eq!(reply.decision(), decision);

        // The ranges, all at once and in memory.
        let refuses = values(&ok, "accept-ranges").contains(&"none");
        let range = values(&request, "range").first().copied();
        let ranges = range.filter(|_| decision == Decision::Perform && judged && !refuses);
        let ranges = ranges.and_then(|value| Ranges::parse(value.as_bytes()).ok());
        let resolved = length.zip(ranges).map(|(length, ranges)| {
            let resolved: Vec<ByteRange> = ranges.resolve(length).collect();
            let sum: u64 = resolved.iter().map(|range| range.len()).sum();
            (resolved, ranges.is_satisfiable(length), sum <= length)
        });
        let (status_now, if_range) = (reply.status(), !values(&request, "if-range").is_empty());
        let mut sent = Vec::new();
        let in_parts = matches!(reply.content(), ContentInParts::Parts(_));
        prop_assert!(!in_parts || asked);
        match reply.into_content() {
            ContentInParts::None => match decision {
                Decision::NotModified => prop_assert_eq!(status_now, 304),
                Decision::PreconditionFailed => prop_assert_eq!(status_now, 412),
                _ => {
                    prop_assert_eq!(status_now, 416);
                    prop_assert_eq!(resolved.map(|(_, satisfiable, _)| satisfiable), Some(false));
                    let expected = format!("bytes */{}", length.unwrap());
                    prop_assert_eq!(values(&lines, "content-range"), [expected.as_str()]);
                }
            },
            ContentInParts::Head => {
                prop_assert_eq!((method, status_now), ("HEAD", status));
            }
            ContentInParts::Whole => {
                prop_assert_eq!(status_now, status);
                prop_assert!(method != "HEAD");
                prop_assert!(!matches!(decision, Decision::NotModified | Decision::PreconditionFailed));
                // One satisfiable range of one is never refused.
                let single = resolved.is_some_and(|(resolved, _, fits)| {
                    resolved.len() == 1 && fits && !range.unwrap().contains(',')
                });
                prop_assert!(!single);
            }
            ContentInParts::Part(range) => {
                prop_assert_eq!(status_now, 206);
                let (resolved, ..) = resolved.unwrap();
                let length = length.unwrap();
                prop_assert!(resolved.iter().all(|one| is_within(*one, range)));
                prop_assert!(range.last() < length);
                if chosen.gap.is_none() {
                    prop_assert_eq!(resolved, [range]);
                }
                let expected = format!("bytes {}-{}/{length}", range.first(), range.last());
                prop_assert_eq!(values(&lines, "content-range"), [expected.as_str()]);
                let expected = range.len().to_string();
                prop_assert_eq!(values(&lines, "content-length"), [expected.as_str()]);
            }
            ContentInParts::Parts(mut multipart) => {
                prop_assert_eq!(status_now, 206);
                let (resolved, ..) = resolved.unwrap();
                let length = length.unwrap();
                let mut merged = Vec::new();
                while let Some(piece) = multipart.next_piece() {
                    match piece {
                        Piece::Framing(bytes) => sent.extend_from_slice(bytes),
                        Piece::Content(range) => {
                            prop_assert!(range.last() < length);
                            merged.push(range);
                            sent.resize(sent.len() + usize::try_from(range.len()).unwrap(), b'.');
                        }
                    }
                }
                prop_assert!(merged.len() > 1);
                let is_sent = |one: &ByteRange| merged.iter().any(|range| is_within(*one, *range));
                prop_assert!(resolved.iter().all(is_sent));
                if let Some(gap) = chosen.gap {
                    for pair in merged.windows(2) {
                        let (low, high) = if pair[0].first() <= pair[1].first() {
                            (pair[0], pair[1])
                        } else {
                            (pair[1], pair[0])
                        };
                        prop_assert!(high.first() > low.last() + 1 + gap);
                    }
                } else {
                    prop_assert_eq!(&merged, &resolved);
                }
                prop_assert!(!chosen.only_if_shorter || (sent.len() as u64) < length);
                let expected = sent.len().to_string();
                prop_assert_eq!(values(&lines, "content-length"), [expected.as_str()]);
                let text = String::from_utf8(sent).unwrap();
                let boundary = "00000000000000000000000000000007";
                let content_type = format!("multipart/byteranges; boundary={boundary}");
                prop_assert_eq!(values(&lines, "content-type"), [content_type.as_str()]);
                prop_assert_eq!(values(&lines, "content-range"), [""; 0]);
                // Written again in the simplest way.
                let media_type = media_type.map(|value| format!("Content-Type: {value}\r\n"));
                let media_type = media_type.unwrap_or_default();
                let written = merged.iter().map(|range| {
                    let (first, last) = (range.first(), range.last());
                    let data = ".".repeat(usize::try_from(range.len()).unwrap());
                    format!(
                        "\r\n--{boundary}\r\nContent-Range: bytes {first}-{last}/{length}\r\n\
                         {media_type}\r\n{data}"
                    )
                });
                let expected = written.collect::<String>() + &format!("\r\n--{boundary}--\r\n");
                // There is no line end before the first.
                let expected = &expected[2..];
                prop_assert_eq!(text, expected);
            }
        }

        // The fields: what may stay is there line by line, in order, and nothing else is.
        let last_modified = chosen.keeps_last_modified || selected.entity_tag().is_none();
        let changed_here = |name: &str| match name {
            "content-range" => matches!(status_now, 206 | 416) && status != 206,
            "content-length" => true,
            "content-type" => in_parts,
            "last-modified" => judged && future.is_some(),
            _ => false,
        };
        let is_other = status_now != status;
        for name in NAMES {
            if changed_here(name) {
                continue;
            }
            let stays = !is_other || is_kept(name, status_now, in_parts, if_range, last_modified);
            let expected = if stays { values(&ok, name) } else { Vec::new() };
            prop_assert_eq!(values(&lines, name), expected, "{} in {}", name, status_now);
        }
        let lengths = values(&lines, "content-length");
        match (status_now, length) {
            // 6.3 of RFC 9112: not beside a Transfer-Encoding.
            (200, Some(_)) if judged && !values(&ok, "transfer-encoding").is_empty() => {}
            (200 | 304, Some(length)) if judged => {
                let length = length.to_string();
                prop_assert_eq!(lengths, [length.as_str()]);
            }
            (304, None) if status == 200 => prop_assert_eq!(lengths, values(&ok, "content-length")),
            (304 | 412 | 416, _) if judged && is_other => prop_assert_eq!(lengths, [""; 0]),
            (206, _) if is_other => {}
            _ => prop_assert_eq!(lengths, values(&ok, "content-length")),
        }
        if judged && future.is_some() {
            let dates = values(&lines, "last-modified");
            prop_assert!(dates.is_empty() || dates == [T[0]]);
        }
    }
}
