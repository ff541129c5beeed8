//! The rota: who has the watch when; and who is there on a rung when it names nobody.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::schema::{people, rotas, zones};
use super::zones::Zone;
use super::{Conn, Result, columns, with};
use crate::domain::actor::Role;
use crate::domain::alarm::Rung;
use crate::domain::ids::{PersonId, RotaId, ZoneId};
use crate::domain::rota::{Days, Watch};
use crate::domain::words::parse_list;

/// One watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rota {
    pub rung: Rung,
    pub watch: Watch,
    pub person: PersonId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = rotas, treat_none_as_default_value = false)]
struct Row {
    id: RotaId,
    zone_id: Option<ZoneId>,
    rung: Rung,
    days: i32,
    from_minute: i32,
    to_minute: i32,
    person_id: PersonId,
}

fn rota(row: &Row) -> Rota {
    let watch = Watch { days: Days::from_bits(row.days), from_minute: row.from_minute, to_minute: row.to_minute };
    Rota { rung: row.rung, watch, person: row.person_id }
}

/// The watches of a zone, or those that hold for all zones, as they were written.
///
/// # Errors
/// The store's.
pub async fn list(conn: &mut Conn, zone: Option<ZoneId>) -> Result<Vec<Rota>> {
    let query = rotas::table.select(columns::<Row>()).order(rotas::id);
    let rows: Vec<Row> = if let Some(zone) = zone {
        let query = query.filter(rotas::zone_id.eq(Some(zone)));
        with!(conn, |c| query.load(c).await)?
    } else {
        let query = query.filter(rotas::zone_id.is_null());
        with!(conn, |c| query.load(c).await)?
    };
    Ok(rows.iter().map(rota).collect())
}

/// These watches instead of all that were there.
///
/// # Errors
/// The store's.
pub async fn replace(conn: &mut Conn, zone: Option<ZoneId>, list: &[Rota]) -> Result<()> {
    if let Some(zone) = zone {
        let old = diesel::delete(rotas::table.filter(rotas::zone_id.eq(Some(zone))));
        with!(conn, |c| old.execute(c).await)?;
    } else {
        let old = diesel::delete(rotas::table.filter(rotas::zone_id.is_null()));
        with!(conn, |c| old.execute(c).await)?;
    }
    for rota in list {
        let row = Row {
            id: RotaId::mint(),
            zone_id: zone,
            rung: rota.rung,
            days: rota.watch.days.bits(),
            from_minute: rota.watch.from_minute,
            to_minute: rota.watch.to_minute,
            person_id: rota.person,
        };
        let insert = diesel::insert_into(rotas::table).values(row);
        with!(conn, |c| insert.execute(c).await)?;
    }
    Ok(())
}

/// Who has the watch of a rung at this minute of this day (Monday 0): by the zone's own rota, else by the one for all.
///
/// # Errors
/// The store's.
pub async fn on_watch(
    conn: &mut Conn,
    zone: ZoneId,
    rung: Rung,
    (weekday, minute): (u8, i32),
) -> Result<Vec<PersonId>> {
    let query = rotas::table
        .inner_join(people::table)
        .select(columns::<Row>())
        .filter(rotas::zone_id.eq(Some(zone)).or(rotas::zone_id.is_null()))
        .filter(rotas::rung.eq(rung).and(people::disabled_at.is_null()))
        .order(rotas::id);
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let on = |own: bool| {
        let mut found: Vec<PersonId> = rows
            .iter()
            .filter(|row| row.zone_id.is_some() == own && rota(row).watch.covers(weekday, minute))
            .map(|row| row.person_id)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let own = on(true);
    Ok(if own.is_empty() { on(false) } else { own })
}

/// An account with its roles and where its zone lies: zone, street, district.
type Official = (PersonId, String, ZoneId, String, String);

/// Everybody who sits on a rung of this zone, whatever the hour: desk and supervisors of the zone; for the street the people
/// of the district whose own zone is in the same street, for the district those of the same district, else all.
///
/// # Errors
/// The store's.
pub async fn list_of_rung(conn: &mut Conn, zone: &Zone, rung: Rung) -> Result<Vec<PersonId>> {
    let query = people::table
        .inner_join(zones::table)
        .select((people::id, people::roles, zones::id, zones::street, zones::district))
        .filter(people::disabled_at.is_null())
        .order(people::id);
    let district = people::roles.like(format!("%{}%", Role::District));
    let rows: Vec<Official> = match rung {
        Rung::Street | Rung::District => {
            let query = query.filter(district);
            with!(conn, |c| query.load(c).await)?
        }
        Rung::Runner | Rung::Desk | Rung::Supervisor => {
            let query = query.filter(people::zone_id.eq(zone.id));
            with!(conn, |c| query.load(c).await)?
        }
    };
    let holds = |roles: &str, role: Role| parse_list::<Role>(roles).is_ok_and(|roles| roles.contains(&role));
    let of = |fits: &dyn Fn(&Official) -> bool| -> Vec<PersonId> {
        rows.iter().filter(|row| fits(row)).map(|row| row.0).collect()
    };
    let in_district = |row: &Official| holds(&row.1, Role::District) && row.4 == zone.district;
    Ok(match rung {
        Rung::Runner => Vec::new(),
        Rung::Desk => of(&|row| holds(&row.1, Role::Desk)),
        Rung::Supervisor => of(&|row| holds(&row.1, Role::Supervisor)),
        Rung::Street => of(&|row| in_district(row) && row.3 == zone.street),
        Rung::District => {
            let own = of(&in_district);
            if own.is_empty() { of(&|row| holds(&row.1, Role::District)) } else { own }
        }
    })
}
