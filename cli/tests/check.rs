//! `http-conditional check`: each fault is found where it is planted, and nothing where there is
//! none.

#[cfg(feature = "tls")]
#[path = "check/http2.rs"]
mod http2;
#[cfg(feature = "tls")]
#[path = "check/tls.rs"]
mod tls;
#[path = "check/wrong.rs"]
mod wrong;
#[path = "check/cache.rs"]
mod wrong_cache;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use http_conditional_cli::check::cache;
#[cfg(feature = "tls")]
use http_conditional_cli::check::client::Version;
use http_conditional_cli::check::client::{Client, Manner};
use http_conditional_cli::check::faults::{Fault, Force};
use http_conditional_cli::check::findings::{Evidence, Findings};
use http_conditional_cli::check::report;
use http_conditional_cli::check::server;
use http_conditional_cli::check::target::Target;
use http_conditional_cli::check::vectors::FILES;
use http_conditional_cli::check::writable;

use wrong::{Kind, PATH};

fn checked(kind: Kind, all: bool) -> Findings {
    let address = wrong::start(kind);
    let target = Target::parse(&format!("http://{address}{PATH}")).unwrap();
    let mut client = Client::new(&target, &Manner::default());
    server::check(&mut client, &target, all).unwrap()
}

fn names(findings: &Findings) -> BTreeSet<&'static str> {
    findings.all().map(|(fault, _)| fault.about().id).collect()
}

/// The choices that the server shows by what it is.
fn shown_by(kind: Kind) -> BTreeSet<&'static str> {
    let mut shown = BTreeSet::new();
    if kind.weak {
        shown.insert("only-weak-etag");
    }
    if kind.no_ranges {
        shown.insert("no-ranges");
    }
    shown
}

#[test]
fn nothing_is_found_at_a_server_that_is_right() {
    let kind = Kind::default();
    for kind in [
        kind,
        Kind { weak: true, ..kind },
        Kind {
            no_tag: true,
            ..kind
        },
        Kind {
            no_date: true,
            ..kind
        },
        Kind {
            comma: true,
            ..kind
        },
        Kind { gzip: true, ..kind },
        Kind {
            no_ranges: true,
            ..kind
        },
    ] {
        for all in [false, true] {
            let findings = checked(kind, all);
            assert_eq!(
                names(&findings),
                shown_by(kind),
                "{kind:?}: {:#?}",
                findings.all().collect::<Vec<_>>()
            );
        }
    }
}

/// The server that a fault is planted in.
fn around(fault: Fault) -> Kind {
    let kind = Kind {
        fault: Some(fault),
        ..Kind::default()
    };
    match fault {
        Fault::IfUnmodifiedSinceNoDate
        | Fault::LastModifiedMalformed
        | Fault::LastModifiedChanges => Kind {
            no_date: true,
            ..kind
        },
        Fault::TagMalformed | Fault::TagTwice => Kind {
            no_tag: true,
            ..kind
        },
        Fault::TagOfCodings | Fault::CodingNever | Fault::VaryMissing => {
            Kind { gzip: true, ..kind }
        }
        Fault::IfNoneMatchCommas => Kind {
            comma: true,
            ..kind
        },
        Fault::OnlyWeakTag => Kind { weak: true, ..kind },
        Fault::NoRanges => Kind {
            no_ranges: true,
            ..kind
        },
        _ => kind,
    }
}

/// The faults that this checks are shown by the tests of a chapter.
fn is_written(id: &str) -> bool {
    let chapters = ["write-", "race-", "delete-", "patch-"];
    chapters.iter().any(|chapter| id.starts_with(chapter))
}

/// What is found where a fault is planted; of a choice, with the choices.
fn found_beside(fault: Fault, findings: &Findings) -> BTreeSet<&'static str> {
    let mut found = names(findings);
    if fault.about().force != Force::Choice {
        found.retain(|id| Fault::from_id(id).unwrap().about().force != Force::Choice);
    }
    found
}

/// Runs a check for each of these faults, a few at a time, and says where something else is found.
fn each(faults: &[Fault], check: impl Fn(Fault) -> Findings + Sync) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(String::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(&fault) = faults.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let findings = check(fault);
                    let found = found_beside(fault, &findings);
                    let id = fault.about().id;
                    if found != BTreeSet::from([id]) {
                        let mut wrong = wrong.lock().unwrap();
                        writeln!(wrong, "{id}: {found:?}").unwrap();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "of {}:\n{wrong}", faults.len());
}

