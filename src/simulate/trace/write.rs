//! Writes a trace folder as the reader wants it: seconds to the millisecond, nothing else rounded.

use std::path::Path;

use super::{BadTrace, Request, Shift, Trace};

const REQUESTS: [&str; 14] = [
    "request",
    "placed_s",
    "urgency",
    "category",
    "shop_lat",
    "shop_lon",
    "door_lat",
    "door_lon",
    "ready_s",
    "deadline_s",
    "shop_s",
    "trip_s",
    "door_s",
    "bags",
];
const RUNNERS: [&str; 8] = ["runner", "on_s", "off_s", "lat", "lon", "speed_mps", "capacity_bags", "leg_s"];

impl Trace {
    /// Writes the folder, over whatever trace it held.
    ///
    /// # Errors
    /// When the folder or a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), BadTrace> {
        std::fs::create_dir_all(folder).map_err(|error| bad(folder, &error))?;
        let head = folder.join("trace.toml");
        let text = toml::to_string(&self.head).map_err(|error| bad(&head, &error))?;
        std::fs::write(&head, text).map_err(|error| bad(&head, &error))?;
        write_rows(&folder.join("requests.csv"), &REQUESTS, self.requests.iter().map(Request::fields))?;
        write_rows(&folder.join("runners.csv"), &RUNNERS, self.runners.iter().map(Shift::fields))
    }
}

fn bad(file: &Path, why: &dyn std::fmt::Display) -> BadTrace {
    BadTrace::File { file: file.to_owned(), why: why.to_string() }
}

fn write_rows<const N: usize>(
    file: &Path,
    header: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), BadTrace> {
    let mut writer = csv::Writer::from_path(file).map_err(|error| bad(file, &error))?;
    writer.write_record(header).map_err(|error| bad(file, &error))?;
    for row in rows {
        writer.write_record(row).map_err(|error| bad(file, &error))?;
    }
    writer.flush().map_err(|error| bad(file, &error))
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.3}")
}

impl Request {
    fn fields(&self) -> [String; 14] {
        [
            self.name.clone(),
            seconds(self.placed_s),
            self.urgency.to_string(),
            self.category.clone(),
            self.shop.lat.to_string(),
            self.shop.lon.to_string(),
            self.door.lat.to_string(),
            self.door.lon.to_string(),
            seconds(self.ready_s),
            self.deadline_s.map(seconds).unwrap_or_default(),
            seconds(self.shop_s),
            self.trip_s.map(seconds).unwrap_or_default(),
            seconds(self.door_s),
            self.bags.to_string(),
        ]
    }
}

impl Shift {
    fn fields(&self) -> [String; 8] {
        [
            self.name.clone(),
            seconds(self.on_s),
            seconds(self.off_s),
            self.start.lat.to_string(),
            self.start.lon.to_string(),
            self.speed_mps.to_string(),
            self.capacity_bags.to_string(),
            seconds(self.leg_s),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geo::Point;
    use crate::domain::urgency::Urgency;
    use crate::simulate::trace::Head;

    fn request(name: &str, deadline_s: Option<f64>, trip_s: Option<f64>) -> Request {
        Request {
            name: name.to_owned(),
            placed_s: 12.345,
            urgency: Urgency::Red,
            category: "medicine".to_owned(),
            shop: Point::new(29.52826, 106.52354),
            door: Point::new(29.529_516_123, 106.524_223),
            ready_s: 12.345,
            deadline_s,
            shop_s: 1.204,
            trip_s,
            door_s: 0.68,
            bags: 2,
        }
    }

    fn trace() -> Trace {
        Trace {
            head: Head {
                name: "a day, \"quoted\"".to_owned(),
                road_factor: 1.4,
                accept_s: 0.123_456,
                accept_spread: 0.6,
                decline_rate: 0.05,
                silent_rate: 0.0,
                extra_bag_s: 0.36,
                extra_drop_s: 0.12,
                seed: 7,
            },
            requests: vec![request("a", None, None), request("b", Some(99.5), Some(4.25))],
            runners: vec![Shift {
                name: "r002".to_owned(),
                on_s: 0.5,
                off_s: 60.0,
                start: Point::new(29.53, 106.52),
                speed_mps: 162.162_162_162,
                capacity_bags: 6,
                leg_s: 0.16,
            }],
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        trace().write(folder.path()).unwrap();
        assert_eq!(Trace::read(folder.path()).unwrap(), trace());
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let why = trace().write(&file.path().join("below")).unwrap_err().to_string();
        assert!(why.contains("below"), "{why}");
    }
}
