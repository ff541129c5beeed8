//! A day as it truly happens: what is asked, who comes, and how people behave. Decisions never see this.

use uuid::Uuid;

use crate::domain::clock::At;
use crate::domain::deadline::Due;
use crate::domain::geo::Point;
use crate::domain::ground::{Ground, Pace, Spot};
use crate::domain::ids::{ErrandId, PersonId};
use crate::domain::matching::{OnDuty, OpenErrand, Skills};
use crate::domain::span;
use crate::domain::trip::{Parcel, Service};
use crate::flow::deciding::ZoneRules;
use crate::simulate::chance::Chance;
use crate::simulate::trace::{Request, Shift, Trace};

/// One day of one zone.
#[derive(Clone, Debug)]
pub struct Day {
    pub name: String,
    pub ground: Ground,
    pub rules: ZoneRules,
    pub errands: Vec<Asking>,
    pub runners: Vec<Person>,
    pub nature: Nature,
}

/// An errand and when it is asked for.
#[derive(Clone, Debug)]
pub struct Asking {
    pub name: String,
    pub at: At,
    pub open: OpenErrand,
    /// Counters that turn out not to have the goods.
    pub misses: Vec<Spot>,
}

/// A runner and when he comes and goes.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub on_at: At,
    pub duty: OnDuty,
    pub temper: Temper,
}

/// What a runner does about offers.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Temper {
    pub decline_rate: f64,
    pub silent_rate: f64,
    /// His phone goes dark then: he brings what he has in hand, answers nothing more and takes up nothing new.
    pub dark_at: Option<At>,
}

/// What nobody can foresee.
#[derive(Clone, Copy, Debug)]
pub struct Nature {
    pub chance: Chance,
    /// Median time to answer an offer, and the spread of its logarithm.
    pub answer_s: f64,
    pub answer_spread: f64,
    /// Ways are longer or shorter than the map says, by a factor between these.
    pub street: (f64, f64),
    /// A breath before each trip, and now and then a longer pause.
    pub rest_s: f64,
    pub pause_s: f64,
    pub pause_rate: f64,
}

impl Nature {
    /// Nothing unforeseen: runners answer after `answer_s`, the map is right, nobody rests.
    #[must_use]
    pub const fn plain(chance: Chance, answer_s: f64) -> Self {
        let street = (1.0, 1.0);
        Self { chance, answer_s, answer_spread: 0.0, street, rest_s: 0.0, pause_s: 0.0, pause_rate: 0.0 }
    }

    fn about(&self, keys: [usize; 3]) -> Chance {
        keys.iter().fold(self.chance, |chance, &key| chance.about(word(key)))
    }

    /// The answer of `runner` to his offer number `turn`, about `errand`.
    #[must_use]
    pub fn reply(&self, temper: &Temper, runner: usize, errand: usize, turn: usize) -> Reply {
        let chance = self.about([runner, errand, turn]);
        let after_s = self.answer_s * (self.answer_spread * chance.about(1).normal()).exp();
        let draw = chance.unit();
        if draw < temper.decline_rate {
            Reply::Decline { after_s }
        } else if draw < temper.decline_rate + temper.silent_rate {
            Reply::Silence
        } else {
            Reply::Accept { after_s }
        }
    }

    /// How much longer leg number `leg` of `runner` is than the map says.
    #[must_use]
    pub fn street(&self, runner: usize, leg: usize) -> f64 {
        self.about([runner, leg, usize::MAX]).between(self.street.0, self.street.1)
    }

    /// How long `runner` rests before trip number `trip`.
    #[must_use]
    pub fn rest_s(&self, runner: usize, trip: usize) -> f64 {
        let pauses = self.about([runner, trip, usize::MAX - 1]).happens(self.pause_rate);
        if pauses { self.pause_s } else { self.rest_s }
    }
}

/// What a runner does about an offer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Reply {
    Accept { after_s: f64 },
    Decline { after_s: f64 },
    Silence,
}

