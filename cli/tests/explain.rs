//! The example `explain`: why a request gets a 200, a 304 or a 412, and what is wrong with input
//! that it cannot read.

mod common;

use std::io::Write;
use std::process::{Command, Stdio};

use common::{PROGRAM, TempDir};

/// Whether it ended well, and what it printed, on standard output or on standard error.
fn explain(arguments: &[&str], head: &str) -> (bool, String) {
    let mut process = Command::new(PROGRAM)
        .arg("explain")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended already, without a look at its input.
    let _ = process.stdin.take().unwrap().write_all(head.as_bytes());
    let output = process.wait_with_output().unwrap();
    let printed = if output.status.success() {
        output.stdout
    } else {
        output.stderr
    };
    (output.status.success(), String::from_utf8(printed).unwrap())
}

#[test]
fn it_says_why() {
    let head = "GET /a HTTP/1.1\nHost: b\nIf-None-Match: \"v1\", \"v2\"\n";
    let (well, printed) = explain(&["--etag", "\"v2\""], head);
    assert!(well);
    let first =
        "GET /a: 304 Not Modified, because of If-None-Match (RFC 9110 section 13.2.2, step 3)\n";
    assert!(printed.starts_with(first), "{printed}");
    assert!(
        printed.contains(
            "\n> 3. If-None-Match: 2 tags, compared weakly with \"v2\": number 2 matches"
        )
    );
    // The README shows this very output.
    let readme = include_str!("../../README.md").replace("GET /:", "GET /a:");
    assert!(readme.contains(&printed), "{printed}");
}

#[test]
fn the_state_is_given_by_options() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let head = format!("GET / HTTP/1.1\r\nRange: bytes=0-1\r\nIf-Range: {date}\r\n\r\nbody");
    for (arguments, decision) in [
        (
            &["--last-modified", date][..],
            "perform the method, ignoring Range, because of If-Range",
        ),
        (
            &["--last-modified", date, "--strong"],
            "perform the method, as no condition",
        ),
        (
            &["--absent"],
            "perform the method, ignoring Range, as the answer without conditions",
        ),
        (
            &["--status", "403"],
            "perform the method, ignoring Range, as the answer without conditions",
        ),
    ] {
        let (well, printed) = explain(arguments, &head);
        assert!(
            well && printed.starts_with(&format!("GET /: {decision}")),
            "{printed}"
        );
    }
    // By the clock that is given, a two-digit year is of the one century or of the other.
    let head = "GET / HTTP/1.1\nIf-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT\n";
    let at = |now: &str| explain(&["--now", now, "--last-modified", date], head).1;
    assert!(at("Mon, 15 Jun 2026 00:00:00 GMT").starts_with("GET /: 304"));
    assert!(at("Tue, 15 Jun 2060 00:00:00 GMT").contains("! If-Modified-Since is malformed"));
}

#[test]
fn a_file_and_curls_marks_are_read() {
    let directory = TempDir::new();
    directory.write(
        "head",
        "> PUT / HTTP/1.1\r\n> If-Match: \"v1\", v2\r\n> \r\n",
    );
    let file = directory.path().join("head");
    let (well, printed) = explain(&["--etag", "\"v1\"", file.to_str().unwrap()], "");
    assert!(well && printed.starts_with("PUT /: 412 Precondition Failed, because of If-Match"));
    assert!(printed.contains("! If-Match: not an entity tag: expected `\"` or `W/\"` at byte 6"));
}

#[test]
fn bad_input_gets_a_sentence() {
    let get = "GET / HTTP/1.1\n";
    for (arguments, head, sentence) in [
        (
            &[][..],
            "",
            "error: the input has no request line, such as `GET / HTTP/1.1`\n",
        ),
        (
            &[],
            "GET/ HTTP/1.1\n",
            "error: line 1 is no request line: invalid token\n",
        ),
        (
            &[],
            "GET / HTTP/1.1\nHost: a\nIf-Match : b\n",
            "error: line 3 is no field line: invalid header name\n",
        ),
        (
            &["--etag", "v1"],
            get,
            "error: --etag v1: not an entity tag: expected `\"` or `W/\"` at byte 0\n",
        ),
        (
            &["--last-modified", "yesterday"],
            get,
            "error: --last-modified: not an HTTP-date: expected the English name of a day of the \
             week at byte 0\n",
        ),
        (
            &["--now", "Sun, 06 Nov 1994 08:49:37 UTC"],
            get,
            "error: --now: not an HTTP-date: expected `GMT` at byte 26\n",
        ),
    ] {
        assert_eq!(explain(arguments, head), (false, sentence.to_owned()));
    }
    let (well, printed) = explain(&["no such file"], "");
    assert!(
        !well && printed.starts_with("error: no such file: "),
        "{printed}"
    );
    let (well, printed) = explain(&["--absent", "--etag", "\"a\""], get);
    assert!(
        !well && printed.contains("cannot be used with"),
        "{printed}"
    );
}
