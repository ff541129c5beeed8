//! Letters, and the ways they leave the house. Nothing else of ours knows lettre.
//!
//! A letter carries the id it has in the outbox as its Message-ID: sent twice, it is recognised as the same.

mod error;
pub mod letters;
mod transport;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

pub use error::MailError;
use transport::Transport;

/// No letter may hold a worker longer than this: lettre's own timeout covers only connecting (lettre#1027).
pub const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// A letter ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The outbox's id of it, without brackets and host.
    pub message_id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

// Addresses and links are personal: they never reach a log by way of {:?}.
impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The next station has it.
    Accepted,
    /// Mail is turned off: counted and let go.
    Dropped,
}

/// The letters a memory mailer holds.
pub type Held = Arc<Mutex<Vec<Envelope>>>;

/// Sends letters from one address by one transport.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
    timeout: Duration,
}

/// Opens what `mail.url` names: `none:`, `dir:PATH`, `smtp://HOST[:PORT]` (plain, for a mail catcher nearby),
/// `smtp://USER:PASSWORD@HOST?tls=required` (STARTTLS), `smtps://USER:PASSWORD@HOST`.
///
/// # Errors
/// Says what is wrong with the setting, without repeating it: it may hold a password.
pub fn open(url: &str, from: &str) -> Result<Mailer, MailError> {
    let transport = match url.split_once(':') {
        Some(("none", _)) => Transport::None,
        Some(("dir", path)) => Transport::folder(PathBuf::from(path))?,
        Some(("smtp" | "smtps", _)) => Transport::smtp(url)?,
        _ => return Err(MailError::UnknownTransport),
    };
    Mailer::new(transport, from)
}

impl Mailer {
    /// Keeps letters in memory, for tests and demonstrations.
    ///
    /// # Errors
    /// When `from` is no address.
    pub fn memory(from: &str) -> Result<(Self, Held), MailError> {
        let held = Held::default();
        Ok((Self::new(Transport::Memory(Arc::clone(&held)), from)?, held))
    }

    fn new(transport: Transport, from: &str) -> Result<Self, MailError> {
        let from = from.parse().map_err(|_| MailError::From)?;
        Ok(Self { from, transport, timeout: SEND_TIMEOUT })
    }

    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Which transport: "smtp", "folder", "memory" or "none".
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.transport.kind()
    }

    /// Sends one letter, once. Trying again is the outbox's business.
    ///
    /// # Errors
    /// [`MailError::is_permanent`] tells whether trying again can help.
    pub async fn send(&self, envelope: &Envelope) -> Result<Sent, MailError> {
        let message = self.message(envelope)?;
        let sending = self.transport.send(envelope, message);
        tokio::time::timeout(self.timeout, sending).await.unwrap_or(Err(MailError::TimedOut))
    }

    /// Whether letters could leave now: for `paotui check`.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check(&self) -> Result<(), MailError> {
        tokio::time::timeout(self.timeout, self.transport.check()).await.unwrap_or(Err(MailError::TimedOut))
    }

    fn message(&self, envelope: &Envelope) -> Result<Message, MailError> {
        let in_headers = [&envelope.message_id, &envelope.to, &envelope.subject];
        if in_headers.iter().any(|text| text.chars().any(char::is_control)) {
            return Err(MailError::ControlCharacter);
        }
        let to: Address = envelope.to.parse().map_err(|_| MailError::Recipient)?;
        let id = format!("<{}@{}>", envelope.message_id, self.from.email.domain());
        let body = MultiPart::alternative_plain_html(envelope.text.clone(), envelope.html.clone());
        Message::builder()
            .message_id(Some(id))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&envelope.subject)
            .multipart(body)
            .map_err(|_| MailError::Unsendable)
    }
}

#[cfg(test)]
mod tests;
