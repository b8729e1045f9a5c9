//! The program of the guide's page for feed readers: it is on the page as it is, and asks with the
//! tag that it has.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

const PAGE: &str = include_str!("../../../src/guide/feed_reader.md");

#[test]
fn it_is_on_the_page() {
    let code = include_str!("../src/bin/feed.rs");
    let (_, code) = code.split_once("use http_conditional").unwrap();
    let (reader, client) = code.split_at(code.find("fn get(").unwrap());
    for part in [reader.trim_end(), client] {
        assert!(PAGE.contains(part), "the page has another program:\n{part}");
    }
}

/// What the program prints of these answers, and the tag that it asks with each time.
fn run<const N: usize>(answers: [&'static str; N]) -> (String, [Option<String>; N]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let origin = thread::spawn(move || {
        answers.map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .map(|line| line.to_ascii_lowercase())
                .collect();
            write!(stream, "HTTP/1.1 {answer}").unwrap();
            let tag = head
                .iter()
                .find_map(|line| line.strip_prefix("if-none-match: "));
            tag.map(String::from)
        })
    });
    let output = Command::new(env!("CARGO_BIN_EXE_feed")).arg(&url).output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    (printed, origin.join().unwrap())
}

const FIRST: &str =
    "200 OK\r\nETag: \"v1\"\r\nContent-Length: 7\r\nConnection: close\r\n\r\n<feed/>";

#[test]
fn it_says_what_is_new_once() {
    let (printed, tags) = run([
        FIRST,
        "304 Not Modified\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n",
    ]);
    assert_eq!(printed, "200 OK\nnew: true\n304 Not Modified\nnew: false\n");
    assert_eq!(tags, [None, Some(String::from("\"v1\""))]);
}

#[test]
fn it_asks_again_if_the_304_is_about_something_else() {
    let (printed, tags) = run([
        FIRST,
        "304 Not Modified\r\nETag: \"v2\"\r\nConnection: close\r\n\r\n",
        FIRST,
    ]);
    // The same content is no news.
    assert_eq!(
        printed,
        "200 OK\nnew: true\n304 Not Modified\n200 OK\nnew: false\n"
    );
    assert_eq!(tags, [None, Some(String::from("\"v1\"")), None]);
}

#[test]
fn an_error_is_no_news_and_no_end() {
    let busy = "503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let (printed, _) = run([busy, FIRST]);
    assert_eq!(
        printed,
        "503 Service Unavailable\nnew: false\n200 OK\nnew: true\n"
    );
    let (printed, _) = run(["", FIRST]);
    assert!(printed.ends_with("\n200 OK\nnew: true\n"), "{printed}");
}
