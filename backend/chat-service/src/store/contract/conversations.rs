//! Conversations, names, read marks and people.

use protocol::event::{PersonChanged, WorkspaceChanged};
use protocol::rest::identity::ChannelCreation;
use protocol::timeline::{ConversationFold, Written};
use protocol::{ConversationKind, Entry, EntryKind, Membership, ReadMark, Role, Visibility};

use crate::store::{Added, ChannelSearch, ChatStore, StoreError, name_key};
use crate::testing::{channel, client_id, folded, group, message, user};

every_adapter!(
    a_conversation_reads_back_as_it_was_added,
    adding_again_changes_nothing,
    a_name_belongs_to_one_channel_whatever_its_case,
    a_released_name_is_free,
    a_read_mark_never_goes_back,
    a_list_has_what_the_person_is_a_member_of,
    a_list_is_of_the_same_moment_as_the_tail_it_names,
    channels_are_found_by_name_page_by_page,
    a_private_channel_is_found_by_its_members_only,
    a_person_keeps_the_highest_version,
    the_workspace_keeps_the_highest_version,
);

async fn a_conversation_reads_back_as_it_was_added(store: &dyn ChatStore) {
    let record = channel(1, Visibility::Public, &[user(1), user(2)]);
    assert_eq!(
        store.add_conversation(record.clone(), Vec::new()).await.unwrap(),
        Added::New
    );
    assert_eq!(store.conversation(&record.id).await.unwrap(), Some(record));
    assert_eq!(
        store
            .conversation(&channel(2, Visibility::Public, &[]).id)
            .await
            .unwrap(),
        None
    );

    let record = group(&[user(1), user(2), user(3)]);
    let opening = vec![message(&record.id, 1, &user(1))];
    store.add_conversation(record.clone(), opening).await.unwrap();
    let stored = store.conversation(&record.id).await.unwrap().unwrap();
    assert_eq!((stored.tail.seq, stored.tail.ordinal, stored.tail.at), (1, 1, 100));
    assert_eq!(stored.tail.client_id, Some(client_id(1)));
}

async fn adding_again_changes_nothing(store: &dyn ChatStore) {
    let first = channel(1, Visibility::Public, &[user(1)]);
    let mut second = channel(1, Visibility::Private, &[user(2)]);
    second.epoch = "another".to_owned();
    store.add_conversation(first.clone(), Vec::new()).await.unwrap();

    let again = store
        .add_conversation(second, vec![message(&first.id, 1, &user(2))])
        .await
        .unwrap();

    assert_eq!(again, Added::Existing(Box::new(first.clone())));
    assert_eq!(store.conversation(&first.id).await.unwrap(), Some(first));
}

async fn a_name_belongs_to_one_channel_whatever_its_case(store: &dyn ChatStore) {
    let (mut first, mut second) = (channel(1, Visibility::Public, &[]), channel(2, Visibility::Public, &[]));
    first.first_name = Some("Straße nach ROM".to_owned());
    second.first_name = Some("straße  NACH rom".to_owned());
    store.add_conversation(first.clone(), Vec::new()).await.unwrap();

    assert_eq!(
        store.add_conversation(second.clone(), Vec::new()).await.unwrap(),
        Added::NameTaken
    );
    assert_eq!(
        store.conversation(&second.id).await.unwrap(),
        None,
        "nothing of it was kept"
    );
    let claimed = store.claim_name(&second.id, name_key("Straße nach Rom")).await;
    assert!(matches!(claimed, Err(StoreError::Duplicate)), "got {claimed:?}");
    store.claim_name(&first.id, name_key("Straße nach Rom")).await.unwrap();
}

async fn a_released_name_is_free(store: &dyn ChatStore) {
    let (first, second) = (channel(1, Visibility::Public, &[]), channel(2, Visibility::Public, &[]));
    store.claim_name(&first.id, "old".to_owned()).await.unwrap();
    store.claim_name(&first.id, "new".to_owned()).await.unwrap();

    store.release_names_but(&first.id, "new".to_owned()).await.unwrap();

    store.claim_name(&second.id, "old".to_owned()).await.unwrap();
    assert!(store.claim_name(&second.id, "new".to_owned()).await.is_err());
}

async fn a_read_mark_never_goes_back(store: &dyn ChatStore) {
    let id = channel(1, Visibility::Public, &[]).id;
    let mark = |generation, ordinal| ReadMark { generation, ordinal };
    let raise = |new| {
        let id = id.clone();
        async move { store.raise_read_mark(&user(1), &id, new).await.unwrap() }
    };
    assert_eq!(store.read_mark(&user(1), &id).await.unwrap(), ReadMark::default());
    assert_eq!(raise(mark(0, 5)).await, mark(0, 5));
    assert_eq!(raise(mark(0, 3)).await, mark(0, 5));
    assert_eq!(raise(mark(1, 2)).await, mark(1, 2), "marked unread");
    assert_eq!(raise(mark(0, 900)).await, mark(1, 2), "an old device comes back late");
    assert_eq!(store.read_mark(&user(1), &id).await.unwrap(), mark(1, 2));
    assert_eq!(store.read_mark(&user(2), &id).await.unwrap(), ReadMark::default());
}