#[test]
fn each_fault_is_found_where_it_is_planted_and_no_other() {
    let read = |fault: &&Fault| {
        let id = fault.about().id;
        !is_written(id) && !id.starts_with("cache-")
    };
    let faults: Vec<Fault> = Fault::ALL.iter().filter(read).copied().collect();
    each(&faults, |fault| checked(around(fault), false));
}

/// A resource that is not there at first.
fn written(kind: Kind) -> Findings {
    let address = wrong::start(kind);
    let target = Target::parse(&format!("http://{address}/new")).unwrap();
    writable::check(&target, &Manner::default()).unwrap()
}

#[test]
fn nothing_is_found_where_writes_are_right() {
    for weak in [false, true] {
        let kind = Kind {
            weak,
            ..Kind::default()
        };
        assert_eq!(names(&written(kind)), BTreeSet::new());
    }
}

#[test]
fn each_fault_of_writes_is_found_where_it_is_planted_and_no_other() {
    let write = |fault: &&Fault| is_written(fault.about().id);
    let faults: Vec<Fault> = Fault::ALL.iter().filter(write).copied().collect();
    each(&faults, |fault| written(around(fault)));
}

/// The cache is started when the origin is there.
fn cached(fault: Option<Fault>) -> Findings {
    let start = |origin| {
        let address = wrong_cache::start(fault, origin);
        Target::parse(&format!("http://{address}/")).unwrap()
    };
    cache::check_with(&Manner::default(), start).unwrap()
}

#[test]
fn nothing_is_found_at_a_cache_that_is_right() {
    assert_eq!(names(&cached(None)), BTreeSet::new());
}

#[test]
fn each_fault_of_caches_is_found_where_it_is_planted_and_no_other() {
    let of_caches = |fault: &&Fault| fault.about().id.starts_with("cache-");
    let faults: Vec<Fault> = Fault::ALL.iter().filter(of_caches).copied().collect();
    each(&faults, |fault| cached(Some(fault)));
}

/// Runs the program; the exit status, and what it prints.
fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_http-conditional"))
        .arg("check")
        .args(arguments)
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(printed).unwrap(),
    )
}

fn url(fault: Option<Fault>, path: &str) -> String {
    let kind = Kind {
        fault,
        ..Kind::default()
    };
    format!("http://{}{path}", wrong::start(kind))
}

#[test]
fn the_exit_status_says_what_was_found() {
    let right = url(None, PATH);
    let (status, text) = run(&[&right]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("no fault found"), "{text}");

    let wrong = url(Some(Fault::IfMatchWeak), PATH);
    let (status, text) = run(&[&wrong]);
    assert_eq!(status, 1);
    let about = Fault::IfMatchWeak.about();
    for part in [
        "DATA CAN BE LOST",
        about.title,
        "MUST, RFC 9110 13.1.1",
        "If-Match: W/\"Ab1\"",
        "Should have   412",
        "1 fault (1 can lose data)",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Others are not asked about.
    assert_eq!(run(&[&wrong, "--only", "range-first"]).0, 0);
    assert_eq!(run(&[&wrong, "--only", "range-first,if-match-weak"]).0, 1);

    let nobody = "http://127.0.0.1:1/";
    for (arguments, reason) in [
        (vec![nobody], "cannot connect"),
        (vec!["ftp://example.com/"], "neither http nor https"),
        (vec![&right, "--only", "no-such-fault"], "--list"),
        (vec![&url(None, "/nothing")], "is answered 404"),
        (vec![&right, "-H", "no line"], "field line"),
        (vec![], "required"),
    ] {
        let (status, text) = run(&arguments);
        assert_eq!(status, 2, "{text}");
        assert!(text.contains(reason), "{text}");
    }
}

#[test]
fn what_is_counted_is_in_the_singular_where_there_is_one() {
    let line = |findings: &Findings, of: &str| {
        let text = report::text("http://a/", findings, false);
        let mut lines = text.lines().filter(|line| line.contains(of));
        lines.next_back().unwrap_or_default().trim().to_owned()
    };
    let shown_by = |check: &str| Evidence {
        check: check.to_owned(),
        request: "GET / HTTP/1.1".to_owned(),
        came: "200 OK".to_owned(),
        should: "304 Not Modified".to_owned(),
    };
    let mut findings = Findings::default();
    findings.requests = 1;
    findings.bytes = 1;
    let totals = "http://a/: no fault found, 1 request, 1 byte received";
    assert_eq!(line(&findings, "http:"), totals);

    findings.add(Fault::IfNoneMatchStar, shown_by("one"));
    findings.add(Fault::IfNoneMatchStar, shown_by("two"));
    let totals = "http://a/: 1 fault (1 wastes transfers), 1 request, 1 byte received";
    assert_eq!(line(&findings, "http:"), totals);
    let more = "and 1 more request like it: --verbose shows them";
    assert_eq!(line(&findings, "more"), more);

    findings.add(Fault::IfNoneMatchStar, shown_by("three"));
    findings.add(Fault::TagMalformed, shown_by("four"));
    findings.add(Fault::IfMatchIgnored, shown_by("five"));
    findings.requests = 5;
    findings.bytes = 0;
    let totals = "http://a/: 3 faults (1 can lose data, 2 waste transfers), \
                  5 requests, 0 bytes received";
    assert_eq!(line(&findings, "http:"), totals);
    let more = "and 2 more requests like it: --verbose shows them";
    assert_eq!(line(&findings, "more"), more);
}

#[test]
fn machines_read_json() {
    let (status, text) = run(&[&url(Some(Fault::HeadLength), PATH), "--json"]);
    assert_eq!(status, 1);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["clean"], false);
    assert_eq!(report["faults"].as_array().unwrap().len(), 1);
    let fault = &report["faults"][0];
    assert_eq!(fault["id"], "head-length");
    assert_eq!(fault["severity"], "wrong-bytes");
    assert!(
        fault["evidence"][0]["request"]
            .as_str()
            .unwrap()
            .starts_with("HEAD /thing")
    );
    assert!(report["requests"].as_u64().unwrap() > 100);
}

