//! The simulator keeps to the contract: formats, times, determinism.

#![allow(clippy::expect_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::PathBuf;

use paotui::simulate::policies::{Policy, board::Board, fifo::Fifo, nearest::Nearest, paotui::Paotui};
use paotui::simulate::tally::Tally;
use paotui::simulate::trace::Trace;
use paotui::simulate::world::Day;
use paotui::simulate::{engine, report_json, scenario};

const HEAD: &str =
    "name = \"small\"\nroad_factor = 1.0\naccept_s = 20\nextra_bag_s = 45\nextra_drop_s = 15\nother = true\n";
const REQUESTS: &str = "request,placed_s,urgency,category,shop_lat,shop_lon,door_lat,door_lon,ready_s,deadline_s,shop_s,trip_s,door_s,bags\n\
    a,1000,green,food,29.501,106.5,29.503,106.5,1000,,210,,60,1\n\
    b,1000,green,food,29.501,106.5,29.503,106.5,1000,,150,,60,1\n";
const RUNNERS: &str = "runner,on_s,off_s,lat,lon,speed_mps,capacity_bags\n1,900,9000,29.5,106.5,1.0,6\n";

fn folder(name: &str, requests: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder for the trace");
    for (file, text) in [("trace.toml", HEAD), ("requests.csv", requests), ("runners.csv", RUNNERS)] {
        fs::write(folder.join(file), text).expect("a file of the trace");
    }
    folder
}

fn live(name: &str, policy: &mut dyn Policy) -> Tally {
    let trace = Trace::read(&folder(name, REQUESTS)).expect("a good trace");
    engine::live(&Day::from_trace(&trace, None, Some(0.0)), policy, |_| {})
}

fn seconds(at: Option<paotui::domain::clock::At>) -> f64 {
    at.map_or(f64::NAN, |at| paotui::domain::span::between(paotui::domain::clock::At(0), at))
}

#[test]
fn a_bad_field_is_named_by_file_line_and_column() {
    let bad = REQUESTS.replace("b,1000,green", "b,1000,purple");
    let why = Trace::read(&folder("bad", &bad)).expect_err("purple is no urgency").to_string();
    assert!(why.ends_with("requests.csv: line 3: column urgency: \"purple\" is not red, yellow or green"), "{why}");
}

#[test]
fn a_missing_column_is_named() {
    let bad = REQUESTS.replace(",bags\n", "\n").replace(",60,1\n", ",60\n");
    let why = Trace::read(&folder("missing", &bad)).expect_err("bags are missing").to_string();
    assert!(why.contains("column bags is missing"), "{why}");
}

#[test]
fn two_errands_of_one_counter_and_one_door_go_together() {
    let tally = live("together", &mut Paotui);
    // 111.19 m to the shop, the longer 210 s and 45 s more, 222.39 m to the door, 60 s and 15 s more.
    for life in &tally.lives {
        assert!((seconds(life.claimed_at) - 1020.0).abs() < 0.01);
        assert!((seconds(life.at_shop) - 1131.19).abs() < 0.1);
        assert!((seconds(life.delivered_at) - (1131.19 + 255.0 + 222.39 + 75.0)).abs() < 0.1);
    }
}

#[test]
fn fifo_brings_one_at_a_time() {
    let tally = live("alone", &mut Fifo);
    let first = tally.lives.first().expect("two lives");
    let second = tally.lives.get(1).expect("two lives");
    assert!((seconds(first.delivered_at) - (1131.19 + 210.0 + 222.39 + 60.0)).abs() < 0.1);
    assert!((seconds(second.claimed_at) - seconds(first.delivered_at) - 20.0).abs() < 0.01);
}

#[test]
fn the_same_seed_lives_the_same_day() {
    let told = |seed| {
        let day = scenario::sealed_day(seed, 0.1, None);
        let mut report = report_json::report("day", "paotui", &[&engine::live(&day, &mut Paotui, |_| {})]);
        for clock in ["decision_us", "wall_s"] {
            report.as_object_mut().expect("an object").remove(clock);
        }
        report.to_string()
    };
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}

#[test]
fn no_policy_assigns_an_errand_twice() {
    let policies: [Box<dyn Policy>; 4] = [Box::new(Fifo), Box::new(Nearest), Box::new(Board), Box::new(Paotui)];
    let day = scenario::sealed_day(3, 0.2, None);
    for mut policy in policies {
        let tally = engine::live(&day, policy.as_mut(), |_| {});
        assert!(tally.lives.iter().all(|life| life.claims <= 1));
        let delivered = tally.lives.iter().filter(|life| life.delivered_at.is_some()).count();
        assert_eq!(tally.work.iter().map(|work| work.delivered).sum::<usize>(), delivered);
    }
}
