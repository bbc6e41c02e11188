//! What every bus must keep, seen from outside, and what only one of the engines has to.
//!
//! [`rules`] are written once and run on each engine. [`file`] is what a database promises in addition; [`broker`] is
//! what only something across a network can get wrong.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod broker;
mod file;
mod rules;
mod tls;
mod world;

/// Runs every rule on every engine: one that is left out here is never used, so the build fails.
macro_rules! every_adapter {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    crate::rules::$rule(crate::world::World::in_a_file()).await;
                }
            )*
        }

        mod rabbitmq {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs the servers that cargo xtask test starts"]
                async fn $rule() {
                    crate::rules::$rule(crate::world::World::in_a_broker()).await;
                }
            )*
        }
    };
}

every_adapter!(
    events_come_in_the_order_they_were_published,
    a_waiting_consumer_is_woken_by_a_publish,
    what_another_process_publishes_arrives,
    what_was_in_flight_when_the_process_died_comes_again,
    what_was_done_does_not_come_again_after_the_process_died,
    an_event_in_flight_is_not_handed_to_anyone_else,
    a_wait_that_is_dropped_loses_nothing,
    a_retry_comes_when_its_time_has_come_and_counts,
    a_retry_keeps_the_event_as_it_was,
    an_expired_event_is_a_dead_letter_and_never_delivered,
    an_event_that_expires_before_its_retry_is_a_dead_letter,
    a_dead_letter_keeps_its_reason_over_a_restart,
    dead_letters_are_listed_newest_first_and_stay,
    four_consumers_do_every_event_once,
    queues_do_not_mix,
    what_is_published_for_nobody_reaches_nobody,
    the_trace_of_the_publisher_reaches_the_consumer,
);
