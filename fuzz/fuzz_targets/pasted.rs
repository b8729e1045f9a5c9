//! Whatever somebody pastes into `http-conditional explain`: any bytes are read or refused, in the
//! time that their number allows, and what is said of them is safe for a terminal. What is read
//! is a request that a reader of heads reads back as the same.
#![no_main]

// The readers alone: the program around them would be a hundred crates more.
#[path = "../../cli/src/explain/read/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "the program needs more of them than this does"
)]
mod read;
#[path = "../../cli/src/reasons/visible.rs"]
#[allow(dead_code, reason = "as above")]
mod visible;
/// Where the readers look for it.
mod reasons {
    pub(crate) use crate::visible::{is_plain, visible};
}

use libfuzzer_sys::fuzz_target;
use read::{Exchange, Shape, read};

fuzz_target!(|bytes: &[u8]| {
    let reading = match read(bytes) {
        Ok(reading) => reading,
        Err(error) => {
            let said = error.to_string();
            assert!(!said.contains(char::is_control), "{said:?}");
            assert!(said.len() < 1000, "{said:?}");
            let lines = bytes.split(|&byte| byte == b'\n').count();
            // UTF-16 has its line ends elsewhere.
            assert!(error.line.is_none_or(|line| line <= 2 * lines), "{error:?}");
            return;
        }
    };
    assert!(!reading.exchanges.is_empty());
    assert!(reading.exchanges.len() <= bytes.len());
    for exchange in &reading.exchanges {
        if let Some(head) = written(exchange) {
            let again = read(&head).expect("a head can be read");
            assert_eq!(again.shape, Shape::Heads, "{}", head.escape_ascii());
            assert_eq!(again.exchanges.len(), 1, "{}", head.escape_ascii());
            assert_eq!(
                again.exchanges[0].request,
                exchange.request,
                "{}",
                head.escape_ascii()
            );
        }
    }
});

/// The request as a head, where it can be one: a URL may have white space in it, and a HAR file may
/// say anything.
fn written(exchange: &Exchange) -> Option<Vec<u8>> {
    let request = &exchange.request;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
    let is_token = |word: &str| {
        is_word(word)
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // These begin a command, or a script.
    let is_command = ["curl", "fetch", "await"].contains(&&*request.method)
        || request.method.starts_with("Invoke-");
    if request.is_assumed || is_command || !is_token(&request.method) || !is_word(&request.target) {
        return None;
    }
    let mut head = format!("{} {} HTTP/1.1\n", request.method, request.target).into_bytes();
    for (name, value) in &request.fields {
        let is_plain =
            value.trim_ascii() == value && value.iter().all(|byte| matches!(byte, b' '..=b'~'));
        if !is_token(name) || !is_plain {
            return None;
        }
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.push(b'\n');
    }
    Some(head)
}
