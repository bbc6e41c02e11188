//! The end of a session, and what it leaves on this device: only the answer to a refresh decides.

use client::view::{MessageAct, Session};
use protocol::ErrorCode;

use crate::fake::{Fake, together};
use crate::harness::{Computer, act, online, shown, sign_in, until, write};

const TEXTS: [&str; 3] = ["confidential", "not sent yet", "half a thought"];

/// Texts that are still on the disk somewhere.
fn left(computer: &Computer) -> Vec<&'static str> {
    let files = std::fs::read_dir(computer.folder.path().join("data")).unwrap();
    let contents: Vec<Vec<u8>> = files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    let is_left = |text: &&str| {
        contents
            .iter()
            .any(|content| content.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    TEXTS.into_iter().filter(is_left).collect()
}

async fn ended_with(code: ErrorCode) -> (Fake, Computer, client::Client) {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    write(&client, "not sent yet").await;
    act(&client, 1, MessageAct::Pin { on: true }).await;
    client
        .save_draft(together(), "half a thought".to_owned())
        .await
        .unwrap();
    {
        let mut facts = server.world.facts();
        facts.session_ended = true;
        facts.ended_with = code;
    }
    drop(server.world.cuts.send(()));
    until("signed out", || async {
        matches!(client.session().await, Session::SignedOut { reason: Some(reason), .. } if reason == code.as_str())
    })
    .await;
    until("the keychain is empty", || async { !computer.secrets.path.exists() }).await;
    (server, computer, client)
}

#[tokio::test]
async fn a_revoked_device_and_one_of_a_deactivated_person_keep_nothing() {
    for code in [ErrorCode::SessionRevoked, ErrorCode::Deactivated] {
        let (server, computer, client) = ended_with(code).await;
        assert_eq!(left(&computer), [""; 0], "{code}");
        let Session::SignedOut {
            server: last, email, ..
        } = client.session().await
        else {
            panic!("signed in")
        };
        assert_eq!((last, email), (Some(format!("http://{}", server.address)), None));
        server.world.facts().deaf = false;
        sign_in(&client, &server).await;
        online(&client).await;
        let open = client.open_conversation(together()).await.unwrap();
        assert_eq!((open.pending.len(), open.draft.as_str()), (0, ""));
        assert_eq!(server.world.bodies(), ["confidential"]);
    }
}

#[tokio::test]
async fn a_session_that_ended_otherwise_leaves_what_exists_only_here() {
    let (server, computer, client) = ended_with(ErrorCode::SessionEnded).await;
    assert_eq!(left(&computer), ["not sent yet", "half a thought"]);
    server.world.facts().deaf = false;
    sign_in(&client, &server).await;
    until("it is sent", || async {
        server.world.bodies() == ["confidential", "not sent yet"]
    })
    .await;
    until("the act as well", || async { server.world.fold(1).is_pinned() }).await;
}

#[tokio::test]
async fn nothing_is_erased_before_a_refresh_has_said_so() {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    // To everybody but the one who refreshes, every ended session looks the same.
    server.world.facts().refreshes = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    {
        let mut facts = server.world.facts();
        facts.session_ended = true;
        facts.ended_with = ErrorCode::SessionRevoked;
    }
    drop(server.world.cuts.send(()));
    until("a refresh is under way", || async {
        server.world.count("asked to refresh") > 0
    })
    .await;
    assert_eq!(shown(&client).await, ["confidential"]);
    assert!(computer.secrets.path.exists());
    let gate = std::sync::Arc::clone(&server.world.facts().refreshes);
    gate.add_permits(100);
    until("signed out", || async { client.conversations().await.is_err() }).await;
}

#[tokio::test]
async fn a_device_that_was_off_when_it_was_revoked_is_erased_at_the_next_start() {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client.shut_down().await;
    drop(client);
    {
        let mut facts = server.world.facts();
        facts.session_ended = true;
        facts.ended_with = ErrorCode::SessionRevoked;
    }
    let client = computer.open().await;
    until("signed out", || async { client.conversations().await.is_err() }).await;
    until("the keychain is empty", || async { !computer.secrets.path.exists() }).await;
    assert_eq!(left(&computer), [""; 0]);
}

#[tokio::test]
async fn an_access_token_that_is_doubted_while_the_session_lives_is_replaced() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.answers(
        "GET /v1/sessions",
        crate::fake_script::Answer::Refused(ErrorCode::SessionEnded),
    );
    assert_eq!(crate::harness::code(client.sessions().await), ErrorCode::SessionEnded);
    assert_eq!(server.world.count("refresh"), 1);
    assert!(matches!(client.session().await, Session::SignedIn { .. }));
}
