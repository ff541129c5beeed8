//! A rota, one for all with mistakes in it, and none.

use super::page::RotaPage;
use crate::web::api::WatchBody;
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

fn watch(rung: &str, username: &str, days: &[&str], hours: (&str, &str)) -> WatchBody {
    WatchBody {
        rung: rung.into(),
        username: username.into(),
        days: days.iter().map(|day| (*day).to_owned()).collect(),
        from: hours.0.into(),
        to: hours.1.into(),
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |name: &str, zone: Option<&str>, rows: &[WatchBody], wrong: &[FieldError], notice: &str| {
        let shell = shell(words, "/watch/rota");
        let notice = Notice::from_word(words, notice);
        let elsewhere = zone.is_none().then_some("*");
        let page = RotaPage { shell: &shell, zone, elsewhere, keeps_all: true, rows, wrong, notice };
        sample(words, name, page.to_string())
    };
    let kept = [
        watch("desk", "wang", &["mon", "tue", "wed", "thu", "fri"], ("22:00", "06:00")),
        watch("supervisor", "liu", &["sat", "sun"], ("08:00", "20:00")),
    ];
    let typed = [watch("", "<b>\"nobody", &[], ("25:00", ""))];
    let wrong = [
        FieldError::new("items[0].rung", "required"),
        FieldError::new("items[0].days", "required"),
        FieldError::new("items[0].from", "not_a_time"),
        FieldError::new("items[0].to", "required"),
        FieldError::new("items[0].username", "cannot_answer"),
    ];
    vec![
        page("rota", Some("民主村社区"), &kept, &[], "rota_kept"),
        page("rota-wrong", None, &typed, &wrong, ""),
        page("rota-none", Some("民主村社区"), &[], &[], ""),
    ]
}
