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
    /// Of the box; then the name may be no more than a word for that.
    pub photo: Option<PhotoId>,
}

impl Item {
    pub const MOST: i32 = 999;
}
