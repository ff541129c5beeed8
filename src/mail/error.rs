//! Why a letter did not leave. No variant carries an address, a server's words (they repeat addresses) or a setting.

use lettre::transport::smtp::Error as SmtpError;

#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("mail.url must begin with none:, dir:, smtp:// or smtps://")]
    UnknownTransport,
    #[error("mail.url cannot be read: {0}")]
    BadUrl(#[source] SmtpError),
    #[error("mail.url would send its password unprotected; add ?tls=required or use smtps://")]
    PasswordInClear,
    #[error("mail.url dir: needs a path")]
    NoFolder,
    #[error("the sender's address (mail.from) is not an address")]
    From,
    #[error("the recipient's address is not an address")]
    Recipient,
    #[error("a header of the letter holds a control character")]
    ControlCharacter,
    #[error("the letter cannot be written: {0}")]
    Template(#[from] askama::Error),
    #[error("the letter cannot be sent as it is")]
    Unsendable,
    /// The server will never take it.
    #[error("the mail server refused the letter for good (code {0})")]
    Refused(u16),
    #[error("the mail server cannot take the letter now (code {0})")]
    NotNow(u16),
    /// A wrong password is the house's fault, not the letter's: it waits.
    #[error("the mail server does not accept our sign-in (code {0})")]
    SignIn(u16),
    #[error("the mail server took too long")]
    TimedOut,
    #[error("the mail server cannot be reached: {0}")]
    Unreachable(#[source] SmtpError),
    #[error("the folder for letters cannot be written: {0}")]
    Folder(#[from] std::io::Error),
}

impl MailError {
    /// True when trying this letter again cannot help.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        match self {
            Self::Recipient
            | Self::ControlCharacter
            | Self::Template(_)
            | Self::Unsendable
            | Self::Refused(_)
            | Self::UnknownTransport
            | Self::BadUrl(_)
            | Self::PasswordInClear
            | Self::NoFolder
            | Self::From => true,
            Self::NotNow(_) | Self::SignIn(_) | Self::TimedOut | Self::Unreachable(_) | Self::Folder(_) => false,
        }
    }
}

impl From<SmtpError> for MailError {
    fn from(error: SmtpError) -> Self {
        let code = error.status().map(u16::from);
        match code {
            Some(code @ (530 | 534 | 535 | 538)) => Self::SignIn(code),
            Some(code) if error.is_permanent() => Self::Refused(code),
            Some(code) => Self::NotNow(code),
            None if error.is_timeout() => Self::TimedOut,
            None if error.is_client() => Self::Unsendable,
            None => Self::Unreachable(error),
        }
    }
}
