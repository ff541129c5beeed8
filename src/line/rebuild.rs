//! Does the line still agree with the store? Pure: the caller looks at both and asks here; nothing is read or written.
//!
//! How a round uses it, each few seconds and for every zone: count in the store, take the [`super::Census`] and a sample
//! of the ready ids, look the sample up in the store, count again, [`compare`]. On [`Verdict::Rebuild`] read the zone's
//! standing from the store and hand it to [`super::Line::rebuild`]. Any number of processes may do so at once.
//!
//! The store moves while it is being counted, so the line agrees when each of its figures lies between the two counts,
//! give or take one in a thousand. Below a thousand that means exactly: a small zone is rebuilt in a millisecond, so a
//! false alarm costs nothing there. What a large zone may thereby miss for a while is found by whoever sweeps the
//! store for errands that have waited too long.

use super::Census;

/// Entries of a zone, as the store counts them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub ready: u64,
    pub runners: u64,
    pub leases: u64,
}

/// The store counted before the census was taken and again after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StoreCounts {
    pub before: Counts,
    pub after: Counts,
}

/// Ready ids taken from the line and looked up in the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sample {
    pub looked_up: u64,
    /// How many of them do not wait in the store.
    pub stale: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Agrees,
    Rebuild(Reason),
}

/// Why a zone has to be rebuilt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// No generation: the line was flushed, or this zone is new to it.
    Lost,
    /// It holds another number of waiting errands than the store.
    Ready { line: u64, store: u64 },
    /// It holds another number of available runners.
    Runners { line: u64, store: u64 },
    /// It holds another number of leases.
    Leases { line: u64, store: u64 },
    /// The numbers agree but the ids do not: more than one in eight of the sample is stale.
    Stale(Sample),
}

impl StoreCounts {
    /// For a store that is known to stand still, or was counted once.
    #[must_use]
    pub const fn once(counts: Counts) -> Self {
        Self { before: counts, after: counts }
    }
}

/// Compares a zone's line with the store. `census` is `None` when the line has lost the zone.
#[must_use]
pub fn compare(census: Option<&Census>, sample: Sample, store: StoreCounts) -> Verdict {
    let Some(line) = census else { return Verdict::Rebuild(Reason::Lost) };
    let StoreCounts { before, after } = store;
    let reason = if !agrees(line.ready, before.ready, after.ready) {
        Reason::Ready { line: line.ready, store: after.ready }
    } else if !agrees(line.runners, before.runners, after.runners) {
        Reason::Runners { line: line.runners, store: after.runners }
    } else if !agrees(line.leases, before.leases, after.leases) {
        Reason::Leases { line: line.leases, store: after.leases }
    } else if sample.stale.saturating_mul(8) > sample.looked_up {
        Reason::Stale(sample)
    } else {
        return Verdict::Agrees;
    };
    Verdict::Rebuild(reason)
}

fn agrees(line: u64, before: u64, after: u64) -> bool {
    let (low, high) = (before.min(after), before.max(after));
    let slack = high / 1_000;
    (low.saturating_sub(slack)..=high.saturating_add(slack)).contains(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn census(ready: u64, runners: u64, leases: u64) -> Census {
        Census { generation: "g".to_owned(), ready, runners, leases }
    }

    fn counts(ready: u64, runners: u64, leases: u64) -> Counts {
        Counts { ready, runners, leases }
    }

    #[test]
    fn a_line_without_a_generation_is_rebuilt_even_when_the_store_is_empty() {
        assert_eq!(compare(None, Sample::default(), StoreCounts::default()), Verdict::Rebuild(Reason::Lost));
    }

    #[test]
    fn equal_numbers_and_fresh_ids_agree() {
        let store = StoreCounts::once(counts(5, 2, 1));
        let sample = Sample { looked_up: 5, stale: 0 };
        assert_eq!(compare(Some(&census(5, 2, 1)), sample, store), Verdict::Agrees);
    }

    #[test]
    fn one_errand_too_few_in_a_small_zone_is_a_reason() {
        let verdict = compare(Some(&census(4, 2, 1)), Sample::default(), StoreCounts::once(counts(5, 2, 1)));
        assert_eq!(verdict, Verdict::Rebuild(Reason::Ready { line: 4, store: 5 }));
    }

    #[test]
    fn a_figure_between_two_counts_of_a_moving_store_agrees() {
        let store = StoreCounts { before: counts(900, 75, 10), after: counts(912, 75, 14) };
        assert_eq!(compare(Some(&census(905, 75, 12)), Sample::default(), store), Verdict::Agrees);
        let verdict = compare(Some(&census(913, 75, 12)), Sample::default(), store);
        assert_eq!(verdict, Verdict::Rebuild(Reason::Ready { line: 913, store: 912 }));
    }

    #[test]
    fn a_large_zone_may_differ_by_one_in_a_thousand() {
        let store = StoreCounts::once(counts(100_000, 0, 0));
        assert_eq!(compare(Some(&census(99_900, 0, 0)), Sample::default(), store), Verdict::Agrees);
        let verdict = compare(Some(&census(99_899, 0, 0)), Sample::default(), store);
        assert_eq!(verdict, Verdict::Rebuild(Reason::Ready { line: 99_899, store: 100_000 }));
    }

    #[test]
    fn a_lost_key_of_runners_or_leases_is_a_reason() {
        let store = StoreCounts::once(counts(5, 2, 1));
        let verdict = compare(Some(&census(5, 0, 1)), Sample::default(), store);
        assert_eq!(verdict, Verdict::Rebuild(Reason::Runners { line: 0, store: 2 }));
        let verdict = compare(Some(&census(5, 2, 0)), Sample::default(), store);
        assert_eq!(verdict, Verdict::Rebuild(Reason::Leases { line: 0, store: 1 }));
    }

    #[test]
    fn equal_numbers_with_stale_ids_are_a_reason() {
        let store = StoreCounts::once(counts(64, 0, 0));
        let line = census(64, 0, 0);
        assert_eq!(compare(Some(&line), Sample { looked_up: 16, stale: 2 }, store), Verdict::Agrees);
        let sample = Sample { looked_up: 16, stale: 3 };
        assert_eq!(compare(Some(&line), sample, store), Verdict::Rebuild(Reason::Stale(sample)));
    }
}
