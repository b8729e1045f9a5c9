//! Replaces HTTP-date (RFC 9110 section 5.6.7) if the feature `dates` is off: a type that has no
//! value, so that every branch that would need one is left out of the binary.

use core::fmt;

use super::Representation;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum HttpDate {}

impl HttpDate {
    /// No value is read.
    pub(crate) const fn parse(_: &[u8], _: Option<Self>) -> Result<Self, ()> {
        Err(())
    }

    pub(crate) const fn encode(self) -> [u8; 29] {
        match self {}
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

#[derive(Clone, Copy)]
// Never read in this build.
#[allow(dead_code)]
pub(crate) struct Spelling {
    pub(crate) any_case: bool,
    pub(crate) lenient: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Received {
    pub(crate) date: HttpDate,
    pub(crate) leap_second: bool,
}

impl Received {
    /// No value is read.
    pub(crate) const fn parse<const STRICT: bool>(
        _: &[u8],
        _: Option<HttpDate>,
        _: Spelling,
    ) -> Result<Self, ()> {
        Err(())
    }
}

impl Representation<'_> {
    pub(crate) const fn maybe_last_modified(self, _: Option<HttpDate>) -> Self {
        self
    }

    pub(crate) const fn modified(self) -> Option<HttpDate> {
        self.last_modified.0
    }

    pub(crate) const fn strongly_modified(self) -> Option<HttpDate> {
        self.last_modified.0
    }
}
