//! Section 3.1: storing header and trailer fields.

use super::*;

/// 9111-3.1-01: every field is stored, known or not.
#[test]
fn what_is_not_known_is_stored() {
    let rules = StorableFields::new(["close"]);
    for name in [
        "X-Unknown",
        "x",
        "Content-Length",
        "Content-Range",
        "Content-Type",
        "Set-Cookie",
        "Cache-Control",
        "Age",
        "Warning",
        "Trailer",
    ] {
        assert!(rules.stores(name.as_bytes()), "{name}");
    }
}

/// 9111-3.1-02: Connection and what it names are not, whatever the case and the lines.
#[test]
fn fields_of_the_connection_are_not_stored() {
    let rules = StorableFields::new(["close, X-One ,,\tx-two", "X-Three"]);
    for name in ["Connection", "x-one", "X-TWO", "x-three", "close"] {
        assert!(!rules.stores(name.as_bytes()), "{name}");
        assert!(!rules.updates(name.as_bytes()), "{name}");
    }
    for name in ["x-one ", "X-On", "X-One, X-Two", "X-Four"] {
        assert!(rules.stores(name.as_bytes()), "{name}");
    }
    let none = StorableFields::new([] as [&str; 0]);
    assert!(none.stores(b"X-One") && !none.stores(b"Connection"));
    for name in [
        "Keep-Alive",
        "Proxy-Connection",
        "te",
        "Transfer-Encoding",
        "UPGRADE",
    ] {
        assert!(!none.stores(name.as_bytes()), "{name}");
    }
}

/// 9111-3.1-04: nor are those of the proxy that is in use.
#[test]
fn fields_of_the_proxy_are_not_stored() {
    let rules = StorableFields::new([] as [&str; 0]);
    for name in [
        "Proxy-Authenticate",
        "proxy-authentication-info",
        "PROXY-AUTHORIZATION",
    ] {
        assert!(!rules.stores(name.as_bytes()), "{name}");
    }
    for name in ["WWW-Authenticate", "Proxy-Status", "Proxy-Authenticate-X"] {
        assert!(rules.stores(name.as_bytes()), "{name}");
    }
}
