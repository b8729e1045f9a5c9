//! The entity tags that a request lists (RFC 9110 sections 13.1.1 and 13.1.2), over all its lines.

use super::Field;
use crate::line::LentLine;
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
    pub fn iter<'a, L>(&self) -> ListedTagsIter<'a, F::IntoIter>
    where
        F: IntoIterator<Item = L> + Clone,
        L: LentLine<'a>,
    {
        ListedTagsIter {
            lines: self.fields.clone().into_iter(),
            members: Members::<false>::of(&[], self.reading),
            field: self.field,
            weak: self.weak,
            reading: self.reading,
        }
    }

    /// The tag, if there is just one: for a store that can compare with only one.
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
    pub fn only<'a, L>(&self) -> Option<EntityTag<'a>>
    where
        F: IntoIterator<Item = L> + Clone,
        L: LentLine<'a>,
    {
        let mut tags = self.iter();
        tags.next().filter(|_| tags.next().is_none())
    }
}

/// The tags of [`ListedTags`], one by one; made by [`ListedTags::iter`].
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are consumed"]
pub struct ListedTagsIter<'a, I> {
    lines: I,
    members: Members<'a, false>,
    field: Field,
    weak: bool,
    reading: Reading,
}

impl<'a, I, L> Iterator for ListedTagsIter<'a, I>
where
    I: Iterator<Item = L>,
    L: LentLine<'a>,
{
    type Item = EntityTag<'a>;

    fn next(&mut self) -> Option<EntityTag<'a>> {
        let (field, weak) = (self.field, self.weak);
        loop {
            let mut tags = self.members.by_ref().filter_map(Result::ok);
            if let Some(tag) = tags.find(|tag| weak || !tag.is_weak()) {
                return Some(tag);
            }
            let is_ours = |line: &L| Field::from_name(line.name()) == Some(field);
            let line = self.lines.find(is_ours)?;
            self.members = Members::<false>::of(line.lent_value(), self.reading);
        }
    }
}
