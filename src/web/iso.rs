//! Times in JSON: RFC 3339, UTC.

use serde::{Serialize, Serializer};

use crate::domain::clock::At;
use crate::domain::local::rfc3339;

/// An [`At`] that serialises as RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iso(pub At);

impl Serialize for Iso {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339(self.0))
    }
}

impl From<At> for Iso {
    fn from(at: At) -> Self {
        Self(at)
    }
}
