//! The policy as the window shows it: read-only, with the words that the organisation set it.

use serde::Serialize;
use ts_rs::TS;

use crate::fault::Fault;
use crate::reading::Reading;
use crate::schema::{self, Binding};

/// Everything that an organisation set on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PolicyView {
    pub rows: Vec<PolicyRow>,
    /// What was left out, so that an administrator sees it where they look for the effect.
    pub faults: Vec<Fault>,
}

/// One setting that an organisation set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PolicyRow {
    pub key: String,
    /// As it would be written in a file.
    pub value: String,
    /// The file or registry key that says so.
    pub place: String,
    /// Whether people may not choose differently.
    pub fixed: bool,
}

impl From<&Reading> for PolicyView {
    /// In the order of the schema, which is the order of the documents.
    fn from(reading: &Reading) -> Self {
        let row = |setting: &schema::Setting| {
            let set = reading.set.get(setting.key)?;
            Some(PolicyRow {
                key: setting.key.to_owned(),
                value: set.value.clone(),
                place: set.place.clone(),
                fixed: setting.binding == Binding::Fixed,
            })
        };
        Self {
            rows: schema::SETTINGS.into_iter().filter_map(row).collect(),
            faults: reading.faults.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::json;

    #[test]
    fn the_window_sees_what_is_set_and_what_is_wrong() {
        let text = r#"{"notification_sound": false, "auto_start": true, "colour": "amber"}"#;
        let mut reading = Reading::default();
        reading.take("policy.json", &json::table(text).unwrap());

        let view = PolicyView::from(&reading);

        let row = |key: &str, value: &str, fixed| PolicyRow {
            key: key.to_owned(),
            value: value.to_owned(),
            place: "policy.json".to_owned(),
            fixed,
        };
        assert_eq!(
            view.rows,
            [
                row("auto_start", "true", true),
                row("notification_sound", "false", false)
            ]
        );
        assert_eq!(view.faults.len(), 1);
    }
}
