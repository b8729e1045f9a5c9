//! What is behind a decision, and what to do about it, in sentences.

use http_conditional::{EntityTags, Field, Guard, HttpDate, RemarkKind, Step};

use super::none_sent::{self, Last};
use super::{Case, Cause, Finding, State, fault, meant, values, visible};

/// Completes a finding with its sentences.
#[allow(clippy::too_many_lines)] // a list
pub(super) fn say(
    finding: &mut Finding,
    case: &Case<'_>,
    marked: Option<Step>,
    remark: Option<RemarkKind>,
    guard: Guard,
) {
    let field = marked.map(Step::field);
    let value = field
        .and_then(|field| values(case.request, field).next())
        .unwrap_or_default();
    let reads = matches!(&*case.request.method, "GET" | "HEAD" | "QUERY");
    match finding.cause {
        Cause::NoCondition => {
            let answer = match case.last {
                Last::Got(answer, _) => Some(answer),
                _ => None,
            };
            let (because, advice) = none_sent::why(case.request, answer, case.last);
            finding.because.extend(because);
            finding.advice.extend(advice);
            if case.state.has_bad_etag() {
                bad_etag(finding, case.state);
            } else {
                finding.advice.extend(would_give_304(case));
            }
        }
        Cause::StateUnknown => state_unknown(finding, case, field, reads),
        Cause::BadEtag => {
            let shown = visible(case.state.etag.as_deref().unwrap_or_default());
            if let Some((status, _)) = finding.summary.split_once(':') {
                finding.summary =
                    format!("{status}: the ETag of the answer, {shown}, is not an entity tag");
            }
            bad_etag(finding, case.state);
        }
        Cause::NoValidator => {
            let what = match field {
                Some(Field::IfModifiedSince | Field::IfUnmodifiedSince) => "Last-Modified",
                _ => "ETag",
            };
            finding.because.push(format!(
                "The answer has no {what} that the request could be compared with."
            ));
            finding.advice.push(format!(
                "Send {what} with each 200, and a client that has it is answered 304."
            ));
        }
        Cause::AnotherTag => {
            finding.because.push(both(case.state, field, value));
            finding.because.push(String::from(if reads {
                "It was changed since the client got it, and the 200 is right. If its content is the same as \
                 before, the program makes a new tag for each answer, and that is the bug."
            } else {
                "Somebody else has changed it since this client read it: the write would have undone that."
            }));
            if reads {
                finding.advice.extend(would_give_304(case));
            } else {
                finding.advice.push(String::from(
                    "Get it again, make the change again, and send it with the new ETag in If-Match.",
                ));
            }
        }
        Cause::AlmostTheTag => {
            finding.because.push(both(case.state, field, value));
            almost(finding, case, remark, reads);
        }
        Cause::QuotedStar => {
            finding.because.push(String::from(
                "A star in quotes is an ordinary entity tag. Without quotes it matches whatever is there.",
            ));
            let name = field.map_or("If-None-Match", Field::name);
            finding.advice.push(format!("Send {name}: *"));
        }
        Cause::Malformed => malformed(finding, case, field, value),
        Cause::EmptyList => finding.because.push(String::from(
            "The list has no tag in it, so none can match.",
        )),
        Cause::Superseded => {
            finding.because.push(both(case.state, field, value));
            finding.because.push(String::from(
                "If-Modified-Since alone would have given a 304, but with If-None-Match it is ignored \
                 (RFC 9110 section 13.1.3): a tag is more exact.",
            ));
            finding.advice.push(String::from(
                "If the content is the same, keep its ETag the same; otherwise the 200 is right.",
            ));
        }
        Cause::NotADate => not_a_date(finding, case, field, value),
        Cause::ChangedSince => {
            finding.because.push(format!(
                "It was modified on {}, after the date in the request.",
                visible(case.state.last_modified.as_deref().unwrap_or_default()),
            ));
            if reads {
                finding.advice.extend(would_give_304(case));
            }
        }
        Cause::Exists => {
            finding.because.push(String::from(
                "On a write, If-None-Match means \"only if it does not exist\" (*) or \"not over this version\", and that is not so.",
            ));
            if !reads {
                finding
                    .advice
                    .push(String::from("To change it, send its ETag in If-Match."));
            }
        }
        Cause::Missing => {
            finding.because.push(String::from(
                "The request changes it only if it exists, and it does not.",
            ));
            finding
                .advice
                .push(String::from("To create it, send If-None-Match: *"));
        }
        Cause::RangeIgnored => {
            finding.because.push(String::from(
                "The validators do not show that a part would fit what the client has, so it gets the whole.",
            ));
            if let Some(tag) = case.state.tag().filter(|tag| !tag.is_weak()) {
                finding.advice.push(format!(
                    "To get a part, send If-Range: {}",
                    visible(tag.to_string().as_bytes())
                ));
            } else {
                finding.advice.push(String::from(
                    "Only a strong ETag lets a download be resumed safely.",
                ));
            }
        }
        Cause::NotEvaluated => {
            finding.summary = match case.unconditional.or(absent(case)) {
                Some(status) => format!(
                    "{status}, as without conditions: they count only where that would be 2xx or 412 \
                 (RFC 9110 section 13.2.1)"
                ),
                None => format!(
                    "{} is performed: conditions do not apply to it (RFC 9110 section 13.2.1)",
                    visible(case.request.method.as_bytes())
                ),
            }
        }
        Cause::Performed if fault::is_safe(&case.request.method) => {}
        Cause::Performed => performed(finding, case, guard),
        // The summary says it all.
        Cause::ClientHasIt | Cause::FromCache => {}
    }
}

