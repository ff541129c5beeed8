//! Signing in and out: server-side sessions, of which the store keeps only a hash.

use super::{Fault, House, Result, password};
use crate::domain::actor::Person;
use crate::domain::clock::At;
use crate::domain::ids::SessionId;
use crate::domain::secret;
use crate::store::sessions::NewSession;
use crate::store::{people, sessions, zones};

/// A session ends after this, used or not.
const LONGEST_S: i64 = 12 * 3600;
/// A session not used for this long ends. A volunteer's shift has long walks in it.
const IDLE_S: i64 = 4 * 3600;
/// "Last used" is written at most this often.
const SEEN_EVERY_S: i64 = 60;

/// A fresh session; the token is told once and never kept.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub token: String,
    pub person: Person,
    pub name: String,
    /// The zone's code.
    pub zone: String,
    pub expires_at: At,
}

/// A live session's person.
#[derive(Debug, Clone)]
pub struct Caller {
    pub person: Person,
    pub name: String,
}

/// Checks name and password, and opens a session. An unknown name takes as long as a wrong password.
///
/// # Errors
/// [`Fault::WrongCredentials`].
#[tracing::instrument(skip_all)]
pub async fn sign_in(house: &House, username: &str, given: String) -> Result<SignedIn> {
    let username = username.to_owned();
    let account = house.db.read(async move |conn| people::find(conn, &username).await).await.map_err(Fault::Store)?;
    let usable = account.filter(|account| account.disabled_at.is_none());
    let hash = usable.as_ref().and_then(|account| account.password_hash.clone());
    let fits = tokio::task::spawn_blocking(move || password::verify_or_pretend(&given, hash.as_deref()))
        .await
        .unwrap_or(false);
    let account = usable.filter(|_| fits).ok_or(Fault::WrongCredentials)?;
    open(house, account).await
}

/// A session to be opened for somebody, with the token that is told once.
pub(super) fn new_session(house: &House, person: &Person) -> (String, NewSession) {
    let (now, token) = (house.now(), house.chance.token());
    let session = NewSession {
        id: SessionId::mint(),
        token_hash: secret::hash(&token),
        person_id: person.id,
        made_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(LONGEST_S),
    };
    (token, session)
}

async fn open(house: &House, account: people::Account) -> Result<SignedIn> {
    let person = account.person()?;
    let (token, session) = new_session(house, &person);
    let expires_at = session.expires_at;
    let zone = person.zone;
    let zone = house
        .db
        .write(async move |conn| {
            sessions::open(conn, session).await?;
            zones::load(conn, zone).await
        })
        .await
        .map_err(Fault::Store)?;
    Ok(SignedIn { token, person, name: account.name, zone: zone.code, expires_at })
}

/// Who holds this token; `None` when the session is over.
///
/// # Errors
/// [`Fault::Store`].
pub async fn find_caller(house: &House, token: &str) -> Result<Option<Caller>> {
    let (now, hash) = (house.now(), secret::hash(token));
    let idle_since = now.plus_seconds(-IDLE_S);
    let found = house
        .db
        .read(async move |conn| sessions::find(conn, hash, now, idle_since).await)
        .await
        .map_err(Fault::Store)?;
    let Some((session, seen_at, account)) = found else { return Ok(None) };
    if now.seconds_since(seen_at) >= SEEN_EVERY_S {
        house.db.write(async move |conn| sessions::seen(conn, session, now).await).await.map_err(Fault::Store)?;
    }
    Ok(Some(Caller { person: account.person()?, name: account.name }))
}

/// Ends a session, at once and everywhere.
///
/// # Errors
/// [`Fault::Store`].
pub async fn sign_out(house: &House, token: &str) -> Result<()> {
    let (now, hash) = (house.now(), secret::hash(token));
    house.db.write(async move |conn| sessions::revoke(conn, hash, now).await).await.map_err(Fault::Store)
}
