//! The example cache, over sockets: clients on one side of it, an origin server on the other.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use common::{Response, Server, TempDir};

const T: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// A request as the origin server got it.
#[derive(Clone, Debug)]
struct Seen {
    /// The request line without its version.
    line: String,
    /// Names in lower case.
    fields: Vec<(String, Vec<u8>)>,
}

impl Seen {
    fn field(&self, name: &str) -> Option<&[u8]> {
        let mut lines = self.fields.iter().filter(|(field, _)| field == name);
        let first = lines.next();
        assert!(lines.next().is_none(), "more than one line of {name}");
        first.map(|(_, value)| value.as_slice())
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.field(name)?.to_vec();
        Some(String::from_utf8(value).unwrap())
    }

    /// Whether the tag is listed, as a naive server finds out.
    fn lists(&self, tag: &str) -> bool {
        let lines = self
            .fields
            .iter()
            .filter(|(name, _)| name == "if-none-match");
        lines
            .map(|(_, value)| String::from_utf8_lossy(value))
            .any(|line| line == "*" || line.contains(tag))
    }
}

type Script = Arc<dyn Fn(&Seen) -> Vec<u8> + Send + Sync>;

/// An origin server that answers as it is told, byte for byte, one request a connection.
struct Origin {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    alive: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Origin {
    fn start<R: AsRef<[u8]>>(script: impl Fn(&Seen) -> R + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let script: Script = Arc::new(move |seen: &Seen| script(seen).as_ref().to_vec());
        let mut origin = Self {
            address: listener.local_addr().unwrap(),
            script: Arc::new(Mutex::new(script)),
            seen: Arc::default(),
            alive: Arc::new(AtomicBool::new(true)),
            thread: None,
        };
        let (script, seen) = (Arc::clone(&origin.script), Arc::clone(&origin.seen));
        let alive = Arc::clone(&origin.alive);
        origin.thread = Some(thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if !alive.load(Ordering::SeqCst) {
                    return;
                }
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                let alive = Arc::clone(&alive);
                // A client may open a connection and then have no use for it.
                thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    let request = receive(&mut reader);
                    let Some(request) = request.filter(|_| alive.load(Ordering::SeqCst)) else {
                        return;
                    };
                    let script = Arc::clone(&script.lock().unwrap());
                    let response = script(&request);
                    seen.lock().unwrap().push(request);
                    let _ = reader.get_mut().write_all(&response);
                });
            }
        }));
        origin
    }

    /// From now on it answers like this.
    fn change<R: AsRef<[u8]>>(&self, script: impl Fn(&Seen) -> R + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(move |seen: &Seen| script(seen).as_ref().to_vec());
    }

    /// The requests since the last call.
    fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    /// The request since the last call, of which there is one.
    fn seen_one(&self) -> Seen {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0)
    }

    /// Nothing listens there any more.
    fn die(&mut self) {
        self.alive.store(false, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }

    fn cache(&self) -> Server {
        self.cache_with(&[])
    }

    fn cache_with(&self, options: &[&str]) -> Server {
        let origin = format!("http://{}", self.address);
        Server::start("cache", &[&[origin.as_str()], options].concat())
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.die();
    }
}

/// One request, its content read and dropped.
fn receive(reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = || {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).ok()?;
        let line = line.strip_suffix(b"\r\n")?;
        Some(line.to_vec())
    };
    let first = String::from_utf8(line()?).ok()?;
    let mut fields = Vec::new();
    loop {
        let line = line()?;
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            break;
        };
        let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
        fields.push((name, line[colon + 1..].trim_ascii().to_vec()));
    }
    let request = Seen {
        line: first.strip_suffix(" HTTP/1.1")?.to_owned(),
        fields,
    };
    let length = request.text("content-length");
    let length = length.map_or(0, |length| length.parse().unwrap());
    let mut content = vec![0; length];
    reader.read_exact(&mut content).ok()?;
    Some(request)
}

/// A 200 with these fields, given as lines that end in CR LF.
fn ok(fields: &str, content: &str) -> String {
    let length = content.len();
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n{content}"
    )
}

/// A response without content.
fn empty(status: &str, fields: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{fields}\r\n")
}

/// An origin server's current version: a 304 with its fields where the tag is listed.
fn version(
    tag: &'static str,
    fields: &'static str,
    content: &'static str,
) -> impl Fn(&Seen) -> String + Send + Sync {
    move |seen| {
        let fields = format!("ETag: {tag}\r\n{fields}");
        if seen.lists(tag) {
            empty("304 Not Modified", &fields)
        } else {
            ok(&fields, content)
        }
    }
}

/// `Cache-Control` by which everything is stored, and validated before it is used again.
const VALIDATE: &str = "Cache-Control: max-age=0\r\n";

fn request(method: &str, path: &str, fields: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}

fn send(cache: &Server, method: &str, path: &str, fields: &str) -> (Response, String) {
    let response = cache.request(request(method, path, fields));
    let line = cache.line();
    let done = line
        .strip_prefix(&format!("{method} {path}: "))
        .expect(&line);
    let done = done.strip_suffix(&format!(", {}", response.status));
    (response, done.expect(&line).to_owned())
}

fn get(cache: &Server, fields: &str) -> (Response, String) {
    send(cache, "GET", "/", fields)
}

/// A GET whose answer is this.
#[track_caller]
fn expect(cache: &Server, fields: &str, status: u16, content: &str, done: &str) -> Response {
    let (response, actually) = get(cache, fields);
    let text = String::from_utf8_lossy(&response.content).into_owned();
    assert_eq!(
        (response.status, text.as_str(), actually.as_str()),
        (status, content, done)
    );
    response
}

