//! Coming in by an invitation.

use client::view::{Failure, Session};
use protocol::ErrorCode;

use crate::fake::{Fake, INVITATION};
use crate::harness::{Computer, code, online};

fn link(server: &Fake, code: &str) -> String {
    format!("loquat://join?server=http%3A%2F%2F{}&code={code}", server.address)
}

#[tokio::test]
async fn an_invitation_signs_in_without_a_code() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.open().await;
    let read = client.read_invitation(&link(&server, INVITATION)).await.unwrap();
    assert_eq!(read.server, format!("http://{}", server.address));
    assert_eq!(server.world.facts().diary, Vec::<String>::new(), "nobody was asked");

    let session = client.accept_invitation(&link(&server, INVITATION)).await.unwrap();

    let Session::SignedIn { me, .. } = session else {
        panic!("{session:?}")
    };
    assert_eq!(me.email, "ada@example.org");
    online(&client).await;
    assert_eq!(server.world.count("came in by an invitation"), 1);
    assert!(computer.secrets.path.exists());
}

#[tokio::test]
async fn an_invitation_that_does_not_work_is_refused() {
    let server = Fake::start().await;
    let client = Computer::new().open().await;
    let used = client.accept_invitation(&link(&server, "used")).await;
    assert_eq!(code(used), ErrorCode::InvitationInvalid);
    let no_link = client.accept_invitation("https://example.org").await;
    assert_eq!(code(no_link), ErrorCode::InvitationInvalid);
    let away = client
        .accept_invitation("loquat://join?server=http%3A%2F%2F127.0.0.1%3A1&code=x")
        .await;
    assert!(matches!(away, Err(Failure::Unreachable { .. })), "{away:?}");
}
