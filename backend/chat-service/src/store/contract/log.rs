//! The log and what it folds into.

use protocol::timeline::{ConversationFold, Written};
use protocol::{EntryKind, ReadMark, UserId, Visibility};

use crate::store::{Appended, ChatStore, Folded};
use crate::testing::{channel, client_id, folded, group, message, user};

every_adapter!(
    entries_read_back_in_order,
    an_entry_of_no_known_kind_is_refused,
    a_taken_place_stops_the_append_and_keeps_what_was_before,
    a_taken_client_id_stops_the_append_in_any_conversation,
    an_entry_is_found_by_author_and_client_id,
    whoever_writes_has_read_up_to_there,
    a_folded_field_keeps_its_latest_write_in_any_order,
    what_is_not_folded_is_listed,
    many_appends_at_once_leave_every_log_dense,
    sixteen_who_append_to_one_log_leave_no_hole_and_no_double,
    folds_saved_at_once_lose_nothing,
);

async fn entries_read_back_in_order(store: &dyn ChatStore) {
    let record = group(&[user(1), user(2), user(3)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    let mut entries: Vec<_> = (1..=5).map(|seq| message(&record.id, seq, &user(1))).collect();
    entries[1].kind = EntryKind::Joined { person: user(9) };
    entries[2].kind = EntryKind::Left { person: user(9) };
    entries[3].kind = EntryKind::Renamed {
        name: "O'Brien \"quoted\" 🙂".to_owned(),
    };

    assert_eq!(store.append(entries.clone()).await.unwrap().stored, 5);

    assert_eq!(store.entries(&record.id, 1..=u64::MAX).await.unwrap(), entries);
    assert_eq!(store.entries(&record.id, 2..=3).await.unwrap(), entries[1..3]);
    assert!(store.entries(&record.id, 6..=9).await.unwrap().is_empty());
    #[expect(
        clippy::reversed_empty_ranges,
        reason = "an empty range is a question like any other"
    )]
    let empty = store.entries(&record.id, 3..=2).await.unwrap();
    assert!(empty.is_empty());
}

async fn an_entry_of_no_known_kind_is_refused(store: &dyn ChatStore) {
    let id = group(&[user(1), user(2), user(3)]).id;
    let mut strange = message(&id, 1, &user(1));
    strange.kind = EntryKind::Unknown;

    assert!(store.append(vec![strange]).await.is_err());

    assert!(store.entries(&id, 1..=9).await.unwrap().is_empty());
}

async fn a_taken_place_stops_the_append_and_keeps_what_was_before(store: &dyn ChatStore) {
    let id = group(&[user(1), user(2), user(3)]).id;
    let mut taken = message(&id, 2, &user(2));
    taken.client_id = client_id(77);
    store.append(vec![taken]).await.unwrap();

    let entries: Vec<_> = (1..=3).map(|seq| message(&id, seq, &user(1))).collect();
    let appended = store.append(entries.clone()).await.unwrap();

    assert_eq!(appended.stored, 1);
    let stored = store.entries(&id, 1..=9).await.unwrap();
    assert_eq!(
        stored.len(),
        2,
        "the third must not stand behind a place it was not made for"
    );
    assert_eq!((&stored[0], &stored[1].client_id), (&entries[0], &client_id(77)));
}

async fn a_taken_client_id_stops_the_append_in_any_conversation(store: &dyn ChatStore) {
    let (here, there) = (
        channel(1, Visibility::Public, &[]).id,
        channel(2, Visibility::Public, &[]).id,
    );
    store.append(vec![message(&here, 1, &user(1))]).await.unwrap();

    assert_eq!(
        store.append(vec![message(&there, 1, &user(1))]).await.unwrap(),
        Appended::default()
    );

    assert!(store.entries(&there, 1..=9).await.unwrap().is_empty());
    let of_another = store.append(vec![message(&there, 1, &user(2))]).await.unwrap();
    assert_eq!(of_another.stored, 1, "client ids are unique per author");
}

