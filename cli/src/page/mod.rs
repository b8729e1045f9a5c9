//! The page and what it needs: the list of the last requests, a resource to try requests on, the
//! sender of those requests, and the readers of `explain`.

mod explaining;
mod files;
pub(crate) mod journal;
pub(crate) mod local;
pub(crate) mod playground;
pub(crate) mod send;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::Response;

use self::files::Files;
use self::journal::Journal;
use self::playground::Playground;
use self::send::Sender;
use crate::reasons::Departures;
use crate::serve::app::{self, App, text};
use crate::serve::content::unread;
use crate::serve::store::Store;

pub(crate) use self::files::Shown;

/// Where the page is, beside something that has paths of its own.
pub(crate) const ASIDE: &str = "/_http-conditional";

/// The page with all that it works with, below a path of its own.
pub(crate) struct Page {
    /// What comes before the paths of the page; empty where it has the whole place.
    prefix: &'static str,
    files: Arc<App>,
    playground: Arc<App>,
    requests: Arc<App>,
    summary: Arc<App>,
    sender: Arc<Sender>,
}

impl Page {
    /// The page of a server that listens there and keeps this journal.
    pub(crate) fn new(address: SocketAddr, journal: &Arc<Journal>, shown: &Shown<'_>) -> Self {
        let prefix = shown.prefix;
        let app = |store: Arc<dyn Store>, writable, noted: bool| {
            Arc::new(App {
                store,
                writable,
                require_precondition: false,
                departures: Departures::default(),
                journal: noted.then(|| Arc::clone(journal)),
                max_body: 16 << 20,
                writing: Mutex::new(()),
            })
        };
        let path = format!("{prefix}{}", playground::PATH);
        Self {
            prefix,
            // If the page is only an extra, the terminal does not report its requests.
            files: app(Arc::new(Files::new(shown)), false, prefix.is_empty()),
            playground: app(Arc::new(Playground::new(&path)), true, true),
            // The page asks for them every second, and they would soon list nothing else.
            requests: app(Arc::clone(journal) as Arc<dyn Store>, false, false),
            summary: app(
                Arc::new(journal::Summary(Arc::clone(journal))),
                false,
                false,
            ),
            sender: Arc::new(Sender::new(address, Arc::clone(journal), path)),
        }
    }

    /// The path within the page, where the path is one of the page's.
    pub(crate) fn within<'a>(&self, path: &'a str) -> Option<&'a str> {
        let within = path.strip_prefix(self.prefix)?;
        let is_below = within.is_empty() || within.starts_with('/');
        let is_own = if self.prefix.is_empty() {
            files::is_file(within)
                || matches!(
                    within,
                    playground::PATH | "/requests" | "/summary" | "/send" | "/explain"
                )
        } else {
            is_below
        };
        is_own.then_some(within)
    }

    /// Answers a request for what is [`within`](Self::within) the page; `is_own` where it came
    /// under a name that is this machine's own.
    pub(crate) async fn handle(
        &self,
        within: &str,
        is_own: bool,
        peer: SocketAddr,
        request: Request,
    ) -> Response {
        match within {
            "/requests" | "/summary" | "/send" | "/explain" if !is_own => unread(text(
                StatusCode::FORBIDDEN,
                "This can only be opened under localhost or a name given with --allow-host.",
            )),
            playground::PATH => app::handle(&self.playground, peer, request).await,
            "/requests" => app::handle(&self.requests, peer, request).await,
            "/summary" => app::handle(&self.summary, peer, request).await,
            "/send" => send::handle(&self.sender, request).await,
            "/explain" => explaining::handle(request).await,
            "" => {
                let mut response = unread(text(
                    StatusCode::PERMANENT_REDIRECT,
                    "It is at another path: see Location.",
                ));
                if let Ok(location) = HeaderValue::from_str(&format!("{}/", self.prefix)) {
                    response.headers_mut().insert(LOCATION, location);
                }
                response
            }
            _ => app::handle(&self.files, peer, request).await,
        }
    }
}

/// Whether a path belongs to a page that has the whole server: its own requests are hidden in the
/// list unless the user asks for them.
pub(crate) fn is_own(path: &str) -> bool {
    files::is_file(path)
}
