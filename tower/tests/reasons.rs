//! What layer and extractor leave to be asked later: the decision and the reasons in the extensions
//! of the response, and the event.

use std::convert::Infallible;
use std::fmt::Debug;
use std::future::ready;
use std::sync::{Arc, Mutex};

use axum::response::IntoResponse;
use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use http_conditional::{Decision, EntityTag, HttpDate, Policy, Representation};
use proptest::prelude::*;
use tower::{Layer, ServiceExt, service_fn};
use tower_http_conditional::{
    ConditionalBody, ConditionalLayer, Conditions, Passed, Reasons, Refused,
};
use tracing::field::{Field, Visit};
use tracing::subscriber::with_default;
use tracing::{Event, Level, Metadata, Subscriber, span};

type Fields<'a> = &'a [(&'static str, &'static str)];

const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The response of the layer in front of what answers with this status and a tag.
fn ask(
    layer: ConditionalLayer,
    fields: Fields,
    status: u16,
) -> Response<ConditionalBody<Full<Bytes>>> {
    let inner = service_fn(move |_| {
        let response = Response::builder().status(status).header("etag", "\"v1\"");
        ready(Ok::<_, Infallible>(
            response.body(Full::from("0123456789")).unwrap(),
        ))
    });
    let mut request = Request::new(());
    *request.headers_mut() = map(fields);
    let response = layer.layer(inner).oneshot(request).now_or_never();
    response.expect("it is ready").unwrap()
}

/// What the extractor says of a PUT with these fields, to what has the tag `"v1"`.
fn put(fields: Fields, change: fn(Conditions) -> Conditions) -> Result<Passed, Refused> {
    let conditions = change(Conditions::new(&Method::PUT, &map(fields)));
    conditions.evaluate(Representation::current(), || {
        Some(EntityTag::from_static("\"v1\""))
    })
}

fn map(fields: Fields) -> HeaderMap {
    let lines = fields
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    lines.collect()
}

fn decision<B>(response: &Response<B>) -> Option<Decision> {
    response.extensions().get().copied()
}

/// The first line of the reasons.
fn reason<B>(response: &Response<B>) -> Option<String> {
    let reasons: &Reasons = response.extensions().get()?;
    assert_eq!(Some(reasons.decision()), decision(response));
    reasons.to_string().lines().next().map(str::to_owned)
}

#[test]
fn the_layer_leaves_its_decision() {
    let layer = ConditionalLayer::new();
    for (fields, status, expected) in [
        (&[][..], 200, None),
        (&[("accept", "*/*")], 200, None),
        (
            &[("if-none-match", "\"v1\"")],
            304,
            Some(Decision::NotModified),
        ),
        (&[("if-none-match", "\"v2\"")], 200, Some(Decision::Perform)),
        (
            &[("if-match", "\"v2\"")],
            412,
            Some(Decision::PreconditionFailed),
        ),
        (&[("range", "bytes=0-1")], 206, Some(Decision::Perform)),
        (
            &[("range", "bytes=0-1"), ("if-range", "\"v2\"")],
            200,
            Some(Decision::PerformIgnoringRange),
        ),
    ] {
        let response = ask(layer, fields, 200);
        assert_eq!(response.status(), status, "{fields:?}");
        assert_eq!(decision(&response), expected, "{fields:?}");
        assert_eq!(reason(&response), None, "only where it was asked for");
    }
    // Section 13.2.1: nothing was decided.
    let response = ask(layer, &[("if-match", "\"v2\"")], 404);
    assert_eq!(
        (response.status().as_u16(), decision(&response)),
        (404, None)
    );
}

#[test]
fn the_layer_explains_by_choice() {
    let layer = ConditionalLayer::new().explaining();
    for (fields, begin) in [
        (&[("if-none-match", "\"v1\"")][..], "304 Not Modified"),
        (
            &[("if-none-match", "v1")],
            "200 OK, not 304: If-None-Match is malformed",
        ),
        (&[("if-match", "\"v2\"")], "412 Precondition Failed"),
    ] {
        let reason = reason(&ask(layer, fields, 200)).unwrap();
        assert!(reason.starts_with(begin), "{reason}");
    }
    let response = ask(layer, &[], 200);
    let reasons: &Reasons = response.extensions().get().unwrap();
    assert_eq!(reasons.decision(), Decision::Perform);
}

