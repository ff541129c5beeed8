//! The product's own dispatcher.

use crate::flow::deciding::{Outcome, Scene, decide};
use crate::simulate::policies::Policy;

pub struct Paotui;

impl Policy for Paotui {
    fn decide(&mut self, scene: &Scene) -> Outcome {
        decide(scene)
    }
}
