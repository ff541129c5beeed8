//! `/watch/shortages`: medicines that no shop had today, zone by zone, and a press that puts those who wait for one before
//! a person. Nothing of a resident is on it.

use askama::Template;

use crate::domain::clock::At;
use crate::flow::shortages::Short;
use crate::store::views::ground::Zone;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

#[derive(Debug, Template)]
#[template(path = "shortages/page.html")]
pub struct ShortagesPage<'a> {
    pub shell: &'a Shell,
    pub zones: &'a [(Zone, Vec<Short>)],
    /// The code of the one zone that was asked for.
    pub only: Option<&'a str>,
    pub now: At,
    pub notice: Option<Notice>,
}

/// One medicine, ready to show.
#[derive(Debug)]
struct Row {
    item: String,
    strength: String,
    /// "3 单在等，1 单有人去取"
    wanted: String,
    /// Somebody waits whom nobody has claimed.
    may_put: bool,
    said: Vec<(String, Stamp)>,
}

impl ShortagesPage<'_> {
    fn count(&self) -> String {
        let short: usize = self.zones.iter().map(|(_, short)| short.len()).sum();
        self.shell.words.say("short-count", "n", short)
    }

    fn rows(&self, short: &[Short]) -> Vec<Row> {
        short.iter().map(|short| self.row(short)).collect()
    }

    fn row(&self, short: &Short) -> Row {
        let (shortage, words) = (&short.shortage, self.shell.words);
        let wanted = [("waiting", shortage.waiting.into()), ("claimed", shortage.claimed.into())];
        Row {
            item: shortage.line.item.clone(),
            strength: shortage.line.strength.clone().unwrap_or_default(),
            wanted: words.with("short-wanted", &wanted),
            may_put: shortage.waiting > 0,
            said: short.said_none.iter().map(|said| (said.name.clone(), self.shell.when(said.at, self.now))).collect(),
        }
    }
}
