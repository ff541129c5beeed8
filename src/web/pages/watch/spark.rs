//! The small line under a figure, and lines of an SVG in general: where nothing is known a line has a gap.

/// The sheet, in units of the SVG.
const SIZE: (f64, f64) = (96.0, 28.0);
/// Left free at each edge, so that a thick line is not cut.
const EDGE: f64 = 3.0;

/// How a figure went, and the same in words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spark {
    /// Of SVG polylines.
    pub lines: Vec<String>,
    pub told: String,
}

/// The lowest and the highest that is known.
pub(super) fn range(values: &[Option<f64>]) -> Option<(f64, f64)> {
    let known = values.iter().flatten();
    known.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((*value, *value), |(low, high)| (low.min(*value), high.max(*value))))
    })
}

/// The line of a row of values, as high as the sheet; one that never moves runs along the middle.
pub(super) fn draw(values: &[Option<f64>]) -> Vec<String> {
    let Some((low, high)) = range(values) else { return Vec::new() };
    let step = (SIZE.0 - 2.0 * EDGE) / real(values.len().saturating_sub(1)).max(1.0);
    let place = |at: f64, value: f64| {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        (EDGE + at * step, SIZE.1 - EDGE - share * (SIZE.1 - 2.0 * EDGE))
    };
    let points = values.iter().enumerate().map(|(at, value)| value.map(|value| place(real(at), value)));
    runs(points)
}

/// Polylines, one for each stretch without a gap. A point that stands alone is a dot: a line to itself.
pub(super) fn runs(points: impl Iterator<Item = Option<(f64, f64)>>) -> Vec<String> {
    let mut runs: Vec<Vec<String>> = vec![Vec::new()];
    for point in points {
        match (point, runs.last_mut()) {
            (Some((x, y)), Some(run)) => run.push(format!("{x:.1},{y:.1}")),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    let line = |run: Vec<String>| match run.as_slice() {
        [alone] => format!("{alone} {alone}"),
        _ => run.join(" "),
    };
    runs.into_iter().filter(|run| !run.is_empty()).map(line).collect()
}

/// For places on a sheet: nobody draws more than four milliards.
pub(super) fn real(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_where_nothing_is_known() {
        let lines = draw(&[Some(1.0), Some(3.0), None, Some(2.0), None]);
        assert_eq!(lines, ["3.0,25.0 25.5,3.0", "70.5,14.0 70.5,14.0"]);
        assert_eq!(draw(&[None, None]), Vec::<String>::new());
    }

    #[test]
    fn what_never_moves_runs_along_the_middle() {
        assert_eq!(draw(&[Some(7.0), Some(7.0)]), ["3.0,14.0 93.0,14.0"]);
    }
}
