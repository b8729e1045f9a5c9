//! `src/bin/tower.rs`.

mod common;

common::rules::rules!("tower");

#[test]
fn ranges() {
    common::rules::ranges(&common::Server::start(PROGRAM, &[]));
}
