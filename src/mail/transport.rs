//! The four ways out: a mail server, a folder, memory, nowhere.

use std::path::PathBuf;
use std::sync::PoisonError;

use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::{Envelope, Held, MailError, SEND_TIMEOUT, Sent};

type Smtp = AsyncSmtpTransport<Tokio1Executor>;

#[derive(Debug, Clone)]
pub(super) enum Transport {
    Smtp(Smtp),
    /// One `.eml` file a letter, named by its id: sent twice, it is one file.
    Folder(PathBuf),
    Memory(Held),
    None,
}

impl Transport {
    pub fn smtp(url: &str) -> Result<Self, MailError> {
        let user = url.split_once("://").and_then(|(_, rest)| rest.split('/').next()?.rsplit_once('@'));
        let has_password = user.is_some_and(|(user, _)| user.contains(':'));
        if has_password && url.starts_with("smtp:") && !url.contains("tls=required") {
            return Err(MailError::PasswordInClear);
        }
        let builder = Smtp::from_url(url).map_err(MailError::BadUrl)?;
        // Few letters leave at a time; idle connections only look busy to the server.
        let pool = PoolConfig::new().min_idle(0).max_size(4);
        Ok(Self::Smtp(builder.timeout(Some(SEND_TIMEOUT)).pool_config(pool).build()))
    }

    pub fn folder(path: PathBuf) -> Result<Self, MailError> {
        if path.as_os_str().is_empty() {
            return Err(MailError::NoFolder);
        }
        std::fs::create_dir_all(&path)?;
        Ok(Self::Folder(path))
    }

    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Smtp(_) => "smtp",
            Self::Folder(_) => "folder",
            Self::Memory(_) => "memory",
            Self::None => "none",
        }
    }

    pub async fn send(&self, envelope: &Envelope, message: Message) -> Result<Sent, MailError> {
        match self {
            Self::Smtp(smtp) => {
                smtp.send(message).await?;
            }
            Self::Folder(path) => {
                tokio::fs::write(path.join(file_name(&envelope.message_id)), message.formatted()).await?;
            }
            Self::Memory(held) => held.lock().unwrap_or_else(PoisonError::into_inner).push(envelope.clone()),
            Self::None => {
                metrics::counter!("paotui_letters_dropped_total").increment(1);
                return Ok(Sent::Dropped);
            }
        }
        Ok(Sent::Accepted)
    }

    pub async fn check(&self) -> Result<(), MailError> {
        match self {
            Self::Smtp(smtp) => {
                if smtp.test_connection().await? {
                    Ok(())
                } else {
                    Err(MailError::NotNow(421))
                }
            }
            Self::Folder(path) => {
                let probe = path.join(".probe");
                tokio::fs::write(&probe, b"").await?;
                Ok(tokio::fs::remove_file(&probe).await?)
            }
            Self::Memory(_) | Self::None => Ok(()),
        }
    }
}

/// An id as a file name: whatever it holds, it stays in its folder.
fn file_name(id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    format!("{}.eml", id.chars().map(safe).collect::<String>())
}
