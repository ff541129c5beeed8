//! `/watch`: read in one snapshot, shown as of one moment.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::alarms::{Alarms, Reader};
use super::due::DueBox;
use super::needs::NeedsBox;
use super::page::{Filters, WatchPage};
use crate::domain::help::Help;
use crate::domain::ids::ZoneId;
use crate::domain::lists::List;
use crate::store::views::alarms::AlarmNote;
use crate::store::views::figures::{self, By, Span};
use crate::store::views::follow_ups::{self, Check};
use crate::store::views::ground::{self, Building};
use crate::store::views::open::{self, Undelivered};
use crate::store::views::queue::{self, Filter};
use crate::store::views::supervisor::{QueueRow, RunnerRow, Summary};
use crate::store::views::{alarms as noted, needs};
use crate::store::{Conn, Result as StoreResult};
use crate::web::api::{QueueParams, alarms_of, watched_zone};
use crate::web::extract::Params;
use crate::web::fault::Result;
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::shell::Counts;
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

/// Read so many: what is delivered and not yet confirmed stands among them, and is shown last.
const READ: usize = 200;
/// Rows of the queue, when nothing is asked for: the rest is one press away.
const SHOWN: usize = 12;
/// Alarms that stand on the page; of the others there is a link.
const ALARMS: usize = 2;
/// Those to call first.
const CALLS: usize = 4;

/// All that stands on the page.
struct Moment {
    zone: String,
    summary: Summary,
    open: Vec<Undelivered>,
    queue: Vec<QueueRow>,
    runners: Vec<RunnerRow>,
    blocks: Vec<Building>,
    needs: Vec<Help>,
    notes: Vec<AlarmNote>,
    due: (u64, u64),
    calls: Vec<Check>,
}

/// What to read.
struct Wish {
    zone: ZoneId,
    alarms_of: Option<ZoneId>,
    span: Span,
    filter: Filter,
}

async fn read(conn: &mut Conn, wish: Wish) -> StoreResult<Moment> {
    let (zone, now, day_began) = (wish.zone, wish.span.now, wish.span.from);
    let (due, all) = follow_ups::count(conn, zone, now).await?;
    let counted = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut calls = follow_ups::list(conn, zone, now).await?;
    calls.truncate(CALLS);
    Ok(Moment {
        zone: ground::load_zone(conn, zone).await?.name,
        summary: figures::load(conn, zone, wish.span).await?,
        open: open::list_undelivered(conn, zone).await?,
        queue: queue::list(conn, zone, wish.filter).await?,
        runners: figures::list_runners(conn, zone, day_began).await?,
        blocks: ground::list_blocks(conn, zone).await?,
        needs: needs::list(conn, zone, now).await?,
        notes: noted::list(conn, wish.alarms_of).await?,
        due: (counted(due), counted(all)),
        calls,
    })
}

impl Moment {
    fn counts(&self) -> Counts {
        let of = |list: List| self.open.iter().filter(|one| List::of(one.state) == Some(list)).count();
        Counts {
            queue: Some(self.summary.open.n),
            is_late: self.summary.open.late > 0,
            on_duty: Some(self.summary.runners_on_duty),
            due: Some(self.due.0),
            care: u64::try_from(of(List::Care)).ok(),
        }
    }
}

pub(super) async fn show(site: Data<Site>, visit: Visit, params: Params<QueueParams>) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::WATCH)) };
    let code = params.0.zone.as_deref();
    let zone = watched_zone(&site, caller, code).await?;
    let alarms_of = alarms_of(&site, caller, code).await?;
    // A filter from a link that has aged shows everything rather than an error.
    let filter = params.0.filter().unwrap_or_default();
    let filter = Filter { limit: READ, ..filter };
    let filters = Filters {
        state: filter.state,
        list: filter.list,
        urgency: filter.urgency,
        q: filter.text.clone().unwrap_or_default(),
    };
    let shown = params.0.limit.unwrap_or(if filters.is_blank() { SHOWN } else { READ });
    let now = site.house.now();
    let from = site.house.local.day_began(now);
    let span = Span { from, to: now.plus_seconds(1), by: By::Hour, now, local: site.house.local.clone() };
    let wish = Wish { zone, alarms_of, span, filter };
    let moment = site.house.db.snapshot(async move |conn| read(conn, wish).await).await?;
    let mut shell = visit.shell(&site, None);
    shell.counts = moment.counts();
    let reader = Reader { person: &caller.person, terms: &site.house.alarms, now, back: links::WATCH };
    visit.show(&WatchPage {
        shell: &shell,
        zone: &moment.zone,
        summary: &moment.summary,
        filters: &filters,
        shown,
        open: &moment.open,
        queue: &moment.queue,
        runners: &moment.runners,
        blocks: &moment.blocks,
        needs: NeedsBox { shell: &shell, needs: &moment.needs, now },
        due: DueBox { shell: &shell, counted: moment.due, first: &moment.calls, now },
        notice: visit.notice(),
        alarms: &Alarms::of(&shell, &moment.notes, &reader).at_most(ALARMS),
    })
}
