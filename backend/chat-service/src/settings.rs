//! The settings of this service. The comments are the help.

use clap::Args;
use protocol::Limits;

/// Limits of conversations and sockets.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[group(skip)]
pub struct Settings {
    /// Longest message body, in UTF-8 bytes
    #[arg(long, env = "BODY_BYTES", default_value_t = 16 * 1024, value_parser = clap::value_parser!(u32).range(1..=32 * 1024))]
    pub body_bytes: u32,
    /// Largest frame a client may send, in bytes
    #[arg(long, env = "FRAME_BYTES", default_value_t = 64 * 1024, value_parser = clap::value_parser!(u32).range(1024..=1024 * 1024))]
    pub frame_bytes: u32,
    /// Largest frame the server sends, in bytes; the newest entries that a fresh device gets are cut to it
    #[arg(long, env = "SERVER_FRAME_BYTES", default_value_t = 1024 * 1024, value_parser = clap::value_parser!(u32).range(128 * 1024..))]
    pub server_frame_bytes: u32,
    /// Messages per second and person
    #[arg(long, env = "SENDS_PER_S", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub sends_per_s: u32,
    /// Messages a person may send at once after a pause
    #[arg(long, env = "SEND_BURST", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub send_burst: u32,
    /// Conversations a person may make, join, rename and archive per minute
    #[arg(long, env = "CHANGES_PER_MIN", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    pub changes_per_min: u32,
    /// The same at once after a pause
    #[arg(long, env = "CHANGE_BURST", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    pub change_burst: u32,
    /// Requests of one socket that may wait for an answer
    #[arg(long, env = "PENDING_REQUESTS", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub pending_requests: u32,
    /// Cursors in one hello
    #[arg(long, env = "CURSORS_PER_HELLO", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub cursors_per_hello: u32,
    /// Entries that are streamed after a cursor; a client further behind gets the newest page
    #[arg(long, env = "RESUME_ENTRIES", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub resume_entries: u32,
    /// Most entries in one page of history
    #[arg(long, env = "PAGE_ENTRIES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub page_entries: u32,
    /// Most members of a group conversation
    #[arg(long, env = "GROUP_MEMBERS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(3..))]
    pub group_members: u32,
    /// Different emoji beside one message
    #[arg(long, env = "REACTIONS_PER_MESSAGE", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub reactions_per_message: u32,
    /// Conversations a client may watch at a time for typing and receipts
    #[arg(long, env = "WATCHED_CONVERSATIONS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub watched_conversations: u32,
    /// People a client may watch at a time for presence
    #[arg(long, env = "WATCHED_PEOPLE", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub watched_people: u32,
    /// Seconds between two signs of one person typing in one conversation that are told to others
    #[arg(long, env = "TYPING_INTERVAL_S", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub typing_interval_s: u32,
    /// Seconds after a person's last socket closed until they count as offline
    #[arg(long, env = "PRESENCE_GRACE_S", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=600))]
    pub presence_grace_s: u32,
    /// Open sockets of one person; one more closes the oldest
    #[arg(long, env = "SOCKETS_PER_PERSON", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub sockets_per_person: u32,
    /// Seconds between pings; two that are not answered close the socket
    #[arg(long, env = "PING_INTERVAL_S", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..))]
    pub ping_interval_s: u32,
    /// Seconds a fresh socket may take for its last hello
    #[arg(long, env = "HELLO_TIMEOUT_S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=30))]
    pub hello_timeout_s: u32,
    /// Bytes of encoded entries kept in memory per conversation in use
    #[arg(long, env = "FRAME_LOG_BYTES", default_value_t = 256 * 1024, value_parser = clap::value_parser!(u32).range(64 * 1024..))]
    pub frame_log_bytes: u32,
    /// Conversations kept open in memory; above this, idle ones are closed sooner
    #[arg(long, env = "OPEN_CONVERSATIONS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub open_conversations: u32,
}

impl Settings {
    /// What clients are told in `welcome`.
    pub fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.body_bytes,
            frame_bytes: self.frame_bytes,
            server_frame_bytes: self.server_frame_bytes,
            sends_per_s: self.sends_per_s,
            send_burst: self.send_burst,
            pending_requests: self.pending_requests,
            cursors_per_hello: self.cursors_per_hello,
            resume_entries: self.resume_entries,
            page_entries: self.page_entries,
            group_members: self.group_members,
            reactions_per_message: self.reactions_per_message,
            watched_conversations: self.watched_conversations,
            watched_people: self.watched_people,
            typing_interval_s: self.typing_interval_s,
            presence_grace_s: self.presence_grace_s,
            // Kept by user-service, which takes the pictures; told here so that a client has all limits in one place.
            picture_bytes: Limits::default().picture_bytes,
            sockets_per_person: self.sockets_per_person,
            ping_interval_s: self.ping_interval_s,
            hello_timeout_s: self.hello_timeout_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn the_default_settings_are_the_documented_limits() {
        let program = Program::parse_from(["test"]);
        assert_eq!(program.settings.limits(), Limits::default());
    }
}
