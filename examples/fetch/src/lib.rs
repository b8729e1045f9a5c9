//! A client's side of conditional requests: what it keeps beside a file, what it asks, and what it
//! makes of each answer, so that the file always has the bytes of one version.
//!
//! Three files are beside `FILE`: `FILE.from` says which version it is; `FILE.part` is what has come
//! of a newer one, and `FILE.part.from` which version that is. A version is complete before it gets
//! its name, in one step.

mod sidecar;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use http_conditional::cache::{
    AfterNotModified, ConditionalField, Response, SelectionRequest, ValidationRequest, combine,
};
use http_conditional::{ByteRange, Clocks, ContentRange};

use sidecar::{Lines, Sidecar, beside, value_of};

/// How often it is tried, and how long is waited at most in between.
const ATTEMPTS: u32 = 8;
const PATIENCE: u64 = 60;

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The file is current.
    NotModified,
    /// The file is new. So many of its bytes had been there before, in its part.
    New { bytes: u64, resumed: u64 },
}

/// Why it did not succeed. What has come so far is kept for the next time.
#[derive(Debug)]
pub enum Error {
    /// The server said so.
    Status(u16),
    /// It was tried often enough; this is how it ended the last time.
    GaveUp(String),
    Files(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "the server answered {status}"),
            Self::GaveUp(last) => write!(f, "gave up: {last}"),
            Self::Files(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Files(error)
    }
}

/// What to do after an answer.
enum Next {
    Done(Fetched),
    /// At once, with what is there now.
    Again,
    /// Not before so many seconds, or as long as seems right.
    Later(String, Option<u64>),
}

/// A client, and who is told how far it is: the bytes that are there, and how many there will be.
pub struct Fetcher<P> {
    agent: ureq::Agent,
    progress: P,
    pause: fn(Duration),
}

/// The files, and where they are from.
struct Job<'a> {
    url: &'a str,
    file: &'a Path,
    from: PathBuf,
    part: PathBuf,
    part_from: PathBuf,
}

struct Answer {
    status: u16,
    fields: Lines,
    content: Box<dyn Read>,
}

