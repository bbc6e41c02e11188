//! Values of JSON.

use serde_json::Value;

use crate::raw::{Raw, Table};

/// What editors read to know the schema; it sets nothing.
const SCHEMA_KEY: &str = "$schema";

/// The values of a file; an error says where it stops being JSON.
pub(crate) fn table(text: &str) -> Result<Table, String> {
    // Editors of Windows begin a file with a mark that JSON does not know.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(text).map_err(|error| error.to_string())? {
        Value::Object(values) => {
            let settings = values.iter().filter(|(key, _)| *key != SCHEMA_KEY);
            Ok(settings.map(|(key, value)| (key.clone(), raw(value))).collect())
        }
        _ => Err("it is not an object, which begins with { and ends with }".to_owned()),
    }
}

pub(crate) fn raw(value: &Value) -> Raw {
    match value {
        Value::Bool(flag) => Raw::Flag(*flag),
        Value::Number(number) => number.as_i64().map_or(Raw::Odd("not a whole number"), Raw::Number),
        Value::String(text) => Raw::Text(text.clone()),
        Value::Array(items) => Raw::List(items.iter().map(raw).collect()),
        Value::Null => Raw::Odd("null"),
        Value::Object(_) => Raw::Odd("an object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_json_is_told_from_the_others() {
        let table = table(
            r#"{"$schema": "policy.schema.json", "a": true, "b": 7, "c": "text", "d": ["x"], "e": 1.5, "f": null, "g": {}}"#,
        )
        .unwrap();

        let expected = Table::from([
            ("a".to_owned(), Raw::Flag(true)),
            ("b".to_owned(), Raw::Number(7)),
            ("c".to_owned(), Raw::Text("text".to_owned())),
            ("d".to_owned(), Raw::List(vec![Raw::Text("x".to_owned())])),
            ("e".to_owned(), Raw::Odd("not a whole number")),
            ("f".to_owned(), Raw::Odd("null")),
            ("g".to_owned(), Raw::Odd("an object")),
        ]);
        assert_eq!(table, expected);
    }

    #[test]
    fn what_is_not_json_is_pointed_at() {
        let error = table("{\n  \"auto_start\": yes\n}").unwrap_err();

        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn a_list_of_settings_is_no_policy() {
        assert!(table("[]").unwrap_err().contains("not an object"));
    }

    #[test]
    fn a_mark_of_the_byte_order_is_passed_over() {
        assert_eq!(table("\u{feff}{}"), Ok(Table::new()));
    }
}
