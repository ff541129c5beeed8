//! What a handler takes from a call: who calls, from where, and a body that parsed.

mod body;
mod caller;
mod peer;
mod sent;

pub(in crate::web) use body::parse;
pub use body::{Body, Fields, Params};
pub use caller::{Credential, Guest, SignedIn};
pub use peer::{Peer, is_same_site};
pub use sent::{File, Sent};
