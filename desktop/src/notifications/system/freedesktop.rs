//! Notes on Linux desktops: `org.freedesktop.Notifications` on the session bus, version 1.2 of the specification.
//!
//! The bus and the service behind it may come and go; a note that meets a broken connection is shown on a fresh one.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use zbus::Connection;
use zbus::zvariant::Value;

use crate::notifications::note::Note;
use crate::notifications::{NoteId, Notifier, NotifyProblem};

/// The sound of the app, seen from the folder of its program.
const OWN_SOUND: &str = "../share/sounds/loquat/message.wav";

/// How long the service may take for a note.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a screen saver may take to say whether the screen is locked; a note waits for it.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// The name of our desktop file, by which systems keep settings and icons of notifications.
const DESKTOP_ENTRY: &str = "org.loquat.desktop";

/// The action of a click on the note itself.
const CLICK: &str = "default";

/// Time-out chosen by the service.
const AS_USUAL: i32 = -1;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
    #[expect(clippy::too_many_arguments, reason = "the interface is what the specification says")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;
}

/// Any of the interfaces by which screen savers say that they lock the screen.
#[zbus::proxy(interface = "org.freedesktop.ScreenSaver", assume_defaults = false)]
trait ScreenSaver {
    fn get_active(&self) -> zbus::Result<bool>;
}

/// Where screen savers are asked, the first that answers counts: name, path, interface.
const SCREEN_SAVERS: [(&str, &str, &str); 3] = [
    (
        "org.gnome.ScreenSaver",
        "/org/gnome/ScreenSaver",
        "org.gnome.ScreenSaver",
    ),
    (
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver",
    ),
    (
        "org.freedesktop.ScreenSaver",
        "/ScreenSaver",
        "org.freedesktop.ScreenSaver",
    ),
];

/// The service on the session bus.
pub(super) struct Freedesktop {
    clicked: mpsc::Sender<NoteId>,
    connected: Mutex<Option<Arc<Connected>>>,
}

struct Connected {
    bus: Connection,
    notifications: NotificationsProxy<'static>,
    reads_markup: bool,
    /// Ends with the connection.
    _listening: JoinSet<()>,
}

impl Freedesktop {
    pub(super) fn new(clicked: mpsc::Sender<NoteId>) -> Self {
        Self {
            clicked,
            connected: Mutex::default(),
        }
    }

    async fn connected(&self) -> zbus::Result<Arc<Connected>> {
        let mut kept = self.connected.lock().await;
        if let Some(connected) = kept.as_ref() {
            return Ok(Arc::clone(connected));
        }
        let fresh = Arc::new(self.connect().await?);
        *kept = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn connect(&self) -> zbus::Result<Connected> {
        let bus = Connection::session().await?;
        let notifications = NotificationsProxy::new(&bus).await?;
        let mut invoked = notifications.receive_action_invoked().await?;
        let clicked = self.clicked.clone();
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            while let Some(signal) = invoked.next().await {
                if let Ok(arguments) = signal.args()
                    && arguments.action_key == CLICK
                    && clicked.send(arguments.id).await.is_err()
                {
                    return;
                }
            }
        });
        let capabilities = notifications.get_capabilities().await?;
        Ok(Connected {
            bus,
            notifications,
            reads_markup: capabilities.iter().any(|capability| capability == "body-markup"),
            _listening: listening,
        })
    }

    async fn show_once(&self, note: &Note, replaced: Option<NoteId>) -> zbus::Result<NoteId> {
        let connected = self.connected().await?;
        let body = if connected.reads_markup {
            without_markup(&note.body)
        } else {
            note.body.clone()
        };
        let sound = if note.sound {
            sound(&std::env::current_exe().unwrap_or_default())
        } else {
            ("suppress-sound", Value::from(true))
        };
        let hints = HashMap::from([
            ("desktop-entry", Value::from(DESKTOP_ENTRY)),
            ("category", Value::from("im.received")),
            sound,
        ]);
        let actions = [CLICK, note.open.as_str()];
        let replaced = replaced.unwrap_or(0);
        connected
            .notifications
            .notify(
                "Loquat",
                replaced,
                DESKTOP_ENTRY,
                &note.title,
                &body,
                &actions,
                hints,
                AS_USUAL,
            )
            .await
    }

    async fn forget_connection(&self) {
        *self.connected.lock().await = None;
    }
}

