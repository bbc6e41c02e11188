//! Devices that are listed and signed out from afar, and people who are deactivated.

use std::collections::BTreeSet;

use protocol::rest::identity::{AuditAction, PersonChange};
use protocol::{ErrorCode, Role, SessionId};

use super::super::{EndReason, Ended, SessionError};
use super::{HERE, refusal};
use crate::people::PersonError;
use crate::store::{PeopleStore as _, Replaced, SessionStore as _};
use crate::testing::{House, actor, deactivate, ip};

/// What the audit log says of this action, with the target.
async fn targets(house: &House, action: AuditAction) -> Vec<Option<String>> {
    let lines = house.audit().await.into_iter();
    lines
        .filter(|line| line.note.action == action)
        .map(|line| line.note.target)
        .collect()
}

#[tokio::test]
async fn devices_say_when_and_where_they_were_last_seen() {
    let mut house = House::new().await;
    let (request, code) = house.code_for("ada@example.org", HERE).await;
    let desk = house.try_code(&request, &code, "::ffff:203.0.113.9").await.unwrap();
    house.clock.advance_ms(1_000);
    let laptop = house.sign_in("ada@example.org").await;
    house.sign_in("ben@example.org").await;
    let listed = house.app.sessions.devices_of(&desk.user).await.unwrap();
    let seen: Vec<_> = listed
        .iter()
        .map(|session| (&session.id, session.seen.address.as_str()))
        .collect();
    assert_eq!(seen, [(&laptop.session, HERE), (&desk.session, "203.0.113.9")]);

    house.clock.advance_ms(1_000);
    let elsewhere = ip("198.51.100.7");
    house
        .app
        .sessions
        .refresh(&desk.refresh_token, elsewhere)
        .await
        .unwrap();

    let listed = house.app.sessions.devices_of(&desk.user).await.unwrap();
    let first = &listed[0];
    assert_eq!(
        (&first.id, first.seen.address.as_str()),
        (&desk.session, "198.51.100.7")
    );
    assert_eq!(
        (first.created_at + 2_000, first.seen.at),
        (first.seen.at, house.clock.now())
    );
}

#[tokio::test]
async fn a_revoked_session_is_denied_at_once_and_told_so_at_its_refresh() {
    let mut house = House::new().await;
    let (desk, laptop) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ada@example.org").await,
    );
    let ada = actor(&desk.user);
    let revoke = || house.app.sessions.revoke(&ada, &desk.session, &laptop.session);
    revoke().await.unwrap();
    assert!(house.denied.is_denied(&laptop.session) && !house.denied.is_denied(&desk.session));
    assert_eq!(
        refusal(house.refresh(&laptop.refresh_token).await),
        ErrorCode::SessionRevoked
    );
    assert!(house.refresh(&desk.refresh_token).await.is_ok());
    revoke().await.unwrap();
    let noted = targets(&house, AuditAction::SessionRevoked).await;
    assert_eq!(
        noted,
        [Some(laptop.session.to_string())],
        "once, however often it is asked for"
    );
}

#[tokio::test]
async fn a_device_that_was_off_for_long_is_told_that_it_was_revoked() {
    let mut house = House::new().await;
    let (desk, laptop) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ada@example.org").await,
    );
    let ada = actor(&desk.user);
    house.app.sessions.revoke_others(&ada, &desk.session).await.unwrap();
    house.clock.advance_ms(400 * 86_400_000);
    house.app.sessions.sweep().await.unwrap();
    assert_eq!(
        refusal(house.refresh(&laptop.refresh_token).await),
        ErrorCode::SessionRevoked
    );
}

#[tokio::test]
async fn ending_the_session_one_is_at_is_signing_out() {
    let mut house = House::new().await;
    let desk = house.sign_in("ada@example.org").await;
    let ada = actor(&desk.user);
    house
        .app
        .sessions
        .revoke(&ada, &desk.session, &desk.session)
        .await
        .unwrap();
    assert_eq!(
        refusal(house.refresh(&desk.refresh_token).await),
        ErrorCode::SessionEnded
    );
    assert_eq!(
        targets(&house, AuditAction::SignedOut).await,
        [Some(desk.session.to_string())]
    );
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let mut house = House::new().await;
    let (ada, ben) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ben@example.org").await,
    );
    for id in [&ben.session, &SessionId::from_random(9)] {
        let answer = house.app.sessions.revoke(&actor(&ada.user), &ada.session, id).await;
        assert!(matches!(answer, Err(SessionError::Unknown)), "{answer:?}");
    }
    assert!(house.refresh(&ben.refresh_token).await.is_ok());
}

