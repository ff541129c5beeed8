//! The form's pages: the start on a known building and on none, each step fresh, the steps refused, the check.

use super::ask::{Ask, BuildingChoice, Where};
use super::check::CheckPage;
use super::start::StartPage;
use super::step::Step;
use super::what::WhatPage;
use super::whither::WherePage;
use crate::domain::clock::At;
use crate::domain::urgency::Urgency;
use crate::store::views::load::Load;
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

fn building(code: &str, compound: &str, name: &str) -> BuildingChoice {
    BuildingChoice { code: code.to_owned(), compound: compound.to_owned(), name: name.to_owned() }
}

fn typed() -> Typed {
    let rows = [
        ["", "80mg", "两盒", "盒", "ask_me", ""],
        ["奥美拉唑<肠溶>", "", "", "", "exact", ""],
        ["", "", "1", "盒", "same_drug", "token"],
    ];
    let columns = ["item_name", "item_strength", "item_quantity", "item_unit", "item_substitution", "item_photo"];
    let cells = rows.into_iter().flat_map(|row| columns.into_iter().zip(row));
    let others = [
        ("category", "medicine"),
        ("doses_left", "7"),
        ("doses_per_day", "2"),
        ("next_dose", "today_evening"),
        ("care", "elderly_alone"),
        ("care", "no_lift"),
        ("asking_for", "family"),
        ("patient_name", "王奶奶"),
        ("phone", "abc"),
        ("room", "2-501"),
        ("note", "敲门三下\n耳朵不好"),
        ("building", "HGC-03"),
        ("hand_over", "person"),
    ];
    cells.chain(others).collect()
}

pub fn samples(words: Words) -> Vec<Sample> {
    let list = [
        building("MZC-01", "民主村一期", "1 号楼"),
        building("MZC-07", "民主村一期", "7 号楼"),
        building("HGC-03", "华润二十四城", "3 栋"),
    ];
    let [_, known, _] = &list;
    let (known, choose, unknown) = (Where::Known(known), Where::Choose(&list), Where::UnknownCode(&list));
    let (fresh, food, full): (Typed, Typed, Typed) =
        ([("category", "medicine")].into_iter().collect(), [("category", "food")].into_iter().collect(), typed());
    let wrong_what = [
        FieldError::new("items[0].name", "required"),
        FieldError::new("items[0].quantity", "not_a_number"),
        FieldError::new("items[1].quantity", "required"),
        FieldError::new("items[1].photo", "not_a_picture"),
        FieldError::new("medicine_left.next_dose_at", "not_a_time"),
    ];
    let wrong_where = [FieldError::new("name", "required"), FieldError::new("phone", "not_a_phone")];
    let calm = Load {
        at: At::from_seconds(1_800_000_000),
        half: vec![(Urgency::Red, 12, Some(3120))],
        waiting: 31,
        paused: None,
    };
    let shut = Load { paused: Some("今天单子太多，买菜的请明天再来。".to_owned()), ..calm.clone() };
    let ask = |step, building, typed, errors| Ask { step, words, building, typed, errors, key: "k-1" };
    let start =
        |path: &str, building| StartPage { shell: &shell(words, path), building, load: Some(&calm) }.to_string();
    let what = |path: &str, building, typed, errors| {
        WhatPage { shell: &shell(words, path), ask: ask(Step::What, building, typed, errors) }.to_string()
    };
    let whither = |path: &str, building, typed, errors| {
        WherePage { shell: &shell(words, path), ask: ask(Step::Where, building, typed, errors) }.to_string()
    };
    let check = |earlier, (load, paused)| {
        let ask = ask(Step::Check, choose, &full, &[]);
        CheckPage { shell: &shell(words, "/"), ask, buildings: &list, earlier, load: Some(load), paused }.to_string()
    };
    vec![
        sample(words, "requests-start-known", start("/b/MZC-07", known)),
        sample(words, "requests-start-old-code", start("/b/OLD", unknown)),
        sample(words, "requests-what", what("/b/MZC-07", known, &fresh, &[])),
        sample(words, "requests-what-food", what("/", choose, &food, &[])),
        sample(words, "requests-what-wrong", what("/", choose, &full, &wrong_what)),
        sample(words, "requests-where", whither("/b/MZC-07", known, &fresh, &[])),
        sample(words, "requests-where-choose", whither("/b/OLD", unknown, &fresh, &[])),
        sample(words, "requests-where-wrong", whither("/", choose, &full, &wrong_where)),
        sample(words, "requests-check", check(None, (&calm, false))),
        sample(words, "requests-check-paused", check(None, (&shut, true))),
        sample(words, "requests-check-earlier", check(Some("/r/token"), (&shut, false))),
    ]
}
