//! `src/bin/picoserve.rs`.

mod common;

common::rules::rules!("picoserve");

/// RFC 9110 section 13.2.1: what would fail without the conditions fails with them.
#[test]
fn what_does_not_fit() {
    let server = common::Server::start(PROGRAM, &[]);
    let mut client = server.connect();
    let long = "x".repeat(257);
    for lines in ["", "If-Match: \"x\"\r\n"] {
        assert_eq!(client.put("/notes/first", lines, &long).status, 413);
    }
    for number in 2..=8 {
        let created = client.put(&format!("/notes/{number}"), "", "x");
        assert_eq!(created.status, 201);
    }
    for lines in ["", "If-Match: *\r\n"] {
        assert_eq!(client.put("/notes/9", lines, "x").status, 507);
    }
    assert_eq!(client.put("/notes/8", "If-Match: *\r\n", "y").status, 200);
    // More than the buffer holds: the rest is read, and the connection goes on.
    assert_eq!(client.put("/notes/8", "", &"x".repeat(9000)).status, 413);
    assert_eq!(client.get("/notes/8", "").content, b"y");
}
