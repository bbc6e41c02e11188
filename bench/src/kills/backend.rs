//! What is harmed: the one server, or the services in its place.

use std::path::Path;

use anyhow::Context as _;
use protocol::rest::identity::Tokens;
use test_kit::console::Mark;
use test_kit::server::{Server, ServerSettings};
use test_kit::wait::PATIENCE;

use crate::rest::Rest;
use crate::scaled::{Scaled, ScaledSettings, Wishes};

/// Which form of the product a run is about.
#[derive(Clone, Copy)]
pub(super) enum Form<'a> {
    /// `loquat-server`, by its program.
    OneServer(&'a Path),
    Services(&'a ScaledSettings),
}

pub(super) enum Backend {
    OneServer(Box<Server>),
    Services(Box<Scaled>),
}

/// Mails that come from now on.
#[derive(Clone, Copy)]
pub(super) struct Letters<'a> {
    backend: &'a Backend,
    after: Option<Mark>,
}

impl Backend {
    pub(super) async fn start(form: Form<'_>, folder: &Path) -> anyhow::Result<Self> {
        Ok(match form {
            Form::OneServer(program) => {
                let server = Server::start(ServerSettings::under(program, folder)).await?;
                Self::OneServer(Box::new(server))
            }
            Form::Services(settings) => {
                let scaled = Scaled::start(settings, folder, &Wishes::default()).await?;
                Self::Services(Box::new(scaled))
            }
        })
    }

    /// Where clients find it.
    pub(super) fn url(&self) -> String {
        match self {
            Self::OneServer(server) => server.url(),
            Self::Services(scaled) => scaled.url(),
        }
    }

    pub(super) fn address_of(&self, person: &str) -> String {
        match self {
            Self::OneServer(_) => format!("{person}@example.org"),
            Self::Services(scaled) => scaled.address_of(person),
        }
    }

    /// To be asked for before the code is.
    pub(super) fn letters(&self) -> Letters<'_> {
        let after = match self {
            Self::OneServer(server) => Some(server.console().mark()),
            Self::Services(_) => None,
        };
        Letters { backend: self, after }
    }

    pub(super) async fn sign_in(&self, rest: &Rest, person: &str) -> anyhow::Result<Tokens> {
        match self {
            Self::OneServer(server) => rest.sign_in(&self.address_of(person), server.console()).await,
            Self::Services(scaled) => scaled.sign_in(rest, person).await,
        }
    }

    /// Whether every process takes requests.
    pub(super) async fn is_ready(&self) -> bool {
        match self {
            Self::OneServer(server) => server.is_ready().await,
            Self::Services(scaled) => scaled.is_ready().await,
        }
    }

    /// What its processes wrote last to standard error.
    pub(super) fn last_words(&self) -> String {
        match self {
            Self::OneServer(server) => server.errors().tail(),
            Self::Services(scaled) => scaled.last_words(),
        }
    }
}

impl Letters<'_> {
    /// The code in the mail to this address; waits for it.
    pub(super) async fn code_for(self, address: &str) -> anyhow::Result<String> {
        match self.backend {
            Backend::OneServer(server) => {
                let after = self.after.context("letters of a server are read from a mark on")?;
                Ok(server.console().code_for(address, after, PATIENCE).await?)
            }
            Backend::Services(scaled) => scaled.next_code(address).await,
        }
    }
}
