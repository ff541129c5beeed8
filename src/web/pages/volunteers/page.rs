//! `/watch/volunteers`: who waits, which runners there are, and a link that was just made.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::text::digits_of;
use crate::domain::volunteer::WhyNot;
use crate::store::views::volunteers::{KnownAs, Runner, Waiting};
use crate::web::pages::notice::Notice;
use crate::web::pages::parts;
use crate::web::pages::shell::{Shell, Stamp};

/// See the module.
#[derive(Debug, Template)]
#[template(path = "volunteers/page.html")]
pub struct VolunteersPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    /// Its code, when it is another than the reader's own.
    pub elsewhere: Option<&'a str>,
    pub waiting: &'a [Waiting],
    /// How many wait altogether.
    pub count: i64,
    /// The first of those that fit what was looked for.
    pub runners: &'a [&'a Runner],
    /// How many fit.
    pub fitting: usize,
    /// What was looked for.
    pub q: &'a str,
    pub now: At,
    pub notice: Option<Notice>,
}

impl VolunteersPage<'_> {
    fn count(&self) -> String {
        self.shell.words.say("volunteers-count", "n", self.count)
    }

    fn shown(&self) -> String {
        let values = [("n", self.runners.len().into()), ("of", self.fitting.into())];
        self.shell.words.with("volunteers-shown", &values)
    }

    /// More wait than are shown: the address of the rest.
    fn rest(&self) -> Option<String> {
        let shown = i64::try_from(self.waiting.len()).unwrap_or(i64::MAX);
        let last = self.waiting.last().filter(|_| shown < self.count)?;
        let zone = self.elsewhere.map(|code| ("zone", code.to_owned()));
        let pairs: Vec<_> = zone.into_iter().chain([("after", last.id.to_string())]).collect();
        Some(format!("/watch/volunteers?{}", serde_urlencoded::to_string(pairs).unwrap_or_default()))
    }

    fn home(waiting: &Waiting) -> Option<String> {
        waiting.building.as_ref().map(|(code, compound, name)| format!("{compound} {name} ({code})"))
    }

    fn skills(&self, waiting: &Waiting) -> Option<String> {
        let words: Vec<String> = waiting.skills.iter().map(|skill| self.shell.t(&format!("skill-{skill}"))).collect();
        Some(words.join(&self.shell.t("list-comma"))).filter(|text| !text.is_empty())
    }

    fn dial(waiting: &Waiting) -> String {
        digits_of(&waiting.phone)
    }

    /// Where the telephone is known already: to be read before approving.
    fn known(&self, waiting: &Waiting) -> Vec<String> {
        waiting.known.iter().map(|known| self.known_as(known)).collect()
    }

    fn known_as(&self, known: &KnownAs) -> String {
        let words = self.shell.words;
        match known {
            KnownAs::Account { username, closed: false } => words.say("volunteers-known", "name", username.as_str()),
            KnownAs::Account { username, closed: true } => words.say("volunteers-closed", "name", username.as_str()),
            KnownAs::Elsewhere => words.get("volunteers-elsewhere"),
            KnownAs::OfferedTwice => words.get("volunteers-twice"),
            KnownAs::Declined(why) => {
                let why = words.find(&format!("why-not-{why}")).unwrap_or_default();
                words.say("volunteers-declined", "why", why)
            }
        }
    }

    fn reasons(&self) -> Vec<(&'static str, String)> {
        WhyNot::ALL.iter().map(|why| (why.as_str(), self.shell.t(&format!("why-not-{why}")))).collect()
    }

    fn since(&self, waiting: &Waiting) -> Stamp {
        self.shell.when(waiting.made_at, self.now)
    }

    /// What is known of a runner's ways in.
    fn ways(&self, runner: &Runner) -> String {
        let at = |id: &str, at: At| self.shell.words.say(id, "time", self.shell.when(at, self.now).text);
        match (runner.link_until, runner.link_used_at) {
            (Some(until), _) => at("volunteers-link-until", until),
            (None, Some(used)) => at("volunteers-link-used", used),
            (None, None) if runner.has_password => self.shell.t("volunteers-has-password"),
            (None, None) => self.shell.t("volunteers-no-password"),
        }
    }
}

/// A link that was just made: to copy, to scan. It is shown this one time.
#[derive(Template)]
#[template(path = "volunteers/link.html")]
pub struct LinkPage<'a> {
    pub shell: &'a Shell,
    pub name: &'a str,
    pub username: &'a str,
    pub url: &'a str,
    pub expires_at: At,
    pub by_letter: bool,
    pub elsewhere: Option<&'a str>,
    pub now: At,
}

impl LinkPage<'_> {
    fn qr(&self) -> String {
        parts::qr(self.url)
    }

    fn until(&self) -> String {
        self.shell.words.say("link-until", "time", self.shell.when(self.expires_at, self.now).text)
    }
}
