//! The people of the fake server.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use protocol::rest::identity::{People, PeopleQuery, Person};
use protocol::{Role, UserId};

use crate::fake::{World, ada, ben, problem};

pub(crate) async fn me(State(world): State<World>, headers: HeaderMap) -> Response {
    match world.refusal(&headers) {
        Some(code) => problem(code),
        None => Json(person(&ada(), "Ada")).into_response(),
    }
}

pub(crate) async fn people(
    State(world): State<World>,
    headers: HeaderMap,
    Query(query): Query<PeopleQuery>,
) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    world
        .facts()
        .diary
        .push(format!("people {}", query.ids.clone().unwrap_or_default()));
    if query.deactivated {
        // One on a page.
        world.facts().diary.push("everyone".to_owned());
        let (people, next) = match query.after.as_deref() {
            None => (vec![person(&ada(), "Ada")], Some("Ada".to_owned())),
            Some(_) => (vec![person(&ben(), "Ben")], None),
        };
        return Json(People { people, next }).into_response();
    }
    let wanted = query.ids.unwrap_or_default();
    let (name, version) = world.facts().ben.clone();
    let ben = Person {
        version,
        ..person(&ben(), &name)
    };
    let all = [person(&ada(), "Ada"), ben];
    let people = all
        .into_iter()
        .filter(|person| wanted.is_empty() || wanted.contains(person.id.as_str()))
        .collect();
    Json(People { people, next: None }).into_response()
}

pub(crate) fn person(id: &UserId, name: &str) -> Person {
    Person {
        id: id.clone(),
        name: name.to_owned(),
        title: String::new(),
        time_zone: String::new(),
        email: format!("{}@example.org", name.to_lowercase()),
        active: true,
        role: Role::Member,
        picture: None,
        version: 1,
    }
}
