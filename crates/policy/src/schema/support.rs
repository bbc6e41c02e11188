//! What helps to find out what went wrong.

use super::{Binding, Choice, Kind, Setting, Topic, Words, defaults};
use crate::policy::LogLevel;

pub(super) static LOG_LEVEL: Setting = Setting {
    key: "log_level",
    name: Words {
        en: "Log",
        de: "Protokoll",
    },
    sentence: Words {
        en: "How much the app writes to its log, which never holds messages, codes or addresses of people.",
        de: "Wie viel die App in ihr Protokoll schreibt, das nie Nachrichten, Codes oder Adressen von Personen enthält.",
    },
    topic: Topic::Support,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Choice {
        choices: &[
            Choice {
                word: "error",
                words: Words {
                    en: "Only what failed",
                    de: "Nur was misslang",
                },
                put: |policy| policy.log_level = Some(LogLevel::Error),
            },
            Choice {
                word: "warn",
                words: Words {
                    en: "Also what is unusual",
                    de: "Auch was ungewöhnlich ist",
                },
                put: |policy| policy.log_level = Some(LogLevel::Warn),
            },
            Choice {
                word: "info",
                words: Words {
                    en: "Also what happens",
                    de: "Auch was geschieht",
                },
                put: |policy| policy.log_level = Some(LogLevel::Info),
            },
            Choice {
                word: "debug",
                words: Words {
                    en: "Also why it happens",
                    de: "Auch warum es geschieht",
                },
                put: |policy| policy.log_level = Some(LogLevel::Debug),
            },
            Choice {
                word: "trace",
                words: Words {
                    en: "Everything",
                    de: "Alles",
                },
                put: |policy| policy.log_level = Some(LogLevel::Trace),
            },
        ],
        is_default: |choice| choice.alone().log_level == Some(defaults::LOG_LEVEL),
        example: "debug",
    },
};

pub(super) static ALLOW_DIAGNOSTICS: Setting = Setting {
    key: "allow_diagnostics",
    name: Words {
        en: "Allow diagnostics",
        de: "Diagnosedaten erlauben",
    },
    sentence: Words {
        en: "Whether people may save a file with logs and facts about their device to hand it to support.",
        de: "Ob man eine Datei mit Protokollen und Angaben zum Gerät speichern darf, um sie dem Support zu geben.",
    },
    topic: Topic::Support,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::ALLOW_DIAGNOSTICS,
        field: |policy| &mut policy.allow_diagnostics,
    },
};
