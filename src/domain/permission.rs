//! Who may do what to what: one match, deny by default.

use super::actor::{Actor, Person, Role};
use super::alarm::Rung;
use super::ids::{PersonId, PlaceId, RequestId, ZoneId};

/// Something somebody wants to do, with the facts that decide about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    SubmitRequest,
    /// Offer to be a runner.
    OfferHelp,
    /// Track, cancel, confirm: by link.
    FollowRequest(RequestId),
    BeOnDuty,
    SeeOwnWork,
    /// Accept or decline; the offer is held for this runner.
    AnswerOffer {
        held_for: PersonId,
    },
    ClaimFromBoard {
        zone: ZoneId,
    },
    /// Collect, deliver, fail, hand back; the errand is in this runner's hands.
    CarryErrand {
        carried_by: Option<PersonId>,
    },
    WatchZone {
        zone: ZoneId,
    },
    /// Read name, door, phone of a request of this zone (audited).
    ReadContact {
        zone: ZoneId,
    },
    StepIn {
        zone: ZoneId,
    },
    /// Say "I have it" to an alarm that stands on this rung, or take it further.
    AnswerAlarm {
        zone: ZoneId,
        rung: Rung,
    },
    /// Say who has the watch when: of a zone, or of all.
    KeepRota {
        zone: Option<ZoneId>,
    },
    EnterRequest {
        zone: ZoneId,
    },
    /// Decide about what cannot go on by itself: send it again, give it to a runner, close it, call it off.
    SettleCare {
        zone: ZoneId,
    },
    /// Read who did and who looked at what.
    ReadAudit {
        zone: ZoneId,
    },
    SealBuilding {
        zone: ZoneId,
    },
    /// Tell what was found at a counter of this zone.
    ReportStock {
        zone: ZoneId,
        place: PlaceId,
    },
    /// Look at the photo of a box: whoever fetches it now, and who may read the contact (audited).
    SeePhoto {
        zone: ZoneId,
        carried_by_me: bool,
    },
    /// Make a link that lets somebody of this zone in once, without a password.
    LetIn {
        zone: ZoneId,
        /// The account runs errands and does nothing else.
        only_runs: bool,
    },
    SetUp,
    EndOwnSession,
    ReadLetters {
        zone: ZoneId,
    },
}

/// The one answer to "may I?".
#[must_use]
pub fn may(actor: &Actor, action: Action) -> bool {
    match actor {
        Actor::Service => true,
        Actor::Anyone => matches!(action, Action::SubmitRequest | Action::OfferHelp),
        Actor::Holder(own) => match action {
            Action::SubmitRequest | Action::OfferHelp => true,
            Action::FollowRequest(request) => request == *own,
            _ => false,
        },
        Actor::Shop(own) => matches!(action, Action::ReportStock { place, .. } if place == *own),
        Actor::Person(person) => person_may(person, action),
    }
}

/// The highest rung of the ladder somebody answers for.
#[must_use]
pub fn reach(person: &Person) -> Option<Rung> {
    let of = |role: &Role| match role {
        Role::Runner => None,
        Role::Desk => Some(Rung::Desk),
        Role::Supervisor => Some(Rung::Supervisor),
        Role::District | Role::Admin => Some(Rung::District),
    };
    person.roles.iter().filter_map(of).max()
}

