//! The settings of the workspace, and the audit log.

use protocol::UserId;
use protocol::rest::identity::{AuditAction, ChannelCreation};

use super::{Store, lines, note};
use crate::audit::{Filter, Note};
use crate::workspace::Setup;

pub(super) fn setup(name: &str, version: u64) -> Setup {
    Setup {
        name: name.to_owned(),
        sign_in_domains: vec!["example.org".to_owned(), "example.com".to_owned()],
        channel_creation: ChannelCreation::Administrators,
        version,
    }
}

pub(super) async fn the_first_settings_are_stored_once(store: &dyn Store) {
    store.set_up(&setup("First", 1)).await.unwrap();
    store.set_up(&setup("Second", 1)).await.unwrap();
    assert_eq!(store.setup().await.unwrap(), setup("First", 1));
}

pub(super) async fn settings_of_an_old_version_are_refused(store: &dyn Store) {
    store.set_up(&setup("First", 1)).await.unwrap();
    let changed = Setup {
        sign_in_domains: Vec::new(),
        channel_creation: ChannelCreation::Everyone,
        ..setup("Changed", 2)
    };
    assert!(store.replace_setup(&changed, &note("changed")).await.unwrap());
    assert!(!store.replace_setup(&setup("Late", 2), &note("late")).await.unwrap());
    assert_eq!(store.setup().await.unwrap(), changed);
    assert_eq!(lines(store).await, [note("changed")]);
}

pub(super) async fn audit_lines_are_numbered_and_the_newest_comes_first(store: &dyn Store) {
    for detail in ["one", "two", "three"] {
        store.note(&note(detail)).await.unwrap();
    }
    let page = |before| Filter {
        before,
        ..Filter::default()
    };
    let newest = store.audit_lines(&page(None), 2).await.unwrap();
    let details: Vec<&str> = newest.iter().map(|line| line.note.detail.as_str()).collect();
    assert_eq!(details, ["three", "two"]);
    let older = store.audit_lines(&page(Some(newest[1].seq)), 2).await.unwrap();
    assert_eq!(older.len(), 1);
    assert!(older[0].seq < newest[1].seq && newest[1].seq < newest[0].seq);
    assert_eq!(older[0].note, note("one"));
}

pub(super) async fn audit_lines_are_found_by_actor_action_and_time(store: &dyn Store) {
    let (ada, ben) = (UserId::from_random(1), UserId::from_random(2));
    let lines = [
        (Some(&ada), AuditAction::SignedIn, 10),
        (Some(&ben), AuditAction::SignedIn, 20),
        (Some(&ada), AuditAction::SignedOut, 30),
        (None, AuditAction::RefreshTokenReused, 40),
    ];
    for (actor, action, at) in lines {
        let line = Note {
            actor: actor.cloned(),
            ..Note::by_the_server(action, at)
        };
        store.note(&line).await.unwrap();
    }
    let times = async |filter: Filter| {
        let lines = store.audit_lines(&filter, 9).await.unwrap();
        lines.into_iter().map(|line| line.note.at).collect::<Vec<_>>()
    };
    let all = Filter::default;
    assert_eq!(times(all()).await, [40, 30, 20, 10]);
    let by_ada = Filter {
        actor: Some(ada),
        ..all()
    };
    assert_eq!(times(by_ada.clone()).await, [30, 10]);
    let signed_in = Filter {
        action: Some(AuditAction::SignedIn),
        ..all()
    };
    assert_eq!(times(signed_in).await, [20, 10]);
    let between = Filter {
        since: Some(20),
        until: Some(40),
        ..all()
    };
    assert_eq!(times(between).await, [30, 20]);
    let all_of_it = Filter {
        action: Some(AuditAction::SignedIn),
        since: Some(10),
        until: Some(11),
        before: Some(1_000),
        ..by_ada
    };
    assert_eq!(times(all_of_it).await, [10]);
}
