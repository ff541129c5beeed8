//! A long afternoon of calls, and nothing to do.

use super::page::HomesPage;
use crate::domain::ids::{HouseholdId, RequestId};
use crate::domain::request::Care;
use crate::domain::silence::Silent;
use crate::domain::supply::Cause;
use crate::store::views::homes::HomeCard;
use crate::store::views::supplies::{Due, Reach};
use crate::web::api::{DueCall, SilentHome};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn home(name: &str, phone: Option<&str>, tried: bool) -> SilentHome {
    let card = HomeCard {
        id: HouseholdId::mint(),
        building: "MZC-03".into(),
        building_name: "文化六村 3栋".into(),
        room: "2-501".into(),
        floor: Some(5),
        name: name.into(),
        phone: phone.map(Into::into),
        care: vec![Care::ElderlyAlone, Care::NoLift],
    };
    (Silent { home: card.id, neighbours: 3, tried_at: tried.then(|| NOW.plus_seconds(-86_400)) }, card)
}

fn due(item: &str, cause: Cause, reach: bool) -> DueCall {
    let due = Due {
        request: RequestId::mint(),
        item: item.into(),
        strength: Some("80mg".into()),
        quantity: 2,
        unit: "盒".into(),
        cause,
        until: (cause != Cause::Ask).then(|| NOW.plus_seconds(2 * 86_400)),
        delivered_at: NOW.plus_seconds(-2 * 86_400),
        building: "MZC-03".into(),
        building_name: "文化六村 3栋".into(),
    };
    let told = Reach { room: "2-501".into(), name: "王阿姨".into(), phone: "138 0000 0000".into() };
    (due, reach.then_some(told))
}

pub fn samples(words: Words) -> Vec<Sample> {
    let silent = [home("王阿姨<", Some("138 0000 0000"), false), home("何嬢嬢", None, true)];
    let calls =
        [due("\"缬沙坦\"", Cause::Told, true), due("氯沙坦", Cause::Counted, true), due("米氮平", Cause::Ask, false)];
    let page = |name: &str, days: i64, silent: &[SilentHome], due: &[DueCall], notice: &str| {
        let (shell, notice) = (shell(words, "/desk/households"), Notice::from_word(words, notice));
        sample(
            words,
            name,
            HomesPage { shell: &shell, zone: "民主村社区", days, silent, due, now: NOW, notice }.to_string(),
        )
    };
    vec![page("homes", 3, &silent, &calls, "called"), page("homes-empty", 9, &[], &[], "")]
}