#[tokio::test]
async fn all_others_are_ended_and_this_one_stays() {
    let mut house = House::new().await;
    let desk = house.sign_in("ada@example.org").await;
    let mut others = BTreeSet::new();
    for _ in 0..2 {
        others.insert(house.sign_in("ada@example.org").await.session);
    }
    let ben = house.sign_in("ben@example.org").await;
    let ada = actor(&desk.user);
    house.app.sessions.revoke_others(&ada, &desk.session).await.unwrap();
    assert!(others.iter().all(|session| house.denied.is_denied(session)));
    assert!(!house.denied.is_denied(&desk.session) && !house.denied.is_denied(&ben.session));
    assert_eq!(targets(&house, AuditAction::SessionRevoked).await.len(), 2);
}

#[tokio::test]
async fn a_session_that_nobody_uses_leaves_the_list() {
    let mut house = House::with(&["--session-idle-days", "2"]).await;
    let old = house.sign_in("ada@example.org").await;
    house.clock.advance_ms(2 * 86_400_000 + 1);
    let new = house.sign_in("ada@example.org").await;
    let devices = house.app.sessions.devices_of(&new.user).await.unwrap();
    assert_eq!(devices.len(), 1);
    house.app.sessions.sweep().await.unwrap();
    let ended = house.store.session(&old.session).await.unwrap().unwrap().ended;
    assert_eq!(ended.unwrap().why, EndReason::Idle);
}

#[tokio::test]
async fn the_use_of_an_old_token_is_noted_with_where_it_came_from() {
    let mut house = House::new().await;
    let first = house.sign_in("ada@example.org").await;
    let second = house.refresh(&first.refresh_token).await.unwrap();
    house.refresh(&second.refresh_token).await.unwrap();
    let thief = ip("203.0.113.66");
    for _ in 0..2 {
        let reused = house.app.sessions.refresh(&first.refresh_token, thief).await;
        assert_eq!(refusal(reused), ErrorCode::SessionEnded);
    }
    let lines = house.audit().await.into_iter().map(|line| line.note);
    let noted: Vec<_> = lines
        .filter(|note| note.action == AuditAction::RefreshTokenReused)
        .collect();
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert_eq!(
        (noted[0].actor.as_ref(), noted[0].address.as_str()),
        (None, "203.0.113.66")
    );
    assert_eq!(noted[0].target.as_deref(), Some(first.user.as_str()));
    assert!(!format!("{noted:?}").contains(first.refresh_token.rsplit('.').next().unwrap()));
}

#[tokio::test]
async fn refreshes_of_one_session_are_limited_and_others_are_not() {
    let mut house = House::with(&["--refreshes-per-session-and-minute", "3"]).await;
    let ben = house.sign_in("ben@example.org").await;
    let mut ada = house.sign_in("ada@example.org").await;
    for _ in 0..3 {
        ada = house.refresh(&ada.refresh_token).await.unwrap();
    }
    let limited = house.refresh(&ada.refresh_token).await;
    assert!(matches!(limited, Err(SessionError::Limited { retry_after_s: 20 })));
    assert!(house.refresh(&ben.refresh_token).await.is_ok());
    house.clock.advance_ms(20_000);
    assert!(house.refresh(&ada.refresh_token).await.is_ok());
}

#[tokio::test]
async fn a_stranger_cannot_use_up_the_refreshes_of_a_session() {
    let mut house = House::with(&["--refreshes-per-session-and-minute", "1", "--refresh-burst-per-ip", "3"]).await;
    let ada = house.sign_in("ada@example.org").await;
    let made_up = format!("{}.0.{}", ada.session, "A".repeat(64));
    let stranger = ip("203.0.113.66");
    for _ in 0..3 {
        let refused = house.app.sessions.refresh(&made_up, stranger).await;
        assert_eq!(refusal(refused), ErrorCode::Unauthenticated);
    }
    let limited = house.app.sessions.refresh(&made_up, stranger).await;
    assert!(matches!(limited, Err(SessionError::Limited { .. })));
    assert!(house.refresh(&ada.refresh_token).await.is_ok());
}

