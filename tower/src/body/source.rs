//! The content of the inner service, as it comes or as it was kept.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The content; `None` after its end.
    #[project = SourceProjection]
    pub(crate) enum Source<B: Body> {
        AsItComes { #[pin] content: B },
        Kept { buffered: Box<Buffered<B>> },
        Nothing,
    }
}

/// Content that was read to make a digest of it.
pub(crate) struct Buffered<B: Body> {
    frames: VecDeque<Bytes>,
    tail: Tail<B>,
}

/// What comes after the frames that were kept.
pub(crate) enum Tail<B: Body> {
    End,
    Trailers(HeaderMap),
    Error(B::Error),
    Rest(Pin<Box<B>>),
}

impl<B: Body> Buffered<B> {
    pub(crate) const fn new(frames: VecDeque<Bytes>, tail: Tail<B>) -> Self {
        Self { frames, tail }
    }

    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(data) = self.frames.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut self.tail {
            Tail::Rest(rest) => rest.as_mut().poll_frame(context).map(in_bytes),
            tail => Poll::Ready(match mem::replace(tail, Tail::End) {
                Tail::Trailers(trailers) => Some(Ok(Frame::trailers(trailers))),
                Tail::Error(error) => Some(Err(error)),
                Tail::End | Tail::Rest(_) => None,
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty()
            && match &self.tail {
                Tail::End => true,
                Tail::Trailers(_) | Tail::Error(_) => false,
                Tail::Rest(rest) => rest.is_end_stream(),
            }
    }

    fn size_hint(&self) -> SizeHint {
        let kept = self.frames.iter().map(|data| data.len() as u64).sum();
        match &self.tail {
            Tail::End | Tail::Trailers(_) => SizeHint::with_exact(kept),
            // Whatever it was to be, it does not get there.
            Tail::Error(_) => SizeHint::new(),
            Tail::Rest(rest) => {
                let rest = rest.size_hint();
                let mut size = SizeHint::new();
                size.set_lower(rest.lower().saturating_add(kept));
                if let Some(upper) = rest.upper().and_then(|upper| upper.checked_add(kept)) {
                    size.set_upper(upper);
                }
                size
            }
        }
    }
}

impl<B: Body> Source<B> {
    pub(crate) const EMPTY: Self = Self::Nothing;

    pub(crate) const fn new(content: B) -> Self {
        Self::AsItComes { content }
    }

    pub(crate) fn buffered(buffered: Buffered<B>) -> Self {
        Self::Kept {
            buffered: Box::new(buffered),
        }
    }

    pub(crate) fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = match self.as_mut().project() {
            SourceProjection::AsItComes { content } => {
                in_bytes(ready!(content.poll_frame(context)))
            }
            SourceProjection::Kept { buffered } => ready!(buffered.poll_frame(context)),
            SourceProjection::Nothing => None,
        };
        if !matches!(frame, Some(Ok(_))) {
            self.set(Self::Nothing);
        }
        Poll::Ready(frame)
    }

    /// The next frame of data; `None` at the end, with what comes after the data.
    pub(super) fn poll_data(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, B::Error>>> {
        loop {
            match ready!(self.as_mut().poll_frame(context)?).map(Frame::into_data) {
                Some(Ok(data)) => return Poll::Ready(Some(Ok(data))),
                Some(Err(_)) => {}
                None => return Poll::Ready(None),
            }
        }
    }

    pub(crate) fn is_end_stream(&self) -> bool {
        match self {
            Self::AsItComes { content } => content.is_end_stream(),
            Self::Kept { buffered } => buffered.is_end_stream(),
            Self::Nothing => true,
        }
    }

    pub(crate) fn size_hint(&self) -> SizeHint {
        match self {
            Self::AsItComes { content } => content.size_hint(),
            Self::Kept { buffered } => buffered.size_hint(),
            Self::Nothing => SizeHint::with_exact(0),
        }
    }
}

/// The frame with its data in one piece, which nothing has to be copied for where it is one.
fn in_bytes<D: Buf, E>(frame: Option<Result<Frame<D>, E>>) -> Option<Result<Frame<Bytes>, E>> {
    let frame = frame?;
    Some(frame.map(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))))
}
