//! What holds for every program: each rule is a test in each file of tests.

use std::sync::Barrier;
use std::thread;

use super::cases::{Case, Current, OF_WHAT_IS_MISSING, of_retrievals, of_writes};
use super::{Client, Response, Server, request};

const FIRST: &str = "/notes/first";
const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// One test for each rule, against the program of this name.
macro_rules! rules {
    ($program:literal) => {
        const PROGRAM: &str = env!(concat!("CARGO_BIN_EXE_", $program));

        $crate::common::rules::rules! {
            @tests
            a_200_says_its_validators
            a_304_by_a_list_of_weak_tags_over_two_lines
            a_304_by_date
            if_none_match_wins_over_if_modified_since
            the_fields_of_a_304
            the_connection_goes_on_after_a_304
            head_is_as_get_without_content
            a_412_to_a_get
            what_is_not_there_is_404_whatever_the_conditions
            put_creates_only
            put_updates_what_the_client_has_seen
            put_by_date
            a_malformed_if_match_is_412
            any_bytes_get_an_answer
            the_note_that_counts_is_the_one_at_the_end_of_the_content
            one_of_many_wins
            the_cases_where_servers_disagree
        }
    };
    (@tests $($rule:ident)+) => {
        $(
            #[test]
            fn $rule() {
                $crate::common::rules::$rule(&$crate::common::Server::start(PROGRAM, &[]));
            }
        )+
    };
}
pub(crate) use rules;

fn first(client: &mut Client) -> Response {
    let first = client.get(FIRST, "");
    assert_eq!(first.status, 200);
    first
}

/// RFC 9110 section 8.8.
pub(crate) fn a_200_says_its_validators(server: &Server) {
    let first = first(&mut server.connect());
    assert_eq!(first.content, b"The first note.\n");
    assert!(first.etag().starts_with('"') && first.etag().len() > 2);
    for name in ["last-modified", "date"] {
        let date = first.text(name).expect(name);
        assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
    }
}

/// Sections 5.3, 8.8.3.2 and 13.1.2.
pub(crate) fn a_304_by_a_list_of_weak_tags_over_two_lines(server: &Server) {
    let mut client = server.connect();
    let first = first(&mut client);
    let tag = first.etag();
    let lines = format!("If-None-Match: W/\"x\", \"a,b\"\r\nIf-None-Match: W/\"y\", W/{tag}\r\n");
    assert_eq!(client.get(FIRST, lines).status, 304);
    let lines = format!("if-none-match: ,W/{tag} ,\r\nIf-None-Match: \"x\"\r\n");
    assert_eq!(client.get(FIRST, lines).status, 304);
    let lines = "If-None-Match: W/\"x\", \"a,b\"\r\nIf-None-Match: W/\"y\"\r\n";
    assert_eq!(client.get(FIRST, lines).status, 200);
    assert_eq!(client.get(FIRST, "If-None-Match: *\r\n").status, 304);
}

/// Section 13.1.3.
pub(crate) fn a_304_by_date(server: &Server) {
    let mut client = server.connect();
    let first = first(&mut client);
    let modified = first.text("last-modified").unwrap();
    for (date, status) in [(modified, 304), (OLD, 200), ("yesterday", 200)] {
        let line = format!("If-Modified-Since: {date}\r\n");
        assert_eq!(client.get(FIRST, line).status, status, "{date}");
    }
}

/// Sections 13.1.3 and 13.2.2, steps 3 and 4.
pub(crate) fn if_none_match_wins_over_if_modified_since(server: &Server) {
    let mut client = server.connect();
    let first = first(&mut client);
    let modified = first.text("last-modified").unwrap();
    for (tag, date, status) in [
        (first.etag(), OLD, 304),
        ("\"x\"", modified, 200),
        // Malformed, and empty: it is there.
        ("x", modified, 200),
        ("", modified, 200),
    ] {
        let lines = format!("If-None-Match: {tag}\r\nIf-Modified-Since: {date}\r\n");
        assert_eq!(client.get(FIRST, lines).status, status, "{tag}");
        let lines = format!("If-Modified-Since: {date}\r\nIf-None-Match: {tag}\r\n");
        assert_eq!(client.get(FIRST, lines).status, status, "{tag}");
    }
}

