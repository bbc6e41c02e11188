//! A small server in this process: one person, one conversation, and switches for what goes wrong.

#![expect(clippy::unwrap_used, reason = "a test ends where its server does")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use protocol::frame::ServerFrame;
use protocol::rest::identity::{CodeRequested, TokenRequest, Tokens, Workspace};
use protocol::{
    Conversation, ConversationId, ConversationKind, Entry, EntryKind, ErrorCode, Membership, Problem, ReadMark,
    SessionId, UserId, Visibility,
};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, broadcast};

use crate::fake_script::{Answer, scripted};
use crate::{fake_history, fake_people, fake_socket};

pub(crate) const CODE: &str = "123456";
pub(crate) const INVITATION: &str = "mzxw6ytboi";

pub(crate) fn ada() -> UserId {
    UserId::from_random(1)
}

pub(crate) fn ben() -> UserId {
    UserId::from_random(2)
}

pub(crate) fn together() -> ConversationId {
    ConversationId::of_members(&[ada(), ben()])
}

/// A running server. Dropped, it is gone like a killed one, with everything it stored kept for the next start.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    pub(crate) world: World,
    serving: tokio::task::JoinHandle<()>,
}

/// What the server stores and how it misbehaves.
#[derive(Clone)]
pub(crate) struct World {
    facts: Arc<Mutex<Facts>>,
    pub(crate) news: broadcast::Sender<Entry>,
    /// Says "drop every socket now".
    pub(crate) cuts: broadcast::Sender<()>,
    /// Says "say goodbye on every socket, and when to come back".
    pub(crate) goodbyes: broadcast::Sender<u64>,
    /// What every socket is to be told besides entries.
    pub(crate) pushes: broadcast::Sender<ServerFrame>,
}

pub(crate) struct Facts {
    pub(crate) log: Vec<Entry>,
    pub(crate) read: ReadMark,
    pub(crate) session_ended: bool,
    pub(crate) access_life_s: u32,
    /// The number in the refresh token that is good, and whether its predecessor may still be repeated.
    refresh: u32,
    repeatable: bool,
    /// While it has no permits, refreshes are not answered.
    pub(crate) refreshes: Arc<Semaphore>,
    /// While it has no permits, pages of history are not answered.
    pub(crate) pages: Arc<Semaphore>,
    /// Whose codes it mails.
    pub(crate) who: UserId,
    /// How Ben is called, and how often that changed.
    pub(crate) ben: (String, u64),
    /// Refresh answers to lose after carrying them out.
    pub(crate) lose_refreshes: u32,
    /// Sends to store and then cut the socket instead of acknowledging.
    pub(crate) cut_sends: u32,
    /// Sends to refuse with this, by the text of the message.
    pub(crate) refusals: HashMap<String, ErrorCode>,
    /// What a refresh of an ended session is answered.
    pub(crate) ended_with: ErrorCode,
    /// Sends are read and nothing comes of them.
    pub(crate) deaf: bool,
    /// How many of the first sockets answer nothing any more, pings included.
    pub(crate) frozen_sockets: usize,
    /// What happened, in order.
    pub(crate) diary: Vec<String>,
    /// How other questions are answered.
    pub(crate) script: HashMap<String, Answer>,
    /// The epoch of the log.
    pub(crate) epoch: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let facts = Facts {
            log: Vec::new(),
            read: ReadMark::default(),
            session_ended: false,
            access_life_s: 600,
            refresh: 0,
            repeatable: false,
            refreshes: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            pages: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            who: ada(),
            ben: ("Ben".to_owned(), 1),
            lose_refreshes: 0,
            cut_sends: 0,
            refusals: HashMap::new(),
            ended_with: ErrorCode::SessionEnded,
            deaf: false,
            frozen_sockets: 0,
            diary: Vec::new(),
            script: HashMap::new(),
            epoch: "one".to_owned(),
        };
        Self {
            facts: Arc::new(Mutex::new(facts)),
            news: broadcast::channel(1000).0,
            cuts: broadcast::channel(10).0,
            goodbyes: broadcast::channel(10).0,
            pushes: broadcast::channel(1000).0,
        }
    }

    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap()
    }

    /// Bodies of the log, in order.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let body = |entry: &Entry| match &entry.kind {
            EntryKind::Message { body, .. } => Some(body.clone()),
            _ => None,
        };
        self.facts().log.iter().filter_map(body).collect()
    }

    /// How often something stands in the diary.
    pub(crate) fn count(&self, what: &str) -> usize {
        self.facts().diary.iter().filter(|line| line.starts_with(what)).count()
    }

    pub(crate) fn said(&self) -> Conversation {
        let facts = self.facts();
        Conversation {
            id: together(),
            kind: ConversationKind::Direct,
            visibility: Visibility::Private,
            name: None,
            topic: String::new(),
            archived: false,
            members: vec![ada(), ben()],
            member_count: 2,
            membership: Membership::Member,
            epoch: facts.epoch.clone(),
            head: facts.log.len() as u64,
            ordinal: facts.log.last().map_or(0, |entry| entry.ordinal),
            last_at: 1000,
            read: facts.read,
            created_by: ada(),
            member_since: 0,
            mentions: Vec::new(),
            level: protocol::ChosenLevel::default(),
        }
    }

    /// Why a token is not accepted, if it is not.
    pub(crate) fn refusal(&self, headers: &HeaderMap) -> Option<ErrorCode> {
        let mut facts = self.facts();
        if facts.session_ended {
            return Some(ErrorCode::SessionEnded);
        }
        let token = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let Some(number) = token
            .strip_prefix("Bearer access-")
            .and_then(|number| number.parse::<u32>().ok())
        else {
            return Some(ErrorCode::Unauthenticated);
        };
        if number != facts.refresh {
            return Some(ErrorCode::TokenExpired);
        }
        if facts.repeatable {
            facts.diary.push(format!("token {number} was used"));
        }
        // Its successor was used: the predecessor is void from now on.
        facts.repeatable = false;
        None
    }

    /// Whether this is the access token that is good now.
    pub(crate) fn is_current(&self, token: &str) -> bool {
        token == format!("access-{}", self.facts().refresh)
    }

    /// Makes the access token void, as its end would.
    pub(crate) fn expire_access(&self) {
        self.facts().refresh += 1000;
        self.facts().repeatable = true;
    }
}

