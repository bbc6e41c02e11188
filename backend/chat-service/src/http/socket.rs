//! `GET /v1/socket`: the opening handshake; what follows is in [`crate::socket`].

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use protocol::{ErrorCode, Problem, SUBPROTOCOL};
use service_kit::ApiError;
use service_kit::auth::Caller;

use crate::app::App;
use crate::socket::{self, handshake};

/// Opens a WebSocket with the subprotocol `loquat.v1`. A node that drains refuses before the handshake, so that a gateway
/// asks another one: it has the fewest sockets, and would else be sent everybody who comes back.
#[utoipa::path(get, path = "/v1/socket", tag = "socket",
    responses((status = 101, description = "The connection speaks the socket protocol from here on"),
        (status = "4XX", body = Problem), (status = 503, body = Problem)))]
pub(super) async fn open(State(app): State<App>, caller: Caller, mut request: Request) -> Result<Response, ApiError> {
    if app.chat.lifecycle.is_draining() {
        let detail = "This node takes nobody in any more. Try again in a moment.";
        return Err(ApiError::new(ErrorCode::Unavailable, detail).retry_after_s(1));
    }
    let malformed = |missing: &str| {
        let detail = format!("This is the address of a WebSocket: {missing}.");
        ApiError::new(ErrorCode::Malformed, detail)
    };
    let handshake = handshake::read(request.headers()).map_err(malformed)?;
    let accept = HeaderValue::from_str(&handshake.accept).map_err(ApiError::internal)?;
    let upgrade = hyper::upgrade::on(&mut request);

    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if handshake.speaks_loquat {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        socket::serve(app, upgrade, caller);
    } else {
        // HTTP has no words for it that a client would hear: the close code says what is missing.
        socket::refuse_version(&app, upgrade);
    }
    Ok(response)
}
