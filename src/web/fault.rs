//! The one table from failure to status. Nothing else in the house knows a status code of a failure.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::errand::{Refused, State, Step};
use crate::domain::money::Fen;
use crate::domain::proof::CODES_TO_TRY;
use crate::flow;
use crate::store::Error as StoreError;

/// A field that was refused: which, and why (a stable word with a phrase in every locale).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub code: &'static str,
}

impl FieldError {
    #[must_use]
    pub fn new(field: impl Into<String>, code: &'static str) -> Self {
        Self { field: field.into(), code }
    }
}

/// Everything a door may answer instead of what was asked.
#[derive(Debug)]
pub enum Fault {
    Flow(flow::Fault),
    /// Input that is well-formed but not acceptable, field by field.
    Invalid(Vec<FieldError>),
    /// Not even well-formed.
    Malformed(String),
    SignInFirst,
    NotAllowed,
    NotFound,
    /// The form was not served by us, or to somebody else.
    ForgedForm,
    TooManyRequests {
        retry_after_s: u64,
    },
    TooLarge,
    UnsupportedMediaType,
    MethodNotAllowed,
}

pub type Result<T> = std::result::Result<T, Fault>;

impl From<flow::Fault> for Fault {
    fn from(fault: flow::Fault) -> Self {
        Self::Flow(fault)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Flow(flow::Fault::Store(error))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().code)
    }
}

/// What is told about a fault: status, stable code, when to come again, which fields.
#[derive(Debug, Clone)]
pub struct Told {
    pub status: StatusCode,
    pub code: &'static str,
    /// English, for developers; never data of a person or an internal.
    pub detail: String,
    pub retry_after_s: Option<u64>,
    pub errors: Vec<FieldError>,
    /// How it stands now, where somebody was faster: a phone that comes late out of a basement says so in words.
    pub overtaken: Option<State>,
}

impl Told {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), retry_after_s: None, errors: Vec::new(), overtaken: None }
    }
}

impl Fault {
    /// The code of a lost race: it stands otherwise by now. Pages say so and go on; it is no error page.
    #[must_use]
    pub fn lost_race(&self) -> Option<&'static str> {
        let told = self.told();
        (told.status == StatusCode::CONFLICT).then_some(told.code)
    }

    #[must_use]
    pub fn told(&self) -> Told {
        match self {
            Self::Flow(fault) => flow_told(fault),
            Self::Invalid(errors) => {
                let detail = "Some fields need another look: see errors.";
                Told { errors: errors.clone(), ..Told::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail) }
            }
            Self::Malformed(why) => Told::new(StatusCode::BAD_REQUEST, "malformed_body", why.clone()),
            Self::SignInFirst => {
                Told::new(StatusCode::UNAUTHORIZED, "sign_in_first", "Sign in: POST /api/v1/sessions.")
            }
            Self::NotAllowed => Told::new(StatusCode::FORBIDDEN, "not_allowed", "This account may not do that."),
            Self::NotFound => not_found(),
            Self::ForgedForm => Told::new(
                StatusCode::FORBIDDEN,
                "forged_form",
                "The form did not come from this site, or is too old: load the page again.",
            ),
            Self::TooManyRequests { retry_after_s } => Told {
                retry_after_s: Some(*retry_after_s),
                ..Told::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many_requests",
                    "Too many at once from this address; try again shortly.",
                )
            },
            Self::TooLarge => {
                Told::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is larger than is taken here.")
            }
            Self::UnsupportedMediaType => Told::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send Content-Type: application/json.",
            ),
            Self::MethodNotAllowed => {
                Told::new(StatusCode::METHOD_NOT_ALLOWED, "bad_request", "This address does not take that method.")
            }
        }
    }
}

fn not_found() -> Told {
    Told::new(StatusCode::NOT_FOUND, "not_found", "Not there, or not yours to see.")
}

fn conflict(code: &'static str, detail: impl Into<String>) -> Told {
    Told::new(StatusCode::CONFLICT, code, detail)
}

/// Each thing is named by its place in the list of items.
fn consent_needed(unheard: &[flow::fetching::Unheard]) -> Told {
    let item = |thing: &flow::fetching::Unheard| {
        FieldError::new(format!("items[{}].got", thing.position.saturating_sub(1)), "consent_needed")
    };
    let detail = "Nobody has said that these may be something else; the resident was asked.";
    Told { errors: unheard.iter().map(item).collect(), ..conflict("consent_needed", detail) }
}

fn does_not_add_up(difference: Fen) -> Told {
    let detail = format!("The bags are {difference} more than the total; they must be equal.");
    let errors = vec![FieldError::new("total", "does_not_add_up")];
    Told { errors, ..Told::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail) }
}

/// The loser of a race hears who was faster: runners of one zone know each other.
fn taken_by(holder: Option<&String>, otherwise: &str) -> String {
    holder.map_or_else(|| otherwise.to_owned(), |holder| format!("{holder} has it."))
}

/// After some tries at a door it is said that a photo does as well.
fn wrong_code(step: Step, tries: i32) -> Vec<FieldError> {
    let mut wrong = vec![FieldError::new("code", "wrong_code")];
    if step == Step::Deliver && tries >= CODES_TO_TRY {
        wrong.push(FieldError::new("photo", "take_a_photo"));
    }
    wrong
}

