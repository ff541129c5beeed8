//! Where a simulated runner is: somewhere, or between two places.

use std::time::Duration;

use tokio::time::Instant;

use super::physics::Physics;
use crate::domain::geo::Point;
use crate::domain::ground::Pace;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    At(Point),
    Between(Walk),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Walk {
    from: Point,
    to: Point,
    began: Instant,
    takes: Duration,
}

impl Walk {
    pub fn arrives(&self) -> Instant {
        self.began + self.takes
    }
}

impl Place {
    pub fn here(&self, now: Instant, physics: &Physics) -> Point {
        match self {
            Self::At(here) => *here,
            Self::Between(walk) => {
                let gone = now.saturating_duration_since(walk.began).as_secs_f64();
                physics.along(walk.from, walk.to, gone / walk.takes.as_secs_f64().max(1e-9))
            }
        }
    }

    /// The walk to `to` from here, begun `now`. Whoever walks there already walks on; whoever walks elsewhere turns around
    /// on the spot.
    pub fn walk(&self, to: Point, now: Instant, (physics, pace): (&Physics, Pace)) -> Walk {
        match self {
            Self::Between(walk) if walk.to == to => *walk,
            _ => {
                let from = self.here(now, physics);
                Walk { from, to, began: now, takes: Duration::from_secs_f64(physics.leg_s(from, to, pace)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    const HOME: Point = Point::new(29.5282, 106.5267);
    const SHOP: Point = Point::new(29.5295, 106.5242);

    fn physics() -> Physics {
        Physics::of(&Settings::load(None, std::iter::empty()).unwrap().dispatch, 1.0, HOME)
    }

    #[test]
    fn half_of_the_time_is_half_of_the_way() {
        let (physics, now) = (physics(), Instant::now());
        let walk = Place::At(HOME).walk(SHOP, now, (&physics, physics.pace(false)));
        let here = Place::Between(walk).here(now + walk.takes / 2, &physics);
        assert!((here.metres_to(HOME) - here.metres_to(SHOP)).abs() < 0.1);
        assert!(Place::Between(walk).here(walk.arrives() + walk.takes, &physics).metres_to(SHOP) < 0.1, "no farther");
    }

    #[test]
    fn whoever_is_sent_elsewhere_turns_around_on_the_spot() {
        let (physics, now) = (physics(), Instant::now());
        let with = (&physics, physics.pace(false));
        let there = Place::At(HOME).walk(SHOP, now, with);
        let later = now + there.takes / 4;
        let back = Place::Between(there).walk(HOME, later, with);
        let as_long = back.arrives().duration_since(later).as_secs_f64() / (there.takes / 4).as_secs_f64();
        assert!((as_long - 1.0).abs() < 0.01, "back takes as long as he had walked, not {as_long} of it");
    }

    #[test]
    fn whoever_is_sent_where_he_goes_walks_on() {
        let (physics, now) = (physics(), Instant::now());
        let with = (&physics, physics.pace(true));
        let there = Place::At(HOME).walk(SHOP, now, with);
        assert_eq!(Place::Between(there).walk(SHOP, now + there.takes / 3, with), there);
    }
}
