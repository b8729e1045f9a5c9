//! `src/bin/hyper.rs`.

mod common;

common::rules::rules!("hyper");

#[test]
fn ranges() {
    common::rules::ranges(&common::Server::start(PROGRAM, &[]));
}