/// The status where there is nothing.
fn absent(case: &Case<'_>) -> Option<u16> {
    let reads = matches!(&*case.request.method, "GET" | "HEAD" | "QUERY");
    (reads && !case.state.exists).then_some(404)
}

/// Both tags, side by side.
fn both(state: &State, field: Option<Field>, value: &[u8]) -> String {
    let name = field.map_or("If-None-Match", Field::name);
    format!(
        "{name} has {}, and the current ETag is {}.",
        visible(value),
        visible(state.etag.as_deref().unwrap_or_default()),
    )
}

/// What would be answered with a 304.
fn would_give_304(case: &Case<'_>) -> Option<String> {
    if !matches!(&*case.request.method, "GET" | "HEAD" | "QUERY") {
        return None;
    }
    if let Some(tag) = case.state.tag() {
        return Some(format!(
            "To get a 304, send If-None-Match: {}",
            visible(tag.to_string().as_bytes())
        ));
    }
    let date = case.state.date(case.now)?;
    Some(format!("To get a 304, send If-Modified-Since: {date}"))
}

/// Whether If-Modified-Since, by itself, would have given a 304.
pub(super) fn date_would_hold(case: &Case<'_>) -> bool {
    let mut dates = values(case.request, Field::IfModifiedSince);
    let (Some(value), None) = (dates.next(), dates.next()) else {
        return false;
    };
    let reads = matches!(&*case.request.method, "GET" | "HEAD" | "QUERY");
    let date = HttpDate::parse(value, case.now).ok();
    let modified = case.state.date(case.now);
    reads
        && date
            .zip(modified)
            .is_some_and(|(date, modified)| modified <= date)
}

fn state_unknown(finding: &mut Finding, case: &Case<'_>, field: Option<Field>, reads: bool) {
    let (what, option) = match field {
        Some(Field::IfModifiedSince | Field::IfUnmodifiedSince) => {
            ("Last-Modified", "--last-modified")
        }
        _ => ("ETag", "--etag"),
    };
    let name = field.map_or("the condition", Field::name);
    finding.summary = if reads && !matches!(field, Some(Field::IfMatch | Field::IfUnmodifiedSince))
    {
        format!(
            "200 OK or 304 Not Modified: it depends on the current {what}, which is not in the input"
        )
    } else {
        format!(
            "performed or 412 Precondition Failed: it depends on the current {what}, which is not in the input"
        )
    };
    finding.status = None;
    let name_of = |step: &str| field.is_some_and(|field| step.contains(&format!(". {field}:")));
    for step in &mut finding.steps {
        if name_of(&step.text) {
            // What it came to is not known, whatever an absent validator comes to.
            let number = step.text.split(':').next().unwrap_or_default();
            step.text = format!("{number}: present, but what is current is not known");
            step.remark = None;
        }
        step.mark = None;
    }
    let value = field
        .and_then(|field| values(case.request, field).next())
        .unwrap_or_default();
    finding
        .because
        .push(format!("{name} is {}.", visible(value)));
    finding.advice.push(format!(
        "Give the current {what} with {option}, or put the answer's head below the request's, as curl -v prints both."
    ));
}

