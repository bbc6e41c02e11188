//! All the window may ask for: one command per method of the client, and links to the outside.
//!
//! A command reads its arguments, asks the client and answers. Anything more belongs into the client.

#![expect(clippy::let_underscore_must_use, reason = "the code that `tauri::command` writes")]

mod administration;
mod conversations;
mod devices;
mod links;
mod live;
mod messages;
mod people;
mod session;
#[cfg(test)]
mod tests;

use tauri::Runtime;
use tauri::ipc::Invoke;

/// The table of all commands.
pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        session::session,
        session::connection,
        session::check_server,
        session::request_code,
        session::sign_in,
        session::read_invitation,
        session::accept_invitation,
        session::sign_out,
        session::version,
        session::reconnect_now,
        conversations::conversations,
        conversations::open_conversation,
        conversations::earlier,
        conversations::later,
        conversations::around,
        conversations::set_topic,
        conversations::set_archived,
        conversations::start_conversation,
        conversations::find_channels,
        conversations::create_channel,
        conversations::join_channel,
        conversations::leave_channel,
        conversations::rename_channel,
        conversations::channel_members,
        conversations::add_member,
        conversations::remove_member,
        messages::send_message,
        messages::retry_message,
        messages::discard_message,
        messages::save_draft,
        messages::mark_read,
        messages::mark_unread,
        messages::act_on_message,
        messages::message_versions,
        messages::pinned_messages,
        messages::message_link,
        live::typing,
        live::watch,
        live::set_activity,
        live::presence,
        people::people,
        people::find_people,
        people::update_profile,
        people::picture,
        people::set_picture,
        people::remove_picture,
        devices::sessions,
        devices::end_session,
        devices::end_other_sessions,
        administration::workspace_settings,
        administration::change_settings,
        administration::everyone,
        administration::change_person,
        administration::invitations,
        administration::invite,
        administration::withdraw_invitation,
        administration::audit_log,
        administration::export_audit_log,
        links::open_link,
    ]
}
