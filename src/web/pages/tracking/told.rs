//! What happened, and what the runner asks, in words. A thing asked for goes by its place in the list: whoever holds the
//! link learns of no medicine.

use crate::domain::clock::At;
use crate::domain::question::{Choice, THE_SHOP};
use crate::store::views::tracking::{Asked, Moment, Tracking};
use crate::web::pages::shell::{Shell, Stamp};

/// A question from the counter with its buttons.
#[derive(Debug)]
pub(super) struct Question {
    pub id: String,
    pub title: String,
    pub told: String,
    pub choices: Vec<(&'static str, String)>,
}

fn thing(shell: &Shell, (position, alone): (i32, bool)) -> String {
    if alone { shell.t("question-thing") } else { shell.words.say("question-thing-n", "n", position) }
}

/// The question in words.
fn put(shell: &Shell, asked: &Asked) -> String {
    if asked.position == THE_SHOP {
        return shell.t("question-shop");
    }
    shell.words.say(&format!("question-{}", asked.about), "thing", thing(shell, (asked.position, asked.alone)))
}

/// The answer in words: about the shop, the one that says yes lets the runner go to another.
pub(in crate::web::pages) fn chosen(shell: &Shell, position: i32, choice: Choice) -> String {
    let about_the_shop = position == THE_SHOP && choice == Choice::Swap;
    shell.t(&if about_the_shop { "choice-shop".to_owned() } else { format!("choice-{choice}") })
}

impl Question {
    pub fn of(shell: &Shell, asked: &Asked) -> Self {
        let words = shell.words;
        let mut told = put(shell, asked);
        if let Some(offer) = &asked.offer {
            told.push_str(&words.say("question-offer", "offer", offer.as_str()));
        }
        let choice = |choice: &Choice| (choice.as_str(), chosen(shell, asked.position, *choice));
        let choices = Choice::ALL.iter().map(choice).collect();
        Self { id: asked.id.to_string(), title: shell.t("question-title"), told, choices }
    }
}

/// One line of what happened.
#[derive(Debug)]
pub(super) struct Told {
    pub at: Stamp,
    pub said: String,
}

impl Told {
    /// Newest first: the steps, and between them what was asked and answered.
    pub fn all(shell: &Shell, tracking: &Tracking, now: At) -> Vec<Self> {
        let mut lines: Vec<(At, String)> = Vec::new();
        lines.extend(tracking.timeline.iter().map(|moment| (moment.at, said(shell, moment))));
        for asked in &tracking.questions {
            let words = shell.words;
            lines.push((asked.asked_at, put(shell, asked)));
            if let Some((choice, at)) = asked.answer {
                let by = asked.answered_by.map(|role| shell.t(&format!("actor-{role}"))).unwrap_or_default();
                let choice = chosen(shell, asked.position, choice);
                lines.push((at, words.with("question-answered", &[("by", by.into()), ("choice", choice.into())])));
            }
        }
        for differs in &tracking.differing {
            let thing = thing(shell, (differs.position, differs.alone));
            lines.push((differs.at, shell.words.say(&format!("got-{}", differs.got), "thing", thing)));
        }
        // Of the same moment, what was written later happened later.
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().rev().map(|(at, said)| Self { at: shell.when(at, now), said }).collect()
    }
}

fn said(shell: &Shell, moment: &Moment) -> String {
    let words = shell.words;
    let known = moment
        .note
        .as_deref()
        .and_then(|word| words.find(&format!("event-{word}")).or_else(|| words.find(&format!("care-reason-{word}"))));
    known.unwrap_or_else(|| shell.t(&format!("state-{}", moment.state)))
}
