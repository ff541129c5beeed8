//! What a zone wants to reach, as it stands and as it was: each change with who made it.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::domain::target::Target;
use crate::domain::urgency::Urgency;
use crate::store::schema::{people, targets};
use crate::store::{Conn, Result, with};

/// A target from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub urgency: Urgency,
    pub target: Target,
    pub valid_from: At,
    /// Name of who set it.
    pub by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// One an urgency; without a time it is the usual one, nobody has set another.
    pub now: Vec<(Urgency, Target, Option<At>)>,
    /// Latest first.
    pub history: Vec<Changed>,
}

/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId) -> Result<Shown> {
    type Row = (Urgency, i32, i32, At, Option<String>);
    let query = targets::table
        .left_join(people::table)
        .select((targets::urgency, targets::claim_s, targets::deliver_s, targets::valid_from, people::name.nullable()))
        .filter(targets::zone_id.eq(zone))
        .order((targets::valid_from.desc(), targets::id.desc()));
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let changed = |(urgency, claim_s, deliver_s, valid_from, by): Row| Changed {
        urgency,
        target: Target { claim_s, deliver_s },
        valid_from,
        by,
    };
    let history: Vec<Changed> = rows.into_iter().map(changed).collect();
    let standing = |urgency: &Urgency| {
        let set = history.iter().find(|changed| changed.urgency == *urgency);
        set.map_or((*urgency, Target::usual(*urgency), None), |set| (*urgency, set.target, Some(set.valid_from)))
    };
    Ok(Shown { now: Urgency::ALL.iter().map(standing).collect(), history })
}
