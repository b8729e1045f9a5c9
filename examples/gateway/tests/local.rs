//! The gateway with the stores that need nothing else: memory, a directory, and a few lines of a
//! store that always gives the same answer.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use common::{Process, Request, Response, TempDir, count, count_with, exchange};

const ONCE: &str = "Sat, 29 Oct 1994 19:43:31 GMT";

/// A gateway with each kind of store, empty.
fn each(arguments: &[&str], test: impl Fn(&str, &Process)) {
    let arguments = || arguments.iter().copied();
    test("memory", &Process::gateway(arguments()));
    let directory = TempDir::new();
    let dir = ["--dir", directory.as_str()];
    test("disk", &Process::gateway(arguments().chain(dir)));
}

fn put(gateway: &Process, target: &str, content: &str, fields: &[(&str, &str)]) -> Response {
    let mut request = Request::put(target, content);
    for (name, value) in fields {
        request = request.field(name, value);
    }
    gateway.send(&request)
}

fn status(gateway: &Process, method: &str, fields: &[(&str, &str)]) -> u16 {
    let mut request = Request::new(method, "/a/x");
    for (name, value) in fields {
        request = request.field(name, value);
    }
    gateway.send(&request).status
}

#[test]
fn conditions_on_an_object() {
    each(&[], |store, gateway| {
        let created = put(gateway, "/a/x", "content", &[("If-None-Match", "*")]);
        assert_eq!((created.status, created.content.len()), (201, 0), "{store}");
        let tag = created.tag();
        assert!(tag.starts_with('"'), "{store}: {tag} is strong");
        let weak = &format!("W/{tag}");
        let list = &format!("\"x\", {tag}");
        let weak_list = &format!("\"x\", {weak}");
        // A PUT of the same content, so that on disk the tag remains; in memory it does not.
        for (method, fields, expected) in [
            ("GET", &[("If-None-Match", tag)][..], 304),
            ("HEAD", &[("If-None-Match", weak_list)], 304),
            ("GET", &[("If-None-Match", "\"x\"")], 200),
            ("GET", &[("If-Match", "\"x\"")], 412),
            ("GET", &[("If-Match", list), ("If-None-Match", weak)], 304),
            ("GET", &[("If-Modified-Since", ONCE)], 200),
            ("GET", &[("If-Unmodified-Since", ONCE)], 412),
            (
                "GET",
                &[("If-None-Match", "\"x"), ("If-Modified-Since", "?")],
                200,
            ),
            ("PUT", &[("If-None-Match", "*")], 412),
            ("PUT", &[("If-None-Match", weak)], 412),
            ("PUT", &[("If-None-Match", "\"x")], 412),
            ("PUT", &[("If-Match", weak)], 412),
            ("PUT", &[("If-Match", "\"x\"")], 412),
            ("PUT", &[("If-Match", "\"x\", \"y\"")], 412),
            ("PUT", &[("If-Match", "")], 412),
            ("PUT", &[("If-Match", tag), ("If-None-Match", list)], 412),
            ("PUT", &[("If-Match", tag), ("If-None-Match", "*")], 412),
            ("PUT", &[("If-Match", tag), ("If-Match", "x")], 412),
            ("PUT", &[("If-Unmodified-Since", ONCE)], 412),
            ("DELETE", &[("If-Match", "\"x\"")], 412),
            ("DELETE", &[("If-None-Match", "*")], 412),
            ("DELETE", &[("If-Unmodified-Since", ONCE)], 412),
            ("DELETE", &[("If-Match", "no tag")], 412),
            ("POST", &[("If-Match", "\"x\"")], 405),
            ("OPTIONS", &[("If-Match", "\"x\"")], 204),
        ] {
            let seen = status(gateway, method, fields);
            assert_eq!(seen, expected, "{store}: {method} {fields:?}");
        }
        let read = gateway.send(&Request::get("/a/x"));
        assert_eq!(
            (read.status, read.tag()),
            (200, tag),
            "{store}: nothing of it wrote"
        );
    });
}

