//! Secrets: values that never print, and the tokens made from them.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::door::room_key;
use super::ids::{BuildingId, PlaceId, RequestId};
use super::text::digits_of;

/// A value that must not reach a log: no `Display`, and `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The one way in; named so that a reviewer sees it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a token: the only form of it the store keeps.
pub type TokenHash = Vec<u8>;

#[must_use]
pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// SHA-256 over bytes, for comparing bodies of resent calls.
#[must_use]
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The service's key, from which tracking and form tokens are made. At least 32 bytes of chance.
#[derive(Clone, Debug)]
pub struct Key(Secret<Vec<u8>>);

impl Key {
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(Secret::new(bytes))
    }

    /// The token of a request's tracking link: 128 bits of HMAC-SHA-256 over its id, 26 characters of Crockford base 32.
    ///
    /// It is computed, not kept: the store holds its hash alone, yet a letter or a resent submission can show the same link again.
    #[must_use]
    pub fn tracking_token(&self, request: RequestId) -> String {
        base32(self.mac("tracking", request.uuid().as_bytes()).get(..16).unwrap_or_default())
    }

    /// The token of a shop's own link, made like [`Self::tracking_token`]. It is computed wherever it is shown or asked
    /// for, and kept nowhere.
    #[must_use]
    pub fn shop_token(&self, place: PlaceId) -> String {
        base32(self.mac("shop", place.uuid().as_bytes()).get(..16).unwrap_or_default())
    }

    /// A door as it is recognised again, not read: keyed, so that rooms cannot be tried out against the store.
    #[must_use]
    pub fn door_mark(&self, building: BuildingId, room: &str) -> Vec<u8> {
        let mut door = building.uuid().as_bytes().to_vec();
        door.extend_from_slice(room_key(room).as_bytes());
        self.mac("door", &door)
    }

    /// A telephone as it is recognised again, however it was typed.
    #[must_use]
    pub fn phone_mark(&self, phone: &str) -> Vec<u8> {
        self.mac("phone", digits_of(phone).as_bytes())
    }

    /// The last four digits of a telephone, as they are asked for beside a code.
    #[must_use]
    pub fn last_four_mark(&self, last_four: &str) -> Vec<u8> {
        self.mac("last-four", last_four.as_bytes())
    }

    /// A token that ties a form to what it was served to (a session, a visitor).
    #[must_use]
    pub fn form_token(&self, holder: &str) -> String {
        base32(self.mac("form", holder.as_bytes()).get(..16).unwrap_or_default())
    }

    fn mac(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.reveal()) else { return Vec::new() };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    }
}

/// Crockford base 32 in lower case: no i, l, o, u.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0_u32);
    let letter = |five: u32| usize::try_from(five & 31).ok().and_then(|place| LETTERS.get(place)).copied();
    let mut push = |five: u32| text.push(letter(five).map_or('0', char::from));
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    text
}

/// Equality that takes the same time wherever the first difference lies.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    use subtle::ConstantTimeEq;
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tracking_token_has_128_bits_in_26_characters_and_is_stable() {
        let key = Key::new(vec![7; 32]);
        let request = RequestId::mint();
        let token = key.tracking_token(request);
        assert_eq!(token.len(), 26);
        assert_eq!(token, key.tracking_token(request));
        assert_ne!(token, key.tracking_token(RequestId::mint()));
        assert_ne!(token, Key::new(vec![8; 32]).tracking_token(request));
    }

    #[test]
    fn the_token_of_a_shop_opens_nothing_else() {
        let (key, place) = (Key::new(vec![7; 32]), PlaceId::mint());
        let token = key.shop_token(place);
        assert_eq!(token.len(), 26);
        assert_eq!(token, key.shop_token(place));
        assert_ne!(token, key.shop_token(PlaceId::mint()));
        assert_ne!(token, key.tracking_token(RequestId::from_uuid(place.uuid())));
    }

    #[test]
    fn base_32_agrees_with_known_answers() {
        assert_eq!(base32(b""), "");
        assert_eq!(base32(b"f"), "cr");
        assert_eq!(base32(b"foobar"), "csqpyrk1e8");
    }
}
