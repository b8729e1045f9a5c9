//! The example server, over a socket: what RFC 9110 asks of an origin server's answers.

mod common;

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, SystemTime};

use common::{Client, Response, Server, TempDir};
use serde_json::json;

/// When the file was last modified: 784111777 seconds after the Unix epoch, and a bit.
const L: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const DATA: &str = "Some text.\n";

fn serve_directory(directory: &TempDir, options: &[&str]) -> Server {
    // A file that was written just now has a strong tag by its content only.
    let common = ["--dir", directory.as_str(), "--etag", "digest"];
    Server::start("serve", &[&common, options].concat())
}

fn set_modified(file: &Path, time: SystemTime) {
    let file = File::options().write(true).open(file).unwrap();
    file.set_modified(time).unwrap();
}

/// A request without content, its fields given as lines that end in CR LF.
fn request(method: &str, path: &str, fields: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}

fn put(path: &str, fields: &str, data: &str) -> String {
    let length = data.len();
    let head = request(
        "PUT",
        path,
        &format!("{fields}Content-Length: {length}\r\n"),
    );
    format!("{head}{data}")
}

fn get(server: &Server, path: &str) -> Response {
    server.request(request("GET", path, ""))
}

fn etag(response: &Response) -> String {
    response.text("etag").expect("an ETag").to_owned()
}

/// Where the representation that a case speaks of comes from.
enum On {
    /// A file with a strong tag, modified at `L`.
    File,
    /// A file that was modified this very second.
    FreshFile,
    /// A demo resource in memory.
    Memory(&'static str),
    /// A path in the directory where there is no file.
    Missing,
}

/// One of the twenty-five cases in which other servers disagree. In the fields, `TAG` is the
/// current entity tag, `OPAQUE` the same without quotes, and `LAST-MODIFIED` the current date.
type Case = (&'static str, On, &'static str, &'static str, u16);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("1", On::File, "PUT", "If-Match: \"old\"\r\n", 412),
    ("2", On::File, "PUT", "If-None-Match: W/TAG\r\n", 412),
    ("3", On::File, "PUT", "If-None-Match: *\r\n", 412),
    ("4, in one tag", On::File, "PUT", "If-Match: \"a,OPAQUE\"\r\n", 412),
    ("4, unquoted", On::File, "PUT", "If-Match: OPAQUE\r\n", 412),
    ("5", On::File, "GET", "Range: bytes=0-0\r\nIf-Match: \"old\"\r\n", 412),
    ("6", On::Memory("/weak"), "GET", "Range: bytes=0-0\r\nIf-Range: TAG\r\n", 200),
    ("7", On::File, "GET", "Range: bytes=0-0\r\nIf-Range: \"x\", TAG\r\n", 200),
    ("8", On::File, "GET", "Range: bytes=0-0\r\nIf-Range: Sun, 06 Nov 1994 08:49:38 GMT\r\n", 200),
    ("9", On::FreshFile, "GET", "Range: bytes=0-0\r\nIf-Range: LAST-MODIFIED\r\n", 200),
    ("10", On::File, "GET", "Range: bytes=0-0\r\nIf-Range: TAG\r\nIf-None-Match: TAG\r\n", 304),
    ("11", On::File, "GET", "Range: bytes=0-0\r\nIf-None-Match: W/TAG\r\n", 304),
    ("12, older", On::File, "GET", "If-None-Match: TAG\r\nIf-Modified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n", 304),
    ("12, garbage", On::File, "GET", "If-None-Match: TAG\r\nIf-Modified-Since: yesterday\r\n", 304),
    ("13", On::File, "GET", "If-None-Match: \"x\"\r\nIf-Modified-Since: LAST-MODIFIED\r\n", 200),
    ("14", On::File, "GET", "If-None-Match: garbage\r\nIf-Modified-Since: LAST-MODIFIED\r\n", 200),
    ("15, If-None-Match", On::File, "GET", "If-None-Match:\r\nIf-Modified-Since: LAST-MODIFIED\r\n", 200),
    ("15, If-Match", On::File, "GET", "If-Match:\r\n", 412),
    ("16, If-None-Match", On::Memory("/comma"), "GET", "If-None-Match: \"a,b\"\r\n", 304),
    ("16, If-Match", On::Memory("/comma"), "GET", "If-Match: \"a,b\"\r\n", 200),
    ("17", On::File, "GET", "If-Match: W/\"x\", TAG\r\n", 200),
    ("18", On::File, "GET", "If-Match: \"x\"\r\nIf-Match: TAG\r\n", 200),
    ("19", On::File, "GET", "If-Match: TAG\r\nIf-Unmodified-Since: Sat, 05 Nov 1994 08:49:37 GMT\r\n", 200),
    ("20, If-Unmodified-Since", On::File, "GET", "If-Unmodified-Since: foo\r\n", 200),
    ("20, If-Modified-Since", On::File, "GET", "If-Modified-Since: foo 2030\r\n", 200),
    ("21, a tag", On::Memory("/comma"), "GET", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 200),
    ("21, no validator", On::Memory("/bare"), "GET", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 200),
    ("22", On::File, "GET", "If-Unmodified-Since: LAST-MODIFIED\r\nIf-None-Match: TAG\r\n", 304),
    ("23, one line", On::File, "GET", "If-Modified-Since: LAST-MODIFIED, LAST-MODIFIED\r\n", 200),
    ("23, two lines", On::File, "GET", "If-Modified-Since: LAST-MODIFIED\r\nIf-Modified-Since: LAST-MODIFIED\r\n", 200),
    ("24, If-Match", On::Memory("/dated"), "GET", "If-Match: *\r\n", 200),
    ("24, If-None-Match", On::Memory("/dated"), "GET", "If-None-Match: *\r\n", 304),
    ("24, a tag", On::Memory("/dated"), "GET", "If-None-Match: \"x\"\r\n", 200),
    ("24, no validator, If-Match", On::Memory("/bare"), "GET", "If-Match: *\r\n", 200),
    ("24, no validator, If-None-Match", On::Memory("/bare"), "GET", "If-None-Match: *\r\n", 304),
    ("24, no validator, a tag", On::Memory("/bare"), "GET", "If-None-Match: \"x\"\r\n", 200),
    ("25, missing", On::Missing, "GET", "If-Match: *\r\n", 404),
    ("25, PUT", On::File, "PUT", "If-Modified-Since: LAST-MODIFIED\r\n", 204),
];

/// 9110-9.3.2-01, 9110-9.3.2-02, 9110-15.4.5-05: every case comes out as it should, a HEAD as its
/// GET, in either order of the fields, and the connection is of use after it.
#[test]
fn twenty_five_cases() {
    let directory = TempDir::new();
    let files = serve_directory(&directory, &["--writable"]);
    let memory = Server::start("serve", &[]);
    for (case, on, method, fields, status) in CASES {
        let (server, path) = match on {
            On::File => (&files, "/file.txt"),
            On::FreshFile => (&files, "/fresh.txt"),
            On::Missing => (&files, "/missing.txt"),
            On::Memory(path) => (&memory, *path),
        };
        let reversed: String = fields.split_inclusive('\n').rev().collect();
        for fields in [*fields, &reversed] {
            let methods: &[&str] = if *method == "GET" {
                &["GET", "HEAD"]
            } else {
                &[method]
            };
            for method in methods {
                directory.write("file.txt", DATA);
                let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_900);
                set_modified(&directory.path().join("file.txt"), modified);
                directory.write("fresh.txt", DATA);
                run_case(case, server, path, method, fields, *status);
            }
        }
    }
}

