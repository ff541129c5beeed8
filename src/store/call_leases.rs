//! Who is calling a home just now. One row a door and a telephone, by their keyed marks: whoever has the row calls.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{call_leases as leases, marks};
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, RequestId};

/// Of a door, of the telephone of the asker, of the patient's.
type Marks = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// The marks of the door and the telephones of a request, in the order in which they are taken.
///
/// # Errors
/// The store's.
pub async fn list_marks(conn: &mut Conn, request: RequestId) -> Result<Vec<Vec<u8>>> {
    let query = marks::table.find(request).select((marks::door, marks::phone, marks::patient_phone));
    let row: Option<Marks> = with!(conn, |c| query.first(c).await.optional())?;
    let Some((door, phone, patient)) = row else { return Ok(Vec::new()) };
    let mut marks: Vec<Vec<u8>> = [Some(door), Some(phone), patient].into_iter().flatten().collect();
    marks.sort_unstable();
    marks.dedup();
    Ok(marks)
}

/// Takes one mark for a person until then; `false` when somebody else has it.
///
/// # Errors
/// The store's.
pub async fn take(conn: &mut Conn, mark: &[u8], person: PersonId, (now, until): (At, At)) -> Result<bool> {
    let free = leases::person_id.eq(person).or(leases::until_at.le(now));
    let row = leases::table.filter(leases::mark.eq(mark.to_vec()).and(free));
    let renewed = diesel::update(row).set((leases::person_id.eq(person), leases::until_at.eq(until)));
    if with!(conn, |c| renewed.execute(c).await)? == 1 {
        return Ok(true);
    }
    let insert = diesel::insert_into(leases::table)
        .values((leases::mark.eq(mark.to_vec()), leases::person_id.eq(person), leases::until_at.eq(until)))
        .on_conflict_do_nothing();
    Ok(with!(conn, |c| insert.execute(c).await)? == 1)
}

/// The call is over: what this person has of these marks is free.
///
/// # Errors
/// The store's.
pub async fn give_back(conn: &mut Conn, marks: Vec<Vec<u8>>, person: PersonId) -> Result<()> {
    let mine = leases::table.filter(leases::mark.eq_any(marks).and(leases::person_id.eq(person)));
    let removal = diesel::delete(mine);
    with!(conn, |c| removal.execute(c).await)?;
    Ok(())
}

/// Removes what ended; answers how many rows that were.
///
/// # Errors
/// The store's.
pub async fn sweep(conn: &mut Conn, now: At) -> Result<usize> {
    let removal = diesel::delete(leases::table.filter(leases::until_at.le(now)));
    Ok(with!(conn, |c| removal.execute(c).await)?)
}
