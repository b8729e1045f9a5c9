//! `http-conditional serve`: an HTTP/1.1 server that evaluates the conditions of every request
//! (RFC 9110 section 13).

pub(crate) mod app;
pub(crate) mod content;
pub(crate) mod files;
mod memory;
mod site;
pub(crate) mod store;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::HeaderValue;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use self::app::App;
use self::files::Directory;
use self::memory::Memory;
use self::site::Site;
use self::store::Store;
use crate::connections::{self, Limits};
use crate::log::Log;
use crate::page::journal::Journal;
use crate::page::local::Names;
use crate::page::{ASIDE, Page, Shown};
use crate::process;
use crate::reasons::Departures;

/// Serves the files of a directory, or demo resources with a page to try requests on
///
/// Answers every request as RFC 9110 section 13 says: 304 if the client has the current version
/// already, 412 if it would write over another version than the one it names, 206 if it asks for a
/// part.
/// There is no TLS and no HTTP/2: put a proxy in front for those.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "an option each")]
#[command(after_long_help = AFTER_HELP)]
pub struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3000")]
    addr: String,
    /// Serve the files below this directory instead of the demo
    ///
    /// Nothing outside it is read or written, whatever links and paths say. Only regular files are
    /// served, and none below a name that begins with a dot, though a link with another name may
    /// lead to one. PUT on a link replaces the link, and not what it leads to. A path that ends in a slash gets the
    /// index.html there. A client that accepts the coding gets `a.js.br`, `a.js.zst` or `a.js.gz`
    /// instead of `a.js`, unless it is older. A page at /_http-conditional/ lists the last requests
    /// for clients on this machine.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Allow PUT and DELETE on the files; in the demo they are always allowed
    #[arg(long)]
    writable: bool,
    /// Answer 428 to a PUT or DELETE of an existing resource without a guard against lost updates
    ///
    /// A guard is If-Match, or `If-None-Match: *`. A date is none: with If-Unmodified-Since, the
    /// second of two writes in one second would overwrite the first.
    #[arg(long)]
    require_precondition: bool,
    /// Allow writes under this name too, and show the list of requests under it to everybody
    ///
    /// Without this, writes are allowed only under localhost, loopback addresses and the address that
    /// the client connected to, and the list also only to clients on this machine. A hostile site may
    /// have pointed any other name at this machine, so that browsers let its pages in (DNS
    /// rebinding).
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// The Cache-Control of all files
    #[arg(long, value_name = "VALUE", default_value = "no-cache")]
    cache_control: HeaderValue,
    /// What the entity tags of files are made of
    #[arg(long, value_enum, default_value_t = Tags::Metadata)]
    etag: Tags,
    /// Print no requests, and with --dir keep none for the page
    #[arg(long, short)]
    quiet: bool,
    /// Print all steps of the evaluation of every request
    #[arg(long, conflicts_with = "quiet")]
    explain: bool,
    /// How to print requests
    #[arg(long, value_enum, default_value_t = Log::Text, conflicts_with = "quiet")]
    log: Log,
    /// Answer 413 to a request with more content than this [default: 1 GiB to files, 16 MiB to the
    /// demo]
    #[arg(long, value_name = "BYTES", hide_default_value = true)]
    max_body: Option<usize>,
    /// The most connections at a time; more have to wait. Each may take three file descriptors
    #[arg(long, value_name = "NUMBER", default_value_t = 256, value_parser = positive)]
    max_connections: usize,
    /// Close a connection that has had no request for this long
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    idle_timeout: u64,
    /// Close a connection when the head of a request takes longer than this
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    head_timeout: u64,
    /// Close a connection when the client reads nothing of its response for this long
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    send_timeout: u64,
    #[command(flatten)]
    departures: Departures,
}

const AFTER_HELP: &str = "\
A client that sends content may pause for 20 seconds, and has to send 500 bytes a second.

Examples:
  http-conditional serve                               the demo, on http://127.0.0.1:3000/
  http-conditional serve --dir public                  files
  http-conditional serve --dir data --writable --require-precondition
                                                       a store without lost updates
  http-conditional serve --dir public --explain        why each request got what it got

Exit codes: 0 after Ctrl-C, 1 when serving fails, 2 for wrong options, 3 when it cannot listen there
or the directory cannot be opened.";

/// What the entity tags of files are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tags {
    /// The size and times of the file, in nanoseconds. Its content is not read. The tags stay the same
    /// over a restart, but differ between machines. A file that changed less than two seconds ago has
    /// a weak tag. One that was written by PUT has a digest of its content instead, until the server
    /// ends or 10,000 more have been written. What a program writes through mmap need not change the
    /// times, and so not the tag
    Metadata,
    /// A digest of the content, read once for each version of a file, as its size and times tell
    /// them apart. The tags are the same on all machines, but for a file over 1 MiB that changed less
    /// than two seconds ago, or on a system that does not say when: it has a weak one of its size and
    /// times
    Digest,
}

fn positive(number: &str) -> Result<usize, String> {
    match number.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err(String::from("not between 1 and 1000000")),
    }
}

impl Options {
    fn app(&self, store: Arc<dyn Store>, journal: Option<Arc<Journal>>) -> App {
        App {
            store,
            writable: true,
            require_precondition: self.require_precondition,
            departures: self.departures,
            journal,
            max_body: self.max_body.unwrap_or(16 << 20),
            writing: Mutex::new(()),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            connections: self.max_connections,
            idle: Duration::from_secs(self.idle_timeout),
            head: Duration::from_secs(self.head_timeout),
            stall: Duration::from_secs(self.send_timeout),
        }
    }
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
    let journal = Arc::new(Journal::new(
        options.explain,
        (!options.quiet).then_some(options.log),
    ));
    let noted = (options.dir.is_none() || !options.quiet).then(|| Arc::clone(&journal));
    let origin = format!("http://{address}");
    let (resources, prefix, kind, tags) = match &options.dir {
        None => {
            let (memory, tags) = Memory::demo();
            let app = options.app(Arc::new(memory), noted);
            (app, "", "demo", Vec::from(tags))
        }
        Some(path) => {
            let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(|error| {
                process::Unable(format!("cannot serve {}: {error}", path.display()))
            })?;
            let directory = Directory::new(
                root,
                files::Options {
                    by_digest: options.etag == Tags::Digest,
                    cache_control: options.cache_control.clone(),
                },
            );
            let files = App {
                writable: options.writable,
                max_body: options.max_body.unwrap_or(1 << 30),
                ..options.app(Arc::new(directory), noted)
            };
            (files, ASIDE, "directory", Vec::new())
        }
    };
    let shown = Shown {
        prefix,
        origin: &origin,
        kind,
        tags: &tags,
    };
    let names = || Names::new(&options.allow_host);
    let site = Site {
        names: names(),
        resources: Arc::new(resources),
        page: Page::new(address, &journal, &shown).open_under(names()),
    };
    writeln!(io::stdout(), "listening on http://{address}")?;
    let site = Arc::new(site);
    let answer = move |ends, request| {
        let site = Arc::clone(&site);
        async move { site.answer(ends, request).await }
    };
    let serving = connections::serve(listener, options.limits(), answer, process::interrupts(1));
    tokio::select! {
        () = serving => {}
        // A client that never ends its request does not keep the server from ending.
        () = process::interrupts(2) => {}
    }
    Ok(())
}
