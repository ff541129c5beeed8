//! `/desk/stock`: which shops to telephone, so that nobody walks in vain; `/shop/{token}`: the same, asked of the shop
//! itself. Neither shows anything of a resident.

use askama::Template;

use super::question::{Asking, answers};
use crate::domain::clock::At;
use crate::store::views::stock::{AskedShop, Shop};
use crate::web::pages::notice::Notice;
use crate::web::pages::shell::Shell;

/// What the desk asks.
#[derive(Debug, Template)]
#[template(path = "stock/desk.html")]
pub struct DeskPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    /// Its code, when it is another than the reader's own: answers lead back to it.
    pub elsewhere: Option<&'a str>,
    /// Each with the address of its own page.
    pub shops: &'a [(AskedShop, String)],
    pub now: At,
    pub notice: Option<Notice>,
}

impl DeskPage<'_> {
    fn asked(&self) -> Vec<(&Shop, Vec<Asking>)> {
        let shops = self.shops.iter().filter(|(asked, _)| !asked.questions.is_empty());
        let asking = |asked: &AskedShop| {
            asked.questions.iter().map(|question| Asking::of(self.shell, question, self.now)).collect()
        };
        shops.map(|(asked, _)| (&asked.shop, asking(asked))).collect()
    }

    fn count(&self) -> String {
        let questions: usize = self.shops.iter().map(|(asked, _)| asked.questions.len()).sum();
        let shops = self.shops.iter().filter(|(asked, _)| !asked.questions.is_empty()).count();
        self.shell.words.with("stock-count", &[("n", questions.into()), ("shops", shops.into())])
    }

    fn answers(&self) -> Vec<(&'static str, String)> {
        answers(self.shell)
    }

    /// Colour and words of whether one would be served there now.
    fn door(&self, shop: &Shop) -> (&'static str, String) {
        match (shop.seems_shut, shop.open) {
            (true, _) => ("tag-yellow", self.shell.t("stock-seems-shut")),
            (false, true) => ("tag-open", self.shell.t("stock-open")),
            (false, false) => ("tag-plain", self.shell.t("stock-closed")),
        }
    }
}

/// What one shop is asked, without signing in.
#[derive(Debug, Template)]
#[template(path = "stock/shop.html")]
pub struct ShopPage<'a> {
    /// Its path is `/shop/{token}`; answers are posted to it.
    pub shell: &'a Shell,
    pub asked: &'a AskedShop,
    pub now: At,
    pub notice: Option<Notice>,
}

impl ShopPage<'_> {
    fn asking(&self) -> Vec<Asking> {
        self.asked.questions.iter().map(|question| Asking::of(self.shell, question, self.now)).collect()
    }

    fn answers(&self) -> Vec<(&'static str, String)> {
        answers(self.shell)
    }

    /// It said that it was shut, and can take that back by any other answer.
    const fn may_open_again(&self) -> bool {
        self.asked.shop.seems_shut && !self.asked.questions.is_empty()
    }
}
