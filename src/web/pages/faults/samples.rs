//! Every fault, and one nobody knows.

use super::page::FaultPage;
use crate::web::pages::tests::{FAULTS, Sample, sample, shell};
use crate::words::Words;

pub fn samples(words: Words) -> Vec<Sample> {
    let page = |code: &&str| {
        let shell = shell(words, "/somewhere");
        let html = FaultPage {
            shell: &shell,
            code,
            status: 404,
            said: Some("今天单子太多").filter(|_| **code == *"intake_paused"),
            request_id: Some("0190-req"),
        }
        .to_string();
        sample(words, &format!("fault-{code}"), html)
    };
    FAULTS.iter().chain(&["never_heard_of"]).map(page).collect()
}
