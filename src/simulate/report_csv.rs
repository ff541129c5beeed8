//! The schedule of a day as CSV: every halt of every runner, in order. The bound script starts from it.

use std::fmt::Write;

use crate::domain::clock::At;
use crate::domain::span;
use crate::domain::trip::Act;
use crate::simulate::tally::Tally;

/// One line for each errand at each halt: `runner,act,request,arrive_s,leave_s`.
#[must_use]
pub fn schedule(tally: &Tally) -> String {
    let mut text = "runner,act,request,arrive_s,leave_s\n".to_owned();
    for halt in &tally.halts {
        let Some(work) = tally.work.get(halt.runner) else { continue };
        let act = match halt.act {
            Act::Collect => "collect",
            Act::Deliver => "deliver",
        };
        let (arrive, leave) = (span::between(At(0), halt.arrive_at), span::between(At(0), halt.leave_at));
        for life in halt.errands.iter().filter_map(|&errand| tally.lives.get(errand)) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{},{act},{},{arrive:.1},{leave:.1}", work.name, life.name);
        }
    }
    text
}
