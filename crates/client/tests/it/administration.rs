//! Running a workspace, and the channels of it.

use client::change::Change;
use client::view::{Failure, Session};
use protocol::rest::identity::{
    AuditAction, AuditEvent, AuditPage, AuditQuery, ChannelCreation, Invitation, Invitations, Person, PersonChange,
    Role, SettingsChange, WorkspaceSettings,
};
use protocol::{Email, ErrorCode};

use crate::fake::{Fake, ada, ben, together};
use crate::fake_people::person;
use crate::fake_script::Answer;
use crate::harness::{Computer, code, next, online, until};

fn settings(name: &str, version: u64) -> WorkspaceSettings {
    WorkspaceSettings {
        name: name.to_owned(),
        sign_in_domains: vec!["example.org".to_owned()],
        any_domain: false,
        channel_creation: ChannelCreation::Everyone,
        version,
    }
}

fn workspace(session: &Session) -> Option<&str> {
    match session {
        Session::SignedIn { workspace, .. } => Some(workspace),
        Session::SignedOut { .. } => None,
    }
}

#[tokio::test]
async fn settings_are_learnt_after_the_welcome_and_known_without_a_connection() {
    let server = Fake::start().await;
    server.world.answers_json("GET /v1/settings", settings("Orchard", 2));
    let computer = Computer::new();
    let client = computer.open().await;
    let mut changes = client.changes();
    crate::harness::sign_in(&client, &server).await;
    let told = |change| match change {
        Change::Workspace { settings } => Some(settings),
        _ => None,
    };
    assert_eq!(next(&mut changes, told).await, settings("Orchard", 2));
    until("the name is shown", || async {
        workspace(&client.session().await) == Some("Orchard")
    })
    .await;

    let changed = settings("Grove", 3);
    server.world.answers_json("PATCH /v1/settings", &changed);
    let change = SettingsChange {
        name: Some("Grove".to_owned()),
        ..SettingsChange::default()
    };
    assert_eq!(client.change_settings(change).await.unwrap(), changed);
    assert_eq!(next(&mut changes, told).await, changed);
    assert_eq!(workspace(&client.session().await), Some("Grove"));
    assert_eq!(server.world.count(r#"PATCH /v1/settings {"name":"Grove"}"#), 1);
    client.shut_down().await;
    drop((client, changes));

    drop(server);
    let client = computer.open().await;
    assert_eq!(client.workspace_settings().await.unwrap(), changed);
    assert_eq!(workspace(&client.session().await), Some("Grove"));
}

#[tokio::test]
async fn settings_that_change_elsewhere_are_learnt_at_the_next_welcome() {
    let server = Fake::start().await;
    server.world.answers_json("GET /v1/settings", settings("Orchard", 2));
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    until("they are known", || async {
        workspace(&client.session().await) == Some("Orchard")
    })
    .await;
    server.world.answers_json("GET /v1/settings", settings("Grove", 3));
    server.world.cuts.send(()).unwrap();
    until("they are learnt", || async {
        workspace(&client.session().await) == Some("Grove")
    })
    .await;
}

#[tokio::test]
async fn everyone_is_listed_and_changed() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let everyone = client.everyone("b".to_owned()).await.unwrap();
    let names: Vec<&str> = everyone.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ada", "Ben"], "over two pages");
    assert_eq!(server.world.count("everyone"), 2);
    let changed = Person {
        active: false,
        role: Role::Administrator,
        version: 9,
        ..person(&ben(), "Ben")
    };
    let question = format!("PATCH /v1/users/{}", ben());
    server.world.answers_json(&question, &changed);
    let change = PersonChange {
        role: Some(Role::Administrator),
        active: Some(false),
    };
    let shown = client.change_person(ben(), change.clone()).await.unwrap();
    assert!(!shown.active && shown.role == Role::Administrator);
    assert!(client.people().await.unwrap().contains(&shown));

    server
        .world
        .answers(&question, Answer::Refused(ErrorCode::LastAdministrator));
    assert_eq!(
        code(client.change_person(ben(), change).await),
        ErrorCode::LastAdministrator
    );
}

#[tokio::test]
async fn a_role_of_ones_own_that_changes_is_shown() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let promoted = Person {
        role: Role::Administrator,
        version: 2,
        ..person(&ada(), "Ada")
    };
    server
        .world
        .answers_json(&format!("PATCH /v1/users/{}", ada()), promoted);
    client.change_person(ada(), PersonChange::default()).await.unwrap();
    let Session::SignedIn { me, .. } = client.session().await else {
        panic!("signed out")
    };
    assert_eq!(me.role, Role::Administrator);
}

