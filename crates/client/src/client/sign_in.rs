//! Signing in and out, and going on after a restart.

use std::sync::Arc;

use protocol::rest::identity::{CodeRequested, Person, TokenRequest, Tokens as Granted, Workspace};
use protocol::{Email, ErrorCode, UnixMs};

use super::Client;
use crate::address::Address;
use crate::farewell::{Farewell, farewell};
use crate::people;
use crate::rest::{Rest, identity, refused_here};
use crate::secrets::SecretError;
use crate::session::{Api, KEYCHAIN_WAIT, SavedSession, Tokens, clear, save, without};
use crate::shared::Shared;
use crate::store::StoreError;
use crate::store::account::Account;
use crate::view::{CodeSent, Failure, Keychain, ServerChoice, ServerInfo, Session};

/// A code that was asked for.
#[derive(Clone)]
pub(super) struct Asked {
    rest: Rest,
    email: String,
    request: String,
}

impl Client {
    /// The servers that sign-in offers, and whether others may be named.
    pub async fn server_choice(&self) -> Result<ServerChoice, Failure> {
        let servers = &self.shared().settings.servers;
        Ok(ServerChoice {
            offered: servers.offered.clone(),
            others: !servers.only_these,
        })
    }

    /// Reads the address of a server where people may sign in.
    pub(super) fn admitted(&self, text: &str) -> Result<Address, Failure> {
        let address = Address::parse(text)?;
        let servers = &self.shared().settings.servers;
        let is_offered = |offered: &String| Address::parse(offered).is_ok_and(|offered| offered == address);
        if servers.only_these && !servers.offered.iter().any(is_offered) {
            return Err(Failure::ServerNotAllowed {
                address: address.text().to_owned(),
            });
        }
        Ok(address)
    }

    /// Asks a server who it is.
    pub async fn check_server(&self, address: &str) -> Result<ServerInfo, Failure> {
        let rest = self.rest(self.admitted(address)?);
        let workspace: Workspace = rest.send(&identity::workspace(), None).await?;
        Ok(ServerInfo {
            address: rest.server().text().to_owned(),
            workspace: workspace.name,
        })
    }

    /// Asks this server over the way that leads there.
    pub(super) fn rest(&self, server: Address) -> Rest {
        Rest::new(self.shared().settings.network.clone(), server)
    }

    /// Has a code mailed. The next [`Client::sign_in`] uses it.
    pub async fn request_code(&self, server: &str, email: &str) -> Result<CodeSent, Failure> {
        let rest = self.rest(self.admitted(server)?);
        let email = Email::parse(email)
            .map_err(|_| refused_here(ErrorCode::InvalidEmail))?
            .as_str()
            .to_owned();
        let answer: CodeRequested = rest.send(&identity::code(&email), None).await?;
        let now = self.shared().around.clock.now();
        let after = |seconds: u32| now.saturating_add(UnixMs::from(seconds) * 1000);
        let sent = CodeSent {
            email: email.clone(),
            expires_at: after(answer.expires_in_s),
            resend_at: after(answer.resend_after_s),
        };
        *crate::lock(&self.handle.asked) = Some(Asked {
            rest,
            email,
            request: answer.request,
        });
        Ok(sent)
    }

    /// Signs in with the code that was mailed last.
    pub async fn sign_in(&self, code: &str) -> Result<Session, Failure> {
        let shared = self.shared();
        let asked = crate::lock(&self.handle.asked)
            .clone()
            .ok_or_else(|| refused_here(ErrorCode::CodeExpired))?;
        let grant = TokenRequest::Code {
            request: asked.request.clone(),
            code: code
                .chars()
                .filter(|character| !character.is_whitespace() && *character != '-')
                .collect(),
            device: shared.settings.device.clone(),
        };
        let session = self.sign_in_with(&asked.rest, &grant, Some(&asked.email)).await?;
        *crate::lock(&self.handle.asked) = None;
        Ok(session)
    }

    /// Signs in with whatever a server takes in exchange for a session. `email` is the person's, where it is known.
    pub(super) async fn sign_in_with(
        &self,
        rest: &Rest,
        grant: &TokenRequest,
        email: Option<&str>,
    ) -> Result<Session, Failure> {
        let shared = self.shared();
        let _turn = shared.turn.lock().await;
        let granted: Granted = rest.send(&identity::token(grant), None).await?;
        let token = granted.access_token.clone();
        if let Err(failure) = accept(shared, rest, email, granted).await {
            // The session cannot be used here; it should not stay open on the server either.
            farewell(rest.tell(&identity::sign_out(), Some(&token))).await;
            return Err(failure);
        }
        Ok(shared.session())
    }

