//! `src/bin/hyper.rs`.

mod common;

common::rules::rules!("hyper");

#[test]
fn ranges() {
    let server = common::Server::start(PROGRAM, &[]);
    common::rules::ranges(&server);
    common::rules::several_ranges_are_ignored(&server);
}
