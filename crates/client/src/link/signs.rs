//! Live signs on a socket: what is watched, whether somebody is at this device, and who types.

use std::time::Duration;

use protocol::frame::ClientFrame;
use protocol::{Activity, ErrorCode, UserId};
use tokio::time::Instant;

use super::Ended;
use super::online::{Online, lost};
use super::requests::{Asked, Refused};
use crate::signs::Watched;
use crate::store::conversations;

/// The wait before a watch that was refused for now is sent again.
const WATCH_PAUSE: Duration = Duration::from_secs(2);
/// No server may keep this device from watching for longer with one word.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// What this socket was told of this device.
pub(super) struct Told {
    watched: Watched,
    /// A fresh socket counts as active.
    activity: Activity,
    /// Whether what is to be watched may be different from what is watched.
    pub(super) is_due: bool,
    /// Nothing is watched anew before this.
    pub(super) paused_until: Option<Instant>,
    /// The last watch named a conversation that this person may not read: only joined ones are named until the window
    /// says anew what is on the screen.
    only_joined: bool,
}

impl Told {
    pub(super) fn nothing() -> Self {
        Self {
            watched: Watched::default(),
            activity: Activity::Active,
            is_due: true,
            paused_until: None,
            only_joined: false,
        }
    }
}

impl Online<'_> {
    /// Tells what is on the screen, who is at it and where they type, as far as it is different from what was told.
    pub(super) async fn send_signs(&mut self) -> Result<(), Ended> {
        let signs = &self.link.signs;
        if signs.is_shown_anew() {
            self.told.is_due = true;
            self.told.only_joined = false;
        }
        let now = Instant::now();
        self.told.paused_until = self.told.paused_until.filter(|until| *until > now);
        if self.told.is_due && self.told.paused_until.is_none() {
            self.told.is_due = false;
            self.send_watch().await?;
        }
        let activity = signs.activity();
        if activity != self.told.activity {
            self.told.activity = activity;
            let id = self.requests.ask(Asked::Status, now);
            self.feed(&ClientFrame::Status { id, activity }).await?;
        }
        for conversation in signs.take_typing() {
            let id = self.requests.ask(Asked::Typing, now);
            self.feed(&ClientFrame::Typing { id, conversation }).await?;
        }
        Ok(())
    }

    async fn send_watch(&mut self) -> Result<(), Ended> {
        let (me, only_joined) = (self.link.me.clone(), self.told.only_joined);
        let most = self.limits.watched_people;
        let read = self.link.store.read(move |disk| {
            let partners: Vec<UserId> = conversations::partners(disk, &me, most)?;
            let joined = conversations::ids(disk)?;
            Ok((partners, joined))
        });
        let (partners, joined) = read.await.map_err(lost)?;
        let mut wanted = self.link.signs.wanted(&partners, &self.limits);
        if only_joined {
            wanted
                .conversations
                .retain(|conversation| joined.contains(conversation));
        }
        if wanted == self.told.watched {
            return Ok(());
        }
        self.told.watched = wanted.clone();
        self.link.signs.watches(wanted.clone());
        let id = self.requests.ask(Asked::Watch, Instant::now());
        let Watched { conversations, people } = wanted;
        self.feed(&ClientFrame::Watch {
            id,
            conversations,
            people,
        })
        .await
    }

    /// The server does not tell of what was asked: another watch follows, unless it would be refused again.
    pub(super) fn watch_refused(&mut self, refused: &Refused) {
        let is_for_now = matches!(
            refused.code,
            ErrorCode::RateLimited | ErrorCode::Unavailable | ErrorCode::TokenExpired | ErrorCode::Unauthenticated
        );
        if is_for_now {
            let wait = refused.retry_after.unwrap_or(WATCH_PAUSE).min(LONGEST_PAUSE);
            self.told.paused_until = Some(Instant::now() + wait);
        } else if refused.code == ErrorCode::NotFound && !self.told.only_joined {
            self.told.only_joined = true;
        } else {
            return;
        }
        self.told.watched = Watched::default();
        self.told.is_due = true;
    }
}
