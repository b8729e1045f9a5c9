//! `http-conditional proxy` in front of programs that are wrong in one way each, and of one that is
//! right: it names each fault, and is silent about the right one. And it changes nothing.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use common::{Response, Server};

const CONTENT: &str = "Some notes, and some more of them.\n";
const DATE: &str = "Tue, 24 Nov 2026 09:12:44 GMT";

/// What a program gets: the request line, and its fields in lower case.
struct Asked {
    line: String,
    fields: Vec<(String, String)>,
    content: String,
}

impl Asked {
    fn value(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter().filter(|(field, _)| field == name);
        fields.next().map(|(_, value)| &**value)
    }

    fn is(&self, method: &str) -> bool {
        self.line.starts_with(&format!("{method} "))
    }

    /// Reads a request; `None` where the connection ends.
    fn read(stream: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let mut asked = Self {
            line: line.trim_end().to_owned(),
            fields: Vec::new(),
            content: String::new(),
        };
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            asked
                .fields
                .push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = asked
            .value("content-length")
            .and_then(|length| length.parse().ok());
        let mut content = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut content).ok()?;
        asked.content = String::from_utf8(content).unwrap();
        Some(asked)
    }
}

/// A program: whatever is answered to a request, byte for byte. It runs until the tests end.
fn program(answer: impl Fn(&Asked) -> String + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                let mut writer = stream.try_clone().unwrap();
                let mut reader = BufReader::new(stream);
                while let Some(asked) = Asked::read(&mut reader) {
                    let answer = answer(&asked);
                    if writer.write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    address
}

/// An answer with these fields, one a line.
fn answer(status: &str, fields: &str, content: &str) -> String {
    let length = if status.starts_with("304") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", content.len())
    };
    let fields = fields.lines().fold(String::new(), |fields, line| {
        fields
            + line
            + "
"
    });
    format!("HTTP/1.1 {status}\r\n{fields}{length}\r\n{content}")
}

fn proxy(program: SocketAddr) -> Server {
    Server::start("proxy", &[&program.to_string()])
}

fn get(proxy: &Server, fields: &str) -> Response {
    proxy.request(format!(
        "GET /notes.txt HTTP/1.1\r\nHost: a\r\n{fields}\r\n"
    ))
}

/// What is printed of a request: the line, and one for each fault.
fn printed(proxy: &Server, faults: usize) -> Vec<String> {
    (0..=faults).map(|_| proxy.line()).collect()
}

