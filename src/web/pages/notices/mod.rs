//! `/watch/notices`: what a zone tells its residents; and hanging it on their pages.

pub mod handlers;
pub mod page;

#[cfg(test)]
pub(crate) mod samples;

use super::shell::Shell;
use crate::domain::ids::ZoneId;
use crate::store::views::{ground, notices};
use crate::web::Site;
use crate::web::fault::Result;

/// Hangs what is current in a zone on a resident's page. Without a zone: of the only one there is.
///
/// # Errors
/// The store's.
pub async fn hang(site: &Site, shell: &mut Shell, zone: Option<ZoneId>) -> Result<()> {
    let now = site.house.now();
    shell.posted = site
        .house
        .db
        .read(async move |conn| {
            let zones = ground::list_zones(conn).await?;
            let only = if let [only] = zones.as_slice() { Some(only.id) } else { None };
            match zone.or(only) {
                Some(zone) => notices::list_current(conn, zone, now).await,
                None => Ok(Vec::new()),
            }
        })
        .await?;
    Ok(())
}
