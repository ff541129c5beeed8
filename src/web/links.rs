//! Addresses of pages, in one place.

use crate::domain::ids::{PhotoId, RequestId};
use crate::domain::request::Category;

#[must_use]
pub fn tracking(token: &str) -> String {
    format!("/r/{token}")
}

#[must_use]
pub fn opened(request: RequestId) -> String {
    format!("/watch/requests/{request}")
}

/// The picture of a box, for whoever may see it.
#[must_use]
pub fn photo(photo: &PhotoId) -> String {
    format!("/api/v1/photos/{photo}")
}

/// Where the code on a block's poster leads.
#[must_use]
pub fn poster(building: &str) -> String {
    let code = serde_urlencoded::to_string([("", building)]).unwrap_or_default();
    format!("/b/{}", code.trim_start_matches('=').replace('+', "%20"))
}

/// A shop's own page.
#[must_use]
pub fn shop(token: &str) -> String {
    format!("/shop/{token}")
}

/// The page behind a link that lets somebody in once.
#[must_use]
pub fn sign_in_once(token: &str) -> String {
    format!("/sign-in/{token}")
}

/// The form for one kind of thing.
#[must_use]
pub fn ask(category: Category) -> String {
    format!("/?want={category}")
}

/// A page of staff with a notice; of another zone than the reader's own by its code.
#[must_use]
pub fn of_zone(page: &str, zone: Option<&str>, notice: &str) -> String {
    let pairs: Vec<(&str, &str)> = zone.map(|zone| ("zone", zone)).into_iter().chain([("notice", notice)]).collect();
    format!("{page}?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}

pub const DESK: &str = "/desk";
pub const FOLLOW_UPS: &str = "/desk/follow-ups";
pub const AUDIT: &str = "/admin/audit";
pub const CARE: &str = "/desk/care";
pub const HOUSEHOLDS: &str = "/desk/households";
pub const NOTICES: &str = "/watch/notices";
pub const POSTERS: &str = "/admin/posters";
pub const SEALS: &str = "/watch/seals";
pub const SHORTAGES: &str = "/watch/shortages";
pub const STOCK: &str = "/desk/stock";
pub const RUN: &str = "/run";
pub const VOLUNTEER: &str = "/volunteer";
pub const VOLUNTEERS: &str = "/watch/volunteers";
pub const LEDGER: &str = "/watch/ledger";
pub const RUN_SHEET: &str = "/run/sheet";
pub const ALARMS: &str = "/watch/alarms";
pub const ROTA: &str = "/watch/rota";
pub const WATCH: &str = "/watch";
pub const DISPATCH: &str = "/watch/dispatch";
pub const TARGETS: &str = "/watch/targets";
pub const SIGN_IN: &str = "/sign-in";

#[cfg(test)]
mod tests {
    #[test]
    fn a_zone_cannot_add_to_the_address() {
        assert_eq!(super::of_zone(super::STOCK, None, "seen"), "/desk/stock?notice=seen");
        assert_eq!(super::of_zone(super::STOCK, Some("a&b\r\n"), "seen"), "/desk/stock?zone=a%26b%0D%0A&notice=seen");
    }
}
