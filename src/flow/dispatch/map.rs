//! A zone as dispatch sees it: its ground, doors, counters, dials, and what was learned. Read afresh for each decision:
//! seals, hours and sightings change under way, and a zone is a few hundred rows.

use std::collections::BTreeMap;

use super::super::{House, Result};
use crate::domain::actor::Skill;
use crate::domain::clock::At;
use crate::domain::deadline::Due;
use crate::domain::geo::Point;
use crate::domain::ground::{Ground, Spot};
use crate::domain::ids::{BuildingId, PlaceId, SubjectId, ZoneId};
use crate::domain::learning::{Habit, Lesson, What};
use crate::domain::matching::Terms;
use crate::domain::stock::{self, Seen};
use crate::domain::trip::{Parcel, Price, Service};
use crate::domain::words::parse_list;
use crate::flow::deciding::ZoneRules;
use crate::store::dials::Dials;
use crate::store::errands::Errand;
use crate::store::places::Place;
use crate::store::rosters::OnShift;
use crate::store::zones::Building;
use crate::store::{Conn, dials, habits, places, sightings, zones};

/// Somebody this close to a door behind a wall stands behind that wall.
const AT_THE_DOOR_M: f64 = 30.0;
/// After so long a sighting has faded (its half-life is three hours).
const REMEMBERED_S: i64 = 12 * 3600;

/// See the module.
pub struct Map {
    pub now: At,
    pub terms: Terms,
    pub ground: Ground,
    pub dials: Dials,
    /// Of the local day.
    pub(super) minute: i32,
    buildings: BTreeMap<BuildingId, Building>,
    pub(super) places: BTreeMap<PlaceId, Place>,
    pub(super) habits: BTreeMap<(SubjectId, What, i32), Habit>,
    /// What was told about each place lately.
    pub(super) seen: BTreeMap<PlaceId, Vec<Seen>>,
    /// What a shelf of this zone has when nothing is known of it.
    pub(super) usual: f64,
    zone: ZoneId,
}

impl Map {
    /// # Errors
    /// [`super::super::Fault::Store`].
    pub async fn read(house: &House, zone: ZoneId) -> Result<Self> {
        let (now, terms) = (house.now(), house.terms);
        let minute = house.local.minute_of_day(now);
        house.db.read(async move |conn| Self::load(conn, zone, (now, minute), terms).await).await
    }

    /// # Errors
    /// [`super::super::Fault::Store`].
    pub async fn load(conn: &mut Conn, zone: ZoneId, (now, minute): (At, i32), terms: Terms) -> Result<Self> {
        let buildings = zones::list_buildings_of(conn, zone).await?;
        let places = places::list(conn, zone).await?;
        let (dials, habits) = (dials::load(conn, zone).await?, habits::list(conn, zone).await?);
        let mut seen: BTreeMap<PlaceId, Vec<Seen>> = BTreeMap::new();
        let told = sightings::list_since(conn, zone, now.plus_seconds(-REMEMBERED_S)).await?;
        let usual = stock::usual(&told, now);
        for told in told {
            seen.entry(told.place).or_default().push(told);
        }
        let middle = buildings.first().map_or(Point::new(0.0, 0.0), Building::at);
        Ok(Self {
            now,
            terms,
            ground: Ground::around(middle, terms.road_factor).with_gates(terms.gate_s),
            dials,
            minute,
            buildings: buildings.into_iter().map(|building| (building.id, building)).collect(),
            places: places.into_iter().map(|place| (place.id, place)).collect(),
            habits: habits.into_iter().map(|habit| ((habit.subject, habit.what, habit.hour), habit)).collect(),
            seen,
            usual,
            zone,
        })
    }

    /// Some point of the zone.
    pub fn middle(&self) -> Point {
        self.buildings.values().next().map_or(Point::new(0.0, 0.0), Building::at)
    }

    /// The rules of the zone.
    pub fn rules(&self) -> ZoneRules {
        let seconds = |seconds: i64| f64::from(i32::try_from(seconds).unwrap_or(i32::MAX));
        ZoneRules {
            offer_s: seconds(self.terms.offer_s),
            red_offer_s: seconds(self.terms.red_offer_s.min(self.terms.offer_s)),
            wave_s: seconds(self.terms.wave_s),
            patience_s: f64::from(self.dials.patience_s),
            ..ZoneRules::default()
        }
    }

    pub fn price(&self) -> Price {
        Price::of(self.dials.price)
    }

