//! One thing asked for.

use super::ids::PhotoId;
use super::words::word;

word! {
    /// What may be brought instead, asked before anyone walks.
    Substitution {
        /// This maker only.
        Exact = "exact",
        /// Same drug and strength, any maker.
        SameDrug = "same_drug",
        AskMe = "ask_me",
        AskFamily = "ask_family",
    }
}

/// One line of a request, as parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub strength: Option<String>,
    /// 1 to [`Item::MOST`].
    pub quantity: i32,
    pub unit: String,
    pub substitution: Substitution,
    /// Of the box.
    pub photo: Option<PhotoId>,
    /// The photo alone says what it is: the name is a word for that, and two of them need not be the same thing.
    pub unnamed: bool,
}

impl Item {
    pub const MOST: i32 = 999;
}
