//! `GET /drugs?q=`: names of drugs while somebody types. The list is compiled in and held in memory; nothing is stored
//! and nothing about the asker is known.

use std::sync::LazyLock;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};

use super::Site;
use super::extract::{Params, Peer};
use super::fault::Result;
use crate::domain::drugs::{Drug, Drugs};

/// Where it comes from is told in `config/drugs.md`.
const LIST: &str = include_str!("../../config/drugs.csv");

static DRUGS: LazyLock<Drugs> = LazyLock::new(|| Drugs::new(read(LIST)));

#[derive(Deserialize)]
struct Row {
    name: String,
    trade: String,
    strengths: String,
    initials: String,
    trade_initials: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    q: String,
}

/// Short names: this is sent with every letter typed.
#[derive(Serialize)]
struct Suggested<'a> {
    name: &'a str,
    trade: &'a [String],
    strengths: &'a [String],
}

pub fn configure(config: &mut ServiceConfig) {
    config.route("/drugs", web::get().to(suggest));
}

/// A line that cannot be read is left out here and fails a test.
fn read(list: &str) -> Vec<Drug> {
    let several = |cell: &str| cell.split(';').filter(|one| !one.is_empty()).map(ToOwned::to_owned).collect();
    let drug = |row: Row| Drug {
        trade: several(&row.trade),
        strengths: several(&row.strengths),
        trade_initials: several(&row.trade_initials),
        name: row.name,
        initials: row.initials,
    };
    csv::Reader::from_reader(list.as_bytes()).deserialize().filter_map(std::result::Result::ok).map(drug).collect()
}

async fn suggest(site: Data<Site>, peer: Peer, query: Params<Query>) -> Result<impl Responder> {
    site.lookups.check(peer.0)?;
    let shown = |drug: &'static Drug| Suggested { name: &drug.name, trade: &drug.trade, strengths: &drug.strengths };
    let found: Vec<_> = DRUGS.suggest(&query.0.q).into_iter().map(shown).collect();
    // The same for everybody, and it changes with a release only.
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=86400")).json(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read_and_has_its_letters() {
        let drugs = read(LIST);
        assert_eq!(drugs.len(), LIST.lines().count() - 1);
        assert!(drugs.len() > 3000);
        for drug in &drugs {
            assert!(!drug.name.is_empty() && !drug.initials.is_empty(), "{drug:?}");
            assert!(drug.trade.len() == drug.trade_initials.len(), "{drug:?}");
        }
    }

    #[test]
    fn common_drugs_are_found_as_people_type_them() {
        for (typed, name) in
            [("blf", "布洛芬"), ("芬必得", "布洛芬"), ("fbd", "布洛芬"), ("xst", "缬沙坦"), ("阿司", "阿司匹林")]
        {
            let found = DRUGS.suggest(typed);
            assert!(found.first().is_some_and(|drug| drug.name.contains(name)), "{typed}: {found:?}");
        }
    }
}