#[test]
fn what_the_extractor_passes_leaves_its_decision() {
    let fields = [("if-match", "\"v1\"")];
    let passed = put(&fields, |conditions| conditions).unwrap();
    let response = (StatusCode::NO_CONTENT, passed, "").into_response();
    assert_eq!(response.status(), 204);
    assert_eq!(decision(&response), Some(Decision::Perform));
    assert_eq!(reason(&response), None);

    let passed = put(&fields, Conditions::explaining).unwrap();
    let response = (passed, "").into_response();
    assert!(reason(&response).is_some());
}

#[test]
fn what_the_extractor_refuses_leaves_its_decision() {
    let refused = put(&[("if-match", "\"v2\"")], |conditions| conditions).unwrap_err();
    let response = refused.into_response();
    assert_eq!(response.status(), 412);
    assert_eq!(decision(&response), Some(Decision::PreconditionFailed));
    assert_eq!(reason(&response), None);

    let refused = put(&[("if-match", "\"v2\"")], Conditions::explaining).unwrap_err();
    let first = reason(&refused.into_response()).unwrap();
    assert!(first.starts_with("412 Precondition Failed"), "{first}");

    // RFC 6585 section 3: no condition says so.
    let refused = put(&[], Conditions::require_guard).unwrap_err();
    let response = refused.into_response();
    assert_eq!(response.status(), 428);
    assert_eq!(decision(&response), Some(Decision::Perform));
}

/// Keeps the events up to a level.
struct Kept {
    up_to: Level,
    events: Arc<Mutex<Vec<Seen>>>,
}

#[derive(Debug, Default, PartialEq)]
struct Seen {
    status: u64,
    decision: String,
    /// Only their first line.
    reasons: String,
}

