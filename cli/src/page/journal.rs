//! The last requests, what was decided about each, and what was wrong.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::header::HeaderValue;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use http_conditional::Field;
use serde::Serialize;

use crate::log::{Line, Log};
use crate::page::is_own;
use crate::reasons::{Fault, Finding, Kind, Size, cut};
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
    /// None where nothing is printed.
    log: Option<Log>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The newest first.
    entries: VecDeque<Entry>,
    totals: Totals,
}

/// Totals over all requests, including those that are no longer kept.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) requests: u64,
    /// Answers 304.
    pub(crate) not_modified: u64,
    /// Bytes of content that were sent.
    pub(crate) sent: u64,
    /// Bytes of content that a correct program would not have sent.
    pub(crate) saved: u64,
    /// Requests whose answer was wrong.
    pub(crate) at_fault: u64,
    /// How often each fault was found.
    pub(crate) faults: Vec<(Kind, u64)>,
}

/// A request that went by.
pub(crate) struct Noted<'a> {
    pub(crate) peer: SocketAddr,
    pub(crate) method: &'a Method,
    pub(crate) target: &'a str,
    pub(crate) fields: &'a HeaderMap,
    pub(crate) status: StatusCode,
    /// `None` where nothing was evaluated.
    pub(crate) finding: Option<Finding>,
    /// The decision, in a word or two, and the field that made it.
    pub(crate) decision: Option<String>,
    pub(crate) field: Option<&'static str>,
    /// What is printed behind the status.
    pub(crate) said: String,
    pub(crate) faults: Vec<Fault>,
    /// How many bytes of content were sent, where that was counted.
    pub(crate) length: Option<u64>,
}

/// What is kept of a request. Of its fields only the conditional ones are kept: cookies and
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
    /// The page asked for something of its own.
    own: bool,
    length: Option<u64>,
    finding: Option<Finding>,
    faults: Vec<Fault>,
}

impl Journal {
    pub(crate) fn new(explain: bool, log: Option<Log>) -> Self {
        Self {
            explain,
            log,
            kept: Mutex::default(),
        }
    }

    /// Takes note of a request.
    pub(crate) fn enter(&self, noted: Noted<'_>) {
        self.print(&noted);
        let fields = noted.fields.iter().filter_map(|(name, value)| {
            let field = Field::from_name(name.as_ref())?;
            Some((field.name(), lossy(value.as_bytes())))
        });
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
        let milliseconds = since_epoch.unwrap_or_default().as_millis();
        let mut kept = self.kept();
        kept.totals.add(&noted);
        let number = kept.totals.requests;
        let path = noted.target.split('?').next().unwrap_or_default();
        let entry = Entry {
            number,
            time: u64::try_from(milliseconds).unwrap_or(u64::MAX),
            peer: noted.peer,
            method: lossy(noted.method.as_str().as_bytes()),
            target: cut(noted.target, LONGEST),
            fields: fields.take(MOST_LINES).collect(),
            status: noted.status.as_u16(),
            reason: noted.status.canonical_reason().unwrap_or_default(),
            own: is_own(path),
            length: noted.length,
            finding: noted.finding,
            faults: noted.faults,
        };
        kept.entries.truncate(KEPT - 1);
        kept.entries.push_front(entry);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the last request; 0 if there was none so far.
    pub(crate) fn last(&self) -> u64 {
        self.kept().totals.requests
    }

    pub(crate) fn totals(&self) -> Totals {
        self.kept().totals.clone()
    }

    /// Why the request that came from there after this number got what it got, if it was
    /// evaluated.
    pub(crate) fn finding(&self, peer: SocketAddr, after: u64) -> Option<Finding> {
        let kept = self.kept();
        let mut later = kept.entries.iter().take_while(|entry| entry.number > after);
        later.find(|entry| entry.peer == peer)?.finding.clone()
    }

    /// Prints a line for the request, such as `GET /api/config 304 Not Modified (If-None-Match)`,
    /// and below it what is wrong, and the steps where they are asked for.
    fn print(&self, noted: &Noted<'_>) {
        let Some(log) = self.log else { return };
        let faults = noted.faults.iter();
        let mut below: Vec<String> = faults.map(|fault| format!("! {}", fault.text)).collect();
        if let Some(finding) = noted.finding.as_ref().filter(|_| self.explain) {
            below.push(finding.summary.clone());
            for step in &finding.steps {
                let mark = if step.mark.is_some() { '>' } else { ' ' };
                below.push(format!("{mark} {}", step.text));
                below.extend(step.remark.iter().map(|remark| format!("     {remark}")));
            }
            let sentences = finding.because.iter().chain(&finding.advice);
            below.extend(sentences.map(|sentence| format!("  {sentence}")));
        }
        log.print(Line {
            peer: noted.peer,
            method: noted.method,
            target: noted.target,
            status: noted.status,
            decision: noted.decision.clone(),
            field: noted.field,
            said: &noted.said,
            below: &below,
        });
    }
}

impl Totals {
    fn add(&mut self, noted: &Noted<'_>) {
        self.requests += 1;
        self.not_modified += u64::from(noted.status == StatusCode::NOT_MODIFIED);
        self.sent = self.sent.saturating_add(noted.length.unwrap_or(0));
        self.at_fault += u64::from(!noted.faults.is_empty());
        // An answer can be saved only once, however many faults it has.
        let saved = noted.faults.iter().map(|fault| fault.saved).max();
        self.saved = self.saved.saturating_add(saved.unwrap_or(0));
        for fault in &noted.faults {
            match self.faults.iter_mut().find(|(kind, _)| *kind == fault.kind) {
                Some((_, count)) => *count += 1,
                None => self.faults.push((fault.kind, 1)),
            }
        }
    }

    /// The sentence for people.
    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} request{}, {} answered 304, {} with something wrong; {} of content sent, of which a correct program \
             would have saved {}",
            self.requests,
            if self.requests == 1 { "" } else { "s" },
            self.not_modified,
            self.at_fault,
            Size(self.sent),
            Size(self.saved)
        )
    }
}

/// The list is a resource like any other: whoever asks for it again with its entity tag gets a 304
/// until there is something new.
impl Store for Journal {
    fn look_up(&self, _: &str, _: &Parts) -> io::Result<LookUp> {
        let json = serde_json::to_vec(&self.kept().entries)?;
        Ok(json_of(json))
    }

    fn put(&self, _: &str, _: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }
}

/// The totals, as a resource.
pub(crate) struct Summary(pub(crate) Arc<Journal>);

impl Store for Summary {
    fn look_up(&self, _: &str, _: &Parts) -> io::Result<LookUp> {
        let totals = self.0.totals();
        let sentence = totals.sentence();
        let json = serde_json::json!({ "totals": totals, "sentence": sentence });
        Ok(json_of(serde_json::to_vec(&json)?))
    }

    fn put(&self, _: &str, _: Received, _: Option<&HeaderValue>) -> io::Result<Snapshot> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Err(ErrorKind::ReadOnlyFilesystem.into())
    }
}

fn json_of(json: Vec<u8>) -> LookUp {
    let content_type = HeaderValue::from_static("application/json");
    LookUp::Current(Snapshot::new(json.into(), content_type).digest())
}

/// As much of a value as is kept.
fn lossy(value: &[u8]) -> String {
    cut(&String::from_utf8_lossy(value), LONGEST)
}
