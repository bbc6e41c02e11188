//! A value below the key `Run` of the person.

use std::io;
use std::path::PathBuf;

use winreg::RegKey;
use winreg::enums::{HKEY_CURRENT_USER, KEY_READ, KEY_WRITE, RegType};
use winreg::types::FromRegValue;

use super::ARGUMENT;

const KEY: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

/// Where the system's settings say that a value of `Run` is switched off.
const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

const NAME: &str = "Loquat";

/// What is started.
pub(super) struct Entry {
    program: PathBuf,
}

impl Entry {
    /// None for a program whose path cannot be quoted.
    pub(super) fn of(program: PathBuf) -> Option<Self> {
        let path = program.to_str()?;
        (!path.contains('"')).then_some(Self { program })
    }

    /// Whether it starts something. The first byte of an approval is odd where the person switched it off.
    pub(super) fn is_there(&self) -> bool {
        let person = RegKey::predef(HKEY_CURRENT_USER);
        let value = person
            .open_subkey_with_flags(KEY, KEY_READ)
            .and_then(|key| key.get_raw_value(NAME));
        let is_set = value.is_ok_and(|value| value.vtype == RegType::REG_SZ && String::from_reg_value(&value).is_ok());
        let approval = person
            .open_subkey_with_flags(APPROVED, KEY_READ)
            .and_then(|key| key.get_raw_value(NAME));
        let is_off = approval.is_ok_and(|approval| approval.bytes.first().is_some_and(|first| first % 2 == 1));
        is_set && !is_off
    }

    pub(super) fn put(&self) -> io::Result<()> {
        let person = RegKey::predef(HKEY_CURRENT_USER);
        let (key, _) = person.create_subkey(KEY)?;
        key.set_value(NAME, &format!("\"{}\" {ARGUMENT}", self.program.display()))?;
        if let Ok(approvals) = person.open_subkey_with_flags(APPROVED, KEY_WRITE) {
            forgiving_absence(approvals.delete_value(NAME))?;
        }
        Ok(())
    }

    pub(super) fn remove(&self) -> io::Result<()> {
        let key = RegKey::predef(HKEY_CURRENT_USER).open_subkey_with_flags(KEY, KEY_WRITE)?;
        forgiving_absence(key.delete_value(NAME))
    }
}

fn forgiving_absence(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
