//! "You are let in": the link by which a runner signs in once. Its subject says nothing of it.

use askama::Template;

use super::{Envelope, Letter, MailError};
use crate::words::{Lang, Words};

#[derive(Clone, PartialEq, Eq)]
pub struct SignInLetter {
    pub lang: Lang,
    /// The runner's own name.
    pub runner: String,
    /// To sign in with later, when he has chosen a password.
    pub username: String,
    pub link: String,
}

// The link opens the account: it never reaches a log by way of {:?}.
impl std::fmt::Debug for SignInLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignInLetter(…)")
    }
}

#[derive(Template)]
#[template(path = "letters/sign_in/text.txt")]
struct Text<'a> {
    letter: &'a SignInLetter,
    words: Words,
}

#[derive(Template)]
#[template(path = "letters/sign_in/html.html")]
struct Html<'a> {
    letter: &'a SignInLetter,
    words: Words,
}

impl Letter for SignInLetter {
    fn envelope(&self, message_id: &str, to: &str) -> Result<Envelope, MailError> {
        let words = Words::of(self.lang);
        Ok(Envelope {
            message_id: message_id.to_owned(),
            to: to.to_owned(),
            subject: words.get("sign-in-letter-subject"),
            text: Text { letter: self, words }.render()?,
            html: Html { letter: self, words }.render()?,
        })
    }
}

#[cfg(test)]
pub(super) fn sample(lang: Lang) -> SignInLetter {
    SignInLetter {
        lang,
        runner: "晓峰".to_owned(),
        username: "r091".to_owned(),
        link: "https://paotui.example/sign-in/0123456789abcdef".to_owned(),
    }
}
