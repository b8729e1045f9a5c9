//! Which host a request is for (RFC 9112 section 3.2).

use std::net::Ipv6Addr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Version};

/// Whether a request says it as it has to: once, and as a host. One of HTTP/1.0 may leave it out.
pub(super) fn is_said(version: Version, fields: &HeaderMap) -> bool {
    let mut lines = fields.get_all(HOST).iter();
    match (lines.next(), lines.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(is_host),
        (Some(_), Some(_)) => false,
    }
}

/// RFC 9110 section 7.2 and RFC 3986 section 3.2.2:
///
/// ```abnf
/// Host       = uri-host [ ":" port ]
/// uri-host   = IP-literal / IPv4address / reg-name
/// IP-literal = "[" ( IPv6address / IPvFuture ) "]"
/// IPvFuture  = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
/// reg-name   = *( unreserved / pct-encoded / sub-delims )
/// ```
fn is_host(value: &str) -> bool {
    let (is_right, after) = if let Some(bracketed) = value.strip_prefix('[') {
        let Some((literal, after)) = bracketed.split_once(']') else {
            return false;
        };
        let is_right = literal.parse::<Ipv6Addr>().is_ok() || is_future(literal);
        (is_right, after)
    } else {
        let (name, after) = value.split_at(value.find(':').unwrap_or(value.len()));
        (is_name(name), after)
    };
    let port = after.strip_prefix(':');
    let is_end = after.is_empty() || port.is_some_and(|port| all(port, |c| c.is_ascii_digit()));
    is_right && is_end
}

fn is_future(literal: &str) -> bool {
    let Some((version, address)) = literal.split_once('.') else {
        return false;
    };
    let version = version.strip_prefix(['v', 'V']).unwrap_or_default();
    !version.is_empty()
        && all(version, |c| c.is_ascii_hexdigit())
        && !address.is_empty()
        && all(address, |c| is_plain(c) || c == ':')
}

fn is_name(name: &str) -> bool {
    let mut pieces = name.split('%');
    all(pieces.next().unwrap_or_default(), is_plain)
        && pieces.all(|encoded| {
            let digits = encoded.get(..2).unwrap_or_default();
            digits.len() == 2
                && all(digits, |c| c.is_ascii_hexdigit())
                && all(&encoded[2..], is_plain)
        })
}

/// `unreserved / sub-delims`
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=".contains(c)
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    text.chars().all(is)
}
