//! What happens to updates when: the one task that looks, fetches and installs, one thing at a time.

use std::sync::Arc;
use std::time::Duration;

use client::clock::Clock;
use client::random::Random;
use client::view::Connection;
use policy::UpdateChannel;
use tokio::sync::mpsc;
use tokio::time::Instant;
use updates::install::{InstallFault, Installer, Next, Update, WhyNot};
use updates::shelf::Shelf;
use updates::verdict::judge;
use updates::web::Connect;
use updates::{Channel, Fetcher, Patience, Platform, Release, Verdict, Version, Waiting, Web};

use super::moment::Moment;
use super::source::Supply;
use super::view::{UpdateInfo, UpdateProblem, UpdateState, UpdateWay};
use super::{Updates, Wish};
use crate::desk::Desk;

/// How often the state of a download is told at most, in bytes.
const TELL_EVERY: u64 = 512 * 1024;

/// How often a server is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// After the start at the earliest, and so much later at most: not everybody asks at nine.
    pub(crate) first: (Duration, Duration),
    /// Between two questions at the least, and so much more at most.
    pub(crate) between: (Duration, Duration),
    /// Between two looks whether the moment suits, while a version waits.
    pub(crate) moment: Duration,
    pub(crate) patience: Patience,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: (Duration::from_secs(30), Duration::from_mins(5)),
            between: (Duration::from_hours(5), Duration::from_hours(2)),
            moment: Duration::from_mins(1),
            patience: Patience::default(),
        }
    }
}

/// What updates are made of.
pub(crate) struct Around {
    /// Whose versions are taken; none when this build knows nobody.
    pub(crate) supply: Option<Supply>,
    /// What the organisation chose.
    pub(crate) decided: Option<UpdateChannel>,
    pub(crate) installer: Result<Box<dyn Installer>, WhyNot>,
    pub(crate) running: Version,
    pub(crate) shelf: Shelf,
    /// How servers are reached: with the proxy and the certificates of the app.
    pub(crate) connect: Arc<dyn Connect>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) pace: Pace,
}

/// Looks after the updates of an app that can be updated.
pub(crate) struct Keeper {
    updates: Updates,
    desk: Desk,
    supply: Supply,
    decided: Option<Channel>,
    installer: Arc<dyn Installer>,
    platform: Platform,
    running: Version,
    shelf: Shelf,
    web: Web,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    pace: Pace,
}

impl Keeper {
    /// Shows how it is at the start. None when there is nothing to look after; no server is asked then.
    pub(crate) fn of(desk: Desk, around: Around) -> Option<Self> {
        let updates = desk.updates().clone();
        let decided = match around.decided {
            Some(UpdateChannel::Off) => {
                updates.show(|view| view.state = UpdateState::Off);
                return None;
            }
            Some(UpdateChannel::Stable) => Some(Channel::Stable),
            Some(UpdateChannel::Beta) => Some(Channel::Beta),
            None => None,
        };
        let Some(supply) = around.supply else {
            updates.show(|view| view.state = UpdateState::NotBuiltIn);
            return None;
        };
        let installer: Arc<dyn Installer> = match around.installer {
            Ok(installer) => installer.into(),
            Err(why) => {
                updates.show(|view| view.state = why.into());
                return None;
            }
        };
        let web = Web::new(around.connect);
        let web = if supply.is_trial {
            web.plain_on_this_machine()
        } else {
            web
        };
        let keeper = Self {
            updates,
            desk,
            supply,
            decided,
            platform: Platform::here(installer.kind()),
            installer,
            running: around.running,
            shelf: around.shelf,
            web,
            clock: around.clock,
            random: around.random,
            pace: around.pace,
        };
        keeper.show(UpdateState::Idle);
        Some(keeper)
    }

    /// Lives until the app ends.
    pub(crate) async fn run(self, wished: &mut mpsc::Receiver<Wish>) {
        self.find_back().await;
        let mut next_look = Instant::now() + self.about(self.pace.first);
        loop {
            let next_moment = Instant::now() + self.pace.moment;
            tokio::select! {
                wish = wished.recv() => match wish {
                    Some(wish) => self.follow(wish).await,
                    None => return,
                },
                () = tokio::time::sleep_until(next_look) => {
                    next_look = Instant::now() + self.about(self.pace.between);
                    self.tidy().await;
                    self.look().await;
                }
                () = tokio::time::sleep_until(next_moment), if self.waits_for_a_moment() => {
                    if self.moment().await.suits() {
                        tracing::info!("nobody looks; the new version is started");
                        self.install().await;
                    }
                }
            }
        }
    }