impl Visit for Seen {
    fn record_u64(&mut self, field: &Field, value: u64) {
        assert_eq!(field.name(), "status");
        self.status = value;
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        match field.name() {
            "decision" => self.decision = text,
            "reasons" => self.reasons = text.lines().take(1).collect(),
            name => assert_eq!((name, text.as_str()), ("message", "judged")),
        }
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.up_to
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        assert_eq!(metadata.target(), "tower_http_conditional");
        assert_eq!(*metadata.level(), Level::DEBUG);
        let mut seen = Seen::default();
        event.record(&mut seen);
        self.events.lock().unwrap().push(seen);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The events of this, up to the level.
fn events<R>(up_to: Level, of: impl FnOnce() -> R) -> Vec<Seen> {
    let events = Arc::default();
    let kept = Kept {
        up_to,
        events: Arc::clone(&events),
    };
    with_default(kept, of);
    std::mem::take(&mut *events.lock().unwrap())
}

fn only(events: Vec<Seen>) -> (u64, String, String) {
    let [
        Seen {
            status,
            decision,
            reasons,
        },
    ] = <[Seen; 1]>::try_from(events).expect("one event");
    (status, decision, reasons)
}

#[test]
fn an_event_for_each_decision_of_the_layer() {
    let layer = ConditionalLayer::new();
    for (fields, inner, status, decision, begin) in [
        (
            ("if-none-match", "\"v1\""),
            200,
            304,
            "NotModified",
            "304 Not Modified",
        ),
        (
            ("if-none-match", "v1"),
            200,
            200,
            "Perform",
            "200 OK, not 304: If-None-Match is malformed",
        ),
        (
            ("if-match", "\"v2\""),
            200,
            412,
            "PreconditionFailed",
            "412 Precondition Failed",
        ),
        (("range", "bytes=0-1"), 200, 206, "Perform", ""),
        // What no condition is evaluated for.
        (("if-match", "\"v2\""), 404, 404, "Perform", ""),
    ] {
        let seen = only(events(Level::DEBUG, || ask(layer, &[fields], inner)));
        assert_eq!((seen.0, seen.1.as_str()), (status, decision), "{fields:?}");
        assert!(seen.2.starts_with(begin), "{}", seen.2);
    }
}

#[test]
fn no_event_without_a_condition_or_a_listener() {
    let fields = [("if-none-match", "\"v1\"")];
    for layer in [
        ConditionalLayer::new(),
        ConditionalLayer::new().explaining(),
    ] {
        assert_eq!(events(Level::DEBUG, || ask(layer, &[], 200)), []);
        assert_eq!(events(Level::INFO, || ask(layer, &fields, 200)), []);
    }
    // Who listens does not put the reasons into the response.
    let mut response = None;
    let seen = events(Level::TRACE, || {
        response = Some(ask(ConditionalLayer::new(), &fields, 200));
    });
    assert_eq!((seen.len(), reason(&response.unwrap())), (1, None));
}

#[test]
fn an_event_for_each_decision_of_the_extractor() {
    let put = |fields, change| only(events(Level::DEBUG, || put(fields, change)));
    let seen = put(&[("if-match", "\"v2\"")], |conditions| conditions);
    assert_eq!((seen.0, seen.1.as_str()), (412, "PreconditionFailed"));
    assert!(seen.2.starts_with("412 Precondition Failed"), "{}", seen.2);
    let seen = put(&[], Conditions::require_guard);
    assert_eq!((seen.0, seen.1.as_str()), (428, "Perform"));
    let seen = put(&[("if-match", "\"v1\"")], |conditions| conditions);
    assert_eq!(seen.1, "Perform");
}

const SOON: &str = "Fri, 01 Jan 2100 00:00:00 GMT";
const LATE: &str = "Fri, 31 Dec 9999 23:59:59 GMT";

/// The decision of the extractor, and its reasons.
fn extracted(method: &Method, fields: Fields, current: Representation<'_>) -> (Decision, Reasons) {
    let conditions = Conditions::new(method, &map(fields)).explaining();
    let response = match conditions.evaluate(current, || None) {
        Ok(passed) => (passed, "").into_response(),
        Err(refused) => refused.into_response(),
    };
    let reasons: &Reasons = response.extensions().get().unwrap();
    (decision(&response).unwrap(), reasons.clone())
}

/// Whatever counts for the decision of the extractor counts for its reasons.
#[test]
fn the_reasons_know_all_of_the_state() {
    let date = HttpDate::parse(OLD.as_bytes(), None).unwrap();
    let brothers = ["\"v1-gzip\"", "\"v1-br\""].map(EntityTag::from_static);
    let current = Representation::current();
    let range = ("range", "bytes=0-1");
    for (method, fields, current, decision, first) in [
        (
            Method::PUT,
            &[("if-match", "\"v1-br\"")][..],
            current
                .etag(EntityTag::from_static("\"v1\""))
                .also(&brothers),
            Decision::Perform,
            "perform the method: no condition prevents it",
        ),
        (
            Method::PUT,
            &[("if-none-match", "\"v1-br\"")],
            current.also(&brothers),
            Decision::PreconditionFailed,
            "412 Precondition Failed: If-None-Match names the current tag",
        ),
        (
            Method::GET,
            &[range, ("if-range", OLD)],
            current.strong_last_modified(date),
            Decision::Perform,
            "206 Partial Content, if the Range can be satisfied",
        ),
        (
            Method::GET,
            &[range, ("if-range", OLD)],
            current.last_modified(date),
            Decision::PerformIgnoringRange,
            "200 OK with the whole content: the date in If-Range is not a strong validator",
        ),
        // It is not there: 404.
        (
            Method::GET,
            &[("if-match", "*")],
            Representation::ABSENT,
            Decision::Perform,
            "the answer as without conditions",
        ),
        (
            Method::PUT,
            &[("if-match", "*")],
            Representation::ABSENT,
            Decision::PreconditionFailed,
            "412 Precondition Failed: there is no current representation for If-Match to name",
        ),
    ] {
        let (decided, reasons) = extracted(&method, fields, current);
        assert_eq!(
            (decided, reasons.decision()),
            (decision, decision),
            "{fields:?}"
        );
        let text = reasons.to_string();
        assert!(text.starts_with(first), "{text}");
    }
}

/// What the layer answers, with its reasons, where the response without conditions is this one.
fn layered<C: Body<Data = Bytes> + 'static>(
    layer: ConditionalLayer,
    fields: Fields,
    without: impl Fn() -> Response<C>,
) -> Response<ConditionalBody<C>> {
    let inner = service_fn(move |_| ready(Ok::<_, Infallible>(without())));
    let mut request = Request::new(());
    *request.headers_mut() = map(fields);
    let response = layer.explaining().layer(inner).oneshot(request);
    response.now_or_never().expect("it is ready").unwrap()
}

/// Section 8.8.2.1: a Last-Modified in the future is now, for the reasons too.
#[test]
fn the_reasons_know_the_date_that_was_judged() {
    let layer = ConditionalLayer::new();
    for (layer, field, status) in [
        (layer, "if-modified-since", 304),
        (layer, "if-unmodified-since", 200),
        (layer.clock(None), "if-modified-since", 200),
        (layer.clock(None), "if-unmodified-since", 412),
        // The clock of a policy, where the layer has none.
        (
            layer
                .clock(None)
                .conditions(Policy::new().now(HttpDate::now())),
            "if-modified-since",
            304,
        ),
    ] {
        for etag in [None, Some("\"v1\"")] {
            let response = layered(layer, &[(field, SOON)], || {
                let mut response = Response::builder().header("last-modified", LATE);
                if let Some(etag) = etag {
                    response = response.header("etag", etag);
                }
                response.body(Full::from("0123456789")).unwrap()
            });
            assert_eq!(response.status(), status, "{field}");
            let first = reason(&response).unwrap();
            assert!(first.starts_with(&status.to_string()), "{first}");
        }
    }
}

/// A response that is whole although the Range counts.
#[test]
fn the_reasons_know_why_no_part_is_sent() {
    let layer = ConditionalLayer::new();
    let asking = |range| [("range", range), ("if-range", "\"v1\"")];
    let full = |fields: Fields| {
        let mut response = Response::builder().header("etag", "\"v1\"");
        for (name, value) in fields {
            response = response.header(*name, *value);
        }
        response.body(Full::<Bytes>::from("0123456789")).unwrap()
    };
    let whole = "200 OK with the whole content, because ";
    let otherwise = ". Otherwise: 206 Partial Content, if the Range can be satisfied";
    for (fields, range, because) in [
        (
            &[("accept-ranges", " None ")][..],
            "bytes=0-1",
            "the response says Accept-Ranges: none",
        ),
        (
            &[("content-length", "11")],
            "bytes=0-1",
            "the length of the content is not known",
        ),
        (
            &[],
            "bytes=1-0",
            "the Range is not one that is answered with parts",
        ),
        (
            &[],
            "pages=1",
            "the Range is not one that is answered with parts",
        ),
        (
            &[],
            "bytes=5-6, 0-1",
            "the Range is not one that is answered with parts",
        ),
    ] {
        let mut response = None;
        let seen = only(events(Level::DEBUG, || {
            response = Some(layered(layer, &asking(range), || full(fields)));
        }));
        assert_eq!((seen.0, seen.1.as_str()), (200, "Perform"));
        assert!(seen.2.starts_with(whole), "{}", seen.2);
        let response = response.unwrap();
        assert_eq!(response.status(), 200, "{range}");
        let text = response.extensions().get::<Reasons>().unwrap().to_string();
        assert!(
            text.starts_with(&[whole, because, otherwise].concat()),
            "{text}"
        );
        assert!(
            text.ends_with("Range: applies, but not to this response"),
            "{text}"
        );
    }
    for (range, status) in [
        ("bytes=0-1", 206),
        ("bytes=0-1, 5-6", 206),
        ("bytes=10-", 416),
    ] {
        let response = layered(layer, &asking(range), || full(&[]));
        assert_eq!(response.status(), status);
        let text = response.extensions().get::<Reasons>().unwrap().to_string();
        assert!(
            text.starts_with("206 Partial Content, if the Range can be satisfied"),
            "{text}"
        );
        assert!(text.ends_with("Range: applies"), "{text}");
    }
}

/// A 206 of the inner service is left alone, whatever the conditions.
#[test]
fn the_reasons_know_a_206_of_the_inner_service() {
    for layer in [
        ConditionalLayer::new(),
        ConditionalLayer::new().leaving_fields(),
    ] {
        for fields in [
            &[][..],
            &[("if-none-match", "\"v1\"")],
            &[("if-match", "\"v2\"")],
            &[("range", "bytes=0-1")],
        ] {
            let response = layered(layer, fields, || {
                let response = Response::builder().status(206).header("etag", "\"v1\"");
                response.body(Full::<Bytes>::from("01")).unwrap()
            });
            assert_eq!(response.status(), 206);
            let reasons: &Reasons = response.extensions().get().unwrap();
            assert_eq!(reasons.decision(), Decision::Perform, "{fields:?}");
            assert_eq!(
                reasons.to_string(),
                "206 Partial Content: the inner service's own, which is left as it is"
            );
        }
    }
}

const TAGS: [&str; 3] = ["\"v1\"", "W/\"v1\"", "\"v1-gzip\""];

/// Conditions, Ranges, and what is neither.
fn lines() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let name = prop::sample::select(vec![
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range",
        "range",
    ]);
    let mut values = vec![
        "*",
        "v1",
        "\"v2\", \"v1\"",
        OLD,
        SOON,
        "Tuesday, 06-Nov-46 08:49:37 GMT",
    ];
    values.extend(TAGS);
    values.extend(["bytes=0-1", "bytes=5-6, 0-1", "bytes=10-", "bytes=x", ""]);
    prop::collection::vec((name, prop::sample::select(values)), 0..4)
}

