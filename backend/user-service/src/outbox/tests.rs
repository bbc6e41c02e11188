//! Mails that are promised while nobody can take their events.

use protocol::event::{
    PERSON_CHANGED, PersonChanged, SESSION_ENDED, SessionEnded, WORKSPACE_CHANGED, WorkspaceChanged,
};
use protocol::rest::identity::{ChannelCreation, ProfileChange, SettingsChange};
use serde::de::DeserializeOwned;

use crate::store::OutboxStore as _;
use crate::testing::{DEADLINE, House, actor, email};

const HERE: &str = "192.0.2.1";

/// The next event of a queue that fits.
async fn next<T: DeserializeOwned>(house: &House, queue: &'static str, fits: impl Fn(&T) -> bool) -> T {
    let mut queue = house.bus.consume(queue).await;
    let looking = async {
        loop {
            let delivery = queue.next().await;
            let event = serde_json::from_slice(&delivery.payload).unwrap();
            delivery.done().await.unwrap();
            if fits(&event) {
                return event;
            }
        }
    };
    tokio::time::timeout(DEADLINE, looking)
        .await
        .expect("an event should come")
}

#[tokio::test]
async fn a_queue_that_is_away_for_minutes_loses_nothing() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await;
    house.lose_the_queue();

    let asked = house.ask("ben@example.org", HERE).await.unwrap();
    let renamed = ProfileChange {
        name: Some("Countess".to_owned()),
        ..ProfileChange::default()
    };
    house.app.people.change(&ada.user, &renamed).await.unwrap();
    house
        .app
        .sessions
        .sign_out(&actor(&ada.user), &ada.session)
        .await
        .unwrap();
    let named = SettingsChange {
        channel_creation: Some(ChannelCreation::Administrators),
        ..SettingsChange::default()
    };
    house.app.workspace.change(&actor(&ada.user), &named).await.unwrap();
    house.clock.advance_ms(5 * 60_000);
    assert_eq!(house.store.waiting(9).await.unwrap().len(), 1);
    house.find_the_queue_again();

    let mail = house.next_mail().await;
    assert_eq!(mail.email, email("ben@example.org"));
    assert!(house.try_code(&asked.request, &mail.code, HERE).await.is_ok());
    next(&house, PERSON_CHANGED, |event: &PersonChanged| event.name == "Countess").await;
    next(&house, WORKSPACE_CHANGED, |event: &WorkspaceChanged| event.version == 2).await;
    let ended: SessionEnded = next(&house, SESSION_ENDED, |_| true).await;
    assert_eq!((ended.session, ended.person), (ada.session, ada.user));
}

#[tokio::test]
async fn what_is_kept_outlives_the_process_and_is_forgotten_once_it_is_published() {
    let house = House::new().await;
    house.lose_the_queue();
    house.ask("ada@example.org", HERE).await.unwrap();
    let mut house = house.restarted().await;
    assert_eq!(house.next_mail().await.email, email("ada@example.org"));
    let forgotten = async {
        while !house.store.waiting(1).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, forgotten)
        .await
        .expect("nothing should wait");
}

#[tokio::test]
async fn what_expires_while_the_queue_is_away_is_dropped() {
    let mut house = House::with(&["--code-lifetime-s", "60"]).await;
    house.lose_the_queue();
    house.ask("ada@example.org", HERE).await.unwrap();
    house.clock.advance_ms(60_000);
    house.ask("ben@example.org", HERE).await.unwrap();
    house.find_the_queue_again();
    assert_eq!(house.next_mail().await.email, email("ben@example.org"));
    assert!(
        house
            .bus
            .dead_letters(protocol::event::SEND_OTP)
            .await
            .unwrap()
            .is_empty()
    );
}
