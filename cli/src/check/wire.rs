//! HTTP/1.1 as bytes (RFC 9112): requests go out exactly as they are written, and what comes
//! behind an answer is not lost.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::message::{Line, Request, Response};
use super::target::{Scheme, Target};

/// Why there is no answer.
#[derive(Debug)]
pub enum Error {
    /// There is no connection.
    Connect(String),
    /// The connection was closed before the answer was complete.
    Closed,
    /// No answer in time.
    TimedOut,
    /// What came is not HTTP.
    NotHttp(Vec<u8>),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(reason) => write!(formatter, "cannot connect: {reason}"),
            Self::Closed => formatter.write_str("the connection was closed without an answer"),
            Self::TimedOut => formatter.write_str("no answer in time"),
            Self::NotHttp(bytes) => {
                let shown = super::message::shown_short(bytes);
                write!(formatter, "what came is not HTTP/1.1: {shown}")
            }
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::TimedOut,
            _ => Self::Closed,
        }
    }
}

/// How requests are sent.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// How long to wait between two requests.
    pub pause: Duration,
    /// How much of a content is read; then the connection is given up.
    pub most_content: usize,
    /// Field lines that go with every request.
    pub lines: Vec<Line>,
    /// Trust the certificates of this file, and not those that the system trusts.
    pub authorities: Option<PathBuf>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            pause: Duration::ZERO,
            most_content: 1 << 20,
            lines: Vec::new(),
            authorities: None,
        }
    }
}

/// What a head may take.
const MOST_HEAD: usize = 64 << 10;

/// A stream of bytes, encrypted or not.
pub(super) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

struct Connection {
    stream: Box<dyn Stream>,
    /// What was read and not used.
    buffer: Vec<u8>,
    used: bool,
    deadline: Instant,
}

/// A client of one server, on one connection as long as that lasts.
pub struct Client {
    target: Target,
    manner: Manner,
    connection: Option<Connection>,
    last: Option<(Request, Response)>,
    /// The requests behind whose answers there were bytes; the answers have those bytes.
    pub strays: Vec<(Request, Response)>,
    /// How many requests were sent.
    pub sent: usize,
    /// How many bytes of content came.
    pub received: u64,
    /// Called before each request.
    pub progress: Option<fn(usize)>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Client({})", self.target)
    }
}

impl Client {
    /// Connects when something is sent.
    #[must_use]
    pub fn new(target: &Target, manner: &Manner) -> Self {
        Self {
            target: target.clone(),
            manner: manner.clone(),
            connection: None,
            last: None,
            strays: Vec::new(),
            sent: 0,
            received: 0,
            progress: None,
        }
    }

    /// Sends a request and reads the answer. A connection that the server has closed meanwhile is
    /// replaced by another.
    ///
    /// # Errors
    ///
    /// Where there is no answer, or none that is HTTP.
    pub fn send(&mut self, request: &Request) -> Result<Response, Error> {
        if self.sent > 0 && !self.manner.pause.is_zero() {
            thread::sleep(self.manner.pause);
        }
        if let Some(progress) = self.progress {
            progress(self.sent);
        }
        self.sent += 1;
        let safe = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let used = self
            .connection
            .as_ref()
            .is_some_and(|connection| connection.used);
        if used && !safe {
            // One that is closed just now could not be told from one that performed it.
            self.connection = None;
        }
        let used = self.connect()?;
        match self.exchange(request) {
            Err(Error::Closed) if used && safe => {
                self.connection = None;
                self.connect()?;
                self.exchange(request)
            }
            Err(Error::NotHttp(bytes)) if used => {
                // It belongs to the answer before.
                if let Some((request, mut response)) = self.last.take() {
                    response.stray = bytes;
                    self.strays.push((request, response));
                }
                self.connection = None;
                self.connect()?;
                self.exchange(request)
            }
            other => other,
        }
        .inspect_err(|_| self.connection = None)
    }

    /// Sends all at once and then reads the answers; ends where the server closes the connection.
    ///
    /// # Errors
    ///
    /// Where there is no connection, or an answer is neither given nor refused.
    pub fn send_all(&mut self, requests: &[Request]) -> Result<Vec<Response>, Error> {
        self.connection = None;
        self.connect()?;
        self.sent += requests.len();
        let bytes: Vec<u8> = requests
            .iter()
            .flat_map(|request| self.bytes(request))
            .collect();
        let mut responses = Vec::new();
        if let Some(connection) = &mut self.connection {
            connection.stream.write_all(&bytes)?;
            connection.deadline = Instant::now() + self.manner.timeout;
            for request in requests {
                match connection.read(request, self.manner.most_content) {
                    Ok(response) => responses.push(response),
                    Err(Error::Closed) => break,
                    Err(error) => {
                        self.connection = None;
                        return Err(error);
                    }
                }
            }
        }
        self.connection = None;
        self.last = None;
        Ok(responses)
    }

