//! The acts, one Lua file each, whose header lists KEYS, ARGV and result.
//!
//! They are sent as EVALSHA: a script is named by its content, so two versions of the service can share a Redis while one
//! replaces the other, and a Redis that has forgotten a script (restart, SCRIPT FLUSH) is taught it again on the way.

use std::sync::LazyLock;

use redis::Script;

macro_rules! acts {
    ($($name:ident = $file:literal)+) => {$(
        pub(in crate::line::redis) static $name: LazyLock<Script> =
            LazyLock::new(|| Script::new(concat!(include_str!("generation.lua"), include_str!($file))));
    )+};
}

acts! {
    CENSUS = "census.lua"
    CLAIM = "claim.lua"
    DEQUEUE = "dequeue.lua"
    ENQUEUE = "enqueue.lua"
    LEASE = "lease.lua"
    LEASES_ENDED = "leases_ended.lua"
    LEAVE = "leave.lua"
    MOST_URGENT = "most_urgent.lua"
    NEAR = "near.lua"
    SAMPLE = "sample.lua"
    STAND = "stand.lua"
}

/// Turns the pointer of a zone; it alone does not begin by reading it.
pub(in crate::line::redis) static TURN: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("turn.lua")));