#[tokio::test]
async fn deactivating_ends_every_session_at_once_and_reactivating_lets_them_sign_in_again() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await;
    let (desk, laptop) = (
        house.sign_in("ada@example.org").await,
        house.sign_in("ada@example.org").await,
    );
    let person = house.change_person(&root.user, &desk.user, deactivate()).await.unwrap();
    assert!(!person.active);
    for device in [&desk, &laptop] {
        assert!(house.denied.is_denied(&device.session));
        assert_eq!(
            refusal(house.refresh(&device.refresh_token).await),
            ErrorCode::Deactivated
        );
    }
    let reactivate = PersonChange {
        active: Some(true),
        ..PersonChange::default()
    };
    house.change_person(&root.user, &desk.user, reactivate).await.unwrap();
    assert_eq!(house.sign_in("ada@example.org").await.user, desk.user);
    for action in [AuditAction::Deactivated, AuditAction::Reactivated] {
        assert_eq!(targets(&house, action).await, [Some(desk.user.to_string())]);
    }
}

#[tokio::test]
async fn a_person_who_was_marked_by_somebody_who_left_at_once_loses_their_sessions() {
    let mut house = House::new().await;
    house.sign_in("root@example.org").await;
    let ada = house.sign_in("ada@example.org").await;
    let sessions = std::sync::Arc::clone(&house.app.sessions);
    let mut watching = tokio::task::JoinSet::new();
    watching.spawn(async move { sessions.deny_ended_for_ever().await });
    // Marked, and the process died before it ended the sessions.
    let mut person = house.store.person(&ada.user).await.unwrap().unwrap();
    (person.active, person.version) = (false, person.version + 1);
    assert_eq!(house.store.replace_person(&person, &[]).await.unwrap(), Replaced::Done);
    let mut denials = house.denied.watch();
    let denied = tokio::time::timeout(
        std::time::Duration::from_secs(2),
        denials.wait_for(|_| house.denied.is_denied(&ada.session)),
    );
    assert!(denied.await.is_ok(), "within the two seconds of P7");
}

#[tokio::test]
async fn a_device_that_was_signed_out_before_is_told_that_its_person_was_deactivated() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await;
    let ada = house.sign_in("ada@example.org").await;
    let end = Ended {
        at: house.clock.now(),
        why: EndReason::Idle,
    };
    house.store.end_session(&ada.session, end, &[]).await.unwrap();
    house.change_person(&root.user, &ada.user, deactivate()).await.unwrap();
    assert_eq!(refusal(house.refresh(&ada.refresh_token).await), ErrorCode::Deactivated);
}

#[tokio::test]
async fn roles_are_changed_and_noted_and_the_last_administrator_stays() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let ada = house.sign_in("ada@example.org").await.user;
    let role = |role| PersonChange {
        role: Some(role),
        ..PersonChange::default()
    };
    for change in [role(Role::Member), deactivate()] {
        let answer = house.change_person(&root, &root, change).await;
        let refused = matches!(answer, Err(SessionError::Person(PersonError::LastAdministrator)));
        assert!(refused, "{answer:?}");
    }
    let promoted = house
        .change_person(&root, &ada, role(Role::Administrator))
        .await
        .unwrap();
    assert_eq!((promoted.role, promoted.version), (Role::Administrator, 2));
    let same = house
        .change_person(&root, &ada, role(Role::Administrator))
        .await
        .unwrap();
    assert_eq!(same.version, 2, "what changes nothing is no change");
    house.change_person(&root, &root, role(Role::Member)).await.unwrap();
    let changes = house.audit().await.into_iter().map(|line| line.note);
    let changes: Vec<String> = changes
        .filter(|note| note.action == AuditAction::RoleChanged)
        .map(|note| note.detail)
        .collect();
    assert_eq!(
        changes,
        ["role: member -> administrator", "role: administrator -> member"]
    );
}

#[tokio::test]
async fn administrators_who_remove_each_other_at_once_leave_one() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let ada = house.sign_in("ada@example.org").await.user;
    let promote = PersonChange {
        role: Some(Role::Administrator),
        ..PersonChange::default()
    };
    house.change_person(&root, &ada, promote).await.unwrap();
    let both = tokio::join!(
        house.change_person(&root, &ada, deactivate()),
        house.change_person(&ada, &root, deactivate())
    );
    assert_eq!([both.0, both.1].into_iter().flatten().count(), 1);
}
