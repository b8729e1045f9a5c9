//! The readers of `explain`: each shape as tools of 2026 write it (`samples/README.md` says which
//! and where from), and what is said where nothing can be read. p5 of the cases.

use std::path::PathBuf;

use http_conditional_cli::explain::read::{Exchange, Problem, READABLE, Reading, Shape, read};

fn sample(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    std::fs::read(folder.join(name)).unwrap()
}

fn reading(name: &str) -> Reading {
    read(&sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The values of one field of a request, each line by itself.
fn values<'a>(exchange: &'a Exchange, name: &str) -> Vec<&'a str> {
    let fields = exchange.request.fields.iter();
    fields
        .filter(|(field, _)| field.eq_ignore_ascii_case(name))
        .map(|(_, value)| std::str::from_utf8(value).unwrap())
        .collect()
}

fn answered(exchange: &Exchange) -> (Option<u16>, Option<&str>) {
    let answer = exchange.answer.as_ref();
    let etag = answer.and_then(|answer| answer.value("ETag"));
    (
        answer.and_then(|answer| answer.status),
        etag.map(|etag| std::str::from_utf8(etag).unwrap()),
    )
}

const NOTES: &str = "http://127.0.0.1:8700/notes.txt";
const TAG: &str = "\"9c4f1a2be07d\"";