/// curl, in front of the cache, in front of the example server: what the two agree on.
#[test]
#[ignore = "it needs curl, which a machine need not have; .ci/clients runs it"]
fn curl_in_front_of_the_example_server() {
    let origin = Server::start("serve", &[]);
    let url = format!("http://{}", origin.address);
    let cache = Server::start("cache", &[&url]);
    let directory = TempDir::new();
    let saved = directory.path().join("etag");
    let content = directory.path().join("content");
    // The status, the number of bytes, and what the cache did.
    let curl = |path: &str, options: &[&str]| {
        let output = Command::new("curl")
            .args([
                "--silent",
                "--noproxy",
                "*",
                "--write-out",
                "%{http_code} %{size_download}",
            ])
            .args(["--output", content.to_str().unwrap()])
            .args(options)
            .arg(format!("http://{}{path}", cache.address))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let written = String::from_utf8(output.stdout).unwrap();
        let line = cache.line();
        let done = line
            .split_once(": ")
            .unwrap()
            .1
            .rsplit_once(", ")
            .unwrap()
            .0;
        let (status, length) = written.split_once(' ').unwrap();
        (
            status.parse::<u16>().unwrap(),
            length.parse::<usize>().unwrap(),
            done.to_owned(),
        )
    };
    let save = ["--etag-save", saved.to_str().unwrap()];
    let compare = ["--etag-compare", saved.to_str().unwrap()];

    let (status, length, done) = curl("/api/config", &save);
    assert_eq!((status, done.as_str()), (200, "stored"));
    assert!(length > 0);
    let by_tag = "revalidated by tag".to_owned();
    assert_eq!(curl("/api/config", &[]), (200, length, by_tag.clone()));
    let (status, length, done) = curl("/api/config", &compare);
    assert_eq!(
        (status, length, done.as_str()),
        (304, 0, "revalidated for the client")
    );

    assert_eq!(curl("/dated", &[]).2, "stored");
    let dated = curl("/dated", &[]);
    assert_eq!((dated.0, dated.2.as_str()), (200, "revalidated by date"));
    let since = curl("/dated", &["--time-cond", "Fri, 31 Dec 9999 23:59:59 GMT"]);
    assert_eq!(
        (since.0, since.1, since.2.as_str()),
        (304, 0, "revalidated by date")
    );

    assert_eq!(curl("/weak", &[]).2, "stored");
    assert_eq!(curl("/weak", &[]).2, by_tag);
    assert_eq!(curl("/comma", &[]).2, "stored");
    let comma = curl("/comma", &["--header", "If-None-Match: \"a,b\""]);
    assert_eq!(
        (comma.0, comma.2.as_str()),
        (304, "revalidated for the client")
    );
    assert_eq!(curl("/bare", &[]).2, "stored");
    assert_eq!(curl("/bare", &[]).2, "replaced");
    assert_eq!(curl("/news", &[]).2, "stored");
    assert_eq!(curl("/news", &[]).2, "fresh");
    let part = curl("/news", &["--range", "0-1"]);
    assert_eq!((part.0, part.1, part.2.as_str()), (206, 2, "fresh"));
    // Each language has an entry of its own.
    for (language, done) in [
        ("de", "stored"),
        ("fr", "stored"),
        ("de", "revalidated by tag"),
    ] {
        let header = format!("Accept-Language: {language}");
        assert_eq!(curl("/hello", &["--header", &header]).2, done);
    }

    // A write goes through, and what was stored is gone; one that fails its condition keeps it.
    let put = |condition: &str| {
        let options = ["--request", "PUT", "--data", "{}", "--header", condition];
        let (status, _, done) = curl("/api/config", &options);
        (status, done)
    };
    assert_eq!(put("If-Match: \"another\""), (412, "forwarded".to_owned()));
    assert_eq!(curl("/api/config", &[]).2, by_tag);
    let (status, done) = put("If-Match: *");
    assert_eq!(
        (status, done.as_str()),
        (204, "forwarded, and invalidated what was stored")
    );
    assert_eq!(curl("/api/config", &[]), (200, 2, "stored".to_owned()));
}

/// 9111-4.3.2-11, 9111-4.3.2-13, 9111-4.3.3-02: two clients that have different versions, and a
/// cache that has one of them, or both.
#[test]
fn two_clients_with_different_versions() {
    let origin = Origin::start(version("\"v1\"", VALIDATE, "one"));
    let cache = origin.cache();
    let (one, two) = ("If-None-Match: \"v1\"\r\n", "If-None-Match: \"v2\"\r\n");
    expect(&cache, "", 200, "one", "stored");
    origin.change(version("\"v2\"", VALIDATE, "two"));
    origin.seen();

    // The second client has got the new version elsewhere: it is told that it is current, and
    // the cache still has the old one.
    let response = expect(&cache, two, 304, "", "revalidated for the client");
    assert_eq!(response.text("etag"), Some("\"v2\""));
    let seen = origin.seen_one();
    assert_eq!(seen.text("if-none-match").unwrap(), "\"v2\", \"v1\"");
    assert_eq!(seen.field("if-modified-since"), None);

    // The first client has the old version, and gets the new one.
    expect(&cache, one, 200, "two", "replaced");
    assert_eq!(origin.seen_one().text("if-none-match").unwrap(), "\"v1\"");
    // Now the cache has both, and each client gets its due without any content from the origin.
    expect(&cache, one, 200, "two", "revalidated by tag");
    assert_eq!(
        origin.seen_one().text("if-none-match").unwrap(),
        "\"v1\", \"v2\""
    );
    expect(&cache, two, 304, "", "revalidated for the client");
    expect(&cache, "", 200, "two", "revalidated by tag");
    expect(
        &cache,
        "If-None-Match: W/\"v2\"\r\n",
        304,
        "",
        "revalidated for the client",
    );
    origin.seen();
    let any = "If-None-Match: *\r\n";
    expect(&cache, any, 304, "", "revalidated for the client");
    assert_eq!(origin.seen_one().text("if-none-match").unwrap(), "*");
}

/// 9111-4.3.2-13, 9111-4.3.4-02, 9111-4.1-04: an origin server that goes back to an older version,
/// which the cache still has.
#[test]
fn rollback() {
    let origin = Origin::start(version("\"v1\"", VALIDATE, "one"));
    let cache = origin.cache();
    expect(&cache, "", 200, "one", "stored");
    origin.change(version("\"v2\"", VALIDATE, "two"));
    expect(&cache, "", 200, "two", "replaced");
    origin.change(version("\"v1\"", VALIDATE, "one"));
    origin.seen();

    // A client that has the newer version gets the older one, from the cache.
    let newer = "If-None-Match: \"v2\"\r\n";
    let response = expect(&cache, newer, 200, "one", "revalidated by tag");
    assert_eq!(response.text("etag"), Some("\"v1\""));
    assert_eq!(
        origin.seen_one().text("if-none-match").unwrap(),
        "\"v2\", \"v1\""
    );
    expect(&cache, "", 200, "one", "revalidated by tag");
    expect(
        &cache,
        "If-None-Match: \"v1\"\r\n",
        304,
        "",
        "revalidated for the client",
    );
}

