//! What notifies, and what a notification shows.

use super::{Binding, Choice, Form, Kind, Setting, Topic, Words, defaults, forms};
use crate::policy::NotificationLevel;

pub(super) static NOTIFICATION_LEVEL: Setting = Setting {
    key: "notification_level",
    name: Words {
        en: "Messages that notify",
        de: "Nachrichten, die benachrichtigen",
    },
    sentence: Words {
        en: "Which messages notify, in conversations for which a person has not chosen.",
        de: "Welche Nachrichten benachrichtigen, wo jemand für ein Gespräch nichts gewählt hat.",
    },
    topic: Topic::Notifications,
    binding: Binding::Initial,
    since: "0.1.0",
    kind: Kind::Choice {
        choices: &[
            Choice {
                word: "all",
                words: Words {
                    en: "All messages",
                    de: "Alle Nachrichten",
                },
                put: |policy| policy.notification_level = Some(NotificationLevel::All),
            },
            Choice {
                word: "mentions",
                words: Words {
                    en: "Direct messages and mentions",
                    de: "Direktnachrichten und Erwähnungen",
                },
                put: |policy| policy.notification_level = Some(NotificationLevel::Mentions),
            },
            Choice {
                word: "nothing",
                words: Words {
                    en: "None",
                    de: "Keine",
                },
                put: |policy| policy.notification_level = Some(NotificationLevel::Nothing),
            },
        ],
        is_default: |choice| choice.alone().notification_level == Some(defaults::NOTIFICATION_LEVEL),
        example: "mentions",
    },
};

pub(super) static NOTIFICATION_SOUND: Setting = Setting {
    key: "notification_sound",
    name: Words {
        en: "Sound of notifications",
        de: "Ton bei Benachrichtigungen",
    },
    sentence: Words {
        en: "Whether a notification makes a sound.",
        de: "Ob eine Benachrichtigung einen Ton macht.",
    },
    topic: Topic::Notifications,
    binding: Binding::Initial,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::NOTIFICATION_SOUND,
        field: |policy| &mut policy.notification_sound,
    },
};

pub(super) static NOTIFICATION_CONTENT_ON_LOCKED_SCREEN: Setting = Setting {
    key: "notification_content_on_locked_screen",
    name: Words {
        en: "Content of notifications on a locked screen",
        de: "Inhalt von Benachrichtigungen auf dem Sperrbildschirm",
    },
    sentence: Words {
        en: "Whether a notification shows who wrote what while the screen is locked.",
        de: "Ob eine Benachrichtigung bei gesperrtem Bildschirm zeigt, wer was geschrieben hat.",
    },
    topic: Topic::Notifications,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::NOTIFICATION_CONTENT_ON_LOCKED_SCREEN,
        field: |policy| &mut policy.notification_content_on_locked_screen,
    },
};

pub(super) static DO_NOT_DISTURB_HOURS: Setting = Setting {
    key: "do_not_disturb_hours",
    name: Words {
        en: "Do-not-disturb hours",
        de: "Ruhezeit",
    },
    sentence: Words {
        en: "The hours of every day, on the clock of the device, in which nothing notifies; they may reach over midnight.",
        de: "Die Stunden jedes Tages nach der Uhr des Geräts, in denen nichts benachrichtigt, auch über Mitternacht.",
    },
    topic: Topic::Notifications,
    binding: Binding::Initial,
    since: "0.1.0",
    kind: Kind::Text {
        form: Form::Hours,
        example: "19:00-07:30",
        put: |policy, text| {
            policy.do_not_disturb_hours = forms::hours(text);
            policy.do_not_disturb_hours.is_some()
        },
    },
};
