//! In which order shops are worth trying, for somebody who has the errand in hand.
//!
//! Of two shops the better one is where fewer metres are walked for each find:
//!
//! ```text
//! worth = (to_shop + to_door + waits_s × walk_mps + 200 m) / chance of stock
//! ```
//!
//! the least first. Trying shops by cost over chance is the order of the least expected cost until something is found,
//! as long as the tries do not depend on each other. The 200 m stand for what every try costs: below that distance
//! nearness stops to matter. What cannot be had there now (shut, or shut before one arrives, or just found empty) comes
//! last, in the same order, so that nobody wonders where it went. Dispatch weighs its sources by the same formula.

use crate::domain::ids::PlaceId;
use crate::domain::words::word;

/// Below this distance nearness stops to matter.
const NEAR_M: f64 = 200.0;
/// No chance is taken as less than this, so that distances stay comparable.
const LEAST_CHANCE: f64 = 0.01;
/// A counter that opens within so many seconds may be walked to already.
pub const OPENS_SOON_S: f64 = 20.0 * 60.0;
/// One that closes within so many seconds is worth a word.
const CLOSES_SOON_S: f64 = 30.0 * 60.0;

word! {
    /// How a shop stands for whoever would walk there now.
    Standing {
        Open = "open",
        ClosesSoon = "closes_soon",
        OpensSoon = "opens_soon",
        Shut = "shut",
        /// Somebody has just found none there.
        Empty = "empty",
    }
}

impl Standing {
    /// Somebody may go there.
    #[must_use]
    pub const fn is_worth_a_walk(self) -> bool {
        !matches!(self, Self::Shut | Self::Empty)
    }
}

/// A place that may have the goods, seen from where the runner is. Metres on foot, seconds from now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospect {
    pub place: PlaceId,
    /// That all of the errand's goods are there, 0 to 1; 0: just found empty.
    pub chance: f64,
    pub to_shop_m: f64,
    /// From there to where the errand ends.
    pub to_door_m: f64,
    /// 0 while it is open.
    pub opens_in_s: f64,
    /// `None`: not today, or not known.
    pub closes_in_s: Option<f64>,
    /// Somebody has just stood before a shut door.
    pub seems_shut: bool,
}

impl Prospect {
    #[must_use]
    pub fn standing(&self, walk_mps: f64) -> Standing {
        let arrives_s = self.to_shop_m / walk_mps.max(0.1);
        let closes = |within_s: f64| self.closes_in_s.is_some_and(|closes_s| closes_s <= within_s);
        if self.seems_shut || self.opens_in_s > OPENS_SOON_S || closes(arrives_s) {
            return Standing::Shut;
        }
        if self.chance <= 0.0 {
            return Standing::Empty;
        }
        match self.opens_in_s > 0.0 {
            true => Standing::OpensSoon,
            false if closes(CLOSES_SOON_S) => Standing::ClosesSoon,
            false => Standing::Open,
        }
    }

    /// Metres a find costs there.
    fn worth_m(&self, walk_mps: f64) -> f64 {
        let waits_s = (self.opens_in_s - self.to_shop_m / walk_mps.max(0.1)).max(0.0);
        a_find_costs_m(self.to_shop_m + self.to_door_m + waits_s * walk_mps, self.chance)
    }
}

/// Metres walked for each find, for a way of `way_m` to goods that are there with `chance`.
#[must_use]
pub fn a_find_costs_m(way_m: f64, chance: f64) -> f64 {
    (way_m + NEAR_M) / chance.max(LEAST_CHANCE)
}

