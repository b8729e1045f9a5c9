//! Heads of requests and answers (RFC 9112 sections 2 to 5): with a request line of any version
//! or none, with pseudo-headers (RFC 9113 section 8.3), or with nothing but field lines; as they
//! are, or marked by `curl -v`.

use super::exchange::{Answer, Exchange, FieldLine, Request};
use super::lines::{Line, Side};
use super::unreadable::{Problem, Unreadable};

/// What the lines are part of.
enum Place {
    /// Nothing has been read yet, or a head has ended: what is not a new head is content.
    Outside,
    Request,
    Answer,
}

struct Heads {
    exchanges: Vec<Exchange>,
    /// An answer that came before any request, as where a browser shows it on top.
    early: Option<Answer>,
    place: Place,
    /// White space before the first line of the head.
    indent: usize,
}

/// Reads heads. Where lines are `marked`, those without a mark are skipped.
pub(super) fn read(lines: &[Line<'_>], marked: bool) -> Result<Vec<Exchange>, Unreadable> {
    let mut heads = Heads {
        exchanges: Vec::new(),
        early: None,
        place: Place::Outside,
        indent: 0,
    };
    let mut first_answer = None;
    for line in lines {
        if marked && line.side.is_none() {
            continue;
        }
        if first_answer.is_none() && status_line(line.text).is_some() {
            first_answer = Some(line);
        }
        heads.line(line, marked)?;
    }
    if let Some(answer) = heads.early.take() {
        // Without a request, its validators would describe nothing that was asked for.
        return match (heads.exchanges.first_mut(), first_answer) {
            (Some(exchange), _) if exchange.answer.is_none() => {
                exchange.answer = Some(answer);
                Ok(heads.exchanges)
            }
            (Some(_), _) => Ok(heads.exchanges),
            (None, Some(line)) => Err(Unreadable::at(line, Problem::OnlyAnAnswer)),
            (None, None) => Err(Unreadable::whole(Problem::NoRequest)),
        };
    }
    Ok(heads.exchanges)
}

impl Heads {
    fn line(&mut self, line: &Line<'_>, marked: bool) -> Result<(), Unreadable> {
        if line.text.is_empty() {
            self.place = Place::Outside;
            return Ok(());
        }
        if line.side != Some(Side::Answer)
            && let Some((method, target)) = request_line(line.text)
            && (matches!(self.place, Place::Outside) || marked)
        {
            self.begin(
                line,
                Request {
                    method,
                    target,
                    fields: Vec::new(),
                    is_assumed: false,
                },
            );
            return Ok(());
        }
        if line.side != Some(Side::Request)
            && let Some(status) = status_line(line.text)
        {
            self.answer(line, status);
            return Ok(());
        }
        if let Some(rest) = line.text.strip_prefix(b":") {
            return self.pseudo(line, rest);
        }
        match self.place {
            Place::Outside if self.exchanges.is_empty() && self.early.is_none() => {
                // No line says what the request is: the field lines are all there is.
                let field = field_line(line).map_err(|mut error| {
                    if error.problem == Problem::NotAFieldLine {
                        error.problem = Problem::Unknown;
                    }
                    error
                })?;
                self.begin(line, Request::default());
                self.field(field);
                Ok(())
            }
            // The content of what came before.
            Place::Outside => Ok(()),
            Place::Request | Place::Answer => {
                if line.indent > self.indent && self.fold(line.text) {
                    return Ok(());
                }
                let field = field_line(line)?;
                self.field(field);
                Ok(())
            }
        }
    }

    fn begin(&mut self, line: &Line<'_>, request: Request) {
        self.exchanges.push(Exchange {
            request,
            answer: None,
        });
        self.place = Place::Request;
        self.indent = line.indent;
    }

    fn answer(&mut self, line: &Line<'_>, status: u16) {
        let answer = Answer {
            status: Some(status),
            ..Answer::default()
        };
        match self.exchanges.last_mut() {
            // What comes before the answer is not the answer: 100, 103.
            Some(exchange) if !exchange.answer.as_ref().is_some_and(Answer::is_final) => {
                exchange.answer = Some(answer);
            }
            // A second answer belongs to another request, which is not in the input.
            Some(_) => {
                self.place = Place::Outside;
                return;
            }
            None => self.early = Some(answer),
        }
        self.place = Place::Answer;
        self.indent = line.indent;
    }

    /// `:method: GET`, without its first colon.
    fn pseudo(&mut self, line: &Line<'_>, rest: &[u8]) -> Result<(), Unreadable> {
        let Some(colon) = rest.iter().position(|&byte| byte == b':') else {
            return Err(Unreadable::at(line, Problem::PseudoHeader));
        };
        let value = String::from_utf8_lossy(rest[colon + 1..].trim_ascii()).into_owned();
        let name = &rest[..colon];
        if name == b"status" {
            let status = value
                .parse()
                .ok()
                .filter(|status| (100..=599).contains(status));
            let status = status.ok_or_else(|| Unreadable::at(line, Problem::PseudoHeader))?;
            self.answer(line, status);
            return Ok(());
        }
        if !matches!(
            name,
            b"method" | b"path" | b"scheme" | b"authority" | b"protocol"
        ) {
            return Err(Unreadable::at(line, Problem::PseudoHeader));
        }
        let continues = matches!(self.place, Place::Request)
            && self.exchanges.last().is_some_and(|exchange| {
                exchange.request.fields.is_empty()
                    && (name != b"method" || exchange.request.is_assumed)
            });
        if !continues {
            self.begin(line, Request::default());
        }
        if let Some(Exchange { request, .. }) = self.exchanges.last_mut() {
            match name {
                b"method" => {
                    request.method = value;
                    request.is_assumed = false;
                }
                b"path" => request.target = value,
                _ => {}
            }
        }
        Ok(())
    }

    fn field(&mut self, (name, value): FieldLine) {
        let Some(exchange) = self.exchanges.last_mut() else {
            if let Some(answer) = &mut self.early {
                answer.fields.push((name, value));
            }
            return;
        };
        match (&self.place, &mut exchange.answer) {
            (Place::Answer, Some(answer)) => answer.fields.push((name, value)),
            // Without a request line, fields that only answers have belong to the answer.
            (_, answer) if exchange.request.is_assumed && is_of_answer(&name) => {
                answer.get_or_insert_default().fields.push((name, value));
            }
            _ => exchange.request.fields.push((name, value)),
        }
    }

    /// A line that continues the one before it (RFC 9112 section 5.2).
    fn fold(&mut self, text: &[u8]) -> bool {
        let fields = match (&self.place, self.exchanges.last_mut(), &mut self.early) {
            (Place::Request, Some(exchange), _) => Some(&mut exchange.request.fields),
            (Place::Answer, Some(exchange), _) => {
                exchange.answer.as_mut().map(|answer| &mut answer.fields)
            }
            (Place::Answer, None, Some(answer)) => Some(&mut answer.fields),
            _ => None,
        };
        let Some((_, value)) = fields.and_then(|fields| fields.last_mut()) else {
            return false;
        };
        value.push(b' ');
        value.extend_from_slice(text);
        true
    }
}

impl Answer {
    /// Whether nothing follows it: it is no 1xx.
    fn is_final(&self) -> bool {
        self.status.is_none_or(|status| status >= 200)
    }
}

/// `GET /path HTTP/1.1`, the version being any or none (RFC 9112 section 3): the method and the
/// target.
pub(super) fn request_line(text: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(text).ok()?;
    let mut words = text.split_ascii_whitespace();
    let (method, target, version) = (words.next()?, words.next()?, words.next());
    let is_target = target.starts_with('/') || target == "*" || target.contains("://");
    let is_version = |version: &str| {
        version
            .strip_prefix("HTTP/")
            .is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()))
    };
    let is_request = match version {
        Some(version) => is_version(version) && words.next().is_none(),
        // Two words of prose are no request.
        None => {
            is_target
                && method
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'-')
        }
    };
    (is_request && is_token(method.as_bytes())).then(|| (method.to_owned(), target.to_owned()))
}

