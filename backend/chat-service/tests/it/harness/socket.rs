//! A client's end of a socket.
#![expect(
    clippy::unwrap_used,
    reason = "a test whose socket breaks has nothing to say but where"
)]

use futures_util::{SinkExt as _, StreamExt as _};
use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use protocol::{ClientId, Conversation, ConversationId, Entry};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::{DEADLINE, fresh};

/// A client's end of a socket.
pub(crate) struct Socket {
    pub(crate) stream: WebSocketStream<TcpStream>,
    last_id: u64,
    /// Frames that came while another one was awaited.
    early: Vec<ServerFrame>,
}

impl Socket {
    pub(super) fn new(stream: WebSocketStream<TcpStream>) -> Self {
        Self {
            stream,
            last_id: 0,
            early: Vec::new(),
        }
    }

    pub(crate) async fn send_text(&mut self, text: impl Into<String>) {
        self.stream.send(Message::text(text.into())).await.unwrap();
    }

    /// The same on a connection that may be gone.
    pub(crate) async fn try_send_text(&mut self, text: String) {
        drop(self.stream.send(Message::text(text)).await);
    }

    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.send_text(serde_json::to_string(frame).unwrap()).await;
    }

    /// Says hello and waits for the welcome.
    pub(crate) async fn hello(&mut self, cursors: Vec<Cursor>) -> Vec<Conversation> {
        let id = self.next_id();
        let more = false;
        self.send(&ClientFrame::Hello { id, cursors, more }).await;
        let welcome = self.until(|frame| matches!(frame, ServerFrame::Welcome { .. })).await;
        let ServerFrame::Welcome { conversations, .. } = welcome else {
            unreachable!("it was looked for")
        };
        conversations
    }

    /// Waits until this many newest pages have come; they stay to be looked at.
    pub(super) async fn begun(&mut self, pages: usize) {
        let is_page = |frame: &&ServerFrame| matches!(frame, ServerFrame::Truncated { .. });
        while self.early.iter().filter(is_page).count() < pages {
            let frame = self.receive().await.unwrap_or_else(|close| panic!("closed: {close:?}"));
            self.early.push(frame);
        }
    }

    /// Writes without waiting for the answer.
    pub(crate) async fn write(&mut self, conversation: &ConversationId, body: &str) -> (u64, ClientId) {
        let id = self.next_id();
        let client_id = ClientId::from_random(fresh());
        self.send(&ClientFrame::Send {
            id,
            conversation: conversation.clone(),
            client_id: client_id.clone(),
            body: body.to_owned(),
            reply_to: None,
            after: None,
        })
        .await;
        (id, client_id)
    }

    /// Writes and waits until it is acknowledged.
    pub(crate) async fn say(&mut self, conversation: &ConversationId, body: &str) -> Entry {
        let (id, _) = self.write(conversation, body).await;
        match self.answer(id).await {
            ServerFrame::Ack { entry: Some(entry), .. } => entry,
            other => panic!("not acknowledged: {other:?}"),
        }
    }

    /// Sends a frame as JSON, with an id, and waits for its answer.
    pub(crate) async fn ask(&mut self, mut frame: serde_json::Value) -> ServerFrame {
        let id = self.next_id();
        frame["id"] = id.into();
        self.send_text(frame.to_string()).await;
        self.answer(id).await
    }

    /// The answer to a request.
    pub(crate) async fn answer(&mut self, wanted: u64) -> ServerFrame {
        self.until(
            |frame| matches!(frame, ServerFrame::Ack { id, .. } | ServerFrame::Refused { id, .. } if *id == wanted),
        )
        .await
    }

    /// The next frame that fits; the others stay for later, in their order.
    pub(crate) async fn until(&mut self, mut fits: impl FnMut(&ServerFrame) -> bool) -> ServerFrame {
        if let Some(index) = self.early.iter().position(&mut fits) {
            return self.early.remove(index);
        }
        loop {
            let frame = self.receive().await.unwrap_or_else(|close| panic!("closed: {close:?}"));
            if fits(&frame) {
                return frame;
            }
            self.early.push(frame);
        }
    }

    /// The next frame, whatever it is.
    pub(crate) async fn next(&mut self) -> ServerFrame {
        self.until(|_| true).await
    }

    /// The next entry of a conversation.
    pub(crate) async fn entry(&mut self, conversation: &ConversationId) -> Entry {
        let of = |frame: &ServerFrame| matches!(frame, ServerFrame::Entry { entry, .. } if entry.conversation == *conversation);
        match self.until(of).await {
            ServerFrame::Entry { entry, .. } => entry,
            _ => unreachable!("it was looked for"),
        }
    }

    /// Reads until the server closes; answers code and reason.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.receive().await {
                Ok(frame) => self.early.push(frame),
                Err(close) => return close,
            }
        }
    }

    /// A frame, or how the connection ended; code 0 without a close frame.
    pub(crate) async fn receive(&mut self) -> Result<ServerFrame, (u16, String)> {
        loop {
            let received = tokio::time::timeout(DEADLINE, self.stream.next()).await;
            match received.unwrap_or_else(|_| panic!("no frame in time; not looked at: {:?}", self.early)) {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(close)))) => {
                    return Err((close.code.into(), close.reason.to_string()));
                }
                Some(Ok(Message::Close(None))) | None => return Err((0, String::new())),
                Some(Ok(_)) => {}
                Some(Err(fault)) => return Err((0, fault.to_string())),
            }
        }
    }

    /// What came and was not looked at yet.
    pub(crate) fn early(&self) -> &[ServerFrame] {
        &self.early
    }
}
