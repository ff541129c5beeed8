//! A second asking of one door joins the first: all in the transaction that would have stored it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::intake::{Answer, Arrival, Merged};
use super::journal::{self, Event};
use super::marks;
use super::schema::{contacts, errands, items, joiners, marks as mark_rows, requests};
use super::{Conn, Error, Result, with};
use crate::domain::clock::At;
use crate::domain::duplicate::{self, Change, Open, WITHIN_S, Wish};
use crate::domain::errand::State;
use crate::domain::ids::{ErrandId, ItemId, RequestId};
use crate::domain::item::Item;
use crate::domain::request::Category;
use crate::domain::secret::TokenHash;
use crate::domain::stock::ItemKey;
use crate::domain::urgency::Urgency;

/// An open request behind a door.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    request: RequestId,
    phone: Vec<u8>,
    open: Open,
}

/// An arrival and what it joins: what it changes there.
#[derive(Debug)]
pub(super) struct Join<'a> {
    pub arrival: &'a Arrival,
    to: RequestId,
    same_phone: bool,
    change: Change,
}

/// Parts what is new from what joins. Doors stay held until the transaction ends, so that of two at once one is first.
pub(super) async fn part<'a>(conn: &mut Conn, arrivals: &'a [Arrival]) -> Result<(Vec<&'a Arrival>, Vec<Join<'a>>)> {
    let doors: Vec<Vec<u8>> = arrivals.iter().filter(|a| duplicate::may_join(&a.submission)).map(door_of).collect();
    marks::hold_doors(conn, &doors).await?;
    let since = arrivals.iter().map(|arrival| arrival.submission.submitted_at).min();
    let mut known = match since.filter(|_| !doors.is_empty()) {
        Some(earliest) => find_candidates(conn, doors, earliest.plus_seconds(-WITHIN_S)).await?,
        None => BTreeMap::new(),
    };
    let (mut new, mut joining) = (Vec::new(), Vec::new());
    for arrival in arrivals {
        if !duplicate::may_join(&arrival.submission) {
            new.push(arrival);
            continue;
        }
        let here = known.entry(door_of(arrival)).or_default();
        if let Some(join) = here.iter_mut().find_map(|candidate| candidate.take_in(arrival)) {
            joining.push(join);
            continue;
        }
        here.push(Candidate::of(arrival));
        new.push(arrival);
    }
    Ok((new, joining))
}

fn door_of(arrival: &Arrival) -> Vec<u8> {
    arrival.mark.door.clone()
}

impl Candidate {
    /// One that is stored by the same commit.
    fn of(arrival: &Arrival) -> Self {
        Self {
            request: arrival.request,
            phone: arrival.mark.phone.clone(),
            open: Open {
                state: State::Waiting,
                submitted_at: arrival.submission.submitted_at,
                wishes: duplicate::wishes(&arrival.submission),
                patient: duplicate::patient(&arrival.submission),
            },
        }
    }

    fn take_in<'a>(&mut self, arrival: &'a Arrival) -> Option<Join<'a>> {
        let (asked, patient) = (duplicate::wishes(&arrival.submission), duplicate::patient(&arrival.submission));
        let change = duplicate::joins(&self.open, &asked, patient.as_deref(), arrival.submission.submitted_at)?;
        for wish in asked {
            match self.open.wishes.iter_mut().find(|there| there.key == wish.key) {
                Some(there) => there.quantity = there.quantity.max(wish.quantity),
                None => self.open.wishes.push(wish),
            }
        }
        Some(Join { arrival, to: self.request, same_phone: self.phone == arrival.mark.phone, change })
    }
}

