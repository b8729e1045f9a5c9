//! `http-conditional check`: tells what a server gets wrong about conditional requests, for the
//! people who write or run it.

mod answers;
pub mod cache;
pub mod client;
mod codings;
mod connect;
mod diagnosis;
pub mod faults;
pub mod findings;
mod http1;
#[cfg(feature = "tls")]
mod http2;
pub mod message;
mod model;
mod origin;
pub mod report;
mod requests;
mod resource;
mod rules;
pub mod server;
pub mod target;
#[cfg(feature = "tls")]
mod tls;
pub mod vectors;
pub mod writable;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use client::{Client, Manner, Version};
use faults::Fault;
use findings::Findings;
use message::Line;
use target::Target;

/// How the program names itself.
pub const USER_AGENT: &str = concat!("http-conditional-check/", env!("CARGO_PKG_VERSION"));

/// Tells what a server gets wrong about conditional requests (RFC 9110 section 13)
///
/// Sends some 200 requests that change nothing to URL, one after another, and reports each fault
/// once: who is hurt by it, how it is usually fixed, and a request that shows it. Exits with 0 if
/// there is no fault, 1 if there is one, 2 if the server cannot be checked.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Options {
    /// What to check: something that answers 200 and does not change meanwhile
    #[arg(required_unless_present_any = ["list", "writable"])]
    url: Option<String>,
    /// Check PUT, PATCH and DELETE on this resource, which may be overwritten and destroyed
    #[arg(long, value_name = "URL")]
    writable: Option<String>,
    /// URL is a cache or CDN: check how it validates, stores and answers, with an origin that this
    /// program serves on --serve-origin
    #[arg(long, requires_all = ["url", "serve_origin"])]
    cache: bool,
    /// Where the origin behind the cache listens
    #[arg(long, value_name = "HOST:PORT", requires = "cache")]
    serve_origin: Option<String>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// Show every request that shows a fault
    #[arg(long, short)]
    verbose: bool,
    /// List the faults that can be found, and stop
    #[arg(long)]
    list: bool,
    /// Report only these faults, by their names in --list
    #[arg(long, value_name = "FAULT", value_delimiter = ',', value_parser = fault)]
    only: Vec<Fault>,
    /// Send every test vector that fits the resource, not only enough to cover every rule
    #[arg(long)]
    all: bool,
    /// Send this field line with every request, as in 'Cookie: session=1'
    #[arg(long, short = 'H', value_name = "LINE", value_parser = line)]
    header: Vec<Line>,
    /// Trust the certificates in this PEM file for https, instead of the system's
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// How long to wait between two requests
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    pause: u64,
    /// How long to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
    /// Read no more than this of an answer
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    max_content: usize,
    /// Stop when this much content has come, and report what was found until then
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 28)]
    max_total: u64,
    /// Speak this version only, 1.1 or 2; by default HTTP/1.1, and HTTP/2 too if https offers it
    #[arg(long, value_name = "VERSION", value_parser = version)]
    http: Option<Version>,
}

fn fault(id: &str) -> Result<Fault, String> {
    Fault::from_id(id).ok_or_else(|| "no such fault: see --list".to_owned())
}

fn version(text: &str) -> Result<Version, String> {
    match text {
        "1.1" => Ok(Version::Http1),
        "2" => Ok(Version::Http2),
        _ => Err("it is 1.1 or 2".to_owned()),
    }
}

fn line(text: &str) -> Result<Line, String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a field line is `Name: value`")?;
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let control = |byte: u8| (byte < b' ' && byte != b'\t') || byte == 0x7f;
    if name.is_empty() || !name.bytes().all(token) || value.bytes().any(control) {
        return Err("that is not a field line".to_owned());
    }
    Ok((name.into(), value.trim().into()))
}

/// Runs the subcommand.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    if options.list {
        return print(&report::list(), ExitCode::SUCCESS);
    }
    match check(options) {
        Ok((url, findings)) => {
            let text = if options.json {
                format!("{:#}\n", report::json(&url, &findings))
            } else {
                report::text(&url, &findings, options.verbose)
            };
            print(&text, ExitCode::from(status(&findings)))
        }
        Err(reason) => {
            eprintln!("error: {}", message::shown(reason.as_bytes()));
            ExitCode::from(2)
        }
    }
}

/// If not everything was asked, finding nothing means nothing.
fn status(findings: &Findings) -> u8 {
    match (findings.is_clean(), &findings.given_up) {
        (false, _) => 1,
        (true, None) => 0,
        (true, Some(_)) => 2,
    }
}

/// Prints; who has stopped reading does not mind.
fn print(text: &str, code: ExitCode) -> ExitCode {
    let _ = io::stdout().write_all(text.as_bytes());
    code
}

fn check(options: &Options) -> Result<(String, Findings), String> {
    let manner = Manner {
        timeout: Duration::from_secs(options.timeout.max(1)),
        pause: Duration::from_millis(options.pause),
        most_content: options.max_content,
        most_in_all: options.max_total,
        version: options.http.unwrap_or_default(),
        lines: options.header.clone(),
        authorities: options.cacert.clone(),
    };
    let mut findings = Findings::default();
    let mut urls = Vec::new();
    let parse = |url: &str| Target::parse(url).map_err(|error| format!("{url}: {error}"));
    if let (Some(url), Some(address)) = (&options.url, &options.serve_origin) {
        let target = parse(url)?;
        findings.merge(cache::check(&target, &manner, address)?);
        urls.push(target.to_string());
    } else if let Some(url) = &options.url {
        let target = parse(url)?;
        for version in versions(options, &target, &manner)? {
            let found = over(version, &target, &manner, options.all)?;
            findings.merge_version(found, version);
        }
        urls.push(target.to_string());
    }
    if let Some(url) = &options.writable {
        let target = parse(url)?;
        findings.merge(writable::check(&target, &manner)?);
        urls.push(target.to_string());
    }
    if !options.only.is_empty() {
        findings.only(&options.only);
    }
    Ok((urls.join(", "), findings))
}

/// Checks a server over one version.
fn over(version: Version, target: &Target, manner: &Manner, all: bool) -> Result<Findings, String> {
    let manner = Manner {
        version,
        ..manner.clone()
    };
    let mut client = Client::new(target, &manner);
    let terminal = io::stderr().is_terminal();
    if terminal {
        client.progress = Some(|sent| eprint!("\r{sent} requests "));
    }
    let result = server::check(&mut client, target, all);
    if terminal {
        eprint!("\r                    \r");
    }
    result
}

/// The versions that are asked for, or else those that the server offers.
fn versions(options: &Options, target: &Target, manner: &Manner) -> Result<Vec<Version>, String> {
    if let Some(version) = options.http {
        return Ok(vec![version]);
    }
    let both = connect::offers_http2(target, manner).map_err(|error| error.to_string())?;
    Ok(if both {
        vec![Version::Http1, Version::Http2]
    } else {
        vec![Version::Http1]
    })
}
