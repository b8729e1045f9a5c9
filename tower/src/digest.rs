//! Entity tags that are made of a digest of the content (RFC 9110 section 8.8.3.1).

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::header::ETAG;
use http::response::Parts;
use http_body::Body;
use http_conditional::DigestTag;

use crate::body::{Buffered, Source, Tail};
use crate::retrieval::Retrieval;

/// Which content gets a digest, and how.
#[cfg_attr(not(feature = "digest"), allow(dead_code))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digesting {
    up_to: u64,
    tag: fn(&VecDeque<Bytes>) -> DigestTag<16>,
}

impl Digesting {
    #[cfg(feature = "digest")]
    pub(crate) const fn sha256(up_to: u64) -> Self {
        Self { up_to, tag: sha256 }
    }

    pub(crate) const fn limit(self) -> u64 {
        self.up_to
    }
}

#[cfg(feature = "digest")]
fn sha256(frames: &VecDeque<Bytes>) -> DigestTag<16> {
    use sha2::Digest;

    let mut digest = sha2::Sha256::new();
    for frame in frames {
        digest.update(frame);
    }
    let digest: [u8; 32] = digest.finalize().into();
    // Half of it is as much as a tag needs.
    DigestTag::new(std::array::from_fn(|index| digest[index]))
}

/// Short content, on its way to a digest.
pub(crate) struct Collecting<B: Body> {
    digesting: Digesting,
    retrieval: Box<Retrieval>,
    head: Parts,
    content: Pin<Box<B>>,
    frames: VecDeque<Bytes>,
    collected: u64,
}

impl<B: Body> Collecting<B> {
    pub(crate) fn new(
        digesting: Digesting,
        retrieval: Box<Retrieval>,
        head: Parts,
        content: B,
    ) -> Self {
        Self {
            digesting,
            retrieval,
            head,
            content: Box::pin(content),
            frames: VecDeque::new(),
            collected: 0,
        }
    }

    /// The content to its end, and the head with its tag. Content that breaks off, or is longer
    /// than announced, gets no tag, and is sent as it would have been.
    pub(crate) fn poll(
        collecting: &mut Option<Self>,
        context: &mut Context<'_>,
    ) -> Poll<(Box<Retrieval>, Parts, Source<B>)> {
        let this = collecting.as_mut().expect("polled after its end");
        let tail = loop {
            match ready!(this.content.as_mut().poll_frame(context)) {
                None => break Some(Tail::End),
                Some(Err(error)) => break Some(Tail::Error(error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(mut data) => {
                        let data = data.copy_to_bytes(data.remaining());
                        this.collected = this.collected.saturating_add(data.len() as u64);
                        this.frames.push_back(data);
                        if this.collected > this.digesting.limit() {
                            break None;
                        }
                    }
                    Err(frame) => {
                        if let Ok(trailers) = frame.into_trailers() {
                            break Some(Tail::Trailers(trailers));
                        }
                    }
                },
            }
        };
        let mut this = collecting.take().expect("it was there");
        if matches!(tail, Some(Tail::End | Tail::Trailers(_))) {
            let tag = (this.digesting.tag)(&this.frames);
            this.head.headers.insert(ETAG, tag.as_tag().into());
        }
        let tail = tail.unwrap_or(Tail::Rest(this.content));
        let source = Source::buffered(Buffered::new(this.frames, tail));
        Poll::Ready((this.retrieval, this.head, source))
    }
}
