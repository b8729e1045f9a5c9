//! `http-conditional proxy`: a reverse proxy in front of a person's own program, which changes
//! nothing, and says of each answer what it should have been by the validators of the program's
//! own answers.

mod forward;
mod watch;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use clap::Args;
use tokio::net::TcpListener;

use self::forward::{Failure, Forwarder};
use self::watch::Watched;
use crate::connections::{self, Ends, Limits};
use crate::explain::read;
use crate::inbound::Base;
use crate::log::Log;
use crate::page::journal::{Journal, Noted};
use crate::page::local::Names;
use crate::page::{ASIDE, Page, Shown};
use crate::process;
use crate::reasons::{Case, Content, Departures, History, Seen, State, faults, find, visible};
use crate::serve::app::text;
use crate::serve::store::http_date;

/// Shows what your own program answers, what it should have answered, and the difference
///
/// Put it in front of your program, and open the program at the address of the proxy. It passes
/// everything on unchanged, WebSockets too. It prints each request with its answer, and below it
/// what is wrong: a 200 though the client had it, a 304 without Vary, an ETag without quotes or one
/// that changes with each answer. The page is at /_http-conditional/ on the proxy; what was asked
/// can be seen there on this machine only.
///
/// What it leaves out is the fields of one connection and those by which a client logs in at a
/// proxy. Unlike other proxies it adds no Via and leaves Max-Forwards as it is (RFC 9110 sections
/// 7.6.2 and 7.6.3): some programs answer otherwise behind a proxy.
///
/// A request of HTTP/1.1 without a Host, or with two, is answered 400. A client that sends content
/// may pause for 20 seconds. Ctrl-C ends the proxy and prints how many bytes a correct program would
/// have saved.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  http-conditional proxy http://127.0.0.1:5000
  curl -i http://127.0.0.1:3002/")]
pub struct Options {
    /// Where the program is
    #[arg(value_name = "http://HOST:PORT")]
    origin: Base,
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3002")]
    addr: String,
    /// How long to wait for the program to begin its answer, once it has the whole request
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Print all steps of the evaluation of every request, and what to do
    #[arg(long)]
    explain: bool,
    /// How to print requests
    #[arg(long, value_enum, default_value_t = Log::Text)]
    log: Log,
    #[command(flatten)]
    departures: Departures,
}

/// As many as `serve` has, and as patient.
const LIMITS: Limits = Limits {
    connections: 256,
    idle: Duration::from_mins(1),
    head: Duration::from_secs(10),
    stall: Duration::from_secs(30),
};

struct Proxy {
    program: Forwarder,
    departures: Departures,
    journal: Arc<Journal>,
    history: Mutex<History>,
    page: Page,
    names: Names,
}

/// Serves until Ctrl-C.
#[must_use]
pub fn run(options: Options) -> ExitCode {
    process::run(serve(options))
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(&options.addr)
        .await
        .map_err(|error| process::Unable(format!("cannot listen on {}: {error}", options.addr)))?;
    let address = listener.local_addr()?;
    let origin = format!("http://{address}");
    let journal = Arc::new(Journal::new(options.explain, Some(options.log)));
    let shown = Shown {
        prefix: ASIDE,
        origin: &origin,
        kind: "proxy",
        tags: &[],
    };
    let proxy = Proxy {
        program: Forwarder::new(options.origin, Duration::from_secs(options.timeout)),
        departures: options.departures,
        page: Page::new(address, &journal, &shown),
        journal: Arc::clone(&journal),
        history: Mutex::default(),
        names: Names::new(&[]),
    };
    writeln!(io::stdout(), "listening on {origin}")?;
    let proxy = Arc::new(proxy);
    let answer = move |ends, request| handle(Arc::clone(&proxy), ends, request);
    let serving = connections::serve(listener, LIMITS, answer, process::interrupts(1));
    tokio::select! {
        () = serving => {}
        // A client that never ends its request does not keep the proxy from ending.
        () = process::interrupts(2) => {}
    }
    if options.log == Log::Text {
        let _ = writeln!(io::stdout(), "{}", journal.totals().sentence());
    }
    Ok(())
}

