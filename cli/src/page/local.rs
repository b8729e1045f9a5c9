//! Whether a request comes by a name that is this machine's own.

use std::net::IpAddr;

use axum::http::header::{HOST, HeaderMap};
use axum::http::uri::Authority;

/// Whether a request was made to an IP address or to `localhost`. Any other name may be one that
/// a foreign site has just pointed at this machine, so that the browser takes the server for that
/// site's own and lets its pages read the answers.
pub(crate) fn is_local(fields: &HeaderMap) -> bool {
    let mut lines = fields.get_all(HOST).iter();
    let (Some(host), None) = (lines.next(), lines.next()) else {
        return false;
    };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse::<IpAddr>().is_ok() || host.eq_ignore_ascii_case("localhost")
}
