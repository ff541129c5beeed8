//! Values that do not show: secrets, and the passwords within urls.

use std::fmt;

use serde::Deserialize;

/// A secret: `Debug` shows nothing of it, there is no `Display`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    pub const fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The one way in; named so that a reviewer sees it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// A url that may hold a password: shown without it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Url(String);

impl Url {
    pub const fn new(url: String) -> Self {
        Self(url)
    }

    /// The whole url with its password; named so that a reviewer sees it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The part before `:`, in lower case as it must be written.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// The part after `scheme:` and its two slashes, if any.
    pub(super) fn rest(&self) -> &str {
        let rest = self.0.split_once(':').map_or("", |(_, rest)| rest);
        rest.strip_prefix("//").unwrap_or(rest)
    }
}

impl fmt::Display for Url {
    /// Shows too little rather than too much: everything between the scheme and the last `@`, and everything after `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, query) = self.0.split_once('?').map_or((self.0.as_str(), ""), |(shown, _)| (shown, "?…"));
        let Some((before, host)) = shown.rsplit_once('@') else { return write!(f, "{shown}{query}") };
        let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
        write!(f, "{scheme}://…@{host}{query}")
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
