//! A question at the counter: the runner asks, the resident answers on the page, or the desk for the resident on a call.

use super::{Fault, House, Result, pausing};
use crate::domain::actor::{Actor, Person, Trace};
use crate::domain::clock::At;
use crate::domain::errand::{Refused, Step};
use crate::domain::ids::{ErrandId, QuestionId, RequestId, ZoneId};
use crate::domain::permission::{Action, may};
use crate::domain::question::{About, Choice, THE_SHOP, is_worth_asking, may_be_asked};
use crate::domain::text::Line;
use crate::line::What;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::questions::{self, Named, Question};
use crate::store::{Conn, assignments, errands, journal, requests};

/// What a runner asks.
#[derive(Debug, Clone)]
pub struct Asks {
    pub item: Named,
    pub about: About,
    /// What there is instead.
    pub offer: Option<Line>,
}

/// Asks the resident about a thing of an errand in the runner's hands. Asked again before the answer, it is that question.
///
/// # Errors
/// [`Fault::NotFound`] for an errand the runner never had, [`Fault::Overtaken`] for one that went to somebody else,
/// [`Fault::OutOfTurn`], [`Fault::UnknownItem`].
#[tracing::instrument(skip_all, fields(errand_id = %errand))]
pub async fn ask(house: &House, person: &Person, errand: ErrandId, asks: Asks) -> Result<Question> {
    let (me, now) = (person.clone(), house.now());
    let (question, leg) = house
        .db
        .write(async move |conn| {
            let leg = carried(conn, &me, errand).await?;
            let position = questions::find_position(conn, leg.request_id, &asks.item).await?;
            may_ask_about(conn, &leg, position, asks.about).await?;
            let question = Question {
                id: QuestionId::mint(),
                request_id: leg.request_id,
                errand_id: leg.id,
                position: position.ok_or(Fault::UnknownItem)?,
                kind: asks.about,
                offer: asks.offer.map(|offer| offer.as_str().to_owned()),
                asked_at: now,
                asked_by: me.id,
                answered_at: None,
                answer: None,
                answered_by: None,
                answered_by_id: None,
            };
            let (question, is_new) = questions::ask(conn, question).await?;
            if is_new {
                let by = (Trace::runner(me.id), now);
                journal::write(conn, told(&leg, "asked", question.kind.as_str(), by)).await?;
                pausing::wait_for_consent(conn, &leg, by).await?;
            }
            Ok::<_, Fault>((question, leg))
        })
        .await?;
    house.tell(leg.zone_id, What::Request(leg.request_id)).await;
    Ok(question)
}

/// About the shop as a whole it is only asked whether it may be another than the one that was named.
async fn may_ask_about(conn: &mut Conn, leg: &Errand, position: Option<i32>, about: About) -> Result<()> {
    if position != Some(THE_SHOP) {
        return Ok(());
    }
    let (_, named) = requests::load_origin(conn, leg.request_id).await?;
    if about == About::OutOfStock && named.is_some() { Ok(()) } else { Err(Fault::UnknownItem) }
}

async fn carried(conn: &mut Conn, me: &Person, errand: ErrandId) -> Result<Errand> {
    let found = errands::find(conn, errand).await?.ok_or(Fault::NotFound)?;
    let mine = may(&Actor::Person(me.clone()), Action::CarryErrand { carried_by: found.runner_id });
    if mine && may_be_asked(found.state) && found.leg == 1 {
        return Ok(found);
    }
    if !assignments::ever_carried(conn, errand, me.id).await? {
        return Err(Fault::NotFound);
    }
    if found.state.is_with_runner() {
        return Err(Fault::Overtaken(found.state));
    }
    Err(Refused::OutOfTurn { state: found.state, step: Step::Collect }.into())
}

fn told(leg: &Errand, kind: &str, word: &str, (by, at): (Trace, At)) -> Event {
    let event = Event::new(at, leg.zone_id, kind, by).because(Some(word));
    Event { request_id: Some(leg.request_id), errand_id: Some(leg.id), ..event }
}

/// The holder of the link answers.
///
/// # Errors
/// [`Fault::NotFound`] for a question of another request, [`Fault::AlreadyAnswered`], [`Fault::OutOfTurn`] when it is over.
pub async fn answer(house: &House, request: RequestId, question: QuestionId, choice: Choice) -> Result<Question> {
    let mine = move |found: &Question, _| found.request_id == request;
    keep(house, question, (choice, Trace::RESIDENT), mine).await
}

/// The desk answers for the resident, on a call.
///
/// # Errors
/// As [`answer`]; [`Fault::NotFound`] for a question of a zone this person does not work for.
pub async fn answer_for(house: &House, person: &Person, question: QuestionId, choice: Choice) -> Result<Question> {
    let actor = Actor::Person(person.clone());
    let allowed = move |_: &Question, zone| may(&actor, Action::EnterRequest { zone });
    keep(house, question, (choice, Trace::staff(person)), allowed).await
}

#[tracing::instrument(skip_all, fields(question_id = %question))]
async fn keep(
    house: &House,
    question: QuestionId,
    (choice, by): (Choice, Trace),
    allowed: impl Fn(&Question, ZoneId) -> bool + Send + 'static,
) -> Result<Question> {
    let now = house.now();
    let (answered, leg) = house
        .db
        .write(async move |conn| {
            let found = questions::find(conn, question).await?.ok_or(Fault::NotFound)?;
            let about = requests::find(conn, found.request_id).await?.ok_or(Fault::NotFound)?;
            if !allowed(&found, about.zone_id) {
                return Err(Fault::NotFound);
            }
            if found.answered_at.is_some() {
                return Err(Fault::AlreadyAnswered);
            }
            if !is_worth_asking(about.state) {
                return Err(Refused::OutOfTurn { state: about.state, step: Step::Collect }.into());
            }
            if !questions::answer(conn, question, choice, by, now).await? {
                return Err(Fault::AlreadyAnswered);
            }
            let leg = errands::find(conn, found.errand_id).await?.ok_or(Fault::NotFound)?;
            journal::write(conn, told(&leg, "answered", choice.as_str(), (by, now))).await?;
            if !questions::any_open(conn, leg.request_id).await? {
                pausing::consent_came(conn, &leg, (by, now)).await?;
            }
            let answered = questions::find(conn, question).await?.ok_or(Fault::NotFound)?;
            Ok::<_, Fault>((answered, leg))
        })
        .await?;
    house.tell_change(&leg, leg.runner_id).await;
    Ok(answered)
}
