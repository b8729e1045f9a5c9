//! The project's vectors, as requests to a server that somebody runs: tags and dates of a vector
//! are exchanged for those of the resource, and what then means something else is left out.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http_conditional::{Decision, HttpDate};
use serde::Deserialize;

use super::message::{Line, Request};
use super::model::{Answer, State, contains, inner};
use super::requests::{Format, date};
use super::rules::{Right, right_answers, verdict};

macro_rules! files {
    ($($name:literal)+) => {
        /// The name and the text of each file.
        pub const FILES: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../vectors/", $name, ".json"))),)+
        ];
    };
}

files! {
    "also" "cache" "cases" "dates" "entity-tags" "field-lines" "gate" "guards-write" "hostile"
    "if-match" "if-modified-since" "if-none-match" "if-range" "if-unmodified-since"
    "lenient-dates" "lists" "methods" "policies" "precedence" "query" "range" "range-policies"
}

/// What a header section may take: more than that a server may refuse.
const MOST_BYTES: usize = 4000;

/// Fields that mean something else to the server than to the evaluator.
const UNSENT: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    requirements: Vec<String>,
    role: String,
    method: String,
    fields: Vec<(Bytes, Bytes)>,
    state: VectorState,
    base_status: u16,
    #[serde(default)]
    policy: Vec<String>,
    expected: Expected,
    #[serde(default)]
    alternatives: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
    Repeat { repeat: Box<Bytes>, times: usize },
    Concat { concat: Vec<Bytes> },
}

#[derive(Deserialize)]
struct VectorState {
    exists: bool,
    etag: Option<Bytes>,
    last_modified: Option<VectorDate>,
}

#[derive(Deserialize)]
struct VectorDate {
    unix: i64,
}

#[derive(Deserialize)]
struct Expected {
    decision: String,
}

impl Bytes {
    /// None where it is longer than anybody sends.
    fn decode(&self) -> Option<Vec<u8>> {
        let bytes = match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Base64 { base64 } => BASE64.decode(base64).ok()?,
            Self::Repeat { times, .. } if *times > MOST_BYTES => return None,
            Self::Repeat { repeat, times } => repeat.decode()?.repeat(*times),
            Self::Concat { concat } => {
                let parts: Option<Vec<_>> = concat.iter().map(Self::decode).collect();
                parts?.concat()
            }
        };
        (bytes.len() <= MOST_BYTES).then_some(bytes)
    }
}

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
    let read = |&(_, text): &(&str, &str)| {
        let file: File = serde_json::from_str(text).expect("the tests read each file");
        file.vectors
    };
    FILES.iter().flat_map(read).collect()
});

/// A request, with its name and the answers that are right.
pub(super) struct Sendable {
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) right: Vec<Right>,
}

/// The vectors that can be sent to this resource: all of them, or so many that each requirement
/// that they check is checked. Requests in `known` are left out.
pub(super) fn sendable(
    state: &State,
    path: &str,
    known: &mut HashSet<Request>,
    all: bool,
) -> Vec<Sendable> {
    let mut fitting: Vec<(&Vector, Request)> = Vec::new();
    for vector in VECTORS.iter() {
        let request = vector.request(state, path);
        if let Some(request) = request.filter(|request| known.insert(request.clone())) {
            fitting.push((vector, request));
        }
    }
    if !all {
        fitting = chosen(fitting);
    }
    let sendable = fitting.into_iter().map(|(vector, request)| Sendable {
        right: vector.right(&request, state),
        id: vector.id.clone(),
        request,
    });
    sendable.collect()
}

/// So many that every requirement is checked: first those that check most.
fn chosen(mut fitting: Vec<(&Vector, Request)>) -> Vec<(&Vector, Request)> {
    let mut covered = BTreeSet::new();
    let mut chosen = Vec::new();
    loop {
        let fresh = |(vector, _): &(&Vector, Request)| {
            let ids = vector.requirements.iter();
            ids.filter(|id| !covered.contains(id)).count()
        };
        // The first of those that are as good as each other.
        let best = fitting.iter().map(fresh).enumerate();
        let best = best.max_by_key(|&(index, count)| (count, std::cmp::Reverse(index)));
        let Some((index, 1..)) = best else {
            return chosen;
        };
        let vector = fitting.remove(index);
        covered.extend(vector.0.requirements.iter());
        chosen.push(vector);
    }
}

