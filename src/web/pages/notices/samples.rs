//! Two notices hanging and a form refused; nothing hanging.

use super::page::NoticesPage;
use crate::domain::ids::NoticeId;
use crate::store::views::notices::Posted;
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn posted(english: bool) -> Posted {
    Posted {
        id: NoticeId::mint(),
        title: "明早七点做核酸".into(),
        said: "请在家等，<不要>下楼。\n会有人敲门。".into(),
        title_en: english.then(|| "Tests tomorrow at seven".into()),
        said_en: english.then(|| "Stay at home; somebody will knock.".into()),
        until_at: NOW.plus_seconds(50_000),
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let typed: Typed = [("notice_title", ""), ("notice_text", "a\"b"), ("until", "week")].into_iter().collect();
    let errors = [FieldError::new("notice_title", "required"), FieldError::new("until", "not_a_word")];
    let page = |name: &str, hanging: &[Posted], typed: &Typed, errors: &[FieldError], notice: &str| {
        let (shell, notice) = (shell(words, "/watch/notices"), Notice::from_word(words, notice));
        let page = NoticesPage { shell: &shell, zone: "民主村社区", hanging, typed, errors, now: NOW, notice };
        sample(words, name, page.to_string())
    };
    vec![
        page("notices", &[posted(true), posted(false)], &typed, &errors, ""),
        page("notices-none", &[], &Typed::default(), &[], "taken_down"),
    ]
}
