//! Checking writes on a resource that may be destroyed (RFC 9110 sections 9.3.4, 9.3.5, 13.1, and
//! 13.2.1: evaluated right before the method is performed).

use std::sync::Barrier;
use std::thread;

use http_conditional::HttpDate;

use super::client::{Client, Manner};
use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response};
use super::model::is_weak;
use super::requests::{Format, date};
use super::resource::ask;
use super::target::Target;

/// How many clients race.
const CLIENTS: usize = 50;
/// How often they do.
const ROUNDS: usize = 5;

/// Checks writes, and leaves nothing at the target where DELETE is offered.
///
/// # Errors
///
/// A sentence on why the target cannot be checked.
pub fn check(target: &Target, manner: &Manner) -> Result<Findings, String> {
    let mut check = Check {
        client: Client::new(target, manner),
        target,
        manner,
        count: 0,
        findings: Findings::default(),
    };
    check.all()?;
    let mut findings = check.findings;
    findings.requests += check.client.sent;
    findings.bytes += check.client.received;
    Ok(findings)
}

/// What is there now.
struct Now {
    tag: Option<Vec<u8>>,
    modified: Option<i64>,
    content: Vec<u8>,
}

struct Check<'a> {
    client: Client,
    target: &'a Target,
    manner: &'a Manner,
    /// How many contents there have been.
    count: usize,
    findings: Findings,
}

