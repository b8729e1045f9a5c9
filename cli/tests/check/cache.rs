//! A cache that is right, but for the one fault that is planted in it.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use http_conditional::{
    Decision, EntityTag, HttpDate, Method, Preconditions, Ranges, Representation,
};
use http_conditional_cli::check::faults::Fault;

use crate::wrong::{Request, Response, parse};

#[derive(Clone, Debug)]
struct Stored {
    /// The Accept-Language that it was asked with, where that counts.
    language: Option<Vec<u8>>,
    response: Response,
    since: Instant,
}

struct Cache {
    fault: Option<Fault>,
    origin: SocketAddr,
    stored: Mutex<HashMap<String, Vec<Stored>>>,
}

/// Starts it in front of an origin; it ends with the test's process.
pub(crate) fn start(fault: Option<Fault>, origin: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let cache = Arc::new(Cache {
        fault,
        origin,
        stored: Mutex::default(),
    });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let cache = Arc::clone(&cache);
            thread::spawn(move || cache.connection(stream));
        }
    });
    address
}

const CONDITIONS: [&str; 4] = ["if-none-match", "if-modified-since", "if-range", "range"];

impl Stored {
    fn value(&self, name: &str) -> Option<&[u8]> {
        self.response.value(name)
    }

    fn caching(&self) -> String {
        String::from_utf8_lossy(self.value("cache-control").unwrap_or_default()).into_owned()
    }

    fn is_fresh(&self) -> bool {
        let caching = self.caching();
        let seconds = caching.strip_prefix("max-age=").map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        });
        seconds.is_some_and(|seconds| self.since.elapsed() < Duration::from_secs(seconds))
    }
}