/// The id of errand number `index` of a day, and back.
#[must_use]
pub fn errand_id(index: usize) -> ErrandId {
    ErrandId::from_uuid(Uuid::from_u128(u128::from(word(index))))
}

#[must_use]
pub fn errand_index(id: ErrandId) -> usize {
    usize::try_from(id.uuid().as_u128()).unwrap_or(usize::MAX)
}

/// The id of runner number `index` of a day, and back.
#[must_use]
pub fn runner_id(index: usize) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(u128::from(word(index))))
}

#[must_use]
pub fn runner_index(id: PersonId) -> usize {
    usize::try_from(id.uuid().as_u128()).unwrap_or(usize::MAX)
}

fn word(index: usize) -> u64 {
    u64::try_from(index).unwrap_or(u64::MAX)
}

/// Seconds on the clock of the trace.
#[must_use]
pub fn clock(seconds: f64) -> At {
    span::after(At(0), seconds)
}

impl Day {
    /// The day a trace tells. `declines` overrides both rates of refusal.
    #[must_use]
    pub fn from_trace(trace: &Trace, seed: Option<u64>, declines: Option<f64>) -> Self {
        let head = &trace.head;
        let extras = (head.extra_bag_s, head.extra_drop_s);
        let middle = trace.requests.first().map_or(Point::new(0.0, 0.0), |request| request.shop);
        let chance = Chance::new(seed.unwrap_or(head.seed));
        // The trace tells the mean, and what is drawn here is spread around the median.
        let median_s = head.accept_s * (-0.5 * head.accept_spread * head.accept_spread).exp();
        let nature = Nature { answer_spread: head.accept_spread, ..Nature::plain(chance, median_s) };
        let temper = Temper {
            decline_rate: declines.unwrap_or(head.decline_rate),
            silent_rate: declines.unwrap_or(head.silent_rate),
            dark_at: None,
        };
        Self {
            name: head.name.clone(),
            ground: Ground::around(middle, head.road_factor),
            rules: ZoneRules::default(),
            errands: trace.requests.iter().enumerate().map(|(index, row)| Asking::of(index, row, extras)).collect(),
            runners: trace.runners.iter().enumerate().map(|(index, row)| Person::of(index, row, temper)).collect(),
            nature,
        }
    }
}

impl Asking {
    fn of(index: usize, row: &Request, (extra_bag_s, extra_drop_s): (f64, f64)) -> Self {
        let placed_at = clock(row.placed_s);
        let due = Due { urgency: row.urgency, placed_at, deadline: row.deadline_s.map(clock) };
        let parcel = Parcel {
            errand: errand_id(index),
            due,
            from: Spot::street(row.shop),
            ready_at: clock(row.ready_s),
            closes_at: None,
            shop: Service { first_s: row.shop_s, further_s: extra_bag_s },
            to: Spot::street(row.door),
            floor: 0,
            door: Service { first_s: row.door_s, further_s: extra_drop_s },
            trip_s: row.trip_s,
            bags: row.bags,
        };
        Self { name: row.name.clone(), at: placed_at, open: OpenErrand::plain(parcel), misses: vec![] }
    }
}

impl Person {
    fn of(index: usize, row: &Shift, temper: Temper) -> Self {
        let on_at = clock(row.on_s);
        let duty = OnDuty {
            id: runner_id(index),
            here: Spot::street(row.start),
            ready_at: on_at,
            route: vec![],
            bags: 0,
            capacity_bags: row.capacity_bags,
            pace: Pace { speed_mps: row.speed_mps, leg_s: row.leg_s },
            off_at: clock(row.off_s),
            rests_until: on_at,
            is_asked: false,
            hands_full: false,
            skills: Skills::NONE,
            inside: None,
            accepts: 0.8,
            share: 1.0,
        };
        Self { name: row.name.clone(), on_at, duty, temper }
    }
}
