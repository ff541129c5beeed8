//! A busy day, a quiet one, and one request opened.

use super::alarms::{Alarms, AlarmsPage, Ladder, Reader};
use super::due::DueBox;
use super::needs::NeedsBox;
use super::opened::OpenedPage;
use super::page::{Filters, WatchPage};
use super::samples_alarms::{alarm_notes, ladder_steps, supervisor, terms};
use super::samples_opened::{at_gate, delivered, opened, ranked};
use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::follow_up;
use crate::domain::help::{Help, Need};
use crate::domain::ids::{BuildingId, ErrandId, FollowUpId, PersonId, RequestId, ZoneId};
use crate::domain::proof::Proved;
use crate::domain::request::Category;
use crate::domain::seal::Seal;
use crate::domain::urgency::Urgency;
use crate::store::views::alarms::AlarmNote;
use crate::store::views::five::{Five, Late, Standing, Timed, TimedPart};
use crate::store::views::follow_ups::Check;
use crate::store::views::ground::Building;
use crate::store::views::open::Undelivered;
use crate::store::views::supervisor::{Group, OpenAges, Opened, Phase, QueueRow, RunnerRow, Summary};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Counts;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn phase(n: u64, p50: f64, p90: f64) -> Phase {
    let (p50, p90) = ((n > 0).then_some(p50), (n > 0).then_some(p90));
    Phase { n, censored: n / 4, p50, p90, p95: p90, more_than: None, max: p90 }
}

/// Three hours in which too few asked, then a morning rush.
fn hour_of(hour: u64, n: u64) -> Group {
    let n = if hour < 3 { 4 } else { n };
    let known = u32::try_from(hour).map_or(0.0, f64::from);
    let told = |seconds: f64| (n >= 10).then_some(seconds);
    let (p50, p90) = (told(300.0 + 20.0 * known), told(900.0 + 90.0 * known));
    let phase = Phase { n, censored: 0, p50, p90, p95: p90, more_than: (hour == 13).then_some(2106.0), max: p90 };
    Group {
        key: format!("{hour:02}"),
        n,
        to_claim: phase.clone(),
        to_collect: phase.clone(),
        to_deliver: phase.clone(),
        team_to_deliver: phase,
        share_within_target: None,
    }
}

fn block(code: &str, name: &str, (lat, lon): (f64, f64), seal: Seal) -> Building {
    Building {
        id: BuildingId::mint(),
        code: code.into(),
        zone_id: ZoneId::mint(),
        compound: "民主村一期".into(),
        name: name.into(),
        lat,
        lon,
        floors: Some(7),
        lift: Some(false),
        seal,
        sealed_until: None,
        gate_lat: None,
        gate_lon: None,
    }
}

fn blocks() -> Vec<Building> {
    let seals = [Seal::Open, Seal::Sealed, Seal::Open, Seal::Open, Seal::StairsOnly, Seal::Open];
    let at = |place: u32| (29.529 - f64::from(place / 6) * 0.0006, 106.524 + f64::from(place % 6) * 0.0008);
    let each = (1..=24_u32).zip(seals.iter().cycle());
    each.map(|(n, seal)| block(&format!("MZC-{n:02}"), &format!("{n} 号楼"), at(n - 1), *seal)).collect()
}

fn waiting() -> Vec<Undelivered> {
    let one = |building: &str, urgency, state, left_min: i64| Undelivered {
        request: RequestId::mint(),
        state,
        urgency,
        building: building.into(),
        deliver_by: NOW.plus_seconds(left_min * 60),
    };
    vec![
        one("MZC-04", Urgency::Red, State::Waiting, -12),
        one("MZC-20", Urgency::Red, State::Claimed, -4),
        one("MZC-04", Urgency::Red, State::Collected, 23),
        one("MZC-12", Urgency::Yellow, State::Offered, 26),
        one("MZC-02", Urgency::Green, State::Care, 125),
    ]
}

fn check(due_s: i64) -> Check {
    Check {
        id: FollowUpId::mint(),
        request: RequestId::mint(),
        code: "3K7-PAQC".into(),
        kind: follow_up::Kind::Medicine,
        category: Category::Medicine,
        urgency: Urgency::Red,
        care: vec![],
        due_at: NOW.plus_seconds(due_s),
        tries: 1,
        outcome: None,
        delivered_at: None,
        building: "MZC-07".into(),
        building_name: "民主村一期 7 号楼".into(),
        items: "缬沙坦胶囊".into(),
        caller: None,
    }
}