    /// Signs out: this device forgets everything, what was not sent included, and the server ends the session.
    ///
    /// A server that cannot be reached is told later, for as long as this program runs ([`crate::farewell`]).
    pub async fn sign_out(&self) -> Result<(), Failure> {
        let shared = self.shared();
        let _turn = shared.turn.lock().await;
        let signed_in = shared.release().await.ok_or(Failure::SignedOut)?;
        if farewell(signed_in.api.tell(identity::sign_out())).await == Farewell::NotHeard {
            shared.say_farewell_later(signed_in.api.clone());
        }
        // A keychain may make them wait for a person; the messages go at once.
        let ((), erased) = tokio::join!(clear(&*shared.secrets), shared.store.erase());
        let server = Some(signed_in.api.rest.server().text().to_owned());
        shared.set_session(Session::SignedOut {
            server,
            email: None,
            reason: None,
        });
        Ok(erased?)
    }
}

/// Goes on with the session in the keychain, or shows the sign-in.
pub(super) async fn resume(shared: &Arc<Shared>) -> Result<(), Failure> {
    let loaded = tokio::time::timeout(KEYCHAIN_WAIT, shared.secrets.load())
        .await
        .unwrap_or(Err(SecretError::Locked));
    let saved = match loaded {
        Ok(Some(text)) => serde_json::from_str::<SavedSession>(&text).ok(),
        Ok(None) => None,
        Err(error) => {
            let held = shared.store.account().await?.is_some();
            let reason = match without(&error) {
                Keychain::Locked => "keychain_locked",
                Keychain::Missing | Keychain::Kept => "keychain_missing",
            };
            shared.signed_out(held.then(|| reason.to_owned()), None).await;
            return Ok(());
        }
    };
    let Some(saved) = saved else {
        shared.signed_out(None, None).await;
        return Ok(());
    };
    let rest = Rest::new(shared.settings.network.clone(), Address::parse(&saved.server)?);
    adopt(shared, &saved, None).await?;
    begin(shared, rest, saved, Keychain::Kept).await
}

/// Makes a fresh session this device's own: the store first, then the keychain, then it is used.
async fn accept(shared: &Arc<Shared>, rest: &Rest, email: Option<&str>, granted: Granted) -> Result<(), Failure> {
    let server = rest.server().text();
    let token = granted.access_token.clone();
    let saved = SavedSession::new(server, granted, shared.around.clock.now());
    shared.release().await;
    adopt(shared, &saved, email).await?;
    let keychain = save(&*shared.secrets, &saved).await;
    if let Err(failure) = introduce(shared, rest, &token).await {
        // Names are for the eye. They are asked for again once connected.
        tracing::info!(%failure, "who signed in could not be asked");
    }
    begin(shared, rest.clone(), saved, keychain).await
}

/// Makes the store this person's.
async fn adopt(shared: &Shared, saved: &SavedSession, email: Option<&str>) -> Result<(), StoreError> {
    let held = shared.store.account().await?;
    let theirs = held.filter(|held| held.is_of(&saved.server, &saved.user));
    let mut account = theirs.unwrap_or_else(|| Account {
        server: saved.server.clone(),
        user: saved.user.clone(),
        email: String::new(),
        workspace: String::new(),
    });
    if let Some(email) = email {
        email.clone_into(&mut account.email);
    }
    shared.store.adopt(account).await
}

/// Learns how the workspace and the person are called.
async fn introduce(shared: &Shared, rest: &Rest, token: &str) -> Result<(), Failure> {
    let workspace: Workspace = rest.send(&identity::workspace(), None).await?;
    let me: Person = rest.send(&identity::me(), Some(token)).await?;
    if let Some(mut account) = shared.store.account().await? {
        account.workspace = workspace.name;
        account.email.clone_from(&me.email);
        shared.store.adopt(account).await?;
    }
    people::keep(&shared.store, vec![me]).await
}

/// Shows the conversations and connects.
async fn begin(shared: &Arc<Shared>, rest: Rest, saved: SavedSession, keychain: Keychain) -> Result<(), Failure> {
    let me = saved.user.clone();
    let (secrets, clock) = (Arc::clone(&shared.secrets), Arc::clone(&shared.around.clock));
    let tokens = Arc::new(Tokens::new(rest.clone(), secrets, clock, saved, keychain));
    shared.show_signed_in(keychain).await?;
    let in_use = Arc::default();
    shared.start(Api { rest, tokens, in_use }, me);
    Ok(())
}
