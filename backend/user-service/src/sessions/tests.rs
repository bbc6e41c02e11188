//! From a code to a session, and to its end (P7, P8).

mod devices;
mod endings;

use protocol::{ErrorCode, Role};
use service_kit::ApiError;

use super::{EndReason, Ended, Issued, SessionError};
use crate::codes::CodeError;
use crate::store::{PeopleStore as _, SessionStore as _};
use crate::testing::{House, actor, deactivate};

const HERE: &str = "192.0.2.1";

/// What a client would be told.
fn refusal(answer: Result<Issued, SessionError>) -> ErrorCode {
    match answer {
        Ok(_) => panic!("a refusal was expected"),
        Err(fault) => ApiError::from(fault).code(),
    }
}

#[tokio::test]
async fn a_code_works_once() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    assert!(house.try_code(&request, &code, HERE).await.is_ok());
    assert_eq!(
        refusal(house.try_code(&request, &code, HERE).await),
        ErrorCode::CodeExpired
    );
}

#[tokio::test]
async fn two_who_come_with_one_code_at_once_get_one_session() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    let both = tokio::join!(
        house.try_code(&request, &code, HERE),
        house.try_code(&request, &code, HERE)
    );
    let sessions = [both.0, both.1].into_iter().flatten().count();
    assert_eq!(sessions, 1);
}

#[tokio::test]
async fn a_code_that_memory_forgot_to_spend_still_makes_one_session() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await;
    let mut second = house.store.session(&ada.session).await.unwrap().unwrap();
    second.id = protocol::SessionId::from_random(7);
    let stored = house.store.add_session(&second, &[]).await;
    assert!(
        matches!(stored, Err(service_kit::store::StoreError::Duplicate)),
        "{stored:?}"
    );
}

#[tokio::test]
async fn a_repeated_refresh_gives_the_same_token_until_that_has_been_used() {
    let mut house = House::new().await;
    let first = house.sign_in("ada@example.org").await.refresh_token;
    let second = house.refresh(&first).await.unwrap().refresh_token;
    assert_ne!(first, second);
    // The answer was lost; the client asks again.
    assert_eq!(house.refresh(&first).await.unwrap().refresh_token, second);
    assert_eq!(house.refresh(&first).await.unwrap().refresh_token, second);

    let third = house.refresh(&second).await.unwrap();

    assert_eq!(refusal(house.refresh(&first).await), ErrorCode::SessionEnded);
    assert!(
        house.denied.is_denied(&third.session),
        "its access tokens are refused too"
    );
    assert_eq!(
        refusal(house.refresh(&third.refresh_token).await),
        ErrorCode::SessionEnded
    );
    let session = house.store.session(&third.session).await.unwrap().unwrap();
    assert_eq!(session.ended.unwrap().why, EndReason::TokenReused);
}

#[tokio::test]
async fn refreshes_at_once_with_one_token_get_the_same_successor() {
    let mut house = House::new().await;
    let first = house.sign_in("ada@example.org").await.refresh_token;
    let refresh = || async { house.refresh(&first).await.unwrap().refresh_token };
    let (a, b, c) = tokio::join!(refresh(), refresh(), refresh());
    assert!(a == b && b == c);
}

#[tokio::test]
async fn a_repeat_after_a_restart_is_answered_the_same() {
    let mut house = House::new().await;
    let first = house.sign_in("ada@example.org").await.refresh_token;
    let second = house.refresh(&first).await.unwrap().refresh_token;
    let house = house.restarted().await;
    assert_eq!(house.refresh(&first).await.unwrap().refresh_token, second);
}

