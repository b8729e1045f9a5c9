//! From what was read to what there is to say about it.

use http_conditional::HttpDate;
use serde::Serialize;

use super::read::{Answer, Exchange, Reading};
use crate::reasons::{
    Case, Cause, Departures, Fault, Finding, History, Last, Seen, State, faults, find, visible,
};

/// What the options say about the resource; the input counts for what they do not say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) state: Option<State>,
    pub(crate) status: Option<u16>,
    pub(crate) departures: Departures,
    pub(crate) now: Option<HttpDate>,
}

/// What there is to say about one exchange.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The input has no request line, so the method is only assumed.
    pub(crate) assumed: bool,
    /// The status that the answer had, where the input has it.
    pub(crate) answered: Option<u16>,
    #[serde(flatten)]
    pub(crate) finding: Finding,
    pub(crate) faults: Vec<Fault>,
    /// The values that the page fills in.
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) fields: Vec<(String, String)>,
}

/// A report for each exchange.
pub(crate) fn reports(reading: &Reading, given: &Given) -> Vec<Report> {
    let mut history = History::default();
    // Only where there are more is it known that something is the first.
    let alone = reading.exchanges.len() == 1;
    let mut reports = Vec::with_capacity(reading.exchanges.len());
    for exchange in &reading.exchanges {
        reports.push(report(exchange, given, &history, alone));
        if let Some(answer) = &exchange.answer {
            history.note(&exchange.request, answer, None);
        }
    }
    reports
}

fn report(exchange: &Exchange, given: &Given, history: &History, alone: bool) -> Report {
    let Exchange { request, answer } = exchange;
    let of_answer = answer
        .as_ref()
        .map(|answer| State::of_answer(&request.method, answer));
    let of_history = || history.of(&request.target).map(|url| url.state.clone());
    let state = given
        .state
        .clone()
        .or(of_answer.filter(State::is_known))
        .or_else(of_history)
        .unwrap_or(State::UNKNOWN);
    let policy = given.departures.policy(given.now);
    let last = match (answer, alone) {
        // What it is asked about the next time.
        (Some(answer), true) if answer.status.is_none_or(|status| status == 200) => {
            Last::Got(answer, &request.fields)
        }
        (_, true) => Last::Unknown,
        _ => history.last(&request.target),
    };
    let mut finding = find(Case {
        request,
        state: &state,
        brothers: &[],
        unconditional: given.status.or_else(|| unconditional(answer.as_ref()?)),
        policy,
        now: given.now,
        last,
    });
    let mut found = Vec::new();
    if let Some(answer) = answer {
        if answer.from_cache {
            from_cache(&mut finding);
        } else if given.state.is_none() {
            found = faults(Seen {
                request,
                answer,
                content: None,
                before: history.of(&request.target),
                policy,
                now: given.now,
            });
        }
    }
    let text = |value: &Option<Vec<u8>>| {
        value
            .as_deref()
            .map(|value| String::from_utf8_lossy(value).into_owned())
    };
    Report {
        method: visible(request.method.as_bytes()),
        target: visible(request.target.as_bytes()),
        assumed: request.is_assumed,
        answered: answer.as_ref().and_then(|answer| answer.status),
        finding,
        faults: found,
        etag: text(&state.etag),
        last_modified: text(&state.last_modified),
        fields: request
            .fields
            .iter()
            .filter(|(name, _)| http_conditional::Field::from_name(name.as_bytes()).is_some())
            .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
            .collect(),
    }
}

/// The status that the answer would have had without conditions, as far as it tells.
fn unconditional(answer: &Answer) -> Option<u16> {
    answer
        .status
        .filter(|status| !matches!(status, 200 | 206 | 304 | 412 | 416 | 428))
}

/// The browser had it fresh, and asked nobody.
fn from_cache(finding: &mut Finding) {
    finding.summary =
        String::from("200 OK from the browser's own cache: it was fresh, so nothing was sent");
    finding.status = Some(200);
    finding.cause = Cause::FromCache;
    finding.steps.clear();
    finding.because = vec![String::from(
        "The program never saw this request: the browser may use what it has for a time without asking.",
    )];
    finding.advice = vec![String::from(
        "To be asked each time, answer with Cache-Control: no-cache; to ask now, reload.",
    )];
}
