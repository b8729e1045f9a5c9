//! The last requests that reached the server, and what was decided about each.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::http::request::Parts;
use http_conditional::Field;
use serde::Serialize;

use crate::log::{Line, Log};
use crate::serve::app::Judgement;
use crate::serve::store::{LookUp, Received, Snapshot, Store};

/// How many requests are kept.
const KEPT: usize = 100;
/// How many bytes of a text, and how many field lines, are kept of a request.
const LONGEST: usize = 1024;
const MOST_LINES: usize = 16;

/// Prints a line for each request, and keeps the last ones.
pub(crate) struct Journal {
    /// Whether the steps are printed too.
    explain: bool,
    log: Log,
    /// The newest first.
    entries: Mutex<VecDeque<Entry>>,
}

/// What is kept of a request. Of its fields that is the conditional ones only: cookies and
/// credentials are nobody else's business.
#[derive(Serialize)]
struct Entry {
    number: u64,
    /// In milliseconds since the Unix epoch.
    time: u64,
    #[serde(skip)]
    peer: SocketAddr,
    method: String,
    target: String,
    fields: Vec<(&'static str, String)>,
    status: u16,
    reason: &'static str,
    /// The field that decided.
    field: Option<&'static str>,
    /// Why; `None` where nothing was evaluated.
    explanation: Option<Explanation>,
}

/// The decision, and the steps to it, in words.
#[derive(Clone, Serialize)]
pub(crate) struct Explanation {
    decision: String,
    steps: Vec<Step>,
}

#[derive(Clone, Serialize)]
struct Step {
    text: String,
    /// Whether this step made the decision.
    decided: bool,
}

impl Journal {
    pub(crate) fn new(explain: bool, log: Log) -> Self {
        Self {
            explain,
            log,
            entries: Mutex::default(),
        }
    }

    /// Takes note of a request that has been judged, or refused before it came to that.
    pub(crate) fn enter(
        &self,
        peer: SocketAddr,
        head: &Parts,
        status: StatusCode,
        judgement: Option<&Judgement>,
    ) {
        self.print(peer, head, status, judgement);
        let fields = head.headers.iter().filter_map(|(name, value)| {
            let field = Field::from_name(name.as_ref())?;
            Some((field.name(), cut(value.as_bytes())))
        });
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = since_epoch.unwrap_or_default().as_millis();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let number = entries.front().map_or(1, |newest| newest.number + 1);
        entries.truncate(KEPT - 1);
        entries.push_front(Entry {
            number,
            time: u64::try_from(milliseconds).unwrap_or(u64::MAX),
            peer,
            method: cut(head.method.as_str().as_bytes()),
            target: cut(head.uri.to_string().as_bytes()),
            fields: fields.take(MOST_LINES).collect(),
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default(),
            field: judgement.and_then(|judgement| Some(judgement.field?.name())),
            explanation: judgement.map(|judgement| Explanation::of(&judgement.explanation)),
        });
    }

    /// The number of the last request; 0 where there was none so far.
    pub(crate) fn last(&self) -> u64 {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.front().map_or(0, |newest| newest.number)
    }

    /// Why the request that came from there after this number got what it got, if it was
    /// evaluated.
    pub(crate) fn explanation(&self, peer: SocketAddr, after: u64) -> Option<Explanation> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut later = entries.iter().take_while(|entry| entry.number > after);
        later.find(|entry| entry.peer == peer)?.explanation.clone()
    }

    /// Prints a line for the request, such as `GET /api/config 304 Not Modified (If-None-Match)`,
    /// and the steps below it.
    fn print(
        &self,
        peer: SocketAddr,
        head: &Parts,
        status: StatusCode,
        judgement: Option<&Judgement>,
    ) {
        let mut said = String::new();
        let mut below = Vec::new();
        if let Some(judgement) = judgement {
            // The status says the rest: 304 or 412, or why the method could not be performed.
            if judgement.decision.status().is_none() && status.is_success() {
                let _ = write!(said, ": {}", judgement.decision);
            }
            if let Some(field) = judgement.field {
                let _ = write!(said, " ({field})");
            }
            if self.explain {
                below.extend(judgement.explanation.lines().map(str::to_owned));
            }
        }
        self.log.print(Line {
            peer,
            method: &head.method,
            target: &head.uri.to_string(),
            status,
            decision: judgement.map(|judgement| judgement.decision.to_string()),
            field: judgement.and_then(|judgement| Some(judgement.field?.name())),
            said: &said,
            below: &below,
        });
    }
}

/// The list is a resource as any other: whoever asks for it again with its entity tag gets a 304
/// until there is something new.
impl Store for Journal {
    fn look_up(&self, _: &str, _: &Parts) -> io::Result<LookUp> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let json = serde_json::to_vec(&*entries)?;
        drop(entries);
        let content_type = HeaderValue::from_static("application/json");
        Ok(LookUp::Current(
            Snapshot::new(json.into(), content_type).digest(),
        ))
    }

    fn put(&self, _: &str, _: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }
}

impl Explanation {
    /// The crate writes a line for the decision and one for each step, the deciding one marked.
    fn of(text: &str) -> Self {
        let mut lines = text.lines();
        Self {
            decision: cut(lines.next().unwrap_or_default().as_bytes()),
            steps: lines
                .map(|line| Step {
                    text: cut(line.trim_start_matches(['>', ' ']).as_bytes()),
                    decided: line.starts_with('>'),
                })
                .collect(),
        }
    }
}

/// As much of a text as is kept.
fn cut(text: &[u8]) -> String {
    match text.get(..LONGEST) {
        Some(beginning) => format!("{}…", String::from_utf8_lossy(beginning)),
        None => String::from_utf8_lossy(text).into_owned(),
    }
}