impl Fake {
    pub(crate) async fn start() -> Self {
        Self::start_with(World::new(), "127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn start_with(world: World, address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router(world.clone());
        #[expect(clippy::disallowed_methods, reason = "the server of a test ends with the test")]
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            world,
            serving,
        }
    }

    /// Kills the server; `start_with` its world and address brings it back.
    pub(crate) async fn kill(self) -> (World, SocketAddr) {
        self.serving.abort();
        drop(self.world.cuts.send(()));
        while tokio::net::TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        (self.world.clone(), self.address)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn router(world: World) -> Router {
    Router::new()
        .route(
            "/v1/auth/workspace",
            get(|| async {
                Json(Workspace {
                    name: "Example".to_owned(),
                    version: "1".to_owned(),
                })
            }),
        )
        .route(
            "/v1/auth/code",
            post(|| async {
                let answer = CodeRequested {
                    request: "request".to_owned(),
                    expires_in_s: 600,
                    resend_after_s: 30,
                };
                (StatusCode::ACCEPTED, Json(answer))
            }),
        )
        .route("/v1/auth/token", post(token))
        .route("/v1/auth/sign-out", post(sign_out))
        .route("/v1/users/me", get(fake_people::me))
        .route("/v1/users", get(fake_people::people))
        .route("/v1/conversations/{id}/entries", get(fake_history::entries))
        .route("/v1/conversations/{id}/messages", post(fake_history::message))
        .route("/v1/socket", get(fake_socket::open))
        .fallback(scripted)
        .with_state(world)
}

pub(crate) fn problem(code: ErrorCode) -> Response {
    let mut problem = Problem::new(code, "because");
    problem.tries_left = (code == ErrorCode::CodeWrong).then_some(3);
    (StatusCode::from_u16(code.status()).unwrap(), Json(problem)).into_response()
}

async fn token(State(world): State<World>, Json(request): Json<TokenRequest>) -> Response {
    if let TokenRequest::Refresh { .. } = request {
        world.facts().diary.push("asked to refresh".to_owned());
        let refreshes = Arc::clone(&world.facts().refreshes);
        refreshes.acquire().await.unwrap().forget();
    }
    let mut facts = world.facts();
    match request {
        TokenRequest::Code { code, .. } if code != CODE => return problem(ErrorCode::CodeWrong),
        TokenRequest::Invitation { invitation, .. } if invitation != INVITATION => {
            return problem(ErrorCode::InvitationInvalid);
        }
        TokenRequest::Code { .. } => {
            facts.session_ended = false;
            facts.diary.push("signed in".to_owned());
        }
        TokenRequest::Invitation { .. } => {
            facts.session_ended = false;
            facts.diary.push("came in by an invitation".to_owned());
        }
        TokenRequest::Refresh { refresh_token } => {
            let number: u32 = refresh_token.strip_prefix("refresh-").unwrap().parse().unwrap();
            facts.diary.push(format!("refresh {number}"));
            let is_current = number == facts.refresh || number + 1000 == facts.refresh;
            let is_repeat = facts.repeatable && number + 1 == facts.refresh;
            if facts.session_ended || !(is_current || is_repeat) {
                facts.session_ended = true;
                return problem(facts.ended_with);
            }
            if is_current {
                facts.refresh = number + 1;
                facts.repeatable = true;
            }
            if facts.lose_refreshes > 0 {
                facts.lose_refreshes -= 1;
                facts.diary.push("lost the answer".to_owned());
                // Anything but an answer of ours: to the client the answer is lost.
                return (StatusCode::BAD_GATEWAY, "lost").into_response();
            }
        }
    }
    Json(Tokens {
        access_token: format!("access-{}", facts.refresh),
        expires_in_s: facts.access_life_s,
        refresh_token: format!("refresh-{}", facts.refresh),
        user: facts.who.clone(),
        session: SessionId::from_random(1),
    })
    .into_response()
}

async fn sign_out(State(world): State<World>, headers: HeaderMap) -> Response {
    if let Some(code) = world.refusal(&headers) {
        return problem(code);
    }
    world.facts().session_ended = true;
    StatusCode::NO_CONTENT.into_response()
}
