//! `http-conditional explain`: why a request gets a 200, a 304 or a 412, and what to do about it.
//! What can be read is in `readers.rs`.

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

/// The lines below a heading.
fn below<'a>(printed: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = printed.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .take_while(|line| line.starts_with("  "))
        .map(str::trim)
        .collect()
}

#[test]
fn it_says_why() {
    let head = "GET /a HTTP/1.1\nHost: b\nIf-None-Match: \"v1\", \"v2\"\n";
    let (well, printed) = explain(&["--etag", "\"v2\""], head);
    assert!(well);
    let first = "GET /a: 304 Not Modified: If-None-Match names the current tag (RFC 9110 section 13.2.2, step 3)\n";
    assert!(printed.starts_with(first), "{printed}");
    assert!(
        printed.contains(
            "\n> 3. If-None-Match: 2 tags, compared weakly with \"v2\": number 2 matches"
        )
    );
}

/// The README's example, where `...` stands for lines that are left out.
#[test]
fn the_readmes_output_is_this() {
    let (_, example) = include_str!("../../README.md")
        .split_once("```sh\nprintf 'GET / HTTP/1.1\\nIf-None-Match: v2\\n' | cargo run explain --etag '\"v2\"'\n```\n\n```text\n")
        .expect("the example");
    let (shown, _) = example.split_once("```").unwrap();
    let (well, printed) = explain(&["--etag", "\"v2\""], "GET / HTTP/1.1\nIf-None-Match: v2\n");
    assert!(well);
    let mut rest = printed.as_str();
    for (index, piece) in shown.split("  ...\n").enumerate() {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("not in the README: {printed}"));
        assert!(index > 0 || at == 0, "{printed}");
        rest = &rest[at + piece.len()..];
    }
    assert_eq!(rest, "", "{printed}");
}