    /// Connects, so that the next request does not have to.
    ///
    /// # Errors
    ///
    /// Where there is no connection.
    pub fn open(&mut self) -> Result<(), Error> {
        self.connect().map(|_| ())
    }

    /// Whether the connection had been used before.
    fn connect(&mut self) -> Result<bool, Error> {
        if let Some(connection) = &self.connection {
            return Ok(connection.used);
        }
        let stream = stream(&self.target, &self.manner)?;
        self.connection = Some(Connection {
            stream,
            buffer: Vec::new(),
            used: false,
            deadline: Instant::now(),
        });
        Ok(false)
    }

    fn exchange(&mut self, request: &Request) -> Result<Response, Error> {
        let bytes = self.bytes(request);
        let Some(connection) = &mut self.connection else {
            return Err(Error::Closed);
        };
        connection.used = true;
        connection.deadline = Instant::now() + self.manner.timeout;
        // Who answers before reading all may close: its answer is there nevertheless.
        let written = connection.stream.write_all(&bytes);
        let mut response = match connection.read(request, self.manner.most_content) {
            Err(Error::Closed) if written.is_err() => return Err(Error::Closed),
            other => other?,
        };
        self.received += response.content.len() as u64;
        response.stray = std::mem::take(&mut connection.buffer);
        if response.closes || !response.complete || !response.stray.is_empty() {
            self.connection = None;
        }
        if !response.stray.is_empty() && response.complete {
            self.strays.push((request.clone(), response.clone()));
        }
        self.last = Some((request.clone(), response.clone()));
        Ok(response)
    }

