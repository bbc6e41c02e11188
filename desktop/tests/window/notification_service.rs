//! What shows notifications at a desk: the real interface on the real session bus, with a person who clicks by code.
#![expect(
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "the interface is what the specification says, and its macro uses every argument"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::Context;
use test_kit::wait::{self, PATIENCE};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

use crate::desk::Desk;

/// Where the interface is, as the specification says.
const PATH: &str = "/org/freedesktop/Notifications";

/// A note on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) id: u32,
    pub(crate) title: String,
    pub(crate) body: String,
}

#[derive(Default)]
struct Screen {
    shown: Vec<Shown>,
    last: u32,
}

/// The service, as the bus sees it.
struct Interface(Arc<Mutex<Screen>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Interface {
    #[expect(clippy::too_many_arguments, reason = "the interface is what the specification says")]
    fn notify(
        &self,
        _app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> zbus::fdo::Result<u32> {
        if !actions.contains(&"default".to_owned()) || !hints.contains_key("desktop-entry") {
            return Err(zbus::fdo::Error::InvalidArgs(
                "a note that cannot be clicked".to_owned(),
            ));
        }
        let mut screen = self.0.lock().unwrap();
        let replaced = screen.shown.iter().position(|note| note.id == replaces_id);
        screen.last += 1;
        let id = if replaced.is_some() { replaces_id } else { screen.last };
        let note = Shown {
            id,
            title: summary,
            body,
        };
        match replaced {
            Some(place) => screen.shown[place] = note,
            None => screen.shown.push(note),
        }
        Ok(id)
    }

    fn close_notification(&self, id: u32) {
        self.0.lock().unwrap().shown.retain(|note| note.id != id);
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned(), "body-markup".to_owned()]
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;
}

/// The service, as the test sees it.
pub(crate) struct NotificationService {
    bus: zbus::Connection,
    screen: Arc<Mutex<Screen>>,
}

impl NotificationService {
    /// Starts showing notes at this desk.
    pub(crate) async fn start(desk: &Desk) -> anyhow::Result<Self> {
        let screen = Arc::new(Mutex::new(Screen::default()));
        let bus = zbus::connection::Builder::address(desk.bus())?
            .serve_at(PATH, Interface(Arc::clone(&screen)))?
            .name("org.freedesktop.Notifications")?
            .build()
            .await
            .context("the bus of the desk")?;
        Ok(Self { bus, screen })
    }

    /// Waits for a note with this text on it.
    pub(crate) async fn shows(&self, body: &str) -> anyhow::Result<Shown> {
        let look = || async { self.now().into_iter().find(|note| note.body == body) };
        Ok(wait::until(&format!("a note that says {body:?}"), PATIENCE, look).await?)
    }

    /// Waits until no note with this number is on the screen.
    pub(crate) async fn withdraws(&self, id: u32) -> anyhow::Result<()> {
        let look = || async { (!self.now().iter().any(|note| note.id == id)).then_some(()) };
        Ok(wait::until("the note to be withdrawn", PATIENCE, look).await?)
    }

    /// What is on the screen.
    pub(crate) fn now(&self) -> Vec<Shown> {
        self.screen.lock().unwrap().shown.clone()
    }

    /// The person clicks on a note, which then goes.
    pub(crate) async fn click(&self, note: &Shown) -> anyhow::Result<()> {
        self.screen.lock().unwrap().shown.retain(|shown| shown.id != note.id);
        let emitter = SignalEmitter::new(&self.bus, PATH)?;
        Interface::action_invoked(&emitter, note.id, "default").await?;
        Ok(())
    }
}
