//! A client of one server: which version it speaks, how politely, and what it has seen.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::connect;
use super::http1;
#[cfg(feature = "tls")]
use super::http2;
use super::message::{Line, Request, Response};
use super::target::Target;

/// Why there is no answer.
#[derive(Debug)]
pub enum Error {
    /// There is no connection.
    Connect(String),
    /// The connection was closed before the answer was complete.
    Closed,
    /// No answer in time.
    TimedOut,
    /// What came is not HTTP/1.1.
    NotHttp(Vec<u8>),
    /// What came is not HTTP/2, or the server has given up on the request.
    NotHttp2(String),
    /// As much content has come as may come.
    Enough(u64),
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
            Self::NotHttp2(reason) => write!(formatter, "no answer over HTTP/2: {reason}"),
            Self::Enough(bytes) => write!(
                formatter,
                "{bytes} bytes of content have come, which is as much as --max-total allows"
            ),
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

/// A version of HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// HTTP/1.1.
    #[default]
    Http1,
    /// HTTP/2: over TLS, or in the clear without asking.
    Http2,
}

impl Version {
    /// As people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        }
    }
}

/// How requests are sent.
#[derive(Clone, Debug)]
pub struct Manner {
    /// The version of HTTP.
    pub version: Version,
    /// How long to wait for an answer.
    pub timeout: Duration,
    /// How long to wait between two requests.
    pub pause: Duration,
    /// How much of a content is read; then the connection is given up.
    pub most_content: usize,
    /// How much content may come in all; then nothing more is asked.
    pub most_in_all: u64,
    /// Field lines that go with every request.
    pub lines: Vec<Line>,
    /// Trust the certificates of this file, and not those that the system trusts.
    pub authorities: Option<PathBuf>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            version: Version::default(),
            timeout: Duration::from_secs(10),
            pause: Duration::ZERO,
            most_content: 1 << 20,
            most_in_all: 1 << 28,
            lines: Vec::new(),
            authorities: None,
        }
    }
}

/// What a head may take.
pub(super) const MOST_HEAD: usize = 64 << 10;

enum Connection {
    Http1(http1::Connection),
    #[cfg(feature = "tls")]
    Http2(http2::Connection),
}

impl Connection {
    fn open(target: &Target, manner: &Manner) -> Result<Self, Error> {
        match manner.version {
            Version::Http1 => {
                let stream = connect::stream(target, manner)?;
                Ok(Self::Http1(http1::Connection::new(stream)))
            }
            #[cfg(feature = "tls")]
            Version::Http2 => Ok(Self::Http2(http2::Connection::open(target, manner)?)),
            #[cfg(not(feature = "tls"))]
            Version::Http2 => {
                let reason = "HTTP/2 needs a build with `--features tls`";
                Err(Error::Connect(reason.to_owned()))
            }
        }
    }
}

/// A client of one server, on one connection as long as that lasts.
pub struct Client {
    target: Target,
    manner: Manner,
    connection: Option<Connection>,
    /// Whether something was sent on it.
    used: bool,
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
            used: false,
            last: None,
            strays: Vec::new(),
            sent: 0,
            received: 0,
            progress: None,
        }
    }

    /// The version that it speaks.
    #[must_use]
    pub fn version(&self) -> Version {
        self.manner.version
    }

    /// Whether a request can be said in the version that it speaks.
    #[must_use]
    pub fn can_send(&self, request: &Request) -> bool {
        self.manner.version == Version::Http1 || request.fits_http2()
    }

    /// Fails where as much content has come as may come.
    ///
    /// # Errors
    ///
    /// [`Error::Enough`].
    pub fn may_ask_more(&self) -> Result<(), Error> {
        if self.received >= self.manner.most_in_all {
            return Err(Error::Enough(self.received));
        }
        Ok(())
    }

    /// Sends a request and reads the answer. A connection that the server has closed meanwhile is
    /// replaced by another.
    ///
    /// # Errors
    ///
    /// Where there is no answer, or none that is HTTP.
    pub fn send(&mut self, request: &Request) -> Result<Response, Error> {
        self.may_ask_more()?;
        if self.sent > 0 && !self.manner.pause.is_zero() {
            thread::sleep(self.manner.pause);
        }
        if let Some(progress) = self.progress {
            progress(self.sent);
        }
        self.sent += 1;
        let safe = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        if self.used && !safe {
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

    /// Sends all at once, in HTTP/1.1, and then reads the answers; ends where the server closes the
    /// connection.
    ///
    /// # Errors
    ///
    /// Where there is no connection, or an answer is neither given nor refused.
    pub fn send_all(&mut self, requests: &[Request]) -> Result<Vec<Response>, Error> {
        self.may_ask_more()?;
        self.connection = None;
        self.last = None;
        let mut connection = http1::Connection::new(connect::stream(&self.target, &self.manner)?);
        self.sent += requests.len();
        let bytes: Vec<u8> = requests
            .iter()
            .flat_map(|request| self.bytes(request))
            .collect();
        let mut responses = Vec::new();
        connection.write(&bytes, self.manner.timeout)?;
        for request in requests {
            match connection.read(request, self.manner.most_content) {
                Ok(response) => {
                    self.received += response.content.len() as u64;
                    responses.push(response);
                }
                Err(Error::Closed) => break,
                Err(error) => return Err(error),
            }
        }
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
        if self.connection.is_none() {
            self.connection = Some(Connection::open(&self.target, &self.manner)?);
            self.used = false;
        }
        Ok(self.used)
    }

    fn exchange(&mut self, request: &Request) -> Result<Response, Error> {
        let bytes = self.bytes(request);
        let Manner {
            timeout,
            most_content: most,
            ..
        } = self.manner;
        self.used = true;
        let response = match &mut self.connection {
            Some(Connection::Http1(connection)) => {
                connection.exchange(&bytes, request, timeout, most)?
            }
            #[cfg(feature = "tls")]
            Some(Connection::Http2(connection)) => {
                let lines = lines(&self.manner, request);
                connection.exchange(&self.target, request, lines, timeout, most)?
            }
            None => return Err(Error::Closed),
        };
        self.received += response.content.len() as u64;
        let cut = !response.complete && self.manner.version == Version::Http1;
        if response.closes || cut || !response.stray.is_empty() {
            self.connection = None;
        }
        if !response.stray.is_empty() && response.complete {
            self.strays.push((request.clone(), response.clone()));
        }
        self.last = Some((request.clone(), response.clone()));
        Ok(response)
    }

    /// The request as it goes out in HTTP/1.1.
    fn bytes(&self, request: &Request) -> Vec<u8> {
        let (method, path, host) = (&request.method, &request.path, self.target.authority());
        let mut bytes = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n").into_bytes();
        for (name, value) in lines(&self.manner, request) {
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

/// The lines of a request, and those that go with every one.
fn lines<'a>(
    manner: &'a Manner,
    request: &'a Request,
) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let lines = manner.lines.iter().chain(&request.lines);
    let lines = lines.map(|(name, value)| (name.as_slice(), value.as_slice()));
    std::iter::once((&b"User-Agent"[..], super::USER_AGENT.as_bytes())).chain(lines)
}
