//! What the server does with the request (RFC 9110 section 13.2).

use core::fmt;

/// What the server does with the request.
///
/// It is exhaustive on purpose: a server handles every outcome.
///
/// ```
/// use http_conditional::Decision;
///
/// fn respond(decision: Decision) -> &'static str {
///     match decision {
///         Decision::Perform => "200, or 206 where there is a Range",
///         Decision::PerformIgnoringRange => "200",
///         Decision::NotModified => "304",
///         Decision::PreconditionFailed => "412",
///     }
/// }
/// # assert_eq!(respond(Decision::NotModified), "304");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Decision {
    /// Perform the method, or give the answer that the request gets without its conditions. If
    /// there is a Range, it applies.
    Perform,
    /// As [`Perform`](Self::Perform), as if there were no Range.
    PerformIgnoringRange,
    /// Do not perform the method; answer 304 Not Modified.
    NotModified,
    /// Do not perform the method; answer 412 Precondition Failed.
    PreconditionFailed,
}

impl Decision {
    /// The status code that the decision calls for: 304 or 412, and `None` where the method is
    /// performed, since the method decides then.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Perform | Self::PerformIgnoringRange => None,
            Self::NotModified => Some(304),
            Self::PreconditionFailed => Some(412),
        }
    }
}

/// Writes the decision for people, such as `304 Not Modified`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Perform => "perform the method",
            Self::PerformIgnoringRange => "perform the method, ignoring Range",
            Self::NotModified => "304 Not Modified",
            Self::PreconditionFailed => "412 Precondition Failed",
        })
    }
}
