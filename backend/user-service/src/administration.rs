//! What administrators do to people, beyond one noun.

use protocol::UserId;
use protocol::rest::identity::PersonChange;

use crate::audit::Actor;
use crate::people::{People, Person};
use crate::sessions::{SessionError, Sessions};

/// Changes somebody's role or whether they are active; deactivating ends all their sessions.
///
/// The person is marked first and their sessions end then: whoever signs in at the same time either finds the mark or
/// is found by the end.
pub(crate) async fn change_person(
    people: &People,
    sessions: &Sessions,
    by: &Actor,
    id: &UserId,
    change: &PersonChange,
) -> Result<Person, SessionError> {
    let person = people.change_standing(by, id, change).await?;
    if !person.active {
        sessions.end_all_of(id).await?;
    }
    Ok(person)
}
