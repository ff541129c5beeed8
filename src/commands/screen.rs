//! Words to the person at the terminal. Unlike `println!`, a reader who went away (`paotui check | head -1`) is no panic.

use std::io::Write;

/// One line of result, to standard output.
pub(super) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody is left to tell when this fails.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// One line about what went wrong, to standard error.
pub(super) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A question, to standard error without a line end, so that standard output stays clean for results.
pub(super) fn ask(question: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{question}").and_then(|()| err.flush());
}
