//! Why an answer is what it is, in words for a person who looks at their own program: the same
//! for `explain`, for the proxy and for the page.
//!
//! The library says what the conditions come to (RFC 9110 section 13). What is added here is what
//! only a person needs: why a browser sent no condition, which bug a value is the sign of, and what
//! to write instead.

mod because;
mod departures;
mod fault;
mod history;
mod meant;
mod none_sent;
mod state;
mod vary;
mod visible;

use http_conditional::{
    Decision, EntityTag, Field, HttpDate, Policy, Preconditions, Remark, RemarkKind, Step,
};
use serde::Serialize;

use crate::explain::read::{FieldLine, Request};

pub(crate) use self::departures::Departures;
pub(crate) use self::fault::{Fault, Kind, Seen, Size, faults};
pub(crate) use self::history::{Content, History};
pub(crate) use self::none_sent::Last;
pub(crate) use self::state::State;
pub(crate) use self::visible::{cut, is_plain, visible, visible_json};

/// A request, and what is known of the resource at that time.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) request: &'a Request,
    pub(crate) state: &'a State,
    /// The tags of other current representations.
    pub(crate) brothers: &'a [EntityTag<'a>],
    /// The status of the answer without conditions; `None` where it is a success, or not known.
    pub(crate) unconditional: Option<u16>,
    pub(crate) policy: Policy,
    pub(crate) now: Option<HttpDate>,
    /// What the client got before for the same URL.
    pub(crate) last: Last<'a>,
}

/// What a request gets, why, and what to do about it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// The status that is right; `None` where the method decides.
    pub(crate) status: Option<u16>,
    /// The decision and its reason, on one line.
    pub(crate) summary: String,
    pub(crate) cause: Cause,
    pub(crate) steps: Vec<StepInWords>,
    /// What led to it, a sentence each.
    pub(crate) because: Vec<String>,
    /// What to send or to write instead, a line each.
    pub(crate) advice: Vec<String>,
}

/// A step of RFC 9110 section 13.2.2.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepInWords {
    /// `If-None-Match` and so on, with the number before it.
    pub(crate) text: String,
    /// What there is to say of the value.
    pub(crate) remark: Option<String>,
    pub(crate) mark: Option<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mark {
    /// Its condition was false, and made the decision.
    Decides,
    /// It prevented a 304.
    #[serde(rename = "kept")]
    KeptFrom304,
}

/// Why, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cause {
    /// 304: the client has what is current.
    ClientHasIt,
    /// No condition was sent.
    NoCondition,
    /// Nothing says what is current.
    StateUnknown,
    /// The answer's own `ETag` is not an entity tag.
    BadEtag,
    /// The representation has no validator that the condition could match.
    NoValidator,
    /// A tag that is really another one.
    AnotherTag,
    /// A tag that differs from the current one in nothing but its spelling.
    AlmostTheTag,
    /// `"*"`.
    QuotedStar,
    /// No list of entity tags.
    Malformed,
    /// A list of no tags.
    EmptyList,
    /// The date would have held, but a tag was sent beside it.
    Superseded,
    /// A value that should be a date is not one.
    NotADate,
    /// It was changed after the date.
    ChangedSince,
    /// Create it only if it is not there, and it is.
    Exists,
    /// Change it only if it is there, and it is not.
    Missing,
    /// If-Range is false.
    RangeIgnored,
    /// Conditions do not count, because of the method or the status.
    NotEvaluated,
    /// A write that no condition prevented.
    Performed,
    /// The browser answered by itself.
    FromCache,
}

/// Finds out why.
pub(crate) fn find(case: Case<'_>) -> Finding {
    let fields: Vec<(&str, &[u8])> = lines(&case.request.fields).collect();
    let representation = case.state.representation(case.now).also(case.brothers);
    let mut preconditions =
        Preconditions::with_policy((&case.request.method).into(), representation, case.policy);
    if let Some(status) = case.unconditional {
        preconditions = preconditions.unconditional_status(status);
    }
    preconditions.extend(fields.iter().copied());
    let with_values =
        preconditions.explain_with(fields.iter().map(|(name, value)| (*name, *value)));
    let explanation = with_values.explanation();
    let decision = explanation.decision();
    let marked = explanation.marked();
    let kept = explanation.kept_from_304();
    let remark = marked.and_then(|step| with_values.remark(step.field()));

    let why = match (decision, marked) {
        (Decision::NotModified, _) => Cause::ClientHasIt,
        (_, Some(Step::IfRange)) => Cause::RangeIgnored,
        (_, Some(step)) => {
            let malformed = preconditions.malformed().contains(step.field());
            cause_of(&case, step, malformed, remark.map(Remark::kind))
        }
        (Decision::PreconditionFailed, None) => Cause::NotEvaluated,
        (Decision::Perform | Decision::PerformIgnoringRange, None) => {
            if is_void(&case) {
                Cause::NotEvaluated
            } else {
                Cause::Performed
            }
        }
    };

    let text = with_values.to_string();
    let mut text = text.lines();
    let summary = text.next().unwrap_or_default().to_owned();
    let mut finding = Finding {
        status: decision
            .status()
            .or_else(|| unconditional(&case, kept, &summary)),
        summary,
        cause: why,
        steps: steps(
            text,
            if kept.is_some() && explanation.step().is_none() {
                Mark::KeptFrom304
            } else {
                Mark::Decides
            },
        ),
        because: Vec::new(),
        advice: Vec::new(),
    };
    let guard = preconditions.guards_write();
    because::say(&mut finding, &case, marked, remark.map(Remark::kind), guard);
    finding
}

