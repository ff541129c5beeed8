//! "It has been delivered": to a resident who left an address. It names the code, never what was brought.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::words::{Lang, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredLetter {
    pub lang: Lang,
    pub code: String,
    /// The tracking link, where it can be confirmed.
    pub link: String,
    /// The holder of the link may say whether it came; one who joined with another telephone may not.
    pub asks: bool,
}

#[derive(Template)]
#[template(path = "letters/delivered/text.txt")]
struct Text<'a> {
    letter: &'a DeliveredLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/delivered/html.html")]
struct Html<'a> {
    letter: &'a DeliveredLetter,
    words: Words,
}

impl DeliveredLetter {
    fn say(&self, words: Words, id: &str) -> String {
        words.say(id, "code", self.code.as_str())
    }
}

impl Letter for DeliveredLetter {
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError> {
        let words = Words::of(self.lang);
        Ok(Envelope {
            message_id: message_id.to_owned(),
            to: to.to_owned(),
            subject: self.say(words, "delivered-letter-subject"),
            text: Text { letter: self, words }.render()?,
            html: Html { letter: self, words }.render()?,
        })
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang) -> DeliveredLetter {
    DeliveredLetter {
        lang,
        code: "3K7-PAQC".to_owned(),
        link: "https://paotui.example/r/0123456789abcdefghjkmnpqrs".to_owned(),
        asks: true,
    }
}
