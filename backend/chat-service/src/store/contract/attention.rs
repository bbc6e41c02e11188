//! Whom messages named, and levels.

use protocol::{ChosenLevel, Entry, EntryKind, Mention, NotificationLevel, UserId, Visibility};

use crate::store::{ChatStore, Folded, MentionSearch, Moment};
use crate::testing::{channel, conversation, message, user};

every_adapter!(
    whom_messages_named_is_found_between_ordinals,
    naming_twice_and_in_any_order_is_naming_once,
    an_edit_names_by_the_place_of_its_message,
    those_named_before_a_moment_are_found_in_one_order,
    here_reads_back_and_goes_with_a_deletion,
    the_last_level_counts_and_every_choice_has_a_version,
);

/// The message at `seq` of a conversation, where ordinals are half of the seqs.
fn naming(number: u128, seq: u64, body: &str) -> Entry {
    Entry {
        ordinal: seq.div_ceil(2),
        at: 1_790_000_000_000 + i64::try_from(seq).unwrap(),
        client_id: crate::testing::client_id(number << 64 | u128::from(seq)),
        kind: EntryKind::message(body.to_owned(), None),
        ..message(&conversation(number), seq, &user(1))
    }
}

fn person(number: u128) -> String {
    format!("<@{}>", user(number))
}

async fn store(entries: &[Entry], in_store: &dyn ChatStore) {
    in_store.append(entries.to_vec()).await.unwrap();
    fold(entries, in_store).await;
}

async fn fold(entries: &[Entry], in_store: &dyn ChatStore) {
    let mut folded = Folded::default();
    for entry in entries {
        folded.apply(entry);
    }
    let last = entries.last().unwrap();
    in_store.save_fold(&last.conversation, folded, last.seq).await.unwrap();
}

async fn behind(in_store: &dyn ChatStore, who: u128, ordinal: u64, limit: u32) -> Vec<(u64, u64)> {
    between(in_store, who, (ordinal, u64::MAX), limit).await
}

async fn between(in_store: &dyn ChatStore, who: u128, ordinals: (u64, u64), limit: u32) -> Vec<(u64, u64)> {
    let found = in_store
        .named_between(&user(who), &conversation(1), ordinals, limit)
        .await;
    let pair = |mention: Mention| (mention.seq, mention.ordinal);
    found.unwrap().into_iter().map(pair).collect()
}

async fn whom_messages_named_is_found_between_ordinals(store_here: &dyn ChatStore) {
    store_here
        .add_conversation(channel(1, Visibility::Public, &[user(1), user(2)]), Vec::new())
        .await
        .unwrap();
    let entries = [
        naming(1, 1, &person(2)),
        naming(1, 2, "nobody"),
        naming(1, 3, "<!channel>"),
        naming(1, 4, &format!("{} <!here>", person(2))),
        naming(1, 5, &person(3)),
    ];
    store(&entries, store_here).await;
    assert_eq!(behind(store_here, 2, 0, 9).await, [(4, 2), (3, 2), (1, 1)]);
    assert_eq!(behind(store_here, 2, 1, 9).await, [(4, 2), (3, 2)]);
    assert_eq!(behind(store_here, 2, 0, 1).await, [(4, 2)]);
    assert_eq!(between(store_here, 2, (0, 2), 9).await, [(1, 1)]);
    assert_eq!(behind(store_here, 3, 2, 9).await, [(5, 3)]);
    assert!(behind(store_here, 2, 3, 9).await.is_empty());
}

async fn naming_twice_and_in_any_order_is_naming_once(store_here: &dyn ChatStore) {
    let entries = [naming(1, 1, &person(2)), naming(1, 3, "<!channel>")];
    store_here.append(entries.to_vec()).await.unwrap();
    for order in [[1, 0], [0, 1]] {
        for index in order {
            fold(std::slice::from_ref(&entries[index]), store_here).await;
        }
    }
    assert_eq!(behind(store_here, 2, 0, 9).await, [(3, 2), (1, 1)]);
}

async fn an_edit_names_by_the_place_of_its_message(store_here: &dyn ChatStore) {
    let edit = Entry {
        ordinal: 2,
        kind: EntryKind::edit(1, person(2)),
        ..naming(1, 4, "")
    };
    store(&[naming(1, 1, "nobody"), naming(1, 3, "nobody"), edit], store_here).await;
    assert_eq!(behind(store_here, 2, 0, 9).await, [(1, 1)]);
}

