//! The errand's state machine. [`State::step`] is the only place that says which move leads where;
//! `docs/errand-states.md` is this table printed, and a test holds the two equal.

use super::words::word;

word! {
    /// Where a request, and each errand of it, stands.
    State {
        Waiting = "waiting",
        Offered = "offered",
        Claimed = "claimed",
        Collected = "collected",
        AtGate = "at_gate",
        Delivered = "delivered",
        Closed = "closed",
        Cancelled = "cancelled",
        /// Cannot go on by itself: a person must decide; carries a reason.
        Care = "care",
    }
}

word! {
    /// What somebody does to an errand.
    Step {
        Offer = "offer",
        Decline = "decline",
        Lapse = "lapse",
        Withdraw = "withdraw",
        Accept = "accept",
        Claim = "claim",
        Assign = "assign",
        /// The same hands fetch it at another place.
        Elsewhere = "elsewhere",
        Collect = "collect",
        HandOver = "hand_over",
        Deliver = "deliver",
        /// A supervisor knows that it is there, whatever the runner's phone told.
        Override = "override",
        HandBack = "hand_back",
        /// The runner gave no sign of life until the lease ended.
        Abandon = "abandon",
        Fail = "fail",
        Release = "release",
        Cancel = "cancel",
        Confirm = "confirm",
        Reopen = "reopen",
        SetAside = "set_aside",
        Requeue = "requeue",
        Close = "close",
    }
}

impl Step {
    /// Steps that give an errand to somebody, or send its runner elsewhere: each makes a new fence, so that whoever held an
    /// older one is refused.
    #[must_use]
    pub const fn makes_new_fence(self) -> bool {
        matches!(self, Self::Offer | Self::Claim | Self::Assign | Self::Elsewhere)
    }

    /// A slip of the thumb of whoever carries it, which that person alone may take back ([`State::undo`]). Giving back is
    /// none: somebody else may be on the way already.
    #[must_use]
    pub const fn can_be_undone(self) -> bool {
        matches!(self, Self::Collect | Self::HandOver | Self::Deliver | Self::Fail)
    }
}

/// How long, in seconds of service time, a runner may take back what he did last. Long enough to notice a slip on the way
/// to the next door; short enough that nobody is told late: letters about what may be taken back wait for so long.
pub const UNDO_S: i64 = 300;

/// Why a step was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is over: closed or cancelled.
    #[error("the errand is already {0}")]
    Over(State),
    /// Not the turn of this step.
    #[error("'{step}' is not possible while the errand is {state}")]
    OutOfTurn { state: State, step: Step },
}

impl State {
    /// Where `step` leads from here.
    ///
    /// Goods in a runner's hands (`collected`) are never silently given to somebody else: giving back, failing
    /// or falling silent then leads to `care`, where a person decides.
    ///
    /// # Errors
    /// [`Refused`] when the step does not exist from this state; nothing changes then.
    pub const fn step(self, step: Step) -> Result<Self, Refused> {
        use State as S;
        use Step as T;
        match (self, step) {
            (S::Waiting, T::Offer) => Ok(S::Offered),
            (S::Offered, T::Decline | T::Lapse | T::Withdraw | T::Release)
            | (S::Claimed, T::HandBack | T::Abandon | T::Release)
            | (S::Care, T::Requeue) => Ok(S::Waiting),
            (S::Offered, T::Accept)
            | (S::Waiting, T::Claim)
            | (S::Waiting | S::Offered | S::Claimed | S::Care, T::Assign)
            | (S::Claimed, T::Elsewhere) => Ok(S::Claimed),
            (S::Claimed, T::Collect) => Ok(S::Collected),
            (S::Collected, T::HandOver) => Ok(S::AtGate),
            (S::Collected | S::AtGate, T::Deliver) | (S::Claimed | S::Collected | S::AtGate | S::Care, T::Override) => {
                Ok(S::Delivered)
            }
            (S::Delivered, T::Confirm | T::Close) | (S::Care, T::Close) => Ok(S::Closed),
            (S::Waiting | S::Offered | S::Claimed | S::Care, T::Cancel) => Ok(S::Cancelled),
            (S::Collected, T::HandBack | T::Abandon | T::Release)
            | (S::Claimed | S::Collected | S::AtGate, T::Fail)
            | (S::AtGate | S::Delivered | S::Closed, T::Reopen)
            | (S::Waiting | S::Offered | S::AtGate, T::SetAside) => Ok(S::Care),
            (S::Closed | S::Cancelled, _) => Err(Refused::Over(self)),
            (_, _) => Err(Refused::OutOfTurn { state: self, step }),
        }
    }

    /// Where taking `step` back leads: to where the errand stood before it, and nowhere else.
    ///
    /// # Errors
    /// [`Refused`] when the step is none that can be taken back, or did not lead here from there.
    pub fn undo(self, step: Step, was: Self) -> Result<Self, Refused> {
        if step.can_be_undone() && was.step(step) == Ok(self) {
            Ok(was)
        } else {
            Err(Refused::OutOfTurn { state: self, step })
        }
    }

