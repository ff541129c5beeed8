//! On and off duty, fetching and bringing, with offers and a board.

use super::page::{Asides, RunPage};
use super::samples_counter::{asides, counsels, money};
use super::sheet::SheetPage;
use super::together::Outcome;
use crate::domain::actor::ActorRole;
use crate::domain::errand::{State, Step};
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, ErrandId, OfferId, PersonId, PhotoId, PlaceId, QuestionId, RequestId, ZoneId};
use crate::domain::item::Substitution;
use crate::domain::matching::Pick;
use crate::domain::money::{Fen, How};
use crate::domain::offer::Kind;
use crate::domain::place::{Hours, PlaceKind};
use crate::domain::question::{About, Choice};
use crate::domain::request::{Category, HandOver};
use crate::domain::seal::Seal;
use crate::domain::urgency::Urgency;
use crate::store::views::ground::Building;
use crate::store::views::runner::{
    ActiveClaim, BeforeClaim, Block, CarriedItem, Counter, DoneErrand, Duty, Ends, OfferCard, Question, Reckoned, Trip,
};
use crate::web::board::BoardRow;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn block() -> Block {
    let at = Point::new(29.5301, 106.5132);
    Block {
        code: "MZC-07".into(),
        compound: "民主村一期".into(),
        name: "7 号楼".into(),
        at,
        floors: Some(8),
        lift: Some(false),
    }
}

fn counter() -> Counter {
    Counter {
        id: PlaceId::mint(),
        code: "YF-02".into(),
        name: "和平药房民主村店".into(),
        kind: PlaceKind::Pharmacy,
        at: Point::new(29.5288, 106.5101),
        hours: Some(Hours { opens_minute: 480, closes_minute: 1290 }),
        phone: Some("023-5550 0122".into()),
    }
}

fn before(urgency: Urgency, category: Category, left_s: i64) -> BeforeClaim {
    let deliver_by = NOW.plus_seconds(left_s);
    let from = (category == Category::Medicine).then(counter);
    BeforeClaim { errand: ErrandId::mint(), from, to: block(), ends: ends(1), category, urgency, bags: 1, deliver_by }
}

fn item(name: &str, strength: Option<&str>, quantity: i32, substitution: Substitution) -> CarriedItem {
    CarriedItem {
        name: name.into(),
        strength: strength.map(Into::into),
        quantity,
        unit: "盒".into(),
        substitution,
        photo: Some(PhotoId::mint()),
        unnamed: false,
    }
}

/// Of an open building.
const fn ends(leg: i32) -> Ends {
    Ends { leg, from_gate: None, to_gate: None }
}

/// Of a sealed one: the leg to its gate, and the one from there.
fn to_gate() -> Ends {
    Ends { to_gate: Some(block().at), ..ends(1) }
}

fn from_gate() -> Ends {
    Ends { from_gate: Some(block().at), ..ends(2) }
}

fn reckoned(spent: i64, given: &[(How, i64)]) -> Reckoned {
    Reckoned { spent: Fen(spent), given: given.iter().map(|(how, fen)| (*how, Fen(*fen))).collect() }
}

fn claim(state: State, left_s: i64) -> ActiveClaim {
    ActiveClaim {
        errand: ErrandId::mint(),
        code: "3K7-PAQC".into(),
        state,
        from: Some(counter()),
        to: block(),
        ends: ends(1),
        room: "2-501".into(),
        name: "王阿姨 CANARY-NAME".into(),
        phone: "138 0000 4521".into(),
        patient: Some(("王奶奶".into(), Some("139 0000 1111".into()))),
        note: Some("敲门三下\n耳朵不好".into()),
        hand_over: HandOver::Door,
        items: vec![
            item("缬沙坦胶囊", Some("80mg"), 2, Substitution::SameDrug),
            item("奥美拉唑肠溶片", None, 1, Substitution::AskMe),
        ],
        questions: vec![question(2, None), question(1, Some(Choice::Swap))],
        category: Category::Medicine,
        urgency: Urgency::Red,
        bags: 1,
        deliver_by: NOW.plus_seconds(left_s),
        lease_until: None,
        shelf: None,
        money: (state == State::Collected).then(|| reckoned(6340, &[(How::Cash, 5000), (How::Card, 340)])),
    }
}

fn at_empty_shop() -> ActiveClaim {
    ActiveClaim { lease_until: Some(NOW.plus_seconds(600)), ..claim(State::Claimed, 1380) }
}

fn offer() -> OfferCard {
    OfferCard {
        offer: OfferId::mint(),
        errands: vec![before(Urgency::Red, Category::Medicine, 1380)],
        made_at: NOW.plus_seconds(-10),
        lapses_at: NOW.plus_seconds(45),
        kind: Kind::Next,
        reason: Pick::FastestFree,
        distance_m: Some(348.0),
    }
}

