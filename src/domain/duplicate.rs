//! When a second asking is the first one again: the same door, the same drug, within a day, and the first still open.
//!
//! Old people ask by web, by telephone and through a daughter. Three requests would send three runners; one lost word
//! would lose a medicine. So the second joins the first, and all it says that is new comes along.

use super::clock::At;
use super::errand::State;
use super::numerals::tidy;
use super::request::{Category, Submission};
use super::stock::ItemKey;

/// So long a request is the same wish.
pub const WITHIN_S: i64 = 86_400;

/// States from which a request may be joined. Not from `care`: nobody fetches anything for it until a person decides.
pub const MAY_JOIN: [State; 5] = [State::Waiting, State::Offered, State::Claimed, State::Collected, State::AtGate];

/// States in which a runner can still fetch more than was asked for first.
pub const TAKES_MORE: [State; 3] = [State::Waiting, State::Offered, State::Claimed];

/// A thing and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub key: ItemKey,
    pub quantity: i32,
}

/// A request of a door, as far as joining it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Open {
    pub state: State,
    pub submitted_at: At,
    pub wishes: Vec<Wish>,
    /// Whom it is for, when that was said.
    pub patient: Option<String>,
}

// Whom it is for is personal data: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Open").field("state", &self.state).field("wishes", &self.wishes.len()).finish_non_exhaustive()
    }
}

/// What a second asking changes in the open request, by places in its own list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Not asked for there yet.
    pub fresh: Vec<usize>,
    /// Asked for there, but less of it.
    pub more: Vec<usize>,
}

impl Change {
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.fresh.is_empty() && self.more.is_empty()
    }
}

/// Only medicine joins: food is eaten twice a day. And only what has a name: a photo cannot be compared.
#[must_use]
pub fn may_join(submission: &Submission) -> bool {
    let named = submission.items.iter().all(|item| item.photo.is_none());
    submission.category == Category::Medicine && !submission.items.is_empty() && named
}

#[must_use]
pub fn wishes(submission: &Submission) -> Vec<Wish> {
    let wish = |item: &super::item::Item| Wish {
        key: ItemKey::of(&item.name, item.strength.as_deref()),
        quantity: item.quantity,
    };
    submission.items.iter().map(wish).collect()
}

/// Whom a submission is for, when that is said.
#[must_use]
pub fn patient(submission: &Submission) -> Option<String> {
    submission.contact.patient.as_ref().map(|patient| patient.name.as_str().to_owned())
}

/// Whether `asked` joins this open request: then what it changes there.
///
/// One drug in common is enough while a runner can still fetch the rest; once the goods are bought, only a wish that
/// holds nothing new and no more joins. Two patients who are both named, and differently, are two wishes: husband and wife
/// may take the same drug.
#[must_use]
pub fn joins(open: &Open, asked: &[Wish], patient: Option<&str>, now: At) -> Option<Change> {
    let recent = now.seconds_since(open.submitted_at) < WITHIN_S;
    let known = |wish: &Wish| open.wishes.iter().find(|there| there.key == wish.key);
    let shares = asked.iter().any(|wish| known(wish).is_some());
    let mut change = Change::default();
    for (place, wish) in asked.iter().enumerate() {
        match known(wish) {
            None => change.fresh.push(place),
            Some(there) if there.quantity < wish.quantity => change.more.push(place),
            Some(_) => {}
        }
    }
    let has_room = open.wishes.len() + change.fresh.len() <= Submission::MOST_ITEMS;
    let fits = MAY_JOIN.contains(&open.state) && (change.is_none() || TAKES_MORE.contains(&open.state)) && has_room;
    (recent && shares && fits && may_be_one(open.patient.as_deref(), patient)).then_some(change)
}

fn may_be_one(here: Option<&str>, there: Option<&str>) -> bool {
    let plain = |name: &str| -> String { tidy(name).chars().filter(|c| !c.is_whitespace()).collect() };
    here.zip(there).is_none_or(|(here, there)| plain(here).to_lowercase() == plain(there).to_lowercase())
}