/// Each departure from RFC 9110 changes what it is about, and is off where nobody asks for it.
#[test]
fn departures_are_options() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    set_modified(&directory.path().join("file.txt"), modified);
    let by_the_rfc = serve_directory(&directory, &[]);
    let tag = etag(&get(&by_the_rfc, "/file.txt"));
    for (departure, fields, status, departing) in [
        ("--weak-if-match", "If-Match: W/TAG", 412, 200),
        ("--lenient-entity-tags", "If-None-Match: OPAQUE", 200, 304),
        (
            "--lenient-dates",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 UTC",
            200,
            304,
        ),
        (
            "--case-insensitive-dates",
            "If-Modified-Since: sun, 06 nov 1994 08:49:37 gmt",
            200,
            304,
        ),
        (
            "--exact-if-modified-since",
            "If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT",
            304,
            200,
        ),
        (
            "--if-range-by-date",
            "Range: bytes=0-0\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT",
            200,
            206,
        ),
    ] {
        let fields = fields
            .replace("TAG", &tag)
            .replace("OPAQUE", tag.trim_matches('"'));
        let get = request("GET", "/file.txt", &format!("{fields}\r\n"));
        assert_eq!(by_the_rfc.request(&get).status, status, "{fields}");
        let server = serve_directory(&directory, &[departure]);
        assert_eq!(server.request(&get).status, departing, "{departure}");
    }
    // It admits a write by the same policy.
    let write = |server: &Server| {
        let fields = format!("If-Match: W/{tag}\r\n");
        server.request(put("/file.txt", &fields, "New.")).status
    };
    assert_eq!(write(&serve_directory(&directory, &["--writable"])), 412);
    let departing = serve_directory(&directory, &["--writable", "--weak-if-match"]);
    assert_eq!(write(&departing), 204);
}

fn run_case(case: &str, server: &Server, path: &str, method: &str, fields: &str, status: u16) {
    let before = get(server, path);
    let tag = before.text("etag").unwrap_or_default();
    let modified = before.text("last-modified").unwrap_or_default();
    if path == "/file.txt" {
        assert_eq!(modified, L);
    }
    let fields = fields
        .replace("TAG", tag)
        .replace("OPAQUE", tag.trim_matches('"'))
        .replace("LAST-MODIFIED", modified);
    let mut client = server.connect();
    let response = client.request(match method {
        "PUT" => put(path, &fields, "New."),
        _ => request(method, path, &fields),
    });
    let context = format!("case {case}: {method} {path}\n{fields}");
    assert_eq!(response.status, status, "{context}");
    if method == "GET" && status == 200 {
        assert_eq!(response.content, before.content, "{context}");
    }
    if method == "HEAD" && status == 200 {
        let length = before.content.len().to_string();
        assert_eq!(response.text("content-length"), Some(&*length), "{context}");
        assert_eq!(response.names(), before.names(), "{context}");
    }
    // A byte too many would be taken for the beginning of this response.
    let after = client.request(request("GET", path, ""));
    assert_eq!(after.status, before.status, "{context}");
    if status == 204 {
        assert_eq!(after.content, b"New.", "{context}");
    } else {
        assert_eq!(after.content, before.content, "{context}");
        assert_eq!(after.text("etag"), before.text("etag"), "{context}");
    }
}

/// 9110-15.4.5-02, 9110-15.4.5-03: a 304 has the fields that its 200 has of those that a cache
/// needs, with the same values, and no others.
#[test]
fn not_modified_has_the_fields_of_its_200() {
    let directory = TempDir::new();
    directory.write("sub/index.html", DATA);
    let files = serve_directory(&directory, &[]);
    let memory = Server::start("serve", &[]);
    for (server, path, names) in [
        (
            &memory,
            "/api/config",
            ["cache-control", "date", "etag"].as_slice(),
        ),
        (&memory, "/weak", &["cache-control", "date", "etag"]),
        (
            &memory,
            "/dated",
            &["cache-control", "date", "last-modified"],
        ),
        (&memory, "/bare", &["cache-control", "date"]),
        (
            &memory,
            "/news",
            &["cache-control", "date", "etag", "expires"],
        ),
        (
            &memory,
            "/hello",
            &["cache-control", "content-location", "date", "etag", "vary"],
        ),
        (
            &files,
            "/sub/",
            &["cache-control", "content-location", "date", "etag"],
        ),
    ] {
        for method in ["GET", "HEAD"] {
            let ok = get(server, path);
            let mut client = server.connect();
            let fields = "If-None-Match: *\r\n";
            let not_modified = client.request(request(method, path, fields));
            assert_eq!(not_modified.status, 304, "{path}");
            // A HEAD may say the length of the 200 (9110-8.6).
            let length = not_modified.field("content-length");
            assert!(length.is_none_or(
                |length| method == "HEAD" && Some(length) == ok.field("content-length")
            ));
            let mut others = not_modified.names();
            others.retain(|name| *name != "content-length");
            assert_eq!(others, names, "{path}");
            for name in names {
                // The clock may have gone on between the two.
                if !matches!(*name, "date" | "expires") {
                    assert_eq!(not_modified.field(name), ok.field(name), "{path} {name}");
                }
            }
            assert_eq!(client.request(request("GET", path, "")).status, 200);
        }
    }
}

/// 9110-8.8-01: each language has its own tag, and the condition is evaluated
/// against the one that is selected.
#[test]
fn negotiated_representations_have_their_own_validators() {
    let server = Server::start("serve", &[]);
    let hello = |fields: &str| server.request(request("GET", "/hello", fields));
    let english = hello("");
    let german = hello("Accept-Language: fr;q=0.5, de-AT, *;q=0.1\r\n");
    assert_eq!(english.text("content-language"), Some("en"));
    assert_eq!(german.text("content-language"), Some("de"));
    assert_eq!(german.text("content-location"), Some("/hello.de"));
    assert_eq!(german.text("vary"), Some("Accept-Language"));
    assert_ne!(etag(&english), etag(&german));
    assert_eq!(get(&server, "/hello.de").content, german.content);

    let condition = format!("If-None-Match: {}\r\n", etag(&german));
    assert_eq!(hello(&condition).status, 200);
    let condition = format!("Accept-Language: de\r\n{condition}");
    assert_eq!(hello(&condition).status, 304);
    // It is changed under its own path.
    assert_eq!(server.request(put("/hello", "", "Hi!")).status, 409);
    assert_eq!(server.request(put("/hello.de", "", "Hallo!")).status, 204);
    assert_eq!(hello(&condition).content, b"Hallo!");
}

/// 9110-8.8.2.1-04, 9110-8.8.2.1-05, 9110-8.8.2.1-07: no date is later than the response, and
/// fractions of a second are cut off, also before 1970.
#[test]
fn last_modified_is_cut_to_the_second_and_never_later_than_now() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let file = directory.path().join("file.txt");
    let server = serve_directory(&directory, &[]);
    set_modified(&file, SystemTime::UNIX_EPOCH - Duration::from_millis(100));
    let early = get(&server, "/file.txt");
    assert_eq!(
        early.text("last-modified"),
        Some("Wed, 31 Dec 1969 23:59:59 GMT")
    );
    let condition = "If-Modified-Since: Wed, 31 Dec 1969 23:59:59 GMT\r\n";
    assert_eq!(
        server
            .request(request("GET", "/file.txt", condition))
            .status,
        304
    );

    set_modified(&file, SystemTime::now() + Duration::from_secs(1_000_000));
    let future = get(&server, "/file.txt");
    let date = |name| httpdate::parse_http_date(future.text(name).unwrap()).unwrap();
    assert!(date("last-modified") <= date("date"));
}

