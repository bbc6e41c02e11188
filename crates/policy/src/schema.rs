//! The one list of everything that an organisation can set. Readers, templates, pages and the app all follow it.
//!
//! A setting is added here, as a field of [`Policy`], and nowhere else. Keys are never renamed and never change their
//! meaning, because administrators wrote them down.

mod connection;
mod device;
mod expected;
mod forms;
mod notifications;
mod support;

use crate::policy::Policy;

pub use self::expected::Sentence;
pub use self::forms::Form;

/// Every setting, in the order in which documents list them.
pub const SETTINGS: [&Setting; 19] = [
    &connection::SERVER_ADDRESSES,
    &connection::ALLOW_OTHER_SERVERS,
    &connection::PROXY_MODE,
    &connection::PROXY_URL,
    &connection::PROXY_BYPASS,
    &connection::EXTRA_CA_FILE,
    &device::UPDATE_CHANNEL,
    &device::UPDATE_URL,
    &device::CACHE_LIMIT_DAYS,
    &device::CACHE_LIMIT_MIB,
    &device::AUTO_START,
    &device::CLOSE_TO_TRAY,
    &device::UNLOAD_HIDDEN_WINDOW_MINUTES,
    &notifications::NOTIFICATION_LEVEL,
    &notifications::NOTIFICATION_SOUND,
    &notifications::NOTIFICATION_CONTENT_ON_LOCKED_SCREEN,
    &notifications::DO_NOT_DISTURB_HOURS,
    &support::LOG_LEVEL,
    &support::ALLOW_DIAGNOSTICS,
];

/// What counts where neither the organisation nor the person chose; the app takes its own values from here.
pub mod defaults {
    use crate::policy::{LogLevel, NotificationLevel, ProxyMode, UpdateChannel};

    pub const ALLOW_OTHER_SERVERS: bool = true;
    pub const PROXY_MODE: ProxyMode = ProxyMode::System;
    pub const UPDATE_CHANNEL: UpdateChannel = UpdateChannel::Stable;
    pub const CACHE_LIMIT_DAYS: u32 = 90;
    pub const CACHE_LIMIT_MIB: u32 = 2048;
    pub const AUTO_START: bool = false;
    pub const CLOSE_TO_TRAY: bool = true;
    pub const UNLOAD_HIDDEN_WINDOW_MINUTES: u32 = 5;
    pub const NOTIFICATION_LEVEL: NotificationLevel = NotificationLevel::Mentions;
    pub const NOTIFICATION_SOUND: bool = true;
    pub const NOTIFICATION_CONTENT_ON_LOCKED_SCREEN: bool = true;
    pub const LOG_LEVEL: LogLevel = LogLevel::Info;
    pub const ALLOW_DIAGNOSTICS: bool = true;
}

/// One thing that an organisation can set.
#[derive(Debug)]
pub struct Setting {
    /// Its name in every file, registry and property list.
    pub key: &'static str,
    /// Its name for people.
    pub name: Words,
    /// What it does, in one sentence.
    pub sentence: Words,
    pub topic: Topic,
    pub binding: Binding,
    /// The first version of the app that knows it.
    pub since: &'static str,
    pub kind: Kind,
}

/// The same words in every language that administrators get.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub en: &'static str,
    pub de: &'static str,
}

/// Under which heading a setting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Connection,
    Device,
    Notifications,
    Support,
}

/// Whether a person may choose differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// They may not: the app shows the setting as set by the organisation.
    Fixed,
    /// They may: it is what counts until they choose.
    Initial,
}

/// What a value looks like, what counts without one, and where it goes.
#[derive(Debug)]
pub enum Kind {
    Flag {
        default: bool,
        field: fn(&mut Policy) -> &mut Option<bool>,
    },
    Number {
        least: u32,
        most: u32,
        default: u32,
        example: u32,
        unit: Words,
        field: fn(&mut Policy) -> &mut Option<u32>,
    },
    Choice {
        choices: &'static [Choice],
        /// Which of the choices counts without one.
        is_default: fn(&Choice) -> bool,
        example: &'static str,
    },
    Text {
        form: Form,
        example: &'static str,
        put: fn(&mut Policy, &str) -> bool,
    },
    List {
        form: Form,
        most: usize,
        examples: &'static [&'static str],
        put: fn(&mut Policy, Vec<String>),
    },
}

/// One value of a [`Kind::Choice`].
#[derive(Debug)]
pub struct Choice {
    /// As it is written.
    pub word: &'static str,
    pub words: Words,
    put: fn(&mut Policy),
}

impl Choice {
    pub(crate) fn put(&self, policy: &mut Policy) {
        (self.put)(policy);
    }

    /// The policy that sets nothing else.
    fn alone(&self) -> Policy {
        let mut policy = Policy::default();
        self.put(&mut policy);
        policy
    }
}

impl Topic {
    pub const ALL: [Self; 4] = [Self::Connection, Self::Device, Self::Notifications, Self::Support];

    /// As ids of documents name it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Device => "device",
            Self::Notifications => "notifications",
            Self::Support => "support",
        }
    }

    pub fn words(self) -> Words {
        match self {
            Self::Connection => Words {
                en: "Connection",
                de: "Verbindung",
            },
            Self::Device => Words {
                en: "App and device",
                de: "App und Gerät",
            },
            Self::Notifications => Words {
                en: "Notifications",
                de: "Benachrichtigungen",
            },
            Self::Support => Words {
                en: "Support",
                de: "Support",
            },
        }
    }
}

/// The setting of this name.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.into_iter().find(|setting| setting.key == key)
}

/// The settings of one topic, in their order.
pub fn of(topic: Topic) -> impl Iterator<Item = &'static Setting> {
    SETTINGS.into_iter().filter(move |setting| setting.topic == topic)
}

#[cfg(test)]
mod tests;
