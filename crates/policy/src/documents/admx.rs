//! The template for group policy on Windows: where the editor writes what.

use super::xml::Element;
use crate::schema::{self, Choice, Kind, Setting, Topic};
use crate::source::REGISTRY_KEY;

/// The version of the template. It grows when a setting is added, and the resources say which one they need.
pub(super) const REVISION: &str = "1.0";

/// The namespace that both kinds of files are written in.
pub(super) const NAMESPACE: &str = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions";

/// Said at the top of each file.
pub(super) const GENERATED: &str = "<!-- Written by `cargo xtask codegen` from crates/policy. -->\n";

pub(super) fn template() -> String {
    let categories = Element::new("categories")
        .child(
            Element::new("category")
                .with("name", "loquat")
                .with("displayName", "$(string.loquat)"),
        )
        .children(Topic::ALL.map(category));
    Element::new("policyDefinitions")
        .with("xmlns", NAMESPACE)
        .with("revision", REVISION)
        .with("schemaVersion", "1.0")
        .child(
            Element::new("policyNamespaces").child(
                Element::new("target")
                    .with("prefix", "loquat")
                    .with("namespace", "Loquat.Policies.Desktop"),
            ),
        )
        .child(Element::new("resources").with("minRequiredRevision", REVISION))
        .child(supported_on())
        .child(categories)
        .child(Element::new("policies").children(schema::SETTINGS.into_iter().map(policy)))
        .file(GENERATED)
}

/// One definition for each version of the app that brought settings.
fn supported_on() -> Element {
    let mut versions: Vec<&str> = schema::SETTINGS.iter().map(|setting| setting.since).collect();
    versions.sort_unstable();
    versions.dedup();
    let definitions = versions.into_iter().map(|version| {
        let name = since(version);
        Element::new("definition")
            .with("name", &name)
            .with("displayName", format!("$(string.{name})"))
    });
    Element::new("supportedOn").child(Element::new("definitions").children(definitions))
}

/// The id of a version of the app.
pub(super) fn since(version: &str) -> String {
    format!("since_{}", version.replace('.', "_"))
}

/// The id of a topic: distinct from the keys of settings.
pub(super) fn topic_id(topic: Topic) -> String {
    format!("topic_{}", topic.key())
}

/// The id of the words of a choice.
pub(super) fn choice_id(setting: &Setting, choice: &Choice) -> String {
    format!("{}_{}", setting.key, choice.word)
}

fn category(topic: Topic) -> Element {
    let id = topic_id(topic);
    Element::new("category")
        .with("name", &id)
        .with("displayName", format!("$(string.{id})"))
        .child(Element::new("parentCategory").with("ref", "loquat"))
}

fn policy(setting: &'static Setting) -> Element {
    let key = setting.key;
    let mut policy = Element::new("policy")
        .with("name", key)
        .with("class", "Both")
        .with("displayName", format!("$(string.{key})"))
        .with("explainText", format!("$(string.{key}_explain)"))
        .with("key", REGISTRY_KEY);
    let is_flag = matches!(setting.kind, Kind::Flag { .. });
    policy = if is_flag {
        policy.with("valueName", key)
    } else {
        policy.with("presentation", format!("$(presentation.{key})"))
    };
    policy = policy
        .child(Element::new("parentCategory").with("ref", topic_id(setting.topic)))
        .child(Element::new("supportedOn").with("ref", since(setting.since)));
    if is_flag {
        policy
            .child(Element::new("enabledValue").child(Element::new("decimal").with("value", 1)))
            .child(Element::new("disabledValue").child(Element::new("decimal").with("value", 0)))
    } else {
        policy.child(Element::new("elements").children(element(setting)))
    }
}

/// What the editor asks for when the policy is switched on; nothing for a switch, which is the policy itself.
fn element(setting: &'static Setting) -> Option<Element> {
    let key = setting.key;
    Some(match &setting.kind {
        Kind::Flag { .. } => return None,
        Kind::Number { least, most, .. } => Element::new("decimal")
            .with("id", key)
            .with("valueName", key)
            .with("required", true)
            .with("minValue", least)
            .with("maxValue", most),
        Kind::Choice { choices, .. } => {
            let items = choices.iter().map(|choice| {
                Element::new("item")
                    .with("displayName", format!("$(string.{})", choice_id(setting, choice)))
                    .child(Element::new("value").child(Element::new("string").text(choice.word)))
            });
            Element::new("enum")
                .with("id", key)
                .with("valueName", key)
                .with("required", true)
                .children(items)
        }
        Kind::Text { .. } => Element::new("text")
            .with("id", key)
            .with("valueName", key)
            .with("required", true),
        // With a prefix, even an empty one, the values are named 1, 2, 3, …; without it after themselves.
        Kind::List { .. } => Element::new("list")
            .with("id", key)
            .with("key", format!(r"{REGISTRY_KEY}\{key}"))
            .with("valuePrefix", ""),
    })
}
