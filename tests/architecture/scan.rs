//! Reading a source: every path it names, as seen from the crate's root.
//!
//! The source is taken as tokens (`proc-macro2`), not as a syntax tree: so that paths inside macros count like all
//! others, and comments and strings do not. What a `use` brings in is remembered by its name, so that `use crate::store;
//! store::views::f()` is seen as `crate::store::views::f`.

use std::collections::BTreeMap;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

/// A path with the line it stands on. The first part is `crate` or the name of a third-party crate;
/// a glob import ends in `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

/// The module a file is, from the crate's root: `src/store/views/mod.rs` is `store::views`.
pub fn module_of(file: &str) -> Vec<String> {
    let inner = file.strip_prefix("src/").unwrap_or(file);
    let mut parts: Vec<String> = inner.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    if inner == "lib.rs" {
        parts.clear();
    }
    parts
}

/// Every path that leads out of the module itself: into our crate, or into another one.
pub fn named(file: &str, text: &str) -> Vec<Named> {
    let tokens = TokenStream::from_str(text).unwrap_or_else(|error| panic!("{file} is not Rust: {error}"));
    let mut scan = Scan { module: module_of(file), scopes: vec![BTreeMap::new()], found: Vec::new() };
    scan.imports(&flat(&tokens));
    scan.walk(&tokens);
    scan.found.sort();
    scan.found.dedup();
    scan.found
}

fn flat(tokens: &TokenStream) -> Vec<TokenTree> {
    tokens.clone().into_iter().collect()
}

struct Scan {
    /// Where in the tree of modules the tokens being read stand; inline modules go deeper.
    module: Vec<String>,
    /// What each scope's `use` declarations bring in, by name; the innermost comes last.
    scopes: Vec<BTreeMap<String, Vec<String>>>,
    found: Vec<Named>,
}

impl Scan {
    /// Reads the `use` declarations of one scope ahead of everything else there: order does not matter in Rust.
    fn imports(&mut self, tokens: &[TokenTree]) {
        for (place, token) in tokens.iter().enumerate() {
            if is_word(token, "use") && !is_bound(tokens, place) {
                let end = tokens[place..]
                    .iter()
                    .position(|token| is_mark(token, ';'))
                    .map_or(tokens.len(), |far| place + far);
                self.import(&tokens[place + 1..end], &[]);
            }
        }
    }

    /// One `use` tree below `prefix`: `a::{b, c as d, self}`.
    fn import(&mut self, tree: &[TokenTree], prefix: &[String]) {
        for branch in tree.split(|token| is_mark(token, ',')) {
            self.import_branch(branch, prefix);
        }
    }

