//! At the counter: what one press tells about its shelf, where to go when there is none, and what is brought otherwise
//! than it was asked for.

use crate::domain::clock::At;
use crate::domain::errand::State;
use crate::domain::question::{About, Choice};
use crate::domain::stock::ranking::Standing;
use crate::domain::stock::{Found, ItemKey};
use crate::flow::dispatch::{Counsel, ShopToTry};
use crate::store::views::runner::{ActiveClaim, CarriedItem, Question};
use crate::web::pages::run::cards::{distance, item_title};
use crate::web::pages::shell::Shell;

/// One thing to tell about: whose errand, which of its things, and how it is called.
#[derive(Debug)]
pub(super) struct Shelf {
    pub errand: String,
    pub position: i32,
    pub title: String,
    /// Code of the place it is told of.
    pub place: String,
}

/// A shop to go to instead.
#[derive(Debug)]
pub(super) struct Other {
    pub code: String,
    pub name: String,
    /// "走 350 米 · 20:00 关门 · 10 分前有人买到"
    pub told: String,
    pub phone: Option<String>,
    pub worth: bool,
}

/// What is wrong with the counter, in words: told by another, or by the runner.
pub(super) fn trouble(shell: &Shell, counsel: &Counsel, now: At) -> Option<String> {
    let trouble = counsel.trouble?;
    let id = match (trouble.mine, trouble.found) {
        (true, Found::Shut) => "run-you-shut",
        (true, _) => "run-you-none",
        (false, Found::Shut) => "run-told-shut",
        (false, _) => "run-told-none",
    };
    Some(shell.words.say(id, "span", shell.words.span(now.seconds_since(trouble.at))))
}

/// The other shops, best first; none while nothing is wrong with this one.
pub(super) fn others(shell: &Shell, counsel: &Counsel, now: At) -> Vec<Other> {
    if counsel.trouble.is_none() {
        return Vec::new();
    }
    let other = |shop: &ShopToTry| Other {
        code: shop.code.clone(),
        name: shop.name.clone(),
        told: told(shell, shop, now),
        phone: shop.phone.clone(),
        worth: shop.standing.is_worth_a_walk(),
    };
    counsel.shops.iter().filter(|shop| !shop.here).map(other).collect()
}

fn told(shell: &Shell, shop: &ShopToTry, now: At) -> String {
    let words = shell.words;
    let hour = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let hours = shop.hours.and_then(|hours| match shop.standing {
        Standing::ClosesSoon => Some(words.say("shop-closes", "time", hour(hours.closes_minute))),
        Standing::OpensSoon => Some(words.say("shop-opens", "time", hour(hours.opens_minute))),
        Standing::Shut => Some(words.get("shop-is-shut")),
        Standing::Open | Standing::Empty => None,
    });
    let last = shop.last.map(|last| {
        let span = words.span(now.seconds_since(last.at));
        words.say(&format!("seen-{}", last.found), "span", span)
    });
    let parts = [Some(words.say("shop-way", "far", distance(shell, shop.way_m))), hours, last];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What is to be fetched at one counter, each thing once: of the first errand, then of the others fetched there.
pub(super) fn shelves<'s>(errands: impl Iterator<Item = (&'s ActiveClaim, &'s Counsel)>) -> Vec<Shelf> {
    let (mut known, mut shelves) = (Vec::new(), Vec::new());
    for (stop, counsel) in errands {
        for thing in counsel.things.iter().filter(|thing| thing.named) {
            let key = ItemKey::of(&thing.name, thing.strength.as_deref());
            if known.contains(&key) {
                continue;
            }
            known.push(key);
            let strength = thing.strength.as_deref().map(|strength| format!(" {strength}")).unwrap_or_default();
            let title = format!("{}{strength}", thing.name);
            let (errand, place) = (stop.errand.to_string(), counsel.place.clone());
            shelves.push(Shelf { errand, position: thing.position, title, place });
        }
    }
    shelves
}

/// What can be told about a thing, as buttons.
pub(super) fn answers(shell: &Shell) -> Vec<(&'static str, String)> {
    Found::ALL.iter().map(|found| (found.as_str(), shell.t(&format!("tell-{found}")))).collect()
}

/// One thing of an errand, and how it is told to have been got unless the runner says otherwise.
#[derive(Debug)]
pub(super) struct Line {
    pub position: usize,
    pub title: String,
    /// Value, words, whether it is chosen.
    pub choices: Vec<(&'static str, String, bool)>,
    /// What pressing "got it" tells, where that is not "as asked".
    pub told: Option<String>,
}

/// The things of an errand to be fetched: as asked, or as the question at the counter and its answer have it, so that
/// what was asked about is not told otherwise by mistake.
pub(super) fn lines(shell: &Shell, stop: &ActiveClaim) -> Vec<Line> {
    let line = |(place, item): (usize, &CarriedItem)| {
        let position = place + 1;
        let of_it = |question: &&Question| usize::try_from(question.position) == Ok(position);
        let chosen = stop.questions.iter().rfind(of_it).map_or("as_asked", got);
        let title = item_title(item);
        let choices = ["as_asked", "swap", "none"];
        let choice = |value: &'static str| (value, shell.t(&format!("tick-{value}")), value == chosen);
        let told = || shell.words.say(&format!("got-{chosen}"), "thing", title.clone());
        Line {
            position,
            choices: choices.into_iter().map(choice).collect(),
            told: (chosen != "as_asked").then(told),
            title,
        }
    };
    stop.items.iter().enumerate().map(line).collect()
}

fn got(question: &Question) -> &'static str {
    match (question.answer, question.kind) {
        (Some(Choice::Swap), _) | (None, About::OtherMaker) => "swap",
        (Some(Choice::Drop), _) | (None, About::OutOfStock) => "none",
        (Some(Choice::Wait), _) => "as_asked",
    }
}

/// Something was bought for it at a counter, and this is where it is told.
pub(super) fn may_differ(stop: &ActiveClaim) -> bool {
    stop.state == State::Claimed && stop.ends.leg == 1 && !stop.items.is_empty()
}
