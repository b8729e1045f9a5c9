//! Which resource is asked for: one of the store, or one that the page of the demo needs.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::page::local::is_local;
use crate::page::playground;
use crate::page::send::{self, Sender};
use crate::serve::app::{self, App, text};
use crate::serve::content::unread;

pub(crate) struct Site {
    /// The demo resources, or the files of a directory.
    pub(crate) resources: Arc<App>,
    /// Where there are the demo resources.
    pub(crate) demo: Option<Demo>,
}

/// What the page of the demo works with.
pub(crate) struct Demo {
    pub(crate) playground: Arc<App>,
    /// The list of the last requests.
    pub(crate) requests: Arc<App>,
    pub(crate) sender: Arc<Sender>,
}

/// Answers one request.
pub(crate) async fn handle(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let Some(demo) = &site.demo else {
        return app::handle(&site.resources, peer, request).await;
    };
    match request.uri().path() {
        playground::PATH => app::handle(&demo.playground, peer, request).await,
        "/requests" | "/send" if !is_local(request.headers()) => unread(text(
            StatusCode::FORBIDDEN,
            "This is only to be had under an IP address or localhost.",
        )),
        "/requests" => app::handle(&demo.requests, peer, request).await,
        "/send" => send::handle(&demo.sender, request).await,
        _ => app::handle(&site.resources, peer, request).await,
    }
}