#[test]
fn writes_whose_condition_is_true() {
    each(&[], |store, gateway| {
        let mut tag = put(gateway, "/a/x", "0", &[]).tag().to_owned();
        let list = |tag: &str| format!("\"x\", W/\"y\", {tag}");
        for (number, condition) in [
            |tag: &str| vec![("If-Match", tag.to_owned())],
            |_: &str| vec![("If-Match", "*".to_owned())],
            |tag: &str| vec![("If-Match", format!("\"x\", W/\"y\", {tag}"))],
            |tag: &str| {
                vec![
                    ("If-Match", tag.to_owned()),
                    ("If-None-Match", "\"x\"".to_owned()),
                ]
            },
            |_: &str| vec![("If-None-Match", "\"x\", \"y\"".to_owned())],
            |_: &str| {
                vec![(
                    "If-Unmodified-Since",
                    "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
                )]
            },
            |_: &str| vec![("If-Unmodified-Since", "never".to_owned())],
            |_: &str| vec![],
        ]
        .into_iter()
        .enumerate()
        {
            let fields = condition(&tag);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let content = format!("content {number}");
            let written = put(gateway, "/a/x", &content, &fields);
            assert_eq!(written.status, 204, "{store}: {fields:?}");
            assert_ne!(written.tag(), tag, "{store}");
            written.tag().clone_into(&mut tag);
            let read = gateway.send(&Request::get("/a/x"));
            assert_eq!(read.content, content.as_bytes(), "{store}");
            assert_eq!(read.tag(), tag, "{store}");
        }
        assert_eq!(
            status(gateway, "DELETE", &[("If-Match", &list(&tag))]),
            204,
            "{store}"
        );
        assert_eq!(status(gateway, "GET", &[]), 404, "{store}");
    });
}

#[test]
fn what_was_deleted_is_absent_and_can_be_created_again() {
    each(&[], |store, gateway| {
        for condition in [None, Some("*"), Some("tag")] {
            let created = put(gateway, "/a/x", "content", &[("If-None-Match", "*")]);
            assert_eq!(created.status, 201, "{store}");
            let condition = match condition {
                Some("tag") => Some(("If-Match", created.tag())),
                Some(any) => Some(("If-Match", any)),
                None => None,
            };
            assert_eq!(
                status(gateway, "DELETE", condition.as_slice()),
                204,
                "{store}"
            );
            for (method, fields, expected) in [
                ("GET", &[][..], 404),
                ("HEAD", &[("If-Match", "*")], 404),
                // Without its condition it would be a 404 as well (RFC 9110 section 13.2.1).
                ("DELETE", &[("If-Match", created.tag())], 404),
                ("DELETE", &[("If-None-Match", "*")], 404),
                ("DELETE", &[], 404),
                ("PUT", &[("If-Match", created.tag())], 412),
                ("PUT", &[("If-Match", "*")], 412),
            ] {
                let seen = status(gateway, method, fields);
                assert_eq!(seen, expected, "{store}: {method} {fields:?}");
            }
            let unguarded = put(gateway, "/a/x", "content", &[("If-None-Match", "\"x\"")]);
            assert_eq!(unguarded.status, 201, "{store}");
            assert_eq!(status(gateway, "DELETE", &[]), 204, "{store}");
        }
    });
}

