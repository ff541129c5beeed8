//! The locale files themselves: readable, complete, alike.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Each id of a language with the variables its phrase takes.
fn phrases(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut phrases = BTreeMap::new();
    for (file, text) in files(lang) {
        let resource = FluentResource::try_new((*text).to_owned());
        assert!(resource.is_ok(), "{} {file}: {:?}", lang.as_str(), resource.err().map(|(_, errors)| errors));
        let mut current = String::new();
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                line.split(" =").next().unwrap_or_default().clone_into(&mut current);
                assert!(phrases.insert(current.clone(), BTreeSet::new()).is_none(), "{file}: {current} twice");
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                phrases.entry(current.clone()).or_default().insert(name);
            }
        }
    }
    phrases
}

pub(crate) fn ids(lang: Lang) -> BTreeSet<String> {
    phrases(lang).into_keys().collect()
}

#[test]
fn every_language_has_the_same_phrases_with_the_same_variables() {
    let (zh, en) = (phrases(Lang::ZhCn), phrases(Lang::En));
    assert_eq!(zh, en);
    assert!(zh.len() > 200);
}

#[test]
fn values_are_put_in_without_invisible_marks() {
    for lang in Lang::ALL {
        let said = Words::of(*lang).say("milestone-found", "name", "陈师傅");
        assert!(said.contains("陈师傅") && said.chars().all(|c| !('\u{2066}'..='\u{2069}').contains(&c)), "{said}");
    }
}

#[test]
fn a_missing_phrase_is_its_id_in_brackets() {
    assert_eq!(Words::of(Lang::En).get("no-such-phrase"), "[no-such-phrase]");
    assert_eq!(Words::of(Lang::En).find("no-such-phrase"), None);
}

#[test]
fn one_and_many_are_told_apart_in_english() {
    let words = Words::of(Lang::En);
    assert_eq!(words.say("run-bags", "n", 1), "1 bag");
    assert_eq!(words.say("run-bags", "n", 3), "3 bags");
}

#[test]
fn chinese_uses_its_own_punctuation() {
    let mut wrong = Vec::new();
    for (file, text) in files(Lang::ZhCn) {
        let cjk = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        for line in text.lines().filter_map(|line| line.split_once(" = ")) {
            let letters: Vec<char> = line.1.chars().collect();
            if letters.windows(2).any(|pair| cjk(pair[0]) && ",.?!:;()".contains(pair[1])) {
                wrong.push(format!("{file}: {}", line.0));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
