//! Before a write.

use http_conditional::{
    AdmitPolicy, EntityTag, HttpDate, Policy, RefusalReason, Representation, admit,
};

const T: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn current() -> Representation<'static> {
    let modified = HttpDate::parse(T.as_bytes(), None).unwrap();
    Representation::current()
        .etag(EntityTag::from_static("\"v1\""))
        .last_modified(modified)
}

fn status(
    method: &str,
    request: &[(&str, &str)],
    current: Representation,
    policy: &AdmitPolicy,
) -> u16 {
    match admit(method, request, current, policy) {
        Ok(admitted) => admitted.status_of_put(),
        Err(refusal) => refusal.status(),
    }
}

/// RFC 6585 section 3.
#[test]
fn a_write_is_admitted_by_its_conditions() {
    let any = AdmitPolicy::new();
    let guarded = any.require_guard();
    let strong = any.require_strong_guard();
    for (name, value, without, with_date, with_tag) in [
        ("Host", "a", 204, 428, 428),
        ("If-Match", "\"v1\"", 204, 204, 204),
        ("If-Match", "*", 204, 204, 204),
        ("If-Match", "\"v2\"", 412, 412, 412),
        ("If-Match", "v1", 412, 412, 412),
        ("If-None-Match", "*", 412, 412, 412),
        ("If-None-Match", "\"v1\"", 412, 412, 412),
        ("If-None-Match", "\"v2\"", 204, 428, 428),
        ("If-Unmodified-Since", T, 204, 204, 428),
        ("If-Unmodified-Since", "yesterday", 204, 428, 428),
        ("If-Modified-Since", T, 204, 428, 428),
    ] {
        let request = [(name, value)];
        for method in ["PUT", "DELETE", "PATCH", "POST", "get"] {
            assert_eq!(
                status(method, &request, current(), &any),
                without,
                "{name}: {value}"
            );
            assert_eq!(
                status(method, &request, current(), &guarded),
                with_date,
                "{name}: {value}"
            );
            assert_eq!(
                status(method, &request, current(), &strong),
                with_tag,
                "{name}: {value}"
            );
        }
    }
}

/// 9110-13.1.1-02: an If-Match compares strongly unless a server has asked for the departure, and the
/// default policy asks for nothing.
#[test]
fn the_conditions_have_their_policy() {
    let weak = Representation::current().etag(EntityTag::from_static("W/\"v1\""));
    let request = [("If-Match", "W/\"v1\"")];
    let departing = AdmitPolicy::new().conditions(Policy::new().weak_if_match());
    for (policy, expected) in [
        (AdmitPolicy::default(), 412),
        (AdmitPolicy::new(), 412),
        (departing, 204),
        (departing.require_guard(), 204),
    ] {
        assert_eq!(status("PUT", &request, weak, &policy), expected);
    }
    let unguarded = [("Host", "a")];
    assert_eq!(
        status("PUT", &unguarded, weak, &AdmitPolicy::default()),
        204
    );
    // A guard that was asked for stays asked for.
    let guarded = AdmitPolicy::new().require_guard().conditions(Policy::new());
    assert_eq!(status("PUT", &unguarded, weak, &guarded), 428);
}

#[test]
fn what_is_not_there_is_created() {
    let strong = AdmitPolicy::new().require_strong_guard();
    for (name, value, expected) in [
        ("Host", "a", 201),
        ("If-None-Match", "*", 201),
        ("If-Match", "*", 412),
        ("If-Match", "\"v1\"", 412),
    ] {
        let request = [(name, value)];
        assert_eq!(
            status("PUT", &request, Representation::ABSENT, &strong),
            expected
        );
    }
    let created = admit("PUT", [("host", "a")], Representation::ABSENT, &strong).unwrap();
    let replaced = admit("PUT", [("if-match", "*")], current(), &strong).unwrap();
    assert!(created.creates() && !replaced.creates());
}

/// e5: a PUT with the tag of the gzip variant, or of another serialisation.
#[test]
fn brothers_are_there_too() {
    let brothers = [EntityTag::from_static("\"v1-gzip\"")];
    let (policy, request) = (AdmitPolicy::new(), [("If-Match", "\"v1-gzip\"")]);
    assert_eq!(status("PUT", &request, current(), &policy), 412);
    assert_eq!(
        status("PUT", &request, current().also(&brothers), &policy),
        204
    );
    let others_only = Representation::ABSENT.also(&brothers);
    assert_eq!(status("PUT", &request, others_only, &policy), 204);
    assert_eq!(
        status(
            "PUT",
            &[("Host", "a")],
            others_only,
            &policy.require_guard()
        ),
        428
    );
}

/// The response that they will get is judged, by `Reply`.
#[test]
fn a_retrieval_is_let_through() {
    let policy = AdmitPolicy::new().require_guard();
    for method in ["GET", "HEAD", "QUERY"] {
        for request in [
            ("If-None-Match", "*"),
            ("If-Match", "\"v2\""),
            ("Host", "a"),
        ] {
            assert_eq!(status(method, &[request], current(), &policy), 204);
        }
    }
    // It writes nothing, so no guard is asked for; but it has conditions.
    assert_eq!(
        status("PROPFIND", &[("Host", "a")], current(), &policy),
        204
    );
    assert_eq!(
        status("PROPFIND", &[("If-Match", "\"v2\"")], current(), &policy),
        412
    );
    assert_eq!(
        status("OPTIONS", &[("If-Match", "\"v2\"")], current(), &policy),
        204
    );
}

#[test]
fn a_refusal_says_what_is_there() {
    let policy = AdmitPolicy::new().require_guard();
    let refused = |request| admit("PUT", [request], current(), &policy).unwrap_err();
    for (request, reason) in [
        (("If-Match", "\"v2\""), RefusalReason::PreconditionFailed),
        (("Host", "a"), RefusalReason::PreconditionRequired),
    ] {
        let refusal = refused(request);
        assert_eq!(refusal.reason(), reason);
        let fields = refusal
            .fields()
            .map(|(name, value)| format!("{name}: {value}"));
        let fields: Vec<_> = fields.collect();
        assert_eq!(
            fields,
            ["etag: \"v1\"".to_owned(), format!("last-modified: {T}")]
        );
        assert!(refusal.to_string().starts_with("Nothing was changed"));
    }
    let gone = admit("PUT", [("If-Match", "*")], Representation::ABSENT, &policy).unwrap_err();
    assert_eq!(gone.fields().count(), 0);
}

#[cfg(feature = "http")]
#[test]
fn a_refusal_is_a_response() {
    let refusal = admit("PUT", [("If-Match", "x")], current(), &AdmitPolicy::new()).unwrap_err();
    let response = http::Response::<String>::from(refusal);
    assert_eq!(response.status(), 412);
    assert_eq!(response.headers()["etag"], "\"v1\"");
    assert_eq!(response.headers()["last-modified"], T);
    assert_eq!(response.headers().len(), 2);

    // RFC 6585 section 3.
    let policy = AdmitPolicy::new().require_guard();
    let refusal = admit("PUT", [("Host", "a")], current(), &policy).unwrap_err();
    let response = http::Response::<String>::from(refusal);
    assert_eq!(response.status(), 428);
    assert_eq!(response.headers()["etag"], "\"v1\"");
}
