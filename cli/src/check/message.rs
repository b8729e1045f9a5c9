//! A request and a response as they are on the wire (RFC 9112 section 2).

use std::fmt::Write as _;

use axum::http::StatusCode;

/// Name and value of a field line, byte for byte.
pub type Line = (Vec<u8>, Vec<u8>);

/// A request: what is said of the host and the client is added when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub path: String,
    /// The field lines, but for Host, User-Agent and Content-Length.
    pub lines: Vec<Line>,
    /// The content of a write.
    pub content: Option<Vec<u8>>,
}

impl Request {
    /// Without fields.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            lines: Vec::new(),
            content: None,
        }
    }

    /// With one line more.
    #[must_use]
    pub fn line(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref().to_vec();
        self.lines.push((name.as_bytes().to_vec(), value));
        self
    }

    /// With content.
    #[must_use]
    pub fn content(mut self, content: impl AsRef<[u8]>) -> Self {
        self.content = Some(content.as_ref().to_vec());
        self
    }

    /// The values of a field, in order, without the whitespace around them.
    pub fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        values(&self.lines, name)
    }

    /// Whether the field is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// Whether it can be said in HTTP/2: no value has white space around it, and none has control
    /// characters (RFC 9113 section 8.2.1).
    #[must_use]
    pub fn fits_http2(&self) -> bool {
        let fits = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f);
        let values = || self.lines.iter().map(|(_, value)| value);
        values().all(|value| value.trim_ascii() == value && value.iter().all(fits))
    }

    /// As a person reads it: a line each, odd bytes escaped.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = format!("{} {}", self.method, self.path);
        for (name, value) in &self.lines {
            text.push('\n');
            text.push_str(&shown(name));
            text.push_str(": ");
            text.push_str(&shown_short(value));
        }
        text
    }
}

/// A response, with what came behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The field lines.
    pub lines: Vec<Line>,
    /// The content, as far as it was read.
    pub content: Vec<u8>,
    /// Whether all of the content was read.
    pub complete: bool,
    /// Bytes on the connection that belong to no response.
    pub stray: Vec<u8>,
    /// Whether the server says that it closes the connection, or has.
    pub closes: bool,
}

impl Response {
    /// The values of a field, in order, without the whitespace around them.
    pub fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
        values(&self.lines, name)
    }

    /// The first value of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        self.values(name).next()
    }

    /// The value of a field as text, where it is ASCII.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.value(name)?).ok()
    }

    /// Whether a member of a list is there, by name and without regard to case.
    #[must_use]
    pub fn lists(&self, name: &str, member: &str) -> bool {
        self.values(name)
            .flat_map(|value| value.split(|&byte| byte == b','))
            .any(|listed| listed.trim_ascii().eq_ignore_ascii_case(member.as_bytes()))
    }

    /// The length of the content that the head promises.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.text("content-length")?.parse().ok()
    }

    /// As a person reads it: the status, and the fields that matter here.
    #[must_use]
    pub fn shown(&self) -> String {
        const TOLD: [&str; 12] = [
            "age",
            "cache-control",
            "content-encoding",
            "content-length",
            "content-location",
            "content-range",
            "date",
            "etag",
            "expires",
            "last-modified",
            "location",
            "vary",
        ];
        let mut text = self.status.to_string();
        let status = StatusCode::from_u16(self.status).ok();
        if let Some(reason) = status.and_then(|status| status.canonical_reason()) {
            text.push(' ');
            text.push_str(reason);
        }
        for (name, value) in &self.lines {
            let told = |told: &&str| name.eq_ignore_ascii_case(told.as_bytes());
            if TOLD.iter().any(told) {
                text.push('\n');
                text.push_str(&shown(name));
                text.push_str(": ");
                text.push_str(&shown_short(value));
            }
        }
        if !self.stray.is_empty() {
            text.push_str("\nbytes behind the answer: ");
            text.push_str(&shown_short(&self.stray));
        }
        text
    }
}

fn values<'a, 'n>(
    lines: &'a [Line],
    name: &'n str,
) -> impl Iterator<Item = &'a [u8]> + use<'a, 'n> {
    lines
        .iter()
        .filter(move |line| line.0.eq_ignore_ascii_case(name.as_bytes()))
        .map(|line| line.1.trim_ascii())
}

/// Bytes as text for a terminal: what is not printable ASCII is escaped.
#[must_use]
pub fn shown(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        match byte {
            b' '..=b'~' => text.push(char::from(byte)),
            _ => {
                let _ = write!(text, "\\x{byte:02x}");
            }
        }
    }
    text
}

/// The same, cut where it is long.
#[must_use]
pub fn shown_short(bytes: &[u8]) -> String {
    const MOST: usize = 160;
    if bytes.len() <= MOST {
        return shown(bytes);
    }
    format!("{} .. ({} bytes)", shown(&bytes[..MOST]), bytes.len())
}
