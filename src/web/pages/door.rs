//! What the runner's and the watch's forms have in common: a stage is done, and the page says what came of it.

use actix_web::HttpResponse;

use super::visit::see_other;
use crate::web::fault::Result;

/// Back to `page` with a notice: the word of the deed, or of the conflict. Losing a race is no error page:
/// the loser sees who was faster and what is next.
///
/// # Errors
/// Everything that is no conflict.
pub fn told<T>(done: Result<T>, page: &str, word: &str) -> Result<HttpResponse> {
    match done {
        Ok(_) => Ok(see_other(&format!("{page}?notice={word}"))),
        Err(fault) => fault.lost_race().map(|code| see_other(&format!("{page}?notice={code}"))).ok_or(fault),
    }
}

/// What did not come from a signed-in person leads to the sign-in page and back, when it was only looking.
#[must_use]
pub fn sign_in_and_back(path: &str) -> HttpResponse {
    see_other(&format!("/sign-in?next={path}"))
}
