//! How a request guards a write (RFC 9110 section 13.1, RFC 6585 section 3).

/// How a request guards against lost updates; made by [`Preconditions::guards_write`].
///
/// The weaker ones come first, so that a server that insists on a strong guard compares:
///
/// ```
/// use http_conditional::{Guard, HttpDate, Method, Preconditions, Representation};
///
/// let modified = HttpDate::from_unix(784_111_777)?;
/// let current = Representation::current().last_modified(modified);
/// let mut put = Preconditions::new(Method::Other, current);
/// put.field(b"If-Unmodified-Since", b"Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(put.guards_write(), Guard::Date);
/// let status = if put.guards_write() < Guard::Strong { 428 } else { 204 };
/// assert_eq!(status, 428);
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
///
/// It is exhaustive on purpose: a server decides about every guard.
///
/// [`Preconditions::guards_write`]: crate::Preconditions::guards_write
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// Not at all: there is no condition, or none that counts.
    None,
    /// By an If-Unmodified-Since that is not ignored. Of two writes within the second that its
    /// date names, the later one overwrites the earlier.
    Date,
    /// By an If-Match that is not malformed, or by `If-None-Match: *`.
    ///
    /// A strong tag guards against every change. With `If-Match: *` a client says that it
    /// overwrites whatever there is: that guards against a deletion only, and is its own decision.
    /// Where [`Policy::weak_if_match`](crate::Policy::weak_if_match) accepts a weak tag, it guards
    /// against the changes for which the tag changes.
    Strong,
}