/// 9111-4.3.4-07, 9111-3.2-01, 9111-3.2-02, 9111-3.2-03: an origin server that changes metadata
/// only: the new fields reach the client, and what the 304 has no say in stays.
#[test]
fn metadata_only() {
    let origin = Origin::start(version(
        "\"v1\"",
        "Cache-Control: max-age=0\r\nX-Old: kept\r\nX-New: 1\r\nContent-Type: text/plain\r\n",
        "one",
    ));
    let cache = origin.cache();
    let first = expect(&cache, "", 200, "one", "stored");
    assert_eq!(first.text("cache-control"), Some("max-age=0"));
    origin.change(|seen: &Seen| {
        assert!(seen.lists("\"v1\""));
        empty(
            "304 Not Modified",
            "ETag: \"v1\"\r\nCache-Control: max-age=600\r\nX-New: 2\r\nX-New: 3\r\n\
             X-Hop: 1\r\nConnection: X-Hop\r\nProxy-Authenticate: Basic\r\n",
        )
    });
    let second = expect(&cache, "", 200, "one", "revalidated by tag");
    let lines = |name: &str| {
        let lines = second.fields.iter().filter(|(field, _)| field == name);
        let lines = lines.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(lines("cache-control"), ["max-age=600"]);
    assert_eq!(lines("x-new"), ["2", "3"]);
    assert_eq!(lines("x-old"), ["kept"]);
    assert_eq!(lines("content-type"), ["text/plain"]);
    assert_eq!(lines("content-length"), ["3"]);
    for name in ["x-hop", "proxy-authenticate"] {
        assert!(lines(name).is_empty(), "{name}");
    }

    // By the new Cache-Control it is fresh now, for whoever asks.
    origin.seen();
    expect(&cache, "", 200, "one", "fresh");
    let third = expect(&cache, "If-None-Match: \"v1\"\r\n", 304, "", "fresh");
    assert_eq!(third.text("cache-control"), Some("max-age=600"));
    assert!(third.text("age").is_some());
    assert!(origin.seen().is_empty());
}

/// An origin server that dies: what may be served stale is, conditions and Range included, and
/// nothing else (9111-4.3.3-04).
#[test]
fn the_origin_dies() {
    let mut origin = Origin::start(|seen: &Seen| match seen.line.as_str() {
        "GET /strict" => ok(
            "ETag: \"s\"\r\nCache-Control: max-age=0, must-revalidate\r\n",
            "strict",
        ),
        "GET /no-cache" => ok("ETag: \"n\"\r\nCache-Control: no-cache\r\n", "no-cache"),
        _ => ok("ETag: \"v1\"\r\nCache-Control: max-age=0\r\n", "0123456789"),
    });
    let cache = origin.cache();
    for path in ["/", "/strict", "/no-cache"] {
        assert_eq!(send(&cache, "GET", path, "").1, "stored");
    }
    // First it only fails.
    origin.change(|_: &Seen| empty("503 Service Unavailable", "Content-Length: 0\r\n"));
    expect(
        &cache,
        "",
        200,
        "0123456789",
        "stale, because the origin failed",
    );
    let (response, done) = send(&cache, "GET", "/strict", "");
    assert_eq!((response.status, done.as_str()), (503, "forwarded"));

    origin.die();
    let dead = "stale, because the origin is dead";
    let response = expect(&cache, "", 200, "0123456789", dead);
    assert!(response.text("age").is_some());
    assert_eq!(
        response.text("warning"),
        Some("110 cache \"Response is Stale\"")
    );
    expect(&cache, "If-None-Match: \"v1\"\r\n", 304, "", dead);
    expect(&cache, "If-None-Match: \"v0\"\r\n", 200, "0123456789", dead);
    let response = expect(
        &cache,
        "Range: bytes=2-3\r\nIf-Range: \"v1\"\r\n",
        206,
        "23",
        dead,
    );
    assert_eq!(response.text("content-range"), Some("bytes 2-3/10"));
    expect(
        &cache,
        "Range: bytes=2-3\r\nIf-Range: \"v0\"\r\n",
        200,
        "0123456789",
        dead,
    );
    let (response, done) = send(&cache, "HEAD", "/", "");
    assert_eq!((response.status, done.as_str()), (200, dead));
    assert_eq!(response.text("content-length"), Some("10"));
    for path in ["/strict", "/no-cache"] {
        let (response, done) = send(&cache, "GET", path, "");
        assert_eq!(
            (response.status, done.as_str()),
            (504, "the origin is dead"),
            "{path}"
        );
    }
    let (response, done) = send(&cache, "GET", "/unknown", "");
    assert_eq!(
        (response.status, done.as_str()),
        (502, "the origin is dead")
    );
}

/// 9111-4.3.1-02, 9111-4.3.1-05, 9111-4.3.1-06: what is asked, byte for byte.
#[test]
fn what_is_asked() {
    let origin = Origin::start(|_: &Seen| {
        let mut response = empty("200 OK", "").into_bytes();
        let end = response.len() - 2;
        let fields = b"Content-Length: 1\r\nETag: W/\"\xe9,\xff\\\"\r\n".as_slice();
        response.splice(end..end, fields.iter().copied());
        let end = response.len() - 2;
        let dated = format!("Last-Modified: {}\r\n", T.to_lowercase());
        response.splice(end..end, dated.into_bytes());
        response.push(b'x');
        response
    });
    let cache = origin.cache();
    assert_eq!(get(&cache, "Accept: text/plain\r\n").1, "stored");
    let seen = origin.seen_one();
    assert_eq!(seen.line, "GET /");
    assert_eq!(seen.field("if-none-match"), None);
    assert_eq!(seen.text("accept").unwrap(), "text/plain");
    assert_eq!(seen.text("host").unwrap(), "localhost");

    assert_eq!(get(&cache, "").1, "replaced");
    let seen = origin.seen_one();
    assert_eq!(seen.field("if-none-match").unwrap(), b"W/\"\xe9,\xff\\\"");
    // As it came: there are servers that compare text.
    assert_eq!(seen.text("if-modified-since").unwrap(), T.to_lowercase());
    // A client's own date is for the cache to answer: the stored one is asked about.
    let date = "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n";
    let (response, done) = get(&cache, date);
    assert_eq!((response.status, done.as_str()), (304, "replaced"));
    let seen = origin.seen_one();
    assert_eq!(seen.text("if-modified-since").unwrap(), T.to_lowercase());
}

/// 9111-4-03, 9111-4.3.2-02: what only an origin server evaluates is left to it.
#[test]
fn conditions_for_the_origin_are_forwarded() {
    let origin = Origin::start(|seen: &Seen| {
        let fields = "ETag: \"v1\"\r\nCache-Control: max-age=600\r\n";
        if seen.field("if-match").is_some() || seen.field("if-unmodified-since").is_some() {
            empty("412 Precondition Failed", "Content-Length: 0\r\n")
        } else {
            ok(fields, "one")
        }
    });
    let cache = origin.cache();
    expect(&cache, "", 200, "one", "stored");
    expect(&cache, "If-Match: \"v0\"\r\n", 412, "", "forwarded");
    expect(
        &cache,
        &format!("If-Unmodified-Since: {T}\r\n"),
        412,
        "",
        "forwarded",
    );
    for method in ["PUT", "DELETE", "FOO"] {
        let fields = "If-Match: \"v0\"\r\nContent-Length: 0\r\n";
        let (response, done) = send(&cache, method, "/", fields);
        assert_eq!(
            (response.status, done.as_str()),
            (412, "forwarded"),
            "{method}"
        );
    }
    // None of them has invalidated anything.
    expect(&cache, "", 200, "one", "fresh");
}

/// 9111-4.4-01: a write that succeeds invalidates, one that fails does not.
#[test]
fn invalidation() {
    let origin = Origin::start(|seen: &Seen| match seen.line.as_str() {
        "DELETE /" => empty("204 No Content", ""),
        "POST /" => empty("303 See Other", "Location: /\r\nContent-Length: 0\r\n"),
        "PUT /" => empty("500 Internal Server Error", "Content-Length: 0\r\n"),
        _ => ok("Cache-Control: max-age=600\r\n", "one"),
    });
    let cache = origin.cache();
    for (method, invalidates) in [("DELETE", true), ("POST", true), ("PUT", false)] {
        let before = if method == "DELETE" {
            "stored"
        } else {
            "fresh"
        };
        expect(&cache, "", 200, "one", before);
        send(&cache, method, "/", "Content-Length: 0\r\n");
        expect(
            &cache,
            "",
            200,
            "one",
            if invalidates { "stored" } else { "fresh" },
        );
    }
}

/// The Host is the client's, and of each Host there is another response.
#[test]
fn each_host_has_its_own() {
    let origin = Origin::start(|seen: &Seen| {
        let fields = "Cache-Control: max-age=600\r\nLocation: http://one.example/\r\n";
        ok(fields, &seen.text("host").unwrap())
    });
    let cache = origin.cache();
    let ask = |line: &str, host: &str| {
        let response = cache.request(format!("{line}\r\n{host}Content-Length: 0\r\n\r\n"));
        let said = cache.line();
        let done = said.split_once(": ").unwrap().1.to_owned();
        (String::from_utf8(response.content).unwrap(), done)
    };
    let get = "GET / HTTP/1.1";
    let one = "Host: one.example\r\n";
    let own = origin.address.to_string();
    for done in ["stored, 200", "fresh, 200"] {
        for (line, host, sent) in [
            (get, one, "one.example"),
            (get, "Host: two.example:80\r\n", "two.example:80"),
            ("GET / HTTP/1.0", "", &own),
            // RFC 9112 section 3.2.2.
            (
                "GET http://user@three.example/ HTTP/1.1",
                one,
                "three.example",
            ),
        ] {
            assert_eq!(ask(line, host), (sent.to_owned(), done.to_owned()));
        }
        assert_eq!(ask(get, "Host: ONE.example\r\n").1, "fresh, 200");
    }
    // A write forgets all of them, and what is named with the client's Host.
    for (line, host) in [
        ("PUT / HTTP/1.1", "Host: two.example:80\r\n"),
        ("PUT /other HTTP/1.1", one),
    ] {
        assert!(ask(line, host).1.starts_with("forwarded, and invalidated"));
        assert_eq!(ask(get, one).1, "stored, 200");
    }
    ask("PUT /other HTTP/1.1", "Host: two.example\r\n");
    assert_eq!(ask(get, one).1, "fresh, 200");
}

/// p2: a page of a hostile site whose name points here writes and reads no more through the cache
/// than it could at the server itself.
#[test]
fn rebinding_gains_nothing() {
    let directory = TempDir::new();
    directory.write("notes.txt", "kept");
    let server = Server::start("serve", &["--dir", directory.as_str(), "--writable"]);
    let url = format!("http://{}", server.address);
    let cache = Server::start("cache", &[&url]);
    let requests = "/_http-conditional/requests";
    for (host, put, list) in [("localhost", 204, 200), ("evil.example", 403, 403)] {
        for (request, status) in [
            (
                format!("GET {requests} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
                list,
            ),
            (
                format!("PUT /notes.txt HTTP/1.1\r\nHost: {host}\r\nContent-Length: 4\r\n\r\nkept"),
                put,
            ),
        ] {
            for asked in [&server, &cache] {
                assert_eq!(asked.request(&request).status, status, "{request}");
            }
        }
    }
}

/// RFC 9110 section 7.6.2: the request with 0 is answered here, every other has one less.
#[test]
fn max_forwards() {
    let origin = Origin::start(|seen: &Seen| ok("", &seen.text("max-forwards").unwrap()));
    let cache = origin.cache();
    let forwarded = |method: &str, fields: &str| {
        let response = send(&cache, method, "/", fields).0;
        let seen = origin.seen().len();
        (
            response.status,
            String::from_utf8(response.content).unwrap(),
            seen,
        )
    };
    for method in ["TRACE", "OPTIONS", "GET"] {
        for (value, left) in [
            ("1", "0"),
            ("007", "6"),
            ("99999999999999999999999", "4294967294"),
        ] {
            let left = if method == "GET" { value } else { left };
            let fields = format!("Max-Forwards: {value}\r\n");
            assert_eq!(forwarded(method, &fields), (200, left.to_owned(), 1));
        }
    }
    for fields in [
        "Max-Forwards: \r\n",
        "Max-Forwards: +1\r\n",
        "Max-Forwards: 1, 1\r\n",
        "Max-Forwards: 1\r\nMax-Forwards: 1\r\n",
    ] {
        for method in ["TRACE", "OPTIONS"] {
            assert_eq!(
                forwarded(method, fields),
                (400, String::new(), 0),
                "{fields}"
            );
        }
    }
    let last = "Max-Forwards: 0\r\n";
    assert_eq!(forwarded("GET", last), (200, "0".to_owned(), 1));
    assert_eq!(forwarded("OPTIONS", last), (200, String::new(), 0));
    let secret = "Cookie: a=1\r\nAuthorization: Basic x\r\nProxy-Authorization: Basic y\r\n";
    let (response, done) = send(&cache, "TRACE", "/a?b", &format!("X: 1\r\n{secret}{last}"));
    assert_eq!(done, "answered here, by Max-Forwards");
    assert_eq!(response.text("content-type"), Some("message/http"));
    assert_eq!(
        String::from_utf8(response.content).unwrap(),
        "TRACE /a?b HTTP/1.1\r\nhost: localhost\r\nx: 1\r\nmax-forwards: 0\r\n\r\n"
    );
    assert!(origin.seen().is_empty());
}

/// RFC 9110 section 7.6.3: Via has the version in which the request came.
#[test]
fn via() {
    let origin = Origin::start(|_: &Seen| empty("204 No Content", ""));
    let cache = origin.cache();
    for (version, via) in [("1.0", "1.0 cache"), ("1.1", "1.1 cache")] {
        cache.request(format!("GET / HTTP/{version}\r\nHost: a\r\n\r\n"));
        assert_eq!(origin.seen_one().text("via").unwrap(), via);
    }
}

/// p14: nothing of a target reaches the terminal that it would obey.
#[test]
fn nothing_raw_is_printed() {
    let origin = Origin::start(|_: &Seen| ok("", ""));
    let cache = origin.cache();
    cache.request(request("GET", "/a\u{9b}31m\u{202e}\u{e9}", ""));
    assert_eq!(cache.line(), "GET /a\\u{9b}31m\\u{202e}\u{e9}: stored, 200");
}

/// p9, RFC 9111 section 4.1: a response is chosen by what the origin server saw, not by what the
/// client said to its own connection.
#[test]
fn a_field_of_the_connection_chooses_nothing() {
    let origin = Origin::start(|seen: &Seen| {
        let language = seen.text("accept-language").unwrap_or_default();
        let fields = "Cache-Control: max-age=600\r\nVary: Accept-Language\r\n";
        ok(
            fields,
            if language == "de" {
                "deutsch"
            } else {
                "english"
            },
        )
    });
    let cache = origin.cache();
    let hop = "Accept-Language: de\r\nConnection: accept-language\r\n";
    expect(&cache, hop, 200, "english", "stored");
    let german = "Accept-Language: de\r\n";
    expect(&cache, german, 200, "deutsch", "stored");
    expect(&cache, "", 200, "english", "fresh");
    expect(&cache, german, 200, "deutsch", "fresh");
    expect(&cache, hop, 200, "english", "fresh");
    // How the list is written makes no other request of it.
    let same = "accept-language:   DE  \r\n";
    expect(&cache, same, 200, "deutsch", "fresh");
}

/// p10, 9111-4.4-01: a write to one URI has nothing to do with a GET of another that is on its way,
/// and everything with one of the same.
#[test]
fn only_what_is_invalidated_is_forgotten() {
    for (written, done) in [("/other", "fresh"), ("/", "stored")] {
        let (release, held) = std::sync::mpsc::channel::<()>();
        let held = Mutex::new(Some(held));
        let begun = Arc::new(AtomicBool::new(false));
        // The first GET is held back until the write is through.
        let first = Arc::clone(&begun);
        let origin = Origin::start(move |seen: &Seen| {
            if seen.line.starts_with("PUT") {
                return empty("204 No Content", "");
            }
            first.store(true, Ordering::SeqCst);
            let held = held.lock().unwrap().take();
            if let Some(held) = held {
                let _ = held.recv();
            }
            ok("Cache-Control: max-age=600\r\n", "one")
        });
        let cache = origin.cache();
        thread::scope(|scope| {
            let get = scope.spawn(|| cache.request(request("GET", "/", "")));
            while !begun.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            let put = cache.request(request("PUT", written, "Content-Length: 0\r\n"));
            assert_eq!(put.status, 204);
            release.send(()).unwrap();
            assert_eq!(get.join().unwrap().status, 200);
        });
        // The lines of the write and of the GET, in either order.
        cache.line();
        cache.line();
        expect(&cache, "", 200, "one", done);
    }
}

/// p11, RFC 9111 section 5.1: of an Age with several members the first counts.
#[test]
fn the_first_age_counts() {
    for (age, done) in [("7200, 0", "replaced"), ("0, 7200", "fresh")] {
        let fields = format!("Cache-Control: max-age=3600\r\nAge: {age}\r\n");
        let origin = Origin::start(move |_: &Seen| ok(&fields, "one"));
        let cache = origin.cache();
        expect(&cache, "", 200, "one", "stored");
        expect(&cache, "", 200, "one", done);
    }
}

/// p11, RFC 9110 section 15.2: interim responses are forwarded, those of a 304 too.
#[test]
fn interim_responses_are_forwarded() {
    const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: X-Hop\r\n\
                         X-Hop: 1\r\n\r\n";
    let origin = Origin::start(|seen: &Seen| {
        let response = version("\"v1\"", VALIDATE, "one")(seen);
        let more = "HTTP/1.1 102 Processing\r\n\r\n";
        format!("{HINTS}{more}{response}")
    });
    let cache = origin.cache();
    let raw = |version: &str| {
        let mut stream = TcpStream::connect(&cache.address).unwrap();
        let head = format!("GET / {version}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        cache.line();
        response
    };
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n\
                 HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n";
    for _ in 0..2 {
        let response = raw("HTTP/1.1");
        assert!(response.starts_with(hints), "{response}");
        assert!(response.ends_with("\r\n\r\none"), "{response}");
    }
    // HTTP/1.0 knows none.
    let response = raw("HTTP/1.0");
    assert!(response.starts_with("HTTP/1.0 200 OK\r\n"), "{response}");
}

/// As for `proxy`, a host and a port are enough.
#[test]
fn an_origin_without_a_scheme() {
    let origin = Origin::start(version("\"v1\"", VALIDATE, "one"));
    let cache = Server::start("cache", &[&origin.address.to_string()]);
    expect(&cache, "", 200, "one", "stored");
}

/// The time for the response begins when the origin server has the whole request.
#[test]
fn a_slow_upload_is_not_a_slow_origin() {
    let origin = Origin::start(|_: &Seen| empty("204 No Content", ""));
    let cache = origin.cache_with(&["--timeout", "1"]);
    let mut client = cache.connect();
    client.send(request("PUT", "/", "Content-Length: 4\r\n"));
    for byte in ["s", "l", "o", "w"] {
        thread::sleep(Duration::from_millis(700));
        client.send(byte);
    }
    assert_eq!(client.receive("PUT").status, 204);

    // And then it ends.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let cache = Server::start("cache", &[&address, "--timeout", "1"]);
    let put = request("PUT", "/", "Content-Length: 3\r\n");
    assert_eq!(cache.request(put + "all").status, 502);
}

/// A client that does not go on with its content is not waited for as long as it likes.
#[test]
fn a_client_that_stops() {
    let origin = Origin::start(|_: &Seen| empty("204 No Content", ""));
    let cache = origin.cache_with(&["--timeout", "1"]);
    let mut client = TcpStream::connect(cache.address).unwrap();
    let patience = Duration::from_secs(40);
    client.set_read_timeout(Some(patience)).unwrap();
    let put = request("PUT", "/", "Content-Length: 4\r\n") + "st";
    client.write_all(put.as_bytes()).unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
}

/// c4, c5: a 304 that names no validator, or the strong twin of a weak tag, is no reason to send
/// all of it again.
#[test]
fn no_304_is_wasted() {
    for (stored, fields) in [
        ("ETag: \"v1\"\r\n", ""),
        ("ETag: W/\"v1\"\r\n", "ETag: \"v1\"\r\n"),
        ("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n", ""),
    ] {
        let origin = Origin::start(move |seen: &Seen| {
            if seen.field("if-none-match").is_some() || seen.field("if-modified-since").is_some() {
                empty("304 Not Modified", fields)
            } else {
                ok(&format!("{VALIDATE}{stored}"), "one")
            }
        });
        let cache = origin.cache();
        expect(&cache, "", 200, "one", "stored");
        origin.seen();
        for _ in 0..2 {
            let (response, done) = get(&cache, "");
            assert_eq!((response.status, &response.content[..]), (200, &b"one"[..]));
            assert!(done.starts_with("revalidated by"), "{done}");
            assert_eq!(origin.seen().len(), 1);
        }
    }
}

/// What is malformed means nothing; but a client that sends it back byte for byte has it from here.
#[test]
fn malformed_tags_are_compared_as_text() {
    for tag in ["v1", "w/\"v1\"", "W\\\"v1\"", "W\"v1\"", "\"v1", "\"v1\" "] {
        let fields = format!("ETag: {tag}\r\nCache-Control: max-age=60\r\n");
        let origin = Origin::start(move |seen: &Seen| match seen.line.as_str() {
            "GET /gone" => format!("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n{fields}\r\n"),
            _ => ok(&fields, "0123456789"),
        });
        let cache = origin.cache();
        assert_eq!(get(&cache, "").1, "stored", "{tag}");
        let known = format!("If-None-Match: {tag}\r\n");
        for (fields, expected) in [
            (known.clone(), 304),
            (format!("{known}Range: bytes=0-1\r\n"), 304),
            (format!("{known}If-Modified-Since: {T}\r\n"), 304),
            (format!("If-None-Match: x{tag}\r\n"), 200),
            ("If-None-Match: v2\r\n".to_owned(), 200),
        ] {
            let (response, done) = get(&cache, &fields);
            let seen = (response.status, done.as_str());
            assert_eq!(seen, (expected, "fresh"), "{tag} {fields}");
        }
        let (response, _) = send(&cache, "HEAD", "/", &known);
        assert_eq!(response.status, 304, "{tag}");
        for done in ["stored", "fresh"] {
            let (response, seen) = send(&cache, "GET", "/gone", &known);
            assert_eq!((response.status, seen.as_str()), (410, done), "{tag}");
        }
    }
    // Nor is a list of them one of them.
    let origin = Origin::start(|_: &Seen| ok("ETag: a\r\nCache-Control: max-age=60\r\n", "a"));
    let cache = origin.cache();
    get(&cache, "");
    for fields in [
        "If-None-Match: a\r\nIf-None-Match: a\r\n",
        "If-None-Match: a, a\r\n",
    ] {
        expect(&cache, fields, 200, "a", "fresh");
    }
    let origin =
        Origin::start(|_: &Seen| ok("ETag: a\r\nETag: a\r\nCache-Control: max-age=60\r\n", "a"));
    let cache = origin.cache();
    get(&cache, "");
    expect(&cache, "If-None-Match: a\r\n", 200, "a", "fresh");
}

/// An origin server may close a connection just when a request is on its way: what is safe is sent
/// again, once.
#[test]
fn a_lost_request_is_sent_again() {
    for (method, losses, status, attempts) in [
        ("GET", 1, 200, 2),
        ("HEAD", 1, 200, 2),
        ("OPTIONS", 1, 200, 2),
        ("GET", 2, 502, 2),
        ("POST", 1, 502, 1),
        ("PUT", 1, 502, 1),
        ("DELETE", 1, 502, 1),
    ] {
        let lost = AtomicUsize::new(0);
        let origin = Origin::start(move |_: &Seen| {
            if lost.fetch_add(1, Ordering::SeqCst) < losses {
                Vec::new()
            } else {
                ok("", "").into_bytes()
            }
        });
        let cache = origin.cache();
        let (response, _) = send(&cache, method, "/", "");
        let seen = (response.status, origin.seen().len());
        assert_eq!(seen, (status, attempts), "{method} {losses}");
    }
    // What is no response at all is an answer too.
    let origin = Origin::start(|_: &Seen| "no HTTP\r\n\r\n");
    let cache = origin.cache();
    assert_eq!(get(&cache, "").0.status, 502);
    origin.seen_one();
}

/// 9111-3.3-02, 9111-3.3-04, 9111-3.3-05, 9111-3.4-01: parts are stored, answer what lies within
/// them, and are completed by what belongs to the same version only.
#[test]
fn parts_are_stored_and_completed() {
    const ALL: &str = "0123456789";
    let part = |tag: &'static str| {
        move |seen: &Seen| {
            let range = seen.text("range").unwrap_or_default();
            let bounds = range
                .strip_prefix("bytes=")
                .and_then(|range| range.split_once('-'));
            let fields = format!("Cache-Control: max-age=600\r\nETag: {tag}\r\n");
            let if_range = seen.text("if-range").unwrap_or_else(|| tag.to_owned());
            let Some((first, last)) = bounds.filter(|_| if_range == tag) else {
                return ok(&fields, ALL);
            };
            let first: usize = first.parse().unwrap();
            let last = last.parse().unwrap_or(9);
            let content = &ALL[first..=last];
            format!(
                "HTTP/1.1 206 Partial Content\r\nConnection: close\r\nContent-Length: {}\r\n\
                 Content-Range: bytes {first}-{last}/10\r\n{fields}\r\n{content}",
                content.len()
            )
        }
    };
    let origin = Origin::start(part("\"v1\""));
    let cache = origin.cache();
    expect(&cache, "Range: bytes=0-3\r\n", 206, "0123", "stored");
    let within = expect(&cache, "Range: bytes=1-2\r\n", 206, "12", "fresh");
    assert_eq!(within.text("content-range"), Some("bytes 1-2/10"));
    assert_eq!(within.text("content-length"), Some("2"));
    // What is not there is asked for, and kept beside it.
    expect(&cache, "Range: bytes=6-7\r\n", 206, "67", "stored");
    expect(&cache, "Range: bytes=6-6\r\n", 206, "6", "fresh");
    expect(&cache, "Range: bytes=3-3\r\n", 206, "3", "fresh");
    origin.seen();
    // The whole is made of the beginning and its rest.
    expect(&cache, "", 200, ALL, "completed");
    let seen = origin.seen_one();
    assert_eq!(seen.text("range").unwrap(), "bytes=4-");
    assert_eq!(seen.text("if-range").unwrap(), "\"v1\"");
    expect(&cache, "", 200, ALL, "fresh");
    expect(&cache, "Range: bytes=-2\r\n", 206, "89", "fresh");

    // Of another version, nothing is put together.
    let cache = origin.cache();
    expect(&cache, "Range: bytes=0-3\r\n", 206, "0123", "stored");
    origin.change(|seen: &Seen| {
        let fields = "Cache-Control: max-age=600\r\nETag: \"v2\"\r\n";
        assert_eq!(seen.text("if-range").as_deref(), Some("\"v1\""));
        ok(fields, "abcdefghij")
    });
    expect(&cache, "", 200, "abcdefghij", "stored");

    // One that lies: it answers an If-Range for one version with a part of another.
    origin.change(part("\"v1\""));
    let cache = origin.cache();
    expect(&cache, "Range: bytes=0-3\r\n", 206, "0123", "stored");
    origin.change(|seen: &Seen| {
        let fields = "Cache-Control: max-age=600\r\nETag: \"v2\"\r\n";
        if seen.field("range").is_none() {
            return ok(fields, "abcdefghij");
        }
        format!(
            "HTTP/1.1 206 Partial Content\r\nConnection: close\r\nContent-Length: 6\r\n\
             Content-Range: bytes 4-9/10\r\n{fields}\r\nefghij"
        )
    });
    expect(&cache, "", 200, "abcdefghij", "stored");

    // A part that is not as long as it says is passed on and not stored.
    origin.change(|_: &Seen| {
        "HTTP/1.1 206 Partial Content\r\nConnection: close\r\nContent-Length: 3\r\n\
         Content-Range: bytes 0-3/10\r\nCache-Control: max-age=600\r\n\r\n012"
            .to_owned()
    });
    let cache = origin.cache();
    for _ in 0..2 {
        expect(&cache, "Range: bytes=0-3\r\n", 206, "012", "forwarded");
    }
}

/// A download that is resumed: a stored part is no answer to an If-Range, which may ask for all.
#[test]
fn a_resumed_download() {
    const FRESH: &str = "Cache-Control: max-age=600\r\n";
    let part = |tag: &'static str, fields: &'static str| {
        move |seen: &Seen| {
            let fields = format!("ETag: {tag}\r\n{fields}");
            let is_part = seen.field("range").is_some();
            if seen.lists(tag) {
                empty("304 Not Modified", &fields)
            } else if is_part && seen.text("if-range").is_none_or(|if_range| if_range == tag) {
                let fields =
                    format!("{fields}Content-Range: bytes 0-3/10\r\nContent-Length: 4\r\n");
                empty("206 Partial Content", &fields) + "0123"
            } else {
                ok(&fields, "0123456789")
            }
        }
    };
    let first = "Range: bytes=0-3\r\n";
    let of = |tag: &str| format!("{first}If-Range: {tag}\r\n");
    for stored in [FRESH, VALIDATE] {
        let origin = Origin::start(part("\"v1\"", stored));
        let cache = origin.cache();
        expect(&cache, first, 206, "0123", "stored");
        expect(&cache, &of("\"v0\""), 200, "0123456789", "stored");
        assert_eq!(get(&cache, &of("\"v1\"")).0.content, b"0123");

        // Another version meanwhile.
        let origin = Origin::start(part("\"v1\"", stored));
        let cache = origin.cache();
        expect(&cache, first, 206, "0123", "stored");
        origin.change(part("\"v2\"", stored));
        for _ in 0..2 {
            let response = get(&cache, &of("\"v1\"")).0;
            let seen = (response.status, response.content.as_slice());
            assert_eq!(seen, (200, b"0123456789".as_slice()));
        }
    }
}

/// 9111-4.4-02, 9111-4.4-03: what a response names is forgotten too, if it is of the same origin.
#[test]
fn what_a_response_names_is_invalidated() {
    let origin = Origin::start(|seen: &Seen| match seen.line.as_str() {
        "POST /orders" => empty(
            "201 Created",
            "Location: orders/../a\r\nContent-Length: 0\r\n",
        ),
        "POST /elsewhere" => empty(
            "201 Created",
            "Content-Location: http://example.org/a\r\nContent-Length: 0\r\n",
        ),
        _ => ok("Cache-Control: max-age=600\r\n", "one"),
    });
    let cache = origin.cache();
    let get = || send(&cache, "GET", "/a", "").1;
    assert_eq!(get(), "stored");
    send(&cache, "POST", "/elsewhere", "Content-Length: 0\r\n");
    assert_eq!(get(), "fresh");
    send(&cache, "POST", "/orders", "Content-Length: 0\r\n");
    assert_eq!(get(), "stored");
}

/// 9111-4.3.5-01, 9111-4.3.5-02, 9111-4.3.5-03, 9111-4.3.5-04: the response to a HEAD updates
/// what is stored, or makes it stale.
#[test]
fn head() {
    let origin = Origin::start(version("\"v1\"", VALIDATE, "one"));
    let cache = origin.cache();
    expect(&cache, "", 200, "one", "stored");
    let head = |fields: &'static str| {
        origin.change(move |_: &Seen| empty("200 OK", fields));
        send(&cache, "HEAD", "/", "")
    };
    let same = "ETag: \"v1\"\r\nContent-Length: 3\r\nCache-Control: max-age=600\r\nX: 1\r\n";
    assert_eq!(head(same).1, "updated by HEAD");
    let response = expect(&cache, "", 200, "one", "fresh");
    assert_eq!(response.text("x"), Some("1"));
    let (response, done) = send(&cache, "HEAD", "/", "");
    assert_eq!((response.status, done.as_str()), (200, "fresh"));
    assert_eq!(response.text("content-length"), Some("3"));

    // Another length: it is another content.
    origin.change(|_: &Seen| empty("200 OK", "ETag: \"v1\"\r\nContent-Length: 4\r\n"));
    let (response, done) = send(&cache, "HEAD", "/", "Cache-Control: no-cache\r\n");
    assert_eq!(
        (response.text("content-length"), done.as_str()),
        (Some("4"), "forwarded")
    );
    origin.change(version("\"v2\"", VALIDATE, "four"));
    expect(&cache, "", 200, "four", "replaced");
}

/// 9111-4.3.2-01, 9111-4.3.2-08, 9111-4.3.2-09, 9111-4.2-01: what a fresh response answers.
#[test]
fn fresh_answers() {
    let origin = Origin::start(|seen: &Seen| {
        let tag = if seen.line == "GET /dated" {
            ""
        } else {
            "ETag: \"v1\"\r\n"
        };
        ok(
            &format!("{tag}Date: {T}\r\nAge: 0\r\nCache-Control: max-age=99999999999\r\n"),
            "0123456789",
        )
    });
    let cache = origin.cache();
    assert_eq!(send(&cache, "GET", "/", "").1, "stored");
    assert_eq!(send(&cache, "GET", "/dated", "").1, "stored");
    origin.seen();
    let lower = T.to_lowercase();
    for (path, fields, status, content) in [
        (
            "/",
            "If-None-Match: \"x\", W/\"v1\"\r\n".to_owned(),
            304,
            "",
        ),
        (
            "/",
            "If-None-Match: \"x\"\r\n".to_owned(),
            200,
            "0123456789",
        ),
        ("/", "If-None-Match: *\r\n".to_owned(), 304, ""),
        ("/", "If-None-Match: \"v1\r\n".to_owned(), 200, "0123456789"),
        ("/dated", format!("If-Modified-Since: {T}\r\n"), 304, ""),
        ("/dated", format!("If-Modified-Since: {lower}\r\n"), 304, ""),
        (
            "/dated",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n".to_owned(),
            200,
            "0123456789",
        ),
        (
            "/",
            "Range: bytes=-2\r\nIf-Range: \"v1\"\r\n".to_owned(),
            206,
            "89",
        ),
        (
            "/",
            "Range: bytes=-2\r\nIf-Range: W/\"v1\"\r\n".to_owned(),
            200,
            "0123456789",
        ),
        (
            "/dated",
            format!("Range: bytes=-2\r\nIf-Range: {T}\r\n"),
            200,
            "0123456789",
        ),
        ("/", "Range: bytes=10-\r\n".to_owned(), 416, ""),
    ] {
        let (response, done) = send(&cache, "GET", path, &fields);
        let text = String::from_utf8_lossy(&response.content).into_owned();
        assert_eq!(
            (response.status, text.as_str(), done.as_str()),
            (status, content, "fresh"),
            "{fields}"
        );
    }
    assert!(origin.seen().is_empty());
}

/// 9111-3.1-06: a trailer field is not mixed into the header fields.
#[test]
fn trailers_stay_out() {
    let origin = Origin::start(|_: &Seen| {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
                    Trailer: ETag\r\nCache-Control: max-age=0\r\n\r\n";
        format!("{head}3\r\none\r\n0\r\nETag: \"trailer\"\r\n\r\n")
    });
    let cache = origin.cache();
    let response = expect(&cache, "TE: trailers\r\n", 200, "one", "stored");
    assert_eq!(response.field("etag"), None);
    origin.seen();
    expect(&cache, "", 200, "one", "replaced");
    assert_eq!(origin.seen_one().field("if-none-match"), None);
}

/// No header makes it answer 5xx by itself, and none makes it drop the connection.
#[test]
fn hostile_headers() {
    let origin = Origin::start(version("\"v1\"", VALIDATE, "one"));
    let cache = origin.cache();
    let mut client = cache.connect();
    let long = format!("If-None-Match: {}\"v1\"\r\n", "\"x\", ".repeat(10_000));
    for fields in [
        "If-None-Match: \r\n",
        "If-None-Match: \"unclosed\r\n",
        "If-None-Match: *, \"v1\"\r\nIf-None-Match: *\r\n",
        "If-None-Match: ,,,,\r\n",
        "If-Modified-Since: yesterday\r\nIf-Modified-Since: \r\n",
        "If-Modified-Since: Sun, 06 Nov 1994 24:00:00 GMT\r\n",
        "Range: bytes=18446744073709551616-\r\n",
        "Range: bytes=0-18446744073709551615, -1\r\nIf-Range: x\r\n",
        "Range: bytes=0-0\r\nRange: bytes=1-1\r\n",
        "Cache-Control: max-age=-1, only-if-cached, \"\r\n",
        "Cache-Control: max-age=99999999999999999999\r\n",
        "Connection: close, host, x, \"\r\nX: 1\r\nConnection: keep-alive\r\n",
        "Connection: Content-Length, If-None-Match\r\nIf-None-Match: \"v1\"\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Expect: 100-continue\r\n",
        "Expect: nonsense\r\n",
        "Proxy-Authorization: x\r\nTE: trailers, x;q=0\r\n",
        "Via: 1.1 cache\r\nAge: x\r\nDate: x\r\nVary: *\r\n",
        long.as_str(),
    ] {
        for method in ["GET", "HEAD"] {
            let response = client.request(request(method, "/", fields));
            assert!(response.status < 500, "{} to {fields}", response.status);
            if fields.contains("close") {
                client = cache.connect();
            }
        }
    }
    let mut bytes =
        b"GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"\xff\xfe\", \"v1\"\r\n".to_vec();
    bytes.extend(b"If-Modified-Since: \x80\r\nRange: \xff=0\r\nCache-Control: \xff\r\n\r\n");
    assert!(client.request(bytes).status < 500);
    assert!(client.request(request("OPTIONS", "*", "")).status < 500);
    let absolute = format!("http://{}/", cache.address);
    assert_eq!(client.request(request("GET", &absolute, "")).status, 200);
}

/// As for `serve` and `proxy`: scripts can tell that it has not even begun.
#[test]
fn the_exit_code_where_it_cannot_listen() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Command::new(common::PROGRAM)
        .args(["cache", "--addr", &address, "http://127.0.0.1:1"])
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
}

