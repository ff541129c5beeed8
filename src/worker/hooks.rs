//! Calls to doors outside, from the outbox, apart from the letters and each by itself: one that hangs holds up nobody else.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;

use super::relay::{Outcome, settle};
use crate::domain::ids::TellingId;
use crate::domain::letter::LetterKind;
use crate::domain::num;
use crate::flow::{Fault, House, alarming};
use crate::hooks::{Hooks, Note};
use crate::store::outbox::{self, Letter};

const AT_ONCE: i64 = 20;
/// A caller that dies frees its calls after this; longer than any call takes.
const HOLD_S: i64 = 60;
const PERIOD: Duration = Duration::from_secs(1);

/// Calls the doors outside.
#[derive(Debug, Clone)]
pub struct Caller {
    pub hooks: Arc<Hooks>,
    pub public_url: String,
}

impl Caller {
    pub(super) async fn run(self, house: House, mut stop: watch::Receiver<bool>) {
        let period = PERIOD.div_f64(house.clock.speed().max(1.0)).max(Duration::from_millis(100));
        while !*stop.borrow() {
            if let Err(fault) = self.call_due(&house).await {
                tracing::debug!(error = %fault, "calls could not be looked for; trying on");
            }
            tokio::select! {
                () = tokio::time::sleep(period) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Makes the calls that are due now, all at once; answers how many were tried.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn call_due(&self, house: &House) -> Result<usize, Fault> {
        let now = house.now();
        // Service time may run faster than the door outside.
        let hold_s = HOLD_S.saturating_mul(num::round(house.clock.speed().max(1.0)));
        let until = now.plus_seconds(hold_s);
        let kinds = LetterKind::BY_HOOK;
        let due = house.db.write(async move |conn| outbox::take_due(conn, kinds, (now, until), AT_ONCE).await).await?;
        let calls = due.iter().map(|call| self.make(house, call));
        join_all(calls).await.into_iter().collect::<Result<Vec<()>, Fault>>()?;
        Ok(due.len())
    }

    async fn make(&self, house: &House, call: &Letter) -> Result<(), Fault> {
        let outcome = self.try_once(house, call).await;
        settle(house, call, outcome, "paotui_hooks_total").await
    }

    async fn try_once(&self, house: &House, call: &Letter) -> Outcome {
        let facts = match alarming::facts(house, TellingId::from_uuid(call.ref_id.uuid())).await {
            Ok(facts) => facts,
            Err(fault) => return Outcome::Again(fault.to_string()),
        };
        let Some(facts) = facts else { return Outcome::Pointless };
        // Taken out of the settings: nobody listens any more.
        let Some(hook) = facts.hook.as_deref().and_then(|name| self.hooks.find(name)) else {
            return Outcome::Pointless;
        };
        let note = Note {
            id: call.id.to_string(),
            alarm: facts.alarm.to_string(),
            rung: facts.rung,
            told_at: facts.told_at,
            code: facts.code,
            urgency: facts.urgency,
            category: facts.category,
            zone: facts.zone,
            building: facts.building,
            deliver_by: facts.deliver_by,
            now: house.now(),
            link: format!("{}/watch/alarms", self.public_url),
        };
        match self.hooks.call(hook, &note, house.now()).await {
            Ok(()) => Outcome::Sent,
            Err(error) if error.is_permanent() => Outcome::Dead(error.to_string()),
            Err(error) => Outcome::Again(error.to_string()),
        }
    }
}
