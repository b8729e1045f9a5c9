//! The cases where servers disagree, for each kind of service.

use std::collections::BTreeSet;

use crate::cases::{Case, Current, OF_WHAT_IS_MISSING, of_retrievals, of_writes};
use crate::client::{Answer, BOTH, Http, Server};
use crate::kinds::for_all;

/// Which of the cases were asked of a layer and of an extractor.
type Numbers = BTreeSet<u8>;

fn lines(case: &Case) -> Vec<(&'static str, &str)> {
    case.lines
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect()
}

fn current(whole: &Answer, has_ranges: bool) -> Current<'_> {
    Current {
        tag: whole.field("etag"),
        modified: whole.field("last-modified"),
        has_ranges,
    }
}

/// By GET, and by HEAD.
#[tokio::test]
async fn every_rule_of_a_retrieval() {
    for_all(async |asking| {
        let whole = asking.ask("GET", &[]).await;
        assert_eq!(whole.field("last-modified").is_some(), asking.kind.is_dated);
        let cases = of_retrievals(current(&whole, !asking.is_coded()));
        let asked: Vec<_> = cases.iter().map(lines).collect();
        let asked: Vec<_> = asked.iter().map(Vec::as_slice).collect();
        for (case, [get, head]) in cases.iter().zip(asking.ask_each(&asked).await) {
            assert_eq!(get.status, case.status, "{case:?} {}", asking.name());
            let status = case.status_of_head();
            assert_eq!(head.status, status, "HEAD {case:?} {}", asking.name());
            if status == 412 {
                assert_ne!(get.content, whole.content);
                assert_eq!(get.field("cache-control"), None);
            }
        }
    })
    .await;
}

/// The cases of a tag with a comma, a weak one, and none; and RFC 10008, where each is that of a
/// GET.
#[tokio::test]
async fn every_rule_of_other_validators_and_of_query() {
    let server = Server::start().await;
    let mut numbers = Numbers::new();
    for http in BOTH {
        for (method, path, tag) in [
            ("GET", "/comma", Some("\"a,b\"")),
            ("GET", "/weak", Some("W/\"v1\"")),
            ("GET", "/untagged", None),
            ("GET", "/digest", Some("\"")),
            ("QUERY", "/query", Some("\"v1\"")),
        ] {
            let whole = server.send(http, method, path, &[], "text").await;
            let now = current(&whole, true);
            let begins = |expected| now.tag.is_some_and(|tag| tag.starts_with(expected));
            assert!(tag.map_or(now.tag.is_none(), begins), "{path}");
            let cases = of_retrievals(now);
            let asked: Vec<_> = cases.iter().map(|case| (method, lines(case))).collect();
            let answers = server.ask_each(http, path, &asked, "text").await;
            for (case, answer) in cases.iter().zip(answers) {
                assert_eq!(answer.status, case.status, "{path} {case:?}");
                numbers.insert(case.number);
            }
        }
    }
    // The rest is of writes, which a layer cannot judge: it sees them when they have been performed.
    let writes = Numbers::from_iter([1, 2, 3, 4, 25]);
    let all: Numbers = (1..=25).collect();
    assert_eq!(&all - &writes, numbers);
}

/// Those that a layer cannot keep, by the extractor.
#[tokio::test]
async fn every_rule_of_a_write() {
    for http in BOTH {
        let server = Server::start().await;
        for path in ["/note", "/suffixed-note"] {
            let before = server.ask(http, "GET", path, &[]).await;
            let cases = of_writes(before.etag(), before.field("last-modified"));
            for case in &cases {
                let now = server.ask(http, "GET", path, &[]).await;
                assert_eq!(now.etag(), before.etag(), "nothing was performed");
                let answer = server.send(http, "PUT", path, &lines(case), "new").await;
                let is_performed = answer.status.is_success();
                assert_eq!(is_performed, case.status == 200, "{path} {case:?}");
                assert!(is_performed || answer.status == case.status, "{case:?}");
            }
            let numbers: Numbers = cases.iter().map(|case| case.number).collect();
            assert!(numbers.is_superset(&Numbers::from_iter([1, 2, 3, 4, 25])));
            assert_ne!(
                server.ask(http, "GET", path, &[]).await.etag(),
                before.etag()
            );
        }
    }
}

/// Case 25, and section 13.2.1: the status without conditions is the gate.
#[tokio::test]
async fn what_is_not_there_is_404_whatever_the_conditions() {
    let server = Server::start().await;
    for http in BOTH {
        for path in ["/nothing", "/directory/nothing"] {
            for line in OF_WHAT_IS_MISSING {
                for method in ["GET", "HEAD"] {
                    let answer = server.ask(http, method, path, &[line]).await;
                    assert_eq!(answer.status, 404, "{path} {line:?}");
                }
            }
        }
    }
}

/// What a case asks of a write is not asked of a layer: it passes what was performed.
#[tokio::test]
async fn a_write_that_a_layer_sees_has_been_performed() {
    let server = Server::start().await;
    for case in of_writes("\"v1\"", None) {
        let answer = server
            .send(Http::One, "PUT", "/query", &lines(&case), "new")
            .await;
        assert_eq!(answer.status, 200, "{case:?}");
    }
}
