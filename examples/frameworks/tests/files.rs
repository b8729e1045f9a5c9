//! `src/bin/files.rs`, the program of the guide's page "A file server".

mod common;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use common::Server;
use http_conditional::HttpDate;

const PROGRAM: &str = env!("CARGO_BIN_EXE_files");
const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const PAGE: &str = include_str!("../../../src/guide/file_server.md");
const SOURCE: &str = include_str!("../src/bin/files.rs");

/// A directory with a file of ten bytes, one that has no date, and an empty one.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("files-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let files = Self(directory);
        files.write("digits", b"0123456789", 784_111_777);
        files.write("undated", b"0123456789", 0);
        files.write("empty", b"", 784_111_777);
        fs::create_dir(files.0.join("directory")).unwrap();
        files
    }

    fn write(&self, name: &str, data: &[u8], seconds: u64) {
        let path = self.0.join(name);
        fs::write(&path, data).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(time).unwrap();
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_with_all_that_belongs_to_them() {
    let files = Files::new("all");
    let server = Server::start_in(&files.0, PROGRAM, &[]);
    // Every response is followed by another request on the same connection.
    let mut client = server.connect();
    let whole = client.get("/digits", "");
    assert_eq!(
        (whole.status, &whole.content[..]),
        (200, &b"0123456789"[..])
    );
    assert_eq!(whole.text("last-modified"), Some(OLD));
    let tag = whole.etag().to_owned();
    assert!(tag.starts_with('"'), "{tag}");

    for (line, status, content) in [
        (String::new(), 200, &b"0123456789"[..]),
        (format!("If-None-Match: {tag}\r\n"), 304, b""),
        (format!("If-None-Match: W/{tag}, \"x\"\r\n"), 304, b""),
        (format!("If-Modified-Since: {OLD}\r\n"), 304, b""),
        ("If-Match: \"x\"\r\n".to_owned(), 412, b""),
        (format!("If-Match: {tag}\r\n"), 200, b"0123456789"),
        ("Range: bytes=2-3\r\n".to_owned(), 206, b"23"),
        (
            format!("Range: bytes=-3\r\nIf-Range: {tag}\r\n"),
            206,
            b"789",
        ),
        (
            "Range: bytes=2-3\r\nIf-Range: \"x\"\r\n".to_owned(),
            200,
            b"0123456789",
        ),
        ("Range: bytes=10-\r\n".to_owned(), 416, b""),
        ("Range: bytes=a\r\n".to_owned(), 200, b"0123456789"),
    ] {
        let response = client.get("/digits", &line);
        assert_eq!(
            (response.status, &response.content[..]),
            (status, content),
            "{line}"
        );
        let head = client.head("/digits", &line);
        let status = if line.contains("Range") { 200 } else { status };
        assert_eq!(head.status, status, "{line}");
        if matches!(status, 200 | 304) {
            assert_eq!(head.text("content-length"), Some("10"), "{line}");
        }
        assert_eq!(client.get("/digits", "").status, 200);
    }

    let response = client.get("/digits", "Range: bytes=0-1,8-\r\n");
    assert_eq!(response.status, 206);
    let content_type = response.text("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/byteranges; boundary=")
        .unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Range: bytes 0-1/10\r\n\r\n01\
         \r\n--{boundary}\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8_lossy(&response.content), expected);
    let again = client.get("/digits", "Range: bytes=0-1,8-\r\n");
    assert_ne!(
        again.text("content-type"),
        Some(&*format!("multipart/byteranges; boundary={boundary}"))
    );
}

/// The next write may come within the same tick of the clock.
#[test]
fn the_tag_of_what_was_just_written_is_weak() {
    let files = Files::new("new");
    let server = Server::start_in(&files.0, PROGRAM, &[]);
    fs::write(files.0.join("new"), "0123456789").unwrap();
    let ahead = SystemTime::now() + Duration::from_mins(1);
    let file = fs::File::options().write(true).open(files.0.join("new"));
    file.unwrap().set_modified(ahead).unwrap();
    let mut client = server.connect();
    let tag = client.get("/new", "").etag().to_owned();
    assert!(tag.starts_with("W/"), "{tag}");
    // 8.8.2.1: nor is the date in the future.
    let response = client.get("/new", "");
    let ahead = HttpDate::from_system_time(ahead).unwrap().to_string();
    assert_ne!(response.text("last-modified"), Some(&*ahead));
    let lines = format!("Range: bytes=2-3\r\nIf-Range: {tag}\r\n");
    assert_eq!(client.get("/new", lines).status, 200);
}

/// r6: the time 0 is no date, and makes no tag.
#[test]
fn a_file_without_a_date() {
    let files = Files::new("undated");
    let server = Server::start_in(&files.0, PROGRAM, &[]);
    let mut client = server.connect();
    let response = client.get("/undated", format!("If-Modified-Since: {OLD}\r\n"));
    assert_eq!(response.status, 200);
    assert_eq!(
        (response.text("etag"), response.text("last-modified")),
        (None, None)
    );
    let empty = client.get("/empty", "");
    assert_eq!(
        (empty.status, empty.text("content-length")),
        (200, Some("0"))
    );
    assert_eq!(client.get("/empty", "Range: bytes=0-\r\n").status, 416);
}

#[test]
fn what_is_no_file_of_the_directory() {
    let files = Files::new("paths");
    let server = Server::start_in(&files.0, PROGRAM, &[]);
    let mut client = server.connect();
    for path in [
        "/",
        "/none",
        "/directory",
        "/../etc/passwd",
        "/.hidden",
        "/a/b",
        "/a\\b",
        "//etc/passwd",
    ] {
        assert_eq!(client.get(path, "").status, 404, "{path}");
    }
    let long = format!("/{}", "x".repeat(300));
    assert_eq!(client.get(&long, "").status, 404);
    assert_eq!(client.put("/digits", "If-Match: \"x\"\r\n", "").status, 405);
    assert_eq!(client.get("/digits", "").status, 200);
}

#[test]
fn the_page_has_this_program() {
    let (_, code) = SOURCE.split_once("\n\n").unwrap();
    assert!(PAGE.contains(code), "src/bin/files.rs has changed");
    // All but what it uses, and what listens.
    let handler = code.split_once("/// The response").unwrap().1;
    let handler = handler.split_once("#[tokio::main]").unwrap().0;
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let lines = handler.lines().filter(is_code);
    assert!(lines.count() <= 60);
}
