//! A keeper with a real server and a real file in the place of the app.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use client::clock::SystemClock;
use client::random::SystemRandom;
use client::view::Failure;
use policy::UpdateChannel;
use tempfile::TempDir;
use test_kit::update_server::{Answer, KeyPair, UpdateServer, keys};
use test_kit::wait::PATIENCE;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use updates::install::app_image::AppImage;
use updates::install::{Installer, Successor, WhyNot};
use updates::shelf::Shelf;
use updates::web::AsTheSystem;
use updates::{Key, Patience, Source, Version};

use super::source::Supply;
use super::view::{UpdateProblem, UpdateState, UpdateWay, UpdatesChannel};
use super::*;
use crate::desk::Desk;
use crate::desk::testing::desk_without_client;

/// An app that would be updated, and the server that would do it.
struct Place {
    folder: TempDir,
    server: UpdateServer,
    keys: KeyPair,
    desk: Desk,
}

impl Place {
    async fn new() -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let place = Self {
            desk: desk_without_client(Failure::SignedOut, folder.path()),
            server: UpdateServer::start().await,
            keys: keys(),
            folder,
        };
        std::fs::write(place.app(), "old").unwrap();
        place
    }

    fn app(&self) -> PathBuf {
        self.folder.path().join("Loquat.AppImage")
    }

    fn publish(&self, version: &str, content: &str) {
        let name = file_of(version);
        self.server.publish(&self.keys, (version, &name), content.as_bytes());
    }

    fn around(&self) -> Around {
        let installer: Box<dyn Installer> = Box::new(AppImage::at(&self.app()));
        Around {
            supply: Some(Supply {
                source: Source::read(&self.server.at("")).unwrap(),
                key: Key::read(&self.keys.pk.to_base64()).unwrap(),
                is_trial: true,
            }),
            decided: None,
            installer: Ok(installer),
            running: Version::new(0, 1, 0),
            shelf: Shelf::open(self.folder.path().join("updates")),
            connect: Arc::new(AsTheSystem),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            pace: Pace {
                first: (Duration::from_hours(1), Duration::ZERO),
                moment: Duration::from_hours(1),
                patience: Patience {
                    tries: 1,
                    ..Patience::default()
                },
                ..Pace::default()
            },
        }
    }

    /// Lets a keeper live; its wishes come from the answered end.
    fn keep(&self, around: Around) -> (mpsc::Sender<Wish>, JoinSet<()>) {
        let (wishes, mut wished) = mpsc::channel(8);
        let mut living = JoinSet::new();
        if let Some(keeper) = Keeper::of(self.desk.clone(), around) {
            living.spawn(async move { keeper.run(&mut wished).await });
        }
        (wishes, living)
    }

    async fn until(&self, wanted: impl Fn(&UpdateState) -> bool) -> UpdateState {
        let mut watched = self.desk.updates().watch();
        let seen = tokio::time::timeout(PATIENCE, watched.wait_for(|view| wanted(&view.state))).await;
        let Ok(Ok(view)) = seen else {
            panic!("it stays {:?}", self.desk.updates().view().state);
        };
        view.state.clone()
    }

    async fn until_ready(&self) -> UpdateState {
        self.until(|state| matches!(state, UpdateState::Ready { .. })).await
    }

    async fn until_failed(&self) -> UpdateProblem {
        match self.until(|state| matches!(state, UpdateState::Failed { .. })).await {
            UpdateState::Failed { problem, .. } => problem,
            other => panic!("{other:?}"),
        }
    }

    async fn until_it_ends(&self) -> Successor {
        let ending = self.desk.ending();
        tokio::time::timeout(PATIENCE, ending.cancelled()).await.unwrap();
        self.desk.updates().successor().unwrap().0
    }

    fn installed(&self) -> String {
        std::fs::read_to_string(self.app()).unwrap()
    }
}

fn file_of(version: &str) -> String {
    format!("loquat_{version}_{}.AppImage", std::env::consts::ARCH)
}

#[tokio::test]
async fn a_person_looks_and_installs() {
    let place = Place::new().await;
    place.publish("0.2.0", "new");
    let (wishes, _living) = place.keep(place.around());

    wishes.send(Wish::Look).await.unwrap();
    let UpdateState::Ready { update, way } = place.until_ready().await else {
        panic!("not ready");
    };
    assert_eq!((update.version.as_str(), update.notes.as_str()), ("0.2.0", "New."));
    assert_eq!(way, UpdateWay::Restart);
    assert!(place.desk.updates().view().last_look.is_some());
    assert_eq!(place.installed(), "old", "nothing is installed yet");

    wishes.send(Wish::Install).await.unwrap();
    let successor = place.until_it_ends().await;
    assert_eq!(successor.program, place.app().canonicalize().unwrap());
    assert_eq!(place.installed(), "new");
}

#[tokio::test]
async fn by_itself_it_looks_and_waits_for_a_moment_that_suits() {
    let place = Place::new().await;
    place.publish("0.2.0", "new");
    let mut around = place.around();
    around.pace = Pace {
        first: (Duration::ZERO, Duration::ZERO),
        moment: Duration::from_millis(1),
        ..around.pace
    };
    place.desk.updates().heard("typing");
    let (_wishes, _living) = place.keep(around);
    place.until_ready().await;
    // Somebody writes: it stays so, however often the moment is looked at.
    let restarted = tokio::time::timeout(Duration::from_millis(200), place.desk.ending().cancelled_owned()).await;
    assert!(restarted.is_err() && place.installed() == "old");

    *place.desk.updates().0.typed.lock().unwrap() = None;

    place.until_it_ends().await;
    assert_eq!(place.installed(), "new");
}

