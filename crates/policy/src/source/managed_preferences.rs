//! macOS: the preferences that a configuration profile manages for the whole computer. The system writes them into
//! this file, from profiles of a device management or from one that an administrator installed.

use plist::Value;

use crate::raw::{Raw, Table};

/// What the system and device managements write beside the settings begins so.
const ABOUT_THE_PROFILE: &str = "Payload";

/// The file with the managed preferences of this app.
#[cfg(target_os = "macos")]
#[derive(Debug)]
pub struct ManagedPreferences {
    file: std::path::PathBuf,
}

#[cfg(target_os = "macos")]
impl ManagedPreferences {
    pub fn of_this_system() -> Self {
        let file = format!("/Library/Managed Preferences/{}.plist", crate::APP_ID).into();
        Self { file }
    }

    fn take(&self, reading: &mut crate::Reading) -> Result<(), crate::Fault> {
        let Some(bytes) = super::trusted::Administrator::ROOT.read(&self.file)? else {
            return Ok(());
        };
        let place = self.file.display().to_string();
        let values = Value::from_reader(std::io::Cursor::new(bytes))
            .map_err(|error| error.to_string())
            .and_then(|values| table(&values))
            .map_err(|why| crate::Fault::Unreadable {
                place: place.clone(),
                why,
            })?;
        reading.take(&place, &values);
        Ok(())
    }
}

#[cfg(target_os = "macos")]
impl super::Source for ManagedPreferences {
    fn read(&self) -> crate::Reading {
        let mut reading = crate::Reading::default();
        if let Err(fault) = self.take(&mut reading) {
            reading.faults.push(fault);
        }
        reading.complete()
    }
}

/// The settings of a property list.
pub(crate) fn table(values: &Value) -> Result<Table, String> {
    let values = values.as_dictionary().ok_or("it is not a dictionary")?;
    let settings = values.iter().filter(|(key, _)| !key.starts_with(ABOUT_THE_PROFILE));
    Ok(settings.map(|(key, value)| (key.clone(), raw(value))).collect())
}

fn raw(value: &Value) -> Raw {
    match value {
        Value::Boolean(flag) => Raw::Flag(*flag),
        Value::Integer(number) => number.as_signed().map_or(Raw::Odd("a very large number"), Raw::Number),
        Value::String(text) => Raw::Text(text.clone()),
        Value::Array(items) => Raw::List(items.iter().map(raw).collect()),
        Value::Real(_) => Raw::Odd("not a whole number"),
        Value::Dictionary(_) => Raw::Odd("a dictionary"),
        Value::Data(_) => Raw::Odd("data"),
        Value::Date(_) => Raw::Odd("a date"),
        _ => Raw::Odd("something else"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::UpdateChannel;
    use crate::reading::Reading;

    const MANAGED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0"><dict>
            <key>PayloadUUID</key><string>0C8E7D3A-0000-4000-8000-000000000000</string>
            <key>auto_start</key><true/>
            <key>cache_limit_days</key><integer>30</integer>
            <key>cache_limit_mib</key><real>1.5</real>
            <key>server_addresses</key><array><string>https://chat.example.org</string></array>
            <key>update_channel</key><string>off</string>
        </dict></plist>"#;

    #[test]
    fn managed_preferences_are_a_policy() {
        let values = Value::from_reader_xml(MANAGED.as_bytes()).unwrap();

        let mut reading = Reading::default();
        reading.take("managed", &table(&values).unwrap());

        assert_eq!(reading.policy.auto_start, Some(true));
        assert_eq!(reading.policy.cache_limit_days, Some(30));
        assert_eq!(
            reading.policy.server_addresses,
            Some(vec!["https://chat.example.org".to_owned()])
        );
        assert_eq!(reading.policy.update_channel, Some(UpdateChannel::Off));
        let said: Vec<String> = reading.faults.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(
            said[0].contains("\"cache_limit_mib\" is not a whole number"),
            "{said:?}"
        );
    }

    #[test]
    fn a_switch_that_was_written_as_a_number_is_wrong() {
        let mut reading = Reading::default();
        reading.take(
            "managed",
            &Table::from([("auto_start".to_owned(), raw(&Value::Integer(1.into())))]),
        );

        assert_eq!(reading.policy.auto_start, None);
        assert_eq!(reading.faults.len(), 1);
    }

    #[test]
    fn a_list_is_no_policy() {
        assert!(
            table(&Value::Array(Vec::new()))
                .unwrap_err()
                .contains("not a dictionary")
        );
    }
}