#[tokio::test]
async fn a_made_up_token_is_refused_and_ends_nothing() {
    let mut house = House::new().await;
    let mut issued = house.sign_in("ada@example.org").await;
    for _ in 0..3 {
        issued = house.refresh(&issued.refresh_token).await.unwrap();
    }
    let made_up = format!("{}.0.{}", issued.session, "A".repeat(64));
    let from_the_future = issued.refresh_token.replacen(".3.", ".4.", 1);
    for token in [
        made_up.as_str(),
        from_the_future.as_str(),
        "",
        "x",
        "s_x.0.AAAA",
        "s_unknown.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(
            refusal(house.refresh(token).await),
            ErrorCode::Unauthenticated,
            "{token:?}"
        );
    }
    assert!(house.refresh(&issued.refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_session_that_was_not_refreshed_for_long_is_over() {
    let mut house = House::with(&["--session-idle-days", "2"]).await;
    let first = house.sign_in("ada@example.org").await.refresh_token;
    house.clock.advance_ms(2 * 86_400_000);
    let second = house.refresh(&first).await.unwrap().refresh_token;
    house.clock.advance_ms(2 * 86_400_000 + 1);
    assert_eq!(refusal(house.refresh(&second).await), ErrorCode::SessionEnded);
}

#[tokio::test]
async fn an_ended_session_is_denied_after_a_restart_while_its_access_tokens_live() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await;
    let ben = house.sign_in("ben@example.org").await;
    house
        .app
        .sessions
        .sign_out(&actor(&ada.user), &ada.session)
        .await
        .unwrap();
    house.clock.advance_ms(599_000);

    let house = house.restarted().await;

    assert!(house.denied.is_denied(&ada.session));
    assert!(!house.denied.is_denied(&ben.session));
    house.clock.advance_ms(3_600_000);
    let house = house.restarted().await;
    assert!(
        !house.denied.is_denied(&ada.session),
        "nothing is left that could be refused"
    );
    assert_eq!(
        refusal(house.refresh(&ada.refresh_token).await),
        ErrorCode::SessionEnded
    );
}

#[tokio::test]
async fn a_deactivated_person_gets_no_tokens() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let issued = house.sign_in("ada@example.org").await;
    // Asked for before, tried after.
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    house.change_person(&root, &issued.user, deactivate()).await.unwrap();

    assert_eq!(
        refusal(house.try_code(&request, &code, HERE).await),
        ErrorCode::Deactivated
    );
    assert_eq!(
        refusal(house.refresh(&issued.refresh_token).await),
        ErrorCode::Deactivated
    );
    assert!(house.denied.is_denied(&issued.session));
}

#[tokio::test]
async fn the_first_person_of_an_empty_server_is_its_administrator() {
    let mut house = House::new().await;
    let (ada, ben) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ben@example.org").await,
    );
    let role = async |id| house.store.person(id).await.unwrap().unwrap().role;
    assert_eq!(
        (role(&ada.user).await, role(&ben.user).await),
        (Role::Administrator, Role::Member)
    );
}

#[tokio::test]
async fn a_named_administrator_is_the_only_one_whoever_comes_first() {
    let mut house = House::with(&["--first-admin", "Ben@example.org"]).await;
    let (ada, ben) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ben@example.org").await,
    );
    let role = async |id| house.store.person(id).await.unwrap().unwrap().role;
    assert_eq!(
        (role(&ada.user).await, role(&ben.user).await),
        (Role::Member, Role::Administrator)
    );
}

#[tokio::test]
async fn a_wrong_code_makes_no_person() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    let wrong = house
        .try_code(&request, &crate::testing::another_code(&code), HERE)
        .await;
    assert!(matches!(wrong, Err(SessionError::Code(CodeError::Wrong { .. }))));
    assert!(
        house
            .store
            .person_by_email(&crate::testing::email("ada@example.org"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_session_that_was_ended_by_somebody_who_left_at_once_is_denied() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await;
    let sessions = std::sync::Arc::clone(&house.app.sessions);
    let mut watching = tokio::task::JoinSet::new();
    watching.spawn(async move { sessions.deny_ended_for_ever().await });

    // The caller hung up after the end was stored: nobody went on to the denial.
    let end = Ended {
        at: house.clock.now(),
        why: EndReason::SignedOut,
    };
    house.store.end_session(&ada.session, end, &[]).await.unwrap();

    let mut denials = house.denied.watch();
    let denied = tokio::time::timeout(
        std::time::Duration::from_secs(2),
        denials.wait_for(|_| house.denied.is_denied(&ada.session)),
    );
    assert!(
        denied.await.is_ok(),
        "its access tokens and sockets end within two seconds"
    );
    let generation = *house.denied.watch().borrow();
    house.app.sessions.deny_recently_ended().await.unwrap();
    assert_eq!(
        *house.denied.watch().borrow(),
        generation,
        "what is known wakes nobody again"
    );
}
