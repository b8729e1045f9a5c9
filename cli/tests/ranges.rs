//! The example server, over a socket: parts of a representation (RFC 9110 sections 13.1.5, 14,
//! 15.3.7 and 15.5.17).

mod common;

use common::{Response, Server, TempDir};

const DATA: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
/// Far enough apart not to be sent as one.
const LINES: usize = 1 << 20;

fn get(server: &Server, path: &str, fields: &str) -> Response {
    ask(server, "GET", path, fields)
}

fn ask(server: &Server, method: &str, path: &str, fields: &str) -> Response {
    server.request(format!(
        "{method} {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n"
    ))
}

fn text<'r>(response: &'r Response, name: &str) -> &'r str {
    response
        .text(name)
        .unwrap_or_else(|| panic!("no {name} in {response:?}"))
}

fn file_server() -> (TempDir, Server) {
    let directory = TempDir::new();
    directory.write("file.txt", DATA);
    directory.write("empty.txt", "");
    let server = Server::start("serve", &["--dir", directory.as_str()]);
    (directory, server)
}

/// 9110-14.2-11, 9110-14.4-01, 9110-14.1.2-01, 9110-15.3.7.1-01, 9110-9.3.1-01: one range is a 206 with those bytes.
#[test]
fn one_range() {
    let (_directory, server) = file_server();
    for (range, content_range, content) in [
        ("bytes=0-4", "bytes 0-4/36", "01234"),
        ("bytes=30-", "bytes 30-35/36", "uvwxyz"),
        (
            "bytes=30-99999999999999999999999",
            "bytes 30-35/36",
            "uvwxyz",
        ),
        ("bytes=-3", "bytes 33-35/36", "xyz"),
        ("bytes=-999", "bytes 0-35/36", DATA),
        ("BYTES=0-0", "bytes 0-0/36", "0"),
        ("bytes= 0-0", "bytes 0-0/36", "0"),
        // One of the two is satisfiable: one part, and no multipart.
        ("bytes=0-0, 40-50", "bytes 0-0/36", "0"),
        // Together they are one.
        ("bytes=0-4,5-9", "bytes 0-9/36", "0123456789"),
    ] {
        let response = get(&server, "/file.txt", &format!("Range: {range}\r\n"));
        assert_eq!(response.status, 206, "{range}");
        assert_eq!(text(&response, "content-range"), content_range, "{range}");
        assert_eq!(response.content, content.as_bytes(), "{range}");
        assert_eq!(text(&response, "accept-ranges"), "bytes");
    }
}

