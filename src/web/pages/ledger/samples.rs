//! A day with some money, and one with none.

use super::page::LedgerPage;
use crate::domain::ids::{PhotoId, RequestId};
use crate::domain::money::{Fen, How};
use crate::store::views::ledger::{Account, Book, Purse};
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

fn account(code: &str, spent: i64, given: i64, hows: Vec<How>) -> Account {
    Account {
        request: RequestId::mint(),
        code: code.into(),
        building: "MZC-07".into(),
        runners: if spent > 0 { vec!["李明".into(), "陈晓".into()] } else { vec![] },
        spent: Fen(spent),
        given: Fen(given),
        hows,
        receipts: vec![PhotoId::mint()],
        last_at: NOW,
    }
}

pub fn samples(words: Words) -> Vec<Sample> {
    let day = [
        account("3K7-PAQC", 6340, 6340, vec![How::Cash]),
        account("4M8-QBRD", 1250, 0, vec![]),
        account("5N9-RCSE", 0, 2000, vec![How::Transfer, How::Card]),
    ];
    let purses = vec![Purse { runner: "李明".into(), spent: Fen(7590), given: Fen(6340) }];
    let page = |name: &str, book: &Book| {
        let shell = shell(words, "/watch/ledger");
        let (from, to) = (NOW.plus_seconds(-36_000), NOW);
        let page = LedgerPage { shell: &shell, zone: "民主村社区", code: "MZC", from, to, book, now: NOW };
        sample(words, name, page.to_string())
    };
    vec![page("ledger", &Book { accounts: day.to_vec(), purses }), page("ledger-empty", &Book::default())]
}
