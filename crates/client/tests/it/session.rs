//! Tokens, the keychain, and the end of a session.

use std::sync::Arc;

use client::SecretError;
use client::view::{Keychain, Session};

use crate::fake::{Fake, ben, together};
use crate::harness::{Computer, FileSecrets, online, pending, shown, sign_in, until, write};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn keychain(session: &Session) -> Option<Keychain> {
    match session {
        Session::SignedIn { keychain, .. } => Some(*keychain),
        Session::SignedOut { .. } => None,
    }
}

#[tokio::test]
async fn a_restart_goes_on_without_a_code_and_without_a_refresh() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client.shut_down().await;
    drop(client);

    let client = computer.open().await;

    assert_eq!(keychain(&client.session().await), Some(Keychain::Kept));
    online(&client).await;
    assert_eq!((server.world.count("signed in"), server.world.count("refresh")), (1, 0));
}

#[tokio::test]
async fn an_ended_access_token_is_refreshed_once_however_many_ask() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.expire_access();

    let asking: Vec<_> = (0..20).map(|_| client.find_people(String::new())).collect();
    for answer in futures_util::future::join_all(asking).await {
        assert_eq!(answer.unwrap().len(), 2);
    }

    assert_eq!(server.world.count("refresh"), 1);
}

#[tokio::test]
async fn a_token_is_refreshed_before_it_ends_and_given_to_the_socket() {
    let server = Fake::start().await;
    server.world.facts().access_life_s = 1;
    let computer = Computer::new();
    let _client = computer.signed_in(&server).await;
    until("the socket has a fresh token", || async {
        server.world.count("renewed with access-2") > 0
    })
    .await;
    assert_eq!(server.world.count("socket"), 1);
}

#[tokio::test]
async fn a_clock_that_is_a_day_wrong_changes_nothing() {
    for wrong in [DAY_MS, -DAY_MS] {
        let server = Fake::start().await;
        let mut computer = Computer::new();
        computer.clock_ahead_ms = wrong;
        let client = computer.signed_in(&server).await;
        write(&client, "on time").await;
        until("it is stored", || async { server.world.bodies() == ["on time"] }).await;
        assert_eq!(server.world.count("refresh"), 0, "{wrong}");
        client.shut_down().await;
        drop(client);

        // The clock is set right between two runs.
        computer.clock_ahead_ms = 0;
        server.world.expire_access();
        let client = computer.open().await;
        online(&client).await;
        write(&client, "later").await;
        until("it is stored", || async {
            server.world.bodies() == ["on time", "later"]
        })
        .await;
        assert_eq!(server.world.count("signed in"), 1);
    }
}

#[tokio::test]
async fn a_waiting_message_is_stamped_with_the_servers_time() {
    let server = Fake::start().await;
    let mut computer = Computer::new();
    computer.clock_ahead_ms = DAY_MS;
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    let message = client.send_message(together(), "when".to_owned(), None).await.unwrap();
    let server_time = 1_790_000_000_000;
    assert!(
        (message.written_at - server_time).abs() < 60_000,
        "{}",
        message.written_at
    );
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_is_repeated_with_the_same_token() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().lose_refreshes = 1;
    server.world.expire_access();

    // The first gets what this device knows, as without a connection.
    client.find_people(String::new()).await.unwrap();
    assert_eq!(server.world.count("lost the answer"), 1);
    client.find_people(String::new()).await.unwrap();

    let diary = server.world.facts().diary.clone();
    let refreshes: Vec<_> = diary
        .iter()
        .filter(|line| line.starts_with("refresh"))
        .cloned()
        .collect();
    assert_eq!(refreshes, ["refresh 0", "refresh 0"]);
    assert!(!server.world.facts().session_ended);
}

#[tokio::test]
async fn fresh_tokens_are_kept_before_they_are_used() {
    let server = Fake::start().await;
    let mut computer = Computer::new();
    let world = server.world.clone();
    let mut secrets = FileSecrets::new(computer.folder.path());
    secrets.on_save = Box::new(move |secret| {
        let saved: serde_json::Value = serde_json::from_str(secret).unwrap_or_default();
        let refresh = saved["refresh_token"].as_str().unwrap_or_default().to_owned();
        world.facts().diary.push(format!("saved {refresh}"));
    });
    computer.secrets = Arc::new(secrets);
    let client = computer.signed_in(&server).await;
    server.world.expire_access();

    client.find_people(String::new()).await.unwrap();

    let diary = server.world.facts().diary.clone();
    let at = |what: &str| diary.iter().position(|line| line == what);
    let (saved, used) = (at("saved refresh-1"), at("token 1 was used"));
    assert!(saved.is_some() && used.is_some() && saved < used, "{diary:?}");
}

