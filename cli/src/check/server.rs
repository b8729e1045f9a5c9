//! Checking an origin server by requests that change nothing (RFC 9110 section 13).

use std::collections::HashSet;

use super::client::{Client, Error, Version};
use super::codings;
use super::diagnosis::{self, Observation};
use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response};
use super::model::{Answer, State, is_weak};
use super::resource::{Resource, again, learn, locate};
use super::rules::right_answers;
use super::target::Target;
use super::vectors::{Sendable, sendable};
use super::{answers, requests};

/// Checks a server.
///
/// # Errors
///
/// A sentence on why it cannot be checked.
pub fn check(client: &mut Client, target: &Target, all: bool) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let target = locate(client, target)?;
    let mut resource = learn(client, &target, &mut findings)?;
    say_what_is_not_there(&resource.state, &mut findings);

    let mut observations = Vec::new();
    let mut asked = asked(&resource, all);
    asked.retain(|(_, request, _, _)| client.can_send(request));
    for (id, request, state, right) in asked {
        let (came, response) = match client.send(&request) {
            Ok(response) if response.status == 429 => {
                return Err("the server asks for fewer requests (429): try --pause".to_owned());
            }
            Ok(response) => (Answer::of_status(response.status), Some(response)),
            Err(Error::Connect(reason)) => return Err(reason),
            Err(Error::Enough(_)) => break,
            Err(_) => (Answer::Broken, None),
        };
        observations.push(Observation {
            id,
            request,
            state,
            right,
            came,
            response,
        });
    }
    let ended = end(client, &mut resource, &observations, &mut findings);
    match (ended, client.may_ask_more()) {
        (Ok(()), _) => {}
        (Err(_), Err(enough)) => findings.give_up(enough.to_string()),
        (Err(reason), Ok(())) => return Err(reason),
    }
    strays(client, &mut findings);
    findings.requests = client.sent;
    findings.bytes = client.received;
    Ok(findings)
}

/// What the answers come to, and what is asked when they are there.
fn end(
    client: &mut Client,
    resource: &mut Resource,
    observations: &[Observation],
    findings: &mut Findings,
) -> Result<(), String> {
    let get = Request::new("GET", &resource.target.path);
    let whole = resource.whole.clone();
    let same = again(client, &get, &whole, &mut resource.state, findings);
    judge(observations, resource, findings);
    same?;
    let tags_match = observations
        .iter()
        .any(|seen| seen.id == "check/tag" && seen.came == Answer::NotModified);
    codings::check(client, resource, tags_match, findings)?;
    // Only HTTP/1.1 has it.
    if client.version() == Version::Http1 {
        client.may_ask_more().map_err(|error| error.to_string())?;
        pipelining(client, observations, resource, findings);
    }
    Ok(())
}

type Asked = (String, Request, State, Vec<super::rules::Right>);

/// All requests about conditions, the table's first.
fn asked(resource: &Resource, all: bool) -> Vec<Asked> {
    let mut asked = Vec::new();
    let mut known = HashSet::new();
    let path = &resource.target.path;
    let missing = resource.target.missing();
    let states = [
        (Some(&resource.state), path),
        (resource.missing.as_ref(), &missing),
    ];
    for (state, path) in states {
        let Some(state) = state else { continue };
        for (id, request) in requests::of(state, path) {
            let right = right_answers(&request, state);
            known.insert(request.clone());
            asked.push((id, request, state.clone(), right));
        }
        for Sendable { id, request, right } in sendable(state, path, &mut known, all) {
            asked.push((format!("vectors/{id}"), request, state.clone(), right));
        }
    }
    if resource.head.is_none() {
        asked.retain(|(_, request, _, _)| request.method != "HEAD");
    }
    asked
}

fn say_what_is_not_there(state: &State, findings: &mut Findings) {
    if state.tag.is_none() {
        findings.skip("conditions by the current tag: there is none that can be used");
    } else if state.tag.as_deref().is_some_and(is_weak) {
        findings.skip("If-Match and If-Range that match: the tag is a weak one");
    }
    if state.modified.is_none() {
        findings.skip("conditions by date: there is no Last-Modified that can be used");
    }
}

fn judge(observations: &[Observation], resource: &Resource, findings: &mut Findings) {
    // A server that insists on the exact date may insist on its exact bytes.
    let exact = |seen: &Observation| seen.choice() == Some(Fault::IfModifiedSinceExact);
    let exact = observations.iter().any(exact);
    for (fault, shown) in diagnosis::faults(observations) {
        if exact && fault == Fault::IfModifiedSinceFormats {
            continue;
        }
        for index in shown {
            findings.add(fault, evidence(&observations[index]));
        }
    }
    for seen in observations {
        if let Some(choice) = seen.choice()
            && !(choice == Fault::ReadsMalformed && is_unread(seen, findings))
        {
            findings.add(choice, evidence(seen));
        }
        if let Some(response) = &seen.response
            && seen.state.exists
        {
            answers::look(&seen.id, &seen.request, response, resource, findings);
        }
        if seen.id == "check/if-range"
            && seen.came == Answer::Whole
            && seen.expected() == Answer::Part
            && resource.state.ranges
        {
            findings.add(Fault::IfRangeNever, evidence(seen));
        }
    }
    closing(observations, findings);
}