#[test]
fn ranges_and_fields() {
    each(&[], |store, gateway| {
        let written = put(
            gateway,
            "/x.txt",
            "0123456789",
            &[("Content-Type", "text/plain")],
        );
        let tag = written.tag();
        let get = |fields: &[(&str, &str)]| {
            let request = Request::get("/x.txt");
            let add = |request: Request, (name, value): &(&str, &str)| request.field(name, value);
            gateway.send(&fields.iter().fold(request, add))
        };
        for (fields, expected, content_range, content) in [
            (&[][..], 200, None, "0123456789"),
            (&[("Range", "bytes=2-4")], 206, Some("bytes 2-4/10"), "234"),
            (&[("Range", "bytes=-1")], 206, Some("bytes 9-9/10"), "9"),
            // What is between the two is shorter than the head of a part.
            (
                &[("Range", "bytes=0-0, 9-9")],
                206,
                Some("bytes 0-9/10"),
                "0123456789",
            ),
            (
                &[("Range", "bytes=2-4"), ("If-Range", tag)],
                206,
                Some("bytes 2-4/10"),
                "234",
            ),
            (
                &[("Range", "bytes=2-4"), ("If-Range", "\"x\"")],
                200,
                None,
                "0123456789",
            ),
            (
                &[("Range", "bytes=2-4"), ("If-Match", "\"x\", *")],
                412,
                None,
                "",
            ),
            (&[("Range", "bytes=10-")], 416, Some("bytes */10"), ""),
            (&[("Range", "lines=1-2")], 200, None, "0123456789"),
        ] {
            let seen = get(fields);
            let what = format!("{store}: {fields:?}");
            assert_eq!(seen.status, expected, "{what}");
            assert_eq!(seen.field("content-range"), content_range, "{what}");
            assert_eq!(seen.field("etag"), Some(tag), "{what}");
            assert!(
                seen.status >= 400 || seen.content == content.as_bytes(),
                "{what}"
            );
        }
        let whole = get(&[]);
        assert_eq!(whole.field("content-type"), Some("text/plain"), "{store}");
        assert_eq!(whole.field("accept-ranges"), Some("bytes"), "{store}");
        assert!(whole.field("last-modified").is_some(), "{store}");
        let head = gateway.send(&Request::new("HEAD", "/x.txt").field("Range", "bytes=0-1"));
        assert_eq!((head.status, head.content.len()), (200, 0), "{store}");
        assert_eq!(head.field("content-length"), Some("10"), "{store}");
        let unchanged = get(&[("If-None-Match", tag)]);
        assert_eq!(
            (unchanged.status, unchanged.field("etag")),
            (304, Some(tag)),
            "{store}"
        );

        let empty = put(gateway, "/empty", "", &[]);
        assert_eq!(empty.status, 201, "{store}");
        let read = gateway.send(&Request::get("/empty").field("If-Match", empty.tag()));
        assert_eq!((read.status, read.content.len()), (200, 0), "{store}");
    });
}

#[test]
fn several_ranges() {
    each(&[], |store, gateway| {
        let content = "0123456789".repeat(100);
        let fields = [("Content-Type", "text/plain")];
        let written = put(gateway, "/x.txt", &content, &fields);
        let get = |ranges: &str| gateway.send(&Request::get("/x.txt").field("Range", ranges));

        let seen = get("bytes=1-2, 500-503, -1");
        assert_eq!(seen.status, 206, "{store}");
        assert_eq!(seen.field("etag"), Some(written.tag()), "{store}");
        let media_type = seen.field("content-type").unwrap();
        let boundary = media_type.strip_prefix("multipart/byteranges; boundary=");
        let boundary = boundary.unwrap();
        let part = |range: &str, data: &str| {
            format!(
                "--{boundary}\r\ncontent-range: bytes {range}/1000\r\n\
                 content-type: text/plain\r\n\r\n{data}\r\n"
            )
        };
        let parts = [
            part("1-2", "12"),
            part("500-503", "0123"),
            part("999-999", "9"),
        ];
        let expected = format!("{}--{boundary}--", parts.concat());
        let sent = String::from_utf8(seen.content.clone()).unwrap();
        assert_eq!(sent.trim().to_lowercase(), expected, "{store}");

        // Each is a request to the store, so they are not too many.
        let many = (0..9).map(|n| format!("{0}-{0}", n * 100));
        let many = get(&format!("bytes={}", many.collect::<Vec<_>>().join(",")));
        assert_eq!((many.status, many.content.len()), (200, 1000), "{store}");
    });
}

#[test]
fn what_the_gateway_does_not_take() {
    each(&["--max-body", "1000"], |store, gateway| {
        let large = "x".repeat(1001);
        assert_eq!(put(gateway, "/x", &large, &[]).status, 413, "{store}");
        let head = "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunked = format!("{head}3e9\r\n{large}\r\n0\r\n\r\n");
        let answer = exchange(gateway.address, &[chunked.as_bytes()]).unwrap();
        assert_eq!(answer.status, 413, "{store}");
        assert_eq!(put(gateway, "/x", &large[1..], &[]).status, 201, "{store}");
        let part = [("Content-Range", "bytes 0-0/2")];
        assert_eq!(put(gateway, "/x", "x", &part).status, 400, "{store}");
        let coded = [("Content-Encoding", "gzip")];
        assert_eq!(put(gateway, "/x", "x", &coded).status, 415, "{store}");
        for target in ["/", "/x/", "/%2e%2e/x", "//x", "/x%00", "/x%2Fy", "/%ff"] {
            assert_eq!(
                put(gateway, target, "x", &[]).status,
                400,
                "{store}: {target}"
            );
            let read = gateway.send(&Request::get(target));
            assert_eq!(read.status, 400, "{store}: {target}");
        }
        let kept = gateway.send(&Request::get("/x"));
        assert_eq!(kept.content, &large.as_bytes()[1..], "{store}");
    });
}

