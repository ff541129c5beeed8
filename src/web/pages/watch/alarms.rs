//! The red line: open alarms with one press each, as a part of `/watch` and as a page of its own at `/watch/alarms`; the
//! way a request has gone up, as a part of the opened request.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;

use super::queue::Shape;
use crate::domain::actor::{Actor, Person};
use crate::domain::alarm::{Rung, Terms};
use crate::domain::clock::At;
use crate::domain::ids::RequestId;
use crate::domain::permission::{Action, may};
use crate::flow::alarming;
use crate::store::views::alarms::{self, AlarmNote, StepRow};
use crate::web::api::{ZoneParams, alarms_of, id, must_answer, whither};
use crate::web::extract::{Fields, Params, SignedIn};
use crate::web::fault::Result;
use crate::web::pages::door::{sign_in_and_back, told};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(links::ALARMS, web::get().to(show))
        .route("/watch/requests/{id}/acknowledge", web::post().to(acknowledge))
        .route("/watch/requests/{id}/escalate", web::post().to(escalate));
}

/// Who reads, and what the slack is reckoned with.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    pub person: &'a Person,
    pub terms: &'a Terms,
    pub now: At,
    /// Where the forms lead back to.
    pub back: &'static str,
}

/// One line of the list.
#[derive(Debug)]
struct Line {
    request: RequestId,
    code: String,
    /// "late" or "soon".
    pressure: &'static str,
    shape: Shape,
    slack: String,
    about: String,
    stands: String,
    why: Option<String>,
    answer: String,
    may_acknowledge: bool,
    may_escalate: bool,
}

impl Line {
    fn of(shell: &Shell, note: &AlarmNote, reader: &Reader<'_>) -> Self {
        let words = shell.words;
        let case = &note.case;
        let left_s = case.deliver_by.seconds_since(reader.now);
        let slack_s = reader.terms.slack_s(case, reader.now);
        let (id, seconds) = match () {
            () if left_s < 0 => ("alarms-late", -left_s),
            () if slack_s < 0 => ("alarms-short", -slack_s),
            () => ("alarms-slack", slack_s),
        };
        let pressure = if slack_s < 0 { "late" } else { "soon" };
        let since = shell.when(note.since, reader.now).text;
        let rung = words.get(&format!("rung-{}", note.rung));
        let stands = words.with("alarms-since", &[("rung", rung.into()), ("time", since.into())]);
        let nobody = note.nobody.then(|| words.get("alarms-nobody-there"));
        let answer = note.acknowledged.as_ref().map(|(name, at)| {
            let at = shell.when(*at, reader.now).text;
            words.with("alarms-mine", &[("name", name.as_str().into()), ("time", at.into())])
        });
        let about = [
            words.get(&format!("urgency-{}", case.urgency)),
            words.get(&format!("category-{}", note.category)),
            note.building.clone(),
            note.zone_name.clone(),
        ];
        let actor = Actor::Person(reader.person.clone());
        let answers = |rung| may(&actor, Action::AnswerAlarm { zone: note.zone, rung });
        Self {
            request: note.request,
            code: note.code.clone(),
            pressure,
            shape: Shape::of(pressure),
            slack: words.say(id, "span", words.span(seconds)),
            about: about.join(" · "),
            stands: [Some(stands), nobody].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            why: note.why.as_deref().and_then(|why| reason(shell, why)),
            may_acknowledge: answer.is_none() && answers(note.rung),
            answer: answer.unwrap_or_else(|| words.get("alarms-unanswered")),
            may_escalate: note.rung < Rung::District && answers(Rung::Runner),
        }
    }
}

/// Why nobody goes, in words of ours alone: own words may name somebody.
fn reason(shell: &Shell, why: &str) -> Option<String> {
    let words = shell.words;
    let known = ["nobody-reason", "care-reason"].iter().find_map(|kind| words.find(&format!("{kind}-{why}")));
    known.map(|why| words.say("alarms-why", "why", why))
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "watch/alarms.html")]
pub struct Alarms<'a> {
    shell: &'a Shell,
    lines: Vec<Line>,
    /// How many there are, with those that are not shown.
    all: usize,
    /// Of the first, who must act.
    who: Option<String>,
    back: &'static str,
}

