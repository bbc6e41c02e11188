//! `/openapi.json`: the interface of all services behind this address, made from their handlers.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use utoipa::openapi::OpenApi;

/// One document of several services' documents, and the route that shows it.
pub(crate) fn route(services: impl IntoIterator<Item = OpenApi>) -> anyhow::Result<Router> {
    let mut services = services.into_iter();
    let mut document = services.next().unwrap_or_default();
    for service in services {
        document.merge(service);
    }
    "Loquat".clone_into(&mut document.info.title);
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let text: Arc<str> = document.to_json()?.into();
    let answer = move || {
        let text = Arc::clone(&text);
        async move { ([(http::header::CONTENT_TYPE, "application/json")], text.to_string()) }
    };
    Ok(Router::new().route("/openapi.json", get(answer)))
}
