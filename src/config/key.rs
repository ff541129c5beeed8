//! The key of the service: given, read from a file, or made once in development.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

use rand::RngExt;

use super::{Hidden, Refused, Server};

/// Where development keeps the key it made.
const MADE: &str = "data/paotui.key";
const SHORTEST: usize = 32;

pub(super) fn of(server: &Server) -> Result<Hidden, Refused> {
    let key = if !server.secret.is_empty() {
        server.secret.clone()
    } else if !server.secret_file.is_empty() {
        read(Path::new(&server.secret_file))?
    } else if server.is_production() {
        return Err(Refused::one(NONE_IN_PRODUCTION));
    } else {
        made_once(Path::new(MADE))?
    };
    if key.reveal().len() < SHORTEST {
        return Err(Refused::one(TOO_SHORT));
    }
    Ok(key)
}

pub(super) const NONE_IN_PRODUCTION: &str = "server.secret is not set, and production does not start without: \
     set PAOTUI__SERVER__SECRET (or server.secret_file) to the answer of `openssl rand -hex 32`";
pub(super) const TOO_SHORT: &str =
    "server.secret is shorter than 32 characters: make one of pure chance with `openssl rand -hex 32`";

/// Shorter than a key may be, though not empty.
pub(super) fn is_too_short(secret: &Hidden) -> bool {
    !secret.is_empty() && secret.reveal().len() < SHORTEST
}

fn read(file: &Path) -> Result<Hidden, Refused> {
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Hidden::new(text.trim().to_owned())),
        Err(error) => Err(Refused::one(format!("server.secret_file: {} cannot be read: {error}", file.display()))),
    }
}

/// Two processes that start together must end up with one key: whoever creates the file decides.
fn made_once(file: &Path) -> Result<Hidden, Refused> {
    match create(file) {
        Ok(key) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read_whole(file),
        Err(error) => {
            let place = file.display();
            Err(Refused::one(format!(
                "server.secret is not set and none can be kept in {place} ({error}): set server.secret"
            )))
        }
    }
}

/// The other process may be between making the file and filling it.
fn read_whole(file: &Path) -> Result<Hidden, Refused> {
    for _ in 0..50 {
        let key = read(file)?;
        if key.reveal().len() >= SHORTEST {
            return Ok(key);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err(Refused::one(format!(
        "the key in {} is shorter than 32 characters: delete the file to have a new one made",
        file.display()
    )))
}

fn create(file: &Path) -> std::io::Result<Hidden> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let bytes: [u8; 32] = rand::rng().random();
    let key = bytes.iter().fold(String::new(), |key, byte| format!("{key}{byte:02x}"));
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(file)?.write_all(key.as_bytes())?;
    Ok(Hidden::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_the_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deeper/paotui.key");
        let first = made_once(&file).unwrap();
        assert_eq!(first.reveal().len(), 64);
        assert_eq!(made_once(&file).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn two_that_start_together_get_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("paotui.key");
        let keys: Vec<Hidden> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| made_once(&file).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0]));
    }
}
