//! The line inside one process against a model so plain that it can be believed: lists, sorted when asked. The same
//! operations run on Redis, but for positions, which Redis rounds.

use std::collections::BTreeMap;

use paotui::domain::clock::At;
use paotui::domain::geo::Point;
use paotui::domain::ids::{ErrandId, PersonId};
use paotui::line::{Near, Ready, Standing};
use proptest::prelude::*;
use uuid::Uuid;

use super::house::{House, place};

/// Few of everything, so that operations meet.
const ERRANDS: u128 = 12;
const RUNNERS: u128 = 8;

#[derive(Clone, Debug)]
enum Act {
    Enqueue(Vec<(u128, i64)>),
    Dequeue(u128),
    Stand(u128, f64, f64),
    Leave(u128),
    Claim(u128, u128, i64),
    PutBack(u128, i64),
    Lease(u128, i64),
    Rebuild(Vec<(u128, i64)>, Vec<(u128, f64)>, Vec<(u128, i64)>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let (errand, runner, time, metres) = (0..ERRANDS, 0..RUNNERS, -3..20_i64, -3_000.0..3_000.0_f64);
    let timed = (errand.clone(), time.clone());
    let act = prop_oneof![
        3 => prop::collection::vec(timed.clone(), 0..4).prop_map(Act::Enqueue),
        1 => errand.clone().prop_map(Act::Dequeue),
        3 => (runner.clone(), metres.clone(), metres.clone()).prop_map(|(r, n, e)| Act::Stand(r, n, e)),
        1 => runner.clone().prop_map(Act::Leave),
        4 => (errand.clone(), runner.clone(), time.clone()).prop_map(|(e, r, t)| Act::Claim(e, r, t)),
        2 => timed.clone().prop_map(|(e, t)| Act::PutBack(e, t)),
        2 => timed.clone().prop_map(|(e, t)| Act::Lease(e, t)),
        1 => (prop::collection::vec(timed.clone(), 0..6), prop::collection::vec((runner, metres), 0..4),
              prop::collection::vec(timed, 0..4)).prop_map(|(w, r, l)| Act::Rebuild(w, r, l)),
    ];
    prop::collection::vec(act, 1..60)
}

#[derive(Default)]
struct Model {
    ready: BTreeMap<ErrandId, At>,
    runners: BTreeMap<PersonId, Point>,
    leases: BTreeMap<ErrandId, At>,
}

fn errand(n: u128) -> ErrandId {
    ErrandId::from_uuid(Uuid::from_u128(n))
}

fn runner(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

fn by_time(entries: &BTreeMap<ErrandId, At>) -> Vec<(At, ErrandId)> {
    let mut all: Vec<_> = entries.iter().map(|(errand, at)| (*at, *errand)).collect();
    all.sort();
    all
}

impl Model {
    fn wait(&mut self, id: ErrandId, due: At) {
        self.leases.remove(&id);
        self.ready.insert(id, due);
    }

    fn hold(&mut self, id: ErrandId, until: At) {
        self.ready.remove(&id);
        self.leases.insert(id, until);
    }

    /// What the act answers, if it answers anything.
    fn play(&mut self, act: &Act) -> Option<bool> {
        match act {
            Act::Enqueue(all) => all.iter().for_each(|(e, t)| self.wait(errand(*e), At(*t))),
            Act::Dequeue(e) => {
                self.ready.remove(&errand(*e));
                self.leases.remove(&errand(*e));
            }
            Act::Stand(r, n, e) => self.runners.extend([(runner(*r), place(*n, *e))]),
            Act::Leave(r) => self.runners.retain(|other, _| *other != runner(*r)),
            Act::Claim(e, r, t) => {
                let both = self.ready.contains_key(&errand(*e)) && self.runners.contains_key(&runner(*r));
                if both {
                    self.hold(errand(*e), At(*t));
                    self.runners.remove(&runner(*r));
                }
                return Some(both);
            }
            Act::PutBack(e, t) => self.wait(errand(*e), At(*t)),
            Act::Lease(e, t) => self.hold(errand(*e), At(*t)),
            Act::Rebuild(waiting, people, held) => {
                *self = Self::default();
                for (e, t) in waiting {
                    self.wait(errand(*e), At(*t));
                }
                self.runners.extend(people.iter().map(|(r, n)| (runner(*r), place(*n, 0.0))));
                for (e, t) in held {
                    self.hold(errand(*e), At(*t));
                }
            }
        }
        None
    }

    fn near(&self, from: Point, ring_m: f64, limit: usize) -> Vec<Near> {
        let mut all: Vec<_> =
            self.runners.iter().map(|(r, at)| Near { runner: *r, metres: from.metres_to(*at) }).collect();
        all.retain(|near| near.metres <= ring_m);
        all.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.runner.cmp(&b.runner)));
        all.truncate(limit);
        all
    }
}