    fn import_branch(&mut self, branch: &[TokenTree], prefix: &[String]) {
        let mut path = prefix.to_vec();
        let mut alias = None;
        let mut tokens = branch.iter();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(ident) if ident == "as" => alias = tokens.next().map(ToString::to_string),
                TokenTree::Ident(ident) if ident == "self" && !path.is_empty() => {}
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => return self.import(&flat(&group.stream()), &path),
                TokenTree::Punct(mark) if mark.as_char() == '*' => path.push("*".to_owned()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
        let Some(name) = alias.or_else(|| path.last().cloned()) else { return };
        let line = branch.first().map_or(0, |token| token.span().start().line);
        let whole = self.rooted(&path);
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, whole.clone());
        }
        self.found.push(Named { line, path: whole });
    }

    /// Everything that is not a `use`: paths, and scopes within braces.
    fn walk(&mut self, tokens: &TokenStream) {
        let tokens = flat(tokens);
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            place += match token {
                TokenTree::Ident(ident) if ident == "use" && !is_bound(&tokens, place) => {
                    tokens[place..].iter().position(|token| is_mark(token, ';')).unwrap_or(1)
                }
                TokenTree::Punct(mark) if mark.as_char() == '#' && is_test_module(&tokens[place..]) => 5,
                TokenTree::Ident(ident) if ident == "mod" => self.module_at(&tokens, place),
                TokenTree::Ident(ident) if ident == "extern" => self.extern_crate_at(&tokens, place),
                TokenTree::Ident(_) => self.path_at(&tokens, place),
                TokenTree::Group(group) => {
                    self.scope(&group.stream());
                    1
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
            };
        }
    }

    fn scope(&mut self, tokens: &TokenStream) {
        self.scopes.push(BTreeMap::new());
        self.imports(&flat(tokens));
        self.walk(tokens);
        self.scopes.pop();
    }

    /// `mod name { … }`: what is inside stands one module deeper.
    fn module_at(&mut self, tokens: &[TokenTree], place: usize) -> usize {
        if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
            (tokens.get(place + 1), tokens.get(place + 2))
        {
            self.module.push(name.to_string());
            // A module does not see the imports around it.
            let outer = std::mem::take(&mut self.scopes);
            self.scope(&body.stream());
            self.scopes = outer;
            self.module.pop();
            return 3;
        }
        2
    }

    fn extern_crate_at(&mut self, tokens: &[TokenTree], place: usize) -> usize {
        if let (Some(word), Some(TokenTree::Ident(name))) = (tokens.get(place + 1), tokens.get(place + 2))
            && is_word(word, "crate")
        {
            self.found.push(Named { line: name.span().start().line, path: vec![name.to_string()] });
            return 3;
        }
        1
    }

    /// A path `a::b::c` at this place; a single word is a path only when an import made it one.
    fn path_at(&mut self, tokens: &[TokenTree], place: usize) -> usize {
        // Fields and methods (`.name`) and lifetimes are no paths; a path's later parts were read with its first.
        if place > 0
            && (is_mark(&tokens[place - 1], '.') && !is_range(tokens, place) || is_mark(&tokens[place - 1], '\''))
        {
            return 1;
        }
        let mut path = vec![tokens[place].to_string()];
        let mut next = place + 1;
        while is_double_colon(tokens, next) {
            match tokens.get(next + 2) {
                Some(TokenTree::Ident(part)) => path.push(part.to_string()),
                _ => break,
            }
            next += 3;
        }
        let line = tokens[place].span().start().line;
        if path.len() > 1 {
            let whole = self.resolved(path, place > 1 && is_double_colon(tokens, place - 2));
            self.found.push(Named { line, path: whole });
        }
        next - place
    }

    /// The first word of a path, followed through the imports in scope.
    fn resolved(&self, path: Vec<String>, is_global: bool) -> Vec<String> {
        let first = path[0].as_str();
        if is_global {
            return path;
        }
        let known = self.scopes.iter().rev().find_map(|scope| scope.get(first));
        match known {
            Some(prefix) => prefix.iter().chain(&path[1..]).cloned().collect(),
            None => self.rooted(&path),
        }
    }

    /// `self::` and `super::` turned into the way from the root. Other first words stay: third-party crates, or names
    /// of this module, which lead nowhere else.
    fn rooted(&self, path: &[String]) -> Vec<String> {
        let mut here: Vec<String> = std::iter::once("crate".to_owned()).chain(self.module.iter().cloned()).collect();
        let mut rest = path;
        let mut relative = false;
        while let [first, further @ ..] = rest {
            match first.as_str() {
                "super" => {
                    here.pop();
                    relative = true;
                }
                "self" => relative = true,
                // Deeper than in a `use` tree, `crate` can only come first.
                "crate" => return path.to_vec(),
                _ => break,
            }
            rest = further;
        }
        if relative { here.into_iter().chain(rest.iter().cloned()).collect() } else { path.to_vec() }
    }
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_double_colon(tokens: &[TokenTree], place: usize) -> bool {
    matches!((tokens.get(place), tokens.get(place + 1)), (Some(one), Some(two)) if is_mark(one, ':') && is_mark(two, ':'))
}

/// `#[cfg(test)] mod name { … }`: tests build whole houses and may use whatever that takes.
fn is_test_module(tokens: &[TokenTree]) -> bool {
    match tokens {
        [_, TokenTree::Group(attribute), word, TokenTree::Ident(_), TokenTree::Group(_), ..] => {
            is_word(word, "mod") && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
        }
        _ => false,
    }
}

/// `..name` is a range or rest, not a field.
fn is_range(tokens: &[TokenTree], place: usize) -> bool {
    place > 1 && is_mark(&tokens[place - 2], '.')
}