/// One request each: shape, method, target, a field with its value, the answer's status and `ETag`.
#[test]
#[allow(clippy::too_many_lines)] // a table
fn every_sample_is_read() {
    let bare = "http://127.0.0.1:8700/bare.txt";
    let tagged = "http://127.0.0.1:8700/tagged.txt";
    let odd = "W/\"it's 100% !\", \"b^c\"";
    let date = "Tue, 24 Nov 2026 09:12:44 GMT";
    let inm = "If-None-Match";
    let none = (None, None);
    let expected = [
        (
            "head-chromium-notes.txt",
            Shape::Heads,
            "GET",
            "/notes.txt",
            (inm, TAG),
            (Some(304), Some(TAG)),
        ),
        (
            "head-chromium-put.txt",
            Shape::Heads,
            "PUT",
            "/notes.txt",
            ("If-Match", TAG),
            none,
        ),
        (
            "head-firefox-notes.txt",
            Shape::Heads,
            "GET",
            "/notes.txt",
            (inm, TAG),
            (Some(304), Some(TAG)),
        ),
        (
            "head-http3.txt",
            Shape::Heads,
            "GET",
            "/notes.txt",
            (inm, "\"9c4f1a2be07d\", \"77aa01\""),
            (Some(200), Some("\"77aa01\"")),
        ),
        (
            "head-no-version.txt",
            Shape::Heads,
            "GET",
            "/notes.txt",
            (inm, TAG),
            none,
        ),
        (
            "curl-v-304.txt",
            Shape::CurlVerbose,
            "GET",
            "/notes.txt",
            (inm, TAG),
            (Some(304), Some(TAG)),
        ),
        (
            "curl-v-bare.txt",
            Shape::CurlVerbose,
            "GET",
            "/bare.txt",
            (inm, "113d22a8"),
            (Some(200), Some("113d22a8")),
        ),
        (
            "curl-v-progress.txt",
            Shape::CurlVerbose,
            "GET",
            "/notes.txt",
            (inm, "\"9c4f1a2be07d-gzip\""),
            (Some(200), Some(TAG)),
        ),
        (
            "curl-v-h2.txt",
            Shape::CurlVerbose,
            "GET",
            "/notes.txt",
            ("host", "localhost:8701"),
            (Some(200), Some("W/\"6b04d380-2b4\"")),
        ),
        (
            "pseudo-request.txt",
            Shape::PseudoHeaders,
            "GET",
            "/notes.txt",
            (inm, TAG),
            none,
        ),
        (
            "pseudo-exchange.txt",
            Shape::PseudoHeaders,
            "PUT",
            "/notes.txt",
            ("if-match", TAG),
            (Some(412), Some("\"77aa01\"")),
        ),
        (
            "pseudo-http3.txt",
            Shape::PseudoHeaders,
            "GET",
            "/dated.txt",
            ("if-modified-since", date),
            (Some(304), None),
        ),
        (
            "pairs-chromium.txt",
            Shape::Pairs,
            "GET",
            NOTES,
            (inm, TAG),
            (Some(304), Some(TAG)),
        ),
        (
            "pairs-request.txt",
            Shape::Pairs,
            "GET",
            "/bare.txt",
            (inm, "113d22a8"),
            none,
        ),
        (
            "pairs-cached.txt",
            Shape::Pairs,
            "GET",
            "http://127.0.0.1:8700/favicon.ico",
            ("referer", "http://127.0.0.1:8700/"),
            (Some(200), None),
        ),
        (
            "bash-chromium-notes.txt",
            Shape::CurlBash,
            "GET",
            NOTES,
            (inm, TAG),
            none,
        ),
        (
            "bash-chromium-put.txt",
            Shape::CurlBash,
            "PUT",
            NOTES,
            ("If-Match", TAG),
            none,
        ),
        (
            "bash-chromium-tagged.txt",
            Shape::CurlBash,
            "GET",
            tagged,
            (inm, odd),
            none,
        ),
        (
            "bash-firefox-notes.txt",
            Shape::CurlBash,
            "GET",
            NOTES,
            (inm, TAG),
            none,
        ),
        (
            "bash-firefox-tagged.txt",
            Shape::CurlBash,
            "GET",
            tagged,
            (inm, odd),
            none,
        ),
        (
            "cmd-chromium-notes.txt",
            Shape::CurlCmd,
            "GET",
            NOTES,
            (inm, TAG),
            none,
        ),
        (
            "cmd-chromium-put.txt",
            Shape::CurlCmd,
            "PUT",
            NOTES,
            ("If-Match", TAG),
            none,
        ),
        (
            "cmd-chromium-tagged.txt",
            Shape::CurlCmd,
            "GET",
            tagged,
            (inm, odd),
            none,
        ),
        (
            "cmd-firefox-notes.txt",
            Shape::CurlCmd,
            "GET",
            NOTES,
            (inm, TAG),
            none,
        ),
        (
            "cmd-firefox-tagged.txt",
            Shape::CurlCmd,
            "GET",
            tagged,
            (inm, odd),
            none,
        ),
        (
            "fetch-chromium-notes.txt",
            Shape::Fetch,
            "GET",
            NOTES,
            (inm, TAG),
            none,
        ),
        (
            "fetch-chromium-put.txt",
            Shape::Fetch,
            "PUT",
            NOTES,
            ("if-match", TAG),
            none,
        ),
        (
            "fetch-chromium-tagged.txt",
            Shape::Fetch,
            "GET",
            tagged,
            (inm, odd),
            none,
        ),
        (
            "fetch-chromium-node.txt",
            Shape::Fetch,
            "GET",
            bare,
            (inm, "113d22a8"),
            none,
        ),
        (
            "fetch-await.txt",
            Shape::Fetch,
            "GET",
            "https://example.com/notes.txt",
            (inm, TAG),
            none,
        ),
        (
            "fields-one.txt",
            Shape::FieldLines,
            "GET",
            "",
            (inm, "\"v1\""),
            none,
        ),
        (
            "fields-indented.txt",
            Shape::FieldLines,
            "GET",
            "",
            ("if-modified-since", date),
            none,
        ),
        (
            "fields-both.txt",
            Shape::FieldLines,
            "GET",
            "",
            (inm, "\"9c4f1a2be07d-gzip\""),
            (None, Some(TAG)),
        ),
    ];
    for (name, shape, method, target, (field, value), answer) in expected {
        let reading = reading(name);
        assert_eq!(reading.shape, shape, "{name}");
        let [exchange] = &*reading.exchanges else {
            panic!("{name}: {} requests", reading.exchanges.len());
        };
        assert_eq!(
            (&*exchange.request.method, &*exchange.request.target),
            (method, target),
            "{name}"
        );
        assert_eq!(values(exchange, field), [value], "{name}");
        assert_eq!(answered(exchange), answer, "{name}");
        assert_eq!(
            exchange.request.is_assumed,
            shape == Shape::FieldLines,
            "{name}"
        );
    }
}

/// Three of each at least, and more than one of them from the tool itself where one writes it.
#[test]
fn there_are_samples_of_each_shape() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut counts: Vec<(Shape, usize)> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "README.md" || name.starts_with("powershell-") {
            continue;
        }
        let Reading { shape, .. } = reading(&name);
        match counts.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, count)) => *count += 1,
            None => counts.push((shape, 1)),
        }
    }
    assert_eq!(counts.len(), READABLE.len(), "{counts:?}");
    assert!(counts.iter().all(|&(_, count)| count >= 3), "{counts:?}");
}

