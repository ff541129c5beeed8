//! Properties of the decision core, over drawn scenes.

#![allow(clippy::expect_used, clippy::as_conversions, reason = "a test may fail loudly")]

use std::collections::BTreeSet;

use paotui::domain::clock::At;
use paotui::domain::deadline::Due;
use paotui::domain::geo::Point;
use paotui::domain::ground::{Ground, Pace, Spot};
use paotui::domain::ids::{BuildingId, ErrandId, PersonId};
use paotui::domain::matching::{OnDuty, OpenErrand, Skills, eligible};
use paotui::domain::offer::Kind;
use paotui::domain::trip::{Act, Parcel, Price, Service, Stop};
use paotui::domain::urgency::Urgency;
use paotui::flow::deciding::{Decision, Offer, Scene, ZoneRules, decide, join};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: At = At::from_seconds(40_000);

fn spot((lat, lon): (u8, u8)) -> Spot {
    Spot::street(Point::new(29.52 + f64::from(lat) * 1e-4, 106.52 + f64::from(lon) * 1e-4))
}

fn seal(sealed: bool) -> Option<BuildingId> {
    sealed.then(|| BuildingId::from_uuid(Uuid::from_u128(7)))
}

prop_compose! {
    fn an_errand()(
        urgency in prop_oneof![Just(Urgency::Red), Just(Urgency::Yellow), Just(Urgency::Green)],
        age_s in 0_i64..20_000, shop in 0_u8..4, door in any::<(u8, u8)>(), bags in 1_u32..4,
        needs in 0_u32..2, sealed in prop::bool::weighted(0.1), refused in prop::collection::vec(0_u128..12, 0..3),
    ) -> OpenErrand {
        let parcel = Parcel {
            errand: ErrandId::from_uuid(Uuid::nil()),
            due: Due { urgency, placed_at: NOW.plus_seconds(-age_s), deadline: None },
            from: spot((shop * 60, 128)),
            ready_at: NOW.plus_seconds(-age_s),
            closes_at: None,
            shop: Service { first_s: 150.0, further_s: 45.0 },
            to: spot(door),
            floor: 0,
            door: Service { first_s: 60.0, further_s: 15.0 },
            trip_s: None,
            bags,
        };
        let refused_by = refused.into_iter().map(|n| PersonId::from_uuid(Uuid::from_u128(n))).collect();
        OpenErrand { needs: Skills(needs), sealed: seal(sealed), refused_by, ..OpenErrand::plain(parcel) }
    }
}

prop_compose! {
    fn a_runner()(
        at in any::<(u8, u8)>(), capacity in 1_u32..7, bike in any::<bool>(), skills in 0_u32..2, inside in prop::bool::weighted(0.2),
        shift_left_s in -600_i64..9_000, rests_s in -600_i64..300, is_asked in prop::bool::weighted(0.2), share in 0.3_f64..2.0,
    ) -> OnDuty {
        OnDuty {
            id: PersonId::from_uuid(Uuid::nil()),
            here: spot(at),
            ready_at: NOW,
            route: vec![],
            bags: 0,
            capacity_bags: capacity,
            pace: Pace::walking(if bike { 4.0 } else { 1.3 }),
            off_at: NOW.plus_seconds(shift_left_s),
            rests_until: NOW.plus_seconds(rests_s),
            is_asked,
            hands_full: false,
            skills: Skills(skills),
            inside: seal(inside),
            accepts: 0.8,
            share,
        }
    }
}

prop_compose! {
    /// A scene in which some runners are already under way with what an earlier decision gave them.
    fn a_scene()(
        mut waiting in prop::collection::vec(an_errand(), 0..30),
        mut runners in prop::collection::vec(a_runner(), 0..12),
        earlier in 0_usize..12,
    ) -> Scene {
        for (n, open) in waiting.iter_mut().enumerate() {
            open.parcel.errand = ErrandId::from_uuid(Uuid::from_u128(n as u128));
        }
        for (n, runner) in runners.iter_mut().enumerate() {
            runner.id = PersonId::from_uuid(Uuid::from_u128(n as u128));
        }
        let ground = Ground::around(spot((0, 0)).at, 1.4);
        let mut scene = Scene { now: NOW, ground, rules: ZoneRules::default(), price: Price::default(), waiting, runners, stale: false };
        for offer in offers(&decide(&scene).decisions).into_iter().take(earlier) {
            accept(&mut scene, &offer);
        }
        scene
    }
}

fn offers(decisions: &[Decision]) -> Vec<Offer> {
    let offer = |decision: &Decision| if let Decision::Offer(offer) = decision { Some(offer.clone()) } else { None };
    decisions.iter().filter_map(offer).collect()
}

fn accept(scene: &mut Scene, offer: &Offer) {
    let taken: Vec<ErrandId> = offer.errands().collect();
    scene.waiting.retain(|open| !taken.contains(&open.parcel.errand));
    let ground = scene.ground;
    let runner = scene.runners.iter_mut().find(|runner| runner.id == offer.runner).expect("the runner is in the scene");
    runner.route = join(runner, offer, &ground, NOW).expect("a fresh offer fits");
}

fn errand(scene: &Scene, id: ErrandId) -> &OpenErrand {
    scene.waiting.iter().find(|open| open.parcel.errand == id).expect("the errand is in the scene")
}

fn runner<'a>(scene: &'a Scene, offer: &Offer) -> &'a OnDuty {
    scene.runners.iter().find(|runner| runner.id == offer.runner).expect("the runner is in the scene")
}

