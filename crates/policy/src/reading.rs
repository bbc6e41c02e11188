//! From values as they were found to a policy: the pure part that is the same for every system.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::policy::{Policy, ProxyMode};
use crate::raw::{Raw, Table};
use crate::schema::{self, Choice, Kind, Setting};
use crate::spelling::nearest;

/// A policy, with where each value came from and what was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    pub policy: Policy,
    /// What the organisation set, by key.
    pub set: BTreeMap<&'static str, SetValue>,
    pub faults: Vec<Fault>,
}

/// One value that the organisation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetValue {
    /// As it would be written in a file.
    pub value: String,
    /// The file or registry key that said so last.
    pub place: String,
}

impl Reading {
    /// Takes over the values of one place. They replace those of the places before it; a wrong one replaces nothing.
    pub(crate) fn take(&mut self, place: &str, table: &Table) {
        for (key, raw) in table {
            let Some(setting) = schema::find(key) else {
                self.faults.push(Fault::UnknownKey {
                    place: place.to_owned(),
                    key: key.clone(),
                    meant: nearest(key),
                });
                continue;
            };
            match put(setting, raw, &mut self.policy) {
                Some(value) => self.remember(setting, value, place),
                None => self.faults.push(wrong(setting, raw, place)),
            }
        }
    }

    /// Leaves out what means nothing without another setting. Called when every place was taken over, because one
    /// may complete the other.
    pub(crate) fn complete(mut self) -> Self {
        if self.policy.proxy_mode == Some(ProxyMode::Manual) && self.policy.proxy_url.is_none() {
            self.policy.proxy_mode = None;
            self.leave_out("proxy_mode", "proxy_url");
        }
        if self.policy.proxy_url.is_some() && self.policy.proxy_mode != Some(ProxyMode::Manual) {
            self.policy.proxy_url = None;
            self.leave_out("proxy_url", "proxy_mode \"manual\"");
        }
        if self.policy.proxy_bypass.is_some() && self.policy.proxy_mode != Some(ProxyMode::Manual) {
            self.policy.proxy_bypass = None;
            self.leave_out("proxy_bypass", "proxy_mode \"manual\"");
        }
        // Without any server nobody could sign in.
        if self.policy.allow_other_servers == Some(false) && self.policy.server_addresses.is_none() {
            self.policy.allow_other_servers = None;
            self.leave_out("allow_other_servers", "server_addresses");
        }
        self
    }

    fn remember(&mut self, setting: &'static Setting, value: String, place: &str) {
        let place = place.to_owned();
        self.set.insert(setting.key, SetValue { value, place });
    }

    fn leave_out(&mut self, key: &'static str, needed: &str) {
        if let Some(SetValue { value, place }) = self.set.remove(key) {
            self.faults.push(Fault::Incomplete {
                place,
                key: key.to_owned(),
                value,
                needed: needed.to_owned(),
            });
        }
    }
}

/// Puts a value into the policy and returns how it is written; none when it is wrong, and then nothing changed.
fn put(setting: &Setting, raw: &Raw, policy: &mut Policy) -> Option<String> {
    match &setting.kind {
        Kind::Flag { field, .. } => {
            let flag = flag(raw)?;
            *field(policy) = Some(flag);
            Some(flag.to_string())
        }
        Kind::Number { least, most, field, .. } => {
            let number = number(raw).filter(|number| (least..=most).contains(&number))?;
            *field(policy) = Some(number);
            Some(number.to_string())
        }
        Kind::Choice { choices, .. } => {
            let choice = choice(choices, raw)?;
            choice.put(policy);
            Some(format!("\"{}\"", choice.word))
        }
        Kind::Text { form, put, .. } => {
            let text = form.parse(text(raw)?)?;
            put(policy, &text).then(|| format!("\"{text}\""))
        }
        Kind::List { form, most, put, .. } => {
            let Raw::List(items) = raw else {
                return None;
            };
            let parsed = items.iter().map(|item| form.parse(text(item)?));
            let parsed: Vec<String> = parsed.collect::<Option<_>>()?;
            if parsed.is_empty() || parsed.len() > *most {
                return None;
            }
            let value = format!("[\"{}\"]", parsed.join("\", \""));
            put(policy, parsed);
            Some(value)
        }
    }
}

fn flag(raw: &Raw) -> Option<bool> {
    match raw {
        Raw::Flag(flag) => Some(*flag),
        Raw::Word(0) => Some(false),
        Raw::Word(1) => Some(true),
        _ => None,
    }
}

fn number(raw: &Raw) -> Option<u32> {
    match raw {
        Raw::Number(number) => u32::try_from(*number).ok(),
        Raw::Word(number) => u32::try_from(*number).ok(),
        _ => None,
    }
}

fn text(raw: &Raw) -> Option<&str> {
    match raw {
        Raw::Text(text) => Some(text),
        _ => None,
    }
}

fn choice<'a>(choices: &'a [Choice], raw: &Raw) -> Option<&'a Choice> {
    let text = text(raw)?;
    choices.iter().find(|choice| choice.word == text)
}

