//! Fresh, and refused.

use super::page::SignInForm;
use crate::web::pages::form::Typed;
use crate::web::pages::tests::{Sample, sample, shell};
use crate::words::Words;

pub fn samples(words: Words) -> Vec<Sample> {
    let typed: Typed = [("username", "chen"), ("password", "canary-password")].into_iter().collect();
    let page = |typed, refused| {
        let shell = shell(words, "/sign-in");
        SignInForm { shell: &shell, typed, refused, next: Some("/run"), notice: None }.to_string()
    };
    let refused = page(&typed, true);
    assert!(!refused.contains("canary-password"));
    vec![sample(words, "sign-in", page(&Typed::default(), false)), sample(words, "sign-in-refused", refused)]
}
