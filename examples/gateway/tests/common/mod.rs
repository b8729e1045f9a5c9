//! Starts gateways and stores, and talks to them in raw bytes.

#![allow(dead_code)] // each test file uses a part of it

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// How long to wait for what has to come; only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(50);

/// A process that listens, and prints `listening on http://ADDRESS` first; ended when dropped.
pub(crate) struct Process {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Process {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let mut started = Self {
            process,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{command:?} did not start"));
        started.address = address.parse().unwrap();
        started
    }

    pub(crate) fn gateway<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        Self::start(
            Command::new(env!("CARGO_BIN_EXE_gateway"))
                .args(["--addr", "127.0.0.1:0"])
                .args(arguments)
                .env_clear()
                .envs([
                    ("AWS_ACCESS_KEY_ID", "id"),
                    ("AWS_SECRET_ACCESS_KEY", "secret"),
                    ("AWS_REGION", "us-east-1"),
                ]),
        )
    }

    /// A gateway to the bucket `bucket` of a store that speaks the protocol of S3.
    pub(crate) fn gateway_to(store: SocketAddr, arguments: &[&str]) -> Self {
        let endpoint = format!("http://{store}");
        let to = ["--s3", "bucket", "--s3-endpoint", &endpoint];
        Self::gateway(to.into_iter().chain(arguments.iter().copied()))
    }

    /// moto with its journal in this directory.
    pub(crate) fn moto(directory: &Path) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/store.py");
        let mut python = Command::new("python3");
        Self::start(python.arg(script).arg(directory.join("journal")))
    }

    pub(crate) fn send(&self, request: &Request) -> Response {
        request.send(self.address).unwrap()
    }

    /// Without a chance to finish anything.
    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: String,
    target: String,
    fields: Vec<(String, Vec<u8>)>,
    content: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            fields: Vec::new(),
            content: Vec::new(),
        }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn put(target: &str, content: impl AsRef<[u8]>) -> Self {
        Self {
            content: content.as_ref().to_vec(),
            ..Self::new("PUT", target)
        }
    }

    pub(crate) fn field(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.fields.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Sends it on a connection of its own.
    pub(crate) fn send(&self, address: SocketAddr) -> io::Result<Response> {
        let (method, target) = (&self.method, &self.target);
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.content.len()
        )
        .into_bytes();
        for (name, value) in &self.fields {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        head.extend_from_slice(b"\r\n");
        exchange(address, &[&head, &self.content])
    }
}

/// Sends these bytes, and receives all that comes back until the connection is closed.
pub(crate) fn exchange(address: SocketAddr, sent: &[&[u8]]) -> io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    for bytes in sent {
        // What is too large may be answered before it was sent.
        let _ = stream.write_all(bytes);
    }
    let mut received = Vec::new();
    let read = stream.read_to_end(&mut received);
    Response::parse(&received).ok_or_else(|| {
        let error = read.err().unwrap_or(io::ErrorKind::UnexpectedEof.into());
        io::Error::new(
            error.kind(),
            format!("{error}: {}", received.escape_ascii()),
        )
    })
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    fields: Vec<(String, String)>,
    pub(crate) content: Vec<u8>,
}

impl Response {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let fields = lines.filter_map(|line| line.split_once(": "));
        Some(Self {
            status,
            fields: fields
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            content: bytes[end + 4..].to_vec(),
        })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.fields.iter().filter(|(field, _)| field == name);
        lines.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn tag(&self) -> &str {
        self.field("etag").expect("an entity tag")
    }
}

/// An empty directory of its own; removed when dropped.
pub(crate) struct TempDir(pub(crate) PathBuf);

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

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Waits, and longer from time to time, so that clients get out of each other's way.
pub(crate) fn back_off(client: usize, attempt: u32) {
    // Spread by a multiplicative hash: there is nothing to hide here.
    let spread = (client as u64 * 1000 + u64::from(attempt)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let most = 64 << attempt.min(5);
    thread::sleep(Duration::from_millis((spread >> 40) % most));
}

/// What a race for a counter came to.
#[derive(Debug)]
pub(crate) struct Count {
    /// Writes that were answered with success.
    pub(crate) acknowledged: u64,
    /// The statuses of the refusals, and how many there were.
    pub(crate) refused: u64,
    pub(crate) refusals: BTreeSet<u16>,
    /// What the counter is in the end.
    pub(crate) counter: u64,
}

/// Has so many clients, spread over the gateways, read the counter and write it one higher with
/// the If-Match that is made of its tag, until each has succeeded so often.
pub(crate) fn count_with(
    gateways: &[&Process],
    clients: usize,
    times: usize,
    if_match: fn(&str) -> String,
) -> Count {
    let counter = "/counter";
    let created = gateways[0].send(&Request::put(counter, "0").field("If-None-Match", "*"));
    assert_eq!(created.status, 201);
    let refusals: Vec<u16> = thread::scope(|scope| {
        let started = (0..clients).map(|client| {
            let gateway = gateways[client % gateways.len()];
            scope.spawn(move || {
                let mut refusals = Vec::new();
                let mut attempt = 0;
                let mut succeeded = 0;
                while succeeded < times {
                    let read = gateway.send(&Request::get(counter));
                    assert_eq!(read.status, 200);
                    let write = Request::put(counter, (number(&read.content) + 1).to_string());
                    let written = gateway.send(&write.field("If-Match", if_match(read.tag())));
                    if written.status == 204 {
                        succeeded += 1;
                        attempt = 0;
                    } else {
                        refusals.push(written.status);
                        attempt += 1;
                        back_off(client, attempt);
                    }
                }
                refusals
            })
        });
        let started: Vec<_> = started.collect();
        started
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    });
    let count = Count {
        acknowledged: (clients * times) as u64,
        refused: refusals.len() as u64,
        refusals: refusals.into_iter().collect(),
        counter: number(&gateways[0].send(&Request::get(counter)).content),
    };
    println!("{count:?}");
    count
}

pub(crate) fn count(gateways: &[&Process], clients: usize, times: usize) -> Count {
    count_with(gateways, clients, times, str::to_owned)
}

fn number(content: &[u8]) -> u64 {
    std::str::from_utf8(content).unwrap().parse().unwrap()
}
