//! How the parts are put together: the only place that picks adapters.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::extract::FromRef;
use event_bus::Bus;
use protocol::rest::identity::ChannelCreation;
use service_kit::auth::{Authority, DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom};
use url::Url;

use crate::admission::Admission;
use crate::announcing::Announcer;
use crate::audit::AuditLog;
use crate::codes::{CodePorts, Codes, ShortMemory};
use crate::demonstration::Demonstration;
use crate::http::{self, TrustedProxies};
use crate::invitations::{InvitationPorts, Invitations};
use crate::measures::Measures;
use crate::outbox::{Outbox, OutboxAnnouncement, Seal};
use crate::people::{FirstAdmin, People, PeopleAnnouncement};
use crate::pictures::Pictures;
use crate::secrets::{self, Pepper};
use crate::sessions::{RefreshKey, SessionPorts, Sessions, SessionsAnnouncement};
use crate::settings::{Deployment, Settings};
use crate::start::{Gate, Start};
use crate::store::{INDEXES, MongoStore, SqliteStore, Store};
use crate::tokens::{AccessTokens, SigningKeys};
use crate::workspace::{Setup, WithoutDomains, Workspace, WorkspaceAnnouncement};

/// How often what is worthless is removed.
const SWEEP_INTERVAL: Duration = Duration::from_mins(10);

/// What the process that runs this service shares with it.
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    pub metrics: Metrics,
    /// Where the secrets lie when they are made here.
    pub data_dir: PathBuf,
    /// Where people, sessions and all else is kept.
    pub documents: Documents,
    /// What nodes over the same documents share for a short time.
    pub cache: Cache,
    pub bus: Bus,
    /// Gets the public keys, so that every service of this process can check tokens.
    pub keys: KeySet,
    /// Gets the sessions that end.
    pub denied: DeniedSessions,
    /// The `iss` of access tokens.
    pub issuer: String,
    /// Where the app finds this server; invitations carry it.
    pub public_url: Url,
    pub deployment: Deployment,
}

/// The running service.
pub struct Service {
    /// Answers `/v1/auth`, `/v1/users`, `/v1/sessions`, `/v1/invitations`, `/v1/settings`, `/v1/audit` and
    /// `/.well-known`.
    pub router: axum::Router,
    /// The description of these paths, made from the handlers.
    pub api: utoipa::openapi::OpenApi,
    pub keys: KeySet,
    pub demonstration: Demonstration,
}

/// What handlers work with.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) codes: Arc<Codes>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) people: Arc<People>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) invitations: Arc<Invitations>,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) audit: Arc<AuditLog>,
    pub(crate) keys: KeySet,
    pub(crate) measures: Measures,
    authority: Authority,
    proxies: TrustedProxies,
}

impl FromRef<App> for Authority {
    fn from_ref(app: &App) -> Self {
        app.authority.clone()
    }
}

impl FromRef<App> for TrustedProxies {
    fn from_ref(app: &App) -> Self {
        app.proxies.clone()
    }
}

/// Opens the database, starts the background work and builds the router.
pub async fn build(settings: &Settings, parts: Parts) -> anyhow::Result<Service> {
    let faults = settings.faults(parts.deployment);
    if !faults.is_empty() {
        bail!(faults.join("\n"));
    }
    let store = open_store(&parts)?;
    let (signing_keys, pepper) = secrets(settings, &parts)?;
    parts.keys.replace(signing_keys.public_keys().to_vec());

    let start = Start {
        first: first_setup(settings),
        store: Arc::clone(&store),
        part: parts.health.part("user-service"),
        gate: Gate::default(),
    };
    let gate = start.gate.clone();
    start.set_up_at_once().await;
    let app = assemble(settings, &parts, &store, signing_keys, &pepper)?;
    start.finish(&app.sessions, &parts.lifecycle).await;
    sweep_regularly(&app, &parts.lifecycle);
    deny_ended_sessions(&app, &parts.lifecycle);
    let keys = parts.keys.clone();
    let demonstration = Demonstration::new(Arc::clone(&app.people));
    let (router, api) = http::router(app, gate);
    Ok(Service {
        router,
        api,
        keys,
        demonstration,
    })
}

