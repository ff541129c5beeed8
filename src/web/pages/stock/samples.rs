//! A busy afternoon, an empty list, another zone; a shop with questions, one without, one that said it was shut.

use super::page::{DeskPage, ShopPage};
use crate::domain::ids::PlaceId;
use crate::domain::stock::{Found, Sighting};
use crate::domain::urgency::Urgency;
use crate::store::views::stock::{AskedShop, Shop, StockQuestion};
use crate::web::pages::notice::Notice;
use crate::web::pages::tests::{NOW, Sample, sample, shell};
use crate::words::Words;

const LINK: &str = "https://paotui.example.org/shop/0123456789abcdefghjkmnpqrs";

fn question(item: &str, strength: Option<&str>, urgency: Urgency, errands: u32) -> StockQuestion {
    let last = (errands > 1).then(|| Sighting { found: Found::HasNot, at: NOW.plus_seconds(-9000) });
    StockQuestion {
        item: item.into(),
        strength: strength.map(Into::into),
        unit: Some("盒".into()),
        errands,
        urgency,
        deliver_by: NOW.plus_seconds(urgency.target_seconds()),
        last,
    }
}

fn shop(name: &str, phone: Option<&str>, (open, seems_shut): (bool, bool), questions: Vec<StockQuestion>) -> AskedShop {
    let shop = Shop {
        id: PlaceId::mint(),
        code: "MZC-P1".into(),
        name: name.into(),
        phone: phone.map(Into::into),
        open,
        seems_shut,
    };
    AskedShop { shop, questions }
}

fn busy() -> Vec<AskedShop> {
    let red = question("缬沙坦胶囊", Some("80mg"), Urgency::Red, 3);
    let yellow = question("“奥美拉唑”<肠溶>", None, Urgency::Yellow, 1);
    vec![
        shop("民主村长明药房", Some("023-5550-0101"), (true, false), vec![red.clone(), yellow.clone()]),
        shop("七村石梯药房", None, (false, false), vec![yellow]),
        shop("坡坎上药房", Some("023-5550-0103"), (true, true), vec![]),
    ]
}

pub fn samples(words: Words) -> Vec<Sample> {
    let desk = |name: &str, elsewhere: Option<&str>, shops: Vec<AskedShop>, notice: &str| {
        let shops: Vec<_> = shops.into_iter().map(|asked| (asked, LINK.to_owned())).collect();
        let (shell, notice) = (shell(words, "/desk/stock"), Notice::from_word(words, notice));
        let page = DeskPage { shell: &shell, zone: "民主村社区", elsewhere, shops: &shops, now: NOW, notice };
        sample(words, name, page.to_string())
    };
    let own = |name: &str, asked: &AskedShop, notice: &str| {
        let (shell, notice) = (shell(words, "/shop/0123456789abcdefghjkmnpqrs"), Notice::from_word(words, notice));
        sample(words, name, ShopPage { shell: &shell, asked, now: NOW, notice }.to_string())
    };
    let asked = busy().remove(0);
    let shut = AskedShop { shop: Shop { seems_shut: true, ..asked.shop.clone() }, ..asked.clone() };
    let idle = AskedShop { questions: vec![], ..asked.clone() };
    vec![
        desk("stock", None, busy(), ""),
        desk("stock-elsewhere", Some("ELSE"), busy(), "told"),
        desk("stock-empty", None, vec![], ""),
        own("shop", &asked, ""),
        own("shop-shut", &shut, "told"),
        own("shop-empty", &idle, ""),
    ]
}