fn policy() -> impl Strategy<Value = Policy> {
    let policy = Policy::new();
    prop::sample::select(vec![
        policy,
        policy.now(HttpDate::from_unix(0).unwrap()),
        policy.lenient_entity_tags(),
        policy.weak_if_match().if_range_by_date(),
        policy.lenient_dates().exact_if_modified_since(),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_extractor_and_its_reasons_agree(
        method in prop::sample::select(vec![Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS]),
        lines in lines(),
        exists in any::<bool>(),
        tag in prop::option::of(prop::sample::select(TAGS.to_vec())),
        date in prop::option::of((prop::sample::select(vec![OLD, LATE]), any::<bool>())),
        brothers in prop::sample::subsequence(TAGS.to_vec(), 0..3),
        policy in policy(),
    ) {
        let brothers: Vec<_> = brothers.into_iter().map(EntityTag::from_static).collect();
        let mut current = Representation::ABSENT.also(&brothers);
        if exists {
            current = Representation::current().also(&brothers);
        }
        if let Some((date, is_strong)) = date {
            let date = HttpDate::parse(date.as_bytes(), None).unwrap();
            current = current.last_modified(date);
            if is_strong {
                current = current.strong_last_modified(date);
            }
        }
        let conditions = Conditions::new(&method, &map(&lines)).policy(policy).explaining();
        let response = match conditions.evaluate(current, || tag.map(EntityTag::from_static)) {
            Ok(passed) => (passed, "").into_response(),
            Err(refused) => refused.into_response(),
        };
        let reasons: &Reasons = response.extensions().get().unwrap();
        prop_assert_eq!(Some(reasons.decision()), decision(&response));
    }

    #[test]
    fn the_layer_and_its_reasons_agree(
        lines in lines(),
        status in prop::sample::select(vec![200, 200, 200, 203, 204, 206, 301, 304, 404, 412, 416]),
        tag in prop::option::of(prop::sample::select(TAGS.to_vec())),
        date in prop::option::of(prop::sample::select(vec![OLD, LATE])),
        refuses in any::<bool>(),
        has_clock in any::<bool>(),
        policy in policy(),
        leaves in any::<bool>(),
    ) {
        let mut layer = ConditionalLayer::new().conditions(policy);
        if !has_clock {
            layer = layer.clock(None);
        }
        if leaves {
            layer = layer.leaving_fields();
        }
        let response = layered(layer, &lines, || {
            let mut response = Response::builder().status(status);
            for (name, value) in [("etag", tag), ("last-modified", date)] {
                if let Some(value) = value {
                    response = response.header(name, value);
                }
            }
            if refuses {
                response = response.header("accept-ranges", "none");
            }
            response.body(Full::<Bytes>::from("0123456789")).unwrap()
        });
        let reasons: &Reasons = response.extensions().get().unwrap();
        if let Some(decision) = decision(&response) {
            prop_assert_eq!(reasons.decision(), decision);
        }
        let text = reasons.to_string();
        let said = text[..3].parse::<u16>().ok();
        let sent = match response.status().as_u16() {
            // What it says of a Range depends on whether that can be satisfied.
            416 if status == 200 => 206,
            sent => sent,
        };
        prop_assert_eq!(said.unwrap_or(status), sent, "{}", text);
    }
}