/// Five programs, each with a fault; the requests that show it, and what is said of the last one.
#[test]
fn each_fault_is_named() {
    let count = AtomicUsize::new(0);
    let tagged = "ETag: \"v1\"\nVary: Accept-Encoding\nCache-Control: no-cache";
    let ignores = program(move |_| answer("200 OK", tagged, CONTENT));
    let unquoted = program(|_| answer("200 OK", "ETag: 113d22a8", CONTENT));
    let bare = program(move |asked| match asked.value("if-none-match") {
        Some(_) => answer("304 Not Modified", "ETag: \"v1\"", ""),
        None => answer("200 OK", tagged, CONTENT),
    });
    let changing = program(move |_| {
        let tag = format!("ETag: \"{}\"", count.fetch_add(1, Ordering::Relaxed));
        answer("200 OK", &tag, CONTENT)
    });
    let coded = program(|asked| match asked.value("accept-encoding") {
        Some("gzip") => answer(
            "200 OK",
            "ETag: \"v1\"\nVary: Accept-Encoding\nContent-Encoding: gzip",
            "zipped",
        ),
        _ => answer("200 OK", "ETag: \"v1\"\nVary: Accept-Encoding", CONTENT),
    });
    let size = CONTENT.len();
    for (program, requests, said) in [
        (
            ignores,
            vec!["If-None-Match: \"v1\"\r\n"],
            vec![format!(
                "answered 200 with {size} bytes though the client had it: If-None-Match held the very tag that this answer carries"
            )],
        ),
        (
            unquoted,
            vec!["If-None-Match: 113d22a8\r\n"],
            vec![format!(
                "answered 200 with {size} bytes though the client had it: ETag: 113d22a8 has no quotes, so it is not an entity tag; If-None-Match held 113d22a8"
            )],
        ),
        (
            bare,
            vec!["", "If-None-Match: \"v1\"\r\n"],
            vec![
                String::from("304 without Vary, which the 200 has (RFC 9110 section 15.4.5)"),
                String::from(
                    "304 without Cache-Control, which the 200 has (RFC 9110 section 15.4.5)",
                ),
            ],
        ),
        (
            changing,
            vec!["", "", "If-None-Match: \"1\"\r\n"],
            vec![String::from(
                "the tag changes with each answer, and the content does not: \"0\", then \"1\", then \"2\"; make it from the content, or from a number that changes with it",
            )],
        ),
        (
            coded,
            vec!["", "Accept-Encoding: gzip\r\n"],
            vec![String::from(
                "strong tag, two codings: \"v1\" is the tag of the content coded as it is and as gzip; make it weak, or make two of it",
            )],
        ),
    ] {
        let proxy = proxy(program);
        let (last, before) = requests.split_last().unwrap();
        for fields in before {
            get(&proxy, fields);
            printed(&proxy, 0);
        }
        get(&proxy, last);
        let lines = printed(&proxy, said.len());
        let faults: Vec<&str> = lines[1..]
            .iter()
            .map(|line| line.trim_start().trim_start_matches("! "))
            .collect();
        assert_eq!(faults, said, "{}", lines[0]);
        assert!(lines[0].starts_with("GET /notes.txt "), "{}", lines[0]);
    }
}