#[expect(clippy::too_many_lines, reason = "a day with every figure there is")]
fn summary(n: u64) -> Summary {
    let all = Group {
        key: "all".into(),
        n,
        to_claim: phase(n, 504.0, 2106.0),
        to_collect: phase(n, 1500.0, 3000.0),
        to_deliver: phase(n, 3120.0, 7080.0),
        team_to_deliver: phase(n, 2900.0, 6000.0),
        share_within_target: (n > 0).then_some(0.951),
    };
    let timed = |p50: f64, p90: f64, (target_p50, target_p90): (i32, i32)| Timed {
        n,
        censored: n / 4,
        p50_s: (n > 0).then_some(p50),
        p90_s: (n > 20).then_some(p90),
        more_than_s: (n > 0 && n <= 20).then_some(p90),
        target_p50_s: (n > 0).then_some(target_p50),
        target_p90_s: (n > 0).then_some(target_p90),
        line: (0..12_u32)
            .map(|part| TimedPart {
                from: NOW.plus_seconds(i64::from(part) * 3600 - 43_200),
                n,
                p50_s: (part != 2).then_some(p50 + 40.0 * f64::from(part % 4)),
                p90_s: (part != 2).then_some(p90 - 90.0 * f64::from(part % 5)),
            })
            .collect(),
    };
    let oldest_s = (n > 0).then_some(2520);
    let line: Vec<(At, u64)> = (0..12).map(|part| (NOW.plus_seconds(-3600), (part * 7 % 5) * n / 56)).collect();
    let five = Five {
        at: NOW,
        from: NOW.plus_seconds(-86_400),
        to: NOW,
        to_claim: timed(504.0, 2106.0, (900, 1800)),
        to_deliver: timed(3120.0, 7080.0, (7200, 14_400)),
        open: Standing { n: n / 3, oldest_s, unclaimed: n / 4, oldest_unclaimed_s: oldest_s, line: line.clone() },
        late: Late { n: n / 20, due: n / 2, share_within_target: (n > 0).then_some(0.951), line },
    };
    Summary {
        zone: ZoneId::mint(),
        at: NOW,
        from: NOW.plus_seconds(-86_400),
        to: NOW,
        submitted: n,
        delivered: n / 2,
        by_state: vec![(State::Waiting, n / 4), (State::Offered, n / 20), (State::Care, n.min(1))],
        open: OpenAges { late: n / 20, oldest_waiting_s: (n > 0).then_some(2520), ..OpenAges::default() },
        five,
        groups: (0..n.min(14)).map(|hour| hour_of(hour, n)).collect(),
        all,
        runners_on_duty: 11,
        runners_free: 2,
        letters_waiting: 3,
        letters_dead: n.min(1),
        proofs: Proved::ALL.iter().map(|kind| (*kind, n)).collect(),
    }
}

pub(in crate::web::pages) fn row(items: &str, state: State, urgency: Urgency, left_min: i64) -> QueueRow {
    let with_runner = matches!(state, State::Claimed | State::Collected | State::Delivered);
    QueueRow {
        request: RequestId::mint(),
        errand: ErrandId::mint(),
        leg: 1,
        errand_state: state,
        code: "3K7-PAQC".into(),
        state,
        category: Category::Medicine,
        urgency,
        urgency_reason: "none_left".into(),
        building: "MZC-04".into(),
        building_name: "民主村一期 4 号楼".into(),
        items: items.into(),
        submitted_at: NOW.plus_seconds(-3000),
        deliver_by: NOW.plus_seconds(left_min * 60),
        runner: with_runner.then(|| (PersonId::mint(), "李明".into())),
        nobody_reason: (state == State::Waiting).then(|| "all_busy".into()),
        care_reason: (state == State::Care).then(|| "out_of_stock".into()),
    }
}

pub(in crate::web::pages) fn with_runner(row: QueueRow) -> QueueRow {
    QueueRow { runner: Some((PersonId::mint(), "李明".into())), ..row }
}

fn queue() -> Vec<QueueRow> {
    vec![
        row("胰岛素 1 支（需冷藏）", State::Waiting, Urgency::Red, -12),
        row("华法林钠片 2 盒", State::Claimed, Urgency::Red, -4),
        row("缬沙坦胶囊 2 盒", State::Collected, Urgency::Red, 23),
        row("奥美拉唑 1 盒", State::Offered, Urgency::Yellow, 26),
        row("二段奶粉 1 罐、纸尿裤 2 包、大米 5 斤", State::Care, Urgency::Yellow, 41),
        row("", State::Waiting, Urgency::Green, 125),
        row("二甲双胍 1 盒", State::Delivered, Urgency::Green, 84),
    ]
}

