//! "Are you still going?": to a runner whose claim has not moved. No door, name, telephone, medicine or note of the resident.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::domain::request::Category;
use crate::words::{Lang, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillGoingLetter {
    pub lang: Lang,
    /// The runner's own first name.
    pub runner: String,
    pub category: Category,
    /// Compound and block, without a door.
    pub block: String,
    pub lapses_in_minutes: i64,
    pub link: String,
}

#[derive(Template)]
#[template(path = "letters/still_going/text.txt")]
struct Text<'a> {
    letter: &'a StillGoingLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/still_going/html.html")]
struct Html<'a> {
    letter: &'a StillGoingLetter,
    words: Words,
}

impl StillGoingLetter {
    fn what(&self, words: Words) -> String {
        let category = words.get(&format!("category-{}", self.category));
        let block = self.block.as_str();
        words.with("still-going-letter-what", &[("block", block.into()), ("category", category.into())])
    }
}

impl Letter for StillGoingLetter {
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError> {
        let words = Words::of(self.lang);
        Ok(Envelope {
            message_id: message_id.to_owned(),
            to: to.to_owned(),
            subject: words.get("still-going-letter-subject"),
            text: Text { letter: self, words }.render()?,
            html: Html { letter: self, words }.render()?,
        })
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang) -> StillGoingLetter {
    StillGoingLetter {
        lang,
        runner: "晓峰".to_owned(),
        category: Category::Medicine,
        block: "民主村一期 · 7 号楼".to_owned(),
        lapses_in_minutes: 2,
        link: "https://paotui.example/run".to_owned(),
    }
}
