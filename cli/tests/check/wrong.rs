//! An origin server that is right, but for the one fault that is planted in it.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use http_conditional::{
    ByteRange, Decision, EntityTag, Field, HttpDate, Method, Policy, Preconditions, Ranges,
    Representation,
};
use http_conditional_cli::check::faults::Fault;

pub(crate) type Lines = Vec<(String, Vec<u8>)>;

/// The resource that is there from the beginning.
pub(crate) const PATH: &str = "/thing";
const CONTENT: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const GZIP: &[u8] = b"as if it were compressed";
/// Sat, 01 Mar 2025 00:00:00 GMT.
const MODIFIED: i64 = 1_740_787_200;

/// What the server is, beside its fault.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own"
)]
pub(crate) struct Kind {
    pub(crate) fault: Option<Fault>,
    /// Instead of a strong tag.
    pub(crate) weak: bool,
    pub(crate) no_tag: bool,
    pub(crate) no_date: bool,
    pub(crate) comma: bool,
    pub(crate) no_ranges: bool,
    /// Whether another content coding can be had.
    pub(crate) gzip: bool,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) lines: Lines,
    pub(crate) content: Vec<u8>,
}

/// What is stored, and how often it was written.
#[derive(Clone, Debug)]
struct Stored {
    content: Vec<u8>,
    version: u64,
}

pub(crate) struct Server {
    kind: Kind,
    stored: Mutex<HashMap<String, Stored>>,
    answered: Mutex<u64>,
    /// How many requests have been judged and not performed.
    waiting: Mutex<usize>,
    met: Condvar,
}

/// Starts it; it ends with the test's process.
pub(crate) fn start(kind: Kind) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = Arc::new(Server::new(kind));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let server = Arc::clone(&server);
            thread::spawn(move || server.connection(stream));
        }
    });
    address
}

/// Reads a request off the front of the buffer.
pub(crate) fn parse(buffer: &mut Vec<u8>) -> Option<Request> {
    let mut lines = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut lines);
    let Ok(httparse::Status::Complete(length)) = parsed.parse(buffer) else {
        return None;
    };
    let line = |line: &httparse::Header<'_>| (line.name.to_ascii_lowercase(), line.value.to_vec());
    let mut request = Request {
        method: parsed.method.unwrap().to_owned(),
        path: parsed.path.unwrap().to_owned(),
        lines: parsed.headers.iter().map(line).collect(),
        content: Vec::new(),
    };
    let size = request.values("content-length").next();
    let size = size.map_or(0, |size| String::from_utf8_lossy(size).parse().unwrap());
    let end = length + size;
    if buffer.len() < end {
        return None;
    }
    request.content = buffer[length..end].to_vec();
    buffer.drain(..end);
    Some(request)
}

impl Request {
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let named = move |line: &&(String, Vec<u8>)| line.0 == name;
        self.lines
            .iter()
            .filter(named)
            .map(|line| line.1.as_slice())
    }

    fn text(&self, name: &str) -> Option<String> {
        let lines: Vec<_> = self.values(name).collect();
        (!lines.is_empty()).then(|| String::from_utf8_lossy(&lines.join(&b", "[..])).into_owned())
    }

    pub(crate) fn without(&self, names: &[&str]) -> Self {
        let mut request = self.clone();
        request
            .lines
            .retain(|(name, _)| !names.contains(&name.as_str()));
        request
    }

    /// One line in the place of all of this name.
    pub(crate) fn with(&self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut request = self.without(&[name]);
        request
            .lines
            .push((name.to_owned(), value.as_ref().to_vec()));
        request
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) lines: Lines,
    pub(crate) content: Vec<u8>,
}

impl Response {
    pub(crate) fn new(status: u16) -> Self {
        Self {
            status,
            lines: Vec::new(),
            content: Vec::new(),
        }
    }

    pub(crate) fn line(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.lines.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.remove(name);
        self.lines.push((name.to_owned(), value.as_ref().to_vec()));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.lines.retain(|(other, _)| other != name);
    }

    pub(crate) fn value(&self, name: &str) -> Option<&[u8]> {
        let named = |line: &&(String, Vec<u8>)| line.0 == name;
        self.lines.iter().find(named).map(|line| line.1.as_slice())
    }

    fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|(other, _)| other == name)
    }

    /// As bytes; the head only where there is no content to be.
    pub(crate) fn bytes(&self, method: &str) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Status\r\n", self.status).into_bytes();
        for (name, value) in &self.lines {
            bytes.extend(name.bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        if self.status != 304 && self.status != 204 && !self.has("content-length") {
            bytes.extend(format!("content-length: {}\r\n", self.content.len()).bytes());
        }
        bytes.extend(b"\r\n");
        if method != "HEAD" && self.status != 304 {
            bytes.extend(&self.content);
        }
        bytes
    }
}

