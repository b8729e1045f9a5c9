//! What the extractor makes of a request and a state.

use std::cell::Cell;

use http::{HeaderMap, Method};
use http_conditional::{AdmitPolicy, Decision, EntityTag, HttpDate, Policy, Representation, admit};
use tower_http_conditional::Conditions;

type Fields<'a> = &'a [(&'static str, &'static str)];

fn conditions(method: &Method, fields: Fields) -> Conditions {
    let lines = fields
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    Conditions::new(method, &lines.collect::<HeaderMap>())
}

/// A resource without a selected representation exists if it has others: as `admit` says.
#[test]
fn a_resource_exists_if_it_has_other_representations() {
    let brothers = [EntityTag::from_static("\"v1-gzip\"")];
    for (current, exists) in [
        (Representation::ABSENT, false),
        (Representation::ABSENT.also(&brothers), true),
        (Representation::current(), true),
        (Representation::current().also(&brothers), true),
    ] {
        let policy = AdmitPolicy::new().require_guard();
        let refusal = admit("PUT", [("", ""); 0], current, &policy).err();
        let unguarded = conditions(&Method::PUT, &[]).require_guard();
        let refused = unguarded.evaluate(current, || None).err();
        let status = exists.then_some(428);
        assert_eq!(refusal.map(|refusal| refusal.status()), status);
        assert_eq!(refused.map(|refused| refused.status().as_u16()), status);

        let passed = conditions(&Method::PUT, &[]).evaluate(current, || None);
        let passed = passed.unwrap();
        assert_eq!(passed.creates(), !exists);
        assert_eq!(passed.status_of_put(), if exists { 204 } else { 201 });
    }
}

/// An If-Range without quotes is a tag where the policy reads it as one.
#[test]
fn a_tag_without_quotes_is_compared() {
    let range = ("range", "bytes=0-1");
    for (policy, if_range, decision, calls) in [
        (Policy::new(), "v1", Decision::PerformIgnoringRange, 0),
        (Policy::new(), "\"v1\"", Decision::Perform, 1),
        (
            Policy::new().lenient_entity_tags(),
            "v1",
            Decision::Perform,
            1,
        ),
        (
            Policy::new().lenient_entity_tags().lenient_dates(),
            "v1",
            Decision::Perform,
            1,
        ),
        (
            Policy::new().lenient_entity_tags(),
            "v2",
            Decision::PerformIgnoringRange,
            1,
        ),
    ] {
        let called = Cell::new(0);
        let get = conditions(&Method::GET, &[range, ("if-range", if_range)]);
        let passed = get.policy(policy).evaluate(Representation::current(), || {
            called.set(called.get() + 1);
            Some(EntityTag::from_static("\"v1\""))
        });
        assert_eq!(passed.unwrap().decision(), decision, "{if_range}");
        assert_eq!(called.get(), calls, "{if_range}");
    }
}

/// Section 5.6.7: the clock tells the century. A policy is about departures, and leaves it alone.
#[test]
fn a_policy_leaves_the_clock_alone() {
    // A Tuesday in 2046. By the modification date, or in 1990, the year is 1946: that was no
    // Tuesday, so the date is malformed, and guards nothing.
    let fields = [("if-unmodified-since", "Tuesday, 06-Nov-46 08:49:37 GMT")];
    let modified = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT", None).unwrap();
    let current = Representation::current().last_modified(modified);
    let at = |year: i64| HttpDate::from_unix((year - 1970) * 31_556_952).unwrap();
    let other = Policy::new().weak_if_match();
    let put = || conditions(&Method::PUT, &fields).require_guard();
    for (conditions, passes) in [
        (put(), true),
        (put().policy(other), true),
        (put().policy(other.now(at(1990))), true),
        (put().now(at(1990)), false),
        (put().now(at(1990)).policy(other), false),
        (put().policy(other).now(at(1990)), false),
    ] {
        assert_eq!(
            conditions.evaluate(current, || None).is_ok(),
            passes,
            "{conditions:?}"
        );
    }
}