#[tokio::test]
async fn an_organisation_that_says_off_has_no_server_asked() {
    let place = Place::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for decided in [Some(UpdateChannel::Off), None] {
        let mut around = place.around();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        around.decided = decided;
        around.pace.first = (Duration::ZERO, Duration::ZERO);
        if let Some(supply) = &mut around.supply {
            supply.source = Source::read(&url).unwrap();
        }
        let (wishes, mut living) = place.keep(around);
        let is_heard = wishes.try_send(Wish::Look).is_ok();
        assert_eq!(is_heard, decided.is_none());
        if decided.is_some() {
            // Nobody is there who could ask.
            assert!(living.join_next().await.is_none());
            assert_eq!(place.desk.updates().view().state, UpdateState::Off);
            let asked = tokio::time::timeout(Duration::from_millis(100), silent.accept()).await;
            assert!(asked.is_err(), "the server was asked");
        } else {
            // The same app without that word asks at once.
            tokio::time::timeout(PATIENCE, silent.accept()).await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn what_cannot_be_updated_says_why() {
    let place = Place::new().await;
    let without_a_key = Around {
        supply: None,
        ..place.around()
    };
    place.keep(without_a_key);
    assert_eq!(place.desk.updates().view().state, UpdateState::NotBuiltIn);
    let not_installed = Around {
        installer: Err(WhyNot::NotInstalled),
        ..place.around()
    };
    place.keep(not_installed);
    assert_eq!(place.desk.updates().view().state, UpdateState::NotInstalled);
}

#[tokio::test]
async fn a_version_that_waits_is_there_after_a_restart_unless_its_file_changed() {
    let place = Place::new().await;
    place.publish("0.2.0", "new");
    let (wishes, mut living) = place.keep(place.around());
    wishes.send(Wish::Look).await.unwrap();
    place.until_ready().await;
    living.shutdown().await;

    let (_wishes, mut living) = place.keep(place.around());
    place.until_ready().await;
    living.shutdown().await;

    std::fs::write(place.folder.path().join("updates").join(file_of("0.2.0")), "evil").unwrap();
    let (wishes, _living) = place.keep(place.around());
    wishes.send(Wish::Install).await.unwrap();
    wishes.send(Wish::Look).await.unwrap();
    place.until_ready().await;
    assert_eq!(place.installed(), "old");
    assert_eq!(place.server.asked(&file_of("0.2.0")).len(), 2, "it was fetched again");
}

#[tokio::test]
async fn a_version_that_is_taken_back_is_not_installed() {
    let place = Place::new().await;
    place.publish("0.2.0", "new");
    let (wishes, _living) = place.keep(place.around());
    wishes.send(Wish::Look).await.unwrap();
    place.until_ready().await;
    place.publish("0.1.0", "old");
    wishes.send(Wish::Look).await.unwrap();
    place.until(|state| *state == UpdateState::UpToDate).await;
    assert_eq!(Shelf::open(place.folder.path().join("updates")).kept().waiting, None);
}

#[tokio::test]
async fn a_version_that_did_not_start_is_said_and_not_tried_again_by_itself() {
    let place = Place::new().await;
    place.publish("0.2.0", "new");
    let (wishes, mut living) = place.keep(place.around());
    wishes.send(Wish::Look).await.unwrap();
    place.until_ready().await;
    wishes.send(Wish::Install).await.unwrap();
    place.until_it_ends().await;
    living.shutdown().await;

    // The same version starts again, as after going back.
    let mut around = place.around();
    around.pace.first = (Duration::ZERO, Duration::ZERO);
    let (wishes, _living) = place.keep(around);
    assert_eq!(place.until_failed().await, UpdateProblem::DidNotStart);

    wishes.send(Wish::Look).await.unwrap();
    place.until_ready().await;
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let place = Place::new().await;
    let (wishes, _living) = place.keep(place.around());
    let mut told = Vec::new();
    for prepare in [
        |place: &Place| place.server.put("stable.json", Answer::Endless),
        |place: &Place| place.publish("0.2.0", "new"),
        |place: &Place| {
            place.publish("0.2.1", "new");
            place.server.put(&file_of("0.2.1"), Answer::File("evil".into()));
        },
    ] {
        prepare(&place);
        wishes.send(Wish::Look).await.unwrap();
        let is_told = |state: &UpdateState| {
            let state = format!("{state:?}");
            (state.starts_with("Failed") || state.starts_with("Ready")) && told.last() != Some(&state)
        };
        let state = place.until(is_told).await;
        told.push(format!("{state:?}"));
    }
    assert!(told[0].contains("NotUnderstood"), "{told:?}");
    assert!(told[1].contains("Ready"), "{told:?}");
    assert!(told[2].contains("Signature") && told[2].contains("0.2.1"), "{told:?}");
}

#[tokio::test]
async fn the_channel_is_the_persons_unless_the_organisation_chose() {
    let place = Place::new().await;
    let (wishes, mut living) = place.keep(place.around());
    wishes.send(Wish::Choose(Channel::Beta)).await.unwrap();
    // There is no such manifest on this server, so the look that follows fails.
    place.until_failed().await;
    let view = place.desk.updates().view();
    assert_eq!((view.channel, view.channel_is_set), (UpdatesChannel::Beta, false));
    assert_eq!(place.server.asked("beta.json").len(), 1);
    living.shutdown().await;

    let decided = Around {
        decided: Some(UpdateChannel::Stable),
        ..place.around()
    };
    place.keep(decided);
    let view = place.desk.updates().view();
    assert_eq!((view.channel, view.channel_is_set), (UpdatesChannel::Stable, true));
}
