//! Whose hands the goods of a request were in, told as one line: place → runner → gate → runner → door.
//!
//! Read off the journal: what was taken back is as if it had not been, and whoever gives an errand back with the goods in
//! hand still has them until somebody else collects them.

use super::clock::At;
use super::errand::Step;
use super::ids::PersonId;
use super::words::word;

word! {
    Where { Place = "place", Runner = "runner", Gate = "gate", Door = "door" }
}

/// Something that moved the goods, or put them back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub at: At,
    pub step: Step,
    /// The step was taken back.
    pub undone: bool,
    pub by: Option<PersonId>,
}

/// Where the goods were from when to when; without an end they are there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    pub from: At,
    pub to: Option<At>,
    pub whose: Option<PersonId>,
    pub place: Where,
}

/// The line, from when the request was made. `at_place`: there is something to fetch; a visit has nothing.
#[must_use]
pub fn line(submitted_at: At, at_place: bool, told: &[Told]) -> Vec<Holding> {
    let holding = |from, place, whose| Holding { from, to: None, whose, place };
    let mut line: Vec<Holding> = at_place.then(|| holding(submitted_at, Where::Place, None)).into_iter().collect();
    for told in told {
        let Some(next) = next(told) else { continue };
        if told.undone {
            // Only the last can be taken back, and only what it was.
            if line.last().is_some_and(|last| last.place == next) {
                line.pop();
                if let Some(last) = line.last_mut() {
                    last.to = None;
                }
            }
            continue;
        }
        if let Some(last) = line.last_mut() {
            // Clocks of phones differ: nothing ends before it began.
            last.to = Some(told.at.max(last.from));
        }
        let from = line.last().and_then(|last| last.to).unwrap_or(told.at);
        line.push(holding(from, next, told.by.filter(|_| next == Where::Runner)));
    }
    line
}

/// Where a step brings the goods, if it moves them at all.
const fn next(told: &Told) -> Option<Where> {
    match told.step {
        Step::Collect => Some(Where::Runner),
        Step::HandOver => Some(Where::Gate),
        Step::Deliver | Step::Override => Some(Where::Door),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(at: i64, step: Step, by: PersonId) -> Told {
        Told { at: At(at), step, undone: false, by: Some(by) }
    }

    #[test]
    fn a_bag_goes_over_a_gate_and_what_was_taken_back_was_never() {
        let (outside, inside) = (PersonId::mint(), PersonId::mint());
        let slip = told(12, Step::Deliver, outside);
        let all = [
            told(10, Step::Collect, outside),
            slip,
            Told { at: At(13), undone: true, ..slip },
            told(20, Step::HandOver, outside),
            told(25, Step::Claim, inside),
            told(30, Step::Collect, inside),
            told(40, Step::Deliver, inside),
        ];
        let short = |holding: &Holding| (holding.from.0, holding.to.map(|to| to.0), holding.place, holding.whose);
        assert_eq!(
            line(At(0), true, &all).iter().map(short).collect::<Vec<_>>(),
            [
                (0, Some(10), Where::Place, None),
                (10, Some(20), Where::Runner, Some(outside)),
                (20, Some(30), Where::Gate, None),
                (30, Some(40), Where::Runner, Some(inside)),
                (40, None, Where::Door, None),
            ]
        );
    }

    proptest! {
        #[test]
        fn the_line_has_no_gap_and_only_its_end_is_open(
            moves in prop::collection::vec((0_usize..Step::ALL.len(), any::<bool>(), -50_i64..50), 0..30),
            at_place: bool,
        ) {
            let mut at = 0;
            let all: Vec<Told> = moves.iter().map(|(step, undone, later)| {
                at += later;
                Told { at: At(at), step: Step::ALL[*step], undone: *undone, by: None }
            }).collect();
            let line = line(At(0), at_place, &all);
            for pair in line.windows(2) {
                prop_assert_eq!(pair[0].to, Some(pair[1].from));
                prop_assert!(pair[0].from <= pair[1].from);
            }
            prop_assert!(line.last().is_none_or(|last| last.to.is_none()));
        }
    }
}