impl Check<'_> {
    fn all(&mut self) -> Result<(), String> {
        let before = self.store()?;
        let now = self.store()?;
        if before.tag.is_some() && before.tag == now.tag && before.content != now.content {
            if now.tag.as_deref().is_some_and(is_weak) {
                self.findings
                    .skip("guarded writes: the weak tag stays the same");
            } else {
                let get = self.request("GET");
                let came = ask(&mut self.client, &get)?;
                let should = "another tag than before the PUT, since the content is another";
                self.note(Fault::WriteTagStays, "tag", &get, &came, should);
            }
            return Ok(());
        }
        self.if_match()?;
        self.if_none_match()?;
        self.dates()?;
        self.patch()?;
        let update_guarded = !self.findings.has(Fault::WriteIfMatchIgnored)
            && !self.findings.has(Fault::WritePerformedAnyway);
        if update_guarded {
            self.race_to_update()?;
        }
        if !self.delete()? {
            self.findings.skip("creating: DELETE is not offered");
            return Ok(());
        }
        if update_guarded {
            let request = self.put().line("If-Match", "*");
            self.refused(Fault::WriteIfMatchMissing, "missing", &request)?;
            self.remove()?;
        }
        if !self.findings.has(Fault::WriteIfNoneMatchIgnored) {
            self.race_to_create()?;
        }
        self.remove()
    }

    fn if_match(&mut self) -> Result<(), String> {
        let request = self.put().line("If-Match", "\"http-conditional\"");
        if !self.refused(Fault::WriteIfMatchIgnored, "other", &request)? {
            return Ok(());
        }
        let request = self.put().line("If-Match", "http-conditional");
        self.refused(Fault::WriteIfMatchMalformed, "malformed", &request)?;
        let Some(tag) = self.now()?.and_then(|now| now.tag) else {
            self.findings
                .skip("PUT with the current tag: there is none");
            return Ok(());
        };
        if is_weak(&tag) {
            self.findings
                .skip("PUT with the current tag: it is a weak one");
            return Ok(());
        }
        let request = self.put().line("If-Match", [b"W/", &tag[..]].concat());
        self.refused(Fault::WriteIfMatchWeak, "weak", &request)?;
        if let Some(tag) = self.now()?.and_then(|now| now.tag) {
            let request = self.put().line("If-Match", tag);
            let came = ask(&mut self.client, &request)?;
            if came.status == 412 {
                let fault = Fault::WriteIfMatchRefused;
                self.note(fault, "current", &request, &came, "200 or 204");
            }
        }
        Ok(())
    }

    fn if_none_match(&mut self) -> Result<(), String> {
        let request = self.put().line("If-None-Match", "*");
        let guarded = self.refused(Fault::WriteIfNoneMatchIgnored, "star", &request)?;
        let tag = self.now()?.and_then(|now| now.tag);
        if let (true, Some(tag)) = (guarded, tag) {
            let request = self.put().line("If-None-Match", tag);
            self.refused(Fault::WriteIfNoneMatchTag, "tag", &request)?;
        }
        Ok(())
    }

    fn dates(&mut self) -> Result<(), String> {
        let modified = self.now()?.and_then(|now| now.modified);
        let earlier = modified.and_then(|at| date(at - 86_400, Format::Imf));
        let Some(earlier) = earlier else {
            self.findings.skip("PUT by date: there is no Last-Modified");
            return Ok(());
        };
        let request = self.put().line("If-Unmodified-Since", earlier);
        self.refused(Fault::WriteIfUnmodifiedSince, "unmodified", &request)?;
        let later = "Fri, 31 Dec 9999 23:59:59 GMT";
        let request = self.put().line("If-Modified-Since", later);
        let came = ask(&mut self.client, &request)?;
        if matches!(came.status, 304 | 412) {
            let fault = Fault::WriteIfModifiedSince;
            self.note(fault, "modified", &request, &came, "200 or 204");
        }
        Ok(())
    }

    fn patch(&mut self) -> Result<(), String> {
        let options = self.request("OPTIONS");
        let options = ask(&mut self.client, &options)?;
        if !options.lists("allow", "PATCH") {
            return Ok(());
        }
        let request = self
            .request("PATCH")
            .line("Content-Type", "application/merge-patch+json")
            .line("If-Match", "\"http-conditional\"")
            .content("{}");
        let came = ask(&mut self.client, &request)?;
        if (200..300).contains(&came.status) {
            self.note(
                Fault::PatchIfMatchIgnored,
                "patch",
                &request,
                &came,
                "412 Precondition Failed",
            );
        }
        Ok(())
    }

    /// Whether DELETE is offered.
    fn delete(&mut self) -> Result<bool, String> {
        let request = self
            .request("DELETE")
            .line("If-Match", "\"http-conditional\"");
        let came = ask(&mut self.client, &request)?;
        if (200..300).contains(&came.status) {
            self.note(
                Fault::DeleteIfMatchIgnored,
                "delete",
                &request,
                &came,
                "412 Precondition Failed",
            );
        }
        if matches!(came.status, 405 | 501) {
            return Ok(false);
        }
        self.remove()?;
        Ok(self.now()?.is_none())
    }

    fn race_to_update(&mut self) -> Result<(), String> {
        for _ in 0..ROUNDS {
            let Some(tag) = self.now()?.and_then(|now| now.tag) else {
                return Ok(());
            };
            if is_weak(&tag) {
                return Ok(());
            }
            self.race(Fault::RaceUpdate, "If-Match", &tag)?;
        }
        Ok(())
    }

    fn race_to_create(&mut self) -> Result<(), String> {
        for _ in 0..ROUNDS {
            self.remove()?;
            self.race(Fault::RaceCreate, "If-None-Match", b"*")?;
        }
        Ok(())
    }

    /// All clients send a PUT with one condition at once; at most one may succeed.
    fn race(&mut self, fault: Fault, name: &str, value: &[u8]) -> Result<(), String> {
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let mut client = Client::new(self.target, self.manner);
            client.open().map_err(|error| error.to_string())?;
            let request = self.put().line(name, value);
            clients.push((client, request));
        }
        let start = Barrier::new(clients.len());
        let statuses: Vec<u16> = thread::scope(|scope| {
            let racing = clients.iter_mut().map(|(client, request)| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    client.send(request).map_or(0, |response| response.status)
                })
            });
            let racing: Vec<_> = racing.collect();
            let statuses = racing.into_iter().map(|thread| thread.join().unwrap_or(0));
            statuses.collect()
        });
        self.findings.requests += statuses.len();
        let won = statuses
            .iter()
            .filter(|status| (200..300).contains(*status))
            .count();
        if won > 1 {
            self.findings.add(
                fault,
                Evidence {
                    check: "writable/race".to_owned(),
                    request: format!("{CLIENTS} at once:\n{}", clients[0].1.shown()),
                    came: format!("{won} were told that they succeeded"),
                    should: "one succeeds, the others are answered 412".to_owned(),
                },
            );
        }
        Ok(())
    }

    /// Sends a write that has to be refused; whether it was.
    fn refused(&mut self, fault: Fault, id: &str, request: &Request) -> Result<bool, String> {
        let before = self.now()?;
        let came = ask(&mut self.client, request)?;
        let after = self.now()?;
        let contents = (before.map(|now| now.content), after.map(|now| now.content));
        let fault = match came.status {
            200..=299 => fault,
            304 => Fault::WriteNotModified,
            412 if contents.0 != contents.1 => Fault::WritePerformedAnyway,
            _ => return Ok(true),
        };
        self.note(fault, id, request, &came, "412, and nothing written");
        Ok(fault == Fault::WriteNotModified)
    }

    fn note(&mut self, fault: Fault, id: &str, request: &Request, came: &Response, should: &str) {
        let id = format!("writable/{id}");
        self.findings
            .add(fault, Evidence::of(&id, request, came, should));
    }

    fn request(&self, method: &str) -> Request {
        Request::new(method, &self.target.path)
    }

    /// A PUT of a content that there has not been.
    fn put(&mut self) -> Request {
        self.count += 1;
        let content = format!("http-conditional check {}\n", self.count);
        let put = self.request("PUT");
        put.line("Content-Type", "text/plain").content(content)
    }

    /// Writes something new, as the server wants it, and says what is there then.
    fn store(&mut self) -> Result<Now, String> {
        let put = self.put();
        let mut came = ask(&mut self.client, &put)?;
        if came.status == 428 {
            let guarded = match self.now()?.and_then(|now| now.tag) {
                Some(tag) => put.clone().line("If-Match", tag),
                None => put.clone().line("If-None-Match", "*"),
            };
            came = ask(&mut self.client, &guarded)?;
        }
        if !(200..300).contains(&came.status) {
            let status = came.status;
            return Err(format!(
                "{} cannot be written: PUT is answered {status}",
                self.target
            ));
        }
        let now = self.now()?;
        let now = now.ok_or_else(|| format!("{} is not there after a PUT", self.target))?;
        let told = came.value("etag");
        if told.is_some() && told != now.tag.as_deref() {
            let should = "the tag that GET gives, or none";
            self.note(Fault::WriteTagWrong, "put", &put, &came, should);
        }
        Ok(now)
    }

    /// What is there; none where there is nothing.
    fn now(&mut self) -> Result<Option<Now>, String> {
        let get = self.request("GET");
        let came = ask(&mut self.client, &get)?;
        let modified = came.value("last-modified");
        let modified = modified.and_then(|value| HttpDate::parse(value, None).ok());
        match came.status {
            200 => Ok(Some(Now {
                tag: came.value("etag").map(<[u8]>::to_vec),
                modified: modified.map(HttpDate::to_unix),
                content: came.content,
            })),
            404 | 410 => Ok(None),
            status => Err(format!("{}: GET is answered {status}", self.target)),
        }
    }

    /// Deletes what is there.
    fn remove(&mut self) -> Result<(), String> {
        let mut request = self.request("DELETE");
        if let Some(tag) = self.now()?.and_then(|now| now.tag) {
            let came = ask(&mut self.client, &request)?;
            if came.status == 428 {
                request = request.line("If-Match", tag);
                ask(&mut self.client, &request)?;
            }
        } else {
            ask(&mut self.client, &request)?;
        }
        Ok(())
    }
}
