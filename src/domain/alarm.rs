//! The ladder: a request that is about to miss its time goes to one after the other until somebody says "I have it", and
//! on again when nothing moves after that. It fires on slack, not on age. Every instant is exact.

use super::clock::At;
use super::errand::State;
use super::urgency::Urgency;
use super::words::word;

word! {
    /// Whose turn it is, from below.
    Rung {
        /// Who has it, or could take it.
        Runner = "runner",
        Desk = "desk",
        /// Of the community.
        Supervisor = "supervisor",
        Street = "street",
        /// The last: from here it goes nowhere.
        District = "district",
    }
}

impl Rung {
    /// The one above.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Runner => Some(Self::Desk),
            Self::Desk => Some(Self::Supervisor),
            Self::Supervisor => Some(Self::Street),
            Self::Street => Some(Self::District),
            Self::District => None,
        }
    }
}

/// A door outside that is told of steps, by its name in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    pub name: String,
    /// Codes of zones; none: all of them.
    pub zones: Vec<String>,
    /// None: all of them.
    pub rungs: Vec<Rung>,
}

impl Listener {
    #[must_use]
    pub fn hears(&self, zone: &str, rung: Rung) -> bool {
        (self.zones.is_empty() || self.zones.iter().any(|code| code == zone))
            && (self.rungs.is_empty() || self.rungs.contains(&rung))
    }
}

/// What the ladder reckons with, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub red_slack_s: i64,
    pub yellow_slack_s: i64,
    pub green_slack_s: i64,
    /// What is still needed while nobody has it, once somebody has, and once the goods are bought.
    pub needed_waiting_s: i64,
    pub needed_claimed_s: i64,
    pub needed_collected_s: i64,
    pub runner_s: i64,
    pub desk_s: i64,
    pub supervisor_s: i64,
    pub street_s: i64,
    /// From "I have it" until it must be on its way.
    pub acted_s: i64,
    pub listeners: Vec<Listener>,
}

/// A request, as far as the ladder is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub urgency: Urgency,
    pub deliver_by: At,
    pub request: State,
    /// Of the errand that counts now.
    pub errand: State,
    /// Since when that errand could be taken on.
    pub waiting_since: At,
}

impl Case {
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.request.is_over() || self.request == State::Delivered
    }

    /// In somebody's hands.
    #[must_use]
    pub const fn moves(&self) -> bool {
        self.errand.is_with_runner()
    }
}

/// Where an alarm stands on the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub rung: Rung,
    pub told_at: At,
    /// There is nobody on this rung: waiting for an answer would be waiting for nothing.
    pub nobody: bool,
    pub acknowledged_at: Option<At>,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is delivered, closed or cancelled: the alarm ends.
    Over,
    /// At this instant this rung is told, unless something happens before.
    Tell(Rung, At),
    /// Nothing by itself: it is under way, or at the top.
    Rest,
}

impl Terms {
    #[must_use]
    pub const fn needed_s(&self, errand: State) -> i64 {
        match errand {
            State::Claimed => self.needed_claimed_s,
            State::Collected | State::AtGate => self.needed_collected_s,
            State::Waiting | State::Offered | State::Care | State::Delivered | State::Closed | State::Cancelled => {
                self.needed_waiting_s
            }
        }
    }

    const fn least_slack_s(&self, urgency: Urgency) -> i64 {
        match urgency {
            Urgency::Red => self.red_slack_s,
            Urgency::Yellow => self.yellow_slack_s,
            Urgency::Green => self.green_slack_s,
        }
    }

    /// Seconds to spare: the promised time less now less what is still needed. Below zero it cannot be in time any more.
    #[must_use]
    pub const fn slack_s(&self, case: &Case, now: At) -> i64 {
        case.deliver_by.seconds_since(now).saturating_sub(self.needed_s(case.errand))
    }

    /// When the slack has shrunk to the least there may be, if it stands as it does; `None` once it is over.
    #[must_use]
    pub fn fires_at(&self, case: &Case) -> Option<At> {
        let before = self.needed_s(case.errand).saturating_add(self.least_slack_s(case.urgency));
        (!case.is_over()).then(|| case.deliver_by.plus_seconds(-before))
    }

    /// How long before its time a request of this urgency may fire at the earliest: for looking them up.
    #[must_use]
    pub fn horizon_s(&self, urgency: Urgency) -> i64 {
        let needed = self.needed_waiting_s.max(self.needed_claimed_s).max(self.needed_collected_s);
        needed.saturating_add(self.least_slack_s(urgency))
    }

