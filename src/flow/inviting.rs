//! A link that lets somebody in once, without a password: a supervisor makes it, its holder opens a session with it.
//!
//! Looking at the page behind it changes nothing: chat programs fetch every link they show. Only its hash is kept, and
//! nothing that could make it again: whoever lost it is given another.

use super::access::{self, SignedIn};
use super::{Fault, House, Result, password};
use crate::domain::actor::{Actor, Person, Role, Trace};
use crate::domain::clock::At;
use crate::domain::ids::{PersonId, SignInLinkId};
use crate::domain::letter::LetterKind;
use crate::domain::permission::{Action, may};
use crate::domain::secret::{self, TokenHash};
use crate::domain::volunteer::LINK_S;
use crate::store::journal::{self, Event};
use crate::store::people::Account;
use crate::store::sign_in_links::{self as links, NewLink};
use crate::store::{self, Conn, outbox, people, sessions, volunteers, zones};

/// A fresh link; the token is told once and never kept.
#[derive(Clone)]
pub struct Invitation {
    pub token: String,
    pub username: String,
    pub name: String,
    pub expires_at: At,
    /// A letter carries a link, too.
    pub by_letter: bool,
}

// The token opens the account: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Makes a link for an account; those made before end.
///
/// # Errors
/// [`Fault::NotFound`] for an account of a zone the person does not oversee, or a closed one; [`Fault::NotAllowed`] for one
/// that may do more than run errands.
#[tracing::instrument(skip_all)]
pub async fn make_link(house: &House, person: &Person, username: &str) -> Result<Invitation> {
    let (me, here, username) = (person.clone(), house.clone(), username.to_owned());
    house
        .db
        .write(async move |conn| {
            let account = people::find(conn, &username).await?.filter(|account| account.disabled_at.is_none());
            let account = account.ok_or(Fault::NotFound)?;
            let (zone, actor) = (account.zone_id, Actor::Person(me.clone()));
            if !may(&actor, Action::StepIn { zone }) {
                return Err(Fault::NotFound);
            }
            let only_runs = account.person()?.roles.iter().all(|role| *role == Role::Runner);
            if !may(&actor, Action::LetIn { zone, only_runs }) {
                return Err(Fault::NotAllowed);
            }
            invite(conn, &here, (&me, account.id)).await
        })
        .await
}

/// Within a transaction: the link, its event and its letter. Whether `by` may do this was decided before.
pub(super) async fn invite(conn: &mut Conn, house: &House, (by, whom): (&Person, PersonId)) -> Result<Invitation> {
    let (now, token, id) = (house.now(), house.chance.token(), SignInLinkId::mint());
    let expires_at = now.plus_seconds(LINK_S);
    // Of two links made at once the second ends the first.
    people::lock(conn, whom).await?;
    let account = people::load(conn, whom).await?;
    let (_, email) = people::load_address(conn, whom).await?;
    links::end_all(conn, whom, now).await?;
    let token_hash = secret::hash(&token);
    links::add(conn, NewLink { id, token_hash, person_id: whom, made_by: by.id, made_at: now, expires_at }).await?;
    journal::write(conn, Event::new(now, account.zone_id, "sign_in_link", Trace::staff(by))).await?;
    if email.is_some() {
        outbox::enqueue(conn, LetterKind::SignIn, id.uuid(), format!("sign_in:{id}"), now).await?;
    }
    let by_letter = email.is_some();
    Ok(Invitation { token, username: account.username, name: account.name, expires_at, by_letter })
}

/// What a letter says.
#[derive(Clone)]
pub struct LetterLink {
    pub token: String,
    pub name: String,
    pub email: String,
    pub username: String,
    /// The language he chose when he offered to help.
    pub lang: String,
}

/// A link of its own for the letter about a link: the outbox holds an id, and nothing that would open the account. It
/// ends when the first one does, and the one that is used first ends both. `None` when there is nothing to send any more.
///
/// # Errors
/// [`Fault::Store`].
pub async fn link_for_letter(house: &House, about: SignInLinkId) -> Result<Option<LetterLink>> {
    let (now, token) = (house.now(), house.chance.token());
    let token_hash = secret::hash(&token);
    house
        .db
        .write(async move |conn| {
            let Some((person_id, ..)) = links::find_unspent(conn, about, now).await? else { return Ok(None) };
            // Used or replaced while we waited: then this letter has nothing to say.
            people::lock(conn, person_id).await?;
            let Some((_, made_by, expires_at)) = links::find_unspent(conn, about, now).await? else { return Ok(None) };
            let account = people::load(conn, person_id).await?;
            if !still_lets_in(conn, made_by, &account).await? {
                return Ok(None);
            }
            let (name, Some(email)) = people::load_address(conn, person_id).await? else { return Ok(None) };
            let id = SignInLinkId::mint();
            links::add(conn, NewLink { id, token_hash, person_id, made_by, made_at: now, expires_at }).await?;
            let lang = volunteers::find_lang(conn, person_id).await?.unwrap_or_default();
            Ok::<_, store::Error>(Some(LetterLink { token, name, email, username: account.username, lang }))
        })
        .await
        .map_err(Fault::Store)
}