    /// Nothing more will happen unless somebody reopens it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// A runner has it: the address is open to that runner, and to nobody else. What lies at a gate is in no hands.
    #[must_use]
    pub const fn is_with_runner(self) -> bool {
        matches!(self, Self::Claimed | Self::Collected)
    }

    /// How the request stands while an errand of it, its first or a later `leg`, stands like this. Goods that were handed
    /// over at a gate are there, whoever is being looked for, until they are at the door.
    #[must_use]
    pub const fn of_request(self, leg: i32) -> Self {
        match self {
            Self::Waiting | Self::Offered | Self::Claimed | Self::Collected if leg > 1 => Self::AtGate,
            _ => self,
        }
    }

    /// The states a step may start from.
    pub fn sources_of(step: Step) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |state| state.step(step).is_ok())
    }
}

/// The whole transition table as Markdown: one row a state, one column a step; `·` means refused.
#[must_use]
pub fn table() -> String {
    let mut text = String::from("| from \\ step |");
    for step in Step::ALL {
        text.push_str(&format!(" {step} |"));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Step::ALL.len()));
    text.push('\n');
    for state in State::ALL {
        text.push_str(&format!("| {state} |"));
        for step in Step::ALL {
            let cell = state.step(*step).map_or("·", State::as_str);
            text.push_str(&format!(" {cell} |"));
        }
        text.push('\n');
    }
    text
}

/// What can be taken back, as Markdown: one row a state, one column a step that led there; the cell names where it may have
/// come from, and goes back to.
#[must_use]
pub fn undo_table() -> String {
    let steps: Vec<Step> = Step::ALL.iter().copied().filter(|step| step.can_be_undone()).collect();
    let mut text = String::from("| from \\ taking back |");
    for step in &steps {
        text.push_str(&format!(" {step} |"));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(steps.len()));
    text.push('\n');
    let before = |state: State, step: Step| {
        let was = State::ALL.iter().filter(|was| state.undo(step, **was).is_ok());
        was.map(|was| was.as_str()).collect::<Vec<_>>().join(", ")
    };
    for state in State::ALL.iter().filter(|state| steps.iter().any(|step| !before(**state, *step).is_empty())) {
        text.push_str(&format!("| {state} |"));
        for step in &steps {
            let cell = before(*state, *step);
            text.push_str(&format!(" {} |", if cell.is_empty() { "·" } else { &cell }));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_tables_are_the_tables() {
        let documented = include_str!("../../docs/errand-states.md");
        assert!(documented.contains(&table()), "docs/errand-states.md should hold:\n{}", table());
        assert!(documented.contains(&undo_table()), "docs/errand-states.md should hold:\n{}", undo_table());
    }

    #[test]
    fn what_is_taken_back_is_as_if_it_had_not_been_done() {
        for (was, step) in State::ALL.iter().flat_map(|was| Step::ALL.iter().map(move |step| (*was, *step))) {
            let Ok(done) = was.step(step) else { continue };
            assert_eq!(done.undo(step, was).ok(), step.can_be_undone().then_some(was), "{was} {step}");
            for other in State::ALL.iter().filter(|other| **other != done) {
                assert!(
                    other.undo(step, was).is_err(),
                    "somebody moved it from {done} to {other}: nothing to take back"
                );
            }
        }
    }

    #[test]
    fn what_is_over_stays_over_unless_reopened() {
        for step in Step::ALL {
            assert_eq!(State::Cancelled.step(*step), Err(Refused::Over(State::Cancelled)));
            let expected = if *step == Step::Reopen { Ok(State::Care) } else { Err(Refused::Over(State::Closed)) };
            assert_eq!(State::Closed.step(*step), expected);
        }
    }

    #[test]
    fn goods_in_hand_are_never_silently_given_to_somebody_else() {
        for step in Step::ALL {
            if let Ok(next) = State::Collected.step(*step) {
                assert!(!matches!(next, State::Waiting | State::Offered | State::Claimed), "{step} leads to {next}");
            }
        }
    }

    #[test]
    fn a_request_whose_goods_are_at_the_gate_does_not_go_back_to_waiting() {
        for state in State::ALL {
            assert_eq!(state.of_request(1), *state);
            let second = state.of_request(2);
            let open = matches!(state, State::Waiting | State::Offered | State::Claimed | State::Collected);
            assert_eq!(second, if open { State::AtGate } else { *state });
        }
    }

    #[test]
    fn every_state_but_waiting_is_reached_and_every_open_one_can_be_left() {
        for state in State::ALL {
            let reached = State::ALL.iter().any(|from| Step::ALL.iter().any(|s| from.step(*s) == Ok(*state)));
            assert!(reached, "{state} is never reached");
            let left = Step::ALL.iter().any(|s| state.step(*s).is_ok());
            assert_eq!(left, *state != State::Cancelled, "{state}");
        }
    }
}
