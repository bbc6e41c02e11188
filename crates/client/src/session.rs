//! The session: what is signed in, its tokens, and asking the server in its name.

mod in_use;
mod saved;
mod tokens;

pub(crate) use in_use::InUse;
pub(crate) use saved::SavedSession;
pub(crate) use tokens::{Access, KEYCHAIN_WAIT, Tokens, clear, save, without};

use std::sync::Arc;

use protocol::ErrorCode;
use serde::de::DeserializeOwned;

use crate::rest::{Request, Rest};
use crate::shared::Shared;
use crate::view::Failure;

/// REST in the name of the person who is signed in.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) rest: Rest,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) in_use: Arc<InUse>,
}

impl Api {
    /// Sends a request and reads its JSON answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, request: Request) -> Result<T, Failure> {
        let _turn = self.in_use.begin();
        self.send_in_background(request).await
    }

    /// [`Api::send`] for what nobody waits for.
    pub(crate) async fn send_in_background<T: DeserializeOwned>(&self, request: Request) -> Result<T, Failure> {
        let access = self.tokens.access().await?;
        match self.rest.send(&request, Some(access.token())).await {
            Err(refusal) if needs_fresh_token(&refusal) => {
                let fresh = self.tokens.after_refusal(&access).await?;
                self.rest.send(&request, Some(fresh.token())).await
            }
            answer => answer,
        }
    }

    /// Sends a request whose answer is a file.
    pub(crate) async fn bytes(&self, request: Request) -> Result<Vec<u8>, Failure> {
        let _turn = self.in_use.begin();
        let access = self.tokens.access().await?;
        match self.rest.bytes(&request, Some(access.token())).await {
            Err(refusal) if needs_fresh_token(&refusal) => {
                let fresh = self.tokens.after_refusal(&access).await?;
                self.rest.bytes(&request, Some(fresh.token())).await
            }
            answer => answer,
        }
    }

    /// Sends a request whose answer says nothing more.
    pub(crate) async fn tell(&self, request: Request) -> Result<(), Failure> {
        let _turn = self.in_use.begin();
        let access = self.tokens.access().await?;
        match self.rest.tell(&request, Some(access.token())).await {
            Err(refusal) if needs_fresh_token(&refusal) => {
                let fresh = self.tokens.after_refusal(&access).await?;
                self.rest.tell(&request, Some(fresh.token())).await
            }
            answer => answer,
        }
    }
}

/// Whether a refusal is about the access token, so that a refresh helps, or says why the session is over.
fn needs_fresh_token(refusal: &Failure) -> bool {
    matches!(refusal, Failure::Refused { code, .. } if is_about_the_token(*code))
}

/// Whether a refusal for this reason is about the access token.
///
/// An access token does not know why its session ended: only the answer to a refresh decides what becomes of this
/// device's copy.
pub(crate) fn is_about_the_token(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::TokenExpired | ErrorCode::Unauthenticated | ErrorCode::SessionEnded | ErrorCode::SessionRevoked
    )
}

/// Shows how the session is kept, whenever that changes.
pub(crate) async fn watch_keychain(shared: Arc<Shared>, tokens: Arc<Tokens>) {
    let mut keychain = tokens.keychain();
    while keychain.changed().await.is_ok() {
        let kept = *keychain.borrow_and_update();
        if let Err(error) = shared.show_again(kept).await {
            tracing::warn!(%error, "the session could not be shown");
        }
    }
}
