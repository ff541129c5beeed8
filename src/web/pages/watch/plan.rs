//! The blocks of a zone as they lie, with what is still open at each: drawn, and as a table.

use std::collections::BTreeMap;

use askama::Template;

use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::plan::Plan as Sheet;
use crate::domain::seal::Seal;
use crate::store::views::ground::Building;
use crate::store::views::open::Undelivered;
use crate::store::views::supervisor::RunnerRow;
use crate::web::pages::shell::Shell;

/// The sheet, in units of the SVG.
const SIZE: (f64, f64) = (440.0, 360.0);
const MARGIN: f64 = 24.0;
/// Half of a block at which something is open: it holds its number and how much, and a finger hits it.
const BUSY: (f64, f64) = (27.0, 15.0);
/// Half of any other block, in metres, and within what of the sheet.
const HALF_M: (f64, f64) = (15.0, 8.0);
/// Less than this left is soon.
const SOON_S: i64 = 30 * 60;
/// Where somebody was longer ago than this says nothing.
const FRESH_S: i64 = 30 * 60;
/// Where a block goes whose place is taken: the nearest of these that is free, in blocks.
const ASIDE: &[(f64, f64)] = &[
    (0.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (1.0, 0.0),
    (-1.0, 0.0),
    (1.0, -1.0),
    (-1.0, -1.0),
    (1.0, 1.0),
    (-1.0, 1.0),
    (0.0, -2.0),
    (0.0, 2.0),
    (1.0, -2.0),
    (-1.0, -2.0),
    (1.0, 2.0),
    (-1.0, 2.0),
    (2.0, 0.0),
    (-2.0, 0.0),
    (0.0, -3.0),
    (0.0, 3.0),
];

/// What is open at a block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Load {
    open: u64,
    late: u64,
    soon: u64,
}

impl Load {
    /// Colour, hatch and words go by this.
    const fn pressure(self) -> &'static str {
        match self {
            Self { late: 1.., .. } => "late",
            Self { soon: 1.., .. } => "soon",
            Self { open: 1.., .. } => "calm",
            Self { .. } => "none",
        }
    }
}

/// A block as it is drawn.
#[derive(Debug)]
struct Mark {
    x: String,
    y: String,
    width: String,
    height: String,
    /// Where its number and its count stand.
    label: (String, String),
    count: (String, String),
    short: String,
    open: u64,
    pressure: &'static str,
    seal: Seal,
    code: String,
    told: String,
}

/// A row of the table.
#[derive(Debug)]
struct Row {
    code: String,
    name: String,
    load: Load,
    seal: Seal,
}

#[derive(Debug, Template)]
#[template(path = "watch/plan.html")]
pub(super) struct Plan<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    quiet: Vec<Mark>,
    busy: Vec<Mark>,
    /// Runners: place, and the first letter of a name.
    runners: Vec<(String, String, String)>,
    sealed: usize,
    open: u64,
}

impl askama::filters::HtmlSafe for Plan<'_> {}

impl<'a> Plan<'a> {
    pub(super) fn of(
        shell: &'a Shell,
        (blocks, runners): (&[Building], &[RunnerRow]),
        (open, now): (&[Undelivered], At),
    ) -> Self {
        let loads = count(open, now);
        let load = |block: &Building| loads.get(block.code.as_str()).copied().unwrap_or_default();
        let points: Vec<Point> = blocks.iter().map(Building::at).collect();
        let sheet = Sheet::of(&points, SIZE, MARGIN);
        let row = |block: &Building| Row {
            code: block.code.clone(),
            name: format!("{} {}", block.compound, block.name),
            load: load(block),
            seal: block.seal_now(now),
        };
        let mut rows: Vec<(&Building, Row)> = blocks.iter().map(|block| (block, row(block))).collect();
        rows.sort_by_key(|(_, row)| std::cmp::Reverse((row.load.late, row.load.soon, row.load.open)));
        let drawer = sheet.map(|sheet| Drawer { shell, sheet });
        let (busy, quiet) = drawer.as_ref().map(|drawer| drawer.marks(&rows)).unwrap_or_default();
        let runners = drawer.map(|drawer| drawer.runners(runners, now)).unwrap_or_default();
        let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let sealed = rows.iter().filter(|row| row.seal == Seal::Sealed).count();
        Self { shell, rows, quiet, busy, runners, sealed, open: loads.values().map(|load| load.open).sum() }
    }

    /// Those the table is about: something is open there, or nobody goes in.
    fn told_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.load.open > 0 || row.seal != Seal::Open)
    }

    fn seal(&self, row: &Row) -> String {
        self.shell.t(&format!("seal-{}", row.seal))
    }

    /// The picture in a sentence.
    fn told(&self) -> String {
        let late = self.rows.iter().filter(|row| row.load.late > 0).count();
        let values = [
            ("blocks", self.rows.len().into()),
            ("open", self.open.into()),
            ("late", late.into()),
            ("sealed", self.sealed.into()),
        ];
        self.shell.words.with("overview-plan-told", &values)
    }
}

