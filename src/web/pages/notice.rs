//! The banner after something was done, or was not: "already claimed by somebody else, here is what is next".

use crate::words::Words;

/// Colour and weight of a notice; the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Mind,
    Bad,
}

/// A banner on top of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// Every notice there is, as the word that may stand in `?notice=`.
pub const NOTICES: &[(&str, Tone)] = &[
    ("on_duty", Tone::Good),
    ("off_duty", Tone::Mind),
    ("accepted", Tone::Good),
    ("declined", Tone::Mind),
    ("claimed", Tone::Good),
    ("collected", Tone::Good),
    ("delivered", Tone::Good),
    ("handed_over", Tone::Good),
    ("booked", Tone::Good),
    ("settled", Tone::Good),
    ("already_booked", Tone::Mind),
    ("failed", Tone::Mind),
    ("handed_back", Tone::Mind),
    ("handed_back_all", Tone::Mind),
    ("already_claimed", Tone::Mind),
    ("offer_closed", Tone::Mind),
    ("hands_full", Tone::Mind),
    ("sealed_in", Tone::Mind),
    ("sealed_off", Tone::Mind),
    ("no_gate", Tone::Mind),
    ("out_of_turn", Tone::Mind),
    ("wrong_code", Tone::Bad),
    ("no_position", Tone::Mind),
    ("cancelled", Tone::Mind),
    ("confirmed", Tone::Good),
    ("problem", Tone::Mind),
    ("dials", Tone::Good),
    ("dials_wrong", Tone::Bad),
    ("targets", Tone::Good),
    ("assigned", Tone::Good),
    ("released", Tone::Good),
    ("reason_needed", Tone::Bad),
    ("told", Tone::Good),
    ("answered", Tone::Good),
    ("already_answered", Tone::Mind),
    ("asked", Tone::Good),
    ("elsewhere", Tone::Good),
    ("consent_needed", Tone::Mind),
    ("nothing_got", Tone::Mind),
    ("place_named", Tone::Mind),
    ("nothing_there", Tone::Mind),
    ("not_short", Tone::Mind),
    ("put_before", Tone::Good),
    ("intake_paused", Tone::Mind),
    ("intake_opened", Tone::Good),
    ("text_needed", Tone::Bad),
    ("called", Tone::Good),
    ("followed", Tone::Good),
    ("follow_again", Tone::Mind),
    ("to_care", Tone::Mind),
    ("not_taken_yet", Tone::Mind),
    ("being_called", Tone::Mind),
    ("followed_up", Tone::Mind),
    ("not_repeatable", Tone::Mind),
    ("recurs_set", Tone::Good),
    ("recurs_ended", Tone::Mind),
    ("again_wrong", Tone::Bad),
    ("decided", Tone::Good),
    ("urgency_set", Tone::Good),
    ("acted_for", Tone::Good),
    ("care_called", Tone::Good),
    ("hung", Tone::Good),
    ("taken_down", Tone::Mind),
    ("sealed", Tone::Good),
    ("seals_partly", Tone::Mind),
    ("seals_none", Tone::Bad),
    ("help_declined", Tone::Mind),
    ("already_decided", Tone::Mind),
    ("welcome", Tone::Good),
    ("vouched", Tone::Good),
    ("undone", Tone::Good),
    ("too_late_to_undo", Tone::Mind),
    ("too_many_errands", Tone::Mind),
    ("queue_kept", Tone::Mind),
    ("acknowledged", Tone::Good),
    ("escalated", Tone::Good),
    ("already_acknowledged", Tone::Mind),
    ("no_alarm", Tone::Mind),
    ("top_of_ladder", Tone::Mind),
    ("rota_kept", Tone::Good),
];

impl Notice {
    /// Only words we know become a notice: nobody can write on our pages through a link.
    #[must_use]
    pub fn from_word(words: Words, word: &str) -> Option<Self> {
        let (known, tone) = NOTICES.iter().find(|(known, _)| *known == word)?;
        Some(Self { tone: *tone, text: words.get(&format!("notice-{known}")) })
    }

    pub(super) const fn class(&self) -> &'static str {
        match self.tone {
            Tone::Good => "panel-ok",
            Tone::Mind => "panel-warn",
            Tone::Bad => "panel-bad",
        }
    }
}
