//! "A request needs somebody": to whoever sits on a rung of the ladder. Which block and how urgent, never who or what.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::words::{Lang, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmLetter {
    pub lang: Lang,
    /// A nudge to who could take it; else to who must see to it.
    pub to_runner: bool,
    pub urgency: Urgency,
    pub category: Category,
    pub code: String,
    /// The building's code.
    pub building: String,
    /// Until the promised time; below zero it is past.
    pub left_minutes: i64,
    pub link: String,
}

#[derive(Template)]
#[template(path = "letters/alarm/text.txt")]
struct Text<'a> {
    letter: &'a AlarmLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/alarm/html.html")]
struct Html<'a> {
    letter: &'a AlarmLetter,
    words: Words,
}

impl AlarmLetter {
    fn subject(&self, words: Words) -> String {
        words.say("alarm-letter-subject", "urgency", words.get(&format!("urgency-{}", self.urgency)))
    }

    fn what(&self, words: Words) -> String {
        let values = [
            ("urgency", words.get(&format!("urgency-{}", self.urgency)).into()),
            ("category", words.get(&format!("category-{}", self.category)).into()),
            ("building", self.building.as_str().into()),
            ("code", self.code.as_str().into()),
        ];
        words.with("alarm-letter-what", &values)
    }

    fn time(&self, words: Words) -> String {
        let id = if self.left_minutes < 0 { "alarm-letter-late" } else { "alarm-letter-left" };
        words.say(id, "n", self.left_minutes.abs())
    }

    fn next(&self, words: Words) -> String {
        words.get(if self.to_runner { "alarm-letter-runner" } else { "alarm-letter-next" })
    }
}

impl Letter for AlarmLetter {
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError> {
        let words = Words::of(self.lang);
        Ok(Envelope {
            message_id: message_id.to_owned(),
            to: to.to_owned(),
            subject: self.subject(words),
            text: Text { letter: self, words }.render()?,
            html: Html { letter: self, words }.render()?,
        })
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang, to_runner: bool) -> AlarmLetter {
    AlarmLetter {
        lang,
        to_runner,
        urgency: Urgency::Red,
        category: Category::Medicine,
        code: "3K7-PAQC".to_owned(),
        building: "MZC-07".to_owned(),
        left_minutes: if to_runner { 12 } else { -4 },
        link: "https://paotui.example/watch/alarms".to_owned(),
    }
}
