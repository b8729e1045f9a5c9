//! What a program answered, compared with what it should have answered by its own validators (RFC
//! 9110 sections 8.8, 13 and 15.4.5).

use std::fmt;

use http_conditional::{EntityTag, HttpDate, Policy};
use serde::Serialize;

use super::history::{Content, OfUrl, Past};
use super::none_sent::text_of;
use super::{Case, Cause, Last, State, find, visible};
use crate::explain::read::{Answer, Request};

/// An exchange that went by, and what was seen of that URL before.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) request: &'a Request,
    pub(crate) answer: &'a Answer,
    /// `None` where it is not known whole.
    pub(crate) content: Option<Content>,
    pub(crate) before: Option<&'a OfUrl>,
    pub(crate) policy: Policy,
    pub(crate) now: Option<HttpDate>,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    /// How many bytes of content a correct program would not have sent.
    pub(crate) saved: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A 200, and the client had it.
    SentAgain,
    /// The `ETag` is not an entity tag.
    BadEtag,
    /// Last-Modified is not a date, or lies in the future.
    BadDate,
    /// The tag or the date is another one each time, and the content is not.
    ChangingValidator,
    /// One strong tag for two contents.
    OneTagTwoContents,
    /// One strong tag for two codings.
    OneTagTwoCodings,
    /// Two codings, and no Vary.
    NoVary,
    /// The same content again, and no validator.
    NoValidator,
    /// A 304 lacks a field of the 200.
    LostField,
    /// A 304, and the client did not have it.
    WrongNotModified,
    /// A part of something else than the client has.
    WrongPart,
    /// A write was performed, and its condition was false.
    GuardIgnored,
    /// A status that does not belong to the method.
    WrongStatus,
}

/// Whether a method is not there to change anything.
pub(super) fn is_safe(method: &str) -> bool {
    matches!(
        method,
        "GET" | "HEAD" | "QUERY" | "OPTIONS" | "TRACE" | "PROPFIND" | "REPORT" | "SEARCH"
    )
}

/// The faults of an answer; none where it is right.
pub(crate) fn faults(seen: Seen<'_>) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    let reads = matches!(&*seen.request.method, "GET" | "HEAD");
    match seen.answer.status {
        Some(200) if reads => {
            validators(&mut faults, seen);
            whole(&mut faults, seen);
        }
        Some(304) if reads => not_modified(&mut faults, seen),
        Some(304) => faults.add(
            Kind::WrongStatus,
            0,
            format!(
                "304 to {}, which should be 412 if its condition is false",
                visible(seen.request.method.as_bytes())
            ),
        ),
        Some(206) if reads => part(&mut faults, seen),
        Some(412) if reads => failed(&mut faults, seen),
        Some(200..=299) if !is_safe(&seen.request.method) => write(&mut faults, seen),
        _ => {}
    }
    faults.0
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, kind: Kind, saved: u64, text: String) {
        self.0.push(Fault { kind, text, saved });
    }
}

impl Seen<'_> {
    fn past(&self) -> impl DoubleEndedIterator<Item = &Past> {
        self.before.into_iter().flat_map(|url| &url.answers)
    }

    /// How many bytes of content went over the network.
    fn length(&self) -> u64 {
        self.known_length().unwrap_or(0)
    }

    fn known_length(&self) -> Option<u64> {
        if self.request.method == "HEAD" {
            return None;
        }
        let said = || {
            std::str::from_utf8(self.answer.value("content-length")?)
                .ok()?
                .parse()
                .ok()
        };
        let length = self.content.map(|content| content.length);
        length.or(self.answer.length).or_else(said)
    }

    /// `answered 200 with 48 KB though the client had it`.
    fn sent_again(&self) -> String {
        match self.known_length() {
            Some(length) => format!(
                "answered 200 with {} though the client had it",
                Size(length)
            ),
            None => String::from("answered 200 though the client had it"),
        }
    }

    fn cause(&self, state: &State) -> (Option<u16>, Cause) {
        let found = find(Case {
            request: self.request,
            state,
            brothers: &[],
            unconditional: None,
            policy: self.policy,
            now: self.now,
            last: Last::Unknown,
        });
        (found.status, found.cause)
    }
}

