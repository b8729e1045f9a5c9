//! The whole response: its status, the changes to its fields, and how much of the content is sent
//! (RFC 9110 sections 13.2.2, 14.2 and 15.3.7).

mod admit;
mod boundary;
mod content;
#[cfg(feature = "http")]
mod http;
mod judged;
mod multipart;
mod parts;
mod policy;
mod retrieval;
mod value;

#[cfg(feature = "http")]
pub use self::http::{ReplyMultipart, reply, reply_head, reply_in_parts};
pub use admit::{AdmitPolicy, Admitted, Refusal, RefusalReason, admit};
pub use boundary::Boundary;
pub use content::{Content, ContentInParts};
pub use multipart::{Multipart, Piece};
pub use parts::ReplyParts;
pub use policy::ReplyPolicy;
pub use retrieval::{Change, Changes, Reply};
pub use value::{FieldValue, ValidatorFields};
