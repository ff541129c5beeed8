//! One thing asked for.

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
}

impl Item {
    pub const MOST: i32 = 999;
}