/// 9110-9.3.4-01, 9110-9.3.4-02, 9110-9.3.4-03, 9110-8.8-02, 9110-8.8.3-13, 9110-8.8.1-01, 9110-8.8.2.1-01,
/// 9110-8.8.3.1-02, 9110-15.3.1-01: PUT says 201 or 204 and the validators of
/// what it has stored; DELETE removes it.
#[test]
fn put_and_delete() {
    let directory = TempDir::new();
    directory.write("sub/index.html", DATA);
    let files = serve_directory(&directory, &["--writable"]);
    let memory = Server::start("serve", &[]);
    for server in [&files, &memory] {
        let mut client = server.connect();
        let fields = "If-None-Match: *\r\nContent-Type: text/plain; charset=utf-8\r\n";
        let created = client.request(put("/new.txt", fields, "One."));
        let got = client.request(request("GET", "/new.txt", ""));
        assert_eq!((created.status, &*got.content), (201, b"One.".as_slice()));
        assert_eq!(got.text("content-type"), Some("text/plain; charset=utf-8"));
        for name in ["etag", "last-modified"] {
            assert!(created.field(name).is_some());
            assert_eq!(created.field(name), got.field(name));
        }

        let replaced = client.request(put("/new.txt", "", "Two."));
        let got = client.request(request("GET", "/new.txt", ""));
        assert_eq!((replaced.status, &*got.content), (204, b"Two.".as_slice()));
        assert_eq!(replaced.field("etag"), got.field("etag"));
        assert_ne!(replaced.field("etag"), created.field("etag"));

        let stale = format!("If-Match: {}\r\n", etag(&created));
        let refused = client.request(request("DELETE", "/new.txt", &stale));
        assert_eq!(refused.status, 412);
        // 9110-8.8: the client learns which version it has missed.
        assert_eq!(refused.field("etag"), replaced.field("etag"));
        assert_eq!(
            refused.field("last-modified"),
            replaced.field("last-modified")
        );
        let fresh = format!("If-Match: {}\r\n", etag(&replaced));
        assert_eq!(
            client.request(request("DELETE", "/new.txt", &fresh)).status,
            204
        );
        assert_eq!(client.request(request("GET", "/new.txt", "")).status, 404);
        // 9110-13.2.1-02: it would be 404 without the condition, so it is with it.
        assert_eq!(
            client.request(request("DELETE", "/new.txt", &fresh)).status,
            404
        );
        assert_eq!(
            client.request(put("/new.txt", &fresh, "Three.")).status,
            412
        );
        assert_eq!(client.request(request("GET", "/new.txt", "")).status, 404);

        // 9110-14.5-01: a part is not taken for the whole.
        let part = "If-Match: \"old\"\r\nContent-Range: bytes 0-3/8\r\n";
        assert_eq!(client.request(put("/new.txt", part, "Four")).status, 400);
        let coded = "Content-Encoding: gzip\r\n";
        assert_eq!(client.request(put("/new.txt", coded, "Four")).status, 415);
        assert_eq!(client.request(request("GET", "/new.txt", "")).status, 404);
    }
    for path in [
        "/",
        "/sub",
        "/sub/",
        "/missing/new.txt",
        "/sub/index.html/new.txt",
        "/.new",
    ] {
        let mut client = files.connect();
        let conflict = client.request(put(path, "If-Match: \"old\"\r\n", "One."));
        assert_eq!(conflict.status, 409, "{path}");
        assert_eq!(
            client.request(request("GET", "/sub/", "")).content,
            DATA.as_bytes()
        );
    }
    assert_eq!(files.request(request("DELETE", "/sub/", "")).status, 409);
    assert_eq!(directory.names(), ["sub"]);
}

/// 9110-6.5.1-02: a condition in the trailer section is none.
#[test]
fn trailer_fields_are_no_conditions() {
    let server = Server::start("serve", &[]);
    let head = "PUT /notes.txt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";
    let chunks = "5\r\nTwo.\n\r\n0\r\n";
    let condition = "If-Match: \"x\"\r\n";
    let mut client = server.connect();
    let response = client.request(format!("{head}\r\n{chunks}{condition}\r\n"));
    assert_eq!(response.status, 204);
    let response = client.request(format!("{head}{condition}\r\n{chunks}\r\n"));
    assert_eq!(response.status, 412);
    assert_eq!(
        client.request(request("GET", "/notes.txt", "")).content,
        b"Two.\n"
    );
}

/// 9110-13.2.1-02, 9110-13.2.1-06: a redirect wins over any condition.
#[test]
fn a_directory_is_under_its_path_with_a_slash() {
    let directory = TempDir::new();
    directory.write("a b/index.html", DATA);
    let server = serve_directory(&directory, &[]);
    for fields in ["", "If-Match: \"old\"\r\n", "If-None-Match: *\r\n"] {
        let moved = server.request(request("GET", "/a%20b", fields));
        assert_eq!(
            (moved.status, moved.text("location")),
            (301, Some("/a%20b/"))
        );
    }
    let index = get(&server, "/a%20b/");
    assert_eq!((index.status, &*index.content), (200, DATA.as_bytes()));
    assert_eq!(index.text("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(index.text("content-location"), Some("/a%20b/index.html"));
}

/// 9110-13.2.1-02, 9110-13.2.1-09: where the method is not allowed, or is OPTIONS, no condition counts.
#[test]
fn methods() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let fields = "If-Match: \"old\"\r\n";
    let all = "GET, HEAD, PUT, DELETE, OPTIONS";
    let read = "GET, HEAD, OPTIONS";
    for (server, path, allow) in [
        (serve_directory(&directory, &[]), "/file.txt", read),
        (
            serve_directory(&directory, &["--writable"]),
            "/file.txt",
            all,
        ),
        (Server::start("serve", &[]), "/api/config", all),
    ] {
        let mut client = server.connect();
        for path in [path, "*", "/missing"] {
            let options = client.request(request("OPTIONS", path, fields));
            assert_eq!((options.status, options.text("allow")), (204, Some(allow)));
        }
        let mut refused = vec!["POST", "PATCH", "TRACE", "get", "X-NEW"];
        if allow == read {
            refused.extend(["PUT", "DELETE"]);
        }
        for method in refused {
            let with_content = put(path, fields, "New.").replacen("PUT", method, 1);
            let response = client.request(with_content);
            assert_eq!(response.status, 405, "{method}");
            assert_eq!(response.text("allow"), Some(allow), "{method}");
        }
        assert_eq!(client.request(request("GET", path, "")).status, 200);
    }
    assert_eq!(directory.read("file.txt").as_deref(), Some(DATA.as_bytes()));
}

/// The status of an answer that must be there, and no server error, whatever was asked.
fn answered(server: &Server, request: impl AsRef<[u8]>) -> u16 {
    let mut client = server.connect();
    // A server that has read enough may close.
    let _ = client.try_send(request);
    let response = client.receive("GET");
    assert!(response.status < 500, "{}", response.status);
    response.status
}

/// Bytes that are not ASCII, and values that are no values, get an answer like any other.
#[test]
fn odd_bytes() {
    let server = Server::start("serve", &[]);
    let tag = etag(&get(&server, "/api/config"));
    let head = |method: &str, value: &[u8]| {
        let start = format!("{method} /api/config HTTP/1.1\r\nHost: localhost\r\n");
        [start.as_bytes(), value, b"\r\n\r\n"].concat()
    };
    let list = |name: &[u8], rest: &str| [name, b": \"\xe9\xff\", ", rest.as_bytes()].concat();
    for (method, line, status) in [
        ("GET", list(b"If-None-Match", &tag), 304),
        ("GET", list(b"If-Match", &tag), 200),
        ("DELETE", list(b"If-Match", "\"x\""), 412),
        ("GET", b"If-None-Match: \xff".to_vec(), 200),
        ("GET", b"If-Match: \xff".to_vec(), 412),
        ("GET", b"If-Modified-Since: \xff".to_vec(), 200),
        ("GET", b"If-Unmodified-Since: \xff".to_vec(), 200),
        ("GET", b"Range: \xff\r\nIf-Range: \xff".to_vec(), 200),
        ("GET", b"Accept-Language: \xff;q=\xff".to_vec(), 200),
        ("GET", b"If-None-Match: \t \"x\" \t,\t,".to_vec(), 200),
    ] {
        let mut client = server.connect();
        let response = client.request(head(method, &line));
        assert_eq!(response.status, status, "{method} {}", line.escape_ascii());
        assert_eq!(
            client.request(request("GET", "/api/config", "")).status,
            200
        );
    }
}

/// Large fields are evaluated in full, as far as hyper takes them.
#[test]
fn large_fields() {
    let server = Server::start("serve", &[]);
    let tag = etag(&get(&server, "/api/config"));
    let list = "\"another\",".repeat(20_000);
    let lines = format!("If-None-Match: {list}{tag}\r\n");
    assert_eq!(
        server.request(request("GET", "/api/config", &lines)).status,
        304
    );
    let lines = format!("If-Match: {list}{tag}\r\n");
    assert_eq!(
        server.request(request("GET", "/api/config", &lines)).status,
        200
    );
    for name in [
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
    ] {
        for (size, statuses) in [(200 << 10, [200, 412]), (1 << 20, [431, 431])] {
            for filler in [",", "\"", "x", "1"] {
                let line = format!("{name}: {}\r\n", filler.repeat(size));
                let status = answered(&server, request("GET", "/api/config", &line));
                assert!(statuses.contains(&status), "{name}: {filler}... {status}");
            }
        }
    }
    let many = "If-None-Match: \"x\"\r\n".repeat(2000);
    assert_eq!(answered(&server, request("GET", "/api/config", &many)), 431);
}

/// Paths that would lead to the file `secret.txt` in the directory PATH beside the one that is
/// served, NAME being the last part of that, or to something else that is no file to be served.
#[cfg(unix)]
#[rustfmt::skip]
const WAYS_OUT: &[&str] = &[
    "/../NAME/secret.txt", "/%2e%2e/NAME/secret.txt", "/.%2E/NAME/secret.txt",
    "/..%2fNAME%2fsecret.txt", "/%2e%2e%2fNAME/secret.txt", "/%252e%252e/NAME/secret.txt",
    "/sub/../../NAME/secret.txt", "/sub/%2e%2e/%2e%2e/NAME/secret.txt",
    "/sub/upup/NAME/secret.txt", "/..\\NAME\\secret.txt", "/..%5cNAME%5csecret.txt",
    "PATH/secret.txt", "/PATH/secret.txt", "//PATH/secret.txt", "/./PATH/secret.txt",
    "/%2fPATH/secret.txt", "http://localhost/../NAME/secret.txt", "http://localhost", "*",
    "/absolute", "/relative", "/away", "/away/", "/away/secret.txt", "/away/new.txt",
    "/dangling", "/sub/up/absolute", "/sub/up/.hidden", "/loop", "/loop/file.txt", "/pipe",
    "/.hidden", "/%2ehidden", "/.put-0.tmp", "/sub/file.txt%00", "/%00", "/\0", "/a\x01b",
    "/sub/file.txt/", "/sub/file.txt/x", "/sub//file.txt", "/%ff", "/%zz/x", "file.txt",
];

/// No path leads out of the directory, to what is hidden in it, or to a server error.
#[cfg(unix)]
#[test]
fn no_way_out() {
    use std::os::unix::fs::symlink;

    const SECRET: &str = "A secret.";
    let outside = TempDir::new();
    outside.write("secret.txt", SECRET);
    let directory = TempDir::new();
    directory.write("sub/file.txt", DATA);
    directory.write(".hidden", SECRET);
    directory.write(".put-0.tmp", SECRET);
    let inside = directory.path();
    let outside_name = outside.path().file_name().unwrap().to_str().unwrap();
    let secret = outside.path().join("secret.txt");
    symlink(&secret, inside.join("absolute")).unwrap();
    symlink(
        format!("../{outside_name}/secret.txt"),
        inside.join("relative"),
    )
    .unwrap();
    symlink(outside.path(), inside.join("away")).unwrap();
    symlink(outside.path().join("new.txt"), inside.join("dangling")).unwrap();
    symlink("..", inside.join("sub/up")).unwrap();
    symlink("../..", inside.join("sub/upup")).unwrap();
    symlink("loop", inside.join("loop")).unwrap();
    let pipe = Command::new("mkfifo").arg(inside.join("pipe")).status();
    assert!(pipe.unwrap().success());
    let server = serve_directory(&directory, &["--writable"]);
    let tree = || (directory.names(), outside.names());
    let before = tree();

    let long = ["x".repeat(300), "x/".repeat(3000), "x".repeat(100_000)];
    let long = long.iter().map(|path| format!("/{path}"));
    let paths = WAYS_OUT.iter().map(|path| {
        path.replace("NAME", outside_name)
            .replace("PATH", outside.as_str())
    });
    for path in paths.chain(long) {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT"] {
            let mut client = server.connect();
            let response =
                client.request(put(&path, "", "Overwritten.").replacen("PUT", method, 1));
            let allowed = response.status == 204 && method == "OPTIONS";
            let refused = (300..500).contains(&response.status) && response.status != 304;
            assert!(allowed || refused, "{method} {path:?}: {}", response.status);
            let content = String::from_utf8_lossy(&response.content);
            assert!(!content.contains(SECRET), "{method} {path:?}");
        }
    }
    assert_eq!(tree(), before);
    assert_eq!(
        outside.read("secret.txt").as_deref(),
        Some(SECRET.as_bytes())
    );
    assert_eq!(
        directory.read(".hidden").as_deref(),
        Some(SECRET.as_bytes())
    );
    // What is inside can be reached, through links too, and what a crash left is in nobody's way.
    assert_eq!(
        get(&server, "/sub/up/sub/file.txt").content,
        DATA.as_bytes()
    );
    assert_eq!(server.request(put("/new.txt", "", "New.")).status, 201);
    assert_eq!(
        directory.read(".put-0.tmp").as_deref(),
        Some(SECRET.as_bytes())
    );
}

