//! From what was sent to a [`Submission`]: the codes in it are looked up, then all of it is read. Shared by both doors.

use super::Site;
use super::fault::{Fault, Result};
use super::submission::{Asked, Found, parse};
use crate::domain::request::{Channel, Submission};
use crate::store::Error as StoreError;
use crate::store::views::ground;

/// # Errors
/// [`Fault::Invalid`] with everything that was refused.
pub async fn read(site: &Site, asked: &Asked, channel: Channel) -> Result<Submission> {
    let (building, place) = (asked.building.clone().unwrap_or_default(), asked.place.clone().unwrap_or_default());
    let found = site
        .house
        .db
        .read(async move |conn| {
            let building = if building.is_empty() { None } else { ground::find_building(conn, &building).await? };
            let place = if place.is_empty() { None } else { ground::find_place(conn, &place).await? };
            // A place of another zone is no place to send this zone's runner to.
            let place = place.filter(|place| building.is_none_or(|(zone, _)| zone == place.0));
            Ok::<_, StoreError>(Found { building, place: place.map(|(_, place)| place) })
        })
        .await?;
    parse(asked, found, channel, site.house.now()).map_err(Fault::Invalid)
}