/// What is wrong with the validators themselves.
fn validators(faults: &mut Faults, seen: Seen<'_>) {
    let state = State::of_answer(&seen.request.method, seen.answer);
    if state.has_bad_etag() {
        let etag = state.etag.as_deref().unwrap_or_default();
        let tag = visible(etag);
        let sent_back = holds_bare(seen.request, "if-none-match", etag);
        let text = if sent_back {
            format!(
                "{}: ETag: {tag} has no quotes, so it is not an entity tag; If-None-Match held {}",
                seen.sent_again(),
                visible(text_of(&seen.request.fields, "if-none-match").as_bytes())
            )
        } else {
            format!("ETag: {tag} is not an entity tag, which has double quotes around it")
        };
        faults.add(
            Kind::BadEtag,
            if sent_back { seen.length() } else { 0 },
            text,
        );
    }
    let Some(value) = seen.answer.value("last-modified") else {
        return;
    };
    let Some(modified) = state.date(seen.now) else {
        faults.add(
            Kind::BadDate,
            0,
            format!("Last-Modified: {} is not an HTTP-date", visible(value)),
        );
        return;
    };
    let date = seen
        .answer
        .value("date")
        .and_then(|date| HttpDate::parse(date, seen.now).ok());
    if let Some(date) = date
        && modified > date
    {
        faults.add(
            Kind::BadDate,
            0,
            format!(
                "Last-Modified: {modified} is later than Date: {date}: it has to be in the past"
            ),
        );
    }
}

/// Whether a list of tags has this one, whatever its quotes.
fn holds_bare(request: &Request, field: &str, etag: &[u8]) -> bool {
    let list = text_of(&request.fields, field);
    list.split(',').any(|member| {
        let member = member.trim();
        let member = member.strip_prefix("W/").unwrap_or(member);
        member.trim_matches('"').as_bytes() == etag
    })
}

/// A 200 to GET or HEAD.
fn whole(faults: &mut Faults, seen: Seen<'_>) {
    let state = State::of_answer(&seen.request.method, seen.answer);
    if let (Some(304), _) = seen.cause(&state) {
        let what = if seen.request.has("if-none-match") {
            "If-None-Match held the very tag that this answer carries"
        } else {
            "If-Modified-Since held a date that this answer's Last-Modified is not after"
        };
        let text = format!("{}: {what}", seen.sent_again());
        faults.add(Kind::SentAgain, seen.length(), text);
    }
    let coding = text_of(&seen.answer.fields, "content-encoding");
    let tag = state.tag();
    for past in seen.past().rev() {
        let other_coding = text_of(&past.answer.fields, "content-encoding");
        if coding == other_coding {
            continue;
        }
        let before = past
            .answer
            .value("etag")
            .and_then(|etag| EntityTag::parse(etag).ok());
        if let (Some(tag), Some(before)) = (tag, before)
            && tag.strong_eq(before)
        {
            faults.add(Kind::OneTagTwoCodings, 0, format!(
                "strong tag, two codings: {} is the tag of the content coded as {} and as {}; make it weak, or \
                 make two of it",
                visible(tag.to_string().as_bytes()), Coding(&other_coding), Coding(&coding)
            ));
        }
        let varies = |answer: &Answer| {
            let vary = text_of(&answer.fields, "vary").to_ascii_lowercase();
            vary.split(',')
                .any(|name| matches!(name.trim(), "accept-encoding" | "*"))
        };
        if !varies(seen.answer) || !varies(&past.answer) {
            faults.add(Kind::NoVary, 0, format!(
                "content coded as {} and as {} without Vary: Accept-Encoding: a cache may give one to a client \
                 that cannot read it",
                Coding(&other_coding), Coding(&coding)
            ));
        }
        break;
    }
    if seen.request.method == "GET" {
        repeated(faults, seen, &state, &coding);
    }
}

