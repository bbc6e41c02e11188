//! Puts the service together: the only place that picks adapters.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::FromRef;
use event_bus::Bus;
use service_kit::auth::{Authority, DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use tokio::sync::Notify;
use utoipa::openapi::OpenApi;

use crate::chat::Chat;
use crate::ended::EndedSessions;
use crate::fanout::feed::Feeds;
use crate::fanout::sockets::Sockets;
use crate::log::Desks;
use crate::log::desks::DesksParts;
use crate::measures::Measures;
use crate::nodes::allowance::Allowance;
use crate::nodes::listening::Listener;
use crate::nodes::note::NodeId;
use crate::nodes::telling::{Neighbours, Sender};
use crate::nodes::wire::Wire;
use crate::nodes::{allowance, comparing};
use crate::presence::{self, Presences};
use crate::settings::Settings;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{ChatStore, StoreError};
use crate::typing::Typing;
use crate::{ended, http, people, socket};

/// When folding is tried again while the database is away.
const HEAL_AGAIN: Duration = Duration::from_secs(5);

/// What the process that hosts this service shares with it.
#[derive(Clone)]
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    /// Where conversations and their logs are kept.
    pub documents: Documents,
    /// What nodes over the same documents tell each other by.
    pub cache: Cache,
    pub bus: Bus,
    pub metrics: Metrics,
    /// Keys that access tokens are checked with.
    pub keys: KeySet,
    /// Sessions that were ended.
    pub denied: DeniedSessions,
    pub issuer: String,
}

/// The service, ready to be served.
pub struct Service {
    pub router: Router,
    pub api: OpenApi,
    /// The rules, for a host process that acts without a request.
    pub chat: Arc<Chat>,
}

/// What requests and sockets work with.
#[derive(Clone)]
pub struct App {
    pub(crate) chat: Arc<Chat>,
    pub(crate) authority: Authority,
}

impl FromRef<App> for Authority {
    fn from_ref(app: &App) -> Self {
        app.authority.clone()
    }
}

/// Opens the database, folds what a process that died has left, and starts the background tasks.
pub async fn build(settings: &Settings, parts: Parts) -> anyhow::Result<Service> {
    let store: Arc<dyn ChatStore> = match &parts.documents {
        Documents::Sqlite { folder } => {
            let store = SqliteStore::open(&file_in(folder, "chat"))?;
            store.report_to(parts.health.part("chat-database"));
            parts.metrics.add_pool("chat-database", store.pool());
            Arc::new(store)
        }
        Documents::Mongo(mongo) => {
            let store = MongoStore::new(mongo.clone());
            store.watch(parts.health.part("chat-database"), &parts.lifecycle);
            parts.metrics.add_pool("chat-database", mongo.pool());
            Arc::new(store)
        }
    };
    build_on(store, settings, parts).await
}

/// The service on any store.
pub async fn build_on(store: Arc<dyn ChatStore>, settings: &Settings, parts: Parts) -> anyhow::Result<Service> {
    let between = between_nodes(&parts);
    let neighbours = between
        .as_ref()
        .map_or_else(Neighbours::none, |between| between.neighbours.clone());
    let chat = Arc::new(chat(store, settings, &parts, neighbours));
    let authority = Authority::new(parts.keys, parts.denied, parts.clock, &parts.issuer);

    let lifecycle = &parts.lifecycle;
    if let Some(Between { sender, listener, .. }) = between {
        lifecycle.spawn("telling other nodes", sender.run(lifecycle.clone()));
        lifecycle.spawn("listening to other nodes", listener.run(Arc::clone(&chat)));
        lifecycle.spawn("comparing with other nodes", comparing::regularly(Arc::clone(&chat)));
        lifecycle.spawn("comparing after gaps", comparing::after_gaps(Arc::clone(&chat)));
        lifecycle.spawn("allowances at other nodes", allowance::tell(Arc::clone(&chat)));
    }
    if let Err(fault) = heal(&chat).await {
        // Whoever opens a conversation folds it; this is for those that nobody opens.
        tracing::warn!(%fault, "cannot fold yet what an earlier process had only stored");
        lifecycle.spawn("folding", heal_later(Arc::clone(&chat)));
    }
    let sweeping = Arc::clone(&chat);
    lifecycle.spawn("idle conversations", async move {
        sweeping.desks.sweep_until_stopped().await;
        Ok(())
    });
    follow_events(&chat, &parts.bus, lifecycle);
    lifecycle.spawn("presence", presence::follow(Arc::clone(&chat)));
    lifecycle.spawn(
        "end of sockets",
        socket::watch_ends(Arc::clone(&chat), authority.clone()),
    );

    let (router, api) = http::routes(App {
        chat: Arc::clone(&chat),
        authority,
    });
    Ok(Service { router, api, chat })
}

