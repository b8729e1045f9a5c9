//! What was found: faults, each with the requests that show it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::client::Version;
use super::faults::{Fault, Force, Severity};
use super::message::{Request, Response};

/// A request that shows a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The name of the check or vector.
    pub check: String,
    /// What was sent.
    pub request: String,
    /// What came.
    pub came: String,
    /// What should have come.
    pub should: String,
}

impl Evidence {
    /// Of an exchange.
    #[must_use]
    pub fn of(check: &str, request: &Request, came: &Response, should: impl Into<String>) -> Self {
        Self {
            check: check.to_owned(),
            request: request.shown(),
            came: came.shown(),
            should: should.into(),
        }
    }
}

/// All that was found, and how much was asked.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    found: BTreeMap<Fault, Vec<Evidence>>,
    /// How many requests were sent.
    pub requests: usize,
    /// How many bytes of content came.
    pub bytes: u64,
    /// What could not be checked, and why.
    pub unchecked: Vec<String>,
    /// Why no more was asked, before all was.
    pub given_up: Option<String>,
    /// Over which versions of HTTP the server was asked.
    pub versions: Vec<Version>,
}

impl Findings {
    /// Adds what shows a fault; the same twice is once.
    pub fn add(&mut self, fault: Fault, evidence: Evidence) {
        let known = self.found.entry(fault).or_default();
        if !known.contains(&evidence) {
            known.push(evidence);
        }
    }

    /// Whether a fault was found.
    #[must_use]
    pub fn has(&self, fault: Fault) -> bool {
        self.found.contains_key(&fault)
    }

    /// Says what could not be checked.
    pub fn skip(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.unchecked.contains(&what) {
            self.unchecked.push(what);
        }
    }

    /// Says why no more was asked.
    pub fn give_up(&mut self, why: String) {
        self.given_up.get_or_insert(why);
    }

    /// Takes over what the same check found over another version of HTTP: of what is known already
    /// there is no more to show.
    pub fn merge_version(&mut self, mut other: Self, version: Version) {
        other.found.retain(|fault, _| !self.has(*fault));
        for evidence in other.found.values_mut().flatten() {
            let (line, fields) = evidence
                .request
                .split_once('\n')
                .unwrap_or((&evidence.request, ""));
            evidence.request = format!("{line} {}\n{fields}", version.name());
        }
        self.merge(other);
        self.versions.push(version);
    }

    /// Takes over what another check of the same server found.
    pub fn merge(&mut self, other: Self) {
        for (fault, evidence) in other.found {
            for evidence in evidence {
                self.add(fault, evidence);
            }
        }
        self.requests += other.requests;
        self.bytes += other.bytes;
        for what in other.unchecked {
            self.skip(what);
        }
        self.given_up = self.given_up.take().or(other.given_up);
    }

    /// Leaves only these.
    pub fn only(&mut self, faults: &[Fault]) {
        self.found.retain(|fault, _| faults.contains(fault));
    }

    /// The faults of a severity, in the order of the table; no choices.
    pub fn faults(&self, severity: Severity) -> impl Iterator<Item = (Fault, &[Evidence])> {
        self.all().filter(move |(fault, _)| {
            let about = fault.about();
            about.severity == severity && about.force != Force::Choice
        })
    }

    /// What the RFC leaves open.
    pub fn choices(&self) -> impl Iterator<Item = (Fault, &[Evidence])> {
        self.all()
            .filter(|(fault, _)| fault.about().force == Force::Choice)
    }

    /// Faults and choices.
    pub fn all(&self) -> impl Iterator<Item = (Fault, &[Evidence])> {
        self.found
            .iter()
            .map(|(fault, evidence)| (*fault, evidence.as_slice()))
    }

    /// Whether there is no fault.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.count() == 0
    }

    /// How many faults there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let severities = Severity::ALL.iter();
        severities
            .map(|&severity| self.faults(severity).count())
            .sum()
    }
}
