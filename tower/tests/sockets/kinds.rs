//! What every kind of service does with the layer around it.

use http_conditional::EntityTag;

use crate::client::{Answer, BOTH, Http, Lines, Server};
use crate::services::{KINDS, Kind, text};

const CLIENTS: [Option<&str>; 3] = [None, Some("identity"), Some("gzip, br;q=0.5")];

/// A client of one version and one Accept-Encoding, that asks one service.
pub(crate) struct Asking<'s> {
    pub(crate) server: &'s Server,
    pub(crate) http: Http,
    pub(crate) kind: Kind,
    pub(crate) codings: Option<&'static str>,
}

impl Asking<'_> {
    pub(crate) async fn ask(&self, method: &str, lines: Lines<'_>) -> Answer {
        let mut lines = lines.to_vec();
        lines.extend(self.codings.map(|codings| ("accept-encoding", codings)));
        self.server
            .ask(self.http, method, self.kind.path, &lines)
            .await
    }

    /// By GET and by HEAD, on one connection.
    pub(crate) async fn ask_each(&self, asked: &[Lines<'_>]) -> Vec<[Answer; 2]> {
        let mut requests = Vec::new();
        for lines in asked {
            let mut lines = lines.to_vec();
            lines.extend(self.codings.map(|codings| ("accept-encoding", codings)));
            requests.extend(["GET", "HEAD"].map(|method| (method, lines.clone())));
        }
        let (http, path) = (self.http, self.kind.path);
        let answers = self.server.ask_each(http, path, &requests, "").await;
        let mut answers = answers.into_iter();
        std::iter::from_fn(|| Some([answers.next()?, answers.next()?])).collect()
    }

    /// Twice on one connection.
    async fn ask_twice(&self, method: &str, lines: Lines<'_>) -> Answer {
        let mut lines = lines.to_vec();
        lines.extend(self.codings.map(|codings| ("accept-encoding", codings)));
        self.server
            .ask_twice(self.http, method, self.kind.path, &lines)
            .await
    }

    pub(crate) fn is_coded(&self) -> bool {
        self.kind.is_coded && self.codings.is_some_and(|codings| codings != "identity")
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {:?} {:?}", self.kind.path, self.http, self.codings)
    }

    /// RFC 9110 section 8.6: none, or that of the 200.
    fn check_length(&self, answer: &Answer, whole: &Answer) {
        let length = answer.field("content-length");
        assert!(
            length.is_none() || length == whole.field("content-length"),
            "{}: {answer:?}",
            self.name()
        );
    }
}

