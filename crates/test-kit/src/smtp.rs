//! A real SMTP server on loopback that keeps every mail and fails when told.

mod certificate;
mod dialogue;
mod mail;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use self::mail::Mail;
use crate::wait::{self, TimedOut};

/// What the server offers and demands.
#[derive(Debug, Clone, Default)]
pub struct SmtpSettings {
    /// Whether STARTTLS is offered, with a certificate for `localhost` that is made at the start.
    pub starttls: bool,
    /// User name and password; without them anyone may send.
    pub credentials: Option<(String, String)>,
    /// The largest mail in bytes, announced and kept; none means 1 MiB.
    pub size_limit: Option<usize>,
}

/// How the server fails, until it is told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers every recipient with this code: 4xx asks to come back, 5xx says never.
    RefuseRecipient(u16),
    /// Answers the end of the mail with this code and keeps nothing.
    RefuseMail(u16),
    /// Closes the connection after the whole mail came, without an answer: the sender cannot know.
    CloseAfterData,
    /// Keeps the mail, then closes without an answer.
    KeepAndClose,
    /// Greets and never answers again.
    Hang,
}

/// A mail server. Dropping it takes it down.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    certificate_pem: Option<String>,
    running: Option<JoinSet<()>>,
}

/// What all connections of one server share.
struct Shared {
    settings: SmtpSettings,
    tls: Option<TlsAcceptor>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    mails: Vec<Mail>,
    /// How many of `mails` [`SmtpServer::next_mail`] has handed out, by index.
    taken: Vec<usize>,
    connections: usize,
}

impl SmtpServer {
    /// A server on a port chosen by the operating system.
    pub async fn start(settings: SmtpSettings) -> std::io::Result<Self> {
        let (tls, certificate_pem) = if settings.starttls {
            let (acceptor, pem) = certificate::for_localhost()?;
            (Some(acceptor), Some(pem))
        } else {
            (None, None)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            settings,
            tls,
            state: Mutex::default(),
        });
        let mut server = Self {
            address,
            shared,
            certificate_pem,
            running: None,
        };
        server.listen(listener);
        Ok(server)
    }

    /// Where it listens, also while it is down.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as `SMTP_URL`, with the credentials it demands; by name, so that its certificate fits.
    pub fn url(&self) -> String {
        let user = match &self.shared.settings.credentials {
            Some((name, password)) => format!("{name}:{password}@"),
            None => String::new(),
        };
        let tls = if self.shared.settings.starttls { "" } else { "?tls=none" };
        format!("smtp://{user}localhost:{}{tls}", self.address.port())
    }

    /// The certificate a sender has to trust (for `SSL_CERT_FILE`), with STARTTLS.
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// Fails like this from the next command on; none is healthy again.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.shared.state().fault = fault;
    }

    /// Closes the port and every connection. Mails that came are kept.
    pub async fn down(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.shutdown().await;
        }
    }

    /// Listens again on the same port.
    pub async fn up(&mut self) -> std::io::Result<()> {
        if self.running.is_none() {
            let listener = TcpListener::bind(self.address).await?;
            self.listen(listener);
        }
        Ok(())
    }

    /// Every mail that was accepted so far, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.state().mails.clone()
    }

    /// How many connections came so far.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// The oldest mail to this address that was not handed out before; waits for it.
    pub async fn next_mail(&self, to: &str, deadline: Duration) -> Result<Mail, TimedOut> {
        let look = || std::future::ready(self.shared.state().take(to));
        wait::until(&format!("a mail to {to}"), deadline, look).await
    }

    fn listen(&mut self, listener: TcpListener) {
        let mut running = JoinSet::new();
        running.spawn(accept(listener, Arc::clone(&self.shared)));
        self.running = Some(running);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Option<Fault> {
        self.state().fault
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl State {
    fn take(&mut self, to: &str) -> Option<Mail> {
        let is_new = |(index, mail): &(usize, &Mail)| !self.taken.contains(index) && mail.is_to(to);
        let (index, mail) = self.mails.iter().enumerate().find(is_new)?;
        let mail = mail.clone();
        self.taken.push(index);
        Some(mail)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        shared.state().connections += 1;
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            // A sender that goes away in the middle is its own business.
            drop(dialogue::hold(stream, &shared).await);
        });
        while connections.try_join_next().is_some() {}
    }
}
