//! The server of files: what it reads and holds, its tags, its variants, its limits.

#![cfg(target_os = "linux")]

mod common;

use std::fs::{self, File};
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use common::{Response, Server, TempDir};

const MIB: u64 = 1 << 20;
const LARGE: u64 = 500 * MIB;

fn serve(directory: &TempDir, options: &[&str]) -> Server {
    Server::start("serve", &[&["--dir", directory.as_str()], options].concat())
}

fn get(server: &Server, path: &str, fields: &str) -> Response {
    ask(server, "GET", path, fields, "")
}

fn ask(server: &Server, method: &str, path: &str, fields: &str, content: &str) -> Response {
    server.request(request(method, path, fields, content))
}

fn request(method: &str, path: &str, fields: &str, content: &str) -> String {
    let length = match content.len() {
        0 => String::new(),
        length => format!("Content-Length: {length}\r\n"),
    };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}{length}\r\n{content}")
}

fn etag(response: &Response) -> &str {
    response.text("etag").expect("an ETag")
}

fn eventually(what: &str, comes_about: impl Fn() -> bool) {
    for _ in 0..2000 {
        if comes_about() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}");
}

/// The response once the file has a strong tag, as it has not changed for a while.
fn settled(server: &Server, path: &str) -> Response {
    let is_strong = || !etag(&get(server, path, "")).starts_with("W/");
    eventually("a strong tag", is_strong);
    get(server, path, "")
}

/// A number that the kernel tells of a process: `VmHWM`, in KiB, or `rchar`, in bytes.
fn told(server: &Server, file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{}/{file}", server.id())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let digits = line.unwrap().trim_start_matches(':').trim();
    digits.trim_end_matches(" kB").parse().unwrap()
}

fn bytes_read(server: &Server) -> u64 {
    told(server, "io", "rchar")
}

/// Reads a response of any size, keeps the head only, and says how much content came.
fn download(server: &Server, request: &str) -> (u16, u64) {
    let mut client = server.connect();
    client.send(request);
    client.receive_length()
}

/// p1: of a file of 500 MB nothing is read for a 304, of a range that range only; and memory does
/// not depend on it, over eight ranges at once and a full download.
#[test]
fn a_large_file() {
    let directory = TempDir::new();
    let file = File::create(directory.path().join("large.bin")).unwrap();
    file.set_len(LARGE).unwrap();
    let server = serve(&directory, &["--quiet"]);
    let tag = etag(&ask(&server, "HEAD", "/large.bin", "", "")).to_owned();

    let before = bytes_read(&server);
    for _ in 0..10 {
        let same = format!(
            "If-None-Match: {}\r\n",
            etag(&ask(&server, "HEAD", "/large.bin", "", ""))
        );
        let status = get(&server, "/large.bin", &same).status;
        // It may have become strong between the two.
        assert!(status == 304 || tag.starts_with("W/"), "{status}");
    }
    // The requests themselves, and no more.
    assert!(bytes_read(&server) - before < 64 << 10);

    let before = bytes_read(&server);
    thread::scope(|scope| {
        for number in 0..8_u64 {
            let server = &server;
            scope.spawn(move || {
                let first = number * 60 * MIB;
                let fields = format!("Range: bytes={first}-{}\r\n", first + 9);
                let part = get(server, "/large.bin", &fields);
                assert_eq!((part.status, part.content.len()), (206, 10));
            });
        }
    });
    assert!(bytes_read(&server) - before < 64 << 10);

    thread::scope(|scope| {
        for number in 0..8_u64 {
            let server = &server;
            scope.spawn(move || {
                let first = number * 60 * MIB;
                let fields = format!("Range: bytes={first}-{}\r\n", first + 30 * MIB - 1);
                let part = download(server, &request("GET", "/large.bin", &fields, ""));
                assert_eq!(part, (206, 30 * MIB));
            });
        }
        let whole = download(&server, &request("GET", "/large.bin", "", ""));
        assert_eq!(whole, (200, LARGE));
    });
    let parts = "Range: bytes=0-9,1000000-41000000,-10\r\n";
    let (status, length) = download(&server, &request("GET", "/large.bin", parts, ""));
    assert_eq!(status, 206);
    assert!((40_000_000..41_000_000).contains(&length), "{length}");
    assert!(told(&server, "status", "VmHWM") < 64 << 10);
}

