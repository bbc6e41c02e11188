//! The devices this person is signed in on.

use client::view::Failure;
use protocol::SessionId;
use protocol::rest::identity::SessionInfo;
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn sessions(client: State<'_, OpenClient>) -> Result<Vec<SessionInfo>, Failure> {
    client.ready().await?.sessions().await
}

#[tauri::command]
pub(crate) async fn end_session(client: State<'_, OpenClient>, session: SessionId) -> Result<(), Failure> {
    client.ready().await?.end_session(session).await
}

#[tauri::command]
pub(crate) async fn end_other_sessions(client: State<'_, OpenClient>) -> Result<(), Failure> {
    client.ready().await?.end_other_sessions().await
}
