//! Section 4.4: invalidating stored responses.

use http_conditional::Method;
use http_conditional::cache::{invalidates, invalidates_also};

/// 9111-4.4-01, 10008-07: what is not an error, in answer to a method that is not known to be safe.
#[test]
fn invalidation() {
    for method in [
        "PUT", "POST", "DELETE", "PATCH", "CONNECT", "FOO", "get", "query", "propfind",
    ] {
        for status in 100..=599 {
            let expected = (200..400).contains(&status);
            assert_eq!(
                invalidates(Method::from(method), status),
                expected,
                "{method} {status}"
            );
        }
        assert!(!invalidates(Method::from(method), 412));
    }
    // 10008-07: by the registry's list of safe methods.
    for method in [
        "GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "REPORT", "SEARCH", "PRI",
    ] {
        for status in [200, 204, 301, 304, 412] {
            assert!(
                !invalidates(Method::from(method), status),
                "{method} {status}"
            );
        }
    }
}

/// What else a response with this reference invalidates, where its target is this.
fn also<'a>(target: &str, reference: &'a str) -> Vec<&'a str> {
    let also = invalidates_also(target, [("Location", reference)]);
    also.map(|reference| std::str::from_utf8(reference).unwrap())
        .collect()
}

/// An absolute URI in pieces, each as it may be spelled.
#[derive(Clone, Copy)]
struct Uri {
    scheme: &'static str,
    userinfo: &'static str,
    host: &'static str,
    port: &'static str,
    rest: &'static str,
}

impl Uri {
    fn text(self) -> String {
        let Self {
            scheme,
            userinfo,
            host,
            port,
            rest,
        } = self;
        format!("{scheme}://{userinfo}{host}{port}{rest}")
    }

    /// What makes two of them the same origin: no spelling is left in it.
    fn origin(self) -> (String, String, Option<u32>) {
        let scheme = self.scheme.to_lowercase();
        let port = match (self.port.trim_start_matches(':'), &scheme[..]) {
            ("", "http") => Some(80),
            ("", "https") => Some(443),
            ("", _) => None,
            (port, _) => Some(port.parse().unwrap()),
        };
        (scheme, self.host.to_lowercase(), port)
    }
}

fn every_uri() -> Vec<Uri> {
    let mut all = Vec::new();
    for scheme in ["http", "HTTPS", "coap"] {
        for userinfo in ["", "a:80@", "example.com@"] {
            for host in [
                "example.com",
                "EXAMPLE.com",
                "example.org",
                "[::1]",
                "[::80]",
            ] {
                for port in ["", ":", ":80", ":443", ":8080"] {
                    for rest in ["", "?q=http://example.org", "#@example.org", "/a:1//b@c"] {
                        all.push(Uri {
                            scheme,
                            userinfo,
                            host,
                            port,
                            rest,
                        });
                    }
                }
            }
        }
    }
    all
}

/// 9111-4.4-02, 9111-4.4-03: the same scheme, host and port, however they are spelled, and no other.
#[test]
fn references_to_the_same_origin() {
    for target in every_uri() {
        // What else a target has is gone through below, where it is the reference.
        if target.rest != "/a:1//b@c" || target.userinfo != "a:80@" {
            continue;
        }
        let of = target.text();
        for other in every_uri() {
            let reference = other.text();
            let expected: &[&str] = if other.origin() == target.origin() {
                &[&reference]
            } else {
                &[]
            };
            assert_eq!(also(&of, &reference), expected, "{of} {reference}");
            // Without a scheme it has that of the target.
            let scheme = target.scheme;
            let without = &reference[other.scheme.len() + 1..];
            let expected: &[&str] = if (Uri { scheme, ..other }).origin() == target.origin() {
                &[without]
            } else {
                &[]
            };
            assert_eq!(also(&of, without), expected, "{of} {without}");
        }
    }
}

/// 9111-4.4-02: what has neither scheme nor authority is of the same origin.
#[test]
fn relative_references() {
    for reference in [
        "/", "/a", "a", "./a", "../a", "?q", "#f", "/a:b", "a/b:c", "a?b:c", "a#b:c", "/\"", "/%5C",
    ] {
        let (of, padded) = ("http://example.com/x", format!(" \t{reference} "));
        assert_eq!(also(of, reference), [reference]);
        assert_eq!(also(of, &padded), [reference]);
    }
}

/// 9111-4.4-03: what nobody can be sure of is left out.
#[test]
fn references_that_are_none() {
    let target = "http://example.com/a";
    for reference in [
        "",
        " ",
        "/a b",
        "/a\tb",
        "\\\\example.com\\a",
        "/\\example.org/a",
        "/\u{e9}",
        "/\u{7f}",
        "http:",
        "http:/a",
        "http:a",
        "http://",
        "http:///a",
        "http://:80/a",
        "http://@/a",
        "http://u@:80",
        "//",
        "///a",
        ":",
        ":80/a",
        "://example.com/a",
        "mailto:a@example.com",
        "a:b",
        "http://[example.com",
        "http://example.com:80:80/",
    ] {
        assert_eq!(also(target, reference), [""; 0], "{reference}");
    }
    // Of a target that names no origin nothing is known to have the same one.
    for target in [
        "",
        "/a",
        "example.com",
        "http:",
        "http://",
        "http://:80/",
        "//example.com/",
    ] {
        for reference in ["/a", "a", "", target] {
            assert_eq!(also(target, reference), [""; 0], "{target} {reference}");
        }
    }
}

/// 9111-4.4-02: of each line of the two fields, in either case, and of no other.
#[test]
fn each_line_of_both_fields() {
    let fields = [
        ("Content-Type", "a/b"),
        ("LOCATION", "/1"),
        ("Link", "/no"),
        ("content-location", "/2"),
        ("Location", "http://example.org/"),
        ("Content-Location", "/3"),
        ("X-Location", "/no"),
        ("Location", "/4"),
    ];
    let mut also = invalidates_also("http://example.com/", fields);
    let again = also.clone();
    assert_eq!(also.next(), Some(&b"/1"[..]));
    let expected: [&[u8]; 4] = [b"/1", b"/2", b"/3", b"/4"];
    assert!(also.eq(expected[1..].iter().copied()));
    assert!(again.eq(expected));
}