fn wrong(setting: &Setting, raw: &Raw, place: &str) -> Fault {
    Fault::WrongValue {
        place: place.to_owned(),
        key: setting.key.to_owned(),
        value: raw.shown(),
        expected: setting.expected().en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Hours, UpdateChannel};

    const PLACE: &str = "/etc/loquat/policy.json";

    fn table(values: &[(&str, Raw)]) -> Table {
        values
            .iter()
            .map(|(key, raw)| ((*key).to_owned(), raw.clone()))
            .collect()
    }

    fn text(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }

    fn read(values: &[(&str, Raw)]) -> Reading {
        let mut reading = Reading::default();
        reading.take(PLACE, &table(values));
        reading.complete()
    }

    /// The sentences of a reading's faults.
    fn said(reading: &Reading) -> Vec<String> {
        reading.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_not_set_is_left_to_the_person() {
        let reading = read(&[("update_channel", text("beta"))]);

        let expected = Policy {
            update_channel: Some(UpdateChannel::Beta),
            ..Policy::default()
        };
        assert_eq!(reading.policy, expected);
    }

    #[test]
    fn a_wrong_value_takes_nothing_else_with_it() {
        let reading = read(&[
            ("auto_start", text("yes")),
            ("cache_limit_days", Raw::Number(0)),
            ("do_not_disturb_hours", text("19:00-07:30")),
        ]);

        assert_eq!(reading.policy.auto_start, None);
        assert_eq!(reading.policy.cache_limit_days, None);
        assert_eq!(
            reading.policy.do_not_disturb_hours,
            Some(Hours { from: 1140, until: 450 })
        );
        assert_eq!(
            said(&reading),
            [
                "/etc/loquat/policy.json: \"auto_start\" is \"yes\", but has to be true or false; it is ignored",
                "/etc/loquat/policy.json: \"cache_limit_days\" is 0, but has to be a whole number from 1 to 3650 (days); \
                 it is ignored",
            ]
        );
    }

    #[test]
    fn a_slip_in_a_key_is_pointed_out() {
        let reading = read(&[
            ("AutoStart", Raw::Flag(true)),
            ("server_adresses", Raw::List(vec![])),
            ("colour", text("amber")),
        ]);

        assert_eq!(reading.policy, Policy::default());
        assert_eq!(
            said(&reading),
            [
                "/etc/loquat/policy.json: \"AutoStart\" is no setting of this version (\"auto_start\" is one); it is ignored",
                "/etc/loquat/policy.json: \"colour\" is no setting of this version; it is ignored",
                "/etc/loquat/policy.json: \"server_adresses\" is no setting of this version (\"server_addresses\" is one); \
                 it is ignored",
            ]
        );
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_repeated() {
        let reading = read(&[
            ("proxy_mode", text("manual")),
            ("proxy_url", text("http://ada:secret@proxy.example.org:3128")),
        ]);

        let said = said(&reading).join("\n");
        assert_eq!(reading.policy.proxy_url, None);
        assert!(said.contains("proxy_url") && !said.contains("secret"), "{said}");
    }

    #[test]
    fn a_number_too_large_for_anything_is_wrong_and_not_another_number() {
        let reading = read(&[("cache_limit_days", Raw::Number((1 << 32) + 30))]);

        assert_eq!(reading.policy.cache_limit_days, None);
        assert_eq!(reading.faults.len(), 1);
    }

    #[test]
    fn one_wrong_address_makes_the_list_wrong() {
        let addresses = Raw::List(vec![text("https://chat.example.org"), text("chat")]);

        let reading = read(&[("server_addresses", addresses)]);

        assert_eq!(reading.policy.server_addresses, None);
        assert!(
            said(&reading)[0].contains("is a list of 2, but has to be"),
            "{:?}",
            reading.faults
        );
    }

    #[test]
    fn a_later_place_wins_where_it_is_right() {
        let mut reading = Reading::default();
        reading.take(
            "first",
            &table(&[("cache_limit_days", Raw::Number(30)), ("auto_start", Raw::Flag(true))]),
        );
        reading.take(
            "second",
            &table(&[("cache_limit_days", Raw::Number(7)), ("auto_start", text("no"))]),
        );

        assert_eq!(reading.policy.cache_limit_days, Some(7));
        assert_eq!(reading.policy.auto_start, Some(true));
        assert_eq!(reading.set["cache_limit_days"].place, "second");
        assert_eq!(reading.set["auto_start"].place, "first");
    }

    #[test]
    fn a_manual_proxy_without_an_address_is_none() {
        let reading = read(&[("proxy_mode", text("manual"))]);

        assert_eq!(reading.policy, Policy::default());
        assert_eq!(
            said(&reading),
            ["/etc/loquat/policy.json: \"proxy_mode\" is \"manual\" and therefore needs proxy_url; it is ignored"]
        );
    }

    #[test]
    fn an_address_of_a_proxy_that_nothing_uses_is_pointed_out() {
        let reading = read(&[("proxy_url", text("http://proxy.example.org:3128"))]);

        assert_eq!(reading.policy, Policy::default());
        assert_eq!(reading.faults.len(), 1);
    }

    #[test]
    fn two_places_may_complete_each_other() {
        let mut reading = Reading::default();
        reading.take("first", &table(&[("proxy_mode", text("manual"))]));
        reading.take(
            "second",
            &table(&[("proxy_url", text("socks5://proxy.example.org:1080"))]),
        );
        let reading = reading.complete();

        assert_eq!(reading.faults, []);
        assert_eq!(reading.policy.proxy_mode, Some(ProxyMode::Manual));
    }

    #[test]
    fn nobody_is_locked_out_of_every_server() {
        let reading = read(&[("allow_other_servers", Raw::Flag(false))]);

        assert_eq!(reading.policy.allow_other_servers, None);
        assert_eq!(reading.faults.len(), 1);
    }

    #[test]
    fn a_value_is_remembered_as_it_is_written() {
        let reading = read(&[
            ("auto_start", Raw::Flag(true)),
            ("log_level", text("debug")),
            (
                "server_addresses",
                Raw::List(vec![text("https://A.example.org"), text("https://b.example.org")]),
            ),
        ]);

        let values: Vec<&str> = reading.set.values().map(|set| set.value.as_str()).collect();
        assert_eq!(
            values,
            [
                "true",
                "\"debug\"",
                "[\"https://a.example.org\", \"https://b.example.org\"]"
            ]
        );
    }
}