    /// Bags of a runner with or without a cart.
    pub fn capacity(&self, cart: bool) -> u32 {
        let (own, usual) =
            if cart { (self.dials.cart_bags, self.terms.cart_bags) } else { (self.dials.bags, self.terms.max_bags) };
        u32::try_from(own.unwrap_or(usual)).unwrap_or(1).max(1)
    }

    /// Walking speed at this hour, metres a second.
    pub fn speed_mps(&self) -> f64 {
        let zone = SubjectId::from_uuid(self.zone.uuid());
        let learned = self.habits.get(&(zone, What::Speed, self.hour()));
        learned.map_or(self.terms.speed_mps, |habit| habit.value(self.terms.speed_mps))
    }

    /// How likely this runner says yes.
    pub fn accepts(&self, runner: SubjectId) -> f64 {
        let learned = self.habits.get(&(runner, What::Accepts, Lesson::ANY_HOUR));
        learned.map_or_else(|| What::Accepts.to_begin_with(0.0).value(), |habit| habit.value(0.0))
    }

    /// Of the local day.
    pub const fn hour(&self) -> i32 {
        self.minute / 60
    }

    /// Bags this runner carries.
    pub fn capacity_of(&self, on: Option<&OnShift>) -> u32 {
        let skills: Vec<Skill> = on.map(|on| parse_list(&on.skills).unwrap_or_default()).unwrap_or_default();
        self.capacity(skills.contains(&Skill::Cart))
    }

    pub fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(&id)
    }

    /// The sealed building a runner lives in, if it is sealed now.
    pub fn sealed_home(&self, home: Option<BuildingId>) -> Option<BuildingId> {
        home.filter(|home| self.buildings.get(home).is_some_and(|building| building.is_sealed(self.now)))
    }

    /// Where an errand ends: at the door, or, while the building is sealed and it is not carried out inside, at the gate.
    pub fn end(&self, errand: &Errand) -> Spot {
        let Some(building) = self.buildings.get(&errand.building_id) else { return Spot::street(self.middle()) };
        match building.gate() {
            Some(gate) if building.is_sealed(self.now) && !errand.goes_inside() => Spot::street(gate),
            Some(gate) => Spot::behind(building.at(), gate),
            None => Spot::street(building.at()),
        }
    }

    /// Where goods lie that were handed over for a building: just inside its gate.
    fn shelf(&self, building: BuildingId) -> Option<Spot> {
        let building = self.buildings.get(&building)?;
        Some(building.gate().map_or(Spot::street(building.at()), |gate| Spot::behind(gate, gate)))
    }

    /// The sealed building an errand is carried out in, if it is sealed now.
    pub fn sealed_around(&self, errand: &Errand) -> Option<BuildingId> {
        self.sealed_home(errand.goes_inside().then_some(errand.building_id))
    }

    /// Somebody's position: behind the wall of the nearest door when that is close, else on the street.
    pub fn spot(&self, at: Point) -> Spot {
        let near = self.buildings.values().map(|building| (self.ground.crow(at, building.at()), building));
        let close = near.filter(|(metres, _)| *metres <= AT_THE_DOOR_M).min_by(|a, b| a.0.total_cmp(&b.0));
        close.and_then(|(_, building)| building.gate()).map_or(Spot::street(at), |gate| Spot::behind(at, gate))
    }

    /// The errand as a trip sees it, fetched from where it stands, be it the gate; with nothing to fetch it begins at the door.
    pub fn parcel(&self, errand: &Errand, submitted_at: At) -> Parcel {
        let to = self.end(errand);
        let left_at = if errand.leg > 1 { self.shelf(errand.building_id) } else { None };
        let source = errand.place_id.and_then(|place| self.places.get(&place)).map(|place| self.source(place, 1.0));
        let bare = Parcel {
            errand: errand.id,
            due: Due { urgency: errand.urgency, placed_at: submitted_at, deadline: Some(errand.deliver_by) },
            from: left_at.unwrap_or(to),
            ready_at: submitted_at,
            closes_at: None,
            // At a shelf one looks for the bag as long as one stands at a door.
            shop: left_at.map_or(Service { first_s: 0.0, further_s: 0.0 }, |_| self.terms.door),
            to,
            floor: errand.floor.and_then(|floor| i16::try_from(floor).ok()).unwrap_or(0),
            door: self.terms.door,
            trip_s: None,
            bags: u32::try_from(errand.bags).unwrap_or(1),
        };
        source.map_or(bare, |source| bare.fetched_from(&source))
    }
}