fn runner(name: &str, on: bool, carrying: u64, offered: u64) -> RunnerRow {
    let seen_at = on.then(|| NOW.plus_seconds(-120));
    RunnerRow {
        id: PersonId::mint(),
        username: name.into(),
        name: name.into(),
        on,
        at: None,
        seen_at,
        carrying,
        offered,
        delivered_today: 5,
    }
}

#[expect(clippy::too_many_lines, reason = "one line for each state of the pages")]
pub fn samples(words: Words) -> Vec<Sample> {
    let runners = [
        runner("李明", true, 3, 0),
        runner("陈晓", true, 0, 1),
        runner("周岚", true, 4, 0),
        runner("吴强", false, 0, 0),
        runner("马丽", true, 5, 0),
    ];
    let watch = |name: &str, n: u64, queue: &[QueueRow], runners: &[RunnerRow], filters: &Filters| {
        let (mut shell, summary) = (shell(words, "/watch"), summary(n));
        shell.counts =
            Counts { queue: Some(n), is_late: n > 10, on_duty: Some(11), due: Some(n / 10), care: Some(n / 20) };
        let (open, blocks) = (if n > 10 { waiting() } else { vec![] }, if n > 0 { blocks() } else { vec![] });
        let calls: Vec<Check> = if n > 10 { vec![check(-600), check(1200)] } else { vec![] };
        let lacking = |need: &Need| Help { need: *need, people: 2, errands: 3, before: NOW.plus_seconds(4200) };
        let lacking: Vec<Help> = Need::ALL.iter().filter(|_| n > 0).map(lacking).collect();
        let notes = if n > 10 { alarm_notes() } else { Vec::new() };
        let (person, terms) = (supervisor(), terms());
        let reader = Reader { person: &person, terms: &terms, now: NOW, back: "/watch" };
        let alarms = Alarms::of(&shell, &notes, &reader).at_most(2);
        let page = WatchPage {
            shell: &shell,
            zone: "民主村社区",
            summary: &summary,
            filters,
            queue,
            runners,
            shown: 5,
            open: &open,
            blocks: &blocks,
            due: DueBox { shell: &shell, counted: (n / 10, n / 5), first: &calls, now: NOW },
            needs: NeedsBox { shell: &shell, needs: &lacking, now: NOW },
            notice: None,
            alarms: &alarms,
        };
        sample(words, name, page.to_string())
    };
    let one = |name: &str, opened: Opened, may_step_in, notice: &str| {
        let steps = ladder_steps();
        let (shell, notice) = (shell(words, "/watch/requests/x"), Notice::from_word(words, notice));
        sample(
            words,
            name,
            OpenedPage {
                shell: &shell,
                opened: &opened,
                runners: &ranked(),
                may_step_in,
                now: NOW,
                notice,
                ladder: &Ladder::of(&shell, if may_step_in { &steps } else { &[] }, NOW),
            }
            .to_string(),
        )
    };
    let ladder = |name: &str, notes: &[AlarmNote], notice: &str| {
        let (shell, person, terms) = (shell(words, "/watch/alarms"), supervisor(), terms());
        let reader = Reader { person: &person, terms: &terms, now: NOW, back: "/watch/alarms" };
        let (alarms, notice) = (Alarms::of(&shell, notes, &reader), Notice::from_word(words, notice));
        sample(words, name, AlarmsPage { shell: &shell, alarms: &alarms, notice }.to_string())
    };
    let filters = Filters { state: Some(State::Care), list: None, urgency: Some(Urgency::Red), q: "7 号\"楼".into() };
    vec![
        watch("watch", 56, &queue(), &runners, &Filters::default()),
        watch("watch-quiet", 0, &[], &[], &Filters::default()),
        watch("watch-filtered", 7, &[], &runners, &filters),
        one("watch-opened", opened(State::Claimed), true, "assigned"),
        one("watch-opened-desk", opened(State::Waiting), false, ""),
        one("watch-opened-waiting", opened(State::Waiting), true, ""),
        ladder("watch-alarms", &alarm_notes(), "acknowledged"),
        ladder("watch-alarms-none", &[], "no_alarm"),
        one("watch-opened-at-gate", at_gate(), true, ""),
        one("watch-opened-delivered", delivered(), true, "vouched"),
    ]
}
