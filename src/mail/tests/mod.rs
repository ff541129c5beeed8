//! Letters read in every language, and sent by every transport.

mod sink;

use super::letters::{self, Letter};
use super::*;
use crate::words::Lang;
use sink::{Manner, sink};

const FROM: &str = "Paotui <paotui@paotui.example>";

fn envelope() -> Envelope {
    let letter = letters::DeliveredLetter {
        lang: Lang::ZhCn,
        code: "3K7-PAQC".into(),
        link: "https://x.example/r/t".into(),
        asks: true,
    };
    letter.envelope("0190-letter", "wang@home.example").unwrap()
}

#[test]
fn every_letter_reads_well_in_every_language() {
    for lang in Lang::ALL {
        for (name, letter) in letters::samples(*lang) {
            let envelope = letter.envelope("id", "a@b.example").unwrap();
            for text in [&envelope.subject, &envelope.text, &envelope.html] {
                let hole =
                    text.match_indices('[').any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
                assert!(
                    !hole && !text.contains("{$") && !text.contains('\u{2068}') && !text.is_empty(),
                    "{name} {}: {text}",
                    lang.as_str()
                );
            }
            assert!(!envelope.subject.contains('\n') && envelope.html.contains(&format!("lang=\"{}\"", lang.as_str())));
            assert!(
                envelope.text.contains("https://paotui.example/")
                    && envelope.html.contains("href=\"https://paotui.example/")
            );
        }
    }
}

#[test]
fn an_offer_letter_has_no_place_for_a_resident() {
    // Naming every field: one more would stop this from compiling, and make somebody think.
    let letters::OfferLetter { lang: _, runner: _, category: _, urgency: _, block: _, lapses_in_minutes: _, link: _ } =
        letters::OfferLetter {
            lang: Lang::En,
            runner: "<b>Wei</b>".into(),
            category: crate::domain::request::Category::Food,
            urgency: crate::domain::urgency::Urgency::Green,
            block: "7".into(),
            lapses_in_minutes: 2,
            link: "https://paotui.example/run".into(),
        };
}

#[test]
fn what_people_typed_is_escaped_in_html() {
    let mut letter = letters::DeliveredLetter {
        lang: Lang::En,
        code: "<script>".into(),
        link: "https://x.example".into(),
        asks: true,
    };
    assert!(!letter.envelope("id", "a@b.example").unwrap().html.contains("<script>"));
    letter.code = "A\r\nBcc: all@x.example".into();
    let (mailer, _) = Mailer::memory(FROM).unwrap();
    let refused = mailer.message(&letter.envelope("id", "a@b.example").unwrap());
    assert!(matches!(refused, Err(MailError::ControlCharacter)));
}

#[test]
fn settings_are_understood_or_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = format!("dir:{}/letters", folder.path().display());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _inside = runtime.enter();
    for (url, kind) in [
        ("none:", "none"),
        (path.as_str(), "folder"),
        ("smtp://127.0.0.1:1025", "smtp"),
        ("smtp://user:secret@mail.example?tls=required", "smtp"),
        ("smtps://user:secret@mail.example", "smtp"),
    ] {
        assert_eq!(open(url, FROM).map(|mailer| mailer.kind()).ok(), Some(kind), "{url}");
    }
    for url in ["", "pigeon://x", "smtp://user:secret@mail.example", "dir:", "smtp://mail.example?tls=maybe", "smtp://"]
    {
        let error = open(url, FROM).err().unwrap_or_else(|| panic!("{url} was taken"));
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert!(matches!(open("none:", "not an address"), Err(MailError::From)));
}

#[tokio::test]
async fn a_folder_gets_one_file_a_letter_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = open(&format!("dir:{}", folder.path().display()), FROM).unwrap();
    mailer.check().await.unwrap();
    for _ in 0..2 {
        assert_eq!(mailer.send(&envelope()).await.unwrap(), Sent::Accepted);
    }
    let escaping = Envelope { message_id: "../../etc/x".into(), ..envelope() };
    mailer.send(&escaping).await.unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["0190-letter.eml", "______etc_x.eml"]);
    let letter = std::fs::read_to_string(folder.path().join("0190-letter.eml")).unwrap();
    assert!(letter.contains("Message-ID: <0190-letter@paotui.example>"), "{letter}");
}

#[tokio::test]
async fn memory_keeps_and_none_lets_go() {
    let (mailer, held) = Mailer::memory(FROM).unwrap();
    assert_eq!(mailer.send(&envelope()).await.unwrap(), Sent::Accepted);
    assert_eq!(*held.lock().unwrap(), vec![envelope()]);
    let none = open("none:", FROM).unwrap();
    assert_eq!(none.send(&envelope()).await.unwrap(), Sent::Dropped);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_for_good() {
    let (mailer, held) = Mailer::memory(FROM).unwrap();
    for to in ["", "wang", "wang@", "a@b.example, c@d.example", "Wang <a@b.example>", "a@b.example\r\nBcc: x@y.example"]
    {
        let refused = mailer.send(&Envelope { to: to.into(), ..envelope() }).await.unwrap_err();
        assert!(refused.is_permanent(), "{to:?}: {refused}");
    }
    assert!(held.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_takes_a_letter_with_its_own_id() {
    let (url, heard) = sink(Manner::Take).await;
    let mailer = open(&url, FROM).unwrap();
    mailer.check().await.unwrap();
    assert_eq!(mailer.send(&envelope()).await.unwrap(), Sent::Accepted);
    let heard = heard.lock().unwrap().clone();
    assert!(
        heard.contains("RCPT TO:<wang@home.example>") && heard.contains("Message-ID: <0190-letter@paotui.example>"),
        "{heard}"
    );
}

#[tokio::test]
async fn not_now_and_never_are_told_apart() {
    for (answer, permanent) in [("451 try later", false), ("550 no such user", true), ("535 who are you", false)] {
        let (url, _) = sink(Manner::Say(answer)).await;
        let refused = open(&url, FROM).unwrap().send(&envelope()).await.unwrap_err();
        assert_eq!(refused.is_permanent(), permanent, "{answer}: {refused}");
        assert!(!refused.to_string().contains("wang"), "{refused}");
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_holds_nobody_for_ever() {
    let (url, _) = sink(Manner::FallSilent).await;
    let mailer = open(&url, FROM).unwrap().with_timeout(Duration::from_millis(200));
    let waited = tokio::time::timeout(Duration::from_secs(5), mailer.send(&envelope())).await.unwrap();
    assert!(matches!(waited, Err(MailError::TimedOut)));
}

#[tokio::test]
async fn a_server_that_is_not_there_may_be_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = listener.local_addr().unwrap();
    drop(listener);
    let refused = open(&format!("smtp://{gone}"), FROM).unwrap().send(&envelope()).await.unwrap_err();
    assert!(!refused.is_permanent(), "{refused}");
}