fn never(request: &Request, name: &str) -> Request {
    request.with(name, "\"never\"")
}

/// The members of a list, and whether any is empty beside others.
fn members(value: &str) -> (Vec<String>, bool) {
    let all: Vec<&str> = value.split(',').map(str::trim).collect();
    let full: Vec<String> = all
        .iter()
        .filter(|one| !one.is_empty())
        .map(|&one| one.to_owned())
        .collect();
    let empty = !full.is_empty() && full.len() < all.len();
    (full, empty)
}

fn imf(unix: i64) -> [u8; 29] {
    HttpDate::from_unix(unix).unwrap().encode()
}

impl Server {
    pub(crate) fn new(kind: Kind) -> Self {
        let first = Stored {
            content: CONTENT.to_vec(),
            version: 1,
        };
        Self {
            kind,
            stored: Mutex::new(HashMap::from([(PATH.to_owned(), first)])),
            answered: Mutex::new(0),
            waiting: Mutex::new(0),
            met: Condvar::new(),
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.kind.fault == Some(fault)
    }

    fn connection(&self, mut stream: TcpStream) {
        let mut buffer = Vec::new();
        let mut chunk = [0; 16 << 10];
        loop {
            let Ok(length @ 1..) = stream.read(&mut chunk) else {
                return;
            };
            buffer.extend(&chunk[..length]);
            let mut requests = Vec::new();
            while let Some(request) = parse(&mut buffer) {
                requests.push(request);
            }
            if self.has(Fault::Pipelining) {
                requests.reverse();
            }
            for request in requests {
                if self.breaks(&request) {
                    return;
                }
                let response = self.answer(&request);
                let mut bytes = response.bytes(&request.method);
                let stray = match self.kind.fault {
                    Some(Fault::NotModifiedContent) => response.status == 304,
                    Some(Fault::HeadContent) => request.method == "HEAD" && response.status == 200,
                    _ => false,
                };
                if stray {
                    bytes.extend(b"stray");
                }
                if stream.write_all(&bytes).is_err() {
                    return;
                }
                let closes = response.lines.iter().any(|(name, _)| name == "connection");
                if closes {
                    return;
                }
            }
        }
    }

    /// Whether the connection ends without an answer.
    pub(crate) fn breaks(&self, request: &Request) -> bool {
        self.has(Fault::Breaks) && request.text("if-modified-since").as_deref() == Some("0")
    }

    fn tag(&self, version: u64, gzip: bool) -> Option<String> {
        if self.kind.no_tag || self.has(Fault::NoValidator) {
            return None;
        }
        let mark = if self.kind.weak { "W/" } else { "" };
        let comma = if self.kind.comma { "," } else { "" };
        let coding = if gzip && !self.has(Fault::TagOfCodings) {
            "-gzip"
        } else {
            ""
        };
        let version = if self.has(Fault::WriteTagStays) {
            1
        } else {
            version
        };
        Some(format!("{mark}\"Ab{comma}{version}{coding}\""))
    }

    fn modified(&self) -> Option<i64> {
        if self.has(Fault::LastModifiedFuture) {
            return Some(1_800_000_000);
        }
        (!self.kind.no_date && !self.has(Fault::NoValidator)).then_some(MODIFIED)
    }

    /// What conditions come to.
    fn judge(&self, request: &Request, tag: Option<&str>, exists: bool) -> Decision {
        self.preconditions(request, tag, exists).0
    }

    fn preconditions(
        &self,
        request: &Request,
        tag: Option<&str>,
        exists: bool,
    ) -> (Decision, Vec<Field>) {
        let mut selected = if exists {
            Representation::current()
        } else {
            Representation::ABSENT
        };
        if let (Some(tag), true) = (tag, exists) {
            selected = selected.etag(EntityTag::parse(tag.as_bytes()).unwrap());
        }
        if let (Some(at), true) = (self.modified(), exists) {
            selected = selected.last_modified(HttpDate::from_unix(at).unwrap());
        }
        let now = HttpDate::from_unix(1_800_000_000).unwrap();
        let policy = Policy::new().now(now);
        let method = Method::from(request.method.as_str());
        let mut preconditions =
            Preconditions::with_policy(method, selected, policy).unconditional_status(200);
        for (name, value) in &request.lines {
            preconditions.field(name.as_bytes(), value);
        }
        let malformed = preconditions.malformed().iter().collect();
        (preconditions.decide(), malformed)
    }

    pub(crate) fn answer(&self, request: &Request) -> Response {
        let mut response = match request.method.as_str() {
            "GET" | "HEAD" => self.read(request),
            "OPTIONS" => Response::new(204).line("allow", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
            _ => self.write(request),
        };
        if !self.has(Fault::DateMissing) {
            response.set("date", "Thu, 05 Mar 2026 12:00:00 GMT");
        }
        response
    }

    fn read(&self, request: &Request) -> Response {
        let answered = {
            let mut answered = self.answered.lock().unwrap();
            *answered += 1;
            *answered
        };
        if let Some(refused) = self.refused(request) {
            return refused;
        }
        if let Some(location) = request.path.strip_prefix("/to?") {
            return Response::new(302).line("location", location);
        }
        let stored = self.stored.lock().unwrap().get(&request.path).cloned();
        let Some(Stored {
            mut content,
            version,
        }) = stored
        else {
            if self.has(Fault::ConditionsFirst) {
                match self.judge(request, None, false) {
                    Decision::PreconditionFailed => return Response::new(412),
                    Decision::NotModified => return Response::new(304),
                    _ => {}
                }
            }
            return Response::new(404);
        };
        let accepts = request.text("accept-encoding").unwrap_or_default();
        let gzip = self.kind.gzip && accepts.contains("gzip");
        if gzip {
            content = GZIP.to_vec();
        }
        let mut tag = self.tag(version, gzip);
        if self.has(Fault::TagStays) {
            content[9] = b'a' + u8::try_from(answered % 26).unwrap();
        }
        if self.has(Fault::TagChanges) {
            tag = Some(format!("\"{answered}\""));
        }
        let planted = self.plant(request, tag.as_deref());
        let (decision, malformed) = self.preconditions(&planted, tag.as_deref(), true);
        let decision = self.decided(request, decision, &malformed, tag.as_deref());

        let mut whole = Response::new(200)
            .line("cache-control", "max-age=5")
            .line("content-location", "/thing.txt")
            .line("content-type", "text/plain");
        if self.has(Fault::RangesPromised) {
            whole.set("accept-ranges", "bytes");
        }
        if let Some(tag) = &tag {
            whole.set("etag", tag);
        }
        if let Some(at) = self.modified() {
            whole.set("last-modified", imf(at));
        }
        if gzip {
            whole.set("content-encoding", "gzip");
        }
        if !self.has(Fault::VaryMissing) {
            whole.set("vary", "accept-encoding");
        }
        self.spoil_whole(&mut whole, answered);
        let mut response = self.ranged(
            request,
            decision,
            &malformed,
            whole,
            &content,
            tag.as_deref(),
        );
        self.spoil(request, &mut response, content.len());
        response
    }

    /// Answers that are given before anything is judged.
    fn refused(&self, request: &Request) -> Option<Response> {
        let text = |name| request.text(name);
        let status = match self.kind.fault? {
            Fault::ValidRefused if text("if-none-match")?.contains("longer") => 400,
            Fault::ValidRefused
                if request
                    .values("if-none-match")
                    .any(|value| !value.is_ascii()) =>
            {
                400
            }
            Fault::LinesRefused => {
                let conditional = |name: &&str| request.values(name).count() > 1;
                let names = [
                    "if-match",
                    "if-none-match",
                    "if-modified-since",
                    "if-unmodified-since",
                    "if-range",
                    "range",
                ];
                names.iter().any(conditional).then_some(400)?
            }
            Fault::UnexplainedPart if text("if-range")?.as_bytes() == imf(MODIFIED - 1) => {
                return None;
            }
            Fault::UnexplainedNotModified
                if text("if-modified-since")?.as_bytes() == imf(MODIFIED - 1) =>
            {
                let alone = request.text("if-none-match").is_none() && request.path == PATH;
                let alone = alone && request.text("if-unmodified-since").is_none();
                return alone.then(|| {
                    Response::new(304)
                        .line("etag", self.tag(1, false).unwrap())
                        .line("vary", "accept-encoding")
                        .line("cache-control", "max-age=5")
                        .line("content-location", "/thing.txt")
                });
            }
            Fault::UnexplainedStatus if text("if-none-match")? == "\"http-conditional\"" => 302,
            Fault::UnexplainedRefusal
                if text("range")? == "bytes=-1" && request.method == "GET" =>
            {
                416
            }
            _ => return None,
        };
        let refused = Response::new(status);
        Some(if status == 416 {
            refused.line("content-range", "bytes */36")
        } else {
            refused
        })
    }

    /// The request as a server with the fault understands it.
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn plant(&self, request: &Request, tag: Option<&str>) -> Request {
        let Some(fault) = self.kind.fault else {
            return request.clone();
        };
        let (_, malformed) = self.preconditions(request, tag, true);
        let first = |name: &str| {
            let value = request.values(name).next().map(<[u8]>::to_vec);
            value.map(|value| request.with(name, value))
        };
        let last = |name: &str| {
            let value = request.values(name).last().map(<[u8]>::to_vec);
            value.map(|value| request.with(name, value))
        };
        let im = request.text("if-match");
        let inm = request.text("if-none-match");
        let bytes = |name: &str| request.values(name).any(|value| !value.is_ascii());
        let without = |names: &[&str]| Some(request.without(names));
        let planted = match fault {
            Fault::IfMatchIgnored => without(&["if-match"]),
            Fault::IfMatchWeak => im.map(|value| request.with("if-match", value.replace("W/", ""))),
            Fault::IfMatchMalformedIgnored if malformed.contains(&Field::IfMatch) => {
                without(&["if-match"])
            }
            Fault::IfMatchBytesIgnored if bytes("if-match") => without(&["if-match"]),
            Fault::IfMatchEmptyIgnored if im.as_deref().is_some_and(|im| im.trim().is_empty()) => {
                without(&["if-match"])
            }
            Fault::IfMatchListUnread => im
                .filter(|im| im.matches('"').count() > 2)
                .map(|_| never(request, "if-match")),
            Fault::IfMatchLineUnread => first("if-match"),
            Fault::IfMatchEmptyMembers => im
                .filter(|im| members(im).1)
                .map(|_| never(request, "if-match")),
            Fault::IfMatchWeakSpoils => im.and_then(|im| {
                let at = im.find("W/")?;
                Some(request.with("if-match", &im[..at]))
            }),
            Fault::IfMatchStar if im.as_deref() == Some("*") => Some(never(request, "if-match")),
            Fault::IfUnmodifiedSinceIgnored => without(&["if-unmodified-since"]),
            Fault::IfUnmodifiedSinceLines => first("if-unmodified-since"),
            Fault::IfRangeIgnored => without(&["if-range"]),
            Fault::IfRangeWeak => request
                .text("if-range")
                .map(|value| request.with("if-range", value.replace("W/", ""))),
            Fault::IfRangeDateLater => {
                let value = request.text("if-range").unwrap_or_default();
                let date = HttpDate::parse(value.as_bytes(), None).ok();
                date.filter(|date| date.to_unix() > MODIFIED)
                    .and_then(|_| without(&["if-range"]))
            }
            Fault::IfRangeDateWeak => {
                let value = request.text("if-range").unwrap_or_default();
                (value.as_bytes() == imf(MODIFIED)).then(|| request.without(&["if-range"]))
            }
            Fault::CodingNever => request
                .text("accept-encoding")
                .filter(|coding| coding.contains("gzip"))
                .and_then(|_| without(&["if-none-match"])),
            Fault::IfRangeMalformed if malformed.contains(&Field::IfRange) => {
                without(&["if-range"])
            }
            Fault::IfNoneMatchIgnored => without(&["if-none-match"]),
            Fault::IfNoneMatchStrong => inm.map(|inm| {
                let strong: Vec<String> = members(&inm)
                    .0
                    .into_iter()
                    .filter(|one| !one.starts_with("W/"))
                    .collect();
                request.with("if-none-match", strong.join(", "))
            }),
            Fault::IfNoneMatchListUnread => inm
                .filter(|inm| inm.matches('"').count() > 2)
                .map(|_| never(request, "if-none-match")),
            Fault::IfNoneMatchFirstLine => first("if-none-match"),
            Fault::IfNoneMatchLastLine => last("if-none-match"),
            Fault::IfNoneMatchSpacing => inm
                .filter(|inm| {
                    inm.matches('"').count() > 2 && {
                        let tidy = members(inm).0.join(", ");
                        tidy != inm.trim()
                    }
                })
                .map(|_| never(request, "if-none-match")),
            Fault::IfNoneMatchTabs => {
                // The parser has taken away those around the value.
                inm.filter(|inm| inm.contains('\t'))
                    .map(|_| never(request, "if-none-match"))
            }
            Fault::IfNoneMatchEmptyMembers => inm
                .filter(|inm| members(inm).1)
                .map(|_| never(request, "if-none-match")),
            Fault::IfNoneMatchBytes if bytes("if-none-match") => {
                Some(never(request, "if-none-match"))
            }
            Fault::IfNoneMatchCommas => inm
                .filter(|inm| inm.trim() != "*")
                .map(|_| never(request, "if-none-match")),
            Fault::IfNoneMatchBackslash => inm
                .filter(|inm| inm.contains("\\\""))
                .map(|_| never(request, "if-none-match")),
            Fault::IfNoneMatchStar if inm.as_deref() == Some("*") => {
                Some(never(request, "if-none-match"))
            }
            Fault::IfNoneMatchInside => inm
                .filter(|inm| inm.contains(tag.unwrap().trim_matches('"')))
                .map(|_| request.with("if-none-match", tag.unwrap())),
            Fault::IfNoneMatchCase => inm.map(|inm| {
                let wanted = tag.unwrap();
                let same = |one: &String| one.eq_ignore_ascii_case(wanted);
                if members(&inm).0.iter().any(same) {
                    request.with("if-none-match", wanted)
                } else {
                    request.clone()
                }
            }),
            Fault::IfNoneMatchMalformedIgnored if malformed.contains(&Field::IfNoneMatch) => {
                without(&["if-none-match"])
            }
            Fault::IfNoneMatchEmptyIgnored
                if inm.as_deref().is_some_and(|inm| inm.trim().is_empty()) =>
            {
                without(&["if-none-match"])
            }
            Fault::IfModifiedSinceIgnored => without(&["if-modified-since"]),
            Fault::IfModifiedSinceFormats => request
                .text("if-modified-since")
                .filter(|date| date.as_bytes().get(3) != Some(&b','))
                .and_then(|_| without(&["if-modified-since"])),
            Fault::IfModifiedSinceExact => request
                .text("if-modified-since")
                .filter(|date| date.as_bytes() != imf(MODIFIED))
                .and_then(|_| without(&["if-modified-since"])),
            Fault::IfModifiedSinceLines => first("if-modified-since"),
            Fault::HeadIgnored if request.method == "HEAD" => without(&[
                "if-match",
                "if-none-match",
                "if-modified-since",
                "if-unmodified-since",
            ]),
            Fault::UnexplainedPart => request
                .text("if-range")
                .filter(|date| date.as_bytes() == imf(MODIFIED - 1))
                .and_then(|_| without(&["if-range"])),
            Fault::UnexplainedPerformed => {
                let both = request
                    .text("if-unmodified-since")
                    .as_deref()
                    .map(str::as_bytes)
                    == Some(&imf(MODIFIED)[..]);
                both.then(|| request.without(&["if-match"]))
            }
            Fault::UnexplainedWhole => request
                .text("range")
                .and_then(|_| without(&["if-none-match", "if-modified-since"])),
            Fault::ReadsMalformed => inm.map(|inm| {
                let wanted = tag.unwrap();
                if inm == wanted.trim_matches('"') {
                    request.with("if-none-match", wanted)
                } else {
                    request.clone()
                }
            }),
            _ => None,
        };
        planted.unwrap_or_else(|| request.clone())
    }

    /// The decision of a server with the fault.
    fn decided(
        &self,
        request: &Request,
        decision: Decision,
        malformed: &[Field],
        tag: Option<&str>,
    ) -> Decision {
        let Some(fault) = self.kind.fault else {
            return decision;
        };
        let has = |name: &str| request.values(name).next().is_some();
        let again = |without: &[&str]| self.judge(&request.without(without), tag, true);
        let one = |name: &str| request.values(name).count() == 1;
        let ius = request.text("if-unmodified-since").unwrap_or_default();
        let ims = request.text("if-modified-since").unwrap_or_default();
        let read = |value: &str| {
            HttpDate::parse(value.as_bytes(), HttpDate::from_unix(1_800_000_000).ok()).ok()
        };
        let failed = match fault {
            Fault::IfUnmodifiedSinceBesideIfMatch => {
                has("if-match") && again(&["if-match"]) == Decision::PreconditionFailed
            }
            Fault::IfUnmodifiedSinceInvalid => {
                !has("if-match")
                    && malformed.contains(&Field::IfUnmodifiedSince)
                    && one("if-unmodified-since")
            }
            Fault::IfUnmodifiedSinceExact => {
                let date = read(&ius).filter(|_| !has("if-match") && one("if-unmodified-since"));
                date.is_some_and(|date| date.to_unix() != MODIFIED)
            }
            Fault::IfUnmodifiedSinceNoDate => one("if-unmodified-since") && !has("if-match"),
            Fault::IfRangeRefuses => {
                decision == Decision::PerformIgnoringRange
                    && has("if-range")
                    && one("range")
                    && request.method == "GET"
            }
            Fault::IfNoneMatchRefuses => decision == Decision::NotModified && has("if-none-match"),
            _ => false,
        };
        let caching = || again(&["if-match", "if-unmodified-since"]);
        let not_modified = match fault {
            Fault::IfModifiedSinceBeside => {
                decision != Decision::PreconditionFailed
                    && again(&["if-none-match"]) == Decision::NotModified
            }
            Fault::OrderOfSteps => caching() == Decision::NotModified,
            Fault::IfModifiedSinceAlways => {
                decision != Decision::PreconditionFailed
                    && !has("if-none-match")
                    && one("if-modified-since")
                    && read(&ims).is_some()
            }
            Fault::IfModifiedSinceInvalid => {
                decision != Decision::PreconditionFailed
                    && !has("if-none-match")
                    && one("if-modified-since")
                    && read(&ims).is_none()
            }
            _ => false,
        };
        let suppressed = fault == Fault::IfUnmodifiedSinceSuppresses
            && !has("if-match")
            && one("if-unmodified-since")
            && read(&ius).is_some();
        let matched = fault == Fault::IfMatchSuppresses && has("if-match");
        let suppressed = suppressed || matched;
        if suppressed && decision == Decision::NotModified {
            return Decision::Perform;
        }
        if failed {
            return Decision::PreconditionFailed;
        }
        if not_modified {
            return Decision::NotModified;
        }
        let both =
            fault == Fault::BothHaveToHold && has("if-none-match") && one("if-modified-since");
        if both
            && decision == Decision::NotModified
            && read(&ims).is_none_or(|date| date.to_unix() < MODIFIED)
        {
            return Decision::Perform;
        }
        decision
    }

    /// 200, 206, 304, 412 or 416.
    fn ranged(
        &self,
        request: &Request,
        decision: Decision,
        malformed: &[Field],
        whole: Response,
        content: &[u8],
        tag: Option<&str>,
    ) -> Response {
        let resumed = self.has(Fault::IfRangeFirst) && request.values("if-range").next().is_some();
        let first =
            (resumed || self.has(Fault::RangeFirst)) && !malformed.contains(&Field::Range) && {
                let only = request.without(&[
                    "if-match",
                    "if-none-match",
                    "if-modified-since",
                    "if-unmodified-since",
                ]);
                self.judge(&only, tag, true) == Decision::Perform
            };
        match decision {
            Decision::PreconditionFailed if !first => return Response::new(412),
            Decision::NotModified if !first => return self.not_modified(whole),
            Decision::PerformIgnoringRange if request.method == "GET" => {
                return with(whole, content);
            }
            _ => {}
        }
        let counts = request.method == "GET" || self.has(Fault::RangeOnHead);
        let ranges: Vec<&[u8]> = request.values("range").collect();
        let [range] = ranges[..] else {
            return self.fallback(decision, whole, content);
        };
        if !counts || self.kind.no_ranges || self.has(Fault::RangesPromised) {
            return self.fallback(decision, whole, content);
        }
        let conditions = ["if-none-match", "if-modified-since"];
        let conditional = |name: &&str| request.values(name).next().is_some();
        if self.has(Fault::UnexplainedWhole) && conditions.iter().any(conditional) {
            return with(whole, content);
        }
        if self.has(Fault::IfRangeNever) && request.values("if-range").next().is_some() {
            return with(whole, content);
        }
        let length = content.len() as u64;
        let unsatisfied = || Response::new(416).line("content-range", format!("bytes */{length}"));
        let Ok(set) = Ranges::parse(range) else {
            let unit = range.split(|&byte| byte == b'=').next().unwrap();
            let unit = !unit.eq_ignore_ascii_case(b"bytes") && range.contains(&b'=');
            if unit && self.has(Fault::RangeUnit) {
                return unsatisfied();
            }
            if !unit && self.has(Fault::RangeMalformedRefused) {
                return Response::new(400);
            }
            return self.fallback(decision, whole, content);
        };
        let text = String::from_utf8_lossy(range).into_owned();
        if self.has(Fault::RangeHuge)
            && text
                .split(|c: char| !c.is_ascii_digit())
                .any(|n| n.len() > 19)
        {
            return unsatisfied();
        }
        if self.has(Fault::RangesRefused) && text.contains(',') {
            return unsatisfied();
        }
        if self.has(Fault::RangeLongSuffix) && text.starts_with("bytes=-") {
            let suffix = text["bytes=-".len()..].parse::<u64>();
            if suffix.is_ok_and(|suffix| suffix > length) {
                return unsatisfied();
            }
        }
        if self.has(Fault::RangeLastPos) {
            let last = text.rsplit('-').next().unwrap().parse::<u64>();
            let beyond = last.is_ok_and(|last| last >= length) && !text.contains("=-");
            if beyond || text.ends_with("99999999999999999999999") {
                return unsatisfied();
            }
        }
        let parts: Vec<ByteRange> = set.resolve(length).collect();
        match parts[..] {
            [] => unsatisfied(),
            [part] => self.part(whole, content, part),
            _ => self.parts(whole, content, &parts),
        }
    }

    fn fallback(&self, decision: Decision, whole: Response, content: &[u8]) -> Response {
        match decision {
            Decision::PreconditionFailed => Response::new(412),
            Decision::NotModified => self.not_modified(whole),
            _ => with(whole, content),
        }
    }

    fn not_modified(&self, mut response: Response) -> Response {
        response.status = 304;
        response.remove("content-type");
        response.remove("content-encoding");
        response.remove("last-modified");
        match self.kind.fault {
            Some(Fault::NotModifiedLacksTag) => response.remove("etag"),
            Some(Fault::NotModifiedOtherTag) => response.set("etag", "\"other\""),
            Some(Fault::NotModifiedLacksVary) => response.remove("vary"),
            Some(Fault::NotModifiedLacksFreshness) => response.remove("cache-control"),
            Some(Fault::NotModifiedLacksLocation) => response.remove("content-location"),
            Some(Fault::NotModifiedLength) => response.set("content-length", "0"),
            Some(Fault::NotModifiedExtra) => response.set("content-type", "text/plain"),
            Some(Fault::ClosesAfterNotModified) => response.set("connection", "close"),
            _ => {}
        }
        response
    }

    fn part(&self, mut response: Response, content: &[u8], range: ByteRange) -> Response {
        let length = content.len();
        response.status = 206;
        let mut bytes = range.of(content).unwrap().to_vec();
        let mut said = format!("bytes {}-{}/{length}", range.first(), range.last());
        match self.kind.fault {
            Some(Fault::PartWrongBytes) => bytes
                .iter_mut()
                .for_each(|byte| *byte = byte.wrapping_add(1)),
            Some(Fault::PartContentRange) => {
                said = format!("bytes {}-{}/{length}", range.first(), range.last() + 1);
            }
            Some(Fault::PartLacksFields) => response.remove("etag"),
            Some(Fault::PartMultipart) => return self.parts(response, content, &[range]),
            _ => {}
        }
        response.set("content-range", said);
        with(response, &bytes)
    }

    fn parts(&self, mut response: Response, content: &[u8], parts: &[ByteRange]) -> Response {
        response.status = 206;
        response.set("content-type", "multipart/byteranges; boundary=limit");
        let mut bytes = Vec::new();
        for part in parts {
            let shift = u64::from(self.has(Fault::PartsWrong));
            let range = format!(
                "bytes {}-{}/{}",
                part.first() + shift,
                part.last() + shift,
                content.len()
            );
            bytes.extend(format!("\r\n--limit\r\nContent-Range: {range}\r\n\r\n").bytes());
            bytes.extend(part.of(content).unwrap());
        }
        bytes.extend(b"\r\n--limit--\r\n");
        with(response, &bytes)
    }

    /// The fields of every answer about the resource.
    fn spoil_whole(&self, whole: &mut Response, answered: u64) {
        match self.kind.fault {
            Some(Fault::TagMalformed) => whole.set("etag", "Ab1"),
            Some(Fault::TagTwice) => {
                whole.lines.push(("etag".to_owned(), b"\"two\"".to_vec()));
                whole.lines.push(("etag".to_owned(), b"\"three\"".to_vec()));
            }
            Some(Fault::LastModifiedMalformed) => {
                whole.set("last-modified", "2025-03-01T00:00:00Z");
            }
            Some(Fault::LastModifiedChanges) => {
                whole.set(
                    "last-modified",
                    imf(MODIFIED + i64::try_from(answered).unwrap()),
                );
            }
            _ => {}
        }
    }

    /// The fields of some answers.
    fn spoil(&self, request: &Request, response: &mut Response, length: usize) {
        if response.status == 416 && self.has(Fault::UnsatisfiedUnsaid) {
            response.remove("content-range");
        }
        if request.method != "HEAD" || response.status != 200 {
            return;
        }
        response.set("content-length", length.to_string());
        match self.kind.fault {
            Some(Fault::HeadLength) => response.set("content-length", "0"),
            Some(Fault::HeadValidators) => response.set("etag", "\"head\""),
            Some(Fault::HeadLacks) => response.remove("etag"),
            _ => {}
        }
    }

    fn write(&self, request: &Request) -> Response {
        let mut stored = self.stored.lock().unwrap();
        let current = stored.get(&request.path).cloned();
        let tag = current
            .as_ref()
            .and_then(|current| self.tag(current.version, false));
        let understood = self.understood(request, current.is_some());
        let decision = self.judge(&understood, tag.as_deref(), current.is_some());
        let mut refused = decision != Decision::Perform;
        let dated = request.values("if-modified-since").next().is_some();
        if self.has(Fault::WriteIfModifiedSince) && dated {
            refused = true;
        }
        let matched = request.values("if-match").next().is_some();
        if self.has(Fault::WriteIfMatchRefused) && matched {
            refused = true;
        }
        let racing = match self.kind.fault {
            Some(Fault::RaceUpdate) => matched && current.is_some(),
            Some(Fault::RaceCreate) => {
                current.is_none() && request.values("if-none-match").next().is_some()
            }
            _ => false,
        };
        if !refused && racing {
            // Time for another to come to the same decision.
            drop(stored);
            self.meet();
            stored = self.stored.lock().unwrap();
        }
        if refused && !self.has(Fault::WritePerformedAnyway) {
            let status = if self.has(Fault::WriteNotModified)
                && request.values("if-none-match").next().is_some()
            {
                304
            } else {
                412
            };
            return Response::new(status);
        }
        let (status, told) = match request.method.as_str() {
            "PUT" => {
                let version = current.map_or(1, |current| current.version + 1);
                let content = request.content.clone();
                stored.insert(request.path.clone(), Stored { content, version });
                let told = if self.has(Fault::WriteTagWrong) {
                    version + 1
                } else {
                    version
                };
                (
                    204,
                    self.tag(told, false)
                        .filter(|_| !self.has(Fault::WriteTagStays)),
                )
            }
            "DELETE" => {
                stored.remove(&request.path);
                (204, None)
            }
            "PATCH" => (204, None),
            _ => (405, None),
        };
        let response = Response::new(if refused { 412 } else { status });
        match told {
            Some(tag) if !refused => response.line("etag", tag),
            _ => response,
        }
    }

    /// The conditions of a write as a server with the fault understands them.
    fn understood(&self, request: &Request, exists: bool) -> Request {
        let matched = request.text("if-match").unwrap_or_default();
        let method = request.method.as_str();
        let ignored = match self.kind.fault {
            Some(Fault::WriteIfMatchIgnored) => method == "PUT" && exists,
            Some(Fault::WriteIfMatchWeak) => {
                let strong = matched.replace("W/", "");
                return if strong.is_empty() {
                    request.clone()
                } else {
                    request.with("if-match", strong)
                };
            }
            Some(Fault::WriteIfMatchMalformed) => !matched.contains('"') && matched != "*",
            Some(Fault::WriteIfMatchMissing) => !exists,
            Some(Fault::DeleteIfMatchIgnored) => method == "DELETE",
            Some(Fault::PatchIfMatchIgnored) => method == "PATCH",
            _ => false,
        };
        let excluded = request.text("if-none-match").unwrap_or_default();
        match self.kind.fault {
            _ if ignored => request.without(&["if-match"]),
            Some(Fault::WriteIfNoneMatchIgnored) => request.without(&["if-none-match"]),
            Some(Fault::WriteIfNoneMatchTag) if excluded != "*" => {
                request.without(&["if-none-match"])
            }
            Some(Fault::WriteIfUnmodifiedSince) => request.without(&["if-unmodified-since"]),
            _ => request.clone(),
        }
    }

    /// Waits for a second request, but not for ever.
    fn meet(&self) {
        let mut waiting = self.waiting.lock().unwrap();
        *waiting += 1;
        if *waiting >= 2 {
            self.met.notify_all();
        }
        let (mut waiting, _) = self
            .met
            .wait_timeout_while(waiting, Duration::from_millis(500), |waiting| *waiting < 2)
            .unwrap();
        // Those who have met go on; who comes later waits for another.
        *waiting = waiting.saturating_sub(1);
    }
}

fn with(mut response: Response, content: &[u8]) -> Response {
    response.content = content.to_vec();
    response
}
