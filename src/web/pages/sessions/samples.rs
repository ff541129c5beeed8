//! Fresh, and refused; a link that lets somebody in once, and one that does not any more.

use super::once::{GonePage, OncePage};
use super::page::SignInForm;
use crate::web::pages::form::{FieldError, Typed};
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
    let once = |errors: &[FieldError], instead_of| {
        OncePage { shell: &shell(words, "/sign-in/token"), username: "r091", errors, instead_of }.to_string()
    };
    let gone = |signed_in| GonePage { shell: &shell(words, "/sign-in/token"), signed_in }.to_string();
    vec![
        sample(words, "sign-in", page(&Typed::default(), false)),
        sample(words, "sign-in-refused", refused),
        sample(words, "sign-in-once", once(&[], None)),
        sample(words, "sign-in-once-wrong", once(&[FieldError::new("new_password", "password_short")], Some("刘站长"))),
        sample(words, "sign-in-gone", gone(false)),
        sample(words, "sign-in-gone-signed-in", gone(true)),
    ]
}
