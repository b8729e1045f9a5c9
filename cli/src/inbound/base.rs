//! Where the server is, and under which name it is asked (RFC 9110 section 7.2).

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use axum::http::header::{HOST, HeaderMap, HeaderValue};
use axum::http::uri::{Authority, Parts, PathAndQuery, Scheme};

/// Where the server is: `http`, a host and a port.
#[derive(Clone, Debug)]
pub(crate) struct Base(Authority);

impl FromStr for Base {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        // A host and a port alone are a URL too, of the scheme that the host would be.
        let url = if url.contains("://") {
            url.to_owned()
        } else {
            format!("http://{url}")
        };
        let parts = url.parse::<Uri>().map_err(|error| error.to_string())?;
        let path = parts.path_and_query().map_or("/", PathAndQuery::as_str);
        match parts.authority() {
            Some(authority) if parts.scheme() == Some(&Scheme::HTTP) && path == "/" => {
                Ok(Self(authority.clone()))
            }
            _ => Err("expected http://HOST:PORT without a path".to_owned()),
        }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Base {
    /// Where to send a request with this target.
    pub(crate) fn uri(&self, target: PathAndQuery) -> Option<Uri> {
        let mut parts = Parts::default();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.0.clone());
        parts.path_and_query = Some(target);
        Uri::from_parts(parts).ok()
    }

    /// Sees to the Host of a request. It stays the one that the client sent: a server that can be
    /// opened under its own names only has to know the name (DNS rebinding).
    pub(crate) fn complete_host(&self, uri: &Uri, fields: &mut HeaderMap) {
        let authority = match uri.authority() {
            // RFC 9112 section 3.2.2: MUST take the place of the Host.
            Some(authority) => authority,
            None if fields.contains_key(HOST) => return,
            None => &self.0,
        };
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        if let Ok(host) = HeaderValue::from_str(host) {
            fields.insert(HOST, host);
        }
    }
}
