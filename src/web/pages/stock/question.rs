//! One question in words, for the desk and for the shop.

use crate::domain::clock::At;
use crate::domain::stock::Found;
use crate::store::views::stock::StockQuestion;
use crate::web::pages::shell::Shell;

/// The answers as buttons: word and what stands on it, the hoped-for one first.
pub(super) fn answers(shell: &Shell) -> Vec<(&'static str, String)> {
    Found::ALL.iter().map(|found| (found.as_str(), shell.t(&format!("answer-{found}")))).collect()
}

/// "缬沙坦胶囊 80mg": what is asked for.
#[derive(Debug)]
pub(super) struct Asking {
    /// As it goes back with the answer.
    pub item: String,
    pub strength: String,
    pub urgency: &'static str,
    pub urgency_word: String,
    /// How many wait, and until when.
    pub waiting: String,
    /// What was last told, too long ago to be relied on.
    pub last: Option<String>,
}

impl Asking {
    pub fn of(shell: &Shell, question: &StockQuestion, now: At) -> Self {
        let words = shell.words;
        let time = shell.when(question.deliver_by, now).text;
        let last = question.last.map(|last| {
            let (found, time) = (words.get(&format!("found-{}", last.found)), shell.when(last.at, now).text);
            words.with("stock-last", &[("found", found.into()), ("time", time.into())])
        });
        Self {
            item: question.item.clone(),
            strength: question.strength.clone().unwrap_or_default(),
            urgency: question.urgency.as_str(),
            urgency_word: words.get(&format!("urgency-{}", question.urgency)),
            waiting: words.with("stock-waiting", &[("n", question.errands.into()), ("time", time.into())]),
            last,
        }
    }
}
