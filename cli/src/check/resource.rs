//! Learning the resource: what a GET, a second GET and a HEAD say (RFC 9110 sections 8 and 9.3).

use std::thread;
use std::time::Duration;

use http_conditional::{EntityTag, HttpDate};

use super::client::Client;
use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response};
use super::model::{State, is_weak};
use super::target::Target;

/// What was learned.
#[derive(Debug)]
pub(super) struct Resource {
    /// Where it is, after redirections.
    pub(super) target: Target,
    /// The 200.
    pub(super) whole: Response,
    /// What conditions are judged by.
    pub(super) state: State,
    /// The answer to HEAD, where that is a 200.
    pub(super) head: Option<Response>,
    /// What is asked beside it and is not there.
    pub(super) missing: Option<State>,
}

/// Asks for the resource.
pub(super) fn learn(
    client: &mut Client,
    target: &Target,
    findings: &mut Findings,
) -> Result<Resource, String> {
    let get = Request::new("GET", &target.path);
    let whole = ask(client, &get)?;
    if whole.status != 200 {
        return Err(refusal(target, &whole));
    }
    let mut state = State {
        exists: true,
        length: if whole.complete {
            whole.content.len() as u64
        } else {
            whole
                .length()
                .ok_or("the content is too long to be read, and its length is not given")?
        },
        now: HttpDate::now().to_unix(),
        ..State::default()
    };
    validators(&get, &whole, &mut state, findings);
    again(client, &get, &whole, &mut state, findings)?;

    let head = Request::new("HEAD", &target.path);
    let answer = ask(client, &head)?;
    let head = if answer.status == 200 {
        compare_head(&head, &answer, &whole, findings);
        Some(answer)
    } else {
        findings.skip(format!("HEAD: it is answered {}", answer.status));
        None
    };

    let range = Request::new("GET", &target.path).line("Range", "bytes=0-0");
    let part = ask(client, &range)?;
    state.ranges = part.status == 206;
    if !state.ranges {
        let fault = if whole.lists("accept-ranges", "bytes") {
            Fault::RangesPromised
        } else {
            Fault::NoRanges
        };
        if state.length > 0 {
            let should = "206 with one byte, where ranges are served";
            findings.add(fault, Evidence::of("live/ranges", &range, &part, should));
        }
        findings.skip("ranges: the server does not serve them");
    }

    let nothing = ask(client, &Request::new("GET", &target.missing()))?;
    let missing = matches!(nothing.status, 404 | 410).then(|| State {
        now: state.now,
        ..State::default()
    });
    if missing.is_none() {
        let status = nothing.status;
        findings.skip(format!("what is not there: it is answered {status}"));
    }
    Ok(Resource {
        target: target.clone(),
        whole,
        state,
        head,
        missing,
    })
}

/// An answer that everything else needs.
pub(super) fn ask(client: &mut Client, request: &Request) -> Result<Response, String> {
    let response = client.send(request).map_err(|error| {
        let first = request.shown();
        format!("{}: {error}", first.lines().next().unwrap_or_default())
    })?;
    if response.status == 429 {
        let wait = response.text("retry-after").unwrap_or("some");
        return Err(format!(
            "the server asks for fewer requests (429, Retry-After: {wait}): try --pause"
        ));
    }
    Ok(response)
}

/// Follows redirections on one host, and says where the resource is.
pub(super) fn locate(client: &mut Client, target: &Target) -> Result<Target, String> {
    let mut target = target.clone();
    for _ in 0..5 {
        let answer = ask(client, &Request::new("GET", &target.path))?;
        if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(target);
        }
        let location = answer.text("location").unwrap_or_default().to_owned();
        let next = target.join(&location)?;
        if !next.same_host(&target) {
            let status = answer.status;
            return Err(format!(
                "{target} answers {status} and leads to another host: check {next} if you mean that one"
            ));
        }
        target = next;
    }
    Err(format!("{target}: more than five redirections"))
}

fn refusal(target: &Target, answer: &Response) -> String {
    let hint = match answer.status {
        401 | 403 => ": give what it asks for by --header 'Authorization: ..' or 'Cookie: ..'",
        404 | 410 => ": check something that is there",
        500..=599 => ": the server fails without any condition",
        _ => ": only what is answered 200 can be checked",
    };
    format!("{target} is answered {}{hint}", answer.status)
}

