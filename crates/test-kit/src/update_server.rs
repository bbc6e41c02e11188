//! A server of updates on loopback, which does what a test tells it, and keys that sign what it hands out. Keys are made
//! when a test runs; none is kept.
#![expect(clippy::unwrap_used, reason = "a harness fails where it stands")]

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
pub use minisign::KeyPair;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What the server answers for one path.
#[derive(Clone)]
pub enum Answer {
    /// This content, and parts of it when asked for.
    File(Bytes),
    /// As `File`, but so many connections break off after so many bytes.
    Cut { content: Bytes, after: usize, times: usize },
    /// As `File`, but whoever asks for a part gets all of it.
    OnlyWhole(Bytes),
    /// Bytes without an end.
    Endless,
    /// A length of so many bytes, and nothing of them.
    Promise(u64),
    /// Another address.
    Elsewhere(String),
}

#[derive(Default)]
struct World {
    answers: BTreeMap<String, Answer>,
    /// The path and the range of every request.
    asked: Vec<(String, Option<String>)>,
}

/// A server that runs until it is dropped.
pub struct UpdateServer {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    _serving: JoinSet<io::Result<()>>,
}

impl UpdateServer {
    /// One that has nothing yet.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let world = Arc::<Mutex<World>>::default();
        let routes = Router::new()
            .route("/{name}", axum::routing::get(answer))
            .with_state(Arc::clone(&world));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, routes).await });
        Self {
            address,
            world,
            _serving: serving,
        }
    }

    /// The address of a name.
    pub fn at(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    /// Answers so from now on.
    pub fn put(&self, name: &str, answer: Answer) {
        self.world.lock().unwrap().answers.insert(name.to_owned(), answer);
    }

    /// The ranges that were asked of this path, in order.
    pub fn asked(&self, name: &str) -> Vec<Option<String>> {
        let world = self.world.lock().unwrap();
        let of_name = world.asked.iter().filter(|(asked, _)| asked == name);
        of_name.map(|(_, range)| range.clone()).collect()
    }
}

impl UpdateServer {
    /// Publishes a file on the stable channel, signed by these keys as what its name says.
    pub fn publish(&self, keys: &KeyPair, (version, name): (&str, &str), content: &[u8]) {
        self.put(name, Answer::File(Bytes::copy_from_slice(content)));
        self.offer(version, name, &signature(keys, content, name));
    }

    /// Puts a manifest on the stable channel, whatever it says.
    pub fn offer(&self, version: &str, file: &str, signature: &str) {
        let file = json!({ "url": self.at(file), "signature": signature });
        let platform = format!("linux-{}", std::env::consts::ARCH);
        let manifest = json!({ "version": version, "notes": "New.", "platforms": { platform: file } });
        self.put("stable.json", Answer::File(Bytes::from(manifest.to_string())));
    }
}

/// Fresh keys.
pub fn keys() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

/// A signature as release tools write it: its comment names the file.
pub fn signature(keys: &KeyPair, content: &[u8], name: &str) -> String {
    let comment = format!("timestamp:1700000000\tfile:{name}");
    minisign::sign(None, &keys.sk, content, Some(&comment), None)
        .unwrap()
        .to_string()
}

async fn answer(
    State(world): State<Arc<Mutex<World>>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    let range = headers
        .get(header::RANGE)
        .map(|range| range.to_str().unwrap().to_owned());
    let from = range.as_ref().map_or(0, |range| beginning(range));
    let answer = {
        let mut world = world.lock().unwrap();
        world.asked.push((name.clone(), range));
        let answer = world.answers.get(&name).cloned();
        if let Some(Answer::Cut { times, .. }) = world.answers.get_mut(&name) {
            *times = times.saturating_sub(1);
        }
        answer
    };
    match answer {
        None => with_status(404, Body::empty()),
        Some(Answer::File(content) | Answer::Cut { content, times: 0, .. }) => file(&content, from, None),
        Some(Answer::OnlyWhole(content)) => file(&content, 0, None),
        Some(Answer::Cut { content, after, .. }) => file(&content, from, Some(after)),
        Some(Answer::Endless) => with_status(200, endless()),
        Some(Answer::Promise(bytes)) => {
            let mut response = with_status(200, endless());
            response.headers_mut().insert(header::CONTENT_LENGTH, bytes.into());
            response
        }
        Some(Answer::Elsewhere(to)) => {
            let mut response = with_status(302, Body::empty());
            response.headers_mut().insert(header::LOCATION, to.parse().unwrap());
            response
        }
    }
}

/// The content from here on, whole or cut.
fn file(content: &Bytes, from: usize, cut_after: Option<usize>) -> Response<Body> {
    if from > 0 && from >= content.len() {
        return with_status(416, Body::empty());
    }
    let rest = content.slice(from..);
    let sent = rest.slice(..cut_after.unwrap_or(rest.len()).min(rest.len()));
    let parts: Vec<io::Result<Bytes>> = sent
        .chunks(8 * 1024)
        .map(|part| Ok(Bytes::copy_from_slice(part)))
        .collect();
    // What was sent is on its way before the connection breaks.
    let cut = stream::iter(cut_after).then(|_| async {
        tokio::task::yield_now().await;
        Err(io::Error::other("cut"))
    });
    let mut response = with_status(
        if from > 0 { 206 } else { 200 },
        Body::from_stream(stream::iter(parts).chain(cut)),
    );
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, rest.len().into());
    if from > 0 {
        let range = format!("bytes {from}-{}/{}", content.len() - 1, content.len());
        headers.insert(header::CONTENT_RANGE, range.parse().unwrap());
    }
    response
}

fn endless() -> Body {
    let part = Bytes::from(vec![b' '; 64 * 1024]);
    Body::from_stream(stream::repeat(part).map(io::Result::Ok))
}

fn with_status(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// The number in `bytes=N-`.
fn beginning(range: &str) -> usize {
    range
        .trim_start_matches("bytes=")
        .trim_end_matches('-')
        .parse()
        .unwrap()
}
