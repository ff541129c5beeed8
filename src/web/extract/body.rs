//! Bodies and query strings: whatever does not parse becomes a [`Fault`] that names the field.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use crate::web::fault::{Fault, FieldError};

/// A note of 10 000 characters in Chinese is 90 KB as a form sends it: it is to be refused by its field, with what was
/// typed kept, and not for its size.
pub(super) const LARGEST: usize = 256 * 1024;

/// A JSON body, and its digest for idempotency keys.
#[derive(Debug)]
pub struct Body<T> {
    pub value: T,
    pub digest: Vec<u8>,
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Fault>>>>;

async fn bytes(taking: impl Future<Output = Result<Bytes, actix_web::Error>>, most: usize) -> Result<Bytes, Fault> {
    let bytes = taking.await.map_err(|error| match error.as_response_error().status_code().as_u16() {
        413 => Fault::TooLarge,
        _ => Fault::Malformed("The body could not be read.".to_owned()),
    })?;
    if bytes.len() > most { Err(Fault::TooLarge) } else { Ok(bytes) }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Fault;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = is_of_type(request, "application/json");
        let taking = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes(taking, LARGEST).await?;
            if bytes.is_empty() {
                return parse::<T>(b"{}").map(|value| Self { value, digest: crate::domain::secret::digest(b"{}") });
            }
            if !json {
                return Err(Fault::UnsupportedMediaType);
            }
            Ok(Self { value: parse(&bytes)?, digest: crate::domain::secret::digest(&bytes) })
        })
    }
}

/// 400 for what is no JSON at all; 422 with the path of the field for JSON of another shape.
pub(in crate::web) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let code = if inner.to_string().starts_with("unknown field") { "unknown_field" } else { "wrong_type" };
            Fault::Invalid(vec![FieldError::new(path, code)])
        } else {
            Fault::Malformed(format!("The body is not JSON: line {}, column {}.", inner.line(), inner.column()))
        }
    })?;
    json.end().map_err(|_| Fault::Malformed("There is something behind the JSON document.".to_owned()))?;
    Ok(value)
}

fn is_of_type(request: &HttpRequest, wanted: &str) -> bool {
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

/// The fields of a form, in the order they were sent, repeated ones repeated.
#[derive(Debug, Default)]
pub struct Fields {
    pub pairs: Vec<(String, String)>,
    pub digest: Vec<u8>,
}

impl Fields {
    /// The first value of a field; empty when it was not sent.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.pairs.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest for Fields {
    type Error = Fault;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = is_of_type(request, "application/x-www-form-urlencoded");
        let taking = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes(taking, LARGEST).await?;
            if !form && !bytes.is_empty() {
                return Err(Fault::UnsupportedMediaType);
            }
            let pairs = serde_urlencoded::from_bytes(&bytes)
                .map_err(|_| Fault::Malformed("The form could not be read.".to_owned()))?;
            Ok(Self { pairs, digest: crate::domain::secret::digest(&bytes) })
        })
    }
}

/// A query string.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = Fault;
    type Future = std::future::Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = web::Query::<T>::from_query(request.query_string());
        let told = |error: actix_web::error::QueryPayloadError| {
            Fault::Malformed(format!("The query string does not fit: {error}"))
        };
        std::future::ready(read.map(|query| Self(query.into_inner())).map_err(told))
    }
}