/// More faults: of dates, of ranges, of writes, and a 304 that is none.
#[test]
#[allow(clippy::too_many_lines, clippy::type_complexity)] // a table
fn more_faults_are_named() {
    let count = AtomicUsize::new(0);
    let dated = format!("Last-Modified: {DATE}\nDate: {DATE}");
    let cases: Vec<(
        Box<dyn Fn(&Asked) -> String + Send + Sync>,
        Vec<String>,
        &str,
    )> = vec![
        (
            Box::new(move |_| answer("200 OK", &dated, CONTENT)),
            vec![format!("If-Modified-Since: {DATE}\r\n")],
            "If-Modified-Since held a date that this answer's Last-Modified is not after",
        ),
        (
            Box::new(|_| answer("200 OK", "Last-Modified: yesterday", CONTENT)),
            vec![String::new()],
            "Last-Modified: yesterday is not an HTTP-date",
        ),
        (
            Box::new(|_| {
                answer(
                    "200 OK",
                    &format!(
                        "Last-Modified: {}\nDate: {DATE}",
                        DATE.replace("24", "25").replace("Tue", "Wed")
                    ),
                    CONTENT,
                )
            }),
            vec![String::new()],
            "is later than Date",
        ),
        (
            Box::new(|_| answer("200 OK", "", CONTENT)),
            vec![String::new(), String::new()],
            "sent the same 35 bytes as before: the answer has neither ETag nor Last-Modified",
        ),
        (
            Box::new(|_| answer("304 Not Modified", "ETag: \"v1\"", "")),
            vec![String::new()],
            "304 to a request without a condition",
        ),
        (
            Box::new(|_| answer("304 Not Modified", "ETag: \"v1\"", "")),
            vec![String::from("If-None-Match: \"v0\"\r\n")],
            "304 though the client does not have it: it asked with If-None-Match: \"v0\", and the answer's validator is \"v1\"",
        ),
        (
            Box::new(|_| {
                answer(
                    "206 Partial Content",
                    "ETag: \"v1\"\nContent-Range: bytes 0-3/35",
                    "Some",
                )
            }),
            vec![String::from("Range: bytes=0-3\r\nIf-Range: \"v0\"\r\n")],
            "206 though If-Range held \"v0\" and the answer has \"v1\": the client joins parts of two versions",
        ),
        (
            Box::new(|asked| match asked.value("accept-encoding") {
                Some(_) => answer("200 OK", "ETag: W/\"v1\"\nContent-Encoding: br", "zipped"),
                None => answer("200 OK", "ETag: W/\"v1\"", CONTENT),
            }),
            vec![String::new(), String::from("Accept-Encoding: br\r\n")],
            "without Vary: Accept-Encoding",
        ),
        (
            Box::new(move |_| {
                answer(
                    "200 OK",
                    "ETag: \"v1\"",
                    &format!("{CONTENT}{}", count.fetch_add(1, Ordering::Relaxed)),
                )
            }),
            vec![String::new(), String::new()],
            "the content has changed and its strong tag \"v1\" has not",
        ),
        (
            Box::new(|_| answer("412 Precondition Failed", "ETag: \"v1\"", "No.")),
            vec![String::from("If-None-Match: \"v1\"\r\n")],
            "",
        ),
    ];
    for (of_program, requests, said) in cases {
        let proxy = proxy(program(of_program));
        let (last, before) = requests.split_last().unwrap();
        for fields in before {
            get(&proxy, fields);
            printed(&proxy, 0);
        }
        get(&proxy, last);
        let line = proxy.line();
        assert!(line.starts_with("GET /notes.txt "), "{line}");
        if !said.is_empty() {
            let fault = proxy.line();
            assert!(fault.contains(said), "{fault}");
        }
    }

    // A write without its guard, and a 304 to a write.
    let lost = proxy(program(|asked| {
        if asked.is("GET") {
            answer("200 OK", "ETag: \"v1\"", CONTENT)
        } else {
            answer("204 No Content", "", "")
        }
    }));
    get(&lost, "");
    printed(&lost, 0);
    lost.request(
        "PUT /notes.txt HTTP/1.1\r\nHost: a\r\nIf-Match: \"v0\"\r\nContent-Length: 3\r\n\r\nNew",
    );
    let lines = printed(&lost, 1);
    assert!(lines[1].contains("PUT was performed though its condition is false: If-Match held \"v0\", and the current ETag, as last seen, is \"v1\""), "{lines:?}");
    let odd = proxy(program(|_| answer("304 Not Modified", "ETag: \"v1\"", "")));
    odd.request("PUT /notes.txt HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"v1\"\r\nContent-Length: 3\r\n\r\nNew");
    assert!(printed(&odd, 1)[1].contains("304 to PUT"));
}

