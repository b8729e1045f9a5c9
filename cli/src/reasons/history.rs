//! What was seen of each URL so far: what the client has, and what a program said before.

use std::collections::{HashMap, VecDeque};

use super::none_sent::{Last, text_of};
use super::vary::difference;
use super::{State, fault};
use crate::explain::read::{Answer, FieldLine, Request};

/// How many URLs are remembered, and how many answers of each.
const MOST_URLS: usize = 1000;
const MOST_ANSWERS: usize = 4;

/// How many bytes the heads of an exchange may have that is remembered: each later one of the same
/// URL is compared with it.
const MOST_BYTES: usize = 16 << 10;

/// Content as it went by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) length: u64,
    /// A digest of all of it.
    pub(crate) digest: [u8; 32],
}

impl Content {
    /// There is none.
    pub(crate) const NONE: Self = Self {
        length: 0,
        digest: [0; 32],
    };
}

/// A 200 that was seen, and the request that it is the answer to.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    pub(crate) asked: Vec<FieldLine>,
    pub(crate) answer: Answer,
    pub(crate) content: Option<Content>,
}

#[derive(Debug, Default)]
pub(crate) struct History {
    urls: HashMap<String, OfUrl>,
    /// In the order in which they were first seen.
    order: VecDeque<String>,
}

#[derive(Debug)]
pub(crate) struct OfUrl {
    /// The newest last. None is from before the last write.
    pub(crate) answers: VecDeque<Past>,
    /// What is current, as far as the answers tell.
    pub(crate) state: State,
}

impl History {
    pub(crate) fn of(&self, target: &str) -> Option<&OfUrl> {
        self.urls.get(target)
    }

    /// What the client got last.
    pub(crate) fn last(&self, target: &str) -> Last<'_> {
        let Some(url) = self.of(target) else {
            return Last::None;
        };
        match url.answers.back() {
            Some(past) => Last::Got(&past.answer, &past.asked),
            None => Last::Unknown,
        }
    }

    /// Takes note of an exchange.
    pub(crate) fn note(&mut self, request: &Request, answer: &Answer, content: Option<Content>) {
        let Some(status) = answer.status else { return };
        let reads = matches!(&*request.method, "GET" | "HEAD");
        let changes = !fault::is_safe(&request.method) && (200..400).contains(&status);
        let counts = reads && matches!(status, 200 | 304 | 404 | 410);
        if !changes && !counts {
            return;
        }
        if !self.urls.contains_key(&request.target) {
            if self.order.len() == MOST_URLS
                && let Some(oldest) = self.order.pop_front()
            {
                self.urls.remove(&oldest);
            }
            self.order.push_back(request.target.clone());
        }
        let url = self
            .urls
            .entry(request.target.clone())
            .or_insert_with(OfUrl::new);
        if size(&request.fields) + size(&answer.fields) > MOST_BYTES {
            *url = OfUrl::new();
            return;
        }
        if changes {
            // What it made may have another tag, and says so or does not.
            url.answers.clear();
            let (etag, date) = (answer.value("etag"), answer.value("last-modified"));
            url.state = match (&*request.method, etag) {
                ("DELETE", _) => State::ABSENT,
                ("PUT", Some(_)) => State::current(etag, date),
                _ => State::UNKNOWN,
            };
            return;
        }
        let state = State::of_answer(&request.method, answer);
        if status != 304 || state.etag.is_some() {
            url.state = state;
        }
        if status == 200 {
            if url.answers.len() == MOST_ANSWERS {
                url.answers.pop_front();
            }
            url.answers.push_back(Past {
                asked: request.fields.clone(),
                answer: answer.clone(),
                content,
            });
        }
    }
}

/// How long the lines are in a head.
fn size(fields: &[FieldLine]) -> usize {
    let lines = fields.iter();
    lines
        .map(|(name, value)| name.len() + ": ".len() + value.len() + "\r\n".len())
        .sum()
}

impl OfUrl {
    fn new() -> Self {
        Self {
            answers: VecDeque::new(),
            state: State::UNKNOWN,
        }
    }
}

impl Past {
    /// Whether a request is like the one that this was the answer to, in all that it varies by.
    pub(crate) fn is_for(&self, request: &Request) -> bool {
        let vary = text_of(&self.answer.fields, "vary");
        difference(&vary, &self.asked, &request.fields).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(etag: String) -> (Request, Answer) {
        let request = Request {
            target: String::from("/a"),
            ..Request::default()
        };
        let answer = Answer {
            status: Some(200),
            fields: vec![(String::from("ETag"), etag.into_bytes())],
            ..Answer::default()
        };
        (request, answer)
    }

    /// A long head is not compared with each later one, and what is known from before it is old.
    #[test]
    fn a_long_head_is_not_remembered() {
        let mut history = History::default();
        assert!(matches!(history.last("/a"), Last::None));
        let (request, answer) = answered(String::from("\"v1\""));
        history.note(&request, &answer, None);
        assert!(matches!(history.last("/a"), Last::Got(..)));
        let (request, answer) = answered(format!("\"{}\"", "x".repeat(MOST_BYTES)));
        history.note(&request, &answer, None);
        assert!(matches!(history.last("/a"), Last::Unknown));
        assert!(!history.of("/a").unwrap().state.is_known());
    }
}
