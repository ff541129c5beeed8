//! Seals of buildings, one or many at once.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::must_step_in;
use crate::domain::seal::Seal;
use crate::flow::sealing::{self, Done};
use crate::web::Site;
use crate::web::extract::{Body, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;
use crate::web::seals::SealBody;

/// Seals taken in one call.
const MOST: usize = 500;

pub fn configure(config: &mut ServiceConfig) {
    config.service(seal_building).service(seal_buildings);
}

/// A seal as it was set.
#[derive(Serialize, ToSchema)]
pub struct Sealed {
    pub building: String,
    pub seal: Seal,
    #[schema(value_type = String, format = DateTime)]
    pub from: Iso,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Iso>,
    /// `false`: it begins by itself at `from`.
    pub begun: bool,
    /// Runners taken off duty or brought back.
    pub runners: usize,
    /// Errands given to others or to a person, because their runner lives there.
    pub errands: usize,
}

impl Sealed {
    fn of(building: String, done: Done) -> Self {
        Self {
            building,
            seal: done.seal,
            from: done.from.into(),
            until: done.until.map(Into::into),
            begun: done.begun,
            runners: done.runners,
            errands: done.errands,
        }
    }
}

/// Seal a building, open it, or leave it its stairs alone; it ends by itself at `until`.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", request_body = SealBody, params(("code" = String, Path, description = "The building's code")),
    responses((status = 200, body = Sealed), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem))
)]
#[put("/buildings/{code}/seal")]
pub async fn seal_building(
    site: Data<Site>,
    caller: SignedIn,
    code: Path<String>,
    body: Body<SealBody>,
) -> Result<HttpResponse> {
    let order = body.value.read(site.house.now()).map_err(Fault::Invalid)?;
    let done = sealing::seal(&site.house, &caller.person, &code, order).await?;
    Ok(HttpResponse::Ok().json(Sealed::of(code.into_inner(), done)))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SealsBody {
    pub seals: Vec<SealRow>,
}

/// One of many.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SealRow {
    pub building: Option<String>,
    pub seal: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
}

/// What came of each, in the order they were sent.
#[derive(Serialize, ToSchema)]
pub struct SealsAnswer {
    pub items: Vec<SealAnswer>,
    pub done: usize,
    pub refused: usize,
}

#[derive(Serialize, ToSchema)]
pub struct SealAnswer {
    pub building: Option<String>,
    pub ok: bool,
    /// A stable code, when it was refused.
    pub why: Option<String>,
    /// Of the row, when a field was wrong.
    pub field: Option<String>,
    pub sealed: Option<Sealed>,
}

/// Set many seals. Each row stands for itself: the answer says of each whether it was done, or why not.
#[utoipa::path(
    context_path = "/api/v1", tag = "supervisor", request_body = SealsBody,
    responses((status = 200, body = SealsAnswer), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem))
)]
#[post("/buildings/seals")]
pub async fn seal_buildings(site: Data<Site>, caller: SignedIn, body: Body<SealsBody>) -> Result<HttpResponse> {
    must_step_in(&caller)?;
    let rows = body.value.seals;
    let wrong = match rows.len() {
        0 => Some("required"),
        more if more > MOST => Some("too_many"),
        _ => None,
    };
    if let Some(code) = wrong {
        return Err(Fault::Invalid(vec![FieldError::new("seals", code)]));
    }
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(seal_row(&site, &caller, row).await?);
    }
    let done = items.iter().filter(|item| item.ok).count();
    let refused = items.len() - done;
    Ok(HttpResponse::Ok().json(SealsAnswer { items, done, refused }))
}

async fn seal_row(site: &Site, caller: &SignedIn, row: SealRow) -> Result<SealAnswer> {
    let refuse = |building: Option<String>, why: &str, field: Option<String>| SealAnswer {
        building,
        ok: false,
        why: Some(why.to_owned()),
        field,
        sealed: None,
    };
    let Some(code) = row.building.filter(|code| !code.is_empty()) else {
        return Ok(refuse(None, "required", Some("building".to_owned())));
    };
    let body = SealBody { seal: row.seal, from: row.from, until: row.until };
    let order = match body.read(site.house.now()) {
        Ok(order) => order,
        Err(wrong) => {
            let first = wrong.into_iter().next();
            let (why, field) = first.map_or(("other", None), |error| (error.code, Some(error.field)));
            return Ok(refuse(Some(code), why, field));
        }
    };
    match sealing::seal(&site.house, &caller.person, &code, order).await.map_err(Fault::from) {
        Ok(done) => {
            let sealed = Some(Sealed::of(code.clone(), done));
            Ok(SealAnswer { building: Some(code), ok: true, why: None, field: None, sealed })
        }
        Err(fault) => {
            let told = fault.told();
            // Something broke here, and is no row's fault: it is logged and told as such. The same list may be sent again.
            if told.status.is_server_error() {
                return Err(fault);
            }
            let why = if told.code == "not_found" { "unknown_building" } else { told.code };
            Ok(refuse(Some(code), why, None))
        }
    }
}
