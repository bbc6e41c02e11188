//! A running user-service and a client for it.

use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use event_bus::{Bus, Consumer};
use protocol::event::{SEND_INVITATION, SEND_OTP, SendInvitation, SendOtp};
use protocol::rest::identity::{CodeRequest, CodeRequested, Device, TokenRequest, Tokens};
use protocol::{ErrorCode, Problem, UnixMs};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service_kit::auth::{DeniedSessions, KeySet};
use service_kit::cache::Cache;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::sqlite::file_in;
use service_kit::store::{DatabaseSettings, Documents};
use service_kit::{Clock, Lifecycle, SharedClock, SystemClock, SystemRandom, http};
use tempfile::TempDir;
use test_kit::clock::SettableClock;
use test_kit::wait::until;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use user_service::{Deployment, Parts, Settings, build};
use utoipa::openapi::OpenApi;

const DEADLINE: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: Settings,
}

/// The settings that this command line gives.
pub(crate) fn settings(arguments: &[&str]) -> Settings {
    CommandLine::parse_from(std::iter::once("test").chain(arguments.iter().copied())).settings
}

struct TestClock(SettableClock);

impl Clock for TestClock {
    fn now(&self) -> UnixMs {
        self.0.now()
    }
}

/// What the nodes of one deployment share.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) clock: SettableClock,
    /// Secrets, files of the embedded database, and the queues.
    pub(crate) folder: Arc<TempDir>,
    pub(crate) documents: Documents,
    pub(crate) cache: Cache,
    pub(crate) metrics: Metrics,
    bus: Bus,
}

impl Ground {
    /// Everything in this folder.
    pub(crate) fn in_folder(folder: impl Into<Arc<TempDir>>) -> Self {
        let folder = folder.into();
        let documents = Documents::Sqlite {
            folder: folder.path().to_owned(),
        };
        Self::on(folder, documents)
    }

    /// Documents in the MongoDB of this URL.
    pub(crate) fn in_mongodb(url: &str) -> Self {
        let settings = DatabaseSettings {
            database_url: Some(url.to_owned()),
            database_timeout_s: 2,
            ..DatabaseSettings::default()
        };
        let folder = tempfile::tempdir().unwrap();
        let documents = settings.open(folder.path()).unwrap();
        Self::on(folder.into(), documents)
    }

    fn on(folder: Arc<TempDir>, documents: Documents) -> Self {
        let clock = SettableClock::at(SystemClock.now());
        let shared: SharedClock = Arc::new(TestClock(clock.clone()));
        let bus = Bus::open_sqlite(&file_in(folder.path(), "events"), shared).unwrap();
        Self {
            clock,
            folder,
            documents,
            cache: Cache::Memory,
            metrics: Metrics::default(),
            bus,
        }
    }

    fn parts(&self, lifecycle: &Lifecycle, health: &Health) -> Parts {
        Parts {
            clock: Arc::new(TestClock(self.clock.clone())),
            random: Arc::new(SystemRandom),
            lifecycle: lifecycle.clone(),
            health: health.clone(),
            metrics: self.metrics.clone(),
            data_dir: self.folder.path().to_owned(),
            documents: self.documents.clone(),
            cache: self.cache.clone(),
            bus: self.bus.clone(),
            keys: KeySet::default(),
            denied: DeniedSessions::new(),
            issuer: "https://chat.example.org".to_owned(),
            public_url: "https://chat.example.org".parse().unwrap(),
            deployment: Deployment::Development,
        }
    }
}

