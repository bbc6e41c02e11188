//! `/v1/sessions`, `/v1/invitations`, `/v1/settings`, `/v1/audit`, and `PATCH /v1/users/{id}`.

use protocol::rest::identity::{
    AuditAction, AuditEvent, AuditPage, ChannelCreation, Invitation, Invitations, NewInvitation, People, Person,
    PersonChange, Sessions, SettingsChange, Tokens, Workspace, WorkspaceSettings,
};
use protocol::{ErrorCode, Role};
use reqwest::{Method, StatusCode};

use super::harness::{Answer, Service};

fn invitation(address: &str) -> NewInvitation {
    NewInvitation {
        email: address.to_owned(),
        role: Role::Member,
    }
}

fn active(active: bool) -> PersonChange {
    PersonChange {
        active: Some(active),
        ..PersonChange::default()
    }
}

#[tokio::test]
async fn people_see_their_devices_and_end_them() {
    let service = Service::start_with(&["--trusted-proxies", "127.0.0.0/8"]).await;
    let desk = service.sign_in("ada@example.org").await;
    service.clock.advance_ms(1_000);
    let laptop = service.sign_in("ada@example.org").await;
    let ben = service.sign_in("ben@example.org").await;
    let list = async |token: &str| -> Sessions { service.get("/v1/sessions", token).await.read() };
    let listed = list(&desk.access_token).await.sessions;
    let shown: Vec<_> = listed.iter().map(|session| (&session.id, session.current)).collect();
    assert_eq!(shown, [(&laptop.session, false), (&desk.session, true)]);
    assert_eq!(
        (listed[0].name.as_str(), listed[0].system.as_str()),
        ("desk", "Debian 12")
    );
    assert_eq!(listed[0].address, "127.0.0.1");

    service.clock.advance_ms(1_000);
    let refresh = serde_json::json!({ "grant": "refresh", "refresh_token": desk.refresh_token });
    let request = service
        .request(Method::POST, "/v1/auth/token")
        .header("x-forwarded-for", "203.0.113.9")
        .json(&refresh);
    Answer::of(request).await.read::<Tokens>();
    let seen = &list(&desk.access_token).await.sessions[0];
    assert_eq!((&seen.id, seen.address.as_str()), (&desk.session, "203.0.113.9"));

    let end = async |id: &str| service.delete(&format!("/v1/sessions/{id}"), &desk.access_token).await;
    for id in [ben.session.as_str(), "s_unknown", "not%20an%20id"] {
        assert_eq!(end(id).await.code(), ErrorCode::NotFound, "{id}");
    }
    assert_eq!(end(laptop.session.as_str()).await.status, StatusCode::NO_CONTENT);
    let gone = service.get("/v1/users/me", &laptop.access_token).await;
    assert_eq!(gone.code(), ErrorCode::SessionEnded, "at once");
    let problem = service.refresh(&laptop.refresh_token).await.problem();
    assert_eq!((problem.status, problem.code), (401, ErrorCode::SessionRevoked));
    assert_eq!(list(&desk.access_token).await.sessions.len(), 1);
}

