//! What a connection is doing, and whether that takes longer than it may.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::Limits;

/// No byte of the next request has come.
const IDLE: u64 = 0;
/// Some have.
const HEAD: u64 = 1;
/// A request is being answered.
const BUSY: u64 = 2;
/// One has been answered, and its content is still coming.
const REST: u64 = 3;
const PHASES: u64 = 4;

/// What a connection does, and since when. Only its own task writes it, but for the end of a
/// response and of a request's content, which may be dropped elsewhere.
///
/// Times are in milliseconds since the connection began, as of the last look at it: reading the
/// clock three times a request would cost more than it is worth.
pub(super) struct State {
    begun: Instant,
    /// When it was looked at.
    looked: AtomicU64,
    /// The phase, and since when it lasts.
    phase: AtomicU64,
    /// Since when there is something to be written and it cannot be, plus one; 0 where that is not
    /// so.
    stalled: AtomicU64,
    /// How many requests have content that somebody still reads.
    contents: AtomicU64,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
            looked: AtomicU64::new(0),
            phase: AtomicU64::new(IDLE),
            stalled: AtomicU64::new(0),
            contents: AtomicU64::new(0),
        }
    }

    fn enter(&self, phase: u64) {
        let since = self.looked.load(Ordering::Relaxed) * PHASES;
        self.phase.store(since + phase, Ordering::SeqCst);
    }

    fn phase(&self) -> u64 {
        self.phase.load(Ordering::Relaxed) % PHASES
    }

    /// A request has come, and is to be answered.
    pub(super) fn has_begun(&self) {
        self.enter(BUSY);
    }

    pub(super) fn has_read(&self) {
        match self.phase() {
            IDLE => self.enter(HEAD),
            // Since the last bytes.
            REST => self.enter(REST),
            _ => {}
        }
    }

    /// Its content is read from now on, by somebody who says when it is over.
    pub(super) fn receives(&self) {
        self.contents.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn has_answered(&self) {
        self.enter(REST);
        self.may_be_idle();
    }

    pub(super) fn has_received(&self) {
        self.contents.fetch_sub(1, Ordering::SeqCst);
        self.may_be_idle();
    }

    /// Ends the rest of a request, where it is over. Whichever of response and content ends last
    /// sees the end of the other.
    fn may_be_idle(&self) {
        let phase = self.phase.load(Ordering::SeqCst);
        if phase % PHASES == REST && self.contents.load(Ordering::SeqCst) == 0 {
            let idle = phase - REST + IDLE;
            let _ = self
                .phase
                .compare_exchange(phase, idle, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    pub(super) fn has_written(&self, is_pending: bool) {
        if !is_pending {
            self.stalled.store(0, Ordering::Relaxed);
        } else if self.stalled.load(Ordering::Relaxed) == 0 {
            let since = self.looked.load(Ordering::Relaxed) + 1;
            self.stalled.store(since, Ordering::Relaxed);
        }
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.load(Ordering::Relaxed) != 0
    }

    /// Looks at it: whether something takes longer than it may.
    pub(super) fn is_late(&self, limits: Limits) -> bool {
        let now = self.begun.elapsed().as_millis();
        let now = u64::try_from(now).unwrap_or(u64::MAX / PHASES);
        let looked = self.looked.swap(now, Ordering::Relaxed);
        // It may have begun as late as just before the look after that.
        let after = now.saturating_sub(looked);
        let longer = |since: u64, limit: Duration| {
            Duration::from_millis(now.saturating_sub(since + after)) > limit
        };
        let stalled = self.stalled.load(Ordering::Relaxed);
        if stalled != 0 {
            return longer(stalled, limits.stall);
        }
        let phase = self.phase.load(Ordering::Relaxed);
        match phase % PHASES {
            IDLE | REST => longer(phase / PHASES, limits.idle),
            HEAD => longer(phase / PHASES, limits.head),
            // The content of the request is timed where it is read.
            _ => false,
        }
    }
}
