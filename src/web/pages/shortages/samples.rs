//! Two zones, of which one lacks something; and a day when nothing is short.

use super::page::ShortagesPage;
use crate::domain::ids::{PlaceId, ZoneId};
use crate::domain::stock::shortage::Shortage;
use crate::domain::stock::{ItemKey, Line};
use crate::flow::shortages::{SaidNone, Short};
use crate::store::views::ground::Zone;
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn short(item: &str, strength: Option<&str>, (waiting, claimed): (u32, u32)) -> Short {
    let line = Line { item: item.into(), strength: strength.map(Into::into), unit: Some("盒".into()) };
    let said =
        |name: &str, ago_s: i64| SaidNone { place: name.into(), name: name.into(), at: NOW.plus_seconds(-ago_s) };
    Short {
        shortage: Shortage {
            key: ItemKey::of(item, strength),
            line,
            waiting,
            claimed,
            said_none: vec![(PlaceId::mint(), NOW)],
        },
        said_none: vec![said("和平药房民主村店", 600), said("桐君阁大药房", 5400)],
    }
}

fn zone(code: &str, name: &str) -> Zone {
    Zone {
        id: ZoneId::mint(),
        code: code.into(),
        name: name.into(),
        street: "石桥铺街道".into(),
        district: "九龙坡区".into(),
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |name: &str, zones: &[(Zone, Vec<Short>)], notice: &str| {
        let (shell, notice) = (shell(words, "/watch/shortages"), Notice::from_word(words, notice));
        let only = (zones.len() == 1).then_some("MZC");
        sample(words, name, ShortagesPage { shell: &shell, zones, only, now: NOW, notice }.to_string())
    };
    let lacking = vec![short("缬沙坦胶囊", Some("80mg"), (3, 1)), short("左甲状腺素钠片", None, (0, 1))];
    vec![
        page("shortages", &[(zone("MZC", "民主村社区"), lacking), (zone("SQP", "石桥铺社区"), vec![])], "put_before"),
        page("shortages-none", &[(zone("MZC", "民主村社区"), vec![])], "not_short"),
    ]
}