async fn a_list_has_what_the_person_is_a_member_of(store: &dyn ChatStore) {
    let group = group(&[user(1), user(2), user(3)]);
    let channel_of_others = channel(2, Visibility::Public, &[user(2)]);
    let own_channel = channel(3, Visibility::Private, &[user(1), user(2)]);
    for record in [&group, &channel_of_others, &own_channel] {
        store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    }
    store.append(vec![message(&group.id, 1, &user(1))]).await.unwrap();

    let mut listed = store.conversations_of(&user(1)).await.unwrap();

    listed.sort_by_key(|listed| listed.kind == ConversationKind::Channel);
    let ids: Vec<_> = listed.iter().map(|listed| &listed.id).collect();
    assert_eq!(ids, [&group.id, &own_channel.id]);
    let mut members = vec![user(1), user(2), user(3)];
    members.sort();
    assert_eq!(listed[0].members, members);
    assert_eq!((listed[0].tail.seq, listed[0].read.ordinal), (1, 1));
    assert!(
        listed[1].members.is_empty(),
        "a channel's members have a list of their own"
    );
    assert_eq!((listed[1].member_count, listed[1].tail.at), (2, 7));
    assert_eq!(listed[1].name.as_deref(), Some("Channel 3"));
    assert_eq!(listed[1].membership, Membership::Member);
}

async fn a_list_is_of_the_same_moment_as_the_tail_it_names(store: &dyn ChatStore) {
    let record = channel(1, Visibility::Public, &[user(1), user(2)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    let kinds = [
        EntryKind::Renamed { name: "new".to_owned() },
        EntryKind::Topic {
            topic: "old".to_owned(),
        },
        EntryKind::Topic {
            topic: "what for".to_owned(),
        },
        EntryKind::Archived { on: true },
        EntryKind::Joined { person: user(3) },
    ];
    let entries = kinds.into_iter().zip(record.tail.seq + 1..).map(|(kind, seq)| Entry {
        kind,
        ..message(&record.id, seq, &user(1))
    });
    let entries: Vec<Entry> = entries.collect();
    let head = entries.last().unwrap().seq;
    store.append(entries).await.unwrap();

    let listed = store.conversations_of(&user(1)).await.unwrap().remove(0);

    assert_eq!(
        (listed.name.as_deref(), listed.topic.as_str()),
        (Some("new"), "what for")
    );
    assert_eq!((listed.archived, listed.member_count, listed.tail.seq), (true, 3, head));
}

async fn channels_are_found_by_name_page_by_page(store: &dyn ChatStore) {
    for (number, name) in ["Beta", "alpha", "Gamma ALPHA", "delta"].into_iter().enumerate() {
        let mut record = channel(number as u128, Visibility::Public, &[user(1)]);
        record.first_name = Some(name.to_owned());
        record.fold.name.as_mut().unwrap().value = name.to_owned();
        store.add_conversation(record, Vec::new()).await.unwrap();
    }
    let names = async |contains: &str, after: Option<&str>, limit| {
        let search = ChannelSearch {
            person: user(5),
            contains: contains.to_owned(),
            after: after.map(str::to_owned),
            limit,
        };
        let found = store.channels(search).await.unwrap();
        found.into_iter().filter_map(|found| found.name).collect::<Vec<_>>()
    };
    assert_eq!(names("", None, 3).await, ["alpha", "Beta", "delta"]);
    assert_eq!(names("", Some("delta"), 3).await, ["Gamma ALPHA"]);
    assert_eq!(names("alpha", None, 9).await, ["alpha", "Gamma ALPHA"]);
    assert!(names("%", None, 9).await.is_empty(), "the text is no pattern");
}

async fn a_private_channel_is_found_by_its_members_only(store: &dyn ChatStore) {
    let record = channel(1, Visibility::Private, &[user(1), user(2)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    let left = ConversationFold {
        members: [(user(2), Written { value: false, seq: 1 })].into(),
        ..ConversationFold::default()
    };
    store.save_fold(&record.id, folded(left), 1).await.unwrap();
    let found = async |person| {
        let search = ChannelSearch {
            person,
            contains: String::new(),
            after: None,
            limit: 9,
        };
        store.channels(search).await.unwrap().len()
    };
    assert_eq!(
        (found(user(1)).await, found(user(2)).await, found(user(3)).await),
        (1, 0, 0)
    );
}

async fn a_person_keeps_the_highest_version(store: &dyn ChatStore) {
    let person = |name: &str, active, version| PersonChanged {
        id: user(1),
        name: name.to_owned(),
        active,
        role: Role::Member,
        version,
    };
    assert_eq!(store.person(&user(1)).await.unwrap(), None);
    assert!(store.put_person(person("", true, 0)).await.unwrap());
    let administrator = PersonChanged {
        role: Role::Administrator,
        ..person("Ada", false, 3)
    };
    assert!(store.put_person(administrator.clone()).await.unwrap());
    assert!(!store.put_person(person("A.", true, 2)).await.unwrap());
    assert!(!store.put_person(person("Ada again", true, 3)).await.unwrap());
    assert_eq!(store.person(&user(1)).await.unwrap(), Some(administrator));
}

async fn the_workspace_keeps_the_highest_version(store: &dyn ChatStore) {
    let workspace = |channel_creation, version| WorkspaceChanged {
        channel_creation,
        version,
    };
    let (everyone, administrators) = (ChannelCreation::Everyone, ChannelCreation::Administrators);
    assert_eq!(store.workspace().await.unwrap(), None);
    assert!(store.put_workspace(workspace(everyone, 1)).await.unwrap());
    assert!(store.put_workspace(workspace(administrators, 3)).await.unwrap());
    assert!(!store.put_workspace(workspace(everyone, 2)).await.unwrap());
    assert!(!store.put_workspace(workspace(everyone, 3)).await.unwrap());
    assert_eq!(store.workspace().await.unwrap(), Some(workspace(administrators, 3)));
}
