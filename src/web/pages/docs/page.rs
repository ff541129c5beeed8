//! `/api/docs`: the interface, to read.

use askama::Template;

use crate::web::pages::shell::Shell;

/// One call of the interface. Texts are English: they come from the code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoint {
    pub method: String,
    pub path: String,
    pub summary: String,
    pub who: String,
    pub params: Vec<(String, String)>,
    /// JSON, ready to read.
    pub request: Option<String>,
    pub responses: Vec<(String, String)>,
}

impl Endpoint {
    fn method_class(&self) -> &'static str {
        match self.method.as_str() {
            "GET" => "tag-plain",
            "DELETE" => "tag-red",
            "PUT" | "PATCH" => "tag-yellow",
            _ => "tag-green",
        }
    }
}

/// All calls on one page, without anything to download.
#[derive(Debug, Template)]
#[template(path = "docs/page.html")]
pub struct DocsPage<'a> {
    pub shell: &'a Shell,
    pub endpoints: &'a [Endpoint],
}
