//! A naive model of what goes out (RFC 9110 sections 13 to 15), for a property test and for a fuzz
//! target.

use http_conditional::{
    Boundary, ByteRange, Change, Content, ContentInParts, Decision, HttpDate, Method, Multipart,
    Part, Piece, Policy, Preconditions, RangePolicy, Ranges, Reply, ReplyParts, ReplyPolicy,
    Representation,
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

fn trim(value: &str) -> &str {
    value.trim_matches([' ', '\t'])
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

/// A request, the response that it would get without its conditions and its Range, and what a
/// server chose.
struct Case<'c> {
    method: &'c str,
    request: &'c [Line],
    status: u16,
    ok: &'c [Line],
    /// Of the content of a 200, where it is known.
    length: Option<u64>,
    /// Whether conditions count.
    is_judged: bool,
    chosen: Chosen,
}

const BOUNDARY: &str = "00000000000000000000000000000007";

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
    let case = Case {
        method,
        request,
        status,
        ok,
        length: length.filter(|_| status == 200),
        is_judged: matches!(method, "GET" | "HEAD" | "QUERY") && (200..300).contains(&status),
        chosen,
    };
    let policy = chosen.policy();
    let media_type = values(ok, "content-type")
        .first()
        .map(|&value| value.to_owned());
    let mut asked = false;
    let multipart = |parts: ReplyParts<'_>| {
        asked = true;
        let parts: Vec<Part> = parts.collect();
        Multipart::new(parts.into_iter(), media_type, Boundary::from_random(7))
    };
    let reply = Reply::in_parts(method, request, status, ok, length, &policy, multipart);
    let lines = changed(ok.to_vec(), reply.changes());
    for name in NAMES {
        let is_removed = |change| matches!(change, Change::Remove(other) if other == name);
        assert_eq!(
            reply.keeps(name.as_bytes()),
            !reply.changes().any(is_removed)
        );
    }
    let now = reply.status();
    assert_eq!(reply.decision(), case.decision());
    let sent = case.content(reply.status(), &reply.into_content());
    assert!(asked || !sent.in_parts);
    case.sends_parts_where_it_may(&sent);
    case.fields(now, &lines, &sent);

    // The same with one part at most.
    let reply = Reply::new(method, request, status, ok, length, &policy);
    let one = case.content(reply.status(), &in_one(reply.content()));
    let one_lines = changed(ok.to_vec(), reply.changes());
    case.fields(reply.status(), &one_lines, &one);
    assert_eq!(reply.decision(), case.decision());
    if sent.in_parts {
        assert_eq!((reply.status(), reply.content()), (200, &Content::Whole));
    } else {
        assert_eq!((reply.status(), one, one_lines), (now, sent, lines));
    }
}

type Parts = Multipart<std::vec::IntoIter<Part>, String>;

const fn in_one(content: &Content) -> ContentInParts<Parts> {
    match *content {
        Content::None => ContentInParts::None,
        Content::Head => ContentInParts::Head,
        Content::Whole => ContentInParts::Whole,
        Content::Part(range) => ContentInParts::Part(range),
    }
}

/// All that is sent, with dots for what is of the content, and which bytes of it that is.
fn pieces(mut content: ContentInParts<Parts>, length: u64) -> (String, Vec<ByteRange>) {
    let (mut bytes, mut ranges) = (Vec::new(), Vec::new());
    while let Some(piece) = content.next_piece(length) {
        match piece {
            Piece::Framing(framing) => bytes.extend_from_slice(framing),
            Piece::Content(range) => {
                ranges.push(range);
                bytes.resize(bytes.len() + usize::try_from(range.len()).unwrap(), b'.');
            }
        }
    }
    assert_eq!(content.next_piece(length), None);
    (String::from_utf8(bytes).unwrap(), ranges)
}

/// What of the fields of a response follows from its content.
#[derive(Debug, PartialEq)]
struct Sent {
    in_parts: bool,
    content_range: Option<String>,
    /// Of a part, or of several with all that stands between them.
    content_length: Option<u64>,
}

