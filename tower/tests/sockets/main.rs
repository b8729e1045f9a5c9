//! The layer in servers of axum and hyper, over sockets, HTTP/1.1 and HTTP/2.

#[path = "../../examples/services/services.rs"]
#[allow(clippy::duplicate_mod)]
mod services;

#[path = "../cases/mod.rs"]
mod cases;
mod client;
mod kinds;
mod others;
mod plain_hyper;
mod rules;
mod writes;
