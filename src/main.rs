//! `paotui`: see `commands`.

use std::process::ExitCode;

fn main() -> ExitCode {
    paotui::commands::run()
}
