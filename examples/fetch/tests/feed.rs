//! The program of the guide's page for feed readers: it is on the page as it is, and asks with the
//! tag that it has.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread;

const PAGE: &str = include_str!("../../../src/guide/feed_reader.md");

#[test]
fn it_is_on_the_page() {
    let (_, code) = include_str!("../src/bin/feed.rs")
        .split_once("\n\n")
        .unwrap();
    let (reader, client) = code.split_at(code.find("fn get(").unwrap());
    for part in [reader.trim_end(), client] {
        assert!(PAGE.contains(part), "the page has another program:\n{part}");
    }
}

#[test]
fn it_says_what_is_new_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let origin = thread::spawn(move || {
        let answers = [
            "200 OK\r\nETag: \"v1\"\r\nContent-Length: 7\r\nConnection: close\r\n\r\n<feed/>",
            "304 Not Modified\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n",
        ];
        answers.map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .map(|line| line.to_ascii_lowercase())
                .collect();
            write!(stream, "HTTP/1.1 {answer}").unwrap();
            head.contains(&String::from("if-none-match: \"v1\""))
        })
    });
    let output = Command::new(env!("CARGO_BIN_EXE_feed")).arg(&url).output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    assert_eq!(printed, "new: true, 7 bytes\nnew: false, 7 bytes\n");
    assert_eq!(origin.join().unwrap(), [false, true]);
}
