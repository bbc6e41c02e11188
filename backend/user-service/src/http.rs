//! The URLs, and what answers them.

mod administrator;
mod audit;
mod auth;
mod client_address;
mod invitations;
mod keys;
mod pictures;
mod problems;
mod sessions;
mod settings;
mod users;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use protocol::{ErrorCode, Limits};
use service_kit::ApiError;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::App;
use crate::start::Gate;

pub(crate) use client_address::TrustedProxies;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Loquat: identity",
    description = "Sign-in, sessions, people, administration."
))]
struct Description;

/// Every path of this service, with its description.
pub(crate) fn router(app: App, gate: Gate) -> (axum::Router, utoipa::openapi::OpenApi) {
    let mut description = Description::openapi();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    description
        .components
        .get_or_insert_default()
        .add_security_scheme("access_token", bearer);
    let picture_bytes = Limits::default().picture_bytes as usize;
    OpenApiRouter::with_openapi(description)
        .routes(routes!(auth::workspace))
        .routes(routes!(auth::request_code))
        .routes(routes!(auth::issue_tokens))
        .routes(routes!(auth::sign_out))
        .routes(routes!(users::me, users::change_me))
        .routes(routes!(users::directory))
        .routes(routes!(users::person, users::change_person))
        // The only bodies that are larger than what `service_kit::http` allows for all.
        .routes(routes!(pictures::set, pictures::remove).layer(DefaultBodyLimit::max(picture_bytes)))
        .routes(routes!(pictures::show))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(invitations::list, invitations::invite))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(settings::read, settings::change))
        .routes(routes!(audit::page))
        .routes(routes!(audit::export))
        .layer(middleware::from_fn_with_state(gate, refuse_until_open))
        // These are known from the start, and other services wait for them.
        .routes(routes!(keys::published))
        .with_state(app)
        .split_for_parts()
}

/// What is asked before it can be answered rightly is refused.
async fn refuse_until_open(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    if gate.is_open() {
        next.run(request).await
    } else {
        let soon = ApiError::new(ErrorCode::Unavailable, "The server is starting. Try again in a moment.");
        soon.retry_after_s(1).into_response()
    }
}