/// The lines of a request, without what is no part of the evaluation.
fn lines(fields: &[FieldLine]) -> impl Iterator<Item = (&str, &[u8])> + Clone {
    fields
        .iter()
        .filter(|(name, _)| Field::from_name(name.as_bytes()).is_some())
        .map(|(name, value)| (name.as_str(), value.as_slice()))
}

/// The values of a field, a line each.
fn values(request: &Request, field: Field) -> impl Iterator<Item = &[u8]> {
    let fields = request.fields.iter();
    fields
        .filter(move |(name, _)| Field::from_name(name.as_bytes()) == Some(field))
        .map(|(_, value)| value.as_slice())
}

fn cause_of(case: &Case<'_>, step: Step, malformed: bool, remark: Option<RemarkKind>) -> Cause {
    let field = step.field();
    let Some(value) = values(case.request, field).next() else {
        return Cause::NoCondition;
    };
    let star = value.trim_ascii() == b"*";
    match step {
        Step::IfMatch if star => Cause::Missing,
        Step::IfNoneMatch if star && !malformed => Cause::Exists,
        Step::IfMatch | Step::IfNoneMatch => match remark {
            Some(RemarkKind::QuotedStar) => Cause::QuotedStar,
            _ if case.state.has_bad_etag() => Cause::BadEtag,
            Some(
                RemarkKind::Quotes
                | RemarkKind::WeakMark
                | RemarkKind::Suffix
                | RemarkKind::WhiteSpace
                | RemarkKind::Case,
            ) => Cause::AlmostTheTag,
            _ if malformed => Cause::Malformed,
            _ if !case.state.is_known() => Cause::StateUnknown,
            _ if !case.state.exists => Cause::Missing,
            _ if case.state.etag.is_none() => Cause::NoValidator,
            _ if value.trim_ascii().is_empty() => Cause::EmptyList,
            _ if because::date_would_hold(case) => Cause::Superseded,
            // A write that asks for something not to be there, and it is.
            None => Cause::Exists,
            Some(_) => Cause::AnotherTag,
        },
        Step::IfModifiedSince | Step::IfUnmodifiedSince | Step::IfRange => {
            if malformed {
                Cause::NotADate
            } else if !case.state.is_known() {
                Cause::StateUnknown
            } else if case.state.last_modified.is_none() {
                Cause::NoValidator
            } else {
                Cause::ChangedSince
            }
        }
    }
}

/// Whether no condition counts.
fn is_void(case: &Case<'_>) -> bool {
    let success = |status: u16| (200..300).contains(&status) || status == 412;
    let method = &*case.request.method;
    matches!(method, "OPTIONS" | "TRACE" | "CONNECT")
        || matches!(method, "GET" | "HEAD" | "QUERY") && !case.state.exists
        || case.unconditional.is_some_and(|status| !success(status))
}

/// The status of the answer without conditions, where that is what is right.
fn unconditional(case: &Case<'_>, kept: Option<Step>, summary: &str) -> Option<u16> {
    case.unconditional
        .or_else(|| kept.map(|_| if summary.starts_with("206") { 206 } else { 200 }))
}

/// The steps, as the library writes them: `> 3. If-None-Match: ..`, a remark indented below.
fn steps<'a>(lines: impl Iterator<Item = &'a str>, mark: Mark) -> Vec<StepInWords> {
    let mut steps: Vec<StepInWords> = Vec::new();
    for line in lines {
        if let (Some(remark), Some(step)) = (line.strip_prefix("     "), steps.last_mut()) {
            step.remark = Some(remark.to_owned());
            continue;
        }
        steps.push(StepInWords {
            text: line.trim_start_matches(['>', ' ']).to_owned(),
            remark: None,
            mark: line.starts_with('>').then_some(mark),
        });
    }
    steps
}