async fn those_named_before_a_moment_are_found_in_one_order(store_here: &dyn ChatStore) {
    let one = [
        naming(1, 1, &person(2)),
        naming(1, 3, &format!("{} <!channel>", person(2))),
    ];
    let other = [
        naming(2, 1, "<!channel>"),
        naming(2, 2, &person(2)),
        naming(2, 4, &person(3)),
    ];
    store(&one, store_here).await;
    store(&other, store_here).await;
    let search = |conversations: &[u128], before: Option<Moment>, limit| MentionSearch {
        person: user(2),
        conversations: conversations.iter().map(|number| conversation(*number)).collect(),
        before,
        limit,
    };
    let all = store_here.named(search(&[1, 2], None, 9)).await.unwrap();
    let places: Vec<(u64, bool)> = all
        .iter()
        .map(|moment| (moment.seq, moment.conversation == conversation(1)))
        .collect();
    let same_time = if conversation(1) > conversation(2) {
        [(1, true), (1, false)]
    } else {
        [(1, false), (1, true)]
    };
    assert_eq!(places, [(3, true), (2, false), same_time[0], same_time[1]]);
    assert!(all.is_sorted_by(|one, next| one > next));
    let mut paged = store_here.named(search(&[1, 2], None, 2)).await.unwrap();
    let rest = search(&[1, 2], paged.last().cloned(), 9);
    paged.extend(store_here.named(rest).await.unwrap());
    assert_eq!(paged, all);
    let only_by_name = store_here.named(search(&[], None, 9)).await.unwrap();
    assert_eq!(only_by_name.len(), 3);
}

async fn here_reads_back_and_goes_with_a_deletion(store_here: &dyn ChatStore) {
    let (body, here) = ("<!here>".to_owned(), vec![user(2), user(3)]);
    let call = Entry {
        kind: EntryKind::Message {
            body: body.clone(),
            reply_to: None,
            here: here.clone(),
        },
        ..naming(1, 1, "")
    };
    let edit = Entry {
        ordinal: 1,
        kind: EntryKind::Edit { target: 1, body, here },
        ..naming(1, 2, "")
    };
    store(&[call.clone(), edit.clone()], store_here).await;
    let id = conversation(1);
    let stored = store_here.entries(&id, 1..=9).await.unwrap();
    assert_eq!(stored, [call, edit.clone()]);
    let held = store_here.messages(&id, vec![1]).await.unwrap().remove(0);
    assert_eq!(held.fold.edit.map(|edit| edit.here), Some(vec![user(2), user(3)]));
    let delete = Entry {
        ordinal: 1,
        kind: EntryKind::Delete { target: 1 },
        ..naming(1, 3, "")
    };
    store(&[delete], store_here).await;
    let stored = store_here.entries(&id, 1..=2).await.unwrap();
    assert!(
        stored.iter().all(|entry| entry.kind == entry.kind.blanked()),
        "{stored:?}"
    );
}

async fn the_last_level_counts_and_every_choice_has_a_version(store_here: &dyn ChatStore) {
    let (id, ada) = (conversation(1), user(1));
    let members = [user(1), user(2)];
    store_here
        .add_conversation(channel(1, Visibility::Public, &members), Vec::new())
        .await
        .unwrap();
    assert_eq!(store_here.level(&ada, &id).await.unwrap(), ChosenLevel::default());
    let levels = [
        Some(NotificationLevel::Nothing),
        Some(NotificationLevel::Mentions),
        Some(NotificationLevel::All),
        None,
        Some(NotificationLevel::Mentions),
    ];
    for (level, version) in levels.into_iter().zip(1..) {
        let chosen = ChosenLevel { level, version };
        assert_eq!(store_here.choose_level(&ada, &id, level).await.unwrap(), chosen);
        assert_eq!(store_here.level(&ada, &id).await.unwrap(), chosen);
        assert_eq!(listed(store_here, &ada).await, chosen);
    }
    assert_eq!(listed(store_here, &user(2)).await, ChosenLevel::default());
}

async fn listed(store_here: &dyn ChatStore, who: &UserId) -> ChosenLevel {
    store_here.conversations_of(who).await.unwrap().remove(0).level
}
