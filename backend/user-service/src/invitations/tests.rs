//! Being invited, and joining by it.

use protocol::rest::identity::AuditAction;
use protocol::{Email, ErrorCode, Role, UserId};
use service_kit::ApiError;

use super::InvitationError;
use crate::codes::CodeError;
use crate::sessions::{Issued, SessionError};
use crate::store::InvitationStore as _;
use crate::testing::{House, actor, deactivate, email};

const HERE: &str = "192.0.2.1";
/// Nobody comes uninvited.
const CLOSED: &[&str] = &["--sign-in-domains", "example.org", "--first-admin", "root@example.org"];

async fn house() -> (House, UserId) {
    let mut house = House::with(CLOSED).await;
    let root = house.sign_in("root@example.org").await.user;
    (house, root)
}

async fn invite(house: &House, by: &UserId, address: &str, role: Role) -> String {
    let invitations = &house.app.invitations;
    invitations.invite(&actor(by), &email(address), role).await.unwrap();
    let mail = house.next_invitation().await;
    assert_eq!(mail.email, email(address));
    mail.code
}

fn refusal(answer: Result<Issued, SessionError>) -> ErrorCode {
    match answer {
        Ok(_) => panic!("a refusal was expected"),
        Err(fault) => ApiError::from(fault).code(),
    }
}

#[tokio::test]
async fn the_mail_says_who_invites_where_and_how() {
    let (house, root) = house().await;
    let guest = email("guest@elsewhere.net");
    let made = house
        .app
        .invitations
        .invite(&actor(&root), &guest, Role::Member)
        .await
        .unwrap();
    let mail = house.next_invitation().await;
    assert_eq!((mail.invited_by.as_str(), mail.workspace.as_str()), ("Root", "Loquat"));
    let link = format!("loquat://join?server=https%3A%2F%2Fchat.example.org&code={}", mail.code);
    assert_eq!(mail.link, link);
    let week_ms = 7 * 86_400_000;
    assert_eq!(
        (mail.expires_at, made.expires_at),
        (made.expires_at, made.invited_at + week_ms)
    );
    assert!(!mail.id.contains(&made.id) && !mail.id.contains(&mail.code));
}

#[tokio::test]
async fn an_invitation_signs_its_address_in_with_its_role() {
    let (house, root) = house().await;
    for (address, role) in [
        ("guest@elsewhere.net", Role::Member),
        ("helper@elsewhere.net", Role::Administrator),
    ] {
        let code = invite(&house, &root, address, role).await;
        let issued = house.accept(&code.to_uppercase()).await.unwrap();
        let person = house.app.people.find(&issued.user).await.unwrap();
        assert_eq!((person.email, person.role), (email(address), role));
        assert!(house.refresh(&issued.refresh_token).await.is_ok());
    }
    let listed = house.app.invitations.list().await.unwrap();
    assert!(listed.iter().all(|invitation| invitation.accepted_at.is_some()));
    let notes: Vec<_> = house.audit().await.into_iter().map(|line| line.note).collect();
    let accepted: Vec<_> = notes
        .iter()
        .filter(|note| note.action == AuditAction::InvitationAccepted)
        .map(|note| (note.target.as_deref(), note.detail.as_str()))
        .collect();
    let expected = [
        (Some("guest@elsewhere.net"), "role: member"),
        (Some("helper@elsewhere.net"), "role: administrator"),
    ];
    assert_eq!(accepted, expected);
}

#[tokio::test]
async fn an_invitation_works_once_also_for_two_who_come_at_once() {
    let (house, root) = house().await;
    let code = invite(&house, &root, "guest@elsewhere.net", Role::Member).await;
    let both = tokio::join!(house.accept(&code), house.accept(&code));
    assert_eq!([both.0, both.1].into_iter().flatten().count(), 1);
    assert_eq!(refusal(house.accept(&code).await), ErrorCode::InvitationInvalid);
}

#[tokio::test]
async fn an_invitation_ends_after_its_lifetime_and_with_it_the_way_in() {
    let (house, root) = house().await;
    let code = invite(&house, &root, "guest@elsewhere.net", Role::Member).await;
    house.clock.advance_ms(7 * 86_400_000);
    assert_eq!(refusal(house.accept(&code).await), ErrorCode::InvitationInvalid);
    let asked = house.ask("guest@elsewhere.net", HERE).await;
    assert!(matches!(asked, Err(CodeError::DomainNotAllowed)));
}

#[tokio::test]
async fn what_is_no_code_of_an_invitation_is_refused() {
    let (house, root) = house().await;
    invite(&house, &root, "guest@elsewhere.net", Role::Member).await;
    for code in ["", "x", &"a".repeat(26), "i_0123", "\0", "loquat://join?code=abc"] {
        assert_eq!(
            refusal(house.accept(code).await),
            ErrorCode::InvitationInvalid,
            "{code:?}"
        );
    }
}

