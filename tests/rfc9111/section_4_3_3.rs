//! Section 4.3.3: handling a response to a validation request.

use http_conditional::cache::OnValidation;

/// 9111-4.3.3-01: a 304 freshens; 9111-4.3.3-02: a full response is used; 9111-4.3.3-04: 5xx is
/// forwarded, or a stale response served instead.
#[test]
fn what_the_status_means() {
    for status in 100..=999 {
        let expected = match status {
            304 => OnValidation::Freshen,
            500..=599 => OnValidation::ForwardOrServeStale,
            _ => OnValidation::Use,
        };
        assert_eq!(OnValidation::of(status), expected, "{status}");
    }
    for status in [200, 206, 404, 412] {
        assert_eq!(OnValidation::of(status), OnValidation::Use);
    }
    assert_eq!(OnValidation::of(503), OnValidation::ForwardOrServeStale);
}
