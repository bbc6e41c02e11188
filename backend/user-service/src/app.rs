//! How the parts are put together: the only place that picks adapters.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use axum::extract::FromRef;
use event_bus::Bus;
use service_kit::auth::{Authority, DeniedSessions, KeySet};
use service_kit::health::Health;
use service_kit::store::sqlite::file_in;
use service_kit::{Lifecycle, SharedClock, SharedRandom};

use crate::codes::{Admission, CodePorts, Codes};
use crate::demonstration::Demonstration;
use crate::http::{self, TrustedProxies};
use crate::people::{Announcer, FirstAdmin, People};
use crate::secrets::{self, Pepper};
use crate::sessions::{RefreshKey, SessionPorts, Sessions};
use crate::settings::{Deployment, Settings};
use crate::store::{AddressDays, PeopleStore, SessionStore, SqliteStore};
use crate::tokens::{AccessTokens, SigningKeys};

/// How often what is worthless is removed.
const SWEEP_INTERVAL: Duration = Duration::from_mins(10);

/// What the process that runs this service shares with it.
pub struct Parts {
    pub clock: SharedClock,
    pub random: SharedRandom,
    pub lifecycle: Lifecycle,
    pub health: Health,
    /// Where the database lies, and the secrets when they are made here.
    pub data_dir: PathBuf,
    pub bus: Bus,
    /// Gets the public keys, so that every service of this process can check tokens.
    pub keys: KeySet,
    /// Gets the sessions that end.
    pub denied: DeniedSessions,
    /// The `iss` of access tokens.
    pub issuer: String,
    pub deployment: Deployment,
}

/// The running service.
pub struct Service {
    /// Answers `/v1/auth`, `/v1/users` and `/.well-known`.
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
    pub(crate) keys: KeySet,
    pub(crate) workspace: Arc<str>,
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
    let ready = parts.health.part("users");
    let path = file_in(&parts.data_dir, "users");
    let store = Arc::new(SqliteStore::open(&path).with_context(|| format!("cannot open {}", path.display()))?);
    let (signing_keys, pepper) = secrets(settings, &parts)?;
    parts.keys.replace(signing_keys.public_keys().to_vec());

    let app = assemble(settings, &parts, &store, signing_keys, &pepper)?;
    app.sessions
        .deny_recently_ended()
        .await
        .context("cannot read the ended sessions")?;
    sweep_regularly(&app, &parts.lifecycle);
    deny_ended_sessions(&app, &parts.lifecycle);
    store.report_to(ready);
    let keys = parts.keys.clone();
    let demonstration = Demonstration::new(Arc::clone(&app.people));
    let (router, api) = http::router(app);
    Ok(Service {
        router,
        api,
        keys,
        demonstration,
    })
}

pub(crate) fn assemble(
    settings: &Settings,
    parts: &Parts,
    store: &Arc<SqliteStore>,
    signing_keys: SigningKeys,
    pepper: &Pepper,
) -> anyhow::Result<App> {
    let people_store: Arc<dyn PeopleStore> = Arc::<SqliteStore>::clone(store);
    let session_store: Arc<dyn SessionStore> = Arc::<SqliteStore>::clone(store);
    let days: Arc<dyn AddressDays> = Arc::<SqliteStore>::clone(store);
    let (clock, random) = (Arc::clone(&parts.clock), Arc::clone(&parts.random));

    let announcer = Announcer::default();
    announcer.start(Arc::clone(&people_store), parts.bus.clone(), &parts.lifecycle);
    let first_admin = settings
        .first_admin()
        .map_or(FirstAdmin::WhoeverComesFirst, FirstAdmin::Named);
    let people = People::new(
        Arc::clone(&people_store),
        announcer,
        Arc::clone(&clock),
        Arc::clone(&random),
        first_admin,
    );
    let people = Arc::new(people);

    let code_ports = CodePorts {
        people: people_store,
        days,
        bus: parts.bus.clone(),
        clock: Arc::clone(&clock),
        random: Arc::clone(&random),
    };
    let codes = Arc::new(Codes::new(
        code_ports,
        admission(settings, parts.deployment),
        pepper,
        settings,
    ));

    let session_ports = SessionPorts {
        store: session_store,
        codes: Arc::clone(&codes),
        people: Arc::clone(&people),
        denied: parts.denied.clone(),
        clock: Arc::clone(&clock),
        random,
    };
    let tokens = AccessTokens::new(
        signing_keys,
        parts.issuer.clone(),
        settings.limits.access_token_lifetime_s,
    );
    let sessions = Sessions::new(
        session_ports,
        tokens,
        RefreshKey::new(pepper),
        settings.limits.session_idle_days,
    );

    Ok(App {
        codes,
        sessions: Arc::new(sessions),
        people,
        keys: parts.keys.clone(),
        workspace: settings.workspace_name.as_str().into(),
        authority: Authority::new(parts.keys.clone(), parts.denied.clone(), clock, &parts.issuer),
        proxies: TrustedProxies::parse(&settings.trusted_proxies)?,
    })
}

/// In development everybody may sign in unless domains are named.
fn admission(settings: &Settings, deployment: Deployment) -> Admission {
    let domains = settings.domains();
    if deployment == Deployment::Development && domains.is_empty() {
        return Admission::AnyDomain;
    }
    Admission::Named {
        domains,
        first_admin: settings.first_admin(),
    }
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
    let (codes, sessions) = (Arc::clone(&app.codes), Arc::clone(&app.sessions));
    let stopping = lifecycle.stopping();
    lifecycle.spawn("sweep codes and sessions", async move {
        let sweep_for_ever = async {
            let mut interval = tokio::time::interval(SWEEP_INTERVAL);
            loop {
                interval.tick().await;
                // What is not removed now is removed next time.
                for swept in [codes.sweep().await, sessions.sweep().await] {
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
