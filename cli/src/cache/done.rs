//! What was done with a request, as the log says it.

use std::fmt;

/// What was done with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Fresh,
    Stored,
    RevalidatedByTag,
    RevalidatedByDate,
    RevalidatedForClient,
    Replaced,
    Completed,
    Updated,
    Answered,
    Forwarded,
    Invalidated,
    StaleOriginDead,
    StaleOriginFailed,
    Unreachable,
    Refused,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fresh => "fresh",
            Self::Stored => "stored",
            Self::RevalidatedByTag => "revalidated by tag",
            Self::RevalidatedByDate => "revalidated by date",
            Self::RevalidatedForClient => "revalidated for the client",
            Self::Replaced => "replaced",
            Self::Completed => "completed",
            Self::Updated => "updated by HEAD",
            Self::Answered => "answered here, by Max-Forwards",
            Self::Forwarded => "forwarded",
            Self::Invalidated => "forwarded, and invalidated what was stored",
            Self::StaleOriginDead => "stale, because the origin is dead",
            Self::StaleOriginFailed => "stale, because the origin failed",
            Self::Unreachable => "the origin is dead",
            Self::Refused => "refused",
        })
    }
}