#[test]
fn every_entry_of_a_har_file_is_read() {
    for (name, cached) in [("har-chromium.har", 1), ("har-firefox.har", 0)] {
        let Reading { shape, exchanges } = reading(name);
        assert_eq!((shape, exchanges.len()), (Shape::Har, 10), "{name}");
        let asked = &exchanges[3];
        assert_eq!(asked.request.target, NOTES);
        assert_eq!(
            (values(asked, "if-none-match"), answered(asked)),
            (vec![TAG], (Some(304), Some(TAG)))
        );
        let put = &exchanges[6];
        assert_eq!(
            (&*put.request.method, answered(put)),
            ("PUT", (Some(412), None))
        );
        let from_cache = |exchange: &&Exchange| {
            exchange
                .answer
                .as_ref()
                .is_some_and(|answer| answer.from_cache)
        };
        assert_eq!(
            exchanges.iter().filter(from_cache).count(),
            cached,
            "{name}"
        );
        let sent = exchanges[2]
            .answer
            .as_ref()
            .and_then(|answer| answer.length);
        assert_eq!(sent, Some(480), "{name}");
    }
    let short = reading("har-short.har").exchanges;
    assert_eq!(short.len(), 4);
    assert_eq!(short[0].request.fields, [], "pseudo-headers are no fields");
    assert_eq!(short[3].answer, None, "status 0 is no answer");
}

