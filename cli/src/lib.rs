//! What the program `http-conditional` is made of: a module for each subcommand. Internal: for the
//! program, its tests and its fuzz targets.

pub mod cache;
pub mod check;
mod connections;
pub mod explain;
pub mod generate;
mod inbound;
mod log;
mod page;
mod process;
pub mod proxy;
mod reasons;
pub mod serve;
