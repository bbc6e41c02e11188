//! A person's devices.

use client::view::{Failure, Session};
use protocol::rest::identity::{SessionInfo, Sessions};
use protocol::{ErrorCode, SessionId};

use crate::fake::Fake;
use crate::fake_script::Answer;
use crate::harness::{Computer, code};

fn session(number: u128) -> SessionInfo {
    SessionInfo {
        id: SessionId::from_random(number),
        name: "desk".to_owned(),
        system: "Debian 12".to_owned(),
        signed_in_at: 1000,
        last_seen_at: 2000,
        address: "192.0.2.7".to_owned(),
        current: number == 1,
    }
}

#[tokio::test]
async fn devices_are_listed_and_ended() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let sessions = vec![session(1), session(2)];
    server.world.answers_json(
        "GET /v1/sessions",
        Sessions {
            sessions: sessions.clone(),
        },
    );
    assert_eq!(client.sessions().await.unwrap(), sessions);

    let other = SessionId::from_random(2);
    let question = format!("DELETE /v1/sessions/{other}");
    server.world.answers(&question, Answer::Nothing);
    client.end_session(other.clone()).await.unwrap();
    server.world.answers("DELETE /v1/sessions", Answer::Nothing);
    client.end_other_sessions().await.unwrap();
    assert_eq!(
        (server.world.count(&question), server.world.count("DELETE /v1/sessions")),
        (1, 2)
    );

    server.world.answers(&question, Answer::Refused(ErrorCode::NotFound));
    assert_eq!(code(client.end_session(other).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn ending_this_devices_own_session_is_signing_out() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client.end_session(SessionId::from_random(1)).await.unwrap();
    assert!(server.world.facts().session_ended);
    let now = client.session().await;
    assert!(matches!(now, Session::SignedOut { reason: None, .. }), "{now:?}");
    assert_eq!(client.sessions().await, Err(Failure::SignedOut));
    assert!(!computer.secrets.path.exists());
}
