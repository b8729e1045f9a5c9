//! Starts the programs, and talks to them in raw bytes.

#![allow(dead_code, unused_imports, unused_macros)] // each test file uses a part of it

/// With the tests of the layer, whose package has to be whole by itself.
#[path = "../../../../tower/tests/cases/mod.rs"]
pub(crate) mod cases;
pub(crate) mod rules;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long to wait for what has to come; only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running program; ended when dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
}

impl Server {
    pub(crate) fn start(program: &str, arguments: &[&str]) -> Self {
        Self::start_in(Path::new("."), program, arguments)
    }

    pub(crate) fn start_in(directory: &Path, program: &str, arguments: &[&str]) -> Self {
        let mut process = Command::new(program)
            .current_dir(directory)
            .args(arguments)
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        // Before anything can fail: it ends the process.
        let mut server = Self {
            process,
            address: String::new(),
        };
        let lines = BufReader::new(stdout).lines();
        let line = lines.map_while(Result::ok).next().expect("a line");
        let address = line.strip_prefix("listening on http://");
        address.expect(&line).clone_into(&mut server.address);
        server
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(&*self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The bytes of a request; `lines` are field lines, each with its line end.
pub(crate) fn request(method: &str, path: &str, lines: impl AsRef<[u8]>, content: &str) -> Vec<u8> {
    let mut bytes = format!("{method} {path} HTTP/1.1\r\nHost: example.com\r\n").into_bytes();
    if method == "PUT" {
        bytes.extend(format!("Content-Length: {}\r\n", content.len()).bytes());
    }
    bytes.extend(lines.as_ref());
    bytes.extend(b"\r\n");
    bytes.extend(content.bytes());
    bytes
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    /// Received, but not part of a response so far.
    received: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: impl ToSocketAddrs) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            received: Vec::new(),
        }
    }

    pub(crate) fn get(&mut self, path: &str, lines: impl AsRef<[u8]>) -> Response {
        self.send(request("GET", path, lines, ""));
        self.receive("GET")
    }

    pub(crate) fn head(&mut self, path: &str, lines: impl AsRef<[u8]>) -> Response {
        self.send(request("HEAD", path, lines, ""));
        self.receive("HEAD")
    }

    pub(crate) fn put(&mut self, path: &str, lines: impl AsRef<[u8]>, content: &str) -> Response {
        self.send(request("PUT", path, lines, content));
        self.receive("PUT")
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Receives exactly one response, to a request with this method. Bytes after it are taken for
    /// the next one, so that content where there may be none does not stay unnoticed.
    pub(crate) fn receive(&mut self, method: &str) -> Response {
        let (mut response, head_length) = loop {
            if let Some(parsed) = Response::parse_head(&self.received) {
                break parsed;
            }
            self.receive_more();
        };
        self.received.drain(..head_length);
        let has_content = method != "HEAD" && !matches!(response.status, 204 | 304);
        if has_content {
            response.content = if response.text("transfer-encoding") == Some("chunked") {
                self.receive_chunks()
            } else {
                let length = response.text("content-length").expect("a length");
                self.receive_exactly(length.parse().expect("a number"))
            };
        }
        response
    }

    fn receive_exactly(&mut self, length: usize) -> Vec<u8> {
        while self.received.len() < length {
            self.receive_more();
        }
        self.received.drain(..length).collect()
    }

    /// RFC 9112 section 7.1, without trailers.
    fn receive_chunks(&mut self) -> Vec<u8> {
        let mut content = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = self.received.iter().position(|byte| *byte == b'\n') {
                    break end;
                }
                self.receive_more();
            };
            let line: Vec<u8> = self.received.drain(..=end).collect();
            let digits = str::from_utf8(&line).expect("a length").trim_end();
            let length = usize::from_str_radix(digits, 16).expect("a number");
            let chunk = self.receive_exactly(length + 2);
            assert!(chunk.ends_with(b"\r\n"));
            content.extend_from_slice(&chunk[..length]);
            if length == 0 {
                return content;
            }
        }
    }

    fn receive_more(&mut self) {
        let mut buffer = [0; 4096];
        let length = self.stream.read(&mut buffer).expect("a response");
        assert_ne!(length, 0, "closed before the end of a response");
        self.received.extend_from_slice(&buffer[..length]);
    }
}

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    pub(crate) content: Vec<u8>,
}

impl Response {
    fn parse_head(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut lines = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut lines);
        let httparse::Status::Complete(length) = head.parse(bytes).expect("a response") else {
            return None;
        };
        let fields = head.headers.iter().map(|line| {
            let value = String::from_utf8(line.value.to_vec()).expect("ASCII");
            (line.name.to_ascii_lowercase(), value)
        });
        let response = Self {
            status: head.code.expect("a status"),
            fields: fields.collect(),
            content: Vec::new(),
        };
        Some((response, length))
    }

    /// The value of a field that has one line.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let mut lines = self.fields.iter().filter(|(field, _)| field == name);
        let (_, value) = lines.next()?;
        assert!(lines.next().is_none(), "more than one line of {name}");
        Some(value)
    }

    pub(crate) fn etag(&self) -> &str {
        self.text("etag").expect("an entity tag")
    }
}
