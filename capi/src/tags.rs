//! Entity tags, read, compared and made (RFC 9110 section 8.8.3).

use core::ffi::c_int;

use http_conditional::EntityTag;

use crate::error::{Error, answer};
use crate::memory;
use crate::text::Text;

/// `hcond_tag` of the header: a tag that was read.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Tag {
    /// What is between the quotes: a pointer into the value that was read.
    pub opaque: *const u8,
    /// How many bytes that is.
    pub length: usize,
    /// 1 or 0.
    pub weak: c_int,
}

fn parse(value: &[u8]) -> Result<EntityTag<'_>, Error> {
    EntityTag::parse(value).map_err(|_| Error::Tag)
}

fn write(tag: EntityTag<'_>, mut text: Text) -> Result<c_int, Error> {
    text.push(if tag.is_weak() { b"W/\"" } else { b"\"" });
    text.push(tag.opaque());
    text.push(b"\"");
    text.end()
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_tag_parse(value: *const u8, length: usize, tag: *mut Tag) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let parsed = parse(memory::bytes(value, length)?)?;
        memory::check(tag)?;
        let parsed = Tag {
            opaque: parsed.opaque().as_ptr(),
            length: parsed.opaque().len(),
            weak: parsed.is_weak().into(),
        };
        memory::put(tag, parsed)?;
        Ok(0)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_tag_write(
    opaque: *const u8,
    length: usize,
    weak: c_int,
    buffer: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let opaque = memory::bytes(opaque, length)?;
        let text = Text::new(buffer, size)?;
        let tag = if weak == 0 {
            EntityTag::strong(opaque)
        } else {
            EntityTag::weak(opaque)
        };
        write(tag.map_err(|_| Error::Tag)?, text)
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_tag_from_digest(
    digest: *const u8,
    length: usize,
    buffer: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let digest = memory::bytes(digest, length)?;
        let mut text = Text::new(buffer, size)?;
        // All contents would have one strong tag.
        if digest.is_empty() {
            return Err(Error::Argument);
        }
        text.push(b"\"");
        for byte in digest {
            let mut hexadecimal = [0; 2];
            EntityTag::from_digest(&[*byte], &mut hexadecimal).map_err(|_| Error::Size)?;
            text.push(&hexadecimal);
        }
        text.push(b"\"");
        text.end()
    })())
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_tag_from_file(
    size_of_file: u64,
    seconds: i64,
    nanoseconds: u32,
    strong: c_int,
    buffer: *mut u8,
    size: usize,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer(unsafe { Text::new(buffer, size) }.and_then(|text| {
        if nanoseconds > 999_999_999 {
            return Err(Error::Argument);
        }
        // Container images and package stores set these two, whatever the content.
        if let 0 | 1 = seconds {
            return Err(Error::Date);
        }
        let mut buffer = [0; EntityTag::SIZE_AND_MODIFIED_LEN];
        let tag =
            EntityTag::from_size_and_modified(size_of_file, seconds, nanoseconds, &mut buffer);
        if strong == 0 {
            write(tag, text)
        } else {
            write(
                EntityTag::strong(tag.opaque()).map_err(|_| Error::Tag)?,
                text,
            )
        }
    }))
}

/// See the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hcond_tag_matches(
    one: *const u8,
    one_length: usize,
    other: *const u8,
    other_length: usize,
    strongly: c_int,
) -> c_int {
    // SAFETY: the header requires it of the caller.
    answer((|| unsafe {
        let one = parse(memory::bytes(one, one_length)?)?;
        let other = parse(memory::bytes(other, other_length)?)?;
        let matches = if strongly == 0 {
            one.weak_eq(other)
        } else {
            one.strong_eq(other)
        };
        Ok(matches.into())
    })())
}
