//! Which resource is asked for: one of the store, or one of the page.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::connections::Ends;
use crate::page::Page;
use crate::page::local::Names;
use crate::serve::app::{self, App, text};
use crate::serve::content::unread;

pub(crate) struct Site {
    pub(crate) names: Names,
    /// The demo resources, or the files of a directory.
    pub(crate) resources: Arc<App>,
    pub(crate) page: Page,
}

impl Site {
    /// Answers one request.
    pub(crate) async fn answer(&self, ends: Ends, request: Request) -> Response {
        let is_own = |request: &Request| {
            let (uri, fields) = (request.uri(), request.headers());
            self.names.contain(uri, fields, ends.local.ip())
        };
        let writes = matches!(*request.method(), Method::PUT | Method::DELETE);
        if writes && !is_own(&request) {
            return unread(text(
                StatusCode::FORBIDDEN,
                "Writes are allowed only under localhost, this machine's address, or a name given with --allow-host.",
            ));
        }
        let peer = ends.peer;
        if let Some(within) = self.page.within(request.uri().path()) {
            let within = within.to_owned();
            let is_own = is_own(&request);
            // In a box, as it is rare and large: what waits for a response is moved several times.
            return Box::pin(self.page.handle(&within, is_own, peer, request)).await;
        }
        app::handle(&self.resources, peer, request).await
    }
}