fn person_may(person: &Person, action: Action) -> bool {
    let runner = person.holds(Role::Runner);
    let oversees = |zone: ZoneId| {
        person.holds(Role::Admin)
            || person.holds(Role::District)
            || (person.holds(Role::Supervisor) && person.zone == zone)
    };
    let works_the_desk = |zone: ZoneId| oversees(zone) || (person.holds(Role::Desk) && person.zone == zone);
    match action {
        Action::SubmitRequest | Action::OfferHelp | Action::EndOwnSession => true,
        Action::FollowRequest(_) => false,
        Action::BeOnDuty | Action::SeeOwnWork => runner,
        Action::AnswerOffer { held_for } => runner && held_for == person.id,
        Action::ClaimFromBoard { zone } => runner && zone == person.zone,
        Action::CarryErrand { carried_by } => runner && carried_by == Some(person.id),
        Action::WatchZone { zone }
        | Action::EnterRequest { zone }
        | Action::SettleCare { zone }
        | Action::ReadContact { zone } => works_the_desk(zone),
        Action::SeePhoto { zone, carried_by_me } => works_the_desk(zone) || (runner && carried_by_me),
        Action::ReportStock { zone, .. } => works_the_desk(zone) || (runner && zone == person.zone),
        Action::StepIn { zone }
        | Action::SealBuilding { zone }
        | Action::ReadAudit { zone }
        | Action::ReadLetters { zone }
        | Action::KeepRota { zone: Some(zone) } => oversees(zone),
        // Nobody silences an alarm that has gone above him.
        Action::AnswerAlarm { zone, rung } => works_the_desk(zone) && reach(person).is_some_and(|own| own >= rung),
        Action::KeepRota { zone: None } => person.holds(Role::Admin) || person.holds(Role::District),
        // A link is the account itself: nobody gets more by one than he may do already.
        Action::LetIn { zone, only_runs } => person.holds(Role::Admin) || (only_runs && oversees(zone)),
        Action::SetUp => person.holds(Role::Admin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(roles: &[Role]) -> Person {
        Person { id: PersonId::mint(), zone: ZoneId::mint(), roles: roles.to_vec() }
    }

    #[test]
    fn a_stranger_may_only_ask() {
        let zone = ZoneId::mint();
        for action in [
            Action::FollowRequest(RequestId::mint()),
            Action::BeOnDuty,
            Action::SeeOwnWork,
            Action::AnswerOffer { held_for: PersonId::mint() },
            Action::ClaimFromBoard { zone },
            Action::CarryErrand { carried_by: None },
            Action::WatchZone { zone },
            Action::ReadContact { zone },
            Action::StepIn { zone },
            Action::EnterRequest { zone },
            Action::SettleCare { zone },
            Action::ReadAudit { zone },
            Action::SealBuilding { zone },
            Action::ReportStock { zone, place: PlaceId::mint() },
            Action::SeePhoto { zone, carried_by_me: true },
            Action::LetIn { zone, only_runs: true },
            Action::SetUp,
            Action::EndOwnSession,
            Action::ReadLetters { zone },
            Action::AnswerAlarm { zone, rung: Rung::Runner },
            Action::KeepRota { zone: Some(zone) },
            Action::KeepRota { zone: None },
        ] {
            assert!(!may(&Actor::Anyone, action), "{action:?}");
        }
        assert!(may(&Actor::Anyone, Action::SubmitRequest) && may(&Actor::Anyone, Action::OfferHelp));
    }

    #[test]
    fn a_link_opens_its_own_request_only() {
        let own = RequestId::mint();
        assert!(may(&Actor::Holder(own), Action::FollowRequest(own)));
        assert!(!may(&Actor::Holder(own), Action::FollowRequest(RequestId::mint())));
    }

    #[test]
    fn a_runner_touches_only_what_is_in_the_own_hands() {
        let runner = person(&[Role::Runner]);
        let me = runner.id;
        let actor = Actor::Person(runner);
        assert!(may(&actor, Action::CarryErrand { carried_by: Some(me) }));
        assert!(!may(&actor, Action::CarryErrand { carried_by: Some(PersonId::mint()) }));
        assert!(!may(&actor, Action::CarryErrand { carried_by: None }));
        assert!(!may(&actor, Action::AnswerOffer { held_for: PersonId::mint() }));
    }

    #[test]
    fn a_photo_is_seen_by_who_carries_it_now_and_by_the_zone_s_staff() {
        let zone = ZoneId::mint();
        let (mine, others) =
            (Action::SeePhoto { zone, carried_by_me: true }, Action::SeePhoto { zone, carried_by_me: false });
        let runner = Actor::Person(person(&[Role::Runner]));
        assert!(may(&runner, mine) && !may(&runner, others));
        let desk = person(&[Role::Desk]);
        let own = Action::SeePhoto { zone: desk.zone, carried_by_me: false };
        assert!(may(&Actor::Person(desk.clone()), own) && !may(&Actor::Person(desk), others));
        assert!(!may(&Actor::Holder(RequestId::mint()), mine));
    }

    #[test]
    fn a_supervisor_sees_the_own_zone_and_no_other() {
        let supervisor = person(&[Role::Supervisor]);
        let own = supervisor.zone;
        let actor = Actor::Person(supervisor);
        assert!(may(&actor, Action::StepIn { zone: own }));
        assert!(!may(&actor, Action::StepIn { zone: ZoneId::mint() }));
        assert!(!may(&actor, Action::SetUp));
    }

    #[test]
    fn a_sign_in_link_gives_nobody_more_than_he_has() {
        let supervisor = person(&[Role::Supervisor]);
        let (own, other) = (supervisor.zone, ZoneId::mint());
        let link = |zone, only_runs| Action::LetIn { zone, only_runs };
        let actor = Actor::Person(supervisor);
        assert!(may(&actor, link(own, true)));
        assert!(!may(&actor, link(own, false)) && !may(&actor, link(other, true)));
        for role in [Role::Runner, Role::Desk] {
            let person = person(&[role]);
            let zone = person.zone;
            assert!(!may(&Actor::Person(person), link(zone, true)), "{role}");
        }
        let district = Actor::Person(person(&[Role::District]));
        assert!(may(&district, link(other, true)) && !may(&district, link(other, false)));
        assert!(may(&Actor::Person(person(&[Role::Admin])), link(other, false)));
    }

    #[test]
    fn the_desk_enters_and_reads_but_does_not_step_in() {
        let desk = person(&[Role::Desk]);
        let zone = desk.zone;
        let actor = Actor::Person(desk);
        assert!(may(&actor, Action::EnterRequest { zone }) && may(&actor, Action::ReadContact { zone }));
        assert!(may(&actor, Action::SettleCare { zone }) && !may(&actor, Action::SettleCare { zone: ZoneId::mint() }));
        assert!(!may(&actor, Action::StepIn { zone }) && !may(&actor, Action::ReadAudit { zone }));
    }

    #[test]
    fn an_alarm_is_answered_on_its_rung_or_from_above() {
        let answers = |role: Role, rung: Rung| {
            let person = person(&[role]);
            let zone = person.zone;
            may(&Actor::Person(person), Action::AnswerAlarm { zone, rung })
        };
        assert!(answers(Role::Desk, Rung::Runner) && answers(Role::Desk, Rung::Desk));
        assert!(!answers(Role::Desk, Rung::Supervisor) && !answers(Role::Runner, Rung::Runner));
        assert!(answers(Role::Supervisor, Rung::Supervisor) && !answers(Role::Supervisor, Rung::Street));
        assert!(answers(Role::District, Rung::District) && answers(Role::Admin, Rung::District));
        let (desk, elsewhere) = (person(&[Role::Desk]), ZoneId::mint());
        assert!(!may(&Actor::Person(desk), Action::AnswerAlarm { zone: elsewhere, rung: Rung::Desk }));
    }

    #[test]
    fn a_rota_is_kept_by_who_oversees_and_the_one_for_all_by_the_district() {
        let supervisor = person(&[Role::Supervisor]);
        let own = supervisor.zone;
        let actor = Actor::Person(supervisor);
        assert!(may(&actor, Action::KeepRota { zone: Some(own) }) && !may(&actor, Action::KeepRota { zone: None }));
        assert!(!may(&actor, Action::KeepRota { zone: Some(ZoneId::mint()) }));
        assert!(may(&Actor::Person(person(&[Role::District])), Action::KeepRota { zone: None }));
        let desk = person(&[Role::Desk]);
        let zone = Some(desk.zone);
        assert!(!may(&Actor::Person(desk), Action::KeepRota { zone }));
    }

    #[test]
    fn a_shop_speaks_for_itself_and_does_nothing_else() {
        let (own, zone) = (PlaceId::mint(), ZoneId::mint());
        let shop = Actor::Shop(own);
        assert!(may(&shop, Action::ReportStock { zone, place: own }));
        assert!(!may(&shop, Action::ReportStock { zone, place: PlaceId::mint() }));
        assert!(!may(&shop, Action::WatchZone { zone }) && !may(&shop, Action::SubmitRequest));
    }

    #[test]
    fn whoever_works_in_a_zone_tells_what_was_found_there() {
        let place = PlaceId::mint();
        for role in [Role::Runner, Role::Desk, Role::Supervisor] {
            let person = person(&[role]);
            let own = person.zone;
            let actor = Actor::Person(person);
            assert!(may(&actor, Action::ReportStock { zone: own, place }), "{role}");
            assert!(!may(&actor, Action::ReportStock { zone: ZoneId::mint(), place }), "{role}");
        }
        for role in [Role::District, Role::Admin] {
            let actor = Actor::Person(person(&[role]));
            assert!(may(&actor, Action::ReportStock { zone: ZoneId::mint(), place }), "{role}");
        }
        assert!(!may(&Actor::Holder(RequestId::mint()), Action::ReportStock { zone: ZoneId::mint(), place }));
    }
}