/// For each 200 and 412: the cause, the step that is marked, and a part of what is said.
#[test]
#[allow(clippy::too_many_lines)] // a table
fn each_reason_has_its_words() {
    let get = "GET /x HTTP/1.1\n";
    let put = "PUT /x HTTP/1.1\n";
    let date = "Last-Modified: Tue, 24 Nov 2026 09:12:44 GMT\n";
    for (head, answer, cause, step, said) in [
        (
            format!("{get}If-None-Match: \"v0\"\n"),
            "ETag: \"v1\"\n",
            "another-tag",
            3,
            "If-None-Match has \"v0\", and the current ETag is \"v1\".",
        ),
        (
            format!("{get}If-None-Match: v1\n"),
            "ETag: \"v1\"\n",
            "almost-the-tag",
            3,
            "differ only in the quotes",
        ),
        (
            format!("{get}If-None-Match: \"v1-gzip\"\n"),
            "ETag: \"v1\"\n",
            "almost-the-tag",
            3,
            "no Accept-Encoding in the request",
        ),
        (
            format!("{get}Accept-Encoding: gzip\nIf-None-Match: \"v1-gzip\"\n"),
            "ETag: \"v1\"\n",
            "almost-the-tag",
            3,
            "DeflateAlterETag NoChange",
        ),
        (
            format!("{put}If-Match: \"v1-gzip\"\n"),
            "=412\nETag: \"v1\"\n",
            "almost-the-tag",
            1,
            "Representation::also",
        ),
        (
            format!("{get}If-None-Match: \"V1\"\n"),
            "ETag: \"v1\"\n",
            "almost-the-tag",
            3,
            "upper and lower case",
        ),
        (
            format!("{put}If-Match: W/\"v1\"\n"),
            "=412\nETag: W/\"v1\"\n",
            "almost-the-tag",
            1,
            "strong tags only",
        ),
        (
            format!("{get}If-None-Match: a\"b\n"),
            "ETag: \"v1\"\n",
            "malformed",
            3,
            "If-None-Match is a\"b",
        ),
        (
            format!("{get}If-None-Match: “abc123”\n"),
            "ETag: \"v1\"\n",
            "malformed",
            3,
            "Probably meant: If-None-Match: \"abc123\"",
        ),
        (
            format!("{get}If-None-Match: If-None-Match: \"abc123\"\n"),
            "ETag: \"v1\"\n",
            "malformed",
            3,
            "Probably meant: If-None-Match: \"abc123\"",
        ),
        (
            format!("{get}If-None-Match: abc123\n"),
            "",
            "malformed",
            3,
            "Probably meant: If-None-Match: \"abc123\"",
        ),
        (
            format!("{get}If-None-Match:\n"),
            "ETag: \"v1\"\n",
            "empty-list",
            3,
            "no tag in it",
        ),
        (
            format!("{get}If-None-Match: \"v1\"\n"),
            date,
            "no-validator",
            3,
            "Send ETag with each 200",
        ),
        (
            format!(
                "{get}If-None-Match: \"v0\"\nIf-Modified-Since: Tue, 24 Nov 2026 09:12:44 GMT\n"
            ),
            "ETag: \"v1\"\nLast-Modified: Tue, 24 Nov 2026 09:12:44 GMT\n",
            "superseded",
            3,
            "with If-None-Match",
        ),
        (
            format!("{get}If-Modified-Since: Mon, 23 Nov 2026 09:12:44 GMT\n"),
            date,
            "changed-since",
            4,
            "To get a 304, send If-Modified-Since: Tue, 24 Nov 2026 09:12:44 GMT",
        ),
        (
            format!("{get}If-Modified-Since: 2026-11-24T09:12:44Z\n"),
            date,
            "not-a-date",
            4,
            "Probably meant: If-Modified-Since: Tue, 24 Nov 2026 09:12:44 GMT",
        ),
        (
            format!("{get}If-Modified-Since: Tue, 24 Nov 2026 09:12:44 GMT\n"),
            "ETag: \"v1\"\n",
            "no-validator",
            4,
            "Send Last-Modified with each 200",
        ),
        (
            format!("{get}Accept: */*\n"),
            "ETag: \"v1\"\n",
            "no-condition",
            3,
            "A browser sends none when",
        ),
        (
            format!("{get}Accept: */*\n"),
            "",
            "no-condition",
            3,
            "neither ETag nor Last-Modified",
        ),
        (
            format!("{get}Accept: */*\n"),
            "ETag: \"v1\"\nCache-Control: private, no-store\n",
            "no-condition",
            3,
            "no-store",
        ),
        (
            format!("{get}Cache-Control: no-cache\nPragma: no-cache\n"),
            "ETag: \"v1\"\n",
            "no-condition",
            3,
            "Shift held down",
        ),
        (
            format!("{get}User-Agent: curl/8.1\n"),
            "ETag: \"v1\"\n",
            "no-condition",
            3,
            "curl sends no condition",
        ),
        (
            format!("{get}If-None-Match: 113d22\n"),
            "ETag: 113d22\n",
            "bad-etag",
            3,
            "The right line is ETag: \"113d22\"",
        ),
        (
            format!("{put}If-Match: \"v0\"\n"),
            "=412\nETag: \"v1\"\n",
            "another-tag",
            1,
            "Somebody else has changed it",
        ),
        (
            format!("{put}If-None-Match: *\n"),
            "=412\nETag: \"v1\"\n",
            "exists",
            3,
            "To change it, send its ETag in If-Match.",
        ),
        (
            format!("{put}If-Match: *\n"),
            "=absent\n",
            "missing",
            1,
            "To create it, send If-None-Match: *",
        ),
        (
            format!("{put}If-None-Match: \"v1\"\n"),
            "=412\nETag: \"v1\"\n",
            "exists",
            3,
            "not over this version",
        ),
        (
            format!("{put}If-Match: v1\n"),
            "=412\nETag: \"v1\"\n",
            "almost-the-tag",
            1,
            "quotes",
        ),
        (
            format!("{put}If-None-Match: \"*\"\n"),
            "=412\nETag: \"v1\"\n",
            "quoted-star",
            0,
            "Send If-None-Match: *",
        ),
        (
            format!("{get}If-None-Match: \"*\"\n"),
            "ETag: \"v1\"\n",
            "quoted-star",
            3,
            "matches whatever is there",
        ),
    ] {
        let (status, fields) = match answer.strip_prefix('=') {
            Some("absent\n") => ("", ""),
            Some(rest) => rest.split_once('\n').unwrap(),
            None => ("200", answer),
        };
        let input = match status {
            "" => head.clone(),
            _ => format!("{head}\nHTTP/1.1 {status} Any\n{fields}\n"),
        };
        let options: &[&str] = if status.is_empty() {
            &["--absent"]
        } else {
            &[]
        };
        let (well, printed) = explain(options, &input);
        assert!(well && printed.contains(said), "{input}\n{printed}");
        let (_, json) = explain(&[options, &["--json"]].concat(), &input);
        let report = &serde_json::from_str::<serde_json::Value>(&json).unwrap()[0];
        assert_eq!(report["cause"], cause, "{input}\n{printed}");
        let marked = report["steps"]
            .as_array()
            .unwrap()
            .iter()
            .position(|step| !step["mark"].is_null());
        assert_eq!(
            marked.map_or(0, |index| index + 1),
            step,
            "{input}\n{printed}"
        );
    }
}

