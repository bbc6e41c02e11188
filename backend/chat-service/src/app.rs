//! Puts the service together: the only place that picks adapters.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use event_bus::Bus;
use service_kit::auth::{Authority, DeniedSessions, KeySet};
use service_kit::health::Health;
use service_kit::rate::Buckets;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use utoipa::openapi::OpenApi;

use crate::chat::Chat;
use crate::fanout::feed::Feeds;
use crate::fanout::sockets::Sockets;
use crate::log::Desks;
use crate::log::desks::DesksParts;
use crate::presence::{self, Presences};
use crate::settings::Settings;
use crate::store::ChatStore;
use crate::store::sqlite::SqliteStore;
use crate::typing::Typing;
use crate::{http, people, socket};

/// What the process that hosts this service shares with it.
#[derive(Clone)]
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    /// Where the embedded database lies.
    pub data_dir: PathBuf,
    pub bus: Bus,
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
    let store = SqliteStore::open(&file_in(&parts.data_dir, "chat"))?;
    store.report_to(parts.health.part("chat-database"));
    build_on(Arc::new(store), settings, parts).await
}

/// The service on any store.
pub async fn build_on(store: Arc<dyn ChatStore>, settings: &Settings, parts: Parts) -> anyhow::Result<Service> {
    let chat = Arc::new(chat(store, settings, &parts));
    let authority = Authority::new(parts.keys, parts.denied, parts.clock, &parts.issuer);
    let healed = chat.desks.heal().await?;
    if healed > 0 {
        tracing::info!(conversations = healed, "folded what an earlier process had only stored");
    }

    let lifecycle = &parts.lifecycle;
    let sweeping = Arc::clone(&chat);
    lifecycle.spawn("idle conversations", async move {
        sweeping.desks.sweep_until_stopped().await;
        Ok(())
    });
    lifecycle.spawn(
        "changes of people",
        people::follow(Arc::clone(&chat), parts.bus.clone()),
    );
    lifecycle.spawn(
        "changes of the workspace",
        people::follow_workspace(Arc::clone(&chat), parts.bus),
    );
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

fn chat(store: Arc<dyn ChatStore>, settings: &Settings, parts: &Parts) -> Chat {
    let feeds = Arc::new(Feeds::new(settings.frame_log_bytes as usize));
    let sockets = Arc::<Sockets>::default();
    let desks = Desks::new(DesksParts {
        store: Arc::clone(&store),
        feeds: Arc::clone(&feeds),
        sockets: Arc::clone(&sockets),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
        lifecycle: parts.lifecycle.clone(),
        most_reactions: settings.reactions_per_message as usize,
        most: settings.open_conversations as usize,
    });
    let turns = || Buckets::new(f64::from(settings.sends_per_s), f64::from(settings.send_burst));
    Chat {
        store,
        desks,
        feeds,
        sockets,
        known: people::Known::default(),
        presences: Presences::new(Arc::clone(&parts.clock), settings.presence_grace_s),
        typing: Typing::new(settings.typing_interval_s),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
        lifecycle: parts.lifecycle.clone(),
        limits: settings.limits(),
        sends: turns(),
        changes: Buckets::new(
            f64::from(settings.changes_per_min) / 60.0,
            f64::from(settings.change_burst),
        ),
        reads: turns(),
    }
}
