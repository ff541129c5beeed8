//! Seals of buildings.

use super::words::word;

word! {
    Seal { Open = "open", Sealed = "sealed", StairsOnly = "stairs_only" }
}
