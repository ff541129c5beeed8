//! Who may be asked for what: small rules, each with the reason it gives.

use crate::domain::clock::At;
use crate::domain::matching::errand::OpenErrand;
use crate::domain::matching::reason::Nobody;
use crate::domain::matching::runner::OnDuty;

/// Whether this runner may be asked anything at `now`.
///
/// # Errors
/// The reason why not.
pub fn may_be_asked(runner: &OnDuty, now: At) -> Result<(), Nobody> {
    if now > runner.off_at {
        Err(Nobody::ShiftEnds)
    } else if now < runner.rests_until {
        Err(Nobody::AllResting)
    } else if runner.is_asked {
        Err(Nobody::AllAsked)
    } else if runner.hands_full {
        Err(Nobody::AllBusy)
    } else {
        Ok(())
    }
}

/// A rule about a runner and an errand that time does not change.
type Rule = fn(&OnDuty, &OpenErrand) -> Option<Nobody>;

const RULES: [Rule; 4] = [is_trained, is_inside, can_lift, is_willing];

/// Whether this runner may carry this errand at all.
///
/// # Errors
/// The first rule that says no.
pub fn may_carry(runner: &OnDuty, errand: &OpenErrand) -> Result<(), Nobody> {
    RULES.iter().find_map(|rule| rule(runner, errand)).map_or(Ok(()), Err)
}

fn is_trained(runner: &OnDuty, errand: &OpenErrand) -> Option<Nobody> {
    (!runner.skills.cover(errand.needs)).then_some(Nobody::NotTrained)
}

/// Behind a seal only those who live there walk; and they do not come out.
fn is_inside(runner: &OnDuty, errand: &OpenErrand) -> Option<Nobody> {
    (runner.inside != errand.sealed).then_some(Nobody::WrongSideOfTheSeal)
}

fn can_lift(runner: &OnDuty, errand: &OpenErrand) -> Option<Nobody> {
    (errand.parcel.bags > runner.capacity_bags).then_some(Nobody::TooManyBags)
}

fn is_willing(runner: &OnDuty, errand: &OpenErrand) -> Option<Nobody> {
    errand.refused_by.contains(&runner.id).then_some(Nobody::AllDeclined)
}
