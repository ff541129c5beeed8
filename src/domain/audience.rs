//! Who listens for news, and of what: nobody hears more than they may see.

use super::ids::{PersonId, RequestId, ZoneId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Holds the link of one request.
    Holder(RequestId),
    /// A runner: what is, or was just, in these hands.
    Runner(PersonId),
    /// Watches a zone.
    Zone(ZoneId),
}