#[tokio::test]
async fn an_invited_address_may_also_come_by_a_code_and_gets_the_role_it_was_invited_for() {
    let (mut house, root) = house().await;
    let invitation = invite(&house, &root, "Guest@elsewhere.net", Role::Administrator).await;
    let (request, code) = house.code_for("guest@elsewhere.net", HERE).await;
    let issued = house.try_code(&request, &code, HERE).await.unwrap();
    let person = house.app.people.find(&issued.user).await.unwrap();
    assert_eq!(person.role, Role::Administrator);
    assert_eq!(
        refusal(house.accept(&invitation).await),
        ErrorCode::InvitationInvalid,
        "used"
    );

    house.clock.advance_ms(30 * 86_400_000);
    let again = house.sign_in("guest@elsewhere.net").await;
    assert_eq!(again.user, issued.user, "whoever has joined stays");
}

#[tokio::test]
async fn a_withdrawn_invitation_lets_nobody_in_not_even_with_a_code_that_is_on_its_way() {
    let (mut house, root) = house().await;
    let invitation = invite(&house, &root, "guest@elsewhere.net", Role::Member).await;
    let (request, code) = house.code_for("guest@elsewhere.net", HERE).await;
    let id = house.app.invitations.list().await.unwrap()[0].id.clone();

    house.app.invitations.withdraw(&actor(&root), &id).await.unwrap();

    assert_eq!(refusal(house.accept(&invitation).await), ErrorCode::InvitationInvalid);
    let tried = house.try_code(&request, &code, HERE).await;
    assert_eq!(refusal(tried), ErrorCode::DomainNotAllowed);
    let guest = house.app.people.find_by_address(&email("guest@elsewhere.net")).await;
    assert!(guest.unwrap().is_none());
    let again = house.app.invitations.withdraw(&actor(&root), &id).await;
    assert!(matches!(again, Err(InvitationError::Unknown)));
}

#[tokio::test]
async fn inviting_again_replaces_the_open_invitation() {
    let (house, root) = house().await;
    let old = invite(&house, &root, "guest@elsewhere.net", Role::Member).await;
    let new = invite(&house, &root, "guest@elsewhere.net", Role::Administrator).await;
    assert_eq!(house.app.invitations.list().await.unwrap().len(), 1);
    assert_eq!(refusal(house.accept(&old).await), ErrorCode::InvitationInvalid);
    assert!(house.accept(&new).await.is_ok());
}

#[tokio::test]
async fn whoever_is_here_is_not_invited() {
    let (mut house, root) = house().await;
    let ada = house.sign_in("ada@example.org").await.user;
    house.change_person(&root, &ada, deactivate()).await.unwrap();
    for address in ["root@example.org", "ROOT@example.org", "ada@example.org"] {
        let answer = house
            .app
            .invitations
            .invite(&actor(&root), &email(address), Role::Member)
            .await;
        assert!(
            matches!(answer, Err(InvitationError::AlreadyAMember)),
            "{address}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn whoever_is_invited_while_the_queue_is_away_gets_the_mail_when_it_is_back() {
    let (house, root) = house().await;
    house.lose_the_queue();
    let guest = email("guest@elsewhere.net");
    let invited = house.app.invitations.invite(&actor(&root), &guest, Role::Member).await;
    house.find_the_queue_again();
    let mail = house.next_invitation().await;
    assert_eq!((mail.email, mail.expires_at), (guest, invited.unwrap().expires_at));
    assert!(house.accept(&mail.code).await.is_ok());
}

#[tokio::test]
async fn whoever_was_cut_off_after_accepting_gets_in_by_a_code() {
    let (house, root) = house().await;
    let guest = email("guest@elsewhere.net");
    let (address, admin) = ("guest@elsewhere.net", Role::Administrator);
    invite(&house, &root, address, admin).await;
    // The process died between accepting and adding the person.
    let now = house.clock.now();
    assert!(house.store.accept_invitation_of(&guest, now).await.unwrap().is_some());
    let mut house = house.restarted().await;
    let issued = house.sign_in(address).await;
    assert_eq!(house.app.people.find(&issued.user).await.unwrap().role, admin);
}

#[tokio::test]
async fn a_flood_of_invitations_is_limited() {
    let (house, root) = house().await;
    let invite = async |number: u32| {
        let address = Email::parse(&format!("guest{number}@elsewhere.net")).unwrap();
        house
            .app
            .invitations
            .invite(&actor(&root), &address, Role::Member)
            .await
    };
    for number in 0..200 {
        invite(number).await.unwrap();
    }
    assert!(matches!(
        invite(200).await,
        Err(InvitationError::Limited { retry_after_s: 2 })
    ));
    house.clock.advance_ms(2_000);
    assert!(invite(200).await.is_ok());
}
