//! `src/bin/actix.rs`.

mod common;

common::rules::rules!("actix");
