//! The content that is sent: all of the inner service's, parts of it, or none.

mod parts;
mod source;

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use http_conditional::{ByteRange, ReplyMultipart};
use pin_project_lite::pin_project;

use parts::PartsCut;
pub(crate) use source::{Buffered, Source, Tail};

pin_project! {
    /// The content of a response of a [`Conditional`](crate::Conditional) service.
    ///
    /// It comes from the inner service frame by frame, with its trailers, its errors and its size,
    /// or is cut out of that on the way. After its end it stays at its end.
    ///
    /// Trailers are sent only with the whole content, because they are about the whole.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// # use http_body_util::Full;
    /// # use tower::{Layer, ServiceExt, service_fn};
    /// # use tower_http_conditional::ConditionalLayer;
    /// # use http_body_util::BodyExt;
    /// use tower_http_conditional::ConditionalBody;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let inner = service_fn(|_| async {
    ///     Response::builder().header("etag", "\"v1\"").body(Full::<Bytes>::from("0123456789"))
    /// });
    /// let layer = ConditionalLayer::new();
    /// let request = Request::get("/").header("range", "bytes=2-4").body(())?;
    /// let response = layer.layer(inner).oneshot(request).await?;
    /// let content: ConditionalBody<Full<Bytes>> = response.into_body();
    /// assert_eq!(content.collect().await.unwrap().to_bytes(), "234");
    /// # Ok::<(), http::Error>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct ConditionalBody<B: Body> {
        #[pin]
        source: Source<B>,
        cut: Cut,
    }
}

enum Cut {
    Whole,
    Part {
        /// Bytes before the part that are to come yet.
        before: u64,
        /// Bytes of the part that are to come yet.
        left: u64,
    },
    Parts(Box<PartsCut>),
    /// Nothing is sent, and this is the length that is announced.
    Nothing(SizeHint),
    /// Nothing is sent, and only the first that asks is told so.
    NothingAtFirst {
        was_asked: AtomicBool,
    },
}

impl<B: Body> ConditionalBody<B> {
    pub(crate) const fn whole(content: B) -> Self {
        Self::all_of(Source::new(content))
    }

    pub(crate) const fn all_of(source: Source<B>) -> Self {
        Self {
            source,
            cut: Cut::Whole,
        }
    }

    pub(crate) fn part_of(source: Source<B>, range: ByteRange) -> Self {
        Self {
            source,
            cut: Cut::Part {
                before: range.first(),
                left: range.len(),
            },
        }
    }

    pub(crate) fn parts_of(source: Source<B>, parts: ReplyMultipart) -> Self {
        Self {
            source,
            cut: Cut::Parts(Box::new(PartsCut::new(parts))),
        }
    }

    /// No content, instead of content of this size. If the size is not known, whoever derives
    /// `content-length` from the content writes none.
    pub(crate) const fn nothing(size: SizeHint) -> Self {
        Self {
            source: Source::EMPTY,
            cut: Cut::Nothing(size),
        }
    }
}

impl<B: Body> ConditionalBody<B> {
    /// No content, and only the first that asks for its length is told so. The compressing layer
    /// asks before the one that writes the response; there is no other way to tell them apart.
    pub(crate) const fn nothing_at_first() -> Self {
        Self {
            source: Source::EMPTY,
            cut: Cut::NothingAtFirst {
                was_asked: AtomicBool::new(false),
            },
        }
    }
}

impl<B: Body> Body for ConditionalBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        match this.cut {
            Cut::Nothing(_) | Cut::NothingAtFirst { .. } => Poll::Ready(None),
            Cut::Whole => this.source.poll_frame(context),
            Cut::Part { before, left } => {
                while *left > 0 {
                    let Some(mut data) = ready!(this.source.as_mut().poll_data(context)?) else {
                        // It was shorter than it said.
                        *left = 0;
                        break;
                    };
                    *before -= skip(&mut data, *before);
                    data.truncate(at_most(*left, data.len()));
                    *left -= data.len() as u64;
                    if *left == 0 {
                        this.source.set(Source::EMPTY);
                    }
                    if !data.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(data))));
                    }
                }
                Poll::Ready(None)
            }
            Cut::Parts(parts) => parts.poll_frame(this.source, context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.cut {
            Cut::Nothing(_) | Cut::NothingAtFirst { .. } => true,
            Cut::Whole => self.source.is_end_stream(),
            Cut::Part { left, .. } => *left == 0,
            Cut::Parts(parts) => parts.left() == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.cut {
            Cut::Nothing(size) => *size,
            Cut::NothingAtFirst { was_asked } => {
                if was_asked.swap(true, Ordering::Relaxed) {
                    SizeHint::new()
                } else {
                    SizeHint::with_exact(0)
                }
            }
            Cut::Whole => self.source.size_hint(),
            Cut::Part { left, .. } => SizeHint::with_exact(*left),
            Cut::Parts(parts) => parts
                .left()
                .map_or_else(SizeHint::new, SizeHint::with_exact),
        }
    }
}

impl<B: Body> Default for ConditionalBody<B> {
    fn default() -> Self {
        Self::nothing(SizeHint::with_exact(0))
    }
}

impl<B: Body> fmt::Debug for ConditionalBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = match &self.cut {
            Cut::Whole => "whole",
            Cut::Part { .. } => "part",
            Cut::Parts(_) => "parts",
            Cut::Nothing(_) => "nothing",
            // Its length is not asked for here: that would be noticed.
            Cut::NothingAtFirst { .. } => {
                return f.write_str("ConditionalBody { cut: \"nothing\" }");
            }
        };
        f.debug_struct("ConditionalBody")
            .field("cut", &cut)
            .field("size", &self.size_hint())
            .finish_non_exhaustive()
    }
}

/// Takes up to this many bytes from the front, and says how many there were.
fn skip(data: &mut Bytes, bytes: u64) -> u64 {
    let skipped = at_most(bytes, data.len());
    data.advance(skipped);
    skipped as u64
}

fn at_most(bytes: u64, length: usize) -> usize {
    usize::try_from(bytes).map_or(length, |bytes| bytes.min(length))
}
