//! How what a runner did is proved: by the code the resident reads out, by a photo, or by a supervisor's word.

use super::handing::{self, Moved};
use super::moving::{Act, take};
use super::office::Office;
use super::{Fault, House, Result, following, offering, presence, shrug};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{State, Step};
use crate::domain::ids::{ErrandId, PersonId, PhotoId, ProofId};
use crate::domain::proof::{self, Proved};
use crate::domain::reason::Reason;
use crate::domain::secret;
use crate::store::errands::Errand;
use crate::store::proofs::{self, Proof};
use crate::store::{Conn, errands, photos, requests};

/// What a runner shows for what he did.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The code, as it was read out: the request's at the door, the bag's at a gate.
    pub code: Option<String>,
    /// The token of a photo that was left for this.
    pub photo: Option<String>,
}

/// Steps at which a code means something: the bag carries it, and the resident knows it.
const fn is_asked_for_code(step: Step) -> bool {
    matches!(step, Step::Collect | Step::HandOver | Step::Deliver)
}

/// Counts a code that does not fit, and answers how many those were; `None` when it fits, or none was given. Nothing else
/// is done then: a wrong code is a wrong bag or a wrong door.
pub(super) async fn wrong_codes(
    conn: &mut Conn,
    errand: &Errand,
    (step, shown): (Step, &Shown),
) -> Result<Option<i32>> {
    let Some(heard) = shown.code.as_deref().filter(|_| is_asked_for_code(step)) else { return Ok(None) };
    let request = requests::find(conn, errand.request_id).await?.ok_or(Fault::NotFound)?;
    if proof::fits(heard, &request.code) {
        return Ok(None);
    }
    Ok(Some(errands::count_wrong_code(conn, errand.id).await?))
}

/// Keeps how `step` was proved: a delivery always, all else when there is a photo of it.
///
/// # Errors
/// [`Fault::PhotoGone`].
pub(super) async fn keep(
    conn: &mut Conn,
    errand: &Errand,
    (step, shown): (Step, &Shown),
    (by, at): (Trace, At),
) -> Result<Option<Proved>> {
    let photo = match &shown.photo {
        Some(token) => Some(claim_photo(conn, errand, token).await?),
        None => None,
    };
    let kind = proof::proved_by(shown.code.is_some() && step == Step::Deliver, photo.is_some());
    if step != Step::Deliver && photo.is_none() {
        return Ok(None);
    }
    proofs::add(conn, row(errand, (step, kind, photo), (by, at))).await?;
    Ok((step == Step::Deliver).then_some(kind))
}

async fn claim_photo(conn: &mut Conn, errand: &Errand, token: &str) -> Result<PhotoId> {
    photos::claim_apart(conn, secret::hash(token), errand.request_id).await?.ok_or(Fault::PhotoGone)
}

fn row(errand: &Errand, (step, kind, photo): (Step, Proved, Option<PhotoId>), (by, at): (Trace, At)) -> Proof {
    Proof {
        id: ProofId::mint(),
        request_id: errand.request_id,
        errand_id: errand.id,
        step,
        kind,
        photo_id: photo,
        at,
        by_role: by.role,
        by_id: by.id,
        undone_at: None,
    }
}

pub(super) fn count(kind: Proved) {
    metrics::counter!("paotui_deliveries_total", "proof" => kind.as_str()).increment(1);
}

/// A supervisor knows that it is there, whatever the runner's phone told, and says how. From a gate it was fetched, or
/// somebody brought it up.
///
/// # Errors
/// [`Fault::NotFound`] for an errand of another zone, [`Fault::OutOfTurn`] while nobody has said to bring it.
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn vouch(house: &House, person: &Person, errand: ErrandId, reason: Reason) -> Result<Errand> {
    let (me, now) = (person.clone(), house.now());
    let local = house.local.clone();
    let vouched = house
        .db
        .write(async move |conn| {
            let found = Office::Overseer.find(conn, &me, errand).await?;
            if found.state == State::Delivered {
                return Ok(None);
            }
            let by = Trace::staff(&me);
            let Moved { current: Some(found), concerned, not_needed } =
                where_it_counts(conn, &found, (by, now)).await?
            else {
                return Err(Fault::NotFound);
            };
            let asked = offering::withdraw(conn, found.id, "by_hand", now).await?;
            let concerned = concerned.into_iter().chain(found.runner_id).chain(asked).collect::<Vec<PersonId>>();
            let act = Act { holder: found.runner_id, ..Act::new(Step::Override, by, now).saying(Some(reason)) };
            let moved = take(conn, &found, act).await?;
            following::begin(conn, &moved, &local).await?;
            proofs::add(conn, row(&moved, (Step::Override, Proved::Override, None), (by, now))).await?;
            Ok::<_, Fault>(Some(Moved { current: Some(moved), concerned, not_needed }))
        })
        .await?;
    let Some(Moved { current: Some(moved), concerned, not_needed }) = vouched else {
        let found = house.db.read(async move |conn| errands::find(conn, errand).await).await;
        return found.map_err(Fault::Store)?.ok_or(Fault::NotFound);
    };
    count(Proved::Override);
    after(house, &moved, not_needed, concerned).await;
    Ok(moved)
}

/// The errand that is delivered by it: whoever has the bag, else the one that left it at the gate, and the other is not
/// needed any more.
async fn where_it_counts(conn: &mut Conn, found: &Errand, (by, now): (Trace, At)) -> Result<Moved> {
    let current = handing::current(conn, found.request_id).await?;
    if current.state.step(Step::Override).is_ok() {
        return Ok(Moved { current: Some(current), ..Moved::default() });
    }
    handing::recall(conn, current, (Step::Override, by, now)).await
}

async fn after(house: &House, moved: &Errand, not_needed: Option<Errand>, concerned: Vec<PersonId>) {
    shrug(house.line.dequeue(moved.zone_id, moved.id).await);
    if let Some(gone) = &not_needed {
        handing::after_called_off(house, gone, &concerned).await;
    }
    house.tell_change(moved, None).await;
    for runner in concerned {
        presence::restate(house, moved.zone_id, runner).await;
    }
}
