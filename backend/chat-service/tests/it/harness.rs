//! A running service, people with tokens, and their sockets.
#![expect(
    clippy::unwrap_used,
    reason = "a harness that cannot start has nothing to say but where"
)]

mod cluster;
mod engines;
mod request;
mod socket;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chat_service::settings::Settings;
use chat_service::{Parts, build};
use clap::Parser;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use event_bus::Bus;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use protocol::frame::Cursor;
use protocol::{Conversation, ConversationId, Entry, SessionId, UserId};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service_kit::auth::{Claims, DeniedSessions, KeySet, PublicKey};
use service_kit::cache::Cache;
use service_kit::health::Health;
use service_kit::metrics::Metrics;
use service_kit::store::Documents;
use service_kit::{Clock as _, Lifecycle, SystemClock, SystemRandom};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use utoipa::openapi::OpenApi;

pub(crate) use cluster::{Cluster, Sharded};
pub(crate) use engines::{Broker, Engines};
pub(crate) use request::Request;
pub(crate) use socket::Socket;

const ISSUER: &str = "https://chat.test";
const KEY: [u8; 32] = [7; 32];
/// Everything a test waits for comes before this, even on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    settings: Settings,
}

/// The settings with their defaults, but for a rate that no test meets by accident.
pub(crate) fn settings() -> Settings {
    Settings {
        sends_per_s: 100_000,
        send_burst: 100_000,
        changes_per_min: 100_000,
        change_burst: 100_000,
        ..Program::parse_from(["test"]).settings
    }
}

/// Ids that no other test of this process has.
pub(crate) fn fresh() -> u128 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    u128::from(LAST.fetch_add(1, Ordering::Relaxed)) + 1
}