/// The usual bug: a tag without its quotes.
fn bad_etag(finding: &mut Finding, state: &State) {
    let etag = state.etag.as_deref().unwrap_or_default();
    let meant = std::str::from_utf8(etag).ok().and_then(meant::tag);
    finding.because.push(match &meant {
        Some(_) => format!(
            "This is the bug: the answer says ETag: {}, without the double quotes that are part of an entity tag \
             (RFC 9110 section 8.8.3). No client and no cache has to accept it, and many do not.",
            visible(etag)
        ),
        None => format!("This is the bug: the answer says ETag: {}, which is not an entity tag.", visible(etag)),
    });
    let Some(meant) = meant.map(|meant| visible(meant.as_bytes())) else {
        return;
    };
    let hash = meant.trim_start_matches("W/").trim_matches('"');
    finding.advice.extend([
        format!("The right line is ETag: {meant}"),
        format!("Express: res.set(\"ETag\", '\"{hash}\"'), or leave it out: res.send() makes one, quotes and all"),
        format!("Flask: response.set_etag(\"{hash}\"); return response.make_conditional(request)"),
        String::from("Rails: fresh_when etag: record"),
        format!("Spring: ResponseEntity.ok().eTag(\"\\\"{hash}\\\"\"), or a ShallowEtagHeaderFilter"),
        format!("Go: w.Header().Set(\"ETag\", `\"{hash}\"`), and then http.ServeContent"),
        format!("nginx: add_header ETag '\"{hash}\"'; for files it has etag on; already"),
        String::from("And compare If-None-Match as a list, weakly: If-None-Match: \"a\", W/\"b\" has two tags."),
    ]);
}

fn almost(finding: &mut Finding, case: &Case<'_>, remark: Option<RemarkKind>, reads: bool) {
    let tag = case
        .state
        .tag()
        .map(|tag| visible(tag.to_string().as_bytes()))
        .unwrap_or_default();
    let (because, advice) = match remark {
        Some(RemarkKind::Quotes) => (
            "They differ only in the quotes, which are part of an entity tag: without them the field is malformed.",
            format!("Send back the ETag as it came, quotes and all: {tag}"),
        ),
        Some(RemarkKind::WeakMark) => (
            "They differ only in W/, or both have it: If-Match and If-Range take strong tags only.",
            String::from(if reads {
                "Give the answer a strong ETag, one that changes with every byte."
            } else {
                "Give the answer a strong ETag, or use --weak-if-match, as OData, FHIR and SCIM do."
            }),
        ),
        Some(RemarkKind::Suffix) => marked_by_coding(case, reads),
        Some(RemarkKind::Case) => (
            "They differ only in upper and lower case, which counts: a tag is compared byte by byte.",
            format!("Send back the ETag as it came: {tag}"),
        ),
        _ => (
            "They differ only in white space.",
            format!("Send back the ETag as it came: {tag}"),
        ),
    };
    finding.because.push(String::from(because));
    finding.advice.push(advice);
}

/// The tags differ in what a server that compresses adds to them.
fn marked_by_coding(case: &Case<'_>, reads: bool) -> (&'static str, String) {
    let accepted = none_sent::text_of(&case.request.fields, "accept-encoding");
    if reads && matches!(accepted.trim(), "" | "identity") {
        return (
            "They differ only in the name of a content coding at the end. The tag in the request is that of \
             compressed content, but no Accept-Encoding in the request asks for that.",
            String::from(
                "Send the Accept-Encoding that got this tag (curl: --compressed). If it is 200 with that too, \
                 a server in between adds the name to the tag, but does not take it off the request.",
            ),
        );
    }
    let because = "They differ only in the name of a content coding at the end. Probably a server in between compresses: \
                   it adds the name to the tag, but does not take it off when the tag comes back.";
    let advice = if reads {
        "Let that server leave tags alone, and send weak ones (Apache: DeflateAlterETag NoChange), or let the program \
         compress by itself."
    } else {
        "Tell the program that evaluates that the resource has both tags (in this library: Representation::also)."
    };
    (because, String::from(advice))
}

