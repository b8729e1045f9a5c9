//! A field line (RFC 9110 section 5), lent or owned.

use crate::bytes::trim_ows;

/// A field line of a header section: a name and a value.
///
/// A pair of anything that is bytes is one, and so is a reference to such a pair. So all of these
/// are taken wherever the field lines of a message are asked for: an `&http::HeaderMap`, an array
/// or a slice of pairs of strings, a `Vec` of pairs by value or by reference, and an iterator that
/// makes pairs out of whatever a server has.
///
/// ```
/// use http_conditional::{Decision, Representation, evaluate};
///
/// let fields = vec![(String::from("If-None-Match"), b"*".to_vec())];
/// let current = Representation::current();
/// assert_eq!(evaluate("GET", current, &fields), Decision::NotModified);
/// assert_eq!(evaluate("PUT", current, fields), Decision::PreconditionFailed);
/// ```
///
/// It is sealed: whoever has lines of another shape makes pairs of them.
pub trait Line: sealed::Sealed {
    /// The name of the field, in whatever case it came.
    fn name(&self) -> &[u8];

    /// The value, without the line end.
    fn value(&self) -> &[u8];
}

/// A field line whose value is lent for as long as `'a`: a pair whose second is a reference, or a
/// reference to a pair.
///
/// It is asked for where something of the value is kept, as the ranges of a Range are.
///
/// ```
/// use http_conditional::{EntityTag, Representation};
///
/// let fields = vec![("etag", String::from("\"v1\""))];
/// let current = Representation::of_fields(&fields);
/// assert!(current.entity_tag().is_some_and(|tag| tag.opaque() == b"v1"));
/// ```
pub trait LentLine<'a>: Line {
    /// The value, without the line end.
    fn lent_value(&self) -> &'a [u8];
}

mod sealed {
    pub trait Sealed {}
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> sealed::Sealed for (N, V) {}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Line for (N, V) {
    fn name(&self) -> &[u8] {
        self.0.as_ref()
    }

    fn value(&self) -> &[u8] {
        self.1.as_ref()
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> sealed::Sealed for &(N, V) {}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> Line for &(N, V) {
    fn name(&self) -> &[u8] {
        self.0.as_ref()
    }

    fn value(&self) -> &[u8] {
        self.1.as_ref()
    }
}

impl<'a, N: AsRef<[u8]>, V: AsRef<[u8]> + ?Sized> LentLine<'a> for (N, &'a V) {
    fn lent_value(&self) -> &'a [u8] {
        self.1.as_ref()
    }
}

impl<'a, N: AsRef<[u8]>, V: AsRef<[u8]>> LentLine<'a> for &'a (N, V) {
    fn lent_value(&self) -> &'a [u8] {
        self.1.as_ref()
    }
}

/// The value of a field that is a single value: none where it has more than one line, since
/// nobody can tell which of them to believe.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Only<'a> {
    value: Option<&'a [u8]>,
    repeated: bool,
}

impl<'a> Only<'a> {
    pub(crate) fn line(&mut self, value: &'a [u8]) {
        self.repeated |= self.value.is_some();
        self.value = Some(value);
    }

    /// Without the white space around it.
    pub(crate) fn value(self) -> Option<&'a [u8]> {
        self.value.filter(|_| !self.repeated).map(trim_ows)
    }
}