/// A digest is made once for a version of a file, of all that is large, and is the same in another
/// process.
#[test]
fn digests_are_kept() {
    let directory = TempDir::new();
    let file = File::create(directory.path().join("large.bin")).unwrap();
    file.set_len(20 * MIB).unwrap();
    let digest = ["--quiet", "--etag", "digest"];
    let servers = [serve(&directory, &digest), serve(&directory, &digest)];
    let [tag, other] = servers.each_ref().map(|server| {
        let response = settled_head(server);
        let before = bytes_read(server);
        assert_eq!(
            etag(&ask(server, "HEAD", "/large.bin", "", "")),
            etag(&response)
        );
        assert!(bytes_read(server) - before < 64 << 10);
        etag(&response).to_owned()
    });
    assert_eq!(tag, other);
    assert!(told(&servers[0], "status", "VmHWM") < 64 << 10);
}

/// A small file is read once, and its content kept for as long as it is that version.
#[test]
fn small_files_are_kept() {
    let directory = TempDir::new();
    let content = |letter: &str| letter.repeat(100 << 10);
    directory.write("file.txt", content("a"));
    let server = serve(&directory, &["--quiet"]);
    let first = settled(&server, "/file.txt");
    assert_eq!(first.content, content("a").as_bytes());
    get(&server, "/file.txt", "");
    let before = bytes_read(&server);
    for _ in 0..10 {
        let again = get(&server, "/file.txt", "");
        assert_eq!(again.content, first.content);
        assert_eq!(etag(&again), etag(&first));
        let part = get(&server, "/file.txt", "Range: bytes=5-9\r\n");
        assert_eq!((part.status, &part.content[..]), (206, &b"aaaaa"[..]));
    }
    assert!(bytes_read(&server) - before < 50 << 10);
    // Of the same size, and in the same place.
    directory.write("file.txt", content("b"));
    let changed = get(&server, "/file.txt", "");
    assert_eq!(changed.content, content("b").as_bytes());
    assert_ne!(etag(&changed), etag(&first));
    fs::remove_file(directory.path().join("file.txt")).unwrap();
    assert_eq!(get(&server, "/file.txt", "").status, 404);
}

fn settled_head(server: &Server) -> Response {
    let head = || ask(server, "HEAD", "/large.bin", "", "");
    eventually("a strong tag", || !etag(&head()).starts_with("W/"));
    head()
}

/// 9110-8.8.1-01: what may change once more at the same time has a weak tag, which no later
/// version has; then it has a strong one, which outlives the server.
#[test]
fn a_recent_file_has_a_weak_tag() {
    let directory = TempDir::new();
    directory.write("file.txt", "one");
    let server = serve(&directory, &[]);
    let recent = get(&server, "/file.txt", "");
    let strong = settled(&server, "/file.txt");
    if etag(&recent).starts_with("W/") {
        let same = format!("If-None-Match: {}\r\n", etag(&recent));
        assert_eq!(get(&server, "/file.txt", &same).status, 200);
    }
    let again = serve(&directory, &[]);
    assert_eq!(etag(&get(&again, "/file.txt", "")), etag(&strong));
    // Of the same size, and with the time of its change put back.
    directory.write("file.txt", "two");
    let modified = httpdate::parse_http_date(strong.text("last-modified").unwrap()).unwrap();
    let file = File::options()
        .write(true)
        .open(directory.path().join("file.txt"))
        .unwrap();
    file.set_modified(modified).unwrap();
    let same = format!("If-None-Match: {}\r\n", etag(&strong));
    assert_eq!(get(&server, "/file.txt", &same).status, 200);
}

/// PUT may follow PUT: what came through the server has its strong tag at once, and it is the tag
/// of its content.
#[test]
fn put_may_follow_put() {
    let directory = TempDir::new();
    let server = serve(&directory, &["--writable", "--require-precondition"]);
    let mut tag = String::from("*");
    for (content, name) in [
        ("one", "If-None-Match"),
        ("two", "If-Match"),
        ("one", "If-Match"),
    ] {
        let guard = format!("{name}: {tag}\r\n");
        let put = ask(&server, "PUT", "/file.txt", &guard, content);
        assert!(matches!(put.status, 201 | 204), "{}", put.status);
        tag = etag(&put).to_owned();
        assert!(tag.starts_with('"'), "{tag}");
        let got = get(&server, "/file.txt", "");
        assert_eq!((etag(&got), &*got.content), (&*tag, content.as_bytes()));
    }
    assert_eq!(directory.names(), ["file.txt"]);
}

