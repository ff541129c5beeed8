//! The money of the trip, household by household: what was laid out, what was given in which way, what is still open.

use super::shopping::in_walking_order;
use crate::domain::money::{Fen, How};
use crate::store::views::runner::{ActiveClaim, Reckoned, Trip};
use crate::web::pages::shell::Shell;

/// A line of it.
#[derive(Debug)]
pub(super) struct Household {
    /// Code and door; never a name.
    pub bag: String,
    /// "花了 63.40 元 · 现金 60.00 元 · 还差 3.40 元"
    pub told: String,
}

/// Those about whom anything is written down, in walking order; with several, all of them together come last.
pub(super) fn list(shell: &Shell, trip: &Trip) -> Vec<Household> {
    let known: Vec<(&ActiveClaim, &Reckoned)> =
        in_walking_order(trip).into_iter().filter_map(|stop| Some((stop, stop.money.as_ref()?))).collect();
    let bag = |stop: &ActiveClaim| format!("{} · {} {}", stop.code, stop.to.name, stop.room);
    let mut lines: Vec<Household> =
        known.iter().map(|(stop, money)| Household { bag: bag(stop), told: told(shell, money) }).collect();
    if known.len() > 1 {
        let all = together(known.iter().map(|(_, money)| *money));
        lines.push(Household { bag: shell.t("money-trip-all"), told: told(shell, &all) });
    }
    lines
}

fn together<'m>(parts: impl Iterator<Item = &'m Reckoned>) -> Reckoned {
    let parts: Vec<&Reckoned> = parts.collect();
    let in_way = |how: &How| {
        let given = parts.iter().flat_map(|part| &part.given).filter(|(way, _)| way == how);
        (*how, given.map(|(_, fen)| *fen).sum::<Fen>())
    };
    let given = How::ALL.iter().map(in_way).filter(|(_, fen)| *fen != Fen(0)).collect();
    Reckoned { spent: parts.iter().map(|part| part.spent).sum(), given }
}

fn told(shell: &Shell, money: &Reckoned) -> String {
    let words = shell.words;
    let way = |(how, fen): &(How, Fen)| {
        let how = words.get(&format!("how-{how}"));
        words.with("money-trip-given", &[("how", how.into()), ("given", fen.to_string().into())])
    };
    let open = money.open();
    let rest = match open.0 {
        0 => words.get("money-trip-even"),
        ..0 => words.say("money-trip-back", "open", Fen(open.0.saturating_neg()).to_string()),
        _ => words.say("money-trip-open", "open", open.to_string()),
    };
    let spent = words.say("money-trip-spent", "spent", money.spent.to_string());
    let parts = std::iter::once(spent).chain(money.given.iter().map(way)).chain(std::iter::once(rest));
    parts.collect::<Vec<_>>().join(" · ")
}
