//! What was learned: one mean a row, of a runner, a place, or a zone at an hour of the day.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::habits;
use super::{Conn, Result, with};
use crate::domain::clock::At;
use crate::domain::ids::{SubjectId, ZoneId};
use crate::domain::learning::{Habit, Lesson, What};

/// Adds one observation to its mean.
///
/// # Errors
/// The store's.
pub async fn learn(conn: &mut Conn, zone: ZoneId, lesson: Lesson, now: At) -> Result<()> {
    let insert = diesel::insert_into(habits::table)
        .values((
            habits::subject_id.eq(lesson.subject),
            habits::what.eq(lesson.what),
            habits::hour.eq(lesson.hour),
            habits::zone_id.eq(zone),
            habits::n.eq(1),
            habits::total.eq(lesson.value),
            habits::last_at.eq(now),
        ))
        .on_conflict((habits::subject_id, habits::what, habits::hour))
        .do_update()
        .set((habits::n.eq(habits::n + 1), habits::total.eq(habits::total + lesson.value), habits::last_at.eq(now)));
    with!(conn, |c| insert.execute(c).await)?;
    Ok(())
}

/// All that was learned in a zone.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: ZoneId) -> Result<Vec<Habit>> {
    type Row = (SubjectId, What, i32, i32, f64, At);
    let query = habits::table
        .select((habits::subject_id, habits::what, habits::hour, habits::n, habits::total, habits::last_at))
        .filter(habits::zone_id.eq(zone))
        .order((habits::what, habits::subject_id, habits::hour));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let habit = |(subject, what, hour, n, total, last_at): Row| Habit {
        subject,
        what,
        hour,
        n: u32::try_from(n).unwrap_or(0),
        total,
        last_at,
    };
    Ok(rows.into_iter().map(habit).collect())
}
