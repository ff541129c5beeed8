//! Who listens for news, and of what: nobody hears more than they may see.

use super::ids::{PersonId, RequestId, ZoneId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Holds the link of one request; who may only look hears no more than how it stands.
    Holder { request: RequestId, may_act: bool },
    /// A runner: what is, or was just, in these hands.
    Runner(PersonId),
    /// Watches a zone.
    Zone(ZoneId),
}
