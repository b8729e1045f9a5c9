//! `http-conditional serve`: an HTTP/1.1 server that evaluates the conditions of every request
//! (RFC 9110 section 13).

pub(crate) mod app;
pub(crate) mod content;
mod directory;
mod memory;
mod site;
pub(crate) mod store;

use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use axum::handler::Handler;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use clap::Args;
use tokio::net::TcpListener;

use self::app::App;
use self::directory::Directory;
use self::memory::Memory;
use self::site::{Demo, Site};
use self::store::Store;
use crate::page::journal::Journal;
use crate::page::playground::Playground;
use crate::page::send::Sender;
use crate::process;

/// Serves demo resources, or the files of a directory, by the rules of RFC 9110 section 13.
#[derive(Args, Debug)]
pub struct Options {
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

impl Options {
    fn app(&self, store: Arc<dyn Store>, journal: Option<Arc<Journal>>) -> App {
        App {
            store,
            writable: true,
            require_precondition: self.require_precondition,
            journal,
            max_body: self.max_body,
            writing: Mutex::new(()),
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
        .map_err(|error| format!("cannot listen on {}: {error}", options.addr))?;
    let address = listener.local_addr()?;
    let site = match &options.dir {
        None => demo(&options, address),
        Some(path) => {
            let root = Dir::open_ambient_dir(path, ambient_authority())
                .map_err(|error| format!("cannot serve {}: {error}", path.display()))?;
            let journal = Journal::new(options.explain);
            let files = App {
                writable: options.writable,
                ..options.app(Arc::new(Directory::new(root)), Some(Arc::new(journal)))
            };
            Site {
                resources: Arc::new(files),
                demo: None,
            }
        }
    };
    writeln!(io::stdout(), "listening on http://{address}")?;
    let service = site::handle.with_state(Arc::new(site));
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(process::interrupts(1));
    tokio::select! {
        result = serving => Ok(result?),
        // A client that never ends its request does not keep the server from ending.
        () = process::interrupts(2) => Ok(()),
    }
}

/// The demo resources, with what their page works with.
fn demo(options: &Options, address: SocketAddr) -> Site {
    let journal = Arc::new(Journal::new(options.explain));
    let noted = |store| Arc::new(options.app(store, Some(Arc::clone(&journal))));
    // The page asks for it every second, which would soon be all that it tells of.
    let requests = App {
        writable: false,
        ..options.app(Arc::clone(&journal) as Arc<dyn Store>, None)
    };
    Site {
        resources: noted(Arc::new(Memory::demo(&format!("http://{address}")))),
        demo: Some(Demo {
            playground: noted(Arc::new(Playground)),
            requests: Arc::new(requests),
            sender: Arc::new(Sender::new(address, journal)),
        }),
    }
}