/// Whatever bytes the fields have: there is an answer, and it does not say that the gateway is
/// at fault.
#[test]
fn any_bytes_in_the_fields() {
    let values: [&[u8]; 12] = [
        b"",
        b"\"",
        b"W/",
        b"*, *",
        b"\"a\"b\"",
        b"\"\xe9\"",
        b"\xff\xfe",
        b"\"*\"",
        b"\"a\" , ,, W/\"\x80\"",
        b"Sat, 99 Oct 99999 19:43:31 GMT",
        b"bytes=99999999999999999999999-",
        b"\t\"\\\"\t",
    ];
    each(&[], |store, gateway| {
        for name in [
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "If-Range",
            "Range",
            "Content-Type",
        ] {
            for value in values {
                for method in ["PUT", "GET", "HEAD", "DELETE"] {
                    let request = Request::new(method, "/x").field(name, value);
                    let status = gateway.send(&request).status;
                    let what = format!("{store}: {method}, {name}: {}", value.escape_ascii());
                    assert!((200..500).contains(&status), "{what}: {status}");
                }
            }
        }
    });
}

/// In memory the store counts its writes, from the start each time: tags are no less unlike.
#[test]
fn tags_of_another_life_match_nothing() {
    let [before, after] = [(); 2].map(|()| Process::gateway([]));
    let old = put(&before, "/x", "one", &[]);
    let new = put(&after, "/x", "two", &[]);
    assert_ne!(old.tag(), new.tag());
    assert_eq!(
        put(&after, "/x", "three", &[("If-Match", old.tag())]).status,
        412
    );
    assert_eq!(
        put(&after, "/x", "three", &[("If-Match", new.tag())]).status,
        204
    );
}

#[test]
fn no_update_is_lost_in_memory() {
    let count = count(&[&Process::gateway([])], 20, 10);
    assert_eq!(count.counter, 200);
    assert_eq!(count.refusals, BTreeSet::from([412]));
}

/// What no store can compare with is evaluated, and then swapped for just what was evaluated.
#[test]
fn no_update_is_lost_with_a_list() {
    each(&[], |store, gateway| {
        let list = |tag: &str| format!("\"x\", W/\"y\", {tag}");
        let count = count_with(&[gateway], 20, 10, list);
        assert_eq!(count.counter, 200, "{store}");
        assert_eq!(count.refusals, BTreeSet::from([412]), "{store}");
    });
}

#[test]
fn one_of_many_creates() {
    each(&[], |store, gateway| {
        for (name, value) in [("If-None-Match", "*"), ("If-Unmodified-Since", ONCE)] {
            for number in 0..20 {
                let target = format!("/{name}/{number}");
                let barrier = Barrier::new(8);
                let mut seen: Vec<u16> = thread::scope(|scope| {
                    let clients: Vec<_> = (0..8)
                        .map(|client| {
                            let (barrier, target) = (&barrier, &target);
                            scope.spawn(move || {
                                barrier.wait();
                                put(gateway, target, &client.to_string(), &[(name, value)]).status
                            })
                        })
                        .collect();
                    let clients = clients.into_iter();
                    clients.map(|client| client.join().unwrap()).collect()
                });
                seen.sort_unstable();
                assert_eq!(
                    seen,
                    [201, 412, 412, 412, 412, 412, 412, 412],
                    "{store}: {target}"
                );
            }
        }
    });
}

/// A read is of one object or of the next, and never fails because there is a next.
#[test]
fn reads_of_what_changes_all_the_time() {
    each(&[], |store, gateway| {
        let versions = |number: usize| number.to_string().repeat(1000);
        assert_eq!(put(gateway, "/x", &versions(0), &[]).status, 201, "{store}");
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for (name, value) in [
                ("Range", "bytes=10-19"),
                ("If-None-Match", "\"x\""),
                ("A", "b"),
            ] {
                let done = &done;
                scope.spawn(move || {
                    while !done.load(Ordering::SeqCst) {
                        let read = gateway.send(&Request::get("/x").field(name, value));
                        assert!([200, 206].contains(&read.status), "{store}: {read:?}");
                        let length = if read.status == 206 { 10 } else { 1000 };
                        assert_eq!(read.content, vec![read.content[0]; length], "{store}");
                    }
                });
            }
            for number in 0..400 {
                let written = put(gateway, "/x", &versions(number % 10), &[]);
                assert_eq!(written.status, 204, "{store}");
            }
            done.store(true, Ordering::SeqCst);
        });
    });
}

