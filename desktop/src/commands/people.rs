//! The people of the workspace, the person who is signed in among them.

use client::view::{Failure, PersonView};
use protocol::UserId;
use protocol::rest::identity::ProfileChange;
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn people(client: State<'_, OpenClient>) -> Result<Vec<PersonView>, Failure> {
    client.ready().await?.people().await
}

#[tauri::command]
pub(crate) async fn find_people(client: State<'_, OpenClient>, query: String) -> Result<Vec<PersonView>, Failure> {
    client.ready().await?.find_people(query).await
}

#[tauri::command]
pub(crate) async fn update_profile(
    client: State<'_, OpenClient>,
    change: ProfileChange,
) -> Result<PersonView, Failure> {
    client.ready().await?.update_profile(change).await
}

#[tauri::command]
pub(crate) async fn picture(client: State<'_, OpenClient>, person: UserId, picture: String) -> Result<String, Failure> {
    client.ready().await?.picture(person, picture).await
}

#[tauri::command]
pub(crate) async fn set_picture(client: State<'_, OpenClient>, data: String) -> Result<PersonView, Failure> {
    client.ready().await?.set_picture(data).await
}

#[tauri::command]
pub(crate) async fn remove_picture(client: State<'_, OpenClient>) -> Result<PersonView, Failure> {
    client.ready().await?.remove_picture().await
}
