//! Updating what is stored (RFC 9111 sections 3.2, 4.3.5 and 4.4).

use crate::bytes::trim_ows;
use crate::cache::response::Response;
use crate::conditions::Method;
use crate::validators::EntityTag;

/// Which fields of a response a cache stores ([RFC 9111 section 3.1]), and which of them go into
/// a stored response that it updates ([section 3.2]).
///
/// An update goes through the field names of the newer response: a 304, the 200 to a HEAD, or
/// another part. If [`updates`](Self::updates) says so, its lines of that name replace the stored
/// ones, or are added if there are none. All other stored fields are kept as they are, including
/// those that the newer response does not have.
///
/// | field | stored | updated |
/// |---|---|---|
/// | `Connection`, and every field that it names | – | – |
/// | `Keep-Alive`, `Proxy-Connection`, `TE`, `Transfer-Encoding`, `Upgrade` | – | – |
/// | `Proxy-Authenticate`, `Proxy-Authentication-Info`, `Proxy-Authorization` | – | – |
/// | `Content-Length`, `Content-Range`, `Trailer` | yes | – |
/// | those that the cache [excepts](Self::except) | yes | – |
/// | every other, whatever its name begins with, known or not | yes | yes |
///
/// A trailer section is never mixed into the header section, so leave it out.
///
/// ```
/// use http_conditional::cache::StorableFields;
/// use http::HeaderMap;
///
/// fn update(stored: &mut HeaderMap, newer: &HeaderMap) {
///     let connection = newer.get_all("connection");
///     let fields = StorableFields::new(&connection);
///     for name in newer.keys().filter(|name| fields.updates(name.as_ref())) {
///         stored.remove(name);
///         for value in newer.get_all(name) {
///             stored.append(name, value.clone());
///         }
///     }
/// }
/// # let mut stored = HeaderMap::new();
/// # stored.insert("content-length", 10.into());
/// # stored.insert("x-old", 1.into());
/// # let mut newer = stored.clone();
/// # newer.insert("content-length", 0.into());
/// # newer.insert("x-hop", 1.into());
/// # newer.insert("connection", "X-Hop".parse()?);
/// # newer.insert("x-old", 2.into());
/// # update(&mut stored, &newer);
/// # assert_eq!(stored.len(), 2);
/// # assert_eq!(stored["content-length"], "10");
/// # assert_eq!(stored["x-old"], "2");
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
///
/// [RFC 9111 section 3.1]: https://www.rfc-editor.org/rfc/rfc9111#section-3.1
/// [section 3.2]: https://www.rfc-editor.org/rfc/rfc9111#section-3.2
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct StorableFields<'a, C> {
    connection: C,
    except: &'a [&'a str],
}

/// Those of the connection, and of the proxy that a cache forwards through.
const NOT_STORED: [&str; 9] = [
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authentication-Info",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Transfer-Encoding",
    "Upgrade",
];

/// Those that speak of the message they came with.
const NOT_UPDATED: [&str; 3] = ["Content-Length", "Content-Range", "Trailer"];

