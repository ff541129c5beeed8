//! Chance, handed in: tests and the simulator hand in a seeded one.

use super::secret::base32;

pub trait Chance: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// Any 64-bit number, each as likely.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Uniform in 0..1.
    fn fraction(&self) -> f64 {
        f64::from(u32::try_from(self.number() >> 32).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }

    /// A secret of 256 bits, written in 52 characters.
    fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        base32(&bytes)
    }
}
