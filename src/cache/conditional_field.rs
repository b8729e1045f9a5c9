//! A conditional field that a cache or a client sends (RFC 9110 section 13.1), and its value.

use core::fmt;

use crate::buffer::BufferTooSmall;
use crate::bytes::write_lossy;
use crate::cache::tags::{Client, List, NoLines};
use crate::conditions::Field;
use crate::padded::pad;
use crate::validators::{EntityTag, HttpDate};

/// A conditional field of a request, and its value; made by
/// [`ValidationRequest`](crate::cache::ValidationRequest),
/// [`MergedRequest`](crate::cache::MergedRequest) and
/// [`SelectionRequest`](crate::cache::SelectionRequest).
///
/// [`Display`](fmt::Display) writes the value; for values that are not UTF-8 use
/// [`encode`](Self::encode), which writes them byte for byte.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ConditionalField<'a, C = NoLines<'a>> {
    pub(super) field: Field,
    pub(super) value: Value<'a, C>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a, C> {
    Any,
    /// It has at least one tag.
    Tags(List<'a, C>),
    Tag(EntityTag<'a>),
    Date(HttpDate),
    AsReceived(&'a [u8]),
}

impl<'a> ConditionalField<'a> {
    /// The same, with lines that may come from a client.
    pub(super) fn with_lines<C>(self) -> ConditionalField<'a, C> {
        ConditionalField {
            field: self.field,
            value: match self.value {
                Value::Any => Value::Any,
                Value::Tags(list) => Value::Tags(List {
                    client: Client::NotMerged,
                    stored: list.stored,
                    which: list.which,
                }),
                Value::Tag(tag) => Value::Tag(tag),
                Value::Date(date) => Value::Date(date),
                Value::AsReceived(value) => Value::AsReceived(value),
            },
        }
    }
}

impl<'a, C, T> ConditionalField<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// Which field it is.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// The field's name, as the RFC spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.field.name()
    }

    /// The number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match &self.value {
            Value::Any => 1,
            Value::Tag(tag) => tag.encoded_len(),
            Value::Date(date) => date.encode().len(),
            Value::AsReceived(value) => value.len(),
            Value::Tags(list) => {
                let lengths = list.tags().map(|tag| tag.encoded_len().saturating_add(2));
                lengths.fold(0, usize::saturating_add).saturating_sub(2)
            }
        }
    }

    /// Writes the value to the front of `buffer`, every tag byte for byte as it was received, and
    /// returns what was written.
    ///
    /// ```
    /// use http_conditional::cache::{Response, ValidationRequest};
    /// use http_conditional::{EntityTag, Field};
    ///
    /// let tag = EntityTag::parse(b"\"caf\xe9\"")?; // ISO-8859-1
    /// let request = ValidationRequest::new(Response::new(200).etag(tag));
    /// let field = request.field(Field::IfNoneMatch).unwrap();
    /// let mut buffer = [0; 64];
    /// assert_eq!(field.encode(&mut buffer), Ok(b"\"caf\xe9\"".as_slice()));
    /// assert_eq!(field.encode(&mut []).unwrap_err().needed(), 6);
    /// # Ok::<(), http_conditional::InvalidEntityTag>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] where `buffer` is shorter than [`encoded_len`](Self::encoded_len).
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BufferTooSmall> {
        let needed = self.encoded_len();
        let buffer = buffer
            .get_mut(..needed)
            .ok_or(BufferTooSmall::new(needed))?;
        match &self.value {
            Value::Any => buffer.fill(b'*'),
            Value::Tag(tag) => {
                let _ = tag.encode(buffer)?;
            }
            Value::Date(date) => fill(buffer, &date.encode()),
            Value::AsReceived(value) => fill(buffer, value),
            Value::Tags(list) => {
                let mut rest = &mut *buffer;
                for tag in list.tags() {
                    let length = tag.encode(rest)?.len();
                    let after = rest.get_mut(length..).unwrap_or_default();
                    rest = match after {
                        [comma, space, next @ ..] => {
                            *comma = b',';
                            *space = b' ';
                            next
                        }
                        end => end,
                    };
                }
            }
        }
        Ok(buffer)
    }
}

#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
impl<'a, C, T> ConditionalField<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// The value as a header map takes it, byte for byte.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use http_conditional::EntityTag;
    /// use http_conditional::cache::{Response, ValidationRequest};
    ///
    /// let stored = Response::new(200).etag(EntityTag::from_static("\"v1\""));
    /// let mut headers = HeaderMap::new();
    /// for field in ValidationRequest::new(stored).fields() {
    ///     let name = http::HeaderName::from_bytes(field.name().as_bytes())?;
    ///     headers.insert(name, field.to_header_value()?);
    /// }
    /// assert_eq!(headers["if-none-match"], "\"v1\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidHeaderValue`](http::header::InvalidHeaderValue) if a malformed value that is sent
    /// [byte for byte](crate::cache::ValidationRequest::byte_for_byte) has a byte that is not
    /// allowed in a field value.
    pub fn to_header_value(&self) -> Result<http::HeaderValue, http::header::InvalidHeaderValue> {
        let mut value = std::vec![0; self.encoded_len()];
        http::HeaderValue::from_bytes(self.encode(&mut value).unwrap_or_default())
    }
}

/// As long as the shorter of the two.
fn fill(buffer: &mut [u8], value: &[u8]) {
    for (place, byte) in buffer.iter_mut().zip(value) {
        *place = *byte;
    }
}

impl<'a, C, T> fmt::Display for ConditionalField<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        pad(f, |f| match &self.value {
            Value::Any => f.write_str("*"),
            Value::Tag(tag) => tag.fmt(f),
            Value::Date(date) => date.fmt(f),
            Value::AsReceived(value) => write_lossy(f, value),
            Value::Tags(list) => {
                for (place, tag) in list.tags().enumerate() {
                    f.write_str(if place == 0 { "" } else { ", " })?;
                    tag.fmt(f)?;
                }
                Ok(())
            }
        })
    }
}

impl<'a, C, T> List<'a, C>
where
    C: IntoIterator<Item = &'a T> + Clone,
    T: AsRef<[u8]> + ?Sized + 'a,
{
    /// `None` where there is no tag: a list is never sent empty.
    pub(super) fn value(&self) -> Option<Value<'a, C>> {
        if let Client::Any = self.client {
            return Some(Value::Any);
        }
        self.tags().next()?;
        Some(Value::Tags(self.clone()))
    }
}

/// The conditional fields of a request, each once; made by
/// [`ValidationRequest::fields`](crate::cache::ValidationRequest::fields),
/// [`MergedRequest::fields`](crate::cache::MergedRequest::fields) and
/// [`SelectionRequest::fields`](crate::cache::SelectionRequest::fields).
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ConditionalFields<'a, C = NoLines<'a>> {
    pub(super) first: Option<ConditionalField<'a, C>>,
    pub(super) second: Option<ConditionalField<'a, C>>,
}

impl<'a, C> Iterator for ConditionalFields<'a, C> {
    type Item = ConditionalField<'a, C>;

    fn next(&mut self) -> Option<Self::Item> {
        self.first.take().or_else(|| self.second.take())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.first.is_some()) + usize::from(self.second.is_some());
        (left, Some(left))
    }
}

impl<C> ExactSizeIterator for ConditionalFields<'_, C> {}
impl<C> core::iter::FusedIterator for ConditionalFields<'_, C> {}
