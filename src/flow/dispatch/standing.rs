//! What the line should hold, read from the store: to compare it with, and to rebuild it from.

use super::super::{Fault, House, Result};
use crate::domain::ids::ZoneId;
use crate::line::{Ready, Standing};
use crate::store::{duties, errands};

/// All of a zone's waiting errands, runners who may be asked, and running leases.
///
/// # Errors
/// [`Fault::Store`].
pub async fn standing(house: &House, zone: ZoneId) -> Result<Standing> {
    let (ready, leases, candidates) = house
        .db
        .read(async move |conn| {
            let ready = errands::list_ready(conn, zone).await?;
            let leases = errands::list_leases(conn, zone).await?;
            Ok::<_, Fault>((ready, leases, duties::list_candidates(conn, zone).await?))
        })
        .await?;
    let now = house.now();
    let free = candidates.into_iter().filter(|candidate| candidate.may_be_asked(&house.terms, now).is_ok());
    Ok(Standing {
        ready: ready.into_iter().map(|(errand, due)| Ready { due, errand }).collect(),
        runners: free.filter_map(|candidate| Some((candidate.runner, candidate.at?))).collect(),
        leases,
    })
}
