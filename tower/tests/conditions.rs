//! What the extractor makes of a request and a state.

use http::{HeaderMap, Method};
use http_conditional::{AdmitPolicy, EntityTag, Representation, admit};
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
