//! Which shops should be asked now "do you have it?", so that nobody walks in vain.

use std::collections::BTreeMap;

use super::{FRESH_S, Found, ItemKey, Seen, Sighting, is_shut};
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::PlaceId;
use crate::domain::place::Counter;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;

/// So many of the nearest are asked about one item: more calls than that cost the desk more than they find.
const ASKED: usize = 3;

/// An errand nobody has claimed yet. It holds nothing of the resident but where the door is.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The place the asker named.
    pub named: Option<PlaceId>,
    pub category: Category,
    pub door: Point,
    pub urgency: Urgency,
    pub deliver_by: At,
    pub lines: Vec<Line>,
}

/// One thing asked for, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub item: String,
    pub strength: Option<String>,
    pub unit: Option<String>,
}

/// What one place should be asked about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub place: PlaceId,
    pub key: ItemKey,
    /// As the most urgent of the errands has it.
    pub line: Line,
    /// Open by its hours. Only a place that was named is asked while it is not.
    pub open: bool,
    /// How many errands wait for the answer.
    pub errands: u32,
    /// Of the most urgent one.
    pub urgency: Urgency,
    pub deliver_by: At,
    /// What was last told about it here, however long ago.
    pub last: Option<Sighting>,
}

/// The places of a zone and what is known of them.
#[derive(Debug, Clone, Copy)]
pub struct Shops<'a> {
    pub counters: &'a [Counter],
    pub seen: &'a [Seen],
    pub now: At,
    /// Of the local day.
    pub minute: i32,
}

impl Shops<'_> {
    /// Each item of each errand, at the places where it would be fetched, unless somebody has just told: merged by
    /// place and item, most urgent first.
    #[must_use]
    pub fn questions(&self, wanted: &[Wanted]) -> Vec<Question> {
        let mut by_urgency: Vec<&Wanted> = wanted.iter().collect();
        by_urgency.sort_by_key(|wanted| (wanted.urgency, wanted.deliver_by));
        let there: Vec<&Counter> = self.counters.iter().filter(|counter| !self.seems_shut(counter.id)).collect();
        let mut asked: BTreeMap<(PlaceId, ItemKey), Question> = BTreeMap::new();
        for errand in by_urgency {
            for counter in self.sources(errand, &there) {
                for (key, line) in keyed(&errand.lines) {
                    if self.is_known(counter.id, &key) {
                        continue;
                    }
                    let first = || self.question(counter, errand, (&key, line));
                    asked.entry((counter.id, key.clone())).or_insert_with(first).errands += 1;
                }
            }
        }
        let mut questions: Vec<Question> = asked.into_values().collect();
        questions.sort_by_key(|question| (question.urgency, question.deliver_by));
        questions
    }

    /// Where the goods of an errand would be fetched: the place that was named, else the nearest that are open.
    fn sources<'c>(&self, errand: &Wanted, there: &[&'c Counter]) -> Vec<&'c Counter> {
        if let Some(named) = errand.named {
            return there.iter().copied().filter(|counter| counter.id == named).collect();
        }
        let serves = |counter: &&Counter| counter.kind.serves(errand.category) && self.is_open(counter);
        let mut near: Vec<&Counter> = there.iter().copied().filter(serves).collect();
        let far = |counter: &Counter| counter.at.metres_to(errand.door);
        near.sort_by(|left, right| far(left).total_cmp(&far(right)).then(left.id.cmp(&right.id)));
        near.truncate(ASKED);
        near
    }

    fn is_open(&self, counter: &Counter) -> bool {
        counter.hours.is_none_or(|hours| hours.open_at(self.minute))
    }

    /// Whether somebody stood before its shut door, whatever its hours say.
    #[must_use]
    pub fn seems_shut(&self, place: PlaceId) -> bool {
        let here: Vec<Sighting> = self.seen.iter().filter(|seen| seen.place == place).map(Seen::sighting).collect();
        is_shut(&here, self.now)
    }

    /// What was told about this item here. A shut door says nothing about the shelf.
    fn told(&self, place: PlaceId, key: &ItemKey) -> impl Iterator<Item = Sighting> {
        let about = move |seen: &&Seen| seen.place == place && seen.found != Found::Shut && seen.key.speaks_for(key);
        self.seen.iter().filter(about).map(Seen::sighting)
    }

    fn is_known(&self, place: PlaceId, key: &ItemKey) -> bool {
        self.told(place, key).any(|sighting| self.now.seconds_since(sighting.at) < FRESH_S)
    }

    fn question(&self, counter: &Counter, errand: &Wanted, (key, line): (&ItemKey, &Line)) -> Question {
        Question {
            place: counter.id,
            key: key.clone(),
            line: line.clone(),
            open: self.is_open(counter),
            errands: 0,
            urgency: errand.urgency,
            deliver_by: errand.deliver_by,
            last: self.told(counter.id, key).max_by_key(|sighting| sighting.at),
        }
    }
}

