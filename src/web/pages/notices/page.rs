//! The notices that hang, and a form for another.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::notice::Lasting;
use crate::store::views::notices::Posted;
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::notice::Notice;
use crate::web::pages::parts::{Field, Fields, Group, Line, Wrongs};
use crate::web::pages::shell::{Shell, Stamp};

/// See the module.
#[derive(Debug, Template)]
#[template(path = "notices/page.html")]
pub struct NoticesPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub hanging: &'a [Posted],
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    pub now: At,
    pub notice: Option<Notice>,
}

impl NoticesPage<'_> {
    const fn fields(&self) -> Fields<'_> {
        Fields { words: self.shell.words, typed: self.typed, errors: self.errors }
    }

    fn wrongs(&self) -> Option<Wrongs> {
        self.fields().summary()
    }

    fn title(&self) -> Field {
        self.fields().line("notice_title", Line::TEXT)
    }

    fn text(&self) -> Field {
        self.fields().lines("notice_text")
    }

    fn title_en(&self) -> Field {
        self.fields().line("notice_title_en", Line::TEXT).mark(self.shell.t("optional"))
    }

    fn text_en(&self) -> Field {
        self.fields().lines("notice_text_en").mark(self.shell.t("optional"))
    }

    fn until(&self) -> Field {
        let words: Vec<&str> = Lasting::ALL.iter().map(|word| word.as_str()).collect();
        let options = self.fields().options("lasting", &words);
        self.fields().select("until", vec![Group { label: String::new(), options }])
    }

    fn until_of(&self, posted: &Posted) -> Stamp {
        self.shell.when(posted.until_at, self.now)
    }
}
