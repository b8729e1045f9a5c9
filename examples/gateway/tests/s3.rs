//! Two gateways to one store that speaks the protocol of S3. They need moto, which `.ci/gateway`
//! installs before it runs them.

mod common;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use common::{Process, Request, TempDir, back_off, count};

/// Makes the bucket that the gateways are for.
fn make_bucket(store: SocketAddr) {
    let put = Request::put("/bucket", "").field("Authorization", AUTHORIZATION);
    assert_eq!(put.send(store).unwrap().status, 200);
}

/// moto wants to see one, and believes it.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/s3/aws4_request, \
                             SignedHeaders=host, Signature=0";

/// Stands between the gateways and the store, and may lose what passes.
#[derive(Clone)]
struct Wire {
    address: SocketAddr,
    store: Arc<Mutex<SocketAddr>>,
    /// Those to a PUT.
    loses_answers: Arc<AtomicBool>,
    /// How many times a PUT came by.
    puts: Arc<AtomicUsize>,
}

impl Wire {
    fn to(store: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self {
            address: listener.local_addr().unwrap(),
            store: Arc::new(Mutex::new(store)),
            loses_answers: Arc::default(),
            puts: Arc::default(),
        };
        let accepting = wire.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let wire = accepting.clone();
                thread::spawn(move || wire.pass(&client));
            }
        });
        wire
    }

    fn pass(&self, client: &TcpStream) {
        let store = *self.store.lock().unwrap();
        // Where the store is down, the connection is closed without an answer.
        let Ok(store) = TcpStream::connect(store) else {
            return;
        };
        let is_put = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                copy(client, &store, |bytes| {
                    let put = bytes.starts_with(b"PUT ");
                    if put {
                        self.puts.fetch_add(1, Ordering::SeqCst);
                    }
                    if put || bytes.starts_with(b"GET ") || bytes.starts_with(b"HEAD ") {
                        is_put.store(put, Ordering::SeqCst);
                    }
                    true
                });
            });
            copy(&store, client, |_| {
                !(is_put.load(Ordering::SeqCst) && self.loses_answers.load(Ordering::SeqCst))
            });
        });
    }
}

/// Copies until either side ends, or until something does not pass; and ends both then.
fn copy(mut from: &TcpStream, mut to: &TcpStream, passes: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 16384];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if !passes(&buffer[..length]) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
#[ignore = "needs moto: .ci/gateway"]
fn no_update_is_lost_between_two_gateways() {
    let directory = TempDir::new();
    let store = Process::moto(&directory.0);
    make_bucket(store.address);
    let gateways = [
        &Process::gateway_to(store.address, &[]),
        &Process::gateway_to(store.address, &[]),
    ];
    let count = count(&gateways, 50, 10);
    assert_eq!(count.counter, 500);
    assert_eq!(count.refusals, BTreeSet::from([412]));
}

#[test]
#[ignore = "needs moto: .ci/gateway"]
fn updates_are_lost_where_the_store_is_not_asked() {
    let directory = TempDir::new();
    let store = Process::moto(&directory.0);
    make_bucket(store.address);
    let check_then_put = ["--check-then-put-after", "50"];
    let gateways = [
        &Process::gateway_to(store.address, &check_then_put),
        &Process::gateway_to(store.address, &check_then_put),
    ];
    let count = count(&gateways, 50, 4);
    assert!(count.counter < count.acknowledged, "{count:?}");
}

