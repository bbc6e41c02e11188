//! Handing mails over: SMTP, and the terminal in development. The only place that knows lettre.

mod console;
mod message;
mod reachability;
mod route;
mod smtp;
mod smtp_connection;

use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use protocol::{Email, UnixMs};
use url::Url;

use crate::settings::Settings;

pub(crate) use message::Sender;
pub(crate) use reachability::Reachability;
pub(crate) use route::{Encryption, Route, SmtpRoute};
pub(crate) use smtp_connection::{ConnectionFault, SmtpConnector};

/// A mail that is ready to go.
pub(crate) struct Mail {
    /// Names the mail; the same at every try.
    pub(crate) id: String,
    pub(crate) to: Email,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) sent_at: UnixMs,
}

/// Why a mail was not handed over. The reasons may name the address; clean them before keeping them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    /// The server will never take this mail.
    #[error("refused: {0}")]
    Refused(String),
    /// It may work another time.
    #[error("failed: {0}")]
    Failed(String),
}

/// A way for mails to leave.
#[async_trait]
pub(crate) trait Delivery: Send + Sync {
    /// Hands a mail over; `Ok` means that whoever took it is now responsible for it.
    async fn deliver(&self, mail: &Mail) -> Result<(), DeliveryError>;

    /// Whether a mail could be handed over now.
    async fn check(&self) -> Result<(), DeliveryError>;
}

/// The way the settings ask for.
pub(crate) fn pick(settings: &Settings, public_url: Option<&Url>) -> anyhow::Result<Arc<dyn Delivery>> {
    match settings.route().map_err(anyhow::Error::msg)? {
        Route::Console => Ok(Arc::new(console::Console)),
        Route::Smtp(route) => {
            let sender = settings.sender().map_err(anyhow::Error::msg)?;
            let connector = SmtpConnector::new(route, settings, public_url).context("SMTP_URL")?;
            Ok(Arc::new(smtp::Smtp::new(connector, sender, settings.smtp_connections)))
        }
    }
}
