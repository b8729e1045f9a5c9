//! Several parts of the content, as multipart/byteranges (RFC 9110 section 14.6).

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use http_conditional::{ByteRange, Piece, ReplyMultipart};

use super::{Source, at_most, skip};

/// What is cut out of the content as it goes by. The parts ascend and do not overlap.
pub(super) struct PartsCut {
    multipart: ReplyMultipart,
    step: Step,
    /// Where in the content the next byte is.
    position: u64,
    /// Of a frame that reaches beyond the part before.
    kept: Bytes,
    /// Bytes that are to come yet.
    left: Option<u64>,
}

enum Step {
    /// What stands before a part, or after the last.
    Framing,
    Content {
        range: ByteRange,
        left: u64,
    },
    End,
}

impl PartsCut {
    pub(super) const fn new(multipart: ReplyMultipart) -> Self {
        Self {
            left: multipart.content_length(),
            multipart,
            step: Step::Framing,
            position: 0,
            kept: Bytes::new(),
        }
    }

    pub(super) const fn left(&self) -> Option<u64> {
        self.left
    }

    pub(super) fn poll_frame<B: Body>(
        &mut self,
        mut source: Pin<&mut Source<B>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        loop {
            match &mut self.step {
                Step::End => return Poll::Ready(None),
                Step::Framing => {
                    let mut framing = BytesMut::new();
                    self.step = loop {
                        match self.multipart.next_piece() {
                            Some(Piece::Framing(bytes)) => framing.extend_from_slice(bytes),
                            Some(Piece::Content(range)) => {
                                break Step::Content {
                                    range,
                                    left: range.len(),
                                };
                            }
                            None => {
                                source.set(Source::EMPTY);
                                break Step::End;
                            }
                        }
                    };
                    return self.give(framing.freeze());
                }
                Step::Content { left: 0, .. } => self.step = Step::Framing,
                Step::Content { range, left } => {
                    if self.kept.is_empty() {
                        match ready!(source.as_mut().poll_data(context)) {
                            Some(Ok(data)) => self.kept = data,
                            ended => {
                                // It was shorter than it said, or broke.
                                self.step = Step::End;
                                self.left = Some(0);
                                return Poll::Ready(match ended {
                                    Some(Err(error)) => Some(Err(error)),
                                    _ => None,
                                });
                            }
                        }
                    }
                    let begun = range.len() - *left;
                    let before = range.first() + begun - self.position;
                    self.position += skip(&mut self.kept, before);
                    if before > 0 && self.kept.is_empty() {
                        continue;
                    }
                    let data = self.kept.split_to(at_most(*left, self.kept.len()));
                    self.position += data.len() as u64;
                    *left -= data.len() as u64;
                    if !data.is_empty() {
                        return self.give(data);
                    }
                }
            }
        }
    }

    fn give<E>(&mut self, data: Bytes) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        self.left = self.left.map(|left| left.saturating_sub(data.len() as u64));
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}