/// Whether a field is not read leniently, but not at all.
fn is_unread(seen: &Observation, findings: &Findings) -> bool {
    let unread = [
        ("if-match", Fault::IfMatchIgnored),
        ("if-match", Fault::IfMatchMalformedIgnored),
        ("if-range", Fault::IfRangeIgnored),
        ("if-range", Fault::IfRangeMalformed),
        ("if-none-match", Fault::IfNoneMatchInside),
    ];
    let is_it = |&(name, fault): &(&str, Fault)| seen.request.has(name) && findings.has(fault);
    unread.iter().any(is_it)
}

fn evidence(seen: &Observation) -> Evidence {
    let mut should: Vec<&str> = Vec::new();
    for (answer, choice) in &seen.right {
        let name = match (answer, seen.request.method.as_str()) {
            (Answer::Whole, "HEAD") => "200 OK, as for the whole content",
            _ => name(*answer),
        };
        if choice.is_none() && !should.contains(&name) {
            should.push(name);
        }
    }
    let nothing = Response::default();
    let came = seen.response.as_ref().unwrap_or(&nothing);
    let mut evidence = Evidence::of(&seen.id, &seen.request, came, should.join(", or "));
    if seen.response.is_none() {
        "no answer".clone_into(&mut evidence.came);
    }
    evidence
}

/// What a person calls an answer.
fn name(answer: Answer) -> &'static str {
    match answer {
        Answer::Whole => "200 OK, with the whole content",
        Answer::Part => "206 Partial Content, with the part",
        Answer::NotModified => "304 Not Modified",
        Answer::Failed => "412 Precondition Failed",
        Answer::Unsatisfied => "416 Range Not Satisfiable",
        Answer::Rejected => "400 Bad Request",
        Answer::Missing => "404 Not Found, as without the condition",
        Answer::Broken | Answer::Other(_) => "another answer",
    }
}

/// Says it where each 304 costs a connection, and a 200 does not.
fn closing(observations: &[Observation], findings: &mut Findings) {
    let not_modified = |seen: &&Observation| seen.came == Answer::NotModified;
    let whole = |seen: &&Observation| seen.came == Answer::Whole && seen.request.method == "GET";
    let closes = |seen: &Observation| {
        let response = seen.response.as_ref();
        response.is_some_and(|response| response.closes && response.stray.is_empty())
    };
    let keeps = observations.iter().filter(whole).any(|seen| !closes(seen));
    let mut light = observations.iter().filter(not_modified).peekable();
    let first = light.peek().copied();
    if let (true, Some(first), true) = (keeps, first, light.all(closes)) {
        findings.add(Fault::ClosesAfterNotModified, evidence(first));
    }
}

/// RFC 9112 section 9.3.2: three requests at once, whose answers are known.
fn pipelining(
    client: &mut Client,
    observations: &[Observation],
    resource: &Resource,
    findings: &mut Findings,
) {
    let get = Request::new("GET", &resource.target.path);
    let mut requests = vec![
        (Request::new("GET", &resource.target.missing()), 404),
        (get, 200),
    ];
    let kept = observations
        .iter()
        .find(|seen| seen.came == Answer::NotModified);
    if let Some(seen) = kept.filter(|seen| seen.response.as_ref().is_some_and(|r| !r.closes)) {
        requests.insert(0, (seen.request.clone(), 304));
    }
    if resource.missing.is_none() {
        requests.retain(|(_, status)| *status != 404);
    }
    requests.push(requests[0].clone());
    let all: Vec<Request> = requests
        .iter()
        .map(|(request, _)| request.clone())
        .collect();
    let wrong = match client.send_all(&all) {
        // Answers that miss at the end were refused by closing, as is allowed.
        Ok(responses) => {
            responses
                .iter()
                .zip(&requests)
                .find_map(|(response, (request, status))| {
                    let right =
                        response.status == *status || (*status == 404 && response.status == 410);
                    (!right).then(|| {
                        Evidence::of("live/pipelining", request, response, status.to_string())
                    })
                })
        }
        Err(error) => Some(Evidence {
            check: "live/pipelining".to_owned(),
            request: requests
                .iter()
                .map(|(request, _)| request.shown() + "\n")
                .collect(),
            came: error.to_string(),
            should: "an answer to each, in order".to_owned(),
        }),
    };
    if let Some(evidence) = wrong
        && client.strays.is_empty()
    {
        findings.add(Fault::Pipelining, evidence);
    }
}

/// Bytes behind an answer that ends with its head.
pub(super) fn strays(client: &mut Client, findings: &mut Findings) {
    for (request, response) in std::mem::take(&mut client.strays) {
        let fault = match (request.method.as_str(), response.status) {
            (_, 304) => Fault::NotModifiedContent,
            ("HEAD", _) => Fault::HeadContent,
            _ => continue,
        };
        let should = "nothing behind the head";
        let evidence = Evidence::of("live/stray", &request, &response, should);
        findings.add(fault, evidence);
    }
}
