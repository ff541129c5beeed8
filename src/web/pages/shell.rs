//! What every page has around it: language, text size, the desk's telephone, who is signed in.

use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::text::digits_of;
use crate::store::views::notices::Posted;
use crate::words::{Lang, Words, time};

/// The three text sizes, kept in a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    #[default]
    Standard,
    Large,
    Largest,
}

impl Size {
    pub const ALL: &'static [Self] = &[Self::Standard, Self::Large, Self::Largest];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|size| size.as_str() == text)
    }
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub name: String,
    pub role: Role,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct Shell {
    pub words: Words,
    /// Of this page, without the query: the switches of language and size lead back to it.
    pub path: String,
    pub size: Size,
    /// The name of the service, when it has one of its own.
    pub name: Option<String>,
    /// The desk's telephone, as it is shown.
    pub phone: Option<String>,
    /// When it is answered.
    pub hours: Option<String>,
    pub signed_in: Option<SignedIn>,
    /// Ties the forms of this page to its visitor.
    pub form_token: String,
    /// IANA name of the readers' time zone.
    pub zone: String,
    /// What the zone tells its residents: set by [`super::notices::hang`].
    pub posted: Vec<Posted>,
    /// What stands beside the links of staff; nothing where nobody counted.
    pub counts: Counts,
}

/// How much waits behind a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub queue: Option<u64>,
    /// Something of the queue is late.
    pub is_late: bool,
    pub on_duty: Option<u64>,
    pub due: Option<u64>,
    pub care: Option<u64>,
}

impl Shell {
    #[must_use]
    pub fn new(words: Words, path: &str, form_token: &str) -> Self {
        Self {
            words,
            // "//elsewhere" would lead out of the house.
            path: format!("/{}", path.trim_start_matches(['/', '\\'])),
            size: Size::default(),
            name: None,
            phone: None,
            hours: None,
            signed_in: None,
            form_token: form_token.to_owned(),
            zone: time::HOME_ZONE.to_owned(),
            posted: Vec::new(),
            counts: Counts::default(),
        }
    }

    #[must_use]
    pub fn t(&self, id: &str) -> String {
        self.words.get(id)
    }

    /// The name on top of every page.
    #[must_use]
    pub fn service(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.t("service-name"))
    }

    #[must_use]
    pub const fn other_lang(&self) -> Lang {
        match self.words.lang() {
            Lang::ZhCn => Lang::En,
            Lang::En => Lang::ZhCn,
        }
    }

    /// The sizes to choose from: word, phrase, whether it is the present one.
    pub(super) fn sizes(&self) -> Vec<(&'static str, String, bool)> {
        let choice =
            |size: &Size| (size.as_str(), self.words.get(&format!("size-{}", size.as_str())), *size == self.size);
        Size::ALL.iter().map(choice).collect()
    }

    pub(super) fn role_name(&self, role: Role) -> String {
        self.words.get(&format!("role-{role}"))
    }

    /// What hangs: its language, title and text.
    pub(super) fn notices(&self) -> Vec<(&'static str, String, String)> {
        let notice = |posted: &Posted| {
            let english = posted.english().filter(|_| self.words.lang() == Lang::En);
            let (title, said) = english.unwrap_or((&posted.title, &posted.said));
            (if english.is_some() { Lang::En } else { Lang::ZhCn }.as_str(), title.to_owned(), said.to_owned())
        };
        self.posted.iter().map(notice).collect()
    }

    /// The desk's telephone as a number to dial.
    pub(super) fn dial(&self) -> String {
        self.phone.as_deref().map(digits_of).unwrap_or_default()
    }

    pub(super) fn when(&self, at: At, now: At) -> Stamp {
        Stamp { machine: time::machine_readable(at.0), text: self.words.when(at.0, now.0, &self.zone) }
    }
}

/// A time, for people and for machines.
#[derive(Debug, Clone, PartialEq, Eq, askama::Template)]
#[template(source = r#"<time datetime="{{ machine }}">{{ text }}</time>"#, ext = "html")]
pub struct Stamp {
    pub machine: String,
    pub text: String,
}

impl askama::filters::HtmlSafe for Stamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switches_never_lead_out_of_the_house() {
        let words = Words::of(Lang::En);
        for (asked, kept) in [
            ("/r/abc", "/r/abc"),
            ("//elsewhere.example/x", "/elsewhere.example/x"),
            ("/\\elsewhere", "/elsewhere"),
            ("", "/"),
        ] {
            assert_eq!(Shell::new(words, asked, "").path, kept);
        }
    }
}
