//! The options of a curl command that make the head of its request.

use super::exchange::{Exchange, FieldLine, Request};
use super::heads::is_token;
use super::unreadable::{Problem, Unreadable};

/// A command, cut into words.
#[derive(Debug, Default)]
pub(super) struct Command {
    /// The line that it begins in.
    pub(super) line: usize,
    pub(super) words: Vec<Vec<u8>>,
}

/// The short options that take a value, beside those that matter here.
const SHORT_WITH_VALUE: &[u8] = b"bcCdDeEFhHKmoPQrtTuUwxXyYzA";

/// The long options that take no value. All others are taken to have one, unless what follows is
/// an option or a URL.
const LONG_WITHOUT_VALUE: [&str; 20] = [
    "anyauth",
    "basic",
    "compressed",
    "create-dirs",
    "digest",
    "fail",
    "globoff",
    "http1.1",
    "http2",
    "http3",
    "include",
    "insecure",
    "ipv4",
    "ipv6",
    "location",
    "no-buffer",
    "path-as-is",
    "show-error",
    "silent",
    "verbose",
];

/// The requests that the commands among these send that are of curl.
pub(super) fn read(commands: &[Command]) -> Result<Vec<Exchange>, Unreadable> {
    let is_curl = |command: &&Command| {
        let program = command.words.first();
        program.is_some_and(|program| matches!(&**program, b"curl" | b"curl.exe"))
    };
    commands.iter().filter(is_curl).map(request).collect()
}

/// What the options say so far.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // an option each
struct Said {
    url: Option<String>,
    method: Option<String>,
    fields: Vec<FieldLine>,
    /// `-I`, `-T`, `-G`, and anything that sends content.
    head: bool,
    upload: bool,
    get: bool,
    content: bool,
}

fn request(command: &Command) -> Result<Exchange, Unreadable> {
    let mut said = Said::default();
    let mut words = command.words[1..].iter().peekable();
    while let Some(word) = words.next() {
        if let Some(long) = word.strip_prefix(b"--") {
            let mut parts = long.splitn(2, |&byte| byte == b'=');
            let name = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
            let attached = parts.next();
            let flag = matches!(&*name, "head" | "get") || LONG_WITHOUT_VALUE.contains(&&*name);
            let value = match attached {
                Some(value) => Some(value),
                None if flag => None,
                None => words
                    .next_if(|next| takes(&name) || !(next.starts_with(b"-") || is_url(next)))
                    .map(|value| &**value),
            };
            said.option(command, &name, value.unwrap_or_default())?;
        } else if let Some(mut letters) = word
            .strip_prefix(b"-")
            .filter(|letters| !letters.is_empty())
        {
            while let Some((&letter, after)) = letters.split_first() {
                letters = after;
                let mut value: &[u8] = b"";
                if SHORT_WITH_VALUE.contains(&letter) {
                    value = if after.is_empty() {
                        words.next().map_or(&b""[..], |value| value)
                    } else {
                        after
                    };
                    letters = b"";
                }
                if let Some(name) = long(letter) {
                    said.option(command, name, value)?;
                }
            }
        } else {
            said.url.get_or_insert_with(|| text(word));
        }
    }
    let Some(target) = said.url else {
        return Err(Unreadable::numbered(
            command.line.max(1),
            b"",
            Problem::NoUrl,
        ));
    };
    let method = said.method.unwrap_or_else(|| {
        String::from(match () {
            () if said.head => "HEAD",
            () if said.upload => "PUT",
            () if said.content && !said.get => "POST",
            () => "GET",
        })
    });
    Ok(Exchange {
        request: Request {
            method,
            target,
            fields: said.fields,
            is_assumed: false,
        },
        answer: None,
    })
}

/// What a short option is called that matters here.
fn long(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'H' => "header",
        b'X' => "request",
        b'I' => "head",
        b'G' => "get",
        b'T' => "upload-file",
        b'd' | b'F' => "data",
        b'A' => "user-agent",
        b'e' => "referer",
        b'r' => "range",
        b'z' => "time-cond",
        b'K' => "config",
        _ => return None,
    })
}

/// Whether an option has a value in any case, even one that looks like an option.
fn takes(name: &str) -> bool {
    matches!(
        name,
        "header"
            | "request"
            | "url"
            | "user-agent"
            | "referer"
            | "range"
            | "time-cond"
            | "config"
            | "etag-compare"
            | "etag-save"
            | "upload-file"
            | "json"
            | "cookie"
            | "output"
    ) || name.starts_with("data")
        || name.starts_with("form")
}

impl Said {
    fn option(&mut self, command: &Command, name: &str, value: &[u8]) -> Result<(), Unreadable> {
        let elsewhere = |option: &str| {
            Unreadable::numbered(
                command.line.max(1),
                value,
                Problem::Elsewhere(option.to_owned()),
            )
        };
        match name {
            "url" => self.url = Some(text(value)),
            "request" => self.method = Some(text(value)),
            "head" => self.head = true,
            "get" => self.get = true,
            "upload-file" => self.upload = true,
            "json" => self.content = true,
            "user-agent" => self.field("User-Agent", value),
            "referer" => self.field("Referer", value),
            "range" => self.field("Range", &[b"bytes=", value].concat()),
            "header" if value.starts_with(b"@") => return Err(elsewhere("--header @FILE")),
            "header" => self.header(value),
            "time-cond" => {
                // A minus asks for what is older.
                let (name, date) = match value.strip_prefix(b"-") {
                    Some(date) => ("If-Unmodified-Since", date),
                    None => ("If-Modified-Since", value),
                };
                if !date.ends_with(b"GMT") {
                    return Err(elsewhere("--time-cond"));
                }
                self.field(name, date);
            }
            "etag-compare" => return Err(elsewhere("--etag-compare FILE")),
            "config" => return Err(elsewhere("--config FILE")),
            _ if name.starts_with("data") || name.starts_with("form") => self.content = true,
            _ => {}
        }
        Ok(())
    }

    fn field(&mut self, name: &str, value: &[u8]) {
        self.fields
            .push((name.to_owned(), value.trim_ascii().to_vec()));
    }

    /// `Name: value`; `Name;` is a field without a value, and `Name:` takes one out.
    fn header(&mut self, line: &[u8]) {
        if let Some(colon) = line.iter().position(|&byte| byte == b':') {
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            if is_token(name) && !value.is_empty() {
                self.field(&text(name), value);
            }
        } else if let Some(name) = line.strip_suffix(b";")
            && is_token(name)
        {
            self.field(&text(name), b"");
        }
    }
}

fn text(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

fn is_url(word: &[u8]) -> bool {
    word.windows(3).any(|three| three == b"://")
}