/// `HTTP/1.1 304 Not Modified`: the status (RFC 9112 section 4).
pub(super) fn status_line(text: &[u8]) -> Option<u16> {
    let text = text.strip_prefix(b"HTTP/")?;
    let mut words = text.split(|&byte| byte == b' ');
    words
        .next()?
        .first()
        .filter(|digit| digit.is_ascii_digit())?;
    status(words.next()?)
}

fn status(digits: &[u8]) -> Option<u16> {
    let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (100..=599).contains(&status).then_some(status)
}

/// `Name: value` (RFC 9110 section 5).
fn field_line(line: &Line<'_>) -> Result<FieldLine, Unreadable> {
    let colon = line.text.iter().position(|&byte| byte == b':');
    let Some(colon) = colon else {
        return Err(Unreadable::at(line, Problem::NotAFieldLine));
    };
    let (name, value) = (&line.text[..colon], &line.text[colon + 1..]);
    if !is_token(name) {
        let problem = if is_token(name.trim_ascii_end()) {
            Problem::SpaceBeforeColon
        } else {
            Problem::NotAFieldLine
        };
        return Err(Unreadable::at(line, problem));
    }
    let name = String::from_utf8_lossy(name).into_owned();
    Ok((name, value.trim_ascii().to_vec()))
}

/// RFC 9110 section 5.6.2.
pub(super) fn is_token(text: &[u8]) -> bool {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !text.is_empty() && text.iter().all(is_tchar)
}

/// Whether a field is of an answer, and never of a request that has no content.
pub(super) fn is_of_answer(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "accept-ranges",
        "age",
        "allow",
        "alt-svc",
        "cache-status",
        "cdn-cache-control",
        "content-encoding",
        "content-location",
        "content-range",
        "etag",
        "expires",
        "last-modified",
        "location",
        "retry-after",
        "server",
        "set-cookie",
        "vary",
        "www-authenticate",
        "x-cache",
        "x-powered-by",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}