/// Nor does any field of the origin server's response, to what is stored or to its validation.
#[test]
fn hostile_origin() {
    for fields in [
        "ETag: unquoted\r\n",
        "ETag: \"a\"\r\nETag: \"b\"\r\n",
        "ETag: \"\"\r\nLast-Modified: 0\r\nDate: 0\r\nExpires: -1\r\n",
        "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\nAge: 99999999999999999999999\r\n",
        "Cache-Control: max-age=\"5, s-maxage=x, =, \"\"\r\n",
        "Vary: a b, ,\r\n",
        "Vary: *\r\n",
        "Connection: Content-Length, Cache-Control\r\nCache-Control: max-age=5\r\n",
    ] {
        let origin = Origin::start(move |_: &Seen| ok(fields, "one"));
        let cache = origin.cache();
        for _ in 0..2 {
            let (response, _) = get(&cache, "If-None-Match: \"x\"\r\n");
            assert_eq!(
                (response.status, response.content.as_slice()),
                (200, b"one".as_slice()),
                "{fields}"
            );
        }
        // A 304 that nobody asked for.
        origin.change(move |_: &Seen| empty("304 Not Modified", fields));
        let (response, _) = get(&cache, "");
        assert!(response.status < 500, "{} to {fields}", response.status);
    }
}

