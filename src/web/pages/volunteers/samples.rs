//! The form fresh, refused and sent before; who waits, or nobody; a link.

use super::form::{ThanksPage, VolunteerForm};
use super::page::{LinkPage, VolunteersPage};
use crate::domain::actor::Skill;
use crate::domain::geo::Point;
use crate::domain::ids::{BuildingId, VolunteerId, ZoneId};
use crate::domain::seal::Seal;
use crate::store::views::ground::{Building, Zone};
use crate::store::views::volunteers::{KnownAs, Runner, Waiting};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn building(code: &str, compound: &str) -> Building {
    let at = Point::new(29.5, 106.5);
    Building {
        id: BuildingId::mint(),
        code: code.into(),
        zone_id: ZoneId::mint(),
        compound: compound.into(),
        name: "7栋".into(),
        lat: at.lat,
        lon: at.lon,
        floors: None,
        lift: None,
        seal: Seal::Open,
        sealed_until: None,
        gate_lat: None,
        gate_lon: None,
    }
}

fn zone(code: &str, name: &str) -> Zone {
    Zone { id: ZoneId::mint(), code: code.into(), name: name.into(), street: "街".into(), district: "区".into() }
}

fn form(words: Words, name: &str, (typed, errors): (&Typed, &[FieldError]), sent_before: bool) -> Sample {
    let buildings = [building("MZC-07", "盛美居"), building("MZC-08", "盛美居"), building("MZC-30", "子龙公寓")];
    let zones = [zone("MZC", "民主村社区"), zone("YP", "杨坪<社区>")];
    let shell = shell(words, "/volunteer");
    let page =
        VolunteerForm { shell: &shell, buildings: &buildings, zones: &zones, typed, errors, key: "key", sent_before };
    sample(words, name, page.to_string())
}

fn waiting(known: Vec<KnownAs>) -> Waiting {
    let full = !known.is_empty();
    Waiting {
        id: VolunteerId::mint(),
        name: "陈<小明>".into(),
        phone: "138 0000 0000".into(),
        email: full.then(|| "chen@example.org".into()),
        building: full.then(|| ("MZC-07".into(), "盛美居".into(), "7栋".into())),
        skills: if full { Skill::ALL.to_vec() } else { Vec::new() },
        free_when: full.then(|| "每天晚上".into()),
        made_at: NOW.plus_seconds(-4000),
        known,
    }
}

fn runner(username: &str, (password, link_until, link_used): (bool, bool, bool)) -> Runner {
    Runner {
        username: username.into(),
        name: "向建国".into(),
        has_password: password,
        link_until: link_until.then(|| NOW.plus_seconds(80_000)),
        link_used_at: link_used.then(|| NOW.plus_seconds(-80_000)),
        free_when: link_used.then(|| "周末".into()),
    }
}

fn list(words: Words, name: &str, (waiting, runners): (&[Waiting], &[Runner]), notice: &str) -> Sample {
    let shell = shell(words, "/watch/volunteers");
    let page = VolunteersPage {
        shell: &shell,
        zone: "民主村社区",
        elsewhere: (!waiting.is_empty()).then_some("MZC"),
        waiting,
        count: i64::try_from(waiting.len()).unwrap_or_default() * 2,
        runners: &runners.iter().collect::<Vec<_>>(),
        fitting: runners.len() * 3,
        q: "r0\"",
        now: NOW,
        notice: Notice::from_word(words, notice),
    };
    sample(words, name, page.to_string())
}

pub fn samples(words: Words) -> Vec<Sample> {
    let typed: Typed = [
        ("name", ""),
        ("phone", "\"12"),
        ("building", "MZC-08"),
        ("skills", "cart"),
        ("free_when", "晚上"),
        ("email", "x"),
    ]
    .into_iter()
    .collect();
    let errors = [("name", "required"), ("phone", "not_a_phone"), ("email", "not_an_email"), ("zone", "required")];
    let errors = errors.map(|(field, code)| FieldError::new(field, code));
    let account = |closed| KnownAs::Account { username: "r001".into(), closed };
    let known = vec![account(false), account(true), KnownAs::Elsewhere, KnownAs::OfferedTwice];
    let declined = vec![KnownAs::Declined("enough_runners".into())];
    let runners = [
        runner("r091", (false, true, false)),
        runner("r090", (false, false, true)),
        runner("r002", (true, false, false)),
        runner("r001", (false, false, false)),
    ];
    let link = |name: &str, by_letter: bool| {
        let url = "https://paotui.example/sign-in/0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk";
        let page = LinkPage {
            shell: &shell(words, "/watch/volunteers"),
            name: "陈小明",
            username: "r091",
            url,
            expires_at: NOW.plus_seconds(86_400),
            by_letter,
            elsewhere: by_letter.then_some("MZC"),
            now: NOW,
        };
        sample(words, name, page.to_string())
    };
    vec![
        form(words, "volunteer", (&Typed::default(), &[]), false),
        form(words, "volunteer-wrong", (&typed, &errors), false),
        form(words, "volunteer-sent-before", (&typed, &[]), true),
        sample(words, "volunteer-thanks", ThanksPage { shell: &shell(words, "/volunteer/thanks") }.to_string()),
        list(words, "volunteers", (&[waiting(known), waiting(declined), waiting(Vec::new())], &runners), ""),
        list(words, "volunteers-none", (&[], &[]), "help_declined"),
        link("volunteers-link", false),
        link("volunteers-link-letter", true),
    ]
}
