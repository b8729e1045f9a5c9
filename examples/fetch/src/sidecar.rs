//! What is known of a file, kept beside it: where it is from, and the fields that tell which version
//! it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use http_conditional::cache::{Response, StorableFields};
use http_conditional::{Clocks, HttpDate};

/// The fields that are kept, in lower case: the validators, and what tells of the bytes.
const KEPT: [&str; 5] = [
    "etag",
    "last-modified",
    "date",
    "content-length",
    "content-encoding",
];

pub(crate) type Lines = Vec<(String, Vec<u8>)>;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sidecar {
    pub(crate) url: String,
    /// When the response came, in seconds since 1970.
    received: i64,
    lines: Lines,
}

impl Sidecar {
    /// Of a 200 or a 206 that has just come. A part knows the complete length in another field.
    pub(crate) fn new(url: &str, fields: &Lines, complete_length: Option<u64>) -> Self {
        let mut lines: Lines = fields.clone();
        lines.retain(|(name, _)| KEPT.contains(&name.as_str()));
        lines.retain(|(name, _)| name != "content-length");
        if let Some(length) = complete_length {
            lines.push(("content-length".into(), length.to_string().into()));
        }
        Self {
            url: url.to_owned(),
            received: now(),
            lines,
        }
    }

    /// Takes over what a 304 says, as far as a cache may.
    pub(crate) fn update(&mut self, newer: &Lines) {
        let rules =
            StorableFields::new(lines_of(newer, "connection")).except(&["Content-Encoding"]);
        for name in KEPT.iter().filter(|name| rules.updates(name.as_bytes())) {
            if newer.iter().any(|(other, _)| other == name) {
                self.lines.retain(|(other, _)| other != name);
                let lines = newer.iter().filter(|(other, _)| other == name);
                self.lines.extend(lines.cloned());
            }
        }
        self.received = now();
    }

    /// As the crate sees it.
    pub(crate) fn response(&self) -> Response<'_> {
        let response = Response::new(200).clocks(Clocks::Same).fields(&self.lines);
        match HttpDate::from_unix(self.received) {
            Ok(received) => response.received(received),
            Err(_) => response,
        }
    }

    pub(crate) fn content_encoding(&self) -> Option<&[u8]> {
        value_of(&self.lines, "content-encoding")
    }

    /// `None` where there is none, or where somebody has been at it.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let text = fs::read(path).ok()?;
        let mut lines = text.split(|&byte| byte == b'\n');
        let url = String::from_utf8(lines.next()?.to_vec()).ok()?;
        let received = String::from_utf8(lines.next()?.to_vec()).ok()?;
        let mut sidecar = Self {
            url,
            received: received.parse().ok()?,
            lines: Lines::new(),
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = String::from_utf8(line[..colon].to_vec()).ok()?;
            sidecar.lines.push((name, line[colon + 1..].to_vec()));
        }
        Some(sidecar)
    }

    /// All of it or nothing.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = format!("{}\n{}\n", self.url, self.received).into_bytes();
        for (name, value) in &self.lines {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            text.extend_from_slice(value);
            text.push(b'\n');
        }
        let new = beside(path, "new");
        fs::write(&new, text)?;
        fs::rename(new, path)
    }
}

/// `file.suffix`, beside `file`.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

pub(crate) fn lines_of<'a>(
    fields: &'a Lines,
    name: &'a str,
) -> impl Iterator<Item = &'a Vec<u8>> + Clone {
    let lines = fields.iter().filter(move |(other, _)| other == name);
    lines.map(|(_, value)| value)
}

/// The value of a field that has one line.
pub(crate) fn value_of<'a>(fields: &'a Lines, name: &'a str) -> Option<&'a [u8]> {
    let mut lines = lines_of(fields, name);
    let only = lines.next()?;
    lines.next().is_none().then_some(only)
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}
