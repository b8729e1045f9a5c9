//! `http-conditional cache`: a small caching reverse proxy, whose side of conditional requests (RFC
//! 9111 section 4.3) is the crate's `cache` module.
//!
//! `http-conditional serve` is an origin server for it, on port 3000, and
//! `http-conditional cache http://127.0.0.1:3000` then listens on port 3001.

mod answer;
mod asked;
mod content;
mod done;
mod freshness;
mod max_forwards;
mod origin;
mod proxy;
mod receive;
pub(crate) mod references;
mod store;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;

use self::origin::Origin;
use self::proxy::Proxy;
use self::store::Store;
use crate::connections::{self, Ends, Limits};
use crate::inbound::Base;
use crate::process;

/// Caches in memory, in front of a server
///
/// Passes the Host of the client on, and stores the responses to each Host apart: a server that can
/// be opened under its own names only is as safe behind it.
///
/// A response that may be stored goes to the client when all of it is there, or when it is larger
/// than --max-entry. So a stream of events needs Cache-Control: no-store, with which it is passed
/// on as it comes.
///
/// Takes up to 1024 connections. Closes one that is idle for a minute, whose request is not
/// complete after ten seconds, or whose client reads nothing for thirty. A client that sends
/// content may pause for 20 seconds.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Exit codes: 0 after Ctrl-C, 1 when serving fails, 2 for wrong options, 3 when it cannot listen
there.")]
pub struct Options {
    /// Where the origin server is
    #[arg(value_name = "http://HOST:PORT")]
    origin: Base,
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3001")]
    addr: String,
    /// The most to store in all
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 20)]
    max_bytes: usize,
    /// Store no response with more content than this
    #[arg(long, value_name = "BYTES", default_value_t = 8 << 20)]
    max_entry: usize,
    /// How long to wait for the origin server's response, once it has the whole request, and for
    /// each further piece of its content
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
}

/// For how long a connection may do nothing.
const LIMITS: Limits = Limits {
    connections: 1024,
    idle: Duration::from_mins(1),
    head: Duration::from_secs(10),
    stall: Duration::from_secs(30),
};

/// Serves until Ctrl-C.
#[must_use]
pub fn run(options: Options) -> ExitCode {
    process::run(forward(options))
}

async fn forward(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(&options.addr)
        .await
        .map_err(|error| process::Unable(format!("cannot listen on {}: {error}", options.addr)))?;
    writeln!(
        io::stdout(),
        "listening on http://{}",
        listener.local_addr()?
    )?;
    let proxy = Proxy {
        origin: Origin::new(options.origin, Duration::from_secs(options.timeout)),
        store: Store::new(options.max_bytes),
        max_entry: options.max_entry,
    };
    let proxy = Arc::new(proxy);
    let answer = move |ends: Ends, request| {
        let proxy = Arc::clone(&proxy);
        proxy::handle(proxy, ends.interim, request)
    };
    let serving = connections::serve(listener, LIMITS, answer, process::interrupts(1));
    tokio::select! {
        () = serving => {}
        // A client that never ends its request does not keep the proxy from ending.
        () = process::interrupts(2) => {}
    }
    Ok(())
}
