//! What one piece of a line says of a building: "1-4栋", "A区5栋", "2号楼", "所有楼栋", "共计13栋楼".

/// A piece understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Buildings by their keys; a range is all between. `designated`: 栋 or its like is said.
    Blocks { keys: Vec<String>, designated: bool },
    /// All of the compound, or of a part of it ("A区全部").
    Whole { part: String },
    /// How many there are said to be.
    Count(usize),
}

/// How a building is called. Plain 楼 (a storey, a name) and 号 (a house in a street) are none.
const CALLED: [&str; 10] = ["号楼栋", "栋楼栋", "号栋", "号楼", "栋楼", "幢楼", "#楼", "栋", "幢", "座"];
const WHOLE: [&str; 14] = [
    "所有楼栋",
    "全部楼栋",
    "所有楼",
    "全部楼",
    "整个小区",
    "全小区",
    "全部小区",
    "所有区域",
    "全部",
    "所有",
    "整个",
    "全区",
    "全域",
    "各栋",
];
const BETWEEN: [char; 5] = ['-', '~', '至', '到', '—'];
/// A longer range is a slip of the pen.
const LONGEST_RANGE: u32 = 200;

/// The key of a building by its name: what it is called without 栋 and its like.
#[must_use]
pub fn key(folded_name: &str) -> String {
    uncalled(folded_name).unwrap_or(folded_name).replace('幢', "栋")
}

fn uncalled(text: &str) -> Option<&str> {
    CALLED.iter().find_map(|called| text.strip_suffix(called))
}

/// The part before the number: "a区" of "a区5"; nothing of "5".
#[must_use]
pub fn part_of(key: &str) -> &str {
    key.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// What the piece says; `None` when it says something else than buildings.
#[must_use]
pub fn read(piece: &str) -> Option<Piece> {
    if let Some(count) = count(piece) {
        return Some(Piece::Count(count));
    }
    if let Some(part) = WHOLE.iter().find_map(|whole| piece.strip_suffix(whole)) {
        return Some(Piece::Whole { part: part.to_owned() });
    }
    let piece = WHOLE.iter().find_map(|whole| piece.strip_prefix(whole)).unwrap_or(piece);
    let (stem, designated) = uncalled(piece).map_or((piece, false), |stem| (stem, true));
    if stem.is_empty() {
        return None;
    }
    // "H-1栋" is a name; a range has a number on its left.
    let between = stem.split_once(BETWEEN);
    let numbered =
        |left: &str| uncalled(left).unwrap_or(left).trim_end_matches('号').ends_with(|c: char| c.is_ascii_digit());
    let Some((left, right)) = between.filter(|(left, _)| numbered(left)) else {
        let fits = stem.ends_with(|c: char| c.is_ascii_alphanumeric());
        return fits.then(|| Piece::Blocks { keys: vec![key(stem)], designated });
    };
    let keys = range(uncalled(left).unwrap_or(left.trim_end_matches('号')), right.trim_end_matches('号'))?;
    Some(Piece::Blocks { keys, designated })
}

/// All of a range: 1-4, A区1-4.
fn range(left: &str, right: &str) -> Option<Vec<String>> {
    let part = part_of(left);
    let from: u32 = left.strip_prefix(part)?.parse().ok()?;
    let right = right.strip_prefix(part).unwrap_or(right);
    if !right.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let to: u32 = right.parse().ok()?;
    (from <= to && to - from <= LONGEST_RANGE).then(|| (from..=to).map(|number| format!("{part}{number}")).collect())
}

/// "共计13栋楼", "一共5栋", "共3幢"
fn count(piece: &str) -> Option<usize> {
    let said = ["1共", "总共", "合计", "共"].iter().find_map(|word| piece.strip_prefix(word))?;
    let said = said.strip_prefix('计').unwrap_or(said);
    uncalled(said.strip_prefix('有').unwrap_or(said))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(piece: &str) -> Vec<String> {
        match read(piece) {
            Some(Piece::Blocks { keys, .. }) => keys,
            _ => vec![],
        }
    }

    #[test]
    fn numbers_ranges_and_parts_are_read() {
        assert_eq!(keys("2号楼"), ["2"]);
        assert_eq!(keys("5-6栋"), ["5", "6"]);
        assert_eq!(keys("7栋-9栋"), ["7", "8", "9"]);
        assert_eq!(keys("全部1至3栋"), ["1", "2", "3"]);
        assert_eq!(keys("a区10号楼2栋"), ["a区10号楼2"]);
        assert_eq!(keys("b区1-2幢"), ["b区1", "b区2"]);
        assert_eq!(keys("新16栋"), ["新16"]);
        assert_eq!(keys("a座"), ["a"]);
        assert_eq!(keys("h-1栋"), ["h-1"]);
        assert_eq!(read("共计13栋楼"), Some(Piece::Count(13)));
        assert_eq!(read("1共12栋"), Some(Piece::Count(12)));
        assert_eq!(read("a区全部"), Some(Piece::Whole { part: "a区".into() }));
    }

    #[test]
    fn what_is_no_building_is_not_one() {
        for piece in ["永辉超市", "64号", "3楼", "9-2栋", "1-9999栋", "1-b栋", "栋", "2单元", "鑫辉楼"] {
            assert!(keys(piece).is_empty(), "{piece}");
        }
    }
}
