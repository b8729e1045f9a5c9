//! RFC 9110, section by section: each test names the requirements that it proves.

#[cfg(feature = "dates")]
mod disputed_cases;
#[cfg(feature = "dates")]
mod explanation;
mod range_laws;
#[cfg(feature = "dates")]
mod remarks;
#[cfg(feature = "dates")]
mod section_13_1_1;
#[cfg(feature = "dates")]
mod section_13_1_2;
#[cfg(feature = "dates")]
mod section_13_1_3;
#[cfg(feature = "dates")]
mod section_13_1_4;
#[cfg(feature = "dates")]
mod section_13_1_5;
#[cfg(feature = "dates")]
mod section_13_2_1;
#[cfg(feature = "dates")]
mod section_13_2_2;
mod section_14;
mod section_14_4;
#[cfg(feature = "dates")]
mod section_15;
#[cfg(feature = "dates")]
mod section_5_3;
#[cfg(feature = "dates")]
mod section_5_5;
mod section_5_6_1;
#[cfg(feature = "dates")]
mod section_5_6_7;
#[cfg(feature = "dates")]
mod section_8_8_2;
mod section_8_8_3;
#[cfg(feature = "dates")]
mod section_9_3_4;
#[cfg(not(feature = "dates"))]
mod without_dates;

#[cfg(feature = "dates")]
use http_conditional::HttpDate;
use http_conditional::{Decision, EntityTag, Field, Method, Preconditions, Representation};

/// Sat, 29 Oct 1994 19:43:31 GMT, the date of the RFC's own examples; T1 is a second later.
const T: &str = "Sat, 29 Oct 1994 19:43:31 GMT";
const T1: &str = "Sat, 29 Oct 1994 19:43:32 GMT";
const BEFORE_T: &str = "Sat, 29 Oct 1994 19:43:30 GMT";

const SAFE: [&str; 2] = ["GET", "HEAD"];
const UNSAFE: [&str; 6] = ["POST", "PUT", "PATCH", "DELETE", "FOO", "get"];

const PERFORM: Decision = Decision::Perform;
const IGNORING_RANGE: Decision = Decision::PerformIgnoringRange;
const NOT_MODIFIED: Decision = Decision::NotModified;
const FAILED: Decision = Decision::PreconditionFailed;

#[cfg(feature = "dates")]
fn date(value: &str) -> HttpDate {
    HttpDate::parse(value.as_bytes(), None).unwrap()
}

/// A current representation with this entity tag.
fn tagged(value: &'static str) -> Representation<'static> {
    Representation::current().etag(EntityTag::from_static(value))
}

/// A current representation with this modification date.
#[cfg(feature = "dates")]
fn modified(value: &str) -> Representation<'static> {
    Representation::current().last_modified(date(value))
}

/// Field lines as names and values; the values are bytes, so that they need not be text.
fn preconditions<'r, V: AsRef<[u8]>>(
    method: &str,
    fields: &[(&str, V)],
    selected: Representation<'r>,
) -> Preconditions<'r> {
    let mut preconditions = Preconditions::new(Method::from(method), selected);
    for (name, value) in fields {
        preconditions.field(name.as_bytes(), value.as_ref());
    }
    preconditions
}

fn decide<V: AsRef<[u8]>>(
    method: &str,
    fields: &[(&str, V)],
    selected: Representation<'_>,
) -> Decision {
    preconditions(method, fields, selected).decide()
}

/// The decision, and the field that made it.
fn decided_by<V: AsRef<[u8]>>(
    method: &str,
    fields: &[(&str, V)],
    selected: Representation<'_>,
) -> (Decision, Option<Field>) {
    let explanation = preconditions(method, fields, selected).explain();
    (explanation.decision(), explanation.field())
}

fn is_malformed<V: AsRef<[u8]>>(name: &str, lines: &[V]) -> bool {
    let fields: Vec<(&str, &V)> = lines.iter().map(|line| (name, line)).collect();
    let field = Field::from_name(name.as_bytes()).unwrap();
    preconditions("GET", &fields, Representation::current())
        .malformed()
        .contains(field)
}
