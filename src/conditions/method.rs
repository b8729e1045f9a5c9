//! Request methods, as conditions see them (RFC 9110 sections 9 and 13.2.1, RFC 10008).

use crate::bytes::{BY_WORDS, place_in};

/// How a request method takes part in conditional requests (RFC 9110 sections 9 and 13.2.1; for
/// QUERY, RFC 10008).
///
/// Method names are case-sensitive: `get` is some other method.
///
/// ```
/// use http_conditional::Method;
///
/// assert_eq!(Method::from("GET"), Method::Get);
/// assert_eq!(Method::from("PROPFIND"), Method::OtherSafe);
/// assert_eq!(Method::from("PATCH"), Method::Other);
/// assert_eq!(Method::from("OPTIONS"), Method::Exempt);
/// assert_eq!(Method::from("get"), Method::Other);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`: a false If-None-Match or If-Modified-Since is answered 304, and Range has a meaning.
    Get,
    /// `HEAD`: as `GET`, without Range.
    Head,
    /// `QUERY`: as `GET`. Its selected representation is what a GET of the equivalent resource
    /// would select: the answer to this very query.
    Query,
    /// The other methods that are registered as safe and select a representation, `PROPFIND`,
    /// `REPORT`, `SEARCH` and `PRI`: evaluated as [`Other`](Self::Other), but nothing is written.
    OtherSafe,
    /// Every other method that selects or modifies a representation, and every unknown method: a
    /// false condition is answered 412.
    Other,
    /// `OPTIONS`, `TRACE`, and other safe methods that select no representation: conditions are
    /// ignored.
    Exempt,
    /// `CONNECT`: conditions are ignored, and it is not safe.
    Connect,
}

impl Method {
    /// The method of this name, as the request line has it.
    ///
    /// ```
    /// use http_conditional::Method;
    ///
    /// assert_eq!(Method::from_bytes(b"QUERY"), Method::Query);
    /// ```
    #[inline]
    #[must_use]
    pub const fn from_bytes(method: &[u8]) -> Self {
        const GE: u16 = u16::from_le_bytes(*b"GE");
        match method {
            // The commonest at once, and inlined: a third of the instructions. Two letters are
            // compared as one number: two instructions less.
            [g, e, b'T'] if BY_WORDS && u16::from_le_bytes([*g, *e]) == GE => Self::Get,
            _ => Self::named(method),
        }
    }

    /// Any method; but GET only where no words are read.
    const fn named(method: &[u8]) -> Self {
        // As numbers, which are compared faster than byte strings.
        const HEAD: u64 = packed(b"HEAD");
        const QUERY: u64 = packed(b"QUERY");
        const OPTIONS: u64 = packed(b"OPTIONS");
        const TRACE: u64 = packed(b"TRACE");
        const CONNECT: u64 = packed(b"CONNECT");
        const PROPFIND: u64 = packed(b"PROPFIND");
        const REPORT: u64 = packed(b"REPORT");
        const SEARCH: u64 = packed(b"SEARCH");
        const PRI: u64 = packed(b"PRI");
        if !BY_WORDS {
            let list = b"GET HEAD QUERY PROPFIND REPORT SEARCH PRI OPTIONS TRACE CONNECT ";
            return match place_in(list, method) {
                0 => Self::Get,
                1 => Self::Head,
                2 => Self::Query,
                3..=6 => Self::OtherSafe,
                7 | 8 => Self::Exempt,
                9 => Self::Connect,
                _ => Self::Other,
            };
        }
        match packed(method) {
            HEAD => Self::Head,
            QUERY => Self::Query,
            OPTIONS | TRACE => Self::Exempt,
            CONNECT => Self::Connect,
            PROPFIND | REPORT | SEARCH | PRI => Self::OtherSafe,
            _ => Self::Other,
        }
    }

    /// Whether the method is safe, by the registry of methods (RFC 9110 sections 9.2.1 and 16.1.1):
    /// the client asks for no change, and what caches store stays valid.
    ///
    /// ```
    /// use http_conditional::Method;
    ///
    /// assert!(Method::from("QUERY").is_safe());
    /// assert!(!Method::from("POST").is_safe());
    /// ```
    #[must_use]
    pub const fn is_safe(self) -> bool {
        !matches!(self, Self::Other | Self::Connect)
    }

    /// Whether a false condition can be answered 304: the method asks for the selected
    /// representation, which the client may have already.
    pub(crate) const fn can_be_not_modified(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Query)
    }

    /// Whether Range has a meaning (section 14.2; RFC 10008 for QUERY).
    pub(crate) const fn takes_ranges(self) -> bool {
        matches!(self, Self::Get | Self::Query)
    }

    /// Whether conditions count at all (section 13.2.1).
    pub(crate) const fn takes_conditions(self) -> bool {
        !matches!(self, Self::Exempt | Self::Connect)
    }
}

/// A name as a number that no other name has; 0 for one that is too long or begins with a zero.
const fn packed(name: &[u8]) -> u64 {
    let mut packed = 0;
    let mut rest = match name {
        [1..=0xff, ..] if name.len() <= 8 => name,
        _ => &[],
    };
    while let [byte, after @ ..] = rest {
        packed = packed << 8 | *byte as u64;
        rest = after;
    }
    packed
}

/// The method of this name: `&str`, `&String`, `&http::Method`.
impl<T: AsRef<str> + ?Sized> From<&T> for Method {
    fn from(method: &T) -> Self {
        Self::from_bytes(method.as_ref().as_bytes())
    }
}
