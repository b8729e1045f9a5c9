//! `http-conditional check`: each fault is found where it is planted, and nothing where there is
//! none.

#[path = "check/wrong.rs"]
mod wrong;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use http_conditional_cli::check::faults::{Fault, Force};
use http_conditional_cli::check::findings::Findings;
use http_conditional_cli::check::server;
use http_conditional_cli::check::target::Target;
use http_conditional_cli::check::vectors::FILES;
use http_conditional_cli::check::wire::{Client, Manner};
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