/// The documents, which tell from now on how they are.
fn open_store(parts: &Parts) -> anyhow::Result<Arc<dyn Store>> {
    let part = parts.health.part("users");
    match &parts.documents {
        Documents::Sqlite { folder } => {
            let path = file_in(folder, "users");
            let store = SqliteStore::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
            store.report_to(part);
            parts.metrics.add_pool("users", store.pool());
            Ok(Arc::new(store))
        }
        Documents::Mongo(mongo) => {
            mongo.watch(INDEXES, part, &parts.lifecycle);
            parts.metrics.add_pool("users", mongo.pool());
            let store = MongoStore::new(mongo.clone(), Arc::clone(&parts.random));
            store.keep_settled(&parts.lifecycle);
            Ok(Arc::new(store))
        }
    }
}

/// The settings of the workspace at the first start.
pub(crate) fn first_setup(settings: &Settings) -> Setup {
    Setup {
        name: settings.workspace_name.trim().to_owned(),
        sign_in_domains: settings.domains(),
        channel_creation: ChannelCreation::Everyone,
        version: 1,
    }
}

/// Puts the rules together, on this store.
pub(crate) fn assemble(
    settings: &Settings,
    parts: &Parts,
    store: &Arc<dyn Store>,
    signing_keys: SigningKeys,
    pepper: &Pepper,
) -> anyhow::Result<App> {
    let people = Arc::new(people(settings, parts, store));
    let workspace = Arc::new(workspace(parts, store));
    let measures = Measures::new(&parts.metrics);
    let outbox = Arc::new(outbox(parts, store, pepper, &measures));
    let invitations = Invitations::new(
        InvitationPorts {
            store: Arc::clone(store) as _,
            people: Arc::clone(&people),
            workspace: Arc::clone(&workspace),
            outbox: Arc::clone(&outbox),
            clock: Arc::clone(&parts.clock),
            random: Arc::clone(&parts.random),
        },
        parts.public_url.clone(),
        settings.limits.invitation_lifetime_days,
    );
    let invitations = Arc::new(invitations);
    let admission = Arc::new(Admission {
        workspace: Arc::clone(&workspace),
        people: Arc::clone(store) as _,
        invitations: Arc::clone(store) as _,
        clock: Arc::clone(&parts.clock),
        first_admin: settings.first_admin(),
    });
    let code_ports = CodePorts {
        people: Arc::clone(store) as _,
        admission: Arc::clone(&admission),
        workspace: Arc::clone(&workspace),
        days: Arc::clone(store) as _,
        outbox,
        memory: ShortMemory::of(&parts.cache, pepper, &settings.limits, &parts.random),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
    };
    let codes = Arc::new(Codes::new(code_ports, pepper, &settings.limits));
    let session_ports = SessionPorts {
        store: Arc::clone(store) as _,
        codes: Arc::clone(&codes),
        people: Arc::clone(&people),
        admission,
        invitations: Arc::clone(&invitations),
        denied: parts.denied.clone(),
        announcer: session_announcer(parts, store),
        measures: measures.clone(),
        clock: Arc::clone(&parts.clock),
        random: Arc::clone(&parts.random),
    };
    let token_lifetime_s = settings.limits.access_token_lifetime_s;
    let tokens = AccessTokens::new(signing_keys, parts.issuer.clone(), token_lifetime_s);
    let sessions = Sessions::new(session_ports, tokens, RefreshKey::new(pepper), &settings.limits);

    let clock = Arc::clone(&parts.clock);
    Ok(App {
        codes,
        sessions: Arc::new(sessions),
        pictures: Arc::new(Pictures::new(
            Arc::clone(store) as _,
            Arc::clone(&people),
            Arc::clone(&clock),
        )),
        people,
        invitations,
        workspace,
        audit: Arc::new(AuditLog::new(Arc::clone(store) as _, Arc::clone(&clock))),
        keys: parts.keys.clone(),
        measures,
        authority: Authority::new(parts.keys.clone(), parts.denied.clone(), clock, &parts.issuer),
        proxies: TrustedProxies::parse(&settings.trusted_proxies)?,
    })
}

