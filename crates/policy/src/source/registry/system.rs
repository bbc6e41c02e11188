//! The registry of this machine.

use std::io;

use winreg::enums::{HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, KEY_READ, RegType};
use winreg::types::FromRegValue;
use winreg::{HKEY, RegKey, RegValue};

use super::{Key, RegistryValue, table};
use crate::fault::Fault;
use crate::reading::Reading;
use crate::source::{REGISTRY_KEY, Source};

/// The policies of the person, and over them those of the computer.
#[derive(Debug)]
pub struct Registry;

impl Source for Registry {
    fn read(&self) -> Reading {
        let mut reading = Reading::default();
        for (hive, name) in [(HKEY_CURRENT_USER, "HKCU"), (HKEY_LOCAL_MACHINE, "HKLM")] {
            let place = format!(r"{name}\{REGISTRY_KEY}");
            match read(hive) {
                Ok(key) => reading.take(&place, &table(key)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => reading.faults.push(Fault::Unreadable {
                    place,
                    why: error.to_string(),
                }),
            }
        }
        reading.complete()
    }
}

fn read(hive: HKEY) -> io::Result<Key> {
    let opened = RegKey::predef(hive).open_subkey_with_flags(REGISTRY_KEY, KEY_READ)?;
    let mut key = Key {
        values: values(&opened)?,
        keys: Vec::new(),
    };
    for name in opened.enum_keys() {
        let name = name?;
        let below = opened.open_subkey_with_flags(&name, KEY_READ)?;
        key.keys.push((name, values(&below)?));
    }
    Ok(key)
}

fn values(key: &RegKey) -> io::Result<Vec<(String, RegistryValue)>> {
    let read = |entry: io::Result<(String, RegValue<'_>)>| {
        let (name, value) = entry?;
        Ok((name, known(&value)))
    };
    key.enum_values().map(read).collect()
}

fn known(value: &RegValue<'_>) -> RegistryValue {
    let known = match value.vtype {
        RegType::REG_DWORD => u32::from_reg_value(value).map(|number| RegistryValue::Word(number.into())),
        RegType::REG_QWORD => u64::from_reg_value(value).map(RegistryValue::Word),
        RegType::REG_SZ => String::from_reg_value(value).map(RegistryValue::Text),
        RegType::REG_MULTI_SZ => Vec::<String>::from_reg_value(value).map(RegistryValue::Texts),
        _ => Ok(RegistryValue::Odd),
    };
    known.unwrap_or(RegistryValue::Odd)
}
