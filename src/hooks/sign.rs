//! Signing: who is called can see that it was us, and when.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::clock::At;

/// Carries the signature: `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "t.body", in hex>`.
pub const HEADER: &str = "Paotui-Signature";

/// The value of [`HEADER`] for a body sent at this time.
#[must_use]
pub fn signature(secret: &[u8], now: At, body: &str) -> String {
    let seconds = now.seconds();
    // A key of any length is one; should that ever change, nothing verifies.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return format!("t={seconds},v1=") };
    mac.update(format!("{seconds}.{body}").as_bytes());
    let hex: Vec<String> = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={}", hex.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_time_and_body() {
        let now = At::from_seconds(1_795_000_000);
        // printf '1795000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let expected = "t=1795000000,v1=0e41ae18dec0c98f9ccccdfc9da1d6b897e12bde7815a6055d8739af8b38df59";
        assert_eq!(signature(b"0123456789abcdef", now, "{}"), expected);
        assert_ne!(signature(b"0123456789abcdef", now.plus_seconds(1), "{}"), expected);
        assert_ne!(signature(b"0123456789abcdef", now, "{ }"), expected);
    }
}
