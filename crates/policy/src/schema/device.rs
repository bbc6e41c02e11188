//! How the app lives on its device: updates, what it keeps, when it runs.

use super::{Binding, Choice, Form, Kind, Setting, Topic, Words, defaults};
use crate::policy::UpdateChannel;

pub(super) static UPDATE_CHANNEL: Setting = Setting {
    key: "update_channel",
    name: Words {
        en: "Updates",
        de: "Updates",
    },
    sentence: Words {
        en: "Which versions the app updates itself to.",
        de: "Auf welche Versionen sich die App selbst aktualisiert.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Choice {
        choices: &[
            Choice {
                word: "stable",
                words: Words {
                    en: "Finished versions",
                    de: "Fertige Versionen",
                },
                put: |policy| policy.update_channel = Some(UpdateChannel::Stable),
            },
            Choice {
                word: "beta",
                words: Words {
                    en: "Versions that are still being tried, too",
                    de: "Auch Versionen, die noch erprobt werden",
                },
                put: |policy| policy.update_channel = Some(UpdateChannel::Beta),
            },
            Choice {
                word: "off",
                words: Words {
                    en: "None: the organisation installs new versions",
                    de: "Keine: Die Organisation installiert neue Versionen",
                },
                put: |policy| policy.update_channel = Some(UpdateChannel::Off),
            },
        ],
        is_default: |choice| choice.alone().update_channel == Some(defaults::UPDATE_CHANNEL),
        example: "off",
    },
};

pub(super) static UPDATE_URL: Setting = Setting {
    key: "update_url",
    name: Words {
        en: "Server of updates",
        de: "Update-Server",
    },
    sentence: Words {
        en: "The folder on the web that new versions come from; they must be signed by the key of the installed app.",
        de: "Der Ordner im Web, aus dem neue Versionen kommen; der Schlüssel der installierten App muss sie signiert \
             haben.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Text {
        form: Form::Folder,
        example: "https://updates.example.org/loquat/",
        put: |policy, text| {
            policy.update_url = Some(text.to_owned());
            true
        },
    },
};

pub(super) static CACHE_LIMIT_DAYS: Setting = Setting {
    key: "cache_limit_days",
    name: Words {
        en: "Days of messages on the device",
        de: "Tage mit Nachrichten auf dem Gerät",
    },
    sentence: Words {
        en: "How many days of messages stay on the device; older ones are loaded again when somebody scrolls to them.",
        de: "Wie viele Tage lang Nachrichten auf dem Gerät bleiben; ältere werden beim Zurückblättern neu geladen.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Number {
        least: 1,
        most: 3650,
        default: defaults::CACHE_LIMIT_DAYS,
        example: 30,
        unit: Words { en: "days", de: "Tage" },
        field: |policy| &mut policy.cache_limit_days,
    },
};

pub(super) static CACHE_LIMIT_MIB: Setting = Setting {
    key: "cache_limit_mib",
    name: Words {
        en: "Room for messages on the device",
        de: "Platz für Nachrichten auf dem Gerät",
    },
    sentence: Words {
        en: "How much room the messages on the device may take; the oldest go first.",
        de: "Wie viel Platz die Nachrichten auf dem Gerät belegen dürfen; die ältesten weichen zuerst.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Number {
        least: 64,
        most: 1_048_576,
        default: defaults::CACHE_LIMIT_MIB,
        example: 1024,
        unit: Words { en: "MiB", de: "MiB" },
        field: |policy| &mut policy.cache_limit_mib,
    },
};

pub(super) static AUTO_START: Setting = Setting {
    key: "auto_start",
    name: Words {
        en: "Start with the session",
        de: "Mit der Sitzung starten",
    },
    sentence: Words {
        en: "Whether the app starts, hidden, when somebody logs in to the computer.",
        de: "Ob die App verborgen startet, wenn sich jemand am Computer anmeldet.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::AUTO_START,
        field: |policy| &mut policy.auto_start,
    },
};

pub(super) static CLOSE_TO_TRAY: Setting = Setting {
    key: "close_to_tray",
    name: Words {
        en: "Stay in the tray when closed",
        de: "Nach dem Schließen im Infobereich bleiben",
    },
    sentence: Words {
        en: "Whether the app stays in the tray and keeps notifying when its window is closed, instead of ending.",
        de: "Ob die App nach dem Schließen des Fensters im Infobereich bleibt und weiter benachrichtigt, statt zu enden.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::CLOSE_TO_TRAY,
        field: |policy| &mut policy.close_to_tray,
    },
};

pub(super) static UNLOAD_HIDDEN_WINDOW_MINUTES: Setting = Setting {
    key: "unload_hidden_window_minutes",
    name: Words {
        en: "Minutes until a hidden window is unloaded",
        de: "Minuten, bis ein verborgenes Fenster entladen wird",
    },
    sentence: Words {
        en: "After how long a hidden window gives its memory back; notifications go on without it.",
        de: "Wann ein verborgenes Fenster seinen Speicher freigibt; Benachrichtigungen kommen auch ohne es.",
    },
    topic: Topic::Device,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Number {
        least: 1,
        most: 1440,
        default: defaults::UNLOAD_HIDDEN_WINDOW_MINUTES,
        example: 15,
        unit: Words {
            en: "minutes",
            de: "Minuten",
        },
        field: |policy| &mut policy.unload_hidden_window_minutes,
    },
};
