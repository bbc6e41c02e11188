//! What every part of a client knows: the store, the feed, who is signed in and how the connection is.

mod connection;
mod picture;

use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};

use protocol::{ErrorCode, Limits, PersonPresence, UnixMs, UserId};

use crate::change::Change;
use crate::changes::Feed;
use crate::clock::ServerClock;
use crate::farewell;
use crate::link::{Link, Wake};
use crate::looks::Looks;
use crate::own_words;
use crate::people;
use crate::rechecks::{self, Rechecks};
use crate::secrets::SecretStore;
use crate::session::{Api, Tokens, clear};
use crate::settings::{ClientSettings, Surroundings};
use crate::signs::Signs;
use crate::store::account::Account;
use crate::store::{Store, StoreError, account};
use crate::tasks::{Task, spawn};
use crate::view::{Connection, Failure, Keychain, PresenceView, Session};

pub(crate) struct Shared {
    pub(crate) settings: ClientSettings,
    pub(crate) around: Surroundings,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) store: Store,
    pub(crate) feed: Feed,
    pub(crate) server_clock: ServerClock,
    /// Held while somebody signs in or out: one at a time.
    pub(crate) turn: tokio::sync::Mutex<()>,
    session: Mutex<Session>,
    connection: Mutex<Connection>,
    limits: Mutex<Limits>,
    signed_in: Mutex<Option<Arc<SignedIn>>>,
    /// Telling servers of sign-outs that they did not hear.
    farewells: Mutex<Vec<Task>>,
}

/// Somebody is signed in, and what works for them in the background.
pub(crate) struct SignedIn {
    /// The store, as long as it is theirs.
    pub(crate) store: Store,
    pub(crate) api: Api,
    pub(crate) me: UserId,
    pub(crate) wake: Arc<Wake>,
    pub(crate) signs: Arc<Signs>,
    pub(crate) rechecks: Arc<Rechecks>,
    pub(crate) looks: Looks,
    /// Held while the workspace's settings are fetched or changed: the last answer is the newest.
    pub(crate) settings_turn: tokio::sync::Mutex<()>,
    tasks: Mutex<Vec<Task>>,
}

impl Shared {
    pub(crate) fn new(
        settings: ClientSettings,
        around: Surroundings,
        secrets: Arc<dyn SecretStore>,
        store: Store,
        feed: Feed,
    ) -> Self {
        let since = around.clock.now();
        let server = settings.servers.offered.first().cloned();
        Self {
            settings,
            around,
            secrets,
            store,
            feed,
            server_clock: ServerClock::default(),
            turn: tokio::sync::Mutex::new(()),
            session: Mutex::new(Session::SignedOut {
                server,
                email: None,
                reason: None,
            }),
            connection: Mutex::new(Connection::Connecting { since, trouble: None }),
            limits: Mutex::new(Limits::default()),
            signed_in: Mutex::new(None),
            farewells: Mutex::default(),
        }
    }

    pub(crate) fn session(&self) -> Session {
        crate::lock(&self.session).clone()
    }

    /// The limits the server named last.
    pub(crate) fn limits(&self) -> Limits {
        crate::lock(&self.limits).clone()
    }

    pub(crate) fn set_limits(&self, limits: Limits) {
        *crate::lock(&self.limits) = limits;
    }

    /// Who is signed in, for a command that needs somebody to be.
    pub(crate) fn signed_in(&self) -> Result<Arc<SignedIn>, Failure> {
        crate::lock(&self.signed_in).clone().ok_or(Failure::SignedOut)
    }

    /// The time on the server's clock, as well as it is known.
    pub(crate) fn server_now(&self) -> UnixMs {
        self.server_clock.at(self.around.clock.now())
    }

    /// Whether somebody is there, by this device's clock.
    pub(crate) fn presence_of(&self, said: PersonPresence) -> PresenceView {
        PresenceView {
            person: said.person,
            presence: said.presence,
            last_seen: said.last_seen.map(|at| self.server_clock.on_device(at)),
        }
    }

    /// Says where the person is, if that is different.
    pub(crate) fn set_session(&self, session: Session) {
        self.change_session(|_| Some(session));
    }

    fn change_session(&self, next: impl FnOnce(&Session) -> Option<Session>) {
        let mut held = crate::lock(&self.session);
        if let Some(session) = next(&held)
            && *held != session
        {
            *held = session.clone();
            self.feed.tell([Change::Session { session }]);
        }
    }

    /// Starts the work in the background for whoever has signed in.
    pub(crate) fn start(self: &Arc<Self>, api: Api, me: UserId) {
        let wake = Arc::new(Wake::default());
        let store = self.store.of(api.rest.server().text(), &me);
        let signs = Arc::new(Signs::new(self.feed.clone(), me.clone()));
        let rechecks = Arc::new(Rechecks::default());
        let link = Link {
            shared: Arc::clone(self),
            store: store.clone(),
            api: api.clone(),
            me: me.clone(),
            wake: Arc::clone(&wake),
            signs: Arc::clone(&signs),
            heard_at: AtomicI64::new(0),
        };
        let tasks = vec![
            spawn(crate::link::run(link)),
            spawn(people::run(store.clone(), api.clone(), Arc::clone(&wake))),
            spawn(own_words::run(store.clone(), api.clone(), Arc::clone(&wake))),
            spawn(rechecks::run(
                Arc::clone(&rechecks),
                store.clone(),
                api.clone(),
                me.clone(),
                Arc::clone(&wake),
            )),
            spawn(crate::session::watch_keychain(
                Arc::clone(self),
                Arc::clone(&api.tokens),
            )),
        ];
        let signed_in = Arc::new(SignedIn {
            store,
            api,
            me,
            wake,
            signs,
            rechecks,
            looks: Looks::default(),
            settings_turn: tokio::sync::Mutex::default(),
            tasks: Mutex::new(tasks),
        });
        let beside = [
            spawn(crate::workspace::run(Arc::clone(self), Arc::clone(&signed_in))),
            spawn(crate::upkeep::run(Arc::clone(self), Arc::clone(&signed_in))),
            spawn(crate::fill::run(Arc::clone(self), Arc::clone(&signed_in))),
        ];
        crate::lock(&signed_in.tasks).extend(beside);
        *crate::lock(&self.signed_in) = Some(signed_in);
    }

