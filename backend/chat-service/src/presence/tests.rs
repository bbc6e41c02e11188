use std::collections::HashSet;

use crate::testing::{chat, user};

use super::*;

/// A restart of the office network: everybody comes, goes and comes again.
#[tokio::test]
async fn two_thousand_who_come_at_once_are_told_in_turns_and_each_once() {
    const PEOPLE: u128 = 2_000;
    let (_folder, chat) = chat();
    let device = SessionId::from_random(1);
    for person in (0..PEOPLE).map(user) {
        for _ in 0..3 {
            let activity = chat.presences.came(&person, &device);
            chat.presences.went(&person, &device, activity);
        }
        chat.presences.came(&person, &device);
    }
    let mut told = HashSet::new();
    for _ in 0..PEOPLE.div_ceil(TOLD_AT_ONCE as u128) {
        let (news, _) = chat.presences.take_news(TOLD_AT_ONCE);
        assert!(news.len() <= TOLD_AT_ONCE, "one turn is bounded");
        for person in news {
            assert_eq!(person.presence, Presence::Online);
            assert!(told.insert(person.person), "told once");
        }
    }
    assert_eq!(told.len() as u128, PEOPLE);
    assert!(chat.presences.take_news(TOLD_AT_ONCE).0.is_empty());
}

#[tokio::test]
async fn last_activities_are_saved_in_portions_and_then_forgotten() {
    let (_folder, chat) = chat();
    let people: Vec<UserId> = (0..=SAVED_AT_ONCE as u128 * 2).map(user).collect();
    for person in &people {
        crate::people::note_caller(&chat, person).await.unwrap();
        chat.presences.came(person, &SessionId::from_random(1));
    }
    save(&chat).await;
    assert!(chat.presences.attendance().unsaved(1).is_empty());
    let saved = chat.store.last_seen(people.clone()).await.unwrap();
    assert_eq!(saved.iter().filter(|(_, at)| at.is_some()).count(), people.len());
}

#[test]
fn telling_of_everybody_says_who_is_not_there_too() {
    let presences = || Presences::new(Arc::new(service_kit::SystemClock), 10);
    let (here, there) = (presences(), presences());
    let node = NodeId("here".to_owned());
    let people: Vec<_> = (0..=2 * TOLD_TOGETHER as u128).map(user).collect();
    let (gone, rest) = people.split_at(3);
    let everybody = people.iter().map(|person| PresenceHere {
        person: person.clone(),
        presence: Presence::Online,
        last_seen: None,
    });
    there.hear(&node, everybody.collect());
    for person in rest {
        here.came(person, &SessionId::from_random(1));
    }

    here.tell_everybody();
    let notes = here.take_everybody();

    assert_eq!(notes.len(), 2, "no note has very many");
    for note in notes {
        let Note::Everybody { after, until, people } = note else {
            panic!("{note:?}")
        };
        there.hear_everybody(&node, (after, until), people);
    }
    for person in gone {
        assert_eq!(there.look(person, None).presence, Presence::Offline);
    }
    for person in rest {
        assert_eq!(there.look(person, None).presence, Presence::Online);
    }
    assert!(here.take_everybody().is_empty(), "told once");
}

#[test]
fn a_node_where_nobody_is_says_so() {
    let presences = Presences::new(Arc::new(service_kit::SystemClock), 10);
    presences.tell_everybody();
    let nobody = Note::Everybody {
        after: None,
        until: None,
        people: Vec::new(),
    };
    assert_eq!(presences.take_everybody(), [nobody]);
}