    /// How long a rung has to answer.
    #[must_use]
    pub const fn answer_s(&self, rung: Rung) -> i64 {
        match rung {
            Rung::Runner => self.runner_s,
            Rung::Desk => self.desk_s,
            Rung::Supervisor => self.supervisor_s,
            Rung::Street | Rung::District => self.street_s,
        }
    }

    /// What is due, and exactly when. Somebody who says "I have it" stops the clock of the rung and starts another: when
    /// nobody carries it after that, it goes on. One that got slack again, because somebody took it, waits for the
    /// slack to be gone.
    #[must_use]
    pub fn next(&self, case: &Case, standing: &Standing) -> Next {
        let Some(fires_at) = self.fires_at(case) else { return Next::Over };
        let Some(rung) = standing.rung.next() else { return Next::Rest };
        let at = match standing.acknowledged_at {
            Some(_) if case.moves() => return Next::Rest,
            // It was given back after that: whoever has it hears of it, and has the time again.
            Some(at) => at.max(case.waiting_since).plus_seconds(self.acted_s),
            None if standing.nobody => standing.told_at,
            None => standing.told_at.plus_seconds(self.answer_s(standing.rung)),
        };
        Next::Tell(rung, at.max(fires_at))
    }
}

/// Of a zone's listeners, who hears of this rung.
#[must_use]
pub fn listening(terms: &Terms, zone: &str, rung: Rung) -> Vec<String> {
    terms.listeners.iter().filter(|one| one.hears(zone, rung)).map(|one| one.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms() -> Terms {
        Terms {
            red_slack_s: 300,
            yellow_slack_s: 900,
            green_slack_s: 1800,
            needed_waiting_s: 900,
            needed_claimed_s: 600,
            needed_collected_s: 300,
            runner_s: 120,
            desk_s: 180,
            supervisor_s: 300,
            street_s: 300,
            acted_s: 300,
            listeners: Vec::new(),
        }
    }

    fn at(seconds: i64) -> At {
        At::from_seconds(seconds)
    }

    /// Asked for at 0, to be there at 1800.
    fn red(state: State) -> Case {
        Case { urgency: Urgency::Red, deliver_by: at(1800), request: state, errand: state, waiting_since: at(0) }
    }

    fn told(rung: Rung, seconds: i64) -> Standing {
        Standing { rung, told_at: at(seconds), nobody: false, acknowledged_at: None }
    }

    #[test]
    fn a_red_request_nobody_takes_climbs_to_the_district_before_its_time() {
        let (terms, case) = (terms(), red(State::Waiting));
        let mut way = vec![(Rung::Runner, terms.fires_at(&case).unwrap())];
        while let Some((rung, since)) = way.last().copied() {
            let Next::Tell(rung, at) = terms.next(&case, &Standing { told_at: since, ..told(rung, 0) }) else { break };
            way.push((rung, at));
        }
        let seconds: Vec<i64> = way.iter().map(|(_, at)| at.seconds()).collect();
        assert_eq!(seconds, [600, 720, 900, 1200, 1500]);
        assert_eq!(way.last().map(|(rung, _)| *rung), Some(Rung::District));
    }

    #[test]
    fn a_rung_without_anybody_is_not_waited_for() {
        let empty = Standing { nobody: true, ..told(Rung::Desk, 720) };
        assert_eq!(terms().next(&red(State::Waiting), &empty), Next::Tell(Rung::Supervisor, at(720)));
    }

    #[test]
    fn who_has_it_is_left_in_peace_while_it_moves_and_hears_of_it_when_it_does_not() {
        let terms = terms();
        let mine = Standing { acknowledged_at: Some(at(760)), ..told(Rung::Desk, 720) };
        assert_eq!(terms.next(&red(State::Claimed), &mine), Next::Rest);
        assert_eq!(terms.next(&red(State::Waiting), &mine), Next::Tell(Rung::Supervisor, at(1060)));
        let given_back = Case { waiting_since: at(1000), ..red(State::Waiting) };
        assert_eq!(terms.next(&given_back, &mine), Next::Tell(Rung::Supervisor, at(1300)));
    }

    #[test]
    fn one_that_was_taken_waits_until_its_slack_is_gone_again() {
        // Claimed, it needs 600 s: 300 s of slack are left at 900.
        let next = terms().next(&red(State::Claimed), &told(Rung::Runner, 600));
        assert_eq!(next, Next::Tell(Rung::Desk, at(900)));
    }

    #[test]
    fn it_ends_when_it_is_there_and_goes_no_higher_than_the_top() {
        for state in [State::Delivered, State::Closed, State::Cancelled] {
            assert_eq!(terms().next(&red(state), &told(Rung::Desk, 720)), Next::Over);
            assert_eq!(terms().fires_at(&red(state)), None);
        }
        assert_eq!(terms().next(&red(State::Waiting), &told(Rung::District, 1500)), Next::Rest);
    }

    #[test]
    fn a_listener_hears_its_zones_and_rungs_or_all() {
        let all = Listener { name: "a".into(), zones: vec![], rungs: vec![] };
        let some = Listener { name: "b".into(), zones: vec!["MZC".into()], rungs: vec![Rung::District] };
        let terms = Terms { listeners: vec![all, some], ..terms() };
        assert_eq!(listening(&terms, "MZC", Rung::District), ["a", "b"]);
        assert_eq!(listening(&terms, "MZC", Rung::Desk), ["a"]);
        assert_eq!(listening(&terms, "OTHER", Rung::District), ["a"]);
    }

    fn any_state() -> impl Strategy<Value = State> {
        prop::sample::select(State::ALL)
    }

    fn any_case() -> impl Strategy<Value = Case> {
        let urgency = prop::sample::select(Urgency::ALL);
        (urgency, 0..100_000_i64, any_state(), any_state(), 0..100_000_i64).prop_map(
            |(urgency, by, request, errand, since)| Case {
                urgency,
                deliver_by: at(by),
                request,
                errand,
                waiting_since: at(since),
            },
        )
    }

    fn any_standing() -> impl Strategy<Value = Standing> {
        let rung = prop::sample::select(Rung::ALL);
        (rung, 0..100_000_i64, any::<bool>(), prop::option::of(0..1000_i64)).prop_map(|(rung, told, nobody, ack)| {
            Standing { rung, told_at: at(told), nobody, acknowledged_at: ack.map(|after| at(told + after)) }
        })
    }

    proptest! {
        #[test]
        fn every_step_is_one_rung_up_and_never_before_it_was_told_or_fires(case in any_case(), standing in any_standing()) {
            match terms().next(&case, &standing) {
                Next::Over => prop_assert!(case.is_over()),
                Next::Rest => prop_assert!(standing.rung == Rung::District || (standing.acknowledged_at.is_some() && case.moves())),
                Next::Tell(rung, due) => {
                    prop_assert_eq!(Some(rung), standing.rung.next());
                    prop_assert!(due >= standing.told_at && due >= terms().fires_at(&case).unwrap());
                }
            }
        }

        #[test]
        fn nothing_waits_longer_than_its_rung_or_its_slack_allows(case in any_case(), standing in any_standing()) {
            if let Next::Tell(_, due) = terms().next(&case, &standing) {
                let heard = standing.acknowledged_at.unwrap_or(standing.told_at).max(case.waiting_since);
                let longest = heard.plus_seconds(300).max(terms().fires_at(&case).unwrap());
                prop_assert!(due <= longest);
            }
        }

        #[test]
        fn it_fires_exactly_when_the_slack_is_the_least_there_may_be(case in any_case()) {
            if let Some(fires) = terms().fires_at(&case) {
                prop_assert_eq!(terms().slack_s(&case, fires), terms().least_slack_s(case.urgency));
                prop_assert!(case.deliver_by.seconds_since(fires) <= terms().horizon_s(case.urgency));
            }
        }

        #[test]
        fn an_answer_never_brings_the_next_rung_nearer(case in any_case(), standing in any_standing(), after in 0..300_i64) {
            let silent = Standing { acknowledged_at: None, nobody: false, ..standing };
            // An answer given before the rung's time was up, to terms under which acting gets as long as answering.
            let terms = Terms { runner_s: 300, desk_s: 300, ..terms() };
            let heard = Standing { acknowledged_at: Some(standing.told_at.plus_seconds(after)), ..silent };
            if let (Next::Tell(_, without), Next::Tell(_, with)) = (terms.next(&case, &silent), terms.next(&case, &heard)) {
                prop_assert!(with >= without);
            }
        }
    }
}
