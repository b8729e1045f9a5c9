//! `src/bin/tower.rs`.

mod common;

common::rules::rules!("tower");

#[test]
fn ranges() {
    let server = common::Server::start(PROGRAM, &[]);
    common::rules::ranges(&server);
    common::rules::several_ranges_come_in_parts(&server);
}
