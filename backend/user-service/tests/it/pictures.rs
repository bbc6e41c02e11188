//! `/v1/users/me/picture` and `/v1/users/{id}/picture/{picture}`.

use base64::Engine as _;
use protocol::rest::identity::Person;
use protocol::{ErrorCode, Limits};
use reqwest::StatusCode;

use super::harness::Service;

/// A red square of two pixels.
fn png() -> Vec<u8> {
    let text = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

#[tokio::test]
async fn a_picture_is_set_shown_to_everybody_who_is_signed_in_and_taken_away() {
    let service = Service::start().await;
    let (ada, ben) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("ben@example.org").await,
    );
    let me: Person = service.get("/v1/users/me", &ada.access_token).await.read();
    assert_eq!((me.picture, me.version), (None, 1));

    let answer = service
        .put_bytes("/v1/users/me/picture", &ada.access_token, png())
        .await;
    let me: Person = answer.read();
    assert_eq!(me.version, 2);
    let path = format!("/v1/users/{}/picture/{}", ada.user, me.picture.unwrap());
    let shown = service.get(&path, &ben.access_token).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.headers["content-type"], "image/png");
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
    let cached = shown.headers["cache-control"].to_str().unwrap();
    assert!(cached.contains("immutable") && cached.contains("private"), "{cached}");
    assert_eq!(service.get_as_stranger(&path).await.code(), ErrorCode::Unauthenticated);

    let answer = service.delete("/v1/users/me/picture", &ada.access_token).await;
    let me: Person = answer.read();
    assert_eq!((me.picture, me.version), (None, 3));
    assert_eq!(service.get(&path, &ben.access_token).await.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_file_that_is_no_picture_or_too_large_is_refused() {
    let service = Service::start().await;
    let ada = service.sign_in("ada@example.org").await;
    let largest = Limits::default().picture_bytes as usize;
    let padded = |bytes: usize| {
        let mut file = png();
        file.resize(bytes, 0);
        file
    };
    for (file, code) in [
        (b"hello".to_vec(), ErrorCode::InvalidPicture),
        (Vec::new(), ErrorCode::InvalidPicture),
        (padded(largest + 1), ErrorCode::TooLarge),
    ] {
        let answer = service.put_bytes("/v1/users/me/picture", &ada.access_token, file).await;
        assert_eq!(answer.code(), code);
    }
    let answer = service
        .put_bytes("/v1/users/me/picture", &ada.access_token, padded(largest))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}
