//! Laying the file and the environment over the defaults, before types come in.
//!
//! `default.toml` is the model: it has every key, and its value tells the kind that key takes.

use std::path::Path;

use toml::{Table, Value};

use super::{Refused, Settings};

const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "PAOTUI__";

/// The process environment, as [`Settings::load`] takes it.
#[must_use]
pub fn environment() -> Vec<(String, String)> {
    let readable = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (readable(name), readable(value))).collect()
}

pub(super) fn merge(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Table, Refused> {
    let mut merged = Merged::new()?;
    if let Some(file) = file {
        merged.lay_file(file)?;
    }
    for (name, value) in env {
        if let Some(key) = name.strip_prefix(PREFIX) {
            merged.lay_variable(&name, key, &value);
        }
    }
    if merged.reasons.is_empty() { Ok(merged.table) } else { Err(Refused(merged.reasons)) }
}

/// The merged table as typed settings; what serde refuses comes with its key.
pub(super) fn typed(merged: Table) -> Result<Settings, Refused> {
    merged.try_into().map_err(|error: toml::de::Error| Refused::one(error.to_string().trim().replace('\n', " ")))
}

struct Merged {
    table: Table,
    reasons: Vec<String>,
}

impl Merged {
    fn new() -> Result<Self, Refused> {
        let table = DEFAULTS.parse().map_err(|error| Refused::one(format!("config/default.toml: {error}")))?;
        Ok(Self { table, reasons: Vec::new() })
    }

    fn lay_file(&mut self, file: &Path) -> Result<(), Refused> {
        let place = file.display().to_string();
        let text =
            std::fs::read_to_string(file).map_err(|error| Refused::one(format!("{place} cannot be read: {error}")))?;
        let layer: Table = toml::from_str(&text).map_err(|error| Refused::one(syntax(&place, &text, &error)))?;
        for (section, keys) in layer {
            match keys {
                Value::Table(keys) => {
                    for (key, value) in keys {
                        self.lay(&place, &section, &key, |model| of_kind(model, value));
                    }
                }
                _ => self.reasons.push(format!(
                    "{section} stands outside a section in {place}: put it below a line such as [server]"
                )),
            }
        }
        Ok(())
    }

    fn lay_variable(&mut self, name: &str, key: &str, value: &str) {
        let lower = key.to_ascii_lowercase();
        match lower.split_once("__") {
            Some((section, key)) => self.lay(name, section, key, |model| parsed(model, value)),
            None => self
                .reasons
                .push(format!("{name} names no setting: write PAOTUI__SECTION__KEY, such as PAOTUI__SERVER__LISTEN")),
        }
    }

    fn lay(&mut self, place: &str, section: &str, key: &str, value: impl FnOnce(&Value) -> Result<Value, String>) {
        let Some(known) = self.table.get_mut(section).and_then(|keys| keys.get_mut(key)) else {
            let hint = self.nearest(section, key).map_or_else(String::new, |near| format!(" (did you mean {near}?)"));
            self.reasons
                .push(format!("{section}.{key} in {place} is not a setting{hint}; config/default.toml lists them all"));
            return;
        };
        match value(known) {
            Ok(value) => *known = value,
            Err(wanted) => self.reasons.push(format!("{section}.{key} in {place} must be {wanted}")),
        }
    }

    /// The known key that differs least from what was written, when it differs little.
    fn nearest(&self, section: &str, key: &str) -> Option<String> {
        let written = format!("{section}.{key}");
        let keys = self.table.iter().flat_map(|(section, keys)| {
            keys.as_table().into_iter().flat_map(move |keys| keys.keys().map(move |key| format!("{section}.{key}")))
        });
        keys.map(|known| (distance(&written, &known), known)).filter(|(far, _)| *far <= 3).min().map(|(_, known)| known)
    }
}

/// A value from a file must be of the model's kind; a whole number will do for a fraction.
fn of_kind(model: &Value, value: Value) -> Result<Value, String> {
    match (model, value) {
        (Value::Float(_), Value::Integer(whole)) => parsed(model, &whole.to_string()),
        (model, value) if model.same_type(&value) => Ok(value),
        (model, _) => Err(kind(model).to_owned()),
    }
}

/// A value from the environment is text; the model tells how to read it.
fn parsed(model: &Value, text: &str) -> Result<Value, String> {
    let read = match model {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
        Value::Float(_) => text.trim().parse().ok().map(Value::Float),
        Value::Boolean(_) => text.trim().parse().ok().map(Value::Boolean),
        Value::Array(_) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(Value::Array(parts.map(|part| Value::String(part.to_owned())).collect()))
        }
        Value::Datetime(_) | Value::Table(_) => None,
    };
    read.ok_or_else(|| kind(model).to_owned())
}

const fn kind(model: &Value) -> &'static str {
    match model {
        Value::String(_) => "a text in quotes",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list such as [\"10.0.0.2\"]",
        Value::Datetime(_) => "a date",
        Value::Table(_) => "a section",
    }
}

/// Where the syntax breaks, without the offending line itself: it may hold a password.
fn syntax(place: &str, text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("{place}, line {}: {}", before.matches('\n').count() + 1, error.message().replace('\n', " "))
}

/// Edits that turn one text into the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (done, letter) in left.chars().enumerate() {
        let mut last = done + 1;
        let mut next = vec![last];
        for (other, above) in right.iter().zip(row.windows(2)) {
            let &[diagonal, up] = above else { continue };
            last = (diagonal + usize::from(letter != *other)).min(up + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
