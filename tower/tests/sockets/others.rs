//! Services that are not about one text: QUERY, events, upgrades, errors, and several lines.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{BOTH, Server};

/// RFC 10008: as GET.
#[tokio::test]
async fn query() {
    let server = Server::start().await;
    for http in BOTH {
        let whole = server.send(http, "QUERY", "/query", &[], "what?").await;
        assert_eq!(
            (whole.status.as_u16(), &whole.content[..]),
            (200, &b"what?"[..])
        );
        assert_eq!(whole.field("x-method"), Some("QUERY"));
        for (lines, status, content) in [
            (&[("if-none-match", "\"v1\"")][..], 304, ""),
            (&[("if-none-match", "\"x\"")], 200, "what?"),
            (&[("if-match", "\"x\"")], 412, ""),
            (&[("range", "bytes=1-2")], 206, "ha"),
            (&[("range", "bytes=5-")], 416, ""),
        ] {
            let answer = server.send(http, "QUERY", "/query", lines, "what?").await;
            assert_eq!(
                (answer.status.as_u16(), &answer.content[..]),
                (status, content.as_bytes()),
                "{lines:?}"
            );
        }
        // 9.3.8 and others: no condition counts, or it is performed already.
        for method in ["POST", "DELETE", "PATCH", "OPTIONS", "PUT"] {
            let lines = [
                ("if-match", "\"x\""),
                ("if-none-match", "*"),
                ("range", "bytes=0-1"),
            ];
            let answer = server.send(http, method, "/query", &lines, "what?").await;
            assert_eq!(
                (answer.status.as_u16(), &answer.content[..]),
                (200, &b"what?"[..]),
                "{method}"
            );
        }
    }
}

#[tokio::test]
async fn events_are_left_alone() {
    let server = Server::start().await;
    for http in BOTH {
        for lines in [
            &[][..],
            &[("range", "bytes=0-1")],
            &[("if-none-match", "\"x\"")],
        ] {
            let answer = server.ask(http, "GET", "/events", lines).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.content, "data: one\n\ndata: two\n\n");
            for name in ["etag", "content-length", "content-range"] {
                assert_eq!(answer.field(name), None);
            }
        }
    }
}

#[tokio::test]
async fn errors_are_left_alone() {
    let server = Server::start().await;
    for http in BOTH {
        for lines in [
            &[("if-none-match", "\"v1\"")][..],
            &[("if-match", "\"x\"")],
            &[("range", "bytes=0-")],
        ] {
            let answer = server.ask(http, "GET", "/broken", lines).await;
            assert_eq!(answer.status, 500, "{lines:?}");
            assert_eq!(answer.etag(), "\"v1\"");
        }
    }
}

/// Section 15.4.5, and RFC 6265 section 3: every line of a field that stays.
#[tokio::test]
async fn several_lines_of_a_field_stay() {
    let server = Server::start().await;
    for http in BOTH {
        for (lines, status) in [
            (&[][..], 200),
            (&[("if-none-match", "\"v1\"")], 304),
            (&[("range", "bytes=0-1")], 206),
        ] {
            let answer = server.ask(http, "GET", "/cookies", lines).await;
            assert_eq!(answer.status, status);
            for (name, values) in [
                ("set-cookie", ["a=1", "b=2"]),
                ("vary", ["accept", "cookie"]),
            ] {
                let lines: Vec<_> = answer.fields.get_all(name).iter().collect();
                assert_eq!(lines, values, "{status}");
            }
        }
    }
}

/// RFC 9110 section 7.8, as websockets do it over HTTP/1.1.
#[tokio::test]
async fn an_upgrade_goes_through() {
    let server = Server::start().await;
    for line in ["", "If-None-Match: *\r\n", "Range: bytes=0-1\r\n"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!(
            "GET /upgrade HTTP/1.1\r\nHost: example.com\r\nConnection: upgrade\r\nUpgrade: echo\r\n{line}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains("upgrade: echo\r\n"), "{head}");
        stream.write_all(b"ping").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "ping");
    }
}

/// Hostile input: an answer below 500 in any case.
#[tokio::test]
async fn any_bytes_get_an_answer() {
    let server = Server::start().await;
    let names = [
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
    ];
    let obs_text: Vec<u8> = (0x80..=0xff).collect();
    for path in ["/handler", "/suffixed", "/inside", "/leaving"] {
        for name in names {
            for value in [
                obs_text.as_slice(),
                b"\"",
                b",,,\t,",
                b"W/",
                b"bytes=99999999999999999999-,-",
                b"bytes=0-0,0-0,0-0,0-0",
                &b"\"x--gzip\",".repeat(400),
                &b"\"x\",".repeat(400),
            ] {
                let mut stream = TcpStream::connect(server.address).await.unwrap();
                let begin = format!(
                    "GET {path} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n{name}: "
                );
                stream
                    .write_all(&[begin.as_bytes(), value, b"\r\n\r\n"].concat())
                    .await
                    .unwrap();
                let mut answer = Vec::new();
                stream.read_to_end(&mut answer).await.unwrap();
                let status = std::str::from_utf8(&answer[9..12]).unwrap();
                let expected = if name == "If-Match" { "412" } else { "200" };
                assert!(
                    status == expected || (name, status) == ("Range", "416"),
                    "{name}: {}: {status}",
                    value.escape_ascii()
                );
            }
        }
    }
}
