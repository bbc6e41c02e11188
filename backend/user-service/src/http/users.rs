//! `/v1/users`: oneself, the directory, one person.

use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::rest::identity::{People, PeopleQuery, Person, PersonChange, ProfileChange};
use protocol::{ErrorCode, Problem, UserId};
use service_kit::ApiError;
use service_kit::auth::Caller;
use service_kit::extract::{Json, Path, Query};

use super::administrator::{Administrator, Present, require_administrator};
use crate::administration;
use crate::app::App;
use crate::people::{self, DirectoryPage, DirectoryPlace, Who};

const DEFAULT_PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 100;
const MOST_IDS: usize = 100;
/// Longer texts match nobody.
const LONGEST_QUERY: usize = 200;

/// The person who asks.
#[utoipa::path(get, path = "/v1/users/me", tag = "users", security(("access_token" = [])),
    responses((status = 200, body = Person), (status = 401, body = Problem)))]
pub(super) async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Person>, ApiError> {
    Ok(Json(shown(app.people.find(&caller.user).await?)))
}

/// Changes what is given of one's own profile.
#[utoipa::path(patch, path = "/v1/users/me", tag = "users", security(("access_token" = [])), request_body = ProfileChange,
    responses(
        (status = 200, body = Person),
        (status = 401, body = Problem),
        (status = 422, description = "`invalid_name`", body = Problem),
    ))]
pub(super) async fn change_me(
    State(app): State<App>,
    caller: Caller,
    Json(change): Json<ProfileChange>,
) -> Result<Json<Person>, ApiError> {
    Ok(Json(shown(app.people.change(&caller.user, &change).await?)))
}

/// A page of active people ordered by name, for administrators with those who were deactivated if they ask for them;
/// or the people with these ids.
#[utoipa::path(get, path = "/v1/users", tag = "users", security(("access_token" = [])), params(PeopleQuery),
    responses(
        (status = 200, body = People),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`: `deactivated` is for administrators", body = Problem),
    ))]
pub(super) async fn directory(
    State(app): State<App>,
    present: Present,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<People>, ApiError> {
    if let Some(ids) = &query.ids {
        let found = app.people.find_all(&read_ids(ids)?).await?;
        return Ok(Json(People {
            people: found.into_iter().map(shown).collect(),
            next: None,
        }));
    }
    let who = if query.deactivated {
        require_administrator(&app, &present.actor).await?;
        Who::Everybody
    } else {
        Who::Active
    };
    let page = DirectoryPage {
        who,
        query_key: query
            .query
            .trim()
            .chars()
            .take(LONGEST_QUERY)
            .collect::<String>()
            .to_lowercase(),
        after: query.after.as_deref().map(read_place).transpose()?,
        most: query.limit.unwrap_or(DEFAULT_PAGE).clamp(1, LONGEST_PAGE),
    };
    let (found, next) = app.people.directory(page).await?;
    Ok(Json(People {
        people: found.into_iter().map(shown).collect(),
        next: next.as_ref().map(written_place),
    }))
}

/// One person.
#[utoipa::path(get, path = "/v1/users/{id}", tag = "users", security(("access_token" = [])),
    params(("id" = String, Path, description = "The person's id")),
    responses((status = 200, body = Person), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn person(
    State(app): State<App>,
    _caller: Caller,
    Path(id): Path<UserId>,
) -> Result<Json<Person>, ApiError> {
    Ok(Json(shown(app.people.find(&id).await?)))
}

/// Changes what somebody may do, or whether they are here at all. Deactivating ends all their sessions. For
/// administrators.
#[utoipa::path(patch, path = "/v1/users/{id}", tag = "users", security(("access_token" = [])),
    request_body = PersonChange, params(("id" = String, Path, description = "The person's id")),
    responses(
        (status = 200, body = Person),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
        (status = 404, body = Problem),
        (status = 409, description = "`last_administrator`", body = Problem),
    ))]
pub(super) async fn change_person(
    State(app): State<App>,
    Administrator(by): Administrator,
    Path(id): Path<UserId>,
    Json(change): Json<PersonChange>,
) -> Result<Json<Person>, ApiError> {
    let person = administration::change_person(&app.people, &app.sessions, &by, &id, &change).await?;
    Ok(Json(shown(person)))
}

pub(super) fn shown(person: people::Person) -> Person {
    Person {
        id: person.id,
        name: person.name,
        title: person.title,
        time_zone: person.time_zone,
        email: person.email.into(),
        active: person.active,
        role: person.role,
        picture: person.picture,
        version: person.version,
    }
}

fn read_ids(text: &str) -> Result<Vec<UserId>, ApiError> {
    let ids: Result<Vec<UserId>, _> = text.split(',').filter(|id| !id.is_empty()).map(UserId::parse).collect();
    let ids = ids.map_err(|fault| ApiError::new(ErrorCode::Malformed, format!("ids: {fault}.")))?;
    if ids.len() > MOST_IDS {
        return Err(ApiError::new(
            ErrorCode::Malformed,
            format!("ids: at most {MOST_IDS} at once."),
        ));
    }
    Ok(ids)
}

/// A place in the directory as text; what is in it is nobody's business but ours.
fn written_place(place: &DirectoryPlace) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}\n{}", place.id, place.name_key))
}

fn read_place(text: &str) -> Result<DirectoryPlace, ApiError> {
    let read = || {
        let place = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (id, name_key) = place.split_once('\n')?;
        Some(DirectoryPlace {
            name_key: name_key.to_owned(),
            id: id.to_owned(),
        })
    };
    read().ok_or_else(|| {
        ApiError::new(
            ErrorCode::Malformed,
            "after: pass on `next` of the page before, unchanged.",
        )
    })
}