/// A link opens no more than its maker may open now: not the account of one who left, or oversees another zone by now.
async fn still_lets_in(conn: &mut Conn, made_by: PersonId, account: &Account) -> store::Result<bool> {
    let maker = people::load(conn, made_by).await?;
    let only_runs = account.person()?.roles.iter().all(|role| *role == Role::Runner);
    let actor = Actor::Person(maker.person()?);
    Ok(maker.disabled_at.is_none() && may(&actor, Action::LetIn { zone: account.zone_id, only_runs }))
}

/// The link behind a token and the account it opens, while it does.
async fn find(conn: &mut Conn, token: TokenHash, now: At) -> store::Result<Option<(SignInLinkId, Account)>> {
    let Some((link, made_by, account)) = links::find(conn, token, now).await? else { return Ok(None) };
    Ok(still_lets_in(conn, made_by, &account).await?.then_some((link, account)))
}

/// The username a link opens, while it does. Looking uses nothing up.
///
/// # Errors
/// [`Fault::Store`].
pub async fn peek(house: &House, token: &str) -> Result<Option<String>> {
    let (hash, now) = (secret::hash(token), house.now());
    let found = house.db.read(async move |conn| find(conn, hash, now).await).await.map_err(Fault::Store)?;
    Ok(found.map(|(_, account)| account.username))
}

/// What came of a press on "sign in".
#[derive(Debug)]
pub enum Entry {
    In(Box<SignedIn>),
    /// Used, replaced, too old, of a closed account, or never made: one answer for all.
    Gone,
    /// The password that was chosen cannot be one; the link is still good.
    Unfit(password::Unfit),
}

/// Uses a link and opens a session, in one transaction. With a password, that is set, and other sessions end.
///
/// # Errors
/// [`Fault::Store`].
#[tracing::instrument(skip_all)]
pub async fn enter(house: &House, token: &str, chosen: Option<String>) -> Result<Entry> {
    // Hashing costs time: only whoever holds a good link makes us do it.
    if peek(house, token).await?.is_none() {
        return Ok(Entry::Gone);
    }
    let hash = match chosen {
        None => None,
        Some(chosen) => match tokio::task::spawn_blocking(move || password::hash(&chosen)).await {
            Ok(Ok(hash)) => Some(hash),
            Ok(Err(unfit)) => return Ok(Entry::Unfit(unfit)),
            Err(lost) => return Err(Fault::Store(store::Error::Broken(lost.to_string()))),
        },
    };
    let (here, found) = (house.clone(), secret::hash(token));
    let entered = house.db.write(async move |conn| consume(conn, &here, (found, hash)).await).await?;
    Ok(entered.map_or(Entry::Gone, |session| Entry::In(Box::new(session))))
}

async fn consume(
    conn: &mut Conn,
    house: &House,
    (token, password): (TokenHash, Option<String>),
) -> Result<Option<SignedIn>> {
    let now = house.now();
    let Some((_, account)) = find(conn, token.clone(), now).await? else { return Ok(None) };
    // Whoever makes another link, sets a password or closes the account is waited for, and then looked at again.
    people::lock(conn, account.id).await?;
    let Some((link, account)) = find(conn, token, now).await? else { return Ok(None) };
    if !links::consume(conn, link, now).await? {
        return Ok(None);
    }
    links::end_all(conn, account.id, now).await?;
    if let Some(hash) = password {
        sessions::revoke_all(conn, &account.username, now).await?;
        people::set_password(conn, &account.username, &hash).await?;
    }
    let person = account.person()?;
    let (token, session) = access::new_session(house, &person);
    let expires_at = session.expires_at;
    sessions::open(conn, session).await?;
    journal::write(conn, Event::new(now, person.zone, "signed_in_by_link", Trace::staff(&person))).await?;
    let zone = zones::load(conn, person.zone).await?.code;
    Ok(Some(SignedIn { token, person, name: account.name, zone, expires_at }))
}
