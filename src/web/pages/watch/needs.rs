//! The box "what would help": a sentence a need, with its time. Nothing to show is nothing on the page.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::help::Help;
use crate::web::pages::shell::Shell;

#[derive(Debug, Template)]
#[template(path = "watch/needs.html")]
pub struct NeedsBox<'a> {
    pub shell: &'a Shell,
    pub needs: &'a [Help],
    pub now: At,
}

impl askama::filters::HtmlSafe for NeedsBox<'_> {}

impl NeedsBox<'_> {
    /// "再来 2 位志愿者，19:00 之前"
    fn told(&self, help: &Help) -> String {
        let words = self.shell.words;
        let time = words.when(help.before.0, self.now.0, &self.shell.zone);
        let people = help.people.into();
        let told = words.with(&format!("need-{}", help.need), &[("n", people), ("errands", help.errands.into())]);
        if help.before <= self.now {
            told
        } else {
            words.with("need-before", &[("need", told.into()), ("time", time.into())])
        }
    }

    fn frees(&self, help: &Help) -> String {
        self.shell.words.say("need-frees", "n", help.errands)
    }
}
