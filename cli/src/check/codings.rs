//! What a server does where it compresses (RFC 9110 sections 8.8.3.3 and 12.5.5): each coding has
//! its own tag, Vary names the field, and the tag of each can be matched.

use super::client::Client;
use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response, shown};
use super::model::is_weak;
use super::resource::{Resource, ask};

const CODINGS: [&str; 4] = ["gzip", "br", "zstd", "deflate"];

pub(super) fn check(
    client: &mut Client,
    resource: &Resource,
    tags_match: bool,
    findings: &mut Findings,
) -> Result<(), String> {
    let get = Request::new("GET", &resource.target.path);
    let plain = get.clone().line("Accept-Encoding", "identity");
    let mut variants = vec![("identity", plain.clone(), ask(client, &plain)?)];
    for coding in CODINGS {
        let request = get.clone().line("Accept-Encoding", coding);
        let response = ask(client, &request)?;
        if response.status == 200 && response.lists("content-encoding", coding) {
            variants.push((coding, request, response));
        }
    }
    if variants.len() < 2 || variants[0].2.value("content-encoding").is_some() {
        return Ok(());
    }
    for (coding, request, response) in &variants {
        let varies = response.lists("vary", "accept-encoding") || response.lists("vary", "*");
        if !varies {
            let should =
                "Vary: Accept-Encoding, since it is compressed for clients that ask for it";
            let evidence = Evidence::of("live/vary", request, response, should);
            findings.add(Fault::VaryMissing, evidence);
        }
        if *coding != "identity" && tags_match {
            never(client, request, response, findings)?;
        }
    }
    for (index, (coding, request, response)) in variants.iter().enumerate() {
        let shares = |(_, _, other): &(_, _, Response)| {
            let tag = response.value("etag");
            tag.is_some_and(|tag| !is_weak(tag))
                && tag == other.value("etag")
                && other.content != response.content
        };
        if let Some((other, _, _)) = variants[..index].iter().find(|variant| shares(variant)) {
            let should = format!("for {coding} another tag than for {other}, or a weak one");
            let evidence = Evidence::of("live/codings", request, response, should);
            findings.add(Fault::TagOfCodings, evidence);
        }
    }
    Ok(())
}

/// Asks with the tag of a coding whether that has changed.
fn never(
    client: &mut Client,
    request: &Request,
    response: &Response,
    findings: &mut Findings,
) -> Result<(), String> {
    let Some(tag) = response.value("etag") else {
        return Ok(());
    };
    let request = request.clone().line("If-None-Match", tag);
    let again = ask(client, &request)?;
    if again.status == 200 && again.value("etag") == Some(tag) {
        let should = format!("304, since {} is the tag of what came", shown(tag));
        let evidence = Evidence::of("live/coding-tag", &request, &again, should);
        findings.add(Fault::CodingNever, evidence);
    }
    Ok(())
}
