//! Starts the program, and talks to its servers in raw bytes.

#![allow(dead_code)] // each test file uses a part of it

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// How long to wait for what has to come; only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program, as it was built for these tests.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_http-conditional");

/// A running server; ended when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    lines: Mutex<Receiver<String>>,
}

impl Server {
    /// Starts a subcommand that listens on `--addr` and prints `listening on http://ADDRESS` first.
    pub(crate) fn start(name: &str, arguments: &[&str]) -> Self {
        Self::start_with(&mut Command::new(PROGRAM), name, arguments)
    }

    /// The same as a user who may read only what all may read: tests may be run by root.
    #[cfg(unix)]
    pub(crate) fn start_as_nobody(name: &str, arguments: &[&str]) -> Self {
        use std::os::unix::fs::MetadataExt;
        use std::os::unix::process::CommandExt;

        let mut command = Command::new(PROGRAM);
        let own = TempDir::new();
        if fs::metadata(own.path()).unwrap().uid() == 0 {
            command.uid(65534);
        }
        Self::start_with(&mut command, name, arguments)
    }

    fn start_with(command: &mut Command, name: &str, arguments: &[&str]) -> Self {
        let mut process = command
            .arg(name)
            .args(["--addr", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        // Reads on to the end, so that the server never waits for a reader.
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut server = Self {
            process,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            lines: Mutex::new(lines),
        };
        let first = server.line();
        let address = first.strip_prefix("listening on http://");
        server.address = address.expect(&first).parse().expect(&first);
        server
    }

    /// The next line that it prints.
    pub(crate) fn line(&self) -> String {
        let line = self.lines.lock().unwrap().recv_timeout(PATIENCE);
        line.expect("the server should have printed a line")
    }

    /// The lines that it has printed and nobody has read yet.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().try_iter().collect()
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// One request on a connection of its own.
    pub(crate) fn request(&self, request: impl AsRef<[u8]>) -> Response {
        self.connect().request(request)
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Whether it ends by itself, and with success.
    pub(crate) fn ends_well(mut self) -> bool {
        self.process.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection that sends what it is told, byte for byte.
pub(crate) struct Client {
    stream: TcpStream,
    /// Received, but not part of a response so far.
    received: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            received: Vec::new(),
        }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).unwrap();
    }

    /// As [`send`](Self::send), where the server may close before it has read everything.
    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Sends a request, complete with its head's empty line, and receives its response.
    pub(crate) fn request(&mut self, request: impl AsRef<[u8]>) -> Response {
        let request = request.as_ref();
        let method = request.split(|&byte| byte == b' ').next().unwrap();
        self.send(request);
        self.receive(std::str::from_utf8(method).unwrap())
    }

    /// Receives exactly one response, to a request with this method. Bytes after it are taken for
    /// the next one, so that content where there may be none does not stay unnoticed.
    pub(crate) fn receive(&mut self, method: &str) -> Response {
        let (mut response, head_length) = loop {
            if let Some(parsed) = Response::parse_head(&self.received) {
                break parsed;
            }
            assert!(self.fill(), "closed before the end of a response's head");
        };
        self.received.drain(..head_length);
        let no_content = method == "HEAD" || matches!(response.status, 100..=199 | 204 | 304);
        let length = if no_content {
            0
        } else {
            let length = response.text("content-length");
            let length = length.expect("a response should say its length");
            length.parse().expect("a length")
        };
        while self.received.len() < length {
            assert!(self.fill(), "closed before the end of a response's content");
        }
        response.content = self.received.drain(..length).collect();
        response
    }

    /// Receives the head of the response to a GET: its status, and the length of its content.
    pub(crate) fn receive_head(&mut self) -> (u16, u64) {
        loop {
            if let Some((response, head_length)) = Response::parse_head(&self.received) {
                self.received.drain(..head_length);
                let length = response.text("content-length").expect("a length");
                return (response.status, length.parse().expect("a length"));
            }
            assert!(self.fill(), "closed before the end of a response's head");
        }
    }

    /// The status of the response to a GET, and how much of its content has come until its end, or
    /// until the connection is closed.
    pub(crate) fn receive_length(&mut self) -> (u16, u64) {
        let (status, length) = self.receive_head();
        let mut came = 0;
        loop {
            came += self.received.len() as u64;
            self.received.clear();
            if came >= length || !self.fill() {
                return (status, came);
            }
        }
    }

    /// What comes until the connection is closed, or nothing more comes for a while.
    pub(crate) fn receive_rest(&mut self) -> Vec<u8> {
        let short = Duration::from_secs(3);
        self.stream.set_read_timeout(Some(short)).unwrap();
        let mut buffer = vec![0; 1 << 20];
        while let Ok(length @ 1..) = self.stream.read(&mut buffer) {
            self.received.extend_from_slice(&buffer[..length]);
        }
        std::mem::take(&mut self.received)
    }

    /// Whether the server has closed the connection, after nothing more than what was received.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.received.is_empty() && !self.fill()
    }

    /// Receives some more bytes; `false` at the end.
    fn fill(&mut self) -> bool {
        let mut buffer = [0; 16384];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(length) => {
                self.received.extend_from_slice(&buffer[..length]);
                true
            }
            // A server that closes while there is something left to read resets the connection.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("no response: {error}"),
        }
    }
}

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) content: Vec<u8>,
}

impl Response {
    fn parse_head(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        let parsed = head.parse(bytes).unwrap_or_else(|error| {
            panic!("not a response, {error}: {}", bytes.escape_ascii());
        });
        let httparse::Status::Complete(length) = parsed else {
            return None;
        };
        let fields = head.headers.iter();
        let fields = fields.map(|field| (field.name.to_ascii_lowercase(), field.value.to_vec()));
        let response = Self {
            status: head.code.unwrap(),
            fields: fields.collect(),
            content: Vec::new(),
        };
        Some((response, length))
    }

    /// The value of a field that has one line.
    pub(crate) fn field(&self, name: &str) -> Option<&[u8]> {
        let mut lines = self.fields.iter().filter(|(field, _)| field == name);
        let first = lines.next();
        assert!(lines.next().is_none(), "more than one line of {name}");
        first.map(|(_, value)| value.as_slice())
    }

    /// The value of a field that has one line of ASCII.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name)
            .map(|value| std::str::from_utf8(value).unwrap())
    }

    /// The names of the fields, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// An empty directory of its own; removed when dropped.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }

    pub(crate) fn write(&self, name: &str, data: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.0.join(name)).ok()
    }

    /// The names in it, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