/// Sections 15.4.5 and 8.6.
pub(crate) fn the_fields_of_a_304(server: &Server) {
    let mut client = server.connect();
    let first = first(&mut client);
    let not_modified = client.get(FIRST, format!("If-None-Match: {}\r\n", first.etag()));
    assert_eq!(not_modified.status, 304);
    for name in ["cache-control", "etag", "vary"] {
        assert!(first.text(name).is_some(), "{name}");
        assert_eq!(not_modified.text(name), first.text(name), "{name}");
    }
    assert!(not_modified.text("date").is_some());
    for name in [
        "content-length",
        "content-type",
        "last-modified",
        "transfer-encoding",
    ] {
        assert_eq!(not_modified.text(name), None, "{name}");
    }
}

/// RFC 9112 section 6.3: a 304 and what answers a HEAD end with their head.
pub(crate) fn the_connection_goes_on_after_a_304(server: &Server) {
    let mut client = server.connect();
    let condition = format!("If-None-Match: {}\r\n", first(&mut client).etag());
    for _ in 0..3 {
        assert_eq!(client.get(FIRST, &condition).status, 304);
        assert_eq!(client.head(FIRST, &condition).status, 304);
        assert_eq!(client.put(FIRST, &condition, "New.").status, 412);
        assert_eq!(first(&mut client).content, b"The first note.\n");
    }
    // All at once.
    client.send(
        [
            request("GET", FIRST, &condition, ""),
            request("GET", FIRST, "", ""),
            request("GET", FIRST, &condition, ""),
        ]
        .concat(),
    );
    assert_eq!(client.receive("GET").status, 304);
    assert_eq!(client.receive("GET").content, b"The first note.\n");
    assert_eq!(client.receive("GET").status, 304);
}

/// Section 9.3.2.
pub(crate) fn head_is_as_get_without_content(server: &Server) {
    let mut client = server.connect();
    let get = first(&mut client);
    let tag = get.etag();
    let head = client.head(FIRST, "");
    assert_eq!(head.status, 200);
    for name in ["content-length", "content-type", "etag", "last-modified"] {
        assert!(head.text(name).is_some(), "{name}");
        assert_eq!(head.text(name), get.text(name), "{name}");
    }
    for (line, status) in [
        (format!("If-None-Match: {tag}\r\n"), 304),
        (format!("If-Match: {tag}\r\n"), 200),
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        // 14.2: Range has no meaning but with GET.
        ("Range: bytes=0-1\r\n".to_owned(), 200),
        (format!("Range: bytes=100-\r\nIf-Range: {tag}\r\n"), 200),
    ] {
        assert_eq!(client.head(FIRST, &line).status, status, "{line}");
    }
    assert_eq!(first(&mut client).etag(), tag);
}

/// Sections 13.1.1 and 13.1.4.
pub(crate) fn a_412_to_a_get(server: &Server) {
    let mut client = server.connect();
    let tag = first(&mut client).etag().to_owned();
    for (line, status) in [
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        (format!("If-Match: W/{tag}\r\n"), 412),
        (format!("If-Match: \"x\"\r\nIf-Match: {tag}\r\n"), 200),
        ("If-Match: *\r\n".to_owned(), 200),
        (format!("If-Unmodified-Since: {OLD}\r\n"), 412),
        (
            format!("If-Unmodified-Since: {OLD}\r\nIf-Match: {tag}\r\n"),
            200,
        ),
    ] {
        let response = client.get(FIRST, &line);
        assert_eq!(response.status, status, "{line}");
        if status == 412 {
            assert_eq!(response.text("cache-control"), None);
            assert_ne!(response.content, b"The first note.\n");
        }
    }
}

/// Section 13.2.1.
pub(crate) fn what_is_not_there_is_404_whatever_the_conditions(server: &Server) {
    let mut client = server.connect();
    for line in [
        "If-Match: *\r\n",
        "If-Match: \"x\"\r\n",
        "If-None-Match: *\r\n",
    ] {
        let missing = client.get("/notes/none", line);
        assert_eq!(missing.status, 404, "{line}");
        // 6.6.1: there is a clock.
        assert!(missing.text("date").is_some());
        assert_eq!(client.head("/notes/none", line).status, 404, "{line}");
        assert_eq!(client.get("/elsewhere", line).status, 404, "{line}");
    }
}

