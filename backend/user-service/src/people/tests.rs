//! People, the directory, and telling others about changes.

use event_bus::Consumer;
use protocol::event::{PERSON_CHANGED, PersonChanged};
use protocol::rest::identity::ProfileChange;
use protocol::{ErrorCode, UserId};

use super::{DirectoryPage, FirstRole, NewPerson, PersonError, Who};
use crate::store::{PeopleStore as _, Replaced};
use crate::testing::{DEADLINE, House, email};

async fn next_change(changes: &mut Consumer) -> PersonChanged {
    let delivery = tokio::time::timeout(DEADLINE, changes.next())
        .await
        .expect("a change should be announced");
    let change = serde_json::from_slice(&delivery.payload).unwrap();
    delivery.done().await.unwrap();
    change
}

fn rename(name: &str) -> ProfileChange {
    ProfileChange {
        name: Some(name.to_owned()),
        ..ProfileChange::default()
    }
}

#[tokio::test]
async fn new_and_changed_people_are_announced_with_growing_versions() {
    let mut house = House::new().await;
    let mut changes = house.bus.consume(PERSON_CHANGED).await;
    let ada = house.sign_in("ada.lovelace@example.org").await.user;
    let first = next_change(&mut changes).await;
    assert_eq!(
        (first.id, first.name.as_str(), first.active, first.version),
        (ada.clone(), "Ada Lovelace", true, 1)
    );

    house
        .app
        .people
        .change(&ada, &rename("Countess Lovelace"))
        .await
        .unwrap();
    let second = next_change(&mut changes).await;
    assert_eq!((second.name.as_str(), second.version), ("Countess Lovelace", 2));

    let same = house
        .app
        .people
        .change(&ada, &rename("Countess Lovelace"))
        .await
        .unwrap();
    assert_eq!(same.version, 2, "what changes nothing is no change");
}

#[tokio::test]
async fn a_person_whose_announcement_died_with_the_process_is_announced_at_the_next_start() {
    let house = House::new().await;
    let new = NewPerson {
        id: UserId::from_random(5),
        email: email("ben@example.org"),
        name: "Ben".to_owned(),
        role: FirstRole::Member,
        created_at: 0,
    };
    // Stored, but nobody was woken: what a crash between storing and publishing leaves.
    house.store.add_person(&new).await.unwrap();

    let house = house.restarted().await;

    let mut changes = house.bus.consume(PERSON_CHANGED).await;
    assert_eq!(next_change(&mut changes).await.id, new.id);
}

#[tokio::test]
async fn changes_made_at_once_are_all_kept() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    let title = ProfileChange {
        title: Some("Analyst".to_owned()),
        ..ProfileChange::default()
    };
    let zone = ProfileChange {
        time_zone: Some("Europe/London".to_owned()),
        ..ProfileChange::default()
    };
    let name = rename("Ada L.");
    let people = &house.app.people;
    let (a, b, c) = tokio::join!(
        people.change(&ada, &title),
        people.change(&ada, &zone),
        people.change(&ada, &name)
    );
    a.and(b).and(c).unwrap();
    let person = people.find(&ada).await.unwrap();
    assert_eq!(
        (person.name.as_str(), person.title.as_str(), person.time_zone.as_str()),
        ("Ada L.", "Analyst", "Europe/London")
    );
    assert_eq!(person.version, 4);
}

#[tokio::test]
async fn what_cannot_be_a_name_or_a_zone_is_refused() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    let zone = |text: &str| ProfileChange {
        time_zone: Some(text.to_owned()),
        ..ProfileChange::default()
    };
    for change in [
        rename(" "),
        rename("a\u{202e}b"),
        rename(&"x".repeat(81)),
        zone("Europe/London; drop"),
        zone("/etc"),
    ] {
        let answer = house.app.people.change(&ada, &change).await;
        assert!(
            matches!(
                answer,
                Err(PersonError::Unfit {
                    code: ErrorCode::InvalidName,
                    ..
                })
            ),
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn the_directory_is_paged_by_name_without_hole_or_double() {
    let mut house = House::new().await;
    let names = ["Özge", "ada", "Ben", "Änne", "ben", "Zoë", "Carl"];
    for (number, name) in names.iter().enumerate() {
        let id = house.sign_in(&format!("p{number}@example.org")).await.user;
        house.app.people.change(&id, &rename(name)).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = DirectoryPage {
            who: Who::Active,
            query_key: String::new(),
            after,
            most: 2,
        };
        let (people, next) = house.app.people.directory(page).await.unwrap();
        assert!(people.len() <= 2);
        seen.extend(people.into_iter().map(|person| person.name_key()));
        match next {
            Some(place) => after = Some(place),
            None => break,
        }
    }
    let mut expected: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    expected.sort();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn the_directory_finds_by_name_or_address_without_regard_to_case() {
    let mut house = House::new().await;
    let ada = house.sign_in("ada@example.org").await.user;
    house.sign_in("ben@example.org").await;
    house.app.people.change(&ada, &rename("Ädä 100%_Real")).await.unwrap();
    let found = async |query: &str| {
        let page = DirectoryPage {
            who: Who::Active,
            query_key: query.to_lowercase(),
            after: None,
            most: 10,
        };
        house.app.people.directory(page).await.unwrap().0.len()
    };
    assert_eq!(found("ÄDÄ").await, 1);
    assert_eq!(found("BEN@EX").await, 1);
    assert_eq!(
        found("100%_").await,
        1,
        "what SQL gives a meaning is a plain character here"
    );
    assert_eq!(found("%").await, 1);
    assert_eq!(found("nobody").await, 0);
}

#[tokio::test]
async fn a_change_is_announced_even_when_nobody_stayed_to_ask_for_it() {
    let mut house = House::new().await;
    let id = house.sign_in("ada@example.org").await.user;
    let mut changes = house.bus.consume(PERSON_CHANGED).await;
    assert_eq!(next_change(&mut changes).await.version, 1);

    // Stored by somebody whose caller hung up before the announcer was woken.
    let mut ada = house.store.person(&id).await.unwrap().unwrap();
    ada.version += 1;
    assert_eq!(house.store.replace_person(&ada, &[]).await.unwrap(), Replaced::Done);

    assert_eq!(next_change(&mut changes).await.version, 2);
}