/// Each kind, each version, each client.
pub(crate) async fn for_all(mut check: impl AsyncFnMut(Asking<'_>)) {
    let server = Server::start().await;
    for http in BOTH {
        for kind in KINDS {
            for codings in CLIENTS {
                check(Asking {
                    server: &server,
                    http,
                    kind,
                    codings,
                })
                .await;
            }
        }
    }
}

#[tokio::test]
async fn a_200_then_a_304() {
    for_all(async |asking| {
        let name = asking.name();
        let whole = asking.ask_twice("GET", &[]).await;
        assert_eq!(whole.status, 200, "{name}");
        let coding = whole.field("content-encoding");
        assert_eq!(coding, asking.is_coded().then_some("gzip"), "{name}");
        assert_eq!(whole.text(), text(), "{name}");
        let length = whole.field("content-length").map(str::to_owned);
        let expected = (!asking.is_coded()).then(|| text().len().to_string());
        assert_eq!(length, expected, "{name}");

        for method in ["GET", "HEAD"] {
            let same = asking
                .ask_twice(method, &[("if-none-match", whole.etag())])
                .await;
            assert_eq!(same.status, 304, "{method} {name}");
            assert!(same.content.is_empty());
            // 15.4.5.
            for field in ["cache-control", "etag", "vary"] {
                assert_eq!(same.field(field), whole.field(field), "{field} {name}");
            }
            for field in [
                "content-encoding",
                "content-type",
                "last-modified",
                "transfer-encoding",
            ] {
                assert_eq!(same.field(field), None, "{field} {name}");
            }
            assert!(same.field("date").is_some());
            asking.check_length(&same, &whole);

            let other = asking
                .ask_twice(method, &[("if-none-match", "\"other\"")])
                .await;
            assert_eq!(other.status, 200, "{method} {name}");
        }
    })
    .await;
}

/// Section 9.3.2.
#[tokio::test]
async fn head_is_as_get_without_content() {
    for_all(async |asking| {
        let whole = asking.ask_twice("GET", &[]).await;
        for lines in [
            &[][..],
            &[("range", "bytes=0-1")],
            &[("if-none-match", "\"other\"")],
        ] {
            let head = asking.ask_twice("HEAD", lines).await;
            assert_eq!(head.status, 200);
            assert!(head.content.is_empty());
            for field in [
                "content-encoding",
                "content-type",
                "etag",
                "last-modified",
                "vary",
            ] {
                assert_eq!(
                    head.field(field),
                    whole.field(field),
                    "{field} {}",
                    asking.name()
                );
            }
            asking.check_length(&head, &whole);
            assert_eq!(head.field("transfer-encoding"), None);
        }
        let failed = asking.ask_twice("HEAD", &[("if-match", "\"other\"")]).await;
        assert_eq!(failed.status, 412);
    })
    .await;
}

/// Section 8.8.3.3: nobody can put bytes of two codings together by a tag.
#[tokio::test]
async fn a_strong_tag_never_goes_out_for_two_codings() {
    let server = Server::start().await;
    for kind in KINDS {
        let mut seen = Vec::new();
        for codings in CLIENTS {
            let asking = Asking {
                server: &server,
                http: Http::One,
                kind,
                codings,
            };
            let whole = asking.ask("GET", &[]).await;
            let tag = whole.etag().to_owned();
            let is_weak = EntityTag::parse(tag.as_bytes()).unwrap().is_weak();
            assert_eq!(
                is_weak,
                asking.is_coded() && kind.path != "/suffixed",
                "{tag}"
            );
            if !is_weak {
                seen.push((tag, whole.field("content-encoding").map(str::to_owned)));
            }
        }
        for (tag, coding) in &seen {
            let same = seen.iter().filter(|(other, _)| other == tag);
            assert!(
                same.clone().all(|(_, other)| other == coding),
                "{kind:?} {seen:?}"
            );
        }
    }
}

/// Sections 14.2, 13.1.5 and 15.3.7.
#[tokio::test]
async fn ranges() {
    for_all(async |asking| {
        let name = asking.name();
        let whole = asking.ask("GET", &[]).await;
        let tag = whole.etag();
        let length = text().len();
        if asking.is_coded() && asking.kind.path.starts_with("/inside") {
            // The layer does not know that a coding will follow: without If-Range, a part is one
            // of the content as it is, and says so.
            let part = asking.ask("GET", &[("range", "bytes=2-4")]).await;
            assert_eq!(
                (part.status.as_u16(), part.field("content-encoding")),
                (206, None)
            );
            assert!(part.etag().starts_with("W/"));
            assert_eq!(part.field("vary"), Some("accept-encoding"));
        } else if asking.is_coded() {
            // Its length is not known.
            let part = asking.ask("GET", &[("range", "bytes=2-4")]).await;
            assert_eq!(
                (part.status.as_u16(), part.text()),
                (200, text().to_vec()),
                "{name}"
            );
        }
        if asking.is_coded() {
            let resumed = asking
                .ask("GET", &[("range", "bytes=2-4"), ("if-range", tag)])
                .await;
            assert_eq!(
                (resumed.status.as_u16(), resumed.text()),
                (200, text().to_vec()),
                "{name}"
            );
            return;
        }
        for (range, first, last) in [
            ("bytes=2-4", 2, 4),
            ("bytes=150-", 150, length - 1),
            ("bytes=-1", length - 1, length - 1),
            ("bytes=0-", 0, length - 1),
        ] {
            for lines in [
                &[("range", range)][..],
                &[("range", range), ("if-range", tag)],
            ] {
                let part = asking.ask("GET", lines).await;
                assert_eq!(part.status, 206, "{name} {lines:?}");
                assert_eq!(part.content, text().slice(first..=last), "{name}");
                let expected = format!("bytes {first}-{last}/{length}");
                assert_eq!(part.field("content-range"), Some(&*expected));
                assert_eq!(
                    part.field("content-length"),
                    Some(&*part.content.len().to_string())
                );
                assert_eq!(
                    (part.etag(), part.field("vary")),
                    (tag, whole.field("vary"))
                );
                // 15.3.7: the client has it already.
                assert_eq!(part.field("content-type").is_some(), lines.len() == 1);
            }
        }
        let parts = asking
            .ask("GET", &[("range", "bytes=0-1, 99-101, -2")])
            .await;
        assert_eq!(parts.status, 206, "{name}");
        assert_eq!(parts.field("content-range"), None);
        let boundary = parts.field("content-type").unwrap();
        let boundary = boundary
            .strip_prefix("multipart/byteranges; boundary=")
            .unwrap();
        assert_eq!(
            parts.content,
            multipart(boundary, &[(0, 2), (99, 102), (length - 2, length)], &whole)
        );
        assert_eq!(
            parts.field("content-length"),
            Some(&*parts.content.len().to_string())
        );
        let again = asking.ask("GET", &[("range", "bytes=0-1, 99-101")]).await;
        assert!(!again.field("content-type").unwrap().ends_with(boundary));

        for (lines, status) in [
            (&[("range", "bytes=1000000-")][..], 416),
            (&[("range", "bytes=1000000-"), ("if-range", tag)], 416),
            (&[("range", "bytes=1000000-"), ("if-range", "\"x\"")], 200),
            (&[("range", "bytes=1000000-"), ("if-none-match", tag)], 304),
            // Nothing is held back for what comes later.
            (&[("range", "bytes=99-101, 0-1")], 200),
            (&[("range", "bytes=0-9, 5-12")], 200),
            (&[("range", "lines=0-1")], 200),
            (&[("range", "bytes=0-1"), ("range", "bytes=0-1")], 200),
            (&[("range", "bytes=0-1"), ("if-match", "\"x\"")], 412),
        ] {
            let answer = asking.ask("GET", lines).await;
            // Left to `ServeDir` by nobody, so the same for all.
            assert_eq!(answer.status, status, "{name} {lines:?}");
            if status == 416 {
                let expected = format!("bytes */{length}");
                assert_eq!(answer.field("content-range"), Some(&*expected));
                assert_eq!(answer.field("content-length").unwrap_or("0"), "0");
            }
        }
    })
    .await;
}

fn multipart(boundary: &str, parts: &[(usize, usize)], whole: &Answer) -> Vec<u8> {
    let mut content = Vec::new();
    for (number, &(first, end)) in parts.iter().enumerate() {
        let length = text().len();
        let begin = if number > 0 { "\r\n" } else { "" };
        let media_type = whole.field("content-type").unwrap();
        let head = format!(
            "{begin}--{boundary}\r\nContent-Range: bytes {first}-{}/{length}\r\n\
             Content-Type: {media_type}\r\n\r\n",
            end - 1
        );
        content.extend_from_slice(head.as_bytes());
        content.extend_from_slice(&text()[first..end]);
    }
    content.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    content
}