/// Sends requests in pieces, turn by turn, the last pieces all at once.
fn at_once(server: &Server, requests: &[String]) -> Vec<Response> {
    const PIECES: usize = 6;
    let mut clients: Vec<Client> = requests.iter().map(|_| server.connect()).collect();
    let pieces = |request: &str| request.len().div_ceil(PIECES);
    for piece in 0..PIECES - 1 {
        for (client, request) in clients.iter_mut().zip(requests) {
            let length = pieces(request);
            client.send(&request[piece * length..(piece + 1) * length]);
        }
        thread::sleep(Duration::from_millis(2));
    }
    let barrier = Barrier::new(clients.len());
    thread::scope(|scope| {
        let threads: Vec<_> = clients
            .iter_mut()
            .zip(requests)
            .map(|(client, request)| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let method = request.split(' ').next().unwrap();
                    barrier.wait();
                    client.send(&request[(PIECES - 1) * pieces(request)..]);
                    client.receive(method)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// 9110-13.1.1-16, 9110-13.1.2-22, 9110-13.2.1-01: of 32 clients with the same condition, exactly
/// one wins, however slowly and interleaved their contents arrive.
#[test]
fn no_update_is_lost() {
    const CLIENTS: usize = 32;
    let directory = TempDir::new();
    let files = serve_directory(&directory, &["--writable"]);
    let memory = Server::start("serve", &[]);
    for server in [&files, &memory] {
        let mut condition = String::from("If-None-Match: *\r\n");
        for round in 0..4 {
            let content = |client| format!("Round {round}, client {client}. ").repeat(50);
            let requests: Vec<String> = (0..CLIENTS)
                .map(|client| put("/race.txt", &condition, &content(client)))
                .collect();
            let responses = at_once(server, &requests);
            let won = if round == 0 { 201 } else { 204 };
            let winners: Vec<usize> = (0..CLIENTS)
                .filter(|&client| responses[client].status == won)
                .collect();
            let refused = responses.iter().filter(|response| response.status == 412);
            assert_eq!((winners.len(), refused.count()), (1, CLIENTS - 1));
            let winner = winners[0];
            let current = get(server, "/race.txt");
            assert_eq!(current.content, content(winner).as_bytes());
            assert_eq!(etag(&current), etag(&responses[winner]));
            condition = format!("If-Match: {}\r\n", etag(&current));
        }
        let requests = vec![request("DELETE", "/race.txt", &condition); CLIENTS];
        let responses = at_once(server, &requests);
        let count = |status| {
            let statuses = responses.iter().map(|response| response.status);
            statuses.filter(|&other| other == status).count()
        };
        // Where there is nothing left, it would be 404 without the condition.
        assert_eq!((count(204), count(404)), (1, CLIENTS - 1));
    }
    assert!(directory.names().is_empty());
}

/// 9110-13.2.1-01: the conditions are evaluated once the content is there, not before.
#[test]
fn the_state_that_counts_is_the_one_at_the_end_of_the_content() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let server = serve_directory(&directory, &["--writable"]);
    let condition = format!("If-Match: {}\r\n", etag(&get(&server, "/file.txt")));
    let slow = put("/file.txt", &condition, "The slow one.");
    let mut client = server.connect();
    client.send(&slow[..slow.len() - 4]);
    assert_eq!(
        server
            .request(put("/file.txt", &condition, "The fast one."))
            .status,
        204
    );
    client.send(&slow[slow.len() - 4..]);
    assert_eq!(client.receive("PUT").status, 412);
    let current = client.request(request("GET", "/file.txt", ""));
    assert_eq!(current.content, b"The fast one.");
}

/// 9110-13.1.1-16, 9110-13.1.2-14, 9110-15.5.13-01: a refused write changes nothing, and says
/// which field refused it.
#[test]
fn a_refused_write_changes_nothing() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let server = serve_directory(&directory, &["--writable"]);
    let state = || {
        let metadata = directory.path().join("file.txt").metadata().unwrap();
        (
            directory.read("file.txt"),
            metadata.modified().unwrap(),
            directory.names(),
        )
    };
    let before = state();
    let mut client = server.connect();
    for (fields, field) in [
        ("If-Match: \"old\"\r\n", "If-Match"),
        ("If-Match: malformed\r\n", "If-Match"),
        (
            "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            "If-Unmodified-Since",
        ),
        ("If-None-Match: *\r\n", "If-None-Match"),
        ("If-None-Match: malformed\r\n", "If-None-Match"),
    ] {
        for refused in [
            client.request(put("/file.txt", fields, "New.")),
            client.request(request("DELETE", "/file.txt", fields)),
        ] {
            assert_eq!(refused.status, 412, "{fields}");
            assert_eq!(
                refused.text("content-type"),
                Some("text/plain; charset=utf-8")
            );
            let content = String::from_utf8(refused.content).unwrap();
            assert!(content.contains(field), "{content}");
        }
        assert_eq!(state(), before, "{fields}");
    }
    // A client that goes away in the midst of its content has not written anything either.
    let half = put("/file.txt", "", &"New. ".repeat(100));
    client.send(&half[..half.len() / 2]);
    drop(client);
    assert_eq!(get(&server, "/file.txt").content, DATA.as_bytes());
    eventually("what it has sent is gone", || state() == before);
}

/// A reader gets the one representation or the other, never a part, and always with its own tag.
#[test]
fn a_file_is_replaced_whole() {
    const SIZE: usize = 300_000;
    let directory = TempDir::new();
    directory.write("file.txt", "a".repeat(SIZE));
    let server = serve_directory(&directory, &["--writable"]);
    let tag_of_a = etag(&get(&server, "/file.txt"));
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut client = server.connect();
            for letter in ["b", "a"].iter().cycle().take(20) {
                let response = client.request(put("/file.txt", "", &letter.repeat(SIZE)));
                assert_eq!(response.status, 204);
            }
        });
        let mut client = server.connect();
        let mut last = false;
        while !last {
            last = writer.is_finished();
            let response = client.request(request("GET", "/file.txt", ""));
            assert_eq!((response.status, response.content.len()), (200, SIZE));
            let letter = response.content[0];
            assert!(response.content.iter().all(|&byte| byte == letter));
            assert_eq!(letter == b'a', etag(&response) == tag_of_a);
        }
        writer.join().unwrap();
    });
    assert_eq!(directory.names(), ["file.txt"]);
}

