//! What shops should be asked before anybody walks.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shapes::Page;
use super::watched_zone;
use crate::domain::stock::{Found, Sighting};
use crate::domain::urgency::Urgency;
use crate::store::views::stock::{self, AskedShop, Moment, Shop, StockQuestion};
use crate::web::Site;
use crate::web::extract::{Params, SignedIn};
use crate::web::fault::{Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_questions);
}

/// The present moment of the house.
pub(in crate::web) fn moment(site: &Site) -> Moment {
    let now = site.house.now();
    Moment { now, minute: site.house.local.minute_of_day(now) }
}

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct StockParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct StockQuestionJson {
    /// The place's code.
    pub place: String,
    pub place_name: String,
    pub phone: Option<String>,
    /// By its hours; only a place that was named is asked while it is not.
    pub open: bool,
    pub item: String,
    pub strength: Option<String>,
    pub unit: Option<String>,
    /// How many errands wait for the answer.
    pub errands: u32,
    /// Of the most urgent one.
    pub urgency: Urgency,
    #[schema(value_type = String, format = DateTime)]
    pub deliver_by: Iso,
    pub last: Option<LastJson>,
}

/// What was last told, too long ago to be relied on.
#[derive(Serialize, ToSchema)]
pub struct LastJson {
    pub outcome: Found,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
}

impl StockQuestionJson {
    fn new(shop: &Shop, question: StockQuestion) -> Self {
        let last = |last: Sighting| LastJson { outcome: last.found, at: last.at.into() };
        Self {
            place: shop.code.clone(),
            place_name: shop.name.clone(),
            phone: shop.phone.clone(),
            open: shop.open,
            item: question.item,
            strength: question.strength,
            unit: question.unit,
            errands: question.errands,
            urgency: question.urgency,
            deliver_by: question.deliver_by.into(),
            last: question.last.map(last),
        }
    }
}

/// Which shops should be asked now "do you have it?", for medicine nobody has claimed yet: most urgent first, nothing of
/// the residents in it.
#[utoipa::path(
    context_path = "/api/v1", tag = "desk, supervisor", params(StockParams),
    responses((status = 200, body = Page<StockQuestionJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem))
)]
#[get("/desk/stock-questions")]
pub async fn list_questions(site: Data<Site>, caller: SignedIn, params: Params<StockParams>) -> Result<HttpResponse> {
    let zone = watched_zone(&site, &caller, params.0.zone.as_deref()).await?;
    let moment = moment(&site);
    let shops = site.house.db.read(async move |conn| stock::list_shops(conn, zone, moment).await).await?;
    let flat = |AskedShop { shop, questions }: AskedShop| {
        questions.into_iter().map(move |question| StockQuestionJson::new(&shop, question))
    };
    let mut items: Vec<StockQuestionJson> = shops.into_iter().flat_map(flat).collect();
    items.sort_by_key(|question| (question.urgency, question.deliver_by.0));
    Ok(HttpResponse::Ok().json(Page::whole(items)))
}