/// What a joining wish said, for the desk to read: kept beside the journal; words of ours stand as the API spells them.
#[must_use]
pub fn retold(submission: &Submission) -> String {
    let item = |item: &super::item::Item| {
        let strength = item.strength.as_deref().map(|strength| format!(" {strength}")).unwrap_or_default();
        format!("{}{strength} × {} {} ({})", item.name, item.quantity, item.unit, item.substitution)
    };
    let contact = &submission.contact;
    let mut parts: Vec<String> = submission.items.iter().map(item).collect();
    parts.push(format!("{} {}", contact.name.as_str(), contact.phone.as_str()));
    parts.extend(contact.email.as_ref().map(|email| email.as_str().to_owned()));
    parts.extend(contact.patient.as_ref().map(|patient| {
        let phone = patient.phone.as_ref().map_or("", |phone| phone.as_str());
        format!("{} {phone}", patient.name.as_str()).trim_end().to_owned()
    }));
    parts.extend(submission.left.doses_left.map(|doses| format!("doses_left {doses}")));
    parts.extend(submission.left.doses_per_day.map(|doses| format!("doses_per_day {doses}")));
    parts.extend(submission.care.iter().map(|care| care.as_str().to_owned()));
    parts.push(submission.hand_over.as_str().to_owned());
    parts.extend(contact.note.as_ref().map(|note| note.as_str().to_owned()));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn keys_of(names: &[&str]) -> Vec<Wish> {
        names.iter().map(|name| Wish { key: ItemKey::of(name, None), quantity: 1 }).collect()
    }

    fn open(state: State, ago_s: i64, names: &[&str]) -> Open {
        Open { state, submitted_at: NOW.plus_seconds(-ago_s), wishes: keys_of(names), patient: None }
    }

    fn fresh(open: &Open, asked: &[&str]) -> Option<Vec<usize>> {
        joins(open, &keys_of(asked), None, NOW).map(|change| change.fresh)
    }

    #[test]
    fn the_same_drug_within_a_day_joins_and_brings_what_is_new() {
        let first = open(State::Waiting, 3600, &["缬沙坦", "二甲双胍"]);
        assert_eq!(fresh(&first, &["缬沙坦"]), Some(vec![]));
        assert_eq!(fresh(&first, &["阿司匹林", "缬沙坦"]), Some(vec![0]));
        assert_eq!(fresh(&first, &["阿司匹林"]), None);
    }

    #[test]
    fn a_day_later_it_is_another_wish() {
        assert!(fresh(&open(State::Waiting, WITHIN_S - 1, &["a"]), &["a"]).is_some());
        assert!(fresh(&open(State::Waiting, WITHIN_S, &["a"]), &["a"]).is_none());
    }

    #[test]
    fn nothing_new_is_added_to_what_is_bought_already_and_nothing_joins_what_is_over() {
        for state in [State::Collected, State::AtGate] {
            assert_eq!(fresh(&open(state, 60, &["a"]), &["a"]), Some(vec![]));
            assert_eq!(fresh(&open(state, 60, &["a"]), &["a", "b"]), None, "{state}");
        }
        for state in [State::Delivered, State::Closed, State::Cancelled, State::Care] {
            assert_eq!(fresh(&open(state, 60, &["a"]), &["a"]), None, "{state}");
        }
    }

    #[test]
    fn a_list_never_grows_beyond_what_one_may_ask_for() {
        let names: Vec<String> = (0..Submission::MOST_ITEMS).map(|n| format!("drug {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let full = open(State::Waiting, 60, &names);
        assert_eq!(fresh(&full, &["drug 1"]), Some(vec![]));
        assert_eq!(fresh(&full, &["drug 1", "one more"]), None);
    }

    #[test]
    fn more_of_it_is_fetched_while_that_can_be_and_else_asked_for_anew() {
        let asked = [Wish { quantity: 4, ..keys_of(&["a"]).remove(0) }];
        let change = Change { more: vec![0], ..Change::default() };
        assert_eq!(joins(&open(State::Claimed, 60, &["a"]), &asked, None, NOW), Some(change));
        assert_eq!(joins(&open(State::Collected, 60, &["a"]), &asked, None, NOW), None);
    }

    #[test]
    fn two_patients_with_two_names_are_two_wishes() {
        let his = Open { patient: Some("王 大爷".to_owned()), ..open(State::Waiting, 60, &["a"]) };
        assert!(joins(&his, &keys_of(&["a"]), Some("李奶奶"), NOW).is_none());
        for same in [None, Some("王大爷")] {
            assert!(joins(&his, &keys_of(&["a"]), same, NOW).is_some(), "{same:?}");
        }
    }
}
