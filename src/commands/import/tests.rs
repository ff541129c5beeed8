use super::kinds::{Building, Household, Kind, Person, Place, Zone};
use super::*;
use crate::flow::password;

const NOW: At = At::from_seconds(1_800_000_000);
const ZONES: &str = "zone,name,street,district\nMZC,民主村社区,谢家湾街道,九龙坡区\n";
const BUILDINGS: &str = "building,zone,compound,name,lat,lon,floors,lift,seal,gate_lat,gate_lon\n\
    MZC-01,MZC,文化六村,1栋,29.529516,106.524223,8,no,sealed,29.528966,106.524137\n\
    MZC-02,MZC,,2栋,29.5,106.5,,,,,\n";

fn mistakes<K: Kind>(csv: &str) -> Vec<String> {
    table::parse::<K>(csv.as_bytes()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn count<K: Kind>(csv: &str) -> usize {
    table::parse::<K>(csv.as_bytes()).map_err(|wrongs| wrongs.len()).unwrap().len()
}

async fn house() -> (Db, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}/paotui.db", folder.path().display())).unwrap();
    db.migrate().await.unwrap();
    (db, folder)
}

async fn brought(db: &Db, what: What, csv: &str) -> Result<usize, Vec<String>> {
    match import(db, what, csv.as_bytes(), NOW, false).await {
        Ok(rows) => Ok(rows),
        Err(Stopped::Wrong(wrongs)) => Err(wrongs.iter().map(ToString::to_string).collect()),
        Err(Stopped::Store(error)) => panic!("{error}"),
    }
}

#[test]
fn the_header_is_required_and_each_column_that_differs_is_named() {
    assert_eq!(mistakes::<Zone>("MZC,民主村社区,谢家湾街道,九龙坡区\n").len(), 8, "four missing, four unknown");
    let told = mistakes::<Zone>("zone,name,street,colour,zone\n");
    assert!(told[0].starts_with("line 1, column district: is missing"), "{told:?}");
    assert!(told[1].starts_with("line 1, column colour: is not known"), "{told:?}");
    assert_eq!(told[2], "line 1, column zone: stands there twice");
    assert_eq!(mistakes::<Zone>("").len(), 4);
}

#[test]
fn columns_may_stand_in_any_order_and_a_byte_order_mark_is_no_matter() {
    assert_eq!(count::<Zone>("\u{FEFF}name,zone,district,street\n民主村社区,MZC,,\n"), 1);
    assert_eq!(count::<Zone>("zone,name,street,district\r\n\"MZC\",\"a, \"\"b\"\"\",,\r\n\r\n"), 1);
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_by_line_and_column() {
    let told = mistakes::<Building>(
        "building,zone,compound,name,lat,lon,floors,lift,seal,gate_lat,gate_lon\n\
         A,MZC,c,1栋,91,abc,0,maybe,shut,29.5,\n\
         A B,,c,,29.5,106.5,8,yes,open,,\n\
         C,MZC,c,3栋,29.5\n",
    );
    let expected = [
        "line 2, column lat: '91' is not degrees from -90 to 90",
        "line 2, column lon: 'abc' is not degrees from -180 to 180",
        "line 2, column floors: '0' is not a whole number from 1 to 200",
        "line 2, column lift: 'maybe' is neither yes nor no",
        "line 2, column seal: 'shut' is none of: open, sealed, stairs_only",
        "line 2, column gate_lon: is empty: it goes together with gate_lat",
        "line 3, column building: 'A B' is no code: use letters, digits and '-'",
        "line 3, column zone: is empty",
        "line 3, column name: is empty",
        "line 4: has 5 fields, the header has 11",
    ];
    assert_eq!(told, expected);
}

#[test]
fn hours_run_to_midnight_and_come_in_pairs() {
    let header = "place,zone,kind,name,lat,lon,opens,closes,phone\n";
    assert_eq!(count::<Place>(&format!("{header}P1,MZC,pharmacy,药房,29.5,106.5,00:00,24:00,023-5550-0101\n")), 1);
    let told = mistakes::<Place>(&format!("{header}P1,MZC,kiosk,药房,29.5,106.5,8:00,,call me\n"));
    assert!(told[0].contains("column kind: 'kiosk' is none of: pharmacy"), "{told:?}");
    assert!(told[1].contains("column closes: is empty"), "{told:?}");
    assert!(told[2].contains("column opens: '8:00' is no time of the day"), "{told:?}");
    assert!(told[3].contains("column phone: is no telephone number"), "{told:?}");
}

#[test]
fn a_person_has_known_roles_and_a_hash_instead_of_a_password() {
    let header = "username,name,roles,zone,phone,email,building,skills,password_hash\n";
    let phc = password::hash("correct horse").unwrap();
    assert_eq!(count::<Person>(&format!("{header}r001,向建国,runner;supervisor,MZC,,,,e-bike,\"{phc}\"\n")), 1);
    let told = mistakes::<Person>(&format!("{header}r 1,,walker,MZC,,nobody,,flying,hunter2\n"));
    let columns: Vec<&str> = told.iter().filter_map(|line| line.split("column ").nth(1)?.split(':').next()).collect();
    assert_eq!(columns, ["username", "name", "roles", "email", "skills", "password_hash"]);
    assert!(told.iter().all(|line| !line.contains("hunter2")), "a password is never repeated: {told:?}");
}

#[test]
fn the_same_row_twice_in_a_file_is_refused() {
    let told = mistakes::<Zone>("zone,name,street,district\nMZC,a,,\nXZC,b,,\nMZC,c,,\n");
    assert_eq!(told, ["line 4, column zone: 'MZC' stands on line 2 already"]);
    let header = "building,room,name,phone,care\n";
    assert_eq!(
        count::<Household>(&format!("{header}A,1-1,,,\nA,1-2,,,elderly_alone;infant\n")),
        2,
        "a door is building and room"
    );
    assert_eq!(mistakes::<Household>(&format!("{header}A,1-1,,,\nA,1-1,,,\n")).len(), 1);
}

#[test]
fn a_file_in_another_encoding_is_told_by_its_line() {
    let gbk = b"zone,name,street,district\nMZC,\xC3\xF1\xD6\xF7,,\n";
    let told = table::parse::<Zone>(gbk).err().unwrap();
    assert_eq!(told[0].line, 2);
}

#[tokio::test]
async fn a_row_that_refers_to_nothing_stops_the_whole_file() {
    let (db, _folder) = house().await;
    let told = brought(&db, What::Buildings, BUILDINGS).await.unwrap_err();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], "line 2, column zone: there is no zone 'MZC': import zones first");
    brought(&db, What::Zones, ZONES).await.unwrap();
    let told = brought(&db, What::Buildings, &format!("{BUILDINGS}X,OTHER,,1栋,29.5,106.5,,,,,\n")).await.unwrap_err();
    assert_eq!(told, ["line 4, column zone: there is no zone 'OTHER': import zones first"]);
    let kept = db.read(async |conn| store::zones::list_buildings(conn).await).await.unwrap();
    assert!(kept.is_empty(), "the good rows of a bad file are not kept");
}

