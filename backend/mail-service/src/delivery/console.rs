//! Mails on the terminal, for a developer without a mail server.

use std::io::Write as _;

use async_trait::async_trait;

use super::{Delivery, DeliveryError, Mail};

pub(super) struct Console;

#[async_trait]
impl Delivery for Console {
    async fn deliver(&self, mail: &Mail) -> Result<(), DeliveryError> {
        let rule = "-".repeat(72);
        let whole = format!(
            "\n{rule}\nTo: {}\nSubject: {}\n\n{}\n{rule}\n",
            mail.to.as_str(),
            mail.subject,
            mail.text
        );
        let mut terminal = std::io::stdout().lock();
        let printed = terminal.write_all(whole.as_bytes()).and_then(|()| terminal.flush());
        printed.map_err(|fault| DeliveryError::Failed(format!("cannot print: {fault}")))
    }

    async fn check(&self) -> Result<(), DeliveryError> {
        Ok(())
    }
}
