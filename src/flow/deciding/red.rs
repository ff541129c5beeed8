//! Red errands, in the order of their slack: ask the best runner at once, and in waves.

use crate::domain::matching::{OnDuty, OpenErrand, Pick, eligible, red};
use crate::domain::offer::Kind;
use crate::domain::span;
use crate::domain::trip::{Parcel, Stop, Worth};
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::table::Table;

pub(super) fn ask(table: &mut Table<'_>) {
    let now = table.scene.now;
    let red =
        |&at: &usize| table.errand(at).filter(|open| open.is_red()).map(|open| (open.parcel.due.slack_s(now), at));
    let mut waiting: Vec<(f64, usize)> = table.errands.iter().filter_map(red).collect();
    waiting.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, at) in waiting {
        if is_turn(table, at) {
            ask_for(table, at);
        }
    }
}

/// Whether one more runner should be asked now.
fn is_turn(table: &mut Table<'_>, at: usize) -> bool {
    let Some(errand) = table.errand(at) else { return false };
    let rules = table.scene.rules;
    let Some(newest) = errand.asked.iter().map(|asked| asked.at).max() else { return true };
    if !rules.uses(Rule::Waves) || errand.asked.len() >= rules.wave_size {
        return false;
    }
    let next = span::after(newest, rules.wave_s);
    table.look_again(next);
    next <= table.scene.now
}

fn ask_for(table: &mut Table<'_>, at: usize) {
    let Some(errand) = table.errand(at) else { return };
    let choices: Vec<(Parcel, f64)> = errand.choices().collect();
    let mut best: Option<(f64, usize, Parcel)> = None;
    for &place in &table.runners {
        let Some(runner) = table.runner(place).filter(|runner| may_ask(table, runner, errand)) else { continue };
        for (parcel, chance) in &choices {
            let Some((_, score)) = red::fit(runner, parcel, &table.scene.ground, table.scene.now) else { continue };
            let score = score + (1.0 - chance) * MISS_S;
            if best.as_ref().is_none_or(|(least, ..)| score < *least) {
                best = Some((score, place, *parcel));
            }
        }
    }
    let Some((_, place, parcel)) = best else { return };
    let Some(runner) = table.runner(place) else { return };
    let stops = vec![Stop::collect(parcel), Stop::deliver(parcel)];
    table.offer(place, &[at], how(runner, errand), (stops, Worth::default()));
}

/// What a walk to a counter that has not got it costs.
const MISS_S: f64 = 600.0;

fn may_ask(table: &Table<'_>, runner: &OnDuty, errand: &OpenErrand) -> bool {
    let rules = table.scene.rules;
    let free = rules.uses(Rule::Divert) || runner.is_idle(table.scene.now);
    free && eligible::may_be_asked(runner, table.scene.now).is_ok() && eligible::may_carry(runner, errand).is_ok()
}

fn how(runner: &OnDuty, errand: &OpenErrand) -> (Kind, Pick) {
    let kind = if runner.route.is_empty() { Kind::Next } else { Kind::Divert };
    let reason = match kind {
        _ if !errand.asked.is_empty() => Pick::NextWave,
        Kind::Next => Pick::FastestFree,
        _ => Pick::FastestUnderWay,
    };
    (kind, reason)
}
