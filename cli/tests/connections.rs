//! What holds for the connections of `serve`, `cache` and `proxy` alike.

mod common;

use std::thread;
use std::time::Duration;

use common::{Server, TempDir};

/// RFC 9112 section 3.2: a request of HTTP/1.1 has one Host, none has more, and it is a host.
#[test]
fn one_host() {
    let serve = Server::start("serve", &[]);
    let origin = format!("http://{}", serve.address);
    let cache = Server::start("cache", &[&origin]);
    let proxy = Server::start("proxy", &[&origin]);
    for (version, lines, is_right) in [
        ("1.1", &["a"][..], true),
        ("1.1", &["a:80"], true),
        ("1.1", &["a:"], true),
        ("1.1", &[""], true),
        ("1.1", &["my_program.example"], true),
        ("1.1", &["a%20b;!$&'()*+,=~"], true),
        ("1.1", &["[::1]:3000"], true),
        ("1.1", &["[v1.a:b]"], true),
        ("1.0", &[], true),
        ("1.0", &["a"], true),
        ("1.1", &[], false),
        ("1.1", &["a", "a"], false),
        ("1.0", &["a", "b"], false),
        ("1.0", &["a b"], false),
        ("1.1", &["a b/?"], false),
        ("1.1", &["a/"], false),
        ("1.1", &["a?"], false),
        ("1.1", &["user@a"], false),
        ("1.1", &["a, b"], false),
        ("1.1", &["a:80:80"], false),
        ("1.1", &["a:b"], false),
        ("1.1", &["::1"], false),
        ("1.1", &["[::1"], false),
        ("1.1", &["[::1]a"], false),
        ("1.1", &["[a]"], false),
        ("1.1", &["[v.a]"], false),
        ("1.1", &["a%2"], false),
        ("1.1", &["a%zz"], false),
        ("1.1", &["\u{e9}"], false),
    ] {
        let fields: Vec<String> = lines
            .iter()
            .map(|host| format!("Host: {host}\r\n"))
            .collect();
        let fields = fields.concat();
        for (name, server) in [("serve", &serve), ("cache", &cache), ("proxy", &proxy)] {
            let request = format!("GET /notes.txt HTTP/{version}\r\n{fields}\r\n");
            let status = server.request(&request).status;
            assert_eq!(status, if is_right { 200 } else { 400 }, "{name} {request}");
        }
    }
}

/// RFC 9112 section 9.6: content that is not wanted may come as slowly as any other, and the
/// connection is of use after it.
#[test]
fn unwanted_content_may_come_slowly() {
    let directory = TempDir::new();
    directory.write("file.txt", "data");
    let options = ["--writable", "--head-timeout", "1", "--idle-timeout", "1"];
    let server = Server::start(
        "serve",
        &[&["--dir", directory.as_str()], &options[..]].concat(),
    );
    let mut client = server.connect();
    let refused = client.request(
        "PUT /file.txt HTTP/1.1\r\nHost: localhost\r\nIf-Match: \"old\"\r\nContent-Length: 12\r\n\r\n",
    );
    assert_eq!(refused.status, 412);
    for _ in 0..12 {
        thread::sleep(Duration::from_millis(300));
        client.send("x");
    }
    let after = client.request("GET /file.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!((after.status, &*after.content), (200, &b"data"[..]));
    // From then on the usual limits hold.
    client.send("GET /file.txt HT");
    assert!(client.is_closed());
}
