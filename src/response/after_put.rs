//! Validators in the success response to a PUT (RFC 9110 section 9.3.4).

use crate::validators::Representation;

impl Representation<'_> {
    /// What the success response to a PUT may say about the new representation: its validators only
    /// if the content was stored as it was sent, byte for byte ([RFC 9110 section 9.3.4]). A client
    /// that gets them knows that it has what the server has.
    ///
    /// `self` is the new representation, never the one that was selected for the conditions
    /// (section 8.8).
    ///
    /// The content of other methods, such as POST and PATCH, is not the representation, so section
    /// 9.3.4 does not apply: their success responses may always have the validators of the new
    /// representation.
    ///
    /// ```
    /// use http_conditional::{EntityTag, Representation};
    ///
    /// let new = Representation::current().etag(EntityTag::from_static("\"v2\""));
    /// assert!(new.after_put(true).entity_tag().is_some());
    /// // Its line ends were changed, say.
    /// assert!(new.after_put(false).entity_tag().is_none());
    /// ```
    ///
    /// [RFC 9110 section 9.3.4]: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4
    pub const fn after_put(self, stored_as_sent: bool) -> Self {
        if stored_as_sent || !self.exists() {
            self
        } else {
            Self::current()
        }
    }
}
