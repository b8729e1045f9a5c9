//! An HTTP/1.1 server that evaluates the conditions of every request (RFC 9110 section 13).
//!
//! `cargo run --example serve`, then open <http://127.0.0.1:3000/>.

mod app;
mod directory;
mod memory;
mod store;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use axum::handler::Handler;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use clap::Parser;
use tokio::net::TcpListener;

use app::App;
use directory::Directory;
use memory::Memory;
use store::Store;

/// Serves demo resources, or the files of a directory, by the rules of RFC 9110 section 13.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3000")]
    addr: String,
    /// Serve the files below this directory instead of the demo resources in memory
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Allow PUT and DELETE on the files; in memory they are always allowed
    #[arg(long)]
    writable: bool,
    /// Answer 428 to a PUT or DELETE of an existing resource without a guard against lost updates
    #[arg(long)]
    require_precondition: bool,
    /// Print all steps of the evaluation of every request
    #[arg(long)]
    explain: bool,
    /// Answer 413 to a request with more content than this
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    max_body: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(&options.addr)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.addr))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let store: Box<dyn Store> = match &options.dir {
        None => Box::new(Memory::demo(&origin)),
        Some(path) => {
            let root = Dir::open_ambient_dir(path, ambient_authority())
                .map_err(|error| format!("cannot serve {}: {error}", path.display()))?;
            Box::new(Directory::new(root))
        }
    };
    let app = App {
        store,
        writable: options.writable || options.dir.is_none(),
        require_precondition: options.require_precondition,
        explain: options.explain,
        max_body: options.max_body,
        writing: Mutex::new(()),
    };
    writeln!(io::stdout(), "listening on {origin}")?;
    let service = app::handle.with_state(Arc::new(app)).into_make_service();
    let serving = axum::serve(listener, service).with_graceful_shutdown(interrupts(1));
    tokio::select! {
        result = serving => Ok(result?),
        // A client that never ends its request does not keep the server from ending.
        () = interrupts(2) => Ok(()),
    }
}

/// Waits for Ctrl-C that many times.
async fn interrupts(times: usize) {
    for _ in 0..times {
        if tokio::signal::ctrl_c().await.is_err() {
            // No signals here: serve until the process is ended.
            std::future::pending::<()>().await;
        }
    }
}