/// The answer to a write is lost: whether it was done is not known to the gateway, so it says
/// that, and does not ask the store a second time.
#[test]
#[ignore = "needs moto: .ci/gateway"]
fn a_write_whose_answer_is_lost_is_not_sent_again() {
    let directory = TempDir::new();
    let store = Process::moto(&directory.0);
    make_bucket(store.address);
    let wire = Wire::to(store.address);
    let gateway = Process::gateway_to(wire.address, &[]);
    let first = gateway.send(&Request::put("/x", "one").field("If-None-Match", "*"));
    assert_eq!(first.status, 201);

    wire.puts.store(0, Ordering::SeqCst);
    wire.loses_answers.store(true, Ordering::SeqCst);
    let second = Request::put("/x", "two").field("If-Match", first.tag());
    assert_eq!(gateway.send(&second).status, 504);
    assert_eq!(wire.puts.load(Ordering::SeqCst), 1);

    // It was done; who asks for it again without looking is told that it was not.
    wire.loses_answers.store(false, Ordering::SeqCst);
    assert_eq!(gateway.send(&Request::get("/x")).content, b"two");
    assert_eq!(gateway.send(&second).status, 412);
}

/// How far the clients have come.
#[derive(Debug, Default)]
struct Progress {
    /// Lines of which a client knows that they are there.
    written: AtomicUsize,
    /// Those among them whose write had no answer, and that the client found there.
    found: AtomicUsize,
    /// Requests that the store did not answer.
    unanswered: AtomicUsize,
}

/// Adds a line to the list, until an answer says that it is there, or until it is found there.
fn add_line(gateway: &Process, client: usize, line: &str, progress: &Progress) {
    let mut unknown = false;
    for attempt in 0.. {
        assert!(attempt < 1000, "{line} is never written");
        if attempt > 0 {
            back_off(client, attempt);
        }
        let read = gateway.send(&Request::get("/list"));
        if read.status != 200 {
            assert!(matches!(read.status, 503 | 504), "{read:?}");
            progress.unanswered.fetch_add(1, Ordering::SeqCst);
            continue;
        }
        let mut list = String::from_utf8(read.content.clone()).unwrap();
        if list.lines().any(|present| present == line) {
            assert!(unknown, "{line} was refused, and is there");
            progress.found.fetch_add(1, Ordering::SeqCst);
            break;
        }
        list.push_str(line);
        list.push('\n');
        let write = Request::put("/list", list).field("If-Match", read.tag());
        match gateway.send(&write).status {
            204 => break,
            409 | 412 | 503 => {}
            504 => {
                unknown = true;
                progress.unanswered.fetch_add(1, Ordering::SeqCst);
            }
            status => panic!("{status} for a write"),
        }
    }
    progress.written.fetch_add(1, Ordering::SeqCst);
}

/// The store is killed in the middle, and comes back with what it has acknowledged, at another
/// address; and answers to writes are lost on the way.
#[test]
#[ignore = "needs moto: .ci/gateway"]
fn nothing_acknowledged_is_lost_with_a_store_that_dies() {
    const CLIENTS: usize = 20;
    const LINES: usize = 8;
    let directory = TempDir::new();
    let mut store = Process::moto(&directory.0);
    make_bucket(store.address);
    let wire = Wire::to(store.address);
    let gateways = [
        Process::gateway_to(wire.address, &[]),
        Process::gateway_to(wire.address, &[]),
    ];
    let created = gateways[0].send(&Request::put("/list", "").field("If-None-Match", "*"));
    assert_eq!(created.status, 201);

    let progress = Progress::default();
    let wait_for = |count: &AtomicUsize, more: usize| {
        let goal = count.load(Ordering::SeqCst) + more;
        for _ in 0..60_000 {
            if count.load(Ordering::SeqCst) >= goal {
                return;
            }
            let written = progress.written.load(Ordering::SeqCst);
            assert!(written < CLIENTS * LINES, "too late to disturb");
            thread::sleep(Duration::from_millis(2));
        }
        panic!("nothing goes on: {progress:?}");
    };
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let gateway = &gateways[client % gateways.len()];
            let progress = &progress;
            scope.spawn(move || {
                for number in 0..LINES {
                    add_line(gateway, client, &format!("{client}-{number}"), progress);
                }
            });
        }
        for _ in 0..3 {
            wait_for(&progress.written, 8);
            store.kill();
            wait_for(&progress.unanswered, 5);
            store = Process::moto(&directory.0);
            *wire.store.lock().unwrap() = store.address;
            wait_for(&progress.written, 8);
            wire.loses_answers.store(true, Ordering::SeqCst);
            wait_for(&progress.found, 2);
            wire.loses_answers.store(false, Ordering::SeqCst);
        }
    });
    println!("{progress:?}");

    let list = gateways[1].send(&Request::get("/list")).content;
    let list = String::from_utf8(list).unwrap();
    let mut lines: Vec<&str> = list.lines().collect();
    lines.sort_unstable();
    let all = (0..CLIENTS).flat_map(|client| (0..LINES).map(move |number| (client, number)));
    let mut expected: Vec<String> = all
        .map(|(client, number)| format!("{client}-{number}"))
        .collect();
    expected.sort_unstable();
    assert_eq!(lines, expected, "each line is there, and once");
}

