//! Pictures of people.

use client::view::Failure;
use protocol::ErrorCode;
use protocol::rest::identity::Person;

use crate::fake::{Fake, ada, ben};
use crate::fake_people::person;
use crate::fake_script::Answer;
use crate::harness::{Computer, code, online};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
/// The same in base64.
const PNG_TEXT: &str = "iVBORw0KGgpyZXN0";

#[tokio::test]
async fn a_picture_is_fetched_once_and_there_without_a_connection() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let question = format!("GET /v1/users/{}/picture/p_1", ben());
    server.world.answers(&question, Answer::File(PNG.to_vec()));
    let expected = format!("data:image/png;base64,{PNG_TEXT}");
    assert_eq!(client.picture(ben(), "p_1".to_owned()).await.unwrap(), expected);
    assert_eq!(client.picture(ben(), "p_1".to_owned()).await.unwrap(), expected);
    assert_eq!(server.world.count(&question), 1);
    client.shut_down().await;
    drop(client);
    drop(server);

    let client = computer.open().await;
    assert_eq!(client.picture(ben(), "p_1".to_owned()).await.unwrap(), expected);
}

#[tokio::test]
async fn what_is_no_picture_is_not_shown() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let question = format!("GET /v1/users/{}/picture/p_1", ben());
    server
        .world
        .answers(&question, Answer::File(b"<svg onload=alert(1)>".to_vec()));
    let drawn = client.picture(ben(), "p_1".to_owned()).await;
    assert!(matches!(drawn, Err(Failure::NotLoquat { .. })), "{drawn:?}");
    let mut endless = PNG.to_vec();
    endless.resize(2 * 1024 * 1024, 0);
    server.world.answers(&question, Answer::File(endless));
    let large = client.picture(ben(), "p_1".to_owned()).await;
    assert!(matches!(large, Err(Failure::NotLoquat { .. })), "{large:?}");
    let elsewhere = client.picture(ben(), "../me".to_owned()).await;
    assert_eq!(code(elsewhere), ErrorCode::NotFound);
    assert_eq!(
        code(client.picture(ben(), "gone".to_owned()).await),
        ErrorCode::NotFound
    );
}

#[tokio::test]
async fn ones_own_picture_is_set_and_taken_away() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let shown = |picture: Option<&str>, version| Person {
        picture: picture.map(str::to_owned),
        version,
        ..person(&ada(), "Ada")
    };
    server
        .world
        .answers_json("PUT /v1/users/me/picture", shown(Some("p_7"), 2));
    server.world.answers_json("DELETE /v1/users/me/picture", shown(None, 3));

    let me = client.set_picture(PNG_TEXT.to_owned()).await.unwrap();
    assert_eq!(me.picture.as_deref(), Some("p_7"));
    assert_eq!(server.world.count("PUT /v1/users/me/picture 12 bytes of image/png"), 1);
    let client::view::Session::SignedIn { me, .. } = client.session().await else {
        panic!("signed out")
    };
    assert_eq!(me.picture.as_deref(), Some("p_7"));

    assert_eq!(client.remove_picture().await.unwrap().picture, None);
    let large = "A".repeat(2 * 1024 * 1024);
    assert_eq!(code(client.set_picture(large).await), ErrorCode::TooLarge);
    for text in ["", "not base64!", "aGVsbG8="] {
        assert_eq!(
            code(client.set_picture(text.to_owned()).await),
            ErrorCode::InvalidPicture,
            "{text}"
        );
    }
    server
        .world
        .answers("PUT /v1/users/me/picture", Answer::Refused(ErrorCode::InvalidPicture));
    assert_eq!(
        code(client.set_picture(PNG_TEXT.to_owned()).await),
        ErrorCode::InvalidPicture
    );
    online(&client).await;
}
