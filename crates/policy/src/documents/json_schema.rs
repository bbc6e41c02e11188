//! The JSON schema (draft 2020-12) of `policy.json`, and an example that names every setting.

use serde_json::{Map, Value, json};

use crate::schema::{self, Kind, Setting};

pub(super) fn schema() -> String {
    let properties: Map<String, Value> = schema::SETTINGS
        .iter()
        .map(|setting| (setting.key.to_owned(), property(setting)))
        .collect();
    let mut all = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:loquat:policy",
        "$comment": "Written by `cargo xtask codegen` from crates/policy.",
        "title": "Policy of the Loquat desktop app",
        "description": "What an organisation sets for the app, in /etc/loquat/policy.json or a file in /etc/loquat/policy.d.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    all["properties"]["$schema"] = json!({
        "description": "Where this schema lies, for editors.",
        "type": "string",
    });
    pretty(&all)
}

pub(super) fn example() -> String {
    let mut settings: Map<String, Value> = schema::SETTINGS
        .iter()
        .map(|setting| (setting.key.to_owned(), setting.example()))
        .collect();
    settings.insert("$schema".to_owned(), json!("policy.schema.json"));
    pretty(&Value::Object(settings))
}

fn property(setting: &Setting) -> Value {
    let mut property = match &setting.kind {
        Kind::Flag { .. } => json!({ "type": "boolean" }),
        Kind::Number { least, most, .. } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Choice { choices, .. } => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            json!({ "type": "string", "enum": words })
        }
        Kind::Text { form, .. } => json!({ "type": "string", "pattern": form.pattern() }),
        Kind::List { form, most, .. } => json!({
            "type": "array",
            "items": { "type": "string", "pattern": form.pattern() },
            "minItems": 1,
            "maxItems": most,
        }),
    };
    property["title"] = setting.name.en.into();
    property["description"] = format!(
        "{} It is {}. {} Since {}.",
        setting.sentence.en,
        setting.expected().en,
        setting.binding.sentence().en,
        setting.since
    )
    .into();
    if let Some(default) = setting.default_value() {
        property["default"] = default;
    }
    property["examples"] = json!([setting.example()]);
    property
}

fn pretty(value: &Value) -> String {
    format!("{:#}\n", sorted(value))
}

/// The same with all keys in the order of the alphabet. Whether an object keeps them so is a feature of `serde_json`
/// that any crate beside this one can switch.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