#[tokio::test]
async fn invitations_are_listed_made_and_withdrawn() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let invitation = Invitation {
        id: "i_1".to_owned(),
        email: Email::parse("cy@example.org").unwrap(),
        role: Role::Member,
        invited_by: ada(),
        invited_at: 1,
        expires_at: 2,
        accepted_at: None,
    };
    let invitations = vec![invitation.clone()];
    server.world.answers_json(
        "GET /v1/invitations",
        Invitations {
            invitations: invitations.clone(),
        },
    );
    server.world.answers_json("POST /v1/invitations", &invitation);
    server.world.answers("DELETE /v1/invitations/i_1", Answer::Nothing);
    assert_eq!(client.invitations().await.unwrap(), invitations);
    let made = client.invite(" Cy@Example.org ".to_owned(), Role::Member).await;
    assert_eq!(made.unwrap(), invitation);
    client.withdraw_invitation("i_1".to_owned()).await.unwrap();
    assert_eq!(server.world.count("DELETE /v1/invitations/i_1"), 1);

    let asked = server.world.facts().diary.len();
    let invalid = client.invite("nobody".to_owned(), Role::Member).await;
    assert_eq!(code(invalid), ErrorCode::InvalidEmail);
    let elsewhere = client.withdraw_invitation("../users/me".to_owned()).await;
    assert_eq!(code(elsewhere), ErrorCode::NotFound);
    assert_eq!(server.world.facts().diary.len(), asked, "neither was sent");
    server
        .world
        .answers("POST /v1/invitations", Answer::Refused(ErrorCode::AlreadyAMember));
    let member = client.invite("ben@example.org".to_owned(), Role::Member).await;
    assert_eq!(code(member), ErrorCode::AlreadyAMember);
}

#[tokio::test]
async fn the_audit_log_is_read_and_exported() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let event = AuditEvent {
        seq: 7,
        at: 1,
        actor: Some(ada()),
        action: AuditAction::Invited,
        target: Some("cy@example.org".to_owned()),
        detail: String::new(),
        address: "192.0.2.7".to_owned(),
    };
    let page = AuditPage {
        events: vec![event],
        next: Some(7),
    };
    server.world.answers_json("GET /v1/audit", &page);
    let query = AuditQuery {
        before: Some(9),
        limit: Some(20),
        actor: Some(ada()),
        action: Some(AuditAction::RoleChanged),
        since: Some(1),
        until: Some(5),
    };
    assert_eq!(client.audit_log(query.clone()).await.unwrap(), page);
    let asked = format!(
        "GET /v1/audit?before=9&limit=20&actor={}&action=role_changed&since=1&until=5",
        ada()
    );
    assert_eq!(server.world.count(&asked), 1, "{:?}", server.world.facts().diary);

    let lines = "{\"seq\":7}\n{\"seq\":6}\n";
    server.world.answers("GET /v1/audit/export", Answer::File(lines.into()));
    assert_eq!(client.export_audit_log(query).await.unwrap(), lines);
    server
        .world
        .answers("GET /v1/audit/export", Answer::File(vec![0xFF, 0xFE]));
    let torn = client.export_audit_log(AuditQuery::default()).await;
    assert!(matches!(torn, Err(Failure::NotLoquat { .. })), "{torn:?}");
}

#[tokio::test]
async fn what_only_administrators_may_is_refused_to_others() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    for question in [
        "GET /v1/invitations",
        "GET /v1/audit",
        "GET /v1/audit/export",
        "PATCH /v1/settings",
    ] {
        server.world.answers(question, Answer::Refused(ErrorCode::Forbidden));
    }
    assert_eq!(code(client.invitations().await), ErrorCode::Forbidden);
    assert_eq!(
        code(client.audit_log(AuditQuery::default()).await),
        ErrorCode::Forbidden
    );
    assert_eq!(
        code(client.export_audit_log(AuditQuery::default()).await),
        ErrorCode::Forbidden
    );
    let change = client.change_settings(SettingsChange::default()).await;
    assert_eq!(code(change), ErrorCode::Forbidden);
}

#[tokio::test]
async fn topic_and_archive_of_a_channel_are_changed() {
    let server = Fake::start().await;
    let computer = Computer::new();
    let client = computer.signed_in(&server).await;
    let mut said = server.world.said();
    said.topic = "Lunch".to_owned();
    let question = format!("PATCH /v1/conversations/{}", together());
    server.world.answers_json(&question, &said);
    client.set_topic(together(), " Lunch ".to_owned()).await.unwrap();
    assert_eq!(client.conversations().await.unwrap()[0].topic, "Lunch");
    assert_eq!(server.world.count(&format!(r#"{question} {{"topic":"Lunch"}}"#)), 1);

    said.archived = true;
    server.world.answers_json(&question, &said);
    client.set_archived(together(), true).await.unwrap();
    assert!(client.conversations().await.unwrap()[0].archived);
    let act = client
        .act_on_message(together(), 1, client::view::MessageAct::Delete)
        .await;
    assert_eq!(code(act), ErrorCode::Archived);

    let two_lines = client.set_topic(together(), "a\nb".to_owned()).await;
    assert_eq!(code(two_lines), ErrorCode::InvalidName);
    server.world.answers(&question, Answer::Refused(ErrorCode::Forbidden));
    assert_eq!(code(client.set_archived(together(), false).await), ErrorCode::Forbidden);
    online(&client).await;
}
