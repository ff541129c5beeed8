//! From what was sent to a request: the codes in it are looked up, then all of it is read and handed in. Shared by both
//! doors.

use super::Site;
use super::fault::{Fault, Result};
use super::submission::{Asked, Found, parse};
use crate::domain::actor::Trace;
use crate::domain::request::{Channel, Submission};
use crate::flow::intake::{self, Receipt};
use crate::flow::{self, CallKey};
use crate::store::Error as StoreError;
use crate::store::views::{ground, photos};

/// # Errors
/// [`Fault::Invalid`] with everything that was refused.
pub async fn read(site: &Site, asked: &Asked, channel: Channel) -> Result<Submission> {
    let (building, place) = (asked.building.clone().unwrap_or_default(), asked.place.clone().unwrap_or_default());
    let tokens: Vec<_> = asked.items.iter().take(Submission::MOST_ITEMS).map(|item| item.photo.clone()).collect();
    let found = site
        .house
        .db
        .read(async move |conn| {
            let building = if building.is_empty() { None } else { ground::find_building(conn, &building).await? };
            let place = if place.is_empty() { None } else { ground::find_place(conn, &place).await? };
            // A place of another zone is no place to send this zone's runner to.
            let place = place.filter(|place| building.is_none_or(|(zone, _)| zone == place.0));
            let photos = photos::find_waiting(conn, &tokens).await?;
            Ok::<_, StoreError>(Found { building, place: place.map(|(_, place)| place), photos })
        })
        .await?;
    parse(asked, &found, channel, site.house.now()).map_err(Fault::Invalid)
}

/// Reads it and hands it in, or answers what this key was answered before.
///
/// # Errors
/// [`Fault::Invalid`] with everything that was refused; what [`intake::submit`] refuses.
pub async fn take(
    site: &Site,
    asked: &Asked,
    (channel, by): (Channel, Trace),
    key: Option<CallKey>,
) -> Result<Receipt> {
    match read(site, asked, channel).await {
        Ok(submission) => Ok(intake::submit(&site.house, submission, by, key).await?),
        // A copy finds its photo taken: by the first one. What was answered then holds.
        Err(refused @ Fault::Invalid(_)) => match intake::replay(&site.house, key.as_ref()).await {
            Ok(Some(receipt)) => Ok(receipt),
            Ok(None) | Err(flow::Fault::KeyReused) => Err(refused),
            Err(fault) => Err(fault.into()),
        },
        Err(fault) => Err(fault),
    }
}
