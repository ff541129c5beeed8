//! How to walk to the next stop: a small plan of the blocks, and three steps in words.

use super::cards::{Carried, distance};
use crate::domain::floor::floor_of;
use crate::domain::geo::Point;
use crate::domain::plan::{Plan, wind};
use crate::store::views::ground::Building;
use crate::web::pages::shell::Shell;

/// The sheet, in units of the SVG.
const SIZE: (f64, f64) = (350.0, 210.0);
const MARGIN: f64 = 34.0;
/// Half of a block, as it is drawn.
const HALF: (f64, f64) = (22.0, 12.0);
/// Blocks farther from the way than this are left out, metres.
const NEAR_M: f64 = 150.0;

/// A block on the plan.
#[derive(Debug, PartialEq)]
pub(super) struct Mark {
    /// Its corner.
    pub x: String,
    pub y: String,
    /// Where its label stands.
    pub middle: (String, String),
    pub label: String,
    pub is_goal: bool,
}

#[derive(Debug)]
pub(super) struct Way {
    pub told: String,
    pub marks: Vec<Mark>,
    /// Of an SVG polyline.
    pub points: String,
    /// Where the runner is, or the goods were got.
    pub start: (String, String),
    pub is_me: bool,
    pub goal: (String, String),
    pub steps: Vec<String>,
}

/// From where the runner last was, else from the counter; `None` when neither is known.
pub(super) fn find(card: &Carried<'_>, me: Option<Point>, blocks: &[Building]) -> Option<Way> {
    let (stop, shell) = (card.stop, card.shell);
    let counter = stop.from.as_ref().map(|from| from.at);
    let block = blocks.iter().find(|block| block.code == stop.to.code);
    let goes_to_door = !card.is_fetching() && !card.ends_at_gate();
    let goal = match (card.is_fetching(), card.ends_at_gate()) {
        (true, _) => stop.ends.from_gate.or(counter)?,
        (false, true) => stop.ends.to_gate?,
        (false, false) => stop.to.at,
    };
    let start = me.or(counter.filter(|_| !card.is_fetching()))?;
    let gate = block.and_then(Building::gate).filter(|_| goes_to_door);
    let line: Vec<Point> = [Some(start), gate, Some(goal)].into_iter().flatten().collect();
    let plan = Plan::of(&line, SIZE, MARGIN)?;
    let is_near = |block: &&Building| line.iter().any(|point| point.metres_to(block.at()) < NEAR_M);
    let near = blocks.iter().filter(|block| block.code != stop.to.code).filter(is_near);
    let steps = steps(card, (start, goal), gate.is_some());
    Some(Way {
        told: shell.words.say("way-told", "steps", steps.join("；")),
        marks: marks(&plan, block, near, goal != stop.to.at),
        points: line
            .iter()
            .map(|point| pair(plan.place(*point)))
            .map(|(x, y)| [x, y].join(","))
            .collect::<Vec<_>>()
            .join(" "),
        start: pair(plan.place(start)),
        is_me: me.is_some(),
        goal: pair(plan.place(goal)),
        steps,
    })
}

fn pair((x, y): (f64, f64)) -> (String, String) {
    (format!("{x:.0}"), format!("{y:.0}"))
}

/// The block to go to first, then the others that are on the sheet and cover none.
fn marks<'b>(
    plan: &Plan,
    to: Option<&'b Building>,
    near: impl Iterator<Item = &'b Building>,
    is_elsewhere: bool,
) -> Vec<Mark> {
    let (mut marks, mut taken): (Vec<Mark>, Vec<(f64, f64)>) = (Vec::new(), Vec::new());
    for block in to.into_iter().chain(near) {
        let (x, y) = plan.place(block.at());
        let on_sheet = (HALF.0..=SIZE.0 - HALF.0).contains(&x) && (HALF.1..=SIZE.1 - HALF.1).contains(&y);
        let covers = |at: &(f64, f64)| (at.0 - x).abs() < 2.0 * HALF.0 + 2.0 && (at.1 - y).abs() < 2.0 * HALF.1 + 2.0;
        if !on_sheet || taken.iter().any(covers) {
            continue;
        }
        let is_goal = !is_elsewhere && taken.is_empty() && to.is_some_and(|to| to.code == block.code);
        taken.push((x, y));
        let (left, top) = pair((x - HALF.0, y - HALF.1));
        marks.push(Mark { x: left, y: top, middle: pair((x, y + 5.0)), label: short(&block.name), is_goal });
    }
    marks
}

/// "7栋" as "7": what words it needs stand beside the plan.
fn short(name: &str) -> String {
    let digits: String = name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { name.chars().take(3).collect() } else { digits }
}

fn steps(card: &Carried<'_>, (start, goal): (Point, Point), by_gate: bool) -> Vec<String> {
    let (stop, shell, words) = (card.stop, card.shell, card.shell.words);
    let far = distance(shell, start.metres_to(goal));
    let towards = shell.t(&format!("wind-{}", wind(start, goal)));
    let walk = words.with("way-walk", &[("wind", towards.into()), ("far", far.into())]);
    let gate = by_gate.then(|| words.say("way-gate", "compound", stop.to.compound.clone()));
    let last = match (card.is_fetching(), &stop.from, card.ends_at_gate()) {
        (true, Some(from), _) if stop.ends.from_gate.is_none() => words.say("way-place", "name", from.name.clone()),
        (true, ..) | (false, _, true) => words.say("way-place", "name", card.gate()),
        (false, ..) => door(shell, card),
    };
    [Some(walk), gate, Some(last)].into_iter().flatten().collect()
}

/// "到 7栋，上 5 楼，没电梯"
fn door(shell: &Shell, card: &Carried<'_>) -> String {
    let block = card.stop.to.name.clone();
    let id = match card.stop.to.lift {
        Some(true) => "way-floor-lift",
        Some(false) => "way-floor-stairs",
        None => "way-floor",
    };
    match floor_of(&card.stop.room) {
        Some(floor) => shell.words.with(id, &[("block", block.into()), ("n", floor.into())]),
        None => shell.words.say("way-place", "name", block),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_label_on_the_plan_holds_no_words() {
        assert_eq!(["7栋", "A12号楼", "物业中心"].map(super::short), ["7", "12", "物业中"]);
    }
}