impl<P: FnMut(u64, Option<u64>)> Fetcher<P> {
    pub fn new(progress: P) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(30)))
            .timeout_recv_response(Some(Duration::from_mins(1)))
            .build();
        Self {
            agent: config.into(),
            progress,
            pause: std::thread::sleep,
        }
    }

    /// Waits in another way than by sleeping.
    #[must_use]
    pub fn pausing(mut self, pause: fn(Duration)) -> Self {
        self.pause = pause;
        self
    }

    /// Makes the file what the URL is now.
    ///
    /// # Errors
    ///
    /// [`Error`]; the file is as it was then.
    pub fn fetch(&mut self, url: &str, file: &Path) -> Result<Fetched, Error> {
        let part = beside(file, "part");
        let job = Job {
            url,
            file,
            from: beside(file, "from"),
            part_from: beside(&part, "from"),
            part,
        };
        let mut last = String::new();
        let mut unconditional = false;
        for attempt in 0..ATTEMPTS {
            let next = match self.attempt(&job, &mut unconditional) {
                Ok(next) => next,
                Err(Error::GaveUp(reason)) => Next::Later(reason, None),
                Err(error) => return Err(error),
            };
            match next {
                Next::Done(fetched) => return Ok(fetched),
                Next::Again => "the answers do not fit together".clone_into(&mut last),
                Next::Later(reason, seconds) => {
                    last = reason;
                    // Twice as long each time, where the server does not say how long.
                    let seconds = seconds.unwrap_or(u64::from(attempt > 0) << attempt.min(5));
                    (self.pause)(Duration::from_secs(seconds.min(PATIENCE)));
                }
            }
        }
        Err(Error::GaveUp(last))
    }

    fn attempt(&mut self, job: &Job<'_>, unconditional: &mut bool) -> Result<Next, Error> {
        if let Some((from, have)) = job.resumable() {
            return self.resume(job, &from, have);
        }
        job.drop_part()?;
        let stored = Sidecar::read(&job.from).filter(|from| from.url == job.url);
        let stored = stored.filter(|_| !*unconditional && job.file.exists());
        let Some(mut stored) = stored else {
            let answer = self.send(job, Vec::new())?;
            return self.whole(job, answer);
        };
        // What came malformed goes back as it came: many servers compare text.
        let request = ValidationRequest::new(stored.response()).byte_for_byte();
        let conditions = request.fields().map(|field| line(&field)).collect();
        let answer = self.send(job, conditions)?;
        if answer.status != 304 {
            return self.whole(job, answer);
        }
        let after = request.after_not_modified(Response::new(304).fields(&answer.fields));
        match after {
            AfterNotModified::Reuse(_) => {
                stored.update(&answer.fields);
                stored.write(&job.from)?;
            }
            AfterNotModified::ReuseAsIs(_) => {}
            // It speaks of another version.
            AfterNotModified::Retry => {
                *unconditional = true;
                return Ok(Next::Again);
            }
        }
        Ok(Next::Done(Fetched::NotModified))
    }

    /// Asks for what is missing of a part, and for nothing else.
    fn resume(&mut self, job: &Job<'_>, from: &Sidecar, have: u64) -> Result<Next, Error> {
        let rest = format!("bytes={have}-");
        let request = SelectionRequest::new(from.response()).for_range(Some(rest.as_bytes()));
        let mut conditions: Vec<_> = request.fields().map(|field| line(&field)).collect();
        conditions.push(("Range".to_owned(), rest.clone().into()));
        let answer = self.send(job, conditions)?;
        if answer.status != 206 {
            if matches!(answer.status, 200 | 304 | 412 | 416) {
                // What the part is of is gone, or the server does not do it: the whole, then.
                job.drop_part()?;
            }
            return match answer.status {
                304 | 412 | 416 => Ok(Next::Again),
                _ => self.whole(job, answer),
            };
        }
        let range = value_of(&answer.fields, "content-range");
        let range = range.and_then(|value| ContentRange::parse(value).ok());
        let fits = range
            .and_then(ContentRange::range)
            .filter(|range| range.first() == have);
        let parts = ByteRange::new(0, have - 1).map(|part| [part]);
        let stored = from
            .response()
            .parts(parts.as_ref().map_or(&[][..], |parts| &parts[..]));
        let new = Response::new(206)
            .clocks(Clocks::Same)
            .fields(&answer.fields);
        let combination = combine(new, [stored]);
        let same_coding = value_of(&answer.fields, "content-encoding") == from.content_encoding();
        let (Some(range), Some(combination), true) = (fits, combination, same_coding) else {
            // A part of something else, or another part.
            job.drop_part()?;
            return Ok(Next::Again);
        };
        let length = combination.complete_length();
        let file = File::options().append(true).open(&job.part)?;
        let came = self.receive(answer.content, file, have, Some(range.len()), length)?;
        match length {
            Some(length) if have + came == length => job.finish(from, length, have),
            Some(length) if have + came > length => {
                job.drop_part()?;
                Ok(Next::Again)
            }
            _ if came > 0 => Ok(Next::Again),
            _ => Ok(Next::Later("nothing more came".into(), None)),
        }
    }

    /// What is no part: the whole, or no success.
    fn whole(&mut self, job: &Job<'_>, answer: Answer) -> Result<Next, Error> {
        match answer.status {
            200 => {}
            429 | 500..=599 => {
                let after = value_of(&answer.fields, "retry-after");
                let after = after.and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
                let reason = format!("the server answered {}", answer.status);
                return Ok(Next::Later(reason, after));
            }
            // Nobody asked for it.
            206 | 304 => return Ok(Next::Later(format!("{} out of place", answer.status), None)),
            status => return Err(Error::Status(status)),
        }
        let length = Response::new(200).fields(&answer.fields).length();
        let from = Sidecar::new(job.url, &answer.fields, length);
        job.drop_part()?;
        // First what it is, then what there is of it.
        let file = File::create(&job.part)?;
        from.write(&job.part_from)?;
        let is_chunked = value_of(&answer.fields, "transfer-encoding").is_some();
        let mut ended = false;
        let came = {
            let content = Ends {
                inner: answer.content,
                ended: &mut ended,
            };
            self.receive(content, file, 0, length, length)?
        };
        match length {
            Some(length) if came == length => job.finish(&from, length, 0),
            // The end of the connection is the end of the content where nothing else says so.
            None if ended && (is_chunked || came > 0) => job.finish(&from, came, 0),
            _ => Ok(Next::Later(format!("cut after {came} bytes"), None)),
        }
    }

    /// Writes what comes, up to what was announced, and says how much that was.
    fn receive(
        &mut self,
        mut content: impl Read,
        mut file: File,
        have: u64,
        announced: Option<u64>,
        length: Option<u64>,
    ) -> io::Result<u64> {
        let mut came = 0;
        let mut buffer = vec![0; 64 << 10];
        (self.progress)(have, length);
        loop {
            let left = announced.map_or(u64::MAX, |announced| announced - came);
            let most = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            // A connection that breaks is no reason to lose what came before.
            let read = match content.read(&mut buffer[..most]) {
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            file.write_all(&buffer[..read])?;
            came += read as u64;
            (self.progress)(have + came, length);
        }
        file.sync_all()?;
        Ok(came)
    }

    fn send(&mut self, job: &Job<'_>, fields: Vec<(String, Vec<u8>)>) -> Result<Answer, Error> {
        // The bytes are kept as they come, and so have to come in one coding.
        let mut request = self
            .agent
            .get(job.url)
            .header("Accept-Encoding", "identity");
        for (name, value) in fields {
            request = request.header(name, value);
        }
        let response = request
            .call()
            .map_err(|error| Error::GaveUp(error.to_string()))?;
        let fields = response.headers().iter();
        let fields =
            fields.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
        Ok(Answer {
            status: response.status().as_u16(),
            fields: fields.collect(),
            content: Box::new(response.into_body().into_reader()),
        })
    }
}

