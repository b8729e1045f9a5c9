//! The content of a response, read from the file while it is sent: as much memory for a large one
//! as for a small one.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use http_conditional::{Piece, ReplyMultipart};
use tokio::task::JoinHandle;

use super::chunk::Chunk;
use super::open::Unopened;
use super::stamp::Stamp;

/// A file that is open, and the stamp that it had when it was opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) stamp: Stamp,
}

/// What of the file is sent.
pub(crate) enum Plan {
    Range,
    /// Several ranges, with what stands between them.
    Parts(Box<ReplyMultipart>),
}

pub(crate) struct FileBody {
    opened: Arc<Opened>,
    plan: Plan,
    /// The bytes of the range that are still to be read.
    start: u64,
    end: u64,
    /// How many bytes are still to be sent, with what stands between ranges.
    rest: u64,
    /// Where the content is not in memory, it is fetched aside.
    fetching: Option<JoinHandle<io::Result<Chunk>>>,
    /// Who may keep the first chunk, where that is all there is.
    keeper: Option<Unopened>,
}

impl FileBody {
    pub(crate) fn whole(opened: Opened, file: &Unopened) -> Self {
        Self {
            keeper: Some(file.clone()),
            ..Self::range(opened, 0, file.length())
        }
    }

    pub(crate) fn range(opened: Opened, start: u64, end: u64) -> Self {
        Self {
            opened: Arc::new(opened),
            plan: Plan::Range,
            start,
            end,
            rest: end - start,
            fetching: None,
            keeper: None,
        }
    }

    pub(crate) fn parts(opened: Opened, parts: ReplyMultipart) -> Self {
        Self {
            opened: Arc::new(opened),
            rest: parts.content_length().unwrap_or(u64::MAX),
            plan: Plan::Parts(Box::new(parts)),
            start: 0,
            end: 0,
            fetching: None,
            keeper: None,
        }
    }

    /// The next bytes of the range that is being sent.
    fn next_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let chunk = if let Some(fetching) = &mut self.fetching {
            let fetched = ready!(Pin::new(fetching).poll(context));
            self.fetching = None;
            fetched.unwrap_or_else(|error| Err(error.into()))?
        } else {
            let mut chunk = Chunk::new()?;
            let rest = self.end - self.start;
            match chunk.fill(rest, |space| read_now(&self.opened.file, space, self.start)) {
                Ok(()) => {}
                // It has to come from the disk, and no other connection should wait for that.
                Err(error)
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Unsupported) =>
                {
                    let opened = Arc::clone(&self.opened);
                    let start = self.start;
                    self.fetching = Some(tokio::task::spawn_blocking(move || {
                        chunk.fill(rest, |space| read_at(&opened.file, space, start))?;
                        Ok(chunk)
                    }));
                    return self.next_chunk(context);
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
            chunk
        };
        let read = chunk.as_ref().len() as u64;
        if read == 0 {
            return Poll::Ready(Err(ErrorKind::UnexpectedEof.into()));
        }
        // What was written since it was opened must not be joined to what came before it.
        if !self.opened.stamp.is_still(&self.opened.file)? {
            let sentence = "the file has changed while it was sent";
            return Poll::Ready(Err(io::Error::other(sentence)));
        }
        if let Some(keeper) = self.keeper.take() {
            keeper.keep(chunk.as_ref());
        }
        self.start += read;
        Poll::Ready(Ok(Bytes::from_owner(chunk)))
    }
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let data = loop {
            if this.start < this.end {
                break ready!(this.next_chunk(context));
            }
            let Plan::Parts(parts) = &mut this.plan else {
                return Poll::Ready(None);
            };
            match parts.next_piece() {
                Some(Piece::Framing(bytes)) => break Ok(Bytes::copy_from_slice(bytes)),
                Some(Piece::Content(range)) => {
                    (this.start, this.end) = (range.first(), range.last() + 1);
                }
                None => return Poll::Ready(None),
            }
        };
        if let Ok(data) = &data {
            this.rest = this.rest.saturating_sub(data.len() as u64);
        }
        Poll::Ready(Some(data.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.rest == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest)
    }
}

/// Reads what is in memory already; `WouldBlock` where it is not, and `Unsupported` where the
/// system cannot say.
#[cfg(target_os = "linux")]
fn read_now(file: &File, buffer: &mut [u8], start: u64) -> io::Result<usize> {
    use rustix::io::{ReadWriteFlags, preadv2};

    let mut buffers = [io::IoSliceMut::new(buffer)];
    Ok(preadv2(file, &mut buffers, start, ReadWriteFlags::NOWAIT)?)
}

#[cfg(not(target_os = "linux"))]
fn read_now(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], start: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, start)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], start: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, start)
}