/// p8: what the usual tutorial sends is the bug, and the right line is shown for each framework.
#[test]
fn an_etag_without_quotes_is_the_bug() {
    let (well, printed) = explain(
        &["--etag", "113d22a8"],
        "GET / HTTP/1.1\nIf-None-Match: 113d22a8\n",
    );
    assert!(
        well && printed.starts_with(
            "GET /: 200 OK, not 304: the ETag of the answer, 113d22a8, is not an entity tag\n"
        ),
        "{printed}"
    );
    assert!(
        below(&printed, "Why")[0].starts_with(
            "This is the bug: the answer says ETag: 113d22a8, without the double quotes"
        )
    );
    let advice = below(&printed, "What to do");
    assert_eq!(advice[0], "The right line is ETag: \"113d22a8\"");
    for framework in [
        "Express: ",
        "Flask: ",
        "Rails: ",
        "Spring: ",
        "Go: ",
        "nginx: ",
    ] {
        assert!(
            advice.iter().any(|line| line.starts_with(framework)),
            "{framework} {printed}"
        );
    }
}

/// Where the current tag is not known, nothing is said of what it comes to.
#[test]
fn an_unknown_state_is_no_state() {
    let (_, printed) = explain(&[], "If-None-Match: \"v1\"\n");
    assert!(
        printed.starts_with("GET: 200 OK or 304 Not Modified: it depends on the current ETag"),
        "{printed}"
    );
    assert!(printed.contains("taken to be GET"));
    let (_, printed) = explain(&[], "PUT / HTTP/1.1\nIf-Match: \"v1\"\n");
    assert!(
        printed.starts_with(
            "PUT /: performed or 412 Precondition Failed: it depends on the current ETag"
        ),
        "{printed}"
    );
    assert!(!printed.contains('>'), "{printed}");
}

#[test]
fn the_answer_is_held_against_what_is_right() {
    let head = "GET / HTTP/1.1\nIf-None-Match: \"a\"\n\nHTTP/1.1 200 OK\nETag: \"a\"\nContent-Length: 48000\n";
    let (_, printed) = explain(&[], head);
    let fault = "! answered 200 with 48 KB though the client had it: If-None-Match held the very tag that this answer carries";
    assert!(printed.contains(fault), "{printed}");
    let (_, printed) = explain(&[], &head.replace("200 OK", "304 Not Modified"));
    assert!(
        printed.contains("The answer was 304, as it should be"),
        "{printed}"
    );
    // An option says more than the answer.
    let other = head.replace("If-None-Match: \"a\"", "If-None-Match: \"b\"");
    let (_, printed) = explain(&["--etag", "\"b\""], &other);
    assert!(printed.starts_with("GET /: 304 Not Modified"), "{printed}");
    assert!(
        printed.contains("The answer was 200, not 304."),
        "{printed}"
    );
}