/// Notes whether the end came, and not an error.
struct Ends<'a, R> {
    inner: R,
    ended: &'a mut bool,
}

impl<R: Read> Read for Ends<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        *self.ended = read == 0 && !buffer.is_empty();
        Ok(read)
    }
}

impl Job<'_> {
    /// What the part is of, and how much there is, where there is a way to ask for the rest.
    fn resumable(&self) -> Option<(Sidecar, u64)> {
        let from = Sidecar::read(&self.part_from).filter(|from| from.url == self.url)?;
        let have = fs::metadata(&self.part).ok()?.len();
        let rest: &[u8] = b"bytes=1-";
        let request = SelectionRequest::new(from.response()).for_range(Some(rest));
        let can_ask = request.fields().next().is_some();
        (have > 0 && can_ask).then_some((from, have))
    }

    fn drop_part(&self) -> io::Result<()> {
        remove(&self.part_from)?;
        remove(&self.part)
    }

    /// Gives the part its name. In between there is a moment in which nothing says which version
    /// the file is: then all of it is fetched the next time.
    fn finish(&self, from: &Sidecar, bytes: u64, resumed: u64) -> Result<Next, Error> {
        remove(&self.from)?;
        fs::rename(&self.part, self.file)?;
        from.write(&self.from)?;
        remove(&self.part_from)?;
        Ok(Next::Done(Fetched::New { bytes, resumed }))
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A conditional field as it is sent.
fn line(field: &ConditionalField<'_>) -> (String, Vec<u8>) {
    let mut value = vec![0; field.encoded_len()];
    // It has just said how long it is.
    let written = field.encode(&mut value).map_or(0, <[u8]>::len);
    value.truncate(written);
    (field.name().to_owned(), value)
}
