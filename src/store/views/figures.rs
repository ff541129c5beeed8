//! Response times of a zone. The shapes are in [`super::supervisor`].

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::supervisor::{Group, OpenAges, Phase, RunnerRow, Summary};
use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::proof::Proved;
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::domain::words::{parse_list, word};
use crate::store::duties::Duty;
use crate::store::schema::{assignments, buildings, duties, errands, offers, people, requests};
use crate::store::{Conn, Result, columns, with};

word! {
    /// By what the figures are split.
    By { Urgency = "urgency", Building = "building", Category = "category", Runner = "runner", Hour = "hour" }
}

/// Which requests the figures are about: submitted from `from`, before `to`.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub from: At,
    pub to: At,
    pub by: By,
    pub now: At,
}

type Row =
    (RequestId, State, (Urgency, Category, String), (At, At, Option<At>), (Option<i64>, Option<i64>, Option<i64>));

struct Sample {
    group: String,
    state: State,
    deliver_by: At,
    delivered_at: Option<At>,
    waits: [Option<i64>; 3],
}

/// Counts and percentiles of one zone, all from one reading.
///
/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId, span: Span) -> Result<Summary> {
    let samples = load_samples(conn, zone, span).await?;
    let mut groups: BTreeMap<String, Vec<&Sample>> = BTreeMap::new();
    for sample in &samples {
        groups.entry(sample.group.clone()).or_default().push(sample);
    }
    let groups = groups.into_iter().map(|(key, samples)| group(key, &samples, span.now)).collect();
    let everything: Vec<&Sample> = samples.iter().collect();
    let (on_duty, free) = count_runners(conn, zone).await?;
    let (letters_waiting, letters_dead) = crate::store::outbox::count(conn).await?;
    let open = open_ages(conn, zone, span.now).await?;
    Ok(Summary {
        zone,
        at: span.now,
        from: span.from,
        to: span.to,
        submitted: count(samples.len()),
        delivered: count(samples.iter().filter(|sample| sample.delivered_at.is_some()).count()),
        by_state: State::ALL
            .iter()
            .map(|state| (*state, count(samples.iter().filter(|s| s.state == *state).count())))
            .collect(),
        open,
        groups,
        all: group("all".to_owned(), &everything, span.now),
        proofs: count_proofs(conn, zone, span).await?,
        runners_on_duty: on_duty,
        runners_free: free,
        letters_waiting: u64::try_from(letters_waiting).unwrap_or(0),
        letters_dead: u64::try_from(letters_dead).unwrap_or(0),
    })
}

async fn count_proofs(conn: &mut Conn, zone: ZoneId, span: Span) -> Result<Vec<(Proved, u64)>> {
    let counted = crate::store::proofs::count(conn, zone, (span.from, span.to)).await?;
    let of = |kind: Proved| counted.iter().find(|(known, _)| *known == kind).map_or(0, |(_, n)| *n);
    Ok(Proved::ALL.iter().map(|kind| (*kind, u64::try_from(of(*kind)).unwrap_or(0))).collect())
}

async fn load_samples(conn: &mut Conn, zone: ZoneId, span: Span) -> Result<Vec<Sample>> {
    let query = requests::table
        .inner_join(buildings::table)
        .select((
            requests::id,
            requests::state,
            (requests::urgency, requests::category, buildings::code),
            (requests::submitted_at, requests::deliver_by, requests::delivered_at),
            (requests::to_claim_us, requests::to_collect_us, requests::to_deliver_us),
        ))
        .filter(
            requests::zone_id
                .eq(zone)
                .and(requests::submitted_at.ge(span.from))
                .and(requests::submitted_at.lt(span.to)),
        );
    let rows: Vec<Row> = with!(conn, |c| query.load(c).await)?;
    let runners = if span.by == By::Runner { runners_of(conn, zone).await? } else { BTreeMap::new() };
    let sample =
        |(request, state, (urgency, category, building), (submitted_at, deliver_by, delivered_at), waits): Row| {
            Sample {
                group: match span.by {
                    By::Urgency => urgency.to_string(),
                    By::Building => building,
                    By::Category => category.to_string(),
                    By::Runner => runners.get(&request).cloned().unwrap_or_else(|| "nobody".to_owned()),
                    By::Hour => format!("{:02}", submitted_at.seconds().div_euclid(3600).rem_euclid(24)),
                },
                state,
                deliver_by,
                delivered_at,
                waits: [waits.0, waits.1, waits.2],
            }
        };
    Ok(rows.into_iter().map(sample).collect())
}

/// The runner who last carried each request of a zone, by username.
async fn runners_of(conn: &mut Conn, zone: ZoneId) -> Result<BTreeMap<RequestId, String>> {
    let query = assignments::table
        .inner_join(errands::table)
        .inner_join(people::table)
        .select((errands::request_id, people::username))
        .filter(errands::zone_id.eq(zone))
        .order(assignments::id);
    let rows: Vec<(RequestId, String)> = with!(conn, |c| query.load(c).await)?;
    Ok(rows.into_iter().collect())
}

