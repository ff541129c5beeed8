use proptest::prelude::*;

use super::*;

const fn block(code: &'static str, compound: &'static str, name: &'static str) -> Block<'static> {
    Block { code, compound, name }
}

const BLOCKS: [Block<'static>; 9] = [
    block("MZC-01", "文化六村", "1栋"),
    block("MZC-02", "文化六村", "2栋"),
    block("MZC-03", "文化六村", "3栋"),
    block("MZC-17", "文化六村", "17栋"),
    block("MZC-40", "文化七村", "3栋"),
    block("MZC-41", "文化七村50号", "7栋"),
    block("MZC-50", "奥园", "C区7栋"),
    block("MZC-51", "奥园", "A座"),
    block("MZC-5", "和园", "5 号楼"),
];

/// `MZC-03 2-501`, several joined by ` | `, `? room` for no building.
fn told(text: &str) -> String {
    let door = |door: &Door| format!("{} {}", BLOCKS[door.block].code, door.room);
    match read(text, &BLOCKS) {
        Reading::Nothing => String::new(),
        Reading::One(one) => door(&one),
        Reading::Several(doors) => doors.iter().take(3).map(door).collect::<Vec<_>>().join(" | "),
        Reading::NoBuilding(room) => format!("? {room}"),
    }
}

#[test]
fn the_table_of_cases() {
    for (text, meant) in [
        ("", ""),
        (" \u{3000}\u{200B}", ""),
        // official codes
        ("MZC-07 2-501", "? MZC-07 2-501"),
        ("MZC-03 2-501", "MZC-03 2-501"),
        ("mzc-03 2单元501室", "MZC-03 2-501"),
        ("ＭＺＣ－０３　２－５０１", "MZC-03 2-501"),
        ("MZC-03-2-501", "MZC-03 2-501"),
        ("MZC-51 左边那家", "MZC-51 左边那家"),
        ("MZC-5 1-302", "MZC-5 1-302"),
        ("MZC-51", "MZC-51 "),
        // three numbers: building, unit, room; several compounds have a third building
        ("3-2-501", "MZC-03 2-501 | MZC-40 2-501"),
        ("17-2-501", "MZC-17 2-501"),
        ("017 - 2 - 501", "MZC-17 2-501"),
        ("5/1/302", "MZC-5 1-302"),
        // words
        ("文化六村3栋2单元501", "MZC-03 2-501"),
        ("文化六村三栋二单元五零一", "MZC-03 2-501"),
        ("文化六村 3-2-501", "MZC-03 2-501"),
        ("文化六村十七栋1单元601室", "MZC-17 1-601"),
        ("文化七村50号7栋1-101", "MZC-41 1-101"),
        ("17栋2-501", "MZC-17 2-501"),
        ("7栋2-501", "MZC-41 2-501 | MZC-50 2-501"),
        ("C区7栋2-501", "MZC-50 2-501"),
        ("奥园A座1203", "MZC-51 1203"),
        ("5号楼1单元302", "MZC-5 1-302"),
        ("3栋五楼左边", "MZC-03 五楼左边 | MZC-40 五楼左边"),
        // too little: a person says which building
        ("2-501", "MZC-02 501 | MZC-01 2-501 | MZC-02 2-501"),
        ("501", "? 501"),
        ("2单元501", "? 2-501"),
        ("99-2-501", "? 2-501"),
        ("就是上次那里", "? 就是上次那里"),
    ] {
        assert_eq!(told(text), meant, "{text}");
    }
}

#[test]
fn stairs_and_rooms_are_told_apart_however_they_are_spelled() {
    for (room, unit, key) in [
        ("2-501", Some("2"), "2-501"),
        ("２－５０１室", Some("2"), "2-501"),
        ("2单元501", Some("2"), "2-501"),
        ("二单元五零一", Some("2"), "2-501"),
        ("501", None, "501"),
        ("十二楼3号", None, "十二楼3号"),
        ("三单元五楼左边", Some("3"), "三单元五楼左边"),
    ] {
        assert_eq!((unit_of(room).as_deref(), room_key(room).as_str()), (unit, key), "{room}");
    }
}

#[test]
fn one_room_is_typed_in_many_ways() {
    for typed in ["2-501", "２－５０１", " 2-501 ", "2 - 501\u{200B}", "2单元501", "2-501室"] {
        assert_eq!(room_key(typed), "2-501", "{typed}");
    }
    assert_ne!(room_key("2-502"), room_key("2-501"));
}

proptest! {
    #[test]
    fn nothing_breaks_it_and_every_door_is_one_of_ours(text in "[0-9a-zA-Z \\-栋单元号楼座室村文化六三十一五#，\u{3000}]{0,40}|.{0,60}") {
        let doors = match read(&text, &BLOCKS) {
            Reading::One(one) => vec![one],
            Reading::Several(doors) => { prop_assert!(doors.len() > 1); doors }
            Reading::Nothing | Reading::NoBuilding(_) => vec![],
        };
        prop_assert!(doors.iter().all(|door| door.block < BLOCKS.len()));
        let _ = (unit_of(&text), room_key(&text));
    }

    #[test]
    fn what_we_spell_ourselves_reads_back_as_that_door(block in 0_usize..9, unit in 1_u32..9, room in 101_u32..3999) {
        let text = format!("{} {unit}-{room}", BLOCKS[block].code);
        prop_assert_eq!(read(&text, &BLOCKS), Reading::One(Door { block, room: format!("{unit}-{room}") }));
    }

    #[test]
    fn a_key_is_its_own_key(room in ".{0,40}") {
        let key = room_key(&room);
        prop_assert_eq!(room_key(&key), key.clone());
    }
}
