//! Why nobody could be asked, kept with the errand for the supervisor.

use super::super::{Fault, House, Result};
use super::gather::Gathered;
use crate::domain::actor::Trace;
use crate::domain::clock::At;
use crate::domain::ids::ErrandId;
use crate::domain::matching::Nobody;
use crate::line::What;
use crate::store::errands::Errand;
use crate::store::journal::Event;
use crate::store::{Conn, errands, journal};

/// Writes down what is news. While everybody is merely busy, resting or asked in turn, which of these it is changes by the
/// second and is no news.
pub async fn note(house: &House, gathered: &Gathered, notes: Vec<(ErrandId, Nobody)>) -> Result<()> {
    let known = |errand: &Errand| errand.nobody_reason.as_deref().and_then(|word| word.parse::<Nobody>().ok());
    let is_news = |errand: &Errand, reason: Nobody| {
        known(errand).is_none_or(|before| before != reason && !(before.passes() && reason.passes()))
    };
    let rows = notes.into_iter().filter_map(|(id, reason)| Some((gathered.rows.get(&id)?.errand.clone(), reason)));
    let news: Vec<(Errand, Nobody)> = rows.filter(|(errand, reason)| is_news(errand, *reason)).collect();
    if news.is_empty() {
        return Ok(());
    }
    let now = house.now();
    let told = house.db.write(async move |conn| write(conn, news, now).await).await?;
    for errand in told {
        house.tell(errand.zone_id, What::Request(errand.request_id)).await;
    }
    Ok(())
}

async fn write(conn: &mut Conn, news: Vec<(Errand, Nobody)>, now: At) -> Result<Vec<Errand>> {
    let mut told = Vec::new();
    for (errand, reason) in news {
        if errands::note_nobody(conn, errand.id, reason.as_str()).await? {
            let event = Event::new(now, errand.zone_id, "nobody", Trace::SERVICE);
            let event =
                event.about(errand.request_id, errand.id, errand.request_state()).because(Some(reason.as_str()));
            journal::write(conn, event).await?;
            told.push(errand);
        }
    }
    Ok::<_, Fault>(told)
}
