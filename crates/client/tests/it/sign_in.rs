//! From an address and a code to the conversations, and out again.

use std::sync::Arc;

use client::view::{Failure, Keychain, Session};
use client::{Client, MemorySecrets, Servers};
use protocol::ErrorCode;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::fake::{Fake, ada, together};
use crate::harness::{Computer, online, settings, sign_in, until};

#[tokio::test]
async fn a_code_signs_in_and_brings_the_conversations() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let computer = Computer::new();
    let client = computer.open().await;
    assert_eq!(
        client.session().await,
        Session::SignedOut {
            server: None,
            email: None,
            reason: None
        }
    );

    let session = sign_in(&client, &server).await;

    let Session::SignedIn {
        workspace,
        me,
        keychain,
        ..
    } = session
    else {
        panic!("{session:?}")
    };
    assert_eq!((workspace.as_str(), me.id, me.name.as_str()), ("Example", ada(), "Ada"));
    assert_eq!(keychain, Keychain::Kept);
    online(&client).await;
    let rows = client.conversations().await.unwrap();
    assert_eq!((rows[0].id.clone(), rows[0].unread), (together(), 1));
    until("Ben is known", || async {
        client.people().await.unwrap().iter().any(|person| person.name == "Ben")
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_is_said_and_the_right_one_still_works() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.open().await;
    client
        .request_code(&server.address.to_string(), "ada@example.org")
        .await
        .unwrap();
    let wrong = client.sign_in("999999").await;
    let Err(Failure::Refused { code, tries_left, .. }) = wrong else {
        panic!("{wrong:?}")
    };
    assert_eq!((code, tries_left), (ErrorCode::CodeWrong, Some(3)));
    client.sign_in("123 456").await.unwrap();
}

#[tokio::test]
async fn what_is_no_address_is_refused_before_anything_is_sent() {
    let computer = Computer::new();
    let client = computer.open().await;
    let refused = client.request_code("localhost:1", "not an address").await;
    let Err(Failure::Refused { code, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(code, ErrorCode::InvalidEmail);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let failure = Computer::new().open().await.check_server(&address).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");
}

#[tokio::test]
async fn something_else_at_the_address_is_not_loquat() {
    let page = axum::Router::new().fallback(|| async { "<html>It works</html>" });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    #[expect(clippy::disallowed_methods, reason = "the server of a test ends with the test")]
    tokio::spawn(async move { axum::serve(listener, page).await });
    let failure = Computer::new().open().await.check_server(&address).await.unwrap_err();
    assert!(matches!(failure, Failure::NotLoquat { .. }), "{failure:?}");
}

#[tokio::test]
async fn whoever_signs_out_leaves_nothing_behind() {
    let server = Fake::start().await;
    server.world.ben_writes("confidential");
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    client
        .save_draft(together(), "half a thought".to_owned())
        .await
        .unwrap();

    client.sign_out().await.unwrap();

    assert!(server.world.facts().session_ended);
    assert!(!computer.secrets.path.exists());
    assert_eq!(client.conversations().await, Err(Failure::SignedOut));
    for file in std::fs::read_dir(computer.folder.path().join("data")).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        for text in ["confidential", "half a thought"] {
            assert!(
                !content.windows(text.len()).any(|window| window == text.as_bytes()),
                "{text} is still there"
            );
        }
    }
    sign_in(&client, &server).await;
    online(&client).await;
    assert_eq!(client.open_conversation(together()).await.unwrap().draft, "");
}

#[tokio::test]
async fn a_server_that_did_not_hear_of_a_sign_out_is_told_when_it_is_back() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let (world, address) = server.kill().await;

    client.sign_out().await.unwrap();
    assert!(!computer.secrets.path.exists());
    assert!(!world.facts().session_ended);

    let server = Fake::start_with(world, address).await;
    until("the session has ended", || async { server.world.facts().session_ended }).await;
    assert!(!computer.secrets.path.exists());
}

#[tokio::test]
async fn tokens_that_arrive_after_the_end_of_a_session_are_not_kept() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let gate = Arc::new(Semaphore::new(0));
    server.world.facts().refreshes = Arc::clone(&gate);
    server.world.expire_access();
    let asking = client.find_people(String::new());
    let ending = async {
        until("a refresh is under way", || async {
            server.world.count("asked to refresh") > 0
        })
        .await;
        // The server is not told, because telling it needs the token that is just being refreshed.
        client.sign_out().await.unwrap();
        assert!(!computer.secrets.path.exists());
        gate.add_permits(100);
    };

    let (found, ()) = tokio::join!(asking, ending);

    // The refresh was carried out, and what came of it went nowhere.
    assert_eq!(found.map(|people| people.len()), Err(Failure::SignedOut));
    assert!(server.world.count("refresh 0") > 0);
    assert!(!computer.secrets.path.exists(), "the next start would be signed in");
}

#[tokio::test]
async fn where_only_some_servers_are_allowed_no_other_is_even_asked() {
    let server = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(folder.path());
    settings.servers = Servers {
        offered: vec!["https://chat.example.org".to_owned()],
        only_these: true,
    };
    let client = Client::open(settings, Arc::new(MemorySecrets::default()))
        .await
        .unwrap();
    let address = format!("http://{}", server.address);
    let refused = Failure::ServerNotAllowed {
        address: address.clone(),
    };

    assert_eq!(client.check_server(&address).await.unwrap_err(), refused);
    let code = client.request_code(&address, "ada@example.org").await;
    assert_eq!(code.unwrap_err(), refused);
    let link = format!("loquat://join?server={address}&code=mzxw6ytboi");
    assert_eq!(client.read_invitation(&link).await.unwrap_err(), refused);
    assert_eq!(client.accept_invitation(&link).await.unwrap_err(), refused);

    assert_eq!(server.world.facts().diary, Vec::<String>::new(), "nobody was asked");
}

#[tokio::test]
async fn an_offered_server_is_known_however_it_is_written() {
    let server = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(folder.path());
    settings.servers = Servers {
        offered: vec![format!("http://{}/", server.address)],
        only_these: true,
    };
    let client = Client::open(settings, Arc::new(MemorySecrets::default()))
        .await
        .unwrap();

    assert!(client.check_server(&server.address.to_string()).await.is_ok());
    let choice = client.server_choice().await.unwrap();
    assert_eq!((choice.offered.len(), choice.others), (1, false));
}
