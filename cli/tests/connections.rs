//! What holds for the connections of `serve`, `cache` and `proxy` alike.

mod common;

use common::Server;

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
