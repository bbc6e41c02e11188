//! Signing in and out, and the state of the connection.

use client::view::{CodeSent, Connection, Failure, InvitationLink, ServerInfo, Session};
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn session(client: State<'_, OpenClient>) -> Result<Session, Failure> {
    Ok(client.ready().await?.session().await)
}

#[tauri::command]
pub(crate) async fn connection(client: State<'_, OpenClient>) -> Result<Connection, Failure> {
    Ok(client.ready().await?.connection())
}

#[tauri::command]
pub(crate) async fn check_server(client: State<'_, OpenClient>, address: String) -> Result<ServerInfo, Failure> {
    client.ready().await?.check_server(&address).await
}

#[tauri::command]
pub(crate) async fn request_code(
    client: State<'_, OpenClient>,
    server: String,
    email: String,
) -> Result<CodeSent, Failure> {
    client.ready().await?.request_code(&server, &email).await
}

#[tauri::command]
pub(crate) async fn sign_in(client: State<'_, OpenClient>, code: String) -> Result<Session, Failure> {
    client.ready().await?.sign_in(&code).await
}

#[tauri::command]
pub(crate) async fn sign_out(client: State<'_, OpenClient>) -> Result<(), Failure> {
    client.ready().await?.sign_out().await
}

#[tauri::command]
pub(crate) async fn reconnect_now(client: State<'_, OpenClient>) -> Result<(), Failure> {
    client.ready().await?.reconnect_now().await;
    Ok(())
}

#[tauri::command]
pub(crate) async fn read_invitation(client: State<'_, OpenClient>, link: String) -> Result<InvitationLink, Failure> {
    client.ready().await?.read_invitation(&link).await
}

#[tauri::command]
pub(crate) async fn accept_invitation(client: State<'_, OpenClient>, link: String) -> Result<Session, Failure> {
    client.ready().await?.accept_invitation(&link).await
}

/// The app's version.
#[tauri::command]
pub(crate) fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