#[test]
fn no_update_is_lost_between_two_processes_on_one_disk() {
    let directory = TempDir::new();
    let [one, other] = [(); 2].map(|()| Process::gateway(["--dir", directory.as_str()]));
    let count = count(&[&one, &other], 20, 10);
    assert_eq!(count.counter, 200);
    assert_eq!(count.refusals, BTreeSet::from([412]));
}

#[test]
fn updates_are_lost_where_the_disk_is_not_asked() {
    let directory = TempDir::new();
    let arguments = ["--dir", directory.as_str(), "--check-then-put-after", "50"];
    let [one, other] = [(); 2].map(|()| Process::gateway(arguments));
    let count = count(&[&one, &other], 20, 5);
    assert!(count.counter < count.acknowledged, "{count:?}");
}

#[test]
fn names_that_a_disk_cannot_have() {
    let directory = TempDir::new();
    let gateway = Process::gateway(["--dir", directory.as_str()]);
    assert_eq!(put(&gateway, "/file", "x", &[]).status, 201);
    assert_eq!(put(&gateway, "/a/b", "x", &[]).status, 201);
    let long = format!("/{}", "a".repeat(300));
    // Below a file, in place of a directory, too long, and as a file that is being written.
    for target in ["/file/below", "/a", &long, "/file%231"] {
        for fields in [
            &[][..],
            &[("If-None-Match", "*")],
            &[("If-None-Match", "\"x\"")],
        ] {
            let seen = put(&gateway, target, "x", fields).status;
            assert_eq!(seen, 409, "{target} {fields:?}");
        }
        assert_eq!(put(&gateway, target, "x", &[("If-Match", "*")]).status, 412);
        assert_eq!(gateway.send(&Request::get(target)).status, 404, "{target}");
        let delete = Request::new("DELETE", target).field("If-Match", "\"x\"");
        assert_eq!(gateway.send(&delete).status, 404, "{target}");
    }
    let mut names: Vec<_> = fs::read_dir(&directory.0).unwrap().collect();
    names.sort_by_key(|name| name.as_ref().unwrap().file_name());
    assert_eq!(names.len(), 2, "nothing is left over: {names:?}");
}

/// A store that answers by the head of a request alone, and keeps what it was asked.
struct Stub {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Gives one answer to every request.
    fn that_says(status: &'static str) -> Self {
        Self::that_answers(move |_| {
            format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        })
    }

    fn that_answers(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stub = Self {
            address: listener.local_addr().unwrap(),
            heads: Arc::default(),
        };
        let heads = Arc::clone(&stub.heads);
        thread::spawn(move || {
            for mut client in listener.incoming().map_while(Result::ok) {
                let mut head = [0; 4096];
                let length = client.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..length]).to_ascii_lowercase();
                // Before the answer, after which the test looks at them.
                heads.lock().unwrap().push(head.clone());
                let _ = client.write_all(answer(&head).as_bytes());
            }
        });
        stub
    }

    /// The methods of all requests so far.
    fn methods(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let method = |head: &String| head.split(' ').next().unwrap().to_owned();
        heads.iter().map(method).collect()
    }
}

/// Stores are less exact about quotes and `*` than HTTP. So a tag that is not plain is compared by
/// the gateway, and a plain one that stands alone is not looked up before.
#[test]
fn tags_that_are_handed_down() {
    for (tag, methods) in [
        ("\"1-a\"", ["put", "head"].as_slice()),
        ("\"*\"", &["head"]),
        ("\"a,b\"", &["head"]),
        ("\"\"", &["head"]),
        ("\"\u{e9}\"", &["head"]),
    ] {
        let store = Stub::that_says("404 Not Found");
        let gateway = Process::gateway_to(store.address, &[]);
        let seen = put(&gateway, "/x", "x", &[("If-Match", tag)]);
        assert_eq!(seen.status, 412, "{tag}");
        assert_eq!(store.methods(), methods, "{tag}");
    }
}