/// The lines of one errand, each item once: what is written on two lines is still one errand that waits.
fn keyed(lines: &[Line]) -> BTreeMap<ItemKey, &Line> {
    let keyed = lines.iter().rev().map(|line| (ItemKey::of(&line.item, line.strength.as_deref()), line));
    keyed.filter(|(key, _)| !key.item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::{Hours, PlaceKind};

    const NOW: At = At::from_seconds(100_000);
    const NOON: i32 = 720;

    fn counter(north: f64) -> Counter {
        Counter {
            id: PlaceId::mint(),
            kind: PlaceKind::Pharmacy,
            at: Point::new(29.53 + north, 106.52),
            hours: Some(Hours { opens_minute: 480, closes_minute: 1200 }),
        }
    }

    fn row() -> Vec<Counter> {
        [0.001, 0.002, 0.003, 0.004].into_iter().map(counter).collect()
    }

    fn wanted(urgency: Urgency, items: &[&str]) -> Wanted {
        let line = |item: &&str| Line { item: (*item).to_owned(), strength: Some("80mg".into()), unit: None };
        Wanted {
            named: None,
            category: Category::Medicine,
            door: Point::new(29.53, 106.52),
            urgency,
            deliver_by: NOW.plus_seconds(urgency.target_seconds()),
            lines: items.iter().map(line).collect(),
        }
    }

    fn seen(place: PlaceId, item: &str, found: Found, minutes_ago: i64) -> Seen {
        Seen { place, key: ItemKey::of(item, None), found, at: NOW.plus_seconds(-60 * minutes_ago) }
    }

    /// Place by its number in the row, and the item.
    fn asked(counters: &[Counter], seen: &[Seen], wanted: &[Wanted], minute: i32) -> Vec<(usize, String)> {
        let shops = Shops { counters, seen, now: NOW, minute };
        let number = |id| counters.iter().position(|counter| counter.id == id).unwrap();
        shops.questions(wanted).into_iter().map(|question| (number(question.place), question.line.item)).collect()
    }

    #[test]
    fn the_three_nearest_that_are_open_are_asked() {
        let mut counters = row();
        counters[0].hours = Some(Hours { opens_minute: 1260, closes_minute: 360 });
        counters[1].kind = PlaceKind::Shop;
        counters.push(counter(0.005));
        counters.push(counter(0.006));
        let mut places = asked(&counters, &[], &[wanted(Urgency::Red, &["a"])], NOON);
        places.sort();
        assert_eq!(places, [(2, "a".into()), (3, "a".into()), (4, "a".into())]);
        assert_eq!(asked(&counters, &[], &[wanted(Urgency::Red, &["a"])], 1320), [(0, "a".into())]);
    }

    #[test]
    fn a_named_place_is_the_only_one_asked_even_outside_its_hours() {
        let counters = row();
        let named = Wanted { named: Some(counters[3].id), ..wanted(Urgency::Green, &["a"]) };
        let shops = Shops { counters: &counters, seen: &[], now: NOW, minute: 1320 };
        let questions = shops.questions(&[named]);
        assert_eq!(
            questions.iter().map(|question| (question.place, question.open)).collect::<Vec<_>>(),
            [(counters[3].id, false)]
        );
    }

    #[test]
    fn what_was_told_within_two_hours_is_not_asked_again() {
        let counters = [counter(0.001)];
        let place = counters[0].id;
        let red = [wanted(Urgency::Red, &["a", "b"])];
        assert_eq!(asked(&counters, &[seen(place, "a", Found::HasNot, 119)], &red, NOON), [(0, "b".into())]);
        assert_eq!(asked(&counters, &[seen(place, "A ", Found::Has, 120)], &red, NOON).len(), 2);
        let other_strength = Seen { key: ItemKey::of("a", Some("160mg")), ..seen(place, "a", Found::Has, 1) };
        assert_eq!(asked(&counters, &[other_strength], &red, NOON).len(), 2);
        let shops = Shops { counters: &counters, seen: &[seen(place, "a", Found::Has, 300)], now: NOW, minute: NOON };
        let last = shops.questions(&red).iter().find(|question| question.line.item == "a").unwrap().last;
        assert_eq!(
            last.map(|last| last.found),
            Some(Found::Has),
            "what was told long ago is shown beside the question"
        );
    }

    #[test]
    fn a_shut_place_makes_room_for_the_next() {
        let counters = row();
        let red = [wanted(Urgency::Red, &["a"])];
        let shut = seen(counters[0].id, "z", Found::Shut, 10);
        let mut places = asked(&counters, std::slice::from_ref(&shut), &red, NOON);
        places.sort();
        assert_eq!(places.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1, 2, 3]);
        let open_again = [shut, seen(counters[0].id, "z", Found::Has, 5)];
        assert!(asked(&counters, &open_again, &red, NOON).contains(&(0, "a".into())));
    }

    #[test]
    fn errands_for_one_item_are_one_question_and_the_most_urgent_comes_first() {
        let counters = [counter(0.001)];
        let errands =
            [wanted(Urgency::Green, &["b", "B"]), wanted(Urgency::Yellow, &["ａ"]), wanted(Urgency::Red, &["a", "b"])];
        let shops = Shops { counters: &counters, seen: &[], now: NOW, minute: NOON };
        let questions = shops.questions(&errands);
        let told: Vec<_> = questions.iter().map(|question| (question.line.item.as_str(), question.errands)).collect();
        assert_eq!(told, [("a", 2), ("b", 2)]);
        assert!(questions.iter().all(|question| question.urgency == Urgency::Red));
    }
}
