//! A trace folder (`trace.toml`, `requests.csv`, `runners.csv`): read here, written in `write.rs`. Whatever is wrong is named
//! by file, line and column.

mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::domain::geo::Point;
use crate::domain::urgency::Urgency;

/// One recorded or drawn day.
#[derive(Clone, PartialEq, Debug)]
pub struct Trace {
    pub head: Head,
    pub requests: Vec<Request>,
    pub runners: Vec<Shift>,
}

/// `trace.toml`. Unknown keys are ignored.
#[derive(Clone, PartialEq, Debug, Deserialize, Serialize)]
pub struct Head {
    pub name: String,
    pub road_factor: f64,
    /// Mean.
    pub accept_s: f64,
    /// Spread of its logarithm; 0: everybody takes the same time.
    #[serde(default)]
    pub accept_spread: f64,
    #[serde(default)]
    pub decline_rate: f64,
    #[serde(default)]
    pub silent_rate: f64,
    #[serde(default)]
    pub extra_bag_s: f64,
    #[serde(default)]
    pub extra_drop_s: f64,
    #[serde(default)]
    pub seed: u64,
}

/// A row of `requests.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct Request {
    pub name: String,
    pub placed_s: f64,
    pub urgency: Urgency,
    pub category: String,
    pub shop: Point,
    pub door: Point,
    pub ready_s: f64,
    pub deadline_s: Option<f64>,
    pub shop_s: f64,
    pub trip_s: Option<f64>,
    pub door_s: f64,
    pub bags: u32,
}

/// A row of `runners.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct Shift {
    pub name: String,
    pub on_s: f64,
    pub off_s: f64,
    pub start: Point,
    pub speed_mps: f64,
    pub capacity_bags: u32,
    /// Added to every leg that goes anywhere (locking a bicycle). The column may be missing.
    pub leg_s: f64,
}

/// Why a trace cannot be read or written.
#[derive(Debug)]
pub enum BadTrace {
    /// A file as a whole.
    File {
        file: PathBuf,
        why: String,
    },
    MissingColumn {
        file: PathBuf,
        column: &'static str,
    },
    BadField {
        file: PathBuf,
        line: u64,
        column: &'static str,
        why: String,
    },
}

impl fmt::Display for BadTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, why } => write!(f, "{}: {why}", file.display()),
            Self::MissingColumn { file, column } => write!(f, "{}: line 1: column {column} is missing", file.display()),
            Self::BadField { file, line, column, why } => {
                write!(f, "{}: line {line}: column {column}: {why}", file.display())
            }
        }
    }
}

impl std::error::Error for BadTrace {}

impl Trace {
    /// Reads the folder.
    ///
    /// # Errors
    /// When a file cannot be read, lacks a column, or a field is not what it must be.
    pub fn read(folder: &Path) -> Result<Self, BadTrace> {
        Ok(Self {
            head: read_head(&folder.join("trace.toml"))?,
            requests: read_rows(&folder.join("requests.csv"), Request::parse)?,
            runners: read_rows(&folder.join("runners.csv"), Shift::parse)?,
        })
    }
}

fn read_head(file: &Path) -> Result<Head, BadTrace> {
    let bad = |why: String| BadTrace::File { file: file.to_owned(), why };
    let text = std::fs::read_to_string(file).map_err(|error| bad(error.to_string()))?;
    let head: Head = toml::from_str(&text).map_err(|error| bad(error.to_string().trim_end().to_owned()))?;
    let rates = [head.decline_rate, head.silent_rate, head.decline_rate + head.silent_rate];
    if rates.iter().any(|rate| !(0.0..=1.0).contains(rate)) {
        return Err(bad("decline_rate and silent_rate must be shares that add up to at most 1".to_owned()));
    }
    let lengths = [head.accept_s, head.extra_bag_s, head.extra_drop_s];
    if !(0.0..=3.0).contains(&head.accept_spread) {
        return Err(bad("accept_spread must be between 0 and 3".to_owned()));
    }
    let has_road = head.road_factor > 0.0 && head.road_factor.is_finite();
    if !has_road || lengths.iter().any(|length| !(0.0..=86_400.0).contains(length)) {
        return Err(bad("road_factor must be above 0, accept_s and the extras between 0 and 86400".to_owned()));
    }
    Ok(head)
}

