//! The waiting line: one suite of stories for every implementation, then what only Redis can suffer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by failing"
)]

mod cluster;
mod faults;
mod house;
mod model;
mod server;
mod stories;

/// Each story runs on the line inside one process and on the line in Redis.
macro_rules! on_both {
    ($($story:ident)+) => {
        mod in_memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::stories::$story(super::house::House::in_memory()).await;
            })+
        }
        mod in_redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::stories::$story(super::house::House::in_redis().await).await;
            })+
        }
    };
}

on_both! {
    a_zone_is_lost_until_it_is_rebuilt
    the_most_urgent_come_first_and_equals_by_id
    an_errand_named_again_takes_its_new_time
    two_hundred_runners_claim_one_errand_and_one_wins
    one_runner_cannot_be_given_two_errands
    a_claim_in_vain_changes_nothing
    rings_hold_who_is_inside_nearest_first
    a_runner_who_moves_is_found_where_he_stands_last
    a_position_no_map_can_hold_is_refused
    an_errand_put_back_waits_again
    leases_end_in_order_and_stay_until_something_is_said
    a_renewed_lease_ends_later
    an_errand_waits_or_is_held_never_both
    a_dequeued_errand_is_gone_from_everywhere
    zones_do_not_mix
    times_and_limits_beyond_all_bounds_do_no_harm
    a_sample_is_of_those_that_wait
    a_rebuild_replaces_everything_under_a_new_generation
    a_rebuild_takes_each_thing_once
    a_rebuild_leaves_out_a_runner_off_the_map
    many_rebuild_while_others_write
    a_flushed_line_says_lost_and_can_be_rebuilt
    a_signal_reaches_every_instance
    a_hundred_thousand_errands_are_rebuilt_in_time
}

mod settings {
    use paotui::line::{LineError, open};

    #[tokio::test]
    async fn an_unusable_url_is_refused_with_what_is_allowed() {
        for url in ["", "postgres://x", "redis://", "redis+cluster://", "redis:6379"] {
            match open(url, "paotui").await.err() {
                Some(LineError::Setting(why)) => assert!(why.contains("memory:") && why.contains("rediss://"), "{why}"),
                other => panic!("{url}: {other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn an_unusable_prefix_is_refused() {
        assert!(matches!(open("redis://localhost", "a{b}").await.err(), Some(LineError::Setting(_))));
    }

    #[tokio::test]
    async fn the_line_in_memory_opens_and_answers() {
        let line = open("memory:", "any").await.expect("opens");
        line.ping().await.expect("answers");
    }
}
