//! The OpenAPI document, made from the code, and the same as a list for the readable page.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::{Modify, OpenApi};

use super::{
    audit, board, care, desk, errands, events, follow_ups, ledger, offers, photos, questions, requests, rota, runner,
    seals, sessions, shops, sightings, stock, supplies, volunteers, watch,
};
use crate::web::fault::Problem;
use crate::web::pages::docs::page::Endpoint;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Paotui",
        description = "Errands for sealed residential communities. Times are RFC 3339 UTC, ids UUIDv7, lengths metres, durations seconds. \
            Errors are RFC 9457 problem documents with a stable `code`."
    ),
    paths(
        requests::submit, requests::track, requests::cancel, requests::confirm, requests::report,
        questions::ask, questions::answer, questions::answer_for, events::events, events::show_load,
        sessions::sign_in, sessions::sign_out,
        runner::set_duty, runner::list_offers, runner::trip, runner::hand_back_all, board::list, board::claim_trip,
        offers::accept, offers::decline,
        errands::claim, errands::collect, errands::hand_over, errands::deliver, errands::fail, errands::hand_back, errands::undo,
        watch::summary, watch::list_requests, watch::open_request, watch::assign, watch::release, watch::vouch,
        watch::dispatch::load_dials, watch::dispatch::turn_dials, watch::dispatch::habits, watch::intake::pause,
        watch::clocks::pause, watch::clocks::resume, watch::clocks::longest, watch::targets::load_targets, watch::targets::set_targets,
        sightings::see, stock::list_questions, shops::list, shops::go,
        watch::shortages::list, watch::shortages::put_before_a_person,
        photos::leave, photos::look,
        watch::needs::list, watch::stepping_in::set_urgency, watch::stepping_in::cancel, watch::stepping_in::collect_for,
        watch::stepping_in::bulk, care::list, care::decide, audit::list, audit::export,
        desk::enter, desk::list_silent, desk::called, supplies::list_due, supplies::told_how_long,
        follow_ups::list, follow_ups::take_up, follow_ups::record, follow_ups::list_recurring, follow_ups::end_recurrence,
        follow_ups::answer, follow_ups::set_again, follow_ups::end_again,
        seals::seal_building, seals::seal_buildings,
        volunteers::offer, volunteers::list, volunteers::approve, volunteers::decline, volunteers::link,
        watch::alarms::list_alarms, watch::alarms::escalate, watch::alarms::acknowledge, rota::show_rota, rota::keep_rota,
        ledger::book, ledger::settle, ledger::show, ledger::export,
    ),
    components(schemas(Problem)),
    modifiers(&Bearer, &Refusals),
)]
struct Api;

/// How to sign in, for whoever reads the document by machine.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

/// What the extractors refuse, wherever they stand: written once, so that no call forgets it.
struct Refusals;

/// Whose calls need no session: by the link, or by nothing.
const OPEN_TO_ANYBODY: [&str; 4] = ["resident", "sessions", "live", "volunteer"];

impl Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut document.paths.paths {
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                refuse(path, operation);
            }
        }
    }
}

fn refuse(path: &str, operation: &mut Operation) {
    let tags = operation.tags.clone().unwrap_or_default();
    let signed_in = !tags.iter().any(|tag| OPEN_TO_ANYBODY.contains(&tag.as_str()));
    let mut refusals = vec![("503", "store_unavailable, with Retry-After")];
    if signed_in {
        refusals.extend([("401", "sign_in_first"), ("403", "not_allowed")]);
    }
    if path.contains('{') || signed_in {
        refusals.push(("404", "not_found: not there, or not the caller's to see"));
    }
    if operation.request_body.is_some() {
        refusals.extend([
            ("400", "malformed_body"),
            ("413", "too_large"),
            ("415", "unsupported_media_type"),
            ("422", "invalid_input, with errors by field"),
        ]);
    }
    for (status, about) in refusals {
        let problem = utoipa::openapi::ResponseBuilder::new()
            .description(about)
            .content("application/problem+json", utoipa::openapi::Content::new(Some(problem_schema())))
            .build();
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem.into());
    }
}

fn problem_schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    utoipa::openapi::Ref::from_schema_name("Problem").into()
}

pub fn configure(config: &mut ServiceConfig) {
    config.route("/api/openapi.json", web::get().to(openapi));
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok().json(document())
}

/// All calls in the order of their paths.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let document = document();
    let mut found = Vec::new();
    for (path, item) in &document.paths.paths {
        let operations = [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
        found.extend(
            operations.into_iter().filter_map(|(method, operation)| Some(endpoint(method, path, operation.as_ref()?))),
        );
    }
    found
}

fn endpoint(method: &str, path: &str, operation: &Operation) -> Endpoint {
    let json = serde_json::to_value(operation).unwrap_or_default();
    let params = json.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let responses = json.get("responses").and_then(Value::as_object).into_iter().flatten();
    Endpoint {
        method: method.to_owned(),
        path: path.to_owned(),
        summary: text(&json, "/summary"),
        who: operation.tags.clone().unwrap_or_default().join(", "),
        params: params.iter().map(|param| (text(param, "/name"), text(param, "/description"))).collect(),
        request: schema(&json, "/requestBody/content"),
        responses: responses.map(|(status, response)| (status.clone(), about(response))).collect(),
    }
}

fn text(json: &Value, pointer: &str) -> String {
    json.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What a response says, and the shape it has.
fn about(response: &Value) -> String {
    let parts = [text(response, "/description"), schema(response, "/content").unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The name of the schema of the first media type.
fn schema(json: &Value, pointer: &str) -> Option<String> {
    let media = json.pointer(pointer)?.as_object()?.values().next()?;
    media.pointer("/schema/$ref")?.as_str().map(short_name)
}

fn short_name(reference: &str) -> String {
    reference.rsplit('/').next().unwrap_or(reference).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_documented_where_it_is_taken_and_nowhere_else() {
        let takes = |call: &&Endpoint| call.params.iter().any(|(name, _)| name == "Idempotency-Key");
        let found: Vec<String> =
            endpoints().iter().filter(takes).map(|call| call.path.replace("/api/v1", "")).collect();
        let steps = ["collect", "deliver", "fail", "hand_back", "hand_over", "settle", "undo"];
        let mut expected = vec!["/desk/requests".to_owned()];
        expected.extend(steps.map(|step| format!("/errands/{{id}}/{step}")));
        expected.extend(["/requests", "/runner/receipts", "/volunteers"].map(ToOwned::to_owned));
        assert_eq!(found, expected);
    }
}