/// Reads `ETag`, Last-Modified and Date, and says what is wrong with them.
fn validators(get: &Request, whole: &Response, state: &mut State, findings: &mut Findings) {
    let mut note = |fault, should: &str| {
        findings.add(fault, Evidence::of("live/validators", get, whole, should));
    };
    let tags: Vec<&[u8]> = whole.values("etag").collect();
    match tags[..] {
        [] => {}
        [tag] if EntityTag::parse(tag).is_ok() => state.tag = Some(tag.to_vec()),
        [_] => note(Fault::TagMalformed, "a tag in double quotes"),
        _ => note(Fault::TagTwice, "one ETag"),
    }
    if state.tag.as_deref().is_some_and(is_weak) {
        note(
            Fault::OnlyWeakTag,
            "a strong tag, where equal tags mean equal bytes",
        );
    }
    let date = whole
        .value("date")
        .and_then(|date| HttpDate::parse(date, None).ok());
    let modified: Vec<&[u8]> = whole.values("last-modified").collect();
    if let [modified] = modified[..] {
        match HttpDate::parse(modified, None) {
            Ok(read) if read.encode() == modified => {
                state.modified = Some(read.to_unix());
                if date.is_some_and(|date| read > date) {
                    note(Fault::LastModifiedFuture, "no date later than Date");
                }
            }
            _ => note(Fault::LastModifiedMalformed, "one date as HTTP writes it"),
        }
    } else if !modified.is_empty() {
        note(Fault::LastModifiedMalformed, "one date as HTTP writes it");
    }
    if tags.is_empty() && modified.is_empty() {
        note(Fault::NoValidator, "ETag or Last-Modified");
    }
}

/// Compares with a second answer; what changes without reason is not judged by.
pub(super) fn again(
    client: &mut Client,
    get: &Request,
    whole: &Response,
    state: &mut State,
    findings: &mut Findings,
) -> Result<(), String> {
    if whole.value("last-modified").is_some() && whole.value("last-modified") == whole.value("date")
    {
        // The time of the answer, perhaps: seen a second later.
        thread::sleep(Duration::from_millis(1100));
    }
    let second = ask(client, get)?;
    let mut note = |fault, should: &str| {
        findings.add(fault, Evidence::of("live/again", get, &second, should));
    };
    let same_content = second.content == whole.content && second.status == whole.status;
    let (before, now) = (whole.value("etag"), second.value("etag"));
    if same_content {
        if let (Some(before), true) = (before, before != now) {
            let before = super::message::shown(before);
            note(
                Fault::TagChanges,
                &format!("ETag: {before}, as a moment before"),
            );
            state.tag = None;
        }
        let before = whole.text("last-modified");
        if let (Some(date), true) = (before, before != second.text("last-modified")) {
            let should = format!("Last-Modified: {date}, as a moment before");
            note(Fault::LastModifiedChanges, &should);
            state.modified = None;
        }
        return Ok(());
    }
    if before.is_some_and(|tag| !is_weak(tag)) && before == now {
        note(Fault::TagStays, "another tag, since the content is another");
        return Ok(());
    }
    Err(
        "the content changes from request to request: check something that stays the same"
            .to_owned(),
    )
}

fn compare_head(head: &Request, answer: &Response, whole: &Response, findings: &mut Findings) {
    let seen: Vec<Fault> = findings.all().map(|(fault, _)| fault).collect();
    let has = |fault| seen.contains(&fault);
    let mut note = |fault, should: String| {
        findings.add(fault, Evidence::of("live/head", head, answer, should));
    };
    if let Some(length) = answer.length() {
        let whole_length = whole.content.len() as u64;
        let right = if whole.complete {
            Some(whole_length)
        } else {
            whole.length()
        };
        // What is compressed on the fly may have no length.
        if right.is_some_and(|right| right != length) {
            let should = format!("Content-Length: {}, or none", right.unwrap_or_default());
            note(Fault::HeadLength, should);
        }
    }
    let moving = [
        ("ETag", has(Fault::TagChanges)),
        ("Last-Modified", has(Fault::LastModifiedChanges)),
    ];
    for (name, changes) in moving {
        let lower = name.to_ascii_lowercase();
        let of_get = whole.value(&lower).map(super::message::shown);
        let of_head = answer.value(&lower).map(super::message::shown);
        let should = |value: &str| format!("{name}: {value}, as GET has");
        match (of_get, of_head) {
            (Some(value), None) => note(Fault::HeadLacks, should(&value)),
            (Some(value), Some(other)) if value != other && !changes => {
                note(Fault::HeadValidators, should(&value));
            }
            _ => {}
        }
    }
}
