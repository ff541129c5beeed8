//! What no setting may be: one reason each, naming the key and how to mend it.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::{Settings, Url, key};

pub(super) fn impossible(settings: &Settings) -> Vec<String> {
    let mut found = Reasons(Vec::new());
    server(settings, &mut found);
    urls(settings, &mut found);
    numbers(settings, &mut found);
    super::alarms::impossible(settings, &mut found);
    words(settings, &mut found);
    found.0
}

pub(super) struct Reasons(Vec<String>);

impl Reasons {
    pub fn unless(&mut self, possible: bool, reason: impl Into<String>) {
        if !possible {
            self.0.push(reason.into());
        }
    }

    pub fn between<T: PartialOrd + Display>(&mut self, key: &str, value: &T, range: &RangeInclusive<T>) {
        let (least, most) = (range.start(), range.end());
        self.unless(range.contains(value), format!("{key} is {value}: it must be from {least} to {most}"));
    }
}

fn server(settings: &Settings, found: &mut Reasons) {
    let server = &settings.server;
    let url = server.public_url.as_str();
    let bare = ["http://", "https://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    found.unless(
        url.is_empty() || bare.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' '])),
        "server.public_url must be http:// or https:// and a host, without a path or a slash at the end, \
         such as https://paotui.example.org",
    );
    let zone = server.time_zone.as_str();
    found.unless(
        jiff::tz::TimeZone::get(zone).is_ok(),
        format!("server.time_zone: '{zone}' is no time zone; write an IANA name such as Asia/Shanghai"),
    );
    let blank = !server.name.is_empty() && server.name.trim().is_empty();
    found.unless(!blank, "server.name is blank: give the service a name to show, or leave it empty for ours");
    secret(settings, found);
}

fn secret(settings: &Settings, found: &mut Reasons) {
    let server = &settings.server;
    let (given, in_file) = (!server.secret.is_empty(), !server.secret_file.is_empty());
    found.unless(!(given && in_file), "server.secret and server.secret_file are both set: keep one of them");
    found.unless(!key::is_too_short(&server.secret), key::TOO_SHORT);
    found.unless(given || in_file || !server.is_production(), key::NONE_IN_PRODUCTION);
    let speed = settings.clock.speed;
    found.unless(
        speed <= 1.0 || !server.is_production(),
        format!(
            "clock.speed is {speed}: in production time may not run faster than 1; remove it or leave production mode"
        ),
    );
}

fn urls(settings: &Settings, found: &mut Reasons) {
    let host = |url: &Url, schemes: &[&str]| schemes.contains(&url.scheme()) && !url.rest().is_empty();
    let database = &settings.database.url;
    found.unless(
        host(database, &["sqlite", "postgres", "postgresql"]) && database.reveal().contains("://"),
        format!("database.url is '{database}': write sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"),
    );
    let line = &settings.line.url;
    found.unless(
        line.reveal() == "memory:" || host(line, &["redis", "rediss", "redis+cluster", "rediss+cluster"]),
        format!("line.url is '{line}': write memory: or redis://HOST:6379/0, rediss://… or redis+cluster://HOST:PORT,HOST:PORT"),
    );
    let mail = &settings.mail.url;
    found.unless(
        mail.reveal() == "none:" || host(mail, &["smtp", "smtps", "dir"]),
        format!("mail.url is '{mail}': write none:, smtps://USER:PASSWORD@HOST:465, smtp://USER:PASSWORD@HOST:587?tls=required or dir:PATH"),
    );
}

fn numbers(settings: &Settings, found: &mut Reasons) {
    const DAY: i64 = 86_400;
    let dispatch = &settings.dispatch;
    found.between("clock.speed", &settings.clock.speed, &(0.1..=1000.0));
    found.between("mail.timeout_seconds", &settings.mail.timeout_seconds, &(1..=300));
    found.between("limits.requests_per_minute", &settings.limits.requests_per_minute, &(0..=1_000_000));
    found.between("limits.sign_ins_per_minute", &settings.limits.sign_ins_per_minute, &(0..=1_000_000));
    found.between("dispatch.offer_seconds", &dispatch.offer_seconds, &(5..=3600));
    found.between("dispatch.red_offer_seconds", &dispatch.red_offer_seconds, &(5..=3600));
    found.between("dispatch.wave_seconds", &dispatch.wave_seconds, &(5..=3600));
    found.between("dispatch.claim_seconds", &dispatch.claim_seconds, &(30..=DAY));
    found.between("dispatch.quiet_seconds", &dispatch.quiet_seconds, &(0..=DAY));
    found.between("dispatch.max_bags", &dispatch.max_bags, &(1..=50));
    found.between("dispatch.max_errands", &dispatch.max_errands, &(1..=100));
    found.between("dispatch.cart_bags", &dispatch.cart_bags, &(1..=50));
    for (key, seconds) in [
        ("dispatch.counter_seconds", dispatch.counter_seconds),
        ("dispatch.counter_more_seconds", dispatch.counter_more_seconds),
        ("dispatch.door_seconds", dispatch.door_seconds),
        ("dispatch.door_more_seconds", dispatch.door_more_seconds),
        ("dispatch.gate_seconds", dispatch.gate_seconds),
    ] {
        found.between(key, &seconds, &(0.0..=3600.0));
    }
    found.between("dispatch.speed_mps", &dispatch.speed_mps, &(0.1..=40.0));
    found.between("dispatch.road_factor", &dispatch.road_factor, &(1.0..=10.0));
    found.between("dispatch.position_stale_seconds", &dispatch.position_stale_seconds, &(30..=DAY));
}

fn words(settings: &Settings, found: &mut Reasons) {
    let prefix = settings.line.prefix.as_str();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    found.unless(
        (1..=40).contains(&prefix.len()) && prefix.chars().all(plain),
        format!("line.prefix is '{prefix}': use 1 to 40 letters, digits, '-', '_' or '.'"),
    );
    let from = settings.mail.from.as_str();
    let address = from.rsplit_once('<').map_or(from, |(_, rest)| rest.trim_end().trim_end_matches('>'));
    let parts = address.trim().split_once('@');
    found.unless(
        parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !address.trim().contains(' ')),
        format!("mail.from is '{from}': write an address, or a name and an address such as 跑腿 <paotui@example.org>"),
    );
    let filter = settings.log.filter.as_str();
    found.unless(
        tracing_subscriber::EnvFilter::builder().parse(filter).is_ok(),
        format!("log.filter: '{filter}' is no filter; write a level such as info, or info,paotui::flow=debug"),
    );
}
