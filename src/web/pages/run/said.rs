//! What `run.js` says: the page hands it the words, so that they are kept where all words are.

use std::collections::BTreeMap;

use super::page::RunPage;

/// The key in the script, and the phrase. `#` stands for a number, a time or a code that the script fills in.
const SAID: &[(&str, &str)] = &[
    ("off", "run-net-off"),
    ("offn", "run-net-off-n"),
    ("send", "run-net-sending"),
    ("late", "run-net-late"),
    ("note", "run-net-note"),
    ("wait", "run-net-waiting"),
    ("kept", "run-net-kept"),
    ("all", "run-net-all"),
    ("busy", "run-net-busy"),
    ("no", "run-net-refused"),
    ("ok", "run-net-understood"),
    ("typed", "run-net-typed"),
    ("after", "run-net-after"),
    ("else", "run-gone-else"),
    ("cancelled", "run-gone-cancelled"),
    ("care", "run-gone-care"),
    ("delivered", "run-gone-delivered"),
    ("other", "run-gone-other"),
];

/// All of it as JSON.
pub(super) fn words(page: &RunPage<'_>) -> String {
    let hash = |id: &str| page.shell.words.with(id, &[("n", "#".into()), ("time", "#".into()), ("what", "#".into())]);
    let said: BTreeMap<&str, String> = SAID.iter().map(|(key, id)| (*key, hash(id))).collect();
    serde_json::to_string(&said).unwrap_or_default()
}
