use std::io::Write;

use super::*;

fn with(env: &[(&str, &str)]) -> Result<Settings, Refused> {
    Settings::load(None, env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn with_file(text: &str) -> Result<Settings, Refused> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Settings::load(Some(file.path()), std::iter::empty())
}

fn refusal(result: Result<Settings, Refused>) -> String {
    result.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn the_defaults_are_those_of_the_manual() {
    let settings = with(&[]).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.server.public_url(settings.server.listen), "http://127.0.0.1:8080");
    assert_eq!(settings.server.mode, Mode::Development);
    assert_eq!(settings.database.url.reveal(), "sqlite://data/paotui.db");
    assert_eq!((settings.line.url.reveal(), settings.mail.url.reveal()), ("memory:", "none:"));
    assert!((settings.clock.speed - 1.0).abs() < f64::EPSILON);
    assert_eq!(settings.limits.requests_per_minute, 20);
    assert_eq!(settings.dispatch.claim_seconds, 300);
}

#[test]
fn the_file_overrides_the_defaults_and_the_environment_the_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[dispatch]\nmax_bags = 3\nspeed_mps = 2\n[server]\nname = \"file\"\n").unwrap();
    let env = [("PAOTUI__SERVER__NAME".to_owned(), "env".to_owned()), ("PATH".to_owned(), "/bin".to_owned())];
    let settings = Settings::load(Some(file.path()), env.into_iter()).unwrap();
    assert_eq!((settings.dispatch.max_bags, settings.server.name.as_str()), (3, "env"));
    assert!((settings.dispatch.speed_mps - 2.0).abs() < f64::EPSILON, "a whole number will do for a fraction");
}

#[test]
fn lists_come_comma_separated_from_the_environment() {
    let settings = with(&[("PAOTUI__LIMITS__TRUSTED_PROXIES", "10.0.0.2, ::1")]).unwrap();
    assert_eq!(settings.limits.trusted_proxies, ["10.0.0.2".parse::<IpAddr>().unwrap(), "::1".parse().unwrap()]);
    assert!(with(&[("PAOTUI__LIMITS__TRUSTED_PROXIES", "")]).unwrap().limits.trusted_proxies.is_empty());
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    let told = refusal(with_file("[server]\nlisten_on = \"127.0.0.1:1\"\n[servr]\nname = \"x\"\n"));
    assert!(told.contains("server.listen_on") && told.contains("did you mean server.listen?"), "{told}");
    assert!(told.contains("servr.name") && told.contains("server.name"), "{told}");
    let told = refusal(with(&[("PAOTUI__LINE__ULR", "memory:"), ("PAOTUI__LISTEN", "x")]));
    assert!(
        told.contains("line.ulr") && told.contains("PAOTUI__LINE__ULR") && told.contains("PAOTUI__LISTEN"),
        "{told}"
    );
    assert!(refusal(with_file("listen = \"127.0.0.1:1\"\n")).contains("outside a section"));
}

#[test]
fn every_impossible_value_is_refused_by_its_key() {
    for (key, wrong) in [
        ("SERVER__LISTEN", "localhost"),
        ("SERVER__PUBLIC_URL", "paotui.example.org"),
        ("SERVER__PUBLIC_URL", "https://paotui.example.org/"),
        ("SERVER__MODE", "prod"),
        ("SERVER__NAME", " "),
        ("SERVER__TIME_ZONE", "Asia/Chongking2"),
        ("SERVER__SECRET", "short"),
        ("ALARMS__DESK_SECONDS", "0"),
        ("ALARMS__RED_SLACK_SECONDS", "-1"),
        ("DATABASE__URL", "mysql://x"),
        ("DATABASE__URL", "sqlite:"),
        ("DATABASE__URL", ""),
        ("LINE__URL", "localhost:6379"),
        ("LINE__PREFIX", "a b"),
        ("MAIL__URL", "imap://x"),
        ("MAIL__FROM", "nobody"),
        ("MAIL__TIMEOUT_SECONDS", "0"),
        ("CLOCK__SPEED", "0"),
        ("CLOCK__SPEED", "NaN"),
        ("CLOCK__SPEED", "fast"),
        ("LIMITS__REQUESTS_PER_MINUTE", "-1"),
        ("LIMITS__TRUSTED_PROXIES", "proxy"),
        ("DISPATCH__OFFER_SECONDS", "1"),
        ("DISPATCH__CLAIM_SECONDS", "3.5"),
        ("DISPATCH__QUIET_SECONDS", "-3"),
        ("DISPATCH__MAX_BAGS", "0"),
        ("DISPATCH__SPEED_MPS", "0"),
        ("DISPATCH__ROAD_FACTOR", "0.5"),
        ("DISPATCH__POSITION_STALE_SECONDS", "99999999999999999999"),
        ("FOLLOW_UP__CONFIRM_HOURS", "0"),
        ("LOG__FORMAT", "xml"),
        ("LOG__FILTER", "info,=="),
    ] {
        let told = refusal(with(&[(&format!("PAOTUI__{key}"), wrong)]));
        let name = key.to_ascii_lowercase().replace("__", ".");
        assert!(told.contains(&name), "{key}={wrong}: {told}");
        assert!(!told.contains('\n'), "{key}: one line, not {told}");
    }
}

