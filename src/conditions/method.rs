//! Request methods, as conditions see them (RFC 9110 sections 9 and 13.2.1).

/// How a request method takes part in conditional requests (RFC 9110 sections 9 and 13.2.1).
///
/// Method names are case-sensitive: `get` is some other method.
///
/// ```
/// use http_conditional::Method;
///
/// assert_eq!(Method::from("GET"), Method::Get);
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
    /// Every other method that selects or modifies a representation, and every method that is
    /// not known: a false condition is answered 412.
    Other,
    /// `CONNECT`, `OPTIONS`, `TRACE`, and what else neither selects nor modifies a
    /// representation: conditions are ignored.
    Exempt,
}

impl Method {
    /// The method of this name. Any bytes are taken: what is not known is
    /// [`Other`](Self::Other).
    ///
    /// ```
    /// use http_conditional::Method;
    ///
    /// assert_eq!(Method::from_bytes(b"HEAD"), Method::Head);
    /// ```
    #[must_use]
    pub const fn from_bytes(method: &[u8]) -> Self {
        match method {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"CONNECT" | b"OPTIONS" | b"TRACE" => Self::Exempt,
            _ => Self::Other,
        }
    }
}

/// Whatever is text: a `&str`, a `&String`, a `&http::Method`.
///
/// ```
/// use http_conditional::Method;
///
/// assert_eq!(Method::from(&http::Method::HEAD), Method::Head);
/// ```
impl<T: AsRef<str> + ?Sized> From<&T> for Method {
    fn from(method: &T) -> Self {
        Self::from_bytes(method.as_ref().as_bytes())
    }
}