#[test]
fn a_har_file_gets_a_line_for_each_request() {
    let sample = |name| format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let har = sample("har-chromium.har");
    let (well, printed) = explain(&[&har], "");
    assert!(well, "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    assert!(
        lines[0].starts_with("  1. GET http://127.0.0.1:8700/: 304 Not Modified"),
        "{printed}"
    );
    assert!(
        lines[1].contains("from the browser's own cache"),
        "{printed}"
    );
    assert!(printed.contains("113d22a8 has no quotes"), "{printed}");
    for entry in ["6", "/tagged.txt"] {
        let (_, one) = explain(&[&har, "--entry", entry], "");
        assert!(one.contains("\n> 3. If-None-Match"), "{one}");
    }
    let (well, said) = explain(&[&har, "--entry", "99"], "");
    assert!(
        !well && said.starts_with("error: --entry 99: there is no such request"),
        "{said}"
    );
    let (_, json) = explain(&[&har, "--json"], "");
    assert_eq!(
        serde_json::from_str::<Vec<serde_json::Value>>(&json)
            .unwrap()
            .len(),
        10
    );

    // Why a browser sent none is told by the answer before, and a lost update by the tag before.
    let (_, second) = explain(&[&sample("har-short.har"), "--entry", "2"], "");
    assert!(
        below(&second, "Why")[0].starts_with("The answer before said Cache-Control: no-store"),
        "{second}"
    );
    let (_, third) = explain(&[&sample("har-short.har"), "--entry", "3"], "");
    assert!(
        third.contains("! PUT was performed though its condition is false"),
        "{third}"
    );
}

/// p14: nothing in a tag reaches the terminal.
#[test]
fn the_terminal_is_safe() {
    let head = "GET /\u{202e} HTTP/1.1\nIf-None-Match: \"a\u{9b}31m\u{202e}\u{1b}]0;x\u{7}\"\n";
    let (well, printed) = explain(&["--etag", "\"b\u{9b}\u{202e}\""], head);
    assert!(
        well && !printed.contains(['\u{9b}', '\u{202e}', '\u{1b}', '\u{7}']),
        "{printed:?}"
    );
    assert!(printed.contains("\\u{202e}"), "{printed}");

    let tag = "\"b\u{9b}\u{202e}é\"";
    let (well, printed) = explain(&["--json", "--etag", tag], head);
    assert!(
        well && !printed.contains(['\u{9b}', '\u{202e}', '\u{1b}', '\u{7}']),
        "{printed:?}"
    );
    assert!(printed.contains('é'));
    let reports: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(reports[0]["etag"], tag);
}

/// Whether somebody else's change was undone by a write is said of each guard as it is.
#[test]
fn what_guarded_a_write() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let (tag, dated) = (["--etag", "\"v2\""], ["--last-modified", date]);
    let strong = ["--last-modified", date, "--strong"];
    let unmodified = format!("If-Unmodified-Since: {date}");
    for (field, state, said) in [
        (
            "If-Match: \"v2\"",
            &tag[..],
            "nobody else's change was undone",
        ),
        (
            "If-None-Match: *",
            &["--absent"],
            "nobody else's change was undone",
        ),
        (&unmodified, &strong, "nobody else's change was undone"),
        (&unmodified, &dated, "within one second"),
        (&unmodified, &tag, "Without a Last-Modified"),
        ("If-Match: *", &tag, "asks only whether it exists"),
        (
            "If-None-Match: \"zz\"",
            &tag,
            "which versions not to overwrite",
        ),
        ("Accept: */*", &tag, "No condition guarded this write"),
        ("If-None-Match: \"zz\"", &[], "If-None-Match is \"zz\""),
        (&unmodified, &[], "If-Unmodified-Since is Sun"),
    ] {
        let head = format!("PUT / HTTP/1.1\n{field}\n");
        let (_, printed) = explain(state, &head);
        let because = below(&printed, "Why").concat();
        assert!(because.contains(said), "{field} {state:?}: {printed}");
        let is_guarded = because.contains("nobody else's change was undone");
        assert_eq!(is_guarded, said.starts_with("nobody"), "{printed}");
    }
    let (_, printed) = explain(&tag, "PROPFIND / HTTP/1.1\n");
    assert!(!printed.contains("this write"), "{printed}");
}

