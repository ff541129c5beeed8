//! The day's money: by request, and by who laid it out.

use askama::Template;

use crate::domain::clock::At;
use crate::domain::local::rfc3339;
use crate::domain::money::Fen;
use crate::store::views::ledger::{Account, Book};
use crate::web::links;
use crate::web::pages::shell::{Shell, Stamp};

/// See the module. By code and block: no name and no door of a resident.
#[derive(Debug, Template)]
#[template(path = "ledger/page.html")]
pub struct LedgerPage<'a> {
    pub shell: &'a Shell,
    /// Name of the zone.
    pub zone: &'a str,
    pub code: &'a str,
    pub from: At,
    pub to: At,
    pub book: &'a Book,
    pub now: At,
}

impl LedgerPage<'_> {
    fn sums(&self) -> String {
        let sum = |of: fn(&Account) -> Fen| self.book.accounts.iter().map(of).sum::<Fen>().to_string();
        let spent = sum(|account| account.spent);
        let given = sum(|account| account.given);
        let open = sum(Account::open);
        self.shell.words.with("ledger-sums", &[("spent", spent.into()), ("given", given.into()), ("open", open.into())])
    }

    fn hows(&self, account: &Account) -> String {
        let hows: Vec<String> = account.hows.iter().map(|how| self.shell.t(&format!("how-{how}"))).collect();
        hows.join(&self.shell.t("list-comma"))
    }

    fn runners(&self, account: &Account) -> String {
        account.runners.join(&self.shell.t("list-comma"))
    }

    fn last_at(&self, account: &Account) -> Stamp {
        self.shell.when(account.last_at, self.now)
    }

    fn csv(&self) -> String {
        let pairs = [("zone", self.code.to_owned()), ("from", rfc3339(self.from)), ("to", rfc3339(self.to))];
        format!("/api/v1/watch/ledger.csv?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }
}
