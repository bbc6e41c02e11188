//! Live signs: who types, who is there, and what of it this window wants to know.

use client::view::{Failure, PresenceView};
use protocol::{Activity, ConversationId, UserId};
use tauri::State;

use crate::opening::OpenClient;

#[tauri::command]
pub(crate) async fn typing(client: State<'_, OpenClient>, conversation: ConversationId) -> Result<(), Failure> {
    client.ready().await?.typing(conversation).await
}

#[tauri::command]
pub(crate) async fn watch(
    client: State<'_, OpenClient>,
    conversations: Vec<ConversationId>,
    people: Vec<UserId>,
) -> Result<(), Failure> {
    client.ready().await?.watch(conversations, people).await
}

#[tauri::command]
pub(crate) async fn set_activity(client: State<'_, OpenClient>, activity: Activity) -> Result<(), Failure> {
    client.ready().await?.set_activity(activity).await
}

#[tauri::command]
pub(crate) async fn presence(client: State<'_, OpenClient>) -> Result<Vec<PresenceView>, Failure> {
    client.ready().await?.presence().await
}
