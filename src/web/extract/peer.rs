//! Where a call comes from: its address, for limits, and its site, against forged forms.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{HOST, ORIGIN};
use actix_web::{FromRequest, HttpRequest, web};

use crate::web::Site;
use crate::web::fault::Fault;

/// The caller's address. Behind a proxy that is trusted by the settings, the last address it did not add itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(pub IpAddr);

impl FromRequest for Peer {
    type Error = Fault;
    type Future = Ready<Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let direct = request.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip());
        let trusted =
            request.app_data::<web::Data<Site>>().map(|site| site.trusted_proxies.clone()).unwrap_or_default();
        let forwarded = request.headers().get("X-Forwarded-For").and_then(|value| value.to_str().ok()).unwrap_or("");
        ready(Ok(Self(believed(direct, forwarded, &trusted))))
    }
}

fn believed(direct: IpAddr, forwarded: &str, trusted: &[IpAddr]) -> IpAddr {
    let mut believed = direct;
    for hop in forwarded.rsplit(',') {
        if !trusted.contains(&believed) {
            break;
        }
        let Ok(address) = hop.trim().parse() else { break };
        believed = address;
    }
    believed
}

/// False when a browser says that another site made this call.
#[must_use]
pub fn is_same_site(request: &HttpRequest, public_url: &str) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header("Sec-Fetch-Site").is_some_and(|site| site == "cross-site") {
        return false;
    }
    // Our pages ask for no referrer, and browsers then say "null"; old ones say nothing. What is left to hold then are
    // Sec-Fetch-Site above, the cookie's SameSite and the form's own token.
    let Some(origin) = header(ORIGIN.as_str()).filter(|origin| *origin != "null") else { return true };
    let here = header(HOST.as_str()).unwrap_or("");
    origin == public_url.trim_end_matches('/') || origin.split_once("://").is_some_and(|(_, host)| host == here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let (proxy, client, liar) =
            (IpAddr::from([10, 0, 0, 1]), IpAddr::from([1, 2, 3, 4]), IpAddr::from([6, 6, 6, 6]));
        assert_eq!(believed(client, "6.6.6.6", &[proxy]), client);
        assert_eq!(believed(proxy, "6.6.6.6, 1.2.3.4", &[proxy]), client);
        assert_eq!(believed(proxy, "", &[proxy]), proxy);
        assert_eq!(believed(proxy, "6.6.6.6", &[proxy]), liar);
    }
}