/// What a store says against a write is passed on as what it means to the client: 503 where
/// nothing was done, and 504 where that is not known.
#[test]
fn what_a_store_says_against_a_write() {
    for (says, expected) in [
        ("503 Slow Down", 503),
        ("429 Too Many Requests", 503),
        ("500 Internal Error", 504),
        ("409 Conflict", 409),
        ("403 Forbidden", 403),
        ("501 Not Implemented", 504),
    ] {
        let gateway = Process::gateway_to(Stub::that_says(says).address, &[]);
        for fields in [&[][..], &[("If-None-Match", "*")], &[("If-Match", "\"a\"")]] {
            let seen = put(&gateway, "/x", "x", fields);
            assert_eq!(seen.status, expected, "{says}: PUT {fields:?}");
            let again = matches!(expected, 409 | 503).then_some("1");
            assert_eq!(seen.field("retry-after"), again, "{says}");
        }
    }
    // Neither an object nor a bucket.
    let gateway = Process::gateway_to(Stub::that_says("404 Not Found").address, &[]);
    let created = put(&gateway, "/x", "x", &[("If-None-Match", "*")]);
    assert_eq!(created.status, 500);
}

/// Between two requests to the store an object may change every time: then the whole of what is
/// there is sent, Range or not.
#[test]
fn a_range_of_what_is_never_the_same() {
    let store = Stub::that_answers(|head| {
        let fields = format!("Last-Modified: {ONCE}\r\nConnection: close\r\n");
        if head.starts_with("head") {
            format!("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 3\r\n{fields}\r\n")
        } else if head.contains("if-match") {
            format!("HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n{fields}\r\n")
        } else {
            format!("HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 3\r\n{fields}\r\ntwo")
        }
    });
    let gateway = Process::gateway_to(store.address, &[]);
    for (name, value) in [("Range", "bytes=0-0"), ("If-None-Match", "\"x\"")] {
        let read = gateway.send(&Request::get("/x").field(name, value));
        assert_eq!((read.status, read.tag()), (200, "\"2\""), "{name}");
        assert_eq!(read.content, b"two", "{name}");
    }
    let unchanged = Request::get("/x").field("If-None-Match", "\"2\"");
    assert_eq!(gateway.send(&unchanged).status, 304);
}

#[test]
fn a_store_that_cannot_be_reached() {
    // Nobody listens there any more.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let gateway = Process::gateway_to(address, &[]);
    for fields in [&[][..], &[("If-None-Match", "*")], &[("If-Match", "\"a\"")]] {
        let seen = put(&gateway, "/x", "x", fields);
        assert_eq!((seen.status, seen.field("retry-after")), (503, Some("1")));
    }
    assert_eq!(gateway.send(&Request::get("/x")).status, 503);
}

/// p12: no link leads out of the directory, for reading or for writing, and a named pipe is no
/// object, and waited for by nobody.
#[cfg(unix)]
#[test]
fn no_way_out() {
    use std::os::unix::fs::symlink;

    let outside = TempDir::new();
    fs::write(outside.0.join("secret"), "A secret.").unwrap();
    let directory = TempDir::new();
    let inside = |name| directory.0.join(name);
    symlink(outside.0.join("secret"), inside("link")).unwrap();
    symlink(&outside.0, inside("away")).unwrap();
    symlink(outside.0.join("new"), inside("dangling")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(inside("pipe"))
        .status();
    assert!(pipe.unwrap().success());
    let gateway = Process::gateway(["--dir", directory.as_str()]);
    for target in [
        "/link",
        "/away/secret",
        "/away/new",
        "/away/deep/new",
        "/dangling",
        "/pipe",
    ] {
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let mut request = Request::new(method, target);
            if method == "PUT" {
                request = Request::put(target, "new");
            }
            let response = gateway.send(&request);
            assert!(
                (400..500).contains(&response.status),
                "{method} {target}: {}",
                response.status
            );
            assert!(!response.content.windows(6).any(|bytes| bytes == b"secret"));
        }
    }
    assert_eq!(fs::read(outside.0.join("secret")).unwrap(), b"A secret.");
    assert_eq!(fs::read_dir(&outside.0).unwrap().count(), 1);
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 4);
    assert_eq!(put(&gateway, "/deep/new", "content", &[]).status, 201);
}
