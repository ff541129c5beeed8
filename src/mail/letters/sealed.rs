//! "Your building is sealed", and "it is open again": to a runner who lives there. The block is the reader's own home.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::words::{Lang, Words};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLetter {
    pub lang: Lang,
    /// The runner's own name.
    pub runner: String,
    /// `false`: it is open again.
    pub sealed: bool,
    pub link: String,
}

#[derive(Template)]
#[template(path = "letters/sealed/text.txt")]
struct Text<'a> {
    letter: &'a SealedLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/sealed/html.html")]
struct Html<'a> {
    letter: &'a SealedLetter,
    words: Words,
}

impl SealedLetter {
    fn subject(&self, words: Words) -> String {
        words.get(if self.sealed { "sealed-letter-subject" } else { "unsealed-letter-subject" })
    }

    fn what(&self, words: Words) -> String {
        words.get(if self.sealed { "sealed-letter-what" } else { "unsealed-letter-what" })
    }

    fn next(&self, words: Words) -> String {
        words.get(if self.sealed { "sealed-letter-next" } else { "unsealed-letter-next" })
    }
}

impl Letter for SealedLetter {
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
pub(super) fn sample(lang: Lang, sealed: bool) -> SealedLetter {
    SealedLetter { lang, runner: "晓峰".to_owned(), sealed, link: "https://paotui.example/run".to_owned() }
}
