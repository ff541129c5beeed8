//! The dials of a zone, and the rules that can be switched off to see what each is worth.

use std::str::FromStr;

/// Settings of a zone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ZoneRules {
    /// How long an offer stands; shorter makes more false alarms than it saves waiting.
    pub offer_s: f64,
    /// The same for red.
    pub red_offer_s: f64,
    /// A red errand unanswered for so long is offered to one more.
    pub wave_s: f64,
    /// How many may be asked for one red errand at once.
    pub wave_size: usize,
    /// A runner this close to his last door is offered his next trip.
    pub early_s: f64,
    /// Detour that an addition may cost a trip under way.
    pub add_on_s: f64,
    /// How long a green errand may be held to fill a trip.
    pub patience_s: f64,
    /// How long after the end of a shift a trip may end; `None` when only its beginning counts.
    pub overtime_s: Option<f64>,
    /// The rule that is switched off, for measurements only.
    pub without: Option<Rule>,
}

impl Default for ZoneRules {
    fn default() -> Self {
        Self {
            offer_s: 60.0,
            red_offer_s: 30.0,
            wave_s: 12.0,
            wave_size: 3,
            early_s: 90.0,
            add_on_s: 240.0,
            patience_s: 0.0,
            overtime_s: None,
            without: None,
        }
    }
}

impl ZoneRules {
    #[must_use]
    pub fn uses(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }
}

/// A rule of dispatch that can be switched off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Busy runners count for red.
    Divert,
    /// A second runner is asked while the first is silent.
    Waves,
    /// Weight grows with age.
    Ageing,
    /// More than one errand a trip.
    Bundling,
    /// Trips are cut by the price of a runner's second.
    Price,
    /// The doors of a trip are put into the best order.
    DoorOrder,
    /// The next trip is offered before the last one ends.
    EarlyOffer,
    /// New errands join trips under way.
    AddOn,
    /// A trip takes along what waits at other counters it passes.
    Merge,
    /// A trip waits for a busy runner who will be there sooner.
    Patience,
    /// Load is shared where there is time.
    Fairness,
    /// Shops are asked for stock before anybody walks.
    Confirm,
    /// Any place that should have the goods.
    Sources,
}

impl Rule {
    pub const ALL: [Self; 13] = [
        Self::Divert,
        Self::Waves,
        Self::Ageing,
        Self::Bundling,
        Self::Price,
        Self::DoorOrder,
        Self::EarlyOffer,
        Self::AddOn,
        Self::Merge,
        Self::Patience,
        Self::Fairness,
        Self::Confirm,
        Self::Sources,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Divert => "divert",
            Self::Waves => "waves",
            Self::Ageing => "ageing",
            Self::Bundling => "bundling",
            Self::Price => "price",
            Self::DoorOrder => "door-order",
            Self::EarlyOffer => "early-offer",
            Self::AddOn => "add-on",
            Self::Merge => "merge",
            Self::Patience => "patience",
            Self::Fairness => "fairness",
            Self::Confirm => "confirm",
            Self::Sources => "sources",
        }
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|rule| rule.as_str() == text).ok_or_else(|| format!("not one of {}", names()))
    }
}
