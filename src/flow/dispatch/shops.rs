//! Where goods are likely had: places that serve, open now or soon, by the way there and by what was seen at their counters.

use super::map::Map;
use crate::domain::clock::At;
use crate::domain::ground::Spot;
use crate::domain::ids::{PlaceId, SubjectId};
use crate::domain::learning::{Lesson, What};
use crate::domain::matching::Source;
use crate::domain::request::Category;
use crate::domain::stock::ranking::{OPENS_SOON_S, a_find_costs_m};
use crate::domain::stock::{self, ItemKey, Seen, Sighting};
use crate::domain::trip::Service;
use crate::domain::urgency::Urgency;
use crate::store::errands::Errand;
use crate::store::places::Place;

/// So many places are considered for one errand.
const SOURCES: usize = 4;
/// So many metres farther from the door than the best place another may be, the chance of its stock reckoned in.
const LONGER_M: f64 = 200.0;

impl Map {
    fn counter(&self, place: PlaceId) -> Service {
        let (subject, usual) = (SubjectId::from_uuid(place.uuid()), self.terms.counter);
        let learned = self.habits.get(&(subject, What::Counter, Lesson::ANY_HOUR));
        Service { first_s: learned.map_or(usual.first_s, |habit| habit.value(usual.first_s)), ..usual }
    }

    /// The place as a source of goods; shut, nobody would be in time.
    pub(super) fn source(&self, place: &Place, chance: f64) -> Source {
        let minutes = |minutes: i32| self.now.plus_seconds(60 * i64::from(minutes));
        let (ready_at, closes_at) = match place.hours() {
            // Whatever its hours say: somebody stood before a shut door.
            _ if self.is_shut(place.id) => (self.now, Some(At(0))),
            None => (self.now, None),
            Some(hours) if hours.open_at(self.minute) => (self.now, hours.shuts_in(self.minute).map(minutes)),
            Some(hours) if f64::from(hours.opens_in(self.minute)) * 60.0 <= OPENS_SOON_S => {
                (minutes(hours.opens_in(self.minute)), None)
            }
            Some(_) => (self.now, Some(At(0))),
        };
        Source {
            place: place.id,
            spot: Spot::street(place.at()),
            ready_at,
            closes_at,
            shop: self.counter(place.id),
            chance,
        }
    }

    /// Where the goods are likely had, best first: by the way from the door, the longer the less likely they are there.
    /// Of a named place, only that; of goods at a gate, none.
    pub fn sources(&self, errand: &Errand, named: Option<PlaceId>, chance: impl Fn(PlaceId) -> f64) -> Vec<Source> {
        if errand.leg > 1 {
            // The goods are at the gate already.
            return Vec::new();
        }
        let door = self.end(errand);
        let fits = |place: &&Place| named.map_or(place.kind.serves(errand.category), |named| place.id == named);
        let mut sources: Vec<Source> =
            self.places.values().filter(fits).map(|place| self.source(place, chance(place.id))).collect();
        for source in sources.iter_mut().filter(|source| source.chance <= 0.0) {
            // An empty shelf is no better than a shut door.
            source.closes_at = Some(At(0));
        }
        let is_shut = |source: &Source| source.closes_at == Some(At(0));
        let far = |source: &Source| a_find_costs_m(self.ground.metres(source.spot, door), source.chance);
        sources.sort_by(|a, b| is_shut(a).cmp(&is_shut(b)).then(far(a).total_cmp(&far(b))).then(a.place.cmp(&b.place)));
        sources.truncate(SOURCES);
        // A longer way pays only where every minute counts.
        let nearest = sources.first().map_or(0.0, far);
        sources.retain(|source| errand.urgency == Urgency::Red || far(source) <= nearest + LONGER_M);
        sources
    }

    /// Where an errand is best fetched by somebody who takes it unasked: at `wanted` if that may be, else where it was
    /// meant to be unless that is shut now, else at the best place.
    pub fn place_for(&self, errand: &Errand, named: Option<PlaceId>, wanted: Option<PlaceId>) -> Option<PlaceId> {
        let sources = self.sources(errand, named, |_| 1.0);
        let open =
            |place: PlaceId| sources.iter().any(|source| source.place == place && source.closes_at != Some(At(0)));
        let keep = [wanted, errand.place_id].into_iter().flatten().find(|place| open(*place));
        keep.or_else(|| sources.first().map(|source| source.place))
    }

    /// How likely all of an errand's items are had at a place: as likely as the least likely of them. Of what nobody saw,
    /// medicine may be out; the rest is had. 0 where somebody has just found none.
    pub fn chance(&self, errand: &Errand, place: PlaceId, items: &[ItemKey]) -> f64 {
        let seen = self.seen.get(&place).map_or(&[][..], Vec::as_slice);
        let is_medicine = errand.category == Category::Medicine;
        let of_item = |item: &ItemKey| {
            let told: Vec<Sighting> =
                seen.iter().filter(|seen| seen.key.speaks_for(item)).map(Seen::sighting).collect();
            match told.as_slice() {
                [] if !is_medicine => 1.0,
                told if stock::is_out(told, self.now) => 0.0,
                told => stock::chance(self.usual, told, self.now),
            }
        };
        // A box shown by photo alone is what nobody saw.
        let unseen = if is_medicine && items.is_empty() { stock::chance(self.usual, &[], self.now) } else { 1.0 };
        items.iter().map(of_item).fold(unseen, f64::min)
    }

    /// Whether somebody has just found none of it there.
    pub(super) fn is_out(&self, place: PlaceId, item: &ItemKey) -> bool {
        let seen = self.seen.get(&place).map_or(&[][..], Vec::as_slice);
        let told: Vec<Sighting> = seen.iter().filter(|seen| seen.key.speaks_for(item)).map(Seen::sighting).collect();
        stock::is_out(&told, self.now)
    }

    pub(super) fn is_shut(&self, place: PlaceId) -> bool {
        let told: Vec<Sighting> = self.seen.get(&place).into_iter().flatten().map(Seen::sighting).collect();
        stock::is_shut(&told, self.now)
    }
}
