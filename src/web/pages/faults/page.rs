//! What is shown when something did not work: what happened, what to do, whom to call.

use askama::Template;

use crate::web::pages::shell::Shell;

/// A failure in words. `code` is a fault code of the interface.
#[derive(Debug, Template)]
#[template(path = "faults/page.html")]
pub struct FaultPage<'a> {
    pub shell: &'a Shell,
    pub code: &'a str,
    pub status: u16,
    /// What staff say about it.
    pub said: Option<&'a str>,
    /// To read out on the telephone; found in the logs.
    pub request_id: Option<&'a str>,
}

impl FaultPage<'_> {
    fn title(&self) -> String {
        self.phrase("")
    }

    fn help(&self) -> String {
        self.phrase("-help")
    }

    fn phrase(&self, what: &str) -> String {
        let known = self.shell.words.find(&format!("fault-{}{what}", self.code));
        known.unwrap_or_else(|| self.shell.t(&format!("fault-internal{what}")))
    }

    /// Where this visitor starts again.
    fn home(&self) -> &'static str {
        use crate::domain::actor::Role;
        match self.shell.signed_in.as_ref().map(|person| person.role) {
            Some(Role::Runner) => "/run",
            Some(Role::Desk | Role::Supervisor | Role::District | Role::Admin) => "/watch",
            None => "/",
        }
    }
}
