//! A pasted chat message or a paper slip, split into the fields of the form for a person to check. Nothing is ever
//! submitted from here, and nothing is lost: every piece that was not understood as a whole stands in the note, as it was.

mod amounts;
mod goods;
#[cfg(test)]
mod tests;
mod words;

pub use goods::{Goods, goods};

use super::numerals::tidy;
use super::text::digits_of;

/// What was found. All texts are as they were typed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Slip {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub patient_phone: Option<String>,
    /// To be read by [`super::door::read`].
    pub door: Option<String>,
    pub goods: Vec<Goods>,
    pub doses_left: Option<u16>,
    pub doses_per_day: Option<u16>,
    pub note: String,
}

// What people write is personal: it never reaches a log by way of {:?}.
impl std::fmt::Debug for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slip").field("goods", &self.goods.len()).finish_non_exhaustive()
    }
}

/// More than anybody writes on a slip; what is behind it goes to the note unread.
const MOST_PIECES: usize = 200;

/// Splits a text. Never fails: what it cannot read is the note.
#[must_use]
pub fn read(text: &str) -> Slip {
    let mut slip = Slip::default();
    let mut left_over: Vec<String> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if number >= MOST_PIECES {
            left_over.push(line.to_owned());
            continue;
        }
        let unread: Vec<String> = pieces(line).into_iter().filter(|piece| !slip.take(piece)).collect();
        if !unread.is_empty() {
            left_over.push(unread.join("，"));
        }
    }
    slip.note = left_over.join("\n");
    slip
}

/// The parts of a line that are read by themselves: between commas and stops, and around a telephone number.
fn pieces(line: &str) -> Vec<String> {
    let ends = |c: char| "，,；;。！!？?、\t|".contains(c);
    let rough = line.split(ends).map(str::trim).filter(|piece| !piece.is_empty());
    rough.flat_map(around_phone).flat_map(|piece| by_spaces(&piece)).collect()
}

/// `张三13800000000三栋` is three pieces.
fn around_phone(piece: &str) -> Vec<String> {
    let Some((start, end)) = words::phone_in(piece) else { return vec![piece.to_owned()] };
    let labelled = piece.get(..start).unwrap_or_default();
    let (head, label) = words::without_phone_label(labelled);
    let number = piece.get(start..end).unwrap_or_default();
    let phone = format!("{label}{number}");
    let tail = piece.get(end..).unwrap_or_default();
    let whole = [head.to_owned(), phone, tail.to_owned()];
    whole.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Words between spaces are read by themselves when one of them is a name, a door or a number of doses; goods keep
/// together: "缬沙坦 80mg 2盒".
fn by_spaces(piece: &str) -> Vec<String> {
    if words::is_phone(words::label_of(piece).1) {
        return vec![piece.to_owned()];
    }
    // What its writer labelled keeps together up to the next thing that is told apart.
    let labelled = words::label_of(piece).0.is_some();
    let mut parts: Vec<String> = Vec::new();
    let mut joined = String::new();
    for (place, word) in piece.split_whitespace().enumerate() {
        if labelled && (place == 0 || words::is_door(word)) {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word);
        } else if words::stands_alone(word) {
            if !joined.is_empty() {
                parts.push(std::mem::take(&mut joined));
            }
            parts.push(word.to_owned());
        } else {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word);
        }
    }
    if !joined.is_empty() {
        parts.push(joined);
    }
    parts
}

impl Slip {
    /// Takes a piece into a field when it is understood as a whole and the field is free.
    fn take(&mut self, piece: &str) -> bool {
        let (label, value) = words::label_of(piece);
        if value.trim().is_empty() {
            return words::is_label_alone(piece);
        }
        match label {
            Some(words::Label::Phone) => self.take_phone(value),
            Some(words::Label::Name) => free(&mut self.name, value),
            Some(words::Label::Door) => free(&mut self.door, value),
            Some(words::Label::Goods) => self.take_goods(value),
            Some(words::Label::Note) => false,
            None => self.take_unlabelled(piece),
        }
    }

    fn take_unlabelled(&mut self, piece: &str) -> bool {
        if words::is_phone(piece) {
            return self.take_phone(piece);
        }
        if let Some(told) = amounts::read(piece) {
            return self.take_amount(told);
        }
        if words::is_door(piece) {
            return free(&mut self.door, piece);
        }
        if words::is_name(piece) {
            return free(&mut self.name, words::bare_name(piece));
        }
        goods::looks_like_goods(piece) && self.take_goods(piece)
    }

    fn take_phone(&mut self, value: &str) -> bool {
        if !words::is_phone(value) {
            return false;
        }
        let same = |known: &Option<String>| known.as_ref().is_some_and(|known| digits_of(known) == digits_of(value));
        same(&self.phone) && tidy(value) == *self.phone.as_ref().unwrap_or(&String::new())
            || free(&mut self.phone, value)
            || free(&mut self.patient_phone, value)
    }

    fn take_amount(&mut self, told: amounts::Amount) -> bool {
        match told {
            amounts::Amount::Left(doses) => free(&mut self.doses_left, doses),
            amounts::Amount::PerDay(doses) => free(&mut self.doses_per_day, doses),
        }
    }

    fn take_goods(&mut self, value: &str) -> bool {
        let Some(goods) = goods(value) else { return false };
        if self.goods.len() >= super::request::Submission::MOST_ITEMS {
            return false;
        }
        self.goods.push(goods);
        true
    }
}

/// Fills a field that is still free; a second value is left for the note.
fn free<T, V: Into<T>>(field: &mut Option<T>, value: V) -> bool {
    if field.is_some() {
        return false;
    }
    *field = Some(value.into());
    true
}
