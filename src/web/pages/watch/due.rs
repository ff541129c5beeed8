//! The box of follow-ups: how many are due, and those to call first.

use askama::Template;

use crate::domain::clock::At;
use crate::store::views::follow_ups::Check;
use crate::web::pages::shell::{Shell, Stamp};

#[derive(Debug, Template)]
#[template(path = "watch/due.html")]
pub struct DueBox<'a> {
    pub shell: &'a Shell,
    /// Due now, and all that are open.
    pub counted: (u64, u64),
    /// Those to call first.
    pub first: &'a [Check],
    pub now: At,
}

impl askama::filters::HtmlSafe for DueBox<'_> {}

impl DueBox<'_> {
    fn help(&self) -> String {
        let (due, all) = self.counted;
        self.shell.words.with("overview-due-help", &[("due", due.into()), ("all", all.into())])
    }

    fn kind(&self, check: &Check) -> String {
        self.shell.t(&format!("follow-kind-{}", check.kind))
    }

    fn at(&self, check: &Check) -> Stamp {
        self.shell.when(check.due_at, self.now)
    }
}
