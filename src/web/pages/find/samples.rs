//! Fresh, and not found.

use super::page::FindForm;
use crate::web::pages::form::Typed;
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

pub fn samples(words: Words) -> Vec<Sample> {
    let typed: Typed = [("code", "3k7 paqc"), ("last_four", "4521")].into_iter().collect();
    let page = |typed, not_found| FindForm { shell: &shell(words, "/find"), typed, not_found }.to_string();
    vec![sample(words, "find", page(&Typed::default(), false)), sample(words, "find-nothing", page(&typed, true))]
}
