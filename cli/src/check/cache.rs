//! Checking a cache or CDN (RFC 9111), by what it asks a known origin and what it answers clients.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use http_conditional::HttpDate;

use super::client::{Client, Manner};
use super::faults::Fault;
use super::findings::{Evidence, Findings};
use super::message::{Request, Response, shown};
use super::origin::{MARK, Origin, Script};
use super::resource::ask;
use super::target::Target;

/// What is stored for a second is stale after this.
const STALE_AFTER: Duration = Duration::from_millis(2200);
const LONG: &str = "max-age=3600";
const SHORT: &str = "max-age=1";

/// Starts the origin on an address, and checks the cache at the target that is in front of it.
///
/// # Errors
///
/// A sentence on why it cannot be checked.
pub fn check(target: &Target, manner: &Manner, address: &str) -> Result<Findings, String> {
    let (origin, _) = Origin::start(address)?;
    check_before(target, manner, origin)
}

/// The origin listens on a free port, which is told to whoever starts the cache.
///
/// # Errors
///
/// A sentence on why it cannot be checked.
pub fn check_with(
    manner: &Manner,
    start: impl FnOnce(std::net::SocketAddr) -> Target,
) -> Result<Findings, String> {
    let (origin, address) = Origin::start("127.0.0.1:0")?;
    check_before(&start(address), manner, origin)
}

fn check_before(target: &Target, manner: &Manner, origin: Arc<Origin>) -> Result<Findings, String> {
    let mut check = Check {
        client: Client::new(target, manner),
        target,
        origin,
        // Paths that no earlier run has left in the cache.
        run: format!("{}-{}", std::process::id(), HttpDate::now().to_unix()),
        findings: Findings::default(),
    };
    check.all()?;
    check.findings.requests = check.client.sent;
    check.findings.bytes = check.client.received;
    Ok(check.findings)
}

struct Check<'a> {
    client: Client,
    target: &'a Target,
    origin: Arc<Origin>,
    run: String,
    findings: Findings,
}

