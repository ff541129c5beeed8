//! Whom to ask: the errands that wait, the runners on duty, and who may carry what.

pub mod candidate;
pub mod eligible;
pub mod errand;
pub mod reason;
pub mod red;
pub mod runner;
pub mod share;
pub mod terms;

pub use candidate::Candidate;
pub use eligible::may_carry;
pub use errand::{Asked, OpenErrand, Source};
pub use reason::{Nobody, Pick};
pub use runner::{OnDuty, Skills};
pub use terms::Terms;