/// In front of `http-conditional serve` there is nothing to say, whatever is asked.
#[test]
fn a_right_program_has_no_fault() {
    let right = Server::start("serve", &[]);
    let proxy = proxy(right.address);
    let head = |method: &str, path: &str, fields: &str| {
        format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
    };
    let mut asked = 0;
    for path in [
        "/api/config",
        "/notes.txt",
        "/hello",
        "/news",
        "/weak",
        "/comma",
        "/dated",
        "/missing",
    ] {
        let first = proxy.request(head("GET", path, ""));
        let etag = first.text("etag").unwrap_or("\"none\"").to_owned();
        let date = first.text("last-modified").unwrap_or(DATE).to_owned();
        for (method, fields) in [
            ("GET", String::new()),
            ("GET", format!("If-None-Match: {etag}\r\n")),
            ("HEAD", format!("If-None-Match: {etag}\r\n")),
            ("GET", String::from("If-None-Match: \"another\"\r\n")),
            ("GET", format!("If-Modified-Since: {date}\r\n")),
            ("GET", format!("Range: bytes=0-3\r\nIf-Range: {etag}\r\n")),
            (
                "GET",
                String::from("Range: bytes=0-3\r\nIf-Range: \"another\"\r\n"),
            ),
            ("GET", String::from("Accept-Language: de\r\n")),
            ("OPTIONS", String::new()),
            ("PUT", format!("If-Match: {etag}\r\nContent-Length: 0\r\n")),
            (
                "PUT",
                String::from("If-Match: \"another\"\r\nContent-Length: 0\r\n"),
            ),
            ("GET", format!("If-None-Match: {etag}\r\n")),
            ("DELETE", format!("If-Match: {etag}\r\n")),
            ("GET", String::new()),
        ] {
            let request = head(method, path, &fields);
            proxy.connect().request(request);
            asked += 1;
        }
        asked += 1;
    }
    // The next one is the last to be printed.
    proxy.request(head("GET", "/end", ""));
    let mut lines = 0;
    loop {
        let line = proxy.line();
        assert!(!line.trim_start().starts_with('!'), "{line}");
        lines += 1;
        if line.starts_with("GET /end") {
            break;
        }
    }
    assert_eq!(lines, asked + 1);
    let summary = proxy.request(head("GET", "/_http-conditional/summary", ""));
    let summary: serde_json::Value = serde_json::from_slice(&summary.content).unwrap();
    assert_eq!(
        (&summary["totals"]["saved"], &summary["totals"]["at_fault"]),
        (&0.into(), &0.into())
    );
}

