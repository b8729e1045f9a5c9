//! Interim responses (RFC 9110 section 15.2), which go between two responses.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};

use axum::http::{HeaderMap, StatusCode};
use tokio::net::tcp::OwnedWriteHalf;

use super::state::State;

/// A stream, and what is written to it between two responses.
pub(super) struct Wire {
    pub(super) write: OwnedWriteHalf,
    /// What has not been taken of it yet.
    interim: Mutex<Vec<u8>>,
    state: Arc<State>,
}

impl Wire {
    pub(super) fn new(write: OwnedWriteHalf, state: &Arc<State>) -> Self {
        Self {
            write,
            interim: Mutex::default(),
            state: Arc::clone(state),
        }
    }

    /// Writes what is left of an interim response.
    pub(super) fn poll_interim(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut interim = self.interim.lock().unwrap_or_else(PoisonError::into_inner);
            if interim.is_empty() {
                return Poll::Ready(Ok(()));
            }
            match self.write.try_write(&interim) {
                Ok(written) => drop(interim.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    drop(interim);
                    ready!(self.write.as_ref().poll_write_ready(context))?;
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

/// Sends interim responses (RFC 9110 section 15.2) for a request that is being answered: the server
/// below knows none.
#[derive(Clone)]
pub(crate) struct Interim(Weak<Wire>);

impl Interim {
    pub(super) fn new(wire: &Arc<Wire>) -> Self {
        Self(Arc::downgrade(wire))
    }

    /// Sends it, or drops it where the client takes nothing at the moment.
    pub(crate) fn send(&self, status: StatusCode, fields: &HeaderMap) {
        let Some(wire) = self.0.upgrade() else {
            return;
        };
        // Something of the response before may still have to be written.
        if wire.state.is_stalled() {
            return;
        }
        let reason = status.canonical_reason().unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
        for (name, value) in fields {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        let mut interim = wire.interim.lock().unwrap_or_else(PoisonError::into_inner);
        if !interim.is_empty() {
            return;
        }
        // What is left goes out before the response.
        let written = wire.write.try_write(&head).unwrap_or(0);
        if written > 0 {
            interim.extend_from_slice(&head[written..]);
        }
    }
}
