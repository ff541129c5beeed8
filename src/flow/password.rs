//! Passwords: argon2id, with the parameters of the crate (19 MiB, two passes: OWASP's first choice).
//!
//! Both functions take tens of milliseconds of one core on purpose: call them through `spawn_blocking`.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};

/// What a password must be at least; longer ones than [`LONGEST`] would only be work for the server.
pub const SHORTEST: usize = 8;
pub const LONGEST: usize = 200;

/// A password that cannot be hashed, or a hash that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a password needs at least {SHORTEST} characters")]
    TooShort,
    #[error("a password may have {LONGEST} characters at most")]
    TooLong,
    #[error("the password could not be hashed: {0}")]
    Broken(String),
}

/// The argon2id PHC string of a new password, with a salt of its own.
///
/// # Errors
/// [`Unfit`] when it is too short or too long.
pub fn hash(password: &str) -> Result<String, Unfit> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Unfit::TooShort);
    }
    if length > LONGEST {
        return Err(Unfit::TooLong);
    }
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(error) => Err(Unfit::Broken(error.to_string())),
    }
}

/// True when `password` is the one that `phc` was made from. Its own parameters count, so older hashes go on working.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    password.chars().count() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), phc).is_ok()
}

/// Like [`verify`]; without a hash it works as long and says no, so that the time does not tell who has an account.
#[must_use]
pub fn verify_or_pretend(password: &str, phc: Option<&str>) -> bool {
    if let Some(phc) = phc {
        return verify(password, phc);
    }
    let _same_work = Argon2::default().hash_password(password.as_bytes());
    false
}

/// True for an argon2id PHC string with salt and hash: what an import may bring along.
#[must_use]
pub fn is_phc(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|phc| {
        phc.algorithm.as_str() == "argon2id"
            && phc.salt.is_some()
            && phc.hash.is_some()
            && argon2::Params::try_from(&phc).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_what_it_was_hashed_from_and_nothing_else() {
        let phc = hash("correct horse").unwrap();
        assert!(verify("correct horse", &phc));
        assert!(!verify("correct house", &phc) && !verify("", &phc));
        assert_ne!(phc, hash("correct horse").unwrap(), "every hash has a salt of its own");
    }

    #[test]
    fn the_hash_is_argon2id() {
        let phc = hash("correct horse").unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(is_phc(&phc));
    }

    #[test]
    fn a_password_has_eight_characters_at_least_in_any_script() {
        assert_eq!(hash("short"), Err(Unfit::TooShort));
        assert_eq!(hash(&"x".repeat(201)), Err(Unfit::TooLong));
        assert!(hash("一二三四五六七八").is_ok());
    }

    #[test]
    fn what_is_no_argon2id_hash_is_refused_and_opens_nothing() {
        let phc = hash("correct horse").unwrap();
        for wrong in [
            "",
            "correct horse",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2id$v=19$m=19456,t=2,p=1",
            &phc.replace("2id", "2i"),
        ] {
            assert!(!is_phc(wrong), "{wrong}");
        }
        assert!(!verify("correct horse", "correct horse"));
    }
}