/// Section 13.1.2.
pub(crate) fn put_creates_only(server: &Server) {
    let mut client = server.connect();
    let only_new = "If-None-Match: *\r\n";
    // 13.1.1: there is no current representation to match.
    assert_eq!(client.put("/notes/new", "If-Match: *\r\n", "0").status, 412);
    assert_eq!(client.put("/notes/new", only_new, "One.").status, 201);
    assert_eq!(client.put("/notes/new", only_new, "Two.").status, 412);
    assert_eq!(client.get("/notes/new", "").content, b"One.");
}

/// Section 13.1.1.
pub(crate) fn put_updates_what_the_client_has_seen(server: &Server) {
    let mut client = server.connect();
    let old = first(&mut client).etag().to_owned();
    let seen = format!("If-Match: {old}\r\n");
    assert_eq!(client.put(FIRST, "If-Match: \"x\"\r\n", "0").status, 412);
    let weak = format!("If-Match: W/{old}\r\n");
    assert_eq!(client.put(FIRST, weak, "0").status, 412);
    assert_eq!(first(&mut client).etag(), old);

    let updated = client.put(FIRST, &seen, "Changed.");
    assert!(matches!(updated.status, 200 | 204), "{updated:?}");
    let new = first(&mut client);
    assert_eq!(new.content, b"Changed.");
    assert_ne!(new.etag(), old);
    if let Some(tag) = updated.text("etag") {
        assert_eq!(tag, new.etag());
    }
    assert_eq!(client.put(FIRST, &seen, "0").status, 412);
    assert_eq!(first(&mut client).content, b"Changed.");
    // No condition, no protection.
    assert!(matches!(client.put(FIRST, "", "Lost.").status, 200 | 204));
}

/// Sections 13.1.3 and 13.1.4.
pub(crate) fn put_by_date(server: &Server) {
    let mut client = server.connect();
    let first = first(&mut client);
    let modified = first.text("last-modified").unwrap();
    let old = format!("If-Unmodified-Since: {OLD}\r\n");
    assert_eq!(client.put(FIRST, old, "0").status, 412);
    let seen = format!("If-Unmodified-Since: {modified}\r\n");
    assert!(matches!(client.put(FIRST, seen, "One.").status, 200 | 204));
    // It has no meaning but for GET and HEAD.
    let since = "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n";
    assert!(matches!(client.put(FIRST, since, "Two.").status, 200 | 204));
}

/// Section 13.1.1: what is malformed does not match.
pub(crate) fn a_malformed_if_match_is_412(server: &Server) {
    let mut client = server.connect();
    let tag = first(&mut client).etag().to_owned();
    let unquoted = tag.trim_matches('"');
    for value in [
        unquoted,
        "",
        "w/\"x\"",
        &format!("{tag}, x"),
        &format!("*, {tag}"),
        &format!("*\r\nIf-Match: {tag}"),
    ] {
        let line = format!("If-Match: {value}\r\n");
        assert_eq!(client.put(FIRST, &line, "0").status, 412, "{value}");
        assert_eq!(client.get(FIRST, &line).status, 412, "{value}");
    }
    assert_eq!(first(&mut client).etag(), tag);
}

/// Section 5.5: field values may have bytes that are not ASCII.
pub(crate) fn any_bytes_get_an_answer(server: &Server) {
    let mut client = server.connect();
    let tag = first(&mut client).etag().to_owned();
    let obs_text: Vec<u8> = (0x80..=0xff).collect();
    for name in [
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
    ] {
        for value in [
            obs_text.as_slice(),
            b"\"",
            b",,,\t,",
            b"W/",
            b"bytes=99999999999999999999-,-",
            &b"\"x\",".repeat(400),
        ] {
            let line = [name.as_bytes(), b": ", value, b"\r\n"].concat();
            let status = client.get(FIRST, line).status;
            let expected = if name == "If-Match" { 412 } else { 200 };
            assert!(
                status == expected || (name, status) == ("Range", 416),
                "{name}: {}: {status}",
                value.escape_ascii()
            );
        }
    }
    let tagged = [b"\"", obs_text.as_slice(), b"\""].concat();
    let line = [b"If-Match: ", tagged.as_slice(), b"\r\n"].concat();
    assert_eq!(client.put(FIRST, line, "0").status, 412);
    let list = [b"If-None-Match: ", tagged.as_slice(), b", ", tag.as_bytes()].concat();
    assert_eq!(
        client
            .get(FIRST, [list.as_slice(), b"\r\n"].concat())
            .status,
        304
    );
    assert_eq!(first(&mut client).etag(), tag);
}

