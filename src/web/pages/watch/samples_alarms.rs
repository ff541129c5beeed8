//! Alarms on each rung, and how one climbed.

use crate::domain::actor::{Person, Role};
use crate::domain::alarm::{Case, Rung, Terms};
use crate::domain::errand::State;
use crate::domain::ids::{PersonId, RequestId, ZoneId};
use crate::domain::request::Category;
use crate::domain::urgency::Urgency;
use crate::store::views::alarms::{AlarmNote, StepRow};
use crate::web::pages::tests::NOW;

pub(super) fn supervisor() -> Person {
    Person { id: PersonId::mint(), zone: ZoneId::mint(), roles: vec![Role::District] }
}

pub(super) fn terms() -> Terms {
    Terms {
        red_slack_s: 300,
        yellow_slack_s: 900,
        green_slack_s: 1800,
        needed_waiting_s: 900,
        needed_claimed_s: 600,
        needed_collected_s: 300,
        runner_s: 120,
        desk_s: 180,
        supervisor_s: 300,
        street_s: 300,
        acted_s: 300,
        listeners: vec![],
    }
}

fn alarm_note(rung: Rung, left_s: i64, why: Option<&str>, by: Option<&str>) -> AlarmNote {
    let (request, errand) = (State::Waiting, State::Waiting);
    let (deliver_by, waiting_since) = (NOW.plus_seconds(left_s), NOW.plus_seconds(left_s - 1800));
    AlarmNote {
        request: RequestId::mint(),
        zone: ZoneId::mint(),
        zone_code: "MZC".into(),
        zone_name: "民主村社区".into(),
        code: format!("3K7-PA{}", rung.as_str().len()),
        category: Category::Medicine,
        building: "MZC-07".into(),
        case: Case { urgency: Urgency::Red, deliver_by, request, errand, waiting_since },
        rung,
        since: NOW.plus_seconds(-200),
        fired_at: NOW.plus_seconds(-900),
        nobody: by.is_none() && rung == Rung::Runner,
        why: why.map(Into::into),
        acknowledged: by.map(|name| (name.into(), NOW.plus_seconds(-60))),
    }
}

/// Late and at the top; short and somebody has it; a little to spare and nobody there.
pub(super) fn alarm_notes() -> Vec<AlarmNote> {
    vec![
        alarm_note(Rung::District, -420, Some("nobody_on_duty"), None),
        alarm_note(Rung::Supervisor, 500, Some("all_resting"), Some("刘站长")),
        alarm_note(Rung::Runner, 1100, None, None),
    ]
}

pub(super) fn ladder_steps() -> Vec<StepRow> {
    let step = |rung, ago_s: i64, told, by: Option<&str>| StepRow {
        rung,
        due_at: NOW.plus_seconds(-ago_s),
        told_at: NOW.plus_seconds(-ago_s),
        told,
        sent_by: by.map(Into::into),
        acknowledged: by.map(|name| (name.into(), NOW.plus_seconds(20 - ago_s))),
    };
    vec![step(Rung::Runner, 900, 0, None), step(Rung::Desk, 900, 2, None), step(Rung::Street, 300, 1, Some("刘站长"))]
}