    async fn follow(&self, wish: Wish) {
        match wish {
            Wish::Look => {
                // Whoever asks wants to try again what did not start.
                self.keep(|kept| kept.installed = None);
                self.look().await;
            }
            Wish::Choose(channel) if self.decided.is_none() => {
                self.keep(|kept| kept.channel = Some(channel));
                self.look().await;
            }
            Wish::Choose(_) => {}
            Wish::Install => self.install().await,
        }
    }

    /// Shows what the last run left: a version that waits, or one that did not start.
    async fn find_back(&self) {
        let kept = self.shelf.kept();
        let is_newer = |version: &Version| *version > self.running;
        if let Some(failed) = kept.installed.filter(&is_newer) {
            tracing::warn!(version = %failed, "the new version did not start; the one before runs");
            return self.failed(UpdateProblem::DidNotStart, Some(&failed));
        }
        let Some(waiting) = kept.waiting.filter(|waiting| is_newer(&waiting.version)) else {
            return self.keep(|kept| (kept.waiting, kept.installed) = (None, None));
        };
        let Ok(seal) = waiting.seal(self.platform) else {
            return self.keep(|kept| kept.waiting = None);
        };
        let file = self.shelf.folder().join(seal.file());
        match self.fetcher().proved(&seal, &file).await {
            Ok(()) => self.ready(&waiting, &file),
            Err(error) => {
                tracing::info!(%error, "the version that waited is fetched again");
                self.keep(|kept| kept.waiting = None);
            }
        }
    }

    async fn look(&self) {
        let before = self.updates.view().state;
        self.show(UpdateState::Looking);
        let manifest = match self.web.manifest(&self.supply.source, self.channel()).await {
            Ok(manifest) => manifest,
            Err(fault) => {
                tracing::info!(%fault, "the server of updates says nothing");
                // What is here stays ready, whatever the network does.
                return match before {
                    UpdateState::Ready { .. } => self.show(before),
                    _ => self.failed((&fault).into(), None),
                };
            }
        };
        let now = self.clock.now();
        self.keep(|kept| kept.last_look = Some(now));
        match judge(&manifest, &self.running, (self.channel(), self.platform)) {
            Verdict::Newer(release) => self.take(release).await,
            Verdict::NotForThis(version) => self.failed(UpdateProblem::NoFile, Some(&version)),
            verdict => {
                tracing::info!(?verdict, "nothing newer");
                // Also a version that waits is not wanted when it is not offered any more.
                self.keep(|kept| kept.waiting = None);
                self.show(UpdateState::UpToDate);
            }
        }
    }

    /// Brings a newer version here, unless it has shown that it does not start.
    async fn take(&self, release: Release) {
        if self.shelf.kept().installed.as_ref() == Some(&release.version) {
            return self.failed(UpdateProblem::DidNotStart, Some(&release.version));
        }
        let waiting = Waiting {
            version: release.version.clone(),
            notes: release.notes.clone(),
            date: release.date.clone(),
            signature: release.signature.clone(),
        };
        let told = std::sync::atomic::AtomicU64::new(0);
        let progress = |done: u64, total: Option<u64>| {
            let before = told.load(std::sync::atomic::Ordering::Relaxed);
            if done >= before + TELL_EVERY || total == Some(done) {
                told.store(done, std::sync::atomic::Ordering::Relaxed);
                self.show(UpdateState::Downloading {
                    update: (&waiting).into(),
                    done,
                    total,
                });
            }
        };
        match self.fetcher().fetch(&release, &progress).await {
            Ok(file) => {
                self.keep(|kept| kept.waiting = Some(waiting.clone()));
                self.ready(&waiting, &file);
            }
            Err(fault) => {
                tracing::warn!(%fault, version = %release.version, "the new version is not here");
                self.failed((&fault).into(), Some(&release.version));
            }
        }
    }

