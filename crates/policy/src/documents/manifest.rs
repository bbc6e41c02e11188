//! The manifest of the preferences for macOS: what editors of configuration profiles show as a form.

use super::plist_xml::{Dictionary, array, string, value};
use super::xml::Element;
use crate::APP_ID;
use crate::schema::{self, Kind, Setting};

/// The oldest macOS that the app runs on.
const OLDEST_MACOS: &str = "11.0";

pub(super) fn manifest() -> String {
    let about = [
        about(
            "PayloadDescription",
            "Payload description",
            "Settings of the Loquat desktop app.",
        ),
        about("PayloadDisplayName", "Payload display name", "Loquat"),
        about("PayloadIdentifier", "Payload identifier", APP_ID),
        about("PayloadType", "Payload type", APP_ID),
        about("PayloadUUID", "Payload UUID", ""),
        payload_version(),
        about("PayloadOrganization", "Payload organisation", ""),
    ];
    Dictionary::new()
        .text("pfm_description", "Settings of the Loquat desktop app")
        .text("pfm_domain", APP_ID)
        .number("pfm_format_version", 1)
        // The format wants a date; it is the one of the format of this file, not of its making.
        .with("pfm_last_modified", Element::new("date").text("2026-11-23T00:00:00Z"))
        .text("pfm_macos_min", OLDEST_MACOS)
        .with("pfm_platforms", array([string("macOS")]))
        .with(
            "pfm_subkeys",
            array(about.into_iter().chain(schema::SETTINGS.into_iter().map(subkey))),
        )
        .with("pfm_targets", array([string("system")]))
        .text("pfm_title", "Loquat")
        .with("pfm_unique", Element::new("true"))
        .number("pfm_version", 1)
        .file()
}

/// One of the keys that every payload has.
fn about(name: &str, title: &str, default: &str) -> Element {
    Dictionary::new()
        .text("pfm_default", default)
        .text("pfm_name", name)
        .text("pfm_title", title)
        .text("pfm_type", "string")
        .element()
}

fn payload_version() -> Element {
    Dictionary::new()
        .number("pfm_default", 1)
        .text("pfm_name", "PayloadVersion")
        .text("pfm_title", "Payload version")
        .text("pfm_type", "integer")
        .element()
}

fn subkey(setting: &'static Setting) -> Element {
    let mut subkey = Dictionary::new()
        .text("pfm_app_min", setting.since)
        .text(
            "pfm_description",
            format!("{} {}", setting.sentence.en, setting.binding.sentence().en),
        )
        .text("pfm_name", setting.key)
        .text("pfm_title", setting.name.en);
    if let Some(default) = setting.default_value() {
        subkey = subkey.with("pfm_default", value(&default));
    }
    let kind = match &setting.kind {
        Kind::Flag { .. } => "boolean",
        Kind::Number { .. } => "integer",
        Kind::Choice { .. } | Kind::Text { .. } => "string",
        Kind::List { .. } => "array",
    };
    restricted(subkey, setting).text("pfm_type", kind).element()
}

/// What keeps a value right, as far as the format can say it.
fn restricted(subkey: Dictionary, setting: &'static Setting) -> Dictionary {
    match &setting.kind {
        Kind::Flag { .. } => subkey,
        Kind::Number { least, most, unit, .. } => subkey
            .number("pfm_range_max", *most)
            .number("pfm_range_min", *least)
            .text("pfm_value_unit", unit.en),
        Kind::Choice { choices, .. } => subkey
            .with(
                "pfm_range_list",
                array(choices.iter().map(|choice| string(choice.word))),
            )
            .with(
                "pfm_range_list_titles",
                array(choices.iter().map(|choice| string(choice.words.en))),
            ),
        Kind::Text { form, example, .. } => subkey
            .text("pfm_format", form.pattern())
            .text("pfm_value_placeholder", example),
        Kind::List { form, examples, .. } => {
            let item = Dictionary::new()
                .text("pfm_format", form.pattern())
                .text("pfm_type", "string")
                .text("pfm_value_placeholder", examples.first().unwrap_or(&""));
            subkey.with("pfm_subkeys", array([item.element()]))
        }
    }
}
