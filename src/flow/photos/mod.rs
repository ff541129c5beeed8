//! Photos of boxes: taken with a form, made harmless, kept until the form is sent, shown to few.

mod picture;

use tokio::sync::Semaphore;

use super::{Fault, House, Result};
use crate::domain::actor::{Actor, Person};
use crate::domain::ids::PhotoId;
use crate::domain::permission::{Action, may};
use crate::domain::secret;
use crate::store::{self, journal, photos, requests};

pub use picture::{MOST_BYTES, Unreadable};

/// A picture being read takes up to some hundred megabytes: only so many at once.
static READING: Semaphore = Semaphore::const_new(2);

/// Keeps a photo as a plain JPEG without anything the camera wrote beside it, and answers the token it is known by.
///
/// # Errors
/// [`Fault::Store`].
pub async fn keep(house: &House, bytes: Vec<u8>) -> Result<std::result::Result<String, Unreadable>> {
    let turn = READING.acquire().await.map_err(|_| Fault::Overrun)?;
    let read = tokio::task::spawn_blocking(move || picture::plain_jpeg(&bytes)).await;
    drop(turn);
    // A reader that broke on a picture tells about the picture.
    let jpeg = match read.unwrap_or(Err(Unreadable::NoPicture)) {
        Ok(jpeg) => jpeg,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    let (token, now) = (house.chance.token(), house.now());
    let hash = secret::hash(&token);
    house.db.write(async move |conn| photos::add(conn, hash, jpeg, now).await).await.map_err(Fault::Store)?;
    Ok(Ok(token))
}

/// The picture, for whoever fetches the goods now; for staff, and then the look is written down first.
///
/// # Errors
/// [`Fault::NotFound`] for everybody else.
pub async fn open(house: &House, person: &Person, photo: PhotoId) -> Result<Vec<u8>> {
    let (me, now) = (person.clone(), house.now());
    house
        .db
        .write(async move |conn| {
            let request = photos::find_request(conn, photo).await?.ok_or(Fault::NotFound)?;
            let zone = requests::find(conn, request).await?.ok_or(Fault::NotFound)?.zone_id;
            let carried_by_me = photos::is_carried_by(conn, request, me.id).await?;
            if !may(&Actor::Person(me.clone()), Action::SeePhoto { zone, carried_by_me }) {
                return Err(Fault::NotFound);
            }
            if !carried_by_me {
                journal::write_look(conn, me.id, request, "photo", now).await?;
            }
            photos::load(conn, photo).await.map_err(|error: store::Error| Fault::Store(error))
        })
        .await
}