/// Two errands on the way of a runner.
fn addition() -> OfferCard {
    let errands = vec![before(Urgency::Green, Category::Food, 9000), before(Urgency::Green, Category::Daily, 9600)];
    OfferCard { errands, kind: Kind::AddOn, reason: Pick::OnTheWay, distance_m: None, ..offer() }
}

fn diversion() -> OfferCard {
    OfferCard { kind: Kind::Divert, reason: Pick::FastestUnderWay, ..offer() }
}

fn board() -> Vec<BoardRow> {
    let trip = |errands: Vec<BeforeClaim>, distance_m, later| BoardRow {
        errands,
        distance_m,
        way_m: 870.0,
        takes_s: 1500.0,
        later,
    };
    let food = |left_s| before(Urgency::Yellow, Category::Food, left_s);
    vec![
        trip(vec![food(5400), food(7000)], Some(1240.0), false),
        trip(vec![before(Urgency::Green, Category::CareVisit, 14000)], None, false),
        trip(vec![before(Urgency::Yellow, Category::Medicine, 9000)], Some(300.0), true),
    ]
}

fn question(position: i32, answer: Option<Choice>) -> Question {
    Question {
        id: QuestionId::mint(),
        request_id: RequestId::mint(),
        errand_id: ErrandId::mint(),
        position,
        kind: About::OutOfStock,
        offer: None,
        asked_at: NOW.plus_seconds(-120),
        asked_by: PersonId::mint(),
        answered_at: answer.map(|_| NOW),
        answer,
        answered_by: answer.map(|_| ActorRole::Resident),
        answered_by_id: None,
    }
}

fn carried_to_gate(state: State) -> ActiveClaim {
    ActiveClaim { ends: to_gate(), ..claim(state, 1380) }
}

fn from_gate_and_to_gate() -> Vec<ActiveClaim> {
    let shelf = Some("左边第二格".to_owned());
    let inside = ActiveClaim { ends: from_gate(), from: None, shelf, ..claim(State::Claimed, 1380) };
    vec![inside, carried_to_gate(State::Claimed)]
}

/// To the gate of a sealed building, and on from there.
fn sealed_offer() -> OfferCard {
    let sealed = |errand: BeforeClaim, ends| BeforeClaim { ends, ..errand };
    let errands = vec![
        sealed(before(Urgency::Red, Category::Medicine, 1380), to_gate()),
        sealed(before(Urgency::Green, Category::Food, 9000), from_gate()),
    ];
    OfferCard { errands, ..offer() }
}

/// All is fetched first, then brought in the order given.
fn plan(stops: &[ActiveClaim]) -> Vec<(ErrandId, Step)> {
    let fetched = stops.iter().filter(|stop| stop.state == State::Claimed).map(|stop| (stop.errand, Step::Collect));
    let end = |stop: &ActiveClaim| if stop.ends.to_gate.is_some() { Step::HandOver } else { Step::Deliver };
    fetched.chain(stops.iter().map(|stop| (stop.errand, end(stop)))).collect()
}

/// Three bags of one shop: two for one door, and one for a door that wants the same medicine.
fn bundle() -> Trip {
    let from = counter();
    let of = |code: &str, room: &str, items: Vec<CarriedItem>| ActiveClaim {
        code: code.into(),
        room: room.into(),
        from: Some(from.clone()),
        items,
        ..claim(State::Claimed, 5400)
    };
    let (one, other) = (item("氨氯地平片", Some("5mg"), 1, Substitution::SameDrug), Substitution::Exact);
    let stops = vec![
        of("3K7-PAQC", "2-801", vec![one.clone(), item("二甲双胍", None, 1, other)]),
        of("5M2-XKRA", "2-501", vec![item("氨氯地平片", Some("5 mg"), 2, other)]),
        of("8T4-WCFH", "2-501", vec![CarriedItem { unnamed: true, ..one }]),
    ];
    Trip { trip: None, plan: plan(&stops), stops }
}

fn done() -> Vec<DoneErrand> {
    let of = |code: &str, at_gate| DoneErrand {
        code: code.into(),
        compound: "民主村一期".into(),
        block: "7 号楼".into(),
        at: NOW.plus_seconds(-3600),
        at_gate,
    };
    vec![of("7QF-2MKX", false), of("9RD-HT3C", true)]
}

/// One press for two bags, of which one had gone to somebody else.
fn partly() -> Vec<Outcome> {
    let of = |code: &str, refused: Option<&str>| Outcome { code: code.into(), refused: refused.map(Into::into) };
    vec![of("5M2-XKRA", None), of("8T4-WCFH", Some("run-gone-else")), of("3K7-PAQC<", Some("fault-out_of_turn"))]
}