async fn an_entry_is_found_by_author_and_client_id(store: &dyn ChatStore) {
    let id = channel(1, Visibility::Public, &[]).id;
    let entry = message(&id, 1, &user(1));
    store.append(vec![entry.clone()]).await.unwrap();
    assert_eq!(store.find(&user(1), &client_id(1)).await.unwrap(), Some(entry));
    assert_eq!(store.find(&user(2), &client_id(1)).await.unwrap(), None);
    assert_eq!(store.find(&user(1), &client_id(2)).await.unwrap(), None);
}

async fn whoever_writes_has_read_up_to_there(store: &dyn ChatStore) {
    let id = channel(1, Visibility::Public, &[]).id;
    let unread = ReadMark {
        generation: 3,
        ordinal: 0,
    };
    store.raise_read_mark(&user(1), &id, unread).await.unwrap();

    let entries = vec![
        message(&id, 1, &user(1)),
        message(&id, 2, &user(2)),
        message(&id, 3, &user(1)),
    ];
    let mut read = store.append(entries).await.unwrap().read;

    read.sort();
    let mut expected = vec![
        (
            user(1),
            ReadMark {
                generation: 3,
                ordinal: 3,
            },
        ),
        (
            user(2),
            ReadMark {
                generation: 0,
                ordinal: 2,
            },
        ),
    ];
    expected.sort();
    assert_eq!(read, expected);
    assert_eq!(store.read_mark(&user(2), &id).await.unwrap().ordinal, 2);

    let mut joined = message(&id, 4, &user(4));
    joined.kind = EntryKind::Joined { person: user(4) };
    assert!(
        store.append(vec![joined]).await.unwrap().read.is_empty(),
        "only messages are read"
    );
}

async fn a_folded_field_keeps_its_latest_write_in_any_order(store: &dyn ChatStore) {
    let record = channel(1, Visibility::Public, &[user(1)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    let fold = |person: UserId, member, name: &str, seq| ConversationFold {
        name: Some(Written {
            value: name.to_owned(),
            seq,
        }),
        members: [(person, Written { value: member, seq })].into(),
        ..ConversationFold::default()
    };

    store
        .save_fold(&record.id, folded(fold(user(2), false, "newest", 9)), 9)
        .await
        .unwrap();
    store
        .save_fold(&record.id, folded(fold(user(2), true, "older", 8)), 8)
        .await
        .unwrap();
    store
        .save_fold(&record.id, folded(fold(user(3), true, "oldest", 7)), 7)
        .await
        .unwrap();
    store
        .save_fold(&record.id, folded(fold(user(3), true, "oldest", 7)), 7)
        .await
        .unwrap();

    let stored = store.conversation(&record.id).await.unwrap().unwrap();
    assert_eq!(stored.folded, 9);
    assert_eq!(stored.fold.name.unwrap().value, "newest");
    assert!(!stored.fold.members[&user(2)].value);
    assert_eq!(stored.fold.members[&user(3)], Written { value: true, seq: 7 });
    let listed = store.conversations_of(&user(1)).await.unwrap();
    assert_eq!(listed[0].member_count, 2, "the first and the third person");
    store
        .save_fold(&record.id, folded(fold(user(1), false, "newest", 10)), 10)
        .await
        .unwrap();
    assert_eq!(store.conversations_of(&user(3)).await.unwrap()[0].member_count, 1);
}

async fn what_is_not_folded_is_listed(store: &dyn ChatStore) {
    let (one, two) = (channel(1, Visibility::Public, &[]), channel(2, Visibility::Public, &[]));
    for record in [&one, &two] {
        store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    }
    store.append(vec![message(&two.id, 1, &user(1))]).await.unwrap();
    assert_eq!(store.unfolded().await.unwrap(), std::slice::from_ref(&two.id));
    store.save_fold(&two.id, Folded::default(), 1).await.unwrap();
    assert!(store.unfolded().await.unwrap().is_empty());
}

async fn many_appends_at_once_leave_every_log_dense(store: &dyn ChatStore) {
    let appends = (0..40_u128).map(|number| {
        let id = channel(number % 4, Visibility::Public, &[]).id;
        let entries: Vec<_> = (1..=5)
            .map(|seq| {
                let mut entry = message(&id, seq, &user(number));
                entry.client_id = client_id(number * 100 + u128::from(seq));
                entry
            })
            .collect();
        store.append(entries)
    });
    let stored: usize = futures_util::future::try_join_all(appends)
        .await
        .unwrap()
        .iter()
        .map(|appended| appended.stored)
        .sum();

    assert_eq!(stored, 20, "every place is taken once");
    for number in 0..4 {
        let id = channel(number, Visibility::Public, &[]).id;
        let seqs: Vec<u64> = store
            .entries(&id, 1..=99)
            .await
            .unwrap()
            .iter()
            .map(|entry| entry.seq)
            .collect();
        assert_eq!(seqs, [1, 2, 3, 4, 5]);
    }
}

/// Each tries one place after the other until its entry stands, and now and then repeats one that stands already.
async fn sixteen_who_append_to_one_log_leave_no_hole_and_no_double(store: &dyn ChatStore) {
    const OF_EACH: u128 = 8;
    let id = channel(1, Visibility::Public, &[]).id;
    let appending = (0..16_u128).map(|author| {
        let id = id.clone();
        async move {
            let mut seq = 1;
            for number in (0..OF_EACH).flat_map(|number| [number, number / 2]) {
                loop {
                    let mut entry = message(&id, seq, &user(author));
                    entry.client_id = client_id(author * OF_EACH + number);
                    if store.append(vec![entry.clone()]).await.unwrap().stored == 1 {
                        break;
                    }
                    if store.find(&entry.author, &entry.client_id).await.unwrap().is_some() {
                        break;
                    }
                    seq += 1;
                }
            }
        }
    });
    futures_util::future::join_all(appending).await;

    let entries = store.entries(&id, 1..=999).await.unwrap();
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=128).collect::<Vec<u64>>());
    let mut names: Vec<_> = entries.iter().map(|entry| (&entry.author, &entry.client_id)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 128);
}