/// The same content as before, or the same tag.
fn repeated(faults: &mut Faults, seen: Seen<'_>, state: &State, coding: &str) {
    let Some(content) = seen.content else { return };
    let alike = |past: &&Past| {
        past.is_for(seen.request) && text_of(&past.answer.fields, "content-encoding") == coding
    };
    let alike: Vec<&Past> = seen.past().filter(alike).collect();
    let Some(before) = alike.last() else { return };
    let Some(past_content) = before.content else {
        return;
    };
    if past_content != content {
        let past_tag = before
            .answer
            .value("etag")
            .and_then(|etag| EntityTag::parse(etag).ok());
        if let (Some(tag), Some(past_tag)) = (state.tag(), past_tag)
            && tag.strong_eq(past_tag)
        {
            faults.add(Kind::OneTagTwoContents, 0, format!(
                "the content has changed and its strong tag {} has not: a client that has the old one is told \
                 that it is current",
                visible(tag.to_string().as_bytes())
            ));
        }
        return;
    }
    let size = Size(content.length);
    let Some(etag) = &state.etag else {
        if let Some(date) = &state.last_modified {
            let changed = changed_twice(&alike, content, "last-modified", date).is_some();
            if changed {
                faults.add(Kind::ChangingValidator, asked_with_date(seen), String::from(
                    "Last-Modified changes with each answer, and the content does not: it is the time of the \
                     answer, and not of the change",
                ));
            }
            return;
        }
        let control = text_of(&seen.answer.fields, "cache-control").to_ascii_lowercase();
        if !control.contains("no-store") {
            faults.add(Kind::NoValidator, content.length, format!(
                "sent the same {size} as before: the answer has neither ETag nor Last-Modified, so no client can \
                 ask whether it has changed"
            ));
        }
        return;
    };
    if let Some((earlier, last)) = changed_twice(&alike, content, "etag", etag) {
        let brought = text_of(&seen.request.fields, "if-none-match");
        let saved = if brought.as_bytes() == last {
            content.length
        } else {
            0
        };
        faults.add(Kind::ChangingValidator, saved, format!(
            "the tag changes with each answer, and the content does not: {}, then {}, then {}; make it from the \
             content, or from a number that changes with it",
            visible(earlier), visible(last), visible(etag)
        ));
    }
}

/// The last two values of a field, where it was another one each time, and now is again, though the
/// content never changed. One change alone may be by somebody who saved the same once more.
fn changed_twice<'a>(
    alike: &[&'a Past],
    content: Content,
    name: &str,
    now: &[u8],
) -> Option<(&'a [u8], &'a [u8])> {
    let [.., before, last] = alike else {
        return None;
    };
    let value = |past: &&'a Past| {
        let same = past.content == Some(content);
        past.answer.value(name).filter(|_| same)
    };
    let (before, last) = (value(before)?, value(last)?);
    (before != last && last != now).then_some((before, last))
}

/// How much a right date would have saved.
fn asked_with_date(seen: Seen<'_>) -> u64 {
    if seen.request.has("if-modified-since") {
        seen.length()
    } else {
        0
    }
}

/// A 304 to GET or HEAD.
fn not_modified(faults: &mut Faults, seen: Seen<'_>) {
    let own = State::of_answer(&seen.request.method, seen.answer);
    let past = seen.past().rev().find(|past| past.is_for(seen.request));
    let last = past.map(|past| State::of_answer("GET", &past.answer));
    let state = if own.etag.is_some() || own.last_modified.is_some() {
        Some(&own)
    } else {
        last.as_ref()
    };
    let conditional = seen.request.has("if-none-match") || seen.request.has("if-modified-since");
    if !conditional {
        faults.add(Kind::WrongNotModified, 0, String::from(
            "304 to a request without a condition: the client gets no content, and may have none",
        ));
    } else if let Some(state) = state {
        let (status, cause) = seen.cause(state);
        // The validator that the client asked with may be one that the 304 does not repeat.
        let knows = matches!(
            cause,
            Cause::AnotherTag
                | Cause::ChangedSince
                | Cause::Superseded
                | Cause::Malformed
                | Cause::AlmostTheTag
        );
        if status == Some(200) && knows {
            faults.add(Kind::WrongNotModified, 0, format!(
                "304 though the client does not have it: it asked with {}, and the answer's validator is {}",
                asked_with(seen.request),
                visible(state.etag.as_deref().or(state.last_modified.as_deref()).unwrap_or_default())
            ));
        }
    }
    let Some(past) = past else { return };
    for name in [
        "ETag",
        "Vary",
        "Cache-Control",
        "Expires",
        "Content-Location",
    ] {
        if past.answer.value(name).is_some() && seen.answer.value(name).is_none() {
            faults.add(
                Kind::LostField,
                0,
                format!("304 without {name}, which the 200 has (RFC 9110 section 15.4.5)"),
            );
        }
    }
}