#[tokio::test]
async fn an_invitation_is_made_listed_accepted_and_used_up() {
    let service = Service::start_with(&["--sign-in-domains", "example.org"]).await;
    let root = service.sign_in("root@example.org").await.access_token;
    let guest = "guest@elsewhere.net";
    assert_eq!(service.ask_for_code(guest).await.code(), ErrorCode::DomainNotAllowed);

    let answer = service.post_as("/v1/invitations", &root, &invitation(guest)).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let made: Invitation = answer.read();
    let mail = service.next_invitation().await;
    assert!(!answer.body.contains(&mail.code), "the code goes to its address only");
    assert!(
        mail.link
            .starts_with("loquat://join?server=https%3A%2F%2Fchat.example.org&code=")
    );
    let listed: Invitations = service.get("/v1/invitations", &root).await.read();
    assert_eq!(listed.invitations, [made]);

    let accepted: Tokens = service.accept(&mail.code).await.read();
    let me: Person = service.get("/v1/users/me", &accepted.access_token).await.read();
    assert_eq!(
        (me.email.as_str(), me.role, me.name.as_str()),
        (guest, Role::Member, "Guest")
    );
    let again = service.accept(&mail.code).await.problem();
    assert_eq!((again.status, again.code), (401, ErrorCode::InvitationInvalid));
    assert_eq!(service.ask_for_code(guest).await.status, StatusCode::ACCEPTED);
    let here = service
        .post_as("/v1/invitations", &root, &invitation(guest))
        .await
        .problem();
    assert_eq!((here.status, here.code), (409, ErrorCode::AlreadyAMember));
    let wrong = service.post_as("/v1/invitations", &root, &invitation("guest")).await;
    assert_eq!(wrong.code(), ErrorCode::InvalidEmail);
}

#[tokio::test]
async fn a_withdrawn_invitation_is_gone() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await.access_token;
    let made: Invitation = service
        .post_as("/v1/invitations", &root, &invitation("guest@elsewhere.net"))
        .await
        .read();
    let mail = service.next_invitation().await;
    let path = format!("/v1/invitations/{}", made.id);
    assert_eq!(service.delete(&path, &root).await.status, StatusCode::NO_CONTENT);
    assert_eq!(service.delete(&path, &root).await.code(), ErrorCode::NotFound);
    assert_eq!(service.accept(&mail.code).await.code(), ErrorCode::InvitationInvalid);
    let listed: Invitations = service.get("/v1/invitations", &root).await.read();
    assert_eq!(listed.invitations, []);
}

#[tokio::test]
async fn administrators_change_settings_and_everybody_reads_them() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await.access_token;
    let ada = service.sign_in("ada@example.org").await.access_token;
    let before: WorkspaceSettings = service.get("/v1/settings", &ada).await.read();
    assert!(before.any_domain && before.sign_in_domains.is_empty());
    let change = SettingsChange {
        name: Some("Analytical Engines".to_owned()),
        sign_in_domains: Some(vec!["example.org".to_owned()]),
        channel_creation: Some(ChannelCreation::Administrators),
    };
    let after: WorkspaceSettings = service.patch("/v1/settings", &root, &change).await.read();
    assert_eq!(
        (after.name.as_str(), after.any_domain, after.version),
        ("Analytical Engines", false, 2)
    );
    let read: WorkspaceSettings = service.get("/v1/settings", &ada).await.read();
    assert_eq!(read, after);
    let workspace: Workspace = service.get_as_stranger("/v1/auth/workspace").await.read();
    assert_eq!(workspace.name, "Analytical Engines");
    let refused = service.ask_for_code("eve@elsewhere.net").await;
    assert_eq!(refused.code(), ErrorCode::DomainNotAllowed);
    let wrong = serde_json::json!({ "sign_in_domains": ["not a domain"] });
    let problem = service.patch("/v1/settings", &root, &wrong).await.problem();
    assert_eq!((problem.status, problem.code), (422, ErrorCode::InvalidDomain));
}

