//! Why a client sent no condition, although an answer could have been 304 (RFC 9110 section 13.1:
//! a condition is made of what is stored, RFC 9111 section 4.3.1).

use super::vary::{Difference, difference};
use super::visible;
use crate::explain::read::{Answer, FieldLine, Request};

/// What the client got before for the same URL.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Last<'a> {
    /// Nothing tells.
    #[default]
    Unknown,
    /// It is the first request for this URL, as far as is seen.
    None,
    /// This one, to a request with these fields.
    Got(&'a Answer, &'a [FieldLine]),
}

/// Clients that never send a condition by themselves, and how to make them send one.
const BY_HAND: [(&str, &str, &str); 8] = [
    (
        "curl/",
        "curl",
        "curl --etag-save FILE and then --etag-compare FILE, or -H 'If-None-Match: ..'",
    ),
    ("wget", "wget", "wget -N (--timestamping)"),
    (
        "python-requests",
        "requests",
        "the package requests-cache, or headers={\"If-None-Match\": ..}",
    ),
    (
        "python-httpx",
        "httpx",
        "the package hishel, or headers={\"If-None-Match\": ..}",
    ),
    (
        "go-http-client",
        "Go's http.Client",
        "req.Header.Set(\"If-None-Match\", ..)",
    ),
    (
        "node",
        "fetch in Node.js",
        "headers: { \"If-None-Match\": .. }",
    ),
    (
        "okhttp",
        "OkHttp without a Cache",
        "OkHttpClient.Builder().cache(..)",
    ),
    (
        "postman",
        "Postman",
        "a header If-None-Match in the request",
    ),
];

/// The sentences, and what to do.
pub(super) fn why(
    request: &Request,
    answer: Option<&Answer>,
    last: Last<'_>,
) -> (Vec<String>, Vec<String>) {
    let mut because = Vec::new();
    let mut advice = Vec::new();
    let agent = text_of(&request.fields, "user-agent").to_ascii_lowercase();
    let by_hand = BY_HAND.iter().find(|(mark, ..)| agent.starts_with(mark));
    let cached = text_of(&request.fields, "cache-control").to_ascii_lowercase();
    if let Some((_, client, how)) = by_hand {
        because.push(format!("{client} sends no condition unless it is told to."));
        advice.push(format!("To try one: {how}."));
        return (because, advice);
    }
    if cached.contains("no-cache")
        || text_of(&request.fields, "pragma").eq_ignore_ascii_case("no-cache")
    {
        because.push(String::from(
            "The request says no-cache and has no condition: the browser was told to bypass its cache, \
             by a reload with Shift held down or by \"Disable cache\" in the developer tools.",
        ));
        advice.push(String::from(
            "Untick \"Disable cache\", and reload without Shift: the browser sends the ETag that it has.",
        ));
        return (because, advice);
    }
    match last {
        Last::Got(before, asked) => of_answer(
            before,
            Some((asked, request)),
            "The answer before",
            &mut because,
            &mut advice,
        ),
        Last::None => because.push(String::from(
            "This is the first request seen for this URL: the client has nothing to ask about yet.",
        )),
        Last::Unknown => {}
    }
    if let (true, Some(answer)) = (because.is_empty(), answer) {
        of_answer(answer, None, "This answer", &mut because, &mut advice);
    }
    if because.is_empty() {
        because.push(String::from(
            "A browser sends none when it has nothing stored for this URL: on the first visit, after a \
             reload with Shift held down, with \"Disable cache\" in the developer tools, or where the last \
             answer had neither ETag nor Last-Modified, or had Cache-Control: no-store.",
        ));
    }
    (because, advice)
}

/// What in an answer keeps a client from asking about it.
fn of_answer(
    answer: &Answer,
    requests: Option<(&[FieldLine], &Request)>,
    which: &str,
    because: &mut Vec<String>,
    advice: &mut Vec<String>,
) {
    let control = text_of(&answer.fields, "cache-control").to_ascii_lowercase();
    let vary = text_of(&answer.fields, "vary");
    if control
        .split(',')
        .any(|directive| directive.trim() == "no-store")
    {
        because.push(format!(
            "{which} said Cache-Control: no-store, so the client has stored nothing to ask about."
        ));
        advice.push(String::from(
            "Send Cache-Control: no-cache instead of no-store: the client then stores the answer, and asks each time.",
        ));
        return;
    }
    if answer.value("etag").is_none() && answer.value("last-modified").is_none() {
        if answer.status.is_none_or(|status| status == 200) {
            because.push(format!(
                "{which} had neither ETag nor Last-Modified, so there is nothing to ask with."
            ));
            advice.push(String::from(
                "Send an ETag, or a Last-Modified, with each 200.",
            ));
        }
        return;
    }
    if vary.split(',').any(|name| name.trim() == "*") {
        because.push(format!(
            "{which} said Vary: *, so it is never used for another request."
        ));
        return;
    }
    let Some((asked, request)) = requests else {
        return;
    };
    if let Some(Difference { name, before, now }) = difference(&vary, asked, &request.fields) {
        // Cookies and credentials are nobody else's business.
        let is_shown = name
            .get(..6)
            .is_some_and(|start| start.eq_ignore_ascii_case("accept"));
        let values = if is_shown {
            let [before, now] = [before, now].map(|value| visible(value.as_bytes()));
            format!(", which was `{before}` then and is `{now}` now")
        } else {
            String::from(", which is different now")
        };
        because.push(format!(
            "{which} varies by {}{values}: it was the answer to another request.",
            visible(name.as_bytes())
        ));
    }
}

/// The lines of a field, put together.
pub(super) fn text_of(fields: &[FieldLine], name: &str) -> String {
    let lines = fields
        .iter()
        .filter(|(field, _)| field.eq_ignore_ascii_case(name));
    let lines: Vec<_> = lines
        .map(|(_, value)| String::from_utf8_lossy(value))
        .collect();
    lines.join(", ")
}