/// Written as the tools write them, in one input or in another order.
#[test]
fn inputs_are_read_in_other_ways_too() {
    let all = format!(
        "{} ;\n{}",
        text("bash-chromium-notes.txt").trim_end(),
        text("bash-chromium-put.txt")
    );
    assert_eq!(
        read(all.as_bytes()).unwrap().exchanges.len(),
        2,
        "copy all as cURL"
    );
    let all = format!(
        "{} &\r\n{}",
        text("cmd-chromium-notes.txt").trim_end(),
        text("cmd-chromium-put.txt")
    );
    assert_eq!(
        read(all.as_bytes()).unwrap().exchanges.len(),
        2,
        "copy all as cURL, cmd"
    );
    let all = format!(
        "{} ;\n{}",
        text("fetch-chromium-notes.txt").trim_end(),
        text("fetch-chromium-put.txt")
    );
    assert_eq!(
        read(all.as_bytes()).unwrap().exchanges.len(),
        2,
        "copy all as fetch"
    );

    // A redirect, and an interim answer, in one dump.
    let dump = "> GET /a HTTP/1.1\n> \n< HTTP/1.1 103 Early Hints\n< Link: </x>\n< \n< HTTP/1.1 302 Found\n< Location: /b\n< \n\
                * Connection #0 left\n> GET /b HTTP/1.1\n> If-None-Match: \"b\"\n> \n< HTTP/1.1 200 OK\n< ETag: \"b\"\n< \n> not a head\n";
    let exchanges = read(dump.as_bytes()).unwrap().exchanges;
    let statuses: Vec<_> = exchanges.iter().map(answered).collect();
    assert_eq!(statuses, [(Some(302), None), (Some(200), Some("\"b\""))]);

    // The answer above the request, as a browser shows them.
    let turned = "HTTP/1.1 304 Not Modified\nETag: \"a\"\n\nGET / HTTP/1.1\nIf-None-Match: \"a\"\n";
    let exchanges = read(turned.as_bytes()).unwrap().exchanges;
    assert_eq!(answered(&exchanges[0]), (Some(304), Some("\"a\"")));

    // UTF-16, as PowerShell writes it, and the escapes of a terminal.
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(
        text("curl-v-304.txt")
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    assert_eq!(read(&utf16).unwrap(), reading("curl-v-304.txt"));
    let bold = "> GET / HTTP/1.1\n> \n< HTTP/1.1 200 OK\n< \x1b[1mETag\x1b[0m: \"a\"\n";
    assert_eq!(
        answered(&read(bold.as_bytes()).unwrap().exchanges[0]),
        (Some(200), Some("\"a\""))
    );

    // What follows a prompt, and options in one word.
    let typed = "user@host:~$ curl -sIHIf-None-Match:\\ '\"a\"' \"http://a/b\" -H 'X-Empty;' -H 'Accept:' # try";
    let exchange = &read(typed.as_bytes()).unwrap().exchanges[0];
    assert_eq!(
        (&*exchange.request.method, &*exchange.request.target),
        ("HEAD", "http://a/b")
    );
    assert_eq!(
        exchange.request.fields,
        [
            ("If-None-Match".to_owned(), b"\"a\"".to_vec()),
            ("X-Empty".to_owned(), Vec::new()),
        ]
    );
    let command = |command: &str| {
        read(command.as_bytes()).unwrap().exchanges[0]
            .request
            .method
            .clone()
    };
    assert_eq!(command("curl http://a -d x"), "POST");
    assert_eq!(command("curl -G http://a -d x"), "GET");
    assert_eq!(command("curl -T file http://a"), "PUT");
    assert_eq!(command("curl --unknown value http://a"), "GET");
    let dated = read(b"curl -z 'Tue, 24 Nov 2026 09:12:44 GMT' -r 0-9 http://a").unwrap();
    assert_eq!(values(&dated.exchanges[0], "range"), ["bytes=0-9"]);
    assert_eq!(values(&dated.exchanges[0], "if-modified-since").len(), 1);
    // cmd of older browsers.
    let older = "curl \"http://a/b\" -H \"If-None-Match: \"\"a\"\"\" --compressed";
    assert_eq!(
        values(
            &read(older.as_bytes()).unwrap().exchanges[0],
            "if-none-match"
        ),
        ["\"a\""]
    );
}

fn text(name: &str) -> String {
    String::from_utf8(sample(name)).unwrap()
}

/// What cannot be read is said, with the place.
#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (input, line, problem) in [
        ("", None, Problem::Empty),
        (" \n\t\n", None, Problem::Empty),
        ("hello there\n", Some(1), Problem::Unknown),
        ("\nGET/ HTTP/1.1\n", Some(2), Problem::Unknown),
        (
            "GET / HTTP/1.1\nHost: a\nIf-Match : b\n",
            Some(3),
            Problem::SpaceBeforeColon,
        ),
        (
            "GET / HTTP/1.1\nHost: a\nnonsense\n",
            Some(3),
            Problem::NotAFieldLine,
        ),
        (
            "HTTP/1.1 200 OK\nETag: \"a\"\n\n<html>\n",
            Some(1),
            Problem::OnlyAnAnswer,
        ),
        (
            ":method: GET\n:color: red\n",
            Some(2),
            Problem::PseudoHeader,
        ),
        (":status: many\n", Some(1), Problem::PseudoHeader),
        ("curl 'http://a\n-H 'b'", Some(2), Problem::OpenQuote),
        ("curl -H 'If-None-Match: \"a\"'\n", Some(1), Problem::NoUrl),
        (
            "curl --etag-compare tag.txt http://a",
            Some(1),
            Problem::Elsewhere("--etag-compare FILE".to_owned()),
        ),
        (
            "curl -H @fields http://a",
            Some(1),
            Problem::Elsewhere("--header @FILE".to_owned()),
        ),
        ("$session = New-Object X\n", Some(1), Problem::PowerShell),
        (
            "fetch('http://a')",
            Some(1),
            Problem::Json("expected value".to_owned()),
        ),
        (
            "fetch(\"http://a\", {\n\"method\": GET\n})",
            Some(2),
            Problem::Json("expected value".to_owned()),
        ),
        ("fetch([1])", Some(1), Problem::NotFetch),
        ("fetch(\"http://a\");\nelse", Some(2), Problem::NotFetch),
        (
            "{\"log\": {\"entries\": [{}]}}",
            Some(1),
            Problem::Json("missing field `request`".to_owned()),
        ),
        (
            "{\n\"log\": \n",
            Some(3),
            Problem::Json("EOF while parsing a value".to_owned()),
        ),
        // What is drawn over is not there: nothing is left of a line, nor of the input.
        ("tcur| \r\t\t\t", None, Problem::NoRequest),
        ("{\"a\": 1}", None, Problem::NotHar),
        ("[1, 2]", None, Problem::NotHar),
        ("{\"log\": {\"entries\": []}}", None, Problem::NoRequest),
    ] {
        let error = read(input.as_bytes()).expect_err(input);
        assert_eq!(
            (error.line, &error.problem),
            (line, &problem),
            "{input:?}: {error}"
        );
        let said = error.to_string();
        assert!(
            line.is_none_or(|line| said.starts_with(&format!("line {line}: "))),
            "{said}"
        );
    }
    // p14: nothing of it reaches the terminal.
    let error = read("a\u{1b}[31m\u{202e}b\n".as_bytes())
        .unwrap_err()
        .to_string();
    assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error:?}");
    for input in [
        "a\u{61c}b\u{e0041}c\n",
        "{\"log\": {\"entries\": [\"\u{9b}31m\u{202e}\"]}}",
    ] {
        let error = read(input.as_bytes()).unwrap_err().to_string();
        let raw = ['\u{61c}', '\u{e0041}', '\u{9b}', '\u{202e}'];
        assert!(!error.contains(raw), "{error:?}");
    }
    assert_eq!(READABLE.len(), 9);
}

/// A name is written again for each line of its value, but not a long one: that would take 5 GB.
#[test]
fn a_long_name_is_not_repeated() {
    let header = |name: &str| {
        let line = serde_json::json!({ "name": name, "value": "a\n".repeat(50_000) });
        let request = serde_json::json!({ "method": "GET", "url": "/", "headers": [line] });
        let har = serde_json::json!({ "log": { "entries": [{ "request": request }] } });
        read(har.to_string().as_bytes()).unwrap().exchanges[0]
            .request
            .fields
            .len()
    };
    assert_eq!(header(&"x".repeat(100_000)), 1);
    assert_eq!(header("x"), 50_001);
}