    /// Ends the work in the background. Commands that are under way finish or fail by themselves.
    pub(crate) fn stop(&self) -> Option<Arc<SignedIn>> {
        let signed_in = crate::lock(&self.signed_in).take()?;
        crate::lock(&signed_in.tasks).clear();
        let since = self.around.clock.now();
        self.set_connection(Connection::Connecting { since, trouble: None });
        Some(signed_in)
    }

    /// [`Shared::stop`], after which nothing of that session reaches the keychain any more.
    pub(crate) async fn release(&self) -> Option<Arc<SignedIn>> {
        let signed_in = self.stop()?;
        signed_in.api.tokens.leave_keychain().await;
        Some(signed_in)
    }

    /// The server did not hear that this session is over: it is told when it can be reached.
    pub(crate) fn say_farewell_later(&self, api: Api) {
        let random = Arc::clone(&self.around.random);
        crate::lock(&self.farewells).push(spawn(farewell::say_later(api, random)));
    }

    /// Nobody is told any more.
    pub(crate) fn drop_farewells(&self) {
        crate::lock(&self.farewells).clear();
    }

    /// The answer to a refresh says that the session is over.
    ///
    /// A device that was revoked may be in other hands, and who was deactivated is to keep nothing: everything is erased.
    /// Otherwise what the server can give again is; drafts and what waits to be sent stay for the next sign-in of the same
    /// person, and are erased when somebody else signs in.
    pub(crate) async fn session_ended(&self, tokens: &Arc<Tokens>, code: ErrorCode) {
        let _turn = self.turn.lock().await;
        // Somebody may have signed in anew while this waited for its turn.
        let is_current = |signed_in: Arc<SignedIn>| Arc::ptr_eq(&signed_in.api.tokens, tokens);
        if !self.signed_in().is_ok_and(is_current) {
            return;
        }
        let server = self.release().await.map(|was| was.api.rest.server().text().to_owned());
        tracing::warn!(%code, "the server has ended the session");
        let is_to_be_wiped = matches!(code, ErrorCode::SessionRevoked | ErrorCode::Deactivated);
        let erased = if is_to_be_wiped {
            self.store.erase().await
        } else {
            self.store.erase_copies().await
        };
        match erased {
            // With its tokens the next start comes here again.
            Err(error) if is_to_be_wiped => tracing::error!(%error, "a revoked device could not be erased"),
            Err(error) => {
                tracing::error!(%error, "the copy of an ended session could not be erased");
                clear(&*self.secrets).await;
            }
            Ok(()) => clear(&*self.secrets).await,
        }
        self.signed_out(Some(code.to_string()), server).await;
    }

    /// Shows the sign-in, with what is known of the last one; `left` is the server it was on, where that was just erased.
    pub(crate) async fn signed_out(&self, reason: Option<String>, left: Option<String>) {
        let last = self.store.account().await.ok().flatten();
        let (server, email) = last.map_or((None, None), |last| (Some(last.server), Some(last.email)));
        let server = server
            .or(left)
            .or_else(|| self.settings.servers.offered.first().cloned());
        self.set_session(Session::SignedOut {
            server,
            email: email.filter(|email| !email.is_empty()),
            reason,
        });
    }

    /// Shows who is signed in, as far as this device knows them.
    pub(crate) async fn show_signed_in(&self, keychain: Keychain) -> Result<(), StoreError> {
        if let Some(account) = self.store.account().await? {
            let person = account.clone();
            let me = self.store.read(move |disk| account::me(disk, &person)).await?;
            self.set_session(Session::SignedIn {
                server: account.server,
                workspace: account.workspace,
                me,
                keychain,
            });
        }
        Ok(())
    }

    /// Shows who is signed in once more, where something of it changed; not when they have signed out meanwhile.
    pub(crate) async fn show_again(&self, keychain: Keychain) -> Result<(), StoreError> {
        let Ok(signed_in) = self.signed_in() else { return Ok(()) };
        let Some(account) = self.store.account().await? else {
            return Ok(());
        };
        let me = self.store.read(move |disk| account::me(disk, &account)).await?;
        self.change_session(|held| match held {
            Session::SignedIn {
                server,
                workspace,
                me: shown,
                ..
            } if shown.id == signed_in.me && shown.id == me.id => Some(Session::SignedIn {
                server: server.clone(),
                workspace: workspace.clone(),
                me,
                keychain,
            }),
            _ => None,
        });
        Ok(())
    }

    /// The workspace is called so: kept for the next start, and shown where it is another name.
    pub(crate) async fn show_workspace(&self, name: &str) -> Result<(), StoreError> {
        let Some(account) = self.store.account().await? else {
            return Ok(());
        };
        if account.workspace == name {
            return Ok(());
        }
        let renamed = Account {
            workspace: name.to_owned(),
            ..account
        };
        self.store.adopt(renamed).await?;
        self.change_session(|held| match held {
            Session::SignedIn {
                server, me, keychain, ..
            } => Some(Session::SignedIn {
                server: server.clone(),
                workspace: name.to_owned(),
                me: me.clone(),
                keychain: *keychain,
            }),
            Session::SignedOut { .. } => None,
        });
        Ok(())
    }
}
