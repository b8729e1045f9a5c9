//! The entity tags that a request lists (RFC 9110 sections 13.1.1 and 13.1.2), over all its lines.

use super::Field;
use crate::validators::{EntityTag, Members, Reading};

/// The entity tags that a request lists in If-Match or If-None-Match, over one line or many: at
/// least one, in order, and borrowed from the field lines. Nothing is stored.
#[derive(Clone, Copy, Debug)]
pub struct ListedTags<F> {
    pub(super) fields: F,
    pub(super) field: Field,
    /// Whether weak tags count.
    pub(super) weak: bool,
    pub(super) reading: Reading,
}

impl<F> ListedTags<F> {
    /// Each of the tags.
    ///
    /// ```
    /// use http_conditional::{Condition, HttpDate, Policy, Requirement};
    ///
    /// let fields = [("If-Match", "\"a\", W/\"b\""), ("if-match", "\"c\"")];
    /// let condition = Condition::new("PUT", fields, HttpDate::from_unix(0)?, Policy::new());
    /// let Condition::Requires(Requirement::Matches(tags)) = condition else {
    ///     unreachable!();
    /// };
    /// let tags: Vec<String> = tags.iter().map(|tag| tag.to_string()).collect();
    /// assert_eq!(tags, ["\"a\"", "\"c\""]);
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    pub fn iter<'a, N, V>(&self) -> impl Iterator<Item = EntityTag<'a>>
    where
        F: IntoIterator<Item = (&'a N, &'a V)> + Clone,
        N: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let (field, weak, reading) = (self.field, self.weak, self.reading);
        let fields = self.fields.clone().into_iter();
        fields
            .filter(move |(name, _)| Field::from_name(name.as_ref()) == Some(field))
            .flat_map(move |(_, line)| Members::of(line.as_ref(), reading))
            .filter_map(Result::ok)
            .filter(move |tag| weak || !tag.is_weak())
    }

    /// The tag, where there is just one: what can be given to a store that compares with one.
    ///
    /// ```
    /// use http_conditional::{Condition, HttpDate, Policy, Requirement};
    ///
    /// let fields = [("If-Match", "\"a\"")];
    /// let condition = Condition::new("PUT", fields, HttpDate::from_unix(0)?, Policy::new());
    /// let Condition::Requires(Requirement::Matches(tags)) = condition else {
    ///     unreachable!();
    /// };
    /// assert!(tags.only().map_or(false, |tag| tag.opaque() == b"a"));
    /// # Ok::<(), http_conditional::OutOfRange>(())
    /// ```
    #[must_use]
    pub fn only<'a, N, V>(&self) -> Option<EntityTag<'a>>
    where
        F: IntoIterator<Item = (&'a N, &'a V)> + Clone,
        N: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let mut tags = self.iter();
        tags.next().filter(|_| tags.next().is_none())
    }
}
