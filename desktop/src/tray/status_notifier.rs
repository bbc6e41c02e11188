//! The tray on Linux desktops: a `StatusNotifierItem` on the session bus, with its menu.

use std::time::Duration;

use client::change::Change;
use client::view::Session;
use client::{Changes, Client};
use ksni::menu::{MenuItem, StandardItem};
use ksni::{Category, Handle, Icon, OfflineReason, Status, ToolTip, Tray, TrayMethods};
use protocol::ConversationId;
use tokio::time::Instant;

use super::Shown;
use crate::desk::Desk;
use crate::due::at;

/// Changes come in swarms; the tray follows them this much later.
const SETTLE: Duration = Duration::from_millis(250);

/// How long after a failed try the session bus is asked again.
const TRY_AGAIN: Duration = Duration::from_secs(30);

/// The drawings of each state, in two sizes; panels choose.
const QUIET: [&[u8]; 2] = [
    include_bytes!("../../../packaging/icons/tray/quiet-colour-22.png"),
    include_bytes!("../../../packaging/icons/tray/quiet-colour-44.png"),
];
const UNREAD: [&[u8]; 2] = [
    include_bytes!("../../../packaging/icons/tray/unread-colour-22.png"),
    include_bytes!("../../../packaging/icons/tray/unread-colour-44.png"),
];
const MENTION: [&[u8]; 2] = [
    include_bytes!("../../../packaging/icons/tray/mention-colour-22.png"),
    include_bytes!("../../../packaging/icons/tray/mention-colour-44.png"),
];

/// The item on the bus.
struct Item {
    desk: Desk,
    client: Client,
    shown: Shown,
}

/// Shows the item and keeps it as it should be.
pub(super) async fn keep(desk: Desk, changes: Changes, client: Client) {
    let handle = appear(&desk, &client).await;
    follow(&handle, &client, changes).await;
    handle.shutdown().await;
}

async fn appear(desk: &Desk, client: &Client) -> Handle<Item> {
    loop {
        let item = Item {
            desk: desk.clone(),
            client: client.clone(),
            shown: Shown::default(),
        };
        // A panel may come later than the app, at log-in mostly does.
        match item.assume_sni_available(true).spawn().await {
            Ok(handle) => return handle,
            Err(error) => tracing::info!(%error, "there is no tray yet"),
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

async fn follow(handle: &Handle<Item>, client: &Client, mut changes: Changes) {
    let mut due = Some(Instant::now());
    loop {
        tokio::select! {
            change = changes.next() => match change {
                Some(change) if matters(&change) => due = due.or(Some(Instant::now() + SETTLE)),
                Some(_) => {}
                None => return,
            },
            () = at(due) => {
                due = None;
                let shown = look(client).await;
                handle.update(|item| item.shown = shown).await;
            }
        }
    }
}

fn matters(change: &Change) -> bool {
    matches!(
        change,
        Change::Session { .. }
            | Change::Conversations { .. }
            | Change::ConversationRemoved { .. }
            | Change::People { .. }
    )
}

async fn look(client: &Client) -> Shown {
    let Session::SignedIn { me, .. } = client.session().await else {
        return Shown::default();
    };
    let rows = client.conversations().await.unwrap_or_default();
    let people = client.people().await.unwrap_or_default();
    Shown::of(rows, &people, Some(&me.id))
}

impl Item {
    /// Opens the conversation at its end.
    fn open(&self, conversation: ConversationId) {
        let (desk, client) = (self.desk.clone(), self.client.clone());
        self.desk.in_background(async move {
            let head = client.conversations().await.unwrap_or_default();
            let head = head
                .into_iter()
                .find(|row| row.id == conversation)
                .map_or(1, |row| row.head.max(1));
            let link = client.message_link(conversation, head).await.ok();
            desk.open(link);
        });
    }
}

impl Tray for Item {
    fn id(&self) -> String {
        "org.loquat.desktop".to_owned()
    }

    fn category(&self) -> Category {
        Category::Communications
    }

    fn title(&self) -> String {
        self.desk.words().get().app.clone()
    }

    fn status(&self) -> Status {
        if self.shown.mentions > 0 {
            Status::NeedsAttention
        } else {
            Status::Active
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        let drawings = match (self.shown.mentions, self.shown.unread) {
            (0, 0) => QUIET,
            (0, _) => UNREAD,
            _ => MENTION,
        };
        drawings.iter().filter_map(|drawing| icon(drawing)).collect()
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        let words = self.desk.words().get();
        let description = match self.shown.unread {
            0 => words.nothing_unread.clone(),
            unread => words.unread.replace("{count}", &unread.to_string()),
        };
        ToolTip {
            title: words.app.clone(),
            description,
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.desk.open(None);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        // A panel that restarts takes the item up again.
        true
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let words = self.desk.words().get();
        let mut menu = vec![entry(words.open.clone(), |item| item.desk.open(None))];
        if !self.shown.recent.is_empty() {
            menu.push(MenuItem::Separator);
        }
        for (conversation, name) in self.shown.recent.clone() {
            menu.push(entry(without_mnemonic(&name), move |item| {
                item.open(conversation.clone());
            }));
        }
        menu.push(MenuItem::Separator);
        menu.push(entry(words.pause.clone(), |item| item.desk.pause_for_an_hour()));
        menu.push(entry(words.quit.clone(), |item| item.desk.quit()));
        menu
    }
}

fn entry(label: String, activate: impl Fn(&mut Item) + Send + 'static) -> MenuItem<Item> {
    StandardItem {
        label,
        activate: Box::new(activate),
        ..StandardItem::default()
    }
    .into()
}

/// An underscore in a label would underline the next letter.
fn without_mnemonic(label: &str) -> String {
    label.replace('_', "__")
}

/// The drawing as the bus wants it: alpha, red, green, blue for each pixel.
fn icon(drawing: &[u8]) -> Option<Icon> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(drawing)).read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    if info.color_type != png::ColorType::Rgba {
        return None;
    }
    for pixel in pixels.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    Some(Icon {
        width: i32::try_from(info.width).ok()?,
        height: i32::try_from(info.height).ok()?,
        data: pixels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drawing_can_be_shown() {
        for drawing in [QUIET, UNREAD, MENTION].concat() {
            let icon = icon(drawing).unwrap();
            assert!(icon.width == 22 || icon.width == 44, "{}", icon.width);
            assert_eq!(icon.data.len(), usize::try_from(icon.width * icon.height * 4).unwrap());
        }
    }

    #[test]
    fn a_name_with_an_underscore_stays_as_it_is() {
        assert_eq!(without_mnemonic("#big_plans"), "#big__plans");
    }
}
