//! Why somebody did something: a word for the journal, and what was said in the person's own words beside it.
//!
//! Own words may hold a name or a door. They are kept apart from the journal, which is never changed, so that they can
//! be wiped with the rest of what is personal.

use std::fmt;

use super::text::{Note, Unfit};

#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    /// `nobody_home`, `too_far`; `other` when own words say it.
    pub word: String,
    pub said: Option<String>,
}

impl Reason {
    /// The longest a word may be; longer ones are own words.
    const LONGEST_WORD: usize = 40;

    #[must_use]
    pub fn word(word: &str) -> Self {
        Self { word: word.to_owned(), said: None }
    }

    /// A word if it looks like one, else own words.
    ///
    /// # Errors
    /// [`Unfit`] when it is blank, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let note = Note::parse(text)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if text.len() <= Self::LONGEST_WORD && text.bytes().all(plain) {
            return Ok(Self::word(text));
        }
        Ok(Self { word: "other".to_owned(), said: Some(note.as_str().to_owned()) })
    }
}

// What was said is personal: it never reaches a log by way of {:?}.
impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({})", self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_a_word_and_own_words_are_kept_apart() {
        assert_eq!(Reason::parse("too_far"), Ok(Reason::word("too_far")));
        let own = Reason::parse("王阿姨说不用了").unwrap();
        assert_eq!((own.word.as_str(), own.said.as_deref()), ("other", Some("王阿姨说不用了")));
        assert!(!format!("{own:?}").contains('王'));
        assert_eq!(Reason::parse(" "), Err(Unfit::Required));
    }
}
