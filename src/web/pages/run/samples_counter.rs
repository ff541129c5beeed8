//! What stands beside the work itself: shops to try, money, what was refused or may be taken back.

use super::acting::Refused;
use super::money::Money;
use super::page::Asides;
use crate::domain::errand::{State, Step};
use crate::domain::geo::Point;
use crate::domain::ids::{ErrandId, PlaceId};
use crate::domain::place::Hours;
use crate::domain::stock::ranking::Standing;
use crate::domain::stock::{Found, Sighting};
use crate::flow::dispatch::{Counsel, ShopToTry, Thing, Trouble};
use crate::store::views::runner::{ActiveClaim, CarriedItem, Trip, Undoable};
use crate::web::fault::FieldError;
use crate::web::pages::form::FieldError as Wrong;
use crate::web::pages::tests::NOW;
use std::collections::BTreeMap;

fn shop(name: &str, standing: Standing, last: Option<Found>) -> ShopToTry {
    ShopToTry {
        id: PlaceId::mint(),
        code: name.into(),
        name: name.into(),
        phone: last.map(|_| "023-5550 0133".into()),
        at: Point::new(29.5291, 106.5111),
        way_m: 430.0,
        to_door_m: 600.0,
        hours: Some(Hours { opens_minute: 510, closes_minute: 1200 }),
        standing,
        chance: 0.7,
        last: last.map(|found| Sighting { found, at: NOW.plus_seconds(-600) }),
        here: false,
    }
}

/// The first errand's counter is out, and its household named it when it is late; of the others nothing is known.
pub(super) fn counsels(trip: &Trip) -> BTreeMap<ErrandId, Counsel> {
    let fetched = trip.stops.iter().filter(|stop| stop.state == State::Claimed && stop.ends.leg == 1);
    let thing = |(position, item): (i32, &CarriedItem)| Thing {
        position,
        name: item.name.clone(),
        strength: item.strength.clone(),
        substitution: item.substitution,
        named: true,
    };
    let shops = || {
        vec![
            ShopToTry { here: true, ..shop("和平药房民主村店", Standing::Empty, Some(Found::HasNot)) },
            shop("桐君阁大药房", Standing::ClosesSoon, Some(Found::Has)),
            shop("万和药房", Standing::Open, None),
            shop("鑫斛药庄", Standing::OpensSoon, Some(Found::OtherMaker)),
            shop("社区医院药房", Standing::Shut, Some(Found::Shut)),
        ]
    };
    let counsel = |stop: &ActiveClaim| Counsel {
        place: "YF-02".into(),
        things: (1..).zip(&stop.items).map(thing).collect(),
        trouble: stop.lease_until.map(|_| Trouble {
            found: Found::HasNot,
            at: NOW.plus_seconds(-240),
            mine: stop.from.is_none(),
        }),
        named: stop.from.is_none(),
        asked: false,
        shops: shops(),
    };
    fetched.map(|stop| (stop.errand, counsel(stop))).collect()
}

/// What was typed about the money of what is brought does not add up; of what is fetched too little was told.
pub(super) fn money(trip: &Trip) -> Money {
    let Some(first) = trip.stops.first() else { return Money::default() };
    let settling = first.state == State::Claimed;
    let wrong = if settling {
        [("amount", "required"), ("how", "required")]
    } else {
        [("total", "does_not_add_up"), ("bags[0].items[0].amount", "not_an_amount")]
    };
    Money {
        errand: Some(first.errand),
        typed: [("spent", "12"), ("spent", "\"<b>"), ("total", "13"), ("how", "cash")].into_iter().collect(),
        photo: "token".into(),
        errors: wrong.iter().map(|(field, code)| FieldError::new(*field, code)).collect(),
        settling,
        key: "key".into(),
    }
}

/// Something was just done; what is in hand first was refused for its code, and has a photo already if it is second in hand.
pub(super) fn asides(trip: &Trip) -> Asides {
    let Some(first) = trip.stops.first() else { return Asides::default() };
    let step = if first.state == State::Collected { Step::Collect } else { Step::Deliver };
    let undo = Undoable { errand: first.errand, code: first.code.clone(), step, until: NOW.plus_seconds(240) };
    let wrong = [("code", "wrong_code"), ("photo", "take_a_photo"), ("shelf", "too_long")];
    let refused = Refused {
        errand: Some(first.errand),
        code: "3K7\"".into(),
        shelf: "左边 <第二格>".into(),
        photo: if trip.stops.len() > 1 { "token".into() } else { String::new() },
        wrong: wrong.iter().map(|(field, code)| Wrong::new(field, code)).collect(),
    };
    Asides { undo: Some(undo), refused, idle: trip.stops.iter().map(|stop| stop.errand).collect(), ..Asides::default() }
}
