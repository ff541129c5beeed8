//! What was truly got at the counter: a thing that differs is not collected before somebody who has a say in it was heard.

use super::asking::{self, Asks};
use super::{Fault, House, Named, Result};
use crate::domain::actor::{Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::Step;
use crate::domain::fetched::{Consent, Got, consent};
use crate::domain::ids::ErrandId;
use crate::domain::question::{About, Choice};
use crate::domain::text::{Line, Note};
use crate::store::errands::Errand;
use crate::store::fetched::{self, Fetched, Refused, Thing};
use crate::store::journal::Event;
use crate::store::questions::Question;
use crate::store::{Conn, journal, questions};

/// What a runner tells about one thing of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticked {
    /// Place of the thing in the list, from 1.
    pub position: i32,
    pub got: Got,
    /// Who allowed it on the telephone.
    pub said: Option<Said>,
}

/// A call: who was spoken to, and what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub by: Line,
    pub note: Option<Note>,
}

/// A thing somebody must be heard about first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard {
    pub position: i32,
    pub about: About,
}

/// What was told about the goods along with a step.
#[derive(Debug, Clone, Default)]
pub struct Goods {
    /// Of collecting; what is not named is as asked.
    pub items: Vec<Ticked>,
    /// Of delivering: what was not taken at the door, by its place from 1.
    pub refused: Vec<i32>,
}

/// Goods as they may be kept.
pub(super) struct Checked {
    fetched: Vec<Fetched>,
    calls: Vec<(Got, Said)>,
    refused: Vec<i32>,
}

/// Whether the goods may be like that.
///
/// # Errors
/// [`Fault::ConsentNeeded`], [`Fault::NothingGot`], [`Fault::UnknownItem`].
pub(super) async fn check(conn: &mut Conn, errand: &Errand, goods: &Goods, at: At) -> Result<Checked> {
    if goods.items.is_empty() && goods.refused.is_empty() {
        return Ok(Checked { fetched: vec![], calls: vec![], refused: vec![] });
    }
    // What lies at a gate was chosen at a counter long ago.
    if errand.leg > 1 && !goods.items.is_empty() {
        return Err(Fault::UnknownItem);
    }
    let things = fetched::list_things(conn, errand.request_id).await?;
    let asked = questions::list(conn, errand.request_id).await?;
    let thing = |position: i32| things.iter().find(|thing| thing.position == position).ok_or(Fault::UnknownItem);
    for position in &goods.refused {
        thing(*position)?;
    }
    let (mut rows, mut calls, mut unheard) = (vec![], vec![], vec![]);
    for ticked in &goods.items {
        let thing = thing(ticked.position)?;
        let answer = last_answer(&asked, ticked.position);
        match consent(ticked.got, thing.substitution, answer, ticked.said.is_some()) {
            Ok(consent) => rows.push(row(errand, ticked, consent, at)?),
            Err(_) => unheard.push(Unheard { position: ticked.position, about: about(ticked.got) }),
        }
        // What is as asked needed no call: then there is nothing to keep of it.
        calls.extend(ticked.said.clone().filter(|_| ticked.got != Got::AsAsked).map(|said| (ticked.got, said)));
    }
    if !unheard.is_empty() {
        return Err(Fault::ConsentNeeded(unheard));
    }
    let missing = |thing: &Thing| rows.iter().any(|row| row.position == thing.position && row.got == Got::HasNot);
    if !things.is_empty() && things.iter().all(missing) {
        return Err(Fault::NothingGot);
    }
    Ok(Checked { fetched: rows, calls, refused: goods.refused.clone() })
}

fn row(errand: &Errand, ticked: &Ticked, consent: Option<Consent>, at: At) -> Result<Fetched> {
    let runner_id = errand.runner_id.ok_or(Fault::NotFound)?;
    let (position, got) = (ticked.position, ticked.got);
    Ok(Fetched { errand_id: errand.id, position, request_id: errand.request_id, got, consent, at, runner_id })
}

/// What was last answered about a thing, whatever was asked.
fn last_answer(asked: &[Question], position: i32) -> Option<Choice> {
    let answered = asked.iter().filter(|question| question.position == position);
    let last = answered.filter_map(|question| Some((question.answered_at?, question.answer?)));
    last.max_by_key(|(at, _)| *at).map(|(_, choice)| choice)
}

const fn about(got: Got) -> About {
    if matches!(got, Got::Swap) { About::OtherMaker } else { About::OutOfStock }
}

/// Keeps what was got, or not taken, with the step that was done. Who allowed what on the telephone is kept as a remark,
/// with the rest that is personal.
pub(super) async fn keep(conn: &mut Conn, moved: &Errand, (step, at): (Step, At), checked: Checked) -> Result<()> {
    match step {
        Step::Collect if moved.leg == 1 => fetched::put(conn, moved.id, checked.fetched).await?,
        Step::Deliver => keep_refused(conn, moved, &checked.refused, at).await?,
        _ => return Ok(()),
    }
    for (got, said) in checked.calls {
        let by = moved.runner_id.map_or(Trace::SERVICE, Trace::runner);
        let event = Event::new(at, moved.zone_id, "called_about", by).because(Some(got.as_str()));
        let event = Event { request_id: Some(moved.request_id), errand_id: Some(moved.id), ..event };
        let id = event.id;
        journal::write(conn, event).await?;
        let note = said.note.map(|note| format!(": {}", note.as_str())).unwrap_or_default();
        journal::write_remark(conn, id, moved.request_id, &format!("{}{note}", said.by.as_str())).await?;
    }
    Ok(())
}

async fn keep_refused(conn: &mut Conn, moved: &Errand, refused: &[i32], at: At) -> Result<()> {
    let Some(runner_id) = moved.runner_id else { return Ok(()) };
    let row = |position: &i32| Refused {
        errand_id: moved.id,
        position: *position,
        request_id: moved.request_id,
        zone_id: moved.zone_id,
        at,
        runner_id,
    };
    fetched::put_refused(conn, moved.id, refused.iter().map(row).collect()).await?;
    if refused.is_empty() {
        return Ok(());
    }
    let event = Event::new(at, moved.zone_id, "refused", Trace::runner(runner_id));
    let event = Event { request_id: Some(moved.request_id), errand_id: Some(moved.id), ..event };
    journal::write(conn, event).await.map_err(Fault::Store)
}

/// Asks the resident about what could not be collected like that. What was asked before, answered or not, is not asked
/// again.
///
/// # Errors
/// [`Fault::Store`].
pub(super) async fn ask_about(house: &House, person: &Person, errand: ErrandId, unheard: &[Unheard]) -> Result<()> {
    for thing in unheard {
        if was_asked(house, errand, *thing).await? {
            continue;
        }
        let asks = Asks { item: Named::Place(thing.position), about: thing.about, offer: None };
        match asking::ask(house, person, errand, asks).await {
            // Taken away a moment ago: then there is nothing to ask any more.
            Ok(_) | Err(Fault::NotFound | Fault::Overtaken(_) | Fault::OutOfTurn(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

async fn was_asked(house: &House, errand: ErrandId, thing: Unheard) -> Result<bool> {
    let asked = house.db.read(async move |conn| questions::list_of_errand(conn, errand).await).await;
    let same = |question: &Question| question.position == thing.position && question.kind == thing.about;
    Ok(asked.map_err(Fault::Store)?.iter().any(same))
}
