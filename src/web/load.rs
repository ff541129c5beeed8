//! How busy a zone is, kept for half a minute: the form and every status page ask for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Site;
use super::fault::Result;
use crate::domain::clock::At;
use crate::domain::ids::ZoneId;
use crate::domain::urgency::Urgency;
use crate::store::views::load::{self, Load};

const KEEP_S: i64 = 30;

/// See the module.
#[derive(Debug, Default)]
pub struct Loads(Mutex<BTreeMap<ZoneId, Load>>);

impl Loads {
    fn find(&self, zone: ZoneId, now: At) -> Option<Load> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&zone).filter(|load| (0..KEEP_S).contains(&now.seconds_since(load.at))).cloned()
    }

    fn keep(&self, zone: ZoneId, load: Load) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(zone, load);
    }

    /// What was kept is not true any more: staff changed something.
    pub fn forget(&self, zone: ZoneId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&zone);
    }
}

/// # Errors
/// The store's.
pub async fn of(site: &Site, zone: ZoneId) -> Result<Load> {
    let now = site.house.now();
    if let Some(kept) = site.loads.find(zone, now) {
        return Ok(kept);
    }
    let began = site.house.local.day_began(now);
    let fresh = site.house.db.read(async move |conn| load::load(conn, zone, began, now).await).await?;
    site.loads.keep(zone, fresh.clone());
    Ok(fresh)
}

/// When a request is expected at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    pub at: At,
    /// From what half of today's took; else it is the deadline.
    pub measured: bool,
}

impl Promise {
    /// Half of today's requests of this urgency took so long; where there are too few, or it took longer already, the
    /// deadline stands. Never later than the deadline: what we owe does not move because the day goes badly.
    #[must_use]
    pub fn of(load: &Load, urgency: Urgency, (submitted_at, deliver_by): (At, At), now: At) -> Self {
        let expected = load.half_within_s(urgency).map(|half_s| submitted_at.plus_seconds(half_s));
        match expected.filter(|at| *at > now && *at < deliver_by) {
            Some(at) => Self { at, measured: true },
            None => Self { at: deliver_by, measured: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);

    fn load(half: Option<i64>) -> Load {
        Load { at: NOW, half: vec![(Urgency::Red, 12, half)], waiting: 3, paused: None }
    }

    #[test]
    fn the_promise_is_what_today_took_as_long_as_it_can_be_kept() {
        let times = (NOW.plus_seconds(-300), NOW.plus_seconds(1500));
        let promise = |half, urgency| Promise::of(&load(half), urgency, times, NOW);
        assert_eq!(promise(Some(900), Urgency::Red), Promise { at: NOW.plus_seconds(600), measured: true });
        let deadline = Promise { at: NOW.plus_seconds(1500), measured: false };
        for (half, urgency) in
            [(None, Urgency::Red), (Some(200), Urgency::Red), (Some(7200), Urgency::Red), (Some(900), Urgency::Green)]
        {
            assert_eq!(promise(half, urgency), deadline, "{half:?} {urgency}");
        }
    }

    #[test]
    fn what_is_kept_is_forgotten_after_half_a_minute_or_when_told() {
        let (loads, zone) = (Loads::default(), ZoneId::mint());
        loads.keep(zone, load(None));
        assert!(loads.find(zone, NOW.plus_seconds(29)).is_some() && loads.find(ZoneId::mint(), NOW).is_none());
        assert!(loads.find(zone, NOW.plus_seconds(30)).is_none());
        loads.forget(zone);
        assert!(loads.find(zone, NOW).is_none());
    }
}