#[expect(clippy::too_many_lines, reason = "one table: each failure of a stage and what it is told as")]
fn flow_told(fault: &flow::Fault) -> Told {
    use flow::Fault as F;
    match fault {
        F::NotFound | F::Store(StoreError::NotFound) => not_found(),
        F::NotAllowed => Fault::NotAllowed.told(),
        F::WrongCredentials => {
            Told::new(StatusCode::UNAUTHORIZED, "wrong_credentials", "Unknown account or wrong password.")
        }
        F::OutOfTurn(refused @ (Refused::Over(_) | Refused::OutOfTurn { .. })) => {
            conflict("out_of_turn", refused.to_string())
        }
        F::Overtaken(state) => Told {
            overtaken: Some(*state),
            ..conflict("out_of_turn", format!("Somebody was faster; it is {state} now."))
        },
        F::OfferClosed(holder) => {
            conflict("offer_closed", taken_by(holder.as_ref(), "It lapsed, was withdrawn or was answered."))
        }
        F::AlreadyClaimed(holder) => conflict("already_claimed", taken_by(holder.as_ref(), "Somebody else has it.")),
        F::TooLateToUndo => conflict("too_late_to_undo", "It was done more than 300 seconds ago."),
        F::TooManyErrands { carried, more, most } => {
            conflict("too_many_errands", format!("{carried} of {most} errands in hand; {more} more are too many."))
        }
        F::WrongCode { step, tries } => Fault::Invalid(wrong_code(*step, *tries)).told(),
        F::PhotoGone => Fault::Invalid(vec![FieldError::new("photo", "photo_gone")]).told(),
        F::SealedIn => conflict("sealed_in", "The building you live in is sealed; nothing outside can be claimed."),
        F::SealedOff => {
            conflict("sealed_off", "The building is sealed; only somebody who lives inside can carry this.")
        }
        F::NoGate => conflict("no_gate", "This building is open and has no gate; deliver at the door."),
        F::HandsFull { carried, more, most } => {
            conflict("hands_full", format!("{carried} of {most} bags in hand; {more} more do not fit."))
        }
        F::ConsentNeeded(unheard) => consent_needed(unheard),
        F::NothingGot => conflict("nothing_got", "Nothing of it was got: report it with fail, out_of_stock."),
        F::PlaceNamed => conflict("place_named", "The household named the place; ask whether it may be another."),
        F::NothingThere => conflict("nothing_there", "That place is shut, or has just been found empty."),
        F::NotShort => conflict("not_short", "Somebody has found it meanwhile."),
        F::UnknownPlace => Fault::Invalid(vec![FieldError::new("place", "unknown_place")]).told(),
        F::AlreadyAnswered => conflict("already_answered", "This question was answered already."),
        F::AlreadyDecided => conflict("already_decided", "This offer to help was approved or declined already."),
        F::BeingCalled => conflict("being_called", "Somebody else is calling that home just now."),
        F::FollowedUp => conflict("followed_up", "It was answered already, or the request went another way."),
        F::NotRepeatable => conflict("not_repeatable", "Nothing of it has a name, or its contact is gone."),
        F::UnknownItem => Fault::Invalid(vec![FieldError::new("item", "not_a_word")]).told(),
        F::IntakePaused(said) => conflict("intake_paused", said.clone()),
        F::DoesNotAddUp(difference) => does_not_add_up(*difference),
        F::AlreadyBooked => conflict("already_booked", "An earlier receipt holds an errand that this one leaves out."),
        F::NoAlarm => conflict("no_alarm", "There is no open alarm about this request."),
        F::AlreadyAcknowledged => conflict("already_acknowledged", "Somebody else has said to have it."),
        F::TopOfLadder => conflict("top_of_ladder", "It stands there, or higher, already."),
        F::KeyReused => conflict("key_reused", "This Idempotency-Key was sent with another body."),
        F::Overrun | F::Store(StoreError::Unavailable(_) | StoreError::Contended(_)) => Told {
            retry_after_s: Some(2),
            ..Told::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "store_unavailable",
                "It cannot be taken right now; nothing was lost. Send it again.",
            )
        },
        F::Store(StoreError::Refused(_) | StoreError::Broken(_)) => {
            Told::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke here; it was written down.")
        }
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        self.told().status
    }

    /// An empty answer that carries what is to be told: [`super::answer`] words it, as a page or as a problem document.
    fn error_response(&self) -> HttpResponse {
        let told = self.told();
        if told.status.is_server_error() {
            // The one place where a cause is logged.
            tracing::error!(cause = ?self, code = told.code, "a call failed");
        }
        let mut response = HttpResponse::build(told.status);
        if let Some(seconds) = told.retry_after_s {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(told);
        response
    }
}

/// RFC 9457 problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable: scripts may depend on it.
    pub code: String,
    /// Also in the log: tell it to whoever helps you.
    pub request_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
    /// How it stands now, when somebody else was faster or it left the caller's hands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    pub field: String,
    pub code: String,
    pub message: String,
}