    /// The request as it goes out.
    fn bytes(&self, request: &Request) -> Vec<u8> {
        let mut bytes = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\n",
            request.method,
            request.path,
            self.target.authority(),
            super::USER_AGENT,
        )
        .into_bytes();
        for (name, value) in self.manner.lines.iter().chain(&request.lines) {
            bytes.extend(name);
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        if let Some(content) = &request.content {
            bytes.extend(format!("Content-Length: {}\r\n", content.len()).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(request.content.iter().flatten());
        bytes
    }
}

/// How the content of an answer ends (RFC 9112 section 6.3).
enum Ends {
    AtOnce,
    After(u64),
    InChunks,
    WithTheConnection,
}

impl Connection {
    fn read(&mut self, request: &Request, most: usize) -> Result<Response, Error> {
        loop {
            let mut response = self.head()?;
            // Interim answers come before the one that counts.
            if (100..200).contains(&response.status) && response.status != 101 {
                continue;
            }
            let no_content = request.method == "HEAD" || matches!(response.status, 204 | 304);
            let ends = if no_content {
                Ends::AtOnce
            } else if response.lists("transfer-encoding", "chunked") {
                Ends::InChunks
            } else if let Some(length) = response.length() {
                Ends::After(length)
            } else {
                Ends::WithTheConnection
            };
            response.complete = match ends {
                Ends::AtOnce => true,
                Ends::After(length) => self.content(length, most, &mut response.content)?,
                Ends::InChunks => self.chunks(most, &mut response.content)?,
                Ends::WithTheConnection => {
                    response.closes = true;
                    self.rest(most, &mut response.content)?
                }
            };
            return Ok(response);
        }
    }

    fn head(&mut self) -> Result<Response, Error> {
        loop {
            let start = self.buffer.len().min(5);
            if self.buffer[..start] != b"HTTP/"[..start] {
                return Err(Error::NotHttp(std::mem::take(&mut self.buffer)));
            }
            let mut lines = [httparse::EMPTY_HEADER; 128];
            let mut parsed = httparse::Response::new(&mut lines);
            let status = httparse::ParserConfig::default()
                .allow_spaces_after_header_name_in_responses(true)
                .ignore_invalid_headers_in_responses(true)
                .parse_response(&mut parsed, &self.buffer);
            match status {
                Ok(httparse::Status::Complete(length)) => {
                    let line = |line: &httparse::Header<'_>| {
                        (line.name.as_bytes().to_vec(), line.value.to_vec())
                    };
                    let mut response = Response {
                        status: parsed.code.unwrap_or_default(),
                        lines: parsed.headers.iter().map(line).collect(),
                        ..Response::default()
                    };
                    response.closes = response.lists("connection", "close")
                        || (parsed.version == Some(0)
                            && !response.lists("connection", "keep-alive"));
                    self.buffer.drain(..length);
                    return Ok(response);
                }
                Ok(httparse::Status::Partial) if self.buffer.len() <= MOST_HEAD => {}
                _ => return Err(Error::NotHttp(std::mem::take(&mut self.buffer))),
            }
            if self.more()? == 0 {
                let buffer = std::mem::take(&mut self.buffer);
                return Err(if buffer.is_empty() {
                    Error::Closed
                } else {
                    Error::NotHttp(buffer)
                });
            }
        }
    }

    /// Reads more into the buffer; 0 at the end.
    fn more(&mut self) -> Result<usize, Error> {
        if Instant::now() > self.deadline {
            return Err(Error::TimedOut);
        }
        let mut chunk = [0; 16 << 10];
        let length = self.stream.read(&mut chunk)?;
        self.buffer.extend(&chunk[..length]);
        Ok(length)
    }

    /// Whether all of it was read.
    fn content(&mut self, length: u64, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        let mut left = length;
        while left > 0 {
            if self.buffer.is_empty() && self.more()? == 0 {
                return Err(Error::Closed);
            }
            let available = usize::try_from(left).unwrap_or(usize::MAX);
            let taken = available.min(self.buffer.len());
            into.extend(self.buffer.drain(..taken));
            left -= taken as u64;
            if into.len() > most {
                into.truncate(most);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn chunks(&mut self, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        loop {
            let (start, size) = loop {
                match httparse::parse_chunk_size(&self.buffer) {
                    Ok(httparse::Status::Complete(found)) => break found,
                    Ok(httparse::Status::Partial) if self.buffer.len() <= MOST_HEAD => {}
                    _ => return Err(Error::NotHttp(std::mem::take(&mut self.buffer))),
                }
                if self.more()? == 0 {
                    return Err(Error::Closed);
                }
            };
            self.buffer.drain(..start);
            if size == 0 {
                return self.trailers().map(|()| true);
            }
            if !self.content(size, most, into)? {
                return Ok(false);
            }
            self.line()?;
        }
    }

    /// The fields behind the last chunk, and the empty line.
    fn trailers(&mut self) -> Result<(), Error> {
        while !self.line()?.is_empty() {}
        Ok(())
    }

    fn line(&mut self) -> Result<Vec<u8>, Error> {
        loop {
            if let Some(at) = self.buffer.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=at).collect();
                return Ok(line.trim_ascii().to_vec());
            }
            if self.buffer.len() > MOST_HEAD {
                return Err(Error::NotHttp(std::mem::take(&mut self.buffer)));
            }
            if self.more()? == 0 {
                return Err(Error::Closed);
            }
        }
    }

    fn rest(&mut self, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        loop {
            into.append(&mut self.buffer);
            if into.len() > most {
                into.truncate(most);
                return Ok(false);
            }
            if self.more()? == 0 {
                return Ok(true);
            }
        }
    }
}

fn stream(target: &Target, manner: &Manner) -> Result<Box<dyn Stream>, Error> {
    let name = target.host.trim_matches(['[', ']']);
    let addresses = (name, target.port)
        .to_socket_addrs()
        .map_err(|error| Error::Connect(format!("{}: {error}", target.host)))?;
    let mut reason = format!("{} has no address", target.host);
    for address in addresses {
        match TcpStream::connect_timeout(&address, manner.timeout) {
            Ok(stream) => {
                stream.set_read_timeout(Some(manner.timeout))?;
                stream.set_write_timeout(Some(manner.timeout))?;
                stream.set_nodelay(true)?;
                return match target.scheme {
                    Scheme::Http => Ok(Box::new(stream)),
                    Scheme::Https => encrypted(stream, name, manner),
                };
            }
            Err(error) => reason = format!("{address}: {error}"),
        }
    }
    Err(Error::Connect(reason))
}

#[cfg(feature = "tls")]
fn encrypted(stream: TcpStream, name: &str, manner: &Manner) -> Result<Box<dyn Stream>, Error> {
    super::tls::connect(stream, name, manner.authorities.as_deref())
}

#[cfg(not(feature = "tls"))]
fn encrypted(_: TcpStream, _: &str, _: &Manner) -> Result<Box<dyn Stream>, Error> {
    let reason = "https needs a build with `--features tls`";
    Err(Error::Connect(reason.to_owned()))
}