/// A running service; dropping it ends it.
pub(crate) struct Service {
    pub(crate) clock: SettableClock,
    pub(crate) api: OpenApi,
    pub(crate) ground: Ground,
    health: Health,
    base: String,
    client: reqwest::Client,
    mails: Mutex<Consumer>,
    invitations: Mutex<Consumer>,
    _lifecycle: Lifecycle,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub(crate) async fn start_with(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), arguments).await
    }

    /// Starts on the data of an earlier one, which must have been dropped.
    pub(crate) async fn start_in(folder: impl Into<Arc<TempDir>>, arguments: &[&str]) -> Self {
        let service = Self::start_on(Ground::in_folder(folder), arguments).await;
        assert!(
            service.health.readiness().ready,
            "the embedded database is there at once"
        );
        service
    }

    /// Starts another node.
    pub(crate) async fn start_beside(&self) -> Self {
        Self::start_on(self.ground.clone(), &[]).await
    }

    /// Starts a node, which need not be ready yet.
    pub(crate) async fn start_on(ground: Ground, arguments: &[&str]) -> Self {
        let (lifecycle, health) = (Lifecycle::new(), Health::default());
        let service = build(&settings(arguments), ground.parts(&lifecycle, &health)).await;
        let service = service.unwrap();
        let router = http::finish(service.router, health.clone(), &lifecycle, Arc::new(SystemRandom));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        lifecycle.spawn("http", http::serve(listener, router, lifecycle.clone()));
        // An error says that another test was first, with the same provider.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            clock: ground.clock.clone(),
            api: service.api,
            health,
            base,
            client: reqwest::Client::new(),
            mails: Mutex::new(ground.bus.consume(SEND_OTP).await),
            invitations: Mutex::new(ground.bus.consume(SEND_INVITATION).await),
            ground,
            _lifecycle: lifecycle,
        }
    }

    /// Waits until it says that it is ready.
    pub(crate) async fn ready(self) -> Self {
        let is_ready = async || self.health.readiness().ready.then_some(());
        until("a ready service", DEADLINE, is_ready).await.unwrap();
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.request(Method::GET, path).bearer_auth(token)).await
    }

    pub(crate) async fn get_as_stranger(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: &impl Serialize) -> Answer {
        Answer::of(self.request(Method::PATCH, path).bearer_auth(token).json(body)).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path).bearer_auth(token)).await
    }

    pub(crate) async fn post_as(&self, path: &str, token: &str, body: &impl Serialize) -> Answer {
        Answer::of(self.request(Method::POST, path).bearer_auth(token).json(body)).await
    }

    pub(crate) async fn put_bytes(&self, path: &str, token: &str, body: Vec<u8>) -> Answer {
        Answer::of(self.request(Method::PUT, path).bearer_auth(token).body(body)).await
    }

    pub(crate) async fn sign_out(&self, token: &str) -> Answer {
        Answer::of(self.request(Method::POST, "/v1/auth/sign-out").bearer_auth(token)).await
    }

    pub(crate) async fn ask_for_code(&self, address: &str) -> Answer {
        self.post(
            "/v1/auth/code",
            &CodeRequest {
                email: address.to_owned(),
            },
        )
        .await
    }

    /// The handle of a code and the code from its mail.
    pub(crate) async fn code_for(&self, address: &str) -> (String, String) {
        let answer = self.ask_for_code(address).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        let requested: CodeRequested = answer.read();
        (requested.request, self.next_mail().await.code)
    }

    pub(crate) async fn next_mail(&self) -> SendOtp {
        next(&self.mails).await
    }

    pub(crate) async fn next_invitation(&self) -> SendInvitation {
        next(&self.invitations).await
    }

    pub(crate) async fn accept(&self, invitation: &str) -> Answer {
        let request = TokenRequest::Invitation {
            invitation: invitation.to_owned(),
            device: device(),
        };
        self.post("/v1/auth/token", &request).await
    }

    pub(crate) async fn try_code(&self, request: &str, code: &str) -> Answer {
        let request = TokenRequest::Code {
            request: request.to_owned(),
            code: code.to_owned(),
            device: device(),
        };
        self.post("/v1/auth/token", &request).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post(
            "/v1/auth/token",
            &TokenRequest::Refresh {
                refresh_token: token.to_owned(),
            },
        )
        .await
    }

    pub(crate) async fn sign_in(&self, address: &str) -> Tokens {
        let (request, code) = self.code_for(address).await;
        self.try_code(&request, &code).await.read()
    }
}

async fn next<T: DeserializeOwned>(queue: &Mutex<Consumer>) -> T {
    let mut queue = queue.lock().await;
    let delivery = tokio::time::timeout(DEADLINE, queue.next())
        .await
        .expect("a mail should be queued");
    let mail = serde_json::from_slice(&delivery.payload).unwrap();
    delivery.done().await.unwrap();
    mail
}

fn device() -> Device {
    Device {
        name: "desk".to_owned(),
        system: "Debian 12".to_owned(),
    }
}

/// What the service answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            body: response.text().await.unwrap(),
        }
    }

    /// The body of an answer that must have gone well.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        assert!(self.status.is_success(), "{}: {}", self.status, self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|fault| panic!("{fault}: {}", self.body))
    }

    /// The problem document of an answer that must be one, wholly.
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{}: {}",
            self.status, self.body
        );
        let problem: Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.request_id.as_bytes(), self.headers["x-request-id"].as_bytes());
        assert_eq!(problem.kind, format!("urn:loquat:problem:{}", problem.code));
        problem
    }

    pub(crate) fn code(&self) -> ErrorCode {
        self.problem().code
    }
}
