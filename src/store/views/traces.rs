//! A day as it was lived, for whoever writes it down as a trace: no names, doors only as buildings.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::actor::Skill;
use crate::domain::clock::At;
use crate::domain::geo::Point;
use crate::domain::ids::RequestId;
use crate::domain::num;
use crate::domain::offer::OfferState;
use crate::domain::request::Category;
use crate::domain::span;
use crate::domain::urgency::Urgency;
use crate::domain::words::parse_list;
use crate::store::schema::{buildings, duties, errands, offers, people, places, requests};
use crate::store::{Conn, Result, with};

/// An errand as it was, as far as the gate when its building was sealed.
#[derive(Debug, Clone)]
pub struct Lived {
    pub request: RequestId,
    pub placed_at: At,
    pub deliver_by: At,
    pub urgency: Urgency,
    pub category: Category,
    /// The place it was fetched from in the end, if from any.
    pub shop: Option<Point>,
    pub door: Point,
    pub behind_gate: bool,
    pub bags: i32,
}

/// A runner's last turn of duty.
#[derive(Debug, Clone)]
pub struct Turn {
    pub username: String,
    pub bike: bool,
    pub cart: bool,
    pub on_at: At,
    pub off_at: Option<At>,
    /// Where the phone said it was last.
    pub at: Option<Point>,
}

/// How runners answered.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answers {
    pub accepted: usize,
    pub declined: usize,
    pub lapsed: usize,
    /// From the offer to the yes: half of them took less, nine in ten.
    pub accept_p50_s: f64,
    pub accept_p90_s: f64,
}

#[derive(Debug, Clone, Default)]
pub struct Day {
    pub errands: Vec<Lived>,
    pub turns: Vec<Turn>,
    pub answers: Answers,
}

/// Everything asked for since then, in the order in which it was, and who was on duty for it.
///
/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, since: At) -> Result<Day> {
    let errands = list_errands(conn, since).await?;
    let turns = list_turns(conn, since).await?;
    Ok(Day { errands, turns, answers: load_answers(conn, since).await? })
}

async fn list_errands(conn: &mut Conn, since: At) -> Result<Vec<Lived>> {
    type Spot = Option<f64>;
    type Row = ((RequestId, At), (At, Urgency, Category, i32), (f64, f64, Spot), (Spot, Spot));
    let query = errands::table
        .inner_join(requests::table)
        .inner_join(buildings::table)
        .left_join(places::table)
        .select((
            (requests::id, requests::submitted_at),
            (errands::deliver_by, errands::urgency, errands::category, errands::bags),
            (buildings::lat, buildings::lon, buildings::gate_lat),
            (places::lat.nullable(), places::lon.nullable()),
        ))
        .filter(requests::submitted_at.ge(since).and(errands::leg.eq(1)))
        .order((requests::submitted_at, errands::id));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let lived = |((request, placed_at), errand, (lat, lon, gate), shop): Row| {
        let (deliver_by, urgency, category, bags) = errand;
        let (shop, door) = (shop.0.zip(shop.1).map(|(lat, lon)| Point::new(lat, lon)), Point::new(lat, lon));
        let behind_gate = gate.is_some();
        Lived { request, placed_at, deliver_by, urgency, category, shop, door, behind_gate, bags }
    };
    Ok(rows.into_iter().map(lived).collect())
}

async fn list_turns(conn: &mut Conn, since: At) -> Result<Vec<Turn>> {
    type Row = (String, String, Option<At>, Option<At>, Option<f64>, Option<f64>);
    let query = duties::table
        .inner_join(people::table)
        .select((people::username, people::skills, duties::on_at, duties::off_at, duties::lat, duties::lon))
        .filter(duties::on_at.is_not_null().and(duties::off_at.is_null().or(duties::off_at.ge(since))))
        .order(people::username);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let turn = |(username, skills, on_at, off_at, lat, lon): Row| {
        let skills: Vec<Skill> = parse_list(&skills).unwrap_or_default();
        let has = |skill| skills.contains(&skill);
        let at = lat.zip(lon).map(|(lat, lon)| Point::new(lat, lon));
        Some(Turn { username, bike: has(Skill::EBike), cart: has(Skill::Cart), on_at: on_at?, off_at, at })
    };
    Ok(rows.into_iter().filter_map(turn).collect())
}

async fn load_answers(conn: &mut Conn, since: At) -> Result<Answers> {
    type Row = (OfferState, At, Option<At>);
    let query =
        offers::table.select((offers::state, offers::made_at, offers::answered_at)).filter(offers::made_at.ge(since));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let count = |state: OfferState| rows.iter().filter(|row| row.0 == state).count();
    let yes = rows.iter().filter(|row| row.0 == OfferState::Accepted);
    let took = yes.filter_map(|(_, made_at, answered_at)| Some(span::between(*made_at, (*answered_at)?)));
    let mut took: Vec<f64> = took.collect();
    took.sort_by(f64::total_cmp);
    let rank = |share: f64| took.get(num::floor(num::float(took.len()) * share)).copied().unwrap_or_default();
    Ok(Answers {
        accepted: count(OfferState::Accepted),
        declined: count(OfferState::Declined),
        lapsed: count(OfferState::Lapsed),
        accept_p50_s: rank(0.5),
        accept_p90_s: rank(0.9),
    })
}
