//! HTTP/1.1 as bytes (RFC 9112): requests go out exactly as they are written, and what comes
//! behind an answer is not lost.

use std::time::{Duration, Instant};

use super::client::{Error, MOST_HEAD};
use super::connect::Stream;
use super::message::{Request, Response};

pub(super) struct Connection {
    stream: Box<dyn Stream>,
    /// What was read and not used.
    buffer: Vec<u8>,
    deadline: Instant,
}

/// How the content of an answer ends (RFC 9112 section 6.3).
enum Ends {
    AtOnce,
    After(u64),
    InChunks,
    WithTheConnection,
}

impl Connection {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            deadline: Instant::now(),
        }
    }

    /// Sends the bytes of a request and reads the answer; what is there behind it is its stray.
    pub(super) fn exchange(
        &mut self,
        bytes: &[u8],
        request: &Request,
        timeout: Duration,
        most: usize,
    ) -> Result<Response, Error> {
        // Who answers before reading all may close: its answer is there nevertheless.
        let written = self.write(bytes, timeout);
        let mut response = match self.read(request, most) {
            Err(Error::Closed) if written.is_err() => return Err(Error::Closed),
            other => other?,
        };
        response.stray = std::mem::take(&mut self.buffer);
        Ok(response)
    }

    /// Sends bytes; the answers have to be there within the time.
    pub(super) fn write(&mut self, bytes: &[u8], timeout: Duration) -> Result<(), Error> {
        self.deadline = Instant::now() + timeout;
        Ok(self.stream.write_all(bytes)?)
    }

    /// Reads the answer to a request.
    pub(super) fn read(&mut self, request: &Request, most: usize) -> Result<Response, Error> {
        loop {
            let mut response = self.head()?;
            // Interim answers come before the one that counts.
            if (100..200).contains(&response.status) && response.status != 101 {
                continue;
            }
            let no_content = request.method == "HEAD" || matches!(response.status, 204 | 304);
            let ends = if no_content {
                Ends::AtOnce
            } else if response.lists("transfer-encoding", "chunked") {
                Ends::InChunks
            } else if let Some(length) = response.length() {
                Ends::After(length)
            } else {
                Ends::WithTheConnection
            };
            response.complete = match ends {
                Ends::AtOnce => true,
                Ends::After(length) => self.content(length, most, &mut response.content)?,
                Ends::InChunks => self.chunks(most, &mut response.content)?,
                Ends::WithTheConnection => {
                    response.closes = true;
                    self.rest(most, &mut response.content)?
                }
            };
            return Ok(response);
        }
    }

    fn head(&mut self) -> Result<Response, Error> {
        loop {
            let start = self.buffer.len().min(5);
            if self.buffer[..start] != b"HTTP/"[..start] {
                return Err(Error::NotHttp(std::mem::take(&mut self.buffer)));
            }
            let mut lines = [httparse::EMPTY_HEADER; 128];
            let mut parsed = httparse::Response::new(&mut lines);
            let status = httparse::ParserConfig::default()
                .allow_spaces_after_header_name_in_responses(true)
                .ignore_invalid_headers_in_responses(true)
                .parse_response(&mut parsed, &self.buffer);
            match status {
                Ok(httparse::Status::Complete(length)) => {
                    let line = |line: &httparse::Header<'_>| {
                        (line.name.as_bytes().to_vec(), line.value.to_vec())
                    };
                    let mut response = Response {
                        status: parsed.code.unwrap_or_default(),
                        lines: parsed.headers.iter().map(line).collect(),
                        ..Response::default()
                    };
                    response.closes = response.lists("connection", "close")
                        || (parsed.version == Some(0)
                            && !response.lists("connection", "keep-alive"));
                    self.buffer.drain(..length);
                    return Ok(response);
                }
                Ok(httparse::Status::Partial) if self.buffer.len() <= MOST_HEAD => {}
                _ => return Err(Error::NotHttp(std::mem::take(&mut self.buffer))),
            }
            if self.more()? == 0 {
                let buffer = std::mem::take(&mut self.buffer);
                return Err(if buffer.is_empty() {
                    Error::Closed
                } else {
                    Error::NotHttp(buffer)
                });
            }
        }
    }

    /// Reads more into the buffer; 0 at the end.
    fn more(&mut self) -> Result<usize, Error> {
        if Instant::now() > self.deadline {
            return Err(Error::TimedOut);
        }
        let mut chunk = [0; 16 << 10];
        let length = self.stream.read(&mut chunk)?;
        self.buffer.extend(&chunk[..length]);
        Ok(length)
    }

    /// Whether all of it was read.
    fn content(&mut self, length: u64, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        let mut left = length;
        while left > 0 {
            if self.buffer.is_empty() && self.more()? == 0 {
                return Err(Error::Closed);
            }
            let available = usize::try_from(left).unwrap_or(usize::MAX);
            let taken = available.min(self.buffer.len());
            into.extend(self.buffer.drain(..taken));
            left -= taken as u64;
            if into.len() > most {
                into.truncate(most);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn chunks(&mut self, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        loop {
            let (start, size) = loop {
                match httparse::parse_chunk_size(&self.buffer) {
                    Ok(httparse::Status::Complete(found)) => break found,
                    Ok(httparse::Status::Partial) if self.buffer.len() <= MOST_HEAD => {}
                    _ => return Err(Error::NotHttp(std::mem::take(&mut self.buffer))),
                }
                if self.more()? == 0 {
                    return Err(Error::Closed);
                }
            };
            self.buffer.drain(..start);
            if size == 0 {
                return self.trailers().map(|()| true);
            }
            if !self.content(size, most, into)? {
                return Ok(false);
            }
            self.line()?;
        }
    }

    /// The fields behind the last chunk, and the empty line.
    fn trailers(&mut self) -> Result<(), Error> {
        while !self.line()?.is_empty() {}
        Ok(())
    }

    fn line(&mut self) -> Result<Vec<u8>, Error> {
        loop {
            if let Some(at) = self.buffer.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=at).collect();
                return Ok(line.trim_ascii().to_vec());
            }
            if self.buffer.len() > MOST_HEAD {
                return Err(Error::NotHttp(std::mem::take(&mut self.buffer)));
            }
            if self.more()? == 0 {
                return Err(Error::Closed);
            }
        }
    }

    fn rest(&mut self, most: usize, into: &mut Vec<u8>) -> Result<bool, Error> {
        loop {
            into.append(&mut self.buffer);
            if into.len() > most {
                into.truncate(most);
                return Ok(false);
            }
            if self.more()? == 0 {
                return Ok(true);
            }
        }
    }
}