/// Passes a request on, and its answer back.
async fn handle(proxy: Arc<Proxy>, ends: Ends, request: Request) -> Response {
    let peer = ends.peer;
    let path = request.uri().path().to_owned();
    if let Some(within) = proxy.page.within(&path) {
        let is_own = proxy
            .names
            .contain(request.uri(), request.headers(), ends.local.ip());
        return proxy.page.handle(within, is_own, peer, request).await;
    }
    let (head, body) = request.into_parts();
    let asked = Asked::new(peer, &head);
    let request = Request::from_parts(head, body);
    let response = match proxy.program.send(request, ends.interim.as_ref()).await {
        Ok(response) => response,
        Err(Failure(status, sentence)) => {
            let mut response = text(status, &sentence);
            // That is not about conditions, so nothing is evaluated.
            proxy
                .journal
                .enter(asked.noted(status, format!(": {sentence}")));
            if asked.method == "HEAD" {
                *response.body_mut() = Body::empty();
            }
            return response;
        }
    };
    let (head, body) = response.into_parts();
    let (status, fields) = (head.status, head.headers.clone());
    if status == StatusCode::SWITCHING_PROTOCOLS {
        proxy.journal.enter(asked.noted(status, String::new()));
        return Response::from_parts(head, body);
    }
    // It is judged once its content has gone by.
    let then = move |content| proxy.note(&asked, status, &fields, content);
    let body = if body.is_end_stream() {
        then(Some(Content::NONE));
        body
    } else {
        Body::new(Watched::new(body, Box::new(then)))
    };
    Response::from_parts(head, body)
}

/// A request, as it came.
struct Asked {
    peer: SocketAddr,
    method: axum::http::Method,
    target: String,
    fields: HeaderMap,
}

impl Asked {
    fn new(peer: SocketAddr, head: &Parts) -> Self {
        let target = head.uri.path_and_query();
        Self {
            peer,
            method: head.method.clone(),
            target: target.map_or_else(|| head.uri.to_string(), ToString::to_string),
            fields: head.headers.clone(),
        }
    }

    /// It is noted without being judged.
    fn noted(&self, status: StatusCode, said: String) -> Noted<'_> {
        Noted {
            peer: self.peer,
            method: &self.method,
            target: &self.target,
            fields: &self.fields,
            status,
            finding: None,
            decision: None,
            field: None,
            said,
            faults: Vec::new(),
            length: None,
        }
    }
}

impl Proxy {
    /// Judges an answer, and takes note of it.
    fn note(
        &self,
        asked: &Asked,
        status: StatusCode,
        fields: &HeaderMap,
        content: Option<Content>,
    ) {
        let request = read::Request {
            method: asked.method.to_string(),
            target: asked.target.clone(),
            fields: lines(&asked.fields),
            is_assumed: false,
        };
        let answer = read::Answer {
            status: Some(status.as_u16()),
            fields: lines(fields),
            ..read::Answer::default()
        };
        let now = http_date(SystemTime::now());
        let policy = self.departures.policy(now);
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        let before = history.of(&asked.target);
        let own = State::of_answer(&request.method, &answer);
        let state = match before {
            Some(url) if !own.is_known() => url.state.clone(),
            _ => own,
        };
        let finding = find(Case {
            request: &request,
            state: &state,
            brothers: &[],
            unconditional: unconditional(status),
            policy,
            now,
            last: history.last(&asked.target),
        });
        let faults = faults(Seen {
            request: &request,
            answer: &answer,
            content,
            before,
            policy,
            now,
        });
        history.note(&request, &answer, content);
        drop(history);
        let mut said = String::new();
        if let Some(right) = finding
            .status
            .filter(|right| *right != status.as_u16() && !faults.is_empty())
        {
            let _ = write!(said, ", should be {right}");
        } else if status == StatusCode::OK && finding.summary.contains(", not 304: ") {
            let why = finding
                .summary
                .split(", not 304: ")
                .nth(1)
                .unwrap_or_default();
            let _ = write!(said, ": {}", visible(why.as_bytes()));
        }
        self.journal.enter(Noted {
            decision: Some(finding.summary.clone()),
            finding: Some(finding),
            faults,
            length: content.map(|content| content.length),
            ..asked.noted(status, said)
        });
    }
}

/// The status of the answer without conditions, as far as this one tells.
fn unconditional(status: StatusCode) -> Option<u16> {
    let status = status.as_u16();
    (!matches!(status, 200 | 206 | 304 | 412 | 416 | 428)).then_some(status)
}

fn lines(fields: &HeaderMap) -> Vec<read::FieldLine> {
    let lines = fields.iter();
    lines
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect()
}
