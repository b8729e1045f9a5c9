//! A naive model of what goes out (RFC 9110 sections 13 to 15), for a property test and for a fuzz
//! target.

use http_conditional::{
    Boundary, ByteRange, Change, ContentInParts, Decision, HttpDate, Method, Multipart, Part,
    Piece, Policy, Preconditions, RangePolicy, Ranges, Reply, ReplyPolicy, Representation,
};

/// A field line.
pub(crate) type Line = (String, String);

/// The names that a response may have been given any value of.
pub(crate) const NAMES: [&str; 27] = [
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

/// What a server chose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chosen {
    pub(crate) now: Option<HttpDate>,
    pub(crate) keeps_last_modified: bool,
    pub(crate) gap: Option<u64>,
    pub(crate) only_if_shorter: bool,
    pub(crate) max_reversals: usize,
}

impl Chosen {
    fn policy(self) -> ReplyPolicy {
        let ranges = RangePolicy::new().max_reversals(self.max_reversals);
        let mut policy = ReplyPolicy::new().ranges(ranges);
        if let Some(now) = self.now {
            policy = policy.conditions(Policy::new().now(now));
        }
        if let Some(gap) = self.gap {
            policy = policy.coalescing(gap);
        }
        if self.keeps_last_modified {
            policy = policy.keeping_last_modified();
        }
        if self.only_if_shorter {
            policy = policy.only_if_shorter();
        }
        policy
    }
}