/// The block of the errands and some around it, one of them right behind it.
fn blocks() -> Vec<Building> {
    let to = claim(State::Claimed, 0).to;
    let of = |code: &str, name: &str, north: f64, east: f64| Building {
        id: BuildingId::mint(),
        code: code.into(),
        zone_id: ZoneId::mint(),
        compound: to.compound.clone(),
        name: name.into(),
        lat: to.at.lat + north,
        lon: to.at.lon + east,
        floors: Some(8),
        lift: Some(false),
        seal: Seal::Open,
        sealed_until: None,
        gate_lat: Some(to.at.lat - 0.0006),
        gate_lon: Some(to.at.lon + 0.0004),
    };
    vec![of(&to.code, &to.name, 0.0, 0.0), of("B-8", "8栋", 0.0005, 0.0004), of("B-9", "9<栋", -0.0005, -0.0004)]
}

fn page_of(
    words: Words,
    (duty, trip): (&Duty, &Trip),
    (offers, board): (&[OfferCard], &[BoardRow]),
    (notice, outcomes): (&str, &[Outcome]),
) -> String {
    let (shell, notice, counsels) = (shell(words, "/run"), Notice::from_word(words, notice), counsels(trip));
    let done = if trip.stops.is_empty() { Vec::new() } else { done() };
    let asides = Asides { money: money(trip), done, outcomes: outcomes.to_vec(), ..asides(trip) };
    let (counsels, me, now) = (&counsels, PersonId::mint(), NOW);
    let (shell, blocks) = (&shell, &blocks()[..]);
    RunPage { shell, duty, trip, offers, board, counsels, blocks, me, now, notice, asides }.to_string()
}

fn sheet(words: Words, name: &str, trip: &Trip) -> Sample {
    let shell = shell(words, "/run/sheet");
    let html = SheetPage { shell: &shell, name: "陈晓", trip, now: NOW }.to_string();
    let labels = html.split("class=\"labels\"").nth(1).unwrap_or_default();
    assert!(!labels.contains("CANARY") && !labels.contains("4521"), "a label on a counter tells no name");
    sample(words, name, html)
}

pub fn samples(words: Words) -> Vec<Sample> {
    let duty = |on| Duty {
        name: "陈晓".into(),
        on,
        at: None,
        seen_at: None,
        quiet_until: Some(NOW.plus_seconds(90)),
        until_at: None,
        sealed_off: !on,
    };
    let rested = Duty { quiet_until: None, until_at: Some(NOW.plus_seconds(7200)), ..duty(true) };
    let page =
        |name: &str, duty: &Duty, stops: Vec<ActiveClaim>, offers: &[OfferCard], board: &[BoardRow], notice: &str| {
            let trip = Trip { trip: None, plan: plan(&stops), stops };
            let told = page_of(words, (duty, &trip), (offers, board), (notice, &[]));
            sample(words, name, told)
        };
    let asked = page("run-offer", &rested, vec![], &[offer()], &board(), "already_claimed");
    // What is shown before a claim is made of types that hold neither door nor name; the page agrees.
    assert!(
        !asked.1.contains("2-501")
            && !asked.1.contains("CANARY")
            && !asked.1.contains("4521")
            && !asked.1.contains("缬沙坦")
    );
    vec![
        asked,
        page("run-to-gate", &rested, vec![carried_to_gate(State::Collected)], &[sealed_offer()], &[], "sealed_off"),
        page("run-from-gate", &rested, from_gate_and_to_gate(), &[], &[], "handed_over"),
        page("run-off", &duty(false), vec![], &[], &[], ""),
        page("run-empty", &duty(true), vec![], &[], &[], "on_duty"),
        page("run-fetch", &rested, vec![claim(State::Claimed, 1380)], &[], &board(), "accepted"),
        page("run-empty-shop", &rested, vec![at_empty_shop()], &[], &[], "told"),
        page("run-named-shop", &rested, vec![ActiveClaim { from: None, ..at_empty_shop() }], &[], &[], "place_named"),
        page(
            "run-bring",
            &rested,
            vec![claim(State::Collected, 1380), claim(State::Claimed, 9000)],
            &[addition(), diversion()],
            &[],
            "",
        ),
        sample(words, "run-trip", page_of(words, (&rested, &bundle()), (&[], &[]), ("", &partly()))),
        sheet(words, "run-sheet", &bundle()),
        sheet(words, "run-sheet-none", &Trip { trip: None, stops: vec![], plan: vec![] }),
        page("run-late", &rested, vec![ActiveClaim { from: None, ..claim(State::Claimed, -720) }], &[], &[], ""),
    ]
}
