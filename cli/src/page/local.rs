//! Whether a request comes by a name that is this machine's own (RFC 9110 section 7.2).

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// The names under which clients may write, and see the list of requests.
///
/// A hostile site may have just pointed any other name at this machine, so that the browser takes
/// the server for that site's own, and lets its pages ask for everything.
#[derive(Debug)]
pub(crate) struct Names {
    allowed: Vec<String>,
}

impl Names {
    pub(crate) fn new(allowed: &[String]) -> Self {
        Self {
            allowed: allowed.to_vec(),
        }
    }

    /// Whether a request was made under one of them, on a connection to this address.
    pub(crate) fn contain(&self, uri: &Uri, fields: &HeaderMap, local: IpAddr) -> bool {
        let mut lines = fields.get_all(HOST).iter();
        let (Some(host), None) = (lines.next(), lines.next()) else {
            return false;
        };
        let Ok(host) = Authority::try_from(host.as_bytes()) else {
            return false;
        };
        let targets = uri.authority().into_iter().chain([&host]);
        targets
            .into_iter()
            .all(|host| self.is_own(host.host(), local))
    }

    fn is_own(&self, host: &str, local: IpAddr) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return address.is_loopback()
                || address.to_canonical() == local.to_canonical()
                || self.is_allowed(bare);
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        let is_below = name.len() > 10 && name.is_char_boundary(name.len() - 10);
        name.eq_ignore_ascii_case("localhost")
            || (is_below && name[name.len() - 10..].eq_ignore_ascii_case(".localhost"))
            || self.is_allowed(name)
    }

    fn is_allowed(&self, name: &str) -> bool {
        let mut allowed = self.allowed.iter();
        allowed.any(|allowed| allowed.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn contains(host: &str, target: &str) -> bool {
        let names = Names::new(&[String::from("files.Example"), String::from("192.0.2.9")]);
        let mut fields = HeaderMap::new();
        fields.insert(HOST, HeaderValue::from_str(host).unwrap());
        let local = "192.0.2.1".parse().unwrap();
        names.contain(&target.parse().unwrap(), &fields, local)
    }

    #[test]
    fn own_names() {
        for host in [
            "localhost",
            "LocalHost:3000",
            "a.localhost",
            "localhost.",
            "127.0.0.1:80",
            "127.9.9.9",
            "[::1]",
            "[::1]:3000",
            "192.0.2.1",
            "192.0.2.1:3000",
            "[::ffff:192.0.2.1]",
            "files.example",
            "FILES.example:3000",
            "192.0.2.9",
        ] {
            assert!(contains(host, "/"), "{host}");
            assert!(contains(host, "http://localhost/"), "{host}");
            assert!(!contains(host, "http://evil.example/"), "{host}");
        }
    }

    #[test]
    fn other_names() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost",
            "192.0.2.2",
            "[2001:db8::1]",
            "a.files.example",
            "",
            "@",
            "\u{e9}",
            ".localhost.evil",
        ] {
            assert!(!contains(host, "/"), "{host}");
        }
    }
}
