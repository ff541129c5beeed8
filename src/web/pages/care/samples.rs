//! A full inbox, an empty one, one opened in each way, and one that somebody has decided about.

use super::page::{CarePage, OpenPage};
use crate::domain::care::{Why, suggest};
use crate::domain::errand::State;
use crate::domain::urgency::Urgency;
use crate::store::views::care::CareRow;
use crate::web::extract::Fields;
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::web::pages::watch::samples::{row, with_runner};
use crate::web::pages::watch::samples_opened::{opened, ranked};
use crate::words::Words;

fn care(why: Why, held: bool, left_min: i64) -> CareRow {
    let state = if why == Why::LiesAtGate { State::AtGate } else { State::Care };
    let mut row = row("缬沙坦胶囊 2 盒", state, Urgency::Red, left_min);
    if held {
        row = with_runner(row);
    }
    let word = (why == Why::Other).then(|| "too_far".to_owned());
    CareRow { row, why, word, since: NOW.plus_seconds(-600), held, suggestion: suggest(why, held) }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let list = |name: &str, rows: &[CareRow], notice: &str| {
        let (shell, notice) = (shell(words, "/desk/care"), Notice::from_word(words, notice));
        sample(words, name, CarePage { shell: &shell, zone: "民主村社区", rows, now: NOW, notice }.to_string())
    };
    let full: Vec<CareRow> = Why::ALL
        .iter()
        .zip((-20_i64..).step_by(15))
        .flat_map(|(why, left)| [care(*why, false, left), care(*why, true, left)])
        .collect();
    let open = |name: &str, care: Option<&CareRow>, (typed, wrong): (Fields, &[FieldError])| {
        let (shell, opened) = (shell(words, "/desk/care"), opened(State::Care));
        let page = OpenPage {
            shell: &shell,
            opened: &opened,
            care,
            buildings: &[],
            runners: &ranked(),
            phone_of_runner: Some("139 0000 1234"),
            typed: &typed,
            wrong,
            now: NOW,
            notice: None,
        };
        sample(words, name, page.to_string())
    };
    let plain = || (Fields::default(), &[][..]);
    let typed = Fields {
        pairs: vec![("act".into(), "send_again".into()), ("room".into(), "五楼左边".into())],
        ..Fields::default()
    };
    let wrong = [FieldError::new("room", "too_long"), FieldError::new("building", "unknown_building")];
    vec![
        list("care", &full, "decided"),
        list("care-empty", &[], "out_of_turn"),
        open("care-open-address", Some(&care(Why::WrongAddress, false, 12)), plain()),
        open("care-open-held", Some(&care(Why::Released, true, -3)), plain()),
        open("care-open-call", Some(&care(Why::NotReceived, false, 45)), plain()),
        open("care-open-gate", Some(&care(Why::LiesAtGate, false, 45)), plain()),
        open("care-open-wrong", Some(&care(Why::WrongAddress, false, 12)), (typed, &wrong)),
        open("care-open-gone", None, plain()),
    ]
}
