//! Against an origin server that cuts, changes, weakens, renames and lies: the file always has the
//! bytes of one version, whole.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use fetch::{Error, Fetched, Fetcher};

const LENGTH: usize = 50_000;

/// An answer that is not true.
type Lie = Box<dyn Fn() -> Vec<u8> + Send>;

/// A version tells from every byte of it which one it is.
fn version(name: u8) -> Vec<u8> {
    (0..LENGTH)
        .map(|at| name ^ u8::try_from(at / 256 % 16).unwrap())
        .collect()
}

/// A request: the fields that matter, in lower case.
#[derive(Clone, Debug, Default)]
struct Request {
    fields: Vec<(String, String)>,
}

impl Request {
    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(other, _)| other == name)?;
        Some(&found.1)
    }

    /// Where its range begins.
    fn begin(&self) -> Option<usize> {
        let range = self.field("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

type Script = Box<dyn Fn(&Request, usize) -> Vec<u8> + Send>;

struct Origin {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Origin {
    /// It answers one request a connection, byte for byte as it is told; the number is that of the
    /// request.
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = Self {
            address: listener.local_addr().unwrap(),
            script: Arc::new(Mutex::new(Box::new(|_: &Request, _| Vec::new()))),
            seen: Arc::default(),
        };
        let (script, seen) = (Arc::clone(&origin.script), Arc::clone(&origin.seen));
        let count = AtomicUsize::new(0);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut reader = BufReader::new(stream);
                let mut request = Request::default();
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        let name = name.to_ascii_lowercase();
                        request.fields.push((name, value.to_owned()));
                    }
                    line.clear();
                }
                let at = count.fetch_add(1, Ordering::SeqCst);
                let response = script.lock().unwrap()(&request, at);
                seen.lock().unwrap().push(request);
                let _ = reader.get_mut().write_all(&response);
            }
        });
        origin
    }

    fn answers(&self, script: impl Fn(&Request, usize) -> Vec<u8> + Send + 'static) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    fn seen(&self) -> Vec<Request> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

fn response(status: &str, fields: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{fields}\r\n");
    [head.as_bytes(), content].concat()
}

/// A well-behaved answer, of which no more than `most` bytes of content come.
fn honest(request: &Request, tag: &str, content: &[u8], most: usize) -> Vec<u8> {
    let length = content.len();
    let fields = format!("ETag: {tag}\r\n");
    if request
        .field("if-none-match")
        .is_some_and(|tags| tags == tag)
    {
        return response("304 Not Modified", &fields, b"");
    }
    let is_current = request
        .field("if-range")
        .is_none_or(|if_range| if_range == tag);
    match request.begin().filter(|_| is_current) {
        Some(begin) if begin >= length => {
            let fields = format!("Content-Range: bytes */{length}\r\nContent-Length: 0\r\n");
            response("416 Range Not Satisfiable", &fields, b"")
        }
        Some(begin) => {
            let rest = &content[begin..];
            let fields = format!(
                "{fields}Content-Length: {}\r\nContent-Range: bytes {begin}-{}/{length}\r\n",
                rest.len(),
                length - 1
            );
            response(
                "206 Partial Content",
                &fields,
                &rest[..most.min(rest.len())],
            )
        }
        None => {
            let fields = format!("{fields}Content-Length: {length}\r\n");
            response("200 OK", &fields, &content[..most.min(length)])
        }
    }
}

struct Target {
    file: PathBuf,
    directory: PathBuf,
}

impl Target {
    fn new(name: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        Self {
            file: directory.join("file"),
            directory,
        }
    }

    fn fetch(&self, origin: &Origin) -> Result<Fetched, Error> {
        let url = format!("http://{}/file", origin.address);
        let fetcher = Fetcher::new(|_, _| {});
        fetcher.pausing(|_| {}).fetch(&url, &self.file)
    }

    fn content(&self) -> Vec<u8> {
        fs::read(&self.file).unwrap_or_default()
    }

    /// The names in the directory, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.directory).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

fn new(resumed: usize) -> Fetched {
    Fetched::New {
        bytes: LENGTH as u64,
        resumed: resumed as u64,
    }
}

#[test]
fn only_if_it_has_changed() {
    let (origin, target) = (Origin::start(), Target::new("changed"));
    origin.answers(|request, _| honest(request, "\"a\"", &version(b'a'), LENGTH));
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    assert_eq!(target.content(), version(b'a'));
    assert_eq!(target.names(), ["file", "file.from"]);
    origin.seen();
    assert_eq!(target.fetch(&origin).unwrap(), Fetched::NotModified);
    assert_eq!(origin.seen()[0].field("if-none-match"), Some("\"a\""));
    // It changes, and is renamed though it is the same.
    origin.answers(|request, _| honest(request, "\"b\"", &version(b'b'), LENGTH));
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    origin.answers(|request, _| honest(request, "\"c\"", &version(b'b'), LENGTH));
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    assert_eq!(target.content(), version(b'b'));
    // Somebody has taken the file away.
    fs::remove_file(&target.file).unwrap();
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    // An error leaves it as it is.
    origin.answers(|_, _| response("404 Not Found", "Content-Length: 0\r\n", b""));
    assert!(matches!(target.fetch(&origin), Err(Error::Status(404))));
    assert_eq!(target.content(), version(b'b'));
}

#[test]
fn what_is_cut_is_resumed() {
    let (origin, target) = (Origin::start(), Target::new("cut"));
    origin.answers(|request, at| {
        let most = [10_000, 0, 5_000, 1, LENGTH][at.min(4)];
        honest(request, "\"a\"", &version(b'a'), most)
    });
    let fetched = target.fetch(&origin).unwrap();
    assert_eq!(target.content(), version(b'a'));
    assert_eq!(fetched, new(15_001));
    let ranges: Vec<_> = origin.seen().iter().map(Request::begin).collect();
    assert_eq!(
        ranges,
        [None, Some(10_000), Some(10_000), Some(15_000), Some(15_001)]
    );
}

#[test]
fn two_versions_are_never_one_file() {
    let (origin, target) = (Origin::start(), Target::new("two"));
    // It changes between the pieces, and says so.
    origin.answers(|request, at| match at {
        0 => honest(request, "\"a\"", &version(b'a'), 20_000),
        _ => honest(request, "\"b\"", &version(b'b'), LENGTH),
    });
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    assert_eq!(target.content(), version(b'b'));
}

/// Each answers an If-Range for `"a"`, of which 20,000 bytes are there, with something that must not
/// be put behind them.
#[test]
fn lies() {
    let rest = |fields: &str, begin: usize| {
        let rest = &version(b'b')[begin..];
        let length = rest.len();
        let fields = format!("Content-Length: {length}\r\n{fields}");
        response("206 Partial Content", &fields, rest)
    };
    let lies: [(&str, Lie); 9] = [
        (
            "another-tag",
            Box::new(move || {
                rest(
                    "ETag: \"b\"\r\nContent-Range: bytes 20000-49999/50000\r\n",
                    20_000,
                )
            }),
        ),
        (
            "no-tag",
            Box::new(move || rest("Content-Range: bytes 20000-49999/50000\r\n", 20_000)),
        ),
        (
            "weakened",
            Box::new(move || {
                rest(
                    "ETag: W/\"a\"\r\nContent-Range: bytes 20000-49999/50000\r\n",
                    20_000,
                )
            }),
        ),
        (
            "another-place",
            Box::new(move || {
                rest(
                    "ETag: \"a\"\r\nContent-Range: bytes 19999-49998/50000\r\n",
                    20_000,
                )
            }),
        ),
        (
            "another-length",
            Box::new(move || {
                rest(
                    "ETag: \"a\"\r\nContent-Range: bytes 20000-49999/50001\r\n",
                    20_000,
                )
            }),
        ),
        (
            "no-range",
            Box::new(move || rest("ETag: \"a\"\r\n", 20_000)),
        ),
        (
            "coded",
            Box::new(move || {
                let fields = "ETag: \"a\"\r\nContent-Encoding: gzip\r\n\
                          Content-Range: bytes 20000-49999/50000\r\n";
                rest(fields, 20_000)
            }),
        ),
        (
            "unsatisfiable",
            Box::new(|| {
                let fields = "Content-Range: bytes */20000\r\nContent-Length: 0\r\n";
                response("416 Range Not Satisfiable", fields, b"")
            }),
        ),
        (
            "failed",
            Box::new(|| response("412 Precondition Failed", "Content-Length: 0\r\n", b"")),
        ),
    ];
    for (name, lie) in lies {
        let (origin, target) = (Origin::start(), Target::new(name));
        origin.answers(move |request, at| match at {
            0 => honest(request, "\"a\"", &version(b'a'), 20_000),
            1 => lie(),
            _ => honest(request, "\"b\"", &version(b'b'), LENGTH),
        });
        assert_eq!(target.fetch(&origin).unwrap(), new(0), "{name}");
        assert!(target.content() == version(b'b'), "{name}");
        assert_eq!(target.names(), ["file", "file.from"]);
    }
}

/// A weak tag cannot be resumed by; a strong date can, and where there is neither all is fetched.
#[test]
fn weak_validators() {
    const DATES: &str = "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                         Date: Sun, 06 Nov 1994 09:49:37 GMT\r\n";
    for (name, fields, condition) in [
        ("dated", DATES, Some("if-unmodified-since")),
        ("bare", "Date: Sun, 06 Nov 1994 09:49:37 GMT\r\n", None),
    ] {
        let (origin, target) = (Origin::start(), Target::new(name));
        origin.answers(move |request, at| {
            let fields = format!("ETag: W/\"a\"\r\n{fields}");
            let content = version(b'a');
            let most = if at == 0 { 20_000 } else { LENGTH };
            if let Some(begin) = request.begin() {
                let fields = format!(
                    "{fields}Content-Length: {}\r\nContent-Range: bytes {begin}-49999/50000\r\n",
                    LENGTH - begin
                );
                response("206 Partial Content", &fields, &content[begin..])
            } else {
                let fields = format!("{fields}Content-Length: {LENGTH}\r\n");
                response("200 OK", &fields, &content[..most])
            }
        });
        let fetched = target.fetch(&origin).unwrap();
        assert!(target.content() == version(b'a'), "{name}");
        let second = origin.seen().remove(1);
        assert_eq!(second.field("if-match"), None);
        if let Some(condition) = condition {
            assert!(second.field(condition).is_some());
            assert_eq!(fetched, new(20_000));
        } else {
            assert_eq!(second.begin(), None);
            assert_eq!(fetched, new(0));
        }
    }
}

/// A 304 that is no answer to what was asked, and one that names nothing.
#[test]
fn what_a_304_means() {
    let (origin, target) = (Origin::start(), Target::new("304"));
    origin.answers(|request, _| honest(request, "W/\"a\"", &version(b'a'), LENGTH));
    target.fetch(&origin).unwrap();
    for fields in ["", "ETag: \"a\"\r\n", "ETag: W/\"a\"\r\n"] {
        origin.answers(move |_, _| response("304 Not Modified", fields, b""));
        assert_eq!(target.fetch(&origin).unwrap(), Fetched::NotModified);
    }
    origin.seen();
    origin.answers(|request, _| match request.field("if-none-match") {
        Some(_) => response("304 Not Modified", "ETag: \"z\"\r\n", b""),
        None => honest(request, "\"z\"", &version(b'z'), LENGTH),
    });
    assert_eq!(target.fetch(&origin).unwrap(), new(0));
    assert_eq!(target.content(), version(b'z'));
}

/// 429 and 5xx are waited out, as long as the server says; what never ends is given up.
#[test]
fn a_server_that_is_busy() {
    let (origin, target) = (Origin::start(), Target::new("busy"));
    origin.answers(|request, at| match at {
        0 => honest(request, "\"a\"", &version(b'a'), 20_000),
        1 => response(
            "429 Too Many Requests",
            "Retry-After: 0\r\nContent-Length: 0\r\n",
            b"",
        ),
        2 => response(
            "503 Unavailable",
            "Retry-After: 0\r\nContent-Length: 0\r\n",
            b"",
        ),
        _ => honest(request, "\"a\"", &version(b'a'), LENGTH),
    });
    assert_eq!(target.fetch(&origin).unwrap(), new(20_000));
    assert_eq!(target.content(), version(b'a'));
    origin.answers(|_, _| response("500 No", "Retry-After: 0\r\nContent-Length: 0\r\n", b""));
    assert!(matches!(target.fetch(&origin), Err(Error::GaveUp(_))));
    assert_eq!(target.content(), version(b'a'));
}

/// All of it at once, in two hundred orders: at each request the origin server may cut, change,
/// weaken, rename, be busy, or send a part of something else. (What nobody could find out is a strong
/// tag that it gives to two versions: that it does not do.)
#[test]
fn any_mixture_of_them() {
    let mut fetched = 0;
    for seed in 0..200_u64 {
        let (origin, target) = (Origin::start(), Target::new("mixture"));
        let state = Mutex::new((seed, 0_u64));
        origin.answers(move |request, _| {
            let mut state = state.lock().unwrap();
            let (random, current) = &mut *state;
            let mut next = |below: u64| {
                // Knuth's; the upper bits are the better ones.
                *random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (*random >> 33) % below
            };
            let kind = next(10);
            // Two names in a row are of the same bytes.
            *current += u64::from(matches!(kind, 0 | 1));
            let name = b'a' + u8::try_from(*current / 2 % 16).unwrap();
            let content = version(name);
            let weak = if kind == 2 { "W/" } else { "" };
            let tag = format!("{weak}\"{current}\"");
            let most = usize::try_from(next(LENGTH as u64 * 2)).unwrap();
            match (kind, request.begin()) {
                (3, _) => response(
                    "503 Unavailable",
                    "Retry-After: 0\r\nContent-Length: 0\r\n",
                    b"",
                ),
                // A part of the current version, whatever If-Range says; and then without a tag.
                (4 | 5, Some(begin)) if begin < LENGTH => {
                    let tag = if kind == 4 {
                        format!("ETag: {tag}\r\n")
                    } else {
                        String::new()
                    };
                    let rest = &content[begin..];
                    let fields = format!(
                        "{tag}Content-Length: {}\r\nContent-Range: bytes {begin}-{}/{LENGTH}\r\n",
                        rest.len(),
                        LENGTH - 1
                    );
                    response(
                        "206 Partial Content",
                        &fields,
                        &rest[..most.min(rest.len())],
                    )
                }
                (6, _) => response("304 Not Modified", "ETag: \"none\"\r\n", b""),
                _ => honest(request, &tag, &content, most),
            }
        });
        for _ in 0..4 {
            fetched += usize::from(target.fetch(&origin).is_ok());
            let content = target.content();
            let is_one = (b'a'..b'a' + 16).any(|name| content == version(name));
            assert!(is_one || !target.file.exists(), "seed {seed}");
        }
    }
    assert!(fetched > 400, "{fetched}");
}
