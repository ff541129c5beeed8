//! Step two: where to, for whom, and how it is handed over.

use askama::Template;

use super::ask::{Ask, BuildingChoice, Where};
use super::step::Step;
use crate::domain::request::{AskingFor, Care, HandOver};
use crate::web::pages::parts::{Choice, Choices, Field, Group, Line};
use crate::web::pages::shell::Shell;

/// Whom residents ask for; `staff` is for the desk.
const FOR_WHOM: &[AskingFor] = &[AskingFor::Myself, AskingFor::Family, AskingFor::Neighbour];

/// See the module.
#[derive(Debug, Template)]
#[template(path = "requests/where.html")]
pub struct WherePage<'a> {
    pub shell: &'a Shell,
    pub ask: Ask<'a>,
}

impl WherePage<'_> {
    fn building_field(&self, list: &[BuildingChoice]) -> Field {
        let mut groups = vec![Group { label: String::new(), options: vec![self.ask.option("", "building-choose")] }];
        for building in list {
            let option = Choice { value: building.code.clone(), label: building.name.clone(), ..Choice::default() };
            match groups.last_mut().filter(|group| group.label == building.compound) {
                Some(group) => group.options.push(option),
                None => groups.push(Group { label: building.compound.clone(), options: vec![option] }),
            }
        }
        self.ask.fields().select("building", groups)
    }

    fn room(&self) -> Field {
        self.ask.fields().line("room", Line::KEPT).hint(self.shell.t("field-room-hint"))
    }

    fn name(&self) -> Field {
        self.ask.fields().line("name", Line::NAME).hint(self.shell.t("field-name-hint"))
    }

    fn phone(&self) -> Field {
        self.ask.fields().line("phone", Line::PHONE).hint(self.shell.t("field-phone-hint"))
    }

    fn email(&self) -> Field {
        let field = self.ask.fields().line("email", Line::EMAIL).hint(self.shell.t("field-email-hint"));
        field.mark(self.shell.t("optional"))
    }

    fn asking_for(&self) -> Choices {
        let fields = self.ask.fields();
        let values: Vec<_> = FOR_WHOM.iter().map(|word| word.as_str()).collect();
        fields.one_of("asking_for", fields.options("asking-for", &values), AskingFor::Myself.as_str())
    }

    fn for_somebody_else(&self) -> bool {
        let asking = self.ask.typed.first("asking_for");
        let other = !asking.is_empty() && asking != AskingFor::Myself.as_str();
        other || self.ask.fields().touched(&["patient_name", "patient_phone"], None)
    }

    fn patient_name(&self) -> Field {
        self.ask.fields().line("patient_name", Line::KEPT)
    }

    fn patient_phone(&self) -> Field {
        let field = self.ask.fields().line("patient_phone", Line::PHONE);
        field.hint(self.shell.t("field-patient_phone-hint")).mark(self.shell.t("optional"))
    }

    fn hand_over(&self) -> Choices {
        let fields = self.ask.fields();
        let values: Vec<_> = HandOver::ALL.iter().map(|word| word.as_str()).collect();
        fields.one_of("hand_over", fields.options("hand-over", &values), HandOver::Door.as_str())
    }

    fn care(&self) -> Choices {
        let fields = self.ask.fields();
        let values: Vec<_> = Care::ALL.iter().map(|word| word.as_str()).collect();
        let choices = fields.any_of("care", fields.options("care", &values)).in_two_columns();
        choices.hint(self.shell.t("field-care-hint")).mark(self.shell.t("optional"))
    }

    fn email_is_open(&self) -> bool {
        self.ask.fields().touched(&["email"], None)
    }
}