impl Case<'_> {
    /// What takes the place of a Last-Modified in the future.
    fn future(&self) -> Option<HttpDate> {
        let now = self.chosen.now.filter(|_| self.is_judged)?;
        match values(self.ok, "last-modified")[..] {
            [date] => HttpDate::parse(date.as_bytes(), None)
                .ok()
                .filter(|date| *date > now)
                .map(|_| now),
            _ => None,
        }
    }

    /// The fields of the 200 as they would go out.
    fn dated(&self) -> Vec<Line> {
        let mut fields = self.ok.to_vec();
        if let Some(now) = self.future() {
            fields.retain(|(name, _)| !name.eq_ignore_ascii_case("last-modified"));
            fields.push(("last-modified".into(), now.to_string()));
        }
        fields
    }

    /// The conditions, by the evaluator, which has models of its own.
    fn decision(&self) -> Decision {
        if !self.is_judged {
            return Decision::Perform;
        }
        let fields = self.dated();
        let policy = self
            .chosen
            .now
            .map_or(Policy::new(), |now| Policy::new().now(now));
        let (method, selected) = (
            Method::from(self.method),
            Representation::of_fields(&fields),
        );
        let mut preconditions =
            Preconditions::with_policy(method, selected, policy).unconditional_status(self.status);
        preconditions.extend(self.request);
        preconditions.decide()
    }

    /// The ranges that apply, all at once and in memory, and whether they are within the bounds;
    /// `None` where there are none.
    fn ranges(&self) -> Option<(Vec<ByteRange>, bool)> {
        let applies = self.decision() == Decision::Perform && self.is_judged;
        let accepts = values(self.ok, "accept-ranges");
        if !applies
            || accepts
                .iter()
                .any(|unit| trim(unit).eq_ignore_ascii_case("none"))
        {
            return None;
        }
        let value = *values(self.request, "range").first()?;
        let ranges = Ranges::parse(value.as_bytes()).ok()?;
        let length = self.length?;
        let resolved: Vec<ByteRange> = ranges.resolve(length).collect();
        if resolved.is_empty() && ranges.is_satisfiable(length) {
            // 14.1.2: the last bytes of what is empty are all of it.
            assert_eq!(length, 0);
            return None;
        }
        let members = value.split([',', '=']).skip(1);
        let count = members.filter(|member| !trim(member).is_empty()).count();
        let reversals = resolved
            .windows(2)
            .filter(|pair| pair[1].first() <= pair[0].last());
        let sum: u64 = resolved.iter().map(|range| range.len()).sum();
        let is_within =
            count <= 16 && reversals.count() <= self.chosen.max_reversals && sum <= length;
        Some((resolved, is_within))
    }

    /// Those of them that are sent: the neighbours that lie closely together as one.
    fn merged(&self, resolved: &[ByteRange]) -> Vec<ByteRange> {
        let mut merged: Vec<ByteRange> = Vec::new();
        for range in resolved {
            if let (Some(last), Some(gap)) = (merged.last_mut(), self.chosen.gap) {
                let (low, high) = if last.first() <= range.first() {
                    (*last, *range)
                } else {
                    (*range, *last)
                };
                if high.first() <= low.last() + 1 + gap {
                    let end = low.last().max(high.last());
                    *last = ByteRange::new(low.first(), end).unwrap();
                    continue;
                }
            }
            merged.push(*range);
        }
        merged
    }

    /// The content of several parts, in the simplest way, with dots for what is in them.
    fn text(&self, ranges: &[ByteRange]) -> String {
        let length = self.length.unwrap();
        let media_type = values(self.ok, "content-type");
        let media_type = media_type
            .first()
            .map(|value| format!("Content-Type: {value}\r\n"));
        let media_type = media_type.unwrap_or_default();
        let parts = ranges.iter().map(|range| {
            let (first, last) = (range.first(), range.last());
            let data = ".".repeat(usize::try_from(range.len()).unwrap());
            format!("--{BOUNDARY}\r\nContent-Range: bytes {first}-{last}/{length}\r\n{media_type}\r\n{data}\r\n")
        });
        parts.collect::<String>() + &format!("--{BOUNDARY}--\r\n")
    }

    /// What goes out is what has to, and goes with this status.
    fn content(&self, status: u16, content: &ContentInParts<Parts>) -> Sent {
        let mut sent = Sent {
            in_parts: false,
            content_range: None,
            content_length: None,
        };
        let length = self.length.unwrap_or_default();
        let ranges = self.ranges();
        let (text, ranges_sent) = pieces(content.clone(), length);
        match *content {
            ContentInParts::None | ContentInParts::Head => assert_eq!(ranges_sent, []),
            ContentInParts::Whole => {
                let whole = length
                    .checked_sub(1)
                    .and_then(|last| ByteRange::new(0, last));
                assert!(ranges_sent.iter().eq(&whole));
            }
            ContentInParts::Part(range) => assert_eq!(ranges_sent, [range]),
            ContentInParts::Parts(_) => assert!(ranges_sent.len() > 1),
        }
        match *content {
            ContentInParts::None => match self.decision() {
                Decision::NotModified => assert_eq!(status, 304),
                Decision::PreconditionFailed => assert_eq!(status, 412),
                Decision::Perform | Decision::PerformIgnoringRange => {
                    assert_eq!(status, 416);
                    assert!(ranges.is_some_and(|(resolved, _)| resolved.is_empty()));
                    sent.content_range = Some(format!("bytes */{length}"));
                }
            },
            ContentInParts::Head => {
                assert_eq!((self.method, status), ("HEAD", self.status));
                assert!(ranges.is_none());
            }
            ContentInParts::Whole => {
                assert_eq!(status, self.status);
                assert!(self.method != "HEAD");
                let decision = self.decision();
                assert!(!matches!(
                    decision,
                    Decision::NotModified | Decision::PreconditionFailed
                ));
                // What could be sent in one part is.
                if let Some((resolved, true)) = ranges {
                    let merged = self.merged(&resolved);
                    assert!(merged.len() > 1, "{resolved:?}");
                }
            }
            ContentInParts::Part(range) => {
                assert_eq!(status, 206);
                let (resolved, is_within) = ranges.unwrap();
                assert!(is_within);
                assert_eq!(self.merged(&resolved), [range]);
                assert!(range.last() < length);
                let (first, last) = (range.first(), range.last());
                sent.content_range = Some(format!("bytes {first}-{last}/{length}"));
                sent.content_length = Some(range.len());
            }
            ContentInParts::Parts(_) => {
                assert_eq!(status, 206);
                let (resolved, is_within) = ranges.unwrap();
                assert!(is_within);
                let merged = self.merged(&resolved);
                assert!(merged.len() > 1);
                assert!(merged.iter().all(|range| range.last() < length));
                assert_eq!(ranges_sent, merged);
                assert_eq!(text, self.text(&merged));
                sent.in_parts = true;
                sent.content_length = Some(self.text(&merged).len() as u64);
                assert!(!self.chosen.only_if_shorter || sent.content_length < self.length);
            }
        }
        sent
    }

    /// Several parts are sent wherever that is not refused.
    fn sends_parts_where_it_may(&self, sent: &Sent) {
        let Some((resolved, true)) = self.ranges() else {
            return;
        };
        let merged = self.merged(&resolved);
        if merged.len() > 1 {
            let is_shorter = Some(self.text(&merged).len() as u64) < self.length;
            assert_eq!(sent.in_parts, is_shorter || !self.chosen.only_if_shorter);
        }
    }

    /// What may stay is there line by line, in order, and nothing else is.
    fn fields(&self, status: u16, lines: &[Line], sent: &Sent) {
        let is_other = status != self.status;
        let has_tag = Representation::of_fields(self.ok).entity_tag().is_some();
        let last_modified = self.chosen.keeps_last_modified || !has_tag;
        let if_range = !values(self.request, "if-range").is_empty();
        let dated = self.dated();
        for name in NAMES {
            let stays = !is_other || is_kept(name, status, sent.in_parts, if_range, last_modified);
            let mut expected = if stays {
                values(&dated, name)
            } else {
                Vec::new()
            };
            let content_type = format!("multipart/byteranges; boundary={BOUNDARY}");
            match name {
                "content-length" => continue,
                "content-range" if is_other => {
                    expected = sent.content_range.iter().map(|value| &**value).collect();
                }
                "content-type" if sent.in_parts => expected = vec![&content_type],
                _ => {}
            }
            assert_eq!(values(lines, name), expected, "{name} in {status}");
        }
        let unchanged = values(self.ok, "content-length");
        let is_chunked = !values(self.ok, "transfer-encoding").is_empty();
        let length = match status {
            _ if !self.is_judged => None,
            206 if is_other => sent.content_length,
            // RFC 9112 section 6.2: not beside a Transfer-Encoding.
            200 if is_chunked => None,
            200 | 304 if self.status == 200 => self.length,
            _ => None,
        };
        let length = length.map(|length| length.to_string());
        let expected = match (&length, status) {
            (Some(length), _) => vec![&**length],
            (None, 304) if self.status != 200 && is_other => Vec::new(),
            (None, 412 | 416) if is_other => Vec::new(),
            (None, _) => unchanged,
        };
        // White space around a value is none of it.
        let trimmed = |values: Vec<&str>| {
            values
                .iter()
                .map(|v| trim(v).to_owned())
                .collect::<Vec<_>>()
        };
        let lengths = trimmed(values(lines, "content-length"));
        assert_eq!(lengths, trimmed(expected), "in {status}");
    }
}