/// The page has the list, with the reasons, and a summary of what a correct program would have saved.
#[test]
fn the_page_tells_what_was_seen() {
    let proxy = proxy(program(|_| answer("200 OK", "ETag: \"v1\"", CONTENT)));
    get(&proxy, "Cookie: secret=1\r\nIf-None-Match: \"v1\"\r\n");
    printed(&proxy, 1);
    let of_page = |path: &str| {
        let response = proxy.request(format!(
            "GET /_http-conditional{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        ));
        assert_eq!(response.status, 200, "{path}");
        String::from_utf8(response.content).unwrap()
    };
    let requests = of_page("/requests");
    assert!(!requests.contains("secret"));
    let requests: serde_json::Value = serde_json::from_str(&requests).unwrap();
    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!(requests[0]["faults"][0]["kind"], "sent-again");
    assert_eq!(requests[0]["finding"]["status"], 304);
    assert_eq!(requests[0]["length"], CONTENT.len());
    let summary: serde_json::Value = serde_json::from_str(&of_page("/summary")).unwrap();
    assert_eq!(summary["totals"]["saved"], CONTENT.len());
    let sentence = summary["sentence"].as_str().unwrap();
    assert_eq!(
        sentence,
        "1 request, 0 answered 304, 1 with something wrong; 35 bytes of content sent, of which a correct program would have saved 35 bytes"
    );
    assert!(of_page("/").contains("data-kind=\"proxy\""));
    // The page is not to be had under a name that a foreign site may have taken.
    let foreign =
        proxy.request("GET /_http-conditional/requests HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(foreign.status, 403);
    let redirect = proxy.request("GET /_http-conditional HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(
        (redirect.status, redirect.text("location")),
        (308, Some("/_http-conditional/"))
    );
    // What is written there is not passed on, and changes nothing.
    let put = proxy.request(
        "PUT /_http-conditional/page.js HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
    );
    assert_eq!(put.status, 405);
}

/// Fields, methods and targets that it does not know, and both sides' content.
#[test]
fn nothing_is_changed() {
    let (seen, saw) = mpsc::channel();
    let seen = std::sync::Mutex::new(seen);
    let proxy = proxy(program(move |asked| {
        let fields: Vec<String> = asked
            .fields
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        seen.lock()
            .unwrap()
            .send((asked.line.clone(), fields, asked.content.clone()))
            .unwrap();
        answer(
            "207 Multi-Status",
            "X-Odd: \u{e9}\nX-Odd: 2\nSet-Cookie: a=1\nSet-Cookie: b=2\nConnection: x-hop\nX-Hop: 1",
            "odd",
        )
    }));
    let request = "BREW /p%20a;th?q=%zz&a=/../ HTTP/1.1\r\nHost: my.program:80\r\nX-Odd: 1\r\nX-Odd: 2\r\nCookie: a=1\r\n\
                   If-None-Match: nonsense\r\nConnection: x-mine\r\nX-Mine: 1\r\nProxy-Authorization: Basic x\r\nMax-Forwards: 0\r\nExpect: 100-continue\r\nContent-Length: 7\r\n\r\n";
    let mut client = proxy.connect();
    client.send(format!("{request}content"));
    // The connection deals with Expect.
    let first = client.receive("HEAD");
    let response = if first.status == 100 {
        client.receive("BREW")
    } else {
        first
    };
    assert_eq!((response.status, &*response.content), (207, &b"odd"[..]));
    let values = |name: &str| -> Vec<&[u8]> {
        let fields = response.fields.iter().filter(|(field, _)| field == name);
        fields.map(|(_, value)| value.as_slice()).collect()
    };
    assert_eq!(values("x-odd"), ["\u{e9}".as_bytes(), b"2"]);
    assert_eq!(values("set-cookie"), [b"a=1", b"b=2"]);
    assert!(values("x-hop").is_empty());
    let (line, mut fields, content) = saw.recv().unwrap();
    fields.sort();
    assert_eq!(line, "BREW /p%20a;th?q=%zz&a=/../ HTTP/1.1");
    assert_eq!(
        fields,
        [
            "content-length: 7",
            "cookie: a=1",
            "host: my.program:80",
            "if-none-match: nonsense",
            "max-forwards: 0",
            "x-odd: 1",
            "x-odd: 2"
        ]
    );
    assert_eq!(content, "content");
}

/// RFC 9112 section 3.2.2: the host of the target is the Host.
#[test]
fn the_host_of_the_target() {
    let program = program(|asked| answer("200 OK", "", asked.value("host").unwrap()));
    let own = program.to_string();
    let proxy = proxy(program);
    for (head, host) in [
        (
            "GET http://user@a.example:80/ HTTP/1.1\r\nHost: b.example",
            "a.example:80",
        ),
        ("GET / HTTP/1.1\r\nHost: b.example", "b.example"),
        ("GET / HTTP/1.0", &own),
    ] {
        let response = proxy.request(format!("{head}\r\n\r\n"));
        assert_eq!(String::from_utf8(response.content).unwrap(), host);
    }
}

/// The head and each piece of an answer arrive before the next piece is made.
#[test]
fn content_is_streamed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = proxy(listener.local_addr().unwrap());
    let (go_on, may_go_on) = mpsc::channel();
    let program = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        Asked::read(&mut BufReader::new(stream.try_clone().unwrap())).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\n\r\n")
            .unwrap();
        for piece in [
            "5\r\nfirst\r\n",
            "6\r\nsecond\r\n",
            "0\r\nX-Trailer: 1\r\n\r\n",
        ] {
            may_go_on.recv().unwrap();
            stream.write_all(piece.as_bytes()).unwrap();
        }
    });
    let mut client = TcpStream::connect(proxy.address).unwrap();
    client
        .write_all(b"GET /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut seen = String::new();
    let mut until = |end: &str| {
        let mut byte = [0];
        while !seen.ends_with(end) {
            assert_eq!(client.read(&mut byte).unwrap(), 1, "{seen}");
            seen.push(char::from(byte[0]));
        }
    };
    until("\r\n\r\n");
    go_on.send(()).unwrap();
    until("first\r\n");
    go_on.send(()).unwrap();
    until("second\r\n");
    go_on.send(()).unwrap();
    until("\r\n\r\n");
    program.join().unwrap();
    assert!(proxy.line().starts_with("GET /events 200 OK"));
}

/// A WebSocket, or what else two sides agree on: both can speak, in any order.
#[test]
fn upgrades_are_passed_on() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = proxy(listener.local_addr().unwrap());
    let program = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let asked = Asked::read(&mut reader).unwrap();
        assert_eq!(
            (asked.value("upgrade"), asked.value("sec-websocket-key")),
            (Some("websocket"), Some("k"))
        );
        stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: a\r\n\r\nhello").unwrap();
        let mut said = [0; 4];
        reader.read_exact(&mut said).unwrap();
        stream.write_all(&said).unwrap();
    });
    let mut client = TcpStream::connect(proxy.address).unwrap();
    client.write_all(b"GET /socket HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n").unwrap();
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
    }
    let head = head.to_ascii_lowercase();
    assert!(
        head.starts_with("http/1.1 101 ") && head.contains("upgrade: websocket"),
        "{head}"
    );
    let mut hello = [0; 5];
    reader.read_exact(&mut hello).unwrap();
    client.write_all(b"ping").unwrap();
    let mut echo = [0; 4];
    reader.read_exact(&mut echo).unwrap();
    assert_eq!((&hello, &echo), (b"hello", b"ping"));
    program.join().unwrap();
    assert_eq!(proxy.line(), "GET /socket 101 Switching Protocols");
}

