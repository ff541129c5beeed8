//! A CSV text as rows of one kind, or everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use super::cells::Cells;
use super::kinds::Kind;

/// One mistake, so that it can be found and mended: the line and column of the file, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub line: u64,
    /// Empty when the whole line is meant.
    pub column: String,
    pub reason: String,
}

impl Wrong {
    pub(super) fn whole_line(line: u64, reason: impl Into<String>) -> Self {
        Self { line, column: String::new(), reason: reason.into() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.reason),
            column => write!(f, "line {}, column {column}: {}", self.line, self.reason),
        }
    }
}

/// A row and the line it stands on.
pub(super) type Lined<K> = (u64, K);

pub(super) fn parse<K: Kind>(csv: &[u8]) -> Result<Vec<Lined<K>>, Vec<Wrong>> {
    let text = text_of(csv).map_err(|wrong| vec![wrong])?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => return Err(vec![Wrong::whole_line(1, error.to_string())]),
    };
    check_header(&header, K::COLUMNS)?;
    let mut found = Found { rows: Vec::new(), wrongs: Vec::new(), seen: BTreeMap::new() };
    for record in reader.records() {
        match record {
            Ok(record) => found.take(&header, &record),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                found.wrongs.push(Wrong::whole_line(line, error.to_string()));
            }
        }
    }
    if found.wrongs.is_empty() { Ok(found.rows) } else { Err(found.wrongs) }
}

struct Found<K> {
    rows: Vec<Lined<K>>,
    wrongs: Vec<Wrong>,
    /// The first columns of each row, and where they stood.
    seen: BTreeMap<Vec<String>, u64>,
}

impl<K: Kind> Found<K> {
    fn take(&mut self, header: &[String], record: &csv::StringRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let reason = format!("has {} fields, the header has {}", record.len(), header.len());
            return self.wrongs.push(Wrong::whole_line(line, reason));
        }
        let mut cells = Cells::new(line, header, record);
        let row = K::parse(&mut cells);
        let key: Vec<String> = K::COLUMNS.iter().take(K::KEY).map(|column| cells.raw(column).to_owned()).collect();
        if let Some(first) = self.seen.get(&key) {
            cells.wrong(
                K::COLUMNS.first().unwrap_or(&""),
                format!("'{}' stands on line {first} already", key.join(", ")),
            );
        } else {
            self.seen.insert(key, line);
        }
        match (row, cells.into_wrongs()) {
            (Some(row), wrongs) if wrongs.is_empty() => self.rows.push((line, row)),
            (_, wrongs) => self.wrongs.extend(wrongs),
        }
    }
}

/// The text without its byte order mark; the first line that is not UTF-8 is named.
fn text_of(csv: &[u8]) -> Result<&str, Wrong> {
    let csv = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv);
    std::str::from_utf8(csv).map_err(|error| {
        let before = csv.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        Wrong::whole_line(u64::try_from(line).unwrap_or(0), "is not UTF-8: save the file as \"CSV UTF-8\"")
    })
}

/// Exactly the columns of the contract, in any order.
fn check_header(header: &[String], columns: &[&str]) -> Result<(), Vec<Wrong>> {
    let wrong = |column: &str, reason: String| Wrong { line: 1, column: column.to_owned(), reason };
    let all = columns.join(",");
    let missing = columns
        .iter()
        .filter(|column| !header.iter().any(|given| given == *column))
        .map(|column| wrong(column, format!("is missing; the header must be {all}")));
    let extra = header.iter().enumerate().filter_map(|(place, given)| {
        if !columns.contains(&given.as_str()) {
            Some(wrong(given, format!("is not known; the header must be {all}")))
        } else if header.iter().take(place).any(|earlier| earlier == given) {
            Some(wrong(given, "stands there twice".to_owned()))
        } else {
            None
        }
    });
    let wrongs: Vec<Wrong> = missing.chain(extra).collect();
    if wrongs.is_empty() { Ok(()) } else { Err(wrongs) }
}