/// The times 0 and 1, which image builders and package stores set, are no dates.
#[test]
fn times_that_are_no_dates() {
    let directory = TempDir::new();
    let server = serve(&directory, &[]);
    for (seconds, has_date) in [(0, false), (1, false), (2, true)] {
        directory.write("file.txt", "data");
        let file = File::options()
            .write(true)
            .open(directory.path().join("file.txt"))
            .unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
            .unwrap();
        let response = get(&server, "/file.txt", "");
        assert_eq!(
            response.text("last-modified").is_some(),
            has_date,
            "{seconds}"
        );
    }
}

/// 9110-8.8.3.3-01, 9110-12.5.5-01: a coding beside a file is its variant, with a tag of its own
/// that a write may name; and what is older than the file is none.
#[test]
fn variants() {
    let directory = TempDir::new();
    directory.write("a.js", "as it is, and longer than its codings");
    directory.write("a.js.gz", "gzip");
    directory.write("a.js.br", "brotli");
    directory.write("b.js", "alone");
    let server = serve(&directory, &["--writable", "--etag", "digest"]);
    let accepting = |coding: &str| get(&server, "/a.js", &format!("Accept-Encoding: {coding}\r\n"));
    let [plain, gzip, brotli] = [
        accepting("x"),
        accepting("br;q=0.5, gzip"),
        accepting("gzip;q=0.5, br"),
    ];
    for (response, coding, content) in [
        (&plain, None, "as it is, and longer than its codings"),
        (&gzip, Some("gzip"), "gzip"),
        (&brotli, Some("br"), "brotli"),
    ] {
        assert_eq!(response.text("content-encoding"), coding);
        assert_eq!(response.content, content.as_bytes());
        assert_eq!(response.text("content-type"), plain.text("content-type"));
        assert_eq!(response.text("vary"), Some("Accept-Encoding"));
    }
    // Of those that are wanted as much, the smallest.
    assert_eq!(accepting("gzip, br").content, b"gzip");
    assert_eq!(accepting("br;q=0, gzip;q=0").content, plain.content);
    assert_ne!(etag(&plain), etag(&gzip));
    assert_ne!(etag(&brotli), etag(&gzip));
    let fields = format!(
        "Accept-Encoding: gzip\r\nIf-None-Match: {}\r\n",
        etag(&gzip)
    );
    let same = get(&server, "/a.js", &fields);
    assert_eq!(
        (same.status, same.text("vary")),
        (304, Some("Accept-Encoding"))
    );
    let fields = fields.replace("Accept-Encoding: gzip\r\n", "");
    assert_eq!(get(&server, "/a.js", &fields).status, 200);
    assert_eq!(
        get(&server, "/b.js", "Accept-Encoding: gzip\r\n").text("vary"),
        None
    );

    // A client that has seen the compressed one may write on top of it; then that is older.
    let guard = format!("If-Match: {}\r\n", etag(&gzip));
    assert_eq!(ask(&server, "PUT", "/a.js", &guard, "new").status, 204);
    assert_eq!(accepting("gzip").content, b"new");
    assert_eq!(ask(&server, "PUT", "/a.js", &guard, "newer").status, 412);
}

/// What is read of a file while it is replaced, or written over, is never two versions in one.
#[test]
fn a_download_is_of_one_version() {
    let directory = TempDir::new();
    let write = |letter: &str| directory.write("file.bin", letter.repeat(64 << 20));
    write("a");
    let server = serve(&directory, &["--quiet", "--writable"]);
    // Replaced by another: the old one is sent to its end.
    let mut client = server.connect();
    client.send(request("GET", "/file.bin", "", ""));
    client.receive_head();
    assert_eq!(ask(&server, "PUT", "/file.bin", "", "short").status, 204);
    let content = client.receive_rest();
    assert_eq!(content.len(), 64 << 20);
    assert!(content.iter().all(|&byte| byte == b'a'));

    // Written over in place: it is broken off.
    write("b");
    let mut client = server.connect();
    client.send(request("GET", "/file.bin", "", ""));
    client.receive_head();
    write("c");
    let content = client.receive_rest();
    assert!(content.len() < 64 << 20);
    assert!(content.iter().all(|&byte| byte == b'b'));
}

