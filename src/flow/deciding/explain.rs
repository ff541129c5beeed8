//! Why nobody: each errand left on the table gets the reason that stood in the way of the last runner it could have had.

use crate::domain::matching::{Nobody, OpenErrand, eligible};
use crate::flow::deciding::decision::Decision;
use crate::flow::deciding::table::Table;

pub(super) fn nobody(table: &mut Table<'_>) {
    let held: Vec<_> = table.outcome.decisions.iter().filter_map(held).collect();
    let left: Vec<_> = table.unasked().filter(|(_, open)| !held.contains(&open.parcel.errand)).collect();
    let reasons = left.into_iter().map(|(_, open)| (open.parcel.errand, reason(table, open)));
    let nobody: Vec<Decision> = reasons.map(|(errand, reason)| Decision::Nobody { errand, reason }).collect();
    table.outcome.decisions.extend(nobody);
}

fn held(decision: &Decision) -> Option<crate::domain::ids::ErrandId> {
    match decision {
        Decision::Hold { errand, .. } => Some(*errand),
        _ => None,
    }
}

/// The mildest obstacle over all runners: what has to pass for somebody to be asked.
fn reason(table: &Table<'_>, errand: &OpenErrand) -> Nobody {
    let now = table.scene.now;
    if errand.choices().all(|(parcel, _)| parcel.closes_at.is_some_and(|closes| closes < now)) {
        let is_out = errand.choices().any(|(_, chance)| chance <= 0.0);
        return if is_out { Nobody::OutOfStock } else { Nobody::PlaceShut };
    }
    let mut mildest = if table.scene.stale { Nobody::StalePositions } else { Nobody::NobodyOnDuty };
    for runner in &table.scene.runners {
        let obstacle = eligible::may_carry(runner, errand).and_then(|()| eligible::may_be_asked(runner, now));
        mildest = mildest.max(obstacle.err().unwrap_or(Nobody::AllBusy));
        if mildest == Nobody::AllBusy {
            break;
        }
    }
    mildest
}
