//! `http-conditional explain`: why a request gets a 200, a 304 or a 412: give it the request's head and the state of the
//! resource, and it prints the steps and the decision.
//!
//! ```sh
//! printf 'GET / HTTP/1.1\nIf-None-Match: "v1", "v2"\n' |
//!     http-conditional explain --etag '"v2"'
//! ```

use std::error::Error;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use http_conditional::{
    EntityTag, EntityTags, Field, HttpDate, Method, Policy, Preconditions, Representation,
};

/// Prints why a request gets a 200, a 304 or a 412.
///
/// The request's head is read from FILE or standard input: the request line and the header
/// fields, as `curl -v` shows them (a leading `> ` is taken off).
#[derive(Args, Debug)]
pub struct Options {
    /// A file with the request's head; standard input without it
    file: Option<PathBuf>,
    /// The current entity tag, as the `ETag` field gives it: '"v1"' or 'W/"v1"'
    #[arg(long, value_name = "TAG", conflicts_with = "absent")]
    etag: Option<String>,
    /// The modification date, as the `Last-Modified` field gives it
    #[arg(long, value_name = "DATE", conflicts_with = "absent")]
    last_modified: Option<String>,
    /// The modification date is a strong validator (RFC 9110 section 8.8.2.2)
    #[arg(long, requires = "last_modified")]
    strong: bool,
    /// There is no current representation
    #[arg(long)]
    absent: bool,
    /// The current time as an HTTP-date, by which two-digit years are read; the clock without it
    #[arg(long, value_name = "DATE")]
    now: Option<String>,
    /// The status that the request would get without its conditions and its Range
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u16).range(100..=599))]
    status: Option<u16>,
}

/// Reads the request, and prints what comes of it.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    match explain(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn explain(args: &Options) -> Result<(), Box<dyn Error>> {
    let now = match &args.now {
        Some(now) => HttpDate::parse(now.as_bytes(), None).map_err(|e| format!("--now: {e}"))?,
        None => clock()?,
    };
    let selected = selected(args, now)?;
    let head = read_head(args)?;

    // As many fields as there are lines, and no more.
    let mut fields = vec![httparse::EMPTY_HEADER; head.split(|&byte| byte == b'\n').count()];
    let mut request = httparse::Request::new(&mut fields);
    let status = request.parse(&head);
    // What was read before the error tells where it is.
    let fields_read = request
        .headers
        .iter()
        .take_while(|f| !f.name.is_empty())
        .count();
    if let Err(error) = status {
        return Err(match (request.method, request.version) {
            (None, _) | (_, None) => format!("line 1 is no request line: {error}"),
            _ => format!("line {} is no field line: {error}", fields_read + 2),
        }
        .into());
    }
    let method = request.method.unwrap_or_default();

    let policy = Policy::new().now(now);
    let mut preconditions = Preconditions::with_policy(Method::from(method), selected, policy);
    if let Some(status) = args.status {
        preconditions = preconditions.unconditional_status(status);
    }
    preconditions.extend(
        request
            .headers
            .iter()
            .map(|field| (field.name, field.value)),
    );

    println!(
        "{method} {}: {}",
        request.path.unwrap_or_default(),
        preconditions.explain()
    );
    for field in request.headers.iter() {
        if let Some(complaint) = complaint(field, now) {
            println!("! {}: {complaint}", field.name);
        }
    }
    for field in preconditions.malformed().iter() {
        println!("! {field} is malformed as a whole; a server may answer 400 Bad Request instead");
    }
    Ok(())
}

fn clock() -> Result<HttpDate, Box<dyn Error>> {
    let since_epoch = std::time::UNIX_EPOCH.elapsed()?;
    Ok(HttpDate::from_unix(since_epoch.as_secs().try_into()?)?)
}

fn selected(args: &Options, now: HttpDate) -> Result<Representation<'_>, Box<dyn Error>> {
    if args.absent {
        return Ok(Representation::ABSENT);
    }
    let mut selected = Representation::current();
    if let Some(etag) = &args.etag {
        let tag = EntityTag::parse(etag.as_bytes()).map_err(|e| format!("--etag {etag}: {e}"))?;
        selected = selected.etag(tag);
    }
    if let Some(date) = &args.last_modified {
        let date = HttpDate::parse(date.as_bytes(), Some(now))
            .map_err(|e| format!("--last-modified: {e}"))?;
        selected = if args.strong {
            selected.strong_last_modified(date)
        } else {
            selected.last_modified(date)
        };
    }
    Ok(selected)
}

/// The head, without the marks of `curl -v`, up to the empty line that ends it.
fn read_head(args: &Options) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut input = Vec::new();
    match &args.file {
        Some(path) => {
            input = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        None => {
            std::io::stdin().read_to_end(&mut input)?;
        }
    }
    let mut head = Vec::new();
    for line in input.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = match line {
            b">" => b"",
            _ => line.strip_prefix(b"> ").unwrap_or(line),
        };
        if line.is_empty() {
            break;
        }
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    if head.is_empty() {
        return Err("the input has no request line, such as `GET / HTTP/1.1`".into());
    }
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// What is wrong with the value of one conditional field, and where.
fn complaint(field: &httparse::Header<'_>, now: HttpDate) -> Option<String> {
    let date = || {
        HttpDate::parse(field.value, Some(now))
            .err()
            .map(|e| e.to_string())
    };
    let tags = || EntityTags::parse(field.value).err().map(|e| e.to_string());
    let tag = || EntityTag::parse(field.value).err().map(|e| e.to_string());
    match Field::from_name(field.name.as_bytes())? {
        Field::IfMatch | Field::IfNoneMatch => tags(),
        // A quote among the first three characters tells a tag from a date.
        Field::IfRange if field.value.iter().take(3).any(|&byte| byte == b'"') => tag(),
        Field::IfModifiedSince | Field::IfUnmodifiedSince | Field::IfRange => date(),
        _ => None,
    }
}