async fn folds_saved_at_once_lose_nothing(store: &dyn ChatStore) {
    let record = channel(1, Visibility::Public, &[user(1)]);
    store.add_conversation(record.clone(), Vec::new()).await.unwrap();
    let entries = (1..=24_u64).map(|seq| {
        let emoji = ["👍", "🎉", "👀"][usize::try_from(seq % 3).unwrap()].to_owned();
        let kind = match seq {
            1 => return message(&record.id, 1, &user(1)),
            12 => EntryKind::edit(1, "anew".to_owned()),
            13 => EntryKind::Pin { target: 1, on: true },
            14 => EntryKind::Topic {
                topic: "what for".to_owned(),
            },
            15..=18 => EntryKind::Joined {
                person: user(seq.into()),
            },
            _ => EntryKind::React {
                target: 1,
                emoji,
                on: seq % 5 != 0,
            },
        };
        protocol::Entry {
            kind,
            ..message(&record.id, seq, &user(u128::from(seq) % 4))
        }
    });
    let entries: Vec<_> = entries.collect();
    store.append(entries.clone()).await.unwrap();
    let (mut whole, mut pieces) = (Folded::default(), Vec::new());
    for entry in &entries {
        whole.apply(entry);
        let mut piece = Folded::default();
        piece.apply(entry);
        pieces.push(piece);
    }

    let saving = pieces.into_iter().map(|piece| store.save_fold(&record.id, piece, 24));
    futures_util::future::try_join_all(saving).await.unwrap();

    let folds = store.message_folds(&record.id, vec![1]).await.unwrap();
    assert_eq!(folds[&1], whole.messages[&1]);
    let stored = store.conversation(&record.id).await.unwrap().unwrap();
    assert_eq!(stored.fold.topic, whole.conversation.topic);
    let listed = store.conversations_of(&user(1)).await.unwrap().remove(0);
    assert_eq!((stored.fold.current_members().count(), listed.member_count), (5, 5));
}
