//! Merging ranges that overlap or lie near each other (RFC 9110 section 15.3.7.2).

use super::ByteRange;

/// Merges what overlaps or lies no more than `gap` bytes apart, into the front of `lent`; says how
/// many places that took, and `None` where there were too few.
pub(crate) fn coalesce(
    ranges: impl Iterator<Item = ByteRange>,
    is_near: impl Fn(ByteRange, ByteRange) -> bool,
    lent: &mut [ByteRange],
) -> Option<usize> {
    let mut used = 0;
    for range in ranges {
        let mut merged = range;
        let mut place = None;
        let mut kept = 0;
        // The places in use are not near each other. So whatever is near the merged range is near
        // `range` itself, and one pass is enough.
        for index in 0..used {
            let other = *lent.get(index)?;
            if is_near(range, other) {
                merged = merged.hull(other);
                if place.is_some() {
                    continue;
                }
                place = Some(kept);
            }
            *lent.get_mut(kept)? = other;
            kept += 1;
        }
        let place = place.unwrap_or(kept);
        *lent.get_mut(place)? = merged;
        used = kept.max(place + 1);
    }
    Some(used)
}
