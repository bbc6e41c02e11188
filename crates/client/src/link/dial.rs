//! Opening a socket.

use std::sync::Arc;
use std::time::Duration;

use protocol::{ErrorCode, Problem, SUBPROTOCOL};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use crate::address::Address;
use crate::network::{Network, Stream, certificate_fault, not_trusted, of_reach, reach};
use crate::session::is_about_the_token;
use crate::view::Failure;

pub(super) type Socket = WebSocketStream<MaybeTlsStream<Stream>>;

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
    /// The server cannot be reached.
    Failed(Failure),
}

/// Opens a socket, before anything is said on it.
pub(super) async fn dial(network: &Network, server: &Address, token: &str) -> Result<Socket, Refusal> {
    let request = request(server, token).map_err(|error| Refusal::Other(error.to_string()))?;
    match tokio::time::timeout(DIAL_TIMEOUT, Box::pin(open(network, server, request))).await {
        Ok(opened) => opened,
        Err(_) => Err(Refusal::Other("the server did not answer in time".to_owned())),
    }
}

/// Opens a socket and closes it again, to know whether that can be done. Without a token the server can only answer that
/// it wants one, and that it did is what is found out.
pub(crate) async fn try_socket(network: &Network, server: &Address, token: &str) -> Result<&'static str, Failure> {
    match dial(network, server, token).await {
        Ok(mut socket) => {
            // Whether the good-bye arrives is of no interest.
            drop(socket.close(None).await);
            Ok("101 Switching Protocols")
        }
        Err(Refusal::Token) if token.is_empty() => Ok("401 Unauthorized"),
        Err(Refusal::Token) => Err(crate::rest::refused_here(ErrorCode::Unauthenticated)),
        Err(Refusal::After(_)) => Err(crate::rest::refused_here(ErrorCode::Unavailable)),
        Err(Refusal::Failed(failure)) => Err(failure),
        Err(Refusal::Other(detail)) => Err(Failure::Unreachable {
            address: server.text().to_owned(),
            detail,
        }),
    }
}

async fn open(network: &Network, server: &Address, request: Request) -> Result<Socket, Refusal> {
    let route = network.route(server.url()).await;
    let (host, port) = server.place();
    let reached = reach(network, &route, host, port).await;
    let stream = reached.map_err(|error| Refusal::Failed(of_reach(server.text(), error)))?;
    let tls = if server.is_encrypted() {
        network.tls().await.map_err(|error| Refusal::Other(error.to_string()))?
    } else {
        crate::tls::unused()
    };
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_FRAME))
        .max_frame_size(Some(LARGEST_FRAME));
    let connector = Connector::Rustls(Arc::new(tls));
    match client_async_tls_with_config(request, stream, Some(config), Some(connector)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(refusal(&answer)),
        Err(error) => Err(Refusal::Failed(match certificate_fault(&error) {
            Some(certificate) => not_trusted(server.text(), certificate),
            None => Failure::Unreachable {
                address: server.text().to_owned(),
                detail: error.to_string(),
            },
        })),
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
