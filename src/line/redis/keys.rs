//! Every key and channel the line uses, and the only place in Rust that spells one.
//!
//! ```text
//! <prefix>:{c:<zone>}                        string  the pointer: the name of the zone's generation
//! <prefix>:{c:<zone>}:<generation>:ready     zset    errand → due, microseconds since 1970 (exact below 2^53)
//! <prefix>:{c:<zone>}:<generation>:runners   geo     runner → position
//! <prefix>:{c:<zone>}:<generation>:leases    zset    errand → end of the hold, microseconds since 1970
//! <prefix>:signals                           channel every zone's signals, JSON of `Signal`
//! ```
//!
//! The braces are a hash tag: all keys of a zone lie in one slot of a cluster, so that a script may touch them together.
//! A script is given the pointer as `KEYS[1]`, reads the generation from it and appends the rest of each name itself
//! (`scripts/generation.lua`). Thus "which generation" and "act on it" are one atomic step: no process can act on a
//! generation it looked up before somebody turned the pointer. Redis asks that scripts name their keys beforehand so
//! that clusters and access rules can route and check them; both go by slot and prefix here, and hold.

use crate::domain::ids::ZoneId;

/// Spells the keys of one service.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    prefix: String,
}

/// The three keys of one generation of one zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct GenerationKeys {
    pub(super) ready: String,
    pub(super) runners: String,
    pub(super) leases: String,
}

impl Keys {
    /// `None` when the prefix could be mistaken for something else: it is letters, digits, `-`, `_`, `:` and not empty.
    pub(super) fn new(prefix: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
        (!prefix.is_empty() && prefix.chars().all(plain)).then(|| Self { prefix: prefix.to_owned() })
    }

    /// The pointer of a zone.
    pub(super) fn pointer(&self, zone: ZoneId) -> String {
        format!("{}:{{c:{zone}}}", self.prefix)
    }

    pub(super) fn generation(&self, zone: ZoneId, generation: &str) -> GenerationKeys {
        let base = format!("{}:{generation}", self.pointer(zone));
        GenerationKeys {
            ready: format!("{base}:ready"),
            runners: format!("{base}:runners"),
            leases: format!("{base}:leases"),
        }
    }

    /// The channel of all signals.
    pub(super) fn signals(&self) -> String {
        format!("{}:signals", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_of_a_zone_share_one_hash_tag() {
        let zone = ZoneId::mint();
        let keys = Keys::new("paotui").expect("a plain prefix");
        let tag = format!("{{c:{zone}}}");
        let of = keys.generation(zone, "g1");
        for key in [keys.pointer(zone), of.ready, of.runners, of.leases] {
            assert!(key.starts_with(&format!("paotui:{tag}")), "{key}");
            assert_eq!(key.matches('{').count(), 1);
        }
    }

    #[test]
    fn a_prefix_with_braces_or_spaces_or_none_is_refused() {
        for prefix in ["", "a{b", "a}b", "a b", "a*"] {
            assert!(Keys::new(prefix).is_none(), "{prefix:?}");
        }
    }
}
