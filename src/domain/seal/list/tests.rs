use std::collections::BTreeMap;

use proptest::prelude::*;

use super::sample::{LINES, MORE};
use super::*;

const DEMO: &str = include_str!("../../../../config/demo/buildings.csv");

/// The demonstration zone and the compounds beside it, every building with an id.
struct Zone {
    rows: Vec<(BuildingId, String, String)>,
}

impl Zone {
    fn new() -> Self {
        let demo = DEMO.lines().skip(1).map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[2].to_owned(), cells[3].to_owned())
        });
        let more = MORE
            .iter()
            .flat_map(|(compound, names)| names.split(' ').map(|name| ((*compound).to_owned(), name.to_owned())));
        Self { rows: demo.chain(more).map(|(compound, name)| (BuildingId::mint(), compound, name)).collect() }
    }

    fn gazetteer(&self) -> Gazetteer {
        let known: Vec<Known<'_>> =
            self.rows.iter().map(|(id, compound, name)| Known { id: *id, compound, name }).collect();
        Gazetteer::of("谢家湾街道", &known)
    }

    /// "盛美居: 1栋 2栋"; `*` is all of it.
    fn named(&self, words: &str) -> BTreeSet<BuildingId> {
        let (compound, names) = words.split_once(": ").unwrap();
        let rows = self
            .rows
            .iter()
            .filter(|(_, of, name)| of == compound && (names == "*" || names.split(' ').any(|n| n == name)));
        let found: BTreeSet<BuildingId> = rows.map(|(id, ..)| *id).collect();
        assert!(names == "*" || found.len() == names.split(' ').count(), "the sample names what is not there: {words}");
        found
    }

    fn compounds(&self) -> BTreeMap<&str, Vec<(u32, BuildingId)>> {
        let mut all: BTreeMap<&str, Vec<(u32, BuildingId)>> = BTreeMap::new();
        for (id, compound, name) in &self.rows {
            if let Some(number) = name.strip_suffix('栋').and_then(|number| number.parse().ok()) {
                all.entry(compound).or_default().push((number, *id));
            }
        }
        all
    }
}

#[test]
fn of_a_hundred_real_lines_nearly_all_are_read_and_none_wrongly() {
    let zone = Zone::new();
    let paste: Vec<&str> = LINES.iter().map(|(line, _)| *line).collect();
    let paste = paste.join("\n");
    let read = zone.gazetteer().read_list(&paste);
    let (mut right, mut missed, mut wrong, mut named) = (0, vec![], vec![], 0);
    for ((line, expected), (typed, verdict)) in LINES.iter().zip(&read) {
        assert_eq!(line, typed);
        named += usize::from(*expected != "-");
        match verdict {
            Verdict::Buildings(found) if *expected != "-" => {
                let found: BTreeSet<BuildingId> = found.iter().copied().collect();
                if found == zone.named(expected) { right += 1 } else { wrong.push(line) }
            }
            Verdict::Buildings(_) => wrong.push(line),
            Verdict::Person { .. } if *expected == "-" => right += 1,
            Verdict::Person { why, .. } => missed.push((line, why)),
        }
    }
    println!("{right} of {} right, {named} name buildings, to a person though clear: {missed:?}", LINES.len());
    assert!(wrong.is_empty(), "wrong buildings: {wrong:?}");
    assert!(right >= 95 && named >= 70, "{right} right; missed: {missed:?}");
}

#[test]
fn a_person_is_told_why() {
    let gazetteer = Zone::new().gazetteer();
    for (line, why) in [
        ("杨家坪街道建设广场A座", Why::OtherStreet),
        ("全部1-19栋", Why::NoCompound),
        ("贤园小区3栋", Why::NoCompound),
        ("盛美居", Why::WholeCompound),
        ("民主村社区整个社区", Why::WholeCommunity),
        ("盛美居5栋", Why::UnknownBuilding),
        ("盛美居3栋2单元", Why::Unclear),
        ("盛美居除永辉超市", Why::Unclear),
        ("盛美居1-4栋，共计5栋", Why::CountDiffers),
        ("金奥园C区1栋", Why::NoCompound),
        ("奥园金域小区1栋", Why::UnknownBuilding),
        ("盛美居1、2", Why::Unclear),
    ] {
        let read = gazetteer.read_list(line);
        assert!(matches!(&read[0].1, Verdict::Person { why: told, .. } if *told == why), "{line}: {read:?}");
    }
}

#[test]
fn two_buildings_of_one_name_are_told_apart_by_nobody() {
    let known = ["1栋", "1号楼"].map(|name| Known { id: BuildingId::mint(), compound: "盛美居", name });
    let read = Gazetteer::of("", &known).read_list("盛美居1栋");
    assert!(matches!(read[0].1, Verdict::Person { why: Why::UnknownBuilding, .. }));
}

proptest! {
    #[test]
    fn a_range_is_exactly_the_numbers_between(of in 0_usize..40, from in 1_u32..45, length in 0_u32..12, style in 0_usize..4) {
        let zone = Zone::new();
        let compounds = zone.compounds();
        let (compound, blocks) = compounds.iter().nth(of % compounds.len()).unwrap();
        let to = from + length;
        let range = match style {
            0 => format!("{from}-{to}栋"),
            1 => format!("{from}栋-{to}栋"),
            2 => format!("{from}至{to}号楼"),
            _ => format!("（{from}～{to}幢）"),
        };
        let wanted: Option<BTreeSet<BuildingId>> =
            (from..=to).map(|number| blocks.iter().find(|(n, _)| *n == number).map(|(_, id)| *id)).collect();
        let line = format!("谢家湾街道{compound}{range}");
        let read = zone.gazetteer().read_list(&line);
        match (&read[0].1, wanted) {
            (Verdict::Buildings(found), Some(wanted)) => prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), wanted),
            (Verdict::Person { .. }, None) => {}
            (verdict, _) => prop_assert!(false, "{}{}: {:?}", compound, range, verdict),
        }
    }

    #[test]
    fn whatever_is_pasted_only_buildings_of_the_zone_come_out(text in "[谢家湾街道盛美居文化六七村1-9０栋幢号楼座、，（）除外共全部AB区二十\\-~ \n]{0,60}", noise in any::<String>()) {
        let zone = Zone::new();
        let all: BTreeSet<BuildingId> = zone.rows.iter().map(|(id, ..)| *id).collect();
        let gazetteer = zone.gazetteer();
        for paste in [text.as_str(), noise.as_str(), &format!("盛美居{text}"), &format!("盛美居{noise}")] {
            for (_, verdict) in gazetteer.read_list(paste) {
                let (Verdict::Buildings(ids) | Verdict::Person { maybe: ids, .. }) = &verdict;
                prop_assert!(ids.iter().all(|id| all.contains(id)), "{}: {:?}", paste, verdict);
                if let Verdict::Buildings(ids) = &verdict { prop_assert!(!ids.is_empty()); }
            }
        }
    }
}