/// p2: no name that a foreign site may have pointed at this machine writes anything.
#[test]
fn writes_by_another_name() {
    let directory = TempDir::new();
    directory.write("file.txt", "data");
    let server = serve(&directory, &["--writable", "--allow-host", "Files.example"]);
    let write = |method: &str, host: &str| {
        let request = request(method, "/file.txt", "", "new");
        server
            .request(request.replace("Host: localhost", &format!("Host: {host}")))
            .status
    };
    for host in [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "192.0.2.1",
        "",
    ] {
        for method in ["PUT", "DELETE"] {
            assert_eq!(write(method, host), 403, "{method} {host}");
        }
    }
    assert_eq!(directory.read("file.txt").as_deref(), Some(&b"data"[..]));
    for host in ["localhost", "127.0.0.1:1", "files.EXAMPLE:80", "[::1]"] {
        assert_eq!(write("PUT", host), 204, "{host}");
    }
    let evil = request("PUT", "http://evil.example/file.txt", "", "new");
    assert_eq!(server.request(evil).status, 403);
    // Reading is for everybody.
    let evil = request("GET", "/file.txt", "", "").replace("localhost", "evil.example");
    assert_eq!(server.request(evil).status, 200);
    for hosts in ["", "Host: localhost\r\nHost: localhost\r\n"] {
        let request = request("GET", "/file.txt", "", "").replace("Host: localhost\r\n", hosts);
        assert_eq!(server.request(request).status, 400);
    }
}

/// p13: who sends no request, or half of one, is not waited for for ever; nor are there more
/// connections than allowed.
#[test]
fn limits_of_connections() {
    let directory = TempDir::new();
    directory.write("file.txt", "data");
    let options = [
        "--idle-timeout",
        "1",
        "--head-timeout",
        "1",
        "--max-connections",
        "3",
    ];
    let server = serve(&directory, &options);
    let mut idle = server.connect();
    assert_eq!(
        idle.request(request("GET", "/file.txt", "", "")).status,
        200
    );
    let mut half = server.connect();
    half.send("GET /file.txt HTTP/1.1\r\nHost: loc");
    let mut silent = server.connect();
    // They keep this one waiting, until they are closed.
    assert_eq!(get(&server, "/file.txt", "").status, 200);
    for client in [&mut idle, &mut half, &mut silent] {
        assert!(client.is_closed());
    }
}

/// p13: who takes nothing of a response is not waited for for ever.
#[test]
fn a_client_that_takes_nothing() {
    let directory = TempDir::new();
    let file = File::create(directory.path().join("large.bin")).unwrap();
    file.set_len(LARGE).unwrap();
    let server = serve(
        &directory,
        &["--send-timeout", "1", "--max-connections", "1"],
    );
    let mut client = server.connect();
    client.send(request("GET", "/large.bin", "", ""));
    assert_eq!(
        get(&server, "/large.bin", "Range: bytes=0-0\r\n").status,
        206
    );
    let (status, length) = client.receive_length();
    assert!(status == 200 && length < LARGE, "{length}");
}

/// p13: the demo keeps so much, and no more.
#[test]
fn the_demo_is_not_filled() {
    let server = Server::start("serve", &["--quiet"]);
    let full = (0..10).find(|number| {
        let content = "x".repeat(12 << 20);
        ask(&server, "PUT", &format!("/{number}"), "", &content).status == 507
    });
    assert_eq!(full, Some(5));
    assert_eq!(ask(&server, "DELETE", "/0", "", "").status, 204);
    let mut client = server.connect();
    let full = (0..2000).find(|number| {
        let put = request("PUT", &format!("/small{number}"), "", "x");
        client.request(put).status == 507
    });
    assert!(full.is_some_and(|number| number > 900));
    assert_eq!(ask(&server, "PUT", "/small0", "", "y").status, 204);
}

/// While new content of a private file arrives, it is as private; a new file is as any other that
/// the server would make.
#[cfg(unix)]
#[test]
fn new_content_of_a_private_file_is_private() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new();
    let mode = |name: &str| {
        let metadata = fs::metadata(directory.path().join(name));
        metadata.unwrap().permissions().mode() & 0o777
    };
    directory.write("usual.txt", "old");
    directory.write("private.txt", "old");
    let private = Permissions::from_mode(0o600);
    fs::set_permissions(directory.path().join("private.txt"), private).unwrap();
    let usual = mode("usual.txt");
    let server = serve(&directory, &["--writable"]);
    for (name, expected) in [
        ("private.txt", 0o600),
        ("usual.txt", usual),
        ("new.txt", usual),
    ] {
        let request = request("PUT", &format!("/{name}"), "", "secret");
        let mut client = server.connect();
        client.send(&request[..request.len() - 1]);
        let temporary = || {
            let names = directory.names();
            names.into_iter().find(|name| name.starts_with('.'))
        };
        eventually("a temporary file", || temporary().is_some());
        let meanwhile = mode(&temporary().unwrap());
        assert_eq!(meanwhile & !expected, 0, "{name} {meanwhile:o}");
        client.send("t");
        assert!(matches!(client.receive("PUT").status, 201 | 204));
        assert_eq!(mode(name), expected, "{name}");
    }
}

