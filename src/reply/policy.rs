//! What a server chooses about its replies.

use crate::conditions::Policy;
use crate::ranges::RangePolicy;

/// What a server knows or chooses beside the request and the response that it would give: the
/// clock and the departures from the RFC, bounds on ranges, and what a 304 keeps.
///
/// Make it once, as a constant perhaps; only the clock changes with each request.
///
/// ```
/// use http_conditional::{HttpDate, Policy, RangePolicy, ReplyPolicy};
///
/// const POLICY: ReplyPolicy = ReplyPolicy::new()
///     .ranges(RangePolicy::new().max_ranges(4))
///     .keeping_last_modified();
///
/// let now = HttpDate::from_unix(1_781_481_600)?;
/// let policy = POLICY.conditions(Policy::new().now(now));
/// # Ok::<(), http_conditional::OutOfRange>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ReplyPolicy {
    pub(super) conditions: Policy,
    pub(super) ranges: RangePolicy,
    pub(super) keeps_last_modified: bool,
    pub(super) gap: Option<u64>,
    pub(super) only_if_shorter: bool,
}

impl ReplyPolicy {
    /// No clock, no departure, the default bounds on ranges.
    pub const fn new() -> Self {
        Self {
            conditions: Policy::new(),
            ranges: RangePolicy::new(),
            keeps_last_modified: false,
            gap: None,
            only_if_shorter: false,
        }
    }

    /// The clock, and the departures from the RFC.
    ///
    /// With a clock, a `Last-Modified` in the future becomes now, in the evaluation and in the
    /// response, as section 8.8.2.1 requires. Without one, it stays as it is.
    pub const fn conditions(self, conditions: Policy) -> Self {
        Self { conditions, ..self }
    }

    /// The bounds on what a Range may ask for.
    pub const fn ranges(self, ranges: RangePolicy) -> Self {
        Self { ranges, ..self }
    }

    /// A 304 keeps `Last-Modified` beside `ETag`.
    ///
    /// Section 15.4.5 leaves it out, because the tag is enough for a cache to know what it has.
    /// Some clients want it all the same.
    pub const fn keeping_last_modified(self) -> Self {
        Self {
            keeps_last_modified: true,
            ..self
        }
    }

    /// Parts that follow each other with no more than `gap` bytes between them, or that overlap,
    /// are sent as one, as section 15.3.7.2 permits. It suggests a gap that is smaller than the
    /// overhead of a part, which is around 80 bytes.
    ///
    /// Each part is compared only with the one before it, so that no memory is needed: parts
    /// that are no neighbours in the request stay apart. [`RangeResponse::coalesce`] merges those too.
    ///
    /// [`RangeResponse::coalesce`]: crate::RangeResponse::coalesce
    pub const fn coalescing(self, gap: u64) -> Self {
        Self {
            gap: Some(gap),
            ..self
        }
    }

    /// Several parts are sent only if they, with all that comes between them, take fewer bytes than
    /// the whole content.
    pub const fn only_if_shorter(self) -> Self {
        Self {
            only_if_shorter: true,
            ..self
        }
    }
}
