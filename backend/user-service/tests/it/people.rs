//! `/v1/users`.

use protocol::ErrorCode;
use protocol::rest::identity::{People, Person, ProfileChange};
use reqwest::StatusCode;

use super::harness::Service;

fn rename(name: &str) -> ProfileChange {
    ProfileChange {
        name: Some(name.to_owned()),
        ..ProfileChange::default()
    }
}

#[tokio::test]
async fn people_change_their_own_profile() {
    let service = Service::start().await;
    let token = service.sign_in("ada@example.org").await.access_token;
    let change = ProfileChange {
        name: Some("  Ada Lovelace ".to_owned()),
        title: Some("Analyst".to_owned()),
        time_zone: Some("Europe/London".to_owned()),
    };
    let changed: Person = service.patch("/v1/users/me", &token, &change).await.read();
    assert_eq!(
        (changed.name.as_str(), changed.title.as_str()),
        ("Ada Lovelace", "Analyst")
    );
    assert_eq!((changed.time_zone.as_str(), changed.version), ("Europe/London", 2));

    let emptied = ProfileChange {
        title: Some(String::new()),
        ..ProfileChange::default()
    };
    let changed: Person = service.patch("/v1/users/me", &token, &emptied).await.read();
    assert_eq!(
        (changed.name.as_str(), changed.title.as_str(), changed.version),
        ("Ada Lovelace", "", 3)
    );
    let me: Person = service.get("/v1/users/me", &token).await.read();
    assert_eq!(me, changed);
}

#[tokio::test]
async fn a_name_that_cannot_be_one_is_refused() {
    let service = Service::start().await;
    let token = service.sign_in("ada@example.org").await.access_token;
    let answer = service.patch("/v1/users/me", &token, &rename("   ")).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (422, ErrorCode::InvalidName));
    let me: Person = service.get("/v1/users/me", &token).await.read();
    assert_eq!(me.version, 1);
}

#[tokio::test]
async fn a_person_is_found_by_id_and_nobody_by_a_wrong_one() {
    let service = Service::start().await;
    let (ada, ben) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("ben@example.org").await,
    );
    let found: Person = service
        .get(&format!("/v1/users/{}", ben.user), &ada.access_token)
        .await
        .read();
    assert_eq!(found.id, ben.user);
    for id in ["u_nobody", "not%20an%20id", "..%2F..%2Fetc"] {
        let answer = service.get(&format!("/v1/users/{id}"), &ada.access_token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (404, ErrorCode::NotFound),
            "{id}"
        );
    }
}

#[tokio::test]
async fn the_directory_is_read_page_by_page() {
    let service = Service::start().await;
    let mut token = String::new();
    for name in ["carl", "ada", "ben", "dora", "emil"] {
        token = service.sign_in(&format!("{name}@example.org")).await.access_token;
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    for _ in 0..3 {
        let page: People = service.get(&format!("/v1/users?limit=2{after}"), &token).await.read();
        names.extend(page.people.into_iter().map(|person| person.name));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(names, ["Ada", "Ben", "Carl", "Dora", "Emil"]);

    let found: People = service.get("/v1/users?query=DORA%40", &token).await.read();
    assert_eq!(found.people.len(), 1);
    assert_eq!(found.next, None);
}

#[tokio::test]
async fn people_are_found_by_their_ids() {
    let service = Service::start().await;
    let (ada, ben) = (
        service.sign_in("ada@example.org").await,
        service.sign_in("ben@example.org").await,
    );
    let path = format!("/v1/users?ids={},{},u_nobody", ada.user, ben.user);
    let found: People = service.get(&path, &ada.access_token).await.read();
    let mut ids: Vec<_> = found.people.into_iter().map(|person| person.id).collect();
    ids.sort();
    let mut expected = vec![ada.user, ben.user];
    expected.sort();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_malformed() {
    let service = Service::start().await;
    let token = service.sign_in("ada@example.org").await.access_token;
    let many = vec!["u_x"; 101].join(",");
    for query in ["after=nonsense", "limit=many", "ids=a%20b", &format!("ids={many}")] {
        let answer = service.get(&format!("/v1/users?{query}"), &token).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::BAD_REQUEST, ErrorCode::Malformed),
            "{query}"
        );
    }
}