#[tokio::test]
async fn without_a_keychain_one_is_signed_in_for_this_run() {
    for (failure, shown_as) in [
        (SecretError::Missing, Keychain::Missing),
        (SecretError::Locked, Keychain::Locked),
    ] {
        let server = Fake::start().await;
        let computer = Computer::new();
        *computer.secrets.failure.lock().unwrap() = Some(failure);
        let client = computer.signed_in(&server).await;
        assert_eq!(keychain(&client.session().await), Some(shown_as));
        write(&client, "still works").await;
        until("it is stored", || async { server.world.bodies() == ["still works"] }).await;
        until("it is held", || async { shown(&client).await == ["still works"] }).await;
        client.shut_down().await;
        drop(client);

        let client = computer.open().await;
        let Session::SignedOut {
            server: last,
            email,
            reason,
        } = client.session().await
        else {
            panic!("signed in")
        };
        assert_eq!(last, Some(format!("http://{}", server.address)));
        assert_eq!(email.as_deref(), Some("ada@example.org"));
        assert!(reason.is_some_and(|reason| reason.starts_with("keychain_")));
        // The copy is still there for the same person.
        sign_in(&client, &server).await;
        assert_eq!(shown(&client).await, ["still works"]);
    }
}

#[tokio::test]
async fn a_keychain_that_opens_later_keeps_the_session() {
    let server = Fake::start().await;
    let computer = Computer::new();
    *computer.secrets.failure.lock().unwrap() = Some(SecretError::Locked);
    let client = computer.signed_in(&server).await;
    *computer.secrets.failure.lock().unwrap() = None;
    server.world.expire_access();
    client.find_people(String::new()).await.unwrap();
    until("it is kept", || async {
        keychain(&client.session().await) == Some(Keychain::Kept)
    })
    .await;
}

#[tokio::test]
async fn an_ended_session_says_so_and_keeps_what_was_not_sent() {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    write(&client, "not sent yet").await;
    client
        .save_draft(together(), "half a thought".to_owned())
        .await
        .unwrap();

    server.world.facts().session_ended = true;
    drop(server.world.cuts.send(()));
    until("signed out", || async {
        matches!(client.session().await, Session::SignedOut { reason: Some(reason), .. } if reason == "session_ended")
    })
    .await;

    assert!(!computer.secrets.path.exists());
    let store = std::fs::read(computer.folder.path().join("data/store.sqlite")).unwrap();
    assert!(!store.windows(12).any(|window| window == b"confidential"));
    server.world.facts().deaf = false;
    sign_in(&client, &server).await;
    online(&client).await;
    until("it is sent", || async {
        server.world.bodies() == ["confidential", "not sent yet"]
    })
    .await;
    until("it waits no more", || async { pending(&client).await.is_empty() }).await;
    assert_eq!(
        client.open_conversation(together()).await.unwrap().draft,
        "half a thought"
    );
}

#[tokio::test]
async fn another_person_on_the_same_computer_neither_sees_nor_sends_what_the_first_one_left() {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    server.world.facts().deaf = true;
    write(&client, "not sent yet").await;
    client
        .save_draft(together(), "half a thought".to_owned())
        .await
        .unwrap();
    server.world.facts().session_ended = true;
    drop(server.world.cuts.send(()));
    until("signed out", || async { client.conversations().await.is_err() }).await;
    until("the keychain is empty", || async { !computer.secrets.path.exists() }).await;

    server.world.facts().deaf = false;
    server.world.facts().who = ben();
    sign_in(&client, &server).await;
    online(&client).await;

    let open = client.open_conversation(together()).await.unwrap();
    assert_eq!((open.pending, open.draft.as_str()), (Vec::new(), ""));
    write(&client, "from the second person").await;
    until("it is stored", || async { server.world.bodies().len() == 2 }).await;
    assert_eq!(server.world.bodies(), ["confidential", "from the second person"]);
    for file in std::fs::read_dir(computer.folder.path().join("data")).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        for text in ["not sent yet", "half a thought"] {
            assert!(
                !content.windows(text.len()).any(|window| window == text.as_bytes()),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_that_the_socket_refuses_is_replaced_and_not_shown_again() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    // To this device the token is good for minutes, which is how it looks after a night in a closed laptop.
    server.world.expire_access();

    write(&client, "token, please").await;

    until("the socket has a fresh token", || async {
        server.world.count("renewed with access-1") > 0
    })
    .await;
    assert_eq!(server.world.count("refused a token"), 1);
    assert_eq!((server.world.count("refresh"), server.world.count("socket")), (1, 1));
}