/// 9110-8.8.1-01: what was put has a strong tag of its own, also when the server has forgotten how
/// many came before it.
#[test]
fn tags_outlive_the_server() {
    let tag_of = |content: &str| {
        let server = Server::start("serve", &[]);
        let tags = ["/comma", "/notes.txt"].map(|path| {
            let tag = etag(&server.request(put(path, "", content)));
            assert!(tag.starts_with('"'), "{tag}");
            tag
        });
        assert!(tags[0].starts_with("\"a,b,"), "{}", tags[0]);
        tags
    };
    let (one, two) = (tag_of("One."), tag_of("Two."));
    for (one, two) in one.iter().zip(&two) {
        assert_ne!(one, two);
    }
    assert_eq!(one, tag_of("One."));
}

/// Waits for what has to come about; only a failing test waits long.
fn eventually(what: &str, comes_about: impl Fn() -> bool) {
    for _ in 0..2000 {
        if comes_about() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

/// The head of a PUT whose client waits to be asked for the content.
fn put_expecting(path: &str, fields: &str, length: usize) -> String {
    let fields = format!("{fields}Content-Length: {length}\r\nExpect: 100-continue\r\n");
    request("PUT", path, &fields)
}

/// 9110-10.1.1-01, 9110-10.1.1-02: a write that is refused is refused before its content is sent,
/// and one that is not is evaluated once more when it has come.
#[test]
fn expect_continue() {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    let writable = serve_directory(&directory, &["--writable", "--max-body", "1000"]);
    let strict = serve_directory(&directory, &["--writable", "--require-precondition"]);
    let read_only = serve_directory(&directory, &[]);
    for (server, fields, length, status) in [
        (&writable, "If-Match: \"old\"\r\n", 5, 412),
        (&writable, "Content-Range: bytes 0-3/8\r\n", 4, 400),
        (&writable, "", 1001, 413),
        (&strict, "", 5, 428),
        (&read_only, "", 5, 405),
    ] {
        let mut client = server.connect();
        client.send(put_expecting("/file.txt", fields, length));
        let refused = client.receive("PUT");
        assert_eq!(refused.status, status, "{fields}");
        assert_eq!(refused.text("connection"), Some("close"));
        assert!(client.is_closed());
    }
    assert_eq!(directory.read("file.txt").as_deref(), Some(DATA.as_bytes()));

    let condition = format!("If-Match: {}\r\n", etag(&get(&writable, "/file.txt")));
    let [mut first, mut second] = [(); 2].map(|()| writable.connect());
    for client in [&mut first, &mut second] {
        client.send(put_expecting("/file.txt", &condition, 4));
        assert_eq!(client.receive("PUT").status, 100);
    }
    second.send("Two.");
    assert_eq!(second.receive("PUT").status, 204);
    first.send("One.");
    assert_eq!(first.receive("PUT").status, 412);
    for client in [&mut first, &mut second] {
        assert_eq!(
            client.request(request("GET", "/file.txt", "")).content,
            b"Two."
        );
    }
}

/// More content than `--max-body`, announced or not, gets a 413; as much as that is taken.
#[test]
fn too_much_content() {
    let server = Server::start("serve", &["--max-body", "1000"]);
    let mut client = server.connect();
    assert_eq!(
        client.request(put("/new", "", &"x".repeat(1000))).status,
        201
    );
    assert_eq!(
        client.request(put("/new", "", &"x".repeat(1001))).status,
        413
    );
    let head = request("PUT", "/new", "Transfer-Encoding: chunked\r\n");
    let chunk = format!("1f4\r\n{}\r\n", "y".repeat(500));
    let mut client = server.connect();
    let enough = client.request(format!("{head}{chunk}{chunk}0\r\n\r\n"));
    assert_eq!(enough.status, 204);
    assert_eq!(
        client
            .request(format!("{head}{chunk}{chunk}{chunk}0\r\n\r\n"))
            .status,
        413
    );
    // The answer is not lost to a client that sends all it has before it listens.
    let much = "x".repeat(16 << 20);
    assert_eq!(server.request(put("/new", "", &much)).status, 413);
    let chunk = format!("1000000\r\n{much}\r\n");
    let much = format!("{head}{chunk}0\r\n\r\n");
    assert_eq!(server.request(much).status, 413);
    assert_eq!(answered(&server, format!("{head}no chunk\r\n")), 400);
    assert_eq!(get(&server, "/new").content, "y".repeat(1000).as_bytes());
}

/// RFC 6585 section 3: what exists is not changed without a guard, if the server insists on it.
#[test]
fn require_precondition() {
    let directory = TempDir::new();
    let options = ["--writable", "--require-precondition"];
    let files = serve_directory(&directory, &options);
    let memory = Server::start("serve", &options[1..]);
    for server in [&files, &memory] {
        let mut client = server.connect();
        let created = client.request(put("/new.txt", "", "One."));
        assert_eq!(created.status, 201);
        let modified = created.text("last-modified").unwrap();
        let guard = format!("If-Match: {}\r\n", etag(&created));
        for (fields, status) in [
            (String::new(), 428),
            (String::from("If-None-Match: \"x\"\r\n"), 428),
            (
                String::from("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
                428,
            ),
            (String::from("If-Unmodified-Since: yesterday\r\n"), 428),
            (String::from("If-Match: \"old\"\r\n"), 412),
            (String::from("If-Match: malformed\r\n"), 412),
            // The second of two such writes within that second would overwrite the first.
            (format!("If-Unmodified-Since: {modified}\r\n"), 428),
            (guard, 204),
        ] {
            assert_eq!(
                client.request(put("/new.txt", &fields, "One.")).status,
                status,
                "{fields}"
            );
        }
        assert_eq!(
            client.request(request("DELETE", "/new.txt", "")).status,
            428
        );
        assert_eq!(
            client
                .request(request("DELETE", "/new.txt", "If-Match: *\r\n"))
                .status,
            204
        );
        assert_eq!(
            client.request(request("DELETE", "/new.txt", "")).status,
            404
        );
        assert_eq!(client.request(request("GET", "/new.txt", "")).status, 404);
    }
}

/// One line a request, with the decision and the field that made it.
#[test]
fn log() {
    let server = Server::start("serve", &["--max-body", "10"]);
    let tag = etag(&get(&server, "/notes.txt"));
    assert_eq!(server.line(), "GET /notes.txt 200 OK: perform the method");
    let same = format!("If-None-Match: {tag}\r\n");
    for (request, line) in [
        (
            request("GET", "/notes.txt?x=%0a", &same),
            "GET /notes.txt 304 Not Modified (If-None-Match)",
        ),
        (
            request("HEAD", "/notes.txt", &same),
            "HEAD /notes.txt 304 Not Modified (If-None-Match)",
        ),
        (
            request(
                "GET",
                "/notes.txt",
                "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
            ),
            "GET /notes.txt 304 Not Modified (If-Modified-Since)",
        ),
        (
            request(
                "GET",
                "/notes.txt",
                "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n",
            ),
            "GET /notes.txt 200 OK: perform the method, ignoring Range (If-Range)",
        ),
        (
            put("/notes.txt", "If-Match: \"old\"\r\n", "x"),
            "PUT /notes.txt 412 Precondition Failed (If-Match)",
        ),
        (
            request(
                "DELETE",
                "/notes.txt",
                "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            ),
            "DELETE /notes.txt 412 Precondition Failed (If-Unmodified-Since)",
        ),
        (
            put("/notes.txt", "", "x"),
            "PUT /notes.txt 204 No Content: perform the method",
        ),
        (
            put("/new.txt", "If-None-Match: *\r\n", "x"),
            "PUT /new.txt 201 Created: perform the method",
        ),
        (
            request("GET", "/missing%0a", "If-Match: *\r\n"),
            "GET /missing%0a 404 Not Found",
        ),
        (
            request("PATCH", "/notes.txt", "If-Match: \"old\"\r\n"),
            "PATCH /notes.txt 405 Method Not Allowed",
        ),
        (
            put("/notes.txt", "", "more than ten bytes"),
            "PUT /notes.txt 413 Payload Too Large",
        ),
    ] {
        server.request(request);
        assert_eq!(server.line(), line);
    }
    assert!(server.lines().is_empty());
}

/// With `--explain`, all steps are below the line of the request.
#[test]
fn explain() {
    let server = Server::start("serve", &["--explain"]);
    server.request(request(
        "GET",
        "/comma",
        "If-None-Match: \"x\", \"a,b\", \"y\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    ));
    for line in [
        "GET /comma 304 Not Modified (If-None-Match)",
        "    304 Not Modified: If-None-Match names the current tag (RFC 9110 section 13.2.2, step 3)",
        "      1. If-Match: absent",
        "      2. If-Unmodified-Since: absent",
        "    > 3. If-None-Match: 3 tags, compared weakly with \"a,b\": number 2 matches, so the condition is false: 304 Not Modified",
        "      4. If-Modified-Since: ignored, because If-None-Match is present",
        "      5. If-Range: absent",
    ] {
        assert_eq!(server.line(), line);
    }
}

/// What the page's script posts: a request to the playground, to be sent as it is described.
fn describe(method: &str, query: &str, fields: &serde_json::Value) -> String {
    let description = json!({"method": method, "query": query, "fields": fields});
    post(
        "Content-Type: application/json\r\n",
        &description.to_string(),
    )
}

fn post(fields: &str, content: &str) -> String {
    put("/send", fields, content).replacen("PUT", "POST", 1)
}

fn json_of(response: &Response) -> serde_json::Value {
    assert_eq!(response.status, 200);
    assert_eq!(response.text("content-type"), Some("application/json"));
    serde_json::from_slice(&response.content).unwrap()
}

/// The query that gives the playground the state of a vector.
fn state(vector: &serde_json::Value) -> String {
    let state = &vector["state"];
    if vector["base_status"] == 301 {
        return String::from("moved");
    }
    if state["exists"] == false {
        return String::from("missing");
    }
    let tag = state["etag"]
        .as_str()
        .map(|tag| format!("etag={}", tag.replace('"', "%22")));
    let strong = if state["last_modified_strong"] == true {
        "strong-"
    } else {
        ""
    };
    let date = state["last_modified"]["http_date"].as_str();
    let date = date.map(|date| format!("{strong}last-modified={}", date.replace(' ', "%20")));
    let members: Vec<String> = tag.into_iter().chain(date).collect();
    members.join("&")
}

/// Each preset of the page gets the decision that it is there to show, and the bytes that are
/// shown as the request get the same answer from any other client.
#[test]
fn presets() {
    let causes = include_str!("../src/page/causes.json");
    let causes: serde_json::Value = serde_json::from_str(causes).unwrap();
    let disputed: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/vectors/cases.json")).unwrap();
    let groups = causes["groups"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&disputed]);
    let vectors = groups.flat_map(|group| group["vectors"].as_array().unwrap());
    let server = Server::start("serve", &[]);
    let mut ids = HashSet::new();
    for vector in vectors {
        let id = vector["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} twice");
        let method = vector["method"].as_str().unwrap();
        let answer = server.request(describe(method, &state(vector), &vector["fields"]));
        let exchange = json_of(&answer);
        let shown = exchange["response"].as_str().unwrap();
        let status = &shown["HTTP/1.1 ".len()..][..3];
        let decision = vector["expected"]["decision"].as_str().unwrap();
        match vector["status"].as_u64() {
            Some(expected) => assert_eq!(status, expected.to_string(), "{id}"),
            None => assert!(
                match decision {
                    "not-modified" => status == "304",
                    "precondition-failed" => status == "412",
                    "perform-ignoring-range" => status == "200",
                    _ => ["200", "204", "404"].contains(&status),
                },
                "{id}: {status}"
            ),
        }
        let steps = exchange["finding"]["steps"].as_array().unwrap();
        assert_eq!(steps.len(), 6, "{id}");
        let mut deciding = steps.iter().filter(|step| step["mark"] == "decides");
        let field = deciding.next().map(|step| {
            let text = step["text"].as_str().unwrap();
            text[3..].split(':').next().unwrap().to_ascii_lowercase()
        });
        // Where nothing decided, what prevented a 304 is marked.
        if let Some(expected) = vector["expected"]["deciding_field"].as_str() {
            assert_eq!(field.as_deref(), Some(expected), "{id}");
        }
        assert!(deciding.next().is_none(), "{id}");
        // p6: what gets a 200 or a 412 has a step that is marked, and a reason.
        if status == "200" || status == "412" {
            let marked = steps.iter().filter(|step| !step["mark"].is_null()).count();
            assert_eq!(marked, 1, "{id}");
            let because = exchange["finding"]["because"].as_array().unwrap();
            assert!(!because.is_empty(), "{id}");
        }

        let request = exchange["request"].as_str().unwrap();
        let mut lines = request.lines();
        for pair in vector["fields"].as_array().unwrap() {
            let line = format!(
                "{}: {}",
                pair[0].as_str().unwrap(),
                pair[1].as_str().unwrap()
            );
            assert!(lines.any(|sent| sent == line), "{id}: {line}");
        }
        let again = server.request(request);
        let (_, content) = shown.split_once("\r\n\r\n").unwrap();
        assert_eq!(again.status.to_string(), status, "{id}");
        assert_eq!(again.content, content.as_bytes(), "{id}");
    }
    assert!(ids.len() > 60);
}

/// The playground has the state that its path says, and a write does not change that.
#[test]
fn playground() {
    let server = Server::start("serve", &[]);
    let path = "/try?etag=W/%22%C3%A9%22&strong-last-modified=Sunday,%2006-Nov-94%2008:49:37%20GMT";
    let usual = get(&server, path);
    assert_eq!(usual.field("etag"), Some("W/\"\u{e9}\"".as_bytes()));
    assert_eq!(usual.text("last-modified"), Some(L));
    let resume = format!("Range: bytes=0-3\r\nIf-Range: {L}\r\n");
    assert_eq!(server.request(request("GET", path, &resume)).status, 206);
    let weak = path.replace("strong-", "");
    assert_eq!(server.request(request("GET", &weak, &resume)).status, 200);
    for method in ["PUT", "DELETE"] {
        let write = put(path, "If-Match: *\r\n", "New.").replacen("PUT", method, 1);
        let written = server.request(write);
        assert_eq!((written.status, written.field("etag")), (204, None));
        assert_eq!(get(&server, path).content, usual.content);
    }
    assert_eq!(server.request(put("/try?missing", "", "New.")).status, 201);
    assert_eq!(get(&server, "/try?missing").status, 404);
    assert_eq!(get(&server, "/try?moved").text("location"), Some("/try"));

    // 9110-8.8.2.1-05: no date is later than the response.
    let future = get(
        &server,
        "/try?last-modified=Fri,%2031%20Dec%209999%2023:59:59%20GMT",
    );
    let date = |name| httpdate::parse_http_date(future.text(name).unwrap()).unwrap();
    assert!(date("last-modified") <= date("date"));

    for query in [
        "etag=v1",
        "etag=%22%0a%22",
        "etag=%22%00%22",
        "etag",
        "last-modified=now",
        "x",
        "=",
        "%ff",
    ] {
        let nowhere = get(&server, &format!("/try?{query}"));
        assert_eq!(nowhere.status, 404, "{query}");
        let nowhere = server.request(put(&format!("/try?{query}"), "", "New."));
        assert_eq!(nowhere.status, 409, "{query}");
    }
    for query in ["", "&", "&&etag=%22v1%22&"] {
        assert_eq!(
            get(&server, &format!("/try?{query}")).status,
            200,
            "{query}"
        );
    }
}

/// Whatever is described, there is an answer and no server error, and what is sent is one request
/// to the playground.
#[test]
fn descriptions() {
    let server = Server::start("serve", &[]);
    let condition = |value: &str| json!([["If-None-Match", value]]);
    let tag = "etag=%22v1%22";
    for (description, status) in [
        (
            describe("GET", tag, &condition("\u{2603}, \t\"v1\" ")),
            "200 OK",
        ),
        (
            describe("GET", tag, &condition("\"\u{e9}\", \t\"v1\" ")),
            "304",
        ),
        // The parser of the server does not let these through, wherever they come from.
        (describe("GET", tag, &condition("\0")), "400"),
        (
            describe("PUT", tag, &condition(&"\u{7f}".repeat(60_000))),
            "400",
        ),
        (
            describe("GET", tag, &condition(&",".repeat(60_000))),
            "200 OK",
        ),
        (describe("get", tag, &json!([])), "405"),
        (describe("CONNECT", tag, &json!([])), "405"),
        (describe("HEAD", tag, &json!([])), "200 OK\r\n"),
        (
            describe("POST", tag, &json!([["range", "bytes=0-0"]])),
            "405",
        ),
    ] {
        let exchange = json_of(&server.request(&description));
        let response = exchange["response"].as_str().unwrap();
        let start = format!("HTTP/1.1 {status}");
        assert!(response.starts_with(&start), "{description}: {response}");
        assert_eq!(
            exchange["finding"].is_null(),
            status == "400",
            "{description}"
        );
    }
    let as_json = "Content-Type: application/json\r\n";
    for (request, status) in [
        (post(as_json, ""), 400),
        (post(as_json, "null"), 400),
        (post(as_json, "{}"), 400),
        (post(as_json, &"[".repeat(10_000)), 400),
        (post(as_json, &" ".repeat((64 << 10) + 1)), 413),
        (describe("GET", "etag=v1", &json!([])), 400),
        (describe("GET", "x", &json!([])), 400),
        (describe("GET", "etag=\"v 1\"", &json!([])), 400),
        (
            describe("GET", "etag=%22v1%22 HTTP/1.1\r\nX:", &json!([])),
            400,
        ),
        (describe("GET", "&#", &json!([])), 400),
        (
            describe(
                "GET",
                "last-modified=Sun, 06 Nov 1994 08:49:37 GMT",
                &json!([]),
            ),
            400,
        ),
        (
            describe("GET", "missing= HTTP/1.1\r\nHost: a\r\n\r\n", &json!([])),
            400,
        ),
        (describe("", tag, &json!([])), 400),
        (describe("GET /", tag, &json!([])), 400),
        (
            describe("GET", tag, &condition("\r\n\r\nDELETE /notes.txt HTTP/1.1")),
            400,
        ),
        (describe("GET", tag, &condition("a\nb")), 400),
        (describe("GET", tag, &condition("a\rb")), 400),
        (describe("PUT", tag, &json!([["Content-Length", "1"]])), 400),
        (describe("PUT", tag, &json!([["If-Match\r\nX", "1"]])), 400),
        (describe("PUT", tag, &json!([["If-Match"]])), 400),
        (post("", "{}"), 415),
        (post("Content-Type: text/plain\r\n", "{}"), 415),
        (put("/send", as_json, "{}"), 405),
    ] {
        assert_eq!(server.request(&request).status, status, "{request}");
    }
    let mut odd = request(
        "POST",
        "/send",
        "Content-Type: application/json\r\nContent-Length: 4\r\n",
    )
    .into_bytes();
    odd.extend_from_slice(b"\"\xff\0\"");
    assert_eq!(server.request(odd).status, 400);
    // None of these has sent anything, nor is printed itself.
    let lines = [(); 7].map(|()| server.line());
    assert!(lines.iter().all(|line| line.contains(" /try ")));
    get(&server, "/notes.txt");
    assert_eq!(server.line(), "GET /notes.txt 200 OK: perform the method");
}

/// Nor is anything else sent behind a `#`.
#[test]
fn no_second_request_is_described() {
    let server = Server::start("serve", &[]);
    for behind in [
        "",
        " HTTP/1.1\r\nHost: a\r\n\r\nPUT /smuggled.txt HTTP/1.1\r\nX:",
    ] {
        let description = describe("GET", &format!("missing=#{behind}"), &json!([]));
        assert_eq!(server.request(description).status, 400);
    }
    assert_eq!(get(&server, "/smuggled.txt").status, 404);
}

/// Whatever was pasted is explained to the page and to programs, but not to the pages of other
/// sites, which may post text to any server.
#[test]
fn pasted() {
    let server = Server::start("serve", &[]);
    let paste = |fields: &str, content: &str| {
        server.request(post(fields, content).replacen("/send", "/explain", 1))
    };
    let head = "GET /a HTTP/1.1\nIf-None-Match: \"v1\"\n\nHTTP/1.1 200 OK\nETag: \"v1\"\n";
    for origin in [
        "",
        "Origin: http://localhost\r\n",
        "Origin: https://localhost\r\n",
    ] {
        let reports = json_of(&paste(origin, head));
        assert_eq!(reports[0]["status"], 304, "{origin}");
    }
    for origin in [
        "http://evil.example",
        "http://localhost:1",
        "ftp://localhost",
        "null",
    ] {
        let answer = paste(&format!("Origin: {origin}\r\n"), head);
        assert_eq!(answer.status, 403, "{origin}");
    }
    assert_eq!(paste("", "").status, 422);
}

/// What is pasted does not make the server take any amount of memory.
#[test]
fn not_too_much_is_pasted() {
    let server = Server::start("serve", &[]);
    let paste = |content: &str| server.request(post("", content).replacen("/send", "/explain", 1));
    let har = |count| {
        let entry = json!({"request": {"method": "GET", "url": "/"}});
        json!({"log": {"entries": vec![entry; count]}}).to_string()
    };
    let reports = json_of(&paste(&har(1000)));
    assert_eq!(reports.as_array().unwrap().len(), 1000);
    let refused = paste(&har(1001));
    assert_eq!(refused.status, 413);
    let sentence = String::from_utf8(refused.content).unwrap();
    assert!(sentence.contains("http-conditional explain"), "{sentence}");
    assert_eq!(paste(&" ".repeat((4 << 20) + 1)).status, 413);
}

/// The list has the last requests, the newest first, and of their fields the conditional ones
/// only. It is a conditional resource itself, and neither printed nor listed.
#[test]
fn last_requests() {
    let server = Server::start("serve", &[]);
    let list = |fields: &str| server.request(request("GET", "/requests", fields));
    assert_eq!(json_of(&list("")), json!([]));
    let tag = etag(&get(&server, "/notes.txt"));
    let fields = format!(
        "Cookie: secret=1\r\nAuthorization: Basic secret\r\nIf-None-Match: {tag}\r\nX-Secret: secret\r\n"
    );
    server.request(request("GET", "/notes.txt?%3Cb%3E", &fields));
    let answer = list("");
    let requests = json_of(&answer);
    assert!(!requests.to_string().contains("secret"));
    assert_eq!(requests.as_array().unwrap().len(), 2);
    let newest = &requests[0];
    assert_eq!(
        (&newest["number"], &newest["target"]),
        (&json!(2), &json!("/notes.txt?%3Cb%3E"))
    );
    assert_eq!(newest["status"], 304);
    assert_eq!(newest["fields"], json!([["If-None-Match", tag]]));
    assert_eq!(newest["finding"]["steps"][2]["mark"], "decides");
    assert_eq!(requests[1]["status"], 200);

    let same = format!("If-None-Match: {}\r\n", etag(&answer));
    assert_eq!(list(&same).status, 304);
    assert_eq!(server.request(put("/requests", "", "[]")).status, 405);
    assert_eq!(
        server.request(request("DELETE", "/requests", "")).status,
        405
    );
    assert_eq!(list(&same).status, 304);
    server.request(put("/notes.txt", "If-Match: \"old\"\r\n", "New."));
    assert_eq!(json_of(&list(&same))[0]["reason"], "Precondition Failed");
    let lines = [(); 3].map(|()| server.line());
    assert_eq!(
        lines[2],
        "PUT /notes.txt 412 Precondition Failed (If-Match)"
    );

    // However many they are, and however long, it does not grow without bound.
    let long = "\u{e9}".repeat(2000);
    let lines = format!("If-Match: {long}\r\n").repeat(50);
    for _ in 0..110 {
        server.request(request("GET", &format!("/{}", "x".repeat(5000)), &lines));
    }
    let answer = list("");
    let requests = json_of(&answer);
    assert_eq!(requests.as_array().unwrap().len(), 100);
    assert_eq!(requests[0]["number"], 113);
    assert!(answer.content.len() < 100 * 20 * 1100);
}

/// No page of another site reads the list or has anything sent: not by a name that was pointed at
/// this machine, nor by asking whether it may, nor by content that needs no asking.
#[test]
fn other_sites() {
    let server = Server::start("serve", &[]);
    let description = describe("GET", "", &json!([]));
    let list = request("GET", "/requests", "");
    for host in [
        "evil.example",
        "localhost.evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "",
    ] {
        for request in [&description, &list] {
            let request = request.replace("Host: localhost", &format!("Host: {host}"));
            assert_eq!(server.request(&request).status, 403, "{request}");
        }
    }
    let twice = list.replace("Host: localhost", "Host: localhost\r\nHost: evil.example");
    assert_eq!(answered(&server, twice), 400);
    for host in [
        "127.0.0.1",
        "127.0.0.1:3000",
        "LocalHost:3000",
        "[::1]",
        "[::1]:3000",
    ] {
        let list = list.replace("Host: localhost", &format!("Host: {host}"));
        assert_eq!(server.request(&list).status, 200, "{host}");
    }
    get(&server, "/notes.txt");
    assert_eq!(server.line(), "GET /notes.txt 200 OK: perform the method");

    let asking = "Origin: http://evil.example\r\nAccess-Control-Request-Method: PUT\r\n\
        Access-Control-Request-Headers: content-type\r\n";
    for path in ["/send", "/requests", "/try", "/notes.txt", "/"] {
        let response = server.request(request("OPTIONS", path, asking));
        let names = response.names();
        assert!(
            !names.iter().any(|name| name.starts_with("access-control")),
            "{path}"
        );
    }
}

/// A directory has its own files under the paths of the demo, and nothing besides.
#[test]
fn a_directory_has_no_playground() {
    let directory = TempDir::new();
    let server = serve_directory(&directory, &["--writable"]);
    for path in ["/try", "/send", "/requests", "/page.js", "/"] {
        assert_eq!(get(&server, path).status, 404, "{path}");
    }
    for path in ["/try", "/send", "/requests"] {
        assert_eq!(server.request(put(path, "", DATA)).status, 201, "{path}");
        assert_eq!(get(&server, path).content, DATA.as_bytes());
    }
}

/// The page hides only the files whose paths are its own.
#[test]
fn the_page_hides_no_other_files() {
    let directory = TempDir::new();
    directory.write("_http-conditional/x.txt", DATA);
    directory.write("_http-conditional/page.css", DATA);
    let server = serve_directory(&directory, &["--writable"]);
    assert_eq!(
        get(&server, "/_http-conditional/x.txt").content,
        DATA.as_bytes()
    );
    assert_ne!(
        get(&server, "/_http-conditional/page.css").content,
        DATA.as_bytes()
    );
    let new = put("/_http-conditional/y.txt", "", DATA);
    assert_eq!(server.request(new).status, 201);
    assert_eq!(get(&server, "/_http-conditional/").status, 200);
    assert_eq!(get(&server, "/_http-conditional").status, 308);
    assert_eq!(get(&server, "/_http-conditional/requests").status, 200);
}

/// The page's files get a 304 on a reload, and the page may load and ask nothing else.
#[test]
fn the_page_is_conditional_and_confined() {
    let server = Server::start("serve", &[]);
    for path in ["/", "/page.css", "/page.js", "/causes.json", "/cases.json"] {
        let ok = get(&server, path);
        let same = format!("If-None-Match: {}\r\n", etag(&ok));
        let not_modified = server.request(request("GET", path, &same));
        assert_eq!((ok.status, not_modified.status), (200, 304), "{path}");
        for response in [ok, not_modified] {
            let policy = response.text("content-security-policy");
            let confined = policy.is_some_and(|policy| {
                policy.starts_with(
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';",
                )
            });
            assert_eq!(confined, path == "/", "{path}: {policy:?}");
        }
    }
    let html = String::from_utf8(get(&server, "/").content).unwrap();
    for inline in ["<style", "style=", "onclick=", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
}

/// The page says what to try, with the tag that is current, and asks for nothing from elsewhere.
#[test]
fn the_page() {
    let server = Server::start("serve", &[]);
    let page = get(&server, "/");
    assert_eq!(page.text("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.text("cache-control"), Some("no-cache"));
    let html = String::from_utf8(page.content).unwrap();
    let tag = etag(&get(&server, "/api/config"));
    let origin = format!("http://{}", server.address);
    assert!(html.contains(&format!(
        "curl -i {origin}/api/config -H 'If-None-Match: {tag}'"
    )));
    assert!(!html.contains("{origin}") && !html.contains("{etag}"));
    let elsewhere = html.matches("http").count() - html.matches(&origin).count();
    assert_eq!(elsewhere, html.matches("http-conditional").count());
    for path in html
        .split("href=\"/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
    {
        assert_eq!(get(&server, &format!("/{path}")).status, 200, "{path}");
    }
}

/// What the server cannot start with gets a sentence, and Ctrl-C ends it well.
#[cfg(unix)]
#[test]
fn start_and_end() {
    let server = Server::start("serve", &[]);
    let mut client = server.connect();
    assert_eq!(client.request(request("GET", "/", "")).status, 200);
    let kill = Command::new("kill")
        .args(["-INT", &server.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert!(server.ends_well());
    assert!(client.is_closed());

    for (arguments, sentence) in [
        (["--addr", "nowhere"], "cannot listen on nowhere"),
        (["--dir", "/does/not/exist"], "cannot serve /does/not/exist"),
    ] {
        let mut command = Command::new(common::PROGRAM);
        let output = command.arg("serve").args(arguments).output().unwrap();
        assert!(!output.status.success());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(sentence), "{stderr}");
    }
}
