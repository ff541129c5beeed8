//! A request in each state, and a late one.

use super::page::TrackingPage;
use crate::domain::actor::{ActorRole, Role};
use crate::domain::alarm::Rung;
use crate::domain::errand::State;
use crate::domain::fetched::Got;
use crate::domain::follow_up::Kind;
use crate::domain::ids::RecurrenceId;
use crate::domain::ids::{QuestionId, RequestId, ZoneId};
use crate::domain::money::Fen;
use crate::domain::proof::Proved;
use crate::domain::question::{About, Choice};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::flow::follow_up::Holder;
use crate::store::views::follow_ups::{After, Recurs};
use crate::store::views::load::Load;
use crate::store::views::tracking::{Asked, Differs, Look, Moment, Tracking};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn tracking(state: State) -> Tracking {
    let moment = |ago_s: i64, state, note: Option<&str>| Moment {
        at: NOW.plus_seconds(-ago_s),
        state,
        note: note.map(ToOwned::to_owned),
    };
    let mut timeline =
        vec![moment(1500, State::Waiting, Some("submitted")), moment(1440, State::Offered, Some("offer"))];
    if !matches!(state, State::Waiting | State::Offered | State::Cancelled) {
        timeline.push(moment(1400, State::Claimed, Some("accept")));
        timeline.push(moment(600, State::Collected, Some("no such word")));
        timeline.push(moment(90, State::Collected, Some("undone")));
    }
    timeline.push(moment(60, state, None));
    let with_runner = !matches!(state, State::Waiting | State::Offered | State::Cancelled | State::Care);
    Tracking {
        request: RequestId::mint(),
        zone: ZoneId::mint(),
        code: "3K7-PAQC".to_owned(),
        state,
        category: Category::Medicine,
        urgency: Urgency::Red,
        submitted_at: NOW.plus_seconds(-1500),
        deliver_by: NOW.plus_seconds(23 * 60),
        runner_name: with_runner.then(|| "晓峰".to_owned()),
        care_reason: (state == State::Care).then(|| "out_of_stock".to_owned()),
        now_with: None,
        money: (state == State::Delivered).then_some((Fen(6340), Fen(6000))),
        proved: matches!(state, State::Delivered | State::Closed).then_some(Proved::Code),
        timeline,
        questions: Vec::new(),
        differing: Vec::new(),
        looks: vec![
            Look { at: NOW.plus_seconds(-60), role: Role::Desk, name: None },
            Look { at: NOW.plus_seconds(-1400), role: Role::Runner, name: Some("晓峰".to_owned()) },
        ],
    }
}

fn asked(position: i32, about: About, answer: Option<Choice>) -> Asked {
    Asked {
        id: QuestionId::mint(),
        position,
        alone: position == 1,
        about,
        offer: (about == About::OtherMaker && answer.is_none()).then(|| "鲁南制药的".to_owned()),
        asked_at: NOW.plus_seconds(-120),
        answer: answer.map(|choice| (choice, NOW.plus_seconds(-60))),
        answered_by: answer.map(|_| ActorRole::Resident),
        open: answer.is_none(),
    }
}

fn load(half: Option<i64>) -> Load {
    let half = Urgency::ALL.iter().map(|urgency| (*urgency, 12, half)).collect();
    Load { at: NOW, half, waiting: 4, paused: None }
}

/// Asked when it was delivered; what was closed comes again, unless somebody else asked for it.
fn after(state: State, joined: bool) -> After {
    let recurs = Recurs {
        id: RecurrenceId::mint(),
        request: RequestId::mint(),
        code: "3K7-PAQC".to_owned(),
        building_name: String::new(),
        items: String::new(),
        next_on: "2022-12-20".to_owned(),
        every_days: Some(30),
    };
    After {
        kind: (state == State::Delivered).then_some(Kind::Medicine),
        due_at: Some(NOW.plus_seconds(2700)),
        recurs: (state == State::Care && !joined).then_some(recurs),
        ..After::default()
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |tracking: &Tracking, notice: Option<&str>, half: Option<i64>| {
        let (shell, load) = (shell(words, "/r/0123456789abcdefghjkmnpqrs"), load(half));
        let notice = notice.and_then(|word| Notice::from_word(words, word));
        let joined = half.is_some();
        let holder = Holder { request: tracking.request, may_act: !joined, joined };
        let after = after(tracking.state, joined);
        TrackingPage { shell: &shell, tracking, after: &after, load: &load, holder, now: NOW, notice }.to_string()
    };
    let of = |state: &State| sample(words, &format!("tracking-{state}"), page(&tracking(*state), None, None));
    let mut samples: Vec<Sample> = State::ALL.iter().map(of).collect();
    let late = Tracking { deliver_by: NOW.plus_seconds(-12 * 60), ..tracking(State::Offered) };
    for rung in Rung::ALL.iter().filter(|rung| **rung > Rung::Runner) {
        let with = Tracking { now_with: Some((*rung, NOW.plus_seconds(-300))), ..tracking(State::Waiting) };
        samples.push(sample(words, &format!("tracking-with-{rung}"), page(&with, None, None)));
    }
    samples.push(sample(words, "tracking-late", page(&late, Some("confirmed"), None)));
    let questions = vec![
        asked(1, About::OutOfStock, None),
        asked(2, About::OtherMaker, None),
        asked(3, About::OutOfStock, Some(Choice::Swap)),
        asked(0, About::OutOfStock, None),
        asked(0, About::OutOfStock, Some(Choice::Swap)),
    ];
    let differs = |position, got| Differs { position, alone: position == 1, got, at: NOW.plus_seconds(-30) };
    let differing = vec![differs(1, Got::Swap), differs(2, Got::HasNot)];
    let asking = Tracking { questions, differing, looks: Vec::new(), ..tracking(State::Claimed) };
    samples.push(sample(words, "tracking-asked", page(&asking, Some("answered"), Some(2400))));
    samples
}
