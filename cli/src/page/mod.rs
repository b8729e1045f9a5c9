//! The page of the demo, and what it works with: the list of the last requests, a resource to try
//! requests on, and the sender of those requests.

pub(crate) mod journal;
pub(crate) mod local;
pub(crate) mod playground;
pub(crate) mod send;