impl<'a, C, T> StorableFields<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// The fields of a response with these lines of `Connection`, if any. They are read again for
    /// every name.
    pub const fn new(connection: C) -> Self {
        Self {
            connection,
            except: &[],
        }
    }

    /// Does not update the fields of these names either, in upper or lower case. It is for fields
    /// that the stored form depends on, such as `Content-Encoding` if you store the content
    /// decoded, or `Content-Type` if you store it parsed. That should be exceptional, and limited
    /// to what keeps the stored response intact (section 3.2).
    ///
    /// ```
    /// use http_conditional::cache::StorableFields;
    ///
    /// let decoded = StorableFields::new([""]).except(&["Content-Encoding"]);
    /// assert!(!decoded.updates(b"content-encoding"));
    /// assert!(decoded.updates(b"content-language"));
    /// ```
    pub const fn except(mut self, names: &'a [&'a str]) -> Self {
        self.except = names;
        self
    }

    /// Whether a field of this name is stored with the response, in whatever case it is given.
    ///
    /// The arguments of `no-cache` and `private` in `Cache-Control`, which exclude further fields,
    /// are not looked at.
    ///
    /// ```
    /// use http_conditional::cache::StorableFields;
    ///
    /// let fields = StorableFields::new(["close, X-Hop"]);
    /// assert!(fields.stores(b"X-Unknown") && fields.stores(b"Content-Length"));
    /// assert!(!fields.stores(b"x-hop") && !fields.stores(b"connection"));
    /// ```
    #[must_use]
    pub fn stores(&self, name: &[u8]) -> bool {
        !is_among(name, &NOT_STORED) && !self.is_nominated(name)
    }

    /// Whether the lines of this name in the newer response replace the stored ones, or are added
    /// if there are none. The name may be in upper or lower case.
    ///
    /// The time it takes is linear in the length of the `Connection` lines.
    #[must_use]
    pub fn updates(&self, name: &[u8]) -> bool {
        !is_among(name, &NOT_UPDATED) && !is_among(name, self.except) && self.stores(name)
    }

    /// Whether `Connection` names the field.
    ///
    /// ```abnf
    /// Connection = #connection-option
    /// ```
    fn is_nominated(&self, name: &[u8]) -> bool {
        let mut options = self
            .connection
            .clone()
            .into_iter()
            .flat_map(|line| line.as_ref().split(|&byte| byte == b','));
        options.any(|option| trim_ows(option).eq_ignore_ascii_case(name))
    }
}

fn is_among(name: &[u8], names: &[&str]) -> bool {
    names
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// What a response to a HEAD means for a stored response to a GET; made by [`on_head`].
///
/// It is exhaustive on purpose: a cache handles every outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum OnHead {
    /// Update its fields from the HEAD's, as [`StorableFields`] says.
    Update,
    /// Consider it stale.
    MarkStale,
    /// Nothing: the response to the HEAD is not a 200.
    Keep,
}

/// What a response to a HEAD means for a stored response that could have been chosen for a GET of
/// the same ([RFC 9111 section 4.3.5]).
///
/// A stored response is updated if it has every validator of the response to the HEAD, and its
/// `Content-Length` if that has one. Otherwise the content may have changed, and it is stale.
///
/// ```
/// use http_conditional::EntityTag;
/// use http_conditional::cache::{OnHead, Response, on_head};
///
/// let stored = Response::new(200)
///     .etag(EntityTag::from_static("\"a\""))
///     .complete_length(10);
/// let head = Response::new(200);
/// assert_eq!(on_head(head, stored), OnHead::Update);
/// assert_eq!(on_head(head.complete_length(11), stored), OnHead::MarkStale);
/// ```
///
/// [RFC 9111 section 4.3.5]: https://www.rfc-editor.org/rfc/rfc9111#section-4.3.5
pub fn on_head(head: Response<'_>, stored: Response<'_>) -> OnHead {
    if head.status() != 200 {
        return OnHead::Keep;
    }
    let identical = |tag: EntityTag<'_>| {
        stored.entity_tag().map_or(false, |stored| {
            tag.is_weak() == stored.is_weak() && tag.weak_eq(stored)
        })
    };
    let matches = head.entity_tag().map_or(true, identical)
        && head
            .modified()
            .map_or(true, |date| stored.modified() == Some(date))
        && head
            .length()
            .map_or(true, |length| stored.length() == Some(length));
    if matches {
        OnHead::Update
    } else {
        OnHead::MarkStale
    }
}

/// Whether the response to a request with this method invalidates what is stored for its target URI
/// ([RFC 9111 section 4.4]). It does if it is not an error, and the method is not known to be safe.
/// A 412 does not.
///
/// ```
/// use http_conditional::Method;
/// use http_conditional::cache::invalidates;
///
/// assert!(invalidates(Method::from("PUT"), 204));
/// assert!(!invalidates(Method::from("PUT"), 412));
/// assert!(!invalidates(Method::from("QUERY"), 200));
/// ```
///
/// [RFC 9111 section 4.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.4
#[must_use]
pub const fn invalidates(method: Method, status: u16) -> bool {
    !method.is_safe() && matches!(status, 200..=399)
}
