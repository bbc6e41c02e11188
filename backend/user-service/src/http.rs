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

use axum::extract::DefaultBodyLimit;
use protocol::Limits;
use utoipa::OpenApi as _;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::App;

pub(crate) use client_address::TrustedProxies;

#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "Loquat: identity",
    description = "Sign-in, sessions, people, administration."
))]
struct Description;

/// Every path of this service, with its description.
pub(crate) fn router(app: App) -> (axum::Router, utoipa::openapi::OpenApi) {
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
        .routes(routes!(keys::published))
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
        .with_state(app)
        .split_for_parts()
}
