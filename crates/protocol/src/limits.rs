//! Every limit the server keeps, told to the client in `welcome`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The limits in force on this server. Each is a setting; these are the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Limits {
    /// Longest message body, in UTF-8 bytes.
    pub body_bytes: u32,
    /// Largest frame a client may send, in bytes.
    pub frame_bytes: u32,
    /// Largest frame the server sends, in bytes.
    pub server_frame_bytes: u32,
    /// Sends per second and person, refilled evenly.
    pub sends_per_s: u32,
    /// Sends a person may do at once after a pause.
    pub send_burst: u32,
    /// Requests of one socket that may wait for an answer.
    pub pending_requests: u32,
    /// Cursors in one `hello`; more go into further `hello` frames with `more`.
    pub cursors_per_hello: u32,
    /// Entries that are streamed after a cursor; further behind than this is `truncated`.
    pub resume_entries: u32,
    /// Most entries in one page of history.
    pub page_entries: u32,
    /// Most members of a group conversation.
    pub group_members: u32,
    /// Different emoji beside one message.
    pub reactions_per_message: u32,
    /// Conversations in one `watch`.
    pub watched_conversations: u32,
    /// People in one `watch`.
    pub watched_people: u32,
    /// Seconds between two `typing` of one person in one conversation that are told to others.
    pub typing_interval_s: u32,
    /// Seconds after a person's last socket closed until they count as offline.
    pub presence_grace_s: u32,
    /// Largest picture of a person, in bytes as uploaded.
    pub picture_bytes: u32,
    /// Open sockets of one person.
    pub sockets_per_person: u32,
    /// Seconds between pings; two that are not answered close the socket.
    pub ping_interval_s: u32,
    /// Seconds a fresh socket may take for its last `hello`.
    pub hello_timeout_s: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 * 1024,
            frame_bytes: 64 * 1024,
            server_frame_bytes: 1024 * 1024,
            sends_per_s: 20,
            send_burst: 60,
            pending_requests: 256,
            cursors_per_hello: 500,
            resume_entries: 500,
            page_entries: 100,
            group_members: 20,
            reactions_per_message: 40,
            watched_conversations: 10,
            watched_people: 500,
            typing_interval_s: 3,
            presence_grace_s: 30,
            picture_bytes: 1024 * 1024,
            sockets_per_person: 20,
            ping_interval_s: 25,
            hello_timeout_s: 10,
        }
    }
}
