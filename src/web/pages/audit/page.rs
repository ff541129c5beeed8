//! The list, latest first, and the filter it was asked with.

use askama::Template;

use crate::domain::clock::At;
use crate::store::views::audit::AuditRow;
use crate::web::api::AuditParams;
use crate::web::pages::shell::{Shell, Stamp};

#[derive(Debug, Template)]
#[template(path = "audit/page.html")]
pub struct AuditPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub code: &'a str,
    /// As it was typed.
    pub asked: &'a AuditParams,
    pub rows: &'a [AuditRow],
    /// There are older ones.
    pub more: bool,
    /// A time that was typed cannot be read.
    pub wrong: bool,
    pub now: At,
}

impl AuditPage<'_> {
    fn who(&self) -> &str {
        self.asked.who.as_deref().unwrap_or_default()
    }

    fn request(&self) -> &str {
        self.asked.request.as_deref().unwrap_or_default()
    }

    fn from(&self) -> &str {
        self.asked.from.as_deref().unwrap_or_default()
    }

    fn to(&self) -> &str {
        self.asked.to.as_deref().unwrap_or_default()
    }

    fn at(&self, row: &AuditRow) -> Stamp {
        self.shell.when(row.at, self.now)
    }

    /// In words, where there are any.
    fn what(&self, row: &AuditRow) -> String {
        let ids = [format!("audit-{}", row.what), format!("event-{}", row.what)];
        ids.iter().find_map(|id| self.shell.words.find(id)).unwrap_or_else(|| row.what.clone())
    }

    fn why(&self, row: &AuditRow) -> String {
        let Some(why) = &row.why else { return String::new() };
        let kinds = ["care-reason", "decline", "nobody-reason", "choice"];
        let known = kinds.iter().find_map(|kind| self.shell.words.find(&format!("{kind}-{why}")));
        known.unwrap_or_else(|| why.clone())
    }

    fn query(&self, after: Option<String>) -> String {
        let kept = [
            ("zone", self.code),
            ("who", self.who()),
            ("request", self.request()),
            ("from", self.from()),
            ("to", self.to()),
        ];
        let mut pairs: Vec<(&str, String)> =
            kept.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (*name, (*text).to_owned())).collect();
        pairs.extend(after.map(|after| ("after", after)));
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    fn older(&self) -> Option<String> {
        let last = self.rows.last().filter(|_| self.more)?;
        Some(format!("/admin/audit?{}", self.query(Some(last.id.to_string()))))
    }

    fn csv(&self) -> String {
        format!("/api/v1/admin/audit.csv?{}", self.query(None))
    }
}
