//! Setting what a zone wants to reach. It holds for what is submitted from now on; nothing of before changes.

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::ids::{TargetId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::target::Target;
use crate::domain::urgency::Urgency;
use crate::line::What;
use crate::store::journal::{self, Event};
use crate::store::targets::{self, TargetRow};

/// Sets the targets named. One that stands already is not set again.
///
/// # Errors
/// [`Fault::NotAllowed`] for whoever may not step in there.
#[tracing::instrument(skip_all, fields(zone_id = %zone))]
pub async fn set(house: &House, person: &Person, zone: ZoneId, wanted: Vec<(Urgency, Target)>) -> Result<()> {
    if !may(&Actor::Person(person.clone()), Action::StepIn { zone }) {
        return Err(Fault::NotAllowed);
    }
    let (now, by) = (house.now(), Trace::staff(person));
    house
        .db
        .write(async move |conn| {
            let standing = targets::load(conn, zone).await?;
            for (urgency, target) in wanted {
                if standing.at(urgency, now) == target {
                    continue;
                }
                let Target { claim_s, deliver_s } = target;
                let (id, valid_from, (actor_role, actor_id)) = (TargetId::mint(), now, (by.role, by.id));
                let row =
                    TargetRow { id, zone_id: zone, urgency, claim_s, deliver_s, valid_from, actor_role, actor_id };
                targets::write(conn, row).await?;
                journal::write(conn, Event::new(now, zone, "target", by).because(Some(urgency.as_str()))).await?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    house.tell(zone, What::Work).await;
    Ok(())
}
