//! The cases where servers disagree, for each kind of service.

use http_conditional::HttpDate;

use crate::client::{Answer, BOTH, Server};
use crate::kinds::{Asking, for_all};

const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const X: &str = "\"x\"";

/// The number of the case in the table of 25, the lines of the request, and the status.
type Case = (&'static str, Vec<(&'static str, String)>, u16);

fn case<const N: usize>(
    number: &'static str,
    lines: [(&'static str, &str); N],
    status: u16,
) -> Case {
    let lines = lines.map(|(name, value)| (name, value.to_owned()));
    (number, lines.to_vec(), status)
}

fn by_tag(asking: &Asking<'_>, tag: &str) -> Vec<Case> {
    let is_strong = !tag.starts_with("W/");
    let weak = &*format!("W/{}", tag.trim_start_matches("W/"));
    // To where a strong comparison is asked for.
    let strongly = |status| if is_strong { status } else { 412 };
    let listed = format!("\"x\", {tag}");
    let two_weak = format!("W/\"x\", \"a,b\" , {weak},");
    let last = format!("W/\"x\", {tag}");
    let ranged = |status| if asking.is_coded() { 200 } else { status };
    let part = ("range", "bytes=0-1");
    vec![
        case("5", [part, ("if-match", "\"old\"")], 412),
        case("6", [part, ("if-range", weak)], 200),
        case("7", [part, ("if-range", &listed)], 200),
        case("10", [part, ("if-range", tag), ("if-none-match", tag)], 304),
        case("11", [part, ("if-none-match", weak)], 304),
        case(
            "12",
            [("if-none-match", tag), ("if-modified-since", OLD)],
            304,
        ),
        case(
            "12",
            [("if-none-match", tag), ("if-modified-since", "garbage")],
            304,
        ),
        case(
            "12",
            [("if-modified-since", "garbage"), ("if-none-match", tag)],
            304,
        ),
        case("15", [("if-match", "")], 412),
        case("16", [("if-none-match", "\"a,b\"")], 200),
        case("17", [("if-match", &last)], strongly(200)),
        case("18", [("if-match", X), ("if-match", tag)], strongly(200)),
        case(
            "19",
            [("if-match", tag), ("if-unmodified-since", OLD)],
            strongly(200),
        ),
        case("20", [("if-unmodified-since", "foo")], 200),
        case("20", [("if-modified-since", "foo 2030")], 200),
        case("24", [("if-match", "*")], 200),
        case("24", [("if-none-match", "*")], 304),
        case("list", [("if-none-match", &two_weak)], 304),
        case("lines", [("if-none-match", X), ("if-none-match", tag)], 304),
        case("range", [part, ("if-range", tag)], ranged(206)),
        case("weak", [("if-match", weak)], 412),
        case("malformed", [("if-match", "*, \"x\"")], 412),
    ]
}

fn by_date(whole: &Answer) -> Vec<Case> {
    let tag = whole.etag();
    let Some(modified) = whole.field("last-modified") else {
        return vec![case("21", [("if-unmodified-since", OLD)], 200)];
    };
    let date = HttpDate::parse(modified.as_bytes(), None).unwrap();
    let later = &*HttpDate::from_unix(date.to_unix() + 1).unwrap().to_string();
    let twice = &*format!("{modified}, {modified}");
    let part = ("range", "bytes=0-1");
    let since = ("if-modified-since", modified);
    vec![
        case("8", [part, ("if-range", later)], 200),
        case("9", [part, ("if-range", modified)], 200),
        case("13", [("if-none-match", X), since], 200),
        case("14", [("if-none-match", "garbage"), since], 200),
        case("15", [("if-none-match", ""), since], 200),
        case(
            "22",
            [("if-unmodified-since", modified), ("if-none-match", tag)],
            304,
        ),
        case("23", [("if-modified-since", twice)], 200),
        case("23", [since, since], 200),
        case("by date", [since], 304),
        case("by a later date", [("if-modified-since", later)], 304),
        case("by an older date", [("if-modified-since", OLD)], 200),
        case("unmodified", [("if-unmodified-since", modified)], 200),
        case("modified", [("if-unmodified-since", OLD)], 412),
    ]
}

/// What a layer can keep of the 25 rules that `examples/frameworks` asks of each framework; those of
/// a write are in `writes.rs`.
#[tokio::test]
async fn every_rule_of_a_retrieval() {
    for_all(async |asking: Asking<'_>| {
        let whole = asking.ask("GET", &[]).await;
        assert_eq!(whole.field("last-modified").is_some(), asking.kind.is_dated);
        let mut cases = by_tag(&asking, whole.etag());
        cases.extend(by_date(&whole));
        for (number, lines, status) in cases {
            let lines: Vec<_> = lines
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            let answer = asking.ask("GET", &lines).await;
            assert_eq!(
                answer.status,
                status,
                "{number}: {lines:?} {}",
                asking.name()
            );
            if status == 412 {
                assert_ne!(answer.content, whole.content);
                assert_eq!(answer.field("cache-control"), None);
            }
        }
    })
    .await;
}

/// Case 25, and section 13.2.1: the status without conditions is the gate.
#[tokio::test]
async fn what_is_not_there_is_404_whatever_the_conditions() {
    let server = Server::start().await;
    for http in BOTH {
        for path in ["/nothing", "/directory/nothing"] {
            for line in [
                ("if-match", "*"),
                ("if-match", X),
                ("if-none-match", "*"),
                ("range", "bytes=0-1"),
            ] {
                for method in ["GET", "HEAD"] {
                    let answer = server.ask(http, method, path, &[line]).await;
                    assert_eq!(answer.status, 404, "{path} {line:?}");
                }
            }
        }
    }
}