fn malformed(finding: &mut Finding, case: &Case<'_>, field: Option<Field>, value: &[u8]) {
    let name = field.map_or("If-None-Match", Field::name);
    let lines = field.map_or(0, |field| values(case.request, field).count());
    let error = EntityTags::parse(value).err();
    match error {
        Some(error) => finding
            .because
            .push(format!("{name} is {}: {error}.", visible(value))),
        None => finding.because.push(format!(
            "{name} has {lines} lines, which together are not a list of tags."
        )),
    }
    match meant::tags(value) {
        Some(meant) => finding
            .advice
            .push(format!("Probably meant: {name}: {meant}")),
        None => finding.advice.push(format!(
            "A tag has double quotes around it, and no quote in it: {name}: \"v1\", W/\"v2\""
        )),
    }
    finding.advice.extend(would_give_304(case));
}

fn not_a_date(finding: &mut Finding, case: &Case<'_>, field: Option<Field>, value: &[u8]) {
    let name = field.map_or("If-Modified-Since", Field::name);
    match HttpDate::parse(value, case.now) {
        Err(error) => finding
            .because
            .push(format!("{name} is {}: {error}.", visible(value))),
        Ok(_) => finding.because.push(format!(
            "{name} has more than one line, but a date has to be on one."
        )),
    }
    finding.because.push(String::from(
        "A date that cannot be read is ignored, as RFC 9110 section 13.1.3 says.",
    ));
    if let Some(date) = meant::date(value, case.now) {
        finding
            .advice
            .push(format!("Probably meant: {name}: {date}"));
    }
    finding.advice.extend(would_give_304(case));
}

/// A write went ahead.
fn performed(finding: &mut Finding, case: &Case<'_>, guard: Guard) {
    let has = |field| values(case.request, field).next();
    let malformed =
        |field| has(field).is_some_and(|value| HttpDate::parse(value, case.now).is_err());
    let is_star = |field| has(field).is_some_and(|value| value.trim_ascii() == b"*");
    if has(Field::IfNoneMatch).is_some_and(|value| value.trim_ascii() == b"\"*\"") {
        finding.cause = Cause::QuotedStar;
        finding.because.push(String::from(
            "If-None-Match: \"*\" does not stop a write over what exists: a star in quotes is an entity \
             tag like any other.",
        ));
        finding.advice.push(String::from("Send If-None-Match: *"));
        return;
    }
    if has(Field::IfMatch).is_none() && malformed(Field::IfUnmodifiedSince) {
        finding.cause = Cause::NotADate;
        not_a_date(
            finding,
            case,
            Some(Field::IfUnmodifiedSince),
            has(Field::IfUnmodifiedSince).unwrap_or_default(),
        );
        finding
            .because
            .push(String::from("So the write went ahead without a guard."));
        return;
    }
    let compared = [Field::IfNoneMatch, Field::IfUnmodifiedSince]
        .into_iter()
        .find(|&field| has(field).is_some());
    if guard == Guard::None && compared.is_some() && !case.state.is_known() {
        finding.cause = Cause::StateUnknown;
        state_unknown(finding, case, compared, false);
        return;
    }
    let because = match guard {
        Guard::Strong if is_star(Field::IfMatch) => {
            "If-Match: * asks only whether it exists: somebody else's change may have been undone."
        }
        Guard::Date if !case.state.strong_date => {
            "It was not modified after the date in the request. But two changes within one second have \
             the same date: if there were two, the one before this write may have been undone."
        }
        Guard::Strong | Guard::Date => {
            let held = "The condition held, so nobody else's change was undone.";
            finding.because.push(String::from(held));
            return;
        }
        Guard::None => match compared {
            Some(Field::IfNoneMatch) => {
                "If-None-Match with tags only says which versions not to overwrite, and the current one is \
                 none of them: somebody else's change may have been undone."
            }
            Some(_) => {
                "Without a Last-Modified, If-Unmodified-Since is ignored (RFC 9110 section 13.1.4): \
                 nothing guarded this write."
            }
            None if has(Field::IfModifiedSince).is_some() => {
                "If-Modified-Since is for GET and HEAD only: nothing guarded this write."
            }
            None => "No condition guarded this write: somebody else's change may have been undone.",
        },
    };
    finding.because.push(String::from(because));
    finding.advice.push(String::from(
        "Send If-Match with the ETag of the version that was changed.",
    ));
}
