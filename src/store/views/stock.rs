//! What shops should be asked now, for the desk and for the shop itself. Nothing of a resident is in these types: no
//! block, no door, no name.
//!
//! The viewer's right to the zone, or to the shop, is checked by the door before any of these is called.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::geo::Point;
use crate::domain::ids::{PlaceId, RequestId, ZoneId};
use crate::domain::place::Counter;
use crate::domain::request::Category;
use crate::domain::stock::{Found, ItemKey, Line, Question, Seen, Shops, Sighting, Wanted};
use crate::domain::urgency::Urgency;
use crate::store::places::{self, Place};
use crate::store::schema::{buildings, errands, items, requests};
use crate::store::sightings;
use crate::store::{Conn, Result, with};

/// Of the errands that wait, the most pressing ones are asked about; more nobody can telephone for.
const MOST: i64 = 500;
/// What was told earlier than this is not shown beside a question any more.
const REMEMBERED_S: i64 = 24 * 3600;

/// The present moment, and its minute of the local day.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub now: At,
    pub minute: i32,
}

/// A place where medicine is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    pub id: PlaceId,
    pub code: String,
    pub name: String,
    pub phone: Option<String>,
    /// By its hours.
    pub open: bool,
    /// Somebody has just stood before a shut door.
    pub seems_shut: bool,
}

/// One thing to ask one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockQuestion {
    pub item: String,
    pub strength: Option<String>,
    pub unit: Option<String>,
    pub errands: u32,
    pub urgency: Urgency,
    pub deliver_by: At,
    pub last: Option<Sighting>,
}

/// A shop with what it should be asked; for nothing to ask, an empty list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedShop {
    pub shop: Shop,
    pub questions: Vec<StockQuestion>,
}

/// Every place of the zone where medicine is fetched, or which was named, with its questions: those with the most urgent
/// ones first, those with nothing to ask last.
///
/// # Errors
/// The store's.
pub async fn list_shops(conn: &mut Conn, zone: ZoneId, moment: Moment) -> Result<Vec<AskedShop>> {
    let places = places::list(conn, zone).await?;
    let seen = sightings::list_since(conn, zone, moment.now.plus_seconds(-REMEMBERED_S)).await?;
    let wanted = list_wanted(conn, zone).await?;
    Ok(by_shop(&places, &seen, &wanted, moment))
}

/// What this shop is asked. A shop that said it was shut is asked all the same: on its own page the answer is how it
/// says that it is open again.
///
/// # Errors
/// The store's.
pub async fn find_shop(conn: &mut Conn, (zone, shop): (ZoneId, PlaceId), moment: Moment) -> Result<Option<AskedShop>> {
    let places = places::list(conn, zone).await?;
    let seen = sightings::list_since(conn, zone, moment.now.plus_seconds(-REMEMBERED_S)).await?;
    let wanted = list_wanted(conn, zone).await?;
    let of_shop = |shops: Vec<AskedShop>| shops.into_iter().find(|asked| asked.shop.id == shop);
    let as_others_see = of_shop(by_shop(&places, &seen, &wanted, moment));
    let doors: Vec<Seen> = seen.into_iter().filter(|seen| seen.place != shop || seen.found != Found::Shut).collect();
    let as_if_open = of_shop(by_shop(&places, &doors, &wanted, moment));
    let seems_shut = as_others_see.is_some_and(|asked| asked.shop.seems_shut);
    Ok(as_if_open.map(|asked| AskedShop { shop: Shop { seems_shut, ..asked.shop }, ..asked }))
}

fn by_shop(places: &[Place], seen: &[Seen], wanted: &[Wanted], moment: Moment) -> Vec<AskedShop> {
    let counters: Vec<Counter> = places.iter().map(Into::into).collect();
    let shops = Shops { counters: &counters, seen, now: moment.now, minute: moment.minute };
    let mut asked: BTreeMap<PlaceId, Vec<StockQuestion>> = BTreeMap::new();
    for question in shops.questions(wanted) {
        asked.entry(question.place).or_default().push(question.into());
    }
    let told = |place: &Place| AskedShop {
        shop: Shop {
            id: place.id,
            code: place.code.clone(),
            name: place.name.clone(),
            phone: place.phone.clone(),
            open: place.hours().is_none_or(|hours| hours.open_at(moment.minute)),
            seems_shut: shops.seems_shut(place.id),
        },
        questions: asked.get(&place.id).cloned().unwrap_or_default(),
    };
    let concerned = |place: &&Place| place.kind.serves(Category::Medicine) || asked.contains_key(&place.id);
    let mut told: Vec<AskedShop> = places.iter().filter(concerned).map(told).collect();
    // No question sorts last; the list of places is by code already.
    let first =
        |shop: &AskedShop| shop.questions.as_slice().first().map(|question| (question.urgency, question.deliver_by));
    told.sort_by_key(|shop| (shop.questions.is_empty(), first(shop)));
    told
}

impl From<Question> for StockQuestion {
    fn from(question: Question) -> Self {
        // No longer than what an answer may hold: it comes back with these very words.
        let cut = |text: String| text.chars().take(ItemKey::LONGEST).collect();
        Self {
            item: cut(question.line.item),
            strength: question.line.strength.map(cut),
            unit: question.line.unit,
            errands: question.errands,
            urgency: question.urgency,
            deliver_by: question.deliver_by,
            last: question.last,
        }
    }
}

/// Medicine nobody has claimed yet.
async fn list_wanted(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Wanted>> {
    type Row = (RequestId, Option<PlaceId>, f64, f64, Urgency, At);
    let open = errands::zone_id
        .eq(zone)
        .and(errands::state.eq_any([State::Waiting, State::Offered]))
        .and(errands::category.eq(Category::Medicine))
        // What is at a gate has been bought.
        .and(errands::leg.eq(1));
    let query = errands::table
        .inner_join(requests::table)
        .inner_join(buildings::table)
        .select((
            requests::id,
            requests::place_id,
            buildings::lat,
            buildings::lon,
            errands::urgency,
            errands::deliver_by,
        ))
        .filter(open)
        .order((errands::deliver_by, errands::id))
        .limit(MOST);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut lines = lines_of(conn, rows.iter().map(|row| row.0).collect()).await?;
    let wanted = |(request, named, lat, lon, urgency, deliver_by): Row| Wanted {
        named,
        category: Category::Medicine,
        door: Point::new(lat, lon),
        urgency,
        deliver_by,
        lines: lines.remove(&request).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(wanted).collect())
}

async fn lines_of(conn: &mut Conn, requests: Vec<RequestId>) -> Result<BTreeMap<RequestId, Vec<Line>>> {
    let query = items::table
        .select((items::request_id, items::name, items::strength, items::unit))
        .filter(items::request_id.eq_any(requests).and(items::unnamed.is_null().or(items::unnamed.eq(Some(false)))))
        .order((items::request_id, items::position));
    let rows: Vec<(RequestId, String, Option<String>, String)> = with!(conn, |c| query.load(c).await)?;
    let mut lines: BTreeMap<RequestId, Vec<Line>> = BTreeMap::new();
    for (request, item, strength, unit) in rows {
        let unit = Some(unit).filter(|unit| !unit.is_empty());
        lines.entry(request).or_default().push(Line { item, strength, unit });
    }
    Ok(lines)
}
