//! The people of the fake server.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use protocol::UserId;
use protocol::rest::identity::{People, PeopleQuery, Person};

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

fn person(id: &UserId, name: &str) -> Person {
    Person {
        id: id.clone(),
        name: name.to_owned(),
        title: String::new(),
        time_zone: String::new(),
        email: format!("{}@example.org", name.to_lowercase()),
        active: true,
        version: 1,
    }
}
