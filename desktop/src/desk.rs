//! What commands may use: the client, the window, and what belongs to this device.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use client::Client;
use client::clock::{Clock, SystemClock};
use client::view::Failure;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::autostart::Autostart;
use crate::local_time::minute_of_day;
use crate::network::NetworkDesk;
use crate::notifications::Notifier;
use crate::notifications::journal::Journal;
use crate::notifications::note::Note;
use crate::opening::OpenClient;
use crate::organisation::Organisation;
use crate::preferences::Kept;
use crate::support::Support;
use crate::updates::Updates;
use crate::window::Window;
use crate::words::Spoken;

/// An hour, in milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1000;

/// The parts of the resident app, for whoever acts on the person's behalf. Clones are the same.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Parts>);

/// What a desk is made of.
pub(crate) struct Parts {
    pub(crate) client: OpenClient,
    pub(crate) window: Window,
    /// Where files for the person go.
    pub(crate) downloads: PathBuf,
    /// Ends the app.
    pub(crate) ending: CancellationToken,
    /// The link the app was asked to open and the interface has not taken yet.
    pub(crate) link: Mutex<Option<String>>,
    pub(crate) preferences: Kept,
    pub(crate) network: NetworkDesk,
    pub(crate) support: Support,
    pub(crate) organisation: Organisation,
    pub(crate) autostart: Autostart,
    pub(crate) words: Spoken,
    pub(crate) journal: Journal,
    pub(crate) notifier: Arc<dyn Notifier>,
    pub(crate) updates: Updates,
    /// Short work that nobody waits for.
    pub(crate) errands: mpsc::UnboundedSender<Errand>,
}

/// Work that goes on beside whoever asked for it.
pub(crate) type Errand = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Desk {
    pub(crate) fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The client, as soon as it is open.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        self.0.client.ready().await
    }

    pub(crate) fn window(&self) -> &Window {
        &self.0.window
    }

    pub(crate) fn downloads(&self) -> PathBuf {
        self.0.downloads.clone()
    }

    pub(crate) fn preferences(&self) -> &Kept {
        &self.0.preferences
    }

    pub(crate) fn network(&self) -> &NetworkDesk {
        &self.0.network
    }

    pub(crate) fn support(&self) -> &Support {
        &self.0.support
    }

    pub(crate) fn organisation(&self) -> &Organisation {
        &self.0.organisation
    }

    pub(crate) fn autostart(&self) -> &Autostart {
        &self.0.autostart
    }

    pub(crate) fn words(&self) -> &Spoken {
        &self.0.words
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    pub(crate) fn notifier(&self) -> &Arc<dyn Notifier> {
        &self.0.notifier
    }

    pub(crate) fn updates(&self) -> &Updates {
        &self.0.updates
    }

    /// Does short work in the background, for those who cannot wait.
    pub(crate) fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        // Nobody runs errands any more when the app ends.
        drop(self.0.errands.send(Box::pin(work)));
    }

    /// Shows no notifications for an hour.
    pub(crate) fn pause_for_an_hour(&self) {
        let until = SystemClock.now() + HOUR_MS;
        let kept = self
            .preferences()
            .change(|preferences| preferences.paused_until = Some(until));
        if let Err(error) = kept {
            tracing::warn!(%error, "notifications are not paused");
        }
    }

    /// Whether notifications are paused, and whether it is a quiet hour.
    pub(crate) fn silence_now(&self) -> (bool, bool) {
        let preferences = self.preferences().get();
        let paused = preferences.paused_until.is_some_and(|until| SystemClock.now() < until);
        let quiet = preferences.quiet_hours.is_some_and(|hours| hours.hold(minute_of_day()));
        (paused, quiet)
    }

    /// The person closed the window, and the app goes on. The first time they are told that the app goes on.
    pub(crate) fn window_closed(&self) {
        if self.preferences().get().knows_of_hiding {
            return;
        }
        let desk = self.clone();
        self.in_background(async move {
            let words = desk.words().get();
            let note = Note {
                title: words.hidden_title.clone(),
                body: words.hidden_body.clone(),
                sound: false,
                open: words.open.clone(),
            };
            if let Err(problem) = desk.notifier().show(&note, None).await {
                return tracing::info!(%problem, "nobody says that the app goes on");
            }
            let kept = desk
                .preferences()
                .change(|preferences| preferences.knows_of_hiding = true);
            if let Err(error) = kept {
                tracing::warn!(%error, "the person will be told of hiding again");
            }
        });
    }

    /// Shows the window, and in it what the link names.
    pub(crate) fn open(&self, link: Option<String>) {
        if let Some(link) = link {
            *self.0.link.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
            self.0.window.has_link();
        }
        self.0.window.show();
    }

    /// The link that was asked for last, once.
    pub(crate) fn take_link(&self) -> Option<String> {
        self.0.link.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Tells when the app ends.
    pub(crate) fn ending(&self) -> CancellationToken {
        self.0.ending.clone()
    }

    /// Ends the app.
    pub(crate) fn quit(&self) {
        self.0.ending.cancel();
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::notifications::system;
    use crate::opening::opening;
    use crate::updates::updates;
    use crate::window::window;

    /// A desk whose client cannot be opened, for this reason.
    pub(crate) fn desk_without_client(failure: Failure, folder: &std::path::Path) -> Desk {
        let (opener, client) = opening();
        opener.finish(Err(failure));
        desk_of(client, window().0, folder)
    }

    /// A desk of these parts, with nothing else. What is kept lies in the folder.
    pub(crate) fn desk_of(client: OpenClient, window: Window, folder: &std::path::Path) -> Desk {
        let nobody = Organisation::of(policy::Reading::default());
        Desk::of(Parts {
            client,
            window,
            downloads: folder.to_owned(),
            ending: CancellationToken::new(),
            link: Mutex::default(),
            preferences: Kept::open(folder, nobody.clone()),
            network: NetworkDesk::testing(folder),
            support: Support::testing(folder),
            autostart: Autostart::of(None, nobody.clone()),
            organisation: nobody,
            words: Spoken::open(folder),
            journal: Journal::default(),
            notifier: system::notifier().0,
            updates: updates().0,
            errands: mpsc::unbounded_channel().0,
        })
    }
}