/// Section 13.2.1: conditions are evaluated right before the method is performed.
pub(crate) fn the_note_that_counts_is_the_one_at_the_end_of_the_content(server: &Server) {
    let [mut slow, mut fast] = [(); 2].map(|()| server.connect());
    let seen = format!("If-Match: {}\r\n", first(&mut fast).etag());
    let bytes = request("PUT", FIRST, &seen, "The slow one.");
    let (most, rest) = bytes.split_at(bytes.len() - 4);
    slow.send(most);
    let updated = fast.put(FIRST, &seen, "The fast one.");
    assert!(matches!(updated.status, 200 | 204), "{updated:?}");
    slow.send(rest);
    assert_eq!(slow.receive("PUT").status, 412);
    assert_eq!(first(&mut slow).content, b"The fast one.");
}

/// Of clients that have seen the same note, one updates it.
pub(crate) fn one_of_many_wins(server: &Server) {
    const CLIENTS: usize = 4;
    let start = Barrier::new(CLIENTS);
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| server.connect()).collect();
    for round in 0..20 {
        let seen = format!("If-Match: {}\r\n", first(&mut clients[0]).etag());
        let statuses: Vec<_> = thread::scope(|scope| {
            let threads = clients.iter_mut().enumerate().map(|(number, client)| {
                let (start, seen) = (&start, &seen);
                scope.spawn(move || {
                    start.wait();
                    client
                        .put(FIRST, seen, &format!("{round}, {number}"))
                        .status
                })
            });
            let threads: Vec<_> = threads.collect();
            let statuses = threads.into_iter().map(|thread| thread.join().unwrap());
            statuses.collect()
        });
        let winner = statuses
            .iter()
            .position(|status| matches!(status, 200 | 204));
        let winner = winner.expect("somebody wins");
        let lost = statuses.iter().filter(|&&status| status == 412).count();
        assert_eq!(lost, CLIENTS - 1, "{statuses:?}");
        let content = first(&mut clients[0]).content;
        assert_eq!(content, format!("{round}, {winner}").as_bytes());
    }
}

/// All that can be asked of what has a strong tag and a date.
pub(crate) fn the_cases_where_servers_disagree(server: &Server) {
    let mut client = server.connect();
    let whole = first(&mut client);
    let tag = whole.etag();
    let current = Current {
        tag: Some(tag),
        modified: whole.text("last-modified"),
        has_ranges: client.get(FIRST, "Range: bytes=0-1\r\n").status == 206,
    };
    let lines = |case: &Case| {
        let lines = case.lines.iter();
        let lines = lines.map(|(name, value)| format!("{name}: {value}\r\n"));
        lines.collect::<String>()
    };
    for case in of_retrievals(current) {
        assert_eq!(
            client.get(FIRST, lines(&case)).status,
            case.status,
            "{case:?}"
        );
        let status = client.head(FIRST, lines(&case)).status;
        assert_eq!(status, case.status_of_head(), "HEAD {case:?}");
    }
    for (name, value) in OF_WHAT_IS_MISSING {
        let line = format!("{name}: {value}\r\n");
        assert_eq!(client.get("/notes/none", line).status, 404, "{name}");
    }
    for case in of_writes(tag, current.modified) {
        assert_eq!(first(&mut client).etag(), tag, "nothing was performed");
        let status = client.put(FIRST, lines(&case), "New.").status;
        let status = if status == 204 { 200 } else { status };
        assert_eq!(status, case.status, "PUT {case:?}");
    }
}

