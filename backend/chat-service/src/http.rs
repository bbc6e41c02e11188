//! Every URL of the service, and who may call it.

mod channels;
mod conversations;
mod live;
mod members;
mod messages;
mod socket;
mod touches;

use axum::Router;
use axum::extract::FromRequestParts;
use http::request::Parts;
use protocol::UserId;
use service_kit::ApiError;
use service_kit::auth::Caller;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::people;
use crate::refusal::Refusal;

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(protocol::Problem)))]
struct Document;

/// All routes, and the document that describes them.
pub(crate) fn routes(app: App) -> (Router, OpenApi) {
    let (router, api) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(conversations::list, conversations::start))
        .routes(routes!(conversations::get, conversations::change))
        .routes(routes!(conversations::join))
        .routes(routes!(conversations::read))
        .routes(routes!(conversations::level))
        .routes(routes!(channels::list))
        .routes(routes!(members::list))
        .routes(routes!(members::add, members::remove))
        .routes(routes!(messages::page))
        .routes(routes!(messages::mentions))
        .routes(routes!(messages::send))
        .routes(routes!(touches::edit, touches::delete))
        .routes(routes!(touches::react, touches::unreact))
        .routes(routes!(touches::pin, touches::unpin))
        .routes(routes!(touches::versions))
        .routes(routes!(touches::pins))
        .routes(routes!(live::receipts))
        .routes(routes!(live::typing))
        .routes(routes!(live::presence))
        .routes(routes!(socket::open))
        .split_for_parts();
    (router.with_state(app), api)
}

/// The person who calls; known to the copy of people from now on.
pub(crate) struct Person(pub(crate) UserId);

impl FromRequestParts<App> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        people::note_caller(&app.chat, &caller.user).await?;
        Ok(Self(caller.user))
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let mut error = Self::new(refusal.code, refusal.detail);
        if let Some(wait_ms) = refusal.retry_after_ms {
            error = error.retry_after_s(u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX));
        }
        match refusal.cause {
            Some(cause) => error.because(cause),
            None => error,
        }
    }
}
