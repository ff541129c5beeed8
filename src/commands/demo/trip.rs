//! What a runner's phone says is next: the stops of `GET /runner/trip`.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::geo::Point;
use crate::domain::trip::Act;

/// One halt: all that is collected, or all that is delivered, at one spot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stop {
    pub act: Act,
    pub at: Point,
    /// The counter, when there is one.
    pub place: Option<String>,
    /// The building of a door.
    pub building: Option<String>,
    /// Of a sealed building: goods change hands there.
    pub at_gate: bool,
    pub errands: Vec<String>,
}

#[derive(Deserialize)]
struct RouteStop {
    act: String,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    building: Option<String>,
    #[serde(default)]
    at_gate: bool,
    lat: f64,
    lon: f64,
    errands: Vec<String>,
}

#[derive(Deserialize)]
struct Claim {
    errand: String,
    state: String,
    from: Option<Spot>,
    to: Spot,
}

#[derive(Deserialize)]
struct Spot {
    code: String,
    lat: f64,
    lon: f64,
}

/// The stops still before the runner, in order. A trip that tells no route is carried out claim by claim.
pub(super) fn route(trip: &Value) -> Vec<Stop> {
    let list = |key: &str| trip.get(key).and_then(Value::as_array);
    if let Some(route) = list("route") {
        return read::<RouteStop>(route).filter_map(RouteStop::into_stop).collect();
    }
    list("stops").map(|claims| read::<Claim>(claims).flat_map(Claim::stops).collect()).unwrap_or_default()
}

fn read<'v, T: Deserialize<'v>>(list: &'v [Value]) -> impl Iterator<Item = T> {
    list.iter().filter_map(|entry| T::deserialize(entry).ok())
}

impl RouteStop {
    fn into_stop(self) -> Option<Stop> {
        let act = match self.act.as_str() {
            "collect" => Act::Collect,
            "deliver" => Act::Deliver,
            _ => return None,
        };
        let at = Point::new(self.lat, self.lon);
        Some(Stop { act, at, place: self.place, building: self.building, at_gate: self.at_gate, errands: self.errands })
    }
}

impl Claim {
    fn stops(self) -> Vec<Stop> {
        let stop = |act, spot: &Spot, place, building| Stop {
            act,
            at: Point::new(spot.lat, spot.lon),
            place,
            building,
            at_gate: false,
            errands: vec![self.errand.clone()],
        };
        let counter = self.from.as_ref().map(|from| from.code.clone());
        let collect = stop(Act::Collect, self.from.as_ref().unwrap_or(&self.to), counter, None);
        let deliver = stop(Act::Deliver, &self.to, None, Some(self.to.code.clone()));
        match self.state.as_str() {
            "claimed" => vec![collect, deliver],
            "collected" => vec![deliver],
            _ => vec![],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claim(state: &str, from: &Value) -> Value {
        json!({ "errand": "e1", "state": state, "from": from, "to": { "code": "B-1", "lat": 29.5, "lon": 106.5 } })
    }

    #[test]
    fn a_route_is_followed_as_it_is_told() {
        let told = json!({ "stops": [], "route": [
            { "act": "collect", "place": "P-1", "building": null, "lat": 29.1, "lon": 106.1, "errands": ["e1", "e2"] },
            { "act": "deliver", "place": null, "building": "B-1", "at_gate": true, "lat": 29.2, "lon": 106.2, "errands": ["e2"] },
        ] });
        let stops = route(&told);
        assert_eq!(stops[0].errands, ["e1", "e2"]);
        assert_eq!((stops[0].act, stops[0].place.as_deref()), (Act::Collect, Some("P-1")));
        assert_eq!((stops[1].act, stops[1].building.as_deref()), (Act::Deliver, Some("B-1")));
        assert!(stops[1].at_gate && !stops[0].at_gate);
    }

    #[test]
    fn without_a_route_each_claim_is_fetched_and_brought() {
        let shop = json!({ "code": "P-1", "lat": 29.1, "lon": 106.1 });
        let acts = |state, from: &Value| -> Vec<Act> {
            route(&json!({ "stops": [claim(state, from)] })).iter().map(|stop| stop.act).collect()
        };
        assert_eq!(acts("claimed", &shop), [Act::Collect, Act::Deliver]);
        assert_eq!(acts("collected", &shop), [Act::Deliver]);
        assert_eq!(acts("care", &shop), []);
    }

    #[test]
    fn a_visit_begins_at_the_door() {
        let stops = route(&json!({ "stops": [claim("claimed", &Value::Null)] }));
        assert_eq!((stops[0].at, stops[0].place.as_deref()), (stops[1].at, None));
    }
}
