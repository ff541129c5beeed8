//! Who calls: a session in a cookie (pages) or a bearer token (API).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};

use crate::domain::actor::Person;
use crate::flow::access;
use crate::web::Site;
use crate::web::fault::Fault;

/// How a caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    Bearer(String),
    Cookie(String),
}

impl Credential {
    #[must_use]
    pub fn of(request: &HttpRequest, site: &Site) -> Option<Self> {
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = header.and_then(|text| text.strip_prefix("Bearer ")) {
            return Some(Self::Bearer(token.trim().to_owned()));
        }
        request.cookie(site.cookie_name()).map(|cookie| Self::Cookie(cookie.value().to_owned()))
    }

    #[must_use]
    pub fn token(&self) -> &str {
        match self {
            Self::Bearer(token) | Self::Cookie(token) => token,
        }
    }
}

/// A signed-in caller; without one the call ends with "sign in first".
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: Person,
    pub name: String,
    pub token: String,
}

/// Whoever calls, signed in or not.
#[derive(Debug, Clone)]
pub struct Guest(pub Option<SignedIn>);

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Fault>>>>;

impl FromRequest for Guest {
    type Error = Fault;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let site = request.app_data::<web::Data<Site>>().cloned();
        let credential = site.as_ref().and_then(|site| Credential::of(request, site));
        Box::pin(async move {
            let (Some(site), Some(credential)) = (site, credential) else { return Ok(Self(None)) };
            let caller = access::find_caller(&site.house, credential.token()).await?;
            let token = credential.token().to_owned();
            Ok(Self(caller.map(|caller| SignedIn { person: caller.person, name: caller.name, token })))
        })
    }
}

impl FromRequest for SignedIn {
    type Error = Fault;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let guest = Guest::from_request(request, payload);
        Box::pin(async move { guest.await?.0.ok_or(Fault::SignInFirst) })
    }
}
