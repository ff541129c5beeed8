//! The list of blocks, the poster of one, and its list of homes. The last two are made for paper.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::text::last_four;
use crate::store::views::ground::Building;
use crate::store::views::homes::HomeCard;
use crate::web::pages::parts;
use crate::web::pages::shell::{Shell, Stamp};

/// Which poster this is: raised when its words or its address change, so that old sheets are found and taken down.
const VERSION: u32 = 1;

/// All blocks of a zone.
#[derive(Debug, Template)]
#[template(path = "posters/list.html")]
pub struct PostersPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub buildings: &'a [Building],
}

/// One sheet of A4.
#[derive(Debug, Template)]
#[template(path = "posters/poster.html")]
pub struct PosterPage<'a> {
    pub shell: &'a Shell,
    pub building: &'a Building,
    /// What the code leads to.
    pub address: &'a str,
}

impl PosterPage<'_> {
    fn qr(&self) -> String {
        parts::qr(self.address)
    }

    /// The address as one may type it.
    fn short(&self) -> &str {
        self.address.split_once("://").map_or(self.address, |(_, rest)| rest)
    }

    fn edition(&self) -> String {
        let values = [("code", self.building.code.as_str().into()), ("version", VERSION.into())];
        self.shell.words.with("poster-edition", &values)
    }
}

/// The homes of a block, floor by floor.
#[derive(Debug, Template)]
#[template(path = "posters/homes.html")]
pub struct HomesPage<'a> {
    pub shell: &'a Shell,
    pub building: &'a Building,
    pub homes: &'a [HomeCard],
    pub now: At,
}

impl HomesPage<'_> {
    /// From the top down, as one walks it; what tells no floor comes last.
    fn floors(&self) -> Vec<(String, Vec<&HomeCard>)> {
        let mut homes: Vec<&HomeCard> = self.homes.iter().collect();
        homes.sort_by(|left, right| (right.floor, &left.room).cmp(&(left.floor, &right.room)));
        let mut floors: Vec<(Option<i32>, Vec<&HomeCard>)> = Vec::new();
        for home in homes {
            match floors.last_mut().filter(|(floor, _)| *floor == home.floor) {
                Some((_, there)) => there.push(home),
                None => floors.push((home.floor, vec![home])),
            }
        }
        let named = |floor: Option<i32>| match floor {
            Some(floor) => self.shell.words.say("poster-floor", "n", floor),
            None => self.shell.t("poster-no-floor"),
        };
        floors.into_iter().map(|(floor, homes)| (named(floor), homes)).collect()
    }

    fn phone(home: &HomeCard) -> String {
        home.phone.as_deref().map(last_four).unwrap_or_default()
    }

    fn care(&self, home: &HomeCard) -> String {
        let words: Vec<String> = home.care.iter().map(|care| self.shell.t(&format!("care-{care}"))).collect();
        words.join(&self.shell.t("list-comma"))
    }

    /// With its date: paper has no today.
    fn printed(&self) -> Stamp {
        self.shell.when(self.now, At::default())
    }
}
