//! The official list read, before anything changes: what each line would do, and which lines a person must look at.

use askama::Template;

use super::page::{choices, class_of};
use crate::domain::ids::BuildingId;
use crate::domain::seal::list::Verdict;
use crate::store::views::seals::{Block, Overview};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::shell::Shell;

#[derive(Debug, Template)]
#[template(path = "seals/preview.html")]
pub struct PreviewPage<'a> {
    pub shell: &'a Shell,
    pub overview: &'a Overview,
    pub elsewhere: Option<&'a str>,
    pub lines: &'a [(&'a str, Verdict)],
    pub typed: &'a Typed,
    pub wrong: &'a [FieldError],
}

/// A building a line names.
#[derive(Debug)]
struct Named {
    code: String,
    name: String,
    class: &'static str,
    seal: String,
    /// Ticked: a sure line, or ticked before.
    chosen: bool,
}

/// A line with its buildings, ready to show.
#[derive(Debug)]
struct Shown<'a> {
    line: &'a str,
    why: Option<String>,
    named: Vec<Named>,
}

impl PreviewPage<'_> {
    fn sure(&self) -> Vec<Shown<'_>> {
        let mut seen = std::collections::BTreeSet::new();
        let sure = self.lines.iter().filter_map(|(line, verdict)| match verdict {
            Verdict::Buildings(ids) => {
                // A building that two lines name is ticked in the first.
                let fresh: Vec<BuildingId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
                Some(Shown { line, why: None, named: self.named(&fresh, self.typed.is_blank()) })
            }
            Verdict::Person { .. } => None,
        });
        sure.collect()
    }

    fn unsure(&self) -> Vec<Shown<'_>> {
        let unsure = self.lines.iter().filter_map(|(line, verdict)| match verdict {
            Verdict::Person { why, maybe } => {
                let why = Some(self.shell.t(&format!("seal-why-{why}")));
                Some(Shown { line, why, named: self.named(maybe, false) })
            }
            Verdict::Buildings(_) => None,
        });
        unsure.collect()
    }

    fn named(&self, ids: &[BuildingId], ticked: bool) -> Vec<Named> {
        let blocks = ids.iter().filter_map(|id| self.overview.blocks.iter().find(|block| block.id == *id));
        blocks.map(|block| self.block(block, ticked)).collect()
    }

    fn block(&self, block: &Block, ticked: bool) -> Named {
        Named {
            code: block.code.clone(),
            name: format!("{} {}", block.compound, block.name),
            class: class_of(block.seal),
            seal: self.shell.t(&format!("seal-{}", block.seal)),
            chosen: ticked || self.typed.has("building", &block.code),
        }
    }

    fn count(&self) -> String {
        let (sure, unsure) = (self.sure(), self.unsure().len());
        let buildings: usize = sure.iter().map(|shown| shown.named.len()).sum();
        let values = [("lines", sure.len().into()), ("n", buildings.into()), ("unsure", unsure.into())];
        self.shell.words.with("seals-preview-count", &values)
    }

    fn list(&self) -> String {
        self.lines.iter().map(|(line, _)| *line).collect::<Vec<_>>().join("\n")
    }

    fn choices(&self) -> Vec<(&'static str, String, bool)> {
        choices(self.shell, self.typed.first("seal"))
    }

    fn wrongs(&self) -> Vec<String> {
        self.wrong.iter().map(|wrong| wrong.text(self.shell.words)).collect()
    }
}