/// 9110-14.2-03, 9110-14.1.1-02, 9110-14.1.1-03, 9110-14.1.1-05, 9110-14.2-05, 9110-17.15-01: what is malformed, of another unit, or
/// too much is ignored.
#[test]
fn ignored_ranges() {
    let (_directory, server) = file_server();
    let many = vec!["0-0"; 1_000].join(",");
    let overlapping = "0-,0-,0-,0-";
    for range in [
        "pages=1-2",
        "bytes=6-2",
        "bytes=0-1,x",
        "bytes=",
        "0-4",
        "bytes",
        "",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([format!("bytes={many}"), format!("bytes={overlapping}")])
    {
        let response = get(&server, "/file.txt", &format!("Range: {range}\r\n"));
        assert_eq!(
            (response.status, &response.content[..]),
            (200, DATA.as_bytes()),
            "{range}"
        );
        assert_eq!(response.text("content-range"), None);
    }
    let response = get(
        &server,
        "/file.txt",
        "Range: bytes=0-1\r\nRange: bytes=2-3\r\n",
    );
    assert_eq!(
        (response.status, &response.content[..]),
        (200, DATA.as_bytes())
    );
}

/// 9110-14.2-12, 9110-14.4-08, 9110-14.4-09, 9110-15.5.17-02, 9110-14.1.2-06: nothing within the representation is a 416 with its length.
#[test]
fn unsatisfiable_ranges() {
    let (_directory, server) = file_server();
    for range in [
        "bytes=36-",
        "bytes=36-40",
        "bytes=-0",
        "bytes=99999999999999999999999-",
    ] {
        let response = get(&server, "/file.txt", &format!("Range: {range}\r\n"));
        assert_eq!(response.status, 416, "{range}");
        assert_eq!(text(&response, "content-range"), "bytes */36");
        assert_eq!(response.text("cache-control"), None);
    }
    let response = get(&server, "/empty.txt", "Range: bytes=0-\r\n");
    assert_eq!(
        (response.status, text(&response, "content-range")),
        (416, "bytes */0")
    );
    let response = get(&server, "/empty.txt", "Range: bytes=-5\r\n");
    assert_eq!(response.status, 200);
}

/// 9110-14.2-02, 9110-13.2.2-17: HEAD and PUT have no ranges.
#[test]
fn head_is_never_206() {
    let (_directory, server) = file_server();
    for range in ["bytes=0-4", "bytes=99-", "bytes=0-0,20-20"] {
        let response = ask(&server, "HEAD", "/file.txt", &format!("Range: {range}\r\n"));
        assert_eq!(
            (response.status, text(&response, "content-length")),
            (200, "36")
        );
        assert_eq!(response.text("content-range"), None);
    }
    let response = ask(&server, "OPTIONS", "/file.txt", "Range: bytes=99-\r\n");
    assert_eq!(response.status, 204);
    let memory = Server::start("serve", &[]);
    let put = "PUT /new HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1\r\nContent-Length: 5\r\n\r\nwhole";
    assert_eq!(memory.request(put).status, 201);
    assert_eq!(get(&memory, "/new", "").content, b"whole");
}

/// The parts of a `multipart/byteranges` message: their fields, and their content.
fn parts(response: &Response) -> Vec<(String, Vec<u8>)> {
    let content_type = text(response, "content-type");
    let boundary = content_type
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter stands at the very beginning.
    let mut rest = [b"\r\n", &response.content[..]].concat();
    let mut parts = Vec::new();
    loop {
        let after = rest
            .strip_prefix(delimiter.as_bytes())
            .expect("a delimiter")
            .to_vec();
        if after == b"--\r\n" {
            return parts;
        }
        let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
        let head_end = find(&after, b"\r\n\r\n").unwrap();
        let data_end = find(&after, delimiter.as_bytes()).unwrap();
        let head = String::from_utf8(after[2..head_end].to_vec()).unwrap();
        parts.push((head, after[head_end + 4..data_end].to_vec()));
        rest = after[data_end..].to_vec();
    }
}

/// 9110-15.3.7.2-01, 9110-15.3.7.2-02, 9110-15.3.7.2-03, 9110-15.3.7.2-04, 9110-15.3.7.2-05, 9110-15.3.7.2-09: several ranges are a multipart, in the
/// order requested.
#[test]
fn several_ranges() {
    let server = Server::start("serve", &[]);
    let range = format!("Range: bytes={}-, 0-15, 500-515, 520-530\r\n", LINES - 4);
    let response = get(&server, "/download.txt", &range);
    assert_eq!(response.status, 206);
    assert_eq!(response.text("content-range"), None);
    let content_type = "Content-Type: text/plain; charset=utf-8";
    let whole = get(&server, "/download.txt", "").content;
    assert_eq!(whole.len(), LINES);
    let expected = [(LINES - 4, LINES - 1), (0, 15), (500, 530)].map(|(first, last)| {
        let head = format!("Content-Range: bytes {first}-{last}/{LINES}\r\n{content_type}");
        (head, whole[first..=last].to_vec())
    });
    assert_eq!(parts(&response), expected);
}

/// 9110-13.1.5-08, 9110-13.1.5-10, 9110-13.1.5-14, 9110-13.1.5-15, 9110-13.1.5-17: If-Range with a tag and with a date.
#[test]
fn if_range() {
    let server = Server::start("serve", &[]);
    let whole = get(&server, "/notes.txt", "");
    let (etag, date) = (text(&whole, "etag"), text(&whole, "last-modified"));
    for (if_range, status) in [
        (etag, 206),
        (date, 206),
        ("\"other\"", 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("garbage", 200),
        ("", 200),
        (&format!("W/{etag}"), 200),
        (&format!("{etag}, {etag}"), 200),
    ] {
        let fields = format!("Range: bytes=0-3\r\nIf-Range: {if_range}\r\n");
        assert_eq!(
            get(&server, "/notes.txt", &fields).status,
            status,
            "{if_range}"
        );
        // Unsatisfiable is 416 only where the Range applies.
        let fields = format!("Range: bytes=999-\r\nIf-Range: {if_range}\r\n");
        let expected = if status == 206 { 416 } else { 200 };
        assert_eq!(
            get(&server, "/notes.txt", &fields).status,
            expected,
            "{if_range}"
        );
    }
    // After a change within the same second, the date is no strong validator.
    let put = "PUT /notes.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nother\n";
    let put = server.request(put);
    assert_eq!(put.status, 204);
    for if_range in [etag, date, text(&put, "last-modified")] {
        let fields = format!("Range: bytes=0-3\r\nIf-Range: {if_range}\r\n");
        let response = get(&server, "/notes.txt", &fields);
        assert_eq!(
            (response.status, &response.content[..]),
            (200, &b"other\n"[..]),
            "{if_range}"
        );
    }
    let fields = format!("Range: bytes=0-3\r\nIf-Range: {}\r\n", text(&put, "etag"));
    assert_eq!(get(&server, "/notes.txt", &fields).content, b"othe");
}

/// 9110-13.2.2-18, 9110-13.2.2-19, 9110-14.2-09: the other conditions come first.
#[test]
fn conditions_come_before_the_range() {
    let server = Server::start("serve", &[]);
    let whole = get(&server, "/notes.txt", "");
    let etag = text(&whole, "etag");
    for range in ["bytes=0-3", "bytes=999-"] {
        let fields = format!("Range: {range}\r\nIf-None-Match: {etag}\r\nIf-Range: {etag}\r\n");
        assert_eq!(get(&server, "/notes.txt", &fields).status, 304);
        let fields = format!("Range: {range}\r\nIf-Match: \"x\"\r\n");
        assert_eq!(get(&server, "/notes.txt", &fields).status, 412);
    }
    let fields = format!("Range: bytes=0-3\r\nIf-Match: {etag}\r\nIf-None-Match: \"x\"\r\n");
    assert_eq!(get(&server, "/notes.txt", &fields).status, 206);
}

/// 9110-15.3.7-02, 9110-15.3.7-03, 9110-15.3.7-04, 9110-8.8-01: which fields of the 200 a 206 has.
#[test]
fn fields_of_206() {
    let server = Server::start("serve", &[]);
    let six = ["cache-control", "content-location", "date", "etag", "vary"];
    let own = ["accept-ranges", "content-length", "content-range"];
    let rest = ["content-language", "content-type", "last-modified"];
    let sorted = |lists: &[&[&'static str]]| {
        let mut names = lists.concat();
        names.sort_unstable();
        names
    };
    let whole = get(&server, "/hello", "");
    assert_eq!(
        whole.names(),
        sorted(&[&six, &["accept-ranges", "content-length"], &rest])
    );

    let part = get(&server, "/hello", "Range: bytes=0-1\r\n");
    assert_eq!(
        (part.status, part.names()),
        (206, sorted(&[&six, &own, &rest]))
    );

    let fields = format!("Range: bytes=0-1\r\nIf-Range: {}\r\n", text(&whole, "etag"));
    let part = get(&server, "/hello", &fields);
    assert_eq!((part.status, part.names()), (206, sorted(&[&six, &own])));

    for name in six.into_iter().filter(|&name| name != "date") {
        assert_eq!(part.text(name), whole.text(name), "{name}");
    }
    assert_eq!(text(&part, "content-length"), "2");
}

/// 9110-15.4.5-02, 9110-15.4.5-03: a 304 has exactly those six that the 200 has, with their values.
#[test]
fn fields_of_304() {
    let server = Server::start("serve", &[]);
    for (path, expected) in [
        (
            "/hello",
            &["cache-control", "content-location", "date", "etag", "vary"][..],
        ),
        ("/news", &["cache-control", "date", "etag", "expires"]),
        ("/notes.txt", &["cache-control", "date", "etag"]),
        // Without a tag, the date helps.
        ("/dated", &["cache-control", "date", "last-modified"]),
    ] {
        let whole = get(&server, path, "");
        let response = get(&server, path, "If-None-Match: *\r\n");
        assert_eq!(response.status, 304);
        assert_eq!(response.names(), expected, "{path}");
        for name in expected
            .iter()
            .filter(|&&name| !["date", "expires"].contains(&name))
        {
            assert_eq!(response.text(name), whole.text(name), "{path} {name}");
        }
    }
}
