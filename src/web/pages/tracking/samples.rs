//! A request in each state, and a late one.

use super::page::TrackingPage;
use crate::domain::errand::State;
use crate::domain::ids::RequestId;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::views::tracking::{Moment, Tracking};
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
    }
    timeline.push(moment(60, state, None));
    let with_runner = !matches!(state, State::Waiting | State::Offered | State::Cancelled | State::Care);
    Tracking {
        request: RequestId::mint(),
        code: "3K7-PAQC".to_owned(),
        state,
        category: Category::Medicine,
        urgency: Urgency::Red,
        submitted_at: NOW.plus_seconds(-1500),
        deliver_by: NOW.plus_seconds(23 * 60),
        runner_name: with_runner.then(|| "晓峰".to_owned()),
        care_reason: (state == State::Care).then(|| "out_of_stock".to_owned()),
        timeline,
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |tracking: &Tracking, notice: Option<&str>| {
        let notice = notice.and_then(|word| Notice::from_word(words, word));
        TrackingPage { shell: &shell(words, "/r/0123456789abcdefghjkmnpqrs"), tracking, now: NOW, notice }.to_string()
    };
    let of = |state: &State| sample(words, &format!("tracking-{state}"), page(&tracking(*state), None));
    let mut samples: Vec<Sample> = State::ALL.iter().map(of).collect();
    let late = Tracking { deliver_by: NOW.plus_seconds(-12 * 60), ..tracking(State::Offered) };
    samples.push(sample(words, "tracking-late", page(&late, Some("confirmed"))));
    samples
}
