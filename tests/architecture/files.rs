//! The files of the package, and what is counted and looked for line by line.

use std::path::Path;

pub struct File {
    /// From the root of the package, with `/`.
    pub path: String,
    pub text: String,
}

pub fn sources() -> Vec<File> {
    below("src", "rs")
}

/// The sources without the files that are tests as a whole: those build houses of their own and may use whatever that takes.
pub fn production() -> Vec<File> {
    let is_test = |path: &str| path.ends_with("/tests.rs") || path.contains("/tests/");
    sources().into_iter().filter(|file| !is_test(&file.path)).collect()
}

pub fn style_sheets() -> Vec<File> {
    below("assets", "css")
}

fn below(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    gather(Path::new(folder), ending, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

fn gather(folder: &Path, ending: &str, found: &mut Vec<File>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            gather(&path, ending, found);
        } else if path.extension().is_some_and(|given| given == ending) {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            found.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// Lines before the tests of the file.
pub fn production_lines(text: &str) -> usize {
    text.lines().take_while(|line| !is_test_mark(line)).count()
}

fn is_test_mark(line: &str) -> bool {
    line.trim_start().starts_with("#[cfg(test)]")
}

/// Line numbers of marks that say "not done yet", or that may end the process, outside tests.
pub fn unfinished(text: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().take_while(|line| !is_inline_tests(line, text)).enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let marked = ["TODO", "FIXME", "XXX"].iter().any(|mark| line.contains(mark));
        let dares = ["todo!(", "unimplemented!(", ".unwrap()", ".expect("].iter().any(|call| code.contains(call));
        if marked || dares {
            lines.push(number + 1);
        }
    }
    lines
}

/// `#[cfg(test)]` before `mod tests;` at the top of a file does not begin the tests of this file.
fn is_inline_tests(line: &str, text: &str) -> bool {
    is_test_mark(line) && text.split_once(line).is_some_and(|(_, rest)| rest.trim_start().starts_with("mod tests {"))
}

/// Words of CSS that a telephone of 2019 does not understand.
pub fn too_new(css: &str) -> Vec<String> {
    let mut found: Vec<String> = [":has(", "@layer", "dvh", "@container"]
        .iter()
        .filter(|word| css.contains(*word))
        .map(|word| (*word).to_owned())
        .collect();
    let declares = |line: &str| line.trim_start().split(['{', ';']).any(|part| part.trim_start().starts_with("inset:"));
    if css.lines().any(declares) {
        found.push("inset".to_owned());
    }
    found
}

#[test]
fn tests_do_not_count_as_production() {
    assert_eq!(production_lines("a\nb\n#[cfg(test)]\nmod tests {\n}\n"), 2);
}

#[test]
fn planted_marks_are_found_and_those_in_tests_are_not() {
    let source = "fn a() { todo!() }\n// TODO: b\nlet c = d.unwrap();\nlet e = f.unwrap_or(1);\n#[cfg(test)]\nmod tests {\n g.unwrap();\n}\n";
    assert_eq!(unfinished(source), [1, 2, 3]);
    assert_eq!(unfinished("#[cfg(test)]\nmod tests;\nfn a() { todo!() }\n"), [3]);
}

#[test]
fn planted_css_is_found() {
    assert_eq!(too_new("a:has(b) { inset: 0; height: 100dvh }\n@layer x;"), [":has(", "@layer", "dvh", "inset"]);
    assert!(too_new("a { box-shadow: inset 0 0 1px; top: 0 }").is_empty());
}
