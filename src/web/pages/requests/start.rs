//! `/` and `/b/{code}`: what kind of thing is needed.

use askama::Template;

use super::ask::Where;
use crate::domain::request::Category;
use crate::store::views::load::Load;
use crate::web::pages::busy;
use crate::web::pages::shell::Shell;

/// The first page: a few large doors.
#[derive(Debug, Template)]
#[template(path = "requests/start.html")]
pub struct StartPage<'a> {
    pub shell: &'a Shell,
    pub building: Where<'a>,
    pub load: Option<&'a Load>,
}

/// One of the doors.
struct Door {
    value: &'static str,
    label: String,
    hint: Option<String>,
}

impl StartPage<'_> {
    fn busy(&self) -> Vec<String> {
        self.load.map(|load| busy::told(self.shell, load)).unwrap_or_default()
    }

    fn doors(&self) -> Vec<Door> {
        let door = |category: &Category| Door {
            value: category.as_str(),
            label: self.shell.t(&format!("category-{category}")),
            hint: self.shell.words.find(&format!("category-{category}-hint")),
        };
        Category::ALL.iter().map(door).collect()
    }
}
