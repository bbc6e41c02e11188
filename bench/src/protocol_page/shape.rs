//! Whether what came looks like its example, and which of the example's values stand for which real ones.

use std::collections::HashMap;

use serde_json::Value;

/// Real values by the example values that stand for them.
#[derive(Debug, Default)]
pub(super) struct Bindings(HashMap<String, String>);

impl Bindings {
    /// From now on `example` stands for `real`.
    pub(super) fn bind(&mut self, example: &str, real: &str) {
        if !example.is_empty() && example != real {
            self.0.insert(example.to_owned(), real.to_owned());
        }
    }

    /// The text of an example with the real values in it.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut names: Vec<&String> = self.0.keys().collect();
        // The longest first: one example value may begin like another.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names
            .into_iter()
            .fold(text.to_owned(), |text, name| text.replace(name, &self.0[name]))
    }

    /// Compares what came with its example, field by field, and binds the ids and tokens in it.
    ///
    /// Both must have the same fields of the same types; of a list only the first elements are compared.
    pub(super) fn match_up(&mut self, example: &Value, real: &Value, place: &str) -> Result<(), String> {
        match (example, real) {
            (Value::Object(shown), Value::Object(came)) => {
                if let Some(name) = came.keys().find(|name| !shown.contains_key(*name)) {
                    return Err(format!("{place}.{name} came and is not in the example"));
                }
                for (name, shown) in shown {
                    let place = format!("{place}.{name}");
                    let came = came
                        .get(name)
                        .ok_or_else(|| format!("{place} is in the example and did not come"))?;
                    self.match_up(shown, came, &place)?;
                }
                Ok(())
            }
            (Value::Array(shown), Value::Array(came)) => match (shown.first(), came.first()) {
                (Some(_), None) => Err(format!("{place} came empty")),
                _ => shown
                    .iter()
                    .zip(came)
                    .try_for_each(|(shown, came)| self.match_up(shown, came, place)),
            },
            (Value::String(shown), Value::String(came)) => {
                if is_prose(place) {
                    return Ok(());
                }
                if (is_fixed(place) || shown.starts_with("m_")) && self.fill(shown) != *came {
                    return Err(format!("{place} is {shown:?} in the example and came as {came:?}"));
                }
                self.bind(shown, came);
                Ok(())
            }
            (Value::Number(_), Value::Number(_)) if !is_counted(place) => Ok(()),
            (Value::Number(_) | Value::Bool(_) | Value::Null, _) if example == real => Ok(()),
            _ => Err(format!("{place} is {example} in the example and came as {real}")),
        }
    }
}

/// Sentences for people: any text will do, and it must not be put in the place of other text.
fn is_prose(place: &str) -> bool {
    ["detail", "title", "name", "version", "request_id", "time_zone"]
        .iter()
        .any(|name| place.ends_with(&format!(".{name}")))
}

/// Words of the protocol, which must be exactly as shown; and so are client ids that the story itself chose (`m_`).
fn is_fixed(place: &str) -> bool {
    [
        "type",
        "kind",
        "code",
        "visibility",
        "membership",
        "body",
        "topic",
        "emoji",
        "role",
        "action",
        "channel_creation",
        "presence",
        "level",
    ]
    .iter()
    .any(|name| place.ends_with(&format!(".{name}")))
}

/// Numbers that follow from the story; all others are times and settings.
fn is_counted(place: &str) -> bool {
    [
        "id",
        "seq",
        "ordinal",
        "head",
        "generation",
        "status",
        "member_count",
        "member_since",
        "target",
        "reply_to",
    ]
    .iter()
    .any(|name| place.ends_with(&format!(".{name}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_bound_and_filled_in() {
        let mut bindings = Bindings::default();
        let example = json!({"id": "u_ada", "list": [{"at": 1}]});
        bindings
            .match_up(
                &example,
                &json!({"id": "u_x7", "list": [{"at": 99}, {"at": 100}]}),
                "body",
            )
            .unwrap();
        assert_eq!(bindings.fill("GET /v1/users/u_ada"), "GET /v1/users/u_x7");
    }

    #[test]
    fn a_field_that_only_one_of_them_has_is_told() {
        let match_up = |example, real| Bindings::default().match_up(&example, &real, "body");
        let missing = match_up(json!({"seq": 1, "at": 2}), json!({"seq": 1}));
        assert_eq!(missing.unwrap_err(), "body.at is in the example and did not come");
        let undocumented = match_up(json!({"seq": 1}), json!({"seq": 1, "at": 2}));
        assert_eq!(undocumented.unwrap_err(), "body.at came and is not in the example");
        assert!(match_up(json!({"seq": 1}), json!({"seq": 2})).is_err());
        assert!(match_up(json!({"type": "ack"}), json!({"type": "refused"})).is_err());
    }
}
