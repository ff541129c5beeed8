//! Patience for distance: when the free runner is far away and a busy one will be there clearly sooner, the trip waits.
//!
//! Without it, one far idle runner is sent on an hour's walk minutes before a neighbour comes free.

use crate::domain::clock::At;
use crate::domain::ground::Spot;
use crate::domain::matching::{OpenErrand, eligible};
use crate::domain::span;
use crate::flow::deciding::rules::Rule;
use crate::flow::deciding::starters::Starter;
use crate::flow::deciding::table::Table;

/// The other must gain at least this, and a part of the way, so that decisions do not swing to and fro.
const MARGIN_S: f64 = 120.0;
const MARGIN_SHARE: f64 = 0.3;

/// Nothing waits when a shift is that near its end: the one we wait for may be gone before he is free.
const LEFT_S: f64 = 1800.0;

/// The busy runner who would be at `spot` first, when that is clearly sooner than `chosen`.
pub(super) fn other<'a>(
    chosen: &Starter<'_>,
    spot: Spot,
    errand: &OpenErrand,
    busy: &[Starter<'a>],
    table: &Table<'_>,
) -> Option<Starter<'a>> {
    let arrival = chosen.arrives_at(spot, table);
    let way_s = span::between(table.scene.now, arrival);
    let margin_s = MARGIN_SHARE.mul_add(way_s, MARGIN_S);
    if way_s < margin_s || !table.scene.rules.uses(Rule::Patience) {
        return None;
    }
    let lasts = |starter: &Starter<'_>, at: At| span::between(at, starter.duty.off_at) >= LEFT_S;
    let busy = busy.iter().filter(|other| lasts(other, other.at) && lasts(chosen, other.at));
    let able = busy.filter(|other| other.place != chosen.place && eligible::may_carry(other.duty, errand).is_ok());
    let (at, other) =
        able.map(|other| (arrives(other, spot, table), *other)).min_by_key(|(at, other)| (*at, other.duty.id))?;
    (span::between(at, arrival) > margin_s).then_some(other)
}

fn arrives(other: &Starter<'_>, spot: Spot, table: &Table<'_>) -> At {
    let rested = Starter { at: other.at.max(other.duty.rests_until), ..*other };
    rested.arrives_at(spot, table)
}