fn count(open: &[Undelivered], now: At) -> BTreeMap<&str, Load> {
    let mut loads: BTreeMap<&str, Load> = BTreeMap::new();
    for one in open {
        let load = loads.entry(one.building.as_str()).or_default();
        let left_s = one.deliver_by.seconds_since(now);
        load.open += 1;
        load.late += u64::from(left_s < 0);
        load.soon += u64::from((0..SOON_S).contains(&left_s));
    }
    loads
}

struct Drawer<'a> {
    shell: &'a Shell,
    sheet: Sheet,
}

impl Drawer<'_> {
    /// Those with something open, the latest first so that they get their true place; then the rest.
    fn marks(&self, rows: &[(&Building, Row)]) -> (Vec<Mark>, Vec<Mark>) {
        let half = |metres: f64, least: f64, most: f64| (metres * self.sheet.scale()).clamp(least, most);
        let small = (half(HALF_M.0, 5.0, BUSY.0), half(HALF_M.1, 3.5, BUSY.1));
        let mut taken: Vec<(f64, f64)> = Vec::new();
        let (mut busy, mut quiet) = (Vec::new(), Vec::new());
        for (block, row) in rows {
            let at = self.sheet.place(block.at());
            if row.load.open > 0 {
                let at = free(at, &taken);
                taken.push(at);
                busy.push(self.mark((block, row), at, BUSY));
            } else {
                quiet.push(self.mark((block, row), at, small));
            }
        }
        (busy, quiet)
    }

    fn mark(&self, (block, row): (&Building, &Row), (x, y): (f64, f64), half: (f64, f64)) -> Mark {
        let (left, top) = pair((x - half.0, y - half.1));
        let (width, height) = pair((2.0 * half.0, 2.0 * half.1));
        // Without a count there is room for the number alone, if at all.
        let is_busy = row.load.open > 0;
        let short = if is_busy || half.0 > 14.0 { short(&block.name) } else { String::new() };
        let label = if is_busy { (x - 12.0, y + 5.0) } else { (x, y + 5.0) };
        Mark {
            x: left,
            y: top,
            width,
            height,
            label: pair(label),
            count: pair((x + 13.0, y)),
            short,
            open: row.load.open,
            pressure: row.load.pressure(),
            seal: row.seal,
            code: row.code.clone(),
            told: told(self.shell, row),
        }
    }

    fn runners(&self, runners: &[RunnerRow], now: At) -> Vec<(String, String, String)> {
        let is_fresh = |at: At| now.seconds_since(at) < FRESH_S;
        let seen = runners.iter().filter(|runner| runner.on && runner.seen_at.is_some_and(is_fresh));
        let place = |runner: &RunnerRow| {
            let (x, y) = self.sheet.place(runner.at?);
            let on_sheet = (8.0..=SIZE.0 - 8.0).contains(&x) && (8.0..=SIZE.1 - 8.0).contains(&y);
            let (x, y) = pair((x, y));
            on_sheet.then(|| (x, y, runner.name.chars().take(1).collect()))
        };
        seen.filter_map(place).collect()
    }
}

/// "文化六村 7栋：3 件，1 件超时 · 封控"
fn told(shell: &Shell, row: &Row) -> String {
    let (words, load) = (shell.words, row.load);
    let seal = (row.seal != Seal::Open).then(|| words.get(&format!("seal-{}", row.seal)));
    let late = (load.late > 0).then(|| words.say("overview-plan-late", "n", load.late));
    let open = (load.open > 0).then(|| words.say("overview-plan-open", "n", load.open));
    let said: Vec<String> = [Some(row.name.clone()), open, late, seal].into_iter().flatten().collect();
    said.join(" · ")
}

fn pair((x, y): (f64, f64)) -> (String, String) {
    (format!("{x:.1}"), format!("{y:.1}"))
}

/// The nearest place that covers no other block and is on the sheet; its own when all is full.
fn free((x, y): (f64, f64), taken: &[(f64, f64)]) -> (f64, f64) {
    let (wide, high) = (2.0 * BUSY.0 + 3.0, 2.0 * BUSY.1 + 3.0);
    let on = |(x, y): (f64, f64)| {
        let within = |value: f64, half: f64, size: f64| value.clamp(half + 2.0, size - half - 2.0);
        (within(x, BUSY.0, SIZE.0), within(y, BUSY.1, SIZE.1))
    };
    let own = on((x, y));
    let at = |aside: &(f64, f64)| on((own.0 + aside.0 * wide, own.1 + aside.1 * high));
    let is_free = |place: &(f64, f64)| {
        !taken.iter().any(|other| (other.0 - place.0).abs() < wide - 1.0 && (other.1 - place.1).abs() < high - 1.0)
    };
    ASIDE.iter().map(at).find(is_free).unwrap_or(own)
}

/// "新16栋" as "16": what words it needs stand beside the plan.
fn short(name: &str) -> String {
    let digits: String = name.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { name.chars().take(2).collect() } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_with_something_open_cover_none_of_each_other() {
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for _ in 0..12 {
            let at = free((430.0, 180.0), &taken);
            assert!(at.0 + BUSY.0 <= SIZE.0);
            assert!(taken.iter().all(|other| (other.0 - at.0).abs() > 52.0 || (other.1 - at.1).abs() > 29.0));
            taken.push(at);
        }
    }
}
