//! A field line (RFC 9110 section 5), lent or owned.

/// A field line of a header section: a name and a value.
///
/// A pair of anything that is bytes is one, and so is a reference to such a pair. So wherever field
/// lines are asked for, you can pass an `&http::HeaderMap`, an array or a slice of pairs of
/// strings, a `Vec` of pairs by value or by reference, or an iterator that makes pairs out of
/// whatever your server has.
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
/// It is sealed: if your lines have another shape, make pairs of them.
pub trait Line: sealed::Sealed {
    /// The name of the field, in upper or lower case, as it came.
    fn name(&self) -> &[u8];

    /// The value, without the line end.
    fn value(&self) -> &[u8];
}

/// A field line whose value is borrowed for `'a`: a pair whose second part is a reference, or a
/// reference to a pair.
///
/// Functions that keep something of the value ask for it: the ranges of a Range, say.
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

/// The value of a field that has a single value: none if it has more than one line, because nobody
/// can tell which of them to believe.
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

    /// As it came: white space around it is for those who read it to take off.
    pub(crate) fn value(self) -> Option<&'a [u8]> {
        self.value.filter(|_| !self.repeated)
    }
}