/// The service on a port of its own.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) api: OpenApi,
    pub(crate) lifecycle: Lifecycle,
    health: Health,
    pub(crate) denied: DeniedSessions,
    pub(crate) bus: Bus,
    pub(crate) http: reqwest::Client,
    settings: Settings,
    folder: Arc<tempfile::TempDir>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::on(Arc::new(tempfile::tempdir().unwrap()), settings).await
    }

    async fn on(folder: Arc<tempfile::TempDir>, settings: Settings) -> Self {
        let engines = Engines {
            documents: Documents::Sqlite {
                folder: folder.path().to_owned(),
            },
            cache: Cache::Memory,
            broker: Broker::File(folder.path().join("bus.sqlite")),
        };
        Self::of(&engines, folder, settings).await
    }

    /// One node of the service on these engines.
    pub(crate) async fn of(engines: &Engines, folder: Arc<tempfile::TempDir>, settings: Settings) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let (lifecycle, health, denied) = (Lifecycle::new(), Health::default(), DeniedSessions::new());
        let keys = KeySet::default();
        keys.replace(vec![PublicKey {
            kid: "test".to_owned(),
            ed25519: SigningKey::from_bytes(&KEY).verifying_key().to_bytes(),
        }]);
        let bus = engines.broker.open(&lifecycle);
        let parts = Parts {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            lifecycle: lifecycle.clone(),
            health: health.clone(),
            documents: engines.documents.clone(),
            cache: engines.cache.clone(),
            metrics: Metrics::default(),
            bus: bus.clone(),
            keys,
            denied: denied.clone(),
            issuer: ISSUER.to_owned(),
        };
        let service = build(&settings, parts).await.unwrap();
        let random = Arc::new(SystemRandom);
        let router = service_kit::http::finish(service.router, health.clone(), &lifecycle, random);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        lifecycle.spawn("http", service_kit::http::serve(listener, router, lifecycle.clone()));
        Self {
            address,
            api: service.api,
            lifecycle,
            health,
            denied,
            bus,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            settings,
            folder,
        }
    }

    /// Waits until every engine answers.
    pub(crate) async fn until_ready(&self) {
        let ready = async {
            while !self.health.readiness().ready {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = tokio::time::timeout(DEADLINE, ready).await;
        assert!(in_time.is_ok(), "not ready: {:?}", self.health.readiness());
    }

    /// Stops as at a SIGTERM and starts again on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.lifecycle.stop();
        self.lifecycle.finished(DEADLINE).await.unwrap();
        let (folder, settings) = (Arc::clone(&self.folder), self.settings.clone());
        drop(self);
        Self::on(folder, settings).await
    }

    /// Somebody the service has met.
    pub(crate) async fn person(&self) -> Person {
        let person = Person::new();
        self.get(&person, "/v1/conversations").await;
        person
    }

    pub(crate) async fn people<const N: usize>(&self) -> [Person; N] {
        let mut people = Vec::new();
        for _ in 0..N {
            people.push(self.person().await);
        }
        people
            .try_into()
            .unwrap_or_else(|_| unreachable!("as many as were asked for"))
    }

    /// A request as it is; the answer's body is null when it is not JSON.
    pub(crate) async fn request(&self, method: Method, path: &str, request: Request<'_>) -> (StatusCode, Value) {
        let mut builder = self.http.request(method, format!("http://{}{path}", self.address));
        if let Some(token) = request.token {
            builder = builder.bearer_auth(token);
        }
        if let Some(key) = request.key {
            builder = builder.header("Idempotency-Key", key);
        }
        if let Some(body) = request.body {
            builder = builder.json(&body);
        }
        let response = builder.send().await.unwrap();
        let status = response.status();
        let body = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Posts a body that may be no JSON; answers the status and the code of a refusal.
    pub(crate) async fn post_raw(&self, author: &Person, path: &str, key: &str, body: String) -> (u16, String) {
        let request = self.http.post(format!("http://{}{path}", self.address));
        let request = request.bearer_auth(author.token()).header("Idempotency-Key", key);
        let request = request.header("Content-Type", "application/json");
        let response = request.body(body).send().await.unwrap();
        let status = response.status().as_u16();
        let problem: Value = response.json().await.unwrap();
        (status, problem["code"].as_str().unwrap_or_default().to_owned())
    }

    /// What user-service tells.
    pub(crate) async fn tell(&self, queue: &'static str, event: &(impl Serialize + Sync)) {
        let event_id = format!("event-{}", fresh());
        self.bus.publish(queue, &event_id, event, None).await.unwrap();
    }

    async fn successful(&self, method: Method, path: &str, request: Request<'_>) -> Value {
        let (status, body) = self.request(method.clone(), path, request).await;
        assert!(status.is_success(), "{method} {path}: {status} {body}");
        body
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Value {
        self.successful(Method::GET, path, Request::of(person)).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, body: Value) -> Value {
        self.successful(Method::POST, path, Request::of(person).body(body))
            .await
    }

    pub(crate) async fn put(&self, person: &Person, path: &str, body: Value) -> Value {
        self.successful(Method::PUT, path, Request::of(person).body(body)).await
    }

    pub(crate) async fn patch(&self, person: &Person, path: &str, body: Value) -> Value {
        self.successful(Method::PATCH, path, Request::of(person).body(body))
            .await
    }

    pub(crate) async fn delete(&self, person: &Person, path: &str) -> Value {
        self.successful(Method::DELETE, path, Request::of(person)).await
    }

    /// The code of a refusal.
    pub(crate) async fn refused(&self, method: Method, path: &str, request: Request<'_>) -> String {
        let (status, body) = self.request(method.clone(), path, request).await;
        assert!(!status.is_success(), "{method} {path} was not refused: {body}");
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn direct(&self, one: &Person, other: &Person) -> Conversation {
        let body = json!({ "kind": "direct", "with": other.id });
        serde_json::from_value(self.post(one, "/v1/conversations", body).await).unwrap()
    }

    pub(crate) async fn group(&self, one: &Person, others: &[&Person]) -> Conversation {
        let with: Vec<&UserId> = others.iter().map(|other| &other.id).collect();
        let body = json!({ "kind": "group", "with": with });
        serde_json::from_value(self.post(one, "/v1/conversations", body).await).unwrap()
    }

    pub(crate) async fn channel(&self, maker: &Person, visibility: &str) -> Conversation {
        let body = json!({ "kind": "channel", "name": format!("channel {}", fresh()), "visibility": visibility });
        serde_json::from_value(self.post(maker, "/v1/conversations", body).await).unwrap()
    }

    pub(crate) async fn message(&self, author: &Person, conversation: &ConversationId, body: &str) -> Entry {
        let key = format!("rest-{}", fresh());
        let request = Request::of(author).body(json!({ "body": body })).key(&key);
        let path = format!("/v1/conversations/{conversation}/messages");
        serde_json::from_value(self.successful(Method::POST, &path, request).await).unwrap()
    }

    /// The whole log, page by page.
    pub(crate) async fn log(&self, reader: &Person, conversation: &ConversationId) -> Vec<Entry> {
        let mut log: Vec<Entry> = Vec::new();
        loop {
            let after = log.last().map_or(0, |entry| entry.seq);
            let path = format!("/v1/conversations/{conversation}/entries?after={after}&limit=100");
            let mut page = self.get(reader, &path).await;
            let entries: Vec<Entry> = serde_json::from_value(page["entries"].take()).unwrap();
            if entries.is_empty() {
                return log;
            }
            log.extend(entries);
        }
    }

    /// A socket that has said hello without cursors and got its welcome and every newest page.
    ///
    /// What is written from now on comes as entries.
    pub(crate) async fn socket(&self, person: &Person) -> Socket {
        let mut socket = self.connect(person).await;
        let conversations = socket.hello(Vec::new()).await;
        socket.begun(conversations.len()).await;
        socket
    }

    /// A socket that has said nothing.
    pub(crate) async fn connect(&self, person: &Person) -> Socket {
        self.connect_with(&person.token()).await.unwrap()
    }

    pub(crate) async fn connect_with(&self, token: &str) -> Result<Socket, tungstenite::Error> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        self.upgrade(stream, token).await
    }

    /// A socket on a connection that the test has made.
    pub(crate) async fn upgrade(&self, stream: TcpStream, token: &str) -> Result<Socket, tungstenite::Error> {
        let mut request = format!("ws://{}/v1/socket", self.address)
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        headers.insert("sec-websocket-protocol", "loquat.v1".parse().unwrap());
        let (stream, _response) = tokio_tungstenite::client_async(request, stream).await?;
        Ok(Socket::new(stream))
    }
}

/// Somebody signed in on one device.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) session: SessionId,
}

impl Person {
    pub(crate) fn new() -> Self {
        Self {
            id: UserId::from_random(fresh()),
            session: SessionId::from_random(fresh()),
        }
    }

    pub(crate) fn token(&self) -> String {
        self.token_for_s(600)
    }

    /// A token that ends in so many seconds, or has ended.
    pub(crate) fn token_for_s(&self, seconds: i64) -> String {
        let now_s = SystemClock.now() / 1000;
        let claims = Claims {
            sub: self.id.clone(),
            sid: self.session.clone(),
            iss: ISSUER.to_owned(),
            aud: "loquat".to_owned(),
            iat: now_s - 1,
            exp: now_s + seconds,
            jti: "1".to_owned(),
        };
        let header = Header {
            kid: Some("test".to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        let der = SigningKey::from_bytes(&KEY).to_pkcs8_der().unwrap();
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(der.as_bytes())).unwrap()
    }
}

/// The cursor of a client that has everything up to this entry.
pub(crate) fn cursor(epoch: &str, entry: &Entry) -> Cursor {
    Cursor {
        conversation: entry.conversation.clone(),
        epoch: epoch.to_owned(),
        seq: entry.seq,
        client_id: entry.client_id.clone(),
    }
}

/// What a message says.
pub(crate) fn body(entry: &Entry) -> &str {
    match &entry.kind {
        protocol::EntryKind::Message { body, .. } => body,
        other => panic!("not a message: {other:?}"),
    }
}