/// Sections 13.1.5, 13.2.2 and 14.2: for programs that serve ranges.
pub(crate) fn ranges(server: &Server) {
    let mut client = server.connect();
    let whole = first(&mut client);
    let tag = whole.etag();
    let modified = whole.text("last-modified").unwrap();
    let part = client.get(FIRST, "Range: bytes=4-8\r\n");
    assert_eq!((part.status, part.content.as_slice()), (206, &b"first"[..]));
    assert_eq!(part.text("content-range"), Some("bytes 4-8/16"));
    assert_eq!(part.text("content-type"), whole.text("content-type"));
    assert_eq!(part.text("last-modified"), Some(modified));

    let part = client.get(FIRST, format!("Range: bytes=4-8\r\nIf-Range: {tag}\r\n"));
    assert_eq!((part.status, part.content.as_slice()), (206, &b"first"[..]));
    assert_eq!(part.text("content-range"), Some("bytes 4-8/16"));
    assert_eq!(part.etag(), tag);
    for name in ["cache-control", "vary"] {
        assert_eq!(part.text(name), whole.text(name), "{name}");
    }
    // 15.3.7: the client has these already.
    assert_eq!(part.text("content-type"), None);
    assert_eq!(part.text("last-modified"), None);

    for if_range in [
        "\"x\"",
        &format!("W/{tag}"),
        &format!("\"x\", {tag}"),
        // Its date is not known to be a strong validator.
        modified,
        OLD,
        "x",
    ] {
        for range in ["4-8", "100-"] {
            let lines = format!("If-Range: {if_range}\r\nRange: bytes={range}\r\n");
            let full = client.get(FIRST, lines);
            assert_eq!(full.status, 200, "{if_range}");
            assert_eq!(full.content, whole.content);
            assert_eq!(full.text("content-range"), None);
        }
    }

    let beyond = format!("If-Range: {tag}\r\nRange: bytes=100-\r\n");
    for lines in ["Range: bytes=100-\r\n", &beyond] {
        let unsatisfiable = client.get(FIRST, lines);
        assert_eq!(unsatisfiable.status, 416);
        assert_eq!(unsatisfiable.text("content-range"), Some("bytes */16"));
    }
    // The other conditions come first.
    for (condition, status) in [
        (format!("If-None-Match: {tag}\r\n"), 304),
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        (format!("If-Match: {tag}\r\n"), 206),
    ] {
        let lines = format!("{condition}Range: bytes=4-8\r\n");
        assert_eq!(client.get(FIRST, lines).status, status, "{condition}");
        if status != 206 {
            let lines = format!("Range: bytes=100-\r\n{condition}");
            assert_eq!(client.get(FIRST, lines).status, status, "{condition}");
        }
    }
    // A unit that nobody knows is ignored.
    assert_eq!(client.get(FIRST, "Range: notes=0-1\r\n").status, 200);
    let twice = "Range: bytes=4-8\r\nRange: bytes=4-8\r\n";
    let twice = format!("{twice}If-Match: {tag}\r\n");
    assert_eq!(client.get(FIRST, twice).status, 200);
}

/// Section 14.2: for programs that serve one part only.
pub(crate) fn several_ranges_are_ignored(server: &Server) {
    let mut client = server.connect();
    let whole = client.get(FIRST, "Range: bytes=0-0,4-8\r\n");
    assert_eq!(whole.status, 200);
    assert_eq!(whole.content, b"The first note.\n");
}

/// Sections 14.6 and 15.3.7.2: for programs that serve several parts.
pub(crate) fn several_ranges_come_in_parts(server: &Server) {
    let mut client = server.connect();
    let parts = client.get(FIRST, "Range: bytes=0-0,4-8\r\n");
    assert_eq!((parts.status, parts.text("content-range")), (206, None));
    let content_type = parts.text("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/byteranges; boundary=")
        .expect(content_type);
    let content = String::from_utf8(parts.content.clone()).unwrap();
    let parts: Vec<_> = content.split(&format!("--{boundary}")).collect();
    let [_, first, second, "--\r\n"] = parts[..] else {
        panic!("{content}");
    };
    for (part, range, text) in [(first, "0-0", "T"), (second, "4-8", "first")] {
        assert!(part.contains(&format!("bytes {range}/16\r\n")), "{part}");
        assert!(part.ends_with(&format!("\r\n\r\n{text}\r\n")), "{part}");
    }
}