#[test]
fn every_fault_is_listed() {
    let (status, text) = run(&["--list"]);
    assert_eq!(status, 0);
    for fault in Fault::ALL {
        let id = fault.about().id;
        let line = text
            .lines()
            .find(|line| line.split_whitespace().next() == Some(id));
        assert!(line.unwrap().contains(fault.about().force.word()), "{id}");
        assert_eq!(Fault::from_id(id), Some(*fault));
    }
}

#[test]
fn a_redirection_is_followed_on_the_same_host_only() {
    let address = wrong::start(Kind::default());
    let other = wrong::start(Kind::default());
    for (location, status) in [
        (PATH.to_owned(), 0),
        (format!("http://{address}{PATH}"), 0),
        (format!("http://{other}{PATH}"), 2),
    ] {
        let url = format!("http://{address}/to?{location}");
        let (code, text) = run(&[&url]);
        assert_eq!(code, status, "{text}");
        assert_eq!(text.contains("leads to another host"), code == 2, "{text}");
    }
}

/// Both kinds of checks at once, and what a server leaves behind is gone.
#[test]
fn a_writable_resource_is_checked_and_removed() {
    let url = url(Some(Fault::WriteIfMatchWeak), "/new");
    let (status, text) = run(&["--writable", &url]);
    assert_eq!(status, 1);
    assert!(text.contains("write-if-match-weak"), "{text}");
    let (status, text) = run(&[&url]);
    assert_eq!(status, 2);
    assert!(text.contains("is answered 404"), "{text}");
}

/// A key and a certificate for localhost, in a folder that is to be removed.
#[cfg(feature = "tls")]
fn certificate(of: &str) -> (std::path::PathBuf, std::path::PathBuf, std::path::PathBuf) {
    let folder = std::env::temp_dir().join(format!("check-{of}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=CA:FALSE",
        ])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output();
    assert!(made.unwrap().status.success());
    (folder, key, certificate)
}

/// The planted server behind TLS, with a certificate that is made for it.
#[cfg(feature = "tls")]
#[test]
fn https_is_spoken_and_certificates_are_checked() {
    let (folder, key, certificate) = certificate("tls");
    let kind = Kind {
        fault: Some(Fault::IfRangeWeak),
        ..Kind::default()
    };
    let port = tls::start(wrong::start(kind), &certificate, &key).port();
    let url = format!("https://localhost:{port}{PATH}");
    let (status, text) = run(&[&url, "--cacert", certificate.to_str().unwrap()]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("1 fault (1 can put wrong bytes together)"),
        "{text}"
    );
    assert!(text.contains("requests over HTTP/1.1, "), "{text}");
    let (status, text) = run(&[&url]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("TLS"), "{text}");
    // HTTP/2 is not there.
    let (status, text) = run(&[
        &url,
        "--cacert",
        certificate.to_str().unwrap(),
        "--http",
        "2",
    ]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("cannot connect"), "{text}");
    fs::remove_dir_all(&folder).unwrap();
}

