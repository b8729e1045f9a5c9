//! How long the content of a 200 is, and how a HEAD says so (RFC 9110 section 8.6).

use http::StatusCode;
use http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use http_body::{Body, SizeHint};

use crate::body::ConditionalBody;

/// Whether the inner service may have dropped the content, so that there is none to count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    No,
    /// It answers a HEAD.
    Maybe,
}

impl Dropped {
    /// How long the content of the 200 is, where that is known and agreed.
    pub(crate) fn length(self, fields: &HeaderMap, counted: Option<u64>) -> Option<u64> {
        let mut lines = fields.get_all(CONTENT_LENGTH).iter();
        let said = match (lines.next(), lines.next()) {
            (Some(line), None) => Some(number(line.as_bytes())?),
            (None, _) => None,
            (Some(_), Some(_)) => return None,
        };
        let counted = counted.filter(|&bytes| bytes > 0 || self == Self::No);
        match (said, counted) {
            (Some(said), Some(counted)) if said != counted => None,
            (said, counted) => said.or(counted),
        }
    }

    /// Says in the answer to a HEAD how long the content would be. Whoever writes the response has
    /// no content to count.
    pub(crate) fn answer<B: Body>(
        self,
        status: StatusCode,
        fields: &mut HeaderMap,
        size: SizeHint,
    ) -> ConditionalBody<B> {
        ConditionalBody::nothing(match self.length(fields, size.exact()) {
            Some(length) => {
                let has_length = matches!(status.as_u16(), 204 | 304)
                    || fields.contains_key(CONTENT_LENGTH)
                    || fields.contains_key(TRANSFER_ENCODING);
                if !has_length {
                    // It may be left out, so a map that has no room for it does no harm.
                    let _ = fields.try_insert(CONTENT_LENGTH, length.into());
                }
                SizeHint::with_exact(length)
            }
            None if size.exact() == Some(0) && self == Self::Maybe => SizeHint::new(),
            None => size,
        })
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.parse().ok().filter(|_| digits[0] != b'+')
}
