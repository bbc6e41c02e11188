//! What a desktop's panel sees of the app, and does to it: the item on the session bus, as the panel asks for it.

use std::collections::HashMap;

use anyhow::Context;
use test_kit::wait::{self, PATIENCE};
use zbus::zvariant::{OwnedValue, Value};

use crate::desk::Desk;

#[zbus::proxy(interface = "org.kde.StatusNotifierItem", default_path = "/StatusNotifierItem")]
trait Item {
    #[zbus(property(emits_changed_signal = "false"))]
    fn status(&self) -> zbus::Result<String>;

    fn activate(&self, x: i32, y: i32) -> zbus::Result<()>;
}

/// An entry of a menu: its number, what is known of it, the entries below it.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

#[zbus::proxy(interface = "com.canonical.dbusmenu", default_path = "/MenuBar")]
trait Menu {
    fn get_layout(&self, parent: i32, depth: i32, properties: &[&str]) -> zbus::Result<(u32, Entry)>;

    fn event(&self, id: i32, event: &str, data: &Value<'_>, timestamp: u32) -> zbus::Result<()>;
}

/// The app's item, as a panel holds it.
pub(crate) struct Panel {
    item: ItemProxy<'static>,
    menu: MenuProxy<'static>,
}

impl Panel {
    /// Takes up the item of the app with this process.
    pub(crate) async fn of(desk: &Desk, process: u32) -> anyhow::Result<Self> {
        let bus = zbus::connection::Builder::address(desk.bus())?.build().await?;
        let name = format!("org.kde.StatusNotifierItem-{process}-1");
        Ok(Self {
            item: ItemProxy::builder(&bus).destination(name.clone())?.build().await?,
            menu: MenuProxy::builder(&bus).destination(name)?.build().await?,
        })
    }

    /// Waits until the item has this status.
    pub(crate) async fn has_status(&self, status: &str) -> anyhow::Result<()> {
        let look = || async { (self.item.status().await.ok()? == status).then_some(()) };
        Ok(wait::until(&format!("the tray to be {status}"), PATIENCE, look).await?)
    }

    /// The person clicks on the item.
    pub(crate) async fn click(&self) -> anyhow::Result<()> {
        Ok(self.item.activate(0, 0).await?)
    }

    /// The person chooses the entry with this label, which must be in the menu.
    pub(crate) async fn choose(&self, label: &str) -> anyhow::Result<()> {
        let (_, (_, _, entries)) = self.menu.get_layout(0, -1, &["label"]).await?;
        let mut labels = Vec::new();
        for entry in entries {
            let (id, properties, _) = Entry::try_from(entry)?;
            let found: Option<String> = properties
                .get("label")
                .and_then(|label| label.try_clone().ok()?.try_into().ok());
            if found.as_deref() == Some(label) {
                return Ok(self.menu.event(id, "clicked", &Value::from(0), 0).await?);
            }
            labels.extend(found);
        }
        Err(anyhow::anyhow!("the menu has only {labels:?}")).context(format!("choosing {label:?}"))
    }
}