/// What the server may not read gets the same answer to a HEAD as to a GET, and one that is true.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new();
    directory.write("file.txt", "secret");
    let unreadable = Permissions::from_mode(0o000);
    fs::set_permissions(directory.path().join("file.txt"), unreadable).unwrap();
    let server = Server::start_as_nobody("serve", &["--dir", directory.as_str()]);
    let got = get(&server, "/file.txt", "");
    assert_eq!(
        (got.status, &*got.content),
        (403, &b"The file system does not allow this.\n"[..])
    );
    assert_eq!(ask(&server, "HEAD", "/file.txt", "", "").status, 403);
}

/// A crash in the middle of a PUT leaves the old file.
#[test]
fn a_crash_in_the_middle_of_a_put() {
    let directory = TempDir::new();
    directory.write("file.txt", "old");
    let server = serve(&directory, &["--writable"]);
    let mut client = server.connect();
    let put = request("PUT", "/file.txt", "", &"new".repeat(100_000));
    client.send(&put[..put.len() - 10]);
    eventually("the content to be written aside", || {
        directory.names().len() == 2
    });
    let kill = Command::new("kill")
        .args(["-KILL", &server.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    assert!(client.is_closed());
    drop(server);
    assert_eq!(directory.read("file.txt").as_deref(), Some(&b"old"[..]));
    // What was left over is in nobody's way, and nobody gets it.
    let server = serve(&directory, &["--writable"]);
    for name in directory.names() {
        let expected = if name == "file.txt" { 200 } else { 404 };
        assert_eq!(
            get(&server, &format!("/{name}"), "").status,
            expected,
            "{name}"
        );
    }
    assert_eq!(ask(&server, "PUT", "/file.txt", "", "new").status, 204);
    assert_eq!(get(&server, "/file.txt", "").content, b"new");
}

/// p14: what a tag has in it does not reach the terminal as it is; and JSON is JSON.
#[test]
fn the_log() {
    let server = Server::start("serve", &["--explain"]);
    let fields = "If-None-Match: \"\u{9b}31m\u{202e}\"\r\n";
    get(&server, "/notes.txt", fields);
    let mut lines = vec![server.line()];
    eventually("all lines", || {
        !server.lines().is_empty() || lines.len() == 1
    });
    lines.extend(server.lines());
    for line in &lines {
        assert!(!line.contains(['\u{9b}', '\u{202e}', '\x1b']), "{line:?}");
    }
    let server = Server::start("serve", &["--log", "json"]);
    get(&server, "/notes.txt?a=%1b", "If-None-Match: *\r\n");
    let line: serde_json::Value = serde_json::from_str(&server.line()).unwrap();
    assert_eq!(line["status"], 304);
    assert_eq!(line["target"], "/notes.txt?a=%1b");
    assert_eq!(line["field"], "If-None-Match");
    // The demo keeps its requests for its page, and prints none either.
    let server = Server::start("serve", &["--quiet"]);
    for _ in 0..50 {
        get(&server, "/notes.txt", "");
    }
    assert!(server.lines().is_empty());
}

/// Exit codes are for scripts.
#[test]
fn exit_codes() {
    let code = |arguments: &[&str]| {
        let output = Command::new(common::PROGRAM)
            .arg("serve")
            .args(arguments)
            .output();
        output.unwrap().status.code()
    };
    assert_eq!(code(&["--addr", "nowhere"]), Some(3));
    assert_eq!(code(&["--dir", "/does/not/exist"]), Some(3));
    assert_eq!(code(&["--no-such-option"]), Some(2));
    assert_eq!(code(&["--cache-control", "a\nb"]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
}

#[test]
fn cache_control() {
    let directory = TempDir::new();
    directory.write("file.txt", "data");
    let server = serve(&directory, &["--cache-control", "max-age=60"]);
    let response = get(&server, "/file.txt", "If-None-Match: *\r\n");
    assert_eq!(response.text("cache-control"), Some("max-age=60"));
}