/// What a client may send as a tag, and the protocol of S3 cannot say, is compared by the gateway.
#[test]
#[ignore = "needs moto: .ci/gateway"]
fn conditions_of_every_kind_reach_the_store_whole() {
    let directory = TempDir::new();
    let store = Process::moto(&directory.0);
    make_bucket(store.address);
    let gateway = Process::gateway_to(store.address, &[]);
    let written = gateway.send(&Request::put("/x", "one").field("Content-Type", "text/plain"));
    assert_eq!(written.status, 201);
    let tag = written.tag().to_owned();
    let weak = format!("W/{tag}");
    let bare = tag.replace('"', "");
    for (name, value, status) in [
        ("If-Match", "\"\u{e9}\"", 412),
        ("If-Match", "\"*\"", 412),
        ("If-Match", "\"\"", 412),
        ("If-Match", &weak, 412),
        ("If-Match", &bare, 412),
        ("If-None-Match", "*", 412),
        ("If-None-Match", &weak, 412),
        ("If-None-Match", "\"*\"", 204),
        ("If-Match", &format!("\"a\", {tag}"), 204),
        ("If-Match", "*", 204),
        ("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT", 412),
        ("If-Match", &tag, 204),
    ] {
        let put = Request::put("/x", "one").field("Content-Type", "text/plain");
        let put = put.field(name, value);
        assert_eq!(gateway.send(&put).status, status, "{name}: {value}");
    }
    let read = gateway.send(&Request::get("/x").field("Range", "bytes=1-"));
    assert_eq!(
        (read.status, read.content.as_slice()),
        (206, b"ne".as_slice())
    );
    assert_eq!(read.field("content-type"), Some("text/plain"));

    // Deleted on a condition, it is a tombstone to the store and nothing to anybody else.
    let delete = Request::new("DELETE", "/x").field("If-Match", &tag);
    assert_eq!(gateway.send(&delete).status, 204);
    assert_eq!(gateway.send(&Request::get("/x")).status, 404);
    assert_eq!(gateway.send(&delete).status, 404);
    let head = Request::new("HEAD", "/bucket/x").field("Authorization", AUTHORIZATION);
    let tombstone = head.send(store.address).unwrap();
    assert_eq!(tombstone.status, 200);
    assert_ne!(tombstone.tag(), tag);
    let update = Request::put("/x", "two").field("If-Match", "*");
    assert_eq!(gateway.send(&update).status, 412);
    let create = Request::put("/x", "two").field("If-None-Match", "*");
    assert_eq!(gateway.send(&create).status, 201);
    assert_eq!(gateway.send(&create).status, 412);
    assert_eq!(gateway.send(&Request::get("/x")).content, b"two");

    // Without a condition nothing is left.
    let delete = Request::new("DELETE", "/x");
    assert_eq!(gateway.send(&delete).status, 204);
    assert_eq!(gateway.send(&delete).status, 404);
    assert_eq!(head.send(store.address).unwrap().status, 404);
}
