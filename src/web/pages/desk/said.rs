//! A call that was understood, as sentences to say aloud before it is kept.

use crate::domain::clock::At;
use crate::domain::item::Item;
use crate::domain::request::Submission;
use crate::domain::urgency::{Urgency, UrgencyReason};
use crate::web::pages::shell::Shell;

/// What is read back.
#[derive(Clone)]
pub struct ReadBack {
    pub name: String,
    /// Its digits.
    pub phone: String,
    pub building: String,
    pub room: String,
    pub items: Vec<Item>,
    pub doses_left: Option<u16>,
    pub patient: Option<String>,
    pub urgency: Urgency,
    pub reason: UrgencyReason,
    pub deliver_by: At,
}

// Personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for ReadBack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadBack(…)")
    }
}

impl ReadBack {
    #[must_use]
    pub fn of(asked: &Submission, building: String) -> Self {
        let contact = &asked.contact;
        Self {
            name: contact.name.as_str().to_owned(),
            phone: contact.phone.digits(),
            building,
            room: contact.room.as_str().to_owned(),
            items: asked.items.clone(),
            doses_left: asked.left.doses_left,
            patient: contact.patient.as_ref().map(|patient| patient.name.as_str().to_owned()),
            urgency: asked.triage.urgency,
            reason: asked.triage.reason,
            deliver_by: asked.triage.deliver_by,
        }
    }

    pub(super) fn sentences(&self, shell: &Shell, now: At) -> Vec<String> {
        let words = shell.words;
        let who = [("name", self.name.as_str().into()), ("phone", grouped(&self.phone).into())];
        let place = [("building", self.building.as_str().into()), ("room", self.room.as_str().into())];
        let mut said = vec![words.with("desk-say-who", &who), words.with("desk-say-where", &place)];
        let items: Vec<String> = self.items.iter().map(line).collect();
        if !items.is_empty() {
            said.push(words.say("desk-say-items", "items", items.join(&words.get("list-comma"))));
        }
        said.extend(self.doses_left.map(|left| words.say("desk-say-left", "n", left)));
        said.extend(self.patient.as_ref().map(|name| words.say("desk-say-patient", "name", name.as_str())));
        said.push(words.say("desk-say-by", "time", words.when(self.deliver_by.0, now.0, &shell.zone)));
        said
    }
}

fn line(item: &Item) -> String {
    let strength = item.strength.as_ref().map(|strength| format!(" {strength}")).unwrap_or_default();
    format!("{}{strength} {}{}", item.name, item.quantity, item.unit)
}

/// `138 0000 0000`: as it is said.
fn grouped(digits: &str) -> String {
    match (digits.get(..3), digits.get(3..7), digits.get(7..11)) {
        (Some(head), Some(middle), Some(tail)) if digits.len() == 11 => format!("{head} {middle} {tail}"),
        _ => digits.to_owned(),
    }
}
