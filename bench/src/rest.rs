//! The REST interface, spoken to plainly: for what must be seen from outside the client.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use protocol::rest::chat::{Entries, NewConversation};
use protocol::rest::identity::{CodeRequest, CodeRequested, Device, TokenRequest, Tokens};
use protocol::{Conversation, ConversationId, Entry, Problem, Visibility};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use test_kit::console::Console;
use test_kit::wait::PATIENCE;

/// No request of a run takes longer on a machine that works.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A server, by its base address.
#[derive(Debug, Clone)]
pub(crate) struct Rest {
    http: reqwest::Client,
    base: String,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: String,
}

impl Rest {
    /// A server at this address, such as `http://127.0.0.1:8080`.
    pub(crate) fn at(base: impl Into<String>) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build()?;
        Ok(Self {
            http,
            base: base.into(),
        })
    }

    /// The base address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> anyhow::Result<Answer> {
        self.answer(self.request(Method::GET, path, token)).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &impl Serialize) -> anyhow::Result<Answer> {
        self.answer(self.request(Method::POST, path, token).json(body)).await
    }

    /// A request that this module has no shortcut for.
    pub(crate) fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends the request and reads the whole answer.
    pub(crate) async fn answer(&self, request: RequestBuilder) -> anyhow::Result<Answer> {
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let retry_after = answer
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        Ok(Answer {
            status,
            retry_after,
            body: answer.text().await?,
        })
    }

    /// Asks for a code; the mail is on its way when this returns.
    pub(crate) async fn request_code(&self, email: &str) -> anyhow::Result<Answer> {
        self.post(
            "/v1/auth/code",
            None,
            &CodeRequest {
                email: email.to_owned(),
            },
        )
        .await
    }

    /// Signs a person in with the code that the server prints in `--dev`.
    pub(crate) async fn sign_in(&self, email: &str, console: &Console) -> anyhow::Result<Tokens> {
        let mark = console.mark();
        let asked: CodeRequested = self.request_code(email).await?.json()?;
        let code = console.code_for(email, mark, PATIENCE).await?;
        self.token(&asked.request, &code).await?.json()
    }

    /// Tries a code.
    pub(crate) async fn token(&self, request: &str, code: &str) -> anyhow::Result<Answer> {
        let device = Device {
            name: "bench".to_owned(),
            system: "none".to_owned(),
        };
        let grant = TokenRequest::Code {
            request: request.to_owned(),
            code: code.to_owned(),
            device,
        };
        self.post("/v1/auth/token", None, &grant).await
    }

    /// Trades a refresh token for fresh tokens.
    pub(crate) async fn refresh(&self, refresh_token: &str) -> anyhow::Result<Tokens> {
        let grant = TokenRequest::Refresh {
            refresh_token: refresh_token.to_owned(),
        };
        self.post("/v1/auth/token", None, &grant).await?.json()
    }

    /// Starts a conversation, or answers the one there is.
    pub(crate) async fn start(&self, token: &str, new: &NewConversation) -> anyhow::Result<Conversation> {
        self.post("/v1/conversations", Some(token), new).await?.json()
    }

    /// The first of these people, by their tokens, makes a channel for everybody; the others join it.
    pub(crate) async fn gather(&self, name: String, tokens: &[String]) -> anyhow::Result<ConversationId> {
        let (first, others) = tokens.split_first().context("a room without anybody")?;
        let channel = NewConversation::Channel {
            name,
            visibility: Visibility::Public,
        };
        let room = self.start(first, &channel).await?.id;
        for token in others {
            let path = format!("/v1/conversations/{room}/join");
            let joined = self.answer(self.request(Method::POST, &path, Some(token))).await?;
            ensure!(
                joined.status == 200,
                "joining was answered {}: {}",
                joined.status,
                joined.body
            );
        }
        Ok(room)
    }

    /// The whole log of a conversation, page by page.
    pub(crate) async fn log(&self, token: &str, conversation: &ConversationId) -> anyhow::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let path = format!("/v1/conversations/{conversation}/entries?after={after}&limit=100");
            let page: Entries = self.get(&path, Some(token)).await?.json()?;
            if page.entries.is_empty() {
                if after < page.head {
                    bail!("nothing after {after} though the head is {}", page.head);
                }
                return Ok(entries);
            }
            entries.extend(page.entries);
        }
    }
}

impl Answer {
    /// The body of an answer that says yes.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        if !(200..300).contains(&self.status) {
            bail!("answered {}: {}", self.status, self.body);
        }
        serde_json::from_str(&self.body).with_context(|| format!("not the expected body: {}", self.body))
    }

    /// The problem document of an answer that says no.
    pub(crate) fn problem(&self) -> anyhow::Result<Problem> {
        serde_json::from_str(&self.body).with_context(|| format!("{}, not a problem: {}", self.status, self.body))
    }
}

/// Chooses the one TLS provider of the house for this process; needed before the first connection.
pub(crate) fn choose_tls_provider() {
    // An error means that it was chosen before.
    drop(rustls::crypto::ring::default_provider().install_default());
}