/// `impl Trait + use<'a>` is a bound, not an import.
fn is_bound(tokens: &[TokenTree], place: usize) -> bool {
    tokens.get(place + 1).is_some_and(|token| is_mark(token, '<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(file: &str, text: &str) -> Vec<String> {
        named(file, text).into_iter().map(|named| named.path.join("::")).collect()
    }

    fn sees(file: &str, text: &str, path: &str) {
        let found = paths(file, text);
        assert!(found.iter().any(|one| one == path), "{path} is not seen in {text}: {found:?}");
    }

    #[test]
    fn files_are_modules() {
        assert_eq!(module_of("src/store/views/mod.rs"), ["store", "views"]);
        assert_eq!(module_of("src/config.rs"), ["config"]);
        assert!(module_of("src/lib.rs").is_empty());
    }

    #[test]
    fn grouped_and_nested_imports_are_seen_one_by_one() {
        let text = "use crate::{domain::ids::ZoneId, store::{self, views::{queue, runner as r}}};";
        for path in
            ["crate::domain::ids::ZoneId", "crate::store", "crate::store::views::queue", "crate::store::views::runner"]
        {
            sees("src/flow/a.rs", text, path);
        }
    }

    #[test]
    fn super_and_self_lead_from_where_they_stand() {
        sees("src/web/pages/run.rs", "use super::super::super::store::Db;", "crate::store::Db");
        sees("src/web/pages/mod.rs", "use super::links;", "crate::web::links");
        sees("src/web/mod.rs", "mod inner { use super::super::line::Line; }", "crate::line::Line");
        sees("src/web/mod.rs", "fn f() { self::links::g() }", "crate::web::links::g");
    }

    #[test]
    fn paths_in_the_middle_of_code_and_macros_are_seen() {
        sees("src/flow/a.rs", "fn f() { crate::web::fault::g(1) }", "crate::web::fault::g");
        sees("src/flow/a.rs", "fn f() { with!(conn, |c| crate::mail::send(c).await) }", "crate::mail::send");
        sees("src/flow/a.rs", "macro_rules! m { () => { $crate::mail::send() } }", "crate::mail::send");
        sees("src/flow/a.rs", "fn f(x: Option<&'static redis::Client>) {}", "redis::Client");
        sees("src/flow/a.rs", "#[derive(diesel::Queryable)] struct A { b: ::lettre::Address }", "lettre::Address");
        sees("src/flow/a.rs", "#[diesel(sql_type = diesel::sql_types::Text)] struct A;", "diesel::sql_types::Text");
        sees("src/flow/a.rs", "fn f() { for i in 0..redis::N {} }", "redis::N");
    }

    #[test]
    fn an_imported_name_stands_for_what_it_was_imported_from() {
        sees("src/flow/a.rs", "use crate::store; fn f() { store::views::queue::g() }", "crate::store::views::queue::g");
        sees("src/flow/a.rs", "use crate::store as s; fn f() { s::views::g() }", "crate::store::views::g");
        sees("src/flow/a.rs", "use crate as root; fn f() { root::web::g() }", "crate::web::g");
        sees("src/flow/a.rs", "fn f() { use crate::store; store::views::g() }", "crate::store::views::g");
        sees("src/flow/a.rs", "fn f() { views::g() } use crate::store::views;", "crate::store::views::g");
        sees("src/flow/a.rs", "use crate::store::*;", "crate::store::*");
        sees("src/flow/a.rs", "pub use crate::store::views as shapes;", "crate::store::views");
        sees("src/flow/a.rs", "extern crate redis;", "redis");
        sees("src/flow/a.rs", "use redis;", "redis");
    }

    #[test]
    fn comments_strings_and_fields_are_no_paths() {
        let text = "// use crate::web;\n/// [`crate::mail`]\nfn f() { let a = \"crate::web::x\"; self.redis.get(); b.mail::<u8>() }";
        let found = paths("src/flow/a.rs", text);
        assert!(
            !found.iter().any(|path| path.contains("web") || path.contains("mail") || path.starts_with("redis")),
            "{found:?}"
        );
    }

    #[test]
    fn inline_tests_are_passed_over_and_nothing_else_is() {
        assert!(paths("src/flow/a.rs", "#[cfg(test)] mod tests { use crate::web; }").is_empty());
        sees("src/flow/a.rs", "#[cfg(test)] use crate::web;", "crate::web");
        sees("src/flow/a.rs", "#[cfg(test)] mod tests { } fn f() { crate::web::g() }", "crate::web::g");
        sees("src/flow/a.rs", "#[cfg(unix)] mod inner { use crate::web; }", "crate::web");
    }

    #[test]
    fn lines_are_those_of_the_file() {
        assert_eq!(named("src/flow/a.rs", "\n\nuse crate::web;")[0].line, 3);
    }
}
