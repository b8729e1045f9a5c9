//! What else a response invalidates (RFC 9111 section 4.4): Location and Content-Location.

use core::marker::PhantomData;

use crate::bytes::trim_ows;
use crate::line::LentLine;

/// The URI references in `Location` and `Content-Location` of a response that
/// [`invalidates`](crate::cache::invalidates) its target: what is stored for them may be
/// invalidated with it ([RFC 9111 section 4.4]).
///
/// `target` is the target URI, such as `http://example.com/a`. References to another origin, that
/// is, another scheme, host or port, have to be left out, and are: otherwise one origin could
/// invalidate what is stored of another. `fields` are the field lines of the response's header
/// section.
///
/// The references are given as the response has them: resolve relative ones against the target
/// before you look them up (RFC 3986 section 5.2).
///
/// ```
/// use http_conditional::cache::invalidates_also;
///
/// let fields = [
///     ("Location", "/orders/17"),
///     ("Content-Location", "HTTP://Example.com:80/orders"),
///     ("Content-Location", "http://example.org/orders"),
/// ];
/// let also: Vec<&[u8]> = invalidates_also("http://example.com/order", fields).collect();
/// assert_eq!(also, [b"/orders/17".as_slice(), b"HTTP://Example.com:80/orders"]);
/// ```
///
/// [RFC 9111 section 4.4]: https://www.rfc-editor.org/rfc/rfc9111#section-4.4
pub fn invalidates_also<'t, 'a, L: LentLine<'a>, I: IntoIterator<Item = L>>(
    target: &'t str,
    fields: I,
) -> AlsoInvalidated<'t, 'a, I::IntoIter> {
    AlsoInvalidated {
        target: Origin::of(target.as_bytes()),
        fields: fields.into_iter(),
        lent: PhantomData,
    }
}

/// The URI references that a response invalidates beside its target; made by
/// [`invalidates_also`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct AlsoInvalidated<'t, 'a, I> {
    target: Option<Origin<'t>>,
    fields: I,
    lent: PhantomData<&'a [u8]>,
}

impl<'a, L: LentLine<'a>, I: Iterator<Item = L>> Iterator for AlsoInvalidated<'_, 'a, I> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let target = self.target?;
        self.fields.find_map(|line| {
            let name = line.name();
            let is_reference = name.eq_ignore_ascii_case(b"Location")
                || name.eq_ignore_ascii_case(b"Content-Location");
            let reference = trim_ows(line.lent_value());
            (is_reference && target.is_of(reference)).then_some(reference)
        })
    }
}

/// Scheme, host and port (RFC 9110 section 4.3.1).
#[derive(Clone, Copy, Debug)]
struct Origin<'a> {
    scheme: &'a [u8],
    host: &'a [u8],
    /// Empty where it is the scheme's own.
    port: &'a [u8],
}

impl<'a> Origin<'a> {
    /// ```abnf
    /// URI       = scheme ":" "//" authority path-abempty [ "?" query ]
    /// scheme    = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    /// authority = [ userinfo "@" ] host [ ":" port ]
    /// ```
    fn of(uri: &'a [u8]) -> Option<Self> {
        let (scheme, rest) = split_scheme(uri)?;
        Self::of_authority(scheme, rest)
    }

    /// Of what follows the scheme and its colon.
    fn of_authority(scheme: &'a [u8], rest: &'a [u8]) -> Option<Self> {
        let rest = rest.strip_prefix(b"//")?;
        let is_end = |byte: &u8| matches!(byte, b'/' | b'?' | b'#');
        let authority = rest.split(is_end).next()?;
        let host_and_port = authority.rsplit(|&byte| byte == b'@').next()?;
        // A colon within brackets is one of an IPv6 address.
        let colon = host_and_port.iter().rposition(|&byte| byte == b':');
        let colon = colon.filter(|&colon| {
            let after = host_and_port.get(colon..).unwrap_or_default();
            !after.contains(&b']')
        });
        let (host, port) = match colon {
            Some(colon) => (host_and_port.get(..colon)?, host_and_port.get(colon + 1..)?),
            None => (host_and_port, &[][..]),
        };
        let own: &[u8] = if scheme.eq_ignore_ascii_case(b"http") {
            b"80"
        } else if scheme.eq_ignore_ascii_case(b"https") {
            b"443"
        } else {
            b""
        };
        let port = if port == own { &[][..] } else { port };
        (!host.is_empty()).then_some(Self { scheme, host, port })
    }

    /// Whether a reference in a response of this origin is to this origin.
    fn is_of(self, reference: &[u8]) -> bool {
        // Browsers take a backslash for a slash, others do not, so it counts as another origin.
        let is_plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'\\';
        if reference.is_empty() || !reference.iter().all(is_plain) {
            return false;
        }
        let other = match split_scheme(reference) {
            Some((scheme, rest)) => Origin::of_authority(scheme, rest),
            None if reference.starts_with(b"//") => Origin::of_authority(self.scheme, reference),
            None => return true,
        };
        other.map_or(false, |other| {
            self.scheme.eq_ignore_ascii_case(other.scheme)
                && self.host.eq_ignore_ascii_case(other.host)
                && self.port == other.port
        })
    }
}

/// The scheme, and what follows its colon; `None` of a relative reference.
fn split_scheme(reference: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = reference
        .iter()
        .position(|byte| matches!(byte, b':' | b'/' | b'?' | b'#'))?;
    let (scheme, rest) = (reference.get(..end)?, reference.get(end..)?);
    match rest {
        [b':', rest @ ..] => Some((scheme, rest)),
        _ => None,
    }
}