/// RFC 9110 section 15.2: interim answers are passed on, but those of a connection.
#[test]
fn interim_answers_are_passed_on() {
    let proxy = proxy(program(|_| {
        let interim = "HTTP/1.1 100 Continue\r\n\r\n\
                       HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\n\
                       HTTP/1.1 102 Processing\r\n\r\n";
        interim.to_owned() + &answer("200 OK", "", CONTENT)
    }));
    let mut client = proxy.connect();
    let first = client.request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!((first.status, first.names()), (103, vec!["link"]));
    assert_eq!(client.receive("GET").status, 102);
    let last = client.receive("GET");
    assert_eq!((last.status, &*last.content), (200, CONTENT.as_bytes()));
    assert!(proxy.line().starts_with("GET / 200 OK"));
}

/// The time for the answer begins when the program has the whole request.
#[test]
fn a_slow_upload_is_not_a_slow_program() {
    let program = program(|asked| answer("200 OK", "", &asked.content));
    let proxy = Server::start("proxy", &[&program.to_string(), "--timeout", "1"]);
    let mut client = proxy.connect();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
    for byte in ["s", "l", "o", "w"] {
        thread::sleep(Duration::from_millis(700));
        client.send(byte);
    }
    let response = client.receive("POST");
    assert_eq!((response.status, &*response.content), (200, &b"slow"[..]));
}

/// A client that does not go on with its content is not waited for as long as it likes.
#[test]
fn a_client_that_stops() {
    let program = program(|asked| answer("200 OK", "", &asked.content));
    let proxy = Server::start("proxy", &[&program.to_string(), "--timeout", "1"]);
    let mut client = TcpStream::connect(proxy.address).unwrap();
    let patience = Duration::from_secs(40);
    client.set_read_timeout(Some(patience)).unwrap();
    client
        .write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nst")
        .unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
}

/// A program that is not there is said to be that.
#[test]
fn a_program_that_does_not_answer() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let proxy = proxy(nobody);
    let response = get(&proxy, "");
    assert_eq!(response.status, 502);
    let content = String::from_utf8(response.content).unwrap();
    assert!(
        content.starts_with(&format!("The program at {nobody} did not answer: ")),
        "{content}"
    );
    assert!(
        proxy
            .line()
            .starts_with("GET /notes.txt 502 Bad Gateway: The program at ")
    );
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let proxy = Server::start("proxy", &[&address, "--timeout", "1"]);
    assert_eq!(get(&proxy, "").status, 504);
    let put = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nall";
    assert_eq!(proxy.request(put).status, 504);
}
