//! Opening a socket.

use std::time::Duration;

use protocol::{Problem, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

use crate::address::Address;
use crate::session::is_about_the_token;

pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// From the first packet to the end of the handshake.
const DIAL_TIMEOUT: Duration = Duration::from_secs(15);
/// The largest frame that is read, well above what `limits.server_frame_bytes` allows a server.
const LARGEST_FRAME: usize = 8 * 1024 * 1024;

/// Why there is no socket.
pub(super) enum Refusal {
    /// The access token is not accepted. A fresh one may be, unless the session is over.
    Token,
    /// The server said when to come back.
    After(Duration),
    Other(String),
}

/// Opens a socket, before anything is said on it.
pub(super) async fn dial(server: &Address, token: &str) -> Result<Socket, Refusal> {
    crate::tls::install();
    let request = request(server, token).map_err(|error| Refusal::Other(error.to_string()))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_FRAME))
        .max_frame_size(Some(LARGEST_FRAME));
    let without_delay = true;
    let dialing = connect_async_tls_with_config(request, Some(config), without_delay, None);
    match tokio::time::timeout(DIAL_TIMEOUT, dialing).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(answer))) => Err(refusal(&answer)),
        Ok(Err(error)) => Err(Refusal::Other(crate::rest::unreachable(server, &error).to_string())),
        Err(_) => Err(Refusal::Other("the server did not answer in time".to_owned())),
    }
}

fn request(server: &Address, token: &str) -> Result<Request, Error> {
    let mut request = server.socket().into_client_request()?;
    let headers = request.headers_mut();
    let mut bearer =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|error| Error::HttpFormat(error.into()))?;
    bearer.set_sensitive(true);
    headers.insert(header::AUTHORIZATION, bearer);
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    Ok(request)
}

fn refusal(answer: &Response) -> Refusal {
    let problem = answer
        .body()
        .as_deref()
        .and_then(|body| serde_json::from_slice::<Problem>(body).ok());
    let Some(problem) = problem else {
        return Refusal::Other(format!("the socket was refused with status {}", answer.status()));
    };
    match problem.code {
        code if is_about_the_token(code) => Refusal::Token,
        code => match problem.retry_after_s {
            Some(seconds) => Refusal::After(Duration::from_secs(seconds.into())),
            None => Refusal::Other(format!("the socket was refused: {code}")),
        },
    }
}