#[test]
fn production_wants_a_secret_and_the_clock_on_the_wall() {
    let production = ("PAOTUI__SERVER__MODE", "production");
    let told = refusal(with(&[production, ("PAOTUI__CLOCK__SPEED", "60")]));
    assert!(told.contains("server.secret") && told.contains("clock.speed"), "{told}");
    let secret = ("PAOTUI__SERVER__SECRET", "0123456789abcdef0123456789abcdef");
    assert_eq!(with(&[production, secret]).unwrap().secret().unwrap().reveal(), secret.1);
}

#[test]
fn a_secret_may_lie_in_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"0123456789abcdef0123456789abcdef\n").unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let settings = with(&[("PAOTUI__SERVER__SECRET_FILE", &path)]).unwrap();
    assert_eq!(settings.secret().unwrap().reveal().len(), 32);
    let settings = with(&[("PAOTUI__SERVER__SECRET_FILE", "/nowhere/key")]).unwrap();
    assert!(settings.secret().unwrap_err().to_string().contains("/nowhere/key"));
}

#[test]
fn secrets_and_passwords_do_not_show() {
    let settings = with(&[
        ("PAOTUI__SERVER__SECRET", "canary-0123456789abcdef0123456789abcdef"),
        ("PAOTUI__DATABASE__URL", "postgres://user:canary@p/ss@db:5432/paotui?password=canary"),
        ("PAOTUI__LINE__URL", "redis+cluster://:canary@one:1,:canary@two:2"),
        ("PAOTUI__MAIL__URL", "smtp://user:canary@mail:587"),
    ])
    .unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("db:5432/paotui") && shown.contains("mail:587"), "the host still shows: {shown}");
    let told = refusal(with(&[("PAOTUI__DATABASE__URL", "postgre://user:canary@db/paotui")]));
    assert!(!told.contains("canary"), "{told}");
}

#[test]
fn a_broken_file_is_named_with_its_line_and_without_its_text() {
    let told = refusal(with_file("[mail]\nurl = \"smtp://user:canary@mail\nfrom = 3\n"));
    assert!(told.contains("line 2") && !told.contains("canary"), "{told}");
    let told = refusal(Settings::load(Some(Path::new("/nowhere/paotui.toml")), std::iter::empty()));
    assert!(told.contains("/nowhere/paotui.toml"), "{told}");
}

#[test]
fn the_example_for_production_starts_once_it_has_a_secret() {
    let secret = ("PAOTUI__SERVER__SECRET".to_owned(), "0123456789abcdef0123456789abcdef".to_owned());
    let settings = Settings::load(Some(Path::new("config/production.toml")), std::iter::once(secret)).unwrap();
    assert!(settings.server.is_production());
}

#[test]
fn every_key_of_the_manual_is_explained() {
    let manual = include_str!("../../config/default.toml");
    let lines: Vec<&str> = manual.lines().collect();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(" = ") && !line.starts_with('#')) {
        assert!(lines[place - 1].starts_with('#'), "a comment must stand above: {line}");
    }
}

fn hook(lines: &str) -> Result<Settings, Refused> {
    with_file(&format!("[alarms]\ndesk_seconds = 60\n[[alarms.webhooks]]\n{lines}\n"))
}

#[test]
fn webhooks_come_from_a_file_and_are_named() {
    let settings =
        hook("name = \"district\"\nurl = \"https://x.example/h\"\nformat = \"paotui\"\nsecret = \"0123456789abcdef\"\nrungs = [\"street\"]")
            .unwrap();
    let hook = settings.alarms.webhooks.first().unwrap();
    assert_eq!((hook.name.as_str(), hook.rungs.as_slice()), ("district", ["street".to_owned()].as_slice()));
    assert!(with(&[]).unwrap().alarms.webhooks.is_empty());
}

#[test]
fn what_no_webhook_may_be_is_refused_without_telling_its_secret() {
    for (lines, wanted) in [
        ("name = \"a b\"\nurl = \"https://x.example\"\nformat = \"wecom\"", "is no name"),
        ("name = \"a\"\nurl = \"ftp://x.example/s3cr3t\"\nformat = \"wecom\"", "must be https://"),
        ("name = \"a\"\nurl = \"https://\"\nformat = \"wecom\"", "must be https://"),
        ("name = \"a\"\nurl = \"https://x.example\"\nformat = \"paotui\"\nsecret = \"s3cr3t\"", "at least 16"),
        ("name = \"a\"\nurl = \"https://x.example\"\nformat = \"wecom\"\nrungs = [\"moon\"]", "rungs of 'a'"),
        ("name = \"a\"\nurl = \"https://x.example\"\nformat = \"wecom\"\nkey = \"s3cr3t\"", "unknown field"),
        ("name = \"a\"\nurl = \"https://x.example\"\nformat = \"fax\"", "alarms.webhooks"),
    ] {
        let told = refusal(hook(lines));
        assert!(told.contains(wanted) && !told.contains("s3cr3t"), "{told}");
    }
    let twice = "name = \"a\"\nurl = \"https://x.example\"\nformat = \"wecom\"";
    assert!(refusal(hook(&format!("{twice}\n[[alarms.webhooks]]\n{twice}"))).contains("two of the name"));
    let told = refusal(with(&[("PAOTUI__ALARMS__WEBHOOKS", "https://x.example/s3cr3t")]));
    assert!(told.contains("[[alarms.webhooks]]") && !told.contains("s3cr3t"), "{told}");
    let production =
        [("PAOTUI__SERVER__MODE", "production"), ("PAOTUI__SERVER__SECRET", "0123456789abcdef0123456789abcdef")];
    assert!(with(&production).is_ok());
}