#[tokio::test]
async fn importing_again_updates_and_an_empty_seal_leaves_the_seal() {
    let (db, _folder) = house().await;
    brought(&db, What::Zones, ZONES).await.unwrap();
    brought(&db, What::Buildings, BUILDINGS).await.unwrap();
    let again = BUILDINGS.replace("1栋", "一栋").replace(",sealed,", ",,");
    assert_eq!(brought(&db, What::Buildings, &again).await, Ok(2));
    let kept = db.read(async |conn| store::zones::list_buildings(conn).await).await.unwrap();
    let first = kept.iter().find(|building| building.code == "MZC-01").unwrap();
    assert_eq!((kept.len(), first.name.as_str(), first.seal.as_str()), (2, "一栋", "sealed"));
}

#[tokio::test]
async fn a_dry_run_checks_everything_and_keeps_nothing() {
    let (db, _folder) = house().await;
    assert!(matches!(import(&db, What::Zones, ZONES.as_bytes(), NOW, true).await, Ok(1)));
    assert!(db.read(async |conn| store::zones::list(conn).await).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_demonstration_zone_comes_in_twice_without_a_mistake() {
    let (db, _folder) = house().await;
    for _ in 0..2 {
        for (what, csv, rows) in [
            (What::Zones, include_str!("../../../config/demo/zones.csv"), 1),
            (What::Buildings, include_str!("../../../config/demo/buildings.csv"), 98),
            (What::Places, include_str!("../../../config/demo/places.csv"), 14),
            (What::People, include_str!("../../../config/demo/people.csv"), 96),
            (What::Households, include_str!("../../../config/demo/households.csv"), 400),
        ] {
            assert_eq!(brought(&db, what, csv).await, Ok(rows), "{}", what.as_str());
        }
    }
}

#[tokio::test]
async fn homes_come_in_with_their_care_flags_or_not_at_all() {
    let (db, _folder) = house().await;
    brought(&db, What::Zones, ZONES).await.unwrap();
    brought(&db, What::Buildings, BUILDINGS).await.unwrap();
    let header = "building,room,name,phone,care\n";
    let good = "MZC-01,2-501,王阿姨,138 0000 0000,elderly_alone;no_lift\n";
    let bad = format!("{header}{good}MZC-01,,李,call me,elderly\nMZC-09,1-1,,,\n");
    let told = brought(&db, What::Households, &bad).await.unwrap_err();
    let expected = [
        "line 3, column room: is empty",
        "line 3, column phone: is no telephone number of 5 to 20 digits",
        "line 3, column care: 'elderly' is none of: elderly_alone, pregnant, infant, disabled, dialysis, chemo, infected, no_lift",
    ];
    assert_eq!(told, expected);
    let stranger = format!("{header}{good}MZC-09,1-1,,,\n");
    let told = brought(&db, What::Households, &stranger).await.unwrap_err();
    assert_eq!(told, ["line 3, column building: there is no building 'MZC-09': import buildings first"]);
    assert!(homes_of(&db).await.is_empty(), "the good row of a bad file is not kept");
    assert_eq!(brought(&db, What::Households, &format!("{header}{good}")).await, Ok(1));
    let again = good.replace("elderly_alone;no_lift", "dialysis");
    assert_eq!(brought(&db, What::Households, &format!("{header}{again}")).await, Ok(1));
    let homes = homes_of(&db).await;
    let home = homes.first().unwrap();
    assert_eq!((homes.len(), home.room.as_str(), home.phone.as_deref()), (1, "2-501", Some("138 0000 0000")));
    assert_eq!(home.care, [crate::domain::request::Care::Dialysis], "importing again updates");
}

async fn homes_of(db: &Db) -> Vec<store::views::homes::HomeCard> {
    db.read(async |conn| {
        let building = store::zones::find_building(conn, "MZC-01").await?.unwrap();
        let ids = store::views::homes::list_of_building(conn, building.id).await?;
        store::views::homes::list_cards(conn, building.zone_id, &ids).await
    })
    .await
    .unwrap()
}
