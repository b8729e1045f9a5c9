//! Section 4.4: invalidating stored responses.

use http_conditional::Method;
use http_conditional::cache::invalidates;

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
