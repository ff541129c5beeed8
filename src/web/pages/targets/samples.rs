//! A zone that has set nothing, one with a history, and a form that cannot be.

use super::page::{TargetsPage, Typed};
use crate::domain::target::Target;
use crate::domain::urgency::Urgency;
use crate::store::views::targets::{Changed, Shown};
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn changed(urgency: Urgency, claim_s: i32, days: i64) -> Changed {
    let target = Target { claim_s, deliver_s: 3600 };
    Changed {
        urgency, target, valid_from: NOW.plus_seconds(-86_400 * days), by: (days < 9).then(|| "李主任".into())
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let history = vec![changed(Urgency::Red, 420, 1), changed(Urgency::Yellow, 630, 2), changed(Urgency::Red, 600, 9)];
    let standing = |urgency: &Urgency| {
        let set = history.iter().find(|changed| changed.urgency == *urgency);
        set.map_or((*urgency, Target::usual(*urgency), None), |set| (*urgency, set.target, Some(set.valid_from)))
    };
    let set = Shown { now: Urgency::ALL.iter().map(standing).collect(), history: history.clone() };
    let usual = |urgency: &Urgency| (*urgency, Target::usual(*urgency), None);
    let fresh = Shown { now: Urgency::ALL.iter().map(usual).collect(), history: vec![] };
    let page = |name: &str, shown: &Shown, (typed, errors): (&Typed, &[FieldError]), notice: &str| {
        let shell = shell(words, "/watch/targets");
        let notice = Notice::from_word(words, notice);
        let page =
            TargetsPage {
                shell: &shell, zone: "民主村社区", elsewhere: None, shown, typed, errors, now: NOW, notice
            };
        sample(words, name, page.to_string())
    };
    let typed: Typed = [("red_claim_min".to_owned(), "soon".to_owned())].into();
    let errors = [FieldError::new("red.claim_s", "out_of_range")];
    let nothing = (&Typed::new(), &[][..]);
    vec![
        page("targets", &set, nothing, "targets"),
        page("targets-fresh", &fresh, nothing, ""),
        page("targets-wrong", &set, (&typed, &errors), ""),
    ]
}
