//! One page about a day, with drawings and nothing to load: the queue, the waits, the load of the runners, the ways.

use std::fmt::Write;

use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::num;
use crate::domain::span;
use crate::domain::urgency::Urgency;
use crate::simulate::report_json;
use crate::simulate::report_text;
use crate::simulate::tally::{Life, Tally};

const WIDE: f64 = 900.0;
const HIGH: f64 = 260.0;
const COLOURS: [(Urgency, &str); 3] =
    [(Urgency::Red, "#c62828"), (Urgency::Yellow, "#e6a700"), (Urgency::Green, "#2e7d32")];
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:960px;margin:2rem auto;padding:0 1rem;color:#222}\
    svg{width:100%;height:auto;background:#fafafa;border:1px solid #ddd}pre{background:#f4f4f4;padding:1rem;overflow:auto}\
    text{font-size:11px;fill:#555}";

/// The page.
#[must_use]
pub fn page(name: &str, policy: &str, tally: &Tally) -> String {
    let words = escape(&report_text::lines(&report_json::report(name, policy, &[tally])));
    let title = escape(name);
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\
         <h1>{title}</h1><pre>{words}</pre>\
         <h2>Waiting and under way over the day</h2><p>Red, yellow and green errands not yet at the door.</p>{}\
         <h2>Time to the door</h2><p>Share of errands that arrived within so many minutes.</p>{}\
         <h2>Runners</h2><p>Deliveries an hour on duty, the fewest first; the line is the mean.</p>{}\
         <h2>Ways</h2><p>Every way of every runner.</p>{}</html>\n",
        queue(tally),
        waits(tally),
        load(tally),
        map(tally),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn drawing(high: f64, inside: &str) -> String {
    format!("<svg viewBox=\"0 0 {WIDE:.0} {high:.0}\" role=\"img\">{inside}</svg>")
}

fn line(points: impl Iterator<Item = (f64, f64)>, colour: &str) -> String {
    let mut path = String::new();
    for (x, y) in points {
        // Writing to a string cannot fail.
        let _ = write!(path, "{x:.1},{y:.1} ");
    }
    format!("<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{path}\"/>")
}

fn label(x: f64, y: f64, text: &str) -> String {
    format!("<text x=\"{x:.0}\" y=\"{y:.0}\">{}</text>", escape(text))
}

/// Open errands every five minutes.
fn queue(tally: &Tally) -> String {
    let seconds = |at: At| span::between(At(0), at);
    let ends = tally.lives.iter().map(|life| seconds(life.delivered_at.unwrap_or(life.placed_at)));
    let (first, last) = (
        tally.lives.iter().map(|life| seconds(life.placed_at)).fold(f64::INFINITY, f64::min),
        ends.fold(0.0, f64::max),
    );
    let steps = num::floor((last - first).max(0.0) / 300.0).min(600);
    let counted: Vec<(f64, [f64; 3])> = (0..=steps)
        .map(|step| first + 300.0 * num::float(step))
        .map(|at| (at, COLOURS.map(|(urgency, _)| open_at(tally, urgency, at))))
        .collect();
    let most = counted.iter().flat_map(|(_, counts)| counts).fold(1.0, |most: f64, &count| most.max(count));
    let across = |at: f64| (at - first) / (last - first).max(1.0) * WIDE;
    let mut inside = label(4.0, 14.0, &format!("{most:.0}"));
    for (at, (_, colour)) in COLOURS.iter().enumerate() {
        let height =
            |counts: &[f64; 3]| HIGH - 20.0 - counts.get(at).copied().unwrap_or_default() / most * (HIGH - 40.0);
        inside += &line(counted.iter().map(|(when, counts)| (across(*when), height(counts))), colour);
    }
    for hour in 0..48 {
        let x = across(f64::from(hour) * 3600.0);
        if (0.0..WIDE).contains(&x) {
            inside += &label(x, HIGH - 4.0, &format!("{hour}:00"));
        }
    }
    drawing(HIGH, &inside)
}

fn open_at(tally: &Tally, urgency: Urgency, at: f64) -> f64 {
    let is_open = |life: &&Life| {
        life.urgency == urgency
            && span::between(At(0), life.placed_at) <= at
            && life.delivered_at.is_none_or(|done| span::between(At(0), done) > at)
    };
    num::float(tally.lives.iter().filter(is_open).count())
}

/// Cumulative curves up to four hours.
fn waits(tally: &Tally) -> String {
    let mut inside = String::new();
    for (urgency, colour) in COLOURS {
        let of: Vec<&Life> = tally.lives.iter().filter(|life| life.urgency == urgency).collect();
        let minutes = |life: &&Life| Some(span::between(life.placed_at, life.delivered_at?) / 60.0);
        let mut waits: Vec<f64> = of.iter().filter_map(minutes).collect();
        waits.sort_by(f64::total_cmp);
        let n = num::float(of.len()).max(1.0);
        let height = |rank: usize| HIGH - 20.0 - num::float(rank + 1) / n * (HIGH - 40.0);
        let curve = waits.iter().enumerate().map(|(rank, wait)| ((wait / 240.0 * WIDE).min(WIDE), height(rank)));
        inside += &line(std::iter::once((0.0, HIGH - 20.0)).chain(curve), colour);
    }
    for minutes in [30.0, 60.0, 120.0, 180.0] {
        inside += &label(minutes / 240.0 * WIDE, HIGH - 4.0, &format!("{minutes:.0} min"));
    }
    drawing(HIGH, &inside)
}

fn load(tally: &Tally) -> String {
    let rate = |work: &crate::simulate::tally::Work| num::float(work.delivered) / work.hours.max(1e-9);
    let mut rates: Vec<f64> = tally.work.iter().map(rate).collect();
    rates.sort_by(f64::total_cmp);
    let n = num::float(rates.len()).max(1.0);
    let most = rates.last().copied().unwrap_or(1.0).max(1e-9);
    let mean = rates.iter().sum::<f64>() / n;
    let (bar, scale) = (WIDE / n, (HIGH - 20.0) / most);
    let mut inside = String::new();
    for (rank, rate) in rates.iter().enumerate() {
        let (x, high) = (num::float(rank) * bar, rate * scale);
        let _ = write!(
            inside,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{high:.1}\" fill=\"#5c7cfa\"/>",
            HIGH - high,
            bar * 0.85
        );
    }
    let level = HIGH - mean * scale;
    inside += &line([(0.0, level), (WIDE, level)].into_iter(), "#222");
    inside += &label(4.0, level - 4.0, &format!("{mean:.1} an hour"));
    drawing(HIGH, &inside)
}

fn map(tally: &Tally) -> String {
    let points = || tally.halts.iter().map(|halt| halt.spot.at);
    let least = |of: fn(Point) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(Point) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (south, north) = (least(|point| point.lat), most(|point| point.lat));
    let (west, east) = (least(|point| point.lon), most(|point| point.lon));
    let scale = (WIDE - 20.0) / (east - west).max(1e-6);
    let squeeze = 1.0 / south.to_radians().cos().max(0.1);
    let place =
        |point: Point| ((point.lon - west).mul_add(scale, 10.0), (north - point.lat).mul_add(scale * squeeze, 10.0));
    let mut inside = String::new();
    for runner in 0..tally.work.len() {
        let hue = runner * 360 / tally.work.len().max(1);
        let way = tally.halts.iter().filter(|halt| halt.runner == runner).map(|halt| place(halt.spot.at));
        inside += &line(way, &format!("hsla({hue},70%,40%,0.25)"));
    }
    let high = if points().next().is_none() { HIGH } else { (north - south).mul_add(scale * squeeze, 20.0) };
    drawing(high, &inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{engine, policies::paotui::Paotui, scenario};

    #[test]
    fn the_page_stands_alone() {
        let day = scenario::sealed_day(1, 0.02, None);
        let page = page(&day.name, "paotui", &engine::live(&day, &mut Paotui, |_| {}));
        assert_eq!(page.matches("<svg").count(), 4);
        assert!(!page.contains("http"), "the page must load nothing");
        assert!(!page.contains("NaN"));
    }
}