async fn find_candidates(conn: &mut Conn, doors: Vec<Vec<u8>>, since: At) -> Result<BTreeMap<Vec<u8>, Vec<Candidate>>> {
    type Row = (RequestId, Vec<u8>, Vec<u8>, State, At, Option<String>);
    let query = mark_rows::table
        .inner_join(requests::table.left_join(contacts::table))
        .select((
            requests::id,
            mark_rows::door,
            mark_rows::phone,
            requests::state,
            requests::submitted_at,
            contacts::patient_name.nullable(),
        ))
        .filter(mark_rows::door.eq_any(doors).and(requests::submitted_at.gt(since)))
        .filter(requests::state.eq_any(duplicate::MAY_JOIN).and(requests::category.eq(Category::Medicine)))
        .order(requests::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let mut wishes = wishes_of(conn, rows.iter().map(|row| row.0).collect()).await?;
    let mut found: BTreeMap<Vec<u8>, Vec<Candidate>> = BTreeMap::new();
    for (request, door, phone, state, submitted_at, patient) in rows {
        let wishes = wishes.remove(&request).unwrap_or_default();
        let open = Open { state, submitted_at, wishes, patient };
        found.entry(door).or_default().push(Candidate { request, phone, open });
    }
    Ok(found)
}

async fn wishes_of(conn: &mut Conn, of: Vec<RequestId>) -> Result<BTreeMap<RequestId, Vec<Wish>>> {
    let query = items::table
        .select((items::request_id, items::name, items::strength, items::quantity))
        .filter(items::request_id.eq_any(of));
    let rows: Vec<(RequestId, String, Option<String>, i32)> = with!(conn, |c| query.load(c).await)?;
    let mut wishes: BTreeMap<RequestId, Vec<Wish>> = BTreeMap::new();
    for (request, name, strength, quantity) in rows {
        let key = ItemKey::of(&name, strength.as_deref());
        wishes.entry(request).or_default().push(Wish { key, quantity });
    }
    Ok(wishes)
}

/// Joins: a link of its own, the new items, a higher urgency, and all that was said beside the journal.
pub(super) async fn join(conn: &mut Conn, join: &Join<'_>) -> Result<Answer> {
    let (arrival, asked) = (join.arrival, &join.arrival.submission);
    let (errand, answer) = raise(conn, join).await?;
    let row = (
        joiners::id.eq(arrival.request),
        joiners::token_hash.eq(arrival.token_hash.clone()),
        joiners::request_id.eq(join.to),
        joiners::joined_at.eq(asked.submitted_at),
        joiners::same_phone.eq(join.same_phone),
        joiners::last_four.eq(Some(arrival.mark.last_four.clone())),
        joiners::email.eq(asked.contact.email.as_ref().map(|email| email.as_str().to_owned())),
        joiners::lang.eq(Some(asked.contact.lang.clone())),
    );
    let insert = diesel::insert_into(joiners::table).values(row);
    with!(conn, |c| insert.execute(c).await)?;
    let of = |places: &[usize]| -> Vec<Item> { places.iter().filter_map(|at| asked.items.get(*at)).cloned().collect() };
    raise_quantities(conn, join.to, &of(&join.change.more)).await?;
    add_items(conn, join.to, &of(&join.change.fresh)).await?;
    let event = Event {
        request_id: Some(join.to),
        errand_id: errand,
        ..Event::new(asked.submitted_at, asked.zone, "joined", arrival.by)
    };
    let id = event.id;
    journal::write(conn, event.because(Some(asked.channel.as_str()))).await?;
    journal::write_remark(conn, id, join.to, &duplicate::retold(asked)).await?;
    Ok(answer)
}

async fn add_items(conn: &mut Conn, to: RequestId, fresh: &[Item]) -> Result<()> {
    let last = items::table.select(items::position).filter(items::request_id.eq(to)).order(items::position.desc());
    let last: Option<i32> = with!(conn, |c| last.first(c).await.optional())?;
    for (position, item) in (last.map_or(0, |last| last + 1)..).zip(fresh) {
        let row = (
            items::id.eq(ItemId::mint()),
            items::request_id.eq(to),
            items::position.eq(position),
            items::name.eq(item.name.clone()),
            items::strength.eq(item.strength.clone()),
            items::quantity.eq(item.quantity),
            items::unit.eq(item.unit.clone()),
            items::substitution.eq(item.substitution),
            items::unnamed.eq(Some(item.unnamed)),
        );
        let insert = diesel::insert_into(items::table).values(row);
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// As much as the one who asked for most. All that is there of the same thing is raised: it is one line as a rule.
async fn raise_quantities(conn: &mut Conn, to: RequestId, more: &[Item]) -> Result<()> {
    if more.is_empty() {
        return Ok(());
    }
    let query = items::table.select((items::id, items::name, items::strength)).filter(items::request_id.eq(to));
    let there: Vec<(ItemId, String, Option<String>)> = with!(conn, |c| query.load(c).await)?;
    for item in more {
        let key = ItemKey::of(&item.name, item.strength.as_deref());
        let same = there.iter().filter(|(_, name, strength)| ItemKey::of(name, strength.as_deref()) == key);
        let same: Vec<ItemId> = same.map(|(id, ..)| *id).collect();
        let less = items::table.filter(items::id.eq_any(same).and(items::quantity.lt(item.quantity)));
        let raised = diesel::update(less).set(items::quantity.eq(item.quantity));
        with!(conn, |c| raised.execute(c).await)?;
    }
    Ok(())
}

/// Urgency rises and the deadline comes nearer, never the other way. Errand first, then request, as every move does; the
/// request's row says whether it is still open, and stays held.
async fn raise(conn: &mut Conn, join: &Join<'_>) -> Result<(Option<ErrandId>, Answer)> {
    type Row = (String, State, Urgency, At, At);
    let query = requests::table.find(join.to).select((
        requests::code,
        requests::state,
        requests::urgency,
        requests::deliver_by,
        requests::submitted_at,
    ));
    let (code, state, urgency, deliver_by, submitted_at): Row = with!(conn, |c| query.first(c).await)?;
    let triage = join.arrival.submission.triage;
    // Red is the least of the three.
    let (higher, sooner) = (urgency.min(triage.urgency), deliver_by.min(triage.deliver_by));
    let leg = errands::table.select(errands::id).filter(errands::request_id.eq(join.to)).order(errands::leg.desc());
    let leg: Option<ErrandId> = with!(conn, |c| leg.first(c).await.optional())?;
    raise_errand(conn, join.to, (higher, sooner)).await?;
    // What brings more is no use to a runner who has left the counter.
    let states = if join.change.is_none() { &duplicate::MAY_JOIN[..] } else { &duplicate::TAKES_MORE[..] };
    let open = requests::table.filter(requests::id.eq(join.to).and(requests::state.eq_any(states.to_vec())));
    let raised = diesel::update(open).set((requests::urgency.eq(higher), requests::deliver_by.eq(sooner)));
    if with!(conn, |c| raised.execute(c).await)? == 0 {
        // Bought or brought a moment ago: it is tried again, and is a request of its own then.
        return Err(Error::Refused("the request to join is over".to_owned()));
    }
    // Handed over at a gate while we waited for its row: then it is another errand that counts.
    raise_errand(conn, join.to, (higher, sooner)).await?;
    if higher != urgency {
        let why = diesel::update(requests::table.find(join.to)).set(requests::urgency_reason.eq(triage.reason));
        with!(conn, |c| why.execute(c).await)?;
    }
    let merged = Some(Merged { into: join.to, state });
    Ok((leg, Answer { code, urgency: higher, deliver_by: sooner, submitted_at, merged }))
}

/// Of the errand that counts; one that does not need it is left alone.
async fn raise_errand(conn: &mut Conn, request: RequestId, (urgency, deliver_by): (Urgency, At)) -> Result<()> {
    let less = errands::urgency.ne(urgency).or(errands::deliver_by.ne(deliver_by));
    let counts = errands::request_id.eq(request).and(errands::passed_on_at.is_null()).and(less);
    let raised = diesel::update(errands::table.filter(counts))
        .set((errands::urgency.eq(urgency), errands::deliver_by.eq(deliver_by)));
    with!(conn, |c| raised.execute(c).await)?;
    Ok(())
}

/// A joiner's link: which request, and whether it is the first asker's telephone again.
///
/// # Errors
/// The store's.
pub async fn find_by_token(conn: &mut Conn, token: TokenHash) -> Result<Option<(RequestId, bool)>> {
    let query = joiners::table.select((joiners::request_id, joiners::same_phone)).filter(joiners::token_hash.eq(token));
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// The one who joined this request with such a telephone, if there is one: the id of the joiner's own asking.
///
/// # Errors
/// The store's.
pub async fn find_by_last_four(conn: &mut Conn, to: RequestId, last_four: Vec<u8>) -> Result<Option<RequestId>> {
    let query = joiners::table
        .select(joiners::id)
        .filter(joiners::request_id.eq(to).and(joiners::last_four.eq(Some(last_four))))
        .order(joiners::id);
    Ok(with!(conn, |c| query.first(c).await.optional())?)
}

/// Those who joined a request and left an address for letters, each address once.
///
/// # Errors
/// The store's.
pub async fn list_with_address(conn: &mut Conn, to: RequestId) -> Result<Vec<(RequestId, String)>> {
    let query = joiners::table
        .select((joiners::id, joiners::email.assume_not_null()))
        .filter(joiners::request_id.eq(to).and(joiners::email.is_not_null()))
        .order(joiners::id);
    let mut rows: Vec<(RequestId, String)> = with!(conn, |c| query.load(c).await)?;
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|(_, email)| seen.insert(email.to_ascii_lowercase()));
    Ok(rows)
}
