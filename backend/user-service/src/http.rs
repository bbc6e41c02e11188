//! The URLs, and what answers them.

mod auth;
mod client_address;
mod keys;
mod problems;
mod users;

use utoipa::OpenApi as _;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub(crate) use client_address::TrustedProxies;

#[derive(utoipa::OpenApi)]
#[openapi(info(title = "Loquat: identity", description = "Sign-in, sessions and people."))]
struct Description;

/// Every path of this service, with its description.
pub(crate) fn router(app: App) -> (axum::Router, utoipa::openapi::OpenApi) {
    let mut description = Description::openapi();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    description
        .components
        .get_or_insert_default()
        .add_security_scheme("access_token", bearer);
    OpenApiRouter::with_openapi(description)
        .routes(routes!(auth::workspace))
        .routes(routes!(auth::request_code))
        .routes(routes!(auth::issue_tokens))
        .routes(routes!(auth::sign_out))
        .routes(routes!(keys::published))
        .routes(routes!(users::me, users::change_me))
        .routes(routes!(users::directory))
        .routes(routes!(users::person))
        .with_state(app)
        .split_for_parts()
}