/// The lines with the changes made, in the simplest way.
pub(crate) fn changed<'r>(
    mut lines: Vec<Line>,
    changes: impl Iterator<Item = Change<'r>>,
) -> Vec<Line> {
    for change in changes {
        match change {
            Change::Remove(name) => {
                let before = lines.len();
                lines.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
                assert!(lines.len() < before, "{name} was not there");
            }
            Change::Set(name, value) => {
                let is_there = |(other, _): &Line| other.eq_ignore_ascii_case(name);
                assert!(!lines.iter().any(is_there), "{name} is still there");
                lines.push((name.to_owned(), value.to_string()));
            }
        }
    }
    lines
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

/// What goes out is a response that RFC 9110 allows, its lengths are exact, and no line of a kept
/// field is lost.
///
/// # Panics
///
/// Where it is not.
pub(crate) fn check(
    method: &str,
    request: &[Line],
    status: u16,
    ok: &[Line],
    length: Option<u64>,
    chosen: Chosen,
) {
    let boundary = Boundary::from_random(7);
    let media_type = values(ok, "content-type")
        .first()
        .copied()
        .map(str::to_owned);
    let mut asked = false;
    let reply = Reply::in_parts(
        method,
        request,
        status,
        ok,
        length,
        &chosen.policy(),
        |parts| {
            asked = true;
            let parts: Vec<Part> = parts.collect();
            Multipart::new(parts.into_iter(), media_type.clone(), boundary)
        },
    );
    let lines = changed(ok.to_vec(), reply.changes());
    let length = length.filter(|_| status == 200);
    let judged = matches!(method, "GET" | "HEAD" | "QUERY") && (200..300).contains(&status);

    // The conditions, by the evaluator, which has models of its own.
    let mut fields: Vec<Line> = ok.to_vec();
    let dates = values(ok, "last-modified");
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
    let policy = chosen
        .now
        .map_or(Policy::new(), |now| Policy::new().now(now));
    let mut preconditions = Preconditions::with_policy(Method::from(method), selected, policy)
        .unconditional_status(status);
    preconditions.extend(request);
    let decision = if judged {
        preconditions.decide()
    } else {
        Decision::Perform
    };
    assert_eq!(reply.decision(), decision);

    // The ranges, all at once and in memory.
    let refuses = values(ok, "accept-ranges").contains(&"none");
    let range = values(request, "range").first().copied();
    let ranges = range.filter(|_| decision == Decision::Perform && judged && !refuses);
    let ranges = ranges.and_then(|value| Ranges::parse(value.as_bytes()).ok());
    let resolved = length.zip(ranges).map(|(length, ranges)| {
        let resolved: Vec<ByteRange> = ranges.resolve(length).collect();
        let sum: u64 = resolved.iter().map(|range| range.len()).sum();
        (resolved, ranges.is_satisfiable(length), sum <= length)
    });
    let (status_now, if_range) = (reply.status(), !values(request, "if-range").is_empty());
    let mut sent = Vec::new();
    let in_parts = matches!(reply.content(), ContentInParts::Parts(_));
    assert!(!in_parts || asked);
    match reply.into_content() {
        ContentInParts::None => match decision {
            Decision::NotModified => assert_eq!(status_now, 304),
            Decision::PreconditionFailed => assert_eq!(status_now, 412),
            _ => {
                assert_eq!(status_now, 416);
                assert_eq!(resolved.map(|(_, satisfiable, _)| satisfiable), Some(false));
                let expected = format!("bytes */{}", length.unwrap());
                assert_eq!(values(&lines, "content-range"), [expected.as_str()]);
            }
        },
        ContentInParts::Head => {
            assert_eq!((method, status_now), ("HEAD", status));
        }
        ContentInParts::Whole => {
            assert_eq!(status_now, status);
            assert!(method != "HEAD");
            assert!(!matches!(
                decision,
                Decision::NotModified | Decision::PreconditionFailed
            ));
            // One satisfiable range of one is never refused.
            let single = resolved.is_some_and(|(resolved, _, fits)| {
                resolved.len() == 1 && fits && !range.unwrap().contains(',')
            });
            assert!(!single);
        }
        ContentInParts::Part(range) => {
            assert_eq!(status_now, 206);
            let (resolved, ..) = resolved.unwrap();
            let length = length.unwrap();
            assert!(resolved.iter().all(|one| is_within(*one, range)));
            assert!(range.last() < length);
            if chosen.gap.is_none() {
                assert_eq!(resolved, [range]);
            }
            let expected = format!("bytes {}-{}/{length}", range.first(), range.last());
            assert_eq!(values(&lines, "content-range"), [expected.as_str()]);
            let expected = range.len().to_string();
            assert_eq!(values(&lines, "content-length"), [expected.as_str()]);
        }
        ContentInParts::Parts(mut multipart) => {
            assert_eq!(status_now, 206);
            let (resolved, ..) = resolved.unwrap();
            let length = length.unwrap();
            let mut merged = Vec::new();
            while let Some(piece) = multipart.next_piece() {
                match piece {
                    Piece::Framing(bytes) => sent.extend_from_slice(bytes),
                    Piece::Content(range) => {
                        assert!(range.last() < length);
                        merged.push(range);
                        sent.resize(sent.len() + usize::try_from(range.len()).unwrap(), b'.');
                    }
                }
            }
            assert!(merged.len() > 1);
            let is_sent = |one: &ByteRange| merged.iter().any(|range| is_within(*one, *range));
            assert!(resolved.iter().all(is_sent));
            if let Some(gap) = chosen.gap {
                for pair in merged.windows(2) {
                    let (low, high) = if pair[0].first() <= pair[1].first() {
                        (pair[0], pair[1])
                    } else {
                        (pair[1], pair[0])
                    };
                    assert!(high.first() > low.last() + 1 + gap);
                }
            } else {
                assert_eq!(&merged, &resolved);
            }
            assert!(!chosen.only_if_shorter || (sent.len() as u64) < length);
            let expected = sent.len().to_string();
            assert_eq!(values(&lines, "content-length"), [expected.as_str()]);
            let text = String::from_utf8(sent).unwrap();
            let boundary = "00000000000000000000000000000007";
            let content_type = format!("multipart/byteranges; boundary={boundary}");
            assert_eq!(values(&lines, "content-type"), [content_type.as_str()]);
            assert_eq!(values(&lines, "content-range"), [""; 0]);
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
            assert_eq!(text, expected);
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
        let expected = if stays { values(ok, name) } else { Vec::new() };
        assert_eq!(values(&lines, name), expected, "{} in {}", name, status_now);
    }
    let lengths = values(&lines, "content-length");
    match (status_now, length) {
        // 6.3 of RFC 9112: not beside a Transfer-Encoding.
        (200, Some(_)) if judged && !values(ok, "transfer-encoding").is_empty() => {}
        (200 | 304, Some(length)) if judged => {
            let length = length.to_string();
            assert_eq!(lengths, [length.as_str()]);
        }
        (304, None) if status == 200 => assert_eq!(lengths, values(ok, "content-length")),
        (304 | 412 | 416, _) if judged && is_other => assert_eq!(lengths, [""; 0]),
        (206, _) if is_other => {}
        _ => assert_eq!(lengths, values(ok, "content-length")),
    }
    if judged && future.is_some() {
        let dates = values(&lines, "last-modified");
        assert!(dates.is_empty() || future.is_some_and(|now| dates == [now.to_string().as_str()]));
    }
}