#[async_trait]
impl Notifier for Freedesktop {
    async fn show(&self, note: &Note, replaced: Option<NoteId>) -> Result<NoteId, NotifyProblem> {
        let show = async {
            match self.show_once(note, replaced).await {
                Err(error) if is_about_the_connection(&error) => {
                    self.forget_connection().await;
                    self.show_once(note, replaced).await
                }
                outcome => outcome,
            }
        };
        match tokio::time::timeout(PATIENCE, show).await {
            Ok(Ok(id)) => Ok(id),
            Ok(Err(error)) => {
                self.forget_connection().await;
                Err(problem(&error))
            }
            Err(_) => Err(NotifyProblem::Silent),
        }
    }

    async fn withdraw(&self, id: NoteId) {
        let close = async { self.connected().await?.notifications.close_notification(id).await };
        match tokio::time::timeout(PATIENCE, close).await {
            Ok(Ok(())) => {}
            // It was dismissed already, or its service is gone and took it along.
            Ok(Err(error)) => tracing::debug!(%error, "a notification was not withdrawn"),
            Err(_) => tracing::debug!("the service for notifications does not answer"),
        }
    }

    async fn screen_is_locked(&self) -> bool {
        let ask = async {
            let connected = self.connected().await.ok()?;
            for (name, path, interface) in SCREEN_SAVERS {
                let saver = ScreenSaverProxy::builder(&connected.bus)
                    .destination(name)
                    .ok()?
                    .path(path)
                    .ok()?
                    .interface(interface)
                    .ok()?
                    .build()
                    .await;
                if let Ok(saver) = saver
                    && let Ok(active) = saver.get_active().await
                {
                    return Some(active);
                }
            }
            None
        };
        let answer = tokio::time::timeout(LOCK_PATIENCE, ask).await;
        answer.ok().flatten().unwrap_or(false)
    }
}

/// Whether trying again on a fresh connection may help.
fn is_about_the_connection(error: &zbus::Error) -> bool {
    !matches!(error, zbus::Error::MethodError(..))
}

fn problem(error: &zbus::Error) -> NotifyProblem {
    let detail = error.to_string();
    match error {
        zbus::Error::MethodError(name, ..) if !name.as_str().ends_with(".ServiceUnknown") => {
            NotifyProblem::Refused { detail }
        }
        _ => NotifyProblem::NoService { detail },
    }
}

/// The sound of the app where a package brought it, else the usual one of the system.
fn sound(program: &Path) -> (&'static str, Value<'static>) {
    let own = program
        .parent()
        .and_then(|folder| folder.join(OWN_SOUND).canonicalize().ok());
    match own.as_deref().and_then(Path::to_str) {
        // The service that plays it sees nothing of what is inside a Flatpak.
        Some(file) if !file.starts_with("/app/") => ("sound-file", Value::from(file.to_owned())),
        _ => ("sound-name", Value::from("message-new-instant")),
    }
}

/// What somebody wrote is text, whatever it looks like.
fn without_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_is_no_markup() {
        assert_eq!(without_markup("<b>1 & 2</b>"), "&lt;b&gt;1 &amp; 2&lt;/b&gt;");
    }

    #[test]
    fn an_installed_app_has_a_sound_of_its_own() {
        let root = tempfile::tempdir().unwrap();
        let program = root.path().join("usr/bin/loquat");
        std::fs::create_dir_all(root.path().join("usr/bin")).unwrap();
        assert_eq!(sound(&program).0, "sound-name");

        let file = root.path().join("usr/share/sounds/loquat/message.wav");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "").unwrap();

        let file = file.canonicalize().unwrap();
        assert_eq!(sound(&program), ("sound-file", Value::from(file.to_str().unwrap())));
    }
}
