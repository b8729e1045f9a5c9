//! Methods (RFC 9110 section 9), as far as conditions tell them apart.

/// What a method is to the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// QUERY (RFC 10008): its conditions and its `Range` mean what they mean for
    /// GET.
    Query,
    /// The other methods that the registry calls safe and that select a
    /// representation.
    OtherSafe,
    /// What changes the state, and what nobody knows.
    Other,
    /// OPTIONS and TRACE: safe, and without a selected representation.
    Exempt,
    /// CONNECT: without a selected representation as well, but not safe.
    Connect,
}

impl Method {
    /// Section 9.1: "The method token is case-sensitive".
    #[must_use]
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"QUERY" => Self::Query,
            b"PROPFIND" | b"REPORT" | b"SEARCH" | b"PRI" => Self::OtherSafe,
            b"OPTIONS" | b"TRACE" => Self::Exempt,
            b"CONNECT" => Self::Connect,
            _ => Self::Other,
        }
    }

    /// The column "Safe" of the registry (section 16.1.1). A method that is not
    /// known may do anything.
    #[must_use]
    pub fn is_safe(self) -> bool {
        match self {
            Self::Get | Self::Head | Self::Query | Self::OtherSafe | Self::Exempt => true,
            Self::Other | Self::Connect => false,
        }
    }

    /// Whether the answer is the selected representation: a false
    /// `If-None-Match` is then a 304, `If-Modified-Since` counts, and no other
    /// representation than the selected one is of any use.
    #[must_use]
    pub fn retrieves(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Query)
    }

    /// Section 14.2: "A server MUST ignore a Range header field received with a
    /// request method that is unrecognized or for which range handling is not
    /// defined." GET has it there, and QUERY in RFC 10008.
    #[must_use]
    pub fn has_ranges(self) -> bool {
        matches!(self, Self::Get | Self::Query)
    }

    /// Section 13.2.1: "a server MUST ignore the conditional request header
    /// fields defined by this specification when received with a request method
    /// that does not involve the selection or modification of a selected
    /// representation, such as CONNECT, OPTIONS, or TRACE."
    #[must_use]
    pub fn selects_or_modifies(self) -> bool {
        !matches!(self, Self::Exempt | Self::Connect)
    }
}
