use std::collections::BTreeSet;

use super::*;
use crate::raw::{Raw, Table};
use crate::reading::Reading;

/// A value of JSON as a reader would find it.
fn raw(value: &serde_json::Value) -> Raw {
    crate::source::json::raw(value)
}

fn read(setting: &Setting, value: &serde_json::Value) -> Reading {
    let mut reading = Reading::default();
    reading.take("here", &Table::from([(setting.key.to_owned(), raw(value))]));
    reading
}

#[test]
fn every_key_is_there_once_and_plain() {
    let keys: BTreeSet<&str> = SETTINGS.iter().map(|setting| setting.key).collect();

    assert_eq!(keys.len(), SETTINGS.len());
    for key in keys {
        assert!(
            key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{key}"
        );
    }
}

#[test]
fn every_setting_can_be_set_by_its_example_and_has_a_field_of_its_own() {
    let mut policies = vec![Policy::default()];
    for setting in SETTINGS {
        let reading = read(setting, &setting.example());

        assert_eq!(reading.faults, [], "{}", setting.key);
        assert!(
            !policies.contains(&reading.policy),
            "{} sets what another sets",
            setting.key
        );
        policies.push(reading.policy);
    }
}

#[test]
fn every_field_of_a_policy_has_its_setting() {
    let mut reading = Reading::default();
    for setting in SETTINGS {
        reading.take(
            "here",
            &Table::from([(setting.key.to_owned(), raw(&setting.example()))]),
        );
    }
    // Taken apart without `..`: a new field does not compile until it is asked for here.
    let Policy {
        server_addresses,
        allow_other_servers,
        proxy_mode,
        proxy_url,
        proxy_bypass,
        extra_ca_file,
        update_channel,
        update_url,
        cache_limit_days,
        cache_limit_mib,
        auto_start,
        close_to_tray,
        unload_hidden_window_minutes,
        notification_level,
        notification_sound,
        notification_content_on_locked_screen,
        do_not_disturb_hours,
        log_level,
        allow_diagnostics,
    } = reading.policy;
    let set = [
        server_addresses.is_some(),
        allow_other_servers.is_some(),
        proxy_mode.is_some(),
        proxy_url.is_some(),
        proxy_bypass.is_some(),
        extra_ca_file.is_some(),
        update_channel.is_some(),
        update_url.is_some(),
        cache_limit_days.is_some(),
        cache_limit_mib.is_some(),
        auto_start.is_some(),
        close_to_tray.is_some(),
        unload_hidden_window_minutes.is_some(),
        notification_level.is_some(),
        notification_sound.is_some(),
        notification_content_on_locked_screen.is_some(),
        do_not_disturb_hours.is_some(),
        log_level.is_some(),
        allow_diagnostics.is_some(),
    ];

    assert_eq!(set, [true; SETTINGS.len()]);
}

#[test]
fn every_default_is_a_right_value() {
    for setting in SETTINGS {
        if let Some(default) = setting.default_value() {
            assert_eq!(read(setting, &default).faults, [], "{}", setting.key);
        }
    }
}

#[test]
fn every_choice_has_exactly_one_default_and_words_of_its_own() {
    for setting in SETTINGS {
        let Kind::Choice {
            choices, is_default, ..
        } = &setting.kind
        else {
            continue;
        };
        let words: BTreeSet<&str> = choices.iter().map(|choice| choice.word).collect();

        assert_eq!(
            choices.iter().filter(|choice| is_default(choice)).count(),
            1,
            "{}",
            setting.key
        );
        assert_eq!(words.len(), choices.len(), "{}", setting.key);
    }
}

#[test]
fn every_sentence_is_one_in_both_languages() {
    for setting in SETTINGS {
        for sentence in [setting.sentence.en, setting.sentence.de] {
            assert!(sentence.ends_with('.'), "{sentence}");
            assert!(!sentence.contains(". "), "{sentence}");
        }
        assert!(
            !setting.name.de.is_empty() && !setting.name.en.is_empty(),
            "{}",
            setting.key
        );
    }
}
