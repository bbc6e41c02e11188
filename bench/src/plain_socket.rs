//! The socket, spoken to plainly: frame by frame, with nothing repeated and nothing healed.

use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt, StreamExt};
use protocol::SUBPROTOCOL;
use protocol::frame::{ClientFrame, Cursor, ServerFrame};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long the next frame may take.
const FRAME_WITHIN: Duration = Duration::from_secs(15);

/// An open socket.
pub(crate) struct PlainSocket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What comes over a socket.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Arrival {
    Frame(Box<ServerFrame>),
    /// The other side closed, with a code if it said one.
    Closed(Option<u16>),
}

impl PlainSocket {
    /// Opens a socket with this access token at a base address such as `http://127.0.0.1:8080`.
    pub(crate) async fn open(base: &str, token: &str) -> anyhow::Result<Self> {
        let address = base.replacen("http", "ws", 1) + "/v1/socket";
        let mut request = address.into_client_request()?;
        request
            .headers_mut()
            .insert("authorization", format!("Bearer {token}").parse()?);
        request
            .headers_mut()
            .insert("sec-websocket-protocol", SUBPROTOCOL.parse()?);
        let (stream, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Self { stream })
    }

    /// Opens a socket and says hello without cursors; returns it after the welcome.
    pub(crate) async fn greeted(base: &str, token: &str) -> anyhow::Result<Self> {
        Self::resumed(base, token, Vec::new()).await
    }

    /// Opens a socket and says hello with these cursors; returns it after the welcome.
    pub(crate) async fn resumed(base: &str, token: &str, cursors: Vec<Cursor>) -> anyhow::Result<Self> {
        let mut socket = Self::open(base, token).await?;
        socket
            .send(&ClientFrame::Hello {
                id: 1,
                cursors,
                more: false,
            })
            .await?;
        socket
            .next_that(|frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(()))
            .await?;
        Ok(socket)
    }

    /// Sends one frame.
    pub(crate) async fn send(&mut self, frame: &ClientFrame) -> anyhow::Result<()> {
        self.send_text(&serde_json::to_string(frame)?).await
    }

    /// Sends a text that may be no frame at all.
    pub(crate) async fn send_text(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.stream.send(Message::text(text)).await?)
    }

    /// What comes next.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Arrival> {
        tokio::time::timeout(FRAME_WITHIN, self.read())
            .await
            .context("no frame came")?
    }

    /// The first frame that `wanted` takes; others before it are passed over.
    pub(crate) async fn next_that<T>(
        &mut self,
        mut wanted: impl FnMut(&ServerFrame) -> Option<T>,
    ) -> anyhow::Result<T> {
        let search = async {
            loop {
                match self.read().await? {
                    Arrival::Frame(frame) => {
                        if let Some(found) = wanted(&frame) {
                            return Ok(found);
                        }
                    }
                    closed @ Arrival::Closed(_) => bail!("the server closed: {closed:?}"),
                }
            }
        };
        tokio::time::timeout(FRAME_WITHIN, search)
            .await
            .context("the frame did not come")?
    }

    /// The close code, after whatever frames come before it.
    pub(crate) async fn closed(&mut self) -> anyhow::Result<Option<u16>> {
        loop {
            if let Arrival::Closed(code) = self.next().await? {
                return Ok(code);
            }
        }
    }

    /// What comes next, whenever that is.
    pub(crate) async fn read(&mut self) -> anyhow::Result<Arrival> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text).with_context(|| format!("not a frame: {text}"))?;
                    return Ok(Arrival::Frame(Box::new(frame)));
                }
                Some(Ok(Message::Close(close))) => return Ok(Arrival::Closed(close.map(|close| close.code.into()))),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ok(Arrival::Closed(None)),
            }
        }
    }
}