/// `Vary` keeps variants apart.
#[test]
fn variants() {
    let origin = Origin::start(|seen: &Seen| {
        let language = seen.text("accept-language").unwrap_or_default();
        ok(
            "Vary: Accept-Language\r\nCache-Control: max-age=600\r\n",
            &language,
        )
    });
    let cache = origin.cache();
    for done in ["stored", "fresh"] {
        for language in ["en", "de", ""] {
            let fields = format!("Accept-Language: {language}\r\n");
            expect(&cache, &fields, 200, language, done);
        }
    }
}

/// What is stored is bounded, in all and for each response.
#[test]
fn memory_is_bounded() {
    let content = "x".repeat(10_000);
    let large = "y".repeat(30_000);
    let origin = Origin::start(move |seen: &Seen| {
        let content = if seen.line == "GET /large" {
            &large
        } else {
            &content
        };
        ok("Cache-Control: max-age=600\r\n", content)
    });
    let cache = origin.cache_with(&["--max-bytes", "50000", "--max-entry", "20000"]);
    for number in 0..100 {
        let (response, done) = send(&cache, "GET", &format!("/{number}"), "");
        assert_eq!((response.content.len(), done.as_str()), (10_000, "stored"));
    }
    assert_eq!(send(&cache, "GET", "/99", "").1, "fresh");
    assert_eq!(send(&cache, "GET", "/0", "").1, "stored");
    for _ in 0..2 {
        let (response, done) = send(&cache, "GET", "/large", "");
        assert_eq!(
            (response.content.len(), done.as_str()),
            (30_000, "forwarded")
        );
    }
}