/// Best first. Equal ones are ordered by their id: the same shops give the same list.
pub fn rank(prospects: &mut [Prospect], walk_mps: f64) {
    let key = |prospect: &Prospect| (!prospect.standing(walk_mps).is_worth_a_walk(), prospect.worth_m(walk_mps));
    prospects.sort_by(|left, right| {
        let ((left_last, left_m), (right_last, right_m)) = (key(left), key(right));
        left_last.cmp(&right_last).then(left_m.total_cmp(&right_m)).then(left.place.cmp(&right.place))
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WALK: f64 = 1.3;

    fn shop(chance: f64, to_shop_m: f64) -> Prospect {
        Prospect {
            place: PlaceId::mint(),
            chance,
            to_shop_m,
            to_door_m: 300.0,
            opens_in_s: 0.0,
            closes_in_s: None,
            seems_shut: false,
        }
    }

    fn best(mut shops: Vec<Prospect>) -> PlaceId {
        rank(&mut shops, WALK);
        shops[0].place
    }

    #[test]
    fn equally_stocked_the_nearer_one_comes_first_and_equally_near_the_likelier() {
        let (near, far) = (shop(0.6, 200.0), shop(0.6, 900.0));
        assert_eq!(best(vec![far, near]), near.place);
        let (likely, unlikely) = (shop(0.95, 500.0), shop(0.4, 500.0));
        assert_eq!(best(vec![unlikely, likely]), likely.place);
    }

    #[test]
    fn a_sure_shop_is_worth_a_detour_but_not_any_detour() {
        let near = shop(0.6, 300.0);
        let (sure, sure_but_far) = (shop(0.95, 600.0), shop(0.95, 3_000.0));
        assert_eq!(best(vec![near, sure]), sure.place);
        assert_eq!(best(vec![near, sure_but_far]), near.place);
    }

    #[test]
    fn what_is_shut_or_empty_comes_last_however_near() {
        let far = shop(0.3, 2_000.0);
        let shut = Prospect { seems_shut: true, ..shop(0.95, 10.0) };
        let closes = Prospect { closes_in_s: Some(60.0), ..shop(0.95, 400.0) };
        let opens = Prospect { opens_in_s: OPENS_SOON_S + 1.0, ..shop(0.95, 10.0) };
        let empty = shop(0.0, 10.0);
        let standings: Vec<_> = [shut, closes, opens, empty].iter().map(|shop| shop.standing(WALK)).collect();
        assert_eq!(standings, [Standing::Shut, Standing::Shut, Standing::Shut, Standing::Empty]);
        assert_eq!(best(vec![shut, closes, opens, empty, far]), far.place);
    }

    #[test]
    fn hours_are_told_and_a_wait_at_the_door_counts_as_a_way() {
        let soon = Prospect { closes_in_s: Some(1_200.0), ..shop(0.6, 100.0) };
        let opens = Prospect { opens_in_s: 900.0, ..shop(0.6, 100.0) };
        assert_eq!((soon.standing(WALK), opens.standing(WALK)), (Standing::ClosesSoon, Standing::OpensSoon));
        let farther = shop(0.6, 800.0);
        assert_eq!(best(vec![opens, farther]), farther.place, "a quarter of an hour is more than 700 m");
    }

    proptest! {
        #[test]
        fn the_order_does_not_depend_on_how_the_list_came_and_nothing_is_lost(
            drawn in proptest::collection::vec((0.0..1.0f64, 0.0..4000.0f64, any::<bool>()), 1..9),
            turn in 0usize..9,
        ) {
            let shops: Vec<Prospect> =
                drawn.iter().map(|(chance, far, shut)| Prospect { seems_shut: *shut, ..shop(*chance, *far) }).collect();
            let (mut one, mut other) = (shops.clone(), shops.clone());
            other.rotate_left(turn % shops.len());
            rank(&mut one, WALK);
            rank(&mut other, WALK);
            prop_assert_eq!(&one, &other);
            prop_assert_eq!(one.len(), shops.len());
            let worth: Vec<bool> = one.iter().map(|shop| shop.standing(WALK).is_worth_a_walk()).collect();
            prop_assert!(worth.windows(2).all(|pair| pair[0] || !pair[1]), "what cannot be had is last");
        }
    }
}
