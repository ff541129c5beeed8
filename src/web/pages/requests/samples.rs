//! The form fresh, on a known building, and refused.

use super::page::{BuildingChoice, RequestForm, Where};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

fn building(code: &str, compound: &str, name: &str) -> BuildingChoice {
    BuildingChoice { code: code.to_owned(), compound: compound.to_owned(), name: name.to_owned() }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let list = [
        building("MZC-01", "民主村一期", "1 号楼"),
        building("MZC-07", "民主村一期", "7 号楼"),
        building("HGC-03", "华润二十四城", "3 栋"),
    ];
    let fresh = Typed::default();
    let typed: Typed = [
        ("category", "medicine"),
        ("item_name", ""),
        ("item_strength", "80mg"),
        ("item_quantity", "两盒"),
        ("item_unit", "盒"),
        ("item_substitution", "ask_me"),
        ("item_name", "奥美拉唑<肠溶>"),
        ("item_quantity", ""),
        ("doses_left", "7"),
        ("care", "elderly_alone"),
        ("care", "no_lift"),
        ("asking_for", "family"),
        ("patient_name", "王奶奶"),
        ("phone", "abc"),
        ("room", "2-501"),
        ("note", "敲门三下\n耳朵不好"),
        ("building", "HGC-03"),
        ("hand_over", "person"),
    ]
    .into_iter()
    .collect();
    let errors = [
        FieldError::new("items[0].name", "required"),
        FieldError::new("items[0].quantity", "not_a_number"),
        FieldError::new("items[1].quantity", "required"),
        FieldError::new("name", "required"),
        FieldError::new("phone", "not_a_phone"),
        FieldError::new("next_dose", "not_a_word"),
    ];
    let none: [FieldError; 0] = [];
    let [_, known, _] = &list;
    let form = |path: &str, building, typed, errors| {
        RequestForm { shell: &shell(words, path), building, typed, errors, idempotency_key: "k-1" }.to_string()
    };
    vec![
        sample(words, "requests-known", form("/b/MZC-07", Where::Known(known), &fresh, &none)),
        sample(words, "requests-choose", form("/", Where::Choose(&list), &fresh, &none)),
        sample(words, "requests-old-code", form("/b/OLD", Where::UnknownCode(&list), &fresh, &none)),
        sample(words, "requests-wrong", form("/", Where::Choose(&list), &typed, &errors)),
    ]
}