fn people(settings: &Settings, parts: &Parts, store: &Arc<dyn Store>) -> People {
    let announcer = Announcer::default();
    let announcement = PeopleAnnouncement {
        store: Arc::clone(store) as _,
        bus: parts.bus.clone(),
    };
    announcer.start("announce people", announcement, &parts.lifecycle);
    let first_admin = settings
        .first_admin()
        .map_or(FirstAdmin::WhoeverComesFirst, FirstAdmin::Named);
    let (clock, random) = (Arc::clone(&parts.clock), Arc::clone(&parts.random));
    People::new(Arc::clone(store) as _, announcer, clock, random, first_admin)
}

fn workspace(parts: &Parts, store: &Arc<dyn Store>) -> Workspace {
    let announcer = Announcer::default();
    let announcement = WorkspaceAnnouncement::new(Arc::clone(store) as _, parts.bus.clone(), parts.random.bits());
    announcer.start("announce the workspace", announcement, &parts.lifecycle);
    let without_domains = if parts.deployment == Deployment::Development {
        WithoutDomains::Anybody
    } else {
        WithoutDomains::TheInvited
    };
    Workspace::new(
        Arc::clone(store) as _,
        announcer,
        Arc::clone(&parts.clock),
        without_domains,
    )
}

fn outbox(parts: &Parts, store: &Arc<dyn Store>, pepper: &Pepper, measures: &Measures) -> Outbox {
    let (announcer, seal) = (Announcer::default(), Seal::new(pepper));
    let announcement = OutboxAnnouncement {
        store: Arc::clone(store) as _,
        seal: seal.clone(),
        bus: parts.bus.clone(),
        clock: Arc::clone(&parts.clock),
        measures: measures.clone(),
    };
    announcer.start("publish mails", announcement, &parts.lifecycle);
    let (clock, random) = (Arc::clone(&parts.clock), Arc::clone(&parts.random));
    Outbox::new(Arc::clone(store) as _, seal, announcer, clock, random)
}

fn session_announcer(parts: &Parts, store: &Arc<dyn Store>) -> Announcer {
    let announcer = Announcer::default();
    let announcement = SessionsAnnouncement {
        store: Arc::clone(store) as _,
        bus: parts.bus.clone(),
        cache: parts.cache.clone(),
    };
    announcer.start("announce ended sessions", announcement, &parts.lifecycle);
    announcer
}

/// The secrets that are set, and those that this process may make for itself.
fn secrets(settings: &Settings, parts: &Parts) -> anyhow::Result<(SigningKeys, Pepper)> {
    let (data_dir, random) = (&parts.data_dir, &*parts.random);
    let keys = match &settings.signing_key_file {
        Some(path) => secrets::signing_keys_from(path)?,
        None => secrets::signing_keys_in_data_dir(data_dir, random)?,
    };
    let pepper = match &settings.code_pepper {
        Some(text) => Pepper::from_setting(text)?,
        None => Pepper::in_data_dir(data_dir, random)?,
    };
    Ok((keys, pepper))
}

fn sweep_regularly(app: &App, lifecycle: &Lifecycle) {
    let (codes, sessions, invitations) = (
        Arc::clone(&app.codes),
        Arc::clone(&app.sessions),
        Arc::clone(&app.invitations),
    );
    let stopping = lifecycle.stopping();
    lifecycle.spawn("sweep what has expired", async move {
        let sweep_for_ever = async {
            let mut interval = tokio::time::interval(SWEEP_INTERVAL);
            loop {
                interval.tick().await;
                // What is not removed now is removed next time.
                for swept in [codes.sweep().await, sessions.sweep().await, invitations.sweep().await] {
                    if let Err(fault) = swept {
                        tracing::warn!(%fault, "cannot remove what has expired");
                    }
                }
            }
        };
        tokio::select! {
            () = stopping => {}
            () = sweep_for_ever => {}
        }
        Ok(())
    });
}

fn deny_ended_sessions(app: &App, lifecycle: &Lifecycle) {
    let (sessions, stopping) = (Arc::clone(&app.sessions), lifecycle.stopping());
    lifecycle.spawn("deny ended sessions", async move {
        tokio::select! {
            () = stopping => {}
            () = sessions.deny_ended_for_ever() => {}
        }
        Ok(())
    });
}
