//! Two calls.

use super::page::{DocsPage, Endpoint};
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

pub fn samples(words: Words) -> Vec<Sample> {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let submit = Endpoint {
        method: "POST".to_owned(),
        path: "/api/v1/requests".to_owned(),
        summary: "Asks for an errand.".to_owned(),
        who: "anyone".to_owned(),
        params: vec![pair("Idempotency-Key", "header; the same key gives the same answer")],
        request: Some("{\n  \"building\": \"MZC-07\",\n  \"room\": \"2-501\"\n}".to_owned()),
        responses: vec![pair("201", "it is durable"), pair("422", "invalid_input")],
    };
    let delete =
        Endpoint { method: "DELETE".to_owned(), path: "/api/v1/sessions/current".to_owned(), ..Endpoint::default() };
    let shell = shell(words, "/api/docs");
    vec![sample(words, "docs", DocsPage { shell: &shell, endpoints: &[submit, delete] }.to_string())]
}
