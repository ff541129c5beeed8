//! How busy it is, in words: for the form, the status page and staff.

use super::shell::Shell;
use crate::domain::urgency::Urgency;
use crate::store::views::load::Load;

/// "Half of today's urgent requests arrived within 52 minutes", as soon as there are enough to say so; how many wait.
#[must_use]
pub fn told(shell: &Shell, load: &Load) -> Vec<String> {
    let words = shell.words;
    let half = load.half_within_s(Urgency::Red).map(|half_s| words.say("load-half", "span", words.span(half_s)));
    let waiting = (load.waiting > 0).then(|| words.say("load-waiting", "n", load.waiting));
    half.into_iter().chain(waiting).collect()
}
