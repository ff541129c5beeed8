//! People who offer to be runners: what they tell, how their offer stands, and how they are let in.

use super::actor::Skill;
use super::ids::{BuildingId, ZoneId};
use super::text::{Email, Line, Phone};
use super::words::word;

word! {
    /// How an offer to help stands.
    Standing { Waiting = "waiting", Approved = "approved", Declined = "declined" }
}

word! {
    /// Why an offer to help was declined. Words alone: what is said about a person is not kept.
    WhyNot {
        /// Nobody answered at that telephone.
        NotReached = "not_reached",
        /// Has an account already.
        HasAccount = "has_account",
        LivesElsewhere = "lives_elsewhere",
        Enough = "enough_runners",
        /// Changed his mind.
        ChangedMind = "changed_mind",
        Other = "other",
    }
}

/// An offer to help, read and found well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volunteering {
    pub zone: ZoneId,
    pub building: Option<BuildingId>,
    pub name: Line,
    pub phone: Phone,
    pub email: Option<Email>,
    pub skills: Vec<Skill>,
    /// When he can help, in own words.
    pub free_when: Option<Line>,
    /// `zh-CN` or `en`: the language of letters.
    pub lang: String,
}

/// How long a sign-in link holds, in seconds: a day, so that one made in the evening is found in the morning.
pub const LINK_S: i64 = 24 * 3600;

/// How long name and telephone of a declined offer are kept, in seconds: a week, to see who asks again.
pub const DECLINED_S: i64 = 7 * 86_400;

/// How long an offer that nobody answers waits with name and telephone, in seconds: two weeks. Then it is as if declined.
pub const UNANSWERED_S: i64 = 14 * 86_400;

/// The username of the next runner: `r` and a number, one higher than the highest there is. A number that was given is
/// never given again, also when its account is gone from the middle.
#[must_use]
pub fn next_username<'a>(taken: impl IntoIterator<Item = &'a str>) -> String {
    let highest = taken.into_iter().filter_map(number_of).max().unwrap_or(0);
    format!("r{:03}", highest.saturating_add(1))
}

fn number_of(username: &str) -> Option<u32> {
    let digits = username.strip_prefix('r')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A name such as r20221123001 is somebody's own way of counting.
    digits.parse().ok().filter(|number| plain && *number < 1_000_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_next_runner_gets_the_next_number() {
        assert_eq!(next_username(["r001", "r090", "sup1", "anna"]), "r091");
        assert_eq!(next_username(["r7"]), "r008");
        assert_eq!(next_username(["r999"]), "r1000");
        assert_eq!(next_username([]), "r001");
        assert_eq!(next_username(["runner", "r", "r+5", "r20221123001"]), "r001");
    }

    proptest! {
        #[test]
        fn a_new_username_is_nobody_s(numbers in proptest::collection::vec(0_u32..1_000_000, 0..40), odd in "[a-z0-9]{1,12}") {
            let mut taken: Vec<String> = numbers.iter().map(|number| format!("r{number:03}")).collect();
            taken.push(odd);
            let next = next_username(taken.iter().map(String::as_str));
            prop_assert!(!taken.contains(&next), "{} is taken", next);
        }
    }
}
