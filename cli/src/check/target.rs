//! The URL that is checked (RFC 9110 section 4.2): scheme, host, port, path.

use std::fmt;

use crate::cache::references::resolve;

/// How it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

/// An http or https URL without a fragment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// A name or an address; an IPv6 address is in brackets.
    pub host: String,
    /// The port, given or by default.
    pub port: u16,
    /// The path and the query, at least `/`.
    pub path: String,
}

impl Target {
    /// Reads a URL; `example.com/x` is taken for http.
    ///
    /// # Errors
    ///
    /// A sentence on what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, String> {
        // Behind the authority, `://` is part of a path or a query.
        let has_scheme = |(name, _): &(&str, &str)| !name.contains(['/', '?', '#']);
        let (scheme, rest) = match url.split_once("://").filter(has_scheme) {
            Some((name, rest)) if name.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            Some((name, rest)) if name.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((name, _)) => return Err(format!("`{name}` is neither http nor https")),
            None => (Scheme::Http, url),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err("a URL with a user name is not sent; use --header".to_owned());
        }
        let default = match scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        };
        let bracket = authority.rfind(']').map_or(0, |at| at + 1);
        let (host, port) = match authority[bracket..].find(':') {
            None => (authority, default),
            Some(colon) => {
                let (host, port) = authority.split_at(bracket + colon);
                let number = port[1..].parse();
                (
                    host,
                    number.map_err(|_| format!("`{}` is not a port", &port[1..]))?,
                )
            }
        };
        let fits = |byte: u8| byte.is_ascii_graphic();
        if host.is_empty() || !host.bytes().all(fits) {
            return Err("the URL names no host".to_owned());
        }
        if !path.bytes().all(fits) {
            return Err(
                "write spaces and other characters of the path as %20 and so on".to_owned(),
            );
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self {
            scheme,
            host: host.to_ascii_lowercase(),
            port,
            path: format!("{slash}{path}"),
        })
    }

    /// Where a Location of an answer leads.
    ///
    /// # Errors
    ///
    /// As [`Target::parse`].
    pub fn join(&self, location: &str) -> Result<Self, String> {
        let location = location.split('#').next().unwrap_or_default();
        if location.is_empty() {
            return Ok(self.clone());
        }
        let beginning = location.split(['/', '?']).next().unwrap_or_default();
        let place = if beginning.contains(':') {
            Self::parse(location)?
        } else if location.starts_with("//") {
            Self::parse(&format!("{}:{location}", self.scheme()))?
        } else {
            self.clone()
        };
        let base = self.path.split('?').next().unwrap_or_default();
        match resolve(base, location.as_bytes()) {
            Some(path) if path.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self { path, ..place })
            }
            _ => Err("the Location is no URL".to_owned()),
        }
    }

    /// As a URL has it.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    /// Whether another one is on the same host and port.
    #[must_use]
    pub fn same_host(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }

    /// The name or the address of the host, as it is looked up.
    #[must_use]
    pub fn name(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    /// The value of Host.
    #[must_use]
    pub fn authority(&self) -> String {
        match (self.scheme, self.port) {
            (Scheme::Http, 80) | (Scheme::Https, 443) => self.host.clone(),
            _ => format!("{}:{}", self.host, self.port),
        }
    }

    /// A path beside this one that is hardly there.
    #[must_use]
    pub fn missing(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
        format!("{folder}http-conditional-check-9f3a27")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, authority) = (self.scheme(), self.authority());
        write!(formatter, "{scheme}://{authority}{}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_written() {
        for (url, written) in [
            ("http://example.com", "http://example.com/"),
            ("HTTPS://Example.com:443/a?b#c", "https://example.com/a?b"),
            ("localhost:3000/x", "http://localhost:3000/x"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
            ("http://[::1]/y", "http://[::1]/y"),
            ("http://a?q", "http://a/?q"),
            ("a/login?next=http://b/", "http://a/login?next=http://b/"),
        ] {
            assert_eq!(Target::parse(url).unwrap().to_string(), written);
        }
        for url in [
            "ftp://a/",
            "http:///a",
            "http://a:x/",
            "http://u@a/",
            "http://a/b c",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_location_is_relative_to_the_url() {
        let target = Target::parse("http://a/b/c?d").unwrap();
        for (location, url) in [
            ("/x", "http://a/x"),
            ("x", "http://a/b/x"),
            ("?x=1", "http://a/b/c?x=1"),
            ("../d", "http://a/d"),
            ("./d/../e?f=../g", "http://a/b/e?f=../g"),
            ("", "http://a/b/c?d"),
            ("#e", "http://a/b/c?d"),
            ("/login?next=http://a/", "http://a/login?next=http://a/"),
            ("?next=//e/x", "http://a/b/c?next=//e/x"),
            ("https://e:1/x/../y?z", "https://e:1/y?z"),
            ("//e", "http://e/"),
            ("//e/x", "http://e/x"),
            ("https://a/x#y", "https://a/x"),
        ] {
            assert_eq!(target.join(location).unwrap().to_string(), url);
        }
        for location in ["ftp://e/x", "mailto:a@e", "/b c", "/\u{e9}"] {
            assert!(target.join(location).is_err(), "{location}");
        }
        assert_eq!(target.missing(), "/b/http-conditional-check-9f3a27");
    }
}
