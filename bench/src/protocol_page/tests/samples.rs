//! One of everything that crosses the border, with every optional field, so that no field escapes the page.

use std::collections::BTreeMap;

use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::rest::identity::{
    AuditAction, AuditEvent, ChannelCreation, Invitation, Person, SessionInfo, WorkspaceSettings,
};
use protocol::timeline::{Deletion, MessageEdit, MessageFold, MessageState, Written};
use protocol::{
    Activity, ChosenLevel, ClientId, Conversation, ConversationId, ConversationKind, Email, Entry, EntryKind,
    ErrorCode, Limits, Membership, Mention, PersonPresence, Presence, ReadMark, Receipt, Role, SessionId, UserId,
    Visibility,
};

fn conversation_id() -> ConversationId {
    ConversationId::from_random(1)
}

fn client_id() -> ClientId {
    ClientId::from_random(1)
}

fn user() -> UserId {
    UserId::from_random(1)
}

pub(super) fn entry(kind: EntryKind) -> Entry {
    Entry {
        conversation: conversation_id(),
        seq: 1,
        ordinal: 1,
        at: 1,
        author: user(),
        client_id: client_id(),
        kind,
    }
}

/// Every kind that this version sends.
pub(super) fn entry_kinds() -> Vec<EntryKind> {
    let kinds = vec![
        EntryKind::Message {
            body: String::new(),
            reply_to: Some(1),
            here: vec![user()],
        },
        EntryKind::Edit {
            target: 1,
            body: String::new(),
            here: vec![user()],
        },
        EntryKind::Delete { target: 1 },
        EntryKind::React {
            target: 1,
            emoji: String::new(),
            on: true,
        },
        EntryKind::Pin { target: 1, on: true },
        EntryKind::Joined { person: user() },
        EntryKind::Left { person: user() },
        EntryKind::Renamed { name: String::new() },
        EntryKind::Topic { topic: String::new() },
        EntryKind::Archived { on: true },
    ];
    for kind in &kinds {
        // A new kind does not compile here until somebody has put it into the list above and onto the page.
        match kind {
            EntryKind::Message { .. }
            | EntryKind::Edit { .. }
            | EntryKind::Delete { .. }
            | EntryKind::React { .. }
            | EntryKind::Pin { .. }
            | EntryKind::Joined { .. }
            | EntryKind::Left { .. }
            | EntryKind::Renamed { .. }
            | EntryKind::Topic { .. }
            | EntryKind::Archived { .. }
            | EntryKind::Unknown => {}
        }
    }
    kinds
}

pub(super) fn conversation() -> Conversation {
    Conversation {
        id: conversation_id(),
        kind: ConversationKind::Channel,
        visibility: Visibility::Public,
        name: None,
        topic: String::new(),
        archived: false,
        members: Vec::new(),
        member_count: 0,
        membership: Membership::None,
        epoch: String::new(),
        head: 0,
        ordinal: 0,
        last_at: 0,
        read: ReadMark::default(),
        created_by: user(),
        member_since: 0,
        mentions: vec![Mention { seq: 1, ordinal: 1 }],
        level: ChosenLevel::default(),
    }
}

pub(super) fn cursor() -> Cursor {
    Cursor {
        conversation: conversation_id(),
        epoch: String::new(),
        seq: 1,
        client_id: client_id(),
    }
}

pub(super) fn message_state() -> MessageState {
    MessageState {
        seq: 1,
        state: MessageFold {
            edit: Some(MessageEdit {
                body: String::new(),
                at: 1,
                seq: 1,
                here: Vec::new(),
            }),
            deleted: Some(Deletion {
                by: user(),
                at: 1,
                seq: 1,
            }),
            pinned: Some(Written { value: true, seq: 1 }),
            reactions: BTreeMap::from([((String::new(), user()), Written { value: true, seq: 1 })]),
        },
    }
}

pub(super) fn person() -> Person {
    Person {
        id: user(),
        name: String::new(),
        title: String::new(),
        time_zone: String::new(),
        email: String::new(),
        active: true,
        role: Role::Member,
        picture: Some(String::new()),
        version: 1,
    }
}

pub(super) fn session() -> SessionInfo {
    SessionInfo {
        id: SessionId::from_random(1),
        name: String::new(),
        system: String::new(),
        signed_in_at: 1,
        last_seen_at: 1,
        address: String::new(),
        current: true,
    }
}

pub(super) fn invitation() -> Invitation {
    Invitation {
        id: String::new(),
        email: Email::parse("ada@example.org").unwrap(),
        role: Role::Member,
        invited_by: user(),
        invited_at: 1,
        expires_at: 1,
        accepted_at: Some(1),
    }
}

pub(super) fn settings() -> WorkspaceSettings {
    WorkspaceSettings {
        name: String::new(),
        sign_in_domains: Vec::new(),
        any_domain: true,
        channel_creation: ChannelCreation::Everyone,
        version: 1,
    }
}

