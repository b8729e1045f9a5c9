//! The page and what it needs: the list of the last requests, a resource to try requests on, the
//! sender of those requests, and the readers of `explain`.

mod explaining;
mod files;
pub(crate) mod journal;
pub(crate) mod local;
pub(crate) mod playground;
pub(crate) mod send;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::Response;

use self::files::Files;
use self::journal::Journal;
use self::local::Names;
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
    /// Where the server listens.
    address: SocketAddr,
    /// The names under which clients on other machines see what the server was asked, too.
    opened: Names,
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
            address,
            opened: Names::new(&[]),
        }
    }

    /// The same, and open under these names to clients on all machines.
    pub(crate) fn open_under(self, opened: Names) -> Self {
        Self { opened, ..self }
    }

    /// The path within the page, where the path is one of the page's.
    pub(crate) fn within<'a>(&self, path: &'a str) -> Option<&'a str> {
        let within = path.strip_prefix(self.prefix)?;
        let is_own = files::is_file(within)
            || is_private(within)
            || within == playground::PATH
            || (within.is_empty() && !self.prefix.is_empty());
        is_own.then_some(within)
    }

    /// Whether a request may see what the server was asked, and have it do something: `is_own` is
    /// not enough, as clients on other machines use this machine's address too.
    fn lets_in(&self, is_own: bool, peer: IpAddr, request: &Request) -> bool {
        let peer = peer.to_canonical();
        let is_here = peer.is_loopback() || peer == self.address.ip().to_canonical();
        (is_own && is_here) || self.opened.are_given(request.uri(), request.headers())
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
            _ if is_private(within) && !self.lets_in(is_own, peer.ip(), &request) => unread(text(
                StatusCode::FORBIDDEN,
                "This can only be opened on this machine under localhost, or under a name given with serve --allow-host.",
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

/// Whether a path of the page tells what the server was asked, or has it do something.
fn is_private(within: &str) -> bool {
    matches!(within, "/requests" | "/summary" | "/send" | "/explain")
}

/// Whether a path belongs to a page that has the whole server: its own requests are hidden in the
/// list unless the user asks for them.
pub(crate) fn is_own(path: &str) -> bool {
    files::is_file(path)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::HOST;

    use super::*;

    /// What a client at this address gets for a path of the page, under this name; `is_own` where
    /// that is the machine's own.
    async fn status(page: &Page, peer: &str, host: &str, is_own: bool, path: &str) -> u16 {
        let request = Request::builder().uri(path).header(HOST, host);
        let request = request.body(Body::empty()).unwrap();
        let within = page.within(path).unwrap().to_owned();
        let peer = SocketAddr::new(peer.parse().unwrap(), 4000);
        let response = page.handle(&within, is_own, peer, request).await;
        response.status().as_u16()
    }

    /// Nobody on another machine reads the list of requests, unless the user opens it to them.
    #[tokio::test]
    async fn the_list_is_for_this_machine() {
        let journal = Arc::new(Journal::new(false, None));
        let page = |listening: &str| {
            let shown = Shown {
                prefix: ASIDE,
                origin: "",
                kind: "directory",
                tags: &[],
            };
            let opened = Names::new(&[String::from("files.example")]);
            Page::new(listening.parse().unwrap(), &journal, &shown).open_under(opened)
        };
        let everywhere = page("0.0.0.0:3000");
        for (peer, host, is_own, is_let_in) in [
            ("127.0.0.1", "localhost", true, true),
            ("::1", "localhost", true, true),
            ("::ffff:127.0.0.1", "localhost", true, true),
            ("127.0.0.1", "evil.example", false, false),
            ("192.0.2.2", "192.0.2.1", true, false),
            ("::ffff:192.0.2.2", "localhost", true, false),
            ("192.0.2.2", "files.example:3000", true, true),
            ("192.0.2.2", "FILES.example.", true, true),
            ("192.0.2.2", "a.files.example", false, false),
        ] {
            for path in ["/requests", "/summary", "/send", "/explain"] {
                let path = format!("{ASIDE}{path}");
                let status = status(&everywhere, peer, host, is_own, &path).await;
                assert_eq!(status != 403, is_let_in, "{peer} {host} {path}");
            }
            let files = format!("{ASIDE}/");
            assert_eq!(status(&everywhere, peer, host, is_own, &files).await, 200);
        }
        // This machine has the address where it listens.
        let there = page("192.0.2.1:3000");
        let list = format!("{ASIDE}/requests");
        assert_eq!(
            status(&there, "192.0.2.1", "192.0.2.1", true, &list).await,
            200
        );
        assert_eq!(
            status(&there, "192.0.2.2", "192.0.2.1", true, &list).await,
            403
        );
    }
}
