//! `--trace`: the day as it was lived, from the store, in the format that `paotui simulate` reads.

use std::path::Path;

use super::people::Stage;
use super::physics::Physics;
use crate::config::Dispatch;
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::num;
use crate::domain::span;
use crate::simulate::trace::{Head, Request, Shift, Trace};
use crate::store::Db;
use crate::store::views::traces::{self, Answers, Day, Lived, Turn};

/// Writes the folder.
pub(super) async fn write(db: &Db, stage: &Stage, dispatch: &Dispatch, folder: &Path) -> anyhow::Result<()> {
    let (since, until) = (stage.began_at, crate::clocks::wall());
    let day: Day = db.read(async move |conn| traces::load(conn, since).await).await?;
    let scribe = Scribe { stage, dispatch, until };
    Ok(scribe.trace(&day).write(folder)?)
}

struct Scribe<'a> {
    stage: &'a Stage,
    dispatch: &'a Dispatch,
    until: At,
}

impl Scribe<'_> {
    fn trace(&self, day: &Day) -> Trace {
        Trace {
            head: self.head(day.answers),
            requests: day
                .errands
                .iter()
                .map(|lived| request(lived, &self.stage.physics, self.stage.began_at))
                .collect(),
            runners: day.turns.iter().filter_map(|turn| self.shift(turn)).collect(),
        }
    }

    fn head(&self, answers: Answers) -> Head {
        let (accept_s, accept_spread) = fit(answers);
        let answered = num::float((answers.accepted + answers.declined + answers.lapsed).max(1));
        Head {
            name: format!("demo-pace-{}", self.stage.pace),
            road_factor: self.stage.physics.road_factor(),
            accept_s,
            accept_spread,
            decline_rate: num::float(answers.declined) / answered,
            silent_rate: num::float(answers.lapsed) / answered,
            extra_bag_s: self.stage.physics.counter(true).further_s,
            extra_drop_s: self.stage.physics.door(true).further_s,
            seed: 1,
        }
    }

    /// Simulated runners begin at home, those behind a seal are no part of a trace; of somebody else on duty only the last position is known.
    fn shift(&self, turn: &Turn) -> Option<Shift> {
        let ours = self.stage.lists.runners.iter().find(|volunteer| volunteer.username == turn.username);
        if ours.is_some_and(|volunteer| volunteer.inside) {
            return None;
        }
        let start: Point = ours.map(|volunteer| volunteer.home).or(turn.at)?;
        let pace = self.stage.physics.pace(turn.bike);
        let bags = if turn.cart { self.dispatch.cart_bags } else { self.dispatch.max_bags };
        Some(Shift {
            name: turn.username.clone(),
            on_s: since(self.stage.began_at, turn.on_at),
            off_s: since(self.stage.began_at, turn.off_at.unwrap_or(self.until)),
            start,
            speed_mps: pace.speed_mps,
            capacity_bags: u32::try_from(bags).unwrap_or(1).max(1),
            leg_s: pace.leg_s,
        })
    }
}

/// Nine in ten of a normal draw are below so many standard deviations.
const NINE_IN_TEN: f64 = 1.2816;

/// Mean, and spread of the logarithm, of the lognormal time to answer with this median and this p90.
fn fit(answers: Answers) -> (f64, f64) {
    let (p50_s, p90_s) = (answers.accept_p50_s, answers.accept_p90_s);
    if p50_s <= 0.0 {
        return (0.0, 0.0);
    }
    let spread = ((p90_s / p50_s).ln() / NINE_IN_TEN).clamp(0.0, 3.0);
    (p50_s * (0.5 * spread * spread).exp(), spread)
}

fn request(lived: &Lived, physics: &Physics, began_at: At) -> Request {
    let placed_s = since(began_at, lived.placed_at);
    let usual_by = lived.placed_at.plus_seconds(lived.urgency.target_seconds());
    Request {
        name: lived.request.to_string(),
        placed_s,
        urgency: lived.urgency,
        category: lived.category.to_string(),
        shop: lived.shop.unwrap_or(lived.door),
        door: lived.door,
        ready_s: placed_s,
        deadline_s: (lived.deliver_by != usual_by).then(|| since(began_at, lived.deliver_by)),
        shop_s: physics.counter(lived.shop.is_some()).first_s,
        trip_s: None,
        door_s: physics.door(lived.behind_gate).first_s,
        bags: u32::try_from(lived.bags).unwrap_or(1).max(1),
    }
}

/// Seconds on the clock of the trace, which starts with the play.
fn since(began_at: At, at: At) -> f64 {
    span::between(began_at, at).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fitted_has_the_median_and_the_p90_it_was_fitted_to() {
        let answers = Answers { accept_p50_s: 0.4, accept_p90_s: 0.6, ..Answers::default() };
        let (mean, spread) = fit(answers);
        let median = mean * (-0.5 * spread * spread).exp();
        assert!((median - 0.4).abs() < 1e-9);
        assert!((median * (NINE_IN_TEN * spread).exp() - 0.6).abs() < 1e-9);
    }

    #[test]
    fn nobody_who_answered_took_no_time() {
        assert_eq!(fit(Answers::default()), (0.0, 0.0));
    }
}
