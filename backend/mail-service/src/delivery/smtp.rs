//! Mails over SMTP, on connections that are kept open for a while.
//!
//! lettre's own pool is not used: it takes a connection back even when sending was cancelled in the middle of a
//! mail, and the next mail would then be spoken into that one. Here a connection comes back only after a whole mail.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::Instant;

use super::message::{Letter, Sender, letter};
use super::smtp_connection::{ConnectionFault, SmtpConnector, reason};
use super::{Delivery, DeliveryError, Mail};

/// How long an unused connection is kept; servers close theirs after some minutes.
const KEEP_IDLE: Duration = Duration::from_secs(30);

pub(super) struct Smtp {
    connector: SmtpConnector,
    sender: Sender,
    idle: Mutex<Vec<Idle>>,
    most_idle: usize,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl Smtp {
    pub(super) fn new(connector: SmtpConnector, sender: Sender, connections: u32) -> Self {
        Self {
            connector,
            sender,
            idle: Mutex::default(),
            most_idle: connections as usize,
        }
    }

    /// A connection that answers: one that was kept, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, DeliveryError> {
        while let Some(mut kept) = self.take_idle() {
            let answers = tokio::time::timeout(self.connector.timeout(), kept.test_connected());
            if answers.await.unwrap_or(false) {
                return Ok(kept);
            }
        }
        self.connector.connect().await.map_err(connection_error)
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|kept| kept.since.elapsed() < KEEP_IDLE);
        idle.pop().map(|kept| kept.connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.most_idle && !connection.has_broken() {
            idle.push(Idle {
                connection,
                since: Instant::now(),
            });
        }
    }
}

#[async_trait]
impl Delivery for Smtp {
    async fn deliver(&self, mail: &Mail) -> Result<(), DeliveryError> {
        let Letter { envelope, bytes } =
            letter(mail, &self.sender).map_err(|fault| DeliveryError::Refused(fault.to_string()))?;
        let mut connection = self.connection().await?;
        // lettre itself would wait for an answer for ever.
        let limit = self.connector.timeout();
        match tokio::time::timeout(limit, connection.send(&envelope, &bytes)).await {
            Ok(sent) => sent.map_err(|fault| sending_error(&fault))?,
            Err(_elapsed) => return Err(connection_error(ConnectionFault::Timeout(limit))),
        };
        self.keep(connection);
        Ok(())
    }

    async fn check(&self) -> Result<(), DeliveryError> {
        let connection = self.connection().await?;
        self.keep(connection);
        Ok(())
    }
}

/// A refusal while connecting concerns the server, not the mail: an operator can put it right in time.
fn connection_error(fault: ConnectionFault) -> DeliveryError {
    DeliveryError::Failed(fault.to_string())
}

/// A 5xx answer is about this mail and for ever (RFC 5321 §4.2.1); everything else may pass.
fn sending_error(fault: &SmtpError) -> DeliveryError {
    if fault.is_permanent() {
        DeliveryError::Refused(reason(fault))
    } else {
        DeliveryError::Failed(reason(fault))
    }
}
