//! Passwords: argon2id, as PHC strings. Both calls take tens of milliseconds: call them off the request threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// # Errors
/// The library's words when it cannot hash (no randomness).
pub fn hash(password: &str) -> Result<String, String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// False for a hash that is no PHC string.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Like [`verify`]; without a hash it works as long and says no, so that the time does not tell who has an account.
#[must_use]
pub fn verify_or_pretend(password: &str, phc: Option<&str>) -> bool {
    match phc {
        Some(phc) => verify(password, phc),
        None => {
            let _same_work = hash(password);
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let phc = hash("捎个药 please").unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(verify("捎个药 please", &phc));
        assert!(!verify("捎个药", &phc) && !verify("x", "not a hash") && !verify_or_pretend("x", None));
    }
}
