//! Dispatch: the line says which errands and runners to look at, the store how they stand, [`super::deciding`] whom to
//! ask, and one guarded row an errand whether it is so. Any number of processes may do this for one zone at once.

mod board;
mod counsel;
mod gather;
mod map;
mod nobody;
mod offer;
mod route;
mod shops;
mod standing;
mod under_way;

use std::time::Instant;

use crate::domain::ids::ZoneId;
use crate::domain::matching::Nobody;

use super::deciding::{Decision, Outcome, decide};
use super::{House, Result};
pub use crate::store::fetched::Thing;
pub use board::{BoardTrip, board};
pub use counsel::{Counsel, ShopToTry, Trouble, counsel_for, counsels, is_to_be_fetched};
pub(super) use counsel::{must_be_free_to_go, shop_for};
pub(super) use map::Map;
pub(super) use offer::others;
pub use route::{Halt, itinerary};
pub(super) use route::{join_route, re_route, take_along};
pub use standing::standing;

/// Errands looked at in one go. When none of them finds anybody, the round goes on behind them: what all have declined
/// must not hide what nobody was asked about.
const AT_ONCE: usize = 256;
/// Behind so many errands nobody is found any more in this round; the next one begins at the front again.
const MOST: usize = 4096;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub offers: usize,
    /// Errands nobody could be asked about.
    pub nobody: usize,
}

/// One round over a zone: whatever can be offered is offered, the rest gets the reason why not.
///
/// # Errors
/// [`super::Fault::Store`]. Of two processes that decide at once each row lets one through; the other goes on.
#[tracing::instrument(skip_all, fields(zone_id = %zone))]
pub async fn round(house: &House, zone: ZoneId) -> Result<Round> {
    let mut limit = AT_ONCE;
    loop {
        let Some(gathered) = gather::gather(house, zone, limit).await? else { return Ok(Round::default()) };
        let began = Instant::now();
        let outcome = decide(&gathered.scene);
        metrics::histogram!("paotui_dispatch_decision_seconds").record(began.elapsed().as_secs_f64());
        let done = carry_out(house, zone, &gathered, outcome).await?;
        if done.offers > 0 || !gathered.more || limit >= MOST {
            return Ok(done);
        }
        limit = limit.saturating_mul(4);
    }
}

async fn carry_out(house: &House, zone: ZoneId, gathered: &gather::Gathered, outcome: Outcome) -> Result<Round> {
    let (mut done, mut notes) = (Round::default(), Vec::new());
    for decision in outcome.decisions {
        match decision {
            Decision::Offer(made) => done.offers += usize::from(offer::make(house, zone, gathered, made).await?),
            Decision::Hold { errand, .. } => notes.push((errand, Nobody::Held)),
            Decision::Nobody { errand, reason } => notes.push((errand, reason)),
        }
    }
    done.nobody = notes.len();
    nobody::note(house, gathered, notes).await?;
    Ok(done)
}
