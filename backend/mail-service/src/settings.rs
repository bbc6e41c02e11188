//! What an operator chooses. The doc comments are the help.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::delivery::{Route, Sender};

/// The route that prints mails instead of sending them.
const CONSOLE: &str = "console:";
/// The sender on a developer's machine.
const DEVELOPMENT_SENDER: &str = "Loquat <loquat@localhost.localdomain>";

/// The settings of mail-service.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// Where mail goes: `smtp://user:password@host:587` (STARTTLS is required unless `?tls=none`),
    /// `smtps://user:password@host:465`, or `console:` to print mails. Special characters in user and password are
    /// percent-encoded; `?ehlo=name` sets the name this server greets with. Needed outside development.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// The sender, such as `Loquat <chat@example.org>`. Needed outside development.
    #[arg(long, env = "MAIL_FROM")]
    pub mail_from: Option<String>,

    /// PEM file with certificates that the mail server's certificate may come from, beside those of the system.
    #[arg(long, env = "SMTP_CA_FILE")]
    pub smtp_ca_file: Option<PathBuf>,

    /// Seconds that connecting, and then sending one mail, may each take.
    #[arg(long, env = "SMTP_TIMEOUT_S", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=300))]
    pub smtp_timeout_s: u32,

    /// Mails that are sent at the same time, each over a connection of its own.
    #[arg(long, env = "SMTP_CONNECTIONS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub smtp_connections: u32,
}

impl Settings {
    /// The same settings with what a developer's machine needs filled in: without a server, mails are printed.
    pub(crate) fn completed(&self, dev: bool) -> Self {
        let mut settings = self.clone();
        if dev {
            settings.smtp_url.get_or_insert_with(|| CONSOLE.to_owned());
            settings.mail_from.get_or_insert_with(|| DEVELOPMENT_SENDER.to_owned());
        }
        settings
    }

    /// Everything that is wrong with these settings, each as a sentence that names the setting. On a developer's
    /// machine (`dev`) nothing needs to be set.
    pub fn faults(&self, dev: bool) -> Vec<String> {
        self.completed(dev).unreadable()
    }

    fn unreadable(&self) -> Vec<String> {
        let route = self.route().err();
        let sender = self.sender().err();
        let ca_file = self.smtp_ca_file.as_ref().filter(|path| !path.is_file());
        let ca_file = ca_file.map(|path| format!("SMTP_CA_FILE: there is no file {}", path.display()));
        [route, sender, ca_file].into_iter().flatten().collect()
    }

    pub(crate) fn route(&self) -> Result<Route, String> {
        match self.smtp_url.as_deref().map(str::trim) {
            None | Some("") => {
                Err("SMTP_URL is missing: name the mail server, such as smtp://user:password@host:587".to_owned())
            }
            Some(text) => Route::parse(text).map_err(|fault| format!("SMTP_URL: {fault}")),
        }
    }

    pub(crate) fn sender(&self) -> Result<Sender, String> {
        match self.mail_from.as_deref().map(str::trim) {
            None | Some("") => {
                Err("MAIL_FROM is missing: name the sender, such as Loquat <chat@example.org>".to_owned())
            }
            Some(text) => Sender::parse(text).map_err(|fault| format!("MAIL_FROM: {text:?} is not a sender: {fault}")),
        }
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(u64::from(self.smtp_timeout_s))
    }
}
