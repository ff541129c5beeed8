//! `/watch/targets`: what a zone wants to reach, as it stands and as it was.

use std::collections::BTreeMap;

use askama::Template;

use crate::domain::clock::At;
use crate::domain::target::Target;
use crate::domain::urgency::Urgency;
use crate::store::views::targets::{Changed, Shown};
use crate::web::fault::FieldError;
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::{Shell, Stamp};

/// What was typed, by field; it is shown again when something of it cannot be.
pub type Typed = BTreeMap<String, String>;

#[derive(Debug, Template)]
#[template(path = "targets/page.html")]
pub struct TargetsPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    /// Its code, when it is another zone than the reader's own.
    pub elsewhere: Option<&'a str>,
    pub shown: &'a Shown,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    pub now: At,
    pub notice: Option<Notice>,
}

/// One urgency of the form.
#[derive(Debug)]
struct Row {
    name: String,
    fields: Vec<Field>,
    since: Option<Stamp>,
}

#[derive(Debug)]
struct Field {
    name: String,
    label: String,
    value: String,
    wrong: Option<String>,
}

/// The name of a field, and the one the API calls it by.
pub(super) fn fields_of(urgency: Urgency) -> [(String, String); 2] {
    ["claim", "deliver"].map(|what| (format!("{urgency}_{what}_min"), format!("{urgency}.{what}_s")))
}

impl TargetsPage<'_> {
    fn rows(&self) -> Vec<Row> {
        let row = |(urgency, target, since): &(Urgency, Target, Option<At>)| Row {
            name: self.shell.t(&format!("urgency-{urgency}")),
            fields: self.fields(*urgency, *target),
            since: since.map(|since| self.shell.when(since, self.now)),
        };
        self.shown.now.iter().map(row).collect()
    }

    fn fields(&self, urgency: Urgency, target: Target) -> Vec<Field> {
        let standing = [(target.claim_s, "targets-claim"), (target.deliver_s, "targets-deliver")];
        let field = |((name, called), (seconds, label)): ((String, String), (i32, &str))| Field {
            value: self.typed.get(&name).cloned().unwrap_or_else(|| minutes(seconds)),
            wrong: self.errors.iter().find(|error| error.field == called).map(|_| self.shell.t("targets-wrong")),
            label: self.shell.t(label),
            name,
        };
        fields_of(urgency).into_iter().zip(standing).map(field).collect()
    }

    fn told(&self, changed: &Changed) -> String {
        let (claim, deliver) = (minutes(changed.target.claim_s), minutes(changed.target.deliver_s));
        self.shell.words.with("targets-told", &[("claim", claim.into()), ("deliver", deliver.into())])
    }

    fn since(&self, changed: &Changed) -> Stamp {
        self.shell.when(changed.valid_from, self.now)
    }

    fn urgency(&self, changed: &Changed) -> String {
        self.shell.t(&format!("urgency-{}", changed.urgency))
    }
}

/// "5", or "1.5" where somebody set seconds by the API.
fn minutes(seconds: i32) -> String {
    (f64::from(seconds) / 60.0).to_string()
}