fn asked_with(request: &Request) -> String {
    for name in ["If-None-Match", "If-Modified-Since"] {
        if request.has(name) {
            return format!(
                "{name}: {}",
                visible(text_of(&request.fields, name).as_bytes())
            );
        }
    }
    String::from("no condition")
}

/// A 206.
fn part(faults: &mut Faults, seen: Seen<'_>) {
    let state = State::of_answer(&seen.request.method, seen.answer);
    let known = state.etag.is_some() || state.last_modified.is_some();
    if seen.request.has("if-range") && known && seen.cause(&state).1 == Cause::RangeIgnored {
        // Many servers resume by date; it is a choice.
        let by_tag = text_of(&seen.request.fields, "if-range").contains('"');
        if by_tag {
            faults.add(Kind::WrongPart, 0, format!(
                "206 though If-Range held {} and the answer has {}: the client joins parts of two versions",
                visible(text_of(&seen.request.fields, "if-range").as_bytes()),
                visible(state.etag.as_deref().unwrap_or(b"no ETag")),
            ));
        }
    }
}

/// A 412 to GET or HEAD.
fn failed(faults: &mut Faults, seen: Seen<'_>) {
    let Some(url) = seen.before else { return };
    if url.state.is_known() && seen.cause(&url.state).0 == Some(304) {
        faults.add(
            Kind::WrongStatus,
            0,
            format!(
                "412 to {}, which should be 304: the client has the current version",
                seen.request.method
            ),
        );
    }
}

/// A write that was performed.
fn write(faults: &mut Faults, seen: Seen<'_>) {
    let Some(url) = seen.before else { return };
    if !url.state.is_known() {
        return;
    }
    let (status, _) = seen.cause(&url.state);
    // What was seen of the date may be older than what is known of the tag.
    let by_tag = seen.request.has("if-match") || seen.request.has("if-none-match");
    let etag = url.state.etag.as_deref().unwrap_or_default();
    let is_meant = url.state.has_bad_etag() && holds_bare(seen.request, "if-match", etag);
    if status == Some(412) && by_tag && !is_meant {
        let name = if seen.request.has("if-match") {
            "If-Match"
        } else {
            "If-None-Match"
        };
        faults.add(Kind::GuardIgnored, 0, format!(
            "{} was performed though its condition is false: {name} held {}, and the current ETag, as last seen, \
             is {}; a change may be lost",
            visible(seen.request.method.as_bytes()),
            visible(text_of(&seen.request.fields, name).as_bytes()),
            visible(url.state.etag.as_deref().unwrap_or(b"none")),
        ));
    }
}

/// A number of bytes, for people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        let (unit, name) = match bytes {
            1 => return f.write_str("1 byte"),
            0..=999 => return write!(f, "{bytes} bytes"),
            1000..=999_499 => (1000, "KB"),
            999_500..=999_499_999 => (1_000_000, "MB"),
            _ => (1_000_000_000, "GB"),
        };
        let rounded = |parts: u64| bytes.saturating_mul(parts).saturating_add(unit / 2) / unit;
        let tenths = rounded(10);
        if tenths < 100 && tenths % 10 != 0 {
            write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
        } else {
            write!(f, "{} {name}", rounded(1))
        }
    }
}

/// A content coding, for people.
struct Coding<'a>(&'a str);

impl fmt::Display for Coding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            f.write_str("it is")
        } else {
            f.write_str(&visible(self.0.as_bytes()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Size;

    #[test]
    fn sizes_are_for_people() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1 KB"),
            (1540, "1.5 KB"),
            (48_000, "48 KB"),
            (999_499, "999 KB"),
            (999_500, "1 MB"),
            (2_500_000_000, "2.5 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
        assert!(Size(u64::MAX).to_string().ends_with(" GB"));
    }
}