async fn perform(house: &House, act: &Act) -> Option<bool> {
    let (line, zone) = (&house.one, house.zone);
    let ready = |(e, t): &(u128, i64)| Ready { due: At(*t), errand: errand(*e) };
    match act {
        Act::Enqueue(all) => line.enqueue(zone, &all.iter().map(ready).collect::<Vec<_>>()).await.unwrap(),
        Act::Dequeue(e) => line.dequeue(zone, errand(*e)).await.unwrap(),
        Act::Stand(r, n, e) => line.stand(zone, runner(*r), place(*n, *e)).await.unwrap(),
        Act::Leave(r) => line.leave(zone, runner(*r)).await.unwrap(),
        Act::Claim(e, r, t) => return Some(line.claim(zone, errand(*e), runner(*r), At(*t)).await.unwrap()),
        Act::PutBack(e, t) => line.put_back(zone, ready(&(*e, *t))).await.unwrap(),
        Act::Lease(e, t) => line.lease(zone, errand(*e), At(*t)).await.unwrap(),
        Act::Rebuild(waiting, people, held) => {
            let standing = Standing {
                ready: waiting.iter().map(ready).collect(),
                runners: people.iter().map(|(r, n)| (runner(*r), place(*n, 0.0))).collect(),
                leases: held.iter().map(|(e, t)| (errand(*e), At(*t))).collect(),
            };
            line.rebuild(zone, &standing).await.unwrap();
        }
    }
    None
}

async fn compare(house: &House, model: &Model, exact_places: bool) {
    let (line, zone) = (&house.one, house.zone);
    let waiting: Vec<_> =
        line.most_urgent(zone, 100).await.unwrap().iter().map(|ready| (ready.due, ready.errand)).collect();
    assert_eq!(waiting, by_time(&model.ready));
    for now in [At(-4), At(0), At(7), At(100)] {
        let ended: Vec<_> = by_time(&model.leases).into_iter().filter(|(until, _)| *until <= now).collect();
        let ended: Vec<_> = ended.into_iter().map(|(_, id)| id).collect();
        assert_eq!(line.leases_ended(zone, now, 100).await.unwrap(), ended);
    }
    let census = line.census(zone).await.unwrap().unwrap();
    let sizes = [census.ready, census.runners, census.leases].map(|n| usize::try_from(n).unwrap());
    assert_eq!(sizes, [model.ready.len(), model.runners.len(), model.leases.len()]);
    if exact_places {
        for (ring, limit) in [(250.0, 100), (1_000.0, 2), (4_000.0, 3), (16_000.0, 100)] {
            let from = place(120.0, -80.0);
            assert_eq!(line.near(zone, from, ring, limit).await.unwrap(), model.near(from, ring, limit));
        }
    }
}

async fn play_all(house: House, acts: &[Act], exact_places: bool) {
    house.open_zone().await;
    let mut model = Model::default();
    for act in acts {
        assert_eq!(perform(&house, act).await, model.play(act), "{act:?}");
        compare(&house, &model, exact_places).await;
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_line_in_memory_equals_the_plain_model(acts in acts()) {
        runtime().block_on(play_all(House::in_memory(), &acts, true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_line_in_redis_equals_the_plain_model(acts in acts()) {
        runtime().block_on(async { play_all(House::in_redis().await, &acts, false).await });
    }
}
