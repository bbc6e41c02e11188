//! Who calls, as the audit log wants to know it, and whether they may do what is for administrators.

use axum::extract::FromRequestParts;
use http::request::Parts;
use protocol::ErrorCode;
use service_kit::ApiError;
use service_kit::auth::Caller;

use super::client_address::ClientAddress;
use crate::app::App;
use crate::audit::Actor;

/// A signed-in person with the address they call from.
pub(super) struct Present {
    pub(super) caller: Caller,
    pub(super) actor: Actor,
}

/// A signed-in administrator. Asked of the store at every request, so a demotion counts at once.
pub(super) struct Administrator(pub(super) Actor);

impl FromRequestParts<App> for Present {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, app).await?;
        let user = caller.user.clone();
        Ok(Self {
            caller,
            actor: Actor { user, address },
        })
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Present { actor, .. } = Present::from_request_parts(parts, app).await?;
        require_administrator(app, &actor).await?;
        Ok(Self(actor))
    }
}

/// Refuses everybody else.
pub(super) async fn require_administrator(app: &App, actor: &Actor) -> Result<(), ApiError> {
    if app.people.find(&actor.user).await?.is_administrator() {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::Forbidden, "This is for administrators."))
}
