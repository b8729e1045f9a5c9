//! One request, and what is known of its answer.

use std::fmt;

/// A field's name as it was written, and its value without white space around it.
pub type FieldLine = (String, Vec<u8>);

/// One request, and its answer where the input has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    pub request: Request,
    pub answer: Option<Answer>,
}

/// The head of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// A path or a URL, as it was written; empty where the input has none.
    pub target: String,
    pub fields: Vec<FieldLine>,
    /// The input has no request line, and the method is only assumed.
    pub is_assumed: bool,
}

/// What is known of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `None` where the input has fields of the answer, but not its status.
    pub status: Option<u16>,
    pub fields: Vec<FieldLine>,
    /// How many bytes of content went over the network, where that is said.
    pub length: Option<u64>,
    /// The browser answered by itself, from its cache.
    pub from_cache: bool,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    Heads,
    CurlVerbose,
    PseudoHeaders,
    Pairs,
    CurlBash,
    CurlCmd,
    Fetch,
    Har,
    FieldLines,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: String::from("GET"),
            target: String::new(),
            fields: Vec::new(),
            is_assumed: true,
        }
    }
}

impl Request {
    /// Whether the request has a field of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        value(&self.fields, name).is_some()
    }
}

impl Answer {
    /// The first value of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        value(&self.fields, name)
    }
}

fn value<'a>(fields: &'a [FieldLine], name: &str) -> Option<&'a [u8]> {
    let line = fields
        .iter()
        .find(|(field, _)| field.eq_ignore_ascii_case(name));
    line.map(|(_, value)| &**value)
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Heads => "the head of a request",
            Self::CurlVerbose => "the output of curl -v",
            Self::PseudoHeaders => "pseudo-header lines",
            Self::Pairs => "names and values on lines of their own",
            Self::CurlBash => "a curl command for bash",
            Self::CurlCmd => "a curl command for cmd",
            Self::Fetch => "a call of fetch",
            Self::Har => "a HAR file",
            Self::FieldLines => "field lines",
        })
    }
}