fn group(key: String, samples: &[&Sample], now: At) -> Group {
    let phase = |which: usize| {
        let mut waits: Vec<i64> =
            samples.iter().filter_map(|sample| sample.waits.get(which).copied().flatten()).collect();
        waits.sort_unstable();
        Phase {
            n: count(waits.len()),
            p50: percentile(&waits, 50),
            p90: percentile(&waits, 90),
            p95: percentile(&waits, 95),
            max: waits.last().map(|wait| seconds(*wait)),
        }
    };
    Group {
        key,
        n: count(samples.len()),
        to_claim: phase(0),
        to_collect: phase(1),
        to_deliver: phase(2),
        share_within_target: share_within_target(samples, now),
    }
}

/// Delivered in time, of all whose time is over or who are delivered; nothing to say when there are none.
fn share_within_target(samples: &[&Sample], now: At) -> Option<f64> {
    let due: Vec<_> = samples
        .iter()
        .filter(|sample| sample.state != State::Cancelled && (sample.delivered_at.is_some() || sample.deliver_by < now))
        .collect();
    let in_time = due.iter().filter(|sample| sample.delivered_at.is_some_and(|at| at <= sample.deliver_by)).count();
    (!due.is_empty()).then(|| ratio(in_time, due.len()))
}

fn ratio(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap_or(u32::MAX)) / f64::from(u32::try_from(whole).unwrap_or(u32::MAX))
}

/// Nearest-rank percentile of sorted waits, in seconds.
fn percentile(sorted: &[i64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map(|wait| seconds(*wait))
}

fn seconds(micros: i64) -> f64 {
    std::time::Duration::from_micros(micros.unsigned_abs()).as_secs_f64()
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

async fn open_ages(conn: &mut Conn, zone: ZoneId, now: At) -> Result<OpenAges> {
    let query = requests::table.select((requests::submitted_at, requests::deliver_by, requests::state)).filter(
        requests::zone_id.eq(zone).and(requests::closed_at.is_null()).and(requests::state.ne(State::Delivered)),
    );
    let rows: Vec<(At, At, State)> = with!(conn, |c| query.load(c).await)?;
    let mut ages = OpenAges::default();
    for (submitted_at, deliver_by, state) in rows {
        let age = now.seconds_since(submitted_at);
        match age {
            ..600 => ages.under_10_min += 1,
            600..1800 => ages.under_30_min += 1,
            1800..7200 => ages.under_2_h += 1,
            _ => ages.over_2_h += 1,
        }
        if deliver_by < now {
            ages.late += 1;
        }
        if matches!(state, State::Waiting | State::Offered | State::Care) {
            ages.oldest_waiting_s = Some(ages.oldest_waiting_s.unwrap_or(0).max(age));
        }
    }
    Ok(ages)
}

async fn count_runners(conn: &mut Conn, zone: ZoneId) -> Result<(u64, u64)> {
    let candidates = crate::store::duties::list_candidates(conn, zone).await?;
    Ok((count(candidates.len()), count(candidates.iter().filter(|candidate| candidate.has_free_hands()).count())))
}

/// All runners of a zone, those on duty first.
///
/// # Errors
/// The store's.
pub async fn list_runners(conn: &mut Conn, zone: ZoneId, day_began: At) -> Result<Vec<RunnerRow>> {
    type Person = (PersonId, String, String, String, Option<Duty>);
    let query = people::table
        .left_join(duties::table)
        .select((people::id, people::username, people::name, people::roles, columns::<Duty>().nullable()))
        .filter(people::zone_id.eq(zone).and(people::disabled_at.is_null()))
        .order(people::username);
    let rows: Vec<Person> = with!(conn, |c| query.load(c).await)?;
    let carrying = assignments::table.select(assignments::runner_id).filter(assignments::ended_at.is_null());
    let carrying: Vec<PersonId> = with!(conn, |c| carrying.load(c).await)?;
    let offered =
        offers::table.select(offers::runner_id).filter(offers::state.eq(crate::domain::offer::OfferState::Open));
    let offered: Vec<PersonId> = with!(conn, |c| offered.load(c).await)?;
    let delivered = assignments::table
        .select(assignments::runner_id)
        .filter(assignments::ended_as.eq(Some("deliver")).and(assignments::ended_at.ge(Some(day_began))));
    let delivered: Vec<PersonId> = with!(conn, |c| delivered.load(c).await)?;
    let tally = |list: &[PersonId], id: PersonId| count(list.iter().filter(|other| **other == id).count());
    let is_runner = |roles: &str| parse_list::<Role>(roles).is_ok_and(|roles| roles.contains(&Role::Runner));
    let mut runners: Vec<RunnerRow> = rows
        .into_iter()
        .filter(|row| is_runner(&row.3))
        .map(|(id, username, name, _, duty)| RunnerRow {
            id,
            username,
            name,
            on: duty.as_ref().is_some_and(Duty::is_on),
            at: duty.as_ref().and_then(Duty::at),
            seen_at: duty.map(|duty| duty.seen_at),
            carrying: tally(&carrying, id),
            offered: tally(&offered, id),
            delivered_today: tally(&delivered, id),
        })
        .collect();
    runners.sort_by_key(|runner| !runner.on);
    Ok(runners)
}