#[tokio::test]
async fn a_deactivated_person_is_found_by_administrators_and_comes_back() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let ada = service.sign_in("ada@example.org").await;
    let path = format!("/v1/users/{}", ada.user);
    let gone: Person = service.patch(&path, &root.access_token, &active(false)).await.read();
    assert!(!gone.active);
    let ended = service.get("/v1/users/me", &ada.access_token).await;
    assert_eq!(ended.code(), ErrorCode::SessionEnded, "at once");
    let problem = service.refresh(&ada.refresh_token).await.problem();
    assert_eq!((problem.status, problem.code), (403, ErrorCode::Deactivated));
    let people = async |query: &str| -> usize {
        let page: People = service
            .get(&format!("/v1/users{query}"), &root.access_token)
            .await
            .read();
        page.people.len()
    };
    assert_eq!((people("").await, people("?deactivated=true").await), (1, 2));
    service
        .patch(&path, &root.access_token, &active(true))
        .await
        .read::<Person>();
    assert_eq!(service.sign_in("ada@example.org").await.user, ada.user);

    let own = format!("/v1/users/{}", root.user);
    let problem = service.patch(&own, &root.access_token, &active(false)).await.problem();
    assert_eq!((problem.status, problem.code), (409, ErrorCode::LastAdministrator));
    let nobody = service
        .patch("/v1/users/u_nobody", &root.access_token, &active(false))
        .await;
    assert_eq!(nobody.code(), ErrorCode::NotFound);
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_and_is_read_page_by_page() {
    let service = Service::start().await;
    let root = service.sign_in("root@example.org").await;
    let ada = service.sign_in("ada@example.org").await;
    let change = serde_json::json!({ "role": "administrator" });
    let path = format!("/v1/users/{}", ada.user);
    service.patch(&path, &root.access_token, &change).await.read::<Person>();
    service.sign_out(&ada.access_token).await;
    let page = async |query: &str| -> AuditPage {
        let path = format!("/v1/audit?{query}");
        service.get(&path, &root.access_token).await.read()
    };
    let all = page("").await;
    let actions: Vec<AuditAction> = all.events.iter().map(|event| event.action).collect();
    let expected = [
        AuditAction::SignedOut,
        AuditAction::RoleChanged,
        AuditAction::SignedIn,
        AuditAction::SignedIn,
    ];
    assert_eq!(actions, expected);
    let promoted = &all.events[1];
    assert_eq!(promoted.actor.as_ref(), Some(&root.user));
    assert_eq!(promoted.target.as_deref(), Some(ada.user.as_str()));
    assert_eq!(promoted.detail, "role: member -> administrator");
    assert_eq!(promoted.address, "127.0.0.1");

    let (mut paged, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let AuditPage { events, next } = page(&query).await;
        paged.extend(events);
        let Some(next) = next else { break };
        query = format!("limit=3&before={next}");
    }
    assert_eq!(paged, all.events);

    let count = async |query: &str| page(query).await.events.len();
    assert_eq!(count(&format!("actor={}", ada.user)).await, 2);
    assert_eq!(count("action=signed_in").await, 2);
    assert_eq!(count(&format!("since={}", service.clock.now() + 1)).await, 0);
    assert_eq!(count(&format!("until={}", service.clock.now() + 1)).await, 4);
    for query in ["action=danced", "before=x", "actor=not%20an%20id"] {
        let answer = service.get(&format!("/v1/audit?{query}"), &root.access_token).await;
        assert_eq!(answer.code(), ErrorCode::Malformed, "{query}");
    }
}

#[tokio::test]
async fn an_export_is_the_whole_log_as_lines_and_an_event_itself() {
    let service = Service::start_with(&["--code-burst-per-address", "1000"]).await;
    let root = service.sign_in("root@example.org").await.access_token;
    // More than is read at once.
    for number in 0..510 {
        let change = serde_json::json!({ "name": format!("Name {number}") });
        service
            .patch("/v1/settings", &root, &change)
            .await
            .read::<WorkspaceSettings>();
    }
    let answer = service.get("/v1/audit/export?limit=1", &root).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let lines = answer.body.lines().map(serde_json::from_str::<AuditEvent>);
    let events: Vec<AuditEvent> = lines.collect::<Result<_, _>>().unwrap();
    assert_eq!(events.len(), 512);
    assert!(
        events.windows(2).all(|pair| pair[0].seq == pair[1].seq + 1),
        "no hole, no double"
    );
    assert_eq!(events[0].action, AuditAction::AuditExported);
    let filtered = service.get("/v1/audit/export?action=signed_in", &root).await;
    assert_eq!(filtered.body.lines().count(), 1);
}
