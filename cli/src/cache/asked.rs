//! What a client asks for.

use axum::http::header::{HOST, HeaderMap, IF_RANGE, RANGE};
use axum::http::uri::PathAndQuery;
use axum::http::{Method, Version};
use http_conditional::RangePolicy;

use super::store::Entry;
use crate::connections::Interim;

/// One part at a time is sent.
pub(crate) const ONE: RangePolicy = RangePolicy::new().max_ranges(1);

/// A request of a client.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) target: PathAndQuery,
    pub(crate) version: Version,
    /// Without those of the client's connection: these reach the origin server, so a response may
    /// be chosen by them.
    pub(crate) fields: HeaderMap,
    /// The way back for interim responses.
    pub(crate) interim: Option<Interim>,
}

impl Asked {
    /// What responses are stored by, beside the Host.
    pub(crate) fn path(&self) -> &str {
        self.target.as_str()
    }

    /// The target URI (RFC 9110 section 7.1).
    pub(crate) fn uri(&self) -> String {
        let host = self.fields.get(HOST).and_then(|host| host.to_str().ok());
        format!("http://{}{}", host.unwrap_or_default(), self.target)
    }

    pub(crate) fn method(&self) -> http_conditional::Method {
        http_conditional::Method::from(self.method.as_str())
    }

    /// The Range of a GET, where there is one line of it.
    pub(crate) fn range(&self) -> Option<&[u8]> {
        let mut lines = self.fields.get_all(RANGE).iter();
        let only = lines.next().filter(|_| lines.next().is_none())?;
        (self.method == Method::GET).then(|| only.as_bytes())
    }

    pub(crate) fn covered_by(&self, entry: &Entry) -> bool {
        // Where an If-Range is false all of it is asked for, and a part is not that.
        (entry.is_complete() || !self.fields.contains_key(IF_RANGE))
            && entry.response().covers_with(self.range(), ONE)
    }
}