/// What may not be stored is not.
#[test]
fn not_stored() {
    for fields in [
        "Cache-Control: no-store\r\n",
        "Cache-Control: max-age=9, PRIVATE=\"x\"\r\n",
    ] {
        let origin = Origin::start(move |_: &Seen| ok(fields, "one"));
        let cache = origin.cache();
        expect(&cache, "", 200, "one", "forwarded");
        expect(&cache, "", 200, "one", "forwarded");
    }
    // These answer one request, or RFC 6585 says so.
    for status in [412, 416, 428, 429, 431] {
        let origin = Origin::start(move |_: &Seen| {
            let fields = "Cache-Control: max-age=600\r\nContent-Length: 0\r\n";
            empty(&format!("{status} No"), fields)
        });
        let cache = origin.cache();
        expect(&cache, "Range: bytes=9-\r\n", status, "", "forwarded");
        expect(&cache, "", status, "", "forwarded");
    }
    let origin = Origin::start(|_: &Seen| ok("Cache-Control: max-age=600\r\n", "one"));
    let cache = origin.cache();
    expect(
        &cache,
        "Authorization: Basic x\r\n",
        200,
        "one",
        "forwarded",
    );
    expect(
        &cache,
        "Cache-Control: no-store\r\n",
        200,
        "one",
        "forwarded",
    );
    expect(&cache, "", 200, "one", "stored");
}

/// A response that becomes stale by its age is validated then.
#[test]
fn freshness_ends() {
    let origin = Origin::start(version("\"v1\"", "Cache-Control: max-age=4\r\n", "one"));
    let cache = origin.cache();
    expect(&cache, "", 200, "one", "stored");
    expect(&cache, "", 200, "one", "fresh");
    expect(
        &cache,
        "Cache-Control: max-age=0\r\n",
        200,
        "one",
        "revalidated by tag",
    );
    expect(
        &cache,
        "Pragma: no-cache\r\n",
        200,
        "one",
        "revalidated by tag",
    );
    thread::sleep(Duration::from_secs(5));
    expect(&cache, "", 200, "one", "revalidated by tag");
}