impl Vector {
    /// The request to this resource; none where the vector says nothing about it.
    fn request(&self, state: &State, path: &str) -> Option<Request> {
        let fits = self.role == "origin"
            && self.policy.is_empty()
            && self.state.exists == state.exists
            && self.base_status == if state.exists { 200 } else { 404 }
            && matches!(self.method.as_str(), "GET" | "HEAD");
        if !fits {
            return None;
        }
        let mut request = Request::new(&self.method, path);
        for (name, value) in &self.fields {
            let (name, value) = (name.decode()?, value.decode()?);
            let value = self.exchanged_date(&self.exchanged_tag(&value, state)?, state)?;
            request.lines.push((name, value));
        }
        let size: usize = request
            .lines
            .iter()
            .map(|line| line.0.len() + line.1.len())
            .sum();
        let harmless = |(name, value): &Line| {
            let name_is_token = name
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
            // What no parser of HTTP has to let through.
            let control = |&byte: &u8| (byte < b' ' && byte != b'\t') || byte == 0x7f;
            let framing = UNSENT
                .iter()
                .any(|unsent| name.eq_ignore_ascii_case(unsent.as_bytes()));
            name_is_token && !framing && !value.iter().any(control)
        };
        let sendable = size <= MOST_BYTES
            && request.lines.len() <= 30
            && request.lines.iter().all(harmless)
            && self.says(verdict(&request, state, false).decision);
        sendable.then_some(request)
    }

    /// Whether this decision is the one that the vector expects.
    fn says(&self, decision: Decision) -> bool {
        let name = match decision {
            Decision::Perform => "perform",
            Decision::PerformIgnoringRange => "perform-ignoring-range",
            Decision::NotModified => "not-modified",
            Decision::PreconditionFailed => "precondition-failed",
        };
        self.expected.decision == name
    }

    fn right(&self, request: &Request, state: &State) -> Vec<Right> {
        let mut right = right_answers(request, state);
        for alternative in &self.alternatives {
            right.extend(match alternative.decision.as_str() {
                "perform" => vec![(Answer::Whole, None), (Answer::Part, None)],
                "perform-ignoring-range" => vec![(Answer::Whole, None)],
                "not-modified" => vec![(Answer::NotModified, None)],
                "precondition-failed" => vec![(Answer::Failed, None)],
                _ => vec![(Answer::Rejected, None)],
            });
        }
        right
    }

    /// The current tag of the vector becomes that of the resource, with quotes or without.
    fn exchanged_tag(&self, value: &[u8], state: &State) -> Option<Vec<u8>> {
        let Some(tag) = &self.state.etag else {
            return Some(value.to_vec());
        };
        let theirs = tag.decode()?;
        let theirs = inner(&theirs);
        let Some(ours) = state.tag.as_deref().map(inner) else {
            return Some(value.to_vec());
        };
        if value == theirs {
            return Some(ours.to_vec());
        }
        let (theirs, ours) = (quoted(theirs), quoted(ours));
        if !contains(value, &theirs) {
            return Some(value.to_vec());
        }
        let mut exchanged = Vec::new();
        let mut rest = value;
        while let Some(at) = rest.windows(theirs.len()).position(|part| part == theirs) {
            exchanged.extend(&rest[..at]);
            exchanged.extend(&ours);
            rest = &rest[at + theirs.len()..];
        }
        exchanged.extend(rest);
        Some(exchanged)
    }

    /// A date keeps its distance from Last-Modified.
    fn exchanged_date(&self, value: &[u8], state: &State) -> Option<Vec<u8>> {
        let (Some(theirs), Some(ours)) = (&self.state.last_modified, state.modified) else {
            return Some(value.to_vec());
        };
        // A second 60 is a question of its own.
        let leap = value.windows(3).any(|part| part == b":60");
        let read = HttpDate::parse(value, HttpDate::from_unix(state.now).ok());
        let (Ok(read), false) = (read, leap) else {
            return Some(value.to_vec());
        };
        let format = if value.contains(&b'-') {
            Format::Rfc850
        } else if value.contains(&b',') {
            Format::Imf
        } else {
            Format::Asctime
        };
        date(read.to_unix() - theirs.unix + ours, format)
    }
}

fn quoted(inner: &[u8]) -> Vec<u8> {
    [b"\"", inner, b"\""].concat()
}
