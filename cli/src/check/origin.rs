//! The origin that a cache is checked with: it knows what it sends, and keeps what it is asked.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use http_conditional::{
    Decision, EntityTag, HttpDate, Method, Preconditions, Ranges, Representation,
};

use super::message::{Line, Request, Response};

/// Sat, 01 Mar 2025 00:00:00 GMT.
const MODIFIED: i64 = 1_740_787_200;
/// What a request may take.
const MOST: usize = 64 << 10;

/// A field that tells this origin from others.
pub(super) const MARK: &str = "x-http-conditional-check";

/// What is sent for a path.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// The value of Cache-Control.
    pub(super) caching: &'static str,
    /// Whether the content depends on Accept-Language.
    pub(super) by_language: bool,
    /// Counts up with each write.
    pub(super) version: u32,
}

impl Script {
    pub(super) const fn caching(caching: &'static str) -> Self {
        Self {
            caching,
            by_language: false,
            version: 1,
        }
    }

    pub(super) fn tag(&self) -> String {
        format!("\"v{}\"", self.version)
    }

    pub(super) fn modified(&self) -> String {
        let at = MODIFIED + 86_400 * i64::from(self.version);
        HttpDate::from_unix(at).map_or_else(|_| String::new(), |date| date.to_string())
    }

    pub(super) fn content(&self, language: &str) -> Vec<u8> {
        let language = if self.by_language { language } else { "any" };
        format!(
            "version {} in {language}, as the origin sends it\n",
            self.version
        )
        .into_bytes()
    }
}

#[derive(Debug, Default)]
struct Path {
    script: Option<Script>,
    asked: Vec<Request>,
}

/// The origin, as long as the program runs.
#[derive(Debug)]
pub(super) struct Origin {
    paths: Mutex<HashMap<String, Path>>,
}

impl Origin {
    /// Starts on this address.
    pub(super) fn start(address: &str) -> Result<(Arc<Self>, SocketAddr), String> {
        let cannot = |error| format!("cannot listen on {address}: {error}");
        let mut addresses = address.to_socket_addrs().map_err(cannot)?;
        let first = addresses
            .next()
            .ok_or(format!("{address} is not an address"))?;
        let listener = TcpListener::bind(first).map_err(cannot)?;
        let bound = listener.local_addr().map_err(cannot)?;
        let origin = Arc::new(Self {
            paths: Mutex::default(),
        });
        let serving = Arc::clone(&origin);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let origin = Arc::clone(&serving);
                thread::spawn(move || origin.serve(stream));
            }
        });
        Ok((origin, bound))
    }

    fn paths(&self) -> MutexGuard<'_, HashMap<String, Path>> {
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what is sent from now on for paths that end in this name.
    pub(super) fn set(&self, name: &str, script: &Script) {
        self.paths().entry(name.to_owned()).or_default().script = Some(script.clone());
    }

    /// What was asked so far.
    pub(super) fn asked(&self, name: &str) -> Vec<Request> {
        let paths = self.paths();
        paths
            .get(name)
            .map_or(Vec::new(), |path| path.asked.clone())
    }

    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_mins(1)));
        let mut buffer = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            while let Some(request) = take(&mut buffer) {
                let response = self.answer(&request);
                if stream.write_all(&bytes(&request, &response)).is_err() {
                    return;
                }
            }
            match stream.read(&mut chunk) {
                Ok(length @ 1..) if buffer.len() < MOST => buffer.extend(&chunk[..length]),
                _ => return,
            }
        }
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.path.split('?').next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut paths = self.paths();
        let Some(Path {
            script: Some(script),
            asked,
        }) = paths.get_mut(name)
        else {
            return Response {
                status: 404,
                ..Response::default()
            };
        };
        asked.push(request.clone());
        let decision = decide(request, script);
        let status = match (decision, request.method.as_str()) {
            (Decision::NotModified, _) => 304,
            (Decision::PreconditionFailed, _) => 412,
            (_, "GET" | "HEAD") => 200,
            _ => {
                script.version += 1;
                204
            }
        };
        let mut response = Response {
            status,
            ..Response::default()
        };
        if status == 412 {
            return response;
        }
        let tag = script.tag();
        for (name, value) in [
            ("cache-control", script.caching),
            ("etag", tag.as_str()),
            ("last-modified", script.modified().as_str()),
        ] {
            let line = (name.as_bytes().to_vec(), value.as_bytes().to_vec());
            // 15.4.5: a 304 with a tag needs no date.
            if response.status != 304 || name != "last-modified" {
                response.lines.push(line);
            }
        }
        if script.by_language {
            response
                .lines
                .push((b"vary".to_vec(), b"accept-language".to_vec()));
        }
        if response.status == 200 {
            let language = request.values("accept-language").next();
            let language = language.map_or_else(|| "any".to_owned(), super::message::shown);
            let content = script.content(&language);
            response
                .lines
                .push((b"content-type".to_vec(), b"text/plain".to_vec()));
            ranged(request, decision, content, &mut response);
        }
        response
    }
}

