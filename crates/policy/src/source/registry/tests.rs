use super::*;
use crate::reading::Reading;

fn named(values: &[(&str, RegistryValue)]) -> Vec<(String, RegistryValue)> {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

fn text(text: &str) -> RegistryValue {
    RegistryValue::Text(text.to_owned())
}

fn read(key: Key) -> Reading {
    let mut reading = Reading::default();
    reading.take("HKLM", &table(key));
    reading
}

#[test]
fn a_switch_is_a_number() {
    let reading = read(Key {
        values: named(&[
            ("auto_start", RegistryValue::Word(1)),
            ("close_to_tray", RegistryValue::Word(0)),
        ]),
        ..Key::default()
    });

    assert_eq!(reading.policy.auto_start, Some(true));
    assert_eq!(reading.policy.close_to_tray, Some(false));
    assert_eq!(reading.faults, []);
}

#[test]
fn another_number_is_no_switch() {
    let reading = read(Key {
        values: named(&[("auto_start", RegistryValue::Word(2)), ("close_to_tray", text("1"))]),
        ..Key::default()
    });

    assert_eq!(reading.policy, crate::Policy::default());
    assert_eq!(reading.faults.len(), 2);
}

#[test]
fn a_list_is_a_key_in_the_order_of_its_numbers() {
    let addresses = named(&[
        ("10", text("https://j.example.org")),
        ("2", text("https://b.example.org")),
        ("1", text("https://a.example.org")),
        ("", text("")),
        ("**delvals.", text(" ")),
    ]);

    let reading = read(Key {
        keys: vec![("server_addresses".to_owned(), addresses)],
        ..Key::default()
    });

    assert_eq!(reading.faults, []);
    assert_eq!(
        reading.policy.server_addresses.unwrap(),
        [
            "https://a.example.org",
            "https://b.example.org",
            "https://j.example.org"
        ]
    );
}

#[test]
fn a_list_may_also_be_one_value() {
    let reading = read(Key {
        values: named(&[(
            "server_addresses",
            RegistryValue::Texts(vec!["https://a.example.org".to_owned()]),
        )]),
        ..Key::default()
    });

    assert_eq!(reading.policy.server_addresses.unwrap(), ["https://a.example.org"]);
}

#[test]
fn names_know_no_upper_and_lower_case() {
    let reading = read(Key {
        values: named(&[
            ("Cache_Limit_Days", RegistryValue::Word(30)),
            ("Log_Level", text("debug")),
        ]),
        ..Key::default()
    });

    assert_eq!(reading.faults, []);
    assert_eq!(reading.policy.cache_limit_days, Some(30));
}

#[test]
fn a_value_of_another_kind_is_named() {
    let reading = read(Key {
        values: named(&[("log_level", RegistryValue::Odd)]),
        ..Key::default()
    });

    let said = reading.faults[0].to_string();
    assert!(
        said.contains("\"log_level\" is of a kind that no setting has"),
        "{said}"
    );
}