impl<'a> Alarms<'a> {
    #[must_use]
    pub fn of(shell: &'a Shell, notes: &[AlarmNote], reader: &Reader<'_>) -> Self {
        let who = notes.first().map(|note| shell.t(&format!("rung-{}", note.rung)));
        let lines = notes.iter().map(|note| Line::of(shell, note, reader)).collect();
        Self { shell, lines, all: notes.len(), who, back: reader.back }
    }

    /// The first of them; of the others there is a link.
    #[must_use]
    pub fn at_most(mut self, n: usize) -> Self {
        self.lines.truncate(n);
        self
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.all
    }

    /// What is promised first.
    #[must_use]
    pub fn first(&self) -> Option<RequestId> {
        self.lines.first().map(|line| line.request)
    }

    #[must_use]
    pub fn who(&self) -> Option<String> {
        self.who.clone()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.all == 0
    }
}

impl askama::filters::HtmlSafe for Alarms<'_> {}

/// `/watch/alarms`: the list alone, for whoever was told by letter.
#[derive(Debug, Template)]
#[template(path = "watch/alarms_page.html")]
pub struct AlarmsPage<'a> {
    pub shell: &'a Shell,
    pub alarms: &'a Alarms<'a>,
    pub notice: Option<Notice>,
}

/// The way a request has gone up.
#[derive(Debug, Template)]
#[template(path = "watch/ladder.html")]
pub struct Ladder<'a> {
    shell: &'a Shell,
    steps: Vec<(Stamp, String, String)>,
}

impl<'a> Ladder<'a> {
    #[must_use]
    pub fn of(shell: &'a Shell, rows: &[StepRow], now: At) -> Self {
        let words = shell.words;
        let step = |row: &StepRow| {
            let there = match row.told {
                0 => words.get("alarm-history-nobody"),
                n => words.say("alarm-history-told", "n", n),
            };
            let sent = row.sent_by.as_deref().map(|name| words.say("alarm-history-sent", "name", name));
            let answered = row.acknowledged.as_ref().map(|(name, at)| {
                let at = shell.when(*at, now).text;
                words.with("alarm-history-answered", &[("name", name.as_str().into()), ("time", at.into())])
            });
            let said = [sent, Some(there), answered].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            (shell.when(row.told_at, now), words.get(&format!("rung-{}", row.rung)), said)
        };
        Self { shell, steps: rows.iter().map(step).collect() }
    }
}

impl askama::filters::HtmlSafe for Ladder<'_> {}

async fn show(site: Data<Site>, visit: Visit, params: Params<ZoneParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::ALARMS)) };
    let notes = load(&site, caller, params.0.zone.as_deref()).await?;
    let shell = visit.shell(&site, None);
    let reader =
        Reader { person: &caller.person, terms: &site.house.alarms, now: site.house.now(), back: links::ALARMS };
    let alarms = Alarms::of(&shell, &notes, &reader);
    visit.show(&AlarmsPage { shell: &shell, alarms: &alarms, notice: visit.notice() })
}

/// The open alarms of a zone; without one of the reader's own, or of all for the district.
///
/// # Errors
/// Those `alarms_of` answers.
pub async fn load(site: &Site, caller: &SignedIn, zone: Option<&str>) -> Result<Vec<AlarmNote>> {
    let zone = alarms_of(site, caller, zone).await?;
    Ok(site.house.db.read(async move |conn| alarms::list(conn, zone).await).await?)
}

/// Only to pages that have the list: nobody is led elsewhere by a form.
fn back(fields: &Fields, request: RequestId) -> String {
    match fields.first("back") {
        links::ALARMS => links::ALARMS.to_owned(),
        links::WATCH => links::WATCH.to_owned(),
        _ => links::opened(request),
    }
}

async fn acknowledge(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_answer(caller)?;
    let request: RequestId = id(&request)?;
    let done = alarming::acknowledge(&site.house, &caller.person, request).await;
    told(done.map_err(Into::into), &back(&fields, request), "acknowledged")
}

async fn escalate(site: Data<Site>, visit: Visit, request: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let caller = visit.signed_in()?;
    visit.check_form(&site, &fields, None)?;
    must_answer(caller)?;
    let request: RequestId = id(&request)?;
    let whither = whither(Some(fields.first("rung")), Some(fields.first("reason")))?;
    let done = alarming::escalate(&site.house, &caller.person, request, whither).await;
    told(done.map_err(Into::into), &back(&fields, request), "escalated")
}
