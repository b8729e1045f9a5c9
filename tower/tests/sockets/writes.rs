//! The extractor, and what the layer does to a write.

use crate::client::{BOTH, Server};

#[tokio::test]
async fn the_conditions_of_a_put_are_evaluated_under_its_lock() {
    for http in BOTH {
        let server = Server::start().await;
        let first = server.ask(http, "GET", "/note", &[]).await;
        assert_eq!(first.etag(), "\"1\"");
        for (lines, status) in [
            (&[("if-match", "\"old\"")][..], 412),
            (&[("if-match", "W/\"1\"")], 412),
            (&[("if-none-match", "W/\"1\"")], 412),
            (&[("if-none-match", "*")], 412),
            (&[("if-match", "\"a,b\"")], 412),
            (&[("if-match", "1")], 412),
            (&[("if-match", "")], 412),
            (&[], 428),
            // No guard, and no condition for this method.
            (
                &[("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT")],
                428,
            ),
        ] {
            let answer = server.send(http, "PUT", "/note", lines, "no").await;
            assert_eq!(answer.status, status, "{lines:?}");
            // 428 too: what the client has to send is its tag.
            assert_eq!(answer.etag(), "\"1\"");
            assert!(
                answer
                    .field("content-type")
                    .is_some_and(|name| name.starts_with("text/plain"))
            );
        }
        let put = server
            .send(http, "PUT", "/note", &[("if-match", "\"1\"")], "two")
            .await;
        assert_eq!((put.status.as_u16(), put.etag()), (204, "\"2\""));
        let now = server.ask(http, "GET", "/note", &[]).await;
        assert_eq!((&now.content[..], now.etag()), (&b"two"[..], "\"2\""));
        let late = server
            .send(http, "PUT", "/note", &[("if-match", "\"1\"")], "three")
            .await;
        assert_eq!((late.status.as_u16(), late.etag()), (412, "\"2\""));
    }
}

/// A PUT with the tag of a compressed GET finds its resource.
#[tokio::test]
async fn the_suffix_of_a_coding_is_taken_off_again() {
    for http in BOTH {
        let server = Server::start().await;
        let gzip = ("accept-encoding", "gzip");
        let note = "/suffixed-note";
        let coded = server.ask(http, "GET", note, &[gzip]).await;
        assert_eq!(
            (coded.etag(), coded.field("content-encoding")),
            ("\"1--gzip\"", Some("gzip"))
        );
        let whole = server.ask(http, "GET", note, &[]).await;
        assert_eq!(
            (whole.etag(), whole.field("content-encoding")),
            ("\"1\"", None)
        );
        for (lines, status) in [
            (&[("if-none-match", "\"1--gzip\""), gzip][..], 304),
            (&[("if-none-match", "\"1\"")], 304),
            // Of another coding than what would be sent now.
            (&[("if-none-match", "\"1\""), gzip], 200),
            (&[("if-none-match", "\"1--gzip\"")], 200),
            (&[("if-match", "\"1--gzip\""), gzip], 200),
            (&[("if-match", "\"1--br\""), gzip], 412),
            (&[("range", "bytes=0-1"), ("if-range", "\"1\"")], 206),
            (&[("range", "bytes=0-1"), ("if-range", "\"1--gzip\"")], 200),
            (
                &[("range", "bytes=0-1"), ("if-range", "\"1--gzip\""), gzip],
                200,
            ),
        ] {
            assert_eq!(
                server.ask(http, "GET", note, lines).await.status,
                status,
                "{lines:?}"
            );
        }
        for (lines, status) in [
            (&[("if-none-match", "\"1--gzip\"")][..], 412),
            (&[("if-none-match", "W/\"1--gzip\"")], 412),
            (&[("if-match", "\"2--gzip\"")], 412),
            (&[("if-match", "W/\"1--gzip\"")], 412),
            (&[("if-match", "\"1--zip\"")], 412),
            (&[("if-match", "\"x\", \"1--gzip\"")], 204),
            (&[("if-match", "\"2--br\""), ("if-match", "\"x\"")], 204),
            (&[("if-match", "\"3--gzip\"")], 204),
        ] {
            let answer = server.send(http, "PUT", note, lines, "new").await;
            assert_eq!(answer.status, status, "{lines:?}");
            if status == 204 {
                let late = server.send(http, "PUT", note, lines, "late").await;
                assert_eq!(late.status, 412, "{lines:?}");
            }
        }
    }
}
