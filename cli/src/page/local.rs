//! Whether a request comes by a name that is this machine's own (RFC 9110 section 7.2).

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// The names under which clients may write, and those of this machine see the list of requests.
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
        are_all(uri, fields, |host| {
            is_own(host, local) || self.is_allowed(host)
        })
    }

    /// Whether a request was made under one of those that were given.
    pub(crate) fn are_given(&self, uri: &Uri, fields: &HeaderMap) -> bool {
        are_all(uri, fields, |host| self.is_allowed(host))
    }

    fn is_allowed(&self, name: &str) -> bool {
        let mut allowed = self.allowed.iter();
        allowed.any(|allowed| allowed.eq_ignore_ascii_case(name))
    }
}

/// Whether what a request says about its host, once or twice, is all of that kind.
fn are_all(uri: &Uri, fields: &HeaderMap, is: impl Fn(&str) -> bool) -> bool {
    let mut lines = fields.get_all(HOST).iter();
    let (Some(host), None) = (lines.next(), lines.next()) else {
        return false;
    };
    let Ok(host) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let mut targets = uri.authority().into_iter().chain([&host]);
    targets.all(|target| {
        let host = target.host();
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        is(bare.unwrap_or_else(|| host.strip_suffix('.').unwrap_or(host)))
    })
}

/// Whether it is this machine's own, on a connection to this address.
fn is_own(name: &str, local: IpAddr) -> bool {
    if let Ok(address) = name.parse::<IpAddr>() {
        return address.is_loopback() || address.to_canonical() == local.to_canonical();
    }
    let is_below = name.len() > 10 && name.is_char_boundary(name.len() - 10);
    name.eq_ignore_ascii_case("localhost")
        || (is_below && name[name.len() - 10..].eq_ignore_ascii_case(".localhost"))
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
