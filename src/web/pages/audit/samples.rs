//! A day's doings, and a filter that finds nothing.

use super::page::AuditPage;
use crate::domain::ids::EventId;
use crate::store::views::audit::AuditRow;
use crate::web::api::AuditParams;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn row(ago_s: i64, who: &str, what: &str, (request, why): (Option<&str>, Option<&str>)) -> AuditRow {
    AuditRow {
        id: EventId::mint(),
        at: NOW.plus_seconds(-ago_s),
        who: who.into(),
        what: what.into(),
        request: request.map(Into::into),
        why: why.map(Into::into),
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |name: &str, rows: &[AuditRow], (asked, wrong): (&AuditParams, bool)| {
        let shell = shell(words, "/admin/audit");
        let (zone, code, more) = ("民主村社区", "MZC", !rows.is_empty());
        let page = AuditPage { shell: &shell, zone, code, asked, rows, more, wrong, now: NOW };
        sample(words, name, page.to_string())
    };
    let rows = [
        row(30, "desk1", "looked_request", (Some("3K7-PAQC"), Some("care"))),
        row(60, "sup", "release", (Some("3K7-PAQC"), Some("other"))),
        row(90, "desk1", "looked_home", (None, Some("silent"))),
        row(95, "sup", "looked_volunteer", (None, Some("list"))),
        row(400, "sup", "dials", (None, None)),
        row(900, "r101", "collect", (Some("2M4-QHXA"), None)),
    ];
    let typed = AuditParams { who: Some("nobody".into()), from: Some("gestern".into()), ..AuditParams::default() };
    vec![page("audit", &rows, (&AuditParams::default(), false)), page("audit-none", &[], (&typed, true))]
}
