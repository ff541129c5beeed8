//! Response times of a zone. The shapes are in [`super::supervisor`].

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::five::{self, Window, more_than, number, seconds};
use super::open::count_ages;
use super::supervisor::{Group, Phase, RunnerRow, Summary};
use super::waits::{self, Aimed, Keys, Pauses, Sample};
use crate::domain::actor::Role;
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, ZoneId};
use crate::domain::local::LocalTime;
use crate::domain::proof::Proved;
use crate::domain::waiting_times::{FEWEST, Wait, Waits, share};
use crate::domain::words::{parse_list, word};
use crate::store::duties::Duty;
use crate::store::schema::{assignments, duties, offers, people};
use crate::store::{Conn, Result, columns, targets, with};

word! {
    /// By what the figures are split. Nobody tells the age: `care` is what there is instead, by the flags of the request.
    By {
        Urgency = "urgency",
        Building = "building",
        Category = "category",
        Care = "care",
        Channel = "channel",
        Runner = "runner",
        /// Of the local day in which it was submitted.
        Hour = "hour",
    }
}

word! {
    /// How far back the figures look, when nothing else is asked for.
    Period { Today = "today", Hour = "hour" }
}

/// Which requests the figures are about: submitted from `from`, before `to`.
#[derive(Debug, Clone)]
pub struct Span {
    pub from: At,
    pub to: At,
    pub by: By,
    pub now: At,
    /// Where hours are counted.
    pub local: LocalTime,
}

/// Counts and percentiles of one zone. Call it on a snapshot: then all of it is of one moment.
///
/// # Errors
/// The store's.
pub async fn load(conn: &mut Conn, zone: ZoneId, span: Span) -> Result<Summary> {
    let samples = waits::list(conn, zone, (span.from, span.to)).await?;
    let keys = waits::load_keys(conn, zone, &span).await?;
    let pauses = waits::load_pauses(conn, zone, span.from).await?;
    let samples = waits::aim(samples, &targets::load(conn, zone).await?);
    let mut groups: BTreeMap<String, Vec<&Aimed>> = BTreeMap::new();
    for aimed in &samples {
        for key in keys_of(&aimed.0, &span, &keys) {
            groups.entry(key).or_default().push(aimed);
        }
    }
    let group = |key: String, of: &[&Aimed]| group(key, of, (span.now, &pauses));
    let groups = groups.into_iter().map(|(key, of)| group(key, &of)).collect();
    let everything: Vec<&Aimed> = samples.iter().collect();
    let (on_duty, free) = count_runners(conn, zone).await?;
    let (letters_waiting, letters_dead) = crate::store::outbox::count(conn).await?;
    let open = count_ages(conn, zone, span.now).await?;
    let window = Window { from: span.from, to: span.to, now: span.now };
    let of_state = |state: State| samples.iter().filter(|(sample, _)| sample.state == state).count();
    Ok(Summary {
        zone,
        at: span.now,
        from: span.from,
        to: span.to,
        submitted: count(samples.len()),
        delivered: count(samples.iter().filter(|(sample, _)| sample.delivered_us().is_some()).count()),
        by_state: State::ALL.iter().map(|state| (*state, count(of_state(*state)))).collect(),
        five: five::of(&samples, window, &open),
        open,
        groups,
        proofs: count_proofs(conn, zone, &span).await?,
        all: group("all".to_owned(), &everything),
        runners_on_duty: on_duty,
        runners_free: free,
        letters_waiting: u64::try_from(letters_waiting).unwrap_or(0),
        letters_dead: u64::try_from(letters_dead).unwrap_or(0),
    })
}

async fn count_proofs(conn: &mut Conn, zone: ZoneId, span: &Span) -> Result<Vec<(Proved, u64)>> {
    let counted = crate::store::proofs::count(conn, zone, (span.from, span.to)).await?;
    let of = |kind: Proved| counted.iter().find(|(known, _)| *known == kind).map_or(0, |(_, n)| *n);
    Ok(Proved::ALL.iter().map(|kind| (*kind, u64::try_from(of(*kind)).unwrap_or(0))).collect())
}

fn keys_of(sample: &Sample, span: &Span, keys: &Keys) -> Vec<String> {
    let known = || keys.get(&sample.id).cloned();
    match span.by {
        By::Urgency => vec![sample.urgency.to_string()],
        By::Hour => vec![format!("{:02}", span.local.minute_of_day(sample.submitted_at) / 60)],
        By::Runner => known().unwrap_or_else(|| vec!["nobody".to_owned()]),
        By::Building | By::Category | By::Care | By::Channel => known().unwrap_or_default(),
    }
}

fn group(key: String, samples: &[&Aimed], (now, pauses): (At, &Pauses)) -> Group {
    let phase = |wait: &dyn Fn(&Sample) -> Wait| phase(samples.iter().map(|(sample, _)| wait(sample)).collect());
    let due: Vec<bool> = samples.iter().filter_map(|(sample, target)| sample.in_time(*target, now)).collect();
    let met = due.iter().filter(|met| **met).count();
    Group {
        key,
        n: count(samples.len()),
        to_claim: phase(&|sample| sample.to_claim(now)),
        to_collect: phase(&|sample| sample.to_collect(now)),
        to_deliver: phase(&|sample| sample.to_deliver(now)),
        team_to_deliver: phase(&|sample| sample.team_to_deliver(now, pauses)),
        share_within_target: (!due.is_empty()).then(|| share(met, due.len())),
    }
}

fn phase(waits: Vec<Wait>) -> Phase {
    let waits = Waits::of(waits);
    let told = if waits.n() < FEWEST { [None; 3] } else { waits.percentiles([50, 90, 95]) };
    let [p50, p90, p95] = told.map(|found| found.map(seconds));
    Phase {
        n: count(waits.n()),
        censored: count(waits.open()),
        p50,
        p90,
        p95,
        more_than: more_than(&waits, p95),
        max: waits.longest().map(seconds),
    }
}

fn count(n: usize) -> u64 {
    number(n)
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
