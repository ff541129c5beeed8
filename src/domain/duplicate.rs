//! When a second asking is the first one again: the same door, the same drug, within a day, and the first still open.
//!
//! Old people ask by web, by telephone and through a daughter. Three requests would send three runners; one lost word
//! would lose a medicine. So the second joins the first, and all it says that is new comes along.

use super::clock::At;
use super::errand::State;
use super::request::{Category, Submission};
use super::stock::ItemKey;
use super::text::{half_width, is_invisible};

/// So long a request is the same wish.
pub const WITHIN_S: i64 = 86_400;

/// A request of a door, as far as joining it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub state: State,
    pub submitted_at: At,
    pub items: Vec<ItemKey>,
}

/// A room as it compares: width, case and blanks make no other door.
#[must_use]
pub fn room_key(room: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !is_invisible(*c);
    room.chars().filter(kept).map(|c| half_width(c).to_ascii_lowercase()).collect()
}

/// Only medicine joins: food is eaten twice a day. And only what has a name: a photo cannot be compared.
#[must_use]
pub fn may_join(submission: &Submission) -> bool {
    let named = submission.items.iter().all(|item| item.photo.is_none());
    submission.category == Category::Medicine && !submission.items.is_empty() && named
}

#[must_use]
pub fn keys(submission: &Submission) -> Vec<ItemKey> {
    submission.items.iter().map(|item| ItemKey::of(&item.name, item.strength.as_deref())).collect()
}

/// Whether `asked` joins this open request: then which of its items (by place) are new there.
///
/// One drug in common is enough while a runner can still fetch the rest; once the goods are bought, only a wish that
/// holds nothing new joins.
#[must_use]
pub fn joins(open: &Open, asked: &[ItemKey], now: At) -> Option<Vec<usize>> {
    let recent = now.seconds_since(open.submitted_at) < WITHIN_S;
    let shares = asked.iter().any(|key| open.items.contains(key));
    let fresh: Vec<usize> = (0..).zip(asked).filter(|(_, key)| !open.items.contains(key)).map(|(at, _)| at).collect();
    let has_room = open.items.len() + fresh.len() <= Submission::MOST_ITEMS;
    let fits = match open.state {
        State::Waiting | State::Offered | State::Claimed | State::Care => has_room,
        State::Collected | State::AtGate => fresh.is_empty(),
        State::Delivered | State::Closed | State::Cancelled => false,
    };
    (recent && shares && fits).then_some(fresh)
}

/// All that a joining wish said, for the desk to read: kept beside the journal, as it was typed.
#[must_use]
pub fn retold(submission: &Submission) -> String {
    let item = |item: &super::item::Item| {
        let strength = item.strength.as_deref().map(|strength| format!(" {strength}")).unwrap_or_default();
        format!("{}{strength} × {} {}", item.name, item.quantity, item.unit)
    };
    let contact = &submission.contact;
    let mut parts: Vec<String> = submission.items.iter().map(item).collect();
    parts.push(format!("{} {}", contact.name.as_str(), contact.phone.as_str()));
    parts.extend(contact.email.as_ref().map(|email| email.as_str().to_owned()));
    parts.extend(contact.patient.as_ref().map(|patient| {
        let phone = patient.phone.as_ref().map_or("", |phone| phone.as_str());
        format!("{} {phone}", patient.name.as_str()).trim_end().to_owned()
    }));
    parts.extend(submission.left.doses_left.map(|doses| format!("{doses}")));
    parts.extend(contact.note.as_ref().map(|note| note.as_str().to_owned()));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn keys_of(names: &[&str]) -> Vec<ItemKey> {
        names.iter().map(|name| ItemKey::of(name, None)).collect()
    }

    fn open(state: State, ago_s: i64, names: &[&str]) -> Open {
        Open { state, submitted_at: NOW.plus_seconds(-ago_s), items: keys_of(names) }
    }

    #[test]
    fn the_same_drug_within_a_day_joins_and_brings_what_is_new() {
        let first = open(State::Waiting, 3600, &["缬沙坦", "二甲双胍"]);
        assert_eq!(joins(&first, &keys_of(&["缬沙坦"]), NOW), Some(vec![]));
        assert_eq!(joins(&first, &keys_of(&["阿司匹林", "缬沙坦"]), NOW), Some(vec![0]));
        assert_eq!(joins(&first, &keys_of(&["阿司匹林"]), NOW), None);
    }

    #[test]
    fn a_day_later_it_is_another_wish() {
        assert!(joins(&open(State::Waiting, WITHIN_S - 1, &["a"]), &keys_of(&["a"]), NOW).is_some());
        assert!(joins(&open(State::Waiting, WITHIN_S, &["a"]), &keys_of(&["a"]), NOW).is_none());
    }

    #[test]
    fn nothing_new_is_added_to_what_is_bought_already_and_nothing_joins_what_is_over() {
        for state in [State::Collected, State::AtGate] {
            assert_eq!(joins(&open(state, 60, &["a"]), &keys_of(&["a"]), NOW), Some(vec![]));
            assert_eq!(joins(&open(state, 60, &["a"]), &keys_of(&["a", "b"]), NOW), None, "{state}");
        }
        for state in [State::Delivered, State::Closed, State::Cancelled] {
            assert_eq!(joins(&open(state, 60, &["a"]), &keys_of(&["a"]), NOW), None, "{state}");
        }
    }

    #[test]
    fn a_list_never_grows_beyond_what_one_may_ask_for() {
        let names: Vec<String> = (0..Submission::MOST_ITEMS).map(|n| format!("drug {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let full = open(State::Waiting, 60, &names);
        assert_eq!(joins(&full, &keys_of(&["drug 1"]), NOW), Some(vec![]));
        assert_eq!(joins(&full, &keys_of(&["drug 1", "one more"]), NOW), None);
    }

    #[test]
    fn one_door_is_typed_in_many_ways() {
        for typed in ["2-501", "２－５０１", " 2-501 ", "2 - 501\u{200B}"] {
            assert_eq!(room_key(typed), "2-501", "{typed}");
        }
        assert_ne!(room_key("2-502"), room_key("2-501"));
    }
}