fn read_rows<T>(file: &Path, parse: impl Fn(&Row<'_>) -> Result<T, BadTrace>) -> Result<Vec<T>, BadTrace> {
    let bad = |why: String| BadTrace::File { file: file.to_owned(), why };
    let mut reader = csv::Reader::from_path(file).map_err(|error| bad(error.to_string()))?;
    let header = reader.headers().map_err(|error| bad(error.to_string()))?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(error.to_string()))?;
        rows.push(parse(&Row { file, header: &header, record: &record })?);
    }
    Ok(rows)
}

/// One record with its header, so that a field is asked for by name.
struct Row<'a> {
    file: &'a Path,
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn text(&self, column: &'static str) -> Result<&str, BadTrace> {
        let missing = || BadTrace::MissingColumn { file: self.file.to_owned(), column };
        let at = self.header.iter().position(|name| name.trim() == column).ok_or_else(missing)?;
        Ok(self.record.get(at).unwrap_or_default().trim())
    }

    fn bad(&self, column: &'static str, why: impl Into<String>) -> BadTrace {
        let line = self.record.position().map_or(0, csv::Position::line);
        BadTrace::BadField { file: self.file.to_owned(), line, column, why: why.into() }
    }

    fn parse<T: FromStr>(&self, column: &'static str, what: &str) -> Result<T, BadTrace> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.bad(column, format!("{text:?} is not {what}")))
    }

    fn seconds(&self, column: &'static str) -> Result<f64, BadTrace> {
        let seconds: f64 = self.parse(column, "a number of seconds")?;
        if seconds.is_finite() && seconds >= 0.0 {
            return Ok(seconds);
        }
        Err(self.bad(column, "must be 0 or more"))
    }

    fn optional_seconds(&self, column: &'static str) -> Result<Option<f64>, BadTrace> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.seconds(column).map(Some) }
    }

    fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name.trim() == column)
    }

    fn point(&self, lat: &'static str, lon: &'static str) -> Result<Point, BadTrace> {
        let point = Point::new(self.parse(lat, "a latitude")?, self.parse(lon, "a longitude")?);
        if point.is_on_earth() { Ok(point) } else { Err(self.bad(lat, "is not on earth")) }
    }

    fn bags(&self, column: &'static str) -> Result<u32, BadTrace> {
        match self.parse(column, "a number of bags")? {
            0 => Err(self.bad(column, "must be at least 1")),
            bags => Ok(bags),
        }
    }

    fn urgency(&self, column: &'static str) -> Result<Urgency, BadTrace> {
        match self.text(column)? {
            "red" => Ok(Urgency::Red),
            "yellow" => Ok(Urgency::Yellow),
            "green" => Ok(Urgency::Green),
            other => Err(self.bad(column, format!("{other:?} is not red, yellow or green"))),
        }
    }
}

impl Request {
    fn parse(row: &Row<'_>) -> Result<Self, BadTrace> {
        Ok(Self {
            name: row.text("request")?.to_owned(),
            placed_s: row.seconds("placed_s")?,
            urgency: row.urgency("urgency")?,
            category: row.text("category")?.to_owned(),
            shop: row.point("shop_lat", "shop_lon")?,
            door: row.point("door_lat", "door_lon")?,
            ready_s: row.seconds("ready_s")?,
            deadline_s: row.optional_seconds("deadline_s")?,
            shop_s: row.seconds("shop_s")?,
            trip_s: row.optional_seconds("trip_s")?,
            door_s: row.seconds("door_s")?,
            bags: row.bags("bags")?,
        })
    }
}

impl Shift {
    fn parse(row: &Row<'_>) -> Result<Self, BadTrace> {
        let speed_mps: f64 = row.parse("speed_mps", "a speed")?;
        if !(speed_mps > 0.0 && speed_mps.is_finite()) {
            return Err(row.bad("speed_mps", "must be above 0"));
        }
        Ok(Self {
            name: row.text("runner")?.to_owned(),
            on_s: row.seconds("on_s")?,
            off_s: row.seconds("off_s")?,
            start: row.point("lat", "lon")?,
            speed_mps,
            capacity_bags: row.bags("capacity_bags")?,
            leg_s: if row.has("leg_s") { row.optional_seconds("leg_s")?.unwrap_or_default() } else { 0.0 },
        })
    }
}
