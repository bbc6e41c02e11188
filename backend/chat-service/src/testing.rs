//! Builders for unit tests.

use std::sync::Arc;

use clap::Parser;
use protocol::timeline::{ConversationFold, Written};
use protocol::{ClientId, ConversationId, ConversationKind, Entry, EntryKind, Limits, UserId, Visibility};
use service_kit::auth::DeniedSessions;
use service_kit::store::mongo::{Address, Mongo};
use service_kit::{Lifecycle, SharedClock, SystemClock, SystemRandom};
use test_kit::engines::MongoDatabase;
use tokio::sync::Notify;

use crate::chat::Chat;
use crate::ended::EndedSessions;
use crate::fanout::feed::Feeds;
use crate::fanout::sockets::Sockets;
use crate::log::desks::DesksParts;
use crate::log::{Act, Desks, Proposal, Touch};
use crate::nodes::allowance::Allowance;
use crate::nodes::telling::Neighbours;
use crate::people::Known;
use crate::presence::Presences;
use crate::settings::Settings;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{ChatStore, Folded, Record, Tail};
use crate::typing::Typing;

pub(crate) fn user(number: u128) -> UserId {
    UserId::from_random(number)
}

pub(crate) fn client_id(number: u128) -> ClientId {
    ClientId::from_random(number)
}

pub(crate) fn conversation(number: u128) -> ConversationId {
    ConversationId::from_random(number)
}

/// A channel with these members, made before any entry.
pub(crate) fn channel(number: u128, visibility: Visibility, members: &[UserId]) -> Record {
    let there = Written { value: true, seq: 0 };
    let name = format!("Channel {number}");
    Record {
        id: conversation(number),
        kind: ConversationKind::Channel,
        visibility,
        created_by: user(0),
        created_at: 7,
        epoch: format!("epoch {number}"),
        first_name: Some(name.clone()),
        fold: ConversationFold {
            name: Some(Written { value: name, seq: 0 }),
            members: members.iter().map(|member| (member.clone(), there.clone())).collect(),
            ..ConversationFold::default()
        },
        folded: 0,
        tail: Tail {
            at: 7,
            ..Tail::default()
        },
    }
}

/// A group conversation of these people.
pub(crate) fn group(members: &[UserId]) -> Record {
    Record {
        id: ConversationId::of_members(members),
        kind: ConversationKind::Group,
        visibility: Visibility::Private,
        first_name: None,
        fold: ConversationFold {
            name: None,
            ..channel(1, Visibility::Private, members).fold
        },
        ..channel(1, Visibility::Private, members)
    }
}

/// The message number `seq` of `author` at its place, when all entries are messages.
pub(crate) fn message(conversation: &ConversationId, seq: u64, author: &UserId) -> Entry {
    Entry {
        conversation: conversation.clone(),
        seq,
        ordinal: seq,
        at: 100,
        author: author.clone(),
        client_id: client_id(u128::from(seq)),
        kind: EntryKind::message(format!("message {seq}"), None),
    }
}

/// What a conversation folds into, without anything about its messages.
pub(crate) fn folded(conversation: ConversationFold) -> Folded {
    Folded {
        conversation,
        ..Folded::default()
    }
}

/// A send without a predecessor.
pub(crate) fn send(author: &UserId, number: u128, body: &str) -> Proposal {
    Proposal {
        author: author.clone(),
        act: Act::Send {
            client_id: client_id(number),
            body: body.to_owned(),
            reply_to: None,
            after: None,
        },
    }
}

/// Something done to the message at `target`.
pub(crate) fn touch(author: &UserId, number: u128, target: u64, touch: Touch) -> Proposal {
    Proposal {
        author: author.clone(),
        act: Act::Touch {
            client_id: client_id(number),
            target,
            touch,
        },
    }
}

pub(crate) fn edit(body: &str) -> Touch {
    Touch::Edit { body: body.to_owned() }
}

pub(crate) fn react(emoji: &str, on: bool) -> Touch {
    let emoji = emoji.to_owned();
    Touch::React { emoji, on }
}

/// A store in a folder that lasts as long as the first value.
pub(crate) fn sqlite() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("chat.sqlite")).unwrap();
    (folder, store)
}

/// A store in a database that lasts as long as the first value.
pub(crate) async fn mongo() -> (MongoDatabase, MongoStore) {
    let database = MongoDatabase::fresh();
    let store = MongoStore::new(Mongo::new(Address::parse(&database.url()).unwrap()));
    store.make_indexes().await.unwrap();
    (database, store)
}

/// Desks over a store.
pub(crate) fn desks(store: Arc<dyn ChatStore>) -> Desks {
    Desks::new(desks_parts(store))
}

fn desks_parts(store: Arc<dyn ChatStore>) -> DesksParts {
    DesksParts {
        store,
        feeds: Arc::new(Feeds::new(64 * 1024)),
        sockets: Arc::<Sockets>::default(),
        presences: Arc::new(Presences::new(
            Arc::new(SystemClock),
            Limits::default().presence_grace_s,
        )),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        lifecycle: Lifecycle::new(),
        measures: Arc::default(),
        most_reactions: Limits::default().reactions_per_message as usize,
        most: 100,
    }
}

/// The rules over an empty store.
pub(crate) fn chat() -> (tempfile::TempDir, Arc<Chat>) {
    let (folder, store) = sqlite();
    (folder, chat_on(Arc::new(store)))
}

/// The rules over a store.
pub(crate) fn chat_on(store: Arc<dyn ChatStore>) -> Arc<Chat> {
    chat_beside(store, Neighbours::none())
}

/// The rules over a store, at a node that has others beside it.
pub(crate) fn chat_beside(store: Arc<dyn ChatStore>, neighbours: Neighbours) -> Arc<Chat> {
    let settings = Program::parse_from(["test"]).settings;
    let settings = Settings {
        sends_per_s: 1000,
        send_burst: 1000,
        changes_per_min: 60,
        change_burst: 1000,
        ..settings
    };
    let parts = DesksParts {
        sockets: Arc::new(Sockets::beside(neighbours.clone())),
        ..desks_parts(Arc::clone(&store))
    };
    let limits = Limits::default();
    let clock: SharedClock = Arc::new(SystemClock);
    Arc::new(Chat {
        store,
        feeds: Arc::clone(&parts.feeds),
        sockets: Arc::clone(&parts.sockets),
        lifecycle: parts.lifecycle.clone(),
        measures: Arc::clone(&parts.measures),
        presences: Arc::clone(&parts.presences),
        desks: Desks::new(parts),
        known: Known::default(),
        typing: Typing::new(limits.typing_interval_s),
        ended: EndedSessions::new(DeniedSessions::new(), Arc::clone(&clock)),
        clock,
        random: Arc::new(SystemRandom),
        allowance: Allowance::new(&settings, &neighbours),
        gap: Notify::new(),
        limits,
    })
}

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    settings: Settings,
}