    /// Puts the version that waits in the place of this one, and ends this one.
    async fn install(&self) {
        let Some(waiting) = self.shelf.kept().waiting else {
            return;
        };
        self.show(UpdateState::Installing {
            update: (&waiting).into(),
        });
        match self.put_in_place(&waiting).await {
            Ok(next) => {
                self.keep(|kept| kept.installed = Some(waiting.version.clone()));
                tracing::info!(version = %waiting.version, "the new version is installed");
                if let Next::Restart(successor) = next {
                    let hidden = !self.desk.window().sight().borrow().visible;
                    self.updates.succeeded_by(successor, hidden);
                }
                self.desk.quit();
            }
            Err(fault) => {
                tracing::warn!(%fault, version = %waiting.version, "the new version is not installed");
                if matches!(fault, InstallFault::Seal(_)) {
                    self.keep(|kept| kept.waiting = None);
                }
                self.failed((&fault).into(), Some(&waiting.version));
            }
        }
    }

    async fn put_in_place(&self, waiting: &Waiting) -> Result<Next, InstallFault> {
        let seal = waiting.seal(self.platform)?;
        let file = self.shelf.folder().join(seal.file());
        let (installer, key) = (Arc::clone(&self.installer), self.supply.key.clone());
        let installed = tokio::task::spawn_blocking(move || {
            installer.install(&Update {
                file: &file,
                key: &key,
                seal: &seal,
            })
        });
        installed.await.unwrap_or_else(|error| {
            Err(InstallFault::Program {
                program: "the installer".to_owned(),
                reason: error.to_string(),
            })
        })
    }

    /// By now this version has shown that it lives, so nothing before it is needed.
    async fn tidy(&self) {
        let installer = Arc::clone(&self.installer);
        if let Err(error) = tokio::task::spawn_blocking(move || installer.tidy()).await {
            tracing::warn!(%error, "what updates left is not cleared");
        }
    }

    fn waits_for_a_moment(&self) -> bool {
        matches!(
            self.updates.view().state,
            UpdateState::Ready {
                way: UpdateWay::Restart,
                ..
            }
        )
    }

    async fn moment(&self) -> Moment {
        let unsent = self.on_their_way().await;
        Moment {
            visible: self.desk.window().sight().borrow().visible,
            written_ago: self.updates.typed().map(|typed| typed.elapsed()),
            unsent,
        }
    }

    /// Messages that are being sent. Without a connection they wait on the disk, where nothing disturbs them.
    async fn on_their_way(&self) -> u32 {
        let Ok(client) = self.desk.client().await else {
            return 0;
        };
        match client.connection() {
            Connection::Offline { .. } => 0,
            Connection::Online | Connection::Connecting { .. } => client.unsent_count().await.unwrap_or(0),
        }
    }

    fn fetcher(&self) -> Fetcher {
        Fetcher {
            web: self.web.clone(),
            key: self.supply.key.clone(),
            platform: self.platform,
            folder: self.shelf.folder().to_owned(),
            patience: self.pace.patience,
        }
    }

    fn channel(&self) -> Channel {
        self.decided.or(self.shelf.kept().channel).unwrap_or_default()
    }

    fn about(&self, (least, more): (Duration, Duration)) -> Duration {
        let more = u64::try_from(more.as_millis()).unwrap_or(u64::MAX);
        least + Duration::from_millis(self.random.up_to(more))
    }

    fn ready(&self, waiting: &Waiting, file: &std::path::Path) {
        self.show(UpdateState::Ready {
            update: UpdateInfo::from(waiting),
            way: UpdateWay::of(self.installer.way(), file),
        });
    }

    fn failed(&self, problem: UpdateProblem, version: Option<&Version>) {
        self.show(UpdateState::Failed {
            problem,
            version: version.map(ToString::to_string),
        });
    }

    fn keep(&self, change: impl FnOnce(&mut updates::shelf::Kept)) {
        if let Err(error) = self.shelf.change(change) {
            tracing::warn!(%error, "what is known of updates is not kept");
        }
    }

    fn show(&self, state: UpdateState) {
        let last_look = self.shelf.kept().last_look;
        let (channel, channel_is_set) = (self.channel().into(), self.decided.is_some());
        self.updates.show(|view| {
            view.state = state;
            view.last_look = last_look;
            view.channel = channel;
            view.channel_is_set = channel_is_set;
        });
    }
}
