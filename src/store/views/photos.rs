//! Photos as the doors need them: what a token leads to. The picture itself is opened by `flow::photos` alone.

use crate::domain::ids::PhotoId;
use crate::domain::secret;
use crate::store::{Conn, Result, photos};

/// The photo behind each token, in their order; `None` for one that leads to none (any more).
///
/// # Errors
/// The store's.
pub async fn find_waiting(conn: &mut Conn, tokens: &[Option<String>]) -> Result<Vec<Option<PhotoId>>> {
    let mut found = Vec::with_capacity(tokens.len());
    for token in tokens {
        found.push(match token.as_deref().filter(|token| !token.is_empty()) {
            Some(token) => photos::find_waiting(conn, secret::hash(token)).await?,
            None => None,
        });
    }
    Ok(found)
}
