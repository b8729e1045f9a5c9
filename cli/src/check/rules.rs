//! What RFC 9110 requires, according to the library, and what else it allows (section 13.2.2, with
//! the liberties of 2.4, 13.1.3 and 14.2).

use http_conditional::{
    Decision, EntityTag, Field, Fields, HttpDate, Method, Policy, Preconditions, Ranges,
    Representation,
};

use super::faults::Fault;
use super::message::Request;
use super::model::{Answer, State, contains, inner};

/// An answer that is right, and the choice that it shows, where it is not the plain one.
pub(super) type Right = (Answer, Option<Fault>);

/// What the library makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) decision: Decision,
    pub(super) malformed: Fields,
}

impl Verdict {
    /// Whether any conditional field is malformed.
    pub(super) fn is_malformed(self) -> bool {
        self.malformed.iter().next().is_some()
    }

    /// Whether one with tags or ranges is: invalid dates have to be ignored.
    fn may_be_refused(self) -> bool {
        let dates = [Field::IfModifiedSince, Field::IfUnmodifiedSince];
        self.malformed.iter().any(|field| !dates.contains(&field))
    }
}

/// By the library, with a date that is or is not a strong validator.
pub(super) fn verdict(request: &Request, state: &State, strong_date: bool) -> Verdict {
    let tag = state
        .tag
        .as_deref()
        .and_then(|tag| EntityTag::parse(tag).ok());
    let date = |unix| HttpDate::from_unix(unix).ok();
    let mut selected = if state.exists {
        Representation::current()
    } else {
        Representation::ABSENT
    };
    if let Some(tag) = tag {
        selected = selected.etag(tag);
    }
    if let Some(modified) = state.modified.and_then(date) {
        selected = if strong_date {
            selected.strong_last_modified(modified)
        } else {
            selected.last_modified(modified)
        };
    }
    let policy = date(state.now).map_or(Policy::new(), |now| Policy::new().now(now));
    let method = Method::from(request.method.as_str());
    let mut preconditions = Preconditions::with_policy(method, selected, policy)
        .unconditional_status(if state.exists { 200 } else { 404 });
    for (name, value) in &request.lines {
        preconditions.field(name, value);
    }
    Verdict {
        decision: preconditions.decide(),
        malformed: preconditions.malformed(),
    }
}

/// All answers that are right, the plain one first.
pub(super) fn right_answers(request: &Request, state: &State) -> Vec<Right> {
    if !state.exists {
        return vec![(Answer::Missing, None)];
    }
    let verdict = verdict(request, state, false);
    let mut right = performed(verdict.decision, request, state);
    if self::verdict(request, state, true).decision == Decision::Perform
        && verdict.decision == Decision::PerformIgnoringRange
    {
        let others = performed(Decision::Perform, request, state);
        let chosen = |(answer, _)| (answer, Some(Fault::IfRangeDateWeak));
        right.extend(others.into_iter().map(chosen));
    }
    if verdict.decision == Decision::NotModified && later_date(request, state) {
        // 13.1.3: a recipient may ask for the exact date.
        right.push((Answer::Whole, Some(Fault::IfModifiedSinceExact)));
    }
    if verdict.may_be_refused() {
        right.push((Answer::Rejected, None));
    }
    if verdict.malformed.contains(Field::Range) {
        right.push((Answer::Unsatisfied, Some(Fault::RangeMalformedRefused)));
    }
    if verdict.is_malformed() {
        recovered(request, state, &mut right);
    }
    right
}

/// The answers to a method that is performed.
fn performed(decision: Decision, request: &Request, state: &State) -> Vec<Right> {
    match decision {
        Decision::NotModified => return vec![(Answer::NotModified, None)],
        Decision::PreconditionFailed => return vec![(Answer::Failed, None)],
        Decision::PerformIgnoringRange => return vec![(Answer::Whole, None)],
        Decision::Perform => {}
    }
    let ranges: Vec<&[u8]> = request.values("range").collect();
    let (Some(range), "GET") = (ranges.first(), request.method.as_str()) else {
        return vec![(Answer::Whole, None)];
    };
    let refused = Some(Fault::RangeMalformedRefused);
    let malformed = vec![
        (Answer::Whole, None),
        (Answer::Rejected, refused),
        (Answer::Unsatisfied, refused),
    ];
    let goodwill = Some(Fault::ReadsMalformed);
    if ranges.len() > 1 {
        return [malformed, vec![(Answer::Part, goodwill)]].concat();
    }
    let unit = range.iter().position(|&byte| byte == b'=');
    let unit = unit.map(|at| range[..at].to_ascii_lowercase());
    if unit.is_some_and(|unit| unit != b"bytes") {
        return vec![(Answer::Whole, None)];
    }
    match Ranges::parse(range) {
        Ok(set) if set.is_satisfiable(state.length) => {
            let mut right = vec![(Answer::Part, None), (Answer::Whole, None)];
            if set.count() > 2 {
                // Many ranges may be rejected.
                right.extend([(Answer::Rejected, refused), (Answer::Unsatisfied, refused)]);
            }
            right
        }
        // Step 5, read word by word, sends the whole.
        Ok(_) => vec![(Answer::Unsatisfied, None), (Answer::Whole, None)],
        // Whitespace, and what else can be read with goodwill.
        Err(_) => [malformed, vec![(Answer::Part, goodwill)]].concat(),
    }
}

/// 2.4: what is malformed may be refused, or read with goodwill, where there is something to read.
fn recovered(request: &Request, state: &State, right: &mut Vec<Right>) {
    let goodwill = Some(Fault::ReadsMalformed);
    let holds = |name: &str| {
        let ours = state.tag.as_deref().map(inner);
        let star = |value: &[u8]| value.contains(&b'*');
        request
            .values(name)
            .any(|value| star(value) || ours.is_some_and(|ours| contains(value, ours)))
    };
    if holds("if-match") {
        right.extend([(Answer::Whole, goodwill), (Answer::NotModified, goodwill)]);
    }
    if holds("if-none-match") {
        right.push((Answer::NotModified, goodwill));
    }
    if request.values("range").count() > 1 && !request.has("if-range") {
        right.push((Answer::Part, goodwill));
    }
    if holds("if-range") || (request.has("if-range") && date_inside(request, state)) {
        right.push((Answer::Part, goodwill));
    }
}

/// Whether If-Range holds the date, with something around it.
fn date_inside(request: &Request, state: &State) -> bool {
    let date = state.modified.and_then(|at| HttpDate::from_unix(at).ok());
    date.is_some_and(|date| {
        let date = date.encode();
        request
            .values("if-range")
            .any(|value| contains(value, &date[..25]))
    })
}

/// Whether the 304 is due to a date other than Last-Modified.
fn later_date(request: &Request, state: &State) -> bool {
    let now = HttpDate::from_unix(state.now).ok();
    let value = request.values("if-modified-since").next();
    let date = value.and_then(|value| HttpDate::parse(value, now).ok());
    let differs = |date: HttpDate| Some(date.to_unix()) != state.modified;
    !request.has("if-none-match") && date.is_some_and(differs)
}
