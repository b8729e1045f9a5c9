//! What an answer varies by, and whether two requests are alike in that (RFC 9110 section 12.5.5).
//!
//! Vary may have as many names as a request has fields, so the fields are looked up in a map.

use std::collections::{HashMap, HashSet};

use crate::explain::read::FieldLine;

/// A field in which two requests differ, with its value in each; empty where it is not there.
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) before: String,
    pub(super) now: String,
}

/// The first name of a Vary by which two requests differ. By `*` any two differ.
pub(super) fn difference(
    vary: &str,
    before: &[FieldLine],
    now: &[FieldLine],
) -> Option<Difference> {
    let names = vary.split(',').map(str::trim);
    let (mut before, mut now) = (values(before), values(now));
    let mut compared = HashSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        let lower = name.to_ascii_lowercase();
        if compared.contains(&lower) {
            continue;
        }
        let [before, now] =
            [&mut before, &mut now].map(|values| values.remove(&lower).unwrap_or_default());
        if name == "*" || before != now {
            let name = name.to_owned();
            return Some(Difference { name, before, now });
        }
        compared.insert(lower);
    }
    None
}

/// The values by name, in lower case; the lines of a field put together.
fn values(fields: &[FieldLine]) -> HashMap<String, String> {
    let mut values: HashMap<String, String> = HashMap::new();
    for (name, value) in fields {
        let value = String::from_utf8_lossy(value);
        values
            .entry(name.to_ascii_lowercase())
            .and_modify(|lines| {
                lines.push_str(", ");
                lines.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    values
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn line(name: &str, value: &str) -> FieldLine {
        (name.to_owned(), value.into())
    }

    #[test]
    fn the_first_difference() {
        let before = [
            line("Accept", "a"),
            line("accept", "b"),
            line("Cookie", "1"),
        ];
        let now = [line("ACCEPT", "a, b"), line("Cookie", "2")];
        let name = |vary| difference(vary, &before, &now).map(|difference| difference.name);
        assert_eq!(name(""), None);
        assert_eq!(name("accept, Accept,, X"), None);
        assert_eq!(name("Accept, cookie, *").as_deref(), Some("cookie"));
        assert_eq!(name("Accept, *").as_deref(), Some("*"));
    }

    /// Each name beside each field, or a long value again and again, would take minutes.
    #[test]
    fn the_time_is_linear() {
        let begun = Instant::now();
        let fields: Vec<FieldLine> = (0..100_000).map(|i| line(&format!("x{i}"), "")).collect();
        let names: Vec<&str> = fields.iter().map(|(name, _)| &**name).collect();
        assert!(difference(&names.join(","), &fields, &fields).is_none());

        let long = [line("a", &"x".repeat(1_000_000))];
        assert!(difference(&"a,".repeat(500_000), &long, &long).is_none());
        assert!(begun.elapsed() < Duration::from_secs(20));
    }
}
