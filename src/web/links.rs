//! Addresses of pages, in one place.

use crate::domain::ids::RequestId;

#[must_use]
pub fn tracking(token: &str) -> String {
    format!("/r/{token}")
}

#[must_use]
pub fn opened(request: RequestId) -> String {
    format!("/watch/requests/{request}")
}

pub const RUN: &str = "/run";
pub const WATCH: &str = "/watch";
pub const DISPATCH: &str = "/watch/dispatch";
pub const SIGN_IN: &str = "/sign-in";
