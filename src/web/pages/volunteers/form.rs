//! `/volunteer`: the form, and the page after it.

use askama::Template;

use crate::domain::actor::Skill;
use crate::store::views::ground::{Building, Zone};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::parts::{Choice, Choices, Field, Fields, Group, Line, Wrongs};
use crate::web::pages::shell::Shell;

/// See the module. It posts to itself.
#[derive(Debug, Template)]
#[template(path = "volunteers/form.html")]
pub struct VolunteerForm<'a> {
    pub shell: &'a Shell,
    pub buildings: &'a [Building],
    /// Which to choose from, when the building does not tell; none when there is only one.
    pub zones: &'a [Zone],
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    /// Minted when the form was first served: whatever is sent twice is one offer.
    pub key: &'a str,
    /// The same form was sent before, with something else in it.
    pub sent_before: bool,
}

impl VolunteerForm<'_> {
    const fn fields(&self) -> Fields<'_> {
        Fields { words: self.shell.words, typed: self.typed, errors: self.errors }
    }

    fn wrongs(&self) -> Option<Wrongs> {
        self.fields().summary()
    }

    fn name(&self) -> Field {
        self.fields().line("name", Line::NAME)
    }

    fn phone(&self) -> Field {
        self.fields().line("phone", Line::PHONE).hint(self.shell.t("volunteer-phone-hint"))
    }

    fn email(&self) -> Field {
        let field = self.fields().line("email", Line::EMAIL).hint(self.shell.t("volunteer-email-hint"));
        field.mark(self.shell.t("optional"))
    }

    fn free_when(&self) -> Field {
        let field = self.fields().line("free_when", Line::KEPT).hint(self.shell.t("field-free_when-hint"));
        field.mark(self.shell.t("optional"))
    }

    fn skills(&self) -> Choices {
        let words: Vec<&str> = Skill::ALL.iter().map(|skill| skill.as_str()).collect();
        let choices = self.fields().any_of("skills", self.fields().options("skill", &words));
        choices.hint(self.shell.t("field-skills-hint")).mark(self.shell.t("optional"))
    }

    fn building(&self) -> Field {
        let mut groups = vec![self.nothing("volunteer-no-building")];
        for building in self.buildings {
            let option = Choice { value: building.code.clone(), label: building.name.clone(), ..Choice::default() };
            match groups.last_mut().filter(|group| group.label == building.compound) {
                Some(group) => group.options.push(option),
                None => groups.push(Group { label: building.compound.clone(), options: vec![option] }),
            }
        }
        let field = self.fields().select("building", groups).hint(self.shell.t("volunteer-building-hint"));
        field.mark(self.shell.t("optional"))
    }

    fn zone(&self) -> Field {
        let option = |zone: &Zone| Choice { value: zone.code.clone(), label: zone.name.clone(), ..Choice::default() };
        let options = self.zones.iter().map(option).collect();
        let groups = vec![self.nothing("volunteer-no-zone"), Group { label: String::new(), options }];
        self.fields().select("zone", groups).hint(self.shell.t("field-zone-hint"))
    }

    fn nothing(&self, id: &str) -> Group {
        let option = Choice { label: self.shell.t(id), ..Choice::default() };
        Group { label: String::new(), options: vec![option] }
    }
}

/// Thanks, and what happens next. It is the same for everybody: it never tells whether a telephone is known.
#[derive(Debug, Template)]
#[template(path = "volunteers/thanks.html")]
pub struct ThanksPage<'a> {
    pub shell: &'a Shell,
}
