//! Whether the person is told of a message: a rule without clocks, systems or windows of its own.

use client::view::{ConversationRow, MessageView};
use protocol::{ConversationKind, NotificationLevel, UnixMs, UserId};
use serde::Serialize;
use ts_rs::TS;

use crate::preferences::Preferences;
use crate::window::Sight;

/// A message that is older when it arrives was missed: the number in the tray tells of it. Thirty notes at once after
/// a night would not be read.
const NEWS_MS: i64 = 10 * 60 * 1000;

/// What is so at the moment a message arrives.
pub(crate) struct Moment<'a> {
    pub(crate) me: &'a UserId,
    pub(crate) preferences: &'a Preferences,
    pub(crate) sight: &'a Sight,
    pub(crate) locked: bool,
    pub(crate) now: UnixMs,
    /// Minutes since midnight on the clock of this computer.
    pub(crate) minute: u16,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Show { content: bool, sound: bool },
    Not(Silence),
}

impl Verdict {
    /// Whether a locked screen may change what was decided for an unlocked one.
    pub(crate) fn depends_on_the_lock(self) -> bool {
        matches!(self, Self::Show { .. } | Self::Not(Silence::OnScreen))
    }
}

/// Why a message is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The person wrote it.
    Own,
    /// It was deleted before it arrived here.
    Deleted,
    /// It was read on another device.
    Read,
    /// It was written long before it arrived here.
    Old,
    /// It is on the screen, in the window that has the keyboard.
    OnScreen,
    /// Nothing of this conversation is wanted.
    Muted,
    /// It mentions somebody else, or nobody, and only mentions are wanted here.
    NotMentioned,
    /// Notifications are paused.
    Paused,
    /// It is a quiet hour.
    QuietHours,
}

/// Decides, the most telling reason first.
pub(crate) fn verdict(row: &ConversationRow, message: &MessageView, moment: &Moment<'_>) -> Verdict {
    match silence(row, message, moment) {
        Some(reason) => Verdict::Not(reason),
        None => Verdict::Show {
            content: !moment.locked || moment.preferences.content_when_locked,
            sound: moment.preferences.sound,
        },
    }
}

fn silence(row: &ConversationRow, message: &MessageView, moment: &Moment<'_>) -> Option<Silence> {
    let preferences = moment.preferences;
    let is_for_me = message.mentions_me || row.kind != ConversationKind::Channel;
    let level = row.level.unwrap_or(preferences.level);
    let on_screen = moment.sight.focused && moment.sight.watched.contains(&row.id) && !moment.locked;
    let reasons = [
        (message.author == *moment.me, Silence::Own),
        (message.deleted_by.is_some(), Silence::Deleted),
        (message.ordinal <= row.read_ordinal, Silence::Read),
        (message.at < moment.now.saturating_sub(NEWS_MS), Silence::Old),
        (on_screen, Silence::OnScreen),
        (level == NotificationLevel::Nothing, Silence::Muted),
        (
            level == NotificationLevel::Mentions && !is_for_me,
            Silence::NotMentioned,
        ),
        (
            preferences.paused_until.is_some_and(|until| moment.now < until),
            Silence::Paused,
        ),
        (
            preferences.quiet_hours.is_some_and(|hours| hours.hold(moment.minute)),
            Silence::QuietHours,
        ),
    ];
    reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}
