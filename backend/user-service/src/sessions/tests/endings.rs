//! Every end of a session is told to the others.

use std::collections::BTreeMap;

use event_bus::Consumer;
use protocol::SessionId;
use protocol::event::{SESSION_ENDED, SessionEnded};

use super::super::{EndReason, Ended};
use crate::store::SessionStore as _;
use crate::testing::{DEADLINE, House, actor, deactivate};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn next_end(ends: &mut Consumer) -> SessionEnded {
    let delivery = tokio::time::timeout(DEADLINE, ends.next())
        .await
        .expect("an end should be announced");
    let end = serde_json::from_slice(&delivery.payload).unwrap();
    delivery.done().await.unwrap();
    end
}

#[tokio::test]
async fn however_a_session_ends_the_others_are_told_once() {
    let mut house = House::new().await;
    let mut ends = house.bus.consume(SESSION_ENDED).await;
    let root = house.sign_in("root@example.org").await;
    let unused = house.sign_in("ida@example.org").await;
    house.clock.advance_ms(91 * DAY_MS);
    let signed_out = house.sign_in("ada@example.org").await;
    let (here, afar) = (
        house.sign_in("ben@example.org").await,
        house.sign_in("ben@example.org").await,
    );
    let (reused, gone) = (
        house.sign_in("eve@example.org").await,
        house.sign_in("joe@example.org").await,
    );

    let sessions = &house.app.sessions;
    sessions.sweep().await.unwrap();
    sessions
        .sign_out(&actor(&signed_out.user), &signed_out.session)
        .await
        .unwrap();
    sessions
        .revoke(&actor(&here.user), &here.session, &afar.session)
        .await
        .unwrap();
    let first = reused.refresh_token;
    let second = house.refresh(&first).await.unwrap().refresh_token;
    house.refresh(&second).await.unwrap();
    assert!(house.refresh(&first).await.is_err());
    house.change_person(&here.user, &gone.user, deactivate()).await.unwrap();

    let mut told: BTreeMap<SessionId, SessionEnded> = BTreeMap::new();
    for _ in 0..6 {
        let end = next_end(&mut ends).await;
        assert!(told.insert(end.session.clone(), end).is_none(), "told twice");
    }
    let expected = [
        (root.session, root.user),
        (unused.session, unused.user),
        (signed_out.session, signed_out.user),
        (afar.session, afar.user),
        (reused.session, reused.user),
        (gone.session, gone.user),
    ];
    let now = house.clock.now();
    for (session, person) in expected {
        assert_eq!((&told[&session].person, told[&session].at), (&person, now));
    }
}

#[tokio::test]
async fn an_end_whose_announcement_died_with_the_process_is_told_at_the_next_start() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await;
    let end = Ended {
        at: house.clock.now(),
        why: EndReason::SignedOut,
    };
    house.store.end_session(&ada.session, end, &[]).await.unwrap();
    let house = house.restarted().await;
    let mut ends = house.bus.consume(SESSION_ENDED).await;
    assert_eq!(next_end(&mut ends).await.session, ada.session);
}
