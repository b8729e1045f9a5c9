//! Where the server is.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
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
}
