//! "A request near you": to a runner who is asked. No door, name, telephone, medicine or note of the resident.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::words::{Lang, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferLetter {
    pub lang: Lang,
    /// The runner's own first name.
    pub runner: String,
    pub category: Category,
    pub urgency: Urgency,
    /// Compound and block, without a door.
    pub block: String,
    pub lapses_in_minutes: i64,
    pub link: String,
}

#[derive(Template)]
#[template(path = "letters/offer/text.txt")]
struct Text<'a> {
    letter: &'a OfferLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/offer/html.html")]
struct Html<'a> {
    letter: &'a OfferLetter,
    words: Words,
}

impl OfferLetter {
    fn what(&self, words: Words) -> String {
        let category = words.get(&format!("category-{}", self.category));
        let urgency = words.get(&format!("urgency-{}", self.urgency));
        let block = self.block.as_str();
        words.with(
            "offer-letter-what",
            &[("block", block.into()), ("category", category.into()), ("urgency", urgency.into())],
        )
    }
}

impl Letter for OfferLetter {
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError> {
        let words = Words::of(self.lang);
        Ok(Envelope {
            message_id: message_id.to_owned(),
            to: to.to_owned(),
            subject: words.get("offer-letter-subject"),
            text: Text { letter: self, words }.render()?,
            html: Html { letter: self, words }.render()?,
        })
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang) -> OfferLetter {
    OfferLetter {
        lang,
        runner: "晓峰".to_owned(),
        category: Category::Medicine,
        urgency: Urgency::Red,
        block: "民主村一期 · 7 号楼".to_owned(),
        lapses_in_minutes: 1,
        link: "https://paotui.example/run".to_owned(),
    }
}