/// Every departure of the library can be tried.
#[test]
fn departures_are_options() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (option, fields, state, without, with) in [
        (
            "--weak-if-match",
            "PUT / HTTP/1.1\nIf-Match: W/\"a\"",
            ["--etag", "W/\"a\""],
            "412",
            "perform",
        ),
        (
            "--lenient-entity-tags",
            "GET / HTTP/1.1\nIf-None-Match: a",
            ["--etag", "\"a\""],
            "200",
            "304",
        ),
        (
            "--lenient-dates",
            "GET / HTTP/1.1\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 UTC",
            ["--last-modified", date],
            "200",
            "304",
        ),
        (
            "--case-insensitive-dates",
            "GET / HTTP/1.1\nIf-Modified-Since: sun, 06 nov 1994 08:49:37 gmt",
            ["--last-modified", date],
            "200",
            "304",
        ),
        (
            "--exact-if-modified-since",
            "GET / HTTP/1.1\nIf-Modified-Since: Mon, 07 Nov 1994 08:49:37 GMT",
            ["--last-modified", date],
            "304",
            "200",
        ),
        (
            "--if-range-by-date",
            "GET / HTTP/1.1\nRange: bytes=0-1\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT",
            ["--last-modified", date],
            "200",
            "206",
        ),
    ] {
        let decision = |options: &[&str]| {
            let (_, printed) = explain(options, &format!("{fields}\n"));
            printed
                .split_once("/: ")
                .map(|(_, rest)| rest.to_owned())
                .unwrap_or(printed)
        };
        assert!(
            decision(&state).starts_with(without),
            "{option}: {}",
            decision(&state)
        );
        let options = [&state[..], &[option]].concat();
        assert!(
            decision(&options).starts_with(with),
            "{option}: {}",
            decision(&options)
        );
    }
}

#[test]
fn the_state_is_given_by_options() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let head = format!("GET / HTTP/1.1\r\nRange: bytes=0-1\r\nIf-Range: {date}\r\n\r\nbody");
    for (arguments, decision) in [
        (
            &["--last-modified", date][..],
            "200 OK with the whole content: the date in If-Range is not a strong validator",
        ),
        (
            &["--last-modified", date, "--strong"],
            "206 Partial Content, if the Range can be satisfied, not 304: no condition was sent",
        ),
        (&["--absent"], "404, as without conditions"),
        (&["--status", "403"], "403, as without conditions"),
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
    assert!(at("Tue, 15 Jun 2060 00:00:00 GMT").contains("If-Modified-Since is malformed"));
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
    assert!(
        well && printed.starts_with("PUT /: 412 Precondition Failed: If-Match is malformed"),
        "{printed}"
    );
    assert!(
        printed.contains("not an entity tag: expected `\"` or `W/\"` at byte 6"),
        "{printed}"
    );
}

#[test]
fn bad_input_gets_a_sentence() {
    let get = "GET / HTTP/1.1\n";
    for (arguments, head, sentence) in [
        (&[][..], "", "error: the input is empty\n"),
        (
            &[],
            "GET/ HTTP/1.1\n",
            "error: line 1: `GET/ HTTP/1.1` is neither a request line nor a field line\n",
        ),
        (
            &[],
            "GET / HTTP/1.1\nHost: a\nIf-Match : b\n",
            "error: line 3: `If-Match : b` is not a field line: there must be no white space before the colon\n",
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
        let (well, said) = explain(arguments, head);
        assert!(!well && said.starts_with(sentence), "{said}");
        // What it can read is for those whose input it cannot.
        assert_eq!(
            said.contains("These can be read:\n"),
            arguments.is_empty(),
            "{said}"
        );
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

/// The tag of an answer stands for the requests behind it, but not where it would make the output
/// grow with the square of the input.
#[test]
fn a_long_tag_is_not_said_of_each_later_request() {
    let har = |tag: &str| {
        let answer = serde_json::json!({
            "request": { "method": "GET", "url": "/a" },
            "response": { "status": 200, "headers": [{ "name": "ETag", "value": tag }] },
        });
        let mut entries = vec![answer];
        let later = serde_json::json!({ "request": { "method": "GET", "url": "/a" } });
        entries.extend(std::iter::repeat_n(later, 100));
        serde_json::json!({ "log": { "entries": entries } }).to_string()
    };
    let tag = format!("\"{}\"", "x".repeat(100_000));
    let (well, printed) = explain(&["--json"], &har(&tag));
    assert!(well);
    assert!(printed.len() < 1_000_000, "{} bytes", printed.len());

    let (_, printed) = explain(&["--json"], &har("\"v1\""));
    assert_eq!(printed.matches(r#""etag": "\"v1\"""#).count(), 101);
}
