//! The border guard: who in `src/` may use whom, which third-party crate belongs to whom, how long a file may be.
//!
//! `scan` reads a source as tokens and tells every path it names, imports resolved; `rules` holds the table of
//! ARCHITECTURE.md. Both have tests of their own with violations planted in small samples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "in a test, stopping on the spot is the right answer to a surprise"
)]

#[path = "architecture/files.rs"]
mod files;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/scan.rs"]
mod scan;

use std::path::Path;

/// A file this long should be looked at; one of [`TOO_LONG`] lines does not pass.
const LONG: usize = 250;
const TOO_LONG: usize = 400;

#[test]
fn every_module_uses_only_what_the_table_allows() {
    let mut breaches = Vec::new();
    for file in files::production() {
        breaches.extend(rules::breaches(&file.path, &file.text));
    }
    assert!(breaches.is_empty(), "ARCHITECTURE.md, \"Who may use whom\":\n{}", breaches.join("\n"));
}

#[test]
fn every_room_of_the_source_is_in_the_table() {
    let strangers: Vec<String> = files::sources()
        .iter()
        .map(|file| scan::module_of(&file.path).first().cloned().unwrap_or_default())
        .filter(|room| !room.is_empty() && !rules::is_room(room))
        .collect();
    assert!(strangers.is_empty(), "rooms without a line in the table of tests/architecture/rules.rs: {strangers:?}");
}

#[test]
fn no_file_outgrows_its_budget() {
    let mut too_long = Vec::new();
    for file in files::production() {
        let lines = files::production_lines(&file.text);
        if lines > TOO_LONG {
            too_long.push(format!("{}: {lines} lines", file.path));
        } else if lines > LONG {
            println!("{}: {lines} lines, more than {LONG}: look for a seam", file.path);
        }
    }
    assert!(too_long.is_empty(), "files over {TOO_LONG} production lines:\n{}", too_long.join("\n"));
}

#[test]
fn nothing_unfinished_is_left_in_the_source() {
    let mut found = Vec::new();
    for file in files::production() {
        found.extend(files::unfinished(&file.text).into_iter().map(|line| format!("{}:{line}", file.path)));
    }
    assert!(found.is_empty(), "marks of unfinished work:\n{}", found.join("\n"));
}

#[test]
fn the_style_sheets_run_on_old_telephones() {
    let mut found = Vec::new();
    for file in files::style_sheets() {
        found.extend(files::too_new(&file.text).into_iter().map(|word| format!("{}: {word}", file.path)));
    }
    assert!(found.is_empty(), "CSS that browsers of 2019 do not know:\n{}", found.join("\n"));
}

#[test]
fn the_source_is_found_where_it_is_looked_for() {
    assert!(Path::new("src/lib.rs").exists());
    assert!(files::sources().iter().any(|file| file.path == "src/domain/errand.rs"));
}