/// What user-service tells.
fn follow_events(chat: &Arc<Chat>, bus: &Bus, lifecycle: &Lifecycle) {
    lifecycle.spawn("changes of people", people::follow(Arc::clone(chat), bus.clone()));
    lifecycle.spawn(
        "changes of the workspace",
        people::follow_workspace(Arc::clone(chat), bus.clone()),
    );
    lifecycle.spawn("ended sessions", ended::follow(Arc::clone(chat), bus.clone()));
    lifecycle.spawn("ended sessions at other nodes", ended::read_regularly(Arc::clone(chat)));
}

/// Folds what a process that died had stored but not folded.
async fn heal(chat: &Chat) -> Result<(), StoreError> {
    let healed = chat.desks.heal().await?;
    if healed > 0 {
        tracing::info!(conversations = healed, "folded what an earlier process had only stored");
    }
    Ok(())
}

async fn heal_later(chat: Arc<Chat>) -> anyhow::Result<()> {
    let mut stopping = std::pin::pin!(chat.lifecycle.stopping());
    loop {
        tokio::select! {
            () = &mut stopping => return Ok(()),
            () = tokio::time::sleep(HEAL_AGAIN) => {}
        }
        match heal(&chat).await {
            Ok(()) => return Ok(()),
            Err(fault) => tracing::debug!(%fault, "cannot fold yet"),
        }
    }
}

/// What nodes over one database need beside it.
struct Between {
    neighbours: Neighbours,
    sender: Sender,
    listener: Listener,
}

/// A process that shares nothing has no neighbours.
fn between_nodes(parts: &Parts) -> Option<Between> {
    let Cache::Redis(redis) = &parts.cache else { return None };
    let own = NodeId(format!("{:032x}", parts.random.bits()));
    let wire: Arc<dyn Wire> = Arc::new(redis.clone());
    let (neighbours, sender) = Sender::new(own.clone(), Arc::clone(&wire), &parts.metrics);
    let listener = Listener::new(own, wire, &parts.metrics);
    Some(Between {
        neighbours,
        sender,
        listener,
    })
}

fn chat(store: Arc<dyn ChatStore>, settings: &Settings, parts: &Parts, neighbours: Neighbours) -> Chat {
    let measures = Arc::new(Measures::new(&parts.metrics));
    let feeds = Feeds::counting(settings.frame_log_bytes as usize, measures.deliveries.clone());
    let feeds = Arc::new(feeds);
    let allowance = Allowance::new(settings, &neighbours);
    let sockets = Arc::new(Sockets::beside(neighbours));
    let presences = Arc::new(Presences::new(Arc::clone(&parts.clock), settings.presence_grace_s));
    let desks = Desks::new(DesksParts {
        store: Arc::clone(&store),
        feeds: Arc::clone(&feeds),
        sockets: Arc::clone(&sockets),
        presences: Arc::clone(&presences),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
        lifecycle: parts.lifecycle.clone(),
        measures: Arc::clone(&measures),
        most_reactions: settings.reactions_per_message as usize,
        most: settings.open_conversations as usize,
    });
    Chat {
        store,
        desks,
        feeds,
        sockets,
        known: people::Known::default(),
        presences,
        typing: Typing::new(settings.typing_interval_s),
        ended: EndedSessions::new(parts.denied.clone(), Arc::clone(&parts.clock)),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
        lifecycle: parts.lifecycle.clone(),
        limits: settings.limits(),
        allowance,
        measures,
        gap: Notify::new(),
    }
}
