//! Silent need: homes with somebody to look after that asked for nothing for days while their neighbours on the same
//! stairs did. They may be well, or unable to ask: a person telephones.

use super::clock::At;
use super::door::{room_key, unit_of};
use super::ids::{BuildingId, HouseholdId};
use super::words::word;

word! {
    /// What came of a call to a home.
    Outcome {
        /// Reached, and all is well.
        Fine = "fine",
        /// Reached, and something is needed: a request is entered.
        Needs = "needs",
        /// Nobody answered: again tomorrow.
        NoAnswer = "no_answer",
    }
}

/// Days of quiet after which a home is called, when nothing else is said.
pub const DAYS: i64 = 3;
const DAY_S: i64 = 86_400;

/// A home with a care flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub id: HouseholdId,
    pub building: BuildingId,
    pub room: String,
    /// The digits of its telephone.
    pub phone: Option<String>,
    /// The last call to it that was about this, and what came of it.
    pub called: Option<(At, Outcome)>,
}

/// A request, of which only the door and the number matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub building: BuildingId,
    pub room: String,
    pub phone: String,
    pub at: At,
}

/// A home to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    pub home: HouseholdId,
    /// How many requests came from its stairs.
    pub neighbours: usize,
    /// Nobody answered the last call.
    pub tried_at: Option<At>,
}

/// Those to call now, busiest stairs first. `asks` are the requests since `days` ago or earlier; `today` is when the
/// local day began: who did not answer is called again the day after.
#[must_use]
pub fn list(homes: &[Home], asks: &[Ask], (now, today, days): (At, At, i64)) -> Vec<Silent> {
    let since = now.plus_seconds(-days.max(1) * DAY_S);
    let recent: Vec<(&Ask, String, Option<String>)> =
        asks.iter().filter(|ask| ask.at >= since).map(|ask| (ask, room_key(&ask.room), unit_of(&ask.room))).collect();
    let mut silent: Vec<Silent> = homes.iter().filter_map(|home| judge(home, &recent, (since, today))).collect();
    silent.sort_by_key(|silent| (std::cmp::Reverse(silent.neighbours), silent.home));
    silent
}

fn judge(home: &Home, recent: &[(&Ask, String, Option<String>)], (since, today): (At, At)) -> Option<Silent> {
    let (door, unit) = (room_key(&home.room), unit_of(&home.room));
    let own = |(ask, key, _): &&(&Ask, String, Option<String>)| {
        (ask.building == home.building && *key == door) || home.phone.as_ref().is_some_and(|phone| *phone == ask.phone)
    };
    let tried_at = match home.called {
        Some((at, Outcome::Fine | Outcome::Needs)) if at >= since => return None,
        Some((at, Outcome::NoAnswer)) if at >= today => return None,
        Some((at, Outcome::NoAnswer)) => Some(at),
        _ => None,
    };
    if recent.iter().any(|ask| own(&ask)) {
        return None;
    }
    let stairs = |(ask, _, of): &&(&Ask, String, Option<String>)| ask.building == home.building && *of == unit;
    let neighbours = recent.iter().filter(stairs).count();
    (neighbours > 0).then_some(Silent { home: home.id, neighbours, tried_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At::from_seconds(1_800_000_000);
    const TODAY: At = At::from_seconds(1_800_000_000 - 10 * 3600);

    fn home(building: BuildingId, room: &str) -> Home {
        Home { id: HouseholdId::mint(), building, room: room.into(), phone: Some("13800000000".into()), called: None }
    }

    fn ask(building: BuildingId, room: &str, days_ago: i64) -> Ask {
        Ask { building, room: room.into(), phone: "13900000000".into(), at: NOW.plus_seconds(-days_ago * DAY_S) }
    }

    fn called(home: &Home, asks: &[Ask]) -> usize {
        list(std::slice::from_ref(home), asks, (NOW, TODAY, DAYS)).len()
    }

    #[test]
    fn a_home_is_called_when_its_stairs_asked_and_it_did_not() {
        let here = BuildingId::mint();
        let quiet = home(here, "2-501");
        assert_eq!(called(&quiet, &[ask(here, "2-301", 1), ask(here, "2单元101", 2)]), 1);
        assert_eq!(called(&quiet, &[ask(here, "1-301", 1)]), 0, "other stairs");
        assert_eq!(called(&quiet, &[ask(BuildingId::mint(), "2-301", 1)]), 0, "another building");
        assert_eq!(called(&quiet, &[ask(here, "2-301", 4)]), 0, "too long ago");
        assert_eq!(called(&quiet, &[]), 0, "nobody asked");
        assert_eq!(called(&quiet, &[ask(here, "2-301", 1), ask(here, "2单元501室", 2)]), 0, "it asked itself");
        assert_eq!(called(&quiet, &[ask(here, "2-301", 1), ask(here, "2-501", 5)]), 1, "it asked, but long ago");
        let by_phone = Ask { phone: "13800000000".into(), ..ask(BuildingId::mint(), "9-901", 1) };
        assert_eq!(called(&quiet, &[ask(here, "2-301", 1), by_phone]), 0, "its number asked from elsewhere");
    }

    #[test]
    fn who_was_reached_is_left_in_peace_and_who_was_not_is_called_tomorrow() {
        let here = BuildingId::mint();
        let asks = [ask(here, "2-301", 1)];
        let after = |at: At, outcome| Home { called: Some((at, outcome)), ..home(here, "2-501") };
        let hour_ago = NOW.plus_seconds(-3600);
        for outcome in [Outcome::Fine, Outcome::Needs, Outcome::NoAnswer] {
            assert_eq!(called(&after(hour_ago, outcome), &asks), 0, "{outcome}");
        }
        let yesterday = TODAY.plus_seconds(-3600);
        assert_eq!(called(&after(yesterday, Outcome::Fine), &asks), 0);
        assert_eq!(called(&after(yesterday, Outcome::NoAnswer), &asks), 1);
        assert_eq!(called(&after(NOW.plus_seconds(-4 * DAY_S), Outcome::Fine), &asks), 1, "the quiet begins again");
    }

    #[test]
    fn the_busiest_stairs_are_called_first() {
        let (here, there) = (BuildingId::mint(), BuildingId::mint());
        let homes = [home(here, "1-101"), home(there, "1-101")];
        let asks = [ask(here, "1-201", 1), ask(there, "1-201", 1), ask(there, "1-301", 1)];
        let found = list(&homes, &asks, (NOW, TODAY, DAYS));
        assert_eq!(
            found.iter().map(|silent| (silent.home, silent.neighbours)).collect::<Vec<_>>(),
            [(homes[1].id, 2), (homes[0].id, 1)]
        );
    }
}
