//! Updates among the other parts of the app: what they are made of, and the end of a version that has a successor.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::clock::SystemClock;
use client::random::SystemRandom;
use tokio::sync::mpsc;
use updates::Version;
use updates::install::{Running, WhyNot, installation};
use updates::shelf::Shelf;
use updates::succession::{LIVES_WITHIN, Outcome, hand_over};

use super::way::OurWay;
use super::{Around, Keeper, Pace, Updates, Wish, built_in};
use crate::desk::Desk;
use crate::organisation::Organisation;
use crate::profile::knock;
use crate::settings::{Settings, TrialUpdates};
use crate::start::Start;

/// The folder of updates, below the folder of the profile.
const FOLDER: &str = "updates";

/// What the start of the app gives to updates.
pub(crate) struct Given {
    app_image: Option<(PathBuf, PathBuf)>,
    trial: TrialUpdates,
    organisation: Organisation,
    folder: PathBuf,
}

impl Given {
    pub(crate) fn of(settings: &Settings, organisation: &Organisation, folder: &Path) -> Self {
        Self {
            app_image: settings.app_image.clone(),
            trial: settings.trial_updates.clone(),
            organisation: organisation.clone(),
            folder: folder.join(FOLDER),
        }
    }

    /// What updates are made of, as the organisation decides now.
    fn around(&self, desk: &Desk) -> Around {
        let installer = match std::env::current_exe() {
            Ok(program) => installation(&Running {
                program,
                app_image: self.app_image.clone(),
            }),
            Err(error) => {
                tracing::warn!(%error, "this program does not know where it lies");
                Err(WhyNot::NotInstalled)
            }
        };
        Around {
            supply: built_in(self.organisation.update_url().as_deref(), &self.trial),
            decided: self.organisation.update_channel(),
            installer,
            running: running(),
            shelf: Shelf::open(self.folder.clone()),
            connect: Arc::new(OurWay(desk.network().clone())),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            pace: Pace::default(),
        }
    }

    /// Waits until the organisation decides otherwise.
    async fn decided_otherwise(&mut self) {
        let decision = |organisation: &Organisation| (organisation.update_channel(), organisation.update_url());
        let before = decision(&self.organisation);
        while decision(&self.organisation) == before {
            self.organisation.changed().await;
        }
    }
}

/// Looks after updates until the app ends, as the organisation decides. What is under way when it decides otherwise ends
/// there; a download goes on where it was, if it is to go on at all.
pub(crate) async fn keep(desk: Desk, mut wished: mpsc::Receiver<Wish>, mut given: Given) {
    loop {
        let keeper = Keeper::of(desk.clone(), given.around(&desk));
        tokio::select! {
            () = live(keeper, &mut wished) => return,
            () = given.decided_otherwise() => tracing::info!("the organisation decided otherwise about updates"),
        }
    }
}

async fn live(keeper: Option<Keeper>, wished: &mut mpsc::Receiver<Wish>) {
    match keeper {
        Some(keeper) => keeper.run(wished).await,
        // Nobody is there who could do what is asked for.
        None => while wished.recv().await.is_some() {},
    }
}

/// Starts the version that takes over, if there is one, and sees to it that one of both lives. The door is at `place`;
/// this process has let go of it and of the profile.
pub(crate) async fn give_way(updates: &Updates, place: PathBuf) {
    let Some((successor, hidden)) = updates.successor() else {
        return;
    };
    let arguments: Vec<OsString> = hidden.then(|| OsString::from("--hidden")).into_iter().collect();
    let ask = Start {
        link: None,
        hidden: true,
    };
    let lives = async || knock(&place, &ask).await;
    match hand_over(&successor, &arguments, (lives, LIVES_WITHIN)).await {
        Ok(Outcome::Succeeded) => tracing::info!("the new version lives"),
        Ok(Outcome::WentBack) => tracing::error!("the new version did not start; the one before was started again"),
        Err(error) => tracing::error!(%error, "neither the new version nor the one before can be started"),
    }
}

/// The version of this program. It is one: Cargo builds no other.
fn running() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}

#[cfg(test)]
mod tests {
    use client::view::Failure;
    use policy::{Policy, Reading, UpdateChannel};
    use test_kit::wait::PATIENCE;
    use tokio::sync::watch;
    use tokio::task::JoinSet;

    use super::*;
    use crate::desk::testing::desk_without_client;
    use crate::updates::updates;
    use crate::updates::view::UpdateState;

    fn off() -> Reading {
        let policy = Policy {
            update_channel: Some(UpdateChannel::Off),
            ..Policy::default()
        };
        Reading {
            policy,
            ..Reading::default()
        }
    }

    #[tokio::test]
    async fn updates_end_and_begin_as_the_organisation_decides() {
        let folder = tempfile::tempdir().unwrap();
        let desk = desk_without_client(Failure::SignedOut, folder.path());
        let (administrator, now) = watch::channel(off());
        let given = Given {
            app_image: None,
            trial: TrialUpdates::default(),
            organisation: Organisation::changing(now),
            folder: folder.path().join(FOLDER),
        };
        let (_updates, wished) = updates();
        let mut view = desk.updates().watch();
        let mut living = JoinSet::new();
        living.spawn(keep(desk, wished, given));
        let mut until = async |wanted: UpdateState| {
            let seen = tokio::time::timeout(PATIENCE, view.wait_for(|view| view.state == wanted)).await;
            assert!(seen.is_ok_and(|seen| seen.is_ok()), "it did not become {wanted:?}");
        };

        until(UpdateState::Off).await;
        administrator.send_replace(Reading::default());
        // This build knows nobody, which it says as soon as it may say anything.
        until(UpdateState::NotBuiltIn).await;
        administrator.send_replace(off());
        until(UpdateState::Off).await;
    }
}
