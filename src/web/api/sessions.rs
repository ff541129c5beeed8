//! Signing in and out.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::actor::Role;
use crate::flow::access;
use crate::web::Site;
use crate::web::extract::{Body, Peer, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::iso::Iso;

pub fn configure(config: &mut ServiceConfig) {
    config.service(sign_in).service(sign_out);
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    pub username: Option<String>,
    pub password: Option<String>,
}

// A password never reaches a log by way of {:?}.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

#[derive(Serialize, ToSchema)]
pub struct Session {
    /// `Authorization: Bearer TOKEN`
    pub token: String,
    pub role: Role,
    pub roles: Vec<Role>,
    /// The zone's code.
    pub zone: String,
    pub name: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Iso,
}

/// Sign in.
#[utoipa::path(
    context_path = "/api/v1", tag = "sessions", request_body = Credentials,
    responses(
        (status = 201, body = Session), (status = 401, body = Problem, description = "wrong_credentials"),
        (status = 422, body = Problem), (status = 429, body = Problem),
    )
)]
#[post("/sessions")]
pub async fn sign_in(site: Data<Site>, peer: Peer, body: Body<Credentials>) -> Result<HttpResponse> {
    site.sign_ins.check(peer.0)?;
    let given = |field: &str, value: Option<String>| {
        value.filter(|value| !value.is_empty() && value.len() <= 500).ok_or_else(|| FieldError::new(field, "required"))
    };
    let (username, password) = match (given("username", body.value.username), given("password", body.value.password)) {
        (Ok(username), Ok(password)) => (username, password),
        (username, password) => {
            return Err(Fault::Invalid([username.err(), password.err()].into_iter().flatten().collect()));
        }
    };
    let session = access::sign_in(&site.house, &username, password).await?;
    Ok(HttpResponse::Created().json(Session {
        token: session.token,
        role: session.person.main_role(),
        roles: session.person.roles,
        zone: session.zone,
        name: session.name,
        expires_at: session.expires_at.into(),
    }))
}

/// Sign out: the session is over at once and everywhere.
#[utoipa::path(context_path = "/api/v1", tag = "sessions", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/sessions/current")]
pub async fn sign_out(site: Data<Site>, caller: SignedIn) -> Result<HttpResponse> {
    access::sign_out(&site.house, &caller.token).await?;
    Ok(HttpResponse::NoContent().finish())
}