impl Check<'_> {
    fn all(&mut self) -> Result<(), String> {
        if !self.stores()? {
            return Ok(());
        }
        self.fresh()?;
        self.variants()?;
        self.unstored()?;
        self.written()?;
        self.ranges()?;
        self.forwarded()?;
        self.stale()
    }

    fn name(&self, step: &str) -> String {
        format!("http-conditional-check-{}-{step}", self.run)
    }

    fn request(&self, method: &str, step: &str) -> Request {
        let folder = self.target.path.split('?').next().unwrap_or_default();
        let slash = if folder.ends_with('/') { "" } else { "/" };
        Request::new(method, &format!("{folder}{slash}{}", self.name(step)))
    }

    fn get(&self, step: &str) -> Request {
        self.request("GET", step)
    }

    /// Says what the origin sends, and has the cache ask for it.
    fn seed(&mut self, step: &str, script: &Script) -> Result<Response, String> {
        self.origin.set(&self.name(step), script);
        let get = self.get(step);
        let came = ask(&mut self.client, &get)?;
        if came.value(MARK).is_none() {
            return Err(format!(
                "{} does not lead to the origin that this program serves: {} came from elsewhere",
                self.target, came.status
            ));
        }
        Ok(came)
    }

    /// How often the origin was asked.
    fn asked(&self, step: &str) -> usize {
        self.origin.asked(&self.name(step)).len()
    }

    fn note(&mut self, fault: Fault, request: &Request, came: &Response, should: &str) {
        let id = format!("cache/{}", fault.about().id);
        self.findings
            .add(fault, Evidence::of(&id, request, came, should));
    }

    /// Whether anything is stored at all.
    fn stores(&mut self) -> Result<bool, String> {
        self.seed("stored", &Script::caching(LONG))?;
        let get = self.get("stored");
        let came = ask(&mut self.client, &get)?;
        if self.asked("stored") > 1 {
            self.note(Fault::CacheNotACache, &get, &came, "the stored answer");
            self.findings
                .skip("everything else about the cache: it stores nothing");
            return Ok(false);
        }
        if came.value("age").is_none() {
            self.note(Fault::CacheNoAge, &get, &came, "Age");
        }
        Ok(true)
    }

    /// RFC 9111 section 4.3.2: conditions of clients, against what is fresh.
    fn fresh(&mut self) -> Result<(), String> {
        let script = Script::caching(LONG);
        self.seed("fresh", &script)?;
        let (tag, modified) = (script.tag(), script.modified());
        let get = self.get("fresh");
        for (request, status, fault) in [
            (
                get.clone().line("If-None-Match", &tag),
                304,
                Fault::CacheNoNotModified,
            ),
            (
                get.clone().line("If-Modified-Since", &modified),
                304,
                Fault::CacheNoNotModifiedByDate,
            ),
            (
                get.clone().line("If-None-Match", "\"other\""),
                200,
                Fault::CacheWrongNotModified,
            ),
            (
                get.line("If-None-Match", "\"other\"")
                    .line("If-Modified-Since", &modified),
                200,
                Fault::CacheDateBeside,
            ),
        ] {
            let came = ask(&mut self.client, &request)?;
            let explained =
                fault == Fault::CacheDateBeside && self.findings.has(Fault::CacheWrongNotModified);
            if came.status != status && matches!(came.status, 200 | 304) && !explained {
                self.note(fault, &request, &came, &status.to_string());
            }
        }
        Ok(())
    }

    fn variants(&mut self) -> Result<(), String> {
        let script = Script {
            by_language: true,
            ..Script::caching(LONG)
        };
        self.origin.set(&self.name("variants"), &script);
        for language in ["en", "de", "en"] {
            let request = self.get("variants").line("Accept-Language", language);
            let came = ask(&mut self.client, &request)?;
            if came.status == 200 && came.content != script.content(language) {
                let should = format!("what the origin sends for Accept-Language: {language}");
                self.note(Fault::CacheVariants, &request, &came, &should);
            }
        }
        Ok(())
    }

    /// What is not to be reused without asking, or not to be stored.
    fn unstored(&mut self) -> Result<(), String> {
        for (step, caching, fault) in [
            ("no-cache", "no-cache", Fault::CacheNoCache),
            ("no-store", "no-store", Fault::CacheNoStore),
        ] {
            let mut script = Script::caching(caching);
            self.seed(step, &script)?;
            let old = script.content("any");
            script.version += 1;
            self.origin.set(&self.name(step), &script);
            self.is_not(step, fault, &old)?;
        }
        Ok(())
    }

    /// Asks again, which must not give what was there before.
    fn is_not(&mut self, step: &str, fault: Fault, old: &[u8]) -> Result<(), String> {
        let get = self.get(step);
        let came = ask(&mut self.client, &get)?;
        if came.status == 200 && came.content == old {
            self.note(fault, &get, &came, "what the origin has now");
        }
        Ok(())
    }

    fn written(&mut self) -> Result<(), String> {
        let script = Script::caching(LONG);
        self.seed("written", &script)?;
        let old = script.content("any");
        let put = self.request("PUT", "written").content("new");
        let came = ask(&mut self.client, &put)?;
        if !(200..400).contains(&came.status) {
            let status = came.status;
            self.findings
                .skip(format!("invalidation: PUT is answered {status}"));
            return Ok(());
        }
        self.is_not("written", Fault::CacheNotInvalidated, &old)
    }

    fn ranges(&mut self) -> Result<(), String> {
        let script = Script::caching(LONG);
        let whole = script.content("any");
        self.seed("ranges", &script)?;
        let part = self.get("ranges").line("Range", "bytes=2-5");
        let came = ask(&mut self.client, &part)?;
        if !right_bytes(&came, &whole) {
            let should = format!("bytes 2 to 5 of the content: {}", shown(&whole[2..=5]));
            self.note(Fault::CachePartWrong, &part, &came, &should);
        }
        let guarded = part.line("If-Range", "\"other\"");
        let came = ask(&mut self.client, &guarded)?;
        if came.status == 206 {
            self.note(
                Fault::CacheRangeGlued,
                &guarded,
                &came,
                "200 OK, with the whole content",
            );
        }
        self.origin.set(&self.name("part"), &script);
        let first = self.get("part").line("Range", "bytes=0-4");
        ask(&mut self.client, &first)?;
        let get = self.get("part");
        let came = ask(&mut self.client, &get)?;
        if came.status == 200 && came.content != whole {
            self.note(
                Fault::CachePartWrong,
                &get,
                &came,
                "200 OK, with the whole content",
            );
        }
        Ok(())
    }

    /// If-Match is for the origin.
    fn forwarded(&mut self) -> Result<(), String> {
        let mut script = Script::caching(LONG);
        self.seed("if-match", &script)?;
        script.version += 1;
        self.origin.set(&self.name("if-match"), &script);
        let request = self.get("if-match").line("If-Match", script.tag());
        let before = self.asked("if-match");
        let came = ask(&mut self.client, &request)?;
        if came.status == 412 && self.asked("if-match") == before {
            let should = "200, as the origin has that version now";
            self.note(Fault::CacheIfMatch, &request, &came, should);
        }
        Ok(())
    }

    /// What happens when what is stored is not fresh any more.
    fn stale(&mut self) -> Result<(), String> {
        let script = Script::caching(SHORT);
        let strict = Script::caching("max-age=1, must-revalidate");
        self.seed("validated", &script)?;
        self.seed("foreign", &script)?;
        self.seed("stale", &strict)?;
        thread::sleep(STALE_AFTER);

        let fresher = Script::caching(LONG);
        self.origin.set(&self.name("validated"), &fresher);
        let get = self.get("validated");
        let came = ask(&mut self.client, &get)?;
        let asked = self.origin.asked(&self.name("validated"));
        let conditional =
            |request: &Request| request.has("if-none-match") || request.has("if-modified-since");
        match asked.get(1) {
            Some(request) if conditional(request) => {
                // Some serve what they have while they ask.
                thread::sleep(Duration::from_millis(200));
                let asked = self.asked("validated");
                let again = ask(&mut self.client, &get)?;
                thread::sleep(Duration::from_millis(200));
                let asked_again = self.asked("validated") > asked;
                if asked_again || !again.lists("cache-control", LONG) {
                    let should =
                        format!("Cache-Control: {LONG}, from the 304, and no question more");
                    self.note(Fault::CacheNotFreshened, &get, &again, &should);
                }
            }
            Some(_) => {
                let should = "at the origin: a request with If-None-Match";
                self.note(Fault::CacheNoValidation, &get, &came, should);
            }
            None => self
                .findings
                .skip("validation: the cache serves what is stale"),
        }

        let other = self.get("foreign").line("If-None-Match", "\"other\"");
        let came = ask(&mut self.client, &other)?;
        if came.status == 304 && !self.findings.has(Fault::CacheWrongNotModified) {
            let should = "200, since the client has another version";
            self.note(Fault::CacheForeignNotModified, &other, &came, should);
        }

        let old = strict.content("any");
        let newer = Script {
            version: 2,
            ..strict
        };
        self.origin.set(&self.name("stale"), &newer);
        self.is_not("stale", Fault::CacheStale, &old)
    }
}

/// Whether these are the bytes from 2 to 5, or the whole.
fn right_bytes(came: &Response, whole: &[u8]) -> bool {
    match came.status {
        206 => came.content == whole[2..=5],
        200 => came.content == whole,
        _ => true,
    }
}
