//! `/v1/auth`: codes, tokens, the end of a session.

use axum::extract::State;
use http::StatusCode;
use protocol::rest::identity::{CodeRequest, CodeRequested, TokenRequest, Tokens, Workspace};
use protocol::{Email, ErrorCode, Problem};
use service_kit::ApiError;
use service_kit::extract::Json;

use super::administrator::Present;
use super::client_address::ClientAddress;
use crate::app::App;
use crate::sessions::Issued;

/// What a stranger may know before signing in.
#[utoipa::path(get, path = "/v1/auth/workspace", tag = "auth", security(()), responses((status = 200, body = Workspace)))]
pub(super) async fn workspace(State(app): State<App>) -> Result<Json<Workspace>, ApiError> {
    Ok(Json(Workspace {
        name: app.workspace.setup().await?.name,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// Mails a sign-in code. The answer is the same whether anybody has this address or not.
#[utoipa::path(post, path = "/v1/auth/code", tag = "auth", security(()), request_body = CodeRequest,
    responses(
        (status = 202, body = CodeRequested),
        (status = 403, description = "`domain_not_allowed`", body = Problem),
        (status = 422, description = "`invalid_email`", body = Problem),
        (status = 429, description = "`rate_limited`, with `Retry-After`", body = Problem),
    ))]
pub(super) async fn request_code(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Json(request): Json<CodeRequest>,
) -> Result<(StatusCode, Json<CodeRequested>), ApiError> {
    let email = Email::parse(&request.email)
        .map_err(|_| ApiError::new(ErrorCode::InvalidEmail, "Write the address like `ada@example.org`."))?;
    let requested = app.codes.request(&email, from).await;
    app.measures.count_request(&requested);
    let requested = requested?;
    let answer = CodeRequested {
        request: requested.request,
        expires_in_s: requested.expires_in_s,
        resend_after_s: requested.resend_after_s,
    };
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

/// Fresh tokens for a code, for an invitation's code, or for the last refresh token. A repeated refresh gives the same refresh token until
/// that one has been used; an older one ends the session.
#[utoipa::path(post, path = "/v1/auth/token", tag = "auth", security(()), request_body = TokenRequest,
    responses(
        (status = 200, body = Tokens),
        (status = 401, body = Problem,
         description = "`code_wrong` (with `tries_left`), `code_expired`, `code_used_up`; `invitation_invalid`; \
            `unauthenticated`, `session_ended`, `session_revoked` (erase what this device holds)"),
        (status = 403, body = Problem,
         description = "`deactivated` (erase what this device holds), `domain_not_allowed`"),
        (status = 429, description = "`rate_limited`, with `Retry-After`", body = Problem),
    ))]
pub(super) async fn issue_tokens(
    State(app): State<App>,
    ClientAddress(from): ClientAddress,
    Json(request): Json<TokenRequest>,
) -> Result<Json<Tokens>, ApiError> {
    let sessions = &app.sessions;
    let issued = match request {
        TokenRequest::Code { request, code, device } => sessions.sign_in(&request, &code, device, from).await,
        TokenRequest::Invitation { invitation, device } => sessions.accept_invitation(&invitation, device, from).await,
        TokenRequest::Refresh { refresh_token } => sessions.refresh(&refresh_token, from).await,
    };
    Ok(Json(tokens(issued?)))
}

/// Ends the session of the token that comes with it.
#[utoipa::path(post, path = "/v1/auth/sign-out", tag = "auth", security(("access_token" = [])),
    responses((status = 204), (status = 401, body = Problem)))]
pub(super) async fn sign_out(State(app): State<App>, present: Present) -> Result<StatusCode, ApiError> {
    app.sessions.sign_out(&present.actor, &present.caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tokens(issued: Issued) -> Tokens {
    Tokens {
        access_token: issued.access_token,
        expires_in_s: issued.expires_in_s,
        refresh_token: issued.refresh_token,
        user: issued.user,
        session: issued.session,
    }
}
