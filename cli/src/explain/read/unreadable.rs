//! What could not be read, and where.

use std::error::Error;
use std::fmt;

use super::lines::Line;
use crate::reasons::{is_plain, visible};

/// What can be read, for people whose input cannot.
pub const READABLE: [&str; 9] = [
    "the head of a request, of any HTTP version: GET /path HTTP/1.1, and its field lines",
    "the whole output of curl -v",
    "pseudo-header lines: :method: GET",
    "what is copied from the Headers tab of a browser's developer tools",
    "Copy as cURL, for bash and for cmd",
    "Copy as fetch",
    "a HAR file",
    "field lines alone: If-None-Match: \"v1\"",
    "an answer's head below the request's: it gives the state of the resource",
];

/// How many bytes of a line are shown.
const SHOWN: usize = 60;

/// Why an input cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub problem: Problem,
    /// The number of the line, from 1; `None` where the whole is meant.
    pub line: Option<usize>,
    /// The beginning of that line, safe for a terminal.
    pub text: String,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is nothing but white space.
    Empty,
    /// Nothing in it is a request.
    NoRequest,
    /// There is the head of an answer, and of no request.
    OnlyAnAnswer,
    /// It begins like nothing that can be read.
    Unknown,
    /// In a head, a line that is not a field line.
    NotAFieldLine,
    /// White space between the name and the colon.
    SpaceBeforeColon,
    /// A pseudo-header that HTTP does not have, or in the wrong place.
    PseudoHeader,
    /// A quote that nothing closes.
    OpenQuote,
    /// A command without a URL.
    NoUrl,
    /// A field is read from a file, or so, that is not in the input.
    Elsewhere(String),
    /// It is for PowerShell.
    PowerShell,
    /// What should be JSON is not.
    Json(String),
    /// It is JSON, but no HAR file.
    NotHar,
    /// Something other than a call of fetch with a text and an object.
    NotFetch,
}

impl Unreadable {
    /// It is the whole that cannot be read.
    pub(super) fn whole(problem: Problem) -> Self {
        Self {
            problem,
            line: None,
            text: String::new(),
        }
    }

    /// It is a certain line.
    pub(super) fn at(line: &Line<'_>, problem: Problem) -> Self {
        Self {
            problem,
            line: Some(line.number),
            text: shown(line.text),
        }
    }

    /// It is the line that this byte is in.
    pub(super) fn line(lines: &[Line<'_>], offset: usize, problem: &Problem) -> Self {
        let line = lines.iter().rev().find(|line| line.offset <= offset);
        line.map_or_else(
            || Self::whole(problem.clone()),
            |line| Self::at(line, problem.clone()),
        )
    }

    /// It is this line of the text.
    pub(super) fn numbered(number: usize, text: &[u8], problem: Problem) -> Self {
        Self {
            problem,
            line: Some(number),
            text: shown(text),
        }
    }
}

fn shown(text: &[u8]) -> String {
    let cut = text.get(..SHOWN);
    let mut shown: String = String::from_utf8_lossy(cut.unwrap_or(text))
        .chars()
        .map(|c| if is_plain(c) { c } else { '\u{fffd}' })
        .collect();
    if cut.is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.text.is_empty() {
            write!(f, "`{}` ", self.text)?;
        }
        let alone = self.text.is_empty();
        match &self.problem {
            Problem::Empty => f.write_str("the input is empty"),
            Problem::NoRequest => f.write_str("there is no request in the input"),
            Problem::OnlyAnAnswer => f.write_str(
                "begins the head of an answer, and the request is missing: use curl -v instead of curl -i",
            ),
            Problem::Unknown => f.write_str("is neither a request line nor a field line"),
            Problem::NotAFieldLine => f.write_str("is not a field line, such as `Name: value`"),
            Problem::SpaceBeforeColon => {
                f.write_str("is not a field line: there must be no white space before the colon")
            }
            Problem::PseudoHeader => f.write_str("is a pseudo-header that does not belong here"),
            Problem::OpenQuote => f.write_str("has a quote that is never closed"),
            Problem::NoUrl => f.write_str("is a curl command without a URL"),
            Problem::Elsewhere(option) => {
                write!(f, "reads something that is not in the input ({option})")
            }
            Problem::PowerShell => {
                f.write_str("is for PowerShell: use Copy as cURL, or Copy as fetch")
            }
            // The error may quote what is not expected.
            Problem::Json(error) if alone => write!(f, "not JSON: {}", visible(error.as_bytes())),
            Problem::Json(error) => write!(f, "is not JSON: {}", visible(error.as_bytes())),
            Problem::NotHar => f.write_str("the input is JSON, but not a HAR file: it has no list log.entries"),
            Problem::NotFetch => f.write_str(
                "is not as developer tools write it: fetch(\"URL\", { \"headers\": { .. }, \"method\": \"GET\" })",
            ),
        }
    }
}

impl Error for Unreadable {}