fn decide(request: &Request, script: &Script) -> Decision {
    let tag = script.tag();
    let mut selected = Representation::current();
    if let Ok(tag) = EntityTag::parse(tag.as_bytes()) {
        selected = selected.etag(tag);
    }
    if let Ok(date) = HttpDate::parse(script.modified().as_bytes(), None) {
        selected = selected.last_modified(date);
    }
    let method = Method::from(request.method.as_str());
    let mut preconditions = Preconditions::new(method, selected);
    for (name, value) in &request.lines {
        preconditions.field(name, value);
    }
    preconditions.decide()
}

/// The content, or one range of it.
fn ranged(request: &Request, decision: Decision, content: Vec<u8>, response: &mut Response) {
    let length = content.len() as u64;
    let range = request.values("range").next();
    let applies = decision == Decision::Perform && request.method == "GET";
    let set = range
        .filter(|_| applies)
        .and_then(|range| Ranges::parse(range).ok());
    let Some(set) = set else {
        response.content = content;
        return;
    };
    let mut parts = set.resolve(length);
    let said = match (parts.next(), parts.next()) {
        (None, _) => {
            response.status = 416;
            format!("bytes */{length}")
        }
        (Some(part), None) => {
            response.status = 206;
            response.content = part.of(&content).unwrap_or_default().to_vec();
            format!("bytes {}-{}/{length}", part.first(), part.last())
        }
        _ => {
            response.content = content;
            return;
        }
    };
    response
        .lines
        .push((b"content-range".to_vec(), said.into_bytes()));
}

/// Takes a whole request off the front.
fn take(buffer: &mut Vec<u8>) -> Option<Request> {
    let mut lines = [httparse::EMPTY_HEADER; 100];
    let mut parsed = httparse::Request::new(&mut lines);
    let Ok(httparse::Status::Complete(head)) = parsed.parse(buffer) else {
        return None;
    };
    let line = |line: &httparse::Header<'_>| -> Line {
        (line.name.as_bytes().to_vec(), line.value.to_vec())
    };
    let mut request = Request::new(parsed.method?, parsed.path?);
    request.lines = parsed.headers.iter().map(line).collect();
    let size = request.values("content-length").next();
    let size = size.and_then(|size| std::str::from_utf8(size).ok()?.parse::<usize>().ok());
    let end = head.checked_add(size.unwrap_or(0))?;
    if buffer.len() < end {
        return None;
    }
    request.content = Some(buffer[head..end].to_vec());
    buffer.drain(..end);
    Some(request)
}

fn bytes(request: &Request, response: &Response) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} Answer\r\n{MARK}: 1\r\n", response.status).into_bytes();
    bytes.extend(format!("date: {}\r\n", HttpDate::now()).bytes());
    for (name, value) in &response.lines {
        bytes.extend([name.as_slice(), b": ", value, b"\r\n"].concat());
    }
    if !matches!(response.status, 204 | 304) {
        bytes.extend(format!("content-length: {}\r\n", response.content.len()).bytes());
    }
    bytes.extend(b"\r\n");
    if request.method != "HEAD" {
        bytes.extend(&response.content);
    }
    bytes
}