pub(super) fn audit_event() -> AuditEvent {
    AuditEvent {
        seq: 1,
        at: 1,
        actor: Some(user()),
        action: AuditAction::SignedIn,
        target: Some(String::new()),
        detail: String::new(),
        address: String::new(),
    }
}

/// Every action as it is written in JSON.
pub(super) fn audit_actions() -> Vec<String> {
    use AuditAction as A;
    let all = [
        A::SignedIn,
        A::SignedOut,
        A::SessionRevoked,
        A::RefreshTokenReused,
        A::Invited,
        A::InvitationWithdrawn,
        A::InvitationAccepted,
        A::RoleChanged,
        A::Deactivated,
        A::Reactivated,
        A::SettingsChanged,
        A::AuditExported,
    ];
    let words = all.iter().filter_map(|action| serde_json::to_value(action).ok());
    words.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

pub(super) fn presence() -> PersonPresence {
    PersonPresence {
        person: user(),
        presence: Presence::Online,
        last_seen: Some(1),
    }
}

pub(super) fn receipt() -> Receipt {
    Receipt {
        person: user(),
        ordinal: 1,
    }
}

/// One of each frame, with every optional field.
pub(super) fn client_frames() -> Vec<ClientFrame> {
    let (id, target, on, conversation) = (1, 1, true, conversation_id());
    let mut frames = vec![
        ClientFrame::Hello {
            id,
            cursors: vec![cursor()],
            more: true,
        },
        ClientFrame::Send {
            id,
            conversation: conversation.clone(),
            client_id: client_id(),
            body: String::new(),
            reply_to: Some(1),
            after: Some(client_id()),
        },
        ClientFrame::Edit {
            id,
            conversation: conversation.clone(),
            client_id: client_id(),
            target,
            body: String::new(),
        },
        ClientFrame::Delete {
            id,
            conversation: conversation.clone(),
            client_id: client_id(),
            target,
        },
        ClientFrame::React {
            id,
            conversation: conversation.clone(),
            client_id: client_id(),
            target,
            emoji: String::new(),
            on,
        },
        ClientFrame::Pin {
            id,
            conversation: conversation.clone(),
            client_id: client_id(),
            target,
            on,
        },
    ];
    frames.extend(client_frames_beside_the_log(id, conversation));
    frames
}

fn client_frames_beside_the_log(id: u64, conversation: ConversationId) -> Vec<ClientFrame> {
    vec![
        ClientFrame::Read {
            id,
            conversation: conversation.clone(),
            generation: 0,
            ordinal: 0,
        },
        ClientFrame::Typing {
            id,
            conversation: conversation.clone(),
        },
        ClientFrame::Status {
            id,
            activity: Activity::Idle,
        },
        ClientFrame::Watch {
            id,
            conversations: vec![conversation],
            people: vec![user()],
        },
        ClientFrame::Token {
            id,
            token: String::new(),
        },
    ]
}

pub(super) fn server_frames() -> Vec<ServerFrame> {
    let message = || entry(EntryKind::message(String::new(), None));
    let epoch = String::new();
    let mut frames = vec![
        ServerFrame::Welcome {
            id: 1,
            user: user(),
            session: SessionId::from_random(1),
            server_time: 1,
            token_expires_at: 1,
            conversations: vec![conversation()],
            limits: Limits::default(),
        },
        ServerFrame::Ack {
            id: 1,
            entry: Some(message()),
        },
        ServerFrame::Refused {
            id: 1,
            code: ErrorCode::Internal,
            detail: String::new(),
            retry_after_ms: Some(1),
        },
        ServerFrame::Entry {
            epoch: epoch.clone(),
            entry: message(),
        },
        ServerFrame::Truncated {
            conversation: conversation_id(),
            epoch,
            entries: Vec::new(),
            messages: vec![message_state()],
        },
    ];
    frames.extend(server_frames_beside_the_log());
    frames
}

fn server_frames_beside_the_log() -> Vec<ServerFrame> {
    vec![
        ServerFrame::Read {
            conversation: conversation_id(),
            generation: 0,
            ordinal: 0,
        },
        ServerFrame::Receipts {
            conversation: conversation_id(),
            receipts: vec![receipt()],
        },
        ServerFrame::Typing {
            conversation: conversation_id(),
            person: user(),
        },
        ServerFrame::Presence {
            people: vec![presence()],
        },
        ServerFrame::Conversation {
            conversation: conversation(),
        },
        ServerFrame::Person {
            id: user(),
            name: String::new(),
            active: true,
            version: 1,
        },
        ServerFrame::TokenExpiring { expires_at: 1 },
        ServerFrame::Goodbye {
            reason: String::new(),
            retry_after_ms: 1,
        },
    ]
}