impl Cache {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn connection(&self, mut stream: TcpStream) {
        let mut buffer = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            while let Some(request) = parse(&mut buffer) {
                let response = self.answer(&request);
                if stream.write_all(&response.bytes(&request.method)).is_err() {
                    return;
                }
            }
            let Ok(length @ 1..) = stream.read(&mut chunk) else {
                return;
            };
            buffer.extend(&chunk[..length]);
        }
    }

    fn answer(&self, request: &Request) -> Response {
        if request.method != "GET" {
            let response = self.forward(request);
            if response.status < 400 && !self.has(Fault::CacheNotInvalidated) {
                self.stored.lock().unwrap().remove(&request.path);
            }
            return response;
        }
        if self.has(Fault::CacheNotACache) {
            return self.forward(request);
        }
        let matches = request.values("if-match").next().map(<[u8]>::to_vec);
        let stored = self.find(request);
        if let Some(matches) = matches {
            let other = stored.is_some_and(|stored| stored.value("etag") != Some(&matches));
            if self.has(Fault::CacheIfMatch) && other {
                return Response::new(412);
            }
            return self.forward(request);
        }
        let plain = request.without(&CONDITIONS);
        let Some(stored) = stored else {
            if request.values("range").next().is_some() && !self.has(Fault::CachePartWrong) {
                return self.forward(request);
            }
            let asked = if self.has(Fault::CachePartWrong) {
                request
            } else {
                &plain
            };
            let response = self.forward(asked);
            self.keep(request, &response);
            let fresh = Stored {
                language: None,
                response,
                since: Instant::now(),
            };
            return self.serve(request, &fresh, false);
        };
        let unasked = match self.fault {
            Some(Fault::CacheStale) => stored.caching().contains("must-revalidate"),
            Some(Fault::CacheNoCache) => stored.caching() == "no-cache",
            Some(Fault::CacheNoStore) => stored.caching() == "no-store",
            _ => false,
        };
        if stored.is_fresh() || unasked {
            return self.serve(request, &stored, true);
        }
        self.validated(request, &plain, stored)
    }

    fn validated(&self, request: &Request, plain: &Request, mut stored: Stored) -> Response {
        let foreign = self.has(Fault::CacheForeignNotModified)
            && request.values("if-none-match").next().is_some();
        let asked = if self.has(Fault::CacheNoValidation) {
            plain.clone()
        } else {
            plain.with("if-none-match", stored.value("etag").unwrap())
        };
        let came = self.forward(&asked);
        if came.status != 304 {
            self.keep(request, &came);
            let fresh = Stored {
                response: came,
                since: Instant::now(),
                ..stored
            };
            return self.serve(request, &fresh, false);
        }
        if foreign {
            return came;
        }
        if !self.has(Fault::CacheNotFreshened) {
            for (name, value) in &came.lines {
                stored.response.set(name, value);
            }
        }
        stored.since = Instant::now();
        let response = stored.response.clone();
        self.keep(request, &response);
        self.serve(request, &stored, true)
    }

    /// Answers from what is stored, or has just come.
    fn serve(&self, request: &Request, stored: &Stored, aged: bool) -> Response {
        let mut response = stored.response.clone();
        if aged && !self.has(Fault::CacheNoAge) {
            response.set("age", stored.since.elapsed().as_secs().to_string());
        }
        if response.status != 200 {
            return response;
        }
        let mut request = match self.fault {
            Some(Fault::CacheNoNotModified) if request.values("if-none-match").next().is_some() => {
                request.without(&["if-none-match", "if-modified-since"])
            }
            Some(Fault::CacheNoNotModifiedByDate) => request.without(&["if-modified-since"]),
            Some(Fault::CacheRangeGlued) => request.without(&["if-range"]),
            _ => request.clone(),
        };
        let (tag, date) = (
            request.values("if-none-match").next().is_some(),
            request.values("if-modified-since").next().is_some(),
        );
        if self.has(Fault::CacheDateBeside) && tag && date {
            request = request.without(&["if-none-match"]);
        }
        if self.has(Fault::CacheWrongNotModified) && tag && aged {
            request = request.with("if-none-match", "*");
        }
        match decide(&request, &response) {
            Decision::NotModified => {
                response.status = 304;
                response.remove("content-length");
                response
            }
            Decision::Perform => self.ranged(&request, response),
            _ => response,
        }
    }

    fn ranged(&self, request: &Request, mut response: Response) -> Response {
        let range = request.values("range").next().map(<[u8]>::to_vec);
        let Some(range) = range.filter(|_| !self.has(Fault::CachePartWrong)) else {
            return response;
        };
        let content = std::mem::take(&mut response.content);
        let part = Ranges::parse(&range)
            .unwrap()
            .resolve(content.len() as u64)
            .next()
            .unwrap();
        response.status = 206;
        response.content = part.of(&content).unwrap().to_vec();
        response.remove("content-length");
        let said = format!("bytes {}-{}/{}", part.first(), part.last(), content.len());
        response.set("content-range", said);
        response
    }

    fn find(&self, request: &Request) -> Option<Stored> {
        let language = request.values("accept-language").next();
        let stored = self.stored.lock().unwrap();
        let fits =
            |stored: &&Stored| stored.language.is_none() || stored.language.as_deref() == language;
        stored.get(&request.path)?.iter().find(fits).cloned()
    }

    fn keep(&self, request: &Request, response: &Response) {
        let caching = response.value("cache-control").unwrap_or_default();
        let part = response.status == 206 && self.has(Fault::CachePartWrong);
        let forbidden = caching == b"no-store" && !self.has(Fault::CacheNoStore);
        if (response.status != 200 && !part) || forbidden {
            return;
        }
        let mut response = response.clone();
        response.status = 200;
        response.remove("content-range");
        let language = request.values("accept-language").next().map(<[u8]>::to_vec);
        let varies = response.value("vary").is_some() && !self.has(Fault::CacheVariants);
        let language = language.filter(|_| varies);
        let kept = Stored {
            language: language.clone(),
            response,
            since: Instant::now(),
        };
        let mut stored = self.stored.lock().unwrap();
        let variants = stored.entry(request.path.clone()).or_default();
        variants.retain(|variant| variant.language != language);
        variants.push(kept);
    }

    /// Asks the origin, on a connection of its own.
    fn forward(&self, request: &Request) -> Response {
        let mut stream = TcpStream::connect(self.origin).unwrap();
        let mut bytes = format!("{} {} HTTP/1.1\r\n", request.method, request.path).into_bytes();
        for (name, value) in &request.lines {
            bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&request.content);
        stream.write_all(&bytes).unwrap();
        let mut buffer = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let length = stream.read(&mut chunk).unwrap();
            assert!(length > 0, "the origin has closed");
            buffer.extend(&chunk[..length]);
            if let Some(response) = received(&buffer) {
                return response;
            }
        }
    }
}

/// Reads a response of the origin, once it is whole.
fn received(buffer: &[u8]) -> Option<Response> {
    let mut lines = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Response::new(&mut lines);
    let Ok(httparse::Status::Complete(head)) = parsed.parse(buffer) else {
        return None;
    };
    let mut response = Response::new(parsed.code.unwrap());
    for line in parsed.headers.iter() {
        response.set(&line.name.to_ascii_lowercase(), line.value);
    }
    let length = response
        .value("content-length")
        .map_or(0, |length| String::from_utf8_lossy(length).parse().unwrap());
    response.content = buffer.get(head..head + length)?.to_vec();
    Some(response)
}

/// What a client's conditions come to, against what is stored.
fn decide(request: &Request, stored: &Response) -> Decision {
    let mut selected = Representation::current();
    if let Some(tag) = stored.value("etag") {
        selected = selected.etag(EntityTag::parse(tag).unwrap());
    }
    if let Some(date) = stored.value("last-modified") {
        selected = selected.last_modified(HttpDate::parse(date, None).unwrap());
    }
    let mut preconditions = Preconditions::new(Method::from("GET"), selected);
    for (name, value) in &request.lines {
        preconditions.field(name.as_bytes(), value);
    }
    preconditions.decide()
}
