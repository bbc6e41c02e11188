//! What only a database promises.

use crate::world::{QUEUE, World, next};

#[tokio::test]
async fn an_id_that_was_published_twice_is_one_event_even_after_it_was_done() {
    let world = World::in_a_file();
    let process = world.start().await;
    for number in [1, 2] {
        process.bus.publish(QUEUE, "one", &number, None).await.unwrap();
    }
    let mut consumer = process.bus.consume(QUEUE).await;
    let first = next(&mut consumer).await;
    assert_eq!(first.payload, b"1");
    first.done().await.unwrap();
    process.bus.publish(QUEUE, "one", &3, None).await.unwrap();
    process.nothing_else_comes(&mut consumer).await;
}
