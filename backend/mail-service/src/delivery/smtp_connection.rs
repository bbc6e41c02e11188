//! Opening a connection to a mail server, up to the point where a mail can be sent.

use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Mail as MailFrom, Rset};
use lettre::transport::smtp::extension::ClientId;
use url::Url;

use super::message::Sender;
use super::route::{Encryption, SmtpRoute};
use crate::settings::Settings;

/// Login methods, the ones that do not show the password to somebody who listens are none: TLS does that.
const LOGIN_METHODS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];
/// The greeting of a server that has no public name.
const NO_NAME: &str = "localhost";

/// Knows how to reach the mail server.
pub(crate) struct SmtpConnector {
    route: SmtpRoute,
    tls: Option<TlsParameters>,
    greeting: ClientId,
    timeout: Duration,
}

/// How far opening a connection came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionFault {
    #[error("cannot connect: {0}")]
    Unreachable(String),
    #[error("the server closed the connection or did not greet as a mail server: {0}")]
    Greeting(String),
    #[error("the server does not offer STARTTLS")]
    NoStartTls,
    #[error("no encrypted connection: {0}")]
    Tls(String),
    #[error("the server does not offer a way to log in")]
    NoLogin,
    #[error("the server refused the user or the password: {0}")]
    LoginRefused(String),
    #[error("the server does not accept this sender: {0}")]
    SenderRefused(String),
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
}

impl SmtpConnector {
    pub(crate) fn new(route: SmtpRoute, settings: &Settings, public_url: Option<&Url>) -> anyhow::Result<Self> {
        let tls = match route.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Tls => Some(tls_parameters(&route, settings)?),
        };
        let public_host = public_url.and_then(Url::host_str);
        let name = route.ehlo.as_deref().or(public_host).unwrap_or(NO_NAME);
        Ok(Self {
            greeting: ClientId::Domain(name.to_owned()),
            route,
            tls,
            timeout: settings.timeout(),
        })
    }

    pub(crate) fn route(&self) -> &SmtpRoute {
        &self.route
    }

    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Connects, greets, encrypts and logs in. lettre has a deadline for connecting only, so this has one for all of it.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, ConnectionFault> {
        match tokio::time::timeout(self.timeout, self.connect_without_deadline()).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(ConnectionFault::Timeout(self.timeout)),
        }
    }

    /// Connects and asks whether this sender would be accepted, then hangs up without sending anything.
    pub(crate) async fn rehearse(&self, sender: &Sender) -> Result<(), ConnectionFault> {
        let mut connection = self.connect().await?;
        let rehearsed = async {
            let from = MailFrom::new(Some(sender.address().clone()), Vec::new());
            connection
                .command(from)
                .await
                .map_err(|fault| ConnectionFault::SenderRefused(reason(&fault)))?;
            // Whatever the server thinks of these: everything that was to be learnt is known.
            drop(connection.command(Rset).await);
            drop(connection.quit().await);
            Ok(())
        };
        tokio::time::timeout(self.timeout, rehearsed)
            .await
            .unwrap_or(Err(ConnectionFault::Timeout(self.timeout)))
    }

    async fn connect_without_deadline(&self) -> Result<AsyncSmtpConnection, ConnectionFault> {
        let route = &self.route;
        let from_the_start = self.tls.clone().filter(|_| route.encryption == Encryption::Tls);
        let server = (route.host.as_str(), route.port);
        let opened =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.greeting, from_the_start, None).await;
        let mut connection = opened.map_err(|fault| opening_fault(&fault))?;
        if route.encryption == Encryption::StartTls {
            self.encrypt(&mut connection).await?;
        }
        if let Some(login) = &route.login {
            if connection.server_info().get_auth_mechanism(LOGIN_METHODS).is_none() {
                return Err(ConnectionFault::NoLogin);
            }
            let credentials = Credentials::new(login.user.clone(), login.password.clone());
            let logged_in = connection.auth(LOGIN_METHODS, &credentials).await;
            logged_in.map_err(|fault| ConnectionFault::LoginRefused(reason(&fault)))?;
        }
        Ok(connection)
    }

    async fn encrypt(&self, connection: &mut AsyncSmtpConnection) -> Result<(), ConnectionFault> {
        if !connection.can_starttls() {
            return Err(ConnectionFault::NoStartTls);
        }
        let tls = self.tls.clone().ok_or(ConnectionFault::NoStartTls)?;
        connection
            .starttls(tls, &self.greeting)
            .await
            .map_err(|fault| ConnectionFault::Tls(reason(&fault)))
    }
}

fn tls_parameters(route: &SmtpRoute, settings: &Settings) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(route.host.clone());
    if let Some(path) = &settings.smtp_ca_file {
        let pem = std::fs::read(path)
            .map_err(|fault| anyhow::anyhow!("cannot read SMTP_CA_FILE {}: {fault}", path.display()))?;
        let certificate = Certificate::from_pem(&pem)
            .map_err(|_| anyhow::anyhow!("SMTP_CA_FILE {} holds no certificate", path.display()))?;
        builder = builder.add_root_certificate(certificate);
    }
    Ok(builder.build_rustls()?)
}

fn opening_fault(fault: &lettre::transport::smtp::Error) -> ConnectionFault {
    let text = reason(fault);
    if fault.is_tls() {
        ConnectionFault::Tls(text)
    } else if fault.status().is_some() || fault.is_response() {
        ConnectionFault::Greeting(text)
    } else {
        ConnectionFault::Unreachable(text)
    }
}

/// The whole chain of causes on one line.
pub(super) fn reason(fault: &lettre::transport::smtp::Error) -> String {
    let line: String = fault
        .to_string()
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    line.trim().to_owned()
}
