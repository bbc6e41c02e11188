//! `/v1/invitations`: asking somebody to join. For administrators.

use axum::extract::State;
use http::StatusCode;
use protocol::rest::identity::{Invitation, Invitations, NewInvitation};
use protocol::{Email, ErrorCode, Problem};
use service_kit::ApiError;
use service_kit::extract::{Json, Path};

use super::administrator::Administrator;
use crate::app::App;
use crate::invitations;

/// Those that are open or were accepted, the newest first.
#[utoipa::path(get, path = "/v1/invitations", tag = "invitations", security(("access_token" = [])),
    responses(
        (status = 200, body = Invitations),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
    ))]
pub(super) async fn list(State(app): State<App>, _by: Administrator) -> Result<Json<Invitations>, ApiError> {
    let listed = app.invitations.list().await?;
    let invitations = listed.into_iter().map(shown).collect();
    Ok(Json(Invitations { invitations }))
}

/// Mails somebody a link that works once. An older open invitation of the same address works no more.
#[utoipa::path(post, path = "/v1/invitations", tag = "invitations", security(("access_token" = [])),
    request_body = NewInvitation,
    responses(
        (status = 201, body = Invitation),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
        (status = 409, description = "`already_a_member`", body = Problem),
        (status = 422, description = "`invalid_email`", body = Problem),
        (status = 429, description = "`rate_limited`, with `Retry-After`", body = Problem),
    ))]
pub(super) async fn invite(
    State(app): State<App>,
    Administrator(by): Administrator,
    Json(new): Json<NewInvitation>,
) -> Result<(StatusCode, Json<Invitation>), ApiError> {
    let email = Email::parse(&new.email)
        .map_err(|_| ApiError::new(ErrorCode::InvalidEmail, "Write the address like `ada@example.org`."))?;
    let invitation = app.invitations.invite(&by, &email, new.role).await?;
    Ok((StatusCode::CREATED, Json(shown(invitation))))
}

/// Makes an open invitation void.
#[utoipa::path(delete, path = "/v1/invitations/{id}", tag = "invitations", security(("access_token" = [])),
    params(("id" = String, Path, description = "The invitation's id")),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, description = "`forbidden`", body = Problem),
        (status = 404, description = "There is none, or it was accepted", body = Problem),
    ))]
pub(super) async fn withdraw(
    State(app): State<App>,
    Administrator(by): Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.invitations.withdraw(&by, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(invitation: invitations::Invitation) -> Invitation {
    Invitation {
        id: invitation.id,
        email: invitation.email,
        role: invitation.role,
        invited_by: invitation.invited_by,
        invited_at: invitation.invited_at,
        expires_at: invitation.expires_at,
        accepted_at: invitation.accepted_at,
    }
}
