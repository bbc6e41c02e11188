//! The words of the template for group policy, in one language.

use super::Language;
use super::admx::{self, GENERATED, NAMESPACE, REVISION, choice_id, topic_id};
use super::xml::Element;
use crate::schema::{self, Kind, Setting, Topic, Words};

pub(super) fn resources(language: Language) -> String {
    let about = Words {
        en: "Settings of the Loquat desktop app for an organisation.",
        de: "Einstellungen der Desktop-App Loquat für eine Organisation.",
    };
    let strings = [string("loquat", "Loquat")]
        .into_iter()
        .chain(Topic::ALL.map(|topic| string(topic_id(topic), language.of(topic.words()))))
        .chain(versions(language))
        .chain(
            schema::SETTINGS
                .into_iter()
                .flat_map(|setting| words(setting, language)),
        );
    let presentations = schema::SETTINGS
        .into_iter()
        .filter_map(|setting| presentation(setting, language));
    Element::new("policyDefinitionResources")
        .with("xmlns", NAMESPACE)
        .with("revision", REVISION)
        .with("schemaVersion", "1.0")
        .child(Element::new("displayName").text("Loquat"))
        .child(Element::new("description").text(language.of(about)))
        .child(
            Element::new("resources")
                .child(Element::new("stringTable").children(strings))
                .child(Element::new("presentationTable").children(presentations)),
        )
        .file(GENERATED)
}

fn string(id: impl ToString, text: impl ToString) -> Element {
    Element::new("string").with("id", id).text(text)
}

/// From which version of the app on a setting is known.
fn versions(language: Language) -> Vec<Element> {
    let mut versions: Vec<&str> = schema::SETTINGS.iter().map(|setting| setting.since).collect();
    versions.sort_unstable();
    versions.dedup();
    let words = Words {
        en: "Loquat {} or newer",
        de: "Loquat {} oder neuer",
    };
    let text = |version: &str| language.of(words).replace("{}", version);
    versions
        .into_iter()
        .map(|version| string(admx::since(version), text(version)))
        .collect()
}

fn words(setting: &'static Setting, language: Language) -> Vec<Element> {
    let mut strings = vec![
        string(setting.key, language.of(setting.name)),
        string(format!("{}_explain", setting.key), explanation(setting, language)),
    ];
    if let Kind::Choice { choices, .. } = &setting.kind {
        let of_choices = choices
            .iter()
            .map(|choice| string(choice_id(setting, choice), language.of(choice.words)));
        strings.extend(of_choices);
    }
    strings
}

/// What stands beside a policy in the editor.
fn explanation(setting: &Setting, language: Language) -> String {
    let expected = match language {
        Language::English => format!("The value is {}.", setting.expected().en),
        Language::German => format!("Der Wert ist {}.", setting.expected().de),
    };
    let default = match (setting.default_value(), language) {
        (Some(value), Language::English) => format!("If this is not configured, it is {value}."),
        (Some(value), Language::German) => format!("Wenn dies nicht konfiguriert ist, gilt {value}."),
        (None, Language::English) => "If this is not configured, there is none.".to_owned(),
        (None, Language::German) => "Wenn dies nicht konfiguriert ist, gibt es keinen Wert.".to_owned(),
    };
    let of_a_switch = match (&setting.kind, language) {
        (Kind::Flag { .. }, Language::English) => "Enabled means true, disabled means false.",
        (Kind::Flag { .. }, Language::German) => "Aktiviert heißt true, deaktiviert heißt false.",
        _ => expected.as_str(),
    };
    format!(
        "{}\n\n{of_a_switch} {default}\n\n{}",
        language.of(setting.sentence),
        language.of(setting.binding.sentence())
    )
}

fn presentation(setting: &'static Setting, language: Language) -> Option<Element> {
    let name = format!("{}:", language.of(setting.name));
    let part = match &setting.kind {
        Kind::Flag { .. } => return None,
        Kind::Number { default, unit, .. } => Element::new("decimalTextBox")
            .with("refId", setting.key)
            .with("defaultValue", default)
            .text(format!("{} ({}):", language.of(setting.name), language.of(*unit))),
        Kind::Choice {
            choices, is_default, ..
        } => {
            let default = choices.iter().position(is_default).unwrap_or_default();
            Element::new("dropdownList")
                .with("refId", setting.key)
                .with("noSort", true)
                .with("defaultItem", default)
                .text(name)
        }
        Kind::Text { .. } => Element::new("textBox")
            .with("refId", setting.key)
            .child(Element::new("label").text(name)),
        Kind::List { .. } => Element::new("listBox").with("refId", setting.key).text(name),
    };
    Some(Element::new("presentation").with("id", setting.key).child(part))
}
