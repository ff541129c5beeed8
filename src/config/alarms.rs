//! The ladder, and the doors outside that hear of it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::bounds::Reasons;
use super::{Hidden, Settings, Url};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    pub red_slack_seconds: i64,
    pub yellow_slack_seconds: i64,
    pub green_slack_seconds: i64,
    pub needed_waiting_seconds: i64,
    pub needed_claimed_seconds: i64,
    pub needed_collected_seconds: i64,
    pub runner_seconds: i64,
    pub desk_seconds: i64,
    pub supervisor_seconds: i64,
    pub street_seconds: i64,
    pub acted_seconds: i64,
    #[serde(deserialize_with = "tables")]
    pub webhooks: Vec<Webhook>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Paotui,
    Wecom,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub name: String,
    pub url: Url,
    pub format: Format,
    #[serde(default)]
    pub secret: Hidden,
    #[serde(default)]
    pub zones: Vec<String>,
    /// Words of the domain; `app` reads them.
    #[serde(default)]
    pub rungs: Vec<String>,
}

/// Tables alone, and nothing of what was written in the refusal: it may hold a secret.
fn tables<'de, D: Deserializer<'de>>(given: D) -> Result<Vec<Webhook>, D::Error> {
    let refused = |why: &str| D::Error::custom(format!("alarms.webhooks: {why}"));
    let values = Vec::<toml::Value>::deserialize(given)?;
    let read = |value: toml::Value| match value {
        toml::Value::Table(_) => value.try_into().map_err(|error: toml::de::Error| refused(error.message())),
        _ => Err(refused("write each as a section [[alarms.webhooks]] of a settings file")),
    };
    values.into_iter().map(read).collect()
}

const RUNGS: [&str; 5] = ["runner", "desk", "supervisor", "street", "district"];
const SHORTEST_SECRET: usize = 16;

pub(super) fn impossible(settings: &Settings, found: &mut Reasons) {
    const DAY: i64 = 86_400;
    let alarms = &settings.alarms;
    for (key, seconds, least) in [
        ("alarms.red_slack_seconds", alarms.red_slack_seconds, 0),
        ("alarms.yellow_slack_seconds", alarms.yellow_slack_seconds, 0),
        ("alarms.green_slack_seconds", alarms.green_slack_seconds, 0),
        ("alarms.needed_waiting_seconds", alarms.needed_waiting_seconds, 0),
        ("alarms.needed_claimed_seconds", alarms.needed_claimed_seconds, 0),
        ("alarms.needed_collected_seconds", alarms.needed_collected_seconds, 0),
        ("alarms.runner_seconds", alarms.runner_seconds, 10),
        ("alarms.desk_seconds", alarms.desk_seconds, 10),
        ("alarms.supervisor_seconds", alarms.supervisor_seconds, 10),
        ("alarms.street_seconds", alarms.street_seconds, 10),
        ("alarms.acted_seconds", alarms.acted_seconds, 10),
    ] {
        found.between(key, &seconds, &(least..=DAY));
    }
    for (place, hook) in alarms.webhooks.iter().enumerate() {
        webhook(settings, hook, found);
        let twice = alarms.webhooks.iter().take(place).any(|before| before.name == hook.name);
        found.unless(!twice, format!("alarms.webhooks: there are two of the name '{}'", hook.name));
    }
}

fn webhook(settings: &Settings, hook: &Webhook, found: &mut Reasons) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let name = hook.name.as_str();
    found.unless(
        (1..=40).contains(&name.len()) && name.chars().all(plain),
        format!("alarms.webhooks: '{name}' is no name; use 1 to 40 letters, digits, '-' or '_'"),
    );
    let scheme = hook.url.scheme();
    let rest = hook.url.rest().trim_start_matches('/');
    found.unless(
        ["https", "http"].contains(&scheme) && !rest.is_empty() && !rest.starts_with([':', '?', '#']),
        format!("alarms.webhooks: the url of '{name}' must be https:// and a host"),
    );
    found.unless(
        scheme != "http" || !settings.server.is_production(),
        format!("alarms.webhooks: the url of '{name}' is http://; in production it must be https://"),
    );
    found.unless(
        hook.format != Format::Paotui || hook.secret.reveal().len() >= SHORTEST_SECRET,
        format!("alarms.webhooks: '{name}' needs a secret of at least {SHORTEST_SECRET} characters"),
    );
    let known = |rung: &String| RUNGS.contains(&rung.as_str());
    found.unless(
        hook.rungs.iter().all(known),
        format!("alarms.webhooks: the rungs of '{name}' must be of {}", RUNGS.join(", ")),
    );
}
