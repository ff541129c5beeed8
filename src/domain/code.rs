//! Short codes a resident can read out on the telephone.
//!
//! Six characters and a check character from 23 that no one mistakes for another (no 0/O, 1/I/L, 2/Z, 5/S,
//! 8/B, U/V), shown as `ABC-DEFG`. 23 is prime, so the weighted sum catches every single wrong character and
//! every swap of neighbours (the ISBN-10 argument).

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 23] = b"34679ACDEFGHJKMNPQRTWXY";
const DATA: usize = 6;

/// A request's code, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

/// The text is no code: wrong length, a character outside the alphabet, or the check character does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a request code")]
pub struct NotACode;

impl Code {
    /// The code for a random number (any number: it is reduced to 23⁶ = 148 million codes).
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        let mut rest = random;
        let mut digits = [0_u8; DATA];
        for digit in &mut digits {
            *digit = u8::try_from(rest % 23).unwrap_or(0);
            rest /= 23;
        }
        let mut text: String = digits.iter().map(|digit| letter(*digit)).collect();
        text.push(letter(check_of(&digits)));
        text.insert(3, '-');
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Accepts lower case, spaces, a missing or misplaced dash, and full-width characters as phones type them.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let mut digits = Vec::with_capacity(DATA + 1);
        for typed in text.chars().map(super::text::half_width).filter(|c| !c.is_whitespace() && *c != '-') {
            let place =
                ALPHABET.iter().position(|known| char::from(*known) == typed.to_ascii_uppercase()).ok_or(NotACode)?;
            digits.push(u8::try_from(place).map_err(|_| NotACode)?);
            if digits.len() > DATA + 1 {
                return Err(NotACode);
            }
        }
        let (check, data) = digits.split_last().ok_or(NotACode)?;
        if data.len() != DATA || check_of(data) != *check {
            return Err(NotACode);
        }
        let mut tidy: String = digits.iter().map(|digit| letter(*digit)).collect();
        tidy.insert(3, '-');
        Ok(Self(tidy))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn letter(digit: u8) -> char {
    ALPHABET.get(usize::from(digit)).map_or('3', |byte| char::from(*byte))
}

/// Σ (position + 2) · digit mod 23. No weight is 0 or 1 mod 23, so the check character itself counts as weight 1.
fn check_of(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(2_u32..).map(|(digit, weight)| weight * u32::from(*digit)).sum();
    u8::try_from(sum % 23).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_reads_back_however_it_is_typed(random: u64) {
            let code = Code::from_random(random);
            let typed = code.as_str().to_lowercase().replace('-', " ");
            prop_assert_eq!(typed.parse::<Code>(), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_noticed(random: u64, place in 0_usize..7, shift in 1_usize..23) {
            let code = Code::from_random(random).as_str().replace('-', "");
            let mut letters: Vec<char> = code.chars().collect();
            let old = ALPHABET.iter().position(|b| char::from(*b) == letters[place]).unwrap();
            letters[place] = char::from(ALPHABET[(old + shift) % 23]);
            prop_assert_eq!(letters.iter().collect::<String>().parse::<Code>(), Err(NotACode));
        }

        #[test]
        fn swapped_neighbours_are_noticed(random: u64, place in 0_usize..6) {
            let mut letters: Vec<char> = Code::from_random(random).as_str().replace('-', "").chars().collect();
            prop_assume!(letters[place] != letters[place + 1]);
            letters.swap(place, place + 1);
            prop_assert_eq!(letters.iter().collect::<String>().parse::<Code>(), Err(NotACode));
        }
    }
}
