//! RFC 9110 section 9.3.4, PUT: the validators of its response (sections 8.8 and 15.3).

use http_conditional::{Decision, EntityTag, HttpDate, Representation, evaluate};

fn representation(tag: &'static str, unix: i64) -> Representation<'static> {
    Representation::current()
        .etag(EntityTag::from_static(tag))
        .strong_last_modified(HttpDate::from_unix(unix).unwrap())
}

/// The validators that a response has, as field values.
fn validators(representation: Representation<'_>) -> (Option<String>, Option<i64>) {
    let tag = representation.entity_tag().map(|tag| tag.to_string());
    (tag, representation.modified().map(HttpDate::to_unix))
}

/// 9110-9.3.4-03: validators only where the content was stored as it was sent.
#[test]
fn validators_after_put() {
    let new = representation("\"new\"", 784_111_778);
    let both = (Some("\"new\"".to_owned()), Some(784_111_778));
    assert_eq!(validators(new.after_put(true)), both);
    assert_eq!(validators(new.after_put(false)), (None, None));
    let weak = Representation::current().etag(EntityTag::from_static("W/\"new\""));
    assert_eq!(
        validators(weak.after_put(true)).0.as_deref(),
        Some("W/\"new\"")
    );
    assert_eq!(validators(weak.after_put(false)), (None, None));
}

/// 9110-8.8-02, 9110-15.3.1-02, 9110-15.3.2-01, 9110-15.3.5-01: the validators are those of the
/// representation that the method left behind, not of the one that the conditions saw.
#[test]
fn validators_are_the_new_ones() {
    let old = representation("\"old\"", 784_111_777);
    let decision = evaluate("PUT", old, [("If-Match", "\"old\"")]);
    assert_eq!(decision, Decision::Perform);
    let new = representation("\"new\"", 784_111_778);
    let (tag, date) = validators(new.after_put(true));
    assert_eq!(tag.as_deref(), Some("\"new\""));
    assert_eq!(date, Some(784_111_778));
    // What the response says is what the next request is held against.
    let again = [("If-Match", tag.unwrap())];
    assert_eq!(evaluate("PUT", new, again.clone()), Decision::Perform);
    assert_eq!(evaluate("PUT", old, again), Decision::PreconditionFailed);
}

/// Without validators there is still a representation, and after a DELETE there is none.
#[test]
fn existence_stays() {
    let new = representation("\"new\"", 784_111_778);
    assert!(new.after_put(false).exists());
    for stored_as_sent in [true, false] {
        let deleted = Representation::ABSENT.after_put(stored_as_sent);
        assert!(!deleted.exists());
        assert_eq!(validators(deleted), (None, None));
    }
}