fn peak_bags(runner: &OnDuty, route: &[Stop]) -> u32 {
    let mut bags = runner.bags;
    let mut peak = bags;
    for stop in route {
        let here: u32 = stop.parcels.iter().map(|parcel| parcel.bags).sum();
        bags = if stop.act == Act::Collect { bags + here } else { bags - here };
        peak = peak.max(bags);
    }
    peak
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_errand_is_offered_twice_and_no_runner_asked_twice(scene in a_scene()) {
        let offers = offers(&decide(&scene).decisions);
        let errands: Vec<ErrandId> = offers.iter().flat_map(Offer::errands).collect();
        prop_assert_eq!(errands.iter().collect::<BTreeSet<_>>().len(), errands.len());
        let runners: BTreeSet<PersonId> = offers.iter().map(|offer| offer.runner).collect();
        prop_assert_eq!(runners.len(), offers.len());
    }

    #[test]
    fn skill_seal_refusal_shift_and_rest_are_never_broken(scene in a_scene()) {
        for offer in offers(&decide(&scene).decisions) {
            let runner = runner(&scene, &offer);
            prop_assert!(eligible::may_be_asked(runner, NOW).is_ok());
            for id in offer.errands() {
                prop_assert_eq!(eligible::may_carry(runner, errand(&scene, id)), Ok(()));
            }
            let starts = if offer.kind == Kind::Next { runner.last().1 } else { NOW };
            prop_assert!(starts <= runner.off_at);
        }
    }

    #[test]
    fn nobody_ever_carries_more_than_his_bags_hold(scene in a_scene()) {
        for offer in offers(&decide(&scene).decisions) {
            let runner = runner(&scene, &offer);
            let route = join(runner, &offer, &scene.ground, NOW).expect("a fresh offer fits");
            prop_assert!(peak_bags(runner, &route) <= runner.capacity_bags);
        }
    }

    #[test]
    fn what_is_accepted_keeps_its_order(scene in a_scene()) {
        for offer in offers(&decide(&scene).decisions) {
            let runner = runner(&scene, &offer);
            let fresh: Vec<ErrandId> = offer.errands().collect();
            let old = |route: &[Stop]| -> Vec<(Act, ErrandId)> {
                let halts = route.iter().flat_map(|stop| stop.parcels.iter().map(|parcel| (stop.act, parcel.errand)));
                halts.filter(|(_, errand)| !fresh.contains(errand)).collect()
            };
            let route = join(runner, &offer, &scene.ground, NOW).expect("a fresh offer fits");
            prop_assert_eq!(old(&route), old(&runner.route));
        }
    }

    #[test]
    fn every_errand_is_collected_before_it_is_delivered(scene in a_scene()) {
        for offer in offers(&decide(&scene).decisions) {
            let route = join(runner(&scene, &offer), &offer, &scene.ground, NOW).expect("a fresh offer fits");
            for id in offer.errands() {
                let halt = |act| route.iter().position(|stop| {
                    stop.act == act && stop.parcels.iter().any(|parcel| parcel.errand == id)
                });
                let (collect, deliver) = (halt(Act::Collect), halt(Act::Deliver));
                prop_assert!(collect.is_some() && collect < deliver);
            }
        }
    }

    #[test]
    fn an_errand_with_an_idle_runner_who_may_carry_it_leaves_somebody_asked(scene in a_scene()) {
        let outcome = decide(&scene);
        let asked = offers(&outcome.decisions);
        for open in &scene.waiting {
            let offered = asked.iter().any(|offer| offer.errands().any(|id| id == open.parcel.errand));
            let held = outcome.decisions.iter().any(|decision| {
                matches!(decision, Decision::Hold { errand, .. } if *errand == open.parcel.errand)
            });
            let free = scene.runners.iter().any(|runner| {
                runner.is_idle(NOW)
                    && runner.share <= 1.0
                    && eligible::may_be_asked(runner, NOW).is_ok()
                    && eligible::may_carry(runner, open).is_ok()
                    && !asked.iter().any(|offer| offer.runner == runner.id)
            });
            prop_assert!(offered || held || !free, "{:?} was left waiting beside an idle runner", open.parcel.errand);
        }
    }

    #[test]
    fn every_errand_that_waits_has_a_decision(scene in a_scene()) {
        let decided = decide(&scene).decisions.iter().map(|decision| match decision {
            Decision::Offer(offer) => offer.errands().count(),
            Decision::Hold { .. } | Decision::Nobody { .. } => 1,
        }).sum::<usize>();
        prop_assert_eq!(decided, scene.waiting.len());
    }

    #[test]
    fn the_order_in_which_a_scene_is_gathered_changes_nothing(scene in a_scene(), turn in 0_usize..30) {
        let mut shuffled = scene.clone();
        shuffled.waiting.reverse();
        let by = turn % shuffled.waiting.len().max(1);
        shuffled.waiting.rotate_left(by);
        shuffled.runners.reverse();
        let told = |scene: &Scene| {
            let mut told: Vec<String> = decide(scene).decisions.iter().map(|decision| format!("{decision:?}")).collect();
            told.sort();
            told
        };
        prop_assert_eq!(told(&scene), told(&shuffled));
    }

    #[test]
    fn age_always_lifts(open in an_errand(), one in 0_i64..100_000, later in 1_i64..100_000) {
        let due = open.parcel.due;
        let placed = due.placed_at;
        prop_assert!(due.weight(placed.plus_seconds(one + later)) > due.weight(placed.plus_seconds(one)));
    }
}
