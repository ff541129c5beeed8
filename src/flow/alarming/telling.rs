//! One step of the ladder: who sits on the rung, and what is written down and sent.

use std::sync::Arc;

use crate::domain::actor::Trace;
use crate::domain::alarm::{Rung, Terms, listening};
use crate::domain::clock::At;
use crate::domain::ids::{AlarmId, PersonId, StepId};
use crate::domain::letter::LetterKind;
use crate::domain::local::LocalTime;
use crate::domain::reason::Reason;
use crate::flow::{House, Result};
use crate::store::alarms::{self, Concerned, Step, Whom};
use crate::store::journal::{self, Event};
use crate::store::zones::Zone;
use crate::store::{Conn, duties, outbox, rotas};

/// What a step is decided with: handed into the transaction.
#[derive(Clone)]
pub(super) struct Ladder {
    pub terms: Arc<Terms>,
    pub local: LocalTime,
    pub now: At,
}

impl Ladder {
    pub fn of(house: &House) -> Self {
        Self { terms: Arc::clone(&house.alarms), local: house.local.clone(), now: house.now() }
    }
}

/// Who sent it a rung up: a person with a reason, or the clock.
pub(super) struct Sent {
    pub by: Trace,
    pub reason: Option<Reason>,
}

impl Sent {
    pub const ITSELF: Self = Self { by: Trace::SERVICE, reason: None };

    fn person(&self) -> Option<PersonId> {
        self.by.id
    }
}

/// A rung about to be told.
pub(super) struct Rising {
    pub rung: Rung,
    /// Among the steps of its alarm, from 1.
    pub place: i32,
    people: Vec<PersonId>,
    hooks: Vec<String>,
}

impl Rising {
    pub const fn after(mut self, position: i32) -> Self {
        self.place = self.place.saturating_add(position);
        self
    }

    /// How many there are on it.
    pub fn there(&self) -> i32 {
        i32::try_from(self.people.len() + self.hooks.len()).unwrap_or(i32::MAX)
    }
}

/// Runners nudged at once about a request nobody has: more would be a flood.
const NUDGED: usize = 5;

/// This rung, and when nobody is on it the ones above until there is somebody: nobody is waited for who is not there.
pub(super) async fn climb(
    conn: &mut Conn,
    ladder: &Ladder,
    (zone, runner): (&Zone, Option<PersonId>),
    from: Rung,
) -> Result<Vec<Rising>> {
    let (mut steps, mut place): (Vec<Rising>, i32) = (Vec::new(), 0);
    let mut at = Some(from);
    while let Some(rung) = at {
        place = place.saturating_add(1);
        let people = list_on(conn, ladder, (zone, runner), rung).await?;
        let step = Rising { rung, place, people, hooks: listening(&ladder.terms, &zone.code, rung) };
        at = if step.there() == 0 { rung.next() } else { None };
        steps.push(step);
    }
    Ok(steps)
}

async fn list_on(
    conn: &mut Conn,
    ladder: &Ladder,
    (zone, runner): (&Zone, Option<PersonId>),
    rung: Rung,
) -> Result<Vec<PersonId>> {
    if rung == Rung::Runner {
        if let Some(runner) = runner {
            return Ok(vec![runner]);
        }
        let on_duty = duties::list_candidates(conn, zone.id).await?;
        let free = on_duty.into_iter().filter(crate::domain::matching::Candidate::has_free_hands);
        return Ok(free.map(|candidate| candidate.runner).take(NUDGED).collect());
    }
    let moment = (ladder.local.weekday(ladder.now), ladder.local.minute_of_day(ladder.now));
    let on_watch = rotas::on_watch(conn, zone.id, rung, moment).await?;
    if on_watch.is_empty() { Ok(rotas::list_of_rung(conn, zone, rung).await?) } else { Ok(on_watch) }
}

/// Writes the steps, whom they tell, and what is sent: ids alone. Who was told on a rung below is not told again.
pub(super) async fn write_steps(
    conn: &mut Conn,
    ladder: &Ladder,
    (alarm, about): (AlarmId, &Concerned),
    (steps, due_at): (&[Rising], At),
    sent: &Sent,
) -> Result<()> {
    let mut told = alarms::list_told(conn, alarm).await?;
    for rising in steps {
        let step = Step {
            id: StepId::mint(),
            alarm_id: alarm,
            position: rising.place,
            rung: rising.rung,
            due_at,
            told_at: ladder.now,
            told: rising.there(),
            sent_by: sent.person(),
        };
        alarms::write_step(conn, step).await?;
        for person in &rising.people {
            if !told.contains(person) {
                told.push(*person);
                send(conn, &step, &Whom::Person(*person)).await?;
            }
        }
        for hook in &rising.hooks {
            send(conn, &step, &Whom::Hook(hook.clone())).await?;
        }
        write_event(conn, (about, &step), sent).await?;
    }
    Ok(())
}

async fn send(conn: &mut Conn, step: &Step, whom: &Whom) -> Result<()> {
    let (kind, name) = match whom {
        Whom::Person(person) => (LetterKind::Alarm, person.to_string()),
        Whom::Hook(name) => (LetterKind::AlarmHook, name.clone()),
    };
    let telling = alarms::write_telling(conn, step, whom).await?;
    // Once per alarm, rung and address, whatever happens.
    let dedupe = format!("alarm:{}:{}:{name}", step.alarm_id, step.rung);
    outbox::enqueue(conn, kind, telling.uuid(), dedupe, step.told_at).await?;
    Ok(())
}

/// Without a state: the asker's timeline is of the request alone.
async fn write_event(conn: &mut Conn, (about, step): (&Concerned, &Step), sent: &Sent) -> Result<()> {
    let kind = format!("alarm_{}", step.rung);
    let word = sent.reason.as_ref().map(|reason| reason.word.clone());
    let event = Event::new(step.told_at, about.zone, &kind, sent.by);
    let event = Event { request_id: Some(about.request), reason: word, ..event };
    let id = event.id;
    journal::write(conn, event).await?;
    if let Some(said) = sent.reason.as_ref().and_then(|reason| reason.said.as_deref()) {
        journal::write_remark(conn, id, about.request, said).await?;
    }
    Ok(())
}
