//! Field values (RFC 9110 section 5.5) that a reply sets, not written yet.

use core::fmt;

use super::Boundary;
use crate::buffer::{BufferTooSmall, Writer};
use crate::ranges::ContentRange;
use crate::validators::{EntityTag, HttpDate, Representation};

/// The value of a field to send: [`Display`](fmt::Display) and [`encode`](Self::encode) write it,
/// and with the feature `http`, `From` makes a `HeaderValue` of it.
///
/// ```
/// use http_conditional::{EntityTag, Representation};
///
/// let current = Representation::current().etag(EntityTag::from_static("\"v1\""));
/// let fields: Vec<_> = current.fields().map(|(name, value)| (name, value.to_string())).collect();
/// assert_eq!(fields, [("etag", String::from("\"v1\""))]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FieldValue<'a>(Value<'a>);

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Number(u64),
    Date(HttpDate),
    ContentRange(ContentRange),
    Tag(EntityTag<'a>),
    Multipart(&'a Boundary),
}

impl<'a> FieldValue<'a> {
    /// The number of bytes that are enough for every value that a [`Reply`](crate::Reply) sets.
    /// Entity tags may be longer.
    pub const MAX_LEN: usize = Boundary::MAX_CONTENT_TYPE;

    pub(super) const fn number(number: u64) -> Self {
        Self(Value::Number(number))
    }

    pub(super) const fn multipart(boundary: &'a Boundary) -> Self {
        Self(Value::Multipart(boundary))
    }

    /// Writes the value to the front of `buffer`, byte for byte, and returns what was written.
    ///
    /// ```
    /// use http_conditional::{ContentRange, FieldValue};
    ///
    /// let value = FieldValue::from(ContentRange::unsatisfied(10));
    /// assert_eq!(value.encode(&mut [0; FieldValue::MAX_LEN]), Ok(b"bytes */10".as_slice()));
    /// assert_eq!(value.encode(&mut []).unwrap_err().needed(), 10);
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] if `buffer` is too short for the value; what is in it then is of no use.
    pub fn encode(self, buffer: &mut [u8]) -> Result<&[u8], BufferTooSmall> {
        let mut writer = Writer::new(buffer);
        match self.0 {
            Value::Tag(tag) => tag.write(&mut writer),
            Value::Number(number) => writer.push_number(number),
            Value::Date(date) => writer.push(&date.encode()),
            Value::ContentRange(content_range) => content_range.write(&mut writer),
            Value::Multipart(boundary) => boundary.write_content_type(&mut writer),
        }
        writer.finish()
    }

    /// The entity tag, which may be longer than all others.
    #[cfg(feature = "http")]
    pub(super) fn tag(self) -> Option<EntityTag<'a>> {
        match self.0 {
            Value::Tag(tag) => Some(tag),
            _ => None,
        }
    }
}

impl<'a> From<EntityTag<'a>> for FieldValue<'a> {
    fn from(tag: EntityTag<'a>) -> Self {
        Self(Value::Tag(tag))
    }
}

impl From<HttpDate> for FieldValue<'_> {
    fn from(date: HttpDate) -> Self {
        Self(Value::Date(date))
    }
}

impl From<ContentRange> for FieldValue<'_> {
    fn from(content_range: ContentRange) -> Self {
        Self(Value::ContentRange(content_range))
    }
}

/// Writes the value; of an entity tag as [`EntityTag`] does.
impl fmt::Display for FieldValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Number(number) => number.fmt(f),
            Value::Date(date) => date.fmt(f),
            Value::ContentRange(content_range) => content_range.fmt(f),
            Value::Tag(tag) => tag.fmt(f),
            Value::Multipart(boundary) => {
                let mut buffer = [0; Boundary::MAX_CONTENT_TYPE];
                let mut writer = Writer::new(&mut buffer);
                boundary.write_content_type(&mut writer);
                f.pad(core::str::from_utf8(writer.written()).unwrap_or_default())
            }
        }
    }
}

/// The lines `etag` and `last-modified` of a representation, each a name and a value; made by
/// [`Representation::fields`], which shows how to send them.
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ValidatorFields<'a> {
    etag: Option<EntityTag<'a>>,
    last_modified: Option<HttpDate>,
}

impl<'a> Iterator for ValidatorFields<'a> {
    type Item = (&'static str, FieldValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(tag) = self.etag.take() {
            return Some(("etag", tag.into()));
        }
        let date = self.last_modified.take()?;
        Some(("last-modified", date.into()))
    }
}

/// Validators as fields.
impl<'a> Representation<'a> {
    /// The fields `etag` and `last-modified` with its validators, as far as it has them: for a 200,
    /// and for the success response to a write, see [`after_put`](Self::after_put). With the
    /// feature `http`, they go into a `HeaderMap` like this:
    ///
    /// ```
    /// # #[cfg(feature = "http")] {
    /// use http::Response;
    /// use http_conditional::{EntityTag, Representation};
    ///
    /// let written = Representation::current().etag(EntityTag::from_static("\"v2\""));
    /// let mut response = Response::builder().status(204).body(()).unwrap();
    /// for (name, value) in written.after_put(true).fields() {
    ///     response.headers_mut().insert(name, value.into());
    /// }
    /// assert_eq!(response.headers()["etag"], "\"v2\"");
    ///
    /// // The tag alone is shorter.
    /// let tag = EntityTag::from_static("\"v2\"");
    /// let response = Response::builder().status(204).header("etag", tag).body(()).unwrap();
    /// assert_eq!(response.headers()["etag"], "\"v2\"");
    /// # }
    /// ```
    ///
    /// Elsewhere, [`FieldValue`] writes itself:
    ///
    /// ```
    /// use http_conditional::{EntityTag, HttpDate, Representation};
    ///
    /// let current = Representation::current()
    ///     .etag(EntityTag::from_static("\"v1\""))
    ///     .last_modified(HttpDate::from_unix(784_111_777)?);
    /// let fields: Vec<_> = current.fields().map(|(name, value)| format!("{name}: {value}")).collect();
    /// assert_eq!(fields, ["etag: \"v1\"", "last-modified: Sun, 06 Nov 1994 08:49:37 GMT"]);
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    pub const fn fields(self) -> ValidatorFields<'a> {
        ValidatorFields {
            etag: self.entity_tag(),
            last_modified: self.modified(),
        }
    }
}
