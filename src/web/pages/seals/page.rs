//! `/watch/seals`: which buildings are sealed, one to seal or open, and the official list to paste.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::seal::Seal;
use crate::store::views::seals::{Block, Overview};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

#[derive(Debug, Template)]
#[template(path = "seals/page.html")]
pub struct SealsPage<'a> {
    pub shell: &'a Shell,
    pub overview: &'a Overview,
    /// Set when it is another zone than the reader's own.
    pub elsewhere: Option<&'a str>,
    /// What was typed, when it was refused.
    pub typed: &'a Typed,
    pub wrong: &'a [FieldError],
    pub now: At,
    pub notice: Option<Notice>,
}

/// A building that is not simply open.
#[derive(Debug)]
struct Row {
    name: String,
    class: &'static str,
    seal: String,
    about: Vec<String>,
}

/// The compounds with their buildings, to choose from.
type Groups<'a> = Vec<(&'a str, Vec<(String, String)>)>;

impl SealsPage<'_> {
    fn rows(&self) -> Vec<Row> {
        let special = |block: &&Block| block.seal != Seal::Open || block.planned.is_some();
        self.overview.blocks.iter().filter(special).map(|block| self.row(block)).collect()
    }

    fn row(&self, block: &Block) -> Row {
        let mut about: Vec<String> = Vec::new();
        about.extend(block.until.map(|until| self.at("seals-until", until)));
        about.extend(block.source.clone());
        if let Some(planned) = block.planned {
            let word = self.shell.t(&format!("seal-{}", planned.seal));
            about.push(format!("{} · {word}", self.at("seals-from", planned.from)));
            about.extend(planned.until.map(|until| self.at("seals-until", until)));
        }
        Row {
            name: format!("{} {}", block.compound, block.name),
            class: class_of(block.seal),
            seal: self.shell.t(&format!("seal-{}", block.seal)),
            about,
        }
    }

    fn at(&self, id: &str, at: At) -> String {
        self.shell.words.say(id, "time", self.shell.when(at, self.now).text)
    }

    fn count(&self) -> String {
        let sealed = self.overview.blocks.iter().filter(|block| block.seal != Seal::Open).count();
        let of = self.overview.blocks.len();
        self.shell.words.with("seals-count", &[("n", sealed.into()), ("of", of.into())])
    }

    fn groups(&self) -> Groups<'_> {
        let mut groups: Groups<'_> = Vec::new();
        for block in &self.overview.blocks {
            let option = (block.code.clone(), format!("{} {}", block.compound, block.name));
            match groups.last_mut().filter(|(compound, _)| *compound == block.compound) {
                Some((_, blocks)) => blocks.push(option),
                None => groups.push((&block.compound, vec![option])),
            }
        }
        groups
    }

    /// The seals to choose from, and whether this one was chosen.
    fn choices(&self) -> Vec<(&'static str, String, bool)> {
        choices(self.shell, self.typed.first("seal"))
    }

    fn wrongs(&self) -> Vec<String> {
        self.wrong.iter().map(|wrong| wrong.text(self.shell.words)).collect()
    }
}

pub(super) fn choices(shell: &Shell, chosen: &str) -> Vec<(&'static str, String, bool)> {
    let chosen = if chosen.is_empty() { Seal::Sealed.as_str() } else { chosen };
    let order = [Seal::Sealed, Seal::StairsOnly, Seal::Open];
    order.iter().map(|seal| (seal.as_str(), shell.t(&format!("seal-{seal}")), seal.as_str() == chosen)).collect()
}

pub(super) const fn class_of(seal: Seal) -> &'static str {
    match seal {
        Seal::Open => "tag-green",
        Seal::StairsOnly => "tag-yellow",
        Seal::Sealed => "tag-red",
    }
}
