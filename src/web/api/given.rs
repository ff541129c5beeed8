//! What a call may bring beside its body: an idempotency key, a reason.

use actix_web::HttpRequest;

use crate::domain::reason::Reason;
use crate::domain::secret;
use crate::domain::text::{Shelf, Unfit};
use crate::flow::CallKey;
use crate::web::fault::{Fault, FieldError, Result};

/// The `Idempotency-Key` of a call, hashed, under its scope, with the digest of the call's body.
pub(super) fn call_key(http: &HttpRequest, scope: impl Into<String>, body: Vec<u8>) -> Result<Option<CallKey>> {
    let Some(value) = http.headers().get("Idempotency-Key") else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| !text.trim().is_empty() && text.len() <= 200);
    match text {
        Some(text) => Ok(Some(CallKey { scope: scope.into(), key: secret::hash(text), body })),
        None => Err(Fault::Invalid(vec![FieldError::new("Idempotency-Key", "too_long")])),
    }
}

/// A reason that may be given, in a word or in own words.
pub(in crate::web) fn optional_reason(text: Option<&str>) -> Result<Option<Reason>> {
    let given = text.filter(|text| !text.trim().is_empty());
    given
        .map(|text| Reason::parse(text).map_err(|unfit| Fault::Invalid(vec![FieldError::new("reason", unfit.code())])))
        .transpose()
}

/// A reason that must be given.
pub(in crate::web) fn required_reason(text: Option<&str>) -> Result<Reason> {
    optional_reason(text)?.ok_or_else(|| Fault::Invalid(vec![FieldError::new("reason", "required")]))
}

/// Where a bag was put, if that is told.
pub(in crate::web) fn optional_shelf(text: Option<&str>) -> Result<Option<Shelf>> {
    let given = text.filter(|text| !text.trim().is_empty());
    let unfit = |unfit: Unfit| Fault::Invalid(vec![FieldError::new("shelf", unfit.code())]);
    given.map(|text| Shelf::parse(text).map_err(unfit)).transpose()
}
