//! A zone that has learned a little, and one that begins.

use super::page::{DispatchPage, Usual};
use crate::domain::ids::{SubjectId, ZoneId};
use crate::domain::learning::{Habit, Lesson, What};
use crate::domain::urgency::Urgency;
use crate::store::views::dispatch::{Dials, HabitRow};
use crate::store::views::load::Load;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn row(subject: &str, what: What, hour: i32, (n, total): (u32, f64)) -> HabitRow {
    let subject_id = SubjectId::mint();
    let habit = Habit { subject: subject_id, what, hour, n, total, last_at: NOW.plus_seconds(-400) };
    HabitRow { subject: subject.into(), habit }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let usual = Usual { bags: 6, cart_bags: 12, counter_s: 150.0, speed_mps: 1.3 };
    let learned = [
        row("陈晓", What::Accepts, Lesson::ANY_HOUR, (40, 33.0)),
        row("陈晓", What::Answers, Lesson::ANY_HOUR, (40, 720.0)),
        row("和平药房民主村店", What::Counter, Lesson::ANY_HOUR, (12, 2900.0)),
        row("", What::Speed, 9, (75, 90.0)),
    ];
    let page = |name: &str, dials: Dials, habits: &[HabitRow], notice: &str| {
        let shell = shell(words, "/watch/dispatch");
        let paused = dials.trained_only.then(|| "单子太多，晚上八点再收不急的".to_owned());
        let load = Load { at: NOW, half: vec![(Urgency::Red, 12, Some(3120))], waiting: 9, paused };
        let notice = Notice::from_word(words, notice);
        let page = DispatchPage {
            shell: &shell,
            zone: "民主村社区",
            elsewhere: None,
            dials,
            usual,
            habits,
            load: &load,
            now: NOW,
            notice,
        };
        sample(words, name, page.to_string())
    };
    let fresh = Dials::untouched(ZoneId::mint());
    let turned = Dials { patience_s: 420, bags: Some(4), trained_only: true, price: 0.02, ..fresh };
    vec![page("dispatch", turned, &learned, "dials"), page("dispatch-fresh", fresh, &[], "dials_wrong")]
}
