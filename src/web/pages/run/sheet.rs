//! `/run/sheet`: the runner's own trip on paper, for the night the network dies; labels for the bags below it.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::cards::item_title;
use super::shopping::{self, AtShop};
use crate::domain::clock::At;
use crate::domain::text::last_four;
use crate::store::views::runner::{self, ActiveClaim, Trip};
use crate::web::api::must_be_runner;
use crate::web::fault::Result;
use crate::web::pages::door::sign_in_and_back;
use crate::web::pages::shell::{Shell, Stamp};
use crate::web::pages::visit::Visit;
use crate::web::{Site, links};

/// A4: the shopping list, the doors in walking order, and a label for each bag to cut out.
#[derive(Debug, Template)]
#[template(path = "run/sheet.html")]
pub struct SheetPage<'a> {
    pub shell: &'a Shell,
    /// Of the runner.
    pub name: &'a str,
    pub trip: &'a Trip,
    pub now: At,
}

/// A row of the sheet.
#[derive(Debug)]
struct Row {
    door: String,
    compound: String,
    code: String,
    whose: String,
    items: Vec<String>,
    by: String,
}

impl SheetPage<'_> {
    fn shops(&self) -> Vec<AtShop> {
        shopping::list(self.shell, self.trip)
    }

    fn rows(&self) -> Vec<Row> {
        shopping::in_walking_order(self.trip).into_iter().map(|stop| self.row(stop)).collect()
    }

    fn row(&self, stop: &ActiveClaim) -> Row {
        Row {
            door: format!("{} {}", stop.to.name, stop.room),
            compound: stop.to.compound.clone(),
            code: stop.code.clone(),
            whose: self
                .shell
                .words
                .with("sheet-whose", &[("name", stop.name.clone().into()), ("four", last_four(&stop.phone).into())]),
            items: stop.items.iter().map(item_title).collect(),
            by: self.shell.when(stop.deliver_by, self.now).text,
        }
    }

    /// With its date: paper has no today.
    fn printed(&self) -> Stamp {
        self.shell.when(self.now, At::default())
    }
}

/// # Errors
/// [`crate::web::fault::Fault::NotAllowed`] for who is no runner.
pub async fn show(site: Data<Site>, visit: Visit) -> Result<HttpResponse> {
    let Ok(caller) = visit.signed_in() else { return Ok(sign_in_and_back(links::RUN_SHEET)) };
    must_be_runner(caller)?;
    let (me, now) = (caller.person.id, site.house.now());
    let trip = site.house.db.read(async move |conn| runner::load_trip(conn, me, now).await).await?;
    let shell = visit.shell(&site, None);
    visit.show(&SheetPage { shell: &shell, name: &caller.name, trip: &trip, now })
}
