//! The way to the server behind `cache` and `proxy`, inbound (RFC 9110 section 3.7).

mod base;
mod end_to_end;
mod send;

pub(crate) use self::base::Base;
pub(crate) use self::end_to_end::end_to_end;
pub(crate) use self::send::{Lost, send};