/// Where TLS offers HTTP/2 beside HTTP/1.1, both are asked, and what only one of them has wrong is
/// shown by a request of that one.
#[cfg(feature = "tls")]
#[test]
fn both_versions_are_checked_where_both_are_offered() {
    let (folder, key, certificate) = certificate("http2");
    let start = |fault| {
        let kind = Kind {
            fault,
            ..Kind::default()
        };
        let port = http2::start_tls(kind, &certificate, &key).port();
        format!("https://localhost:{port}{PATH}")
    };
    let trusted = ["--cacert", certificate.to_str().unwrap()];
    let check = |url: &str, more: &[&str]| run(&[&[url], &trusted[..], more].concat());
    let (status, text) = check(&start(None), &[]);
    assert_eq!(status, 0, "{text}");
    assert!(
        text.contains("requests over HTTP/1.1 and HTTP/2, "),
        "{text}"
    );
    let wrong = start(Some(Fault::IfRangeWeak));
    let (status, text) = check(&wrong, &[]);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("1 fault (1 can put wrong bytes together)"),
        "{text}"
    );
    assert!(text.contains(&format!("GET {PATH} HTTP/2\n")), "{text}");
    assert_eq!(check(&wrong, &["--http", "1.1"]).0, 0);
    assert_eq!(check(&wrong, &["--http", "2"]).0, 1);
    fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "tls")]
fn checked_over_http2(kind: Kind) -> Findings {
    let address = http2::start(kind);
    let target = Target::parse(&format!("http://{address}{PATH}")).unwrap();
    let manner = Manner {
        version: Version::Http2,
        ..Manner::default()
    };
    server::check(&mut Client::new(&target, &manner), &target, false).unwrap()
}

/// HTTP/2 without TLS, for who asks for it.
#[cfg(feature = "tls")]
#[test]
fn over_http2_nothing_is_found_at_a_server_that_is_right() {
    let kind = Kind::default();
    for kind in [
        kind,
        Kind { weak: true, ..kind },
        Kind { gzip: true, ..kind },
        Kind {
            no_ranges: true,
            ..kind
        },
    ] {
        let findings = checked_over_http2(kind);
        assert_eq!(names(&findings), shown_by(kind), "{kind:?}: {findings:#?}");
    }
}

/// All but those that HTTP/2 cannot have: bytes behind an answer, pipelining, a connection that ends
/// with each 304, lines that are refused or joined on the way.
#[cfg(feature = "tls")]
#[test]
fn over_http2_each_fault_is_found_where_it_is_planted_and_no_other() {
    let http1 = [
        Fault::NotModifiedContent,
        Fault::HeadContent,
        Fault::Pipelining,
        Fault::ClosesAfterNotModified,
    ];
    let read = |fault: &&Fault| {
        let id = fault.about().id;
        !is_written(id) && !id.starts_with("cache-") && !http1.contains(fault)
    };
    let faults: Vec<Fault> = Fault::ALL.iter().filter(read).copied().collect();
    each(&faults, |fault| checked_over_http2(around(fault)));
}

/// A limit of all that may come: what was found until then is reported, and nothing is not said to
/// be clean.
#[test]
fn no_more_is_asked_than_may_come() {
    let (status, text) = run(&[&url(None, PATH), "--max-total", "1000"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("NOT EVERYTHING WAS CHECKED: 10"), "{text}");
    let received = text.split(", ").last().unwrap();
    let received: u64 = received.split(' ').next().unwrap().parse().unwrap();
    assert!((1000..1100).contains(&received), "{text}");
    let wrong = url(Some(Fault::NotModifiedLacksVary), PATH);
    assert_eq!(run(&[&wrong, "--max-total", "1000"]).0, 1);
    // Not even what the rest is compared with.
    let (status, text) = run(&[&wrong, "--max-total", "1"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("--max-total"), "{text}");
}

/// Without the feature it says what is missing.
#[cfg(not(feature = "tls"))]
#[test]
fn https_needs_a_feature() {
    let (status, text) = run(&["https://127.0.0.1:1/"]);
    assert_eq!(status, 2);
    assert!(text.contains("cannot connect"), "{text}");
    let (status, text) = run(&["http://127.0.0.1:1/", "--http", "2"]);
    assert_eq!(status, 2);
    assert!(text.contains("--features tls"), "{text}");
}

/// A vector more is a check more.
#[test]
fn every_file_of_vectors_is_there() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let names = files.filter_map(|name| Some(name.to_str()?.strip_suffix(".json")?.to_owned()));
    let there: BTreeSet<String> = names.collect();
    let known = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, known);
}
