//! Photos of boxes: left with a request, looked at by few.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{Bytes, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use futures_util::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use super::id;
use crate::flow::photos::{self, MOST_BYTES};
use crate::web::Site;
use crate::web::extract::{Peer, SignedIn};
use crate::web::fault::{Fault, FieldError, Problem, Result};
use crate::web::photos::code_of;

pub fn configure(config: &mut ServiceConfig) {
    config.service(leave).service(look);
}

#[derive(Serialize, ToSchema)]
pub struct Left {
    /// Goes into `items[].photo` of the request, within a day.
    pub photo: String,
}

/// Leave a photo of a box (JPEG, PNG or WebP, at most 8 MB) for a request that follows. It is kept as a plain JPEG.
#[utoipa::path(
    context_path = "/api/v1", tag = "resident", request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 201, body = Left), (status = 413, body = Problem), (status = 422, body = Problem, description = "not_a_picture, photo_too_large"), (status = 429, body = Problem))
)]
#[post("/photos")]
pub async fn leave(site: Data<Site>, peer: Peer, body: Payload) -> Result<HttpResponse> {
    site.photos.check(peer.0)?;
    match photos::keep(&site.house, bytes(body).await?).await? {
        Ok(photo) => Ok(HttpResponse::Created().json(Left { photo })),
        Err(unreadable) => Err(Fault::Invalid(vec![FieldError::new("photo", code_of(unreadable))])),
    }
}

async fn bytes(mut body: Payload) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk: Bytes = chunk.map_err(|_| Fault::Malformed("The body could not be read.".to_owned()))?;
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The picture, for the runner who fetches the goods now and for the zone's staff, whose look is written down.
#[utoipa::path(
    context_path = "/api/v1", tag = "runner", params(("id" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 401, body = Problem), (status = 404, body = Problem))
)]
#[get("/photos/{id}")]
pub async fn look(site: Data<Site>, caller: SignedIn, photo: Path<String>) -> Result<HttpResponse> {
    let jpeg = photos::open(&site.house, &caller.person, id(&photo)?).await?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .body(jpeg))
}
