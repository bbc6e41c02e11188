//! Settings that administrators change.

use event_bus::Consumer;
use protocol::ErrorCode;
use protocol::event::{WORKSPACE_CHANGED, WorkspaceChanged};
use protocol::rest::identity::{AuditAction, ChannelCreation, SettingsChange};
use service_kit::ApiError;

use crate::codes::CodeError;
use crate::sessions::SessionError;
use crate::testing::{DEADLINE, House, actor};

fn domains(domains: &[&str]) -> SettingsChange {
    SettingsChange {
        sign_in_domains: Some(domains.iter().map(|domain| (*domain).to_owned()).collect()),
        ..SettingsChange::default()
    }
}

fn only_administrators() -> SettingsChange {
    SettingsChange {
        channel_creation: Some(ChannelCreation::Administrators),
        ..SettingsChange::default()
    }
}

async fn next_change(changes: &mut Consumer) -> WorkspaceChanged {
    let delivery = tokio::time::timeout(DEADLINE, changes.next())
        .await
        .expect("the workspace should be announced");
    let change = serde_json::from_slice(&delivery.payload).unwrap();
    delivery.done().await.unwrap();
    change
}

#[tokio::test]
async fn the_settings_of_the_process_are_the_first_values_only() {
    let mut house = House::with(&["--workspace-name", "Engines", "--sign-in-domains", "example.org"]).await;
    let root = house.sign_in("root@example.org").await.user;
    let renamed = SettingsChange {
        name: Some(" Analytical Engines ".to_owned()),
        ..domains(&["@Example.ORG", "example.com", "example.com"])
    };
    let changed = house.app.workspace.change(&actor(&root), &renamed).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("Analytical Engines", 2));
    assert_eq!(changed.sign_in_domains, ["example.org", "example.com"]);

    let house = house.restarted().await;

    assert_eq!(house.app.workspace.setup().await.unwrap(), changed);
}

#[tokio::test]
async fn domains_count_at_once_also_for_codes_that_are_on_their_way() {
    let mut house = House::with(&["--sign-in-domains", "example.org, elsewhere.net"]).await;
    let root = house.sign_in("root@example.org").await.user;
    let (request, code) = house.code_for("eve@elsewhere.net", "192.0.2.1").await;
    house
        .app
        .workspace
        .change(&actor(&root), &domains(&["example.com"]))
        .await
        .unwrap();
    let asked = house.ask("mallory@elsewhere.net", "192.0.2.1").await;
    assert!(matches!(asked, Err(CodeError::DomainNotAllowed)));
    let tried = house.try_code(&request, &code, "192.0.2.1").await;
    assert!(matches!(tried, Err(SessionError::Code(CodeError::DomainNotAllowed))));
    assert!(house.ask("ada@example.com", "192.0.2.1").await.is_ok());
    assert!(
        house.ask("root@example.org", "192.0.2.1").await.is_ok(),
        "whoever is here stays"
    );
}

#[tokio::test]
async fn a_change_is_announced_and_so_is_every_start() {
    let mut house = House::new().await;
    let mut changes = house.bus.consume(WORKSPACE_CHANGED).await;
    let first = next_change(&mut changes).await;
    assert_eq!((first.channel_creation, first.version), (ChannelCreation::Everyone, 1));
    let root = house.sign_in("root@example.org").await.user;
    house
        .app
        .workspace
        .change(&actor(&root), &only_administrators())
        .await
        .unwrap();
    let second = next_change(&mut changes).await;
    let told = (second.channel_creation, second.version);
    assert_eq!(told, (ChannelCreation::Administrators, 2));

    let house = house.restarted().await;
    let mut changes = house.bus.consume(WORKSPACE_CHANGED).await;
    assert_eq!(next_change(&mut changes).await, second);
}

#[tokio::test]
async fn what_changes_nothing_is_no_change() {
    let mut house = House::new().await;
    let root = house.sign_in("root@example.org").await.user;
    let noted = house.audit().await.len();
    let same = SettingsChange {
        channel_creation: Some(ChannelCreation::Everyone),
        ..SettingsChange::default()
    };
    let setup = house.app.workspace.change(&actor(&root), &same).await.unwrap();
    assert_eq!((setup.version, house.audit().await.len()), (1, noted));
}

#[tokio::test]
async fn changes_made_at_once_are_all_kept_and_noted() {
    let mut house = House::new().await;
    let root = actor(&house.sign_in("root@example.org").await.user);
    let workspace = &house.app.workspace;
    let (named, limited) = (domains(&["example.org"]), only_administrators());
    let (a, b) = tokio::join!(workspace.change(&root, &named), workspace.change(&root, &limited));
    a.and(b).unwrap();
    let setup = workspace.setup().await.unwrap();
    assert_eq!(setup.version, 3);
    assert_eq!(setup.sign_in_domains, ["example.org"]);
    assert_eq!(setup.channel_creation, ChannelCreation::Administrators);
    let mut details: Vec<String> = house
        .audit()
        .await
        .into_iter()
        .filter(|line| line.note.action == AuditAction::SettingsChanged)
        .map(|line| line.note.detail)
        .collect();
    details.sort();
    let expected = [
        "channel creation: everyone -> administrators",
        "sign-in domains:  -> example.org",
    ];
    assert_eq!(details, expected);
}

#[tokio::test]
async fn what_cannot_be_a_name_or_a_domain_is_refused() {
    let mut house = House::new().await;
    let root = actor(&house.sign_in("root@example.org").await.user);
    let name = |text: &str| SettingsChange {
        name: Some(text.to_owned()),
        ..SettingsChange::default()
    };
    let many: Vec<String> = (0..101).map(|number| format!("d{number}.org")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (change, code) in [
        (name(" "), ErrorCode::InvalidName),
        (name("a\u{202e}b"), ErrorCode::InvalidName),
        (name(&"x".repeat(81)), ErrorCode::InvalidName),
        (domains(&["example"]), ErrorCode::InvalidDomain),
        (domains(&["example.org", "a b.org"]), ErrorCode::InvalidDomain),
        (domains(&["ada@example.org"]), ErrorCode::InvalidDomain),
        (domains(&[""]), ErrorCode::InvalidDomain),
        (domains(&many), ErrorCode::InvalidDomain),
    ] {
        let refused = house.app.workspace.change(&root, &change).await.unwrap_err();
        assert_eq!(ApiError::from(refused).code(), code, "{change:?}");
    }
    assert_eq!(house.app.workspace.setup().await.unwrap().version, 1);
}
