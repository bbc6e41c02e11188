//! Tokens from the sign-in to the sign-out (P7).

use std::sync::Arc;

use protocol::ErrorCode;
use protocol::rest::identity::{Person, Tokens};
use reqwest::StatusCode;

use super::harness::Service;

#[tokio::test]
async fn a_code_becomes_tokens_that_say_who_one_is() {
    let service = Service::start().await;
    let tokens = service.sign_in("ada.lovelace@example.org").await;
    assert_eq!(tokens.expires_in_s, 600);
    let me: Person = service.get("/v1/users/me", &tokens.access_token).await.read();
    assert_eq!((me.id, me.name.as_str()), (tokens.user, "Ada Lovelace"));
    assert_eq!(
        (me.email.as_str(), me.active, me.version),
        ("ada.lovelace@example.org", true, 1)
    );
}

#[tokio::test]
async fn signing_in_again_is_the_same_person_in_another_session() {
    let service = Service::start().await;
    let (desk, laptop) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("Ada@Example.org").await,
    );
    assert_eq!(desk.user, laptop.user);
    assert_ne!(desk.session, laptop.session);
}

#[tokio::test]
async fn an_expired_token_is_refreshed() {
    let service = Service::start().await;
    let tokens = service.sign_in("ada@example.org").await;
    service.clock.advance_ms(600_000);
    assert_eq!(
        service.get("/v1/users/me", &tokens.access_token).await.code(),
        ErrorCode::TokenExpired
    );
    let fresh: Tokens = service.refresh(&tokens.refresh_token).await.read();
    assert_eq!((&fresh.user, &fresh.session), (&tokens.user, &tokens.session));
    assert_eq!(
        service.get("/v1/users/me", &fresh.access_token).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_refresh_token_that_was_replaced_long_ago_ends_the_session() {
    let service = Service::start().await;
    let first = service.sign_in("ada@example.org").await;
    let second: Tokens = service.refresh(&first.refresh_token).await.read();
    let repeated: Tokens = service.refresh(&first.refresh_token).await.read();
    assert_eq!(
        repeated.refresh_token, second.refresh_token,
        "a lost answer is given again"
    );
    let third: Tokens = service.refresh(&second.refresh_token).await.read();

    assert_eq!(
        service.refresh(&first.refresh_token).await.code(),
        ErrorCode::SessionEnded
    );

    assert_eq!(
        service.get("/v1/users/me", &third.access_token).await.code(),
        ErrorCode::SessionEnded
    );
    assert_eq!(
        service.refresh(&third.refresh_token).await.code(),
        ErrorCode::SessionEnded
    );
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let service = Service::start().await;
    let (desk, laptop) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("ada@example.org").await,
    );
    assert_eq!(
        service.sign_out(&desk.access_token).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        service.get("/v1/users/me", &desk.access_token).await.code(),
        ErrorCode::SessionEnded
    );
    assert_eq!(
        service.refresh(&desk.refresh_token).await.code(),
        ErrorCode::SessionEnded
    );
    assert_eq!(
        service.get("/v1/users/me", &laptop.access_token).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_what_was_ended() {
    let service = Service::start().await;
    let (ada, ben) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("ben@example.org").await,
    );
    service.sign_out(&ben.access_token).await;
    let folder = Arc::clone(&service.ground.folder);
    drop(service);

    let service = Service::start_in(folder, &[]).await;

    assert_eq!(
        service.get("/v1/users/me", &ada.access_token).await.status,
        StatusCode::OK,
        "the key is still the same"
    );
    assert_eq!(
        service.get("/v1/users/me", &ben.access_token).await.code(),
        ErrorCode::SessionEnded
    );
    assert_eq!(service.refresh(&ada.refresh_token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_was_changed_is_not_valid() {
    let service = Service::start().await;
    let token = service.sign_in("ada@example.org").await.access_token;
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other = service.sign_in("ben@example.org").await.access_token;
    let other_claims = other.split('.').nth(1).unwrap();
    let changed = [
        format!("{header}.{other_claims}.{signature}"),
        format!("{head}."),
        // {"alg":"none"}
        format!("eyJhbGciOiJub25lIn0.{other_claims}."),
        "x".to_owned(),
    ];
    for token in changed {
        assert_eq!(
            service.get("/v1/users/me", &token).await.code(),
            ErrorCode::Unauthenticated,
            "{token}"
        );
    }
}
