//! A zone with and without seals, a refused form, and a list read.

use super::page::SealsPage;
use super::preview::PreviewPage;
use crate::domain::ids::BuildingId;
use crate::domain::seal::Seal;
use crate::domain::seal::list::{Gazetteer, Known};
use crate::store::views::seals::{Block, Overview, Planned};
use crate::web::pages::form::{FieldError, Typed};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn block(number: u32, seal: Seal) -> Block {
    Block {
        id: BuildingId::mint(),
        code: format!("MZC-{number:02}"),
        compound: "盛美居".into(),
        name: format!("{number}栋"),
        seal,
        until: None,
        source: None,
        planned: None,
    }
}

fn overview(blocks: Vec<Block>) -> Overview {
    Overview { zone: "民主村社区".into(), code: "MZC".into(), street: "谢家湾街道".into(), blocks }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let until = Some(NOW.plus_seconds(86_400 * 3));
    let planned = Planned { seal: Seal::Sealed, from: NOW.plus_seconds(7200), until };
    let sealed = overview(vec![
        Block { until, source: Some("谢家湾街道盛美居1栋".into()), ..block(1, Seal::Sealed) },
        block(2, Seal::StairsOnly),
        Block { planned: Some(planned), ..block(3, Seal::Open) },
        block(4, Seal::Open),
    ]);
    let open = overview(vec![block(1, Seal::Open)]);
    let typed: Typed =
        [("building", "MZC-01"), ("seal", "open"), ("until", "2020-01-01T00:00"), ("list", "x")].into_iter().collect();
    let wrong = [FieldError::new("until", "out_of_range"), FieldError::new("building", "required")];
    let shell = shell(words, "/watch/seals");
    let page = |name: &str, overview: &Overview, (typed, wrong): (&Typed, &[FieldError]), notice: &str| {
        let notice = Notice::from_word(words, notice);
        let page = SealsPage { shell: &shell, overview, elsewhere: Some("MZC"), typed, wrong, now: NOW, notice };
        sample(words, name, page.to_string())
    };
    let read = |name: &str, list: &str, (typed, wrong): (&Typed, &[FieldError])| {
        let known: Vec<Known<'_>> =
            sealed.blocks.iter().map(|b| Known { id: b.id, compound: &b.compound, name: &b.name }).collect();
        let lines = Gazetteer::of(&sealed.street, &known).read_list(list);
        let page = PreviewPage { shell: &shell, overview: &sealed, elsewhere: None, lines: &lines, typed, wrong };
        sample(words, name, page.to_string())
    };
    let none = (&Typed::default(), &[][..]);
    vec![
        page("seals", &sealed, none, "sealed"),
        page("seals-none", &open, none, "seals_none"),
        page("seals-refused", &sealed, (&typed, &wrong), ""),
        read(
            "seals-preview",
            "谢家湾街道盛美居1栋、2栋\n盛美居1-2栋\n盛美居\n盛美居9栋\n整个社区\n杨家坪街道盛美居1栋",
            none,
        ),
        read("seals-preview-refused", "盛美居1栋\n盛美居3栋2单元", (&typed, &wrong)),
        read("seals-preview-unsure", "子龙公寓", none),
    ]
}
