//! The people of the workspace, the person who is signed in among them.

use client::view::{Failure, PersonView};
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
