//! Who did what, and who looked at whose data.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::shapes::Page;
use super::watched_zone;
use crate::domain::actor::Actor;
use crate::domain::ids::{EventId, ZoneId};
use crate::domain::local::parse_rfc3339;
use crate::domain::permission::{Action, may};
use crate::store::views::audit::{self, AuditRow, Wanted};
use crate::web::Site;
use crate::web::extract::{Params, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(export);
}

const USUAL: usize = 50;
const MOST: usize = 1000;
/// A table for a spreadsheet is cut here; the rest by `to`.
const MOST_ROWS: usize = 50_000;

#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct AuditParams {
    /// A zone's code; the caller's own when not given.
    pub zone: Option<String>,
    /// A username.
    pub who: Option<String>,
    /// A request's code.
    pub request: Option<String>,
    /// RFC 3339
    pub from: Option<String>,
    /// RFC 3339
    pub to: Option<String>,
    pub limit: Option<usize>,
    /// The `id` of the last entry seen.
    pub after: Option<String>,
}

/// One deed, or one look. No name, door or telephone.
#[derive(Serialize, ToSchema)]
pub struct AuditJson {
    #[schema(value_type = String, format = Uuid)]
    pub id: EventId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Iso,
    /// The account's username.
    pub who: String,
    /// A step's word; `looked_request`, `looked_home`, `looked_volunteer` for reads of personal data.
    pub what: String,
    /// A request's code.
    pub request: Option<String>,
    /// A word: why it was done, or what was looked for.
    pub why: Option<String>,
}

impl From<AuditRow> for AuditJson {
    fn from(row: AuditRow) -> Self {
        Self { id: row.id, at: row.at.into(), who: row.who, what: row.what, request: row.request, why: row.why }
    }
}

/// A page of the audit list: the zone, its entries, and whether there are more.
pub(in crate::web) async fn load_audit(
    site: &Site,
    caller: &SignedIn,
    params: &AuditParams,
    limit: usize,
) -> Result<(ZoneId, Vec<AuditRow>, bool)> {
    let zone = watched_zone(site, caller, params.zone.as_deref()).await?;
    if !may(&Actor::Person(caller.person.clone()), Action::ReadAudit { zone }) {
        return Err(Fault::NotAllowed);
    }
    let given = |text: &Option<String>| text.clone().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let wrong = |field: &str, code| Fault::Invalid(vec![FieldError::new(field, code)]);
    let time = |field: &str, text: &Option<String>| match given(text) {
        None => Ok(None),
        Some(text) => parse_rfc3339(&text).map(Some).ok_or_else(|| wrong(field, "not_a_time")),
    };
    let after = given(&params.after).map(|text| text.parse().map_err(|_| wrong("after", "not_a_word"))).transpose()?;
    let wanted = Wanted {
        who: given(&params.who),
        request: given(&params.request),
        from: time("from", &params.from)?,
        to: time("to", &params.to)?,
        after,
        limit: limit + 1,
    };
    let mut rows = site.house.db.read(async move |conn| audit::list(conn, zone, wanted).await).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    Ok((zone, rows, more))
}

impl AuditParams {
    pub(in crate::web) fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }
}

/// What accounts did in a zone, and whose personal data they read; latest first.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(AuditParams),
    responses((status = 200, body = Page<AuditJson>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[get("/admin/audit")]
pub async fn list(site: Data<Site>, caller: SignedIn, params: Params<AuditParams>) -> Result<HttpResponse> {
    let (_, rows, more) = load_audit(&site, &caller, &params.0, params.0.limit()).await?;
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(HttpResponse::Ok().json(Page { items: rows.into_iter().map(AuditJson::from).collect(), next }))
}

/// The same as a table for a spreadsheet.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", params(AuditParams),
    responses((status = 200, content_type = "text/csv", body = String), (status = 422, body = Problem))
)]
#[get("/admin/audit.csv")]
pub async fn export(site: Data<Site>, caller: SignedIn, params: Params<AuditParams>) -> Result<HttpResponse> {
    let (_, rows, _) = load_audit(&site, &caller, &params.0, MOST_ROWS).await?;
    let written = written(&rows).map_err(|error| crate::store::Error::Broken(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=audit.csv"))
        .body(written))
}

fn written(rows: &[AuditRow]) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "at", "who", "what", "request", "why"])?;
    for row in rows {
        let (id, at) = (row.id.to_string(), crate::domain::local::rfc3339(row.at));
        let (request, why) = (row.request.as_deref().unwrap_or_default(), row.why.as_deref().unwrap_or_default());
        table.write_record([&id, &at, &plain(&row.who), &row.what, request, &plain(why)])?;
    }
    Ok(table.into_inner()?)
}

/// A spreadsheet takes what begins like this for a formula and runs it: then it gets a quote in front.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
