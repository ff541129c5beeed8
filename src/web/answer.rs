//! What stands around every call: one place words failures, sets headers, counts, and keeps other sites out.

use std::sync::atomic::Ordering;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};
use tracing_actix_web::RequestId;

use super::Site;
use super::extract::{Credential, is_same_site};
use super::fault::{Fault, Problem, ProblemField, Told};
use super::pages;
use crate::words::{Lang, Words};

/// Wraps every call.
///
/// # Errors
/// None of its own: what fails inside becomes an answer.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = std::time::Instant::now();
    let site = request.app_data::<web::Data<Site>>().cloned();
    let response = if site.as_ref().is_some_and(|site| comes_from_elsewhere(&request, site)) {
        request.into_response(Fault::ForgedForm.error_response())
    } else {
        // Handlers' errors are answers by here. (The call must not be cloned before: routing needs it for itself alone.)
        next.call(request).await?.map_into_boxed_body()
    };
    let mut response = match &site {
        Some(site) => worded(response, site),
        None => response,
    };
    if site.is_some_and(|site| site.draining.load(Ordering::Relaxed)) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    count(&response, began.elapsed().as_secs_f64());
    set_headers(&mut response);
    Ok(response)
}

/// A browser's unsafe call from another site. A bearer token is no ambient authority: whoever holds it meant the call.
fn comes_from_elsewhere(request: &ServiceRequest, site: &Site) -> bool {
    let unsafe_method = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let bearer = matches!(Credential::of(request.request(), site), Some(Credential::Bearer(_)));
    unsafe_method && !bearer && !is_same_site(request.request(), &site.public_url)
}

/// Gives a failure its body: a problem document under /api, a page elsewhere.
fn worded(response: ServiceResponse<BoxBody>, site: &Site) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let told = response.response().extensions().get::<Told>().cloned();
    // actix's own refusals (a wrong method, a broken path) carry nothing: they are told like ours.
    let told =
        told.or_else(|| (!response.headers().contains_key(CONTENT_TYPE) || is_plain(&response)).then(|| plain(status)));
    let Some(told) = told else { return response };
    let request_id = request_id(&response);
    let words = words_of(&response);
    let in_api = response.request().path().starts_with("/api/") || is_machine(response.request().path());
    let (kind, body) = if in_api {
        ("application/problem+json", serde_json::to_string(&problem(&told, words, request_id)).unwrap_or_default())
    } else {
        ("text/html; charset=utf-8", pages::faults::render(response.request(), site, &told, &request_id))
    };
    let (http, answer) = response.into_parts();
    let mut answer = answer.set_body(BoxBody::new(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // What was compressed before is not what is sent now.
    answer.headers_mut().remove(CONTENT_ENCODING);
    ServiceResponse::new(http, answer)
}

fn is_plain(response: &ServiceResponse<BoxBody>) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn is_machine(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn plain(status: StatusCode) -> Told {
    let fault = match status.as_u16() {
        404 => Fault::NotFound,
        405 => Fault::MethodNotAllowed,
        413 => Fault::TooLarge,
        415 => Fault::UnsupportedMediaType,
        _ => Fault::Malformed("The call could not be read.".to_owned()),
    };
    Told { status, ..fault.told() }
}

fn words_of(response: &ServiceResponse<BoxBody>) -> Words {
    let header = response.request().headers().get("Accept-Language").and_then(|value| value.to_str().ok());
    // Problem documents are for programs: English, unless the caller asks for Chinese.
    Words::of(header.map_or(Lang::En, |accept| Lang::negotiate(None, None, Some(accept))))
}

fn request_id(response: &ServiceResponse<BoxBody>) -> String {
    response.request().extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}

fn problem(told: &Told, words: Words, request_id: String) -> Problem {
    let field = |error: &super::fault::FieldError| ProblemField {
        field: error.field.clone(),
        code: error.code.to_owned(),
        message: pages::form::FieldError::new(&error.field, error.code).text(words),
    };
    Problem {
        kind: format!("/api/docs#{}", told.code),
        title: words.get(&format!("fault-{}", told.code)),
        status: told.status.as_u16(),
        detail: told.detail.clone(),
        code: told.code.to_owned(),
        request_id,
        errors: told.errors.iter().map(field).collect(),
        state: told.overtaken,
    }
}

fn count(response: &ServiceResponse<BoxBody>, seconds: f64) {
    // The template, never the path: a path may hold a token.
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::counter!("paotui_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("paotui_http_request_seconds", "route" => route).record(seconds);
}

fn set_headers(response: &mut ServiceResponse<BoxBody>) {
    let policy = pages::content_security_policy();
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    default(CONTENT_SECURITY_POLICY, policy);
    // Pages hold what is somebody's: no shared or local copy of them.
    default(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(self), geolocation=(self), microphone=()"),
    ] {
        default(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}
